//! The formats of eight bits against values of ml_dtypes and gfloat: what every
//! pattern encodes, all of e4m3fn's arithmetic, and roundings from f32.

use super::faults::{Fault, carry_out, caught, operate_with};
use super::page;
use super::suites::{self, Tally, decode, same};
use rug::Float;
use ulpscope::format::{Format, Numeral};
use ulpscope::formula::Op;

/// The files of patterns, and their formats.
const PATTERNS: [(&str, &str); 4] = [
    ("decode_e3m4", "e3m4"),
    ("decode_e4m3", "f8e4m3"),
    ("decode_e4m3fn", "f8e4m3fn"),
    ("decode_e5m2", "f8e5m2"),
];

/// Faults in roundings are looked for in one line of so many.
const SAMPLE: usize = 17;

fn named(name: &str) -> Format {
    name.parse().expect("a format")
}

/// What the patterns encode, and back; `instead` maps each format to the one that
/// is used.
fn patterns(instead: impl Fn(&'static str) -> Format) -> Option<Tally> {
    let mut tally = Tally::default();
    for (file, name) in PATTERNS {
        let text = suites::read(&format!("small-formats/{file}.tsv"))?;
        let format = instead(name);
        for (number, line) in suites::lines(&text) {
            let (bits, value) = line.split_once('\t').expect("two columns");
            let expected = match value {
                "inf" => f64::INFINITY,
                "-inf" => f64::NEG_INFINITY,
                "nan" => f64::NAN,
                _ => Format::F64
                    .round_numeral(&Numeral::parse(value).expect("a numeral"))
                    .to_f64(),
            };
            let expected = Float::with_val(53, expected);
            let found = decode(&format, bits);
            tally.check(same(&found, &expected), || {
                format!("{file}:{number}: {line}: decodes to {found}")
            });
            // And back; NaN has one pattern that is written.
            if !found.is_nan() {
                let encoded = format.encode(&found).map(|bits| format!("{bits:02X}"));
                tally.check(encoded.as_deref() == Some(bits), || {
                    format!("{file}:{number}: {line}: encodes to {encoded:?}")
                });
            }
        }
    }
    Some(tally)
}

fn operations(fault: Option<Fault>) -> Option<Tally> {
    let text = suites::read("small-formats/ops_e4m3fn.txt.xz")?;
    let format = named("f8e4m3fn");
    let mut tally = Tally::default();
    for (number, line) in suites::lines(&text) {
        let words: Vec<&str> = line.split(' ').collect();
        let (a, b) = (decode(&format, words[0]), decode(&format, words[1]));
        for (op, bits) in [Op::Add, Op::Sub, Op::Mul, Op::Div].iter().zip(&words[2..]) {
            let result = operate_with(fault, op, &format, &[&a, &b]);
            tally.check(same(&result, &decode(&format, bits)), || {
                format!("{number}: {line}: {} gives {result}", op.name())
            });
        }
    }
    Some(tally)
}

fn roundings(every: usize, fault: Option<Fault>) -> Option<Tally> {
    let text = suites::read("small-formats/round_f32.txt.xz")?;
    let formats = ["f16", "bf16", "f8e4m3fn", "f8e5m2", "f8e4m3", "e3m4"].map(named);
    let mut tally = Tally::default();
    for (number, line) in suites::lines(&text).step_by(every) {
        let mut words = line.split(' ');
        let x = decode(&Format::F32, words.next().expect("an operand"));
        for (format, bits) in formats.iter().zip(words) {
            let found = carry_out(fault, format, |format| format.round(&x));
            tally.check(same(&found, &decode(format, bits)), || {
                format!("{number}: {line}: {format} gives {found}")
            });
        }
    }
    Some(tally)
}

#[test]
fn every_pattern() {
    let Some(tally) = patterns(named) else { return };
    let figures = tally.figures("decodings and encodings");
    tally.finish("small-formats-patterns");
    page::holds("small-formats-patterns", &format!("{figures}."));
}

#[test]
fn all_of_e4m3fn() {
    let Some(tally) = operations(None) else {
        return;
    };
    let figures = tally.figures("results of + − × ÷");
    tally.finish("small-formats-operations");
    page::holds("small-formats-operations", &format!("{figures}."));
}

#[test]
fn roundings_from_f32() {
    let Some(tally) = roundings(1, None) else {
        return;
    };
    let figures = tally.figures("roundings of f32 numbers");
    tally.finish("small-formats-roundings");
    page::holds("small-formats-roundings", &format!("{figures}."));
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    let faults = [Fault::Truncates, Fault::RoundsTwice, Fault::Flushes];
    let of_operations = caught(&faults, |fault| {
        operations(Some(fault)).expect("the suites")
    });
    page::holds(
        "small-formats-operations-faults",
        &format!("Faults: {of_operations}."),
    );

    let faults = [
        Fault::Truncates,
        Fault::SwapsModes,
        Fault::RoundsTwice,
        Fault::Flushes,
        Fault::Saturates,
    ];
    let of_roundings = caught(&faults, |fault| {
        roundings(SAMPLE, Some(fault)).expect("the suites")
    });
    page::holds(
        "small-formats-roundings-faults",
        &format!("Faults: {of_roundings}."),
    );

    /// Takes one variant of four exponent bits for the other.
    #[derive(Clone, Copy, Debug)]
    struct ConfusesVariants;
    let of_patterns = caught(&[ConfusesVariants], |_| {
        let tally = patterns(|name| {
            named(match name {
                "f8e4m3fn" => "f8e4m3",
                "f8e4m3" => "f8e4m3fn",
                name => name,
            })
        });
        tally.expect("the suites")
    });
    page::holds(
        "small-formats-patterns-faults",
        &format!("Faults: {of_patterns}."),
    );
}
