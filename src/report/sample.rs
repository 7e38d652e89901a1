//! Formulas at random points as a document.

use super::compare::{key, libm_note, number, word};
use super::document::{Block, Cell, Document, Table};
use super::verify::grouped;
use crate::study::{Figure, Sample, SampleRow};

/// The document for a sample.
pub fn sample(result: &Sample) -> Document {
    let mut blocks = vec![Block::Text(what(result)), Block::Table(table(result, ""))];
    blocks.extend(libm_note(&result.libm));
    Document { blocks }
}

/// The same as one table for programs.
pub fn sample_table(result: &Sample) -> Document {
    let mut table = table(result, "0");
    table.keep_empty = true;
    Document {
        blocks: vec![Block::Table(table)],
    }
}

/// `1,000 points each, uniform over …, seed 1`.
fn what(result: &Sample) -> String {
    let spread = match result.spread {
        "floats" => "uniform over the floats of the arithmetic",
        _ => "uniform over the real numbers",
    };
    format!(
        "Bits of error at {} points for each row, {spread} where :pre allows them; seed {}.",
        grouped(&result.points.to_string()),
        result.seed
    )
}

/// `none` stands for no undefined points.
fn table(result: &Sample, none: &str) -> Table {
    let columns = vec![
        key("core", "core"),
        word("arithmetic", "arithmetic"),
        number("points", "points"),
        number("most bits", "largest_bits"),
        number("mean bits", "mean_bits"),
        number("undecided", "undecided"),
        number("undefined", "undefined"),
        word("most at", "at"),
        word("note", "note"),
    ];
    Table {
        columns,
        rows: result.rows.iter().map(|row| cells(row, none)).collect(),
        keep_empty: false,
    }
}

fn cells(row: &SampleRow, none: &str) -> Vec<Cell> {
    let count = |points: u64| Cell::with_full(grouped(&points.to_string()), points.to_string());
    let part = |points: u64| {
        let text = match (points, row.points) {
            (0, _) | (_, 0) => "0".to_string(),
            (points, all) => {
                let percent = points as f64 * 100.0 / all as f64;
                match percent {
                    few if few < 0.1 => "< 0.1 %".to_string(),
                    percent => format!("{percent:.1} %"),
                }
            }
        };
        Cell::with_full(text, points.to_string())
    };
    let bits = |bits: Option<f64>| match bits {
        Some(bits) => Cell::with_full(format!("{bits:.1}"), bits.to_string()),
        None => Cell::plain(""),
    };
    let place = |text: fn(&Figure) -> String| {
        let one = |(name, x): &(String, Figure)| format!("{name} = {}", text(x));
        row.at.iter().map(one).collect::<Vec<String>>().join(", ")
    };
    vec![
        Cell::plain(row.formula.clone()),
        Cell::plain(row.arithmetic.clone()),
        count(row.points),
        bits(row.largest_bits),
        bits(row.mean_bits),
        part(row.undecided),
        match row.undefined {
            0 => Cell::plain(none.to_string()),
            points => part(points),
        },
        Cell::with_full(place(Figure::brief), place(Figure::decimal)),
        Cell::plain(row.reason.clone().unwrap_or_default()),
    ]
}
