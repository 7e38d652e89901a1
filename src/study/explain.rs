//! Where a result was lost: each operation's part in the error.

use super::SCHEMA;
use super::compare::{InputText, Options, Row, compared};
use super::condition::Condition;
use super::figure::{Exact, Figure};
use super::subject::Subject;
use crate::arithmetic::emulated::NoValue;
use crate::evaluate::{compute, trace};
use crate::format::Format;
use crate::formula::{Constant, Diagnostic, Formula, NodeId, Op};
use crate::measure::{self, Blame, Bounds, Cause, FirstOrder, Happened, NodeBlame, blame};
use crate::truth::Truth;
use rug::Float;
use rug::float::Special;
use serde::Serialize;

/// The greatest precision that is tried for [`LeastPrecision`].
const MAX_TRIED: u32 = 8192;

/// Up to this precision all are tried, beyond it one in so many.
const ALL_TRIED: u32 = 512;

/// How many operations the trials may take together.
const TRIAL_OPERATIONS: usize = 3_000_000;

/// A node exposes what its operands had lost where the relative error grows by
/// this factor at least.
const EXPOSES: u32 = 4;

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

/// The shares put together. Nodes are named by their index in the list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Story {
    /// How far the shares can be trusted.
    pub first_order: Trust,
    /// What the shares add up to, where it is not 1.
    pub sum: Option<Bounds>,
    /// Why there are no shares.
    pub reason: Option<String>,
    /// The node that lost the result: the one with the greatest share, if that is
    /// half of all at least, or the first one that is not finite.
    pub culprit: Option<usize>,
    /// Where what was lost there shows: the relative error grows most.
    pub exposed_by: Option<usize>,
    /// The operand there through which it comes.
    pub exposed_operand: Option<usize>,
    /// Where the culprit is not finite: the story of its operand that was wrong
    /// already, from which that came.
    pub before: Option<Before>,
    /// The share of the inputs' rounding together.
    pub inputs: Option<Bounds>,
    /// The share of the constants' rounding together.
    pub constants: Option<Bounds>,
}

/// Why an operand was wrong.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Before {
    /// The operand.
    pub operand: usize,
    /// The node with the greatest share of the operand's own error.
    pub culprit: usize,
}

/// How far shares can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// They add up to the difference.
    Applies,
    /// There is no difference.
    NoError,
    /// They do not add up to it.
    DoesNotAddUp,
    /// A computed value is not finite.
    NotFinite,
    /// Another branch was taken.
    OtherBranch,
    /// They are not known.
    #[default]
    Unknown,
}

/// The least precision p such that the relative error is under 1/2 in `mpfr:p`
/// and at every tried precision from there to four times as many bits, or as far
/// as was tried.
#[derive(Clone, Debug, Serialize)]
pub struct LeastPrecision {
    /// It, if there is one among those tried.
    pub precision: Option<u32>,
    /// The first precision that was tried.
    pub from: u32,
    /// The last one.
    pub to: u32,
    /// Whether all between them were.
    pub every: bool,
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
        let lost = self::story(&graph, &before).culprit;
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

fn story(graph: &Formula, blame: &Blame) -> Story {
    let nodes = &blame.nodes;
    let index = |id: NodeId| nodes.iter().position(|node| node.id == id);
    let mut story = Story::default();
    let by_shares = match &blame.first_order {
        FirstOrder::Applies => {
            story.first_order = Trust::Applies;
            true
        }
        FirstOrder::NoError => {
            story.first_order = Trust::NoError;
            return story;
        }
        FirstOrder::AddsUpTo(sum) => {
            story.first_order = Trust::DoesNotAddUp;
            story.sum = Some(sum.clone());
            true
        }
        FirstOrder::NotFinite(id) => {
            story.first_order = Trust::NotFinite;
            story.culprit = index(*id);
            false
        }
        FirstOrder::OtherBranch(id) => {
            story.first_order = Trust::OtherBranch;
            story.culprit = index(*id);
            false
        }
        FirstOrder::Unknown(why) => {
            story.reason = Some(why.clone());
            return story;
        }
    };
    if by_shares {
        let magnitude = |node: &NodeBlame| {
            let share = node.share.as_ref();
            share.map_or(0.0, |share| {
                share.lower.to_f64().abs().max(share.upper.to_f64().abs())
            })
        };
        let all: f64 = nodes.iter().map(magnitude).sum();
        let greatest = (0..nodes.len()).max_by(|&a, &b| {
            let (a, b) = (magnitude(&nodes[a]), magnitude(&nodes[b]));
            a.total_cmp(&b)
        });
        story.culprit = greatest.filter(|&index| {
            let share = magnitude(&nodes[index]);
            share > 0.0 && share >= all / 2.0
        });
        let sum = |kind: fn(&Op) -> bool| {
            let shares = nodes.iter().filter(|node| kind(&graph.node(node.id).op));
            shares
                .filter_map(|node| node.share.as_ref())
                .cloned()
                .reduce(|a, b| a.plus(&b))
        };
        story.inputs = sum(|op| matches!(op, Op::Input(_)));
        story.constants = sum(|op| matches!(op, Op::Literal(_) | Op::Constant(_)));
    }
    if let Some(culprit) = story.culprit {
        let exposed = exposed(graph, nodes, culprit);
        (story.exposed_by, story.exposed_operand) = exposed.unzip();
    }
    story
}

/// The operand of a node with the greatest relative error, if that is 1/2 at
/// least.
fn wrong_operand(graph: &Formula, nodes: &[NodeBlame], of: usize) -> Option<usize> {
    let operands = graph.operands(nodes[of].id).iter();
    let operands = operands.filter_map(|id| nodes.iter().position(|node| node.id == *id));
    let error = |index: usize| {
        let error = nodes[index].relative_error.as_ref();
        error.map_or(0.0, |error| error.lower.to_f64())
    };
    let worst = operands.max_by(|&a, &b| error(a).total_cmp(&error(b)))?;
    (error(worst) >= 0.5).then_some(worst)
}

/// Where the relative error grows most on the way from a node to the result,
/// and the operand through which it comes there.
fn exposed(graph: &Formula, nodes: &[NodeBlame], culprit: usize) -> Option<(usize, usize)> {
    let mut place: Vec<Option<usize>> = vec![None; graph.nodes().len()];
    for (index, node) in nodes.iter().enumerate() {
        place[node.id.index()] = Some(index);
    }
    let mut reached = vec![false; nodes.len()];
    reached[culprit] = true;
    let mut greatest: Option<(f64, usize, usize)> = None;
    for index in culprit + 1..nodes.len() {
        let operands = graph.operands(nodes[index].id).iter();
        let operands: Vec<usize> = operands
            .filter_map(|operand| place[operand.index()])
            .filter(|&operand| reached[operand])
            .collect();
        reached[index] = !operands.is_empty();
        // Against an exact 0 every error is infinite.
        let error = |index: usize| {
            let node = &nodes[index];
            let zero = node
                .enclosure
                .as_ref()
                .is_some_and(|e| e.is_point() && e.contains_zero());
            if zero && !node.computed.is_zero() {
                return Some(Float::with_val(Bounds::PRECISION, Special::Infinity));
            }
            let error = node.relative_error.as_ref()?;
            let middle = (error.lower.clone() + &error.upper) / 2u32;
            (!middle.is_zero()).then_some(middle)
        };
        let from = operands.into_iter().max_by(|&a, &b| {
            let order = error(a).partial_cmp(&error(b));
            order.unwrap_or(std::cmp::Ordering::Equal)
        });
        if let Some(from) = from
            && let (Some(before), Some(after)) = (error(from), error(index))
        {
            let growth = (after / before).to_f64();
            if growth >= f64::from(EXPOSES) && greatest.is_none_or(|(most, ..)| growth > most) {
                greatest = Some((growth, index, from));
            }
        }
    }
    greatest.map(|(_, index, from)| (index, from))
}

/// Tries precisions until four times the least good one.
fn least_precision(subject: &Subject, options: &Options) -> Option<LeastPrecision> {
    let mut truth = subject.truth(options.precision_limit.max(MAX_TRIED + 256));
    // Against 0 there is no small relative error.
    if truth.enclosure(1).ok()?.contains_zero() {
        return None;
    }
    let nodes = subject.operations();
    let mut first_good: Option<u32> = None;
    let mut precision = 2;
    let mut tried = 0;
    let mut last = 2;
    loop {
        match is_good(subject, &mut truth, precision, options) {
            Some(true) => {
                first_good.get_or_insert(precision);
            }
            Some(false) => first_good = None,
            None => return None,
        }
        last = precision.max(last);
        tried += 1;
        if first_good.is_some_and(|good| precision >= 4 * good) {
            break;
        }
        let spent = tried * nodes > TRIAL_OPERATIONS;
        if spent || precision >= MAX_TRIED {
            // Good so far, but not tried so far.
            break;
        }
        precision += if precision < ALL_TRIED {
            1
        } else {
            precision / 64
        };
    }
    Some(LeastPrecision {
        precision: first_good,
        from: 2,
        to: last,
        every: last <= ALL_TRIED,
    })
}

/// Whether the relative error is under 1/2; `None` where that is not decided.
fn is_good(
    subject: &Subject,
    truth: &mut Truth<'_>,
    precision: u32,
    options: &Options,
) -> Option<bool> {
    let format = Format::mpfr(precision)?;
    let inputs = subject.inputs_for(&format, options.precision_limit).ok()?;
    let graph = subject.graph_for(&format).ok()?;
    let Ok(computed) = compute(&graph, format, options.libm, &inputs) else {
        return Some(false);
    };
    let errors = measure::errors(truth, &computed, &format).ok()?;
    let Some(relative) = errors.relative else {
        return Some(false);
    };
    if relative.upper < 0.5 {
        Some(true)
    } else if relative.lower >= 0.5 {
        Some(false)
    } else {
        None
    }
}
