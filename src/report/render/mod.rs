//! Documents as text: for a terminal, as markdown, as CSV, as LaTeX, as HTML.

mod csv;
mod html;
mod latex;
mod latex_symbols;
mod latex_text;
mod markdown;
mod number;
mod terminal;

pub use csv::csv;
pub use html::html;
pub use latex::latex;
pub use markdown::markdown;
pub use terminal::{Style, terminal};

use super::document::{Align, Table};
use tabled::builder::Builder;
use tabled::settings::Alignment;
use tabled::settings::object::Columns;

/// The titles and cells that a person sees, in columns of one width.
fn grid(table: &Table, columns: &[usize], text: impl Fn(&str) -> String) -> tabled::Table {
    let mut builder = Builder::default();
    builder.push_record(columns.iter().map(|&i| text(&table.columns[i].title)));
    for row in &table.rows {
        builder.push_record(columns.iter().map(|&i| text(&row[i].shown())));
    }
    let mut grid = builder.build();
    for (shown, &index) in columns.iter().enumerate() {
        let alignment = match table.columns[index].align {
            Align::Left => Alignment::left(),
            Align::Right => Alignment::right(),
        };
        grid.modify(Columns::one(shown), alignment);
    }
    grid
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// A paragraph, made of its text and its code, which stands between backticks.
/// A backtick without its partner makes all of it text.
fn with_code(text: &str, plain: impl Fn(&str) -> String, code: impl Fn(&str) -> String) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return plain(text);
    }
    let piece = |(index, piece): (usize, &&str)| match index % 2 {
        0 => plain(piece),
        _ => code(piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}
