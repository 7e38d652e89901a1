//! Tiny formats: every pair of numbers and every operation against the exact
//! rational, rounded by looking it up among all numbers that the format has.

use crate::{all_numbers, exact, format, same};
use rug::float::Special;
use rug::{Float, Rational};
use std::cmp::Ordering;
use ulpscope::arithmetic::emulated::operate;
use ulpscope::format::{Format, Rounding};
use ulpscope::formula::Op;

/// What a format is, said again without its code.
struct Tiny {
    name: &'static str,
    precision: u32,
    emin: i32,
    largest: &'static str,
    above: Above,
}

/// What stands above the largest number.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    Infinity,
    Nan,
    Nothing,
}

const FORMATS: &[Tiny] = &[
    tiny("f4e2m1", 2, 0, "3", Above::Infinity),
    tiny("e2m2", 3, 0, "3.5", Above::Infinity),
    tiny("f6e2m3", 4, 0, "3.75", Above::Infinity),
    tiny("f6e3m2", 3, -2, "14", Above::Infinity),
    tiny("e3m3", 4, -2, "15", Above::Infinity),
    tiny("f4e2m1fn", 2, 0, "6", Above::Nothing),
    tiny("f6e2m3fn", 4, 0, "7.5", Above::Nothing),
    tiny("f6e3m2fn", 3, -2, "28", Above::Nothing),
    tiny("f8e4m3fn", 4, -6, "448", Above::Nan),
];

const fn tiny(
    name: &'static str,
    precision: u32,
    emin: i32,
    largest: &'static str,
    above: Above,
) -> Tiny {
    Tiny {
        name,
        precision,
        emin,
        largest,
        above,
    }
}

/// A magnitude, and whether the last bit of its significand is 0.
struct Magnitude {
    value: Rational,
    even: bool,
}

/// The magnitudes in order, from 0 to the first that is too large. `gradual`
/// ones go down to the least subnormal, the others have p bits far below emin.
fn magnitudes(tiny: &Tiny, gradual: bool) -> Vec<Magnitude> {
    let p = tiny.precision;
    let emin = if gradual { tiny.emin } else { tiny.emin - 40 };
    let largest = exact(tiny.largest);
    let mut all: Vec<Magnitude> = Vec::new();
    let mut significand = 0_u32;
    let mut e = emin;
    loop {
        let value = Rational::from(significand) * two_to(e - (p as i32 - 1));
        let enough = value > largest;
        all.push(Magnitude {
            value,
            even: significand.is_multiple_of(2),
        });
        if enough {
            return all;
        }
        significand += 1;
        if significand == 1 << p {
            significand = 1 << (p - 1);
            e += 1;
        }
    }
}

fn two_to(e: i32) -> Rational {
    if e < 0 {
        Rational::from(1) >> e.unsigned_abs()
    } else {
        Rational::from(1) << e.unsigned_abs()
    }
}

/// Where a positive real number stands among the magnitudes.
struct Place {
    /// The last magnitude not above it.
    below: usize,
    /// It is that one.
    exact: bool,
    /// Its order against the middle of that one and the next.
    half: Ordering,
}

/// `order` compares the number with a rational.
fn place(all: &[Magnitude], order: impl Fn(&Rational) -> Ordering) -> Place {
    let below = all.partition_point(|m| order(&m.value).is_ge()) - 1;
    Place {
        below,
        exact: order(&all[below].value).is_eq(),
        half: all.get(below + 1).map_or(Ordering::Less, |next| {
            order(&(Rational::from(&all[below].value + &next.value) / 2))
        }),
    }
}

/// A real result: its sign and, where it is not 0, its places among both lists
/// of magnitudes.
struct Real {
    negative: bool,
    nonzero: Option<(Place, Place)>,
}

/// What an operation gives before rounding.
enum Outcome {
    Nan,
    /// An infinity of this sign: a pole, or an infinite operand.
    Infinite(bool),
    Real(Real),
}

/// One operation on one format, in every mode.
struct Bench<'a> {
    tiny: &'a Tiny,
    gradual: Vec<Magnitude>,
    abrupt: Vec<Magnitude>,
    modes: Vec<Format>,
}

impl<'a> Bench<'a> {
    fn new(tiny: &'a Tiny) -> Self {
        let roundings = ["rne", "rna", "rz", "ru", "rd"];
        let modes = roundings.iter().flat_map(|rounding| {
            ["", "+ftz", "+sat"].map(|more| format(&format!("{}/{rounding}{more}", tiny.name)))
        });
        Bench {
            gradual: magnitudes(tiny, true),
            abrupt: magnitudes(tiny, false),
            modes: modes.collect(),
            tiny,
        }
    }

    fn real(&self, x: &Rational, negative_zero: bool) -> Outcome {
        let magnitude = Rational::from(x.abs_ref());
        Outcome::Real(Real {
            negative: if x.is_zero() {
                negative_zero
            } else {
                x.is_negative()
            },
            nonzero: (!x.is_zero()).then(|| {
                let order = |m: &Rational| magnitude.cmp(m);
                (place(&self.gradual, order), place(&self.abrupt, order))
            }),
        })
    }

    /// The outcome rounded: the obvious way.
    fn round(&self, outcome: &Outcome, mode: &Format) -> Float {
        let (flushes, saturates) = (mode.flushes_to_zero(), mode.saturates());
        let signed = |magnitude: Float, negative: bool| {
            if negative { -magnitude } else { magnitude }
        };
        let number = |x: &Rational| Float::with_val(self.tiny.precision, x);
        let largest = || number(&exact(self.tiny.largest));
        let above = || match self.tiny.above {
            _ if saturates => largest(),
            Above::Infinity => Float::with_val(2, Special::Infinity),
            Above::Nan => Float::with_val(2, Special::Nan),
            Above::Nothing => largest(),
        };
        match outcome {
            Outcome::Nan => Float::with_val(2, Special::Nan),
            Outcome::Infinite(negative) => signed(above(), *negative),
            Outcome::Real(real) => {
                let negative = real.negative;
                let Some((gradual, abrupt)) = &real.nonzero else {
                    return signed(Float::new(2), negative);
                };
                let (all, place) = if flushes {
                    (&self.abrupt, abrupt)
                } else {
                    (&self.gradual, gradual)
                };
                let up = !place.exact
                    && match mode.rounding() {
                        Rounding::NearestEven => {
                            place.half.is_gt() || (place.half.is_eq() && !all[place.below].even)
                        }
                        Rounding::NearestAway => place.half.is_ge(),
                        Rounding::Zero => false,
                        Rounding::Up => !negative,
                        Rounding::Down => negative,
                    };
                let chosen = place.below + usize::from(up);
                // The last magnitude is the first that is too large.
                let magnitude = if chosen + 1 < all.len() {
                    let value = &all[chosen].value;
                    if flushes && *value < two_to(self.tiny.emin) {
                        Float::new(2)
                    } else {
                        number(value)
                    }
                } else {
                    let toward_zero = match mode.rounding() {
                        Rounding::NearestEven | Rounding::NearestAway => false,
                        Rounding::Zero => true,
                        Rounding::Up => negative,
                        Rounding::Down => !negative,
                    };
                    if toward_zero { largest() } else { above() }
                };
                signed(magnitude, negative)
            }
        }
    }

    /// Compares an operation in every mode; `outcome` may depend on whether the
    /// mode rounds down (for the sign of an exact zero).
    fn check(&self, op: &Op, operands: &[&Float], outcome: impl Fn(bool) -> Outcome) {
        let outcomes = [outcome(false), outcome(true)];
        // Numbers that the flushing modes do not have are no operands there.
        let subnormal = operands.iter().any(|x| {
            x.is_finite()
                && !x.is_zero()
                && Rational::from(x.to_rational().unwrap().abs_ref()) < two_to(self.tiny.emin)
        });
        for mode in &self.modes {
            if mode.flushes_to_zero() && subnormal {
                continue;
            }
            let down = mode.rounding() == Rounding::Down;
            let expected = self.round(&outcomes[usize::from(down)], mode);
            let mut result = Float::new(mode.working_precision());
            operate(op, mode, operands, &mut result).expect("a value");
            assert!(
                same(&result, &expected),
                "{mode}: {} of {operands:?} is {result}, not {expected}",
                op.name()
            );
        }
    }

    fn add(&self, x: &Float, y: &Float, down: bool) -> Outcome {
        let sum = x.to_f64() + y.to_f64();
        if sum.is_nan() {
            return Outcome::Nan;
        }
        if sum.is_infinite() {
            return Outcome::Infinite(sum < 0.0);
        }
        // x + (−x) is +0, rounding down −0 (IEEE 754, 6.3).
        let negative_zero = if x.is_sign_negative() == y.is_sign_negative() {
            x.is_sign_negative()
        } else {
            down
        };
        self.real(&(rational(x) + rational(y)), negative_zero)
    }

    fn mul(&self, x: &Float, y: &Float) -> Outcome {
        let product = x.to_f64() * y.to_f64();
        if product.is_nan() {
            return Outcome::Nan;
        }
        let negative = x.is_sign_negative() != y.is_sign_negative();
        if product.is_infinite() {
            return Outcome::Infinite(negative);
        }
        self.real(&(rational(x) * rational(y)), negative)
    }

    fn div(&self, x: &Float, y: &Float) -> Outcome {
        let quotient = x.to_f64() / y.to_f64();
        if quotient.is_nan() {
            return Outcome::Nan;
        }
        let negative = x.is_sign_negative() != y.is_sign_negative();
        if quotient.is_infinite() {
            return Outcome::Infinite(negative);
        }
        if y.is_infinite() {
            return self.real(&Rational::new(), negative);
        }
        self.real(&(rational(x) / rational(y)), negative)
    }

    fn fma(&self, x: &Float, y: &Float, z: &Float, down: bool) -> Outcome {
        let result = x.to_f64().mul_add(y.to_f64(), z.to_f64());
        if result.is_nan() {
            return Outcome::Nan;
        }
        if result.is_infinite() {
            return Outcome::Infinite(result < 0.0);
        }
        let product_negative = x.is_sign_negative() != y.is_sign_negative();
        let negative_zero = if product_negative == z.is_sign_negative() {
            product_negative
        } else {
            down
        };
        self.real(&(rational(x) * rational(y) + rational(z)), negative_zero)
    }

    fn sqrt(&self, x: &Float) -> Outcome {
        if x.is_zero() {
            return self.real(&Rational::new(), x.is_sign_negative());
        }
        if x.is_nan() || x.is_sign_negative() {
            return Outcome::Nan;
        }
        if x.is_infinite() {
            return Outcome::Infinite(false);
        }
        // √x against m is x against m².
        let order = |m: &Rational| rational(x).cmp(&Rational::from(m * m));
        Outcome::Real(Real {
            negative: false,
            nonzero: Some((place(&self.gradual, order), place(&self.abrupt, order))),
        })
    }
}

/// The exact value of a finite number.
fn rational(x: &Float) -> Rational {
    x.to_rational().expect("finite")
}

fn basic_operations(tiny: &Tiny) {
    let bench = Bench::new(tiny);
    let all = all_numbers(&format(tiny.name));
    for x in &all {
        bench.check(&Op::Sqrt, &[x], |_| bench.sqrt(x));
        for y in &all {
            let minus = Float::with_val(y.prec(), -y);
            bench.check(&Op::Add, &[x, y], |down| bench.add(x, y, down));
            bench.check(&Op::Sub, &[x, y], |down| bench.add(x, &minus, down));
            bench.check(&Op::Mul, &[x, y], |_| bench.mul(x, y));
            bench.check(&Op::Div, &[x, y], |_| bench.div(x, y));
        }
    }
}

#[test]
fn every_pair() {
    let (small, large) = FORMATS.split_at(FORMATS.len() - 1);
    std::thread::scope(|scope| {
        scope.spawn(|| small.iter().for_each(basic_operations));
        scope.spawn(|| large.iter().for_each(basic_operations));
    });
}

#[test]
fn every_triple() {
    for tiny in FORMATS
        .iter()
        .filter(|tiny| tiny.precision <= 3 && tiny.emin == 0)
    {
        let bench = Bench::new(tiny);
        let all = all_numbers(&format(tiny.name));
        for x in &all {
            for y in &all {
                for z in &all {
                    bench.check(&Op::Fma, &[x, y, z], |down| bench.fma(x, y, z, down));
                }
            }
        }
    }
}
