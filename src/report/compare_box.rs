//! A comparison over a box as a document.

use super::compare::{key, number, settings, word};
use super::document::{Align, Block, Cell, Column, Document, Table};
use super::over_box::{greatest, least, range_text};
use super::verify::{at, grouped};
use crate::study::{BoxComparison, BoxRow, ComparedOver, RangeOver, RangeText};

type Show = fn(&ComparedOver, &BoxRow) -> Cell;

/// Every column of a comparison over a box.
const COLUMNS: &[(Column, Show)] = &[
    (key("formula", "formula"), |formula, _| {
        Cell::plain(&formula.formula)
    }),
    (key("arithmetic", "arithmetic"), |_, row| {
        Cell::plain(&row.arithmetic)
    }),
    (number("bits", "precision"), |_, row| {
        Cell::plain(row.precision.to_string())
    }),
    (number("points", "points"), |_, row| {
        let points = row.points.clone().unwrap_or_default();
        Cell::with_full(grouped(&points), points)
    }),
    (word("computed", "computed"), |_, row| {
        computed(&row.computed)
    }),
    (data("computed_lower"), |_, row| lower(&row.computed)),
    (data("computed_upper"), |_, row| upper(&row.computed)),
    (data("computed_tight"), |_, row| tight(&row.computed)),
    (data("computed_least"), |_, row| found(&row.computed, least)),
    (data("computed_greatest"), |_, row| {
        found(&row.computed, greatest)
    }),
    (word("rel. error ≤", "relative_error_upper"), |_, row| {
        upper(&row.relative_error)
    }),
    (word("found", "relative_error_found"), |_, row| {
        found(&row.relative_error, greatest)
    }),
    (word("ulps ≤", "ulps_upper"), |_, row| upper(&row.ulps)),
    (word("found", "ulps_found"), |_, row| {
        found(&row.ulps, greatest)
    }),
    (word("found at", "ulps_found_at"), |_, row| place(&row.ulps)),
    (data("exact_lower"), |formula, _| lower(&formula.exact)),
    (data("exact_upper"), |formula, _| upper(&formula.exact)),
    (data("exact_tight"), |formula, _| tight(&formula.exact)),
    (data("notes"), |_, row| Cell::plain(notes(row).join("; "))),
];

const fn data(name: &'static str) -> Column {
    let mut column = word(name, name);
    column.data_only = true;
    column
}

/// The names of the columns, for choosing among them.
pub fn box_column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(column, _)| match column.key {
        std::borrow::Cow::Borrowed(key) => key,
        std::borrow::Cow::Owned(_) => "",
    })
}

/// The document for a comparison over a box: the range of each formula's exact value,
/// then the arithmetics. `chosen` names the columns to show, in order; empty means all.
pub fn box_comparison(result: &BoxComparison, chosen: &[String]) -> Document {
    let several = result.formulas.len() > 1;
    let mut sides: Vec<String> = result
        .sides
        .iter()
        .map(|side| format!("{} in {}", side.name, side.value))
        .collect();
    if !result.inputs.is_empty() {
        sides.push(settings(&result.inputs));
    }
    let mut blocks: Vec<Block> = result.formulas.iter().map(equation).collect();
    blocks.push(Block::Text(format!("for all {}", sides.join(", "))));
    let columns: Vec<&(Column, Show)> = match chosen {
        [] => COLUMNS.iter().collect(),
        names => {
            let named = |name: &String| COLUMNS.iter().find(|(column, _)| column.key == *name);
            names.iter().filter_map(named).collect()
        }
    };
    let rows = result.formulas.iter().flat_map(|formula| {
        let columns = &columns;
        let cells = move |row| columns.iter().map(|(_, show)| show(formula, row)).collect();
        formula.rows.iter().map(cells)
    });
    blocks.push(Block::Table(Table {
        keep_empty: !chosen.is_empty(),
        rows: rows.collect(),
        columns: columns
            .iter()
            .map(|(column, _)| Column {
                data_only: chosen.is_empty()
                    && (column.data_only || (column.key == "formula" && !several)),
                align: if column.key == "points" {
                    Align::Right
                } else {
                    column.align
                },
                ..column.clone()
            })
            .collect(),
    }));
    for formula in &result.formulas {
        for row in &formula.rows {
            let of = match several {
                true => format!("{} in {}", formula.formula, row.arithmetic),
                false => row.arithmetic.clone(),
            };
            let said = notes(row).into_iter();
            blocks.extend(said.map(|note| Block::Text(format!("{of}: {note}"))));
        }
    }
    Document { blocks }
}

/// `x - x^2 in [0, 0.25]`, with a word on how certain that is.
fn equation(formula: &ComparedOver) -> Block {
    let name = &formula.formula;
    let exact = &formula.exact;
    match (&exact.range, &exact.undefined) {
        (_, Some(place)) => {
            Block::Equation(format!("{name}: undefined {}", at(place, usize::MAX)), "")
        }
        (Some(range), None) if range.tight => {
            Block::Equation(format!("{name} in {}", bounds(range)), "certified")
        }
        (Some(range), None) => {
            Block::Equation(format!("{name}: {}", range_text(range)), "certified")
        }
        (None, None) => {
            let reason = exact.reason.clone().unwrap_or_default();
            Block::Equation(format!("{name}: {reason}"), "")
        }
    }
}

fn bounds(range: &RangeText) -> String {
    format!("[{}, {}]", range.lower.decimal, range.upper.decimal)
}

/// The computed values: where the bounds are taken, as floats are written.
fn computed(over: &RangeOver) -> Cell {
    let Some(range) = &over.range else {
        return none();
    };
    match (least(range), greatest(range)) {
        (Some((least, _)), Some((greatest, _))) if range.tight => {
            Cell::plain(format!("[{least}, {greatest}]"))
        }
        _ => Cell::plain(format!("within {}", bounds(range))),
    }
}

fn none() -> Cell {
    Cell::plain("—").data_empty()
}

fn lower(over: &RangeOver) -> Cell {
    let range = over.range.as_ref();
    range.map_or_else(none, |range| Cell::plain(&range.lower.decimal))
}

fn upper(over: &RangeOver) -> Cell {
    let range = over.range.as_ref();
    range.map_or_else(none, |range| Cell::plain(&range.upper.decimal))
}

fn tight(over: &RangeOver) -> Cell {
    let range = over.range.as_ref();
    range.map_or_else(none, |range| Cell::plain(range.tight.to_string()))
}

type Found = fn(&RangeText) -> Option<(String, String)>;

fn found(over: &RangeOver, which: Found) -> Cell {
    let found = over.range.as_ref().and_then(which);
    found.map_or_else(none, |(value, _)| Cell::plain(value))
}

/// Where the greatest value was found.
fn place(over: &RangeOver) -> Cell {
    let found = over.range.as_ref().and_then(greatest);
    found.map_or_else(none, |(_, place)| {
        Cell::plain(place.trim_start_matches("at "))
    })
}

/// Why something is missing, or not as narrow as it might be.
fn notes(row: &BoxRow) -> Vec<String> {
    let parts = [
        ("computed", &row.computed),
        ("relative error", &row.relative_error),
        ("ulps", &row.ulps),
    ];
    let mut notes: Vec<(String, String)> = Vec::new();
    for (name, over) in parts {
        let place = over.undefined.as_ref().map(|place| at(place, usize::MAX));
        let reason = over.reason.as_ref().map(|reason| match &place {
            Some(place) => format!("undefined {place}"),
            None => reason.clone(),
        });
        let Some(reason) = reason else { continue };
        match notes.iter_mut().find(|(_, known)| *known == reason) {
            Some((names, _)) => names.push_str(&format!(", {name}")),
            None => notes.push((name.to_string(), reason)),
        }
    }
    let text = |(names, reason): (String, String)| format!("{names}: {reason}");
    notes.into_iter().map(text).collect()
}
