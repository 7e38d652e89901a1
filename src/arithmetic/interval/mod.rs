//! Computed intervals: what an operation of a format can give over a whole
//! range of computed operands.
//!
//! A [`ComputedInterval`] contains every result that the operation of
//! [`emulated`](super::emulated) gives for operands in the operands' intervals.
//! Rounding is monotone, so an operation that is monotone in each operand
//! takes its least and its greatest result at corners: where every operand is
//! at an end of its interval. The order is the one in which −∞ is below the
//! finite numbers, −0 below +0, and +∞ above; products and quotients are
//! monotone in it too, where the divisor has one sign. NaN is kept apart.
//! Operations that are not monotone are enclosed
//! ([`Enclosure`](crate::enclosure::Enclosure)), and the bounds rounded.
//!
//! The ends are results of single operations, so that an interval is often as
//! narrow as can be: 1 + exp(−z) for f64 z in [40, 700] is the single number 1.

mod step;

use self::step::Step;
use super::emulated::{NoValue, compare, operate};
use crate::format::Format;
use crate::formula::Op;
use rug::float::Special;
use rug::{Assign, Float};
use std::cmp::Ordering;

/// All numbers between two, zeros and infinities in order, and NaN or not. Both
/// ends are NaN where there are no numbers.
#[derive(Clone, Debug)]
pub struct ComputedInterval {
    lo: Float,
    hi: Float,
    nan: bool,
}

/// The ends of a [`ComputedInterval`], or of a single value.
#[derive(Clone, Copy, Debug)]
pub struct Ends<'a> {
    /// The least number, NaN if there is none.
    pub lo: &'a Float,
    /// The greatest number, NaN if there is none.
    pub hi: &'a Float,
    /// Whether NaN is among the values.
    pub nan: bool,
}

impl<'a> Ends<'a> {
    /// A single value.
    pub fn point(x: &'a Float) -> Self {
        Ends {
            lo: x,
            hi: x,
            nan: x.is_nan(),
        }
    }

    /// Whether there is but one value.
    pub fn is_point(&self) -> bool {
        let one = self.lo.total_cmp(self.hi) == Ordering::Equal;
        one && (!self.nan || self.lo.is_nan())
    }

    /// Whether there are finite numbers alone.
    pub fn is_finite(&self) -> bool {
        !self.nan && self.lo.is_finite() && self.hi.is_finite()
    }

    pub(super) fn has_numbers(&self) -> bool {
        !self.lo.is_nan()
    }

    pub(super) fn has_zero(&self) -> bool {
        *self.lo <= 0 && *self.hi >= 0
    }

    pub(super) fn has_infinity(&self) -> bool {
        self.lo.is_infinite() || self.hi.is_infinite()
    }

    /// Whether both negative and positive numbers are there, −0 and +0 among them.
    fn straddles_zero(&self) -> bool {
        self.lo.is_sign_negative() && self.hi.is_sign_positive()
    }
}

impl ComputedInterval {
    /// An interval whose ends have this many bits.
    pub fn new(precision: u32) -> Self {
        ComputedInterval {
            lo: Float::with_val(precision, Special::Nan),
            hi: Float::with_val(precision, Special::Nan),
            nan: false,
        }
    }

    /// Its ends.
    pub fn ends(&self) -> Ends<'_> {
        Ends {
            lo: &self.lo,
            hi: &self.hi,
            nan: self.nan,
        }
    }

    /// No value yet, at another precision.
    fn clear(&mut self, precision: u32) {
        self.lo.set_prec(precision);
        self.hi.set_prec(precision);
        self.lo.assign(Special::Nan);
        self.hi.assign(Special::Nan);
        self.nan = false;
    }

    /// Takes two numbers, in order.
    pub fn assign(&mut self, lo: &Float, hi: &Float) {
        self.clear(lo.prec().max(hi.prec()));
        self.lo.assign(lo);
        self.hi.assign(hi);
    }

    /// Takes the same values.
    pub fn assign_ends(&mut self, ends: Ends) {
        self.assign(ends.lo, ends.hi);
        self.nan = ends.nan;
    }

    /// Anything.
    fn assign_whole(&mut self) {
        self.lo.assign(Special::NegInfinity);
        self.hi.assign(Special::Infinity);
        self.nan = true;
    }

    /// Takes one more value in.
    fn include(&mut self, x: &Float) {
        if x.is_nan() {
            self.nan = true;
            return;
        }
        if self.lo.is_nan() || x.total_cmp(&self.lo) == Ordering::Less {
            self.lo.assign(x);
        }
        if self.hi.is_nan() || x.total_cmp(&self.hi) == Ordering::Greater {
            self.hi.assign(x);
        }
    }

    fn include_zeros(&mut self) {
        self.include(&Float::with_val(2, Special::NegZero));
        self.include(&Float::with_val(2, Special::Zero));
    }

    /// A truth value that may be the one, the other, or both.
    fn assign_truth(&mut self, can_be_true: bool, can_be_false: bool) {
        self.lo.assign(u32::from(!can_be_false));
        self.hi.assign(u32::from(can_be_true));
        self.nan = false;
    }
}

/// Encloses one operation in a format; `one_node` says that both operands are
/// one and the same value.
///
/// # Errors
/// Where the operation has no value at a corner.
pub fn operate_over(
    op: &Op,
    format: &Format,
    operands: &[Ends],
    one_node: bool,
    result: &mut ComputedInterval,
) -> Result<(), NoValue> {
    result.clear(format.working_precision());
    let mut step = Step {
        op,
        format,
        value: Float::new(format.working_precision()),
        result,
    };
    if operands.iter().all(Ends::is_point) {
        let point: Vec<&Float> = operands.iter().map(|x| x.lo).collect();
        operate(op, format, &point, &mut step.value)?;
        step.result.include(&step.value);
        return Ok(());
    }
    let may_be_nan = operands.iter().any(|x| x.nan);
    let no_numbers = operands.iter().any(|x| !x.has_numbers());
    match op {
        Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
            let (holds, fails) = compare_over(op, operands, one_node);
            step.result.assign_truth(holds, fails);
            return Ok(());
        }
        Op::And | Op::Or | Op::Not => {
            let lo: Vec<&Float> = operands.iter().map(|x| x.lo).collect();
            let hi: Vec<&Float> = operands.iter().map(|x| x.hi).collect();
            return step.corners(&[&lo, &hi].map(|corner| corner.as_slice()));
        }
        Op::Select => return step.select(operands),
        Op::Min | Op::Max => return step.extremum(operands),
        // Both may be numbers where an operand is NaN.
        Op::Hypot | Op::Pow if may_be_nan => {
            step.result.assign_whole();
            return Ok(());
        }
        _ if no_numbers => {
            step.result.include(&Float::with_val(2, Special::Nan));
            return Ok(());
        }
        _ => step.result.nan = may_be_nan,
    }
    match op {
        Op::Input(_)
        | Op::Parameter(_)
        | Op::Call(_)
        | Op::Round(_)
        | Op::Error(..)
        | Op::Ulp(_)
        | Op::Cause(..)
        | Op::Literal(_)
        | Op::Constant(_) => unreachable!("inlined away, real, or a single value"),
        // x − x is one 0 for all finite x.
        Op::Sub if one_node => {
            let (x, zero) = (operands[0], Float::new(2));
            step.corners(&[&[x.lo, x.lo], &[&zero, &zero], &[x.hi, x.hi]])
        }
        // x·x is no product of 0 and ∞.
        Op::Mul if one_node => step.even(operands[0], true),
        Op::Mul | Op::Div | Op::Fma if meets_invalid(op, operands[0], operands[1]) => {
            step.invalid(operands)
        }
        Op::Neg
        | Op::Convert
        | Op::Cast(_)
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::Fma
        | Op::Exp
        | Op::Exp2
        | Op::Exp10
        | Op::Expm1
        | Op::Cbrt
        | Op::Atan
        | Op::Sinh
        | Op::Tanh
        | Op::Asinh
        | Op::Erf
        | Op::Erfc
        | Op::Floor
        | Op::Ceil
        | Op::Trunc
        | Op::RoundHalfAway => step.monotone(operands),
        Op::Div if operands[1].straddles_zero() => step.anything(),
        Op::Div => step.monotone(operands),
        Op::Sqrt | Op::Log | Op::Log2 | Op::Log10 => step.between(
            operands[0],
            Some(Float::with_val(2, Special::NegZero)),
            None,
        ),
        Op::Log1p => step.between(operands[0], Some(Float::with_val(2, -1)), None),
        Op::Acosh => step.between(operands[0], Some(Float::with_val(2, 1)), None),
        Op::Asin | Op::Acos | Op::Atanh => {
            let edges = [-1, 1].map(|edge| Some(Float::with_val(2, edge)));
            let [left, right] = edges;
            step.between(operands[0], left, right)
        }
        Op::Abs | Op::Cosh => step.even(operands[0], false),
        Op::Hypot => step.hypot(operands),
        Op::Pow => step.power(operands),
        // The angle jumps where y changes its sign and x is not positive.
        Op::Atan2 if operands[0].straddles_zero() && operands[1].lo.is_sign_negative() => {
            let [low, high] = [-4, 4].map(|bound| format.round(&Float::with_val(4, bound)));
            step.result.include(&low);
            step.result.include(&high);
            Ok(())
        }
        Op::Atan2 => step.monotone(operands),
        Op::Sin | Op::Cos | Op::Tan | Op::Gamma | Op::Lgamma => step.enclosed(&[], operands[0]),
        Op::Polygamma if !operands[0].is_point() => step.anything(),
        Op::Polygamma => step.enclosed(&[operands[0].lo], operands[1]),
        Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => unreachable!("done"),
        Op::And | Op::Or | Op::Not | Op::Select | Op::Min | Op::Max => unreachable!("done"),
    }
}

/// Whether 0·∞, 0/0 or ∞/∞ may be met.
fn meets_invalid(op: &Op, x: Ends, y: Ends) -> bool {
    match op {
        Op::Div => x.has_zero() && y.has_zero() || x.has_infinity() && y.has_infinity(),
        _ => x.has_zero() && y.has_infinity() || x.has_infinity() && y.has_zero(),
    }
}

/// Whether a comparison can hold, and whether it can fail, for some values in
/// the intervals.
pub(super) fn compare_over(op: &Op, operands: &[Ends], one_node: bool) -> (bool, bool) {
    let (a, b) = (operands[0], operands[1]);
    let (mut holds, mut fails) = (false, false);
    let mut note = |order| {
        if compare(op, order) {
            holds = true;
        } else {
            fails = true;
        }
    };
    if a.nan || b.nan {
        note(None);
    }
    if a.has_numbers() && b.has_numbers() {
        if one_node {
            note(Some(Ordering::Equal));
        } else {
            if a.lo < b.hi {
                note(Some(Ordering::Less));
            }
            if a.hi > b.lo {
                note(Some(Ordering::Greater));
            }
            if a.lo <= b.hi && b.lo <= a.hi {
                note(Some(Ordering::Equal));
            }
        }
    }
    (holds, fails)
}
