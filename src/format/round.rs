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
use rug::{Assign, Float, Rational};
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
    /// the result after rounding as if no exponent were too small.
    pub fn finish(&self, value: &mut Float, ternary: Ordering) -> Rounded {
        let Some(e) = exponent(value) else {
            return self.finish_special(value, ternary);
        };
        if self.is_mpfr() && ternary != Ordering::Equal && (e <= self.emin || e >= self.emax) {
            // In the outermost binades an inexact result may be the one that MPFR
            // puts where the exact one is beyond its exponents.
            return out_of_range(value);
        }
        let mut ternary = ternary;
        if self.rounding == Rounding::NearestAway {
            ternary = self.ties_away(value, ternary, e);
            if value.is_infinite() && self.is_mpfr() {
                return out_of_range(value);
            }
        } else if e < self.emin && !self.flush_to_zero {
            // The exponent of the least normal number, its significand in [1/2, 1).
            ternary = value.subnormalize_round(self.emin + 1, ternary, self.mpfr_round());
        }
        let negative = value.is_sign_negative();
        if self.flush_to_zero && exponent(value).is_some_and(|e| e < self.emin) {
            assign_signed(value, Special::Zero, negative);
            ternary = grown(false, negative);
        } else if e >= self.emax
            && !self.is_mpfr()
            && value.cmp_abs(&self.largest()) == Some(Ordering::Greater)
        {
            self.above_largest(value, false);
            ternary = grown(!value.is_finite(), negative);
        }
        Rounded::Done(ternary)
    }

    /// [`Format::finish`] for zeros, infinities and NaN.
    fn finish_special(&self, value: &mut Float, ternary: Ordering) -> Rounded {
        if self.is_mpfr() && ternary != Ordering::Equal {
            return out_of_range(value);
        }
        // An infinity is exact (a pole, or an infinite operand), or MPFR's own
        // overflow in a mode that does not lead back from it.
        if value.is_infinite() && (self.saturates() || !self.has_infinity()) {
            let negative = value.is_sign_negative();
            self.above_largest(value, true);
            return Rounded::Done(grown(false, negative));
        }
        // A zero that is MPFR's own underflow: only a direction away from zero
        // would lift it, and MPFR would have.
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
            assign_signed(value, &self.largest(), negative);
        } else if self.specials == Specials::NanOnly {
            value.assign(Special::Nan);
        } else {
            assign_signed(value, Special::Infinity, negative);
        }
    }

    /// Rounds a truncated value of p + 1 bits, 2^e ≤ |value| < 2^(e+1), to
    /// nearest, ties away from zero. Truncated to one bit more than it is to
    /// have, it is either a number already or the middle of two; so rounding it
    /// away from zero is right.
    fn ties_away(&self, value: &mut Float, ternary: Ordering, e: i32) -> Ordering {
        let bits = if self.is_mpfr() || self.flush_to_zero {
            i64::from(self.precision)
        } else {
            i64::from(e) - self.ulp_exponent(e) + 1
        };
        let before = value.clone();
        let negative = value.is_sign_negative();
        if bits >= 1 {
            value.set_prec_round(bits as u32 + 1, Round::Zero);
            value.set_prec_round(bits as u32, Round::AwayZero);
            value.set_prec(self.working_precision());
        } else if bits == 0 {
            // Half the least number or more.
            assign_signed(value, &self.least(), negative);
        } else {
            assign_signed(value, Special::Zero, negative);
        }
        match (*value).partial_cmp(&before) {
            Some(Ordering::Equal) | None => ternary,
            Some(order) => order,
        }
    }

    /// The format's number for a real number that MPFR holds exactly; NaN where
    /// it is out of range in `mpfr:P`, as in the other roundings here.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// let third = rug::Float::with_val(53, 1) / 3;
    /// assert_eq!(Format::F32.round(&third), 1.0_f32 / 3.0);
    /// ```
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
    ///
    /// ```
    /// use ulpscope::format::{Format, Numeral};
    /// let written = Numeral::parse("-1e-9223372036854775808").unwrap();
    /// let down = Format::F64.with_rounding(ulpscope::format::Rounding::Down);
    /// assert_eq!(Format::F64.round_numeral(&written).to_f64().to_bits(), (-0.0_f64).to_bits());
    /// assert_eq!(down.round_numeral(&written), -f64::from_bits(1));
    /// ```
    pub fn round_numeral(&self, numeral: &Numeral) -> Float {
        // MPFR reads digits in base 2 or 10 and a power of that base, saturating,
        // correctly rounded and with the ternary value.
        let sign = if numeral.negative { "-" } else { "" };
        let digits = numeral.digits.to_string_radix(numeral.base as i32);
        let text = format!("{sign}{digits}e{}", numeral.exponent);
        let parsed = Float::parse_radix(&text, numeral.base as i32)
            .expect("digits of this base and an exponent");
        let mut value = Float::new(self.working_precision());
        let ternary = value.assign_round(parsed, self.mpfr_round());
        self.finish(&mut value, ternary);
        self.settle(value)
    }

    /// Takes the spare bit of a value that was rounded with ties away off again.
    fn settle(&self, mut value: Float) -> Float {
        if value.prec() != self.precision {
            value.set_prec(self.precision);
        }
        value
    }
}

fn out_of_range(value: &mut Float) -> Rounded {
    value.assign(Special::Nan);
    Rounded::OutOfRange
}

fn assign_signed<T>(value: &mut Float, magnitude: T, negative: bool)
where
    Float: Assign<T>,
{
    value.assign(magnitude);
    if negative {
        value.neg_assign();
    }
}

/// The order of a result against an exact one of this sign, where its magnitude
/// is greater (`grew`) or less.
fn grown(grew: bool, negative: bool) -> Ordering {
    if grew != negative {
        Ordering::Greater
    } else {
        Ordering::Less
    }
}
