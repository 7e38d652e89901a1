//! Test data that this project did not write, read in place from the folder that
//! `ULPSCOPE_SUITES` names. Without it the tests say so and pass.

#![allow(dead_code)] // Each test uses a part of this.

use rug::ops::Pow;
use rug::{Float, Integer, Rational};
use std::fmt::Display;
use std::path::Path;
use ulpscope::format::Format;

/// Whether there are no suites; says so.
pub fn are_absent() -> bool {
    let absent = std::env::var_os("ULPSCOPE_SUITES").is_none();
    if absent {
        println!("skipped: ULPSCOPE_SUITES is not set");
    }
    absent
}

/// The text of a file in the suites, `.xz` unpacked; `None`, after saying so,
/// where there are no suites. A file that is missing or broken is a failure.
pub fn read(name: &str) -> Option<String> {
    if are_absent() {
        return None;
    }
    let folder = std::env::var_os("ULPSCOPE_SUITES")?;
    let bytes = std::fs::read(Path::new(&folder).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let bytes = if name.ends_with(".xz") {
        let mut plain = Vec::new();
        lzma_rs::xz_decompress(&mut bytes.as_slice(), &mut plain)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        plain
    } else {
        bytes
    };
    Some(String::from_utf8(bytes).expect("the suites are text"))
}

/// The lines of a suite's text without comments (`# …`), numbered from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| {
            let end = line.find('#').unwrap_or(line.len());
            (number, line[..end].trim_end())
        })
        .filter(|(_, line)| !line.is_empty())
}

/// What bits in hexadecimal encode; `NAN` is written for a NaN's.
pub fn decode(format: &Format, bits: &str) -> Float {
    if bits == "NAN" {
        return Float::with_val(format.precision(), rug::float::Special::Nan);
    }
    let bits = u128::from_str_radix(bits, 16).expect("hexadecimal digits");
    format.decode(&Integer::from(bits)).expect("an encoding")
}

/// The same number, zeros with their signs; any NaN is any other.
pub fn same(a: &Float, b: &Float) -> bool {
    (a.is_nan() && b.is_nan()) || (a == b && a.is_sign_negative() == b.is_sign_negative())
}

/// A decimal's value, and the unit of its last digit.
pub fn decimal(text: &str) -> (Rational, Rational) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().expect("an exponent");
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Integer = format!("{whole}{fraction}").parse().expect("digits");
    let power = exponent - fraction.len() as i32;
    let unit = Rational::from(Integer::from(10).pow(power.unsigned_abs()));
    let unit = if power < 0 { unit.recip() } else { unit };
    (Rational::from(&unit * &digits), unit)
}

/// A count as it is written in a text: 12,345.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in per cent, cut off after two places, so that 100 % is all.
pub fn per_cent(part: u64, whole: u64) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Counts cases and mismatches, and keeps the first few of these.
#[derive(Default)]
pub struct Tally {
    cases: u64,
    mismatches: u64,
    shown: Vec<String>,
}

impl Tally {
    /// Counts one case; `describe` is called where it does not hold.
    pub fn check<D: Display>(&mut self, holds: bool, describe: impl FnOnce() -> D) {
        self.cases += 1;
        if !holds {
            self.mismatches += 1;
            if self.shown.len() < 10 {
                self.shown.push(describe().to_string());
            }
        }
    }

    /// Adds another's counts.
    pub fn add(mut self, other: Tally) -> Tally {
        self.cases += other.cases;
        self.mismatches += other.mismatches;
        self.shown.extend(other.shown);
        self.shown.truncate(10);
        self
    }

    /// How many cases were counted.
    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// How many of them did not match.
    pub fn mismatches(&self) -> u64 {
        self.mismatches
    }

    /// The counts in words; `what` are the cases.
    pub fn figures(&self, what: &str) -> String {
        format!(
            "{} {what}: {} mismatches",
            thousands(self.cases),
            thousands(self.mismatches)
        )
    }

    /// Prints the counts.
    ///
    /// # Panics
    /// Where nothing was tested, and where anything did not match.
    pub fn finish(self, name: &str) {
        println!(
            "{name}: {} cases, {} mismatches",
            self.cases, self.mismatches
        );
        assert!(self.cases > 0, "{name}: no cases");
        assert!(
            self.mismatches == 0,
            "{name}: {} of {} cases do not match, the first:\n{}",
            self.mismatches,
            self.cases,
            self.shown.join("\n")
        );
    }
}
