//! The processor and CORE-MATH against the emulation: `e8m23` is `f32` and
//! `e11m52` is `f64`, on every operation, bit for bit.

use crate::random::Random;
use crate::{format, same};
use rug::{Float, Rational};
use ulpscope::arithmetic::emulated::{NoValue, operate};
use ulpscope::arithmetic::native::{Hardware, Libm};
use ulpscope::format::{Format, exponent};
use ulpscope::formula::{Constant, OPS, Op, OpInfo};

/// Random operands for an operation of this many.
const RANDOM: [u32; 4] = [0, 4_000, 8_000, 10_000];

/// Zeros, infinities, NaN, the ends of subnormals and normals, small integers
/// and halves, and the neighbours of 1.
fn specials(format: &Format) -> Vec<Float> {
    let p = format.precision();
    let one = Float::with_val(p, 1);
    let mut magnitudes = vec![
        Float::new(p),
        format.least(),
        format.next_down(&format.least_normal()),
        format.least_normal(),
        format.next_down(&one),
        format.next_up(&one),
        format.next_down(&format.largest()),
        format.largest(),
        Float::with_val(p, rug::float::Special::Infinity),
        Float::with_val(p, rug::float::Special::Nan),
    ];
    let halves = [1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 46, 47, 200, 201];
    magnitudes.extend(halves.map(|n| Float::with_val(p, n) / 2));
    let negative: Vec<Float> = magnitudes.iter().map(|x| Float::with_val(p, -x)).collect();
    magnitudes.extend(negative);
    magnitudes
}

/// Every tuple of the specials, and random operands.
fn operands(format: &Format, arity: usize, random: &mut Random) -> Vec<Vec<Float>> {
    let specials = specials(format);
    let mut all: Vec<Vec<Float>> = vec![vec![]];
    for _ in 0..arity {
        all = all
            .iter()
            .flat_map(|some| {
                specials.iter().map(move |x| {
                    let mut more = some.clone();
                    more.push(x.clone());
                    more
                })
            })
            .collect();
    }
    for _ in 0..RANDOM[arity] {
        let mut some = vec![random.number(format)];
        while some.len() < arity {
            let last = some.last().expect("one at least").clone();
            some.push(match random.below(3) {
                0 => random.near(format, &last),
                1 => format.next_up(&last),
                _ => random.number(format),
            });
        }
        all.push(some);
    }
    all
}

fn every_operation<T: Hardware>(name: &str, from: impl Fn(&Float) -> T) {
    let format = format(name);
    assert_eq!(format, T::FORMAT);
    let mut random = Random::new();
    let mut mismatches = Vec::new();
    for OpInfo { op, arity, .. } in OPS {
        let mut result = Float::new(format.working_precision());
        for some in operands(&format, *arity, &mut random) {
            let emulated: Vec<&Float> = some.iter().collect();
            match operate(op, &format, &emulated, &mut result) {
                // Of a high order, which no hardware type can say.
                Err(NoValue::TooCostly) if *op == Op::Polygamma => assert!(result.is_nan()),
                done => done.expect("a value"),
            }
            let hardware: Vec<T> = some.iter().map(&from).collect();
            let hardware: Vec<&T> = hardware.iter().collect();
            let native = T::operate(op, Libm::CoreMath, &hardware).to_float();
            if !same(&native, &result) {
                mismatches.push(format!(
                    "{name}: {} of {hardware:?} is {native} on hardware, {result} emulated, {}",
                    op.name(),
                    random.seed()
                ));
            }
        }
    }
    let some = mismatches.len().min(20);
    assert!(
        mismatches.is_empty(),
        "{} mismatches, the first:\n{}",
        mismatches.len(),
        mismatches[..some].join("\n")
    );
}

#[test]
fn f32() {
    every_operation::<f32>("e8m23", Float::to_f32);
}

#[test]
fn f64() {
    every_operation::<f64>("e11m52", Float::to_f64);
}

#[test]
fn leaves() {
    for constant in [Constant::Pi, Constant::E, Constant::Inf, Constant::Nan] {
        let emulated = |format: &Format| {
            let mut result = Float::new(format.working_precision());
            operate(&Op::Constant(constant), format, &[], &mut result).expect("a value");
            result
        };
        let name = constant.name();
        let native = <f32 as Hardware>::constant(constant).to_float();
        assert!(same(&native, &emulated(&Format::F32)), "{name}");
        let native = <f64 as Hardware>::constant(constant).to_float();
        assert!(same(&native, &emulated(&Format::F64)), "{name}");
    }
    assert_eq!(f32::from_rational(&Rational::from((1, 10))), 0.1);
    assert_eq!(f64::from_rational(&Rational::from((1, 10))), 0.1);
    assert_eq!(
        f32::from_rational(&(Rational::from(1) << 128)),
        f32::INFINITY
    );
}

#[test]
fn casts() {
    let third = 1.0 / 3.0;
    for (inner, expected) in [
        (Format::F32, f64::from(third as f32)),
        (Format::F64, third),
        (Format::F128, third),
        (format("f4e2m1fn"), 0.5),
    ] {
        let op = Op::Cast(inner);
        assert_eq!(f64::operate(&op, Libm::CoreMath, &[&third]), expected);
        let mut result = Float::new(53);
        operate(&op, &Format::F64, &[&third.to_float()], &mut result).expect("a value");
        assert_eq!(result, expected);
    }
}

/// Each function of the C library is the one that its name says: within two
/// ulps of MPFR's. (The C standard promises no accuracy; every libm in use
/// keeps that at such points.)
fn platform<T: Hardware>(from: impl Fn(&Float) -> T) {
    let format = T::FORMAT;
    let points = [-2.75, -0.7, 0.1, 0.25, 0.5, 0.9, 1.5, 2.25, 3.7, 10.3];
    for OpInfo { op, arity, .. } in OPS {
        for (i, x) in points.iter().enumerate() {
            let some: Vec<Float> = [
                *x,
                points[(i + 5) % points.len()],
                points[(i + 3) % points.len()],
            ][..*arity]
                .iter()
                .map(|x| format.round(&Float::with_val(53, x)))
                .collect();
            let hardware: Vec<T> = some.iter().map(&from).collect();
            let hardware: Vec<&T> = hardware.iter().collect();
            let native = T::operate(op, Libm::Platform, &hardware).to_float();
            let mut truth = Float::new(Format::F128.precision());
            operate(
                op,
                &Format::F128,
                &some.iter().collect::<Vec<_>>(),
                &mut truth,
            )
            .expect("a value");
            let close = match exponent(&truth) {
                None => same(&native, &truth),
                Some(e) => {
                    let error = Float::with_val(Format::F128.precision(), &native - &truth);
                    error.abs() >> format.ulp_exponent(e) as i32 <= 2
                }
            };
            assert!(
                close,
                "{format}: {} of {hardware:?} is {native} on this platform, not {truth}",
                op.name()
            );
        }
    }
}

#[test]
fn platform_functions() {
    platform::<f32>(Float::to_f32);
    platform::<f64>(Float::to_f64);
}

/// minimumNumber and maximumNumber of IEEE 754-2019: the standard library's but
/// for the zeros, whose order it leaves open.
#[test]
fn extrema() {
    let numbers: Vec<f64> = specials(&Format::F64).iter().map(Float::to_f64).collect();
    let run = |op: &Op, x: f64, y: f64| f64::operate(op, Libm::CoreMath, &[&x, &y]).to_float();
    for &x in &numbers {
        for &y in &numbers {
            let (least, greatest) = if x == 0.0 && y == 0.0 {
                let both = x.is_sign_negative() && y.is_sign_negative();
                let one = x.is_sign_negative() || y.is_sign_negative();
                (if one { -0.0 } else { 0.0 }, if both { -0.0 } else { 0.0 })
            } else {
                (x.min(y), x.max(y))
            };
            assert!(same(&run(&Op::Min, x, y), &least.to_float()), "{x} {y}");
            assert!(same(&run(&Op::Max, x, y), &greatest.to_float()), "{x} {y}");
        }
    }
}
