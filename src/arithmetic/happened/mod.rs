//! What happened at an operation of a format, at a point or over ranges of
//! operands.

mod possible;
mod sum;

use self::possible::{Possible, equals, exponents, is_finite, is_infinite, is_nan, is_negative};
use self::sum::Terms;
use super::interval::Ends;
use crate::enclosure::Enclosure;
use crate::format::{Format, Rounding, exponent};
use crate::formula::{Cause, Op};
use rug::Float;
use serde::Serialize;

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
/// without rounding, where they are finite. What that does not decide is taken
/// not to have happened.
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
    let ends: Vec<Ends> = operands.iter().map(|x| Ends::point(x)).collect();
    let facts = Facts::new(op, format, &ends, Ends::point(result), exact);
    let defined = exact.is_some_and(Enclosure::is_surely);
    let cancelled = facts.cancelled.is_sure() && result.is_finite();
    Happened {
        cause: facts
            .outcomes(format)
            .into_iter()
            .find_map(|(cause, so)| so.is_sure().then_some(cause))
            .unwrap_or(Cause::Exact),
        inexact: (facts.finite.yes && defined && result.is_finite())
            .then(|| facts.inexact.known())
            .flatten(),
        absorbed: if !result.is_finite() {
            None
        } else if facts.absorbs[0].is_sure() {
            Some(operands.len() - 1)
        } else {
            facts.absorbs[1].is_sure().then_some(0)
        },
        cancelled: cancelled.then(|| match (facts.greatest, exponent(result)) {
            (Some(before), Some(after)) => Cancelled::Bits(before.abs_diff(after)),
            _ => Cancelled::All,
        }),
    }
}

/// Whether an operation that gives `result` for `operands`, all of them or all
/// of the ranges' values, has this outcome as [`happened`] says; `None` where
/// that is not the same for all, or not known. `exact` encloses what the
/// operation makes of finite ones.
pub(super) fn is_cause(
    wanted: Cause,
    op: &Op,
    format: &Format,
    operands: &[Ends],
    result: Ends,
    exact: &Enclosure,
) -> Option<bool> {
    let facts = Facts::new(op, format, operands, result, Some(exact));
    let (mut can_be, mut can_differ) = (false, false);
    for (cause, so) in facts.outcomes(format) {
        if so.yes && cause == wanted {
            can_be = true;
        } else if so.yes {
            can_differ = true;
        }
        if so.is_sure() {
            break;
        }
    }
    match (can_be, can_differ) {
        (true, true) => None,
        (can_be, _) => Some(can_be),
    }
}

/// The outcome that an operation has for all of the ranges' values, if it is one
/// and known; see [`is_cause`].
pub(super) fn the_cause(
    op: &Op,
    format: &Format,
    operands: &[Ends],
    result: Ends,
    exact: &Enclosure,
) -> Option<Cause> {
    let facts = Facts::new(op, format, operands, result, Some(exact));
    let mut found = None;
    for (cause, so) in facts.outcomes(format) {
        if so.yes {
            if found.is_some_and(|found| found != cause) {
                return None;
            }
            found = Some(cause);
        }
        if so.is_sure() {
            break;
        }
    }
    found
}

/// What decides what happened.
struct Facts {
    /// It is a constant that is no finite number.
    constant: Possible,
    /// All operands are finite.
    finite: Possible,
    /// An operand is NaN.
    nan_before: Possible,
    pole: Possible,
    nan: Possible,
    infinite: Possible,
    zero: Possible,
    tiny: Possible,
    /// The exact result is beyond the largest number.
    beyond: Possible,
    inexact: Possible,
    /// The first term of a sum absorbs the second; the second the first, which
    /// is not asked where the first is a product.
    absorbs: [Possible; 2],
    cancelled: Possible,
    /// The greatest exponent of a sum's terms.
    greatest: Option<i32>,
}

impl Facts {
    fn new(
        op: &Op,
        format: &Format,
        operands: &[Ends],
        result: Ends,
        exact: Option<&Enclosure>,
    ) -> Facts {
        let finite = operands
            .iter()
            .fold(Possible::YES, |all, x| all.and(is_finite(x)));
        let (infinite, zero) = (is_infinite(&result), equals(&result, 0));
        let (low, high) = exponents(&result);
        let is_tiny = |e: i32| e < format.emin();
        // Where there are several terms and results, each may go with each.
        let terms = if finite.yes {
            Terms::new(op, operands, finite)
        } else {
            Terms::None
        };
        let stays = match &terms {
            Terms::Two(sum) => sum.stays(format, &result),
            _ => [false; 2],
        };
        let known = exact.is_some_and(Enclosure::is_surely) && is_transcendental(op, operands);
        let inexact = inexact(finite, known || stays.contains(&true), &result, exact);
        // A product is no single operand that could be absorbed.
        let first = match op {
            Op::Fma => Possible::NO,
            _ => Possible::UNKNOWN,
        };
        let (absorbs, cancelled, greatest) = match &terms {
            Terms::None => ([Possible::NO; 2], Possible::NO, None),
            Terms::Unknown => ([Possible::UNKNOWN, first], Possible::UNKNOWN, None),
            Terms::Two(sum) => {
                let (cancelled, greatest) = sum.cancel(zero, inexact, (low, high));
                let absorbs = [0, 1].map(|i| sum.absorbs(i, format, stays[i], &result, inexact));
                (absorbs, cancelled, greatest)
            }
        };
        Facts {
            constant: Possible::is(matches!(op, Op::Constant(_)) && !result.is_finite()),
            finite,
            nan_before: operands
                .iter()
                .fold(Possible::NO, |any, x| any.or(is_nan(x))),
            pole: pole(op, operands),
            nan: is_nan(&result),
            infinite,
            zero,
            tiny: Possible {
                yes: high.is_some() && low.is_none_or(is_tiny),
                no: !(low.is_some_and(is_tiny) && high.is_some_and(is_tiny)) || result.nan,
            },
            beyond: beyond(finite, exact, format),
            inexact,
            absorbs,
            cancelled,
            greatest,
        }
    }

    /// The outcomes in the order in which they are looked for: the first that is
    /// so is what happened.
    fn outcomes(&self, format: &Format) -> [(Cause, Possible); 14] {
        let infinity = self.infinite.or(Possible::is(!format.has_infinity()));
        [
            (Cause::Exact, self.constant),
            (
                Cause::DivisionByZero,
                self.finite.and(self.pole).and(infinity),
            ),
            // A format without infinities has no other way to say so.
            (Cause::Overflow, self.nan.and(self.beyond)),
            (Cause::Exact, self.nan.and(self.nan_before)),
            (Cause::Invalid, self.nan),
            (Cause::Overflow, self.infinite.and(self.finite)),
            (Cause::Exact, self.infinite),
            (Cause::Overflow, self.beyond),
            (Cause::Underflow, self.zero.and(self.inexact)),
            (Cause::Subnormal, self.tiny),
            (Cause::Absorbed, self.absorbs[0].or(self.absorbs[1])),
            (Cause::Cancelled, self.cancelled),
            (Cause::Rounded, self.inexact),
            (Cause::Exact, Possible::YES),
        ]
    }
}

/// Whether the result differs from the exact one; not where there is none.
/// `surely` says that it is no value which the exact one can have.
fn inexact(finite: Possible, surely: bool, result: &Ends, exact: Option<&Enclosure>) -> Possible {
    if !finite.yes {
        return Possible::NO;
    }
    let differs = match exact {
        Some(exact) if exact.is_never() => Possible::NO,
        _ if surely => Possible::YES,
        Some(exact) if exact.is_surely() => Possible {
            yes: !(exact.is_point() && result.lo == exact.lo() && result.hi == exact.lo()),
            no: *result.lo <= *exact.hi() && *result.hi >= *exact.lo(),
        },
        _ => Possible::UNKNOWN,
    };
    differs.and(finite)
}

/// Whether no value of the function is rational.
fn is_transcendental(op: &Op, operands: &[Ends]) -> bool {
    rational_only_at(op).is_some_and(|but| !equals(&operands[0], but).yes)
}

/// The one algebraic operand at which the function is rational, if it is one of
/// those that have only one, by the theorem of Hermite and Lindemann: e^a is
/// transcendental for all algebraic a but 0, and so are the functions made of it
/// and their inverses, where they do not lead to e^0.
pub fn rational_only_at(op: &Op) -> Option<i32> {
    Some(match op {
        Op::Exp | Op::Expm1 | Op::Log1p | Op::Sin | Op::Cos | Op::Tan | Op::Asin | Op::Atan => 0,
        Op::Sinh | Op::Cosh | Op::Tanh | Op::Asinh | Op::Atanh => 0,
        Op::Log | Op::Acos | Op::Acosh => 1,
        _ => return None,
    })
}

/// Whether the magnitude is beyond the largest number, L, and what is rounded to
/// it with an exponent range that does not end: up to L + ulp/2 where the
/// rounding is to nearest (a tie goes to the even one, or away), below L + ulp
/// otherwise.
fn beyond(finite: Possible, exact: Option<&Enclosure>, format: &Format) -> Possible {
    if !finite.yes || format.is_mpfr() {
        return Possible::NO;
    }
    let exact = match exact {
        Some(exact) if exact.is_never() => return Possible::NO,
        Some(exact) if exact.is_surely() => exact,
        _ => return Possible::UNKNOWN,
    };
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
    let below = |x: &Float| above(&Float::with_val(x.prec(), -x));
    Possible {
        yes: above(exact.hi()) || below(exact.lo()),
        no: !above(exact.lo()) && !below(exact.hi()),
    }
    .and(finite)
}

/// Whether the operation has a pole at finite operands, an infinity that is exact.
pub fn has_pole(op: &Op) -> bool {
    use Op::{Atanh, Div, Gamma, Lgamma, Log, Log1p, Log2, Log10, Pow};
    matches!(
        op,
        Div | Pow | Log | Log2 | Log10 | Log1p | Atanh | Gamma | Lgamma
    )
}

/// Whether the operands are at a pole of the operation.
fn pole(op: &Op, operands: &[Ends]) -> Possible {
    match (op, operands) {
        (Op::Div, [a, b]) => equals(b, 0).and(equals(a, 0).not()),
        (Op::Pow, [a, b]) => equals(a, 0).and(is_negative(b)),
        (Op::Log | Op::Log2 | Op::Log10, [a]) => equals(a, 0),
        (Op::Log1p, [a]) => equals(a, -1),
        (Op::Atanh, [a]) => equals(a, -1).or(equals(a, 1)),
        // The sign of Γ changes at its other poles.
        (Op::Gamma, [a]) => equals(a, 0),
        (Op::Lgamma, [a]) if a.is_point() => Possible::is(a.lo.is_integer() && *a.lo <= 0),
        (Op::Lgamma, [a]) => Possible {
            yes: *a.lo <= 0,
            no: true,
        },
        _ => Possible::NO,
    }
}
