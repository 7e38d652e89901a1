//! An explanation as a document: the table of operations, then the story in
//! sentences.

mod cells;
mod story;

use self::cells::{computed, exact, happened, title};
use self::story::{least, size, story};
use super::compare::{at, condition_line, equation_of, libm_note, number, word};
use super::document::{Block, Cell, Column, Document, Table};
use crate::measure::{Bounds, Verdict};
use crate::study::{Explained, Explanation, NodeKind};

/// The document for an explanation with at most `top` rows.
pub fn explanation(result: &Explanation, top: usize) -> Document {
    let row = &result.result;
    let mut blocks = vec![equation_of(&result.formula, &result.exact)];
    blocks.extend(at(&result.inputs));
    blocks.push(Block::Text(summary(result)));
    let shown = shown(result, top);
    let hidden = result.nodes.iter().filter(|node| !node.trivial).count() - shown.len();
    let nodes: Vec<&Explained> = shown.iter().map(|&index| &result.nodes[index]).collect();
    blocks.push(Block::Table(table(&nodes, &[])));
    if hidden > 0 {
        blocks.push(Block::Text(format!(
            "{hidden} more, with less to tell, not shown (--top shows more)."
        )));
    }
    blocks.extend(story(result).into_iter().map(Block::Text));
    blocks.extend(result.least_precision.as_ref().map(least).map(Block::Text));
    blocks.extend(condition_line("Condition numbers", &result.conditions));
    blocks.extend(libm_note(&result.libm));
    let own = |reason: &&String| Some(*reason) != result.exact.reason.as_ref();
    blocks.extend(row.reasons.iter().filter(own).cloned().map(Block::Text));
    Document { blocks }
}

/// Every node with every figure, for CSV.
pub fn explanation_table(result: &Explanation) -> Document {
    let nodes: Vec<&Explained> = result.nodes.iter().collect();
    Document {
        blocks: vec![Block::Table(table(&nodes, &[]))],
    }
}

/// `In f64: 0 computed, relative error 100 %, avoidable.`
fn summary(result: &Explanation) -> String {
    let row = &result.result;
    let mut parts = Vec::new();
    if let Some(computed) = &row.computed {
        parts.push(format!("{} computed", computed.brief()));
    }
    if let Some(error) = &row.relative_error {
        parts.push(format!("relative error {}", error.percent_or_plain()));
    }
    parts.extend(row.verdict.map(|verdict| verdict.to_string()));
    let best = row
        .rounded_once
        .as_ref()
        .filter(|_| row.verdict == Some(Verdict::Avoidable));
    let best = best.map(|best| format!(" (rounded once: {})", best.brief()));
    format!(
        "In {}: {}{}.",
        row.arithmetic,
        parts.join(", "),
        best.unwrap_or_default()
    )
}

/// The rows to show: all that can lose something, or those that matter most.
fn shown(result: &Explanation, top: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..result.nodes.len())
        .filter(|&index| !result.nodes[index].trivial)
        .collect();
    if rows.len() > top {
        let story = &result.story;
        let last = result.nodes.len() - 1;
        let matters = |index: usize| {
            let node = &result.nodes[index];
            let named =
                [story.culprit, story.exposed_by, story.exposed_operand].contains(&Some(index));
            let size = node.share.as_ref().map_or(0.0, size);
            (index == last, named, size)
        };
        rows.sort_by(|&a, &b| {
            let (a, b) = (matters(a), matters(b));
            (b.0, b.1).cmp(&(a.0, a.1)).then(b.2.total_cmp(&a.2))
        });
        rows.truncate(top);
        rows.sort_unstable();
    }
    rows
}

type Show = fn(&Explained) -> Cell;

const COLUMNS: &[(Column, Show)] = &[
    (word("node", "node"), |node| {
        Cell::with_full(
            title(node),
            node.name.as_ref().unwrap_or(&node.text).clone(),
        )
    }),
    (super::compare::data("text"), |node| Cell::plain(&node.text)),
    (word("computed", "computed"), |node| {
        Cell::with_full(computed(node), node.computed.decimal())
    }),
    (super::compare::data("computed_hex"), |node| {
        Cell::hex(Some(&node.computed))
    }),
    (word("exact", "exact"), |node| match &node.exact {
        Some(text) => Cell::with_full(exact(node), text.clone()),
        None => Cell::plain("—").data_empty(),
    }),
    (word("happened", "happened"), |node| {
        Cell::plain(happened(node))
    }),
    (word("made", "made"), |node| figure(node.made.as_ref())),
    (word("×amplified", "amplification"), |node| {
        figure(node.amplification.as_ref())
    }),
    (number("share", "share"), |node| {
        Cell::bounds(node.share.as_ref(), Bounds::percent)
    }),
    (super::compare::data("relative_error"), |node| {
        figure(node.relative_error.as_ref())
    }),
    (super::compare::data("made_absolute"), |node| {
        figure(node.made_absolute.as_ref())
    }),
];

fn figure(bounds: Option<&Bounds>) -> Cell {
    Cell::bounds(bounds, |bounds| bounds.decimal(2))
}

/// The columns with the chosen keys, or all.
fn table(nodes: &[&Explained], chosen: &[&str]) -> Table {
    let is_chosen = |column: &Column| chosen.is_empty() || chosen.contains(&&*column.key);
    let columns: Vec<&(Column, Show)> = COLUMNS
        .iter()
        .filter(|(column, _)| is_chosen(column))
        .collect();
    let cells = |node: &&Explained| columns.iter().map(|(_, show)| show(node)).collect();
    Table {
        rows: nodes.iter().map(cells).collect(),
        columns: columns.iter().map(|(column, _)| column.clone()).collect(),
        keep_empty: false,
    }
}

/// The few rows that tell where a value was lost: from the operation before the
/// culprit, by what exposed it, to the result.
pub(super) fn short_story(result: &Explanation) -> Vec<Block> {
    let story = &result.story;
    let Some(culprit) = story.culprit else {
        return Vec::new();
    };
    let mut rows = vec![culprit, result.nodes.len() - 1];
    rows.extend(
        [story.exposed_operand, story.exposed_by]
            .into_iter()
            .flatten(),
    );
    match &story.before {
        Some(before) => rows.extend([before.operand, before.culprit]),
        None => rows.extend((0..culprit).rev().find(|&index| {
            let node = &result.nodes[index];
            node.kind == NodeKind::Operation && !node.trivial
        })),
    }
    rows.sort_unstable();
    rows.dedup();
    let nodes: Vec<&Explained> = rows.iter().map(|&index| &result.nodes[index]).collect();
    let columns = ["node", "computed", "exact", "happened", "share"];
    vec![
        Block::Text(format!("Where {} lost it:", result.result.arithmetic)),
        Block::Table(table(&nodes, &columns)),
    ]
}
