//! A format's constants, its order, and its encodings.

use crate::random::Random;
use crate::{all_numbers, exact, format, same};
use half::{bf16, f16};
use rug::{Float, Integer};
use std::cmp::Ordering;
use ulpscope::format::{Format, NAMED_FORMATS};

/// Name, width, precision, emin, emax, the largest number, the least normal and
/// the least one. From IEEE 754-2019 (table 3.5), Intel's manual and OCP's
/// specifications, in C's notation.
type Row = (
    &'static str,
    u32,
    u32,
    i32,
    i32,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const CONSTANTS: &[Row] = &[
    ("f16", 16, 11, -14, 15, "65504", "0x1p-14", "0x1p-24"),
    ("bf16", 16, 8, -126, 127, "0x1.fep127", "0x1p-126", "0x1p-133"),
    ("tf32", 19, 11, -126, 127, "0x1.ffcp127", "0x1p-126", "0x1p-136"),
    ("f32", 32, 24, -126, 127, "0x1.fffffep127", "0x1p-126", "0x1p-149"),
    ("f64", 64, 53, -1022, 1023, "0x1.fffffffffffffp1023", "0x1p-1022", "0x1p-1074"),
    ("f80", 80, 64, -16382, 16383, "0xf.fffffffffffffffp16380", "0x1p-16382", "0x1p-16445"),
    ("f128", 128, 113, -16382, 16383, "0x1.ffffffffffffffffffffffffffffp16383", "0x1p-16382", "0x1p-16494"),
    ("f256", 256, 237, -262142, 262143, "0x1.fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffp262143", "0x1p-262142", "0x1p-262378"),
    ("f8e4m3fn", 8, 4, -6, 8, "448", "0x1p-6", "0x1p-9"),
    ("f8e5m2", 8, 3, -14, 15, "57344", "0x1p-14", "0x1p-16"),
    ("f8e4m3", 8, 4, -6, 7, "240", "0x1p-6", "0x1p-9"),
    ("f6e2m3fn", 6, 4, 0, 2, "7.5", "1", "0.125"),
    ("f6e3m2fn", 6, 3, -2, 4, "28", "0.25", "0.0625"),
    ("f4e2m1fn", 4, 2, 0, 2, "6", "1", "0.5"),
];

#[test]
fn constants() {
    assert_eq!(CONSTANTS.len(), NAMED_FORMATS.len());
    for row in CONSTANTS {
        let (name, width, precision, emin, emax, largest, least_normal, least) = row;
        let format = format(name);
        assert_eq!(format.width(), Some(*width), "{name}");
        assert_eq!(format.precision(), *precision, "{name}");
        assert_eq!(format.emin(), *emin, "{name}");
        assert_eq!(format.emax(), *emax, "{name}");
        assert_eq!(format.largest(), exact(largest), "{name}");
        assert_eq!(format.least_normal(), exact(least_normal), "{name}");
        assert_eq!(format.least(), exact(least), "{name}");
    }
}

/// Every number of a small format, its neighbour by neighbour.
fn walk(format: &Format) {
    let mut all: Vec<Float> = all_numbers(format);
    all.retain(|x| !x.is_nan());
    all.retain(|x| !x.is_zero() || x.is_sign_positive());
    all.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
    let zero = all.iter().position(Float::is_zero).expect("zero");
    for (i, x) in all.iter().enumerate() {
        let ordinal = i as i64 - zero as i64;
        assert_eq!(format.ordinal(x).unwrap(), ordinal, "{format}: {x}");
        assert_eq!(
            format.from_ordinal(&ordinal.into()).unwrap(),
            *x,
            "{format}"
        );
        assert!(format.holds(x), "{format}: {x}");
        let (up, down) = (format.next_up(x), format.next_down(x));
        assert_eq!(up, *all.get(i + 1).unwrap_or(x), "{format}: above {x}");
        assert_eq!(down, *all.get(i.max(1) - 1).unwrap(), "{format}: below {x}");
        // −0 is above the least number's negative, as in IEEE 754, 5.3.1.
        assert_eq!(up.is_sign_negative(), *x < 0, "{format}: above {x}");
        assert_eq!(down.is_sign_negative(), *x <= 0, "{format}: below {x}");
    }
    let minus_zero = -Float::new(format.precision());
    assert_eq!(format.next_up(&minus_zero), format.least());
    assert_eq!(format.next_down(&minus_zero), -format.least());
    let beyond = Integer::from(all.len() - zero);
    assert_eq!(format.from_ordinal(&beyond), None, "{format}");
    assert_eq!(format.from_ordinal(&-beyond), None, "{format}");
}

#[test]
fn small_formats_by_neighbours() {
    for name in [
        "f16", "bf16", "f8e4m3fn", "f8e5m2", "f8e4m3", "e3m4", "f6e2m3fn", "f6e3m2fn", "f4e2m1fn",
        "f4e2m1", "e2m2",
    ] {
        walk(&format(name));
    }
}

#[test]
fn hardware_neighbours_and_bits() {
    let mut random = Random::new();
    for _ in 0..20_000 {
        let bits = random.next();
        let (x, y) = (f64::from_bits(bits), f32::from_bits(bits as u32));
        let seed = random.seed();
        neighbours(
            &Format::F64,
            x,
            x.next_up(),
            x.next_down(),
            x.to_bits(),
            &seed,
        );
        let up = f64::from(y.next_up());
        let down = f64::from(y.next_down());
        neighbours(&Format::F32, y.into(), up, down, y.to_bits().into(), &seed);
    }
    for format in [Format::F32, Format::F64] {
        for _ in 0..20_000 {
            let x = random.number(&format);
            let (y, z) = (x.to_f64(), x.to_f32());
            let seed = random.seed();
            if format == Format::F64 {
                neighbours(&format, y, y.next_up(), y.next_down(), y.to_bits(), &seed);
            } else {
                let (up, down) = (z.next_up().into(), z.next_down().into());
                neighbours(&format, y, up, down, z.to_bits().into(), &seed);
            }
        }
    }
}

fn neighbours(format: &Format, x: f64, up: f64, down: f64, bits: u64, seed: &str) {
    let number = |x: f64| Float::with_val(format.precision(), x);
    let x = number(x);
    assert!(
        same(&format.next_up(&x), &number(up)),
        "{format}: {x} {seed}"
    );
    assert!(
        same(&format.next_down(&x), &number(down)),
        "{format}: {x} {seed}"
    );
    let decoded = format.decode(&bits.into()).expect("an encoding");
    assert!(same(&decoded, &x), "{format}: {x} {seed}");
    let encoded = format.encode(&x).expect("a number");
    if x.is_nan() {
        assert!(format.decode(&encoded).unwrap().is_nan());
        assert_eq!(format.ordinal(&x), None);
    } else {
        assert_eq!(encoded, bits, "{format}: {x} {seed}");
        let magnitude = bits & !(1 << (format.width().unwrap() - 1));
        let ordinal = Integer::from(magnitude);
        let ordinal = if x.is_sign_negative() {
            -ordinal
        } else {
            ordinal
        };
        assert_eq!(format.ordinal(&x).unwrap(), ordinal, "{format}: {x} {seed}");
    }
}

#[test]
fn encodings_come_back() {
    let mut random = Random::new();
    for name in ["tf32", "f80", "f128", "f256", "e5m20", "e20m10"] {
        let format = format(name);
        for _ in 0..5_000 {
            // f256's numbers come from those of f128, most of them.
            let x = if name == "f256" {
                let x = random.number(&Format::F128);
                Float::with_val(237, x) << 1000
            } else {
                random.number(&format)
            };
            let bits = format.encode(&x).expect("a number");
            assert!(bits.significant_bits() <= format.width().unwrap());
            let back = format.decode(&bits).expect("an encoding");
            assert!(same(&back, &x), "{format}: {x} {back} {}", random.seed());
        }
    }
    assert_eq!(format("mpfr:53").encode(&Float::with_val(53, 1)), None);
    assert_eq!(format("mpfr:53").decode(&1.into()), None);
    assert_eq!(Format::F32.decode(&(Integer::from(1) << 32)), None);
    assert_eq!(Format::F32.decode(&(-1).into()), None);
    assert_eq!(Format::F16.encode(&Float::with_val(53, 0.1)), None);
    let nan = Float::with_val(53, rug::float::Special::Nan);
    let infinity = Float::with_val(53, rug::float::Special::Infinity);
    for (name, of_nan, of_infinity) in [
        ("f16", Some(0x7e00_u128), Some(0x7c00)),
        ("bf16", Some(0x7fc0), Some(0x7f80)),
        ("f32", Some(0x7fc0_0000), Some(0x7f80_0000)),
        ("f80", Some(0x7fff_c000 << 48), Some(0x7fff_8000_u128 << 48)),
        ("f8e5m2", Some(0x7e), Some(0x7c)),
        ("f8e4m3fn", Some(0x7f), None),
        ("f4e2m1fn", None, None),
    ] {
        let format = format(name);
        assert_eq!(format.encode(&nan), of_nan.map(Integer::from), "{name}");
        assert_eq!(
            format.encode(&infinity),
            of_infinity.map(Integer::from),
            "{name}"
        );
    }
}

#[test]
fn patterns_of_f80_beside_the_canonical() {
    let format = format("f80");
    let decode = |bits: u128| format.decode(&bits.into());
    // A pseudo-denormal is the least normal number again.
    assert_eq!(decode(0x0000_8000 << 48).unwrap(), format.least_normal());
    assert_eq!(decode(0x0001_8000 << 48).unwrap(), format.least_normal());
    assert_eq!(decode(1).unwrap(), format.least());
    // An unnormal, a pseudo-infinity.
    assert_eq!(decode(0x3fff_4000 << 48), None);
    assert_eq!(decode(0x7fff_0000 << 48), None);
    assert!(decode((0x7fff_8000 << 48) + 1).unwrap().is_nan());
}

/// All patterns of a type of `half`, and the single-precision numbers around
/// each of its middles. (From `f64`, `half` looks at the upper bits alone and is
/// no oracle: 1 + 2^-11 + 2^-22 becomes 1.)
fn against_half(format: &Format, to_f64: impl Fn(u16) -> f64, from_f32: impl Fn(f32) -> u16) {
    for bits in 0..=u16::MAX {
        let x = Float::with_val(53, to_f64(bits));
        let decoded = format.decode(&bits.into()).expect("an encoding");
        assert!(same(&decoded, &x), "{format}: {bits:#x}");
        if x.is_nan() {
            continue;
        }
        assert_eq!(format.encode(&x).unwrap(), bits);
        if !x.is_finite() {
            continue;
        }
        // Above the largest number: what would follow it.
        let half_ulp = match ulpscope::format::exponent(&x) {
            Some(e) => format.ulp_exponent(e) - 1,
            None => i64::from(format.least_exponent()) - 1,
        };
        let x = x.to_f64();
        let middle = (x + 2.0_f64.powi(half_ulp as i32).copysign(x)) as f32;
        for y in [middle, middle.next_up(), middle.next_down(), x as f32] {
            let found = format.round(&Float::with_val(24, y));
            assert_eq!(
                format.encode(&found).unwrap(),
                from_f32(y),
                "{format}: {y:e}"
            );
        }
    }
}

#[test]
fn half_crate() {
    against_half(
        &Format::F16,
        |bits| f16::from_bits(bits).to_f64(),
        |x| f16::from_f32(x).to_bits(),
    );
    against_half(
        &Format::BF16,
        |bits| bf16::from_bits(bits).to_f64(),
        |x| bf16::from_f32(x).to_bits(),
    );
}

#[test]
fn ulps() {
    for format in [Format::F16, Format::F64] {
        let below = format.next_down(&format.largest());
        let gap = Float::with_val(60, format.largest() - below);
        assert_eq!(
            gap,
            Float::with_val(60, 1) << format.ulp_exponent(format.emax()) as i32
        );
        let one = Float::with_val(60, 1);
        let gap = Float::with_val(60, format.next_up(&one) - &one);
        assert_eq!(gap, Float::with_val(60, 1) << format.ulp_exponent(0) as i32);
        let least = Float::with_val(60, 1) << format.ulp_exponent(format.least_exponent()) as i32;
        assert_eq!(format.least().partial_cmp(&least), Some(Ordering::Equal));
    }
}
