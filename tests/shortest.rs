//! The shortest decimal against trying every number of digits.

mod random;

use random::SplitMix;
use rug::float::Round;
use rug::{Float, Rational};
use ulpscope::format::{Format, Numeral, leading_decimal, shortest_decimal};

/// The decimal of so many digits that `format` reads as `x`, if there is one.
fn serving(format: &Format, x: &Float, count: usize) -> Option<String> {
    [Round::Nearest, Round::Up].into_iter().find_map(|round| {
        let (_, digits, exponent) = x.to_sign_string_exp_round(10, Some(count), round);
        let exponent = i64::from(exponent?) - count as i64;
        let text = format!("{digits}e{exponent}");
        let numeral = Numeral::parse(&text).ok()?;
        (format.round_numeral(&numeral) == *x).then_some(text)
    })
}

/// The least number of digits that serves, by trying them all.
fn fewest(format: &Format, x: &Float) -> String {
    (1..).find_map(|count| serving(format, x, count)).unwrap()
}

fn check(format: &Format, x: &Float) {
    let text = shortest_decimal(format, x);
    let plain = fewest(format, x);
    let read = |text: &str| Float::parse(text).unwrap();
    let wide = 4 * format.precision() + 200;
    let value = |text: &str| Float::with_val(wide, read(text));
    assert_eq!(
        value(&text),
        value(&plain),
        "{format}: {text} against {plain}"
    );
}

#[test]
fn random_numbers_at_many_precisions() {
    let mut random = SplitMix(20_261_124);
    for precision in [2, 3, 5, 8, 11, 24, 53, 64, 72, 73, 100, 113, 237, 500, 1000] {
        let format = Format::mpfr(precision).unwrap();
        for _ in 0..(2000 / precision).max(6) {
            check(&format, &random_number(precision, &mut random));
        }
    }
}

/// Numbers that few digits write, and the powers of two, where the numbers
/// below lie closer.
#[test]
fn simple_numbers_and_powers_of_two() {
    for precision in [2, 8, 24, 53, 113, 300, 700] {
        let format = Format::mpfr(precision).unwrap();
        let tenths = [
            (1, 2),
            (1, 10),
            (3, 10),
            (1, 3),
            (7, 1000),
            (123_456_789, 1),
            (1, 625),
        ];
        for fraction in tenths {
            check(&format, &format.round_rational(&Rational::from(fraction)));
        }
        for power in [-300, -44, -1, 0, 1, 9, 44, 89, 300] {
            check(&format, &(Float::with_val(precision, 1) << power));
        }
    }
    for (format, least) in [
        (Format::F16, -24),
        (Format::F32, -149),
        (Format::F64, -1074),
    ] {
        check(&format, &(Float::with_val(format.precision(), 1) << least));
        check(&format, &format.largest());
    }
}

/// Cut digits are the number's own, and are cut only where so many do not read
/// back to it.
#[test]
fn leading_digits() {
    let mut random = SplitMix(7);
    let count = 25;
    for precision in [80, 113, 114, 115, 120, 200, 1000] {
        let format = Format::mpfr(precision).unwrap();
        let numbers = (0..20).map(|_| random_number(precision, &mut random));
        let mut numbers: Vec<Float> = numbers.collect();
        for text in ["0.1", "1e-40", "1234567890123456789012345", "0.3", "1e30"] {
            let x = Float::with_val(precision, Float::parse(text).unwrap());
            let (mut above, mut below) = (x.clone(), x.clone());
            above.next_up();
            below.next_down();
            numbers.extend([x, above, below]);
        }
        for x in &numbers {
            match leading_decimal(&format, x, count) {
                None => assert!(serving(&format, x, count).is_some(), "{precision}: {x}"),
                Some(text) => {
                    assert!(serving(&format, x, count).is_none(), "{precision}: {x}");
                    let digits: String = text.chars().filter(|&c| c != '…').collect();
                    let cut = Float::with_val(2000, Float::parse(&digits).unwrap());
                    let next = Float::with_val(2000, &cut + 1e-23 * cut.clone());
                    assert!(cut <= *x && *x < next, "{precision}: {text} for {x}");
                }
            }
        }
    }
}

/// A positive number with every bit random, near 1 or far from it.
fn random_number(precision: u32, random: &mut SplitMix) -> Float {
    let mut significand = rug::Integer::from(1);
    while significand.significant_bits() < precision {
        significand = (significand << 32) + (random.next() >> 32);
    }
    let power = (random.next() % 401) as i32 - 200;
    let length = significand.significant_bits() as i32;
    Float::with_val(precision, significand) << (power - length)
}
