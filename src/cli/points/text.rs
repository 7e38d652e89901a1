//! Rows of results as lines of CSV or as objects of JSON.

use crate::cli::args::Form;
use crate::measure::outward;
use crate::study::{PointRow, Points};
use rug::Float;
use rug::float::Round;
use serde_json::json;
use std::fmt::Write as _;

/// The columns behind the variables'.
const MEASURES: [&str; 8] = [
    "formula",
    "arithmetic",
    "computed",
    "rounded_once",
    "ulps",
    "bits_of_error",
    "verdict",
    "notes",
];

/// The names of all columns.
pub fn columns(variables: &[String]) -> Vec<String> {
    let first = std::iter::once("line".to_string());
    let measures = MEASURES.iter().map(|name| (*name).to_string());
    first
        .chain(variables.iter().cloned())
        .chain(measures)
        .collect()
}

/// What rows are written with.
pub struct Text<'p> {
    formulas: Vec<&'p str>,
    arithmetics: Vec<String>,
    variables: &'p [String],
    names: Vec<String>,
    /// The columns to write, by index.
    chosen: Vec<usize>,
    form: Form,
}

impl<'p> Text<'p> {
    /// For the columns that are chosen, or all.
    pub fn new(points: &'p Points, variables: &'p [String], chosen: &[String], form: Form) -> Self {
        let names = columns(variables);
        let place = |name: &String| names.iter().position(|known| known == name);
        Text {
            formulas: points.formulas().collect(),
            arithmetics: points.formats().iter().map(ToString::to_string).collect(),
            variables,
            chosen: if chosen.is_empty() {
                (0..names.len()).collect()
            } else {
                chosen.iter().filter_map(place).collect()
            },
            names,
            form,
        }
    }

    /// The variables that have columns.
    pub fn variables(&self) -> &[String] {
        self.variables
    }

    /// What stands before all rows.
    pub fn head(&self) -> Vec<u8> {
        match self.form {
            Form::Json => b"[".to_vec(),
            _ => {
                let mut text = Vec::new();
                let names: Vec<&str> = self
                    .chosen
                    .iter()
                    .map(|&i| self.names[i].as_str())
                    .collect();
                csv_line(&mut text, &names);
                text
            }
        }
    }

    /// What stands behind them.
    pub fn tail(&self) -> &'static [u8] {
        match self.form {
            Form::Json => b"\n]\n",
            _ => b"",
        }
    }

    /// Takes the comma off that stands before every object.
    pub fn strip_separator(&self, text: &mut Vec<u8>) {
        if self.form == Form::Json && text.first() == Some(&b',') {
            text.remove(0);
        }
    }

    /// Writes one row of a line, of which `written` are the values as it has them.
    pub fn row(
        &self,
        out: &mut Vec<u8>,
        (line, written): (u64, &[String]),
        formula: usize,
        arithmetic: usize,
        row: &PointRow,
    ) {
        let text = self;
        let line = line.to_string();
        let computed = row.computed.as_ref().map(|figure| figure.decimal());
        let rounded = match (&row.computed, &row.rounded_once) {
            (Some(own), Some(once)) if own == once && !own.value().is_zero() => computed.clone(),
            (_, once) => once.as_ref().map(|figure| figure.decimal()),
        };
        let owned = [
            computed,
            rounded,
            row.ulps.map(|(lower, upper)| between(lower, upper)),
            row.bits_of_error.map(short),
            row.verdict.map(|verdict| verdict.to_string()),
        ];
        let measure = |index: usize| match index {
            0 => Some(text.formulas[formula]),
            1 => Some(text.arithmetics[arithmetic].as_str()),
            7 => row.reason.as_deref(),
            index => owned[index - 2].as_deref(),
        };
        let variables = text.variables.len();
        let cell = |index: usize| match index {
            0 => Some(line.as_str()),
            index if index <= variables => Some(written[index - 1].as_str()),
            index => measure(index - 1 - variables),
        };
        if text.form == Form::Json {
            let mut separator: &[u8] = b",\n{";
            for &index in &text.chosen {
                out.extend_from_slice(separator);
                separator = b", ";
                let pair = format!("{}: {}", json!(text.names[index]), json!(cell(index)));
                out.extend_from_slice(pair.as_bytes());
            }
            out.push(b'}');
        } else {
            let mut first = true;
            for &index in &text.chosen {
                if !first {
                    out.push(b',');
                }
                first = false;
                csv_cell(out, cell(index).unwrap_or_default());
            }
            out.push(b'\n');
        }
    }
}

fn csv_line(out: &mut Vec<u8>, cells: &[&str]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        csv_cell(out, cell);
    }
    out.push(b'\n');
}

/// A cell, in quotes where it needs them (RFC 4180).
fn csv_cell(out: &mut Vec<u8>, cell: &str) {
    if cell.contains(['"', ',', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(cell.as_bytes());
    }
}

/// As many digits, up to six, as both bounds agree in; `lower..upper` where they
/// do not agree in two.
fn between(lower: f64, upper: f64) -> String {
    if upper == 0.0 {
        return "0".to_string();
    }
    let (mut low, mut high) = (String::with_capacity(16), String::with_capacity(16));
    for digits in (1..=5).rev() {
        low.clear();
        high.clear();
        // Writing to a text cannot fail.
        let _ = write!(low, "{lower:.digits$e}");
        let _ = write!(high, "{upper:.digits$e}");
        if low == high {
            return plain(&low);
        }
    }
    let end = |x: f64, round| outward(&Float::with_val(53, x), round, 6);
    format!("{}..{}", end(lower, Round::Down), end(upper, Round::Up))
}

/// Six digits.
fn short(x: f64) -> String {
    if x == x.trunc() && x < 1e5 {
        return (x as u32).to_string();
    }
    plain(&format!("{x:.5e}"))
}

/// A number written with an exponent, without one where it is near 1.
fn plain(scientific: &str) -> String {
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific.to_string();
    };
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let digits: String = digits.chars().filter(|c| *c != '.').collect();
    crate::format::place_point(&digits, exponent)
}
