//! A sweep as a document.

use super::compare::{COLUMNS, Show, at, equation, key, libm_note};
use super::document::{Block, Cell, Column, Document, Table};
use crate::study::{Compared, Coordinate, Row, Sweep, SweepPoint};

/// The columns that a person sees unless others are chosen, in order.
const SHOWN: &[&str] = &[
    "formula",
    "arithmetic",
    "computed",
    "rounded_once",
    "relative_error",
    "ulps",
    "verdict",
];

/// The column that gives way to the formulas' where there are several.
const SPARED: &str = "rounded_once";

/// The most notes under a table.
const MAX_NOTES: usize = 10;

/// Where a column's cells come from.
enum Source {
    /// The variable with this index.
    Variable(usize),
    Measure(Show),
}

/// The document for a sweep. `chosen` names the columns to show, in order, the
/// variables among them; empty means those of most use.
pub fn sweep(result: &Sweep, chosen: &[String]) -> Document {
    let mut blocks = Vec::new();
    let formulas = result.points.first().map(|point| point.formulas.as_slice());
    for formula in formulas.unwrap_or_default() {
        blocks.push(if result.points.len() == 1 {
            equation(formula)
        } else {
            Block::Equation(formula.formula.clone(), "")
        });
    }
    blocks.extend(at(&result.inputs));
    blocks.push(Block::Table(table(result, chosen)));
    blocks.extend(libm_note(&result.libm));
    blocks.extend(notes(result).into_iter().map(Block::Text));
    Document { blocks }
}

fn table(result: &Sweep, chosen: &[String]) -> Table {
    let several = formulas(result) > 1;
    let variable = |(index, name): (usize, &String)| {
        let mut column = key("", "");
        column.title = name.clone().into();
        column.key = name.clone().into();
        (column, Source::Variable(index))
    };
    let measure = |(column, show): &(Column, Show)| (column.clone(), Source::Measure(*show));
    let variables = result.variables.iter().enumerate().map(variable);
    let all: Vec<(Column, Source)> = variables.chain(COLUMNS.iter().map(measure)).collect();
    let columns: Vec<(Column, Source)> = if chosen.is_empty() {
        let place = |(column, source): &(Column, Source)| match source {
            Source::Variable(_) => Some(0),
            Source::Measure(_) if !several && column.key == "formula" => None,
            Source::Measure(_) if several && column.key == SPARED => None,
            Source::Measure(_) => SHOWN.iter().position(|key| *key == column.key),
        };
        let mut all = all;
        for entry in &mut all {
            entry.0.data_only = place(entry).is_none();
        }
        // The sort is stable: variables first, and what only CSV has last.
        all.sort_by_key(|entry| place(entry).unwrap_or(SHOWN.len()));
        all
    } else {
        let mut all: Vec<Option<(Column, Source)>> = all.into_iter().map(Some).collect();
        let mut take = |name: &String| {
            let is_named = |entry: &&mut Option<(Column, Source)>| {
                entry
                    .as_ref()
                    .is_some_and(|(column, _)| column.key == *name)
            };
            all.iter_mut().find(is_named).and_then(Option::take)
        };
        chosen.iter().filter_map(&mut take).collect()
    };
    let cells = |point: &SweepPoint, formula: &Compared, row: &Row| {
        let cell = |(_, source): &(Column, Source)| match source {
            Source::Variable(index) => coordinate(&point.at[*index]),
            Source::Measure(show) => show(formula, row),
        };
        columns.iter().map(cell).collect::<Vec<Cell>>()
    };
    let mut rows = Vec::new();
    for point in &result.points {
        for formula in &point.formulas {
            rows.extend(formula.rows.iter().map(|row| cells(point, formula, row)));
        }
    }
    Table {
        keep_empty: !chosen.is_empty(),
        rows,
        columns: columns.into_iter().map(|(column, _)| column).collect(),
    }
}

/// A variable's value: of a fraction that is too long for a table, digits.
fn coordinate(value: &Coordinate) -> Cell {
    Cell::with_full(brief(value), value.exact.clone())
}

fn brief(value: &Coordinate) -> &str {
    const FRACTION: usize = 12;
    if value.exact.len() > FRACTION && value.exact.contains('/') {
        &value.decimal
    } else {
        &value.exact
    }
}

fn formulas(result: &Sweep) -> usize {
    result
        .points
        .first()
        .map_or(0, |point| point.formulas.len())
}

/// Why something is missing, each reason once with the first place that has it.
fn notes(result: &Sweep) -> Vec<String> {
    let mut reasons: Vec<&str> = Vec::new();
    let mut notes = Vec::new();
    let mut more = 0;
    for point in &result.points {
        for formula in &point.formulas {
            for row in &formula.rows {
                for reason in &row.reasons {
                    if reasons.contains(&reason.as_str()) {
                        continue;
                    }
                    if notes.len() == MAX_NOTES {
                        more += 1;
                        continue;
                    }
                    reasons.push(reason);
                    let at = result.variables.iter().zip(&point.at);
                    let at = at.map(|(name, x)| format!("{name} = {}", brief(x)));
                    let at: Vec<String> = at.collect();
                    let place = match at.is_empty() {
                        true => row.arithmetic.clone(),
                        false => format!("{}, {}", at.join(", "), row.arithmetic),
                    };
                    notes.push(format!("{place}: {reason}"));
                }
            }
        }
    }
    if more > 0 {
        notes.push(format!(
            "and {more} more notes (csv and json have them all)"
        ));
    }
    notes
}
