//! The order of a format's numbers: each has a place, an integer, and its
//! neighbours have the places beside it.

use super::{Format, exponent};
use rug::float::Special;
use rug::ops::NegAssign;
use rug::{Float, Integer};

impl Format {
    /// The next number above. Above the largest it is infinity, or the largest
    /// itself where there is no infinity; above both zeros the least number;
    /// above the least number's negative −0. `x` is one of the format's; infinity
    /// and NaN give themselves.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// let up = Format::F64.next_up(&rug::Float::with_val(53, 1));
    /// assert_eq!(up, 1.0 + f64::EPSILON);
    /// ```
    pub fn next_up(&self, x: &Float) -> Float {
        let mut up = Float::with_val(self.precision, x);
        match self.ordinal(x) {
            None => up.next_up(), // mpfr:P, or NaN
            Some(n) if n == -1 => up = -Float::new(self.precision),
            Some(n) => {
                if let Some(next) = self.from_ordinal(&(n + 1)) {
                    up = next;
                }
            }
        }
        up
    }

    /// The next number below: the mirror image of [`Format::next_up`].
    pub fn next_down(&self, x: &Float) -> Float {
        -self.next_up(&Float::with_val(self.precision, -x))
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
        if let Some(ordinal) = self.hardware_ordinal(x) {
            return Some(Integer::from(ordinal));
        }
        let magnitude = if x.is_zero() {
            Integer::new()
        } else if x.is_infinite() {
            self.largest_ordinal() + 1
        } else {
            self.magnitude_ordinal(x)
        };
        Some(if x.is_sign_negative() {
            -magnitude
        } else {
            magnitude
        })
    }

    /// The same for the formats of the hardware, whose encodings are in order.
    fn hardware_ordinal(&self, x: &Float) -> Option<i64> {
        let magnitude = match self.storage().nearest().without_saturation() {
            Format::F32 => i64::from(x.to_f32().abs().to_bits()),
            Format::F64 => x.to_f64().abs().to_bits() as i64,
            _ => return None,
        };
        Some(if x.is_sign_negative() {
            -magnitude
        } else {
            magnitude
        })
    }

    /// The number with this ordinal (+0 for 0). `None` beyond infinity, beyond
    /// the largest number where there is no infinity, and in `mpfr:P`.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// assert_eq!(Format::F64.from_ordinal(&1.into()).unwrap(), f64::from_bits(1));
    /// ```
    pub fn from_ordinal(&self, ordinal: &Integer) -> Option<Float> {
        if self.is_mpfr() {
            return None;
        }
        let magnitude = Integer::from(ordinal.abs_ref());
        let above = &magnitude - self.largest_ordinal();
        let mut x = if above <= 0 {
            // Numbers of the same exponent differ in the p − 1 bits at the end; the
            // subnormals lack the leading bit and share the least exponent.
            let stored = self.precision - 1;
            let binade = Integer::from(&magnitude >> stored)
                .to_u32()
                .expect("at most emax − emin + 1");
            let mut significand = magnitude.keep_bits(stored);
            significand.set_bit(stored, binade > 0);
            let exponent = self.least_exponent() + binade.saturating_sub(1) as i32;
            Float::with_val(self.precision, significand) << exponent
        } else if above == 1 && self.has_infinity() {
            Float::with_val(self.precision, Special::Infinity)
        } else {
            return None;
        };
        if ordinal.is_negative() {
            x.neg_assign();
        }
        Some(x)
    }

    /// The ordinal of the largest number: how many positive numbers there are.
    pub(crate) fn largest_ordinal(&self) -> Integer {
        self.magnitude_ordinal(&self.largest())
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
