//! Numbers as text: shortest decimals against the standard library's, and
//! decimals and hexadecimals that read back.

use crate::random::Random;
use crate::{all_numbers, exact, format, same};
use rug::Float;
use rug::float::Round;
use ulpscope::format::{Format, Numeral, hexadecimal, shortest_decimal};

fn read(format: &Format, text: &str) -> Float {
    let numeral = Numeral::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    format.nearest().round_numeral(&numeral)
}

/// The number of digits that are significant.
fn digits(text: &str) -> usize {
    let numeral = Numeral::parse(text).expect("a numeral");
    numeral.digits.to_string().trim_end_matches('0').len()
}

/// The standard library prints the fewest digits, and the nearest of these.
#[test]
fn shortest_is_the_standard_librarys() {
    let mut random = Random::new();
    let powers_of_two = (-1074..1024).map(|e| Float::with_val(53, 1) << e);
    let singles = (-149..128).map(|e| Float::with_val(24, 1) << e);
    let random_doubles = (0..5_000).map(|_| random.number(&Format::F64));
    let doubles: Vec<Float> = powers_of_two.chain(random_doubles).collect();
    let random_singles = (0..5_000).map(|_| random.number(&Format::F32));
    let singles: Vec<Float> = singles.chain(random_singles).collect();
    for (format, numbers) in [(Format::F64, doubles), (Format::F32, singles)] {
        for x in numbers.iter().filter(|x| x.is_finite()) {
            let found = shortest_decimal(&format, x);
            let expected = if format == Format::F64 {
                format!("{:e}", x.to_f64())
            } else {
                format!("{:e}", x.to_f32())
            };
            let (a, b) = (exact(&found), exact(&expected));
            // Of two that are equally near it takes the greater magnitude, we the even.
            let tie = a.clone() + &b == x.to_rational().expect("finite") * 2_u32;
            assert!(
                a == b || (tie && digits(&found) == digits(&expected)),
                "{format}: {found} {expected}"
            );
            assert!(same(&read(&format, &found), x), "{format}: {found}");
        }
    }
}

/// No decimal of fewer digits reads back.
#[test]
fn shortest_of_every_f16() {
    for x in all_numbers(&Format::F16) {
        if x.is_nan() {
            assert_eq!(shortest_decimal(&Format::F16, &x), "NaN");
            continue;
        }
        let text = shortest_decimal(&Format::F16, &x);
        if x.is_infinite() {
            assert!(text.ends_with("inf"), "{text}");
            continue;
        }
        assert!(same(&read(&Format::F16, &text), &x), "{text}");
        let count = digits(&text);
        if count > 1 {
            for round in [Round::Down, Round::Up] {
                let shorter = x.to_string_radix_round(10, Some(count - 1), round);
                assert_ne!(read(&Format::F16, &shorter), x, "{text}: {shorter}");
            }
        }
    }
}

#[test]
fn shortest_reads_back() {
    let mut random = Random::new();
    for name in [
        "mpfr:113", "f80", "f128", "bf16", "tf32", "f8e4m3fn", "e20m8",
    ] {
        let format = format(name);
        for _ in 0..1_000 {
            let x = match name {
                "mpfr:113" => random.number(&Format::F128),
                _ => random.number(&format),
            };
            let text = shortest_decimal(&format, &x);
            if x.is_finite() {
                assert!(
                    same(&read(&format, &text), &x),
                    "{name}: {text} {}",
                    random.seed()
                );
            }
        }
    }
}

/// What saturates is no reading of a shorter number: 7.5, not 8.
#[test]
fn shortest_where_formats_saturate() {
    for (name, expected) in [
        ("f4e2m1fn", "0 0.5 1 1.5 2 3 4 6"),
        (
            "f6e3m2fn",
            "0 0.06 0.1 0.2 0.25 0.3 0.4 0.44 0.5 0.6 0.8 0.9 1 1.2 1.5 1.8 2 2.5 3 3.5 4 5 6 7 8 \
             10 12 14 16 20 24 28",
        ),
    ] {
        let format = format(name);
        let found: Vec<String> = all_numbers(&format)
            .iter()
            .filter(|x| !x.is_sign_negative())
            .map(|x| shortest_decimal(&format, x))
            .collect();
        assert_eq!(found.join(" "), expected, "{name}");
    }
    let largest = format("f6e2m3fn").largest();
    assert_eq!(shortest_decimal(&format("f6e2m3fn"), &largest), "7.5");
}

#[test]
fn layout() {
    for (x, expected) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (-12.5, "-12.5"),
        (100.0, "100"),
        (1e16, "10000000000000000"),
        (1e17, "1e17"),
        (123456789012345680.0, "1.2345678901234568e17"),
        (1e21, "1e21"),
        (0.001, "0.001"),
        (0.00012, "0.00012"),
        (0.00001, "0.00001"),
        (1.5e-6, "1.5e-6"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e308"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "NaN"),
    ] {
        let found = shortest_decimal(&Format::F64, &Float::with_val(53, x));
        assert_eq!(found, expected);
    }
}

/// Numbers of `mpfr:P` whose powers of ten would fill the memory.
#[test]
fn shortest_of_extreme_exponents() {
    let format = format("mpfr:53");
    for e in [1_000_000_000, -1_000_000_000] {
        let x = Float::with_val(53, 1) << e;
        let text = shortest_decimal(&format, &x);
        assert!(same(&read(&format, &text), &x), "{text}");
    }
}

#[test]
fn hexadecimals_read_back() {
    let mut random = Random::new();
    for name in ["f16", "f32", "f64", "f80", "f128", "f8e5m2", "e20m10"] {
        let format = format(name);
        for _ in 0..2_000 {
            let x = random.number(&format);
            let text = hexadecimal(&x);
            if x.is_finite() {
                assert!(
                    same(&read(&format, &text), &x),
                    "{name}: {text} {}",
                    random.seed()
                );
                // Exactly, whatever the format.
                assert_eq!(exact(&text), x.to_rational().unwrap(), "{text}");
            }
        }
    }
    for (x, expected) in [
        (0.1, "0x1.999999999999ap-4"),
        (1.0, "0x1p0"),
        (-1.5, "-0x1.8p0"),
        (5e-324, "0x1p-1074"),
        (0.0, "0x0p0"),
        (-0.0, "-0x0p0"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "nan"),
    ] {
        assert_eq!(hexadecimal(&Float::with_val(53, x)), expected);
    }
}

#[test]
fn numerals() {
    for (text, expected) in [
        ("1", "1"),
        ("+1.", "1"),
        (".5", "1/2"),
        ("-0.125e1", "-5/4"),
        ("1E+2", "100"),
        ("0x.8", "1/2"),
        ("0X1.8P3", "12"),
        ("0x1.8p-3", "3/16"),
        ("0e99999999999999999999", "0"),
        ("00012", "12"),
    ] {
        let expected: rug::Rational = expected.parse().unwrap();
        assert_eq!(exact(text), expected, "{text}");
    }
    for text in [
        "", "-", ".", "e5", "1e", "1e+", "0x", "0xp1", "1p3", "0x1e5p", "1_000", " 1", "1 ", "1@5",
        "inf", "nan", "1..2", "1.2.3", "--1", "0x1.8q3", "½", "１",
    ] {
        assert!(Numeral::parse(text).is_err(), "{text}");
    }
    let far = Numeral::parse("1e9223372036854775808").unwrap();
    assert_eq!(far.to_rational(1_000_000), None);
    assert!(Format::F64.round_numeral(&far).is_infinite());
    let near = Numeral::parse("-0x0.1p-99999999999999999999").unwrap();
    assert!(same(
        &Format::F64.round_numeral(&near),
        &Float::with_val(53, -0.0)
    ));
}
