//! The order of a format's numbers: neighbours, and how many lie between two.

use super::{Format, exponent};
use rug::ops::NegAssign;
use rug::{Float, Integer};

impl Format {
    /// The next number above; infinity (or the largest number itself, where
    /// there is no infinity) above the largest. `x` is one of the format's.
    pub fn next_up(&self, x: &Float) -> Float {
        if x.is_sign_negative() && !x.is_zero() {
            let mut up = self.toward_zero(x);
            up.neg_assign();
            return up;
        }
        self.away_from_zero(x)
    }

    /// The next number below.
    pub fn next_down(&self, x: &Float) -> Float {
        let mut down = self.next_up(&Float::with_val(x.prec(), -x));
        down.neg_assign();
        down
    }

    /// The magnitude of the next number away from zero, for |x|.
    fn away_from_zero(&self, x: &Float) -> Float {
        let x = Float::with_val(self.precision, x).abs();
        if x.is_zero() {
            return self.least();
        }
        if !x.is_finite() {
            return x;
        }
        if x == self.largest() {
            return if self.has_infinity() {
                Float::with_val(self.precision, rug::float::Special::Infinity)
            } else {
                x
            };
        }
        let e = exponent(&x).expect("finite and not zero");
        x + (Float::with_val(self.precision, 1) << self.ulp_exponent(e) as i32)
    }

    /// The magnitude of the next number toward zero, for |x| > 0.
    fn toward_zero(&self, x: &Float) -> Float {
        let x = Float::with_val(self.precision, x).abs();
        if x.is_infinite() {
            return self.largest();
        }
        let e = exponent(&x).expect("finite and not zero");
        let mut below = e;
        if e > self.emin && x == self.power_of_two(e) {
            below -= 1;
        }
        x - (Float::with_val(self.precision, 1) << self.ulp_exponent(below) as i32)
    }

    /// How many steps to neighbours lead from 0 to x, negative for x < 0: ±0
    /// have 0, the least number has 1, infinity has one more than the largest.
    /// `None` for NaN and in `mpfr:P`. `x` is one of the format's.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// let one = rug::Float::with_val(53, 1.0);
    /// assert_eq!(Format::F64.ordinal(&one).unwrap(), 1.0_f64.to_bits());
    /// ```
    pub fn ordinal(&self, x: &Float) -> Option<Integer> {
        if x.is_nan() || self.is_mpfr() {
            return None;
        }
        let magnitude = if x.is_zero() {
            Integer::new()
        } else if x.is_infinite() {
            self.magnitude_ordinal(&self.largest()) + 1
        } else {
            self.magnitude_ordinal(x)
        };
        Some(if x.is_sign_negative() {
            -magnitude
        } else {
            magnitude
        })
    }

    /// (e − emin)·2^(p−1) + |x|/ulp(x): the numbers of one exponent are 2^(p−1).
    fn magnitude_ordinal(&self, x: &Float) -> Integer {
        let e = exponent(x).expect("finite and not zero");
        let scaled = Float::with_val(self.precision, x) >> self.ulp_exponent(e) as i32;
        let steps = scaled.abs().to_integer().expect("a multiple of its ulp");
        let binades = i64::from(e.max(self.emin)) - i64::from(self.emin);
        (Integer::from(binades) << (self.precision - 1)) + steps
    }
}
