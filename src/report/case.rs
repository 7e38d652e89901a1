//! A built-in case as a document, and the list of cases.

use super::compare::{exact, table, word};
use super::document::{Block, Cell, Document, Table};
use crate::study::{CASES, Case, CaseResult, Status};

/// The columns that tell a case's story.
const STORY: &[&str] = &[
    "arithmetic",
    "precision",
    "computed",
    "relative_error",
    "rounded_once",
    "verdict",
];

/// The document for a case's result.
pub fn case(result: &CaseResult) -> Document {
    let comparison = &result.comparison;
    let formula = &comparison.formulas[0];
    let inputs: Vec<String> = comparison
        .inputs
        .iter()
        .map(|input| format!("{} = {}", input.name, input.value))
        .collect();
    let title = if result.vanishes {
        "Why is this gradient 0?"
    } else {
        "How good is this gradient?"
    };
    let columns: Vec<String> = STORY.iter().map(|name| name.to_string()).collect();
    let mut blocks = vec![
        Block::Heading(title.into()),
        Block::Text(format!("{},  {}", result.setting, inputs.join(", "))),
        Block::Equation(
            format!("{} = {}", result.written, exact(&formula.exact)),
            match formula.exact.status {
                Status::Certified => "certified",
                Status::Undefined | Status::Undecided => "",
            },
        ),
        Block::Text("The same formula, every operation rounded:".into()),
        Block::Table(table(comparison, &columns, false)),
    ];
    let reasons = formula.rows.iter().flat_map(|row| {
        let said = move |reason| format!("{}: {reason}", row.arithmetic);
        row.reasons.iter().map(said)
    });
    blocks.extend(reasons.map(Block::Text));
    Document { blocks }
}

/// The document that lists the cases.
pub fn cases() -> Document {
    let cells = |case: &Case| vec![Cell::plain(case.name), Cell::plain(case.summary)];
    Document {
        blocks: vec![Block::Table(Table {
            keep_empty: true,
            columns: vec![word("case", "case"), word("what it is about", "summary")],
            rows: CASES.iter().map(cells).collect(),
        })],
    }
}
