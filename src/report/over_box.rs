//! What is known of an expression over a box as a document.

use super::compare::{settings, word};
use super::document::{Block, Cell, Document, Table};
use super::verify::{at, cell};
use crate::study::{BoxEvaluation, Extent, HoldsOver, RangeText, Witness};

/// The document for an expression over a box: the answer alone on its first line, then
/// where the values are taken.
pub fn box_evaluation(result: &BoxEvaluation) -> Document {
    let mut blocks = vec![Block::Equation(answer(result), "")];
    blocks.extend(more(result).map(Block::Text));
    Document { blocks }
}

/// The same with the formula and the box, for markdown.
pub fn box_evaluation_equation(result: &BoxEvaluation) -> Document {
    let sides: Vec<String> = result
        .sides
        .iter()
        .map(|side| format!("{} in {}", side.name, side.value))
        .collect();
    let given = match result.inputs.is_empty() {
        true => String::new(),
        false => format!(", {}", settings(&result.inputs)),
    };
    let text = format!(
        "{} over {}{given}: {}",
        result.formula,
        sides.join(", "),
        answer(result)
    );
    Document {
        blocks: vec![Block::Equation(text, "")],
    }
}

/// The same as a table with every figure, for CSV.
pub fn box_evaluation_table(result: &BoxEvaluation) -> Document {
    let columns = [
        "formula",
        "value",
        "lower",
        "upper",
        "tight",
        "least",
        "least_at",
        "greatest",
        "greatest_at",
        "reason",
    ];
    let range = result.range.as_ref();
    let text = |of: fn(&RangeText) -> String| Cell::plain(range.map(of).unwrap_or_default());
    Document {
        blocks: vec![Block::Table(Table {
            keep_empty: true,
            columns: columns.map(|key| word(key, key)).into(),
            rows: vec![vec![
                Cell::plain(&result.formula),
                Cell::plain(answer(result)),
                text(|range| range.lower.decimal.clone()),
                text(|range| range.upper.decimal.clone()),
                text(|range| range.tight.to_string()),
                text(|range| least(range).map(|(value, _)| value).unwrap_or_default()),
                text(|range| least(range).map(|(_, place)| place).unwrap_or_default()),
                text(|range| greatest(range).map(|(value, _)| value).unwrap_or_default()),
                text(|range| greatest(range).map(|(_, place)| place).unwrap_or_default()),
                Cell::plain(result.reason.clone().unwrap_or_default()),
            ]],
        })],
    }
}

/// The answer in one line.
fn answer(result: &BoxEvaluation) -> String {
    let reason = || result.reason.clone().unwrap_or_default();
    if let Some(place) = &result.undefined {
        return format!("undefined {}: {}", at(place, usize::MAX), reason());
    }
    match (&result.range, &result.holds) {
        (Some(range), _) => range_text(range),
        (None, Some(holds)) => {
            holds_text(holds).unwrap_or_else(|| format!("undecided: {}", reason()))
        }
        (None, None) => {
            let place = result.left.as_ref().and_then(|left| left.cells.first());
            let place = place.map(|place| format!(" ({})", cell(place)));
            format!("{}{}", reason(), place.unwrap_or_default())
        }
    }
}

/// `[0, 0.25]`, or how far these may be off.
pub(super) fn range_text(range: &RangeText) -> String {
    let bounds = format!("[{}, {}]", range.lower.decimal, range.upper.decimal);
    if range.tight {
        return bounds;
    }
    let contains = match &range.contains {
        Some([lower, upper]) => format!(" and contains [{}, {}]", lower.decimal, upper.decimal),
        None => String::new(),
    };
    format!("the range is within {bounds}{contains}")
}

fn holds_text(holds: &HoldsOver) -> Option<String> {
    let place = |witness: &Option<Witness>| match witness {
        Some(witness) => at(witness, usize::MAX),
        None => String::new(),
    };
    let answer = match (holds.answer, &holds.true_at, &holds.false_at) {
        (Some(Extent::Everywhere), ..) => "true".to_string(),
        (Some(Extent::Nowhere), ..) => "false".to_string(),
        (Some(Extent::Somewhere), yes, no) => {
            format!("neither: true {}, false {}", place(yes), place(no))
        }
        (None, yes @ Some(_), None) => format!("true {}, elsewhere undecided", place(yes)),
        (None, None, no @ Some(_)) => format!("false {}, elsewhere undecided", place(no)),
        (None, ..) => return None,
    };
    Some(answer)
}

/// What there is to say beside the answer.
fn more(result: &BoxEvaluation) -> Option<String> {
    if result.undefined.is_some() {
        return None;
    }
    let Some(range) = &result.range else {
        let partial = result.holds.as_ref().and_then(holds_text).is_some();
        return result.reason.clone().filter(|_| partial);
    };
    let mut parts = Vec::new();
    let found = [("least", least(range)), ("greatest", greatest(range))];
    for (which, found) in found {
        if let Some((value, place)) = found {
            parts.push(format!("the {which} value found is {value} {place}"));
        }
    }
    parts.extend(result.reason.clone());
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The least value found, and where.
pub(super) fn least(range: &RangeText) -> Option<(String, String)> {
    found(range.least.as_ref()?)
}

/// The greatest.
pub(super) fn greatest(range: &RangeText) -> Option<(String, String)> {
    found(range.greatest.as_ref()?)
}

fn found(attained: &crate::study::AttainedText) -> Option<(String, String)> {
    let witness = Witness {
        point: attained.point.clone(),
        first: false,
    };
    Some((attained.value.clone(), at(&witness, usize::MAX)))
}
