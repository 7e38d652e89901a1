//! Formulas in several arithmetics at many points, one after the other: each as
//! [`compare`](super::compare()) has it, with machines that are made once.
//!
//! Narrow formats come in lanes: certified bounds in binary64 decide nearly all.

mod given;
mod lanes;
mod machines;

pub use given::{Given, NotGiven};
pub use machines::PointMachines;

use super::compare::Options;
use super::figure::{Figure, Status};
use super::point::{Point, Setting, Value};
use super::subject::Subject;
use crate::format::Format;
use crate::formula::{Diagnostic, SourceId, Span};
use crate::measure::Verdict;
use rug::Rational;

/// One formula in one arithmetic at one point. What does not exist is `None`,
/// and `reason` tells why.
#[derive(Clone, Debug, Default)]
pub struct PointRow {
    /// fl: inputs, literals and constants rounded, then every operation.
    pub computed: Option<Figure>,
    /// The exact value at the exact inputs rounded once.
    pub rounded_once: Option<Figure>,
    /// |computed − exact| / ulp(exact) lies between these two.
    pub ulps: Option<(f64, f64)>,
    /// How many floats lie between the computed and the rounded value, and how
    /// wide the format is where one of them is NaN.
    pub bits_of_error: Option<f64>,
    /// How good the computed value is.
    pub verdict: Option<Verdict>,
    /// What became of the question for the exact value, rounded.
    pub truth: Status,
    /// Why something is missing.
    pub reason: Option<String>,
}

/// Formulas, arithmetics and the variables whose values come point by point.
pub struct Points {
    subjects: Vec<Subject>,
    formats: Vec<Format>,
    options: Options,
    /// For each formula, where its inputs are among the variables; `None` where
    /// an input is fixed.
    places: Vec<Vec<Option<usize>>>,
}

impl Points {
    /// The point to read formulas at: the fixed values, and something for each
    /// variable.
    pub fn point(fixed: &Point, variables: &[String]) -> Point {
        let mut all = fixed.clone();
        all.override_with(Point {
            settings: variables
                .iter()
                .map(|name| Setting {
                    name: name.clone(),
                    text: "0".to_string(),
                    span: Span {
                        source: SourceId(0),
                        start: 0,
                        end: 0,
                    },
                    value: Value::Rational(Rational::new()),
                })
                .collect(),
        });
        all
    }

    /// For subjects that were read at [`Points::point`] of these variables.
    ///
    /// # Errors
    /// Where an arithmetic's graph would be too large.
    pub fn new(
        subjects: Vec<Subject>,
        formats: Vec<Format>,
        variables: &[String],
        options: &Options,
    ) -> Result<Points, Diagnostic> {
        for subject in &subjects {
            for format in &formats {
                subject.graph_for(format)?;
            }
        }
        let place = |name: &String| variables.iter().position(|variable| variable == name);
        let places = subjects
            .iter()
            .map(|subject| subject.inputs().iter().map(place).collect())
            .collect();
        Ok(Points {
            options: options.fit_for(&formats),
            subjects,
            formats,
            places,
        })
    }

    /// The formulas.
    pub fn formulas(&self) -> impl Iterator<Item = &str> {
        self.subjects.iter().map(Subject::text)
    }

    /// The arithmetics.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }
}
