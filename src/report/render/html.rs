//! Documents as HTML.

use super::{push_line, with_code};
use crate::report::document::{Align, Block, Column, Document, Table};

/// A document as a fragment of HTML, to be put into a page: no classes, no
/// scripts, one row of a table a line. It has no blank lines, which would end it
/// inside a markdown file.
pub fn html(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Heading(text) => push_line(&mut out, &format!("<h2>{}</h2>", escape(text))),
            Block::Text(text) => {
                push_line(
                    &mut out,
                    &format!("<p>{}</p>", with_code(text, escape, code)),
                );
            }
            Block::Equation(text, "") => push_line(&mut out, &format!("<p>{}</p>", code(text))),
            Block::Equation(text, note) => {
                push_line(&mut out, &format!("<p>{} {}</p>", code(text), escape(note)));
            }
            Block::Table(table) => push_table(&mut out, table),
        }
    }
    out
}

/// Nothing where a person sees no column.
fn push_table(out: &mut String, table: &Table) {
    let columns = table.visible();
    if columns.is_empty() {
        return;
    }
    let line = |cell: &dyn Fn(usize) -> String| -> String {
        let cells: String = columns.iter().map(|&index| cell(index)).collect();
        format!("<tr>{cells}</tr>")
    };
    let title = |index: usize| {
        let column = &table.columns[index];
        format!(
            "<th scope=\"col\"{}>{}</th>",
            style(column),
            escape(&column.title)
        )
    };
    push_line(out, "<table>");
    push_line(out, "<thead>");
    push_line(out, &line(&title));
    push_line(out, "</thead>");
    push_line(out, "<tbody>");
    for row in &table.rows {
        let cell = |index: usize| {
            let style = style(&table.columns[index]);
            format!("<td{style}>{}</td>", escape(&row[index].shown()))
        };
        push_line(out, &line(&cell));
    }
    push_line(out, "</tbody>");
    push_line(out, "</table>");
}

/// The attribute for a column's cells.
fn style(column: &Column) -> &'static str {
    match column.align {
        Align::Left => "",
        Align::Right => " style=\"text-align:right\"",
    }
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text in which HTML sees nothing of its own, on one line.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}
