//! Where a predicate holds, over every number of a format in a range.

use super::SCHEMA;
use super::compare::InputText;
use super::figure::Figure;
use super::predicate::{Meaning, Predicate, Stated};
use super::range::Interval;
use crate::format::Format;
use crate::formula::{Context, Diagnostic};
use crate::language::Definitions;
use crate::arithmetic::real::RealInput;
use crate::claim::{self, Bound, Budget, FloatRun, Slot, affordable, floats, ordinals};
use crate::truth::{Answer, CertifiedDecimal, Truth, real_border};
use rug::Integer;
use serde::{Serialize, Serializer};

/// The most runs of a row that are listed.
const MAX_RUNS: usize = 1000;

/// The digits of a border among the real numbers.
const BORDER_DIGITS: usize = 20;

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.token())
    }
}

impl Answer {
    /// As CSV and JSON have it.
    pub fn token(self) -> &'static str {
        match self {
            Answer::ZerosDiffer => "zeros-differ",
            other => other.text(),
        }
    }

    /// As a table has it.
    pub fn text(self) -> &'static str {
        match self {
            Answer::Holds => "holds",
            Answer::Fails => "fails",
            Answer::Undefined => "undefined",
            Answer::ZerosDiffer => "−0 and +0 differ",
            Answer::Undecided => "undecided",
        }
    }
}

/// The result of [`over_floats`].
#[derive(Clone, Debug, Serialize)]
pub struct FloatThreshold {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The predicate.
    pub predicate: String,
    /// The budget for a single number, in bits; no more than 4096 beyond twice
    /// the format's precision are used.
    pub precision_limit: u32,
    /// The fixed inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The variable that moves, and from where to where.
    pub over: Interval,
    /// One or two rows for each arithmetic, in order.
    pub rows: Vec<FloatRow>,
}

/// A predicate over all numbers of one format in the range.
#[derive(Clone, Debug, Serialize)]
pub struct FloatRow {
    /// The arithmetic's name.
    pub arithmetic: String,
    /// Its precision in bits.
    pub precision: u32,
    /// Of which values the predicate is asked.
    pub meaning: Meaning,
    /// How many numbers the format has in the range; ±0 count as one.
    pub floats: String,
    /// For how many of them the predicate is decided (or proved undefined).
    pub decided: String,
    /// How many blocks that took, single numbers among them.
    pub blocks: u64,
    /// The budget, in blocks.
    pub block_limit: u64,
    /// Every maximal run on which it does not fail, in order, up to a thousand.
    pub runs: Vec<Run>,
    /// How many there are.
    pub run_count: usize,
    /// How many of these are such that it holds.
    pub holding_count: usize,
}

/// Consecutive numbers with one answer, as many as there are.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// The answer.
    pub answer: Answer,
    /// The first number.
    pub first: Figure,
    /// The last number.
    pub last: Figure,
    /// How many numbers that is.
    pub floats: String,
    /// The number before the first, if it is in the range.
    pub before: Option<Figure>,
    /// The number after the last, if it is in the range.
    pub after: Option<Figure>,
    /// Where between these the predicate changes as one about real numbers;
    /// certified digits.
    pub border_before: Option<String>,
    /// The same behind the last number.
    pub border_after: Option<String>,
}

/// Decides a predicate for every number of each format in a range.
///
/// ```
/// use ulpscope::format::Format;
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Interval, Point, Predicate, over_floats};
///
/// let mut definitions = Definitions::new();
/// let predicate = Predicate::parse(&mut definitions, "sigmoid(z) == 1", &Point::default())?;
/// let range = Interval::parse(&mut definitions, "z=0..100", 10_000)?;
/// let result = over_floats(&mut definitions, &predicate, &range, &[Format::F32], 10_000, None)?;
/// assert_eq!(result.rows[0].runs[0].first.decimal(), "16.635532");
/// assert_eq!(result.rows[1].runs[0].border_before.as_deref(), Some("17.328679484196309903…"));
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// Each row looks at `block_limit` blocks at most; without one, at
/// [`DEFAULT_BOXES`](crate::claim::DEFAULT_BOXES), and at fewer where the formula is long or the format's
/// numbers are.
///
/// # Errors
/// Where a variable has no value, the moving one does not occur in the
/// predicate, or a format is `mpfr:P`, whose numbers cannot be counted.
pub fn over_floats(
    definitions: &mut Definitions,
    predicate: &Predicate,
    range: &Interval,
    formats: &[Format],
    precision_limit: u32,
    block_limit: Option<u64>,
) -> Result<FloatThreshold, Diagnostic> {
    range.check_used(definitions, predicate)?;
    let mut rows = Vec::new();
    for &format in formats {
        if format.is_mpfr() {
            let error = Diagnostic::new(format!("the numbers of {format} cannot be counted"));
            return Err(error.help(
                "over an input, name formats with an end to their exponents: f16, f64, e11m80, …",
            ));
        }
        for stated in predicate.in_arithmetic(definitions, format, Some(range.name()))? {
            rows.push(float_row(
                &stated,
                format,
                range,
                precision_limit,
                block_limit,
            ));
        }
    }
    Ok(FloatThreshold {
        schema: SCHEMA,
        study: "threshold",
        predicate: predicate.text().to_string(),
        precision_limit,
        inputs: InputText::of(predicate.settings()),
        over: range.clone(),
        rows,
    })
}

fn float_row(
    stated: &Stated,
    format: Format,
    range: &Interval,
    precision_limit: u32,
    block_limit: Option<u64>,
) -> FloatRow {
    let block_limit =
        block_limit.unwrap_or_else(|| affordable(&stated.formula, format.precision()));
    let mut row = FloatRow {
        arithmetic: format.to_string(),
        precision: format.precision(),
        meaning: stated.meaning,
        floats: "0".into(),
        decided: "0".into(),
        blocks: 0,
        block_limit,
        runs: Vec::new(),
        run_count: 0,
        holding_count: 0,
    };
    let Some((first, last)) = ordinals(format, range.from(), range.to()) else {
        return row;
    };
    let count = |first: &Integer, last: &Integer| Integer::from(last - first) + 1u32;
    let total = count(&first, &last);
    row.floats = total.to_string();
    let limit = precision_limit.max(format.precision().saturating_add(128));
    // Without the variable, one number stands for all.
    let Some(variable) = stated.variable else {
        let mut truth = Truth::over(&stated.formula, stated.inputs.clone(), limit);
        let answer = Answer::from(truth.holds());
        row.blocks = 1;
        row.take(
            format,
            &[FloatRun {
                answer,
                first,
                last,
            }],
            |_, _| None,
        );
        return row;
    };
    let slot = |(index, value): (usize, &RealInput)| match index == variable {
        true => Slot::Axis(0),
        false => Slot::Given(value.clone()),
    };
    let predicate = claim::Predicate::new(Bound {
        formula: stated.formula.clone(),
        slots: stated.inputs.iter().enumerate().map(slot).collect(),
    });
    let budget = Budget {
        boxes: block_limit,
        points: 0,
        bits: limit,
    };
    let floats = floats(&predicate, format, (&first, &last), budget);
    row.blocks = floats.blocks;
    let real = stated
        .formula
        .all_contexts(|context| !matches!(context, Context::Fixed(_)));
    row.take(format, &floats.runs, |before, after| {
        let decided = |run: &FloatRun| matches!(run.answer, Answer::Holds | Answer::Fails);
        if !real || !decided(before) || !decided(after) {
            return None;
        }
        let a = format.from_ordinal(&before.last)?;
        let b = format.from_ordinal(&after.first)?;
        let bits = (BORDER_DIGITS as f64 * std::f64::consts::LOG2_10) as u32 + 16;
        let (inputs, ends) = (&stated.inputs, (&a, &b));
        let (lo, hi) = real_border(&stated.formula, inputs, variable, ends, bits, limit)?;
        Some(CertifiedDecimal::between(&lo, &hi, BORDER_DIGITS)?.to_string())
    });
    row
}

impl FloatRow {
    /// Takes the runs, with what lies between them among the real numbers.
    fn take(
        &mut self,
        format: Format,
        runs: &[FloatRun],
        border: impl Fn(&FloatRun, &FloatRun) -> Option<String>,
    ) {
        let figure = |ordinal: &Integer| {
            let number = format.from_ordinal(ordinal);
            number.map(|number| Figure::new(&format, &number))
        };
        let mut decided = Integer::new();
        for (index, run) in runs.iter().enumerate() {
            let floats = Integer::from(&run.last - &run.first) + 1u32;
            if run.answer != Answer::Undecided {
                decided += &floats;
            }
            if run.answer == Answer::Fails {
                continue;
            }
            self.run_count += 1;
            self.holding_count += usize::from(run.answer == Answer::Holds);
            if self.runs.len() == MAX_RUNS {
                continue;
            }
            let (Some(first), Some(last)) = (figure(&run.first), figure(&run.last)) else {
                continue;
            };
            let before = index.checked_sub(1).map(|index| &runs[index]);
            let after = runs.get(index + 1);
            self.runs.push(Run {
                answer: run.answer,
                first,
                last,
                floats: floats.to_string(),
                before: before.and_then(|before| figure(&before.last)),
                after: after.and_then(|after| figure(&after.first)),
                border_before: before.and_then(|before| border(before, run)),
                border_after: after.and_then(|after| border(run, after)),
            });
        }
        self.decided = decided.to_string();
    }
}
