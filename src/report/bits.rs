//! A number's bits as a document: a column for each format.

use super::compare::{at, data, equation_of, key, number, word};
use super::document::{Block, Cell, Column, Document, Table};
use crate::measure::Bounds;
use crate::study::{Bits, Encoding, ExactDecimal, Figure, FormatBits, Status};
use rug::{Float, Integer};

/// How many digits of an exact value a person sees.
const EXACT_DIGITS: usize = 64;
/// How many bits stand in a group, and in a line.
const GROUP: usize = 4;
const LINE: usize = 52;
/// The same where exponents are long.
const SHORT_LINE: usize = 48;
/// How many bits of a significand a person sees.
const MOST_BITS: usize = 256;
/// The longest hexadecimal that is not cut.
const HEX_WIDTH: usize = 34;
/// The widest integer that is not cut.
const INTEGER_WIDTH: usize = 20;

type Show = fn(&FormatBits) -> Cell;

/// The rows of the table.
const ROWS: &[(&str, Show)] = &[
    ("value", |row| Cell::figure(row.value.as_ref())),
    ("in hexadecimal", |row| {
        let finite = row.value.as_ref().filter(|value| value.value().is_finite());
        dash(finite.map(|value| value.hex()), HEX_WIDTH)
    }),
    ("kind", |row| optional(&row.kind)),
    ("rounded", rounded),
    ("error, ulps", |row| bounds(&row.ulps, |x| x.decimal(2))),
    ("error, relative", |row| {
        bounds(&row.relative_error, Bounds::percent_or_plain)
    }),
    ("encoding", |row| {
        dash(encoding(row, |bits| Some(bits.hex.clone())), HEX_WIDTH)
    }),
    ("exponent field", |row| {
        dash(
            encoding(row, |bits| Some(bits.exponent_field.to_string())),
            usize::MAX,
        )
    }),
    ("bias", |row| {
        dash(
            encoding(row, |bits| Some(bits.bias.to_string())),
            usize::MAX,
        )
    }),
    ("exponent e", |row| optional(&row.exponent)),
    ("significand", |row| {
        integer(row.significand.as_ref().map(|s| s.integer()))
    }),
    ("payload", |row| {
        dash(encoding(row, |bits| bits.payload.clone()), HEX_WIDTH)
    }),
    ("next below", |row| {
        neighbour(row, row.below.as_ref(), '−', row.gap_below_exponent)
    }),
    ("next above", |row| {
        neighbour(row, row.above.as_ref(), '+', row.gap_above_exponent)
    }),
    ("ulp", ulp),
    ("ordinal", |row| integer(row.ordinal.as_ref())),
];

/// The document: the properties side by side, then exact values and bits, a
/// line for each format.
pub fn bits(result: &Bits) -> Document {
    let mut blocks = heading(result);
    blocks.extend(properties(result));
    blocks.extend(exact_values(result));
    blocks.extend(patterns(result));
    let notes = result.formats.iter().flat_map(|row| {
        // What ails the exact value ails every format alike.
        let told = result
            .exact
            .as_ref()
            .and_then(|exact| exact.reason.as_ref());
        let own = row.notes.iter().filter(move |note| Some(*note) != told);
        own.map(|note| Block::Text(format!("{}: {note}", row.format)))
    });
    blocks.extend(notes);
    Document { blocks }
}

fn heading(result: &Bits) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let (Some(formula), Some(exact)) = (&result.formula, &result.exact) {
        let obvious = exact.status == Status::Certified && exact.digits.as_ref() == Some(formula);
        blocks.push(match obvious {
            true => Block::Equation(formula.clone(), ""),
            false => equation_of(formula, exact),
        });
    }
    if let Some(encoding) = &result.encoding {
        blocks.push(Block::Equation(format!("the encoding {encoding}"), ""));
    }
    blocks.extend(at(&result.inputs));
    blocks
}

fn properties(result: &Bits) -> Option<Block> {
    let column = |row: &FormatBits| Column {
        title: row.format.clone().into(),
        key: row.format.clone().into(),
        ..word("", "")
    };
    let columns = std::iter::once(key("", "property"));
    let rows: Vec<Vec<Cell>> = ROWS
        .iter()
        .filter_map(|(title, show)| {
            let cells: Vec<Cell> = result.formats.iter().map(show).collect();
            let told = cells.iter().any(|cell| cell.text != "—");
            told.then(|| std::iter::once(Cell::plain(*title)).chain(cells).collect())
        })
        .collect();
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            keep_empty: true,
            rows,
            columns: columns.chain(result.formats.iter().map(column)).collect(),
        })
    })
}

/// The numbers with all their digits, where the shortest decimals say less.
fn exact_values(result: &Bits) -> Option<Block> {
    let line = |row: &FormatBits| {
        let decimal = row.decimal.as_ref()?.cut(EXACT_DIGITS);
        Some(vec![Cell::plain(&row.format), Cell::plain(decimal)])
    };
    let longer = |row: &FormatBits| match (&row.value, &row.decimal) {
        (Some(value), Some(exact)) => value.brief() != exact.cut(EXACT_DIGITS),
        _ => false,
    };
    let told = result.formats.iter().any(longer);
    told.then(|| {
        Block::Table(Table {
            keep_empty: true,
            columns: vec![key("", "format"), word("exact value", "exact_value")],
            rows: result.formats.iter().filter_map(line).collect(),
        })
    })
}

/// The bits, long significands in several lines.
fn patterns(result: &Bits) -> Option<Block> {
    let encoded = |row: &'_ FormatBits| row.encoding.is_some();
    if !result.formats.iter().any(encoded) {
        return None;
    }
    let exponents = result.formats.iter().flat_map(|row| &row.encoding);
    let longest = exponents.map(|bits| bits.exponent.len()).max();
    let line = match longest {
        Some(16..) => SHORT_LINE,
        _ => LINE,
    };
    let rows = result.formats.iter().flat_map(|row| {
        let bits = row.encoding.as_ref();
        bits.map_or(Vec::new(), |bits| pattern(&row.format, bits, line))
    });
    Some(Block::Table(Table {
        keep_empty: true,
        columns: vec![
            key("", "format"),
            word("sign", "sign"),
            word("exponent", "exponent"),
            word("lead", "leading_bit"),
            word("trailing significand", "significand"),
        ],
        rows: rows.collect(),
    }))
}

fn pattern(format: &str, bits: &Encoding, line: usize) -> Vec<Vec<Cell>> {
    let leading = bits.leading_bit.map(u8::from);
    let (leading, fraction) = match (leading, bits.leading_bit_stored) {
        (Some(bit), true) => (bit.to_string(), &bits.significand[1..]),
        // It is not among the bits.
        (Some(bit), false) => (format!("({bit})"), bits.significand.as_str()),
        (None, _) => ("—".to_string(), bits.significand.as_str()),
    };
    let shown = &fraction[..fraction.len().min(MOST_BITS)];
    let lines = shown.as_bytes().chunks(line).enumerate();
    let mut rows: Vec<Vec<Cell>> = lines
        .map(|(index, part)| {
            let groups: Vec<String> = part
                .chunks(GROUP)
                .map(|group| String::from_utf8_lossy(group).into_owned())
                .collect();
            let first = |text: &str| Cell::plain(if index == 0 { text } else { "" });
            vec![
                first(format),
                first(&bits.sign),
                first(&bits.exponent),
                first(&leading),
                Cell::plain(groups.join(" ")),
            ]
        })
        .collect();
    if shown.len() < fraction.len()
        && let Some(last) = rows.last_mut().and_then(|row| row.last_mut())
    {
        last.text.push_str(&format!(" … ({} bits)", fraction.len()));
    }
    rows
}

fn rounded(row: &FormatBits) -> Cell {
    let side = row.rounding.map(|side| side.to_string());
    let words: Vec<String> = side
        .into_iter()
        .chain(row.event.map(|event| event.to_string()))
        .collect();
    match words.is_empty() {
        true => Cell::plain("—"),
        false => Cell::plain(words.join(", ")),
    }
}

/// A neighbour; by its distance, where the digits shown are the value's own.
fn neighbour(row: &FormatBits, next: Option<&Figure>, sign: char, gap: Option<i64>) -> Cell {
    let same = match (next, &row.value) {
        (Some(next), Some(value)) => next.brief() == value.brief(),
        _ => false,
    };
    match gap {
        Some(gap) if same => Cell::plain(format!("value {sign} 2^{gap}")),
        _ => dash(next.map(Figure::brief), usize::MAX),
    }
}

/// The unit, and a distance to a neighbour that differs from it.
fn ulp(row: &FormatBits) -> Cell {
    let Some(ulp) = row.ulp_exponent else {
        return Cell::plain("—");
    };
    let mut text = format!("2^{ulp}");
    let gaps = [
        (row.gap_below_exponent, "below"),
        (row.gap_above_exponent, "above"),
    ];
    for (gap, place) in gaps {
        if let Some(gap) = gap.filter(|gap| *gap != ulp) {
            text.push_str(&format!("; 2^{gap} {place}"));
        }
    }
    Cell::plain(text)
}

fn encoding(row: &FormatBits, part: impl Fn(&Encoding) -> Option<String>) -> Option<String> {
    row.encoding.as_ref().and_then(part)
}

/// A text cut to a width; a dash where there is none.
fn dash(text: Option<String>, width: usize) -> Cell {
    match text {
        None => Cell::plain("—"),
        Some(text) if text.len() <= width => Cell::plain(text),
        Some(text) => {
            let (digits, exponent) = match text.split_once('p') {
                Some((digits, exponent)) => (digits, format!("p{exponent}")),
                None => (text.as_str(), String::new()),
            };
            let kept = width.saturating_sub(exponent.len() + 1).min(digits.len());
            Cell::plain(format!("{}…{exponent}", &digits[..kept]))
        }
    }
}

fn optional<T: ToString>(value: &Option<T>) -> Cell {
    dash(value.as_ref().map(T::to_string), usize::MAX)
}

fn bounds(bounds: &Option<Bounds>, text: impl Fn(&Bounds) -> String) -> Cell {
    dash(bounds.as_ref().map(text), usize::MAX)
}

/// An integer; of a long one the first digits.
fn integer(integer: Option<&Integer>) -> Cell {
    let Some(integer) = integer else {
        return Cell::plain("—");
    };
    Cell::plain(brief_integer(integer))
}

/// An integer in full if it is short, else its first digits and its power of
/// ten.
pub(super) fn brief_integer(integer: &Integer) -> String {
    if integer.significant_bits() <= 80 {
        let whole = integer.to_string();
        if whole.trim_start_matches('-').len() <= INTEGER_WIDTH {
            return whole;
        }
    }
    let float = Float::with_val(integer.significant_bits().max(2), integer);
    ExactDecimal::new(&float).cut(INTEGER_WIDTH - 6)
}

/// The same with every digit, a row for each format, for CSV.
pub fn bits_table(result: &Bits) -> Document {
    type Field = (Column, fn(&FormatBits) -> Cell);
    let columns: &[Field] = &[
        (key("format", "format"), |row| Cell::plain(&row.format)),
        (number("bits", "precision"), |row| {
            Cell::plain(row.precision.to_string())
        }),
        (number("width", "width"), |row| all(&row.width)),
        (word("value", "value"), |row| {
            Cell::figure(row.value.as_ref())
        }),
        (data("value_hex"), |row| Cell::hex(row.value.as_ref())),
        (data("exact_value"), |row| {
            let exact = row.decimal.as_ref();
            Cell::plain(exact.and_then(|exact| exact.full()).unwrap_or_default())
        }),
        (word("kind", "kind"), |row| all(&row.kind)),
        (word("rounded", "rounded"), |row| all(&row.rounding)),
        (word("event", "event"), |row| all(&row.event)),
        (word("ulps", "ulps"), |row| {
            Cell::bounds(row.ulps.as_ref(), |x| x.decimal(2))
        }),
        (word("rel. error", "relative_error"), |row| {
            Cell::bounds(row.relative_error.as_ref(), Bounds::percent_or_plain)
        }),
        (word("encoding", "encoding"), |row| {
            part(row, |bits| bits.hex.clone())
        }),
        (data("sign_bit"), |row| part(row, |bits| bits.sign.clone())),
        (data("exponent_bits"), |row| {
            part(row, |bits| bits.exponent.clone())
        }),
        (data("significand_bits"), |row| {
            part(row, |bits| bits.significand.clone())
        }),
        (data("exponent_field"), |row| {
            part(row, |bits| bits.exponent_field.to_string())
        }),
        (data("bias"), |row| part(row, |bits| bits.bias.to_string())),
        (data("exponent"), |row| all(&row.exponent)),
        (data("significand"), |row| {
            all(&row.significand.as_ref().map(|s| s.integer()))
        }),
        (data("significand_binary"), |row| {
            all(&row.significand.as_ref().map(|s| s.binary()))
        }),
        (data("payload"), |row| {
            part(row, |bits| bits.payload.clone().unwrap_or_default())
        }),
        (data("below"), |row| Cell::figure(row.below.as_ref())),
        (data("below_hex"), |row| Cell::hex(row.below.as_ref())),
        (data("above"), |row| Cell::figure(row.above.as_ref())),
        (data("above_hex"), |row| Cell::hex(row.above.as_ref())),
        (data("ulp_exponent"), |row| all(&row.ulp_exponent)),
        (data("gap_below_exponent"), |row| {
            all(&row.gap_below_exponent)
        }),
        (data("gap_above_exponent"), |row| {
            all(&row.gap_above_exponent)
        }),
        (data("ordinal"), |row| all(&row.ordinal)),
        (data("notes"), |row| Cell::plain(row.notes.join("; "))),
    ];
    let cells = |row| columns.iter().map(|(_, show)| show(row)).collect();
    Document {
        blocks: vec![Block::Table(Table {
            keep_empty: true,
            columns: columns.iter().map(|(column, _)| column.clone()).collect(),
            rows: result.formats.iter().map(cells).collect(),
        })],
    }
}

fn all<T: ToString>(value: &Option<T>) -> Cell {
    Cell::plain(value.as_ref().map(T::to_string).unwrap_or_default())
}

fn part(row: &FormatBits, part: impl Fn(&Encoding) -> String) -> Cell {
    Cell::plain(row.encoding.as_ref().map(part).unwrap_or_default())
}
