//! Rational operations against exact rationals, a route without MPFR.

use super::{Enclosure, Random};
use rug::float::Round;
use rug::ops::Pow;
use rug::{Float, Rational};

fn exact(x: &Float) -> Rational {
    x.to_rational().expect("finite")
}

/// Whether its rational is of a handy size: the number after 0 has 2^30 bits.
fn is_handy(x: &Float) -> bool {
    x.get_exp().is_none_or(|e| e.abs() < 1000) && x.is_finite()
}

/// The tightest enclosure at p bits, and no other.
fn is_rounding(result: &Enclosure, value: &Rational) -> bool {
    let p = result.precision();
    let lo = Float::with_val_round(p, value, Round::Down).0;
    let hi = Float::with_val_round(p, value, Round::Up).0;
    result.is_surely() && *result.lo() == lo && *result.hi() == hi
}

#[test]
fn at_points_results_are_the_exact_ones_rounded() {
    for seed in 0..4000 {
        let random = &mut Random::new(seed);
        let numbers: Vec<Float> = std::iter::repeat_with(|| random.number(30))
            .filter(is_handy)
            .take(3)
            .collect();
        let [a, b, c] = [0, 1, 2].map(|i| {
            let mut point = Enclosure::new(30);
            point.assign_point(&numbers[i]);
            point
        });
        let [x, y, z] = [0, 1, 2].map(|i| exact(&numbers[i]));
        let mut out = Enclosure::new(1 + random.below(60) as u32);
        let mut check = |name: &str, value: Rational, apply: &dyn Fn(&mut Enclosure)| {
            apply(&mut out);
            assert!(
                is_rounding(&out, &value),
                "{name} (seed {seed}): {numbers:?} gave {out:?}"
            );
        };
        check("add", x.clone() + &y, &|out| out.assign_add(&a, &b));
        check("sub", x.clone() - &y, &|out| out.assign_sub(&a, &b));
        check("mul", x.clone() * &y, &|out| out.assign_mul(&a, &b));
        check("fma", x.clone() * &y + &z, &|out| {
            out.assign_fma(&a, &b, &c)
        });
        if y != 0 {
            check("div", x.clone() / &y, &|out| out.assign_div(&a, &b));
        }
        let n = random.below(9) as i32 - 4;
        if x != 0 || n >= 0 {
            let mut exponent = Enclosure::new(8);
            exponent.assign_point(&Float::with_val(8, n));
            check("pow", x.clone().pow(n), &|out| {
                out.assign_pow(&a, &exponent)
            });
        }
        check("floor", x.clone().floor(), &|out| out.assign_floor(&a));
        check("ceil", x.clone().ceil(), &|out| out.assign_ceil(&a));
        check("trunc", x.clone().trunc(), &|out| out.assign_trunc(&a));
        check("round", x.clone().round(), &|out| {
            out.assign_round_half_away(&a)
        });
        check("abs", x.clone().abs(), &|out| out.assign_abs(&a));
        check("min", x.clone().min(y.clone()), &|out| {
            out.assign_min(&a, &b)
        });
        check("max", x.clone().max(y.clone()), &|out| {
            out.assign_max(&a, &b)
        });
        check("rational", x.clone() / 3, &|out| {
            out.assign_rational(&(x.clone() / 3))
        });
    }
}

/// Over boxes: products and quotients of rational members lie within, and the
/// corners, of which the bounds are made, are reached.
#[test]
fn over_boxes_products_are_spanned_by_corners() {
    for seed in 0..4000 {
        let random = &mut Random::new(seed);
        let [a, b] = [0, 1].map(|_| {
            loop {
                let x = random.enclosure(30);
                if is_handy(&x.lo) && is_handy(&x.hi) {
                    break x;
                }
            }
        });
        let corners: Vec<Rational> = [
            (&a.lo, &b.lo),
            (&a.lo, &b.hi),
            (&a.hi, &b.lo),
            (&a.hi, &b.hi),
        ]
        .iter()
        .map(|(x, y)| exact(x) * exact(y))
        .collect();
        let mut out = Enclosure::new(20);
        out.assign_mul(&a, &b);
        let (least, most) = (corners.iter().min().unwrap(), corners.iter().max().unwrap());
        let lo = Float::with_val_round(20, least, Round::Down).0;
        let hi = Float::with_val_round(20, most, Round::Up).0;
        assert!(
            out.lo == lo && out.hi == hi,
            "seed {seed}: {a:?} {b:?} {out:?}"
        );
        if !b.contains_zero() {
            let quotients = [
                (&a.lo, &b.lo),
                (&a.lo, &b.hi),
                (&a.hi, &b.lo),
                (&a.hi, &b.hi),
            ]
            .map(|(x, y)| exact(x) / exact(y));
            out.assign_div(&a, &b);
            let lo = Float::with_val_round(20, quotients.iter().min().unwrap(), Round::Down).0;
            let hi = Float::with_val_round(20, quotients.iter().max().unwrap(), Round::Up).0;
            assert!(
                out.lo == lo && out.hi == hi,
                "seed {seed}: {a:?} / {b:?} {out:?}"
            );
        }
    }
}
