//! Formats whose numbers binary64 holds: rounding into them, and their order,
//! on hardware numbers, a few instructions each.
//!
//! The functions here have no branches that depend on the number, so that loops
//! over them become vector instructions where they are inlined.

use super::{Format, Rounding, Specials};

/// The most bits of precision: binary64 then has 21 more, and an enclosure in
/// it mostly tells the rounded value.
const MAX_PRECISION: u32 = 32;

/// The greatest exponent, either way: far from binary64's own limits.
const MAX_EXPONENT: i32 = 500;

/// A format of up to 32 bits of precision, on hardware numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Narrow {
    format: Format,
    precision: u64,
    /// The biased exponent in binary64 of the least normal number.
    least: u64,
    /// The biased exponent below which numbers have the least quantum; that of
    /// the least normal number, unless subnormal results are flushed.
    floor: u64,
    largest: f64,
    least_normal: f64,
    /// What becomes of a magnitude beyond the largest number: of positive and of
    /// negative ones.
    above: [f64; 2],
    /// What becomes of an infinity.
    infinity: f64,
}

impl Narrow {
    /// The format, if it is one of these.
    pub fn new(format: &Format) -> Option<Narrow> {
        let fits = !format.is_mpfr()
            && (2..=MAX_PRECISION).contains(&format.precision)
            && format.emin > -MAX_EXPONENT
            && format.emax < MAX_EXPONENT;
        if !fits {
            return None;
        }
        let largest = format.largest().to_f64();
        let infinity = if format.saturate || format.specials == Specials::Nothing {
            largest
        } else if format.has_infinity() {
            f64::INFINITY
        } else {
            f64::NAN
        };
        let above = match format.rounding {
            Rounding::NearestEven | Rounding::NearestAway => [infinity, -infinity],
            Rounding::Zero => [largest, -largest],
            Rounding::Up => [infinity, -largest],
            Rounding::Down => [largest, -infinity],
        };
        let least = (format.emin + 1023) as u64;
        let precision = u64::from(format.precision);
        Some(Narrow {
            format: *format,
            precision,
            least,
            floor: if format.flush_to_zero {
                precision
            } else {
                least
            },
            largest,
            least_normal: format.least_normal().to_f64(),
            above,
            infinity,
        })
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The largest finite number.
    pub fn largest(&self) -> f64 {
        self.largest
    }

    /// The least normal number.
    pub fn least_normal(&self) -> f64 {
        self.least_normal
    }

    /// Whether the two are binary32 with its usual rounding, for which the
    /// hardware has an instruction.
    pub fn is_binary32(&self) -> bool {
        self.format == Format::F32
    }

    /// The format's number for x, as [`Format::round`] gives it. For an infinite
    /// x in a format that rounds in a direction, and for NaN, it is what that
    /// says of these values themselves.
    #[inline(always)]
    pub fn round(&self, x: f64) -> f64 {
        let magnitude = f64::from_bits(x.to_bits() & !SIGN);
        let (quantum, inverse) = self.quantum(magnitude.to_bits() >> 52, self.floor);
        let scaled = x * inverse;
        let whole = match self.format.rounding {
            Rounding::NearestEven => scaled.round_ties_even(),
            Rounding::NearestAway => scaled.round(),
            Rounding::Zero => scaled.trunc(),
            Rounding::Up => scaled.ceil(),
            Rounding::Down => scaled.floor(),
        };
        let rounded = whole * quantum;
        let size = f64::from_bits(rounded.to_bits() & !SIGN);
        let negative = x.is_sign_negative();
        let above = if negative {
            self.above[1]
        } else {
            self.above[0]
        };
        let finite = if size > self.largest { above } else { rounded };
        let flushed = if self.format.flush_to_zero && size < self.least_normal {
            f64::from_bits(x.to_bits() & SIGN)
        } else {
            finite
        };
        let infinite = if negative {
            -self.infinity
        } else {
            self.infinity
        };
        if magnitude == f64::INFINITY {
            infinite
        } else {
            flushed
        }
    }

    /// The unit in the last place of a number whose binary64 exponent is `biased`,
    /// and its inverse.
    #[inline(always)]
    fn quantum(&self, biased: u64, floor: u64) -> (f64, f64) {
        let biased = if biased < floor { floor } else { biased };
        // An infinity has the exponent 2047; its quantum is of no use.
        let exponent = biased - (self.precision - 1);
        let inverse = 2046 - exponent;
        (
            f64::from_bits(exponent << 52),
            f64::from_bits(inverse << 52),
        )
    }

    /// 1/ulp(x) for a finite x of binary64, ulp as the errors' unit has it: that
    /// of the least normal number below it, whatever is flushed.
    #[inline(always)]
    pub fn inverse_ulp(&self, x: f64) -> f64 {
        self.quantum((x.to_bits() & !SIGN) >> 52, self.least).1
    }

    /// How many steps to neighbours lead from 0 to x, a number of the format or an
    /// infinity; as [`Format::ordinal`].
    #[inline(always)]
    pub fn ordinal(&self, x: f64) -> i64 {
        let bits = x.to_bits() & !SIGN;
        let magnitude = f64::from_bits(bits);
        let biased = bits >> 52;
        let (_, inverse) = self.quantum(biased, self.least);
        let binades = biased.max(self.least) - self.least;
        let steps = (magnitude.min(self.largest) * inverse) as i64;
        let ordinal = if magnitude == f64::INFINITY {
            self.largest_ordinal() + 1
        } else {
            ((binades as i64) << (self.precision - 1)) + steps
        };
        if x.is_sign_negative() {
            -ordinal
        } else {
            ordinal
        }
    }

    /// The ordinal of the largest number.
    #[inline(always)]
    pub fn largest_ordinal(&self) -> i64 {
        let bits = self.largest.to_bits();
        let (_, inverse) = self.quantum(bits >> 52, self.least);
        (((bits >> 52) - self.least) as i64 * (1 << (self.precision - 1)))
            + (self.largest * inverse) as i64
    }

    /// The finite number with this ordinal.
    #[inline(always)]
    pub fn from_ordinal(&self, ordinal: i64) -> f64 {
        let magnitude = ordinal.unsigned_abs();
        let stored = self.precision - 1;
        let binade = magnitude >> stored;
        let fraction = magnitude & ((1 << stored) - 1);
        let (leading, above) = if binade > 0 {
            (1 << stored, binade - 1)
        } else {
            (0, 0)
        };
        let quantum = f64::from_bits((self.least + above - stored) << 52);
        let x = (fraction | leading) as f64 * quantum;
        if ordinal < 0 { -x } else { x }
    }
}

/// The bit of binary64's sign.
const SIGN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::NAMED_FORMATS;
    use rug::Float;

    fn formats() -> Vec<Narrow> {
        let roundings = ["", "/rna", "/rz", "/ru", "/rd", "/ftz"];
        let names = NAMED_FORMATS.iter().map(|named| named.name);
        names
            .flat_map(|name| roundings.map(|rounding| format!("{name}{rounding}")))
            .filter_map(|name| name.parse::<Format>().ok())
            .filter_map(|format| Narrow::new(&format))
            .collect()
    }

    #[test]
    fn rounding_and_order_are_those_of_the_format() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let formats = formats();
        assert!(formats.len() > 40, "{}", formats.len());
        for narrow in formats {
            let format = narrow.format();
            let top = narrow.largest_ordinal();
            assert_eq!(top, format.largest_ordinal(), "{format}");
            let corner = [0, 1, 2, 3, top - 1, top, top / 2];
            let mut random = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(99);
                (state >> 16) as i64
            };
            let ordinals = (0..200).map(|i| {
                let magnitude = corner
                    .get(i)
                    .copied()
                    .unwrap_or_else(|| random() % (top + 1));
                magnitude.min(top) * if random() & 1 == 1 { -1 } else { 1 }
            });
            for ordinal in ordinals {
                let x = narrow.from_ordinal(ordinal);
                assert_eq!(format.from_ordinal(&ordinal.into()).unwrap(), x, "{format}");
                assert_eq!(narrow.ordinal(x), ordinal, "{format} {x:e}");
                let next = narrow.from_ordinal((ordinal + 1).min(top));
                // Between neighbours, at their middle and beside it.
                let middle = x / 2.0 + next / 2.0;
                let near = [x, middle, middle.next_up(), middle.next_down(), x * 0.3];
                for y in near.into_iter().chain([-middle, x * 1.9, 1e300, -1e300]) {
                    let wanted = format.round(&Float::with_val(53, y));
                    let got = narrow.round(y);
                    let same = wanted.to_f64().to_bits() == got.to_bits();
                    assert!(
                        same || (wanted.is_nan() && got.is_nan()),
                        "{format} {y:e} {got:e}"
                    );
                    if got.is_finite() {
                        let e = crate::format::exponent(&Float::with_val(53, y));
                        let ulp = format.ulp_exponent(e.unwrap_or(format.emin));
                        assert_eq!(
                            narrow.inverse_ulp(y),
                            2f64.powi(-ulp as i32),
                            "{format} {y:e}"
                        );
                    }
                }
            }
        }
    }
}
