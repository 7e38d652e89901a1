//! Numbers as a result carries them: text that loses nothing.

use crate::format::{Format, exact_decimal, hexadecimal, leading_decimal, shortest_decimal};
use crate::measure::outward;
use crate::truth::{Truth, Unanswered};
use rug::Float;
use rug::float::Round;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// The most characters of a number in a table.
const BRIEF_WIDTH: usize = 22;

/// A number of a format, to be written: as the decimal that reads back to it, and
/// as its exact value in hexadecimal.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    format: Format,
    value: Float,
}

impl Figure {
    /// The figure for a number of a format.
    pub fn new(format: &Format, value: &Float) -> Self {
        Figure {
            format: *format,
            value: value.clone(),
        }
    }

    /// The number.
    pub fn value(&self) -> &Float {
        &self.value
    }

    /// The exact value, where it has nine digits at most or is an integer below
    /// 10^21 (8.3203125 and 65504 are numbers of f16, though 8.32 and 65500
    /// would read back to them); otherwise the shortest decimal that reads back
    /// to it in the format.
    pub fn decimal(&self) -> String {
        self.hardware_decimal()
            .unwrap_or_else(|| self.any_decimal())
    }

    fn any_decimal(&self) -> String {
        let value = &self.value;
        // A huge number is not written out as an integer.
        let small = *value.as_abs() < 1e21 && !value.is_zero() && value.is_integer();
        match small.then(|| value.to_integer()).flatten() {
            Some(whole) => whole.to_string(),
            None => {
                exact_decimal(value, 9).unwrap_or_else(|| shortest_decimal(&self.format, value))
            }
        }
    }

    /// The same for most numbers of binary32 and binary64, by the standard library.
    fn hardware_decimal(&self) -> Option<String> {
        let x = self.value.to_f64();
        let size = x.abs();
        // Multiples of 2^−13 may have nine digits exactly.
        let long = (size * 8192.0).trunc() != size * 8192.0;
        let usual = size > 1e-300 && size < 1e17;
        if !(long && usual) {
            return None;
        }
        match self.format {
            Format::F32 if size > 1e-37 => {
                let x = x as f32;
                Some(if x.abs() >= 1e-5 {
                    x.to_string()
                } else {
                    format!("{x:e}")
                })
            }
            Format::F64 if size >= 1e-5 => Some(x.to_string()),
            Format::F64 => Some(format!("{x:e}")),
            _ => None,
        }
    }

    /// The exact value in hexadecimal.
    pub fn hex(&self) -> String {
        hexadecimal(&self.value)
    }

    /// The decimal cut to what fits a table, with an ellipsis for the rest. Digits
    /// are cut off, not rounded.
    pub fn brief(&self) -> String {
        // Of a long number no more digits are made than are shown.
        if self.format.precision() > 72
            && let Some(text) = leading_decimal(&self.format, &self.value, BRIEF_WIDTH + 3)
        {
            return shortened(text.trim_end_matches('…'), BRIEF_WIDTH);
        }
        shortened(&self.decimal(), BRIEF_WIDTH)
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut figure = serializer.serialize_struct("Figure", 2)?;
        figure.serialize_field("decimal", &self.decimal())?;
        figure.serialize_field("hex", &self.hex())?;
        figure.end()
    }
}

/// A decimal cut to the digits that fit, its exponent kept. What would lose more
/// than digits behind the point stays whole.
pub fn shortened(decimal: &str, width: usize) -> String {
    let whole = decimal.to_string();
    if decimal.chars().count() <= width || decimal.contains(' ') {
        return whole;
    }
    let (digits, exponent) = match decimal.split_once('e') {
        Some((digits, exponent)) => (digits, format!("e{exponent}")),
        None => (decimal, String::new()),
    };
    let digits = digits.trim_end_matches('…');
    let keep = width.saturating_sub(1 + exponent.len()).min(digits.len());
    let least = digits.find('.').map_or(digits.len(), |point| point + 2);
    if keep < least {
        return whole;
    }
    format!("{}…{exponent}", &digits[..keep])
}

/// What became of the question for an exact value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is enclosed as narrowly as was asked for.
    Certified,
    /// It is proved not to exist.
    Undefined,
    /// The budget did not suffice.
    #[default]
    Undecided,
}

/// A bound of an exact value: the hexadecimal form is the bound itself, the
/// decimal one is rounded outward from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Decimal.
    pub decimal: String,
    /// Hexadecimal.
    pub hex: String,
}

impl Bound {
    /// Whether it is a number.
    pub fn is_finite(&self) -> bool {
        !self.hex.contains(['i', 'n'])
    }

    /// A bound with somewhat more than `digits` decimal digits.
    pub(super) fn new(x: &Float, round: Round, digits: usize) -> Self {
        Self::of_digits(x, round, digits + 3)
    }

    /// A bound with so many decimal digits at most.
    pub(super) fn of_digits(x: &Float, round: Round, digits: usize) -> Self {
        let digits_before = digits.saturating_sub(3) as f64;
        let bits = (digits_before * std::f64::consts::LOG2_10) as u32 + 16;
        let (bound, _) = Float::with_val_round(bits, x, round);
        Bound {
            decimal: outward(&bound, round, digits),
            hex: hexadecimal(&bound),
        }
    }
}

/// What is known of an exact value.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Exact {
    /// Whether the value is certified, undefined or undecided.
    pub status: Status,
    /// Certified decimal digits; an ellipsis where more follow.
    pub digits: Option<String>,
    /// A lower bound of the value.
    pub lower: Option<Bound>,
    /// An upper bound of the value.
    pub upper: Option<Bound>,
    /// Why there are no digits.
    pub reason: Option<String>,
    /// The working precision that decided it, in bits.
    pub precision: u32,
}

impl Exact {
    /// The value to `digits` decimal digits.
    pub fn of(truth: &mut Truth<'_>, digits: usize) -> Self {
        let answer = truth.digits(digits);
        let enclosure = truth.value().enclosure();
        // A value that may not exist lies nowhere for certain.
        let bounded = enclosure.is_surely() && (answer.is_ok() || enclosure.is_bounded());
        // Where there are no digits, a few tell where the value lies.
        let kept = if answer.is_ok() { digits } else { 6 };
        let bounds = bounded.then(|| {
            (
                Bound::new(enclosure.lo(), Round::Down, kept),
                Bound::new(enclosure.hi(), Round::Up, kept),
            )
        });
        let (lower, upper) = bounds.unzip();
        let (status, digits, reason) = match answer {
            Ok(digits) => (Status::Certified, Some(digits.to_string()), None),
            Err(why @ Unanswered::Undefined { .. }) => {
                (Status::Undefined, None, Some(why.to_string()))
            }
            Err(why @ Unanswered::Undecided { .. }) => {
                (Status::Undecided, None, Some(why.to_string()))
            }
        };
        Exact {
            status,
            digits,
            lower,
            upper,
            reason,
            precision: truth.precision(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all sizes, and those at which the way of writing changes, with
    /// their neighbours.
    fn numbers() -> impl Iterator<Item = f64> {
        let corners = [
            1e-5, 1e-4, 1e-300, 1e-37, 1e17, 1e21, 8.3203125, 0.1, 1.0, 65504.0,
        ];
        let mut bits: u64 = 0x9e37_79b9_7f4a_7c15;
        let random = std::iter::repeat_with(move || {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            f64::from_bits(bits)
        });
        let near = corners.into_iter().flat_map(|x: f64| {
            let narrow = x as f32;
            let narrow = [narrow.next_down(), narrow, narrow.next_up()].map(f64::from);
            [x.next_down(), x, x.next_up()].into_iter().chain(narrow)
        });
        near.chain(random.take(2000)).filter(|x| x.is_finite())
    }

    #[test]
    fn the_standard_librarys_decimals_are_ours() {
        let mut by_hardware = 0;
        for x in numbers() {
            for (format, x) in [(Format::F64, x), (Format::F32, f64::from(x as f32))] {
                let figure = Figure::new(&format, &Float::with_val(format.precision(), x));
                if let Some(text) = figure.hardware_decimal() {
                    assert_eq!(text, figure.any_decimal(), "{format} {x:e}");
                    by_hardware += 1;
                }
            }
        }
        assert!(by_hardware > 1000, "{by_hardware}");
    }
}
