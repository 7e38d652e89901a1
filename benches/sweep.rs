//! `cargo bench --bench sweep`
//!
//! The gradient of the built-in case at every precision from 24 to 10000 bits:
//! as a sweep, with certified errors (and verdicts), on one thread and on all
//! cores (0), as a whole process with its table, and the computation alone as
//! calls of MPFR written by hand, on one thread. `thresholds`: where σ(z) becomes
//! 1 in four formats, computed and rounded once, proved.

use divan::{Bencher, black_box};
use rug::float::Round;
use rug::ops::AssignRound;
use rug::{Float, Rational};
use std::process::{Command, Stdio};
use ulpscope::format::Format;
use ulpscope::language::Definitions;
use ulpscope::study::{
    DEFAULT_BLOCKS, Grid, Interval, Options, Point, Precisions, Predicate, Silent, Subject,
    over_floats, sweep,
};
use ulpscope::truth::DEFAULT_PRECISION_LIMIT;

fn main() {
    divan::main();
}

const PRECISIONS: std::ops::RangeInclusive<u32> = 24..=10_000;

/// With or without verdicts; the number of threads.
const SWEEPS: [(bool, usize); 4] = [(false, 1), (false, 0), (true, 1), (true, 0)];

#[divan::bench(args = SWEEPS, sample_count = 3, sample_size = 1)]
fn gradient_swept(bencher: Bencher, (verdicts, threads): (bool, usize)) {
    let mut definitions = Definitions::new();
    definitions
        .add("case", include_str!("../src/study/cases/sigmoid-50.ulp"))
        .unwrap();
    let text = "w=0.8, x=62.5, y=0";
    let point = Point::parse(&mut definitions, text, DEFAULT_PRECISION_LIMIT).unwrap();
    let subject = Subject::parse(&mut definitions, "gradient", &point).unwrap();
    let text = format!("{}..{}", PRECISIONS.start(), PRECISIONS.end());
    let precisions = Precisions::parse(&text).unwrap();
    let grid = Grid::new(Vec::new(), &[], Some(&precisions), 1).unwrap();
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let pool = builder.build().unwrap();
    bencher.bench_local(|| {
        let subjects = std::slice::from_ref(&subject);
        let options = Options {
            verdicts,
            ..Options::default()
        };
        black_box(pool.install(|| sweep(subjects, &grid, &options, &Silent)));
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn gradient_by_hand(bencher: Bencher) {
    let (given, other) = (Rational::from((4, 5)), Rational::from((125, 2)));
    bencher.bench_local(|| {
        for precision in PRECISIONS {
            let new = || Float::new(precision);
            let one = Float::with_val(precision, 1);
            let two = Float::with_val(precision, 2);
            let zero = Float::with_val(precision, 0);
            let (mut w, mut x, mut z, mut minus) = (new(), new(), new(), new());
            let (mut power, mut sum, mut sigma, mut error) = (new(), new(), new(), new());
            let (mut doubled, mut rest, mut slope) = (new(), new(), new());
            let (mut product, mut gradient) = (new(), new());
            let near = Round::Nearest;
            w.assign_round(&given, near);
            x.assign_round(&other, near);
            z.assign_round(&w * &x, near);
            minus.assign_round(-&z, near);
            power.assign_round(minus.exp_ref(), near);
            sum.assign_round(&one + &power, near);
            sigma.assign_round(&one / &sum, near);
            error.assign_round(&sigma - &zero, near);
            doubled.assign_round(&two * &error, near);
            rest.assign_round(&one - &sigma, near);
            slope.assign_round(&sigma * &rest, near);
            product.assign_round(&doubled * &slope, near);
            gradient.assign_round(&product * &x, near);
            black_box(&gradient);
        }
    });
}

#[divan::bench(args = ["1", "0"], sample_count = 3, sample_size = 1)]
fn gradient_process(threads: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ulpscope"));
    command.args(["sweep", "gradient", "--case", "sigmoid-50"]);
    command.arg("--precision");
    command.arg(format!("{}..{}", PRECISIONS.start(), PRECISIONS.end()));
    if threads != "0" {
        command.args(["--jobs", threads]);
    }
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}

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
        let blocks = DEFAULT_BLOCKS;
        black_box(over_floats(
            definitions,
            &predicate,
            &range,
            &formats,
            limit,
            blocks,
        ))
        .unwrap();
    });
}
