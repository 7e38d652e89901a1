//! Thresholds as documents.

use super::compare::{at, data, key, number, word};
use super::document::{Block, Cell, Column, Document, Table};
use crate::study::{FloatRow, FloatThreshold, InputText, PrecisionRow, PrecisionThreshold, Run};
use crate::truth::Answer;

/// The most characters of a list of runs in a table.
const LIST_WIDTH: usize = 60;

/// The most runs of one row that a person is shown: as many from the beginning
/// as from the end.
const SHOWN_RUNS: usize = 16;

/// The names of the columns of a threshold, over the numbers of formats or over
/// precisions, for choosing among them.
pub fn threshold_column_names(over_floats: bool) -> Vec<String> {
    let columns = match over_floats {
        true => float_columns("x"),
        false => precision_columns(),
    };
    columns
        .iter()
        .map(|column| column.key.to_string())
        .collect()
}

/// The document for a threshold over the numbers of formats; with `all`, every
/// run. `chosen` names the columns to show, in order; where it is empty, those
/// with something in them are, and how many numbers were decided.
pub fn float_threshold(result: &FloatThreshold, chosen: &[String], all: bool) -> Document {
    let mut blocks = head(&result.predicate, &result.inputs);
    blocks.push(Block::Text(format!(
        "over {}, every float of each format",
        result.over.text()
    )));
    let table = float_table(&result.rows, result.over.name(), all);
    blocks.push(Block::Table(table.choose(chosen)));
    if !all && chosen.is_empty() {
        blocks.push(Block::Table(coverage(&result.rows)));
    }
    blocks.extend(float_notes(result).into_iter().map(Block::Text));
    Document { blocks }
}

fn head(predicate: &str, inputs: &[InputText]) -> Vec<Block> {
    let mut blocks = vec![Block::Equation(predicate.to_string(), "")];
    blocks.extend(at(inputs));
    blocks
}

/// One line for each run; a line for each row without any.
fn float_table(rows: &[FloatRow], variable: &str, all: bool) -> Table {
    let mut columns = float_columns(variable);
    // Where every answer is the same one, a column of it says nothing.
    let holds = |row: &FloatRow| row.runs.iter().all(|run| run.answer == Answer::Holds);
    columns[2].data_only = rows.iter().all(|row| !row.runs.is_empty() && holds(row));
    let mut lines = Vec::new();
    for row in rows {
        if row.runs.is_empty() {
            lines.push(line(row, None, true));
        }
        let hidden = row.runs.len().saturating_sub(SHOWN_RUNS);
        let head = SHOWN_RUNS / 2;
        for (index, run) in row.runs.iter().enumerate() {
            if all || hidden == 0 || index < head || index >= head + hidden {
                lines.push(line(row, Some(run), index == 0));
            } else if index == head {
                let mut gap = vec![Cell::plain(""); 15];
                gap[3] = Cell::plain(format!("… {hidden} more"));
                lines.push(gap);
            }
        }
    }
    Table {
        columns,
        rows: lines,
        keep_empty: false,
    }
}

fn float_columns(variable: &str) -> Vec<Column> {
    let mut from = word("from", "first");
    from.title = format!("from {variable} =").into();
    vec![
        key("arithmetic", "arithmetic"),
        key("values", "meaning"),
        word("answer", "answer"),
        from,
        word("to", "last"),
        word("number before", "before"),
        word("number after", "after"),
        word("real border before", "border_before"),
        word("real border after", "border_after"),
        data("run_floats"),
        data("floats"),
        data("decided"),
        data("blocks"),
        data("first_hex"),
        data("last_hex"),
    ]
}

/// How many numbers were decided, in how many blocks.
fn coverage(rows: &[FloatRow]) -> Table {
    let cells = |row: &FloatRow| {
        let decided = if row.decided == row.floats {
            "all"
        } else {
            &row.decided
        };
        vec![
            Cell::plain(&row.arithmetic),
            Cell::plain(row.meaning.text()),
            Cell::plain(&row.floats),
            Cell::plain(decided),
            Cell::plain(row.blocks.to_string()),
        ]
    };
    Table {
        columns: vec![
            key("arithmetic", "arithmetic"),
            key("values", "meaning"),
            number("floats", "floats"),
            number("decided", "decided"),
            number("in blocks", "blocks"),
        ],
        rows: rows.iter().map(cells).collect(),
        keep_empty: false,
    }
}

fn line(row: &FloatRow, run: Option<&Run>, first: bool) -> Vec<Cell> {
    let whole = |text: &str, full: &str| {
        let text = if first { text } else { "" };
        Cell::with_full(text, full)
    };
    let border = |border: Option<&Option<String>>| match border {
        Some(Some(border)) => Cell::plain(border),
        _ => Cell::plain("—").data_empty(),
    };
    let answer = match run {
        Some(run) => Cell::with_full(run.answer.text(), run.answer.token()),
        None if row.floats == "0" => Cell::with_full("no floats there", "none"),
        None => Cell::with_full("holds nowhere", "none"),
    };
    vec![
        whole(&row.arithmetic, &row.arithmetic),
        whole(row.meaning.text(), row.meaning.token()),
        answer,
        Cell::figure(run.map(|run| &run.first)),
        Cell::figure(run.map(|run| &run.last)),
        Cell::figure(run.and_then(|run| run.before.as_ref())),
        Cell::figure(run.and_then(|run| run.after.as_ref())),
        border(run.map(|run| &run.border_before)),
        border(run.map(|run| &run.border_after)),
        Cell::plain(run.map(|run| run.floats.clone()).unwrap_or_default()),
        Cell::plain(&row.floats),
        Cell::plain(&row.decided),
        Cell::plain(row.blocks.to_string()),
        Cell::hex(run.map(|run| &run.first)),
        Cell::hex(run.map(|run| &run.last)),
    ]
}

/// What the table does not say by itself.
fn float_notes(result: &FloatThreshold) -> Vec<String> {
    let mut notes = Vec::new();
    for row in &result.rows {
        let name = format!("{}, {}", row.arithmetic, row.meaning.text());
        if row.run_count > row.runs.len() {
            notes.push(format!(
                "{name}: {} runs; the first {} are listed",
                row.run_count,
                row.runs.len()
            ));
        }
        if row.decided == row.floats {
            continue;
        }
        let why = if row.blocks >= row.block_limit {
            format!(
                "the budget of {} was spent; --blocks raises it",
                plural(row.block_limit, "block")
            )
        } else {
            "its numbers need more bits than the limit".to_string()
        };
        let is_undecided = |run: &&Run| run.answer == Answer::Undecided;
        let mut undecided = row.runs.iter().filter(is_undecided);
        let place = match (undecided.next(), undecided.next()) {
            (None, _) => " behind the runs that are listed".to_string(),
            (Some(run), None) => format!(" from {} to {}", run.first.brief(), run.last.brief()),
            (Some(run), Some(_)) => format!(
                " from {} to {}, and elsewhere",
                run.first.brief(),
                run.last.brief()
            ),
        };
        notes.push(format!("{name}: undecided{place}: {why}"));
    }
    notes
}

fn plural(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// The document for a threshold over precisions.
pub fn precision_threshold(result: &PrecisionThreshold, chosen: &[String]) -> Document {
    let mut blocks = head(&result.predicate, &result.inputs);
    blocks.push(Block::Text(format!(
        "for p = {}, every one of them tried",
        result.precisions
    )));
    let table = Table {
        columns: precision_columns(),
        rows: result.rows.iter().map(precision_line).collect(),
        keep_empty: false,
    };
    blocks.push(Block::Table(table.choose(chosen)));
    for row in &result.rows {
        let list = runs(row, Answer::Holds);
        if list.chars().count() > LIST_WIDTH {
            blocks.push(Block::Text(format!(
                "{} holds at p = {list}",
                row.meaning.text()
            )));
        }
    }
    Document { blocks }
}

fn precision_columns() -> Vec<Column> {
    vec![
        key("values", "meaning"),
        word("holds at p =", "holds"),
        word("undefined at p =", "undefined"),
        word("undecided at p =", "undecided"),
        number("first", "first"),
        number("last", "last"),
        word("to the end", "in_the_end"),
        data("from"),
        number("holding", "holding"),
        number("of", "tried"),
    ]
}

fn precision_line(row: &PrecisionRow) -> Vec<Cell> {
    let list = |answer| {
        let whole = runs(row, answer);
        match (whole.is_empty(), answer) {
            (true, Answer::Holds) => Cell::plain("none").data_empty(),
            (true, _) => Cell::plain(""),
            _ => Cell::with_full(cut(&whole), whole),
        }
    };
    let number = |p: Option<u32>| match p {
        Some(p) => Cell::plain(p.to_string()),
        None => Cell::plain("—").data_empty(),
    };
    let end = format!("{} from {} on", row.in_the_end.text(), row.from);
    vec![
        Cell::with_full(row.meaning.text(), row.meaning.token()),
        list(Answer::Holds),
        list(Answer::Undefined),
        list(Answer::Undecided),
        number(row.first),
        number(row.last),
        Cell::with_full(end, row.in_the_end.text()),
        Cell::plain(row.from.to_string()),
        Cell::plain(row.holding.to_string()),
        Cell::plain(row.tried.to_string()),
    ]
}

/// `2..71, 73, 78`.
pub(super) fn runs(row: &PrecisionRow, answer: Answer) -> String {
    let runs = row.runs.iter().filter(|run| run.answer == answer);
    let texts = runs.map(|run| {
        if run.tried == 1 {
            run.first.to_string()
        } else if run.tried <= run.last.abs_diff(run.first) || run.last < run.first {
            format!("{}..{} ({} tried)", run.first, run.last, run.tried)
        } else {
            format!("{}..{}", run.first, run.last)
        }
    });
    texts.collect::<Vec<String>>().join(", ")
}

/// The beginning of a list that is too long.
fn cut(list: &str) -> String {
    if list.chars().count() <= LIST_WIDTH {
        return list.to_string();
    }
    let head = &list[..LIST_WIDTH - 3];
    let end = head.rfind(',').unwrap_or(head.len());
    format!("{}, …", &head[..end])
}
