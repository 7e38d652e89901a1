//! Written numbers, read exactly.
//!
//! ```text
//! numeral = [sign] (decimal | hexadecimal)
//! decimal = digits [ "." [digits] ] [ ("e"|"E") [sign] digits ]  |  "." digits …
//! hexadecimal = ("0x"|"0X") the same with hexadecimal digits, and "p" for the power of two
//! ```
//!
//! An exponent may have any number of digits: it saturates, and what is then
//! far out of every range is still rounded into a format correctly
//! ([`Format::round_numeral`](super::Format::round_numeral)).

use rug::ops::Pow;
use rug::{Integer, Rational};
use std::fmt;

/// A number as written: ± digits × base^exponent, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numeral {
    /// Whether a minus stands before it (so that −0 is kept).
    pub negative: bool,
    /// All digits, the point left out.
    pub digits: Integer,
    /// The exponent's base: 10, or 2 for a hexadecimal numeral.
    pub base: u32,
    /// The power of the base that the digits are multiplied by, saturated at
    /// ±2^62.
    pub exponent: i64,
}

/// Why a text is not a numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumeralError {
    /// There is no digit.
    NoDigits,
    /// There is an `e` or `p` without digits behind it.
    NoExponent,
    /// Something else stands at this byte.
    Unexpected(usize),
}

impl fmt::Display for NumeralError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NumeralError::NoDigits => f.write_str("a number needs a digit"),
            NumeralError::NoExponent => f.write_str("the exponent has no digits"),
            NumeralError::Unexpected(_) => f.write_str("this does not belong to a number"),
        }
    }
}

impl std::error::Error for NumeralError {}

const EXPONENT_BOUND: i64 = 1 << 62;

impl Numeral {
    /// Reads a whole text.
    ///
    /// # Errors
    /// Where the text is not of the form above.
    pub fn parse(text: &str) -> Result<Self, NumeralError> {
        let bytes = text.as_bytes();
        let mut at = 0;
        let negative = match bytes.first() {
            Some(b'-') => {
                at = 1;
                true
            }
            Some(b'+') => {
                at = 1;
                false
            }
            _ => false,
        };
        let hexadecimal = bytes.len() > at + 1 && bytes[at] == b'0' && bytes[at + 1] | 32 == b'x';
        let (radix, base, letter) = if hexadecimal {
            at += 2;
            (16, 2, b'p')
        } else {
            (10, 10, b'e')
        };
        let mut digits = String::new();
        let mut fraction: i64 = 0;
        let mut point = false;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'.' && !point {
                point = true;
            } else if (byte as char).is_digit(radix) {
                digits.push(byte as char);
                fraction += i64::from(point);
            } else {
                break;
            }
            at += 1;
        }
        if digits.is_empty() {
            return Err(NumeralError::NoDigits);
        }
        let mut exponent: i64 = 0;
        if bytes.get(at).is_some_and(|byte| byte | 32 == letter) {
            at += 1;
            let sign = match bytes.get(at) {
                Some(b'-') => {
                    at += 1;
                    -1
                }
                Some(b'+') => {
                    at += 1;
                    1
                }
                _ => 1,
            };
            let first = at;
            while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
                exponent = exponent
                    .saturating_mul(10)
                    .saturating_add(i64::from(digit - b'0'))
                    .min(EXPONENT_BOUND);
                at += 1;
            }
            if at == first {
                return Err(NumeralError::NoExponent);
            }
            exponent *= sign;
        }
        if at != bytes.len() {
            return Err(NumeralError::Unexpected(at));
        }
        let per_digit = if hexadecimal { 4 } else { 1 };
        Ok(Numeral {
            negative,
            digits: whole(&digits, radix),
            base,
            exponent: exponent.saturating_sub(fraction * per_digit),
        })
    }

    /// The exact value, or `None` where the power of the base is beyond
    /// 10^±`limit` (as a power of two, beyond 2^±4·`limit`). Zero has a value
    /// whatever its exponent.
    pub fn to_rational(&self, limit: u32) -> Option<Rational> {
        if self.digits.is_zero() {
            return Some(Rational::new());
        }
        let bound = u64::from(limit) * if self.base == 2 { 4 } else { 1 };
        // The digits' own length counts towards the limit on small numbers:
        // 0.000…1 with a million zeros is 10^-1000001.
        if self.exponent.unsigned_abs() > bound {
            return None;
        }
        let power = Integer::from(self.base).pow(self.exponent.unsigned_abs() as u32);
        let signed = if self.negative {
            Integer::from(-&self.digits)
        } else {
            self.digits.clone()
        };
        Some(if self.exponent >= 0 {
            Rational::from(signed * power)
        } else {
            Rational::from((signed, power))
        })
    }
}

/// The whole number that digits of a radix up to 36 are; what is none counts as 0.
/// Rug's own reader takes memory from C, and does not look whether it got any.
pub(crate) fn whole(digits: &str, radix: u32) -> Integer {
    let digit = |c: char| c.to_digit(radix).unwrap_or(0) as u8;
    let digits: Vec<u8> = digits.chars().map(digit).collect();
    let mut whole = Integer::new();
    // SAFETY: each is less than the radix, as `to_digit` gives them.
    unsafe { whole.assign_bytes_radix_unchecked(&digits, radix as i32, false) };
    whole
}
