//! From what was found of a claim to what is said of it: texts of values that lose
//! nothing.

use super::figure::{Bound as BoundText, Figure, Status};
use super::range::exact_text;
use super::stated::{Found, Stated};
use super::verdict::{
    AttainedText, CellText, ComparedSides, How, Left, RangeOf, RangeText, SideText, Verified,
    Witness, WitnessValue,
};
use crate::claim::{AtomAt, Attained, Cell, Method, Numbers, Open, Outcome, Range, Side, Value};
use crate::format::{Format, hexadecimal};
use crate::formula::{Formula, Op, SourceId, Sources};
use crate::language::{Claim, ClaimVerdict};
use crate::truth::{Answer, CertifiedDecimal};
use rug::float::Round;
use rug::{Float, Integer, Rational};
use std::collections::HashMap;

/// The digits of sides that are shown.
const DIGITS: usize = 21;

/// The digits of a range's bounds.
const RANGE_DIGITS: usize = 12;

/// How many cells that are left are listed.
const MAX_LEFT: usize = 20;

/// Longer fractions are not written out.
const MOST_EXACT_BITS: u32 = 8192;

/// The digits of a cell's ends, where these are long.
const END_DIGITS: usize = 20;

impl Verified {
    pub(super) fn new(
        claim: &Claim,
        stated: &Stated,
        found: Found,
        (sources, lines): (&Sources, &Lines),
    ) -> Self {
        let mut verified = Verified {
            title: claim.title.clone(),
            claim: claim.text.clone(),
            source: sources.name(claim.span.source).to_string(),
            line: lines.line(claim),
            expected: claim.expected,
            verdict: ClaimVerdict::Undecided,
            as_expected: false,
            how: How::Identity,
            witness: None,
            comparisons: Vec::new(),
            range: None,
            reason: None,
            left: None,
            cells: Vec::new(),
            notes: notes(stated.formula()),
        };
        match found {
            Found::Verdict {
                outcome,
                precisions,
                choices,
                first,
            } => verified.take(claim, stated, outcome, (&precisions, choices, first)),
            Found::Range(range) => verified.take_range(claim, stated, &range),
        }
        verified.as_expected = verified.verdict == verified.expected;
        verified
    }

    fn take(
        &mut self,
        claim: &Claim,
        stated: &Stated,
        outcome: Outcome,
        (precisions, choices, first): (&[u32], usize, bool),
    ) {
        self.verdict = outcome.verdict;
        self.how = How::of(&outcome.method);
        if !precisions.is_empty() {
            self.how = How::Each {
                variables: stated.precisions.join(", "),
                choices,
                each: Box::new(std::mem::replace(&mut self.how, How::Identity)),
            };
        }
        let decided = matches!(self.verdict, ClaimVerdict::Proved);
        let point = outcome.point.as_deref();
        if point.is_some() || (!precisions.is_empty() && !decided) {
            let values = stated.named(claim, point.unwrap_or_default(), precisions);
            // Points have an order where there is one variable.
            let first = match (claim.variables.len(), precisions.len()) {
                (1, 1) => first && self.verdict == ClaimVerdict::Refuted,
                (1, _) => outcome.first,
                _ => false,
            };
            self.witness = Some(Witness {
                point: values
                    .iter()
                    .map(|(name, value)| WitnessValue::new(name, value, stated.format(name, claim)))
                    .collect(),
                first,
            });
        }
        if point.is_some() || stated.variables.is_empty() {
            self.comparisons = outcome.atoms.iter().map(ComparedSides::new).collect();
        }
        self.reason = outcome.reason;
        self.left = outcome.open.as_ref().map(|open| Left::new(stated, open));
        let cell = |(cell, answer): &(Cell, Answer)| CellText::new(stated, cell, *answer);
        self.cells = outcome.evidence.iter().map(cell).collect();
    }

    fn take_range(&mut self, claim: &Claim, stated: &Stated, range: &Range) {
        self.how = How::of(&range.method(&stated.space));
        let point = |point: &[Value]| -> Vec<WitnessValue> {
            let values = stated.named(claim, point, &[]);
            let value = |(name, value): &(String, std::borrow::Cow<'_, Value>)| {
                WitnessValue::new(name, value, stated.format(name, claim))
            };
            values.iter().map(value).collect()
        };
        if let Some(place) = &range.undefined {
            self.verdict = ClaimVerdict::Undefined;
            self.witness = Some(Witness {
                point: point(place),
                first: false,
            });
            self.reason = Some("the number has no value there".to_string());
            return;
        }
        if range.lo.is_nan() {
            self.reason =
                Some("it is not known whether the number is defined everywhere".to_string());
            self.left = range.unknown.as_ref().map(|cell| Left::of(stated, &[cell]));
            return;
        }
        let format = crate::claim::format_of(stated.formula(), stated.formula().root());
        let digits = stated
            .digits()
            .map_or(RANGE_DIGITS, |digits| digits as usize);
        let attained = |attained: &Option<Attained>| {
            let attained = attained.as_ref()?;
            Some(AttainedText {
                value: attained_text(attained, format, digits)?,
                point: point(&attained.point),
            })
        };
        let bounded = range.lo.is_finite() && range.hi.is_finite();
        self.verdict = if bounded || range.tight {
            ClaimVerdict::Proved
        } else {
            ClaimVerdict::Undecided
        };
        if !range.tight {
            self.reason = Some(match range.stop {
                Some(crate::claim::Stop::Boxes(boxes)) => {
                    format!(
                        "the bounds may be wider than need be: the limit of {boxes} boxes was reached"
                    )
                }
                _ => "the bounds may be wider than need be".to_string(),
            });
        }
        let shown = match stated.digits() {
            Some(digits) => digits as usize,
            None if stated.variables.is_empty() => DIGITS + 3,
            None => RANGE_DIGITS + 3,
        };
        let bound = |x: &Float, round| BoundText::of_digits(x, round, shown);
        // What surrounds values that were found is rounded inward.
        let contains = match (&range.least, &range.greatest) {
            (Some(least), Some(greatest))
                if !range.tight && least.hi <= greatest.lo && stated.is_connected() =>
            {
                Some([
                    bound(&least.hi, Round::Up),
                    bound(&greatest.lo, Round::Down),
                ])
            }
            _ => None,
        };
        self.range = Some(RangeText {
            lower: bound(&range.lo, Round::Down),
            upper: bound(&range.hi, Round::Up),
            tight: range.tight,
            least: attained(&range.least),
            greatest: attained(&range.greatest),
            contains,
        });
    }
}

impl How {
    fn of(method: &Method) -> How {
        match method {
            Method::Point { bits } => How::Point { precision: *bits },
            Method::Exact => How::ExactArithmetic,
            Method::Identity => How::Identity,
            Method::Boxes {
                boxes,
                points: Some(points),
                floats: true,
            } => How::Floats {
                floats: points.to_string(),
                blocks: *boxes,
            },
            Method::Boxes {
                boxes,
                points: Some(points),
                ..
            } => How::Points {
                points: points.to_string(),
                boxes: *boxes,
            },
            Method::Boxes { boxes, .. } => How::Boxes { boxes: *boxes },
        }
    }
}

impl WitnessValue {
    fn new(name: &str, value: &Value, format: Option<Format>) -> Self {
        let name = name.to_string();
        match value {
            Value::Float(float) => WitnessValue {
                name,
                decimal: match format {
                    Some(format) => Figure::new(&format, float).decimal(),
                    None => hexadecimal(float),
                },
                hex: Some(hexadecimal(float)),
                exact: float.to_rational().as_ref().and_then(written_out),
            },
            Value::Exact(exact) => WitnessValue {
                name,
                decimal: exact_text_or_digits(exact),
                hex: hex_of(exact),
                exact: written_out(exact),
            },
        }
    }
}

/// The exact number, unless it is a very long one.
fn written_out(exact: &Rational) -> Option<String> {
    let bits = exact.numer().significant_bits() + exact.denom().significant_bits();
    (bits <= MOST_EXACT_BITS).then(|| exact.to_string())
}

/// A short decimal exactly, or the first digits.
fn exact_text_or_digits(exact: &Rational) -> String {
    if let Some(text) = written_out(exact).map(|_| exact_text(exact))
        && text.len() <= 2 * END_DIGITS
    {
        return text;
    }
    CertifiedDecimal::of_rational(exact, END_DIGITS).to_string()
}

/// The hexadecimal of a number whose denominator is a power of two.
fn hex_of(exact: &Rational) -> Option<String> {
    let bits = exact.numer().significant_bits().max(2);
    if !exact.denom().is_power_of_two() || bits > 4096 {
        return None;
    }
    let float = Float::with_val(bits, exact);
    (float == *exact).then(|| hexadecimal(&float))
}

impl ComparedSides {
    fn new(atom: &AtomAt) -> Self {
        let [left, right] = match &atom.sides {
            Some(sides) => sides.each_ref().map(|side| Some(SideText::new(side))),
            None => [None, None],
        };
        ComparedSides {
            text: atom.label.clone(),
            holds: atom.truth,
            left,
            right,
            cause: atom.cause,
        }
    }
}

impl SideText {
    fn new(side: &Side) -> Self {
        let enclosure = side.value.enclosure();
        let special = side.value.special();
        let number = match (side.value.exact(), special) {
            (_, Some(special)) => Some(special.clone()),
            (Some(exact), None) if side.format.is_some() => {
                let bits = exact.numer().significant_bits().max(2);
                (bits < 1 << 20).then(|| Float::with_val(bits, exact))
            }
            _ => None,
        };
        let figure = match (&side.format, &number) {
            (Some(format), Some(number)) => Some(Figure::new(format, number)),
            _ => None,
        };
        let value = match &figure {
            Some(figure) => Some(figure.decimal()),
            None => CertifiedDecimal::of_value(&side.value, DIGITS).map(|d| d.to_string()),
        };
        let known = enclosure.is_surely() && enclosure.is_bounded();
        SideText {
            text: side.label.clone(),
            status: if value.is_some() {
                Status::Certified
            } else if enclosure.is_never() {
                Status::Undefined
            } else {
                Status::Undecided
            },
            value,
            hex: figure.map(|figure| figure.hex()),
            lower: known.then(|| BoundText::new(enclosure.lo(), Round::Down, DIGITS)),
            upper: known.then(|| BoundText::new(enclosure.hi(), Round::Up, DIGITS)),
        }
    }
}

/// A value that is attained, as text.
fn attained_text(attained: &Attained, format: Option<Format>, digits: usize) -> Option<String> {
    if attained.lo == attained.hi
        && let Some(format) = format
    {
        return Some(Figure::new(&format, &attained.lo).decimal());
    }
    let [lo, hi] = [&attained.lo, &attained.hi];
    match (lo.is_infinite(), hi.is_infinite()) {
        (false, false) => {}
        (true, true) => return (lo == hi).then(|| hexadecimal(lo)),
        // Beyond what can be computed with.
        (false, true) => {
            let least = BoundText::of_digits(lo, Round::Down, digits);
            return Some(format!("at least {}", least.decimal));
        }
        (true, false) => {
            let most = BoundText::of_digits(hi, Round::Up, digits);
            return Some(format!("at most {}", most.decimal));
        }
    }
    if attained.lo == attained.hi {
        let exact = attained.lo.to_rational()?;
        return Some(CertifiedDecimal::of_rational(&exact, digits).to_string());
    }
    CertifiedDecimal::between(&attained.lo, &attained.hi, digits).map(|digits| digits.to_string())
}

impl Left {
    fn new(stated: &Stated, open: &Open) -> Self {
        Left::of(stated, &open.cells.iter().collect::<Vec<_>>())
    }

    fn of(stated: &Stated, cells: &[&Cell]) -> Self {
        let points: Option<Integer> = cells.iter().map(|cell| crate::claim::count(cell)).sum();
        let shown = cells.iter().take(MAX_LEFT);
        Left {
            boxes: cells.len(),
            points: points.map(|points| points.to_string()),
            cells: shown
                .map(|cell| CellText::new(stated, cell, Answer::Undecided))
                .collect(),
        }
    }
}

impl CellText {
    fn new(stated: &Stated, cell: &Cell, answer: Answer) -> Self {
        let range = |(name, numbers): (&String, &Numbers)| {
            let [from, to] = ends(numbers);
            RangeOf {
                name: name.clone(),
                from,
                to,
            }
        };
        CellText {
            answer,
            ranges: stated.variables.iter().zip(cell).map(range).collect(),
        }
    }
}

/// The least and the greatest number as texts.
fn ends(numbers: &Numbers) -> [String; 2] {
    match numbers {
        Numbers::Floats {
            format,
            first,
            last,
        } => [first, last].map(|ordinal| match format.from_ordinal(ordinal) {
            Some(number) => Figure::new(format, &number).decimal(),
            None => String::new(),
        }),
        Numbers::Single(value) => [hexadecimal(value), hexadecimal(value)],
        _ => {
            let [from, to] = numbers.ends();
            let text = |end: Option<Rational>, infinity: &str| match end {
                Some(end) => exact_text_or_digits(&end),
                None => infinity.to_string(),
            };
            [text(from, "-inf"), text(to, "inf")]
        }
    }
}

/// Where the lines of texts begin.
#[derive(Default)]
pub(super) struct Lines {
    texts: HashMap<SourceId, Vec<usize>>,
}

impl Lines {
    /// Those of the claims' texts.
    pub fn of(claims: &[Claim], sources: &Sources) -> Self {
        let mut lines = Lines::default();
        for claim in claims {
            let source = claim.span.source;
            lines.texts.entry(source).or_insert_with(|| {
                let bytes = sources.whole(source).bytes().enumerate();
                let ends = bytes.filter(|(_, byte)| *byte == b'\n');
                ends.map(|(at, _)| at).collect()
            });
        }
        lines
    }

    /// The line of a claim, from 1.
    fn line(&self, claim: &Claim) -> usize {
        let start = claim.span.start as usize;
        let ends = self.texts.get(&claim.span.source);
        ends.map_or(0, |ends| ends.partition_point(|&end| end < start)) + 1
    }
}

/// Literals that a number of a format is compared with and that the format does
/// not hold.
fn notes(formula: &Formula) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for id in formula.ids() {
        if !matches!(formula.node(id).op, Op::Eq | Op::Ne) {
            continue;
        }
        let &[a, b] = formula.operands(id) else {
            continue;
        };
        for (number, literal) in [(a, b), (b, a)] {
            let Some(format) = crate::claim::format_of(formula, number) else {
                continue;
            };
            let Op::Literal(value) = &formula.node(literal).op else {
                continue;
            };
            let rounded = format.round_rational(value.value());
            if rounded == *value.value() {
                continue;
            }
            let (text, plain) = (formula.label(literal), format.nearest().storage());
            let note =
                format!("{text} is not a number of {plain}: did you mean rn({text}, {plain})?");
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}
