//! A number in several formats: its value, its neighbours, its bits.

mod encoding;
mod number;
mod words;

pub use encoding::{Encoding, parse_encoding};
pub use number::{FormatBits, Significand};
pub use words::{Event, Kind, Side};

use super::SCHEMA;
use super::compare::InputText;
use super::figure::{Exact, Status};
use super::subject::Subject;
use crate::format::{Format, Numeral};
use crate::formula::Diagnostic;
use rug::Integer;
use serde::Serialize;

/// How many digits of the exact value are certified.
const DIGITS: usize = 30;

/// The result of [`bits`] and of [`bits_of_encoding`].
#[derive(Clone, Debug, Serialize)]
pub struct Bits {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The expression, if a value was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// The bit pattern in hexadecimal, if one was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The budget for the exact value, in bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision_limit: Option<u32>,
    /// The inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The exact value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Exact>,
    /// One entry for each format, in order.
    pub formats: Vec<FormatBits>,
}

impl Bits {
    /// Whether every format's number is certified.
    pub fn is_certified(&self) -> bool {
        let certified = |row: &FormatBits| row.status == Status::Certified;
        self.formats.iter().all(certified)
    }
}

/// The subject's exact value in each format, rounded once in the format's own
/// mode, with at most `limit` bits of working precision (more, where a format
/// needs more). A zero that is written with a minus is −0.
///
/// ```
/// use ulpscope::format::Format;
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Point, Subject, bits};
///
/// let mut definitions = Definitions::new();
/// let tenth = Subject::parse_exact(&mut definitions, "1/10", &Point::default())?;
/// let result = bits(&tenth, &[Format::F16], 10_000)?;
/// let half = &result.formats[0];
/// assert_eq!(half.decimal.as_ref().unwrap().full().unwrap(), "0.0999755859375");
/// assert_eq!(half.encoding.as_ref().unwrap().hex, "0x2e66");
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// # Errors
/// Where the subject is a predicate.
pub fn bits(subject: &Subject, formats: &[Format], limit: u32) -> Result<Bits, Diagnostic> {
    if subject.is_predicate() {
        return Err(Diagnostic::new("this is a truth value, not a number")
            .help("whether it holds, `ulpscope eval` tells"));
    }
    let finest = formats.iter().map(Format::precision).max().unwrap_or(0);
    let limit = limit.max(finest.saturating_add(128));
    let mut truth = subject.truth(limit);
    let exact = Exact::of(&mut truth, DIGITS);
    let negative_zero = is_negative_zero(subject.text());
    let rows = formats.iter().map(|format| {
        let mut row = FormatBits::new(format);
        row.round(&mut truth, format, negative_zero);
        row
    });
    Ok(Bits {
        formula: Some(subject.text().to_string()),
        precision_limit: Some(limit),
        inputs: InputText::list(std::slice::from_ref(subject)),
        exact: Some(exact),
        ..Bits::of(rows.collect())
    })
}

/// What a bit pattern encodes in each format.
///
/// # Errors
/// Where a format has no encodings, or narrower ones.
pub fn bits_of_encoding(encoding: &Integer, formats: &[Format]) -> Result<Bits, Diagnostic> {
    let hex = format!("{encoding:#x}");
    let mut rows = Vec::with_capacity(formats.len());
    for format in formats {
        let Some(width) = format.width() else {
            return Err(Diagnostic::new(format!("{format} has no encodings"))
                .help("MPFR's numbers are no bit patterns of a fixed width"));
        };
        let mut row = FormatBits::new(format);
        if !row.decode(format, encoding) {
            let needed = encoding.significant_bits();
            let message = format!("the encoding {hex} has {needed} bits, {format} has {width}");
            return Err(Diagnostic::new(message).help("name wider formats with --in"));
        }
        rows.push(row);
    }
    Ok(Bits {
        encoding: Some(hex),
        ..Bits::of(rows)
    })
}

impl Bits {
    fn of(formats: Vec<FormatBits>) -> Self {
        Bits {
            schema: SCHEMA,
            study: "bits",
            formula: None,
            encoding: None,
            precision_limit: None,
            inputs: Vec::new(),
            exact: None,
            formats,
        }
    }
}

/// Whether the expression is a zero with a minus before it: no real number, but
/// one of every format.
fn is_negative_zero(text: &str) -> bool {
    let written = Numeral::parse(&text.replace('−', "-"));
    written.is_ok_and(|numeral| numeral.negative && numeral.digits.is_zero())
}
