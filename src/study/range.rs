//! Ranges of a variable.

use super::point::{Point, Value};
use super::predicate::Predicate;
use crate::formula::{Diagnostic, Span};
use crate::language::Definitions;
use rug::Rational;
use serde::Serialize;

/// A variable that moves from one exact value to a greater one.
#[derive(Clone, Debug, Serialize)]
pub struct Interval {
    name: String,
    /// As it was given.
    #[serde(rename = "from")]
    from_text: String,
    #[serde(rename = "to")]
    to_text: String,
    #[serde(skip)]
    from: Rational,
    #[serde(skip)]
    to: Rational,
    #[serde(skip)]
    span: Option<Span>,
}

impl Interval {
    /// Reads `z=0..100`.
    ///
    /// # Errors
    /// Where the text is not of this form or the range is empty.
    pub fn parse(definitions: &mut Definitions, text: &str, limit: u32) -> Result<Self, Diagnostic> {
        let (name, rest) = text.split_once('=').ok_or_else(|| Diagnostic::new("no ="))?;
        let (a, b) = rest.split_once("..").ok_or_else(|| Diagnostic::new("no .."))?;
        let mut end = |x: &str| {
            let point = Point::parse(definitions, &format!("{name}={x}"), limit)?;
            match &point.settings[0].value {
                Value::Rational(value) => Ok(value.clone()),
                Value::Real(_) => Err(Diagnostic::new("irrational")),
            }
        };
        Ok(Interval {
            name: name.trim().into(),
            from: end(a)?,
            to: end(b)?,
            from_text: a.trim().into(),
            to_text: b.trim().into(),
            span: None,
        })
    }

    /// The variable.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it begins.
    pub fn from(&self) -> &Rational {
        &self.from
    }

    /// Where it ends.
    pub fn to(&self) -> &Rational {
        &self.to
    }

    /// As it was given.
    pub fn text(&self) -> String {
        format!("{} = {}..{}", self.name, self.from_text, self.to_text)
    }

    /// Checks that the variable is a free one of the predicate, without a
    /// value.
    pub(super) fn check_used(
        &self,
        definitions: &mut Definitions,
        predicate: &Predicate,
    ) -> Result<(), Diagnostic> {
        let name = &self.name;
        let settings = predicate.settings();
        if let Some(fixed) = settings.iter().find(|setting| setting.name == *name) {
            return Err(Diagnostic::new(format!("`{name}` has a value and a range"))
                .at(fixed.span)
                .help("keep one of the two"));
        }
        let variables = predicate.variables(definitions)?;
        if variables.contains(name) {
            return Ok(());
        }
        if definitions.is_defined(name) {
            return Err(
                Diagnostic::new(format!("`{name}` is defined, so it cannot have a range"))
                    .at(self.span)
                    .help("move a variable that it is made of"),
            );
        }
        let names: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
        Err(
            Diagnostic::new(format!("`{name}` does not occur in the predicate"))
                .at(self.span)
                .help(if names.is_empty() {
                    "it has no free variables".to_string()
                } else {
                    format!("its free variables are {}", names.join(", "))
                }),
        )
    }
}
