//! A format's numbers as bit patterns.
//!
//! ```text
//! [sign] [exponent + bias, X bits] [significand without its leading one, p − 1 bits]
//! ```
//!
//! (IEEE 754-2019, 3.4; OCP's formats alike.) Read as one integer, sign apart, a
//! pattern is the number's place in the order of magnitudes
//! ([`Format::ordinal`]): so an encoding is a sign and an ordinal. What follows
//! the largest number is infinity, then NaN; `f8e4m3fn` has NaN alone there, and
//! the formats of four and six bits nothing. `f80` stores the leading bit.

use super::Format;
use rug::float::Special;
use rug::ops::NegAssign;
use rug::{Float, Integer};

/// A bit pattern in its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fields {
    /// The sign bit.
    pub negative: bool,
    /// The exponent field as it stands, with its bias.
    pub exponent: Integer,
    /// The significand's leading bit, where it is stored (`f80`).
    pub leading: Option<bool>,
    /// The p − 1 bits behind the leading one.
    pub fraction: Integer,
}

/// What a bit pattern is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// The one encoding of a finite number.
    Number,
    /// An infinity.
    Infinity,
    /// A NaN.
    Nan {
        /// Whether it is quiet; `None` where the format has one kind of NaN.
        quiet: Option<bool>,
        /// The bits behind the one that tells quiet from signalling.
        payload: Integer,
    },
    /// `f80`: a second encoding of a normal number, with the exponent field 0.
    PseudoDenormal,
    /// `f80`: a leading bit of 0 with an exponent field other than 0: no number.
    Unnormal,
    /// `f80`: infinity's exponent with a leading bit of 0: no number.
    PseudoInfinity,
    /// `f80`: NaN's exponent with a leading bit of 0: no number.
    PseudoNan,
}

impl Format {
    /// What an exponent field has more than the exponent: 1 − emin. `None` for
    /// `mpfr:P`.
    pub fn bias(&self) -> Option<i32> {
        (!self.is_mpfr()).then(|| 1 - self.emin)
    }

    /// The parts of a bit pattern. `None` where the format has no encodings
    /// (`mpfr:P`), and where the pattern is wider than the format.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// let fields = Format::F32.fields(&(-1.5_f32).to_bits().into()).unwrap();
    /// assert!(fields.negative && fields.exponent == 127 && fields.fraction == 1 << 22);
    /// ```
    pub fn fields(&self, bits: &Integer) -> Option<Fields> {
        let width = self.width()?;
        if bits.is_negative() || bits.significant_bits() > width {
            return None;
        }
        let exponent = Integer::from(bits >> self.stored_bits());
        Some(Fields {
            negative: bits.get_bit(width - 1),
            exponent: exponent.keep_bits(self.exponent_bits()),
            leading: self
                .explicit_leading_bit
                .then(|| bits.get_bit(self.precision - 1)),
            fraction: bits.clone().keep_bits(self.precision - 1),
        })
    }

    /// What a bit pattern is; `None` as for [`Format::fields`].
    ///
    /// ```
    /// use ulpscope::format::{Format, Pattern};
    /// let signalling = Pattern::Nan { quiet: Some(false), payload: 5.into() };
    /// assert_eq!(Format::F32.pattern(&0x7f80_0005.into()).unwrap(), signalling);
    /// ```
    pub fn pattern(&self, bits: &Integer) -> Option<Pattern> {
        let fields = self.fields(bits)?;
        let number = self.decode(bits);
        let topmost = fields.exponent.count_ones() == Some(self.exponent_bits());
        Some(match (number, fields.leading) {
            (Some(x), _) if x.is_nan() => {
                let quiet = self
                    .has_infinity()
                    .then(|| fields.fraction.get_bit(self.precision - 2));
                let payload = match quiet {
                    Some(_) => fields.fraction.keep_bits(self.precision - 2),
                    None => Integer::new(),
                };
                Pattern::Nan { quiet, payload }
            }
            (Some(x), _) if x.is_infinite() => Pattern::Infinity,
            (Some(_), Some(true)) if fields.exponent.is_zero() => Pattern::PseudoDenormal,
            (Some(_), _) => Pattern::Number,
            (None, _) if !topmost => Pattern::Unnormal,
            (None, _) if fields.fraction.is_zero() => Pattern::PseudoInfinity,
            (None, _) => Pattern::PseudoNan,
        })
    }

    /// The bits that encode a number of this format; a NaN's are those of the
    /// quiet NaN without payload. `None` where the format has no encodings
    /// (`mpfr:P`) or does not hold `x`.
    ///
    /// ```
    /// use rug::Float;
    /// use ulpscope::format::Format;
    /// let f80: Format = "f80".parse().unwrap();
    /// let e4m3: Format = "f8e4m3fn".parse().unwrap();
    /// assert_eq!(Format::F32.encode(&Float::with_val(24, -1)).unwrap(), 0xbf80_0000_u32);
    /// assert_eq!(f80.encode(&Float::with_val(64, 1)).unwrap(), 0x3fff_8000_0000_0000_0000_u128);
    /// assert_eq!(e4m3.encode(&Float::with_val(4, 448)).unwrap(), 0x7e);
    /// assert_eq!(e4m3.encode(&Float::with_val(4, 480)), None);
    /// ```
    pub fn encode(&self, x: &Float) -> Option<Integer> {
        let width = self.width()?;
        if !self.holds(x) {
            return None;
        }
        if x.is_nan() {
            // IEEE's: infinity's exponent and the first bit behind it. All ones
            // serves where NaN has one pattern only.
            let mut above = Integer::from(1);
            if self.has_infinity() {
                above += Integer::from(1) << (self.precision - 2);
            }
            return Some(self.with_leading_bit(self.largest_ordinal() + above));
        }
        let magnitude = self.ordinal(x)?.abs();
        let sign = Integer::from(u32::from(x.is_sign_negative())) << (width - 1);
        Some(self.with_leading_bit(magnitude) + sign)
    }

    /// The number that a bit pattern encodes. `None` where the format has no
    /// encodings (`mpfr:P`), where the pattern is wider than the format, and
    /// where it encodes nothing: in `f80` a leading bit of 0 with an exponent
    /// other than 0. (A leading bit of 1 with the exponent 0, a
    /// *pseudo-denormal*, is a second encoding of the number.)
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// let e4m3: Format = "f8e4m3fn".parse().unwrap();
    /// assert_eq!(e4m3.decode(&0x7e.into()).unwrap(), 448);
    /// assert!(e4m3.decode(&0x7f.into()).unwrap().is_nan());
    /// assert_eq!(e4m3.decode(&0x100.into()), None);
    /// ```
    pub fn decode(&self, bits: &Integer) -> Option<Float> {
        let width = self.width()?;
        if bits.is_negative() || bits.significant_bits() > width {
            return None;
        }
        let mut magnitude = bits.clone();
        let negative = bits.get_bit(width - 1);
        magnitude.set_bit(width - 1, false);
        let magnitude = self.without_leading_bit(magnitude)?;
        let mut x = match self.from_ordinal(&magnitude) {
            Some(x) => x,
            None => Float::with_val(self.precision, Special::Nan),
        };
        if negative {
            x.neg_assign();
        }
        Some(x)
    }

    /// Whether `x` is one of the format's numbers, or an infinity or NaN that it
    /// has.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// assert!(Format::F16.holds(&rug::Float::with_val(53, 65504)));
    /// assert!(!Format::F16.holds(&rug::Float::with_val(53, 65505)));
    /// ```
    pub fn holds(&self, x: &Float) -> bool {
        if x.is_nan() {
            self.has_nan()
        } else if x.is_infinite() {
            self.has_infinity()
        } else {
            self.nearest().round(x) == *x
        }
    }

    /// Inserts f80's leading bit: 1 wherever the exponent field is not 0.
    fn with_leading_bit(&self, magnitude: Integer) -> Integer {
        if !self.explicit_leading_bit {
            return magnitude;
        }
        let stored = self.precision - 1;
        let exponent = Integer::from(&magnitude >> stored);
        let leading = Integer::from(u32::from(!exponent.is_zero()));
        ((exponent << 1 | leading) << stored) | magnitude.keep_bits(stored)
    }

    /// Takes it out again; `None` where it is 0 and the exponent field is not.
    fn without_leading_bit(&self, magnitude: Integer) -> Option<Integer> {
        if !self.explicit_leading_bit {
            return Some(magnitude);
        }
        let stored = self.precision - 1;
        let leading = magnitude.get_bit(stored);
        let exponent = Integer::from(&magnitude >> (stored + 1));
        if !leading && !exponent.is_zero() {
            return None;
        }
        // A pseudo-denormal is of the least normal numbers' exponent.
        let exponent = exponent.max(Integer::from(u32::from(leading)));
        Some((exponent << stored) | magnitude.keep_bits(stored))
    }
}
