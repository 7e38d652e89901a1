//! Numbers as FPCore writes them.

use crate::formula::{Literal, LiteralError};
use rug::{Integer, Rational};
use std::sync::Arc;

/// Whether a word is a number, or means to be one.
pub fn begins(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// A number as FPCore writes it: a decimal, a hexadecimal one, or a quotient.
pub fn read(text: &str) -> Result<Arc<Literal>, &'static str> {
    if let Some((numerator, denominator)) = text.split_once('/') {
        let whole = |text: &str| {
            let digits = text.trim_start_matches(['+', '-']);
            let fits = text.len() <= 100_000 && digits.len() + 1 >= text.len();
            let good = fits && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            good.then(|| text.trim_start_matches('+').parse::<Integer>().ok())
                .flatten()
        };
        return match (whole(numerator), whole(denominator)) {
            (Some(_), Some(d)) if d == 0 => Err("its denominator is 0"),
            (Some(n), Some(d)) => Ok(Arc::new(Literal::from_value(Rational::from((n, d))))),
            _ => Err("a quotient is of two whole numbers"),
        };
    }
    match Literal::parse(text.strip_prefix('+').unwrap_or(text)) {
        Ok(literal) if !text.ends_with('%') => Ok(Arc::new(literal)),
        Ok(_) => Err("it ends with a %"),
        Err(LiteralError::OutOfRange) => Err("it is out of range"),
        Err(LiteralError::Malformed(_)) => Err("it does not have a number's form"),
    }
}

/// A literal as FPCore writes it: as it stands, if that means the same there.
pub fn write(literal: &Literal) -> String {
    match read(literal.text()) {
        Ok(same) if same.value() == literal.value() => literal.text().to_string(),
        _ => literal.value().to_string(),
    }
}
