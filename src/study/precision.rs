//! Precisions in bits, and where among them a predicate holds.

use super::SCHEMA;
use super::compare::InputText;
use super::predicate::{Meaning, Predicate, Stated};
use crate::format::{Format, MAX_PRECISION};
use crate::formula::Diagnostic;
use crate::language::Definitions;
use crate::truth::{Answer, Truth};
use rayon::prelude::*;
use serde::Serialize;

/// The most precisions that can be tried.
const MAX_PRECISIONS: u64 = 100_000;

/// The most bits that they may have together.
const MAX_BITS: u64 = 1 << 28;

/// How many precisions are made ready before they are decided.
const BATCH: usize = 1024;

/// Precisions in bits, in the order in which they were given.
#[derive(Clone, Debug)]
pub struct Precisions {
    text: String,
    /// From, to, step.
    parts: Vec<(u32, u32, u32)>,
}

impl Precisions {
    /// Reads `24..128:4`, `2..256`, `24,53,113`.
    ///
    /// # Errors
    /// Where the text is not of this form, and where a precision is not in
    /// 2..=[`MAX_PRECISION`].
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let wrong =
            |message: String| Diagnostic::new(message).help("write 2..256, 24..128:4 or 24,53,113");
        let bits = |text: &str| {
            let text = text.trim();
            let bits = text.parse::<u32>().ok();
            let bits = bits.filter(|bits| (2..=MAX_PRECISION).contains(bits));
            bits.ok_or_else(|| {
                wrong(format!(
                    "`{text}` is no precision: whole bits from 2 to {MAX_PRECISION}"
                ))
            })
        };
        let mut parts = Vec::new();
        for part in text.split(',') {
            let (range, step) = match part.split_once(':') {
                Some((range, step)) => (range, Some(step.trim())),
                None => (part, None),
            };
            let (from, to) = match range.split_once("..") {
                Some((from, to)) => (bits(from)?, bits(to)?),
                None if step.is_some() => {
                    return Err(wrong(format!("`{part}` has a step but no range")));
                }
                None => (bits(range)?, bits(range)?),
            };
            let step = match step {
                None => 1,
                Some(step) => step
                    .parse::<u32>()
                    .ok()
                    .filter(|&step| step > 0)
                    .ok_or_else(|| {
                        wrong(format!(
                            "`{step}` is no step between precisions: whole bits"
                        ))
                    })?,
            };
            if from > to {
                return Err(wrong(format!(
                    "the range {from}..{to} is empty: it ends before it begins"
                )));
            }
            parts.push((from, to, step));
        }
        Ok(Precisions {
            text: text.trim().to_string(),
            parts,
        })
    }

    /// As they were given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        let count = |&(from, to, step): &(u32, u32, u32)| u64::from((to - from) / step) + 1;
        self.parts.iter().map(count).sum()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let part = |&(from, to, step): &(u32, u32, u32)| (from..=to).step_by(step as usize);
        self.parts.iter().flat_map(part)
    }
}

/// The result of [`over_precisions`].
#[derive(Clone, Debug, Serialize)]
pub struct PrecisionThreshold {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The predicate.
    pub predicate: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// The inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The precisions that were tried.
    pub precisions: String,
    /// One row or two.
    pub rows: Vec<PrecisionRow>,
}

/// A predicate at every precision.
#[derive(Clone, Debug, Serialize)]
pub struct PrecisionRow {
    /// Of which values the predicate is asked.
    pub meaning: Meaning,
    /// How many precisions were tried.
    pub tried: usize,
    /// At how many it holds.
    pub holding: usize,
    /// Every maximal run of tried precisions with one answer, in order.
    pub runs: Vec<PrecisionRun>,
    /// The least precision at which it holds.
    pub first: Option<u32>,
    /// The greatest.
    pub last: Option<u32>,
    /// The answer that stays from some precision to the end.
    pub in_the_end: Answer,
    /// From where on.
    pub from: u32,
}

/// Precisions, tried one after the other, with one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PrecisionRun {
    /// The answer.
    pub answer: Answer,
    /// The first of them, in bits.
    pub first: u32,
    /// The last of them.
    pub last: u32,
    /// How many of them were tried.
    pub tried: u32,
}

/// Decides a predicate at every precision, in `mpfr:p`; nothing is inferred from
/// one precision for another.
///
/// # Errors
/// Where a variable has no value, the precision makes no difference to the
/// predicate, and where the precisions are too many or too great.
pub fn over_precisions(
    definitions: &mut Definitions,
    predicate: &Predicate,
    precisions: &Precisions,
    precision_limit: u32,
) -> Result<PrecisionThreshold, Diagnostic> {
    let bits: u64 = precisions.iter().map(u64::from).sum();
    if precisions.count() > MAX_PRECISIONS || bits > MAX_BITS {
        return Err(Diagnostic::new(format!(
            "these are {} precisions of {bits} bits together",
            precisions.count()
        ))
        .help(format!(
            "at most {MAX_PRECISIONS} of {MAX_BITS} bits together can be tried; take greater steps"
        )));
    }
    if !predicate.has_rows() {
        return Err(
            Diagnostic::new("no part of this predicate depends on the precision")
                .at(predicate.span())
                .help("write F for the format that changes, as in fl(…, F)"),
        );
    }
    let mut answers: Vec<(Meaning, Vec<(u32, Answer)>)> = Vec::new();
    let mut rest = precisions.iter().peekable();
    while rest.peek().is_some() {
        let mut ready: Vec<(usize, u32, Stated)> = Vec::new();
        for p in rest.by_ref().take(BATCH) {
            let format = Format::mpfr(p).expect("a precision that was checked");
            let stated = predicate.in_arithmetic(definitions, format, None)?;
            ready.extend(
                stated
                    .into_iter()
                    .enumerate()
                    .map(|(row, stated)| (row, p, stated)),
            );
        }
        let decide = |(_, p, stated): &(usize, u32, Stated)| {
            let limit = precision_limit.max(p.saturating_add(128));
            Answer::from(Truth::over(&stated.formula, stated.inputs.clone(), limit).holds())
        };
        let decided: Vec<Answer> = ready.par_iter().with_min_len(8).map(decide).collect();
        for ((row, p, stated), answer) in ready.into_iter().zip(decided) {
            if answers.len() == row {
                answers.push((stated.meaning, Vec::new()));
            }
            answers[row].1.push((p, answer));
        }
    }
    Ok(PrecisionThreshold {
        schema: SCHEMA,
        study: "threshold",
        predicate: predicate.text().to_string(),
        precision_limit,
        inputs: InputText::of(predicate.settings()),
        precisions: precisions.text().to_string(),
        rows: answers
            .into_iter()
            .filter_map(|(meaning, list)| precision_row(meaning, &list))
            .collect(),
    })
}

/// A row, if anything was tried.
fn precision_row(meaning: Meaning, answers: &[(u32, Answer)]) -> Option<PrecisionRow> {
    let mut runs: Vec<PrecisionRun> = Vec::new();
    for &(p, answer) in answers {
        match runs.last_mut() {
            Some(run) if run.answer == answer => {
                run.last = p;
                run.tried += 1;
            }
            _ => runs.push(PrecisionRun {
                answer,
                first: p,
                last: p,
                tried: 1,
            }),
        }
    }
    let holds = |answer: &&(u32, Answer)| answer.1 == Answer::Holds;
    let end = runs.last().copied()?;
    Some(PrecisionRow {
        meaning,
        tried: answers.len(),
        holding: answers.iter().filter(holds).count(),
        first: answers.iter().find(holds).map(|answer| answer.0),
        last: answers.iter().rev().find(holds).map(|answer| answer.0),
        in_the_end: end.answer,
        from: end.first,
        runs,
    })
}
