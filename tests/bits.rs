//! Bits, neighbours and rounding of numbers, and the formats' facts, against the
//! machine's own formats, `half`, LLVM's APFloat and what the standards say.

mod random;

use half::{bf16, f16};
use random::SplitMix;
use rug::{Float, Integer, Rational};
use rustc_apfloat::Float as ApFloat;
use rustc_apfloat::ieee::{Quad, X87DoubleExtended};
use ulpscope::format::{Format, NAMED_FORMATS};
use ulpscope::language::Definitions;
use ulpscope::report;
use ulpscope::study::{
    Bits, Encoding, Event, FormatBits, Kind, Point, Side, Status, Subject, bits, bits_of_encoding,
    formats, parse_encoding,
};

fn named(text: &str) -> Vec<Format> {
    text.split(',').map(|name| name.parse().unwrap()).collect()
}

fn study(text: &str, formats: &str) -> Bits {
    let mut definitions = Definitions::new();
    let subject = Subject::parse_exact(&mut definitions, text, &Point::default()).unwrap();
    bits(&subject, &named(formats), 10_000).unwrap()
}

fn one(text: &str, format: &str) -> FormatBits {
    study(text, format).formats.remove(0)
}

fn decoded(encoding: impl Into<Integer>, format: &Format) -> FormatBits {
    bits_of_encoding(&encoding.into(), &[*format])
        .unwrap()
        .formats
        .remove(0)
}

fn encoding(row: &FormatBits) -> &Encoding {
    row.encoding.as_ref().unwrap()
}

fn hex(row: &FormatBits) -> &str {
    &encoding(row).hex
}

/// The number that a row shows.
fn number(row: &FormatBits) -> &Float {
    row.value.as_ref().unwrap().value()
}

/// All digits, as any printer of exact decimals writes them, without zeros that
/// say nothing, and the power of ten.
fn digits(text: &str) -> (String, i64) {
    let (text, power) = text.split_once('e').unwrap_or((text, "0"));
    let text = text.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_end_matches('0');
    let dropped = (all.len() - kept.len()) as i64;
    let power = power.parse::<i64>().unwrap() - fraction.len() as i64 + dropped;
    (kept.trim_start_matches('0').to_string(), power)
}

/// What holds of every finite number, from its parts and its neighbours.
fn holds_together(row: &FormatBits, format: &Format) {
    let x = number(row);
    let exact = x.to_rational().unwrap();
    let bits = encoding(row);
    let e = row.exponent.unwrap_or(format.emin());
    let significand = row.significand.as_ref().unwrap();
    let scale = e - (format.precision() as i32 - 1);
    let mut value = Rational::from(significand.integer()) << scale;
    if bits.sign == "1" {
        value = -value;
    }
    assert_eq!(value, exact, "{}", bits.hex);
    // The same from the bits: 1.b × 2^(field − bias), 0.b × 2^(1 − bias).
    let field = bits.exponent_field.to_i32().unwrap();
    let stored = significand.binary().replace('.', "");
    let with_leading = match bits.leading_bit_stored {
        true => bits.significand.clone(),
        false => format!("{}{}", u8::from(field > 0), bits.significand),
    };
    assert_eq!(stored, with_leading, "{}", bits.hex);
    assert_eq!(field.max(1) - bits.bias, e, "{}", bits.hex);
    assert_eq!(bits.leading_bit.unwrap(), with_leading.starts_with('1'));
    // Distances.
    let gaps = [
        (&row.below, row.gap_below_exponent, -1),
        (&row.above, row.gap_above_exponent, 1),
    ];
    for (next, gap, sign) in gaps {
        let finite = next.as_ref().and_then(|next| next.value().to_rational());
        assert_eq!(finite.is_some(), gap.is_some());
        if let (Some(next), Some(gap)) = (finite, gap) {
            let step = Rational::from(sign) << gap as i32;
            assert_eq!(next - &exact, step, "{}", bits.hex);
        }
    }
    if let (Some(below), Some(above)) = (&row.below, &row.above) {
        assert!(below.value() < x && x < above.value());
    }
    let written = row.decimal.as_ref().unwrap().full().unwrap();
    let parsed = Float::parse(&written).unwrap();
    let (read, order) = Float::with_val_round(format.precision(), parsed, Default::default());
    assert!(order.is_eq() && read == *x, "{written}");
}

#[test]
fn every_f16_and_bf16_decodes_as_half_has_it() {
    for pattern in 0..=u16::MAX {
        for (format, expected) in [
            (Format::F16, f16::from_bits(pattern).to_f64()),
            (Format::BF16, bf16::from_bits(pattern).to_f64()),
        ] {
            let row = decoded(pattern, &format);
            assert_eq!(hex(&row), format!("{pattern:#06x}"));
            let value = number(&row).to_f64();
            if expected.is_nan() {
                assert!(value.is_nan());
                let quiet = match format == Format::F16 {
                    true => pattern & 0x0200 != 0,
                    false => pattern & 0x0040 != 0,
                };
                let kind = [Kind::SignallingNan, Kind::QuietNan][usize::from(quiet)];
                assert_eq!(row.kind, Some(kind));
                continue;
            }
            assert_eq!(value.to_bits(), expected.to_bits());
            let kind = match format == Format::F16 {
                true => kind_of(f16::from_bits(pattern).classify()),
                false => kind_of(bf16::from_bits(pattern).classify()),
            };
            assert_eq!(row.kind, Some(kind));
            if expected.is_finite() {
                holds_together(&row, &format);
            }
        }
    }
}

fn kind_of(category: std::num::FpCategory) -> Kind {
    use std::num::FpCategory;
    match category {
        FpCategory::Nan => Kind::Nan,
        FpCategory::Infinite => Kind::Infinite,
        FpCategory::Zero => Kind::Zero,
        FpCategory::Subnormal => Kind::Subnormal,
        FpCategory::Normal => Kind::Normal,
    }
}

#[test]
fn f32_and_f64_are_the_machines_own() {
    let mut random = SplitMix(17);
    let mut wide: Vec<u64> = vec![
        0,
        1,
        f64::MIN_POSITIVE.to_bits() - 1,
        f64::MIN_POSITIVE.to_bits(),
        1.0_f64.to_bits() - 1,
        1.0_f64.to_bits(),
        f64::MAX.to_bits(),
        f64::INFINITY.to_bits(),
    ];
    wide.extend((0..300).map(|_| random.next()));
    let signed = wide
        .iter()
        .flat_map(|&pattern| [pattern, pattern ^ (1 << 63)]);
    for x in signed.map(f64::from_bits).filter(|x| !x.is_nan()) {
        let row = decoded(x.to_bits(), &Format::F64);
        assert_eq!(number(&row).to_f64().to_bits(), x.to_bits());
        assert_eq!(row.kind, Some(kind_of(x.classify())));
        let below = row.below.as_ref().map(|next| next.value().to_f64());
        let above = row.above.as_ref().map(|next| next.value().to_f64());
        assert_eq!(below.unwrap_or(x), x.next_down());
        assert_eq!(above.unwrap_or(x), x.next_up());
        let magnitude = i128::from(x.to_bits() & !(1 << 63));
        let ordinal = if x.is_sign_negative() {
            -magnitude
        } else {
            magnitude
        };
        assert_eq!(*row.ordinal.as_ref().unwrap(), ordinal);
        if !x.is_finite() {
            continue;
        }
        holds_together(&row, &Format::F64);
        // The standard library prints all digits of a double.
        let written = row.decimal.as_ref().unwrap().full().unwrap();
        assert_eq!(digits(&written).0, digits(&format!("{x:.1074}")).0);
    }
    for pattern in (0..2000).map(|_| random.next() as u32) {
        let x = f32::from_bits(pattern);
        if x.is_nan() {
            continue;
        }
        let row = decoded(pattern, &Format::F32);
        assert_eq!(number(&row).to_f32().to_bits(), pattern);
        assert_eq!(row.kind, Some(kind_of(x.classify())));
        let above = row.above.as_ref().map(|next| next.value().to_f32());
        assert_eq!(above.unwrap_or(x), x.next_up());
        holds_together(&row, &Format::F32);
    }
}

/// A decimal is rounded as the standard library's parser rounds it.
#[test]
fn values_are_rounded_as_the_standard_library_reads_them() {
    let mut random = SplitMix(5);
    for _ in 0..300 {
        let sign = random.pick(&["", "-"]);
        let power = (random.next() % 90) as i32 - 50;
        let text = format!("{sign}{}e{power}", random.next() % 1_000_000_007);
        let result = study(&text, "f32,f64");
        let single: f32 = text.parse().unwrap();
        let double: f64 = text.parse().unwrap();
        let [row32, row64] = &result.formats[..] else {
            panic!("two formats");
        };
        assert_eq!(hex(row32), format!("{:#010x}", single.to_bits()), "{text}");
        assert_eq!(hex(row64), format!("{:#018x}", double.to_bits()), "{text}");
        // The error, from exact rationals.
        let mut definitions = Definitions::new();
        let subject = Subject::parse_exact(&mut definitions, &text, &Point::default()).unwrap();
        let exact = subject.truth(1000).value().exact().unwrap().clone();
        let error = Rational::from_f64(double).unwrap() - &exact;
        let side = match error.cmp0() {
            std::cmp::Ordering::Less => Side::Down,
            std::cmp::Ordering::Equal => Side::Exact,
            std::cmp::Ordering::Greater => Side::Up,
        };
        assert_eq!(row64.rounding, Some(side), "{text}");
        if exact != 0 {
            let relative = Rational::from(error.abs_ref()) / exact.abs();
            let bounds = row64.relative_error.as_ref().unwrap();
            assert!(
                bounds.lower <= relative && bounds.upper >= relative,
                "{text}"
            );
        }
        let ulps = row64.ulps.as_ref().unwrap();
        assert!(ulps.upper <= 0.5, "{text}");
    }
}

#[test]
fn wide_formats_are_apfloats() {
    fn check<F: ApFloat>(name: &str, width: usize) {
        let format: Format = name.parse().unwrap();
        let mut random = SplitMix(9);
        for _ in 0..200 {
            let power = (random.next() % 8000) as i32 - 4000;
            let text = format!("{}e{power}", random.next());
            let parsed = F::from_str_r(&text, rustc_apfloat::Round::NearestTiesToEven);
            let expected = parsed.unwrap().value;
            let row = one(&text, name);
            let digits = width / 4 + 2;
            assert_eq!(
                hex(&row),
                format!("{:#0digits$x}", expected.to_bits()),
                "{text}"
            );
            holds_together(&row, &format);
            let mut up = expected;
            up = up.next_up().value;
            let above = row.above.as_ref().unwrap().value();
            assert_eq!(format.encode(above).unwrap(), up.to_bits(), "{text}");
        }
    }
    check::<X87DoubleExtended>("f80", 80);
    check::<Quad>("f128", 128);
}

/// Worked out by hand from OCP's tables: sign, exponent, significand, value.
#[test]
fn small_formats_are_those_of_the_specification() {
    let table: &[(&str, u32, &str, &str, &str, f64)] = &[
        ("f8e4m3fn", 0x7e, "0", "1111", "110", 448.0),
        ("f8e4m3fn", 0x08, "0", "0001", "000", 0.015625),
        ("f8e4m3fn", 0x01, "0", "0000", "001", 0.001953125),
        ("f8e4m3fn", 0xb8, "1", "0111", "000", -1.0),
        ("f8e5m2", 0x7b, "0", "11110", "11", 57344.0),
        ("f8e5m2", 0x7c, "0", "11111", "00", f64::INFINITY),
        ("f8e5m2", 0x01, "0", "00000", "01", 1.0 / 65536.0),
        ("f8e4m3", 0x77, "0", "1110", "111", 240.0),
        ("f6e3m2fn", 0x1f, "0", "111", "11", 28.0),
        ("f6e3m2fn", 0x04, "0", "001", "00", 0.25),
        ("f6e3m2fn", 0x21, "1", "000", "01", -0.0625),
        ("f6e2m3fn", 0x1f, "0", "11", "111", 7.5),
        ("f6e2m3fn", 0x01, "0", "00", "001", 0.125),
        ("f4e2m1fn", 0x0, "0", "00", "0", 0.0),
        ("f4e2m1fn", 0x1, "0", "00", "1", 0.5),
        ("f4e2m1fn", 0x2, "0", "01", "0", 1.0),
        ("f4e2m1fn", 0x3, "0", "01", "1", 1.5),
        ("f4e2m1fn", 0x4, "0", "10", "0", 2.0),
        ("f4e2m1fn", 0x5, "0", "10", "1", 3.0),
        ("f4e2m1fn", 0x6, "0", "11", "0", 4.0),
        ("f4e2m1fn", 0xf, "1", "11", "1", -6.0),
    ];
    for &(name, pattern, sign, exponent, significand, value) in table {
        let format: Format = name.parse().unwrap();
        let row = decoded(pattern, &format);
        let bits = encoding(&row);
        assert_eq!((&*bits.sign, &*bits.exponent), (sign, exponent), "{name}");
        assert_eq!(bits.significand, significand, "{name}");
        assert_eq!(number(&row).to_f64(), value, "{name} {pattern:#x}");
        if value.is_finite() {
            holds_together(&row, &format);
            assert_eq!(hex(&one(&value.to_string(), name)), bits.hex);
        }
    }
    for pattern in [0x7f, 0xff] {
        let row = decoded(pattern, &"f8e4m3fn".parse().unwrap());
        assert_eq!(
            (row.kind, &encoding(&row).payload),
            (Some(Kind::Nan), &None)
        );
    }
    for row in NAMED_FORMATS {
        if row.format.width().unwrap() > 8 {
            continue;
        }
        for pattern in 0..1 << row.format.width().unwrap() {
            let shown = decoded(pattern, &row.format);
            if number(&shown).is_finite() {
                holds_together(&shown, &row.format);
            }
        }
    }
}

#[test]
fn what_is_above_the_largest_number() {
    let said = |text: &str, format: &str| {
        let row = one(text, format);
        let value = row.value.as_ref().map(|value| value.decimal());
        (value.unwrap_or_default(), row.rounding, row.event)
    };
    let expect = |text: &str, format: &str, value: &str, side, event| {
        assert_eq!(
            said(text, format),
            (value.to_string(), side, event),
            "{text} in {format}"
        );
    };
    let (up, down) = (Some(Side::Up), Some(Side::Down));
    expect("65519.99", "f16", "65504", down, None);
    expect("65520", "f16", "inf", up, Some(Event::Overflow));
    expect("-65520", "f16", "-inf", down, Some(Event::Overflow));
    expect("1e5", "f16/sat", "65504", down, Some(Event::Saturated));
    expect("1e5", "f16/rz", "65504", down, Some(Event::Saturated));
    expect("464", "f8e4m3fn", "448", down, None);
    expect("465", "f8e4m3fn", "NaN", None, Some(Event::Overflow));
    expect("-465", "f8e4m3fn/sat", "-448", up, Some(Event::Saturated));
    expect("6.9", "f4e2m1fn", "6", down, None);
    expect("7", "f4e2m1fn", "6", down, Some(Event::Saturated));
    expect("exp(-200)", "f32", "0", down, Some(Event::Underflow));
    expect("-exp(-200)", "f32", "-0", up, Some(Event::Underflow));
    expect("1e-40", "f32/ftz", "0", down, Some(Event::Underflow));
    expect("inf", "f16", "inf", Some(Side::Exact), None);
    expect("-inf", "f6e3m2fn", "-28", None, None);
    expect("inf", "f8e4m3fn", "NaN", None, None);
    expect("nan", "f32", "NaN", None, None);
    expect("nan", "f4e2m1fn", "", None, None);
    expect("exp(10^9)", "f64", "inf", up, Some(Event::Overflow));
    assert!(one("nan", "f4e2m1fn").notes[0].contains("no NaN"));
}

#[test]
fn zeros_have_signs() {
    for text in ["-0", "-0.0", "−0"] {
        let result = study(text, "f16,f64,f4e2m1fn,mpfr:5");
        for row in &result.formats {
            assert!(number(row).is_zero() && number(row).is_sign_negative());
            assert_eq!(row.rounding, Some(Side::Exact));
        }
        assert_eq!(hex(&result.formats[0]), "0x8000");
        assert_eq!(hex(&result.formats[2]), "0x8");
    }
    assert_eq!(hex(&one("0", "f16")), "0x0000");
    assert_eq!(hex(&one("1 - 1", "f16")), "0x0000");
    assert_eq!(one("0", "mpfr:5").ulp_exponent, None);
    assert_eq!(one("0", "f64").ulp_exponent, Some(-1074));
}

#[test]
fn what_encodes_nothing_in_f80_is_told() {
    let f80: Format = "f80".parse().unwrap();
    let said = |text: &str| {
        let row = decoded(parse_encoding(text).unwrap(), &f80);
        (row.kind.unwrap(), row.notes.join(" "))
    };
    let (kind, note) = said("0x0000_8000000000000000");
    assert_eq!(kind, Kind::Normal);
    assert!(note.contains("pseudo-denormal") && note.contains("0x00018000000000000000"));
    for (text, name) in [
        ("0x3fff_0000000000000000", "unnormal"),
        ("0x7fff_0000000000000000", "pseudo-infinity"),
        ("0xffff_4000000000000001", "pseudo-NaN"),
    ] {
        let (kind, note) = said(text);
        assert_eq!(kind, Kind::Invalid);
        assert!(note.contains(name), "{note}");
    }
    assert_eq!(
        said("0x0000_7fffffffffffffff"),
        (Kind::Subnormal, String::new())
    );
    assert_eq!(said("0x7fff_8000000000000000").0, Kind::Infinite);
    assert_eq!(said("0x7fff_8000000000000001").0, Kind::SignallingNan);
    let row = decoded(parse_encoding("0xffffc000000000000005").unwrap(), &f80);
    assert_eq!(row.kind, Some(Kind::QuietNan));
    assert_eq!(encoding(&row).payload.as_deref(), Some("0x5"));
}

#[test]
fn encodings_are_read_and_refused() {
    assert_eq!(parse_encoding("0x3C00").unwrap(), 0x3c00);
    assert_eq!(parse_encoding(" 0b0 01111 0000000000 ").unwrap(), 0x3c00);
    assert_eq!(parse_encoding("0X00_01").unwrap(), 1);
    for bad in [
        "", "12", "0x", "0b", "0b2", "0xg", "-0x1", "0x-1", "0x+1", "é", "0x1p3",
    ] {
        assert!(parse_encoding(bad).is_err(), "{bad}");
    }
    assert!(parse_encoding(&format!("0x{}", "f".repeat(1 << 18))).is_err());
    let refused = |bits: u32, format: &str| {
        let error = bits_of_encoding(&bits.into(), &named(format)).unwrap_err();
        assert!(error.message.contains(format), "{error}");
    };
    refused(0x10000, "f16");
    refused(0x10, "f4e2m1fn");
    refused(0x10, "mpfr:24");
    assert!(bits_of_encoding(&Integer::from(-1), &[Format::F16]).is_err());
}

#[test]
fn mpfr_and_undecided_values() {
    let row = one("1/3", "mpfr:53");
    assert_eq!(number(&row).to_f64(), 1.0 / 3.0);
    assert_eq!(
        (row.width, &row.encoding, &row.ordinal),
        (None, &None, &None)
    );
    assert_eq!((row.exponent, row.ulp_exponent), (Some(-2), Some(-54)));
    let undefined = study("1/0", "f16,f64");
    assert!(!undefined.is_certified());
    assert_eq!(undefined.formats[0].status, Status::Undefined);
    let undecided = study("1 + (sqrt(2)*sqrt(2) - 2)/4", "f16,f16/rz");
    assert_eq!(undecided.formats[0].status, Status::Certified);
    assert_eq!(undecided.formats[1].status, Status::Undecided);
    assert_eq!(undecided.formats[0].rounding, None);
    assert_eq!(one("exp(744261117)", "mpfr:20").status, Status::Undecided);
    let mut definitions = Definitions::new();
    let truth = Subject::parse_exact(&mut definitions, "1 < 2", &Point::default()).unwrap();
    assert!(bits(&truth, &[Format::F16], 1000).is_err());
}

#[test]
fn functions_in_a_wider_format_change_no_number() {
    let rows = study("exp(-50)", "bf16,bf16@f32").formats;
    assert_eq!(hex(&rows[0]), hex(&rows[1]));
    assert_eq!(rows[1].format, "bf16@f32");
}

#[test]
fn formats_have_the_known_limits() {
    let table = formats(&[]);
    assert_eq!(table.formats.len(), NAMED_FORMATS.len());
    let facts = |name: &str| {
        table
            .formats
            .iter()
            .find(|facts| facts.name == name)
            .unwrap()
    };
    let double = facts("f64");
    assert_eq!(double.largest.value().to_f64(), f64::MAX);
    assert_eq!(double.least_normal.value().to_f64(), f64::MIN_POSITIVE);
    assert_eq!(
        double.least_subnormal.as_ref().unwrap().value().to_f64(),
        5e-324
    );
    assert_eq!(double.unit_roundoff.value().to_f64(), f64::EPSILON / 2.0);
    assert_eq!(
        (double.emin, double.emax),
        (f64::MIN_EXP - 1, f64::MAX_EXP - 1)
    );
    assert_eq!(double.precision, f64::MANTISSA_DIGITS);
    // All bit patterns but those with the topmost exponent, the zeros being one.
    let patterns = (Integer::from(1) << 64) - (Integer::from(1) << 53) - 1;
    assert_eq!(*double.finite_numbers.as_ref().unwrap(), patterns);
    let single = facts("f32");
    assert_eq!(single.largest.value().to_f32(), f32::MAX);
    assert_eq!(single.least_normal.value().to_f32(), f32::MIN_POSITIVE);
    assert_eq!(single.unit_roundoff.value().to_f32(), f32::EPSILON / 2.0);
    assert_eq!(facts("f16").largest.value().to_f64(), f16::MAX.to_f64());
    assert_eq!(facts("bf16").largest.value().to_f64(), bf16::MAX.to_f64());
    assert_eq!(
        facts("bf16").least_normal.value().to_f64(),
        bf16::MIN_POSITIVE.to_f64()
    );
    assert_eq!(
        (facts("tf32").width, facts("tf32").precision),
        (Some(19), 11)
    );
    for (name, width, bias, largest, specials) in [
        ("f8e4m3fn", 8, 7, 448.0, "NaN"),
        ("f8e5m2", 8, 15, 57344.0, "inf, NaN"),
        ("f8e4m3", 8, 7, 240.0, "inf, NaN"),
        ("f6e2m3fn", 6, 1, 7.5, "none"),
        ("f6e3m2fn", 6, 3, 28.0, "none"),
        ("f4e2m1fn", 4, 1, 6.0, "none"),
    ] {
        let facts = facts(name);
        assert_eq!(
            (facts.width, facts.bias),
            (Some(width), Some(bias)),
            "{name}"
        );
        assert_eq!(facts.largest.value().to_f64(), largest, "{name}");
        assert_eq!(facts.specials(), specials, "{name}");
    }
    // IEEE 754-2019, table 3.5.
    for (name, width, precision, emax) in [
        ("f16", 16, 11, 15),
        ("f32", 32, 24, 127),
        ("f64", 64, 53, 1023),
        ("f128", 128, 113, 16383),
        ("f256", 256, 237, 262143),
    ] {
        let facts = facts(name);
        let found = (facts.width, facts.precision, facts.emax, facts.emin);
        assert_eq!(found, (Some(width), precision, emax, 1 - emax), "{name}");
    }
    let mpfr = &formats(&named("mpfr:113")).formats[0];
    assert_eq!((mpfr.width, &mpfr.least_subnormal), (None, &None));
    assert!(mpfr.largest.decimal().full().is_none());
}

/// Four formats stand side by side, and nothing is wider than a terminal.
#[test]
fn the_usual_formats_fit_a_terminal() {
    let usual = "f16,bf16,f32,f64";
    for text in [
        "0.1",
        "1",
        "1/3",
        "-exp(-50)",
        "inf",
        "nan",
        "-exp(-740)",
        "1e300",
        "1/0",
    ] {
        let document = report::bits(&study(text, usual));
        let shown = report::terminal(&document, Default::default());
        for line in shown.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
        assert!(shown.matches("\n  kind ").count() <= 1, "{shown}");
    }
    let shown = report::terminal(&report::formats(&formats(&[])), Default::default());
    assert!(
        shown.lines().all(|line| line.chars().count() <= 100),
        "{shown}"
    );
}

#[test]
fn json_and_csv_carry_every_digit() {
    let result = study("0.1", "f64");
    let tenth = format!("{:.60}", 0.1_f64);
    let tenth = tenth.trim_end_matches('0');
    assert!(report::csv(&report::bits_table(&result)).contains(tenth));
    let json = serde_json::to_value(&result).unwrap();
    assert_eq!(json["formats"][0]["decimal"], tenth);
    let table = formats(&named("f32"));
    let largest = serde_json::to_value(&table).unwrap()["formats"][0]["largest"].clone();
    assert_eq!(largest["hex"], "0x1.fffffep127");
    assert_eq!(
        digits(largest["decimal"].as_str().unwrap()),
        digits("340282346638528859811704183484516925440")
    );
}

#[test]
fn a_zero_of_unknown_sign_has_no_encoding() {
    let text = "sqrt(2)^2 - 2 - 2^-400";
    let known = one(text, "f16");
    assert_eq!(encoding(&known).hex, "0x8000");
    let mut definitions = Definitions::new();
    let subject = Subject::parse_exact(&mut definitions, text, &Point::default()).unwrap();
    let unknown = bits(&subject, &named("f16"), 200)
        .unwrap()
        .formats
        .remove(0);
    assert_eq!(unknown.kind, Some(Kind::Zero));
    assert!(unknown.encoding.is_none());
    assert!(
        unknown.notes[0].starts_with("whether this is 0 or -0 is not known: "),
        "{:?}",
        unknown.notes
    );
    // A zero that is known to be one needs no sign.
    assert_eq!(encoding(&one("1 - 1", "f16")).hex, "0x0000");
    assert_eq!(encoding(&one("-0", "f16")).hex, "0x8000");
}
