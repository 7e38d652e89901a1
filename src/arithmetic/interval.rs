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
//! ([`Enclosure`]), and the bounds rounded.
//!
//! The ends are results of single operations, so that an interval is often as
//! narrow as can be: 1 + exp(−z) for f64 z in [40, 700] is the single number 1.

use super::cost;
use super::emulated::{NoValue, compare, operate};
use crate::enclosure::Enclosure;
use crate::format::{Format, Specials};
use crate::formula::Op;
use rug::float::Special;
use rug::{Assign, Float};
use std::cmp::Ordering;

/// How much finer than the format a function is enclosed that is not monotone.
const FINE: u32 = 4;

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

    fn has_numbers(&self) -> bool {
        !self.lo.is_nan()
    }

    fn has_zero(&self) -> bool {
        *self.lo <= 0 && *self.hi >= 0
    }

    fn has_infinity(&self) -> bool {
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
        | Op::Literal(_)
        | Op::Constant(_) => unreachable!("inlined away, real, or a single value"),
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
        Op::Sin | Op::Cos | Op::Tan | Op::Gamma | Op::Lgamma => step.enclosed(operands[0]),
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

/// One operation whose result is being enclosed.
struct Step<'a> {
    op: &'a Op,
    format: &'a Format,
    value: Float,
    result: &'a mut ComputedInterval,
}

impl Step<'_> {
    fn anything(&mut self) -> Result<(), NoValue> {
        self.result.assign_whole();
        Ok(())
    }

    /// Takes in the results at these operands.
    fn corners(&mut self, corners: &[&[&Float]]) -> Result<(), NoValue> {
        for corner in corners {
            operate(self.op, self.format, corner, &mut self.value)?;
            let invalid = self.value.is_nan();
            match self.op {
                // Above the largest number of a format without infinities stands
                // NaN: its results are not in order.
                _ if invalid && self.format.specials() == Specials::NanOnly => {
                    return self.anything();
                }
                // A conversion's overflow may be NaN too.
                Op::Cast(_) if invalid => return self.anything(),
                _ => {}
            }
            self.result.include(&self.value);
        }
        Ok(())
    }

    /// An operation that is monotone in each operand.
    fn monotone(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        match *operands {
            [x] if x.is_point() => self.corners(&[&[x.lo]]),
            [x] => self.corners(&[&[x.lo], &[x.hi]]),
            [x, y] => self.corners(&[&[x.lo, y.lo], &[x.lo, y.hi], &[x.hi, y.lo], &[x.hi, y.hi]]),
            [x, y, z] => {
                for end in [z.lo, z.hi] {
                    self.corners(&[
                        &[x.lo, y.lo, end],
                        &[x.lo, y.hi, end],
                        &[x.hi, y.lo, end],
                        &[x.hi, y.hi, end],
                    ])?;
                }
                Ok(())
            }
            _ => unreachable!("an operation has one to three operands"),
        }
    }

    /// A product or quotient that may be invalid: beside NaN, 0 and ∞ have
    /// products with other numbers, and corners that are NaN do not show them.
    fn invalid(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        let one_sign = !matches!(self.op, Op::Div) || !operands[1].straddles_zero();
        if matches!(self.op, Op::Fma) || !one_sign {
            return self.anything();
        }
        self.result.include(&Float::with_val(2, Special::Nan));
        self.result.include_zeros();
        self.monotone(operands)
    }

    /// A monotone function between the edges of its domain, which belong to it.
    fn between(
        &mut self,
        x: Ends,
        left: Option<Float>,
        right: Option<Float>,
    ) -> Result<(), NoValue> {
        let (mut lo, mut hi) = (x.lo, x.hi);
        if let Some(edge) = &left
            && lo.total_cmp(edge) == Ordering::Less
        {
            self.result.nan = true;
            lo = edge;
        }
        if let Some(edge) = &right
            && hi.total_cmp(edge) == Ordering::Greater
        {
            self.result.nan = true;
            hi = edge;
        }
        if lo.total_cmp(hi) == Ordering::Greater {
            return Ok(());
        }
        self.corners(&[&[lo], &[hi]])
    }

    /// An even function that grows with |x|; `square` for x·x.
    fn even(&mut self, x: Ends, square: bool) -> Result<(), NoValue> {
        let zero = Float::with_val(2, Special::Zero);
        let mut at = |x: &Float| {
            if square {
                self.corners(&[&[x, x]])
            } else {
                self.corners(&[&[x]])
            }
        };
        at(x.lo)?;
        at(x.hi)?;
        if x.straddles_zero() {
            at(&zero)?;
        }
        Ok(())
    }

    fn hypot(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        let zero = Float::with_val(2, Special::Zero);
        let candidates = |x: Ends| {
            let least = if x.straddles_zero() { &zero } else { x.lo };
            [least.clone(), x.lo.clone(), x.hi.clone()]
        };
        let (first, second) = (candidates(operands[0]), candidates(operands[1]));
        for x in &first {
            for y in &second {
                self.corners(&[&[x, y]])?;
            }
        }
        Ok(())
    }

    /// x^y: monotone in each operand for x ≥ +0; an integer power is even or
    /// odd.
    fn power(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        let (x, y) = (operands[0], operands[1]);
        if x.lo.is_sign_positive() {
            return self.monotone(operands);
        }
        if !y.is_point() || !y.lo.is_integer() {
            return self.anything();
        }
        // A negative power jumps at 0.
        if x.straddles_zero() {
            if *y.lo < 0 {
                return self.anything();
            }
            let zero = Float::with_val(2, Special::Zero);
            self.corners(&[&[&zero, y.lo]])?;
        }
        self.corners(&[&[x.lo, y.lo], &[x.hi, y.lo]])
    }

    /// minimumNumber and maximumNumber: a NaN gives the other operand.
    fn extremum(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        let (x, y) = (operands[0], operands[1]);
        let nan = Float::with_val(2, Special::Nan);
        if x.has_numbers() && y.has_numbers() {
            self.monotone(operands)?;
        }
        for (nan_side, other) in [(x, y), (y, x)] {
            if nan_side.nan && other.has_numbers() {
                self.corners(&[&[&nan, other.lo], &[&nan, other.hi]])?;
            }
        }
        self.result.nan = x.nan && y.nan;
        Ok(())
    }

    /// The branch that the condition decides, or both.
    fn select(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        let [condition, yes, no] = [operands[0], operands[1], operands[2]];
        let convert = Op::Convert;
        let mut carry = Step {
            op: &convert,
            format: self.format,
            value: Float::new(self.format.working_precision()),
            result: &mut *self.result,
        };
        for (possible, branch) in [(!condition.hi.is_zero(), yes), (condition.lo.is_zero(), no)] {
            if possible && branch.has_numbers() {
                carry.corners(&[&[branch.lo], &[branch.hi]])?;
            }
            if possible && branch.nan {
                carry.result.nan = true;
            }
        }
        Ok(())
    }

    /// A function that is not monotone: its enclosure, the bounds rounded.
    fn enclosed(&mut self, x: Ends) -> Result<(), NoValue> {
        if x.is_point() {
            return self.corners(&[&[x.lo]]);
        }
        if !x.lo.is_finite() || !x.hi.is_finite() {
            return self.anything();
        }
        // Where the function is flat, results differ far behind the last bit of
        // their operands.
        let precision = self.format.working_precision().saturating_add(32);
        let precision = precision.saturating_mul(FINE);
        if cost::too_costly(self.op, precision, &[x.lo, x.hi]) {
            return Err(NoValue::TooCostly);
        }
        let mut operand = Enclosure::new(x.lo.prec().max(x.hi.prec()));
        operand.assign_bounds(x.lo, x.hi);
        let mut value = Enclosure::new(precision);
        match self.op {
            Op::Sin => value.assign_sin(&operand),
            Op::Cos => value.assign_cos(&operand),
            Op::Tan => value.assign_tan(&operand),
            Op::Gamma => value.assign_gamma(&operand),
            _ => value.assign_lgamma(&operand),
        }
        // Where a real function has no value at all a computed one may have.
        if !value.is_surely() {
            return self.anything();
        }
        for bound in [value.lo(), value.hi()] {
            let rounded = self.format.round(bound);
            if rounded.is_nan() {
                return self.anything();
            }
            if rounded.is_zero() {
                self.result.include_zeros();
            }
            self.result.include(&rounded);
        }
        Ok(())
    }
}
