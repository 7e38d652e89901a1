//! Bit patterns and their parts.

use crate::format::{Format, Pattern};
use crate::formula::Diagnostic;
use crate::truth;
use rug::Integer;
use serde::{Serialize, Serializer};

/// The most digits of an encoding that is read: more than any format has.
const MOST_DIGITS: usize = 1 << 17;

/// A bit pattern and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Encoding {
    /// All of it, in hexadecimal, as many digits as the format has.
    pub hex: String,
    /// The sign bit.
    pub sign: String,
    /// The exponent field's bits.
    pub exponent: String,
    /// The exponent field as a number.
    #[serde(serialize_with = "number_as_text")]
    pub exponent_field: Integer,
    /// What it has more than the exponent.
    pub bias: i32,
    /// The stored bits of the significand.
    pub significand: String,
    /// The leading bit of the significand; infinities and NaN have one only
    /// where it is stored.
    pub leading_bit: Option<bool>,
    /// Whether that is stored.
    pub leading_bit_stored: bool,
    /// A NaN's payload in hexadecimal, where the format gives it room.
    pub payload: Option<String>,
}

/// Reads a bit pattern: `0x3c00`, `0b0_01111_0000000000`; spaces and underscores
/// part groups of digits.
///
/// # Errors
/// Where the text is not of this form, or longer than any format's encoding.
pub fn parse_encoding(text: &str) -> Result<Integer, Diagnostic> {
    const HELP: &str = "write it in hexadecimal or binary: 0x3c00, 0b0_01111_0000000000";
    let wrong = |message: String| Diagnostic::new(message).help(HELP);
    let digits: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace() && *c != '_')
        .flat_map(char::to_lowercase)
        .collect();
    let (digits, radix, name) = if let Some(digits) = digits.strip_prefix("0x") {
        (digits, 16, "hexadecimal")
    } else if let Some(digits) = digits.strip_prefix("0b") {
        (digits, 2, "binary")
    } else {
        let message = format!("`{}` is no encoding", truth::short(text.trim()));
        return Err(wrong(message));
    };
    if digits.is_empty() {
        return Err(wrong("an encoding needs a digit".into()));
    }
    if let Some(other) = digits.chars().find(|c| !c.is_digit(radix)) {
        return Err(wrong(format!("`{other}` is no {name} digit")));
    }
    if digits.len() > MOST_DIGITS {
        return Err(wrong(format!(
            "an encoding has at most {MOST_DIGITS} digits"
        )));
    }
    Integer::from_str_radix(digits, radix as i32)
        .map_err(|_| wrong(format!("`{}` is no encoding", truth::short(text.trim()))))
}

impl Encoding {
    /// The parts of a bit pattern; `None` where it is none of the format's.
    pub(super) fn of(format: &Format, bits: &Integer) -> Option<Self> {
        let fields = format.fields(bits)?;
        let width = format.width()? as usize;
        let stored = fields.leading.is_some();
        let pattern = format.pattern(bits);
        let implied = match pattern {
            Some(Pattern::Infinity | Pattern::Nan { .. }) => None,
            _ => Some(!fields.exponent.is_zero()),
        };
        let payload = match pattern {
            Some(Pattern::Nan {
                quiet: Some(_),
                payload,
            }) if format.precision() > 2 => Some(format!("{payload:#x}")),
            _ => None,
        };
        let fraction = padded(&fields.fraction, 2, format.precision() as usize - 1);
        let leading = match fields.leading {
            Some(true) => "1",
            Some(false) => "0",
            None => "",
        };
        Some(Encoding {
            hex: format!("0x{}", padded(bits, 16, width.div_ceil(4))),
            sign: u8::from(fields.negative).to_string(),
            exponent: padded(&fields.exponent, 2, format.exponent_bits() as usize),
            exponent_field: fields.exponent,
            bias: format.bias()?,
            significand: format!("{leading}{fraction}"),
            leading_bit: fields.leading.or(implied),
            leading_bit_stored: stored,
            payload,
        })
    }
}

/// An integer's digits, zeros before them.
pub(super) fn padded(integer: &Integer, radix: i32, width: usize) -> String {
    let digits = integer.to_string_radix(radix);
    format!("{}{digits}", "0".repeat(width.saturating_sub(digits.len())))
}

fn number_as_text<S: Serializer>(integer: &Integer, serializer: S) -> Result<S::Ok, S::Error> {
    integer.to_string().serialize(serializer)
}
