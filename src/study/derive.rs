//! A formula's derivative, written in the language, and the derivatives that
//! were declared, checked.

use super::SCHEMA;
use super::compare::InputText;
use super::figure::{Exact, Status};
use super::point::Point;
use super::subject::Subject;
use crate::claim::{Identity, identity};
use crate::formula::{Context, Diagnostic, Formula, Span, Text};
use crate::language::{Definitions, Rows};
use crate::truth::Unanswered;
use serde::Serialize;

/// The result of [`derive()`].
#[derive(Clone, Debug, Serialize)]
pub struct Derivation {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The expression.
    pub formula: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// The inputs as they were given.
    pub inputs: Vec<InputText>,
    /// One entry for each variable, in order.
    pub derivatives: Vec<Derived>,
    /// The derivatives that the user declared.
    pub declared: Vec<DeclaredCheck>,
}

/// The derivative by one variable.
#[derive(Clone, Debug, Serialize)]
pub struct Derived {
    /// The variable.
    pub variable: String,
    /// The derivative, an expression of the language.
    pub derivative: String,
    /// Its long or shared parts, in order: names and right sides. With these
    /// definitions the expression reads back to the same graph.
    pub parts: Vec<Named>,
    /// The user's definitions that occur in it.
    pub definitions: Vec<Named>,
    /// The certified value at the point, if one was given.
    pub exact: Option<Exact>,
    /// Whether it equals the expression that it was to be compared with.
    pub equals: Option<Equals>,
}

/// A definition.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The right side.
    pub text: String,
}

/// A derivative against another expression.
#[derive(Clone, Debug, Serialize)]
pub struct Equals {
    /// The other expression.
    pub expression: String,
    /// Whether they are equal.
    pub verdict: Identity,
}

/// A declared derivative against that of its function's body.
#[derive(Clone, Debug, Serialize)]
pub struct DeclaredCheck {
    /// The function.
    pub function: String,
    /// The parameter.
    pub parameter: String,
    /// Whether they are equal.
    pub verdict: Identity,
    /// Where it was declared.
    #[serde(skip)]
    pub place: Span,
}

/// Differentiates an expression by variables, or by all its free ones where none
/// are named, and certifies the derivatives' values where a point is given.
/// `equals` is an expression to compare the derivative with.
///
/// ```
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Point, derive};
///
/// let mut definitions = Definitions::new();
/// definitions.add("network", "a = sigmoid(w*x)\ncost = (a - y)^2")?;
/// let wrt = ["w".to_string()];
/// let result = derive(&mut definitions, "cost", &wrt, None, None, 30, 10_000)?;
/// assert_eq!(result.derivatives[0].derivative, "2*(a - y)*(a*(1 - a))*x");
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// # Errors
/// Where a text is no expression, something has no derivative, the derivative
/// cannot be written, and where an input has no value at the point.
pub fn derive(
    definitions: &mut Definitions,
    text: &str,
    wrt: &[String],
    point: Option<&Point>,
    equals: Option<&str>,
    digits: usize,
    limit: u32,
) -> Result<Derivation, Diagnostic> {
    let expression = definitions.expression("expression", text)?;
    let source = definitions.resolve(&expression, Context::Ambient, Rows::None)?;
    if source.is_predicate() {
        let place = source.origin(source.root()).spans.first().copied();
        let error = Diagnostic::new("a truth value has no derivative").at(place);
        return Err(error.help("differentiate one of its sides"));
    }
    let all: Vec<String> = match wrt {
        [] => source.inline(Context::Ambient)?.inputs().to_vec(),
        wrt => wrt.to_vec(),
    };
    if all.is_empty() {
        return Err(Diagnostic::new(
            "the expression has no free variables to differentiate by",
        ));
    }
    let other = match equals {
        Some(_) if all.len() != 1 => {
            return Err(Diagnostic::new("--equals compares one derivative")
                .help("name one variable with --wrt"));
        }
        Some(text) => {
            let formula = definitions.formula("--equals", text)?;
            Some((text.trim().to_string(), formula.inline(Context::Real)?))
        }
        None => None,
    };
    let mut inputs: Vec<InputText> = Vec::new();
    let mut derivatives = Vec::with_capacity(all.len());
    for variable in &all {
        let derivative = definitions.differentiate(&expression, "--wrt", variable)?;
        let formula = definitions.resolve(&derivative, Context::Ambient, Rows::None)?;
        let written = written(definitions, &formula)?;
        let equals = match &other {
            Some((text, other)) => {
                let own = formula.inline(Context::Real)?;
                Some(Equals {
                    expression: text.clone(),
                    verdict: identity(&own, other, limit),
                })
            }
            None => None,
        };
        let exact = match point {
            Some(point) => {
                let title = format!("d({}, {variable})", text.trim());
                let subject = Subject::new(&title, formula, Context::Real, point)?;
                for input in InputText::list(std::slice::from_ref(&subject)) {
                    if !inputs.iter().any(|known| known.name == input.name) {
                        inputs.push(input);
                    }
                }
                let base = Subject::new(text, source.clone(), Context::Real, point);
                let undefined = base.ok().and_then(|base| {
                    base.truth(limit)
                        .enclosure(1)
                        .err()
                        .filter(|why| matches!(why, Unanswered::Undefined { .. }))
                });
                Some(match undefined {
                    // What does not exist has no derivative, whatever the formula.
                    Some(why) => Exact {
                        status: Status::Undefined,
                        reason: Some(why.to_string()),
                        ..Exact::default()
                    },
                    None => Exact::of(&mut subject.truth(limit), digits),
                })
            }
            None => None,
        };
        let named = |list: Vec<(String, String)>| {
            let list = list.into_iter();
            list.map(|(name, text)| Named { name, text }).collect()
        };
        derivatives.push(Derived {
            variable: variable.clone(),
            derivative: written.expression,
            parts: named(written.parts),
            definitions: named(written.named),
            exact,
            equals,
        });
    }
    Ok(Derivation {
        schema: SCHEMA,
        study: "derive",
        formula: text.trim().to_string(),
        precision_limit: limit,
        inputs,
        derivatives,
        declared: check_declared(definitions, limit)?,
    })
}

/// A source graph as text that was read back to the same graph.
fn written(definitions: &Definitions, formula: &Formula) -> Result<Text, Diagnostic> {
    let text = formula.write()?;
    let own = formula.inline(Context::Ambient)?;
    let mut again = definitions.clone();
    let parts = text
        .parts
        .iter()
        .map(|(name, part)| format!("{name} = {part}\n"));
    let read = again
        .add("derivative", &parts.collect::<String>())
        .and_then(|()| {
            again.trust();
            again.formula("derivative", &text.expression)
        });
    let same = match read {
        Ok(read) => read.inline(Context::Ambient)?.is_same(&own)?,
        Err(_) => false,
    };
    if same {
        return Ok(text);
    }
    Err(Diagnostic::new(
        "the derivative cannot be written: a definition hides a name that it needs",
    )
    .help("choose other names for what the prelude and the constants are called"))
}

/// Checks the derivatives that the user declared against those of the functions'
/// bodies.
///
/// # Errors
/// Where a body has no derivative.
pub fn check_declared(
    definitions: &mut Definitions,
    limit: u32,
) -> Result<Vec<DeclaredCheck>, Diagnostic> {
    definitions.check()?;
    let mut checks = Vec::new();
    for declared in definitions.declared_derivatives() {
        let names = &declared.function.parameters;
        let parameter = &names[declared.parameter];
        let place = |error: Diagnostic| match error.span {
            Some(_) => error,
            None => error.at(declared.place),
        };
        let body = declared.function.formula(names)?;
        let body = body.derivative(parameter).map_err(place)?;
        let claimed = declared.derivative.formula(names)?;
        let sides = [body.inline(Context::Real)?, claimed.inline(Context::Real)?];
        checks.push(DeclaredCheck {
            function: declared.function.name.clone(),
            parameter: parameter.clone(),
            verdict: identity(&sides[1], &sides[0], limit),
            place: declared.place,
        });
    }
    Ok(checks)
}
