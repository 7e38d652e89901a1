//! A number in one format.

use super::encoding::{Encoding, padded};
use super::words::{Event, Kind, Side};
use crate::arithmetic::real::RealValue;
use crate::format::{Format, Pattern, exponent};
use crate::measure::{self, Bounds};
use crate::study::digits::ExactDecimal;
use crate::study::figure::{Figure, Status};
use crate::truth::{self, Truth, Unanswered};
use rug::{Float, Integer};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;

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

impl FormatBits {
    pub(super) fn new(format: &Format) -> Self {
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
    pub(super) fn round(&mut self, truth: &mut Truth<'_>, format: &Format, negative_zero: bool) {
        let mut value = match truth.rounded(format) {
            Ok(value) => value,
            Err(why) => return self.unanswered(&why),
        };
        let special = truth.value().special().map(Float::is_nan);
        let mut unsigned = None;
        if value.is_zero() && special.is_none() {
            match truth.sign() {
                Ok(Ordering::Less) => value = -Float::new(format.precision()),
                Ok(_) if negative_zero => value = -Float::new(format.precision()),
                Ok(_) => {}
                Err(why) => unsigned = Some(why),
            }
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
        self.describe(format, &value);
        self.encoding = match unsigned {
            None => format
                .encode(&value)
                .and_then(|bits| Encoding::of(format, &bits)),
            Some(why) => {
                self.note(format!("whether this is 0 or -0 is not known: {why}"));
                None
            }
        };
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
    pub(super) fn decode(&mut self, format: &Format, bits: &Integer) -> bool {
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

fn as_text<S: Serializer>(integer: &Option<Integer>, serializer: S) -> Result<S::Ok, S::Error> {
    integer
        .as_ref()
        .map(Integer::to_string)
        .serialize(serializer)
}
