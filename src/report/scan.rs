//! A scan as a document.

use super::compare::{at, key, libm_note, number, word};
use super::document::{Block, Cell, Column, Document, Table};
use super::verify::grouped;
use crate::study::{
    BitsBin, CauseCount, Class, ClassCount, Figure, Scan, ScanAxis, ScanRow, UlpsBin,
};

/// The most bins of a histogram that a person is shown.
const SHOWN_BINS: usize = 24;

/// The document for a scan.
pub fn scan(result: &Scan) -> Document {
    let mut blocks = vec![Block::Equation(result.formula.clone(), "")];
    blocks.extend(at(&result.inputs));
    blocks.push(Block::Text(over(result)));
    let several = result.rows.len() > 1;
    for row in &result.rows {
        if several {
            blocks.push(Block::Heading(row.arithmetic.clone()));
        }
        blocks.extend(row_blocks(result, row));
    }
    blocks.extend(libm_note(&result.libm));
    Document { blocks }
}

/// `over every number of f32 for z: 4,278,190,079 points`.
fn over(result: &Scan) -> String {
    let axis = |axis: &ScanAxis| {
        format!(
            "{} over the {} numbers of {} from {} to {}",
            axis.name,
            grouped(&axis.numbers.to_string()),
            axis.format,
            axis.from.brief(),
            axis.to.brief()
        )
    };
    let axes: Vec<String> = result.over.iter().map(axis).collect();
    let mut text = axes.join("; ");
    if axes.len() > 1 {
        text += &format!(": {} points", grouped(&result.points.to_string()));
    }
    text
}

fn row_blocks(result: &Scan, row: &ScanRow) -> Vec<Block> {
    let mut blocks = vec![Block::Text(largest(result, row))];
    let points = result.points;
    let tables = [
        classes(result, row),
        errors(row, points),
        bits(row, points),
        causes(row, points),
        worst(result, row),
    ];
    let full = tables.into_iter().filter(|table| !table.rows.is_empty());
    blocks.extend(full.map(Block::Table));
    blocks
}

/// The largest error, and where.
fn largest(result: &Scan, row: &ScanRow) -> String {
    let format = &row.arithmetic;
    let found = match (&row.largest_ulps, row.worst.first()) {
        (Some(ulps), Some(point)) => format!(
            "The largest error in {format} is {} ulp, at {}.",
            ulps.decimal(6),
            place(result, &point.at)
        ),
        (Some(ulps), None) => format!("The largest error in {format} is {} ulp.", ulps.decimal(6)),
        (None, _) => format!("No result in {format} has an error in ulps."),
    };
    let undecided = |count: &&ClassCount| count.class == Class::Undecided;
    match row.classes.iter().find(undecided) {
        Some(count) => {
            let points = grouped(&count.points.to_string());
            format!("{found} Undecided points ({points}) are not counted in that.")
        }
        None => found,
    }
}

/// `x = 1, y = 2`.
fn place(result: &Scan, point: &[Figure]) -> String {
    let one = |(axis, x): (&ScanAxis, &Figure)| format!("{} = {}", axis.name, x.brief());
    let all: Vec<String> = result.over.iter().zip(point).map(one).collect();
    all.join(", ")
}

fn classes(result: &Scan, row: &ScanRow) -> Table {
    let lines = row.classes.iter().map(|count| {
        vec![
            Cell::plain(count.class.to_string()),
            counted(count.points),
            share(count.points, result.points),
            Cell::plain(place(result, &count.first)),
            Cell::plain(place(result, &count.last)),
        ]
    });
    table(
        vec![
            key("the result is", "class"),
            number("points", "points"),
            number("share", "share"),
            word("first at", "first"),
            word("last at", "last"),
        ],
        lines,
    )
}

fn errors(row: &ScanRow, points: u64) -> Table {
    let line = |bin: &UlpsBin| {
        vec![
            Cell::plain(ulps_range(bin)),
            counted(bin.points),
            share(bin.points, points),
        ]
    };
    histogram(
        row.ulps_histogram.iter().map(line).collect(),
        "error in ulps",
    )
}

/// `1/2 < e ≤ 1`, from powers of two.
fn ulps_range(bin: &UlpsBin) -> String {
    match bin.above_log2 {
        None => format!("up to {}", power(bin.up_to_log2)),
        Some(above) => format!("{} to {}", power(above), power(bin.up_to_log2)),
    }
}

fn power(log2: i32) -> String {
    match log2 {
        -1 => "1/2".to_string(),
        0..=16 => (1_u64 << log2).to_string(),
        _ => format!("2^{log2}"),
    }
}

fn bits(row: &ScanRow, points: u64) -> Table {
    let line = |bin: &BitsBin| {
        let range = match bin.from {
            0 => "0".to_string(),
            from => format!("{from} to {}", bin.below),
        };
        vec![
            Cell::plain(range),
            counted(bin.points),
            share(bin.points, points),
        ]
    };
    histogram(
        row.bits_histogram.iter().map(line).collect(),
        "bits of error",
    )
}

/// The bins with something in them; of very many the first and the last.
fn histogram(mut lines: Vec<Vec<Cell>>, title: &'static str) -> Table {
    if lines.len() > SHOWN_BINS {
        let hidden = lines.len() - SHOWN_BINS;
        let gap = format!("… {hidden} more");
        let middle = SHOWN_BINS / 2;
        lines.splice(
            middle..middle + hidden,
            [vec![Cell::plain(gap), Cell::plain(""), Cell::plain("")]],
        );
    }
    table(
        vec![
            key(title, title),
            number("points", "points"),
            number("share", "share"),
        ],
        lines.into_iter(),
    )
}

fn causes(row: &ScanRow, points: u64) -> Table {
    let line = |count: &CauseCount| {
        vec![
            Cell::plain(cause(count)),
            counted(count.points),
            share(count.points, points),
        ]
    };
    table(
        vec![
            key("at the last operation", "cause"),
            number("points", "points"),
            number("share", "share"),
        ],
        row.causes.iter().map(line),
    )
}

fn cause(count: &CauseCount) -> String {
    let word = count.cause.map(|cause| cause.to_string());
    word.unwrap_or_else(|| "not known".to_string())
}

fn worst(result: &Scan, row: &ScanRow) -> Table {
    let mut columns: Vec<Column> = Vec::new();
    for axis in &result.over {
        let mut column = key("", "");
        column.title = format!("worst {}", axis.name).into();
        column.key = axis.name.clone().into();
        columns.push(column);
    }
    columns.extend([
        word("computed", "computed"),
        word("rounded once", "rounded_once"),
        word("ulps", "ulps"),
        word("bits of error", "bits_of_error"),
    ]);
    let lines = row.worst.iter().map(|point| {
        let mut cells: Vec<Cell> = point.at.iter().map(|x| Cell::figure(Some(x))).collect();
        cells.extend([
            Cell::figure(Some(&point.computed)),
            Cell::figure(point.rounded_once.as_ref()),
            Cell::bounds(Some(&point.ulps), |bounds| bounds.decimal(6)),
            Cell::bounds(point.bits_of_error.as_ref(), |bounds| bounds.tenths()),
        ]);
        cells
    });
    table(columns, lines)
}

fn table(columns: Vec<Column>, rows: impl Iterator<Item = Vec<Cell>>) -> Table {
    Table {
        columns,
        rows: rows.collect(),
        keep_empty: false,
    }
}

fn counted(points: u64) -> Cell {
    Cell::with_full(grouped(&points.to_string()), points.to_string())
}

/// A part of all points, for a person.
fn share(points: u64, all: u64) -> Cell {
    let percent = points as f64 * 100.0 / all as f64;
    let text = if points == all {
        "100 %".to_string()
    } else if percent >= 99.95 {
        "> 99.9 %".to_string()
    } else if percent >= 0.1 {
        format!("{percent:.1} %")
    } else {
        "< 0.1 %".to_string()
    };
    Cell::with_full(text, format!("{}", points as f64 / all as f64))
}

/// The same as one table for programs: a line for each count and each point.
pub fn scan_table(result: &Scan) -> Document {
    let mut lines = Vec::new();
    for row in &result.rows {
        let mut line = |part: &str, item: String, points: u64, ends: [String; 2]| {
            let [first, last] = ends;
            let cells = [
                row.arithmetic.clone(),
                part.to_string(),
                item,
                points.to_string(),
                first,
                last,
            ];
            lines.push(cells.into_iter().map(Cell::plain).collect::<Vec<_>>());
        };
        let none = || [String::new(), String::new()];
        for count in &row.classes {
            let ends = [&count.first, &count.last].map(|point| numbers(point));
            line("class", count.class.to_string(), count.points, ends);
        }
        for bin in &row.ulps_histogram {
            line("ulps", ulps_range(bin), bin.points, none());
        }
        for bin in &row.bits_histogram {
            let range = format!("{} to {}", bin.from, bin.below);
            line("bits", range, bin.points, none());
        }
        for count in &row.causes {
            line("cause", cause(count), count.points, none());
        }
        for point in &row.worst {
            let place = numbers(&point.at);
            let ends = [place.clone(), place];
            line("worst ulps", point.ulps.full(), 1, ends);
        }
    }
    let columns = ["arithmetic", "part", "item", "points", "first", "last"];
    let columns = columns.map(|name| word(name, name)).to_vec();
    Document {
        blocks: vec![Block::Table(Table {
            columns,
            rows: lines,
            keep_empty: true,
        })],
    }
}

fn numbers(point: &[Figure]) -> String {
    let all: Vec<String> = point.iter().map(Figure::decimal).collect();
    all.join(" ")
}
