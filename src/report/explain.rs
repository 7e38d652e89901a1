//! An explanation as a document: the table of operations, then the story in
//! sentences.

use super::compare::{at, condition_line, equation_of, libm_note, number, word};
use super::document::{Block, Cell, Column, Document, Table};
use crate::measure::{Bounds, Cancelled, Cause, Verdict};
use crate::study::{Explained, Explanation, LeastPrecision, NodeKind, Status, Trust};

/// Below this an error's share is not worth a word.
const SOME: f64 = 0.005;

/// A value with at most so many characters is written before the difference of
/// one that is near it: 1 − 1.93e-22.
const SHORT: usize = 8;

/// How many characters of a value are shown, but for its exponent.
const DIGITS: usize = 7;

/// A whole number of so many digits is written in full.
const WHOLE: usize = 16;

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

fn size(share: &Bounds) -> f64 {
    share.lower.to_f64().abs().max(share.upper.to_f64().abs())
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

/// The few rows that tell where a value was lost, and in a sentence the same.
pub(super) fn short_story(result: &Explanation) -> Vec<Block> {
    const ROWS: usize = 4;
    let Some(culprit) = result.story.culprit else {
        return Vec::new();
    };
    let story = &result.story;
    // From the operand that was absorbed to what exposed it.
    let mut rows: Vec<usize> = [story.exposed_operand, story.exposed_by]
        .into_iter()
        .flatten()
        .collect();
    rows.push(culprit);
    if let Some(before) = &story.before {
        rows.extend([before.operand, before.culprit]);
    }
    rows.push(result.nodes.len() - 1);
    let mut earlier = culprit;
    while earlier > 0 && rows.len() < ROWS + 1 {
        earlier -= 1;
        if result.nodes[earlier].kind == NodeKind::Operation && !result.nodes[earlier].trivial {
            rows.push(earlier);
            break;
        }
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

/// `z = w*x`; the name alone where the text is long.
fn title(node: &Explained) -> String {
    const LONG: usize = 16;
    match &node.name {
        Some(name) if *name == node.text => name.clone(),
        Some(name) if node.text.chars().count() > LONG => name.clone(),
        Some(name) => format!("{name} = {}", node.text),
        None => brief(&node.text, 36),
    }
}

/// A text's beginning and end, if it is longer than `most` characters.
fn brief(text: &str, most: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= most {
        return text.to_string();
    }
    let (head, tail) = (most / 2, most - most / 2 - 1);
    let (head, tail) = (&characters[..head], &characters[characters.len() - tail..]);
    format!(
        "{}…{}",
        head.iter().collect::<String>(),
        tail.iter().collect::<String>()
    )
}

/// What to call a node in a sentence.
fn called(node: &Explained) -> String {
    format!("`{}`", brief(node.name.as_ref().unwrap_or(&node.text), 60))
}

/// Whether the two values differ, but so little that digits do not tell.
fn is_near(node: &Explained) -> bool {
    let error = node.relative_error.as_ref();
    error.is_some_and(|error| error.lower > 0 && (error.upper < 1e-6 || is_same(node)))
}

/// Whether both have the same digits.
fn is_same(node: &Explained) -> bool {
    node.exact.as_deref() == Some(&node.computed.decimal())
}

/// The computed value; beside a short exact one that is near it, that and the
/// difference.
fn computed(node: &Explained) -> String {
    let exact = node.exact.as_deref().unwrap_or_default();
    match &node.difference {
        Some(difference) if is_near(node) && (is_short(exact) || is_same(node)) => {
            offset(exact, difference, true)
        }
        _ => shortened(&node.computed.decimal()),
    }
}

/// The exact value; near a short computed one, that and the difference.
fn exact(node: &Explained) -> String {
    let digits = node.exact.as_deref().unwrap_or_default();
    let computed = node.computed.decimal();
    match &node.difference {
        Some(difference) if is_near(node) && !is_short(digits) && computed.len() <= SHORT => {
            offset(&computed, difference, false)
        }
        _ => shortened(digits),
    }
}

fn is_short(exact: &str) -> bool {
    !exact.is_empty() && exact.len() <= SHORT && !exact.contains(['…', '±'])
}

/// `1 − 1.93e-22`.
fn offset(value: &str, difference: &Bounds, back: bool) -> String {
    let text = difference.decimal(3);
    let (size, below) = match text.strip_prefix('-') {
        Some(size) => (size, !back),
        None => (text.as_str(), back),
    };
    format!("{value} {} {size}", if below { "−" } else { "+" })
}

/// The leading digits of a decimal; one with more before its point than are
/// shown is written with an exponent.
fn shortened(digits: &str) -> String {
    let (mantissa, exponent) = match digits.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().unwrap_or(0)),
        None => (digits, 0i64),
    };
    let ellipsis = mantissa.ends_with('…');
    let mantissa = mantissa.trim_end_matches('…');
    let (sign, magnitude) = match mantissa.strip_prefix('-') {
        Some(magnitude) => ("-", magnitude),
        None => ("", mantissa),
    };
    let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
    let few = whole.len() + fraction.len() <= DIGITS + 1;
    let number = magnitude.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !number || few || (fraction.is_empty() && whole.len() <= WHOLE && !ellipsis) {
        return digits.to_string();
    }
    let power = |exponent: i64| match exponent {
        0 => String::new(),
        exponent => format!("e{exponent}"),
    };
    if whole.len() < DIGITS {
        return format!("{sign}{}…{}", &magnitude[..DIGITS], power(exponent));
    }
    let all = format!("{whole}{fraction}");
    let (shown, rest) = all.split_at(DIGITS - 1);
    let more = if ellipsis || rest.bytes().any(|b| b != b'0') {
        "…"
    } else {
        ""
    };
    let shown = match more {
        "" => shown.trim_end_matches('0'),
        _ => shown,
    };
    let (first, rest) = shown.split_at(1);
    let point = if rest.is_empty() && more.is_empty() {
        ""
    } else {
        "."
    };
    let exponent = exponent + whole.len() as i64 - 1;
    format!("{sign}{first}{point}{rest}{more}{}", power(exponent))
}

/// What happened, in a few words.
fn happened(node: &Explained) -> String {
    let happened = &node.happened;
    // A sum that loses leading bits is exact more often than not.
    let rounded = match happened.inexact {
        Some(true) => "rounded, ",
        _ => "",
    };
    if node.kind != NodeKind::Operation && happened.cause == Cause::Rounded {
        return match node.kind {
            NodeKind::Input => "input rounded".into(),
            _ => "constant rounded".into(),
        };
    }
    let finite = node.computed.value().is_finite();
    match happened.cause {
        Cause::Absorbed => match &node.absorbed {
            Some(absorbed) => format!("absorbed {absorbed}"),
            None => "absorbed".into(),
        },
        Cause::Cancelled => match happened.cancelled {
            Some(Cancelled::All) => format!("{rounded}cancelled all"),
            Some(Cancelled::Bits(1)) => format!("{rounded}cancelled 1 bit"),
            Some(Cancelled::Bits(bits)) => format!("{rounded}cancelled {bits} bits"),
            None => "cancelled".into(),
        },
        Cause::Subnormal => format!("{rounded}subnormal"),
        Cause::Exact if !finite => match node.computed.value().is_nan() {
            true => "of NaN".into(),
            false => "of inf".into(),
        },
        cause => cause.to_string(),
    }
}

/// The story in sentences.
fn story(result: &Explanation) -> Vec<String> {
    let story = &result.story;
    let nodes = &result.nodes;
    let mut said = Vec::new();
    let culprit = story.culprit.map(|index| &nodes[index]);
    match (story.first_order, culprit) {
        (Trust::NoError, _) => {
            let mut text = "Nothing was lost: the computed value is the exact one.".to_string();
            if result.result.verdict == Some(Verdict::Avoidable) {
                text.push_str(" (The verdict is about the inputs as they were rounded.)");
            }
            return vec![text];
        }
        (Trust::Unknown, _) => {
            let why = match (&result.exact.status, &result.exact.reason) {
                (Status::Certified, _) | (_, None) => story.reason.clone().unwrap_or_default(),
                (_, Some(reason)) => reason.clone(),
            };
            return vec![format!("No shares of the error: {why}.")];
        }
        (Trust::NotFinite, Some(node)) => {
            let exact = node.exact.as_deref().map(shortened);
            let exact = exact.map_or(String::new(), |exact| format!(": {exact}"));
            let harmless = matches!(
                result.result.verdict,
                Some(Verdict::BestPossible | Verdict::Faithful)
            );
            said.push(format!(
                "{} {}: {}. It is the first value that is not finite, though the exact one is{exact}. \
                 {}",
                if harmless { "Not finite is" } else { "Lost in" },
                called(node),
                node.happened.cause,
                if harmless {
                    "The result did not suffer."
                } else {
                    "Shares, which are of the first order, do not apply."
                }
            ));
            said.extend(before(result));
        }
        (Trust::OtherBranch, Some(node)) => said.push(format!(
            "Lost in the condition of {}: it takes another branch than the exact value does. \
             Shares, which are of the first order, do not apply.",
            called(node)
        )),
        (Trust::DoesNotAddUp, Some(node)) => said.push(format!(
            "Lost in {}: {}, as far as the first order tells.",
            called(node),
            reason(node)
        )),
        (_, Some(node)) => said.push(lost(node)),
        (_, None) => {
            let counts = |node: &Explained| node.share.as_ref().is_some_and(|s| size(s) > 0.0);
            if !nodes.iter().any(counts) {
                return vec![
                    "To first order nothing that was lost counts here: the derivative is 0, or \
                     there is a kink."
                        .into(),
                ];
            }
            said.push(spread(result));
        }
    }
    if let (Trust::DoesNotAddUp, Some(sum)) = (story.first_order, &story.sum) {
        said.push(format!(
            "The shares add up to {}, not to 100 %: the error is too large for the first order, \
             and they are no more than a hint.",
            sum.percent()
        ));
    }
    said.extend(exposed(result));
    let adds_up = story.first_order != Trust::DoesNotAddUp;
    let shown = |share: &&Bounds| adds_up || size(share) < SOME;
    if let Some(inputs) = story.inputs.as_ref().filter(shown) {
        said.push(part("Inputs", inputs));
    }
    let constants = story.constants.as_ref().filter(shown);
    if let Some(constants) = constants.filter(|share| size(share) >= SOME) {
        said.push(part("Constants", constants));
    }
    said
}

fn part(what: &str, share: &Bounds) -> String {
    if size(share) < SOME {
        format!("{what}: blameless.")
    } else {
        format!(
            "{what}: their rounding makes {} of the error.",
            share.percent()
        )
    }
}

/// `Lost in …: …; that is 100 % of the error.`
fn lost(node: &Explained) -> String {
    let share = node.share.as_ref().map(Bounds::percent).unwrap_or_default();
    format!(
        "Lost in {}: {}; that is {share} of the error.",
        called(node),
        reason(node)
    )
}

/// How a node made its error.
fn reason(node: &Explained) -> String {
    match (node.kind, node.happened.cause) {
        (NodeKind::Input, _) => "the rounding of the input".to_string(),
        (NodeKind::Constant, _) => "the rounding of the constant".to_string(),
        (_, Cause::Absorbed) => match &node.absorbed {
            Some(absorbed) => format!("it absorbs {absorbed}"),
            None => "a term is absorbed".to_string(),
        },
        (_, Cause::Rounded | Cause::Cancelled) => "its result is rounded".to_string(),
        (_, cause) => cause.to_string(),
    }
}

/// Why an operand was wrong that made a value infinite or NaN.
fn before(result: &Explanation) -> Option<String> {
    let before = result.story.before?;
    let (operand, culprit) = (&result.nodes[before.operand], &result.nodes[before.culprit]);
    let what = match &culprit.absorbed {
        Some(absorbed) => format!("which absorbs {absorbed}"),
        None => format!("{} there", culprit.happened.cause),
    };
    Some(format!(
        "Its operand {} was computed as {}, and is {}: lost in {}, {what}.",
        called(operand),
        operand.computed.brief(),
        operand
            .exact
            .as_deref()
            .map_or("another number".to_string(), shortened),
        called(culprit),
    ))
}

/// The error has many parts.
fn spread(result: &Explanation) -> String {
    let mut nodes: Vec<&Explained> = result
        .nodes
        .iter()
        .filter(|node| node.share.is_some())
        .collect();
    let size_of = |node: &Explained| node.share.as_ref().map_or(0.0, size);
    nodes.sort_by(|a, b| size_of(b).total_cmp(&size_of(a)));
    let most = nodes.iter().take(3).filter(|node| size_of(node) > 0.0);
    let most: Vec<String> = most
        .map(|node| {
            let share = node.share.as_ref().map(Bounds::percent).unwrap_or_default();
            format!("{} {share}", called(node))
        })
        .collect();
    let all: f64 = nodes.iter().map(|node| size_of(node)).sum();
    let signs = if all > 1.5 {
        " Errors of either sign partly make up for each other."
    } else {
        ""
    };
    format!(
        "No single operation stands out; the greatest shares: {}.{signs}",
        most.join(", ")
    )
}

/// What exposed the loss, and whether a better operand would have helped.
fn exposed(result: &Explanation) -> Option<String> {
    let story = &result.story;
    let by = &result.nodes[story.exposed_by?];
    let operand = &result.nodes[story.exposed_operand?];
    let before = operand.relative_error.as_ref()?.percent_or_plain();
    let mut said = match &by.relative_error {
        Some(after) => format!(
            "Exposed by {}: there a relative error of {before} becomes one of {}.",
            called(by),
            after.percent_or_plain()
        ),
        None => format!(
            "Exposed by {}: its exact value is 0, where no error is small; before it the relative error is {before}.",
            called(by)
        ),
    };
    let given = operand.kind != NodeKind::Operation;
    match operand.correctly_rounded.filter(|_| !given) {
        Some(true) => {
            said.push_str(&format!(
                " {} is correctly rounded, even so: a perfect one is {} too. No better way to \
                 compute it helps",
                called(operand),
                operand.computed.brief(),
            ));
            // Of the whole formula that would be no advice.
            let whole = story.exposed_by == Some(result.nodes.len() - 1);
            said.push_str(&match (whole, by.happened.cause) {
                (true, cause) if cause != Cause::Cancelled => ".".to_string(),
                _ => format!("; not forming {} would.", called(by)),
            });
        }
        Some(false) => said.push_str(&format!(
            " {} is not correctly rounded: to compute it better may help.",
            called(operand)
        )),
        None => {}
    }
    Some(said)
}

/// From which precision on the result is good.
fn least(least: &LeastPrecision) -> String {
    let tried = format!(
        "{} {}..{} tried",
        if least.every {
            "every precision of"
        } else {
            "precisions of"
        },
        least.from,
        least.to
    );
    match least.precision {
        Some(precision) if least.to < precision.saturating_mul(4) => format!(
            "Relative error under 1/2 from {precision} bits on, as far as was tried ({tried})."
        ),
        Some(precision) => {
            format!("Relative error under 1/2 from {precision} bits on ({tried}).")
        }
        None => format!("The relative error does not stay under 1/2 at any precision ({tried})."),
    }
}
