//! Where a result was lost: each operation's part in the error.

mod least;
mod story;

pub use self::least::LeastPrecision;
pub use self::story::{Before, Story, Trust};

use self::least::least_precision;
use self::story::{story, wrong_operand};
use super::SCHEMA;
use super::compare::{InputText, Options, Row, compared};
use super::condition::Condition;
use super::figure::{Exact, Figure};
use super::subject::Subject;
use crate::arithmetic::emulated::NoValue;
use crate::evaluate::trace;
use crate::format::Format;
use crate::formula::{Constant, Diagnostic, Formula, Op};
use crate::measure::{self, Bounds, Cause, Happened, NodeBlame, blame};
use serde::Serialize;

/// The result of [`explain`].
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// Where hardware arithmetic took elementary functions from.
    pub libm: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// The expression.
    pub formula: String,
    /// The inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The certified exact value.
    pub exact: Exact,
    /// The computed result, its errors and the verdict on it.
    pub result: Row,
    /// The inputs and operations that the result depends on, in order of
    /// evaluation.
    pub nodes: Vec<Explained>,
    /// What the shares say together.
    pub story: Story,
    /// The condition number by each input: |∂f/∂x · x/f|.
    pub conditions: Vec<Condition>,
    /// From which precision on the result is good.
    pub least_precision: Option<LeastPrecision>,
}

/// One node.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// Its text.
    pub text: String,
    /// The name that the user gave it, or the input's.
    pub name: Option<String>,
    /// What kind of node it is.
    pub kind: NodeKind,
    /// Whether nothing can be lost there: a number that the format holds, a sign.
    pub trivial: bool,
    /// The computed value.
    pub computed: Figure,
    /// The exact value's leading digits.
    pub exact: Option<String>,
    /// exact − computed, signed.
    pub difference: Option<Bounds>,
    /// Whether the computed value is the exact one rounded once; `None` where
    /// that is not known.
    pub correctly_rounded: Option<bool>,
    /// What happened there.
    pub happened: Happened,
    /// The text of the operand that was absorbed.
    pub absorbed: Option<String>,
    /// The error made there, relative to the unrounded result.
    pub made: Option<Bounds>,
    /// The error made there.
    pub made_absolute: Option<Bounds>,
    /// How much a relative error made there is amplified in the result.
    pub amplification: Option<Bounds>,
    /// Its part of computed − exact, to first order; signed.
    pub share: Option<Bounds>,
    /// The relative error of the computed value, made there or before.
    pub relative_error: Option<Bounds>,
}

/// What kind of node it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A free variable.
    Input,
    /// A number in the formula, or π or e.
    Constant,
    /// An operation.
    Operation,
}

/// Explains a formula's computed value in a format.
///
/// ```
/// use ulpscope::format::Format;
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Options, Point, Subject, explain};
///
/// let mut definitions = Definitions::new();
/// let point = Point::parse(&mut definitions, "z=50", 10_000)?;
/// let subject = Subject::parse(&mut definitions, "1 - sigmoid(z)", &point)?;
/// let result = explain(&subject, Format::F64, &Options::default())?;
/// let culprit = &result.nodes[result.story.culprit.unwrap()];
/// assert_eq!(culprit.text, "1 + exp(-z)");
/// assert_eq!(culprit.absorbed.as_deref(), Some("exp(-z)"));
/// assert_eq!(result.least_precision.unwrap().precision, Some(73));
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// # Errors
/// Where the formula is too long, an operation has no derivative, or the
/// computation cannot be carried out.
pub fn explain(
    subject: &Subject,
    format: Format,
    options: &Options,
) -> Result<Explanation, Diagnostic> {
    let options = &options.fit_for(&[format]);
    let limit = options.precision_limit;
    if format.functions().is_some() && !subject.is_of_one_format() {
        return Err(Diagnostic::new(format!(
            "in {format} a formula with an fl of its own is not explained"
        ))
        .help("leave the fl out, or name a plain format"));
    }
    let graph = subject.graph_for(&format)?;
    let inputs = subject
        .inputs_for(&format, limit)
        .map_err(|why| Diagnostic::new(format!("an input has no value in {format}: {why}")))?;
    let trace = trace(&graph, format, options.libm, &inputs).map_err(|why| match why {
        NoValue::OutOfRange => Diagnostic::new(format!(
            "the computation leaves the exponents that {format} can hold"
        )),
        NoValue::TooCostly => Diagnostic::new("the computation would take too much time or memory"),
        NoValue::Undecided => {
            Diagnostic::new("a computation with real numbers within it is not explained")
                .help("take the core without :precision real, and without fmod and LOG2E")
        }
    })?;
    let whole = compared(subject, &[format], true, options);
    let Some(result) = whole.rows.into_iter().next() else {
        return Err(Diagnostic::new("nothing was computed"));
    };
    let blame = blame(&graph, &subject.exact_inputs(), &format, &trace, limit).map_err(
        |error| match error.span {
            Some(_) => error,
            None => error.help(format!(
                "to explain a formula takes about seven times its operations; it has {}",
                graph.nodes().len()
            )),
        },
    )?;
    let nodes: Vec<Explained> = blame
        .nodes
        .iter()
        .map(|node| explained(&graph, node))
        .collect();
    let mut story = story(&graph, &blame);
    if story.first_order == Trust::NotFinite
        && let Some(culprit) = story.culprit
        && let Some(operand) = wrong_operand(&graph, &blame.nodes, culprit)
    {
        // The story of the operand, told in the indices of this one.
        let graph = graph.with_root(blame.nodes[operand].id);
        let before = measure::blame(&graph, &subject.exact_inputs(), &format, &trace, limit)?;
        let lost = self::story::story(&graph, &before).culprit;
        let lost = lost.and_then(|lost| {
            let id = before.nodes[lost].id;
            blame.nodes.iter().position(|node| node.id == id)
        });
        story.before = lost.map(|culprit| Before { operand, culprit });
    }
    Ok(Explanation {
        schema: SCHEMA,
        study: "explain",
        libm: options.libm.to_string(),
        precision_limit: limit,
        formula: whole.formula,
        inputs: InputText::list(std::slice::from_ref(subject)),
        exact: whole.exact,
        result,
        nodes,
        story,
        conditions: subject.conditions(limit)?,
        least_precision: least_precision(subject, options),
    })
}

fn explained(graph: &Formula, node: &NodeBlame) -> Explained {
    let id = node.id;
    let op = &graph.node(id).op;
    let rounded = node.enclosure.as_ref().and_then(|exact| {
        let ends = [exact.lo(), exact.hi()].map(|end| node.format.round(end));
        (measure::same(&ends[0], &ends[1])).then(|| measure::same(&ends[0], &node.computed))
    });
    let absorbed = node.happened.absorbed;
    let absorbed = absorbed.and_then(|index| graph.operands(id).get(index).copied());
    Explained {
        text: graph.describe_body(id),
        name: match op {
            Op::Input(index) => Some(graph.inputs()[*index as usize].clone()),
            _ => graph.origin(id).names.first().cloned(),
        },
        kind: match op {
            Op::Input(_) => NodeKind::Input,
            Op::Literal(_) | Op::Constant(Constant::Pi | Constant::E) => NodeKind::Constant,
            _ => NodeKind::Operation,
        },
        trivial: match op {
            Op::Neg | Op::Convert => true,
            Op::Literal(_) => node.happened.cause == Cause::Exact,
            _ => false,
        } && node.happened.inexact != Some(true)
            && id != graph.root(),
        computed: Figure::new(&node.format, &node.computed),
        exact: node.exact.as_ref().map(ToString::to_string),
        difference: node.difference.clone(),
        correctly_rounded: rounded,
        happened: node.happened.clone(),
        absorbed: absorbed.map(|id| graph.describe(id)),
        made: node.made_relative.clone(),
        made_absolute: node.made.clone(),
        amplification: node.amplification.clone(),
        share: node.share.clone(),
        relative_error: node.relative_error.clone(),
    }
}
