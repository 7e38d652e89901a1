//! What is promised of every operation, on random boxes.

use super::{Defined, Enclosure, OPERATIONS, Operation, Random};
use rug::Float;

const CASES: u64 = 1500;
const POINTS: usize = 6;

fn check(operation: &Operation, seed: u64) -> Result<(), String> {
    let random = &mut Random::new(seed);
    let precision = [1, 2, 8, 24, 53, 100][random.below(6) as usize];
    let finer = precision + 1 + random.below(60) as u32;
    let boxes: Vec<Enclosure> = (0..operation.arity)
        .map(|_| {
            let precision = [8, 24, 53][random.below(3) as usize];
            random.enclosure(precision)
        })
        .collect();
    let operands: Vec<&Enclosure> = boxes.iter().collect();
    let mut coarse = Enclosure::new(precision);
    let mut fine = Enclosure::new(finer);
    (operation.apply)(&mut coarse, &operands);
    (operation.apply)(&mut fine, &operands);
    let fail = |what: &str, value: Option<&Float>| {
        Err(format!(
            "{} (seed {seed}) {what}: {boxes:?} gave {coarse:?} and {fine:?}; {value:?}",
            operation.name
        ))
    };
    for x in [&coarse, &fine] {
        let zeros = [&x.lo, &x.hi].map(|b| b.is_zero() && b.is_sign_negative());
        let nan = x.lo.is_nan() && x.hi.is_nan();
        let ordered = x.lo <= x.hi && !(x.lo.is_infinite() && x.lo == x.hi);
        if zeros.contains(&true) || nan != x.is_never() || nan == ordered {
            return fail("broke the form of bounds", None);
        }
    }
    if coarse.defined != fine.defined {
        return fail("changed definedness with precision", None);
    }
    let refined = coarse.lo <= fine.lo && fine.hi <= coarse.hi;
    if !coarse.is_never() && !refined {
        return fail("got wider with more bits", None);
    }
    if operands.iter().all(|x| x.is_point()) && !fine.is_never() && !fine.is_point() {
        let mut above = fine.lo.clone();
        above.next_up();
        if above != fine.hi {
            return fail("is not tight at a point", None);
        }
    }
    for _ in 0..POINTS {
        let members: Vec<Float> = boxes.iter().map(|x| random.member(x, 300)).collect();
        let members: Vec<&Float> = members.iter().collect();
        let value = (operation.value)(&members);
        let excluded = match fine.defined {
            Defined::Surely => Defined::Never,
            Defined::Never => Defined::Surely,
            Defined::Maybe => Defined::Maybe,
        };
        match (&value, excluded) {
            (Some(_), Defined::Surely) => return fail("is defined somewhere", value.as_ref()),
            (None, Defined::Never) => {
                return fail("is undefined somewhere", members.first().copied());
            }
            _ => {}
        }
        if let Some(value) = value
            && !(coarse.contains(&value) && fine.contains(&value))
        {
            return fail("left a value out", Some(&value));
        }
    }
    Ok(())
}

#[test]
fn every_operation_contains_its_values() {
    for operation in OPERATIONS {
        for case in 0..CASES {
            let seed = case.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ operation.name.len() as u64;
            if let Err(message) = check(operation, seed) {
                panic!("{message}");
            }
        }
    }
}

/// A part of a box gives a part of the result.
#[test]
fn every_operation_is_isotone() {
    for operation in OPERATIONS {
        // Their bounds at a minimum, and of powers of negative bases, are not the best.
        if ["gamma", "lgamma", "trigamma", "pow"].contains(&operation.name) {
            continue;
        }
        for seed in 0..CASES / 3 {
            let random = &mut Random::new(seed);
            let boxes: Vec<Enclosure> =
                (0..operation.arity).map(|_| random.enclosure(53)).collect();
            let parts: Vec<Enclosure> = boxes
                .iter()
                .map(|x| {
                    let (a, b) = (random.member(x, 53), random.member(x, 53));
                    let mut part = Enclosure::new(53);
                    let (a, b) = if a <= b { (a, b) } else { (b, a) };
                    part.assign_bounds(&a, &b);
                    part
                })
                .collect();
            let (mut whole, mut part) = (Enclosure::new(53), Enclosure::new(53));
            (operation.apply)(&mut whole, &boxes.iter().collect::<Vec<_>>());
            (operation.apply)(&mut part, &parts.iter().collect::<Vec<_>>());
            let inside = part.is_never() || whole.lo <= part.lo && part.hi <= whole.hi;
            let better = match whole.defined {
                Defined::Maybe => true,
                decided => part.defined == decided,
            };
            assert!(
                inside && better,
                "{} (seed {seed}): {boxes:?} gave {whole:?}, but {parts:?} {part:?}",
                operation.name
            );
        }
    }
}

/// Γ and log|Γ| near their minima and between poles, against many points.
#[test]
fn gamma_is_close_to_the_best() {
    for (lo, hi, least) in [
        (1.0, 2.0, 0.885_603_194_410_888_7),
        (0.5, 4.0, 0.885_603_194_410_888_7),
        (-0.75, -0.25, 3.544_643_611_155_005),
        (-1.9, -1.1, 2.302_407_258_339_68),
        (-2.9, -2.1, 0.888_136_358_401_241),
    ] {
        let x = super::bounds(lo, hi);
        let gamma = super::make(|out| out.assign_gamma(&x));
        let log = super::make(|out| out.assign_lgamma(&x));
        let near = gamma.mignitude().expect("no pole").to_f64().abs();
        // Known to sixteen digits.
        assert!((near / least - 1.0).abs() < 3e-15, "{lo} {hi}: {near}");
        assert!((log.lo.to_f64() - least.ln()).abs() < 2e-15, "{lo} {hi}");
        assert!(gamma.is_surely() && log.is_surely());
    }
}

/// Below the minimum itself, at more bits than the bracket of it is narrow.
#[test]
fn gamma_stays_below_its_minimum() {
    for (lo, hi) in [
        (1.0, 2.0),
        (-0.75, -0.25),
        (-1.9, -1.1),
        (-2.9, -2.1),
        (-9.9, -9.1),
    ] {
        // The zero of ψ by plain bisection.
        let (mut l, mut h) = (Float::with_val(400, lo), Float::with_val(400, hi));
        for _ in 0..300 {
            let middle: Float = Float::with_val(400, &l + &h) / 2;
            if Float::with_val(32, middle.digamma_ref()) < 0 {
                l = middle;
            } else {
                h = middle;
            }
        }
        let x = super::bounds(lo, hi);
        let (mut gamma, mut log) = (Enclosure::new(600), Enclosure::new(600));
        gamma.assign_gamma(&x);
        log.assign_lgamma(&x);
        let value = Float::with_val(600, l.gamma_ref());
        assert!(gamma.contains(&value), "{lo} {hi}");
        assert!(log.contains(&value.abs().ln()), "{lo} {hi}");
    }
}
