//! Enclosures as text: the lower bound printed downward, the upper upward.

use super::{Defined, Enclosure};
use rug::Float;
use rug::float::Round;
use std::fmt;

/// Digits that [`fmt::Display`] shows at most, unless a precision is asked for.
const SHOWN_DIGITS: usize = 40;

impl Enclosure {
    /// The bounds in decimal, to so many significant digits: the lower rounded
    /// down, the upper rounded up, so that the text encloses the value as well.
    /// Zeros at the end of a fraction are dropped.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let mut pi = Enclosure::new(53);
    /// pi.assign_pi();
    /// assert_eq!(pi.bounds_decimal(5), ("3.1415".to_string(), "3.1416".to_string()));
    /// ```
    pub fn bounds_decimal(&self, digits: usize) -> (String, String) {
        (
            decimal(&self.lo, digits, Round::Down),
            decimal(&self.hi, digits, Round::Up),
        )
    }
}

fn decimal(x: &Float, digits: usize, round: Round) -> String {
    if x.is_nan() {
        return "NaN".to_string();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    if x.is_zero() {
        return "0".to_string();
    }
    let (_, text, exponent) = x.to_sign_string_exp_round(10, Some(digits.max(1)), round);
    // 0.d₁d₂… × 10^exponent
    let exponent = i64::from(exponent.unwrap_or(0));
    let text = text.trim_end_matches('0');
    let count = text.len() as i64;
    if !(-5..=21).contains(&exponent) {
        let (first, rest) = text.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}e{}", exponent - 1);
    }
    if exponent <= 0 {
        let zeros = "0".repeat(-exponent as usize);
        return format!("{sign}0.{zeros}{text}");
    }
    if count <= exponent {
        let zeros = "0".repeat((exponent - count) as usize);
        return format!("{sign}{text}{zeros}");
    }
    let (whole, fraction) = text.split_at(exponent as usize);
    format!("{sign}{whole}.{fraction}")
}

impl fmt::Display for Enclosure {
    /// `[lo, hi]`, bounds printed outward, with `?` behind it where the value may
    /// be undefined; `undefined` where it is. `{:.5}` shows five digits;
    /// otherwise as many as the precision fills, at most forty.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // p bits fill ⌈p·log₁₀ 2⌉ digits, 0.30103 > log₁₀ 2.
        let filled = u64::from(self.precision()) * 30_103 / 100_000 + 1;
        let digits = f.precision().unwrap_or((filled as usize).min(SHOWN_DIGITS));
        let (lo, hi) = self.bounds_decimal(digits);
        match self.defined {
            Defined::Surely => write!(f, "[{lo}, {hi}]"),
            Defined::Maybe => write!(f, "[{lo}, {hi}]?"),
            Defined::Never => f.write_str("undefined"),
        }
    }
}
