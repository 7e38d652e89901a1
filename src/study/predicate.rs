//! A predicate at a point, ready for every arithmetic.

use super::point::{Point, Setting, Value};
use super::subject::no_value;
use crate::arithmetic::real::RealInput;
use crate::format::Format;
use crate::formula::{Context, Diagnostic, Formula, Span};
use crate::language::{Definitions, Expression, Rows};
use serde::Serialize;

/// Of which values a predicate is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// All of it computed: fl.
    Computed,
    /// Both sides of its comparisons exact, then rounded once: rn.
    RoundedOnce,
    /// As it is written: it says itself, with `fl`, `rn`, `relerr` or another
    /// view, where values live, and what stands outside of these is exact.
    AsStated,
}

impl Meaning {
    /// As CSV and JSON have it.
    pub fn token(self) -> &'static str {
        match self {
            Meaning::Computed => "computed",
            Meaning::RoundedOnce => "rounded-once",
            Meaning::AsStated => "as-stated",
        }
    }

    /// As a table has it.
    pub fn text(self) -> &'static str {
        match self {
            Meaning::Computed => "computed",
            Meaning::RoundedOnce => "rounded once",
            Meaning::AsStated => "as stated",
        }
    }
}

/// A predicate and the exact values of all its variables but those that a study
/// moves.
#[derive(Clone, Debug)]
pub struct Predicate {
    text: String,
    expression: Expression,
    point: Point,
}

/// A predicate in one arithmetic.
pub(super) struct Stated {
    pub meaning: Meaning,
    pub formula: Formula,
    /// The inputs' values; 0 stands for the one that moves.
    pub inputs: Vec<RealInput>,
    /// The index of the one that moves.
    pub variable: Option<usize>,
}

impl Predicate {
    /// Reads a predicate, whose variables have the point's values.
    ///
    /// # Errors
    /// Where the text is not one.
    pub fn parse(
        definitions: &mut Definitions,
        text: &str,
        point: &Point,
    ) -> Result<Self, Diagnostic> {
        let expression = definitions.expression("predicate", text)?;
        let any = Rows::Format(Format::F64);
        let formula = definitions.resolve(&expression, Context::Real, any)?;
        if !formula.is_predicate() {
            return Err(
                Diagnostic::new("this is a number; a threshold needs a predicate")
                    .at(expression.span())
                    .help("compare it with something, as in sigmoid(z) == 1 or relerr(…, F) > 1%"),
            );
        }
        Ok(Predicate {
            text: text.trim().to_string(),
            expression,
            point: point.clone(),
        })
    }

    /// The predicate as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        self.expression.span()
    }

    /// Whether an arithmetic makes a difference to it.
    pub(super) fn has_rows(&self) -> bool {
        !self.expression.has_views() || self.expression.names_rows()
    }

    /// The names of its variables.
    ///
    /// # Errors
    /// As [`Definitions::resolve`].
    pub fn variables(&self, definitions: &mut Definitions) -> Result<Vec<String>, Diagnostic> {
        let any = Rows::Format(Format::F64);
        let source = definitions.resolve(&self.expression, Context::Real, any)?;
        Ok(source.inline(Context::Real)?.inputs().to_vec())
    }

    /// Checks that every variable of a point is one of the predicate's.
    ///
    /// # Errors
    /// Where one is not.
    pub fn check_point(
        &self,
        definitions: &mut Definitions,
        point: &Point,
    ) -> Result<(), Diagnostic> {
        let variables = self.variables(definitions)?;
        for setting in &point.settings {
            let name = &setting.name;
            if !variables.contains(name) {
                return Err(not_there(name, setting.span, &variables, definitions));
            }
        }
        Ok(())
    }

    /// What its variables were given.
    pub(super) fn settings(&self) -> &[Setting] {
        &self.point.settings
    }

    /// The predicate in an arithmetic: as it is stated, or else computed and
    /// rounded once.
    pub(super) fn in_arithmetic(
        &self,
        definitions: &mut Definitions,
        format: Format,
        variable: Option<&str>,
    ) -> Result<Vec<Stated>, Diagnostic> {
        let row = Rows::Format(format);
        let mut graphs = Vec::with_capacity(2);
        if self.expression.has_views() {
            let source = definitions.resolve(&self.expression, Context::Real, row)?;
            graphs.push((Meaning::AsStated, source.inline(Context::Real)?));
        } else {
            let source = definitions.resolve(&self.expression, Context::Ambient, row)?;
            graphs.push((Meaning::Computed, source.inline(Context::Fixed(format))?));
            let exact = source.inline(Context::Real)?;
            graphs.push((Meaning::RoundedOnce, exact.with_sides_rounded(format)?));
        }
        let bind = |(meaning, formula)| self.bind(meaning, formula, variable);
        graphs.into_iter().map(bind).collect()
    }

    fn bind(
        &self,
        meaning: Meaning,
        formula: Formula,
        variable: Option<&str>,
    ) -> Result<Stated, Diagnostic> {
        let settings = &self.point.settings;
        let reals: Vec<(&str, &Formula)> = settings
            .iter()
            .filter(|setting| formula.inputs().contains(&setting.name))
            .filter_map(|setting| match &setting.value {
                Value::Real(value) => Some((setting.name.as_str(), value)),
                Value::Rational(_) => None,
            })
            .collect();
        let formula = if reals.is_empty() {
            formula
        } else {
            formula.substitute(&reals)?
        };
        let mut inputs = Vec::with_capacity(formula.inputs().len());
        for name in formula.inputs() {
            let known = settings.iter().find(|setting| setting.name == *name);
            let value = match known.map(|setting| &setting.value) {
                Some(Value::Rational(value)) => value.clone(),
                _ if variable == Some(name) => rug::Rational::new(),
                _ => return Err(no_value(&formula, name)),
            };
            inputs.push(RealInput::Exact(value));
        }
        let variable = formula
            .inputs()
            .iter()
            .position(|name| Some(name.as_str()) == variable);
        Ok(Stated {
            meaning,
            formula,
            inputs,
            variable,
        })
    }
}

/// The error for a value or a range of something that is no variable of the
/// predicate.
pub(super) fn not_there(
    name: &str,
    span: Span,
    variables: &[String],
    definitions: &Definitions,
) -> Diagnostic {
    if definitions.is_defined(name) {
        return Diagnostic::new(format!("`{name}` is defined, so it is no variable"))
            .at(span)
            .help("move or fix the variables that it is made of");
    }
    let names: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::new(format!("`{name}` does not occur in the predicate"))
        .at(span)
        .help(if names.is_empty() {
            "the predicate has no free variables".to_string()
        } else {
            format!("its free variables are {}", names.join(", "))
        })
}
