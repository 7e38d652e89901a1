//! Decimal strings that parsers have read wrongly, and every binary16 number,
//! against their f16, f32 and f64 bits.

use super::faults::{Fault, carry_out, caught};
use super::suites::{self, Tally};
use super::{page, suites::decode};
use ulpscope::format::{Format, Numeral};

const FILES: [&str; 6] = [
    "exhaustive-float16",
    "freetype-2-7",
    "google-wuffs",
    "lemire-fast-float",
    "more-test-cases",
    "tencent-rapidjson",
];

fn check(fault: Option<Fault>) -> Option<Tally> {
    let formats = [Format::F16, Format::F32, Format::F64];
    let mut tally = Tally::default();
    for file in FILES {
        let text = suites::read(&format!("decimal-parsing/{file}.txt"))?;
        let before = tally.cases();
        for (number, line) in suites::lines(&text) {
            let words: Vec<&str> = line.split(' ').collect();
            let numeral = Numeral::parse(words[3])
                .unwrap_or_else(|error| panic!("{file}:{number}: {}: {error}", words[3]));
            for (format, expected) in formats.iter().zip(&words) {
                let found = carry_out(fault, format, |format| format.round_numeral(&numeral));
                tally.check(suites::same(&found, &decode(format, expected)), || {
                    format!("{file}:{number}: {line}: {format} gives {found}")
                });
            }
        }
        assert!(tally.cases() > before, "{file} is empty");
    }
    Some(tally)
}

#[test]
fn every_string() {
    let Some(tally) = check(None) else { return };
    let figures = tally.figures("roundings of strings");
    tally.finish("decimal-parsing");
    page::holds("decimal-parsing", &format!("{figures}."));
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    let faults = [
        Fault::Truncates,
        Fault::RoundsTwice,
        Fault::Flushes,
        Fault::Saturates,
    ];
    let figures = caught(&faults, |fault| check(Some(fault)).expect("the suites"));
    page::holds("decimal-parsing-faults", &format!("Faults: {figures}."));
}
