//! A number in several formats: its value, its neighbours, its bits.

use super::SCHEMA;
use super::compare::InputText;
use super::digits::ExactDecimal;
use super::figure::{Exact, Figure, Status};
use super::subject::Subject;
use crate::arithmetic::real::RealValue;
use crate::format::{Format, Numeral, Pattern, exponent};
use crate::formula::Diagnostic;
use crate::measure::{self, Bounds};
use crate::truth::{self, Truth, Unanswered};
use rug::{Float, Integer};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// How many digits of the exact value are certified.
const DIGITS: usize = 30;

/// The most bits of an encoding that is read: more than any format has.
const MOST_BITS: u32 = 1 << 17;

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

/// A number in one format. What does not exist is `None`; `notes` tell why.
#[derive(Clone, Debug, Serialize)]
pub struct FormatBits {
    /// The format's name.
    pub format: String,
    /// Its precision in bits.
    pub precision: u32,
    /// The width of its encodings in bits.
    pub width: Option<u32>,
    /// What became of the question for the number.
    pub status: Status,
    /// The number: the exact value rounded once, or what the bits encode.
    pub value: Option<Figure>,
    /// The number's own exact value.
    pub decimal: Option<ExactDecimal>,
    /// Which kind of number it is.
    pub kind: Option<Kind>,
    /// Where it lies as seen from the exact value.
    pub rounding: Option<Side>,
    /// What happened beside rounding.
    pub event: Option<Event>,
    /// |number − exact| / ulp(exact).
    pub ulps: Option<Bounds>,
    /// |number − exact| / |exact|.
    pub relative_error: Option<Bounds>,
    /// How it is encoded.
    pub encoding: Option<Encoding>,
    /// The e of ±1.b × 2^e; for a subnormal number that of ±0.b × 2^e.
    pub exponent: Option<i32>,
    /// The significand, its leading bit included.
    pub significand: Option<Significand>,
    /// The next number below.
    pub below: Option<Figure>,
    /// The next number above.
    pub above: Option<Figure>,
    /// ulp(number) is 2 to this power.
    pub ulp_exponent: Option<i64>,
    /// The distance to the next finite number below is 2 to this power.
    pub gap_below_exponent: Option<i64>,
    /// The same above.
    pub gap_above_exponent: Option<i64>,
    /// How many steps from number to number lead here from 0.
    #[serde(serialize_with = "as_text")]
    pub ordinal: Option<Integer>,
    /// What else there is to say.
    pub notes: Vec<String>,
}

/// The kinds of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A zero.
    Zero,
    /// Below the least normal number.
    Subnormal,
    /// A normal number.
    Normal,
    /// An infinity.
    Infinite,
    /// NaN, of no particular kind.
    Nan,
    /// A quiet NaN.
    QuietNan,
    /// A signalling NaN.
    SignallingNan,
    /// A bit pattern that encodes nothing.
    Invalid,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Zero => "zero",
            Kind::Subnormal => "subnormal",
            Kind::Normal => "normal",
            Kind::Infinite => "infinite",
            Kind::Nan => "NaN",
            Kind::QuietNan => "quiet NaN",
            Kind::SignallingNan => "signalling NaN",
            Kind::Invalid => "no number",
        })
    }
}

/// Where a rounded number lies as seen from the exact value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// It is the exact value.
    Exact,
    /// Above it.
    Up,
    /// Below it.
    Down,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Exact => "exact",
            Side::Up => "up",
            Side::Down => "down",
        })
    }
}

/// What happened beside rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A finite value became an infinity or NaN.
    Overflow,
    /// The largest number stands for a value beyond it.
    Saturated,
    /// A value other than 0 became a zero.
    Underflow,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Event::Overflow => "overflow",
            Event::Saturated => "saturated",
            Event::Underflow => "underflow",
        })
    }
}

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

/// A significand of p bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Significand {
    integer: Integer,
    precision: u32,
}

impl Significand {
    /// |x| in units of its last bit.
    pub fn integer(&self) -> &Integer {
        &self.integer
    }

    /// The bits, a point behind the leading one: `1.1001`.
    pub fn binary(&self) -> String {
        let bits = padded(&self.integer, 2, self.precision as usize);
        let (leading, fraction) = bits.split_at(1);
        format!("{leading}.{fraction}")
    }
}

impl Serialize for Significand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_struct("Significand", 2)?;
        pair.serialize_field("integer", &self.integer.to_string())?;
        pair.serialize_field("binary", &self.binary())?;
        pair.end()
    }
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
    if digits.len() > MOST_BITS as usize {
        return Err(wrong(format!("an encoding has at most {MOST_BITS} digits")));
    }
    Integer::from_str_radix(digits, radix as i32)
        .map_err(|_| wrong(format!("`{}` is no encoding", truth::short(text.trim()))))
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

impl FormatBits {
    fn new(format: &Format) -> Self {
        FormatBits {
            format: format.to_string(),
            precision: format.precision(),
            width: format.width(),
            status: Status::Certified,
            value: None,
            decimal: None,
            kind: None,
            rounding: None,
            event: None,
            ulps: None,
            relative_error: None,
            encoding: None,
            exponent: None,
            significand: None,
            below: None,
            above: None,
            ulp_exponent: None,
            gap_below_exponent: None,
            gap_above_exponent: None,
            ordinal: None,
            notes: Vec::new(),
        }
    }

    /// Rounds the exact value.
    fn round(&mut self, truth: &mut Truth<'_>, format: &Format, negative_zero: bool) {
        let mut value = match truth.rounded(format) {
            Ok(value) => value,
            Err(why) => return self.unanswered(&why),
        };
        let special = truth.value().special().map(Float::is_nan);
        if value.is_zero() && negative_zero {
            value = -Float::new(format.precision());
        }
        if value.is_nan() {
            if format.is_mpfr() && special != Some(true) {
                self.status = Status::Undecided;
                self.note("the value lies beyond the exponents that this format can hold".into());
                return;
            }
            if !format.has_nan() {
                self.note("there is no NaN in this format".into());
                return;
            }
        }
        let encoding = format.encode(&value);
        self.describe(format, &value);
        self.encoding = encoding.and_then(|bits| Encoding::of(format, &bits));
        if special.is_none() {
            self.compare(truth, format, &value);
        } else if value.is_infinite() {
            self.rounding = Some(Side::Exact);
        } else if special == Some(false) {
            self.note("there is no infinity in this format".into());
        }
    }

    /// The rounding's error, direction and events, for a finite exact value.
    fn compare(&mut self, truth: &mut Truth<'_>, format: &Format, value: &Float) {
        match measure::errors(truth, value, format) {
            Ok(errors) => {
                self.ulps = errors.ulps;
                self.relative_error = errors.relative;
            }
            Err(why) => self.note(why.to_string()),
        }
        if value.is_nan() {
            self.event = Some(Event::Overflow);
            return;
        }
        let side = truth.decide(format.precision(), |exact| match side(exact, value) {
            Some(side) => truth::Verdict::Decided(side),
            None => truth::Verdict::Undecided,
        });
        let side = match side {
            Ok(side) => side,
            Err(why) => return self.note(why.to_string()),
        };
        let inexact = side != Side::Exact;
        self.rounding = Some(side);
        self.event = if value.is_infinite() {
            Some(Event::Overflow)
        } else if value.is_zero() && inexact {
            Some(Event::Underflow)
        } else if inexact && !format.is_mpfr() && *value.as_abs() == format.largest() {
            // Above what would be rounded to it without an end of the exponents.
            let unheld = truth.rounded(&format.without_saturation());
            unheld
                .is_ok_and(|x| !x.is_finite())
                .then_some(Event::Saturated)
        } else {
            None
        };
    }

    /// What the bits encode; whether they are an encoding at all.
    fn decode(&mut self, format: &Format, bits: &Integer) -> bool {
        let Some(encoding) = Encoding::of(format, bits) else {
            return false;
        };
        self.encoding = Some(encoding);
        match format.decode(bits) {
            Some(value) => self.describe(format, &value),
            None => self.kind = Some(Kind::Invalid),
        }
        match format.pattern(bits) {
            Some(Pattern::Nan {
                quiet: Some(true), ..
            }) => self.kind = Some(Kind::QuietNan),
            Some(Pattern::Nan {
                quiet: Some(false), ..
            }) => {
                self.kind = Some(Kind::SignallingNan);
            }
            Some(Pattern::PseudoDenormal) => {
                let canonical = format.decode(bits).and_then(|x| format.encode(&x));
                let canonical = canonical.and_then(|bits| Encoding::of(format, &bits));
                let usual = canonical.map(|encoding| encoding.hex).unwrap_or_default();
                self.note(format!(
                    "a pseudo-denormal: a leading bit of 1 with the exponent field 0; \
                     the number's usual encoding is {usual}"
                ));
            }
            Some(Pattern::Unnormal) => self.note(
                "an unnormal: a leading bit of 0 with an exponent field that asks for 1; \
                 processors take it for an invalid operand"
                    .into(),
            ),
            Some(Pattern::PseudoInfinity) => self.note(
                "a pseudo-infinity: infinity's exponent field, but a leading bit of 0; \
                 processors take it for an invalid operand"
                    .into(),
            ),
            Some(Pattern::PseudoNan) => self.note(
                "a pseudo-NaN: NaN's exponent field, but a leading bit of 0; \
                 processors take it for an invalid operand"
                    .into(),
            ),
            Some(Pattern::Number | Pattern::Infinity | Pattern::Nan { quiet: None, .. }) | None => {
            }
        }
        true
    }

    /// All that follows from the number itself.
    fn describe(&mut self, format: &Format, value: &Float) {
        let value = Float::with_val(format.precision(), value);
        self.value = Some(Figure::new(format, &value));
        self.kind = Some(kind(format, &value));
        self.ordinal = format.ordinal(&value);
        if value.is_nan() {
            return;
        }
        self.decimal = Some(ExactDecimal::new(&value));
        let [below, above] = [format.next_down(&value), format.next_up(&value)];
        let neighbour = |x: &Float| (*x != value).then(|| Figure::new(format, x));
        self.below = neighbour(&below);
        self.above = neighbour(&above);
        if value.is_infinite() {
            return;
        }
        self.exponent = exponent(&value).map(|e| e.max(format.emin()));
        self.significand = significand(format, &value);
        let Some((away, toward)) = gaps(format, &value) else {
            return;
        };
        self.ulp_exponent = (!value.is_zero() || !format.is_mpfr()).then_some(away);
        let [down, up] = match value.is_sign_negative() {
            true => [away, toward],
            false => [toward, away],
        };
        let known = |x: &Float, gap| (x.is_finite() && *x != value).then_some(gap);
        self.gap_below_exponent = known(&below, down);
        self.gap_above_exponent = known(&above, up);
    }

    fn unanswered(&mut self, why: &Unanswered) {
        self.status = match why {
            Unanswered::Undefined { .. } => Status::Undefined,
            Unanswered::Undecided { .. } => Status::Undecided,
        };
        self.note(why.to_string());
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// On which side of the exact value a number lies, if that is known.
fn side(exact: &RealValue, number: &Float) -> Option<Side> {
    let order = match exact.exact() {
        // The exact value is a real number, however large.
        _ if number.is_infinite() => number.cmp0()?,
        Some(exact) => number.partial_cmp(exact)?,
        None => {
            let (lo, hi) = (exact.enclosure().lo(), exact.enclosure().hi());
            match (number.partial_cmp(lo)?, number.partial_cmp(hi)?) {
                (Ordering::Less, _) => Ordering::Less,
                (_, Ordering::Greater) => Ordering::Greater,
                (Ordering::Equal, Ordering::Equal) => Ordering::Equal,
                _ => return None,
            }
        }
    };
    Some(match order {
        Ordering::Less => Side::Down,
        Ordering::Equal => Side::Exact,
        Ordering::Greater => Side::Up,
    })
}

fn kind(format: &Format, x: &Float) -> Kind {
    match exponent(x) {
        _ if x.is_nan() => Kind::Nan,
        _ if x.is_infinite() => Kind::Infinite,
        None => Kind::Zero,
        Some(e) if e < format.emin() => Kind::Subnormal,
        Some(_) => Kind::Normal,
    }
}

/// The significand of a finite number of p bits.
fn significand(format: &Format, x: &Float) -> Option<Significand> {
    let (bits, power) = x.to_integer_exp()?;
    let integer = match exponent(x) {
        // A subnormal number's bits stand further right.
        Some(e) => {
            let shift = format.ulp_exponent(e) - i64::from(power);
            bits.abs() >> u32::try_from(shift).ok()?
        }
        None => Integer::new(),
    };
    Some(Significand {
        integer,
        precision: format.precision(),
    })
}

/// The exponents of the distances to the next numbers away from zero and toward
/// it.
fn gaps(format: &Format, x: &Float) -> Option<(i64, i64)> {
    let Some(e) = exponent(x) else {
        let least = i64::from(format.least_exponent());
        return Some((least, least));
    };
    let ulp = format.ulp_exponent(e);
    let (bits, _) = x.to_integer_exp()?;
    let toward = match bits.abs().is_power_of_two() {
        // Below a power of two the numbers lie twice as close.
        true if e > format.emin() => ulp - 1,
        // MPFR's least number lies beside 0.
        true if format.is_mpfr() => i64::from(e),
        _ => ulp,
    };
    Some((ulp, toward))
}

impl Encoding {
    /// The parts of a bit pattern; `None` where it is none of the format's.
    fn of(format: &Format, bits: &Integer) -> Option<Self> {
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
fn padded(integer: &Integer, radix: i32, width: usize) -> String {
    let digits = integer.to_string_radix(radix);
    format!("{}{digits}", "0".repeat(width.saturating_sub(digits.len())))
}

fn as_text<S: Serializer>(integer: &Option<Integer>, serializer: S) -> Result<S::Ok, S::Error> {
    integer
        .as_ref()
        .map(Integer::to_string)
        .serialize(serializer)
}

fn number_as_text<S: Serializer>(integer: &Integer, serializer: S) -> Result<S::Ok, S::Error> {
    integer.to_string().serialize(serializer)
}
