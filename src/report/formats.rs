//! What the formats are, as a document.

use super::bits::brief_integer;
use super::compare::{data, key, number, word};
use super::document::{Block, Cell, Column, Document, Table};
use crate::study::{Constant, FormatFacts, FormatTable};

/// How many digits of a number a person sees.
const DIGITS: usize = 11;

type Show = fn(&FormatFacts) -> Cell;

/// Every column.
const COLUMNS: &[(Column, Show)] = &[
    (key("format", "format"), |facts| Cell::plain(&facts.name)),
    (number("width", "width"), |facts| count(&facts.width)),
    (data("exponent_bits"), |facts| count(&facts.exponent_bits)),
    (data("bias"), |facts| count(&facts.bias)),
    (number("p", "precision"), |facts| {
        Cell::plain(facts.precision.to_string())
    }),
    (number("emin", "emin"), |facts| {
        Cell::plain(facts.emin.to_string())
    }),
    (number("emax", "emax"), |facts| {
        Cell::plain(facts.emax.to_string())
    }),
    (word("u", "unit_roundoff_power"), |facts| {
        Cell::plain(format!("2^{}", facts.unit_roundoff_exponent))
    }),
    (word("", "unit_roundoff"), |facts| {
        decimal(Some(&facts.unit_roundoff))
    }),
    (word("special values", "special_values"), |facts| {
        Cell::plain(facts.specials())
    }),
    (
        word("finite numbers", "finite_numbers"),
        |facts| match &facts.finite_numbers {
            Some(numbers) => Cell::with_full(brief_integer(numbers), numbers.to_string()),
            None => Cell::plain("—").data_empty(),
        },
    ),
    (word("largest", "largest"), |facts| {
        decimal(Some(&facts.largest))
    }),
    (data("largest_hex"), |facts| hex(Some(&facts.largest))),
    (word("least normal", "least_normal"), |facts| {
        decimal(Some(&facts.least_normal))
    }),
    (data("least_normal_hex"), |facts| {
        hex(Some(&facts.least_normal))
    }),
    (word("least subnormal", "least_subnormal"), |facts| {
        decimal(facts.least_subnormal.as_ref())
    }),
    (data("least_subnormal_hex"), |facts| {
        hex(facts.least_subnormal.as_ref())
    }),
    (word("also called", "also_called"), |facts| {
        Cell::plain(facts.also.join(", "))
    }),
];

/// The document: a row for each format, and what other names there are.
pub fn formats(result: &FormatTable) -> Document {
    let cells = |facts| COLUMNS.iter().map(|(_, show)| show(facts)).collect();
    let table = Table {
        keep_empty: false,
        columns: COLUMNS.iter().map(|(column, _)| column.clone()).collect(),
        rows: result.formats.iter().map(cells).collect(),
    };
    Document {
        blocks: vec![
            Block::Table(table),
            Block::Text(
                "Any eXmY is a format: X exponent bits and Y stored significand bits, p = Y + 1, \
                 emax = 2^(X − 1) − 1, emin = 1 − emax, with infinities and NaN. mpfr:P has P bits \
                 and MPFR's exponents, so wide that leaving them is no overflow. bf16@f32 has the \
                 numbers of bf16 and computes functions in f32. Modes follow a slash: f32/rz."
                    .into(),
            ),
            Block::Text(
                "p counts the leading bit; u = 2^−p is the unit roundoff, to nearest; digits are \
                 cut off, not rounded."
                    .into(),
            ),
        ],
    }
}

fn count<T: ToString>(count: &Option<T>) -> Cell {
    match count {
        Some(count) => Cell::plain(count.to_string()),
        None => Cell::plain("—").data_empty(),
    }
}

fn decimal(constant: Option<&Constant>) -> Cell {
    match constant {
        Some(constant) => {
            let exact = constant.decimal();
            Cell::with_full(exact.cut(DIGITS), exact.full().unwrap_or_default())
        }
        None => Cell::plain("—").data_empty(),
    }
}

fn hex(constant: Option<&Constant>) -> Cell {
    Cell::plain(constant.map(Constant::hex).unwrap_or_default())
}
