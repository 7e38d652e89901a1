//! Thirteen functions of every binary16 number, as CORE-MATH rounds them in four
//! modes. CORE-MATH's binary16 functions are proved by exhaustion.

use super::faults::{Fault, caught, operate_with};
use super::page;
use super::suites::{self, Tally, decode, same};
use rayon::prelude::*;
use ulpscope::format::{Format, Rounding};
use ulpscope::formula::Op;

const FILES: [&str; 13] = [
    "acos", "asinh", "cbrt", "cosh", "erf", "exp", "exp2", "log", "log1p", "sin", "sqrt", "tanh",
    "tgamma",
];

/// The modes in the order of the columns.
const MODES: [Rounding; 4] = [
    Rounding::NearestEven,
    Rounding::Zero,
    Rounding::Down,
    Rounding::Up,
];

/// Faults are looked for in one line of so many.
const SAMPLE: usize = 17;

/// One function's file, every so many lines.
fn check(file: &str, every: usize, fault: Option<Fault>) -> Option<Tally> {
    let text = suites::read(&format!("f16-functions/{file}.txt.xz"))?;
    let name = if file == "tgamma" { "gamma" } else { file };
    let op = &Op::function(name).expect("a function").op;
    let mut tally = Tally::default();
    for (number, line) in suites::lines(&text).step_by(every) {
        let mut words = line.split(' ');
        let x = decode(&Format::F16, words.next().expect("an operand"));
        for (mode, bits) in MODES.iter().zip(words) {
            let format = Format::F16.with_rounding(*mode);
            let result = operate_with(fault, op, &format, &[&x]);
            tally.check(same(&result, &decode(&Format::F16, bits)), || {
                format!("{file}:{number}: {line}: {format} gives {result}")
            });
        }
    }
    assert!(tally.cases() > 0, "{file} is empty");
    Some(tally)
}

fn check_all(every: usize, fault: Option<Fault>) -> Option<Tally> {
    let each = FILES.par_iter().map(|file| check(file, every, fault));
    each.try_reduce(Tally::default, |a, b| Some(a.add(b)))
}

#[test]
fn every_number() {
    let Some(tally) = check_all(1, None) else {
        return;
    };
    let figures = tally.figures("results of 13 functions");
    tally.finish("f16-functions");
    page::holds("f16-functions", &format!("{figures}."));
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    let faults = [
        Fault::Truncates,
        Fault::SwapsModes,
        Fault::RoundsTwice,
        Fault::Flushes,
        Fault::Saturates,
    ];
    let figures = caught(&faults, |fault| {
        check_all(SAMPLE, Some(fault)).expect("the suites")
    });
    page::holds("f16-functions-faults", &format!("Faults: {figures}."));
}
