//! Formulas at random points: how large their errors are, and how large on average.
//!
//! The points are those that a precondition allows; a seed makes the same ones
//! again. Whatever is said of a point is certified; what is said of all of them is
//! about these points, no more.
//!
//! | file | chapter |
//! |---|---|
//! | `random` | random numbers |
//! | `domain` | where points are taken |

mod domain;
mod random;

pub use domain::Spread;

use self::domain::Domain;
use self::random::Random;
use super::SCHEMA;
use super::compare::Options;
use super::figure::{Figure, Status};
use super::point::Point;
use super::points::{Given, PointMachines, PointRow, Points};
use super::progress::Progress;
use super::subject::Subject;
use crate::format::Format;
use crate::formula::{Diagnostic, Formula};
use rayon::prelude::*;
use rug::Float;
use serde::Serialize;

/// So many points go together. It does not depend on the number of threads.
const BATCH: usize = 256;

/// So many are drawn before they are evaluated: what waits for that takes memory.
const DRAWN: u64 = 1 << 16;

/// The most points of one formula.
pub const MAX_SAMPLE: u64 = 10_000_000;

/// A formula to be looked at.
pub struct Sampled {
    /// What to call it.
    pub name: String,
    /// Its variables.
    pub variables: Vec<String>,
    /// It, read at [`Points::point`] of its variables; or why there is none.
    pub subject: Result<Subject, String>,
    /// What its variables should satisfy, inlined for the reals.
    pub precondition: Option<Formula>,
    /// Its number: points of other numbers are others.
    pub number: u64,
}

/// How points are taken.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// How many for each formula and arithmetic.
    pub points: u64,
    /// What makes them the same again.
    pub seed: u64,
    /// How they are spread.
    pub spread: Spread,
}

/// The result of [`sample`].
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// Where hardware arithmetic took elementary functions from.
    pub libm: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// How many points were wanted.
    pub points: u64,
    /// The seed.
    pub seed: u64,
    /// Whether they are uniform over floats or over real numbers.
    pub spread: &'static str,
    /// A row for each formula and each arithmetic.
    pub rows: Vec<SampleRow>,
}

/// A formula in an arithmetic.
#[derive(Clone, Debug, Serialize)]
pub struct SampleRow {
    /// The formula's name.
    pub formula: String,
    /// The arithmetic's.
    pub arithmetic: String,
    /// How many points were found.
    pub points: u64,
    /// The most bits of error among them, to six decimals.
    pub largest_bits: Option<f64>,
    /// The first point that has them.
    pub at: Vec<(String, Figure)>,
    /// The mean of the bits of error of points that have them, to six decimals.
    pub mean_bits: Option<f64>,
    /// How many points have no exact value.
    pub undefined: u64,
    /// At how many the budget did not suffice.
    pub undecided: u64,
    /// Why something is missing.
    pub reason: Option<String>,
}

/// What is known of some points.
#[derive(Clone, Debug, Default)]
struct Part {
    measured: u64,
    sum: f64,
    largest: Option<(f64, usize)>,
    undefined: u64,
    undecided: u64,
}

impl Part {
    fn take(&mut self, index: usize, row: &PointRow) {
        match row.truth {
            Status::Undefined => self.undefined += 1,
            Status::Undecided => self.undecided += 1,
            Status::Certified => {}
        }
        if let Some(bits) = row.bits_of_error {
            self.measured += 1;
            self.sum += bits;
            if self.largest.is_none_or(|(most, _)| bits > most) {
                self.largest = Some((bits, index));
            }
        }
    }
}

/// Evaluates formulas at random points.
///
/// # Errors
/// Where an arithmetic's graph would be too large.
pub fn sample(
    formulas: &[Sampled],
    formats: &[Format],
    sampling: Sampling,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Sample, Diagnostic> {
    let options = &options.fit_for(formats);
    let all = sampling.points * (formulas.len() * formats.len()) as u64;
    progress.begin(all);
    let mut rows = Vec::with_capacity(formulas.len() * formats.len());
    for formula in formulas {
        for format in formats {
            rows.push(row(formula, format, sampling, options, progress)?);
        }
    }
    Ok(Sample {
        schema: SCHEMA,
        study: "sample",
        libm: options.libm.to_string(),
        precision_limit: options.precision_limit,
        points: sampling.points,
        seed: sampling.seed,
        spread: match sampling.spread {
            Spread::Floats => "floats",
            Spread::Reals => "reals",
        },
        rows,
    })
}

fn row(
    formula: &Sampled,
    format: &Format,
    sampling: Sampling,
    options: &Options,
    progress: &dyn Progress,
) -> Result<SampleRow, Diagnostic> {
    let mut row = SampleRow {
        formula: formula.name.clone(),
        arithmetic: format.to_string(),
        points: 0,
        largest_bits: None,
        at: Vec::new(),
        mean_bits: None,
        undefined: 0,
        undecided: 0,
        reason: None,
    };
    let subject = match &formula.subject {
        Ok(subject) => subject,
        Err(why) => {
            row.reason = Some(why.clone());
            progress.advance(sampling.points);
            return Ok(row);
        }
    };
    let mut domain = Domain::new(
        &formula.variables,
        formula.precondition.as_ref(),
        options.precision_limit,
    );
    let mut random = Random::new(sampling.seed, formula.number);
    // Without variables all points are one.
    let wanted = match formula.variables.is_empty() {
        true => 1,
        false => sampling.points,
    };
    let (mut measured, mut sum) = (0, 0.0);
    while row.points < wanted {
        let now = DRAWN.min(wanted - row.points);
        let points = match domain.points(now, format, sampling.spread, &mut random) {
            Ok(points) => points,
            Err(why) => {
                row.reason = Some(why);
                break;
            }
        };
        let part = evaluate(formula, subject, format, &points, options)?;
        progress.advance(now);
        row.points += points.len() as u64;
        row.undefined += part.undefined;
        row.undecided += part.undecided;
        measured += part.measured;
        sum += part.sum;
        if let Some((bits, index)) = part.largest
            && row.largest_bits.is_none_or(|most| bits > most)
        {
            row.largest_bits = Some(bits);
            let named = formula.variables.iter().zip(&points[index]);
            row.at = named
                .map(|(name, value)| (name.clone(), figure(format, value)))
                .collect();
        }
        if (points.len() as u64) < now {
            row.reason = Some(match row.points {
                0 => "no point was found that :pre allows".to_string(),
                few => format!("only {few} points were found that :pre allows"),
            });
            break;
        }
    }
    // More decimals than these are not sure: of a sum of ten million numbers that were
    // rounded.
    let sure = |bits: f64| (bits * 1e6).round() / 1e6;
    row.largest_bits = row.largest_bits.map(sure);
    row.mean_bits = (measured > 0).then(|| sure(sum / measured as f64));
    Ok(row)
}

fn figure(format: &Format, value: &Given) -> Figure {
    let format = format.storage().nearest();
    match value {
        Given::Number(exact, _) => Figure::new(&format, &format.round_rational(exact)),
        Given::Special(value) => Figure::new(&format, &Float::with_val(format.precision(), value)),
    }
}

fn evaluate(
    formula: &Sampled,
    subject: &Subject,
    format: &Format,
    points: &[Vec<Given>],
    options: &Options,
) -> Result<Part, Diagnostic> {
    let all = Points::new(
        vec![subject.clone()],
        vec![*format],
        &formula.variables,
        options,
    )?;
    let parts: Vec<Part> = points
        .par_chunks(BATCH)
        .enumerate()
        .map(|(number, batch)| {
            let mut part = Part::default();
            PointMachines::new(&all).evaluate(batch, |point, _, _, row| {
                part.take(number * BATCH + point, &row);
            });
            part
        })
        .collect();
    // Added up in order, so that sums are the same for any number of threads.
    let mut whole = Part::default();
    for part in parts {
        whole.measured += part.measured;
        whole.sum += part.sum;
        whole.undefined += part.undefined;
        whole.undecided += part.undecided;
        if let Some((bits, _)) = part.largest
            && whole.largest.is_none_or(|(most, _)| bits > most)
        {
            whole.largest = part.largest;
        }
    }
    Ok(whole)
}

/// The point to read a formula at, whose variables all move.
pub fn sample_point(variables: &[String]) -> Point {
    Points::point(&Point::default(), variables)
}
