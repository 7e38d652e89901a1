//! A certified value as a document.

use super::compare::{bound, exact};
use super::document::{Align, Block, Cell, Column, Document, Table};
use crate::study::Evaluation;

/// The document for an evaluation: the value alone on its line, so that other
/// programs can take it.
pub fn evaluation(result: &Evaluation) -> Document {
    Document {
        blocks: vec![Block::Equation(value(result), "")],
    }
}

/// The same as a table with every figure, for CSV.
pub fn evaluation_table(result: &Evaluation) -> Document {
    let column = |key| Column {
        title: key,
        key,
        align: Align::Left,
        data_only: false,
        is_key: false,
    };
    let (lower, upper) = match &result.exact {
        Some(exact) => (exact.lower.clone(), exact.upper.clone()),
        None => (None, None),
    };
    Document {
        blocks: vec![Block::Table(Table {
            keep_empty: true,
            columns: ["formula", "value", "lower", "upper"].map(column).into(),
            rows: vec![vec![
                Cell::plain(&result.formula),
                Cell::plain(value(result)),
                bound(&lower),
                bound(&upper),
            ]],
        })],
    }
}

fn value(result: &Evaluation) -> String {
    match (&result.exact, &result.holds) {
        (Some(value), _) => exact(value),
        (None, Some(holds)) => match (holds.value, &holds.reason) {
            (Some(value), _) => value.to_string(),
            (None, reason) => reason.clone().unwrap_or_default(),
        },
        (None, None) => String::new(),
    }
}
