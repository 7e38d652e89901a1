//! The results at corners, and what has to be added to them.

use super::{ComputedInterval, Ends};
use crate::arithmetic::cost;
use crate::arithmetic::emulated::{NoValue, operate};
use crate::enclosure::Enclosure;
use crate::format::{Format, Specials};
use crate::formula::Op;
use rug::Float;
use rug::float::Special;
use std::cmp::Ordering;

/// How much finer than the format a function is enclosed that is not monotone.
const FINE: u32 = 4;

/// One operation whose result is being enclosed.
pub(super) struct Step<'a> {
    pub op: &'a Op,
    pub format: &'a Format,
    /// Where results are computed.
    pub value: Float,
    pub result: &'a mut ComputedInterval,
}

impl Step<'_> {
    pub fn anything(&mut self) -> Result<(), NoValue> {
        self.result.assign_whole();
        Ok(())
    }

    /// Takes in the results at these operands.
    pub fn corners(&mut self, corners: &[&[&Float]]) -> Result<(), NoValue> {
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
    pub fn monotone(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
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
    pub fn invalid(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
        let one_sign = !matches!(self.op, Op::Div) || !operands[1].straddles_zero();
        if matches!(self.op, Op::Fma) || !one_sign {
            return self.anything();
        }
        self.result.include(&Float::with_val(2, Special::Nan));
        self.result.include_zeros();
        self.monotone(operands)
    }

    /// A monotone function between the edges of its domain, which belong to it.
    pub fn between(
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
    pub fn even(&mut self, x: Ends, square: bool) -> Result<(), NoValue> {
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

    pub fn hypot(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
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
    pub fn power(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
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
    pub fn extremum(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
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
    pub fn select(&mut self, operands: &[Ends]) -> Result<(), NoValue> {
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

    /// A function of x that is not monotone, after the operands `before` it: its
    /// enclosure, the bounds rounded.
    pub fn enclosed(&mut self, before: &[&Float], x: Ends) -> Result<(), NoValue> {
        if x.is_point() {
            return self.corners(&[&[before, &[x.lo]].concat()]);
        }
        if !x.lo.is_finite() || !x.hi.is_finite() {
            return self.anything();
        }
        // Where the function is flat, results differ far behind the last bit of
        // their operands.
        let precision = self.format.working_precision().saturating_add(32);
        let precision = precision.saturating_mul(FINE);
        if cost::too_costly(self.op, precision, &[before, &[x.lo, x.hi]].concat()) {
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
            Op::Lgamma => value.assign_lgamma(&operand),
            _ => {
                let mut order = Enclosure::new(before[0].prec());
                order.assign_point(before[0]);
                value.assign_polygamma(&order, &operand);
            }
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
