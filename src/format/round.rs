//! Rounding into a format: one rounding, whatever the route.
//!
//! An operation is carried out by MPFR at [`Format::working_precision`] in
//! [`Format::mpfr_round`]'s mode; [`Format::finish`] then fits the result to
//! the exponent range. A result below the least normal number has fewer bits
//! and is rounded again: MPFR's ternary value (on which side of the exact
//! value the first result lies) goes into that second rounding, so that the
//! two together are one.
//!
//! To nearest away from zero, which MPFR lacks, is made from truncation: with
//! RZₖ truncation to k bits, the nearest of q < k bits, ties away, of x is that
//! of RZₖ(x), for it depends on the bits up to the (q+1)st alone.

use super::{Format, Numeral, Rounding, Specials, exponent};
use rug::float::{Round, Special};
use rug::ops::{AssignRound, NegAssign};
use rug::{Float, Rational};
use std::cmp::Ordering;

/// What became of a rounding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounded {
    /// The value is the format's; the order is that of the rounded against the
    /// exact value (MPFR's ternary value).
    Done(Ordering),
    /// `mpfr:P`: the value is beyond MPFR's exponents and nothing is known of it.
    OutOfRange,
}

impl Format {
    /// The precision at which MPFR carries an operation out: p, or p + 1 where
    /// the format rounds ties away from zero.
    pub fn working_precision(&self) -> u32 {
        self.precision + u32::from(self.rounding == Rounding::NearestAway)
    }

    /// Fits the result of one operation to the format. `value` has
    /// [`Format::working_precision`] bits and `ternary` is its order against the
    /// exact result, both as MPFR gave them in the mode [`Format::mpfr_round`].
    ///
    /// Overflow follows IEEE 754, 7.4: to nearest gives infinity, a directed
    /// mode infinity or the largest number; a format without infinity gives
    /// NaN, and one that saturates its largest number. Flushing to zero looks at
    /// the result after rounding.
    pub fn finish(&self, value: &mut Float, ternary: Ordering) -> Rounded {
        if value.is_nan() {
            return Rounded::Done(Ordering::Equal);
        }
        if self.is_mpfr() {
            let out = match exponent(value) {
                None => ternary != Ordering::Equal,
                // The lower margin leaves room for half an ulp.
                Some(e) => e <= self.emin + self.precision as i32 || e >= self.emax,
            };
            if out {
                value.assign_round(Special::Nan, Round::Nearest);
                return Rounded::OutOfRange;
            }
            if self.rounding != Rounding::NearestAway {
                return Rounded::Done(ternary);
            }
        }
        let mut ternary = ternary;
        match exponent(value) {
            // An exact infinity (a pole, or an infinite operand).
            None if value.is_infinite() => {
                if !self.has_infinity() || self.saturate {
                    self.above_largest(value, true);
                }
                return Rounded::Done(ternary);
            }
            None => {
                // Zero, exact or not: where MPFR itself underflowed, only a direction
                // away from zero may lift the result, and MPFR would have.
                return Rounded::Done(ternary);
            }
            Some(_) => {}
        }
        if self.rounding == Rounding::NearestAway {
            ternary = self.ties_away(value, ternary);
        } else if !self.is_mpfr()
            && exponent(value).is_some_and(|e| e < self.emin)
            && !self.flush_to_zero
        {
            // MPFR's exponent of the least normal number: significand in [1/2, 1).
            ternary = value.subnormalize_round(self.emin + 1, ternary, self.mpfr_round());
        }
        if self.flush_to_zero && exponent(value).is_some_and(|e| e < self.emin) {
            let negative = value.is_sign_negative();
            ternary = if negative {
                Ordering::Greater
            } else {
                Ordering::Less
            };
            value.assign_round(Special::Zero, Round::Nearest);
            if negative {
                value.neg_assign();
            }
        } else if exponent(value).is_some_and(|e| e >= self.emax)
            && !self.is_mpfr()
            && value.cmp_abs(&self.largest()) == Some(Ordering::Greater)
        {
            let negative = value.is_sign_negative();
            self.above_largest(value, false);
            // |result| is infinite or the largest number.
            let grew = value.is_infinite();
            ternary = if grew != negative {
                Ordering::Greater
            } else {
                Ordering::Less
            };
        }
        Rounded::Done(ternary)
    }

    /// Replaces a value beyond the largest number by what the format has there.
    fn above_largest(&self, value: &mut Float, infinite: bool) {
        let negative = value.is_sign_negative();
        let toward_zero = match self.rounding {
            Rounding::NearestEven | Rounding::NearestAway => false,
            Rounding::Zero => true,
            Rounding::Up => negative,
            Rounding::Down => !negative,
        };
        if self.saturates() || (toward_zero && !infinite) {
            value.assign_round(&self.largest(), Round::Nearest);
            if negative {
                value.neg_assign();
            }
        } else if self.specials == Specials::NanOnly {
            value.assign_round(Special::Nan, Round::Nearest);
        } else {
            value.assign_round(Special::Infinity, Round::Nearest);
            if negative {
                value.neg_assign();
            }
        }
    }

    /// Rounds a truncated value of p + 1 bits to nearest, ties away from zero:
    /// half an ulp is added to its magnitude, exactly, and the sum truncated.
    fn ties_away(&self, value: &mut Float, ternary: Ordering) -> Ordering {
        let Some(e) = exponent(value) else {
            return ternary;
        };
        let flushed = self.flush_to_zero;
        let ulp = if flushed {
            // Tininess is judged at full precision.
            i64::from(e) - i64::from(self.precision) + 1
        } else {
            self.ulp_exponent(e)
        };
        // The sum of two numbers of at most p + 1 bits around 2^ulp fits into
        // p + 3 bits; where ulp/2 lies far above |value| it is all of the sum.
        let mut sum = Float::with_val(self.precision + 3, 1) << (ulp - 1) as i32;
        if value.is_sign_negative() {
            sum.neg_assign();
        }
        sum += &*value;
        // Truncate to a multiple of 2^ulp.
        let keep = exponent(&sum).map_or(0, |top| i64::from(top) - ulp + 1);
        let exact_sum = Float::with_val(self.precision + 1, &*value);
        let negative = value.is_sign_negative();
        if keep <= 0 {
            value.assign_round(Special::Zero, Round::Nearest);
            if negative {
                value.neg_assign();
            }
        } else {
            sum.set_prec_round(keep as u32, Round::Zero);
            value.assign_round(&sum, Round::Zero);
        }
        match (*value).partial_cmp(&exact_sum) {
            Some(Ordering::Equal) | None => ternary,
            Some(order) => order,
        }
    }

    /// The format's number for a real number that MPFR holds exactly.
    pub fn round(&self, x: &Float) -> Float {
        let mut value = Float::new(self.working_precision());
        let ternary = value.assign_round(x, self.mpfr_round());
        self.finish(&mut value, ternary);
        self.settle(value)
    }

    /// The format's number for an exact rational.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// let tenth = rug::Rational::from((1, 10));
    /// assert_eq!(Format::F64.round_rational(&tenth).to_f64(), 0.1);
    /// ```
    pub fn round_rational(&self, x: &Rational) -> Float {
        let mut value = Float::new(self.working_precision());
        let ternary = value.assign_round(x, self.mpfr_round());
        self.finish(&mut value, ternary);
        self.settle(value)
    }

    /// The format's number for a written one, whatever its exponent.
    pub fn round_numeral(&self, numeral: &Numeral) -> Float {
        // Decimal digits before the point, roughly: |x| < 10^(digits + exponent).
        let digits = f64::from(numeral.digits.significant_bits());
        let log2 = digits + numeral.exponent as f64 * f64::from(numeral.base).log2();
        let far = 64.0 + f64::from(self.precision);
        let mut value = if numeral.digits.is_zero() {
            Float::new(self.working_precision())
        } else if log2 > f64::from(self.emax) + far {
            // Any number far above the largest rounds alike; so below the least.
            self.round_magnitude_of(numeral, self.emax.saturating_add(64).min(super::MPFR_EMAX))
        } else if log2 < f64::from(self.emin) - 2.0 * far {
            self.round_magnitude_of(numeral, (self.least_exponent() - 64).max(super::MPFR_EMIN))
        } else {
            let exact = numeral
                .to_rational(u32::MAX)
                .expect("the exponent is small");
            self.round_rational(&exact)
        };
        if value.is_zero() && numeral.negative && value.is_sign_positive() {
            value.neg_assign();
        }
        value
    }

    fn round_magnitude_of(&self, numeral: &Numeral, exponent: i32) -> Float {
        let mut stand_in = Float::with_val(2, 1) << exponent;
        if numeral.negative {
            stand_in.neg_assign();
        }
        self.round(&stand_in)
    }

    /// Takes the spare bit of a value that was rounded with ties away off again.
    fn settle(&self, mut value: Float) -> Float {
        if value.prec() != self.precision {
            value.set_prec(self.precision);
        }
        value
    }
}
