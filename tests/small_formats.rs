//! The formats of eight bits against values of ml_dtypes and gfloat: what every
//! pattern encodes, all of e4m3fn's arithmetic, and roundings from f32.

mod suites;

use rug::Float;
use suites::{Tally, decode, same};
use ulpscope::arithmetic::emulated::operate;
use ulpscope::format::{Format, Numeral};
use ulpscope::formula::Op;

#[test]
fn every_pattern() {
    for (file, name) in [
        ("decode_e3m4", "e3m4"),
        ("decode_e4m3", "f8e4m3"),
        ("decode_e4m3fn", "f8e4m3fn"),
        ("decode_e5m2", "f8e5m2"),
    ] {
        let Some(text) = suites::read(&format!("small-formats/{file}.tsv")) else {
            return;
        };
        let format: Format = name.parse().expect("a format");
        let mut tally = Tally::default();
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
                format!("{number}: {line}: decodes to {found}")
            });
            // And back; NaN has one pattern that is written.
            if !found.is_nan() {
                let encoded = format.encode(&found).map(|bits| format!("{bits:02X}"));
                tally.check(encoded.as_deref() == Some(bits), || {
                    format!("{number}: {line}: encodes to {encoded:?}")
                });
            }
        }
        tally.finish(file);
    }
}

#[test]
fn all_of_e4m3fn() {
    let Some(text) = suites::read("small-formats/ops_e4m3fn.txt.xz") else {
        return;
    };
    let format: Format = "f8e4m3fn".parse().expect("a format");
    let mut tally = Tally::default();
    let mut result = Float::new(format.working_precision());
    for (number, line) in suites::lines(&text) {
        let words: Vec<&str> = line.split(' ').collect();
        let (a, b) = (decode(&format, words[0]), decode(&format, words[1]));
        for (op, bits) in [Op::Add, Op::Sub, Op::Mul, Op::Div].iter().zip(&words[2..]) {
            operate(op, &format, &[&a, &b], &mut result).expect("a value");
            tally.check(same(&result, &decode(&format, bits)), || {
                format!("{number}: {line}: {} gives {result}", op.name())
            });
        }
    }
    tally.finish("ops_e4m3fn");
}

#[test]
fn roundings_from_f32() {
    let Some(text) = suites::read("small-formats/round_f32.txt.xz") else {
        return;
    };
    let formats: Vec<Format> = ["f16", "bf16", "f8e4m3fn", "f8e5m2", "f8e4m3", "e3m4"]
        .iter()
        .map(|name| name.parse().expect("a format"))
        .collect();
    let mut tally = Tally::default();
    for (number, line) in suites::lines(&text) {
        let mut words = line.split(' ');
        let x = decode(&Format::F32, words.next().expect("an operand"));
        for (format, bits) in formats.iter().zip(words) {
            let found = format.round(&x);
            tally.check(same(&found, &decode(format, bits)), || {
                format!("{number}: {line}: {format} gives {found}")
            });
        }
    }
    tally.finish("round_f32");
}
