//! Decimal strings that parsers have read wrongly, and every binary16 number,
//! against their f16, f32 and f64 bits.

mod suites;

use suites::Tally;
use ulpscope::format::{Format, Numeral};

#[test]
fn every_string() {
    let formats = [Format::F16, Format::F32, Format::F64];
    for file in [
        "exhaustive-float16",
        "freetype-2-7",
        "google-wuffs",
        "lemire-fast-float",
        "more-test-cases",
        "tencent-rapidjson",
    ] {
        let Some(text) = suites::read(&format!("decimal-parsing/{file}.txt")) else {
            return;
        };
        let mut tally = Tally::default();
        for (number, line) in suites::lines(&text) {
            let words: Vec<&str> = line.split(' ').collect();
            let numeral = Numeral::parse(words[3])
                .unwrap_or_else(|error| panic!("{file}:{number}: {}: {error}", words[3]));
            for (format, expected) in formats.iter().zip(&words) {
                let found = format.round_numeral(&numeral);
                let found = format.encode(&found).expect("an encoding");
                let expected = u64::from_str_radix(expected, 16).expect("hexadecimal digits");
                tally.check(found == expected, || {
                    format!("{number}: {line}: {format} gives {found:X}")
                });
            }
        }
        tally.finish(file);
    }
}
