//! Cases: formulas with a story, each from a real question. A case is a markdown
//! document; the built-in ones stand in `reports/`.

mod document;

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

/// A case, as its document has it.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// What it is called on the command line.
    pub name: String,
    /// What it is about, in a line.
    pub summary: String,
    /// The question.
    pub question: String,
    /// A predicate: whether the question arises at a point. Without one it does
    /// everywhere.
    pub symptom: Option<String>,
    /// What to ask where it does not.
    pub otherwise: Option<String>,
    /// What it shows.
    pub lesson: Option<String>,
    /// The inputs of the question.
    pub at: String,
    /// The formula that the question is about.
    pub formula: Written,
    /// The setting as people write it.
    pub setting: Option<String>,
    /// Other formulas for the same value; the last one is better.
    pub ways: Vec<Written>,
    /// The arithmetic in which it is explained where the value was lost.
    #[serde(serialize_with = "name")]
    pub explained_in: Option<Format>,
    /// The arithmetics to show.
    #[serde(serialize_with = "names")]
    pub formats: Vec<Format>,
    /// Where the trouble begins.
    pub threshold: Option<Threshold>,
    /// At which precisions there is trouble.
    pub precisions: Option<PrecisionQuestion>,
    /// The titles of the claims that belong to the story.
    pub said: Vec<String>,
    /// The document's definitions and claims, where they stand in it.
    #[serde(skip)]
    definitions: String,
    /// What the document is called.
    #[serde(skip)]
    source: String,
}

fn name<S: serde::Serializer>(format: &Option<Format>, to: S) -> Result<S::Ok, S::Error> {
    format.map(|format| format.to_string()).serialize(to)
}

fn names<S: serde::Serializer>(formats: &[Format], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(formats.iter().map(Format::to_string))
}

/// A formula, and how people write it.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// In the language.
    pub formula: String,
    /// As people write it.
    pub text: String,
}

/// A question for the numbers of formats, in the prelude's words alone.
#[derive(Clone, Debug, Serialize)]
pub struct Threshold {
    /// The predicate, and the question's title.
    pub predicate: Written,
    /// The variable and its range.
    pub over: String,
    /// The end of a run that tells the story: where it begins, or where it ends.
    pub edge: Edge,
    /// The arithmetics.
    #[serde(serialize_with = "names")]
    pub formats: Vec<Format>,
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
#[derive(Clone, Debug, Serialize)]
pub struct PrecisionQuestion {
    /// The predicate over the variable `t`, and how people write it around the
    /// value: `σ({}) is 1`.
    pub predicate: Written,
    /// The expression whose value t has.
    pub value: String,
    /// The precisions.
    pub precisions: String,
}

/// The built-in cases' documents.
const BUILT_IN: [(&str, &str); 4] = [
    ("sigmoid-50", include_str!("../../../reports/sigmoid-50.md")),
    ("log-loss", include_str!("../../../reports/log-loss.md")),
    (
        "absorbed-update",
        include_str!("../../../reports/absorbed-update.md"),
    ),
    (
        "one-minus-cos",
        include_str!("../../../reports/one-minus-cos.md"),
    ),
];

/// What a case shows.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case's name.
    pub case: String,
    /// What it is about.
    pub summary: String,
    /// The question that arises.
    pub question: String,
    /// Whether it is the case's own: whether its symptom is there.
    pub symptom: bool,
    /// What the case shows.
    pub lesson: Option<String>,
    /// The formula as people write it.
    pub written: String,
    /// The setting as people write it.
    pub setting: Option<String>,
    /// The formula in every arithmetic.
    pub comparison: Comparison,
    /// Other formulas for the same value, in the same arithmetics.
    pub ways: Vec<Way>,
    /// Where the value was lost.
    pub explanation: Option<Explanation>,
    /// Where the trouble begins.
    pub threshold: Option<CaseThreshold>,
    /// At which precisions there is trouble.
    pub precisions: Option<CasePrecisions>,
    /// What was said about it, with verdicts.
    pub said: Verification,
}

/// Another formula for the same value.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// As people write it.
    pub written: String,
    /// In every arithmetic.
    pub comparison: Comparison,
}

/// A threshold with its title.
#[derive(Clone, Debug, Serialize)]
pub struct CaseThreshold {
    /// The title.
    pub title: String,
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
    /// The names of the built-in cases.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The built-in case with this name.
    pub fn find(name: &str) -> Option<Case> {
        let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        let case = Case::read(name, name, text);
        Some(
            case.expect("the built-in cases are correct")
                .expect("it is a case"),
        )
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
        let claims = definitions.add_document(&self.source, &self.definitions)?;
        Ok((Point::parse(definitions, &self.at, limit)?, claims))
    }

    /// Runs the case in its arithmetics, or in others, with those of its claims
    /// that belong to the story; gives its formula too.
    ///
    /// # Errors
    /// As [`Subject::parse`], and where a claim of the story is not there.
    pub fn run(
        &self,
        definitions: &mut Definitions,
        (point, claims): (&Point, &[Claim]),
        formats: Option<&[Format]>,
        options: &Options,
    ) -> Result<(CaseResult, Subject), Diagnostic> {
        let subject = Subject::parse(definitions, &self.formula.formula, point)?;
        let formats = formats.unwrap_or(&self.formats);
        let comparison = compare(std::slice::from_ref(&subject), formats, options);
        let mut ways = Vec::with_capacity(self.ways.len());
        for Written { formula, text } in &self.ways {
            let other = Subject::parse(definitions, formula, point)?;
            ways.push(Way {
                written: text.clone(),
                comparison: compare(&[other], formats, options),
            });
        }
        let explanation = self
            .explained_in
            .map(|format| explain(&subject, format, options));
        let limit = options.precision_limit;
        let symptom = match &self.symptom {
            None => true,
            Some(symptom) => {
                let symptom = Subject::parse_exact(definitions, symptom, point)?;
                symptom.truth(limit).holds() == Ok(true)
            }
        };
        let bounded = VerifyOptions {
            precision_limit: limit,
            ..VerifyOptions::default()
        };
        let is_said = |claim: &&Claim| {
            let title = claim.title.as_ref();
            title.is_some_and(|title| self.said.contains(title))
        };
        let said: Vec<Claim> = claims.iter().filter(is_said).cloned().collect();
        let is_lacking =
            |title: &&String| !said.iter().any(|claim| claim.title.as_ref() == Some(title));
        if let Some(title) = self.said.iter().find(is_lacking) {
            let message = format!("the case has no claim “{title}”");
            return Err(Diagnostic::new(message).help("a line `said:` is the title of a claim"));
        }
        let question = match &self.otherwise {
            Some(otherwise) if !symptom => otherwise,
            _ => &self.question,
        };
        let result = CaseResult {
            said: verify(definitions, &said, point, &bounded)?,
            case: self.name.clone(),
            summary: self.summary.clone(),
            question: question.clone(),
            symptom,
            lesson: self.lesson.clone(),
            written: self.formula.text.clone(),
            setting: self.setting.clone(),
            comparison,
            ways,
            explanation: explanation.transpose()?,
            threshold: match &self.threshold {
                Some(threshold) => Some(threshold.run(limit)?),
                None => None,
            },
            precisions: match &self.precisions {
                Some(question) => question.run(definitions, point, limit)?,
                None => None,
            },
        };
        Ok((result, subject))
    }
}

impl Threshold {
    fn run(&self, limit: u32) -> Result<CaseThreshold, Diagnostic> {
        // The prelude's words, whatever the user defined.
        let definitions = &mut Definitions::new();
        let predicate = Predicate::parse(definitions, &self.predicate.formula, &Point::default())?;
        let range = Interval::parse(definitions, &self.over, limit)?;
        Ok(CaseThreshold {
            title: self.predicate.text.clone(),
            edge: self.edge,
            result: over_floats(definitions, &predicate, &range, &self.formats, limit, None)?,
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
        let subject = Subject::parse_exact(definitions, &self.value, point)?;
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
        let predicate = Predicate::parse(definitions, &self.predicate.formula, &point)?;
        let precisions = Precisions::parse(&self.precisions)?;
        Ok(Some(CasePrecisions {
            written: self.predicate.text.replace("{}", &text),
            result: over_precisions(definitions, &predicate, &precisions, limit)?,
        }))
    }
}
