//! A built-in case as a document, and the list of cases.

use super::compare::{exact, table};
use super::document::{Block, Document};
use crate::study::{CASES, CaseResult, Status};

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
    let line = |case: &crate::study::Case| Block::Text(format!("{}  {}", case.name, case.summary));
    Document {
        blocks: CASES.iter().map(line).collect(),
    }
}
