//! A built-in case as a document, and the list of cases.

use super::compare::{exact, key, settings, table, word};
use super::document::{Block, Cell, Column, Document, Table};
use super::threshold::runs;
use crate::study::{
    CASES, Case, CasePrecisions, CaseResult, CaseThreshold, Edge, Meaning, Remedy, Status,
};
use crate::truth::Answer;

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
    let columns: Vec<String> = STORY.iter().map(|name| name.to_string()).collect();
    let mut blocks = vec![
        Block::Heading(result.question.into()),
        Block::Text(format!(
            "{},  {}",
            result.setting,
            settings(&comparison.inputs)
        )),
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
    blocks.push(Block::Text(format!("What it shows: {}", result.lesson)));
    blocks.extend(result.remedy.iter().map(remedy));
    blocks.push(Block::Table(threshold(&result.threshold)));
    blocks.extend(result.precisions.iter().map(precisions));
    Document { blocks }
}

/// The better formula's results, in a line.
fn remedy(remedy: &Remedy) -> Block {
    let rows = &remedy.comparison.formulas[0].rows;
    let hardware = |name: &str| !name.starts_with("mpfr") && name != "f128";
    let results = rows.iter().filter(|row| hardware(&row.arithmetic));
    let results = results.filter_map(|row| {
        let computed = row.computed.as_ref()?;
        Some(format!("{} in {}", computed.brief(), row.arithmetic))
    });
    let results: Vec<String> = results.collect();
    Block::Text(format!(
        "Instead, {}: {}",
        remedy.written,
        results.join(", ")
    ))
}

/// One column for each arithmetic.
fn threshold(threshold: &CaseThreshold) -> Table {
    let result = &threshold.result;
    let mut arithmetics: Vec<&str> = Vec::new();
    let mut meanings: Vec<Meaning> = Vec::new();
    for row in &result.rows {
        if !arithmetics.contains(&row.arithmetic.as_str()) {
            arithmetics.push(&row.arithmetic);
        }
        if !meanings.contains(&row.meaning) {
            meanings.push(row.meaning);
        }
    }
    let column = |name: &&str| {
        let mut column: Column = word("", "");
        column.title = name.to_string().into();
        column.key = name.to_string().into();
        column
    };
    let mut columns = vec![key(threshold.title, "values")];
    columns.extend(arithmetics.iter().map(column));
    let end = match threshold.edge {
        Edge::From => "from",
        Edge::To => "up to",
    };
    let line = |&meaning: &Meaning| {
        // A predicate that says itself how it is meant is about computed values.
        let meant = match meaning {
            Meaning::AsStated => "computed",
            other => other.text(),
        };
        let name = result.over.name();
        let mut cells = vec![Cell::plain(format!("{meant}, {end} {name} ="))];
        cells.extend(arithmetics.iter().map(|name| {
            let runs = threshold.runs(name, meaning);
            let other = runs.iter().find(|run| run.answer != Answer::Holds);
            if let Some(run) = other {
                return Cell::plain(run.answer.text()).data_empty();
            }
            match (runs, threshold.edge) {
                ([], _) => Cell::plain("nowhere").data_empty(),
                ([run], Edge::From) => Cell::figure(Some(&run.first)),
                ([run], Edge::To) if run.before.is_some() => {
                    let (first, last) = (run.first.brief(), run.last.brief());
                    Cell::plain(format!("{first} to {last}"))
                }
                ([run], Edge::To) => Cell::figure(Some(&run.last)),
                (runs, _) => Cell::plain(format!("{} runs", runs.len())).data_empty(),
            }
        }));
        cells
    };
    Table {
        columns,
        rows: meanings.iter().map(line).collect(),
        keep_empty: true,
    }
}

fn precisions(precisions: &CasePrecisions) -> Block {
    let result = &precisions.result;
    let rows: Vec<String> = result
        .rows
        .iter()
        .map(|row| {
            let list = runs(row, Answer::Holds);
            let list = if list.is_empty() {
                "for no p".to_string()
            } else {
                format!("p = {list}")
            };
            format!("{}, {list}", row.meaning.text())
        })
        .collect();
    Block::Text(format!(
        "{}: {}   (every p of {} tried)",
        precisions.written,
        rows.join("; "),
        result.precisions
    ))
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
