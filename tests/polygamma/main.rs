//! ψ and its derivatives: enclosures against figures from elsewhere and against
//! the recurrence, and what the arithmetics round them to.

#[path = "../random/mod.rs"]
mod random;
mod table;

use random::SplitMix;
use rug::float::Special;
use rug::{Float, Integer, Rational};
use std::cmp::Ordering;
use table::TABLE;
use ulpscope::arithmetic::emulated::{NoValue, operate};
use ulpscope::arithmetic::interval::{ComputedInterval, Ends, operate_over};
use ulpscope::arithmetic::native::{Hardware, Libm};
use ulpscope::enclosure::{Defined, Enclosure, MAX_ORDER};
use ulpscope::format::{Format, Numeral};
use ulpscope::formula::{Context, Op};
use ulpscope::language::Definitions;
use ulpscope::truth::{DEFAULT_PRECISION_LIMIT, Stop, Truth, Unanswered};

fn order(n: u32) -> Enclosure {
    let mut order = Enclosure::new(32);
    order.assign_rational(&Rational::from(n));
    order
}

fn bounds(lo: f64, hi: f64) -> Enclosure {
    let mut x = Enclosure::new(53);
    x.assign_bounds(&Float::with_val(53, lo), &Float::with_val(53, hi));
    x
}

fn polygamma(n: u32, x: &Enclosure, precision: u32) -> Enclosure {
    let mut value = Enclosure::new(precision);
    value.assign_polygamma(&order(n), x);
    value
}

fn is_tight(x: &Enclosure) -> bool {
    let mut above = x.lo().clone();
    above.next_up();
    x.is_surely() && (x.is_point() || above == *x.hi())
}

#[test]
fn the_table_is_enclosed() {
    assert!(TABLE.len() >= 60);
    for &(n, x, text) in TABLE {
        let written = Float::with_val(400, Float::parse(text).unwrap());
        let unit = Float::with_val(400, written.abs_ref()) * Float::with_val(400, 1e-59);
        let (low, high) = (Float::with_val(400, &written - &unit), written + unit);
        for precision in [2, 24, 53, 113, 190, 800] {
            let value = polygamma(n, &bounds(x, x), precision);
            assert!(is_tight(&value), "{n} {x}: {value}");
            assert!(
                *value.lo() <= high && *value.hi() >= low,
                "{n} {x}: {value} at {precision} bits, not {text}"
            );
        }
    }
}

/// ψ⁽ⁿ⁾(x + 1) − ψ⁽ⁿ⁾(x) = (−1)ⁿ·n!/x^(n+1), at two precisions, whose enclosures
/// of one value overlap.
#[test]
fn the_recurrence_holds() {
    let seed = std::env::var("ULPSCOPE_SEED").map_or(0x901_9a33, |seed| seed.parse().unwrap());
    println!("seed {seed}");
    let mut random = SplitMix(seed);
    for _ in 0..2000 {
        let n = match random.next() % 8 {
            0 => random.next() % u64::from(MAX_ORDER + 1),
            1..3 => random.next() % 64,
            _ => random.next() % 7,
        } as u32;
        // x = m/2^k with 30 bits: x + 1 is exact at 128.
        let shift = 10 + (random.next() % 40) as u32;
        let numerator = (random.next() as i32) >> (random.next() % 16);
        let x = Rational::from((numerator, Integer::from(1) << shift));
        if x.is_integer() {
            continue;
        }
        let next = Rational::from(&x + 1);
        let power = Rational::from(rug::ops::Pow::pow(&x, n as i32 + 1));
        let sign = if n.is_multiple_of(2) { 1 } else { -1 };
        let step = Rational::from(Integer::from(Integer::factorial(n)) * sign) / power;
        let mut seen: Option<Enclosure> = None;
        for precision in [40 + (random.next() % 60) as u32, 300] {
            let [at_x, at_next] = [&x, &next].map(|x| {
                let mut point = Enclosure::new(128);
                point.assign_rational(x);
                assert!(point.is_point());
                polygamma(n, &point, precision)
            });
            let mut difference = Enclosure::new(precision);
            difference.assign_sub(&at_next, &at_x);
            assert!(
                difference.contains_rational(&step),
                "order {n}, x = {x}, {precision} bits: {difference} against {step}"
            );
            if let Some(coarse) = &seen {
                let inside = coarse.lo() <= at_x.lo() && at_x.hi() <= coarse.hi();
                assert!(inside, "order {n}, x = {x}: {coarse} and {at_x}");
            }
            seen = Some(at_x);
        }
    }
}

/// Intervals contain the values at points, and are no wider than those say.
#[test]
fn intervals_span_their_values() {
    let seed = 0x5ca1_ab1e;
    println!("seed {seed}");
    let mut random = SplitMix(seed);
    for _ in 0..300 {
        let n = (random.next() % 6) as u32;
        let mut number = || (random.next() % 20_000) as f64 / 1000.0 - 12.0;
        let (a, b) = (number(), number());
        let (a, b) = (a.min(b), a.max(b));
        let whole = polygamma(n, &bounds(a, b), 60);
        let poles = (a.ceil() as i64..=b.floor() as i64).any(|k| k <= 0);
        assert_eq!(whole.is_surely(), !poles, "{n} [{a}, {b}]: {whole}");
        let mut values = Vec::new();
        for i in 0..=200 {
            let x = (a + (b - a) * f64::from(i) / 200.0).clamp(a, b);
            let value = polygamma(n, &bounds(x, x), 60);
            if !value.is_never() {
                assert!(
                    whole.lo() <= value.lo() && value.hi() <= whole.hi(),
                    "{n} [{a}, {b}] at {x}: {value} not in {whole}"
                );
                values.push(value.lo().to_f64());
            }
        }
        if !poles {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            // A minimum lies between two of the points.
            let spread = (most - least) * 2e-3 + least.abs() * 1e-15;
            assert!(*whole.lo() >= least - spread, "{n} [{a}, {b}]: {whole}");
            assert!(*whole.hi() <= most + spread, "{n} [{a}, {b}]: {whole}");
        }
    }
}

#[test]
fn what_is_undefined() {
    let (zero, two) = (bounds(0.0, 0.0), bounds(2.0, 2.0));
    let value = |n: &Enclosure, x: &Enclosure| {
        let mut value = Enclosure::new(53);
        value.assign_polygamma(n, x);
        value
    };
    for (n, x) in [
        (bounds(1.5, 1.5), &two),
        (bounds(-1.0, -1.0), &two),
        (bounds(0.25, 0.75), &two),
        (bounds(1.0, 2.0), &zero),
        (zero.clone(), &zero),
        (two.clone(), &bounds(-3.0, -3.0)),
    ] {
        assert!(value(&n, x).is_never(), "{n} {x}");
    }
    // An unknown order, a pole within, a pole at an end, an order too high.
    let many = value(&bounds(1.0, 2.0), &two);
    assert!(many.defined() == Defined::Maybe && !many.is_bounded());
    let across = value(&two, &bounds(-0.5, 0.5));
    assert!(across.defined() == Defined::Maybe && across.lo().is_infinite());
    assert!(across.hi().is_infinite());
    let beside = value(&two, &bounds(0.0, 0.5));
    assert!(beside.defined() == Defined::Maybe && beside.lo().is_infinite());
    assert_eq!(beside.hi().to_f64(), -16.82879664423432); // −14·ζ(3)
    let high = value(&bounds(1001.0, 1001.0), &two);
    assert!(high.is_surely() && !high.is_bounded());
    // Half-lines.
    let infinity = f64::INFINITY;
    let tail = value(&two, &bounds(1.0, infinity));
    assert!(tail.is_surely() && *tail.hi() == 0 && tail.lo().is_finite());
    let tail = value(&zero, &bounds(1.0, infinity));
    assert!(tail.is_surely() && tail.hi().is_infinite() && tail.lo().is_finite());
    assert!(!value(&two, &bounds(-infinity, 1.0)).is_surely());
}

/// Beyond MPFR's exponents, and so near to a zero that much cancels.
#[test]
fn far_away() {
    let tiny = Float::with_val(2, 1) >> 500_000_000;
    let huge = Float::with_val(2, 1) << 500_000_000;
    let at = |n: u32, x: &Float| {
        let mut point = Enclosure::new(x.prec());
        point.assign_point(x);
        polygamma(n, &point, 53)
    };
    let value = at(2, &tiny);
    assert!(value.is_surely() && value.lo().is_infinite() && value.hi().is_finite());
    let value = at(3, &huge);
    assert!(value.is_surely() && *value.lo() == 0 && *value.hi() > 0);
    let format: Format = "mpfr:53".parse().unwrap();
    for (n, x) in [(2, &tiny), (3, &huge)] {
        let n = Float::with_val(32, n);
        let mut result = Float::new(53);
        let done = operate(&Op::Polygamma, &format, &[&n, x], &mut result);
        assert_eq!(done, Err(NoValue::OutOfRange));
        assert!(result.is_nan());
    }
    for rounding in ["rne", "rna", "rz", "ru", "rd"] {
        let format: Format = format!("f64/{rounding}").parse().unwrap();
        let mut result = Float::new(format.working_precision());
        for (n, x, of_overflow) in [(2, &tiny, true), (3, &huge, false)] {
            let n = Float::with_val(32, n);
            operate(&Op::Polygamma, &format, &[&n, x], &mut result).unwrap();
            let expected = match (of_overflow, rounding) {
                (true, "rz" | "ru") => -f64::MAX,
                (true, _) => f64::NEG_INFINITY,
                (false, "ru") => f64::from_bits(1),
                (false, _) => 0.0,
            };
            assert_eq!(result.to_f64(), expected, "{rounding}");
        }
    }
    // −2^40 − 1/2: of ψ″ the terms on both sides cancel.
    let x = -Float::with_val(53, 1_u64 << 40) - 0.5;
    let value = at(2, &x);
    assert!(is_tight(&value));
    // About −1/x².
    assert!((value.lo().to_f64() * 2.0_f64.powi(80) + 1.0).abs() < 1e-9);
}

/// Each number of the table that a format has, rounded once in every mode.
#[test]
fn formats_round_once() {
    let mut checked = 0;
    for name in ["f64", "f32", "f16", "bf16", "f8e5m2", "f8e4m3fn", "mpfr:70"] {
        for rounding in ["rne", "rna", "rz", "ru", "rd"] {
            let format: Format = format!("{name}/{rounding}").parse().unwrap();
            for &(n, x, text) in TABLE {
                let x = Float::with_val(53, x);
                if format.round(&x) != x {
                    continue;
                }
                let n = Float::with_val(3, n);
                let mut result = Float::new(format.working_precision());
                operate(&Op::Polygamma, &format, &[&n, &x], &mut result).unwrap();
                let expected = format.round_numeral(&Numeral::parse(text).unwrap());
                assert_eq!(
                    result.total_cmp(&expected),
                    Ordering::Equal,
                    "{format}: polygamma({n}, {x}) is {text}, not {result}"
                );
                checked += 1;
            }
        }
    }
    println!("{checked} results");
    assert!(checked > 1000);
}

#[test]
fn special_operands() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    for (n, x, expected) in [
        (0.0, infinity, infinity),
        (-0.0, infinity, infinity),
        (1.0, infinity, 0.0),
        (2.0, infinity, -0.0),
        (2000.0, infinity, -0.0),
        (0.0, -infinity, nan),
        (3.0, -infinity, nan),
        (0.0, 0.0, nan),
        (1.0, -0.0, nan),
        (2.0, -5.0, nan),
        (2000.0, -5.0, nan),
        (1.0, -1e300, nan),
        (nan, 1.0, nan),
        (1.0, nan, nan),
        (2000.0, nan, nan),
        (infinity, 1.0, nan),
        (-1.0, 1.0, nan),
        (0.5, 1.0, nan),
        (1000.5, 1.0, nan),
        (1000.0, 1e-5, -infinity),
        (999.0, 1e-5, infinity),
        (1000.0, 1e5, -0.0),
        (999.0, 1e5, 0.0),
    ] {
        let found = f64::operate(&Op::Polygamma, Libm::Platform, &[&n, &x]);
        let same = found.is_nan() && expected.is_nan() || found.to_bits() == expected.to_bits();
        assert!(same, "polygamma({n}, {x}) is {found}, not {expected}");
    }
    let (n, x) = (Float::with_val(24, 1001), Float::with_val(24, 2));
    let mut result = Float::new(24);
    let done = operate(&Op::Polygamma, &Format::F32, &[&n, &x], &mut result);
    assert_eq!(done, Err(NoValue::TooCostly));
    assert!(result.is_nan());
}

/// Over a range of x, and of n, a computation gives nothing outside.
#[test]
fn computed_intervals() {
    let one = Float::with_val(53, 1);
    let (lo, hi) = (Float::with_val(53, 2), Float::with_val(53, 3));
    let range = Ends {
        lo: &lo,
        hi: &hi,
        nan: false,
    };
    let mut interval = ComputedInterval::new(53);
    let mut over = |n: Ends, x: Ends| {
        operate_over(&Op::Polygamma, &Format::F64, &[n, x], false, &mut interval).unwrap();
        let ends = interval.ends();
        (ends.lo.to_f64(), ends.hi.to_f64(), ends.nan)
    };
    // ψ′ falls from π²/6 − 1 to π²/6 − 5/4.
    assert_eq!(
        over(Ends::point(&one), range),
        (0.39493406684822646, 0.6449340668482264, false)
    );
    let unknown = over(range, Ends::point(&one));
    assert_eq!(unknown, (f64::NEG_INFINITY, f64::INFINITY, true));
    let nan = Float::with_val(53, Special::Nan);
    assert!(over(Ends::point(&nan), range).2);
}

fn digits(text: &str, count: usize) -> Result<String, Unanswered> {
    let formula = Definitions::new().formula("test", text).unwrap();
    let formula = formula.inline(Context::Real).unwrap();
    let mut truth = Truth::new(&formula, Vec::new(), DEFAULT_PRECISION_LIMIT);
    truth.digits(count).map(|digits| digits.to_string())
}

#[test]
fn in_the_language() {
    let half = digits("polygamma(1, 1/2)", 40).unwrap();
    assert_eq!(half, "4.934802200544679309417245499938075567656…");
    assert_eq!(digits("pi^2/2", 40).unwrap(), half);
    // −γ, and an argument that is no point.
    assert_eq!(
        digits("polygamma(0, 1)", 30).unwrap(),
        "-0.577215664901532860606512090082…"
    );
    assert_eq!(
        digits(
            "polygamma(2, pi - sqrt(2)) - polygamma(2, pi - sqrt(2) + 1)",
            20
        ),
        digits("-2/(pi - sqrt(2))^3", 20)
    );
    // Reflection: ψ′(1 − x) + ψ′(x) = π²/sin²(πx).
    assert_eq!(
        digits("polygamma(1, -1/3) + polygamma(1, 4/3)", 30),
        digits("4*pi^2/3", 30)
    );
    for text in [
        "polygamma(1, -2)",
        "polygamma(0.5, 2)",
        "polygamma(-1, 2)",
        "polygamma(1, inf)",
    ] {
        let answer = digits(text, 5);
        assert!(
            matches!(answer, Err(Unanswered::Undefined { .. })),
            "{text}"
        );
    }
    for text in ["polygamma(1001, 2)", "fl(polygamma(1001, 2), f64)"] {
        let answer = digits(text, 5);
        let stop = |answer| match answer {
            Err(Unanswered::Undecided { stop }) => Some(stop),
            _ => None,
        };
        assert!(matches!(stop(answer), Some(Stop::Cost(_))), "{text}");
    }
}
