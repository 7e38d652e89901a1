//! Numbers of few digits between others: where cells are split, and how
//! counterexamples are written. `None` stands for what is too great or too small.

use crate::format::exponent_of_rational;
use rug::Rational;
use rug::ops::Pow;

/// No number has a greater exponent, either way.
const MOST_EXPONENT: i32 = 1 << 20;

fn power_of_two(e: i32) -> Option<Rational> {
    if e.abs() > MOST_EXPONENT {
        return None;
    }
    let one = Rational::from(1);
    Some(if e >= 0 {
        one << e.unsigned_abs()
    } else {
        one >> e.unsigned_abs()
    })
}

/// A number above a: 0, 1, or about a².
pub fn beyond(a: &Rational) -> Option<Rational> {
    if *a < 0 {
        return Some(Rational::new());
    }
    if *a < 1 {
        return Some(Rational::from(1));
    }
    // 2^e ≤ a < 2^(e+1)
    let e = exponent_of_rational(a)?;
    power_of_two((2 * e).max(e + 1))
}

/// A number between a and b, 0 ≤ a < b, where an open 0 is not reached.
pub fn between(a: &Rational, b: &Rational, open: bool) -> Option<Rational> {
    let high = exponent_of_rational(b)?;
    match exponent_of_rational(a) {
        // Towards an open 0 the cells get smaller fast.
        None if open && high < -2 => power_of_two(2 * high),
        None if open => power_of_two(high.min(0) - 2),
        Some(low) if high - low > 8 => power_of_two(low + (high - low) / 2),
        _ => simple(a, b),
    }
}

/// A number of few bits in the middle half of [a, b].
fn simple(a: &Rational, b: &Rational) -> Option<Rational> {
    let quarter = Rational::from(b - a) >> 2u32;
    let (low, half) = (
        Rational::from(a + &quarter),
        Rational::from(&quarter << 1u32),
    );
    // 2^e ≤ half: a multiple of 2^e lies in every interval of that width.
    let e = exponent_of_rational(&half)?;
    let unit = power_of_two(e)?;
    let steps = Rational::from(&low / &unit);
    Some(Rational::from(steps.ceil_ref()) * unit)
}

/// The nearest number of so many significant decimal digits, or nearly so many;
/// `None` for 0 and for what is too great or too small to be written out.
pub fn rounded_decimal(x: &Rational, digits: u32) -> Option<Rational> {
    let exponent = exponent_of_rational(x)?;
    if exponent.abs() > 1 << 14 {
        return None;
    }
    let leading = (f64::from(exponent) * std::f64::consts::LOG10_2).floor() as i32;
    let unit = Rational::from(10).pow(leading + 1 - digits as i32);
    let steps = Rational::from(x / &unit);
    Some(Rational::from(steps.round_ref()) * unit)
}
