//! `mpfr:P`: beyond MPFR's exponents nothing is known, and that is said; an
//! infinity that is exact stays one. Formats with a range of their own go on.

use crate::{format, same};
use rug::Float;
use rug::float::Special;
use ulpscope::arithmetic::emulated::{NoValue, operate};
use ulpscope::format::{Format, MPFR_EMAX, MPFR_EMIN};
use ulpscope::formula::Op;

fn run(op: &Op, format: &Format, operands: &[&Float]) -> (Result<(), NoValue>, Float) {
    let mut result = Float::with_val(format.working_precision(), 7);
    let done = operate(op, format, operands, &mut result);
    (done, result)
}

const ROUNDINGS: [&str; 5] = ["rne", "rna", "rz", "ru", "rd"];

#[test]
fn out_of_range_is_said() {
    let number = |x: f64| Float::with_val(53, x);
    for rounding in ROUNDINGS {
        let format = format(&format!("mpfr:53/{rounding}"));
        let (largest, least) = (format.largest(), format.least());
        for (op, operands) in [
            (Op::Exp, &[&number(1e10)] as &[&Float]),
            (Op::Exp, &[&number(-1e10)]),
            (Op::Exp, &[&number(-1e300)]),
            (Op::Exp2, &[&number(1e300)]),
            (Op::Add, &[&largest, &largest]),
            (Op::Mul, &[&largest, &number(-2.0)]),
            (Op::Mul, &[&least, &number(0.5)]),
            (Op::Mul, &[&least, &number(0.75)]),
            (Op::Mul, &[&least, &-least.clone()]),
            (Op::Pow, &[&number(3.0), &number(1e10)]),
            (Op::Gamma, &[&number(1e9)]),
        ] {
            let (done, result) = run(&op, &format, operands);
            assert_eq!(
                done,
                Err(NoValue::OutOfRange),
                "{format}: {} of {operands:?}",
                op.name()
            );
            assert!(result.is_nan(), "{format}: {}", op.name());
        }
    }
}

#[test]
fn exact_infinities_and_extremes_are_values() {
    let number = |x: f64| Float::with_val(53, x);
    for rounding in ROUNDINGS {
        let format = format(&format!("mpfr:53/{rounding}"));
        for (op, operands, expected) in [
            (
                Op::Div,
                &[&number(1.0), &number(0.0)] as &[&Float],
                f64::INFINITY,
            ),
            (Op::Div, &[&number(1.0), &number(-0.0)], f64::NEG_INFINITY),
            (Op::Log, &[&number(0.0)], f64::NEG_INFINITY),
            (Op::Log1p, &[&number(-1.0)], f64::NEG_INFINITY),
            (Op::Atanh, &[&number(1.0)], f64::INFINITY),
            (Op::Gamma, &[&number(-0.0)], f64::NEG_INFINITY),
            (Op::Lgamma, &[&number(-3.0)], f64::INFINITY),
            (Op::Pow, &[&number(0.0), &number(-1.0)], f64::INFINITY),
            (Op::Exp, &[&number(f64::INFINITY)], f64::INFINITY),
            (Op::Exp, &[&number(f64::NEG_INFINITY)], 0.0),
            (Op::Div, &[&number(1.0), &number(f64::INFINITY)], 0.0),
            (Op::Log, &[&number(-1.0)], f64::NAN),
        ] {
            let (done, result) = run(&op, &format, operands);
            assert_eq!(done, Ok(()), "{format}: {} of {operands:?}", op.name());
            assert!(
                same(&result, &number(expected)),
                "{format}: {} of {operands:?}",
                op.name()
            );
        }
        // The outermost numbers are the format's own.
        for x in [
            format.largest(),
            format.least(),
            Float::with_val(53, 1) << MPFR_EMAX,
        ] {
            let (done, result) = run(&Op::Neg, &format, &[&x]);
            assert_eq!(done, Ok(()), "{format}");
            assert_eq!(result, -x);
        }
        assert_eq!(format.least(), Float::with_val(53, 1) << MPFR_EMIN);
        let half_largest = format.largest() / 2;
        let (done, result) = run(&Op::Add, &format, &[&half_largest, &half_largest]);
        assert_eq!((done, result), (Ok(()), format.largest()));
    }
}

#[test]
fn a_cast_out_of_range_has_no_value() {
    let wide: Format = format("e20m10");
    let x = Float::with_val(53, 1) << MPFR_EMAX;
    let x = x + (Float::with_val(53, 1) << (MPFR_EMAX - 40));
    // At 24 bits the operand is inexact in MPFR's last binade.
    let (done, result) = run(&Op::Cast(format("mpfr:24")), &wide, &[&x]);
    assert_eq!(done, Err(NoValue::OutOfRange));
    assert!(result.is_nan());
}

/// MPFR's own overflow and underflow on the way into a format with a range.
#[test]
fn formats_with_a_range() {
    let huge = Float::with_val(53, 1e10);
    let tiny = Float::with_val(53, -1e10);
    for (name, of_huge, of_tiny) in [
        ("f64", Special::Infinity.into(), "zero"),
        ("f64/rna", Special::Infinity.into(), "zero"),
        ("f64/rz", None, "zero"),
        ("f64/rd", None, "zero"),
        ("f64/ru", Special::Infinity.into(), "least"),
        ("f64/sat", None, "zero"),
        ("f64/ru+ftz", Special::Infinity.into(), "zero"),
        ("f8e4m3fn", Some(Special::Nan), "zero"),
        ("f8e4m3fn/rz", None, "zero"),
        ("f8e4m3fn/ru+sat", None, "least"),
        ("f4e2m1fn", None, "zero"),
    ] {
        let format = format(name);
        let expected = match of_huge {
            Some(special) => Float::with_val(2, special),
            None => format.largest(),
        };
        let (done, result) = run(&Op::Exp, &format, &[&huge]);
        assert_eq!(done, Ok(()), "{name}");
        assert!(same(&result, &expected), "{name}: {result}");
        let expected = if of_tiny == "zero" {
            Float::new(2)
        } else {
            format.least()
        };
        let (done, result) = run(&Op::Exp, &format, &[&tiny]);
        assert_eq!(done, Ok(()), "{name}");
        assert!(same(&result, &expected), "{name}: {result}");
    }
}

/// MPFR is not asked for what it cannot give in time.
#[test]
fn what_costs_too_much() {
    let far = Float::with_val(53, 1) << 500_000_000;
    let (done, result) = run(&Op::Sin, &format("mpfr:53"), &[&far]);
    assert_eq!(done, Err(NoValue::TooCostly));
    assert!(result.is_nan());
}
