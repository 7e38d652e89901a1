//! What stands in an explanation's cells.

use crate::measure::{Bounds, Cancelled, Cause};
use crate::study::{Explained, NodeKind};

/// A value with at most so many characters is written before the difference of
/// one that is near it: 1 − 1.93e-22.
const SHORT: usize = 8;

/// How many characters of a value are shown, but for its exponent.
const DIGITS: usize = 7;

/// A whole number of so many digits is written in full.
const WHOLE: usize = 16;

/// `z = w*x`; the name alone where the text is long.
pub fn title(node: &Explained) -> String {
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
pub fn called(node: &Explained) -> String {
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
pub fn computed(node: &Explained) -> String {
    let exact = node.exact.as_deref().unwrap_or_default();
    match &node.difference {
        Some(difference) if is_near(node) && (is_short(exact) || is_same(node)) => {
            offset(exact, difference, true)
        }
        _ => shortened(&node.computed.decimal()),
    }
}

/// The exact value; near a short computed one, that and the difference.
pub fn exact(node: &Explained) -> String {
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
pub fn shortened(digits: &str) -> String {
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
pub fn happened(node: &Explained) -> String {
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
