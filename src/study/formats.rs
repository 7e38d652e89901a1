//! What the formats are.

use super::SCHEMA;
use super::digits::ExactDecimal;
use crate::format::{Format, NAMED_FORMATS, hexadecimal};
use rug::{Float, Integer};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// The result of [`formats`].
#[derive(Clone, Debug, Serialize)]
pub struct FormatTable {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// One entry for each format, in order.
    pub formats: Vec<FormatFacts>,
}

/// What a format is.
#[derive(Clone, Debug, Serialize)]
pub struct FormatFacts {
    /// Its name, with its modes.
    pub name: String,
    /// Other names of it.
    pub also: Vec<&'static str>,
    /// The width of an encoding in bits.
    pub width: Option<u32>,
    /// The width of the exponent field.
    pub exponent_bits: Option<u32>,
    /// What the exponent field has more than the exponent.
    pub bias: Option<i32>,
    /// The precision p in bits, the leading one included.
    pub precision: u32,
    /// The exponent of the least normal number.
    pub emin: i32,
    /// The exponent of the largest number.
    pub emax: i32,
    /// The unit roundoff u, to nearest, is 2 to this power: −p.
    pub unit_roundoff_exponent: i64,
    /// u itself.
    pub unit_roundoff: Constant,
    /// The largest finite number.
    pub largest: Constant,
    /// The least positive normal number.
    pub least_normal: Constant,
    /// The least positive subnormal number.
    pub least_subnormal: Option<Constant>,
    /// Whether it has infinities.
    pub infinity: bool,
    /// Whether it has NaN.
    pub nan: bool,
    /// How many finite numbers it has, ±0 taken as one.
    #[serde(serialize_with = "as_text")]
    pub finite_numbers: Option<Integer>,
}

/// A number to be written with all its digits, and in hexadecimal.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant(ExactDecimal);

impl Constant {
    fn new(value: &Float) -> Self {
        Constant(ExactDecimal::new(value))
    }

    /// The number.
    pub fn value(&self) -> &Float {
        self.0.value()
    }

    /// Its decimal digits.
    pub fn decimal(&self) -> &ExactDecimal {
        &self.0
    }

    /// Its exact value in hexadecimal.
    pub fn hex(&self) -> String {
        hexadecimal(self.value())
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_struct("Constant", 2)?;
        pair.serialize_field("decimal", &self.0)?;
        pair.serialize_field("hex", &self.hex())?;
        pair.end()
    }
}

/// What these formats are; all that have a name of their own where none is
/// given.
///
/// ```
/// use ulpscope::format::Format;
/// let table = ulpscope::study::formats(&[Format::F16]);
/// assert_eq!(*table.formats[0].largest.value(), 65504);
/// assert_eq!(table.formats[0].also.last(), Some(&"binary16"));
/// ```
pub fn formats(chosen: &[Format]) -> FormatTable {
    let facts = if chosen.is_empty() {
        let named = NAMED_FORMATS.iter();
        named.map(|row| FormatFacts::of(&row.format)).collect()
    } else {
        chosen.iter().map(FormatFacts::of).collect()
    };
    FormatTable {
        schema: SCHEMA,
        study: "formats",
        formats: facts,
    }
}

impl FormatFacts {
    fn of(format: &Format) -> Self {
        let precision = format.precision();
        let plain = format.nearest();
        let named = NAMED_FORMATS.iter().find(|row| row.format == plain);
        let mpfr = format.is_mpfr();
        let unit = Float::with_val(precision, 1) >> precision;
        let finite = format.ordinal(&format.largest());
        FormatFacts {
            name: format.to_string(),
            also: named.map_or(Vec::new(), |row| row.aliases.to_vec()),
            width: format.width(),
            exponent_bits: (!mpfr).then(|| format.exponent_bits()),
            bias: format.bias(),
            precision,
            emin: format.emin(),
            emax: format.emax(),
            unit_roundoff_exponent: -i64::from(precision),
            unit_roundoff: Constant::new(&unit),
            largest: Constant::new(&format.largest()),
            least_normal: Constant::new(&format.least_normal()),
            least_subnormal: (!mpfr).then(|| Constant::new(&format.least())),
            infinity: format.has_infinity(),
            nan: format.has_nan(),
            finite_numbers: finite.map(|count| count * 2u32 + 1u32),
        }
    }

    /// What it holds beside finite numbers, in a word.
    pub fn specials(&self) -> &'static str {
        match (self.infinity, self.nan) {
            (true, _) => "inf, NaN",
            (false, true) => "NaN",
            (false, false) => "none",
        }
    }
}

fn as_text<S: Serializer>(integer: &Option<Integer>, serializer: S) -> Result<S::Ok, S::Error> {
    integer
        .as_ref()
        .map(Integer::to_string)
        .serialize(serializer)
}
