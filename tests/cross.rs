//! Random formulas of the whole language, each looked at from three sides: the
//! exact value enclosed at two precisions, binary64 emulated and on the
//! hardware, and the text that it is written as.

#[path = "random/formulas.rs"]
mod formulas;
#[path = "conformance/page.rs"]
mod page;
mod random;
#[path = "conformance/suites.rs"]
mod suites;

use formulas::{DEFINITIONS, Source, define, is_same, read, seed};
use random::SplitMix;
use rayon::prelude::*;
use rug::{Float, Rational};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use suites::thousands;
use ulpscope::arithmetic::emulated::{Emulated, Input};
use ulpscope::arithmetic::native::Libm;
use ulpscope::arithmetic::real::{Real, RealInput, RealValue};
use ulpscope::evaluate::{Engine, Machine, compute, engine};
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::{Definitions, Rows};

/// How often each of the checks had something to say.
#[derive(Default)]
struct Seen {
    enclosed: AtomicUsize,
    decided: AtomicUsize,
    computed: AtomicUsize,
    written: AtomicUsize,
}

/// A number of binary64, often one at which something may go wrong.
fn number(random: &mut SplitMix) -> f64 {
    const CORNERS: &[f64] = &[
        0.0,
        1.0,
        0.5,
        2.0,
        3.0,
        9.0,
        1e-300,
        1e300,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MAX,
        65504.0,
        65520.0,
        0.1,
        std::f64::consts::FRAC_PI_2,
        1.461_632_144_968_362_2,
        709.78,
        745.1,
    ];
    let bits = random.next();
    let sign = if bits & 16 == 0 { 1.0 } else { -1.0 };
    let size = match bits % 8 {
        0 => CORNERS[(random.next() % CORNERS.len() as u64) as usize],
        1 | 2 => (random.next() % 20) as f64,
        3 => (random.next() % 4096) as f64 / 64.0,
        4 => f64::from_bits(random.next()).abs(),
        _ => {
            let size = (random.next() % 2000) as f64 / 100.0 - 10.0;
            (1.0 + (random.next() >> 12) as f64 / (1_u64 << 52) as f64) * size.exp2()
        }
    };
    sign * size
}

fn finite(random: &mut SplitMix) -> f64 {
    loop {
        let x = number(random);
        if x.is_finite() {
            return x;
        }
    }
}

/// A point, or now and then a range.
fn real_input(random: &mut SplitMix) -> RealInput {
    let x = finite(random);
    let exact = |x: f64| Rational::from_f64(x).unwrap();
    match random.next() % 8 {
        0 => RealInput::Exact(exact(x) + Rational::from((1, 3))),
        1 => {
            let y = if random.next().is_multiple_of(2) {
                x.next_up()
            } else {
                finite(random)
            };
            if !y.is_finite() {
                return RealInput::Exact(exact(x));
            }
            let [lo, hi] = [x.min(y), x.max(y)].map(|end| Float::with_val(53, end));
            RealInput::Between(lo, hi)
        }
        _ => RealInput::Exact(exact(x)),
    }
}

/// What is wrong with what two precisions say of one value.
fn conflict(coarse: &RealValue, fine: &RealValue, seen: &Seen) -> Option<&'static str> {
    if let (Some(coarse), Some(fine)) = (coarse.special(), fine.special()) {
        let same = coarse == fine || coarse.is_nan() && fine.is_nan();
        return (!same).then_some("two infinities or NaNs");
    }
    let (a, b) = (coarse.enclosure(), fine.enclosure());
    if a.is_surely() && b.is_never() || a.is_never() && b.is_surely() {
        return Some("a value, and none");
    }
    if (a.is_surely() || a.is_never()) && a.defined() != b.defined() {
        return Some("what was known is not");
    }
    if coarse.truth().is_some() && coarse.truth() != fine.truth() {
        return Some("another truth value, or none any more");
    }
    if a.is_never() || b.is_never() {
        return None;
    }
    if !(a.lo() <= b.hi() && b.lo() <= a.hi()) {
        return Some("nothing in common");
    }
    if b.width() > a.width() {
        return Some("the finer one is wider");
    }
    if let Some(exact) = fine.exact().or(coarse.exact())
        && !(a.contains_rational(exact) && b.contains_rational(exact))
    {
        return Some("the exact value outside");
    }
    seen.enclosed.fetch_add(1, Relaxed);
    let decided = b.agreeing_bits().is_some_and(|bits| bits > 100);
    seen.decided.fetch_add(usize::from(decided), Relaxed);
    None
}

fn enclosures(formula: &Formula, random: &mut SplitMix, seen: &Seen, case: &str) {
    let inputs: Vec<RealInput> = formula
        .inputs()
        .iter()
        .map(|_| real_input(random))
        .collect();
    let at = |precision| {
        let mut machine = Machine::new(formula, Real::new(precision, inputs.clone()));
        machine.run();
        machine
    };
    let (coarse, fine) = (at(64), at(200));
    if let Some(wrong) = conflict(
        coarse.value(formula.root()),
        fine.value(formula.root()),
        seen,
    ) {
        // The first node of which the two disagree says more.
        let first = formula
            .ids()
            .find(|&id| conflict(coarse.value(id), fine.value(id), seen).is_some())
            .unwrap();
        let [a, b] = [&coarse, &fine].map(|machine| machine.value(first));
        panic!(
            "{case} at {:?} = {inputs:?}: {wrong}, first in {}:\n{a:?}\n{b:?}",
            formula.inputs(),
            formula.describe(first)
        );
    }
}

/// The hardware, with CORE-MATH's functions, and MPFR rounded to binary64.
fn hardware(formula: &Formula, random: &mut SplitMix, seen: &Seen, case: &str) {
    let format: Format = "e11m52".parse().unwrap();
    let libm = Libm::CoreMath;
    if engine(formula, format, libm) != Engine::Native(libm) {
        return;
    }
    let inputs: Vec<f64> = formula.inputs().iter().map(|_| number(random)).collect();
    let given = inputs
        .iter()
        .map(|&x| Input::Rounded(Float::with_val(53, x)));
    let given: Vec<Input> = given.collect();
    let mut machine = Machine::new(formula, Emulated::new(format, given.clone()));
    let emulated = machine.run().to_f64();
    let failure = machine.arithmetic_mut().take_failure();
    if failure.is_some() {
        return; // Only what costs too much has no value here.
    }
    let native = compute(formula, format, libm, &given).unwrap().to_f64();
    let same = native.to_bits() == emulated.to_bits() || native.is_nan() && emulated.is_nan();
    assert!(
        same,
        "{case} at {:?} = {inputs:?}: {native:e} on the hardware, {emulated:e} emulated",
        formula.inputs()
    );
    seen.computed.fetch_add(1, Relaxed);
}

fn text(known: &Definitions, formula: &Formula, context: Context, seen: &Seen, case: &str) {
    let text = formula
        .write()
        .unwrap_or_else(|error| panic!("{case}: {error}"));
    let again = read(known, &text, context);
    assert!(is_same(formula, &again, context), "{case}: {text:?}");
    seen.written.fetch_add(1, Relaxed);
}

/// One formula, by number: one in two without views, the others exact outside of
/// views or computed.
fn check(known: &mut Definitions, seed: u64, number: u64, seen: &Seen) {
    let random = SplitMix(seed.wrapping_add(number.wrapping_mul(0x0123_4567_89ab_cdef)));
    let mut source = match number % 4 {
        0 => Source::new(random, false),
        1 => Source::new(random, true),
        _ => Source::without_views(random),
    };
    let depth = 1 + (source.random.next() % 4) as usize;
    let real = source.real;
    let expression = match source.random.next() % 4 {
        0 => source.predicate(depth, real),
        _ => source.number(depth, real),
    };
    let context = if real {
        Context::Real
    } else {
        Context::Ambient
    };
    let case = format!("ULPSCOPE_SEED={seed}, formula {number}: {expression}");
    let tree = known.expression("expression", &expression);
    let tree = tree.unwrap_or_else(|error| panic!("{case}: {error}"));
    let formula = known
        .resolve(&tree, context, Rows::None)
        .unwrap_or_else(|error| panic!("{case}: {error}"));
    let random = &mut source.random;
    // A call may have put rn or a kin inside of a computation.
    if let Ok(exact) = formula.inline(Context::Real) {
        enclosures(&exact, random, seen, &case);
    }
    if let Ok(computed) = formula.inline(Context::Ambient) {
        hardware(&computed, random, seen, &case);
    }
    if formula.inline(context).is_ok() {
        text(known, &formula, context, seen, &case);
    }
}

/// The seed of the figures on the page.
const SEED: u64 = 0xc0_55;

fn formulas_agree(count: u64, region: &str) {
    let seed = seed(SEED);
    println!("ULPSCOPE_SEED={seed}");
    let seen = Seen::default();
    // Fewer texts for the names that a text makes up.
    (0..count.div_ceil(50)).into_par_iter().for_each(|block| {
        let mut known = define(DEFINITIONS);
        for number in block * 50..(block * 50 + 50).min(count) {
            check(&mut known, seed, number, &seen);
        }
    });
    let [enclosed, decided, computed, written] =
        [seen.enclosed, seen.decided, seen.computed, seen.written]
            .map(|seen| seen.into_inner() as u64);
    let figures = format!(
        "{} formulas: {} enclosed at two precisions, of which {} to 100 bits; {} computed on\n\
         hardware and by MPFR; {} written and read again. 0 mismatches.",
        thousands(count),
        thousands(enclosed),
        thousands(decided),
        thousands(computed),
        thousands(written)
    );
    println!("{figures}");
    let share = |seen: u64| seen as f64 / count as f64;
    assert!(share(enclosed) > 0.3 && share(decided) > 0.2);
    assert!(share(computed) > 0.3 && share(written) > 0.9);
    if seed == SEED {
        page::holds(region, &figures);
    }
}

/// The comparison finds what it is there to find.
#[test]
fn differences_are_found() {
    let value = |text: &str, precision: u32| {
        let formula = Definitions::new().formula("test", text).unwrap();
        let formula = formula.inline(Context::Real).unwrap();
        let mut machine = Machine::new(
            &formula,
            Real::new(precision, [0_u32; 0].map(Rational::from)),
        );
        machine.run().clone()
    };
    let seen = Seen::default();
    let found =
        |(a, p): (&str, u32), (b, q): (&str, u32)| conflict(&value(a, p), &value(b, q), &seen);
    assert_eq!(found(("exp(1)", 64), ("exp(1)", 200)), None);
    for (a, b, expected) in [
        (("exp(1)", 64), ("exp(1 + 2^-50)", 200), "nothing in common"),
        (("exp(1)", 200), ("exp(1)", 64), "the finer one is wider"),
        (("exp(1)", 64), ("log(-1)", 200), "a value, and none"),
        (
            ("exp(1) > 2", 64),
            ("exp(1) > 3", 200),
            "another truth value, or none any more",
        ),
        (
            ("fl(1e9, f16)", 64),
            ("fl(-1e9, f16)", 200),
            "two infinities or NaNs",
        ),
    ] {
        assert_eq!(found(a, b), Some(expected), "{a:?}, {b:?}");
    }
}

#[test]
fn ten_thousand_formulas_agree() {
    formulas_agree(10_000, "random-formulas");
}

#[test]
#[ignore = "takes minutes where little is optimised"]
fn a_hundred_thousand_formulas_agree() {
    formulas_agree(100_000, "random-formulas-all");
}
