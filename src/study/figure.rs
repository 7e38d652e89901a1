//! Numbers as a result carries them: text that loses nothing.

use crate::format::{Format, hexadecimal, shortest_decimal};
use crate::measure::outward;
use crate::truth::{Truth, Unanswered};
use rug::Float;
use rug::float::Round;
use serde::Serialize;

/// A number of a format: the shortest decimal that reads back to it (an integer
/// below 10^21 in full: 448 and 65504, not 450 and 65500), and its exact value in
/// hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Decimal, round-trips in the format.
    pub decimal: String,
    /// Hexadecimal, exact.
    pub hex: String,
}

impl Figure {
    /// The figure for a number of a format.
    pub fn new(format: &Format, value: &Float) -> Self {
        let whole = value
            .to_integer()
            .filter(|_| value.is_integer() && !value.is_zero() && *value.as_abs() < 1e21);
        Figure {
            decimal: match whole {
                Some(whole) => whole.to_string(),
                None => shortest_decimal(format, value),
            },
            hex: hexadecimal(value),
        }
    }
}

/// What became of the question for an exact value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is enclosed as narrowly as was asked for.
    Certified,
    /// It is proved not to exist.
    Undefined,
    /// The budget did not suffice.
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
    /// A bound with somewhat more than `digits` decimal digits.
    fn new(x: &Float, round: Round, digits: usize) -> Self {
        let bits = (digits as f64 * std::f64::consts::LOG2_10) as u32 + 16;
        let (bound, _) = Float::with_val_round(bits, x, round);
        Bound {
            decimal: outward(&bound, round, digits + 3),
            hex: hexadecimal(&bound),
        }
    }
}

/// What is known of an exact value.
#[derive(Clone, Debug, Serialize)]
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
