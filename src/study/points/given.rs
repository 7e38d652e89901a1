//! Values as a table has them.

use crate::arithmetic::native::Hardware;
use crate::format::{Format, Numeral, NumeralError};
use crate::formula::MAX_LITERAL_EXPONENT;
use rug::float::Special;
use rug::{Float, Rational};
use std::fmt;

/// A value of a variable at a point.
#[derive(Clone, Debug)]
pub enum Given {
    /// A number, exactly, and the nearest one of binary64.
    Number(Rational, f64),
    /// An infinity, NaN, or −0: no real number, but something to compute with.
    Special(Float),
}

/// Why a text gives no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotGiven {
    /// It is empty.
    Empty,
    /// It has not the form of a number.
    Malformed(NumeralError),
    /// Its exponent is out of range.
    TooLarge,
}

impl fmt::Display for NotGiven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotGiven::Empty => f.write_str("there is no value"),
            NotGiven::Malformed(why) => write!(f, "{why}"),
            NotGiven::TooLarge => write!(
                f,
                "the exponent is beyond ±{MAX_LITERAL_EXPONENT}, the greatest that is read"
            ),
        }
    }
}

impl Given {
    /// Reads a decimal or hexadecimal number, `inf` or `nan`, with a sign before
    /// it or without.
    ///
    /// ```
    /// use ulpscope::study::Given;
    /// assert!(matches!(Given::parse("0x1.8p-3"), Ok(Given::Number(x, _)) if x == 0.1875));
    /// assert!(matches!(Given::parse("-inf"), Ok(Given::Special(x)) if x.is_infinite()));
    /// assert!(Given::parse("1,5").is_err());
    /// ```
    ///
    /// # Errors
    /// Where the text is none of these, or its exponent is beyond
    /// [`MAX_LITERAL_EXPONENT`].
    pub fn parse(text: &str) -> Result<Given, NotGiven> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotGiven::Empty);
        }
        let (negative, body) = match text.as_bytes()[0] {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let special = |special| {
            let value = Float::with_val(2, special);
            Ok(Given::Special(if negative { -value } else { value }))
        };
        if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
            return special(Special::Infinity);
        }
        if body.eq_ignore_ascii_case("nan") {
            return special(Special::Nan);
        }
        let numeral = Numeral::parse(text).map_err(NotGiven::Malformed)?;
        if numeral.negative && numeral.digits.is_zero() {
            return special(Special::Zero);
        }
        let value = numeral.to_rational(MAX_LITERAL_EXPONENT);
        let value = value.ok_or(NotGiven::TooLarge)?;
        // The standard library reads decimals, correctly rounded.
        let nearest = match text.parse::<f64>() {
            Ok(nearest) if numeral.base == 10 => nearest,
            _ => f64::from_rational(&value),
        };
        Ok(Given::Number(value, nearest))
    }

    /// A number.
    pub fn number(value: Rational) -> Given {
        let nearest = f64::from_rational(&value);
        Given::Number(value, nearest)
    }

    /// The number rounded to a format, and whether that changes it.
    pub(super) fn round(&self, format: &Format) -> Option<(Float, bool)> {
        let Given::Number(value, nearest) = self else {
            return None;
        };
        let nearest = *nearest;
        // A power of two below, or it is no number of binary.
        let binary = value.denom().is_power_of_two();
        let same = |x: f64| binary && *value == x;
        Some(match *format {
            Format::F64 => (
                Float::with_val(53, nearest),
                !(nearest.is_finite() && same(nearest)),
            ),
            // The middle of two numbers of binary32 is rounded once.
            Format::F32
                if nearest.to_bits() & 0x1fff_ffff != 0x1000_0000 && nearest.abs() > 1e-37 =>
            {
                let rounded = nearest as f32;
                let changed = !(rounded.is_finite() && same(f64::from(rounded)));
                (Float::with_val(24, rounded), changed)
            }
            _ => {
                let rounded = format.round_rational(value);
                let changed = !rounded.is_finite() || rounded != *value;
                (rounded, changed)
            }
        })
    }
}
