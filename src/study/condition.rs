//! Condition numbers: how sensitive an exact value is to its inputs.

use super::subject::Subject;
use crate::formula::Diagnostic;
use crate::measure::{self, Bounds};
use serde::Serialize;

/// How sensitive the exact value is to an input.
#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    /// The input.
    pub input: String,
    /// The condition number; `None` where the value is 0 or the derivative is
    /// not known.
    pub number: Option<Bounds>,
}

impl Subject {
    /// The condition number by each input, in their order: a relative change of
    /// the input changes the value, relatively, by so many times as much.
    ///
    /// ```
    /// use ulpscope::language::Definitions;
    /// use ulpscope::study::{Point, Subject};
    /// let mut definitions = Definitions::new();
    /// let point = Point::parse(&mut definitions, "x=4, n=3", 10_000)?;
    /// let subject = Subject::parse(&mut definitions, "x^n", &point)?;
    /// let conditions = subject.conditions(10_000)?;
    /// // n, and n·log(x).
    /// assert_eq!(conditions[0].number.as_ref().unwrap().decimal(3), "3");
    /// assert_eq!(conditions[1].number.as_ref().unwrap().decimal(3), "4.16");
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// Where the formula is too long, or an operation has no derivative.
    pub fn conditions(&self, limit: u32) -> Result<Vec<Condition>, Diagnostic> {
        let numbers = measure::conditions(self.graph(), &self.exact_inputs(), limit)?;
        let conditions = self.inputs().iter().zip(numbers);
        Ok(conditions
            .map(|(input, number)| Condition {
                input: input.clone(),
                number,
            })
            .collect())
    }
}
