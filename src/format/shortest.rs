//! Numbers of a format as text that reads back to the same number.

use super::{Format, Numeral};
use rug::Float;
use rug::float::Round;
use std::cmp::Ordering;

/// The precision in bits up to which the fewest digits are looked for.
const MOST_BITS_SHORTENED: u32 = 4096;

/// The digits and the decimal exponent of a number's magnitude:
/// d.ddd × 10^exponent.
fn digits_of(x: &Float, count: usize, round: Round) -> (String, i64) {
    let (_, digits, exponent) = x.to_sign_string_exp_round(10, Some(count), round);
    (digits, i64::from(exponent.unwrap_or(1)) - 1)
}

/// The fewest decimal digits that the format rounds to `x` (to nearest even),
/// and the nearest to it among these, either of two: `0.1` for the double nearest 1/10. Reading
/// into a format that saturates, no number above the largest counts. Above 4096
/// bits of precision, as many digits as always serve.
///
/// The decimals of n digits are among those of n + 1, so the count is found by
/// bisection. At a power of two the numbers below lie closer than those above:
/// there the nearest decimal of n digits may belong to the number below, and the
/// next one above still to x.
///
/// ```
/// use ulpscope::format::{Format, shortest_decimal};
/// let x = rug::Float::with_val(53, 0.1);
/// assert_eq!(shortest_decimal(&Format::F64, &x), "0.1");
/// ```
pub fn shortest_decimal(format: &Format, x: &Float) -> String {
    if x.is_nan() {
        return if format.has_nan() { "NaN" } else { "none" }.to_string();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    if x.is_zero() {
        return format!("{sign}0");
    }
    let (digits, exponent) =
        hardware_digits(format, x).unwrap_or_else(|| fewest_digits(format, &x.as_abs()));
    format!("{sign}{}", place_point(&digits, exponent))
}

/// The digits and the exponent of the shortest decimal, for any format.
fn fewest_digits(format: &Format, magnitude: &Float) -> (String, i64) {
    let reader = format.without_saturation();
    let serving = |count| serving_digits(&reader, magnitude, count);
    // Digits that always serve: 1 + ⌈p·log10 2⌉ (Matula 1968; IEEE 754, 5.12.2).
    let mut high = 1 + (f64::from(format.precision()) * std::f64::consts::LOG10_2).ceil() as usize;
    let mut low = 0; // does not serve
    let mut found = digits_of(magnitude, high, Round::Nearest);
    // Looking for fewer digits reads and writes them all again and again, which
    // in thousands of digits is not worth the few that it saves.
    // Most numbers need about as many digits as serve always.
    let mut next = high.saturating_sub(4);
    while high - low > 1 && format.precision() <= MOST_BITS_SHORTENED {
        let middle = if next > low { next } else { (low + high) / 2 };
        next = 0;
        match serving(middle) {
            Some(shorter) => (high, found) = (middle, shorter),
            None => low = middle,
        }
    }
    found
}

/// The same by the standard library, for binary32 and binary64.
fn hardware_digits(format: &Format, x: &Float) -> Option<(String, i64)> {
    let text = match format.storage().nearest().without_saturation() {
        Format::F32 => format!("{:e}", x.to_f32().abs()),
        Format::F64 => format!("{:e}", x.to_f64().abs()),
        _ => return None,
    };
    let (digits, exponent) = text.split_once('e')?;
    let digits = digits.chars().filter(|c| *c != '.').collect();
    Some((digits, exponent.parse().ok()?))
}

/// The digits and the exponent of a decimal of `count` digits that `reader`
/// rounds to a positive number, if there is one.
fn serving_digits(reader: &Format, x: &Float, count: usize) -> Option<(String, i64)> {
    [Round::Nearest, Round::Up].into_iter().find_map(|round| {
        let (digits, exponent) = digits_of(x, count, round);
        let numeral = Numeral {
            negative: false,
            digits: digits.parse().expect("decimal digits"),
            base: 10,
            exponent: exponent - (count as i64 - 1),
        };
        (reader.round_numeral(&numeral) == *x).then_some((digits, exponent))
    })
}

/// The exact value of a finite number, if at most `count` digits write it.
///
/// ```
/// use ulpscope::format::exact_decimal;
/// let x = rug::Float::with_val(24, 8.3203125);
/// assert_eq!(exact_decimal(&x, 8).unwrap(), "8.3203125");
/// assert_eq!(exact_decimal(&x, 7), None);
/// ```
pub fn exact_decimal(x: &Float, count: usize) -> Option<String> {
    if !x.is_finite() || x.is_zero() {
        return None;
    }
    if has_more_digits(x, count) {
        return None;
    }
    let (digits, exponent) = digits_of(&x.as_abs(), count, Round::Zero);
    let text = format!("{digits}e{}", exponent - (count as i64 - 1));
    let parsed = Float::parse(&text).ok()?;
    let (read, ternary) = Float::with_val_round(x.prec(), parsed, Round::Nearest);
    let sign = if x.is_sign_negative() { "-" } else { "" };
    (ternary == Ordering::Equal && read == *x.as_abs())
        .then(|| format!("{sign}{}", place_point(&digits, exponent)))
}

/// Whether a hardware number surely has more decimal digits: with f bits behind
/// the point it is n·5^f·10^−f, which has at least f·log10 5 digits.
fn has_more_digits(x: &Float, count: usize) -> bool {
    if x.prec() > 53 {
        return false;
    }
    let bits = x.to_f64().to_bits();
    let stored = bits & ((1 << 52) - 1);
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let fraction = 52 - i64::from((stored | (1 << 52)).trailing_zeros()) - exponent;
    // Subnormal numbers go the long way.
    exponent > -1023 && exponent < 1024 && fraction as f64 * 0.69 > count as f64
}

/// The first `count` digits of a number that has more of them, with an
/// ellipsis; `None` where so many digits say which number of the format it is.
pub fn leading_decimal(format: &Format, x: &Float, count: usize) -> Option<String> {
    if !x.is_finite() || x.is_zero() {
        return None;
    }
    let magnitude = x.as_abs();
    let (digits, exponent) = match digits_beyond(format, &magnitude, count) {
        Some(found) => found,
        None if serving_digits(&format.without_saturation(), &magnitude, count).is_some() => {
            return None;
        }
        None => digits_of(&magnitude, count, Round::Zero),
    };
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let text = if (-5..count as i64 - 1).contains(&exponent) {
        let mut text = if exponent < 0 {
            format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize))
        } else {
            let (whole, fraction) = digits.split_at(exponent as usize + 1);
            format!("{whole}.{fraction}")
        };
        text.push('…');
        text
    } else {
        let (first, rest) = digits.split_at(1);
        format!("{first}.{rest}…e{exponent}")
    };
    Some(format!("{sign}{text}"))
}

/// The first `count` digits and the exponent of a long number, where the digits
/// behind them show that no decimal of so many digits is near enough to be read
/// as it: nine that are neither all 0 nor all 9.
fn digits_beyond(format: &Format, x: &Float, count: usize) -> Option<(String, i64)> {
    const MORE: usize = 9;
    // Half the distance between two numbers is less than a unit of the last of
    // these digits, where numbers have p bits however small they are.
    let fine =
        f64::from(format.precision() - 1) >= (count + MORE) as f64 * std::f64::consts::LOG2_10;
    if !format.is_mpfr() || !fine {
        return None;
    }
    let (mut digits, exponent) = digits_of(x, count + MORE, Round::Zero);
    let rest = digits.split_off(count);
    let far = !rest.bytes().all(|digit| digit == b'0') && !rest.bytes().all(|digit| digit == b'9');
    far.then_some((digits, exponent))
}

/// Writes d.ddd × 10^exponent plainly where that is short, else with an `e`.
/// Zeros at the end are dropped.
pub(crate) fn place_point(digits: &str, exponent: i64) -> String {
    let digits = match digits.trim_end_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let count = digits.len() as i64;
    if (0..21).contains(&exponent) && (exponent < 17 || count > exponent) {
        if count <= exponent + 1 {
            let zeros = "0".repeat((exponent + 1 - count) as usize);
            return format!("{digits}{zeros}");
        }
        let (whole, fraction) = digits.split_at(exponent as usize + 1);
        return format!("{whole}.{fraction}");
    }
    if (-5..0).contains(&exponent) {
        let zeros = "0".repeat((-exponent - 1) as usize);
        return format!("0.{zeros}{digits}");
    }
    scientific(digits, exponent)
}

/// Writes d.ddd × 10^exponent with an `e`. Zeros at the end are dropped.
pub(crate) fn scientific(digits: &str, exponent: i64) -> String {
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{exponent}")
}

/// The number exactly, in C's hexadecimal form: `0x1.8p3` is 12.
///
/// ```
/// use ulpscope::format::hexadecimal;
/// assert_eq!(hexadecimal(&rug::Float::with_val(53, 12)), "0x1.8p3");
/// assert_eq!(hexadecimal(&rug::Float::with_val(53, -0.0)), "-0x0p0");
/// ```
pub fn hexadecimal(x: &Float) -> String {
    if x.is_nan() {
        return "nan".to_string();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    let Some((significand, exponent)) = x.to_integer_exp().filter(|(s, _)| !s.is_zero()) else {
        return format!("{sign}0x0p0");
    };
    // 1.b₁b₂…: the leading one apart, the rest padded to whole digits.
    let magnitude = significand.abs();
    let bits = magnitude.significant_bits() - 1;
    let padding = (4 - bits % 4) % 4;
    let fraction = (magnitude - (rug::Integer::from(1) << bits)) << padding;
    let width = ((bits + padding) / 4) as usize;
    let text = fraction.to_string_radix(16);
    let padded = format!("{}{text}", "0".repeat(width.saturating_sub(text.len())));
    let digits = if width == 0 {
        ""
    } else {
        padded.trim_end_matches('0')
    };
    let point = if digits.is_empty() { "" } else { "." };
    let exponent = i64::from(exponent) + i64::from(bits);
    format!("{sign}0x1{point}{digits}p{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::{Integer, Rational};

    fn distance((digits, exponent): &(String, i64), x: &Float) -> Rational {
        let digits: Integer = digits.parse().unwrap();
        let power = exponent + 1 - digits.to_string().len() as i64;
        let scale = Rational::from(Integer::from(Integer::u_pow_u(
            10,
            power.unsigned_abs() as u32,
        )));
        let decimal = if power < 0 {
            digits / scale
        } else {
            digits * scale
        };
        (decimal - x.to_rational().unwrap()).abs()
    }

    /// What the standard library writes is what the search finds, or as near to
    /// the number: for random ones, powers of two and subnormal ones.
    #[test]
    fn hardware_finds_the_same_digits() {
        let mut bits: u64 = 0x2545_f491_4f6c_dd1d;
        let random = std::iter::repeat_with(|| {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            bits
        });
        let powers = (0..2047).map(|e: u64| e << 52);
        let tiny = 1..50;
        let all: Vec<u64> = random.take(2000).chain(powers).chain(tiny).collect();
        let mut compared = 0;
        for bits in all {
            let narrow = f32::from_bits((bits >> 29) as u32 ^ bits as u32);
            let numbers = [
                (Format::F64, f64::from_bits(bits).abs()),
                (Format::F32, f64::from(narrow).abs()),
            ];
            for (format, x) in numbers {
                if !x.is_finite() || x == 0.0 {
                    continue;
                }
                let x = Float::with_val(format.precision(), x);
                let own = fewest_digits(&format, &x);
                let theirs = hardware_digits(&format, &x).unwrap();
                if own.0.trim_end_matches('0') != theirs.0 || own.1 != theirs.1 {
                    let apart = |decimal: &(String, i64)| distance(decimal, &x);
                    assert_eq!(own.0.len(), theirs.0.len(), "{format} {x:?}");
                    assert_eq!(apart(&own), apart(&theirs), "{format} {x:?}");
                }
                compared += 1;
            }
        }
        assert!(compared > 6000, "{compared}");
    }
}
