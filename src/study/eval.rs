//! The certified value of one expression.

use super::SCHEMA;
use super::compare::InputText;
use super::figure::{Exact, Status};
use crate::study::Subject;
use crate::truth::Unanswered;
use serde::Serialize;

/// The result of [`eval`].
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The expression.
    pub formula: String,
    /// The budget in bits.
    pub precision_limit: u32,
    /// The inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The value of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Exact>,
    /// The truth of a predicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Holds>,
}

/// Whether a predicate holds.
#[derive(Clone, Debug, Serialize)]
pub struct Holds {
    /// Whether that is decided.
    pub status: Status,
    /// The answer.
    pub value: Option<bool>,
    /// Why there is none.
    pub reason: Option<String>,
}

impl Evaluation {
    /// Whether there is a value.
    pub fn is_certified(&self) -> bool {
        let status = self.exact.as_ref().map(|exact| exact.status);
        status.or(self.holds.as_ref().map(|holds| holds.status)) == Some(Status::Certified)
    }
}

/// Certifies the subject's exact value to `digits` decimal digits, or decides
/// whether it holds, if it is a predicate.
///
/// ```
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Point, Subject, eval};
///
/// let mut definitions = Definitions::new();
/// let point = Point::default();
/// let subject = Subject::parse_exact(&mut definitions, "exp(pi*sqrt(163))", &point)?;
/// let exact = eval(&subject, 30, 10_000).exact.unwrap();
/// assert_eq!(exact.digits.unwrap(), "262537412640768743.999999999999…");
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
pub fn eval(subject: &Subject, digits: usize, limit: u32) -> Evaluation {
    let mut truth = subject.truth(limit);
    let (exact, holds) = if subject.is_predicate() {
        (None, Some(Holds::of(truth.holds())))
    } else {
        (Some(Exact::of(&mut truth, digits)), None)
    };
    Evaluation {
        schema: SCHEMA,
        study: "eval",
        formula: subject.text().to_string(),
        precision_limit: limit,
        inputs: InputText::list(std::slice::from_ref(subject)),
        exact,
        holds,
    }
}

impl Holds {
    fn of(answer: Result<bool, Unanswered>) -> Self {
        let (status, value, reason) = match answer {
            Ok(value) => (Status::Certified, Some(value), None),
            Err(why @ Unanswered::Undefined { .. }) => (Status::Undefined, None, Some(why)),
            Err(why @ Unanswered::Undecided { .. }) => (Status::Undecided, None, Some(why)),
        };
        Holds {
            status,
            value,
            reason: reason.map(|why| why.to_string()),
        }
    }
}
