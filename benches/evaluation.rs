//! `cargo bench --bench evaluation`
//!
//! - `certified`: the exact value rounded to f64, certified, at random z in ±100;
//! - `mpfr`: a formula evaluated through the arithmetics' trait, against the
//!   same calls of MPFR written by hand;
//! - `process`: the program without arguments, as a whole process.

use divan::{Bencher, black_box, counter::ItemsCount};
use rug::float::Round;
use rug::ops::AssignRound;
use rug::{Float, Rational};
use ulpscope::arithmetic::emulated::Emulated;
use ulpscope::evaluate::Machine;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::Definitions;
use ulpscope::truth::{DEFAULT_PRECISION_LIMIT, Truth};

fn main() {
    divan::main();
}

const SIGMOID: &str = "sigmoid(z)";
const GRADIENT: &str = "2*(sigmoid(z) - 0)*(sigmoid(z)*(1 - sigmoid(z)))*62.5";

fn formula(text: &str, context: Context) -> Formula {
    let source = Definitions::new().formula("bench", text).unwrap();
    source.inline(context).unwrap()
}

/// A thousand doubles in ±100 from a fixed seed (splitmix64).
fn points() -> Vec<Rational> {
    let mut state = 20_261_124_u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let unit = |bits: u64| (bits >> 11) as f64 / (1_u64 << 53) as f64;
    (0..1000)
        .map(|_| Rational::from_f64(200.0 * unit(next()) - 100.0).unwrap())
        .collect()
}

/// Certified f64 results; the count is points a second.
#[divan::bench(args = [SIGMOID, GRADIENT])]
fn certified(bencher: Bencher, text: &str) {
    let formula = formula(text, Context::Real);
    let points = points();
    let mut truth = Truth::new(&formula, vec![Rational::new()], DEFAULT_PRECISION_LIMIT);
    bencher
        .counter(ItemsCount::new(points.len()))
        .bench_local(|| {
            for point in &points {
                truth.set_inputs(vec![point.clone()]);
                black_box(truth.rounded(&Format::F64).unwrap());
            }
        });
}

const PRECISIONS: [u32; 3] = [100, 1000, 10_000];

/// The gradient through the trait, registers kept.
#[divan::bench(args = PRECISIONS)]
fn mpfr_through_the_trait(bencher: Bencher, precision: u32) {
    let formula = formula(GRADIENT, Context::Ambient);
    let format = Format::mpfr(precision).unwrap();
    let arithmetic = Emulated::new(format, vec![Rational::from(50)]);
    let mut machine = Machine::new(&formula, arithmetic);
    bencher.bench_local(|| {
        black_box(machine.run());
    });
}

/// The same operations with rug, registers kept.
#[divan::bench(args = PRECISIONS)]
fn mpfr_by_hand(bencher: Bencher, precision: u32) {
    let new = || Float::new(precision);
    let (zero, one, two) = (0, 1, 2);
    let zero = Float::with_val(precision, zero);
    let one = Float::with_val(precision, one);
    let two = Float::with_val(precision, two);
    let x = Float::with_val(precision, 62.5);
    let given = Rational::from(50);
    let (mut z, mut minus, mut power, mut sum) = (new(), new(), new(), new());
    let (mut sigma, mut difference, mut doubled) = (new(), new(), new());
    let (mut rest, mut slope, mut product, mut gradient) = (new(), new(), new(), new());
    bencher.bench_local(|| {
        let near = Round::Nearest;
        z.assign_round(&given, near);
        minus.assign_round(-&z, near);
        power.assign_round(minus.exp_ref(), near);
        sum.assign_round(&one + &power, near);
        sigma.assign_round(&one / &sum, near);
        difference.assign_round(&sigma - &zero, near);
        doubled.assign_round(&two * &difference, near);
        rest.assign_round(&one - &sigma, near);
        slope.assign_round(&sigma * &rest, near);
        product.assign_round(&doubled * &slope, near);
        gradient.assign_round(&product * &x, near);
        black_box(&gradient);
    });
}

/// `ulpscope` alone, start to end.
#[divan::bench(sample_count = 30, sample_size = 1)]
fn process() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ulpscope"))
        .output()
        .unwrap();
    assert!(output.status.success());
    black_box(output.stdout);
}
