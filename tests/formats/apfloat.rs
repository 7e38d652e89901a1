//! LLVM's APFloat (`rustc_apfloat`) on random numbers: + − × ÷ fma in five
//! rounding modes, and conversions between its formats.

use crate::random::Random;
use crate::{format, same};
use rug::{Float, Integer};
use rustc_apfloat::ieee::{
    BFloat, Double, Float8E4M3FN, Float8E5M2, Half, Quad, Single, X87DoubleExtended,
};
use rustc_apfloat::{Float as ApFloat, FloatConvert, Round};
use ulpscope::arithmetic::emulated::operate;
use ulpscope::format::{Format, Rounding, Specials};
use ulpscope::formula::Op;

const MODES: [(Rounding, Round); 5] = [
    (Rounding::NearestEven, Round::NearestTiesToEven),
    (Rounding::NearestAway, Round::NearestTiesToAway),
    (Rounding::Zero, Round::TowardZero),
    (Rounding::Up, Round::TowardPositive),
    (Rounding::Down, Round::TowardNegative),
];

fn to_apfloat<F: ApFloat>(format: &Format, x: &Float) -> F {
    let bits = format.encode(x).expect("one of the format's numbers");
    F::from_bits(bits.to_u128().expect("at most 128 bits"))
}

fn from_apfloat<F: ApFloat>(format: &Format, x: F) -> Float {
    format
        .decode(&Integer::from(x.to_bits()))
        .expect("an encoding")
}

/// APFloat's e4m3fn overflows toward +∞ as toward −∞ whatever the sign: where a
/// negative result overflows in these modes, it takes NaN for −448 and −448 for
/// NaN (IEEE 754, 7.4 says which). `tiny.rs` has these cases, all of them.
fn sign_forgotten(format: &Format, a: &Float, b: &Float) -> bool {
    let largest = -format.largest();
    format.specials() == Specials::NanOnly
        && matches!(format.rounding(), Rounding::Up | Rounding::Down)
        && ((a.is_nan() && *b == largest) || (b.is_nan() && *a == largest))
}

fn operations<F: ApFloat>(name: &str) {
    let base = format(name);
    let mut random = Random::new();
    for _ in 0..10_000 {
        let x = random.number(&base);
        let y = match random.below(3) {
            0 => random.near(&base, &x),
            _ => random.number(&base),
        };
        let product = base.round(&Float::with_val(2 * base.precision(), &x * &y));
        let z = match random.below(3) {
            // Where fma cancels.
            0 => random.near(&base, &product),
            1 => -product,
            _ => random.number(&base),
        };
        let [a, b, c]: [F; 3] = [&x, &y, &z].map(|x| to_apfloat(&base, x));
        for (rounding, round) in MODES {
            let format = base.with_rounding(rounding);
            let mut result = Float::new(format.working_precision());
            for (op, operands, expected) in [
                (Op::Add, &[&x, &y] as &[&Float], a.add_r(b, round)),
                (Op::Sub, &[&x, &y], a.sub_r(b, round)),
                (Op::Mul, &[&x, &y], a.mul_r(b, round)),
                (Op::Div, &[&x, &y], a.div_r(b, round)),
                (Op::Fma, &[&x, &y, &z], a.mul_add_r(b, c, round)),
            ] {
                operate(&op, &format, operands, &mut result).expect("a value");
                let expected = from_apfloat(&base, expected.value);
                assert!(
                    same(&result, &expected) || sign_forgotten(&format, &result, &expected),
                    "{format}: {} of {operands:?} is {result}, APFloat's {expected}, {}",
                    op.name(),
                    random.seed()
                );
            }
        }
    }
}

#[test]
fn half() {
    operations::<Half>("f16");
}

#[test]
fn bfloat() {
    operations::<BFloat>("bf16");
}

#[test]
fn single() {
    operations::<Single>("f32");
}

#[test]
fn double() {
    operations::<Double>("f64");
}

#[test]
fn quad() {
    operations::<Quad>("f128");
}

#[test]
fn x87() {
    operations::<X87DoubleExtended>("f80");
}

#[test]
fn e5m2() {
    operations::<Float8E5M2>("f8e5m2");
}

#[test]
fn e4m3fn() {
    operations::<Float8E4M3FN>("f8e4m3fn");
}

fn conversion<F: FloatConvert<T>, T: ApFloat>(from: &str, to: &str) {
    let (from, to) = (format(from), format(to));
    let mut random = Random::new();
    for _ in 0..2_000 {
        let x = match random.below(3) {
            // Near a number of the target, or the middle of two.
            0 => {
                let y = random.number(&to);
                let middle = Float::with_val(to.precision() + 1, &y + &to.next_up(&y)) / 2;
                from.round(&middle)
            }
            1 => from.next_up(&from.round(&random.number(&to))),
            _ => random.number(&from),
        };
        for (rounding, round) in MODES {
            let target = to.with_rounding(rounding);
            let mut result = Float::new(target.working_precision());
            operate(&Op::Convert, &target, &[&x], &mut result).expect("a value");
            let converted = to_apfloat::<F>(&from, &x).convert_r(round, &mut false);
            let expected = from_apfloat::<T>(&to, converted.value);
            assert!(
                same(&result, &expected) || sign_forgotten(&target, &result, &expected),
                "{from} to {target}: {x} becomes {result}, APFloat's {expected}, {}",
                random.seed()
            );
        }
    }
}

macro_rules! to_all {
    ($($from:ident $name:literal),*) => {
        $(to_each!($from $name;
            Half "f16", BFloat "bf16", Single "f32", Double "f64", Quad "f128",
            X87DoubleExtended "f80", Float8E5M2 "f8e5m2", Float8E4M3FN "f8e4m3fn");)*
    };
}

macro_rules! to_each {
    ($from:ident $name:literal; $($to:ident $target:literal),*) => {
        $(conversion::<$from, $to>($name, $target);)*
    };
}

#[test]
fn conversions() {
    to_all!(
        Half "f16", BFloat "bf16", Single "f32", Double "f64", Quad "f128",
        X87DoubleExtended "f80", Float8E5M2 "f8e5m2", Float8E4M3FN "f8e4m3fn"
    );
}
