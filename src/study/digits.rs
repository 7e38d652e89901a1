//! A number with all its decimal digits.

use crate::format::{exact_decimal, place_point};
use crate::truth::CertifiedDecimal;
use rug::ops::Pow;
use rug::{Float, Integer};
use serde::{Serialize, Serializer};

/// The most digits that are written out. A number of f256 has fewer.
const MOST: f64 = 200_000.0;

/// A number's exact value in decimal.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactDecimal(Float);

impl ExactDecimal {
    /// The exact value of a number.
    pub fn new(value: &Float) -> Self {
        ExactDecimal(value.clone())
    }

    /// The number.
    pub fn value(&self) -> &Float {
        &self.0
    }

    /// The value if `count` digits write it, else its first `count` digits and
    /// an ellipsis.
    pub fn cut(&self, count: usize) -> String {
        let x = &self.0;
        if let Some(special) = without_digits(x) {
            return special;
        }
        exact_decimal(x, count)
            .or_else(|| CertifiedDecimal::between(x, x, count).map(|digits| digits.to_string()))
            .unwrap_or_default()
    }

    /// All digits; `None` where they are more than 200,000.
    pub fn full(&self) -> Option<String> {
        let x = &self.0;
        if let Some(special) = without_digits(x) {
            return Some(special);
        }
        let (significand, exponent) = x.to_integer_exp()?;
        // m·2^k with an odd m.
        let zeros = significand.find_one(0)?;
        let odd = significand.abs() >> zeros;
        let exponent = i64::from(exponent) + i64::from(zeros);
        let power = u32::try_from(exponent.unsigned_abs()).ok()?;
        let per_power = if exponent < 0 { 5.0_f64 } else { 2.0 }.log10();
        let length = f64::from(odd.significant_bits()) * std::f64::consts::LOG10_2
            + f64::from(power) * per_power;
        if length > MOST {
            return None;
        }
        let (digits, behind_point) = if exponent < 0 {
            (odd * Integer::from(5).pow(power), i64::from(power))
        } else {
            (odd << power, 0)
        };
        let text = digits.to_string();
        let sign = if x.is_sign_negative() { "-" } else { "" };
        let first = text.len() as i64 - 1 - behind_point;
        Some(format!("{sign}{}", place_point(&text, first)))
    }
}

/// What is written without digits of its own.
fn without_digits(x: &Float) -> Option<String> {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    match (x.is_nan(), x.is_infinite(), x.is_zero()) {
        (true, _, _) => Some("NaN".into()),
        (_, true, _) => Some(format!("{sign}inf")),
        (_, _, true) => Some(format!("{sign}0")),
        _ => None,
    }
}

/// All digits, or null.
impl Serialize for ExactDecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.full().serialize(serializer)
    }
}
