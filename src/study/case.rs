//! Built-in cases: formulas with a story, each from a real question.

use super::compare::{Comparison, Options, compare};
use super::explain::{Explanation, explain};
use super::point::{Point, Setting, Value};
use super::precision::{PrecisionThreshold, Precisions, over_precisions};
use super::predicate::{Meaning, Predicate};
use super::range::{Interval, exact_text};
use super::subject::Subject;
use super::threshold::{FloatThreshold, Run, over_floats};
use super::verify::{Verification, VerifyOptions, verify};
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::{Claim, Definitions};
use serde::Serialize;

/// A built-in case.
#[derive(Debug, Serialize)]
pub struct Case {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is about, in a line.
    pub summary: &'static str,
    /// The question.
    pub question: &'static str,
    /// A predicate: whether the question arises at a point.
    pub symptom: &'static str,
    /// What to ask where it does not.
    pub otherwise: &'static str,
    /// What it shows.
    pub lesson: &'static str,
    /// The definitions and the claims, in the language.
    pub definitions: &'static str,
    /// The inputs of the question.
    pub at: &'static str,
    /// The formula that the question is about.
    pub formula: &'static str,
    /// How people write that formula, and what it is built from.
    pub written: &'static str,
    /// The setting as people write it.
    pub setting: &'static str,
    /// Other formulas for the same value, and how people write them; the last one
    /// is better.
    pub ways: &'static [(&'static str, &'static str)],
    /// The arithmetic in which it is explained where the value was lost.
    pub explained_in: &'static str,
    /// The arithmetics to show.
    pub formats: &'static [&'static str],
    /// Where the trouble begins.
    pub threshold: Threshold,
    /// At which precisions there is trouble.
    pub precisions: Option<PrecisionQuestion>,
}

/// A question for the numbers of formats, in the prelude's words alone.
#[derive(Debug, Serialize)]
pub struct Threshold {
    /// A title, as people write it.
    pub title: &'static str,
    /// The predicate.
    pub predicate: &'static str,
    /// The variable and its range.
    pub over: &'static str,
    /// The end of a run that tells the story: where it begins, or where it ends.
    pub edge: Edge,
    /// The arithmetics.
    pub formats: &'static [&'static str],
}

/// An end of a run of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Its first number.
    From,
    /// Its last number.
    To,
}

/// A question for every precision, at the exact value of an expression of the
/// case.
#[derive(Debug, Serialize)]
pub struct PrecisionQuestion {
    /// The predicate, as people write it around the value: `σ({}) is 1`.
    pub written: &'static str,
    /// The predicate, over the variable `t`.
    pub predicate: &'static str,
    /// The expression whose value t has.
    pub value: &'static str,
    /// The precisions.
    pub precisions: &'static str,
}

const HARDWARE: &[&str] = &["f16", "bf16", "f32", "f64"];

/// All built-in cases.
pub const CASES: &[Case] = &[
    Case {
        name: "sigmoid-50",
        summary: "the gradient of a 1-1-1 sigmoid network that computes to 0",
        question: "Why is this gradient 0?",
        symptom: "(fl(gradient, f32) == 0 or fl(gradient, f64) == 0) and gradient != 0",
        otherwise: "How good is this gradient?",
        lesson: "1 + exp(−z) absorbs exp(−z), and 1 − σ(z) exposes that: never form 1 − σ(z).",
        definitions: include_str!("cases/sigmoid-50.ulp"),
        at: "w=0.8, x=62.5, y=0",
        formula: "gradient",
        written: "∂C/∂w = 2(a − y)·σ(z)(1 − σ(z))·x",
        setting: "z = w·x,  a = σ(z) = 1/(1 + exp(−z)),  C = (a − y)²",
        ways: &[
            ("d(cost, w)", "d(C, w), σ′ = σ(1 − σ) as declared"),
            (
                "d((1/(1 + exp(-z)) - y)^2, w)",
                "d(C, w) through 1/(1 + exp(−z))",
            ),
            (
                "2*(a - y)*(sigmoid(z)*sigmoid(-z))*x",
                "2(a − y)·σ(z)σ(−z)·x",
            ),
        ],
        explained_in: "f64",
        formats: &["f16", "bf16", "f32", "f64", "mpfr:72", "mpfr:73", "f128"],
        threshold: Threshold {
            title: "Where σ(z) becomes 1",
            predicate: "sigmoid(z) == 1",
            over: "z=0..100",
            edge: Edge::From,
            formats: HARDWARE,
        },
        precisions: Some(PrecisionQuestion {
            written: "σ({}) is 1",
            predicate: "sigmoid(t) == 1",
            value: "z",
            precisions: "2..256",
        }),
    },
    Case {
        name: "log-loss",
        summary: "log(1 − σ(z)), the loss of a confident mistake, that computes to inf",
        question: "Why is this loss infinite?",
        symptom: "fl(loss, f32) == inf or fl(loss, f64) == inf",
        otherwise: "How good is this loss?",
        lesson: "where σ(z) rounds to 1, log makes an infinity of 1 − σ(z) = 0; \
                 the loss is softplus(z), hardly more than z.",
        definitions: include_str!("cases/log-loss.ulp"),
        at: "z=20",
        formula: "loss",
        written: "loss = −log(1 − σ(z))",
        setting: "σ(z) = 1/(1 + exp(−z))",
        ways: &[(
            "softplus_stable(z)",
            "max(z, 0) + log1p(exp(−|z|)), which is softplus_stable(z)",
        )],
        explained_in: "f32",
        formats: &["f16", "bf16", "f32", "f64", "f128"],
        threshold: Threshold {
            title: "Where −log(1 − σ(z)) becomes inf",
            predicate: "fl(-log(1 - sigmoid(z)), F) == inf",
            over: "z=0..100",
            edge: Edge::From,
            formats: HARDWARE,
        },
        precisions: None,
    },
    Case {
        name: "absorbed-update",
        summary: "a weight in bf16 that a step of gradient descent does not move",
        question: "Why does this weight not move?",
        symptom: "fl(updated, bf16) == fl(w, bf16) and lr*g != 0",
        otherwise: "How good is this update?",
        lesson: "a step of less than half the distance to the next number changes nothing, \
                 however often it is taken; no formula helps, only a weight with more bits.",
        definitions: include_str!("cases/absorbed-update.ulp"),
        at: "w=1, lr=0.001, g=1",
        formula: "updated",
        written: "w − lr·g",
        setting: "one step of gradient descent on a weight",
        ways: &[],
        explained_in: "bf16",
        formats: &["bf16", "f16", "f32", "f64"],
        threshold: Threshold {
            title: "Which steps s leave 1 − s at 1",
            predicate: "1 - s == 1",
            over: "s=0..1",
            edge: Edge::To,
            formats: HARDWARE,
        },
        precisions: None,
    },
    Case {
        name: "one-minus-cos",
        summary: "(1 − cos x)/x², nearly 1/2, that computes to 0",
        question: "Why is this quotient 0?",
        symptom: "fl(quotient, f32) == 0 or fl(quotient, f64) == 0",
        otherwise: "How good is this quotient?",
        lesson: "cos x rounds to 1 where x² is below u, and 1 − cos x keeps nothing; \
                 a square of a sine is small by itself.",
        definitions: include_str!("cases/one-minus-cos.ulp"),
        at: "x=0.0001",
        formula: "quotient",
        written: "(1 − cos x)/x²",
        setting: "tends to 1/2 as x tends to 0",
        ways: &[("2*(sin(x/2)/x)^2", "2(sin(x/2)/x)²")],
        explained_in: "f32",
        formats: &["f16", "bf16", "f32", "f64", "f128"],
        threshold: Threshold {
            title: "Which x of 1e-10..1 give 0",
            predicate: "fl((1 - cos(x))/x^2, F) == 0",
            over: "x=1e-10..1",
            edge: Edge::To,
            formats: HARDWARE,
        },
        precisions: None,
    },
];

/// What a case shows.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case's name.
    pub case: &'static str,
    /// What it is about.
    pub summary: &'static str,
    /// The question that arises.
    pub question: &'static str,
    /// Whether it is the case's own: whether its symptom is there.
    pub symptom: bool,
    /// What the case shows.
    pub lesson: &'static str,
    /// The formula as people write it.
    pub written: &'static str,
    /// The setting as people write it.
    pub setting: &'static str,
    /// The formula in every arithmetic.
    pub comparison: Comparison,
    /// Other formulas for the same value, in the same arithmetics.
    pub ways: Vec<Way>,
    /// Where the value was lost.
    pub explanation: Explanation,
    /// Where the trouble begins.
    pub threshold: CaseThreshold,
    /// At which precisions there is trouble.
    pub precisions: Option<CasePrecisions>,
    /// What was said about it, with verdicts.
    pub said: Verification,
}

/// Another formula for the same value.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// As people write it.
    pub written: &'static str,
    /// In every arithmetic.
    pub comparison: Comparison,
}

/// A threshold with its title.
#[derive(Clone, Debug, Serialize)]
pub struct CaseThreshold {
    /// The title.
    pub title: &'static str,
    /// The end of the last run that tells the story.
    pub edge: Edge,
    /// The result.
    pub result: FloatThreshold,
}

/// A threshold over precisions, as a sentence begins.
#[derive(Clone, Debug, Serialize)]
pub struct CasePrecisions {
    /// `σ(50) is 1`.
    pub written: String,
    /// The result.
    pub result: PrecisionThreshold,
}

impl CaseThreshold {
    /// The runs of a row of the result on which the predicate holds, or may.
    pub fn runs(&self, arithmetic: &str, meaning: Meaning) -> &[Run] {
        let mut rows = self.result.rows.iter();
        let row = rows.find(|row| row.arithmetic == arithmetic && row.meaning == meaning);
        row.map_or(&[], |row| &row.runs)
    }
}

impl Case {
    /// The case with this name.
    pub fn find(name: &str) -> Option<&'static Case> {
        CASES.iter().find(|case| case.name == name)
    }

    /// Adds the case's definitions, and gives its inputs and its claims.
    ///
    /// # Errors
    /// Where a definition of the user's has the same name.
    pub fn load(
        &self,
        definitions: &mut Definitions,
        limit: u32,
    ) -> Result<(Point, Vec<Claim>), Diagnostic> {
        let claims = definitions.add_document(self.name, self.definitions)?;
        Ok((Point::parse(definitions, self.at, limit)?, claims))
    }

    /// Runs the case in its arithmetics, or in others, with its claims; gives its
    /// formula too.
    ///
    /// # Errors
    /// As [`Subject::parse`].
    pub fn run(
        &self,
        definitions: &mut Definitions,
        (point, claims): (&Point, &[Claim]),
        formats: Option<&[Format]>,
        options: &Options,
    ) -> Result<(CaseResult, Subject), Diagnostic> {
        let subject = Subject::parse(definitions, self.formula, point)?;
        let own = formats_of(self.formats);
        let formats = formats.unwrap_or(&own);
        let comparison = compare(std::slice::from_ref(&subject), formats, options);
        let mut ways = Vec::with_capacity(self.ways.len());
        for (formula, written) in self.ways {
            let other = Subject::parse(definitions, formula, point)?;
            ways.push(Way {
                written,
                comparison: compare(&[other], formats, options),
            });
        }
        let explained_in = formats_of(&[self.explained_in])[0];
        let explanation = explain(&subject, explained_in, options)?;
        let limit = options.precision_limit;
        let symptom = Subject::parse_exact(definitions, self.symptom, point)?;
        let symptom = symptom.truth(limit).holds() == Ok(true);
        let bounded = VerifyOptions {
            precision_limit: limit,
            ..VerifyOptions::default()
        };
        let result = CaseResult {
            said: verify(definitions, claims, point, &bounded)?,
            case: self.name,
            summary: self.summary,
            question: if symptom {
                self.question
            } else {
                self.otherwise
            },
            symptom,
            lesson: self.lesson,
            written: self.written,
            setting: self.setting,
            comparison,
            ways,
            explanation,
            threshold: self.threshold.run(limit)?,
            precisions: match &self.precisions {
                Some(question) => question.run(definitions, point, limit)?,
                None => None,
            },
        };
        Ok((result, subject))
    }
}

fn formats_of(names: &[&str]) -> Vec<Format> {
    let format = |name: &&str| name.parse().expect("a format's name");
    names.iter().map(format).collect()
}

impl Threshold {
    fn run(&self, limit: u32) -> Result<CaseThreshold, Diagnostic> {
        // The prelude's words, whatever the user defined.
        let definitions = &mut Definitions::new();
        let predicate = Predicate::parse(definitions, self.predicate, &Point::default())?;
        let range = Interval::parse(definitions, self.over, limit)?;
        let formats = formats_of(self.formats);
        Ok(CaseThreshold {
            title: self.title,
            edge: self.edge,
            result: over_floats(definitions, &predicate, &range, &formats, limit, None)?,
        })
    }
}

impl PrecisionQuestion {
    /// Nothing where the expression's value is no rational.
    fn run(
        &self,
        definitions: &mut Definitions,
        point: &Point,
        limit: u32,
    ) -> Result<Option<CasePrecisions>, Diagnostic> {
        let subject = Subject::parse_exact(definitions, self.value, point)?;
        let mut truth = subject.truth(limit);
        let value = truth.enclosure(1).ok();
        let Some(value) = value.and_then(|_| truth.value().exact().cloned()) else {
            return Ok(None);
        };
        let text = exact_text(&value);
        let definitions = &mut Definitions::new();
        let mut point = Point::parse(definitions, "t=0", limit)?;
        for setting in &mut point.settings {
            *setting = Setting {
                text: text.clone(),
                value: Value::Rational(value.clone()),
                ..setting.clone()
            };
        }
        let predicate = Predicate::parse(definitions, self.predicate, &point)?;
        let precisions = Precisions::parse(self.precisions)?;
        Ok(Some(CasePrecisions {
            written: self.written.replace("{}", &text),
            result: over_precisions(definitions, &predicate, &precisions, limit)?,
        }))
    }
}
