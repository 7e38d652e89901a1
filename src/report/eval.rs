//! A certified value as a document.

use super::compare::{bound, exact, word};
use super::document::{Block, Cell, Document, Table};
use crate::study::Evaluation;

/// The document for an evaluation: the value alone on its line, so that other
/// programs can take it.
pub fn evaluation(result: &Evaluation) -> Document {
    Document {
        blocks: vec![Block::Equation(value(result), "")],
    }
}

/// The same with the formula, for markdown.
pub fn evaluation_equation(result: &Evaluation) -> Document {
    let value = value(result);
    let text = if result.is_certified() && result.holds.is_none() {
        format!("{} = {value}", result.formula)
    } else {
        format!("{}: {value}", result.formula)
    };
    Document {
        blocks: vec![Block::Equation(text, "")],
    }
}

/// The same as a table with every figure, for CSV.
pub fn evaluation_table(result: &Evaluation) -> Document {
    let column = |key| word(key, key);
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
