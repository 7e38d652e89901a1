//! Numbers as FPCore writes them.

use super::file::File;
use super::reader::ItemId;
use crate::formula::{Diagnostic, Literal, LiteralError};
use rug::{Integer, Rational};
use std::sync::Arc;

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

/// `(digits m e b)` is m·b^e.
pub fn digits(
    file: &File<'_>,
    operands: &[ItemId],
    item: ItemId,
) -> Result<Arc<Literal>, Diagnostic> {
    let span = file.span(item);
    let wrong = |why: &str| {
        Diagnostic::new(why)
            .at(span)
            .help("(digits m e b) is m·b^e, of whole numbers, b at least 2")
    };
    let whole = |id: &ItemId| file.text(*id).parse::<Integer>().ok();
    let numbers: Option<Vec<Integer>> = operands.iter().map(whole).collect();
    let Some([m, e, b]) = numbers.as_deref() else {
        return Err(wrong("`digits` takes three whole numbers"));
    };
    let (Some(e), Some(b)) = (e.to_i32(), b.to_u32().filter(|b| *b >= 2)) else {
        return Err(wrong("this is out of range"));
    };
    // No larger than a decimal may be.
    if u64::from(e.unsigned_abs()) * u64::from(b.ilog2() + 1) > 1 << 22 {
        return Err(wrong("this number is out of range"));
    }
    let power = Integer::from(Integer::u_pow_u(b, e.unsigned_abs()));
    let value = match e < 0 {
        true => Rational::from((m.clone(), power)),
        false => Rational::from(m * power),
    };
    Ok(Arc::new(Literal::from_value(value)))
}

/// A literal as FPCore writes it: as it stands, if that means the same there.
pub fn write(literal: &Literal) -> String {
    match read(literal.text()) {
        Ok(same) if same.value() == literal.value() => literal.text().to_string(),
        _ => literal.value().to_string(),
    }
}
