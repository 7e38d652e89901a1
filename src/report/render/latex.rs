//! Documents as LaTeX.

use super::latex_text::{code, text};
use super::number::sum;
use super::{push_line, with_code};
use crate::report::document::{Align, Block, Document, Table};

/// A document as LaTeX, to be `\input` into another one. Tables stand where they
/// are, at their whole width: what floats, its caption and its size are left to
/// the other document, which has to use the package `booktabs`.
pub fn latex(document: &Document) -> String {
    let mut out = String::new();
    let is_table = |block: &Block| matches!(block, Block::Table(_));
    if document.blocks.iter().any(is_table) {
        push_line(&mut out, "% In the preamble: \\usepackage{booktabs}");
    }
    for (index, block) in document.blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
            let heading = |block: &Block| matches!(block, Block::Heading(_));
            let both = &document.blocks[index - 1..=index];
            if both.iter().any(is_table) && !both.iter().any(heading) {
                push_line(&mut out, "\\medskip");
            }
        }
        match block {
            Block::Heading(title) => {
                push_line(&mut out, &format!("\\subsection*{{{}}}", text(title)));
            }
            Block::Text(paragraph) => push_line(&mut out, &with_code(paragraph, text, code)),
            Block::Equation(formula, note) => push_line(&mut out, &equation(formula, note)),
            Block::Table(table) => push_table(&mut out, table),
        }
    }
    out
}

/// A formula on a line of its own, and a word on it. It is code, but for a number
/// that it is said to be.
fn equation(formula: &str, note: &str) -> String {
    let is_number = |value: &str| sum("", value).is_some_and(|sum| sum.len == value.len());
    let value = formula
        .rsplit_once(" = ")
        .filter(|(_, value)| is_number(value));
    let formula = match value {
        Some((formula, value)) => format!("{} = {}", code(formula), text(value)),
        None => code(formula),
    };
    match note {
        "" => format!("\\noindent {formula}"),
        note => format!("\\noindent {formula}\\quad {}", text(note)),
    }
}

/// Nothing where a person sees no column.
fn push_table(out: &mut String, table: &Table) {
    let columns = table.visible();
    if columns.is_empty() {
        return;
    }
    let letter = |&index: &usize| match table.columns[index].align {
        Align::Left => 'l',
        Align::Right => 'r',
    };
    let letters: String = columns.iter().map(letter).collect();
    push_line(out, "\\noindent");
    push_line(out, &format!("\\begin{{tabular}}{{{letters}}}"));
    push_line(out, "  \\toprule");
    let titles = columns
        .iter()
        .map(|&index| text(&table.columns[index].title));
    push_row(out, titles.collect());
    push_line(out, "  \\midrule");
    for row in &table.rows {
        let cells = columns.iter().map(|&index| text(&row[index].shown()));
        push_row(out, cells.collect());
    }
    push_line(out, "  \\bottomrule");
    push_line(out, "\\end{tabular}");
}

fn push_row(out: &mut String, cells: Vec<String>) {
    let row = cells.join(" & ");
    // The line before would take these for its own.
    let guard = match row.trim_start().starts_with(['[', '*']) {
        true => "{}",
        false => "",
    };
    push_line(out, &format!("  {guard}{row} \\\\"));
}
