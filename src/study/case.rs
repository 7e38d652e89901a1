//! Built-in cases: formulas with a story, each from a real question.

use super::compare::{Comparison, Options, compare};
use super::point::Point;
use super::subject::Subject;
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::Definitions;
use serde::Serialize;

/// A built-in case.
#[derive(Debug, Serialize)]
pub struct Case {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is about, in a line.
    pub summary: &'static str,
    /// The definitions, in the language.
    pub definitions: &'static str,
    /// The inputs of the question.
    pub at: &'static str,
    /// The formula that the question is about.
    pub formula: &'static str,
    /// How people write that formula, and what it is built from.
    pub written: &'static str,
    /// The setting as people write it.
    pub setting: &'static str,
    /// The arithmetics to show.
    pub formats: &'static [&'static str],
}

/// All built-in cases.
pub const CASES: &[Case] = &[Case {
    name: "sigmoid-50",
    summary: "the gradient of a 1-1-1 sigmoid network that computes to 0",
    definitions: include_str!("cases/sigmoid-50.ulp"),
    at: "w=0.8, x=62.5, y=0",
    formula: "gradient",
    written: "∂C/∂w = 2(a − y)·σ(z)(1 − σ(z))·x",
    setting: "z = w·x,  a = σ(z) = 1/(1 + exp(−z)),  C = (a − y)²",
    formats: &["f16", "bf16", "f32", "f64", "mpfr:72", "mpfr:73", "f128"],
}];

/// What a case shows.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case's name.
    pub case: &'static str,
    /// What it is about.
    pub summary: &'static str,
    /// The formula as people write it.
    pub written: &'static str,
    /// The setting as people write it.
    pub setting: &'static str,
    /// Whether hardware gives 0 where the exact value is not 0.
    pub vanishes: bool,
    /// The formula in every arithmetic.
    pub comparison: Comparison,
}

impl Case {
    /// The case with this name.
    pub fn find(name: &str) -> Option<&'static Case> {
        CASES.iter().find(|case| case.name == name)
    }

    /// Adds the case's definitions, and gives its inputs.
    ///
    /// # Errors
    /// Where a definition of the user's has the same name.
    pub fn load(&self, definitions: &mut Definitions, limit: u32) -> Result<Point, Diagnostic> {
        definitions.add(self.name, self.definitions)?;
        Point::parse(definitions, self.at, limit)
    }

    /// Runs the case in its arithmetics, or in others; gives its formula too.
    ///
    /// # Errors
    /// As [`Subject::parse`].
    pub fn run(
        &self,
        definitions: &mut Definitions,
        point: &Point,
        formats: Option<&[Format]>,
        options: &Options,
    ) -> Result<(CaseResult, Subject), Diagnostic> {
        let subject = Subject::parse(definitions, self.formula, point)?;
        let own: Vec<Format> = self
            .formats
            .iter()
            .map(|name| name.parse().expect("a format's name"))
            .collect();
        let formats = formats.unwrap_or(&own);
        let comparison = compare(std::slice::from_ref(&subject), formats, options);
        let rows = &comparison.formulas[0].rows;
        let vanishes = rows.iter().any(|row| {
            let zero = row
                .computed
                .as_ref()
                .is_some_and(|figure| figure.decimal() == "0");
            let lost = row
                .relative_error
                .as_ref()
                .is_some_and(|error| error.lower == 1 && error.upper == 1);
            zero && lost && ["f32", "f64"].contains(&row.arithmetic.as_str())
        });
        let result = CaseResult {
            case: self.name,
            summary: self.summary,
            written: self.written,
            setting: self.setting,
            vanishes,
            comparison,
        };
        Ok((result, subject))
    }
}
