//! A derivative as a document.

use super::compare::{at, bound, exact, word};
use super::document::{Block, Cell, Document, Table};
use crate::study::{Derivation, Derived, Status};
use std::collections::HashSet;

/// The document for derivatives: each an equation, the definitions that it
/// needs, its value, and what was proved of it.
pub fn derivation(result: &Derivation) -> Document {
    let mut blocks = Vec::new();
    let mut defined: HashSet<&str> = HashSet::new();
    for derived in &result.derivatives {
        let title = title(result, derived);
        for part in &derived.parts {
            blocks.push(Block::Equation(
                format!("{} = {}", part.name, part.text),
                "",
            ));
        }
        blocks.push(Block::Equation(
            format!("{title} = {}", derived.derivative),
            "",
        ));
        for definition in &derived.definitions {
            if defined.insert(&definition.name) {
                let text = format!("{} = {}", definition.name, definition.text);
                blocks.push(Block::Equation(text, ""));
            }
        }
    }
    blocks.extend(at(&result.inputs));
    for derived in &result.derivatives {
        if let Some(value) = &derived.exact {
            let (title, value, certified) = (title(result, derived), exact(value), value.status);
            blocks.push(match certified {
                Status::Certified => Block::Equation(format!("{title} = {value}"), "certified"),
                Status::Undefined | Status::Undecided => Block::Text(format!("{title}: {value}")),
            });
        }
        if let Some(equals) = &derived.equals {
            blocks.push(Block::Text(format!(
                "{} == {}: {}",
                title(result, derived),
                equals.expression,
                equals.verdict
            )));
        }
    }
    for check in &result.declared {
        blocks.push(Block::Text(format!(
            "the derivative declared for {} by {}: {}",
            check.function, check.parameter, check.verdict
        )));
    }
    Document { blocks }
}

fn title(result: &Derivation, derived: &Derived) -> String {
    format!("d({}, {})", result.formula, derived.variable)
}

/// The same as a table with every figure, for CSV.
pub fn derivation_table(result: &Derivation) -> Document {
    const COLUMNS: [&str; 7] = [
        "variable",
        "derivative",
        "definitions",
        "value",
        "lower",
        "upper",
        "equals",
    ];
    let rows = result.derivatives.iter().map(|derived| {
        let definitions = derived.definitions.iter().chain(&derived.parts);
        let definitions: Vec<String> = definitions
            .map(|d| format!("{} = {}", d.name, d.text))
            .collect();
        let value = derived.exact.as_ref();
        vec![
            Cell::plain(&derived.variable),
            Cell::plain(&derived.derivative),
            Cell::plain(definitions.join("\n")),
            Cell::plain(value.map(exact).unwrap_or_default()),
            bound(&value.and_then(|value| value.lower.clone())),
            bound(&value.and_then(|value| value.upper.clone())),
            Cell::plain(
                derived
                    .equals
                    .as_ref()
                    .map(|e| e.verdict.to_string())
                    .unwrap_or_default(),
            ),
        ]
    });
    Document {
        blocks: vec![Block::Table(Table {
            keep_empty: true,
            columns: COLUMNS.map(|key| word(key, key)).into(),
            rows: rows.collect(),
        })],
    }
}
