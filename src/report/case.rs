//! A built-in case as a document, and the list of cases.

use super::compare::{exact, key, settings, table, word};
use super::document::{Block, Cell, Column, Document, Table};
use super::explain::short_story;
use super::threshold::runs;
use super::verify::said;
use crate::study::{
    Case, CasePrecisions, CaseResult, CaseThreshold, Edge, Meaning, Row, Status, Way,
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
        Block::Heading(result.question.clone()),
        Block::Text(match &result.setting {
            Some(setting) => format!("{setting},  {}", settings(&comparison.inputs)),
            None => settings(&comparison.inputs),
        }),
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
    if result.symptom {
        blocks.extend(result.explanation.iter().flat_map(short_story));
    }
    let lesson = result.lesson.iter();
    blocks.extend(lesson.map(|lesson| Block::Text(format!("What it shows: {lesson}"))));
    match result.ways.as_slice() {
        [] => {}
        [only] => blocks.push(instead(only)),
        ways => blocks.push(Block::Table(other_ways(ways))),
    }
    blocks.extend(
        result
            .threshold
            .iter()
            .map(|found| Block::Table(threshold(found))),
    );
    blocks.extend(result.precisions.iter().map(precisions));
    if !result.said.claims.is_empty() {
        let titles = ["What was said", "", ""];
        blocks.push(Block::Table(said(&result.said.claims, titles)));
    }
    Document { blocks }
}

/// Whether a way's result is shown in this arithmetic.
fn is_hardware(row: &&Row) -> bool {
    !row.arithmetic.starts_with("mpfr") && row.arithmetic != "f128"
}

/// Other formulas' results: a column for each arithmetic.
fn other_ways(ways: &[Way]) -> Table {
    let rows = |way: &'_ Way| way.comparison.formulas[0].rows.clone();
    let mut columns = vec![key("Other ways to it", "formula")];
    columns.extend(rows(&ways[0]).iter().filter(is_hardware).map(|row| {
        let mut column: Column = word("", "");
        column.title = row.arithmetic.clone().into();
        column.key = row.arithmetic.clone().into();
        column
    }));
    let line = |way: &Way| {
        let mut cells = vec![Cell::plain(&way.written)];
        let rows = rows(way);
        let results = rows.iter().filter(is_hardware);
        cells.extend(results.map(|row| Cell::figure(row.computed.as_ref())));
        cells
    };
    Table {
        columns,
        rows: ways.iter().map(line).collect(),
        keep_empty: true,
    }
}

/// A better formula's results, in a line.
fn instead(way: &Way) -> Block {
    let rows = &way.comparison.formulas[0].rows;
    let results = rows.iter().filter(is_hardware);
    let results = results.filter_map(|row| {
        let computed = row.computed.as_ref()?;
        Some(format!("{} in {}", computed.brief(), row.arithmetic))
    });
    let results: Vec<String> = results.collect();
    Block::Text(format!("Instead, {}: {}", way.written, results.join(", ")))
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
    let mut columns = vec![Column {
        title: threshold.title.clone().into(),
        ..key("", "values")
    }];
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
pub fn cases(cases: &[Case]) -> Document {
    let cells = |case: &Case| vec![Cell::plain(&case.name), Cell::plain(&case.summary)];
    Document {
        blocks: vec![Block::Table(Table {
            keep_empty: true,
            columns: vec![word("case", "case"), word("what it is about", "summary")],
            rows: cases.iter().map(cells).collect(),
        })],
    }
}
