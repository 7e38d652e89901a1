//! Verdicts on claims as a document.

use super::compare::{key, settings, word};
use super::document::{Block, Cell, Column, Document, Table};
use crate::language::ClaimVerdict;
use crate::study::{
    CellText, ComparedSides, Counts, How, RangeText, SideText, Status, Verification, Verified,
    Witness, WitnessValue, shortened,
};

/// The most characters of a claim in a table, and of the words on its verdict.
const CLAIM_WIDTH: usize = 38;
const HOW_WIDTH: usize = 46;

/// The characters of a number in a table, as many as fit.
const VALUE_WIDTHS: [usize; 5] = [usize::MAX, 22, 16, 12, 10];

/// How much narrower both are beside a column of expected verdicts.
const NARROWER: usize = 6;

/// The most digits of a count that are written out.
const MOST_DIGITS: usize = 21;

/// How many boxes that are left are named.
const LEFT_SHOWN: usize = 3;

/// The document for verdicts: the table, then what there is to say of each claim
/// that is not proved.
pub fn verification(result: &Verification) -> Document {
    let mut blocks = Vec::new();
    if !result.inputs.is_empty() {
        blocks.push(Block::Text(format!("at {}", settings(&result.inputs))));
    }
    let narrower = if result.is_as_expected() { 0 } else { NARROWER };
    blocks.push(Block::Table(Table {
        columns: columns(),
        rows: result
            .claims
            .iter()
            .map(|claim| row(claim, narrower))
            .collect(),
        keep_empty: false,
    }));
    for claim in &result.claims {
        blocks.extend(details(claim).into_iter().map(Block::Text));
    }
    blocks.push(Block::Text(summary(&result.counts, result.claims.len())));
    Document { blocks }
}

/// The document for verdicts in a report: what was said, in whole, with its
/// verdict; and what is not as expected.
pub fn verdicts(result: &Verification) -> Document {
    let table = said(&result.claims, ["claim", "verdict", "how"]);
    let mut blocks = vec![Block::Table(table)];
    let unexpected = result.claims.iter().filter(|claim| !claim.as_expected);
    blocks.extend(unexpected.flat_map(|claim| {
        let expected = format!("Expected to be {}: ", claim.expected.word());
        let details = details(claim).into_iter();
        details.map(move |text| Block::Text(format!("{expected}{text}")))
    }));
    Document { blocks }
}

/// How many claims there are, and of which verdict.
pub fn verdict_counts(result: &Verification) -> Document {
    let summary = summary(&result.counts, result.claims.len());
    Document {
        blocks: vec![Block::Text(summary)],
    }
}

/// What was said, each with its verdict.
pub(super) fn said(claims: &[Verified], titles: [&'static str; 3]) -> Table {
    let line = |claim: &Verified| {
        vec![
            Cell::plain(claim.title.as_ref().unwrap_or(&claim.claim)),
            Cell::plain(claim.verdict.word()),
            Cell::plain(how(claim, usize::MAX)),
        ]
    };
    let [first, second, third] = titles;
    Table {
        columns: vec![
            key(first, "claim"),
            word(second, "verdict"),
            word(third, "how"),
        ],
        rows: claims.iter().map(line).collect(),
        keep_empty: true,
    }
}

fn columns() -> Vec<Column> {
    let data = |name: &'static str| Column {
        data_only: true,
        ..word(name, name)
    };
    let mut columns = vec![
        key("verdict", "verdict"),
        word("expected", "unexpected"),
        word("claim", "claim"),
        word("how", "how"),
    ];
    columns.extend(
        [
            "expected", "title", "source", "line", "witness", "hex", "left", "right", "lower",
            "upper", "reason", "notes",
        ]
        .map(data),
    );
    columns
}

fn row(claim: &Verified, narrower: usize) -> Vec<Cell> {
    // Only where it says more than the verdict.
    let unexpected = match claim.as_expected {
        true => "",
        false => claim.expected.word(),
    };
    let shown = claim.title.as_ref().map(|title| format!("“{title}”"));
    let shown = shown.unwrap_or_else(|| claim.claim.clone());
    let brief = how_within(claim, HOW_WIDTH - narrower);
    let points = |text: fn(&WitnessValue) -> String| {
        let values = claim.witness.iter().flat_map(|witness| &witness.point);
        values.map(text).collect::<Vec<String>>().join(", ")
    };
    let only = match claim.comparisons.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let side = |of: fn(&ComparedSides) -> &Option<SideText>| {
        let side = only.and_then(|only| of(only).as_ref());
        side.and_then(|side| side.value.clone()).unwrap_or_default()
    };
    let bound = |of: fn(&RangeText) -> &str| {
        let range = claim.range.as_ref();
        range.map(|range| of(range).to_string()).unwrap_or_default()
    };
    vec![
        Cell::plain(claim.verdict.word()),
        Cell::plain(unexpected),
        Cell::with_full(cut(&shown, CLAIM_WIDTH - narrower), claim.claim.as_str()),
        Cell::with_full(brief, how(claim, usize::MAX)),
        Cell::plain(claim.expected.word()),
        Cell::plain(claim.title.as_deref().unwrap_or_default()),
        Cell::plain(&claim.source),
        Cell::plain(claim.line.to_string()),
        Cell::plain(points(|value| {
            format!("{} = {}", value.name, value.decimal)
        })),
        Cell::plain(points(|value| match &value.hex {
            Some(hex) => format!("{} = {hex}", value.name),
            None => String::new(),
        })),
        Cell::plain(side(|compared| &compared.left)),
        Cell::plain(side(|compared| &compared.right)),
        Cell::plain(bound(|range| &range.lower.decimal)),
        Cell::plain(bound(|range| &range.upper.decimal)),
        Cell::plain(claim.reason.as_deref().unwrap_or_default()),
        Cell::plain(claim.notes.join("; ")),
    ]
}

/// How a verdict was reached, in a few words; numbers have so many characters.
fn how(claim: &Verified, width: usize) -> String {
    let value = |side: &SideText| shortened(&value(side), width);
    match claim.verdict {
        ClaimVerdict::Proved => match &claim.range {
            Some(range) => bounds(range),
            None => method(&claim.how),
        },
        ClaimVerdict::Refuted => match (&claim.witness, claim.comparisons.as_slice()) {
            (Some(witness), _) => at(witness, width),
            (None, [only]) => match (&only.left, &only.right, only.cause) {
                (Some(left), Some(right), _) => {
                    format!("left is {}, right is {}", value(left), value(right))
                }
                (.., Some(cause)) => format!("it is {cause}"),
                _ => "at a point".to_string(),
            },
            (None, _) => "at a point".to_string(),
        },
        ClaimVerdict::Undefined => match &claim.witness {
            Some(witness) => at(witness, width),
            None => claim.reason.clone().unwrap_or_default(),
        },
        ClaimVerdict::Undecided => claim.reason.clone().unwrap_or_default(),
    }
}

/// The same in so many characters. Numbers lose digits, never their exponents.
fn how_within(claim: &Verified, most: usize) -> String {
    let fits = |text: &String| text.chars().count() <= most;
    let mut widths = VALUE_WIDTHS.iter().map(|&width| how(claim, width));
    if let Some(text) = widths.find(fits) {
        return text;
    }
    let has_point = match claim.verdict {
        ClaimVerdict::Refuted => true,
        ClaimVerdict::Undefined => claim.witness.is_some(),
        ClaimVerdict::Proved | ClaimVerdict::Undecided => false,
    };
    match &claim.range {
        Some(_) => "a range, below".to_string(),
        None if has_point => "at a point, below".to_string(),
        None => {
            let text = cut(&how(claim, usize::MAX), most);
            // Between words: a number's first digits are another number.
            let words = text.rsplit_once(' ').map(|(words, _)| format!("{words} …"));
            words.unwrap_or(text)
        }
    }
}

/// `[0, 0.25]`.
fn bounds(range: &RangeText) -> String {
    format!("[{}, {}]", range.lower.decimal, range.upper.decimal)
}

/// How it was decided.
fn method(how: &How) -> String {
    match how {
        How::Point { .. } => "at a point".to_string(),
        How::ExactArithmetic => "by exact arithmetic".to_string(),
        How::Identity => "as an identity".to_string(),
        How::Floats { floats, blocks } => format!(
            "over {} {} in {}",
            grouped(floats),
            if floats == "1" { "float" } else { "floats" },
            counted(*blocks, "block")
        ),
        How::Points { points, boxes } => format!(
            "over {} {} in {}",
            grouped(points),
            if points == "1" { "point" } else { "points" },
            counted(*boxes, "box")
        ),
        How::Boxes { boxes } => format!("by subdivision into {}", counted(*boxes, "box")),
        How::Each {
            variables, choices, ..
        } => format!("for each of {choices} values of {variables}"),
    }
}

fn counted(count: u64, what: &str) -> String {
    let several = match (count, what) {
        (1, _) => what.to_string(),
        (_, "box") => "boxes".to_string(),
        _ => format!("{what}s"),
    };
    format!("{} {several}", grouped(&count.to_string()))
}

pub(super) fn at(witness: &Witness, width: usize) -> String {
    let value =
        |value: &WitnessValue| format!("{} = {}", value.name, shortened(&value.decimal, width));
    let values: Vec<String> = witness.point.iter().map(value).collect();
    let first = if witness.first { "first at" } else { "at" };
    format!("{first} {}", values.join(", "))
}

fn value(side: &SideText) -> String {
    side.value
        .clone()
        .unwrap_or_else(|| match (&side.lower, &side.upper) {
            _ if side.status == Status::Undefined => "undefined".to_string(),
            (Some(lower), Some(upper)) => format!("in [{}, {}]", lower.decimal, upper.decimal),
            _ => "not known".to_string(),
        })
}

/// What there is to say of a claim beside its row.
fn details(claim: &Verified) -> Vec<String> {
    let mut lines = Vec::new();
    let proved = claim.verdict == ClaimVerdict::Proved;
    let mut parts: Vec<String> = Vec::new();
    if !proved {
        if let Some(witness) = &claim.witness {
            let hex: Vec<&str> = witness
                .point
                .iter()
                .filter_map(|value| value.hex.as_deref())
                .collect();
            let seen = match claim.verdict {
                ClaimVerdict::Undecided => "the worst point seen is ",
                _ => "",
            };
            let mut text = format!("{seen}{}", at(witness, usize::MAX));
            if !hex.is_empty() {
                text.push_str(&format!(" ({})", hex.join(", ")));
            }
            parts.push(text);
        }
        parts.extend(claim.comparisons.iter().map(compared));
        parts.extend(claim.reason.clone());
        parts.extend(claim.left.as_ref().map(|left| {
            let shown: Vec<String> = left.cells.iter().take(LEFT_SHOWN).map(cell).collect();
            let more = if left.boxes > shown.len() {
                ", …"
            } else {
                ""
            };
            let points = left
                .points
                .as_ref()
                .map(|points| format!(" with {} points", grouped(points)));
            format!(
                "not decided: {}{}: {}{more}",
                counted(left.boxes as u64, "box"),
                points.unwrap_or_default(),
                shown.join(", ")
            )
        }));
    }
    if let Some(range) = &claim.range {
        parts.push(bounds(range));
        let attained = [("least", &range.least), ("greatest", &range.greatest)];
        parts.extend(attained.iter().filter_map(|(which, attained)| {
            let attained = attained
                .as_ref()
                .filter(|attained| !attained.point.is_empty())?;
            let witness = Witness {
                point: attained.point.clone(),
                first: false,
            };
            let place = at(&witness, usize::MAX);
            Some(format!("the {which} found is {} {place}", attained.value))
        }));
        parts.extend(claim.reason.clone().filter(|_| proved));
    }
    parts.extend(claim.notes.iter().map(|note| format!("note: {note}")));
    if !parts.is_empty() {
        let name = match &claim.title {
            // A backtick would begin code.
            Some(title) => format!("“{}”", title.replace('`', "'")),
            None => format!("`{}`", claim.claim),
        };
        lines.push(format!(
            "{name}, {}: {}",
            claim.verdict.word(),
            parts.join("; ")
        ));
    }
    lines
}

/// A comparison at a point, with its sides.
fn compared(compared: &ComparedSides) -> String {
    let word = match compared.holds {
        Some(true) => "holds",
        Some(false) => "fails",
        None => "is not decided",
    };
    let text = format!("`{}` {word}", compared.text);
    match (&compared.left, &compared.right) {
        (Some(left), Some(right)) => {
            let full = |side: &SideText| match &side.hex {
                Some(hex) if *hex != value(side) => format!("{} ({hex})", value(side)),
                _ => value(side),
            };
            format!("{text}: left is {}, right is {}", full(left), full(right))
        }
        _ => match compared.cause {
            Some(cause) if compared.holds == Some(false) => format!("{text}: it is {cause}"),
            _ => text,
        },
    }
}

pub(super) fn cell(cell: &CellText) -> String {
    let ranges: Vec<String> = cell
        .ranges
        .iter()
        .map(|range| format!("{} in [{}, {}]", range.name, range.from, range.to))
        .collect();
    ranges.join(" and ")
}

/// `4 claims: 3 proved, 1 refuted; all as expected`.
fn summary(counts: &Counts, claims: usize) -> String {
    let kinds = [
        (counts.proved, "proved"),
        (counts.refuted, "refuted"),
        (counts.undecided, "undecided"),
        (counts.undefined, "undefined"),
    ];
    let kinds: Vec<String> = kinds
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let claims_text = if claims == 1 { "claim" } else { "claims" };
    let expected = match counts.unexpected {
        0 if claims == 1 => "as expected".to_string(),
        0 => "all as expected".to_string(),
        unexpected => format!("{unexpected} not as expected"),
    };
    format!("{claims} {claims_text}: {}; {expected}", kinds.join(", "))
}

/// A whole number's digits in groups of three; of a very long one, the first.
pub(super) fn grouped(digits: &str) -> String {
    if digits.len() > MOST_DIGITS {
        return format!("{}.{}…e{}", &digits[..1], &digits[1..3], digits.len() - 1);
    }
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The beginning of a text that is too long.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let head: String = text.chars().take(most - 1).collect();
    format!("{}…", head.trim_end())
}
