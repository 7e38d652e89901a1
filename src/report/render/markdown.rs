//! Documents as markdown.

use super::{grid, push_line, with_code};
use crate::report::document::{Block, Document};
use tabled::settings::Style as TableStyle;

/// A document as markdown.
pub fn markdown(document: &Document) -> String {
    let mut out = String::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => push_line(&mut out, &format!("## {}", escape(text))),
            Block::Text(text) => push_line(
                &mut out,
                &with_code(text, escape, |piece| format!("`{piece}`")),
            ),
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

/// Text in which markdown sees nothing of its own.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '&' | '*' | '_' | '|' | '<' | '>' | '[' | ']'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line of code, whatever backticks it has.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{text}{fence}")
}
