//! Documents as text in columns, for a terminal.

use super::{grid, push_line};
use crate::report::document::{Block, Document};
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Padding, Style as TableStyle};

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
