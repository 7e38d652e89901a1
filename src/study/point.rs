//! Where a formula is studied: exact values for its free variables.

use crate::formula::{Context, Diagnostic, Formula, Span};
use crate::language::{Binding, Definitions};
use crate::truth::{Truth, Unanswered};
use rug::Rational;

/// The exact value of an input.
#[derive(Clone, Debug)]
pub enum Value {
    /// A rational number.
    Rational(Rational),
    /// A real number that is no rational of a handy size (π, 2^(10^9)), as a
    /// constant formula, inlined for the reals.
    Real(Formula),
}

/// One input's value.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub name: String,
    pub text: String,
    pub span: Span,
    pub value: Value,
}

/// Exact values for free variables, as `--at` gives them.
#[derive(Clone, Debug, Default)]
pub struct Point {
    pub(super) settings: Vec<Setting>,
}

impl Point {
    /// Reads `z=50, y=1/3, x=2^-24, w=pi`: constant expressions, exact.
    ///
    /// # Errors
    /// Where the text is not of this form, a value is undefined, undecided
    /// within `limit` bits, or no finite real number, and where a variable has
    /// two values.
    pub fn parse(
        definitions: &mut Definitions,
        text: &str,
        limit: u32,
    ) -> Result<Self, Diagnostic> {
        let bindings = definitions.point("--at", text)?;
        Self::of(bindings, limit)
    }

    /// The values of bindings.
    ///
    /// # Errors
    /// As [`Point::parse`].
    pub(super) fn of(bindings: Vec<Binding>, limit: u32) -> Result<Self, Diagnostic> {
        let mut settings: Vec<Setting> = Vec::new();
        for binding in bindings {
            if settings.iter().any(|known| known.name == binding.name) {
                return Err(two_values(&binding.name, binding.span));
            }
            let formula = binding.value.inline(Context::Real)?;
            let span = binding.span;
            let value = evaluate(&formula, limit).map_err(|problem| {
                Diagnostic::new(format!("`{}` has no usable value: {problem}", binding.name))
                    .at(span)
            })?;
            settings.push(Setting {
                name: binding.name,
                text: binding.value.label(binding.value.root()),
                span,
                value: value.map_or(Value::Real(formula), Value::Rational),
            });
        }
        Ok(Point { settings })
    }

    /// The names of the variables that have values.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.settings.iter().map(|setting| setting.name.as_str())
    }

    /// Takes the values of `other` beside its own.
    ///
    /// # Errors
    /// Where both have a value for one variable.
    pub fn add(&mut self, other: Point) -> Result<(), Diagnostic> {
        for setting in other.settings {
            if self.settings.iter().any(|own| own.name == setting.name) {
                return Err(two_values(&setting.name, setting.span));
            }
            self.settings.push(setting);
        }
        Ok(())
    }

    /// Forgets the value of a variable.
    pub(super) fn forget(&mut self, name: &str) {
        self.settings.retain(|setting| setting.name != name);
    }

    /// Takes the values of `other` in place of its own where both have one.
    pub fn override_with(&mut self, other: Point) {
        for setting in other.settings {
            match self
                .settings
                .iter_mut()
                .find(|own| own.name == setting.name)
            {
                Some(own) => *own = setting,
                None => self.settings.push(setting),
            }
        }
    }
}

pub(super) fn two_values(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(format!("`{name}` has a value already")).at(span)
}

/// The value of a constant formula, if it is a rational; `None` if it is real.
pub(super) fn evaluate(formula: &Formula, limit: u32) -> Result<Option<Rational>, String> {
    if formula.is_predicate() {
        return Err("it is a truth value, not a number".into());
    }
    let mut truth = Truth::new(formula, Vec::new(), limit);
    if truth.value().special().is_some() {
        return Err("it is infinite or NaN".into());
    }
    match truth.enclosure(1) {
        Ok(_) if truth.value().special().is_some() => Err("it is infinite or NaN".into()),
        Ok(_) => Ok(truth.value().exact().cloned()),
        Err(undecided @ Unanswered::Undecided { .. }) => Err(undecided.to_string()),
        Err(undefined) => Err(undefined.to_string()),
    }
}
