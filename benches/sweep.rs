//! `cargo bench --bench sweep`: a sweep over precisions, the gradient of the
//! built-in case at every p from 24 to 10 000.
//!
//! - `by_hand`: the computed values alone, the same calls of MPFR written out,
//!   one thread;
//! - `study`: the whole sweep, with the certified errors, without and with
//!   verdicts, on one thread and on as many as there are cores;
//! - `process`: the program, start to end, its table written.

use divan::{Bencher, black_box};
use rug::float::Round;
use rug::ops::AssignRound;
use rug::{Float, Rational};
use std::process::{Command, Stdio};
use ulpscope::claim::DEFAULT_BOXES;
use ulpscope::format::Format;
use ulpscope::language::Definitions;
use ulpscope::study::{
    Case, Grid, Interval, Options, Point, Precisions, Predicate, Silent, Subject, over_floats,
    sweep,
};
use ulpscope::truth::DEFAULT_PRECISION_LIMIT;

fn main() {
    divan::main();
}

const PRECISIONS: std::ops::RangeInclusive<u32> = 24..=10_000;

#[divan::bench(sample_count = 3, sample_size = 1)]
fn by_hand() {
    let weight = Rational::from((4, 5));
    for precision in PRECISIONS {
        black_box(gradient(precision, &weight));
    }
}

/// 2(a − y)·(a(1 − a))·x with a = 1/(1 + exp(−w·x)), every operation rounded.
fn gradient(precision: u32, weight: &Rational) -> Float {
    let near = Round::Nearest;
    let number = |value: f64| Float::with_val(precision, value);
    let new = || Float::new(precision);
    let (one, two, x, y) = (number(1.0), number(2.0), number(62.5), number(0.0));
    let (mut w, mut z, mut minus, mut power) = (new(), new(), new(), new());
    let (mut sum, mut a, mut difference, mut doubled) = (new(), new(), new(), new());
    let (mut rest, mut slope, mut product, mut gradient) = (new(), new(), new(), new());
    w.assign_round(weight, near);
    z.assign_round(&w * &x, near);
    minus.assign_round(-&z, near);
    power.assign_round(minus.exp_ref(), near);
    sum.assign_round(&one + &power, near);
    a.assign_round(&one / &sum, near);
    difference.assign_round(&a - &y, near);
    doubled.assign_round(&two * &difference, near);
    rest.assign_round(&one - &a, near);
    slope.assign_round(&a * &rest, near);
    product.assign_round(&doubled * &slope, near);
    gradient.assign_round(&product * &x, near);
    gradient
}

#[divan::bench(args = [(1, false), (1, true), (0, false), (0, true)], sample_count = 3, sample_size = 1)]
fn study(bencher: Bencher, (threads, verdicts): (usize, bool)) {
    let mut definitions = Definitions::new();
    let case = Case::find("sigmoid-50").unwrap();
    let options = Options {
        verdicts,
        ..Options::default()
    };
    let (point, _) = case
        .load(&mut definitions, options.precision_limit)
        .unwrap();
    let precisions = format!("{}..{}", PRECISIONS.start(), PRECISIONS.end());
    let precisions = Precisions::parse(&precisions).unwrap();
    let grid = Grid::new(Vec::new(), &[], Some(&precisions), 1).unwrap();
    let subjects = [Subject::parse(&mut definitions, "gradient", &point).unwrap()];
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let pool = builder.build().unwrap();
    bencher.bench_local(|| {
        black_box(pool.install(|| sweep(&subjects, &grid, &options, &Silent)));
    });
}

#[divan::bench(args = ["1", "2"], sample_count = 3, sample_size = 1)]
fn process(jobs: &str) {
    let status = Command::new(env!("CARGO_BIN_EXE_ulpscope"))
        .args([
            "sweep",
            "gradient",
            "--case",
            "sigmoid-50",
            "--precision",
            "24..10000",
        ])
        .args(["--jobs", jobs])
        .stdout(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

/// Where σ(z) becomes 1 in four formats, computed and rounded once, proved.
#[divan::bench]
fn thresholds(bencher: Bencher) {
    let formats = [Format::F16, Format::BF16, Format::F32, Format::F64];
    let limit = DEFAULT_PRECISION_LIMIT;
    bencher.bench_local(|| {
        let mut definitions = Definitions::new();
        let point = Point::default();
        let predicate = Predicate::parse(&mut definitions, "sigmoid(z) == 1", &point).unwrap();
        let range = Interval::parse(&mut definitions, "z=0..100", limit).unwrap();
        let definitions = &mut definitions;
        let blocks = DEFAULT_BOXES;
        black_box(over_floats(
            definitions,
            &predicate,
            &range,
            &formats,
            limit,
            Some(blocks),
        ))
        .unwrap();
    });
}
