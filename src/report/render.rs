//! Documents as text: for a terminal, as markdown, as CSV.

use super::document::{Align, Block, Document, Table};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Alignment, Padding, Style as TableStyle};

/// How a terminal's text may look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether escape sequences for bold text are welcome.
    pub color: bool,
    /// How many columns of text fit.
    pub width: usize,
}

/// A file, or a pipe: no colour, and a width that fits everywhere.
impl Default for Style {
    fn default() -> Self {
        Style {
            color: false,
            width: 100,
        }
    }
}

/// What stands before a table's lines, and between its columns.
const INDENT: &str = "  ";
const GAP: usize = 2;

impl Style {
    fn bold(self, text: &str) -> String {
        if self.color {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_string()
        }
    }
}

/// A document for a terminal: plain columns, no lines but under the titles. A
/// table that is too wide goes on below, its key columns repeated.
pub fn terminal(document: &Document, style: Style) -> String {
    let mut out = String::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let gap = match block {
            Block::Table(_) => index > 0 && !introduces(&document.blocks[index - 1]),
            Block::Heading(_) => index > 0,
            Block::Text(_) => index > 0 && matches!(document.blocks[index - 1], Block::Table(_)),
            Block::Equation(..) => false,
        };
        if gap {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => push_line(&mut out, &style.bold(text)),
            Block::Equation(text, "") => push_line(&mut out, &style.bold(text)),
            Block::Equation(text, note) => {
                push_line(&mut out, &format!("{}   {note}", style.bold(text)));
            }
            Block::Text(text) => {
                for line in textwrap::wrap(text, wrapping(style.width)) {
                    push_line(&mut out, &line);
                }
            }
            Block::Table(table) => {
                for (part, columns) in table
                    .parts(style.width - INDENT.len(), GAP)
                    .iter()
                    .enumerate()
                {
                    if part > 0 {
                        out.push('\n');
                    }
                    let mut grid = grid(table, columns, |text| text.to_string());
                    grid.with(TableStyle::empty().horizontals([(1, HorizontalLine::new('─'))]));
                    grid.with(Padding::new(0, GAP, 0, 0));
                    for (row, line) in grid.to_string().lines().enumerate() {
                        let line = format!("{INDENT}{}", line.trim_end());
                        match row {
                            0 => push_line(&mut out, &style.bold(&line)),
                            // A row with nothing in this part.
                            _ if line.trim().is_empty() => {}
                            _ => push_line(&mut out, &line),
                        }
                    }
                }
            }
        }
    }
    out
}

/// Whether a block leads up to the next one.
fn introduces(block: &Block) -> bool {
    matches!(block, Block::Text(text) if text.ends_with(':'))
}

/// Breaks lines between words only.
fn wrapping(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
}

/// A document as markdown.
pub fn markdown(document: &Document) -> String {
    let mut out = String::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => push_line(&mut out, &format!("## {}", escape(text))),
            Block::Text(text) => push_line(&mut out, &escape_text(text)),
            Block::Equation(text, "") => push_line(&mut out, &code(text)),
            Block::Equation(text, note) => push_line(&mut out, &format!("{} {note}", code(text))),
            Block::Table(table) => {
                let mut grid = grid(table, &table.visible(), escape);
                grid.with(TableStyle::markdown());
                push_line(&mut out, &grid.to_string());
            }
        }
    }
    out
}

/// The tables of a document as CSV, every digit in it; no text.
pub fn csv(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        if !out.is_empty() {
            out.push('\n');
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        let titles = table.columns.iter().map(|column| column.key.as_ref());
        let written = writer.write_record(titles).and_then(|()| {
            table.rows.iter().try_for_each(|row| {
                writer.write_record(row.iter().map(|cell| cell.full().into_owned()))
            })
        });
        let bytes = written
            .ok()
            .and_then(|()| writer.into_inner().ok())
            .expect("rows of one length, written to memory");
        out.push_str(&String::from_utf8(bytes).expect("made of text"));
    }
    out
}

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

/// Text in which markdown sees nothing of its own.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A paragraph: what stands between backticks is code, and stays as it is.
fn escape_text(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escape(text);
    }
    let piece = |(index, piece): (usize, &&str)| match index % 2 {
        0 => escape(piece),
        _ => format!("`{piece}`"),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// A line of code, whatever backticks it has.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{text}{fence}")
}
