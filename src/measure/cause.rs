//! What happened at an operation, in IEEE 754's words.

use crate::enclosure::Enclosure;
use crate::format::{Format, Rounding, exponent};
use crate::formula::Op;
use rug::Float;
use serde::Serialize;
use std::fmt;

/// What an operation did to its operands; the order is that of precedence where
/// one word has to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// There is no value: NaN from operands that were numbers.
    Invalid,
    /// An exact infinity from finite operands: 1/0, log(0).
    DivisionByZero,
    /// The result was beyond the largest number.
    Overflow,
    /// The result was rounded to 0, though it is not 0.
    Underflow,
    /// The result is subnormal: it has fewer bits than the format's precision.
    Subnormal,
    /// A sum equal to one of its terms, though the other is not 0.
    Absorbed,
    /// A sum that is smaller than its terms: it has lost leading bits.
    Cancelled,
    /// The result was rounded.
    Rounded,
    /// The result is exact.
    Exact,
}

impl Cause {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Invalid => "invalid",
            Cause::DivisionByZero => "division by zero",
            Cause::Overflow => "overflow",
            Cause::Underflow => "underflow",
            Cause::Subnormal => "subnormal",
            Cause::Absorbed => "absorbed",
            Cause::Cancelled => "cancelled",
            Cause::Rounded => "rounded",
            Cause::Exact => "exact",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What happened at one operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Happened {
    /// In one word.
    pub cause: Cause,
    /// Whether the result differs from what the operation makes, exactly, of the
    /// same operands; `None` where one of them is not finite, or that is not
    /// decided.
    pub inexact: Option<bool>,
    /// The operand that was absorbed, by index.
    pub absorbed: Option<usize>,
    /// How many leading bits a sum of two lost; `None` where it lost none.
    pub cancelled: Option<Cancelled>,
}

/// What a cancellation took.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancelled {
    /// So many leading bits.
    Bits(u32),
    /// All: the result is 0.
    All,
}

/// What happened where `op` gave `result`, a number of `format`, for computed
/// operands; `exact` encloses what the operation makes of the same operands
/// without rounding, where they are finite.
///
/// A sum is absorbed or cancels, a difference and an `fma` as a sum: x + y = x
/// though y ≠ 0, and e(x + y) < max(e(x), e(y)) for exponents e.
pub fn happened(
    op: &Op,
    format: &Format,
    operands: &[&Float],
    result: &Float,
    exact: Option<&Enclosure>,
) -> Happened {
    let inexact = exact.and_then(|exact| differs(result, exact));
    let finite = operands.iter().all(|x| x.is_finite());
    let terms: Option<[Float; 2]> = match (op, operands) {
        _ if !finite => None,
        (Op::Add | Op::Sub, [a, b]) => Some([(*a).clone(), (*b).clone()]),
        // Exactly: the product has no more bits than both factors together.
        (Op::Fma, [a, b, c]) => {
            let product = Float::with_val(a.prec().saturating_add(b.prec()).min(1 << 24), *a * *b);
            Some([product, (*c).clone()])
        }
        _ => None,
    };
    let mut absorbed = None;
    let mut cancelled = None;
    if let Some([a, b]) = &terms
        && result.is_finite()
    {
        let [mut same_a, mut same_b] = [a, b].map(|x| result.cmp_abs(x).is_some_and(|o| o.is_eq()));
        // An fma's product is no single operand.
        let second = operands.len() - 1;
        same_a &= !b.is_zero();
        same_b &= !a.is_zero() && second == 1;
        if inexact == Some(true) && same_a {
            absorbed = Some(second);
        } else if inexact == Some(true) && same_b {
            absorbed = Some(0);
        }
        let greatest = exponent(a).max(exponent(b));
        cancelled = match (greatest, exponent(result)) {
            (Some(_), None) if inexact == Some(false) => Some(Cancelled::All),
            (Some(before), Some(after)) if after < before => {
                Some(Cancelled::Bits(before.abs_diff(after)))
            }
            _ => None,
        };
    }
    let beyond = exact.is_some_and(|exact| is_beyond(exact, format));
    let tiny = exponent(result).is_some_and(|e| e < format.emin());
    let constant = matches!(op, Op::Constant(_)) && !result.is_finite();
    let cause = if constant {
        Cause::Exact
    } else if finite && pole(op, operands) && (result.is_infinite() || !format.has_infinity()) {
        Cause::DivisionByZero
    } else if result.is_nan() {
        // A format without infinities has no other way to say so.
        if beyond {
            Cause::Overflow
        } else if operands.iter().any(|x| x.is_nan()) {
            Cause::Exact
        } else {
            Cause::Invalid
        }
    } else if result.is_infinite() {
        if finite {
            Cause::Overflow
        } else {
            Cause::Exact
        }
    } else if beyond {
        Cause::Overflow
    } else if result.is_zero() && inexact == Some(true) {
        Cause::Underflow
    } else if tiny {
        Cause::Subnormal
    } else if absorbed.is_some() {
        Cause::Absorbed
    } else if cancelled.is_some() {
        Cause::Cancelled
    } else if inexact == Some(true) {
        Cause::Rounded
    } else {
        Cause::Exact
    };
    Happened {
        cause,
        inexact,
        absorbed,
        cancelled,
    }
}

/// Whether a computed value differs from what is enclosed, if that is decided.
fn differs(computed: &Float, exact: &Enclosure) -> Option<bool> {
    if !computed.is_finite() || !exact.is_surely() {
        return None;
    }
    if !exact.contains(computed) {
        return Some(true);
    }
    exact.is_point().then_some(false)
}

/// Whether the magnitude is beyond the largest number, L, and what is rounded to
/// it with an exponent range that does not end: up to L + ulp/2 where the
/// rounding is to nearest (a tie goes to the even one, or away), below L + ulp
/// otherwise.
fn is_beyond(exact: &Enclosure, format: &Format) -> bool {
    if format.is_mpfr() || !exact.is_surely() {
        return false;
    }
    let largest = format.largest();
    let ulp_exponent = format.emax() - format.precision() as i32 + 1;
    let ulp = Float::with_val(2, 1) << ulp_exponent;
    let units = Float::with_val(largest.prec(), &largest >> ulp_exponent).to_integer();
    let even = units.is_some_and(|units| units.is_even());
    let (step, inclusive) = match format.rounding() {
        Rounding::NearestEven => (ulp / 2u32, !even),
        Rounding::NearestAway => (ulp / 2u32, true),
        Rounding::Zero | Rounding::Up | Rounding::Down => (ulp, true),
    };
    let least = Float::with_val(largest.prec() + 2, &largest + &step);
    let above = |x: &Float| if inclusive { *x >= least } else { *x > least };
    above(exact.lo()) || above(&Float::with_val(exact.hi().prec(), -exact.hi()))
}

/// Whether an operation has a pole at finite operands.
fn pole(op: &Op, operands: &[&Float]) -> bool {
    match (op, operands) {
        (Op::Div, [_, b]) => b.is_zero(),
        (Op::Pow, [a, b]) => a.is_zero() && **b < 0,
        (Op::Log | Op::Log2 | Op::Log10, [a]) => a.is_zero(),
        (Op::Log1p, [a]) => **a == -1,
        (Op::Atanh, [a]) => a.cmp_abs(&Float::with_val(2, 1)).is_some_and(|o| o.is_eq()),
        (Op::Gamma | Op::Lgamma, [a]) => a.is_integer() && **a <= 0,
        _ => false,
    }
}
