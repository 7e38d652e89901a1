//! A comparison as a document.

use super::document::{Align, Block, Cell, Column, Document, Table};
use crate::measure::Bounds;
use crate::study::{Bound, Compared, Comparison, Condition, Exact, InputText, Row, Status};

use std::borrow::Cow;

pub(super) type Show = fn(&Compared, &Row) -> Cell;

/// Every column of a comparison.
pub(super) const COLUMNS: &[(Column, Show)] = &[
    (key("formula", "formula"), |formula, _| {
        Cell::plain(&formula.formula)
    }),
    (key("arithmetic", "arithmetic"), |_, row| {
        Cell::plain(&row.arithmetic)
    }),
    (number("bits", "precision"), |_, row| {
        Cell::plain(row.precision.to_string())
    }),
    (data("engine"), |_, row| Cell::plain(&row.engine)),
    (word("computed", "computed"), |_, row| {
        Cell::figure(row.computed.as_ref())
    }),
    (data("computed_hex"), |_, row| {
        Cell::hex(row.computed.as_ref())
    }),
    (word("rounded once", "rounded_once"), |_, row| {
        Cell::figure(row.rounded_once.as_ref())
    }),
    (data("rounded_once_hex"), |_, row| {
        Cell::hex(row.rounded_once.as_ref())
    }),
    (word("rel. error", "relative_error"), |_, row| {
        percent(&row.relative_error)
    }),
    (word("verdict", "verdict"), |_, row| verdict(row)),
    (word("abs. error", "absolute_error"), |_, row| {
        error(&row.absolute_error)
    }),
    (word("ulps", "ulps"), |_, row| error(&row.ulps)),
    (word("correct bits", "correct_bits"), |_, row| {
        bits(&row.correct_bits)
    }),
    (word("bits of error", "bits_of_error"), |_, row| {
        bits(&row.bits_of_error)
    }),
    (word("inputs' cost", "inputs_cost"), |_, row| {
        percent(&row.inputs_cost)
    }),
    (data("exact"), |formula, _| {
        Cell::plain(formula.exact.digits.clone().unwrap_or_default())
    }),
    (data("exact_lower"), |formula, _| {
        bound(&formula.exact.lower)
    }),
    (data("exact_upper"), |formula, _| {
        bound(&formula.exact.upper)
    }),
    (data("notes"), |_, row| Cell::plain(row.reasons.join("; "))),
];

pub(super) const fn word(title: &'static str, key: &'static str) -> Column {
    Column {
        title: Cow::Borrowed(title),
        key: Cow::Borrowed(key),
        align: Align::Left,
        data_only: false,
        is_key: false,
    }
}

pub(super) const fn key(title: &'static str, key: &'static str) -> Column {
    let mut column = word(title, key);
    column.is_key = true;
    column
}

pub(super) const fn number(title: &'static str, key: &'static str) -> Column {
    let mut column = word(title, key);
    column.align = Align::Right;
    column
}

pub(super) const fn data(key: &'static str) -> Column {
    let mut column = word(key, key);
    column.data_only = true;
    column
}

/// The names of the columns that a comparison has, for choosing among them.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(column, _)| match column.key {
        Cow::Borrowed(key) => key,
        Cow::Owned(_) => "",
    })
}

/// The document for a comparison. `chosen` names the columns to show, in
/// order; empty means all. The formula's column stands only where there are
/// several.
pub fn comparison(result: &Comparison, chosen: &[String]) -> Document {
    let mut blocks = Vec::new();
    let several = result.formulas.len() > 1;
    for formula in &result.formulas {
        blocks.push(equation(formula));
    }
    blocks.extend(at(&result.inputs));
    for formula in &result.formulas {
        let name = match several {
            true => format!("Condition numbers of {}", formula.formula),
            false => "Condition numbers".to_string(),
        };
        let conditions = formula.conditions.as_deref();
        blocks.extend(conditions.and_then(|list| condition_line(&name, list)));
        let reason = formula.conditions_reason.as_ref();
        blocks.extend(reason.map(|why| Block::Text(format!("{name}: none: {why}"))));
    }
    blocks.push(Block::Table(table(result, chosen, several)));
    blocks.extend(libm_note(&result.libm));
    let mut reasons: Vec<String> = Vec::new();
    for formula in &result.formulas {
        for row in &formula.rows {
            for reason in &row.reasons {
                let said = format!("{}: {reason}", row.arithmetic);
                // What ails the truth ails every row alike.
                let general = formula.exact.reason.as_ref() == Some(reason);
                if !general && !reasons.contains(&said) {
                    reasons.push(said);
                }
            }
        }
    }
    blocks.extend(reasons.into_iter().map(Block::Text));
    Document { blocks }
}

/// `z = 50, y = 0`.
pub(super) fn settings(inputs: &[InputText]) -> String {
    let text = |input: &InputText| format!("{} = {}", input.name, input.value);
    inputs.iter().map(text).collect::<Vec<String>>().join(", ")
}

/// Where the inputs are, if there are any.
pub(super) fn at(inputs: &[InputText]) -> Option<Block> {
    (!inputs.is_empty()).then(|| Block::Text(format!("at {}", settings(inputs))))
}

/// `Condition numbers: w 50, x 50.`
pub(super) fn condition_line(title: &str, conditions: &[Condition]) -> Option<Block> {
    let number = |condition: &Condition| {
        let number = condition.number.as_ref();
        let number = number.map_or("—".to_string(), |bounds| bounds.decimal(2));
        format!("{} {number}", condition.input)
    };
    let numbers: Vec<String> = conditions.iter().map(number).collect();
    (!numbers.is_empty()).then(|| Block::Text(format!("{title}: {}.", numbers.join(", "))))
}

/// A note where results may differ on another machine.
pub(super) fn libm_note(libm: &str) -> Option<Block> {
    let text = "hardware f32 and f64: elementary functions from this machine's C library";
    (libm != "core-math").then(|| Block::Text(text.into()))
}

/// The table of a comparison.
pub(super) fn table(result: &Comparison, chosen: &[String], several: bool) -> Table {
    let columns: Vec<&(Column, Show)> = if chosen.is_empty() {
        COLUMNS.iter().collect()
    } else {
        let by_name = |name: &String| COLUMNS.iter().find(|(column, _)| column.key == *name);
        chosen.iter().filter_map(by_name).collect()
    };
    let rows = result.formulas.iter().flat_map(|formula| {
        let columns = &columns;
        let cells = move |row| columns.iter().map(|(_, show)| show(formula, row)).collect();
        formula.rows.iter().map(cells)
    });
    Table {
        keep_empty: !chosen.is_empty(),
        rows: rows.collect(),
        columns: columns
            .iter()
            .map(|(column, _)| Column {
                data_only: chosen.is_empty()
                    && (column.data_only || (column.key == "formula" && !several)),
                ..column.clone()
            })
            .collect(),
    }
}

/// `expression = 2.41…e-20`, with a word on how certain that is.
pub(super) fn equation(formula: &Compared) -> Block {
    equation_of(&formula.formula, &formula.exact)
}

/// The same for any expression.
pub(super) fn equation_of(name: &str, value: &Exact) -> Block {
    let text = exact(value);
    match value.status {
        Status::Certified => Block::Equation(format!("{name} = {text}"), "certified"),
        Status::Undefined | Status::Undecided => Block::Equation(format!("{name}: {text}"), ""),
    }
}

/// An exact value for a person.
pub fn exact(exact: &Exact) -> String {
    match (exact.status, &exact.digits) {
        (Status::Certified, Some(digits)) => digits.clone(),
        _ => {
            let reason = exact.reason.clone().unwrap_or_default();
            match (&exact.lower, &exact.upper) {
                (Some(lower), Some(upper)) if exact.status == Status::Undecided => {
                    format!(
                        "{reason}; it lies in [{}, {}]",
                        lower.decimal, upper.decimal
                    )
                }
                _ => reason,
            }
        }
    }
}

/// The decimal form of a bound.
pub(super) fn bound(bound: &Option<Bound>) -> Cell {
    Cell::plain(
        bound
            .as_ref()
            .map(|b| b.decimal.clone())
            .unwrap_or_default(),
    )
}

fn error(bounds: &Option<Bounds>) -> Cell {
    Cell::bounds(bounds.as_ref(), |bounds| bounds.decimal(2))
}

fn percent(bounds: &Option<Bounds>) -> Cell {
    Cell::bounds(bounds.as_ref(), Bounds::percent_or_plain)
}

fn bits(bounds: &Option<Bounds>) -> Cell {
    Cell::bounds(bounds.as_ref(), Bounds::tenths)
}

fn verdict(row: &Row) -> Cell {
    match row.verdict {
        Some(verdict) => Cell::plain(verdict.to_string()),
        None => Cell::plain("—").data_empty(),
    }
}
