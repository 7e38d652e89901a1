//! Where a computation lost what it lost.
//!
//! With vᵢ the exact values of the nodes, ĉᵢ the computed ones and
//! mᵢ = ĉᵢ − opᵢ(ĉ of the operands) the error *made* at node i, the computed
//! result differs from the exact one, to first order, by Σ (∂out/∂vᵢ)·mᵢ: the
//! formula's own derivatives explain its error (Linnainmaa, "Taylor expansion of
//! the accumulated rounding error", BIT 16, 1976). The *share* of a node is its
//! term, signed, as a part of the whole difference. Inputs and literals are
//! nodes, and what they make is their rounding.
//!
//! All of it is one formula: the exact nodes, their adjoints
//! ([`Builder::adjoints`]), each operation once more on its computed operands,
//! and the differences. It is enclosed as a whole at a precision that rises
//! until every term is sharp against the difference; a share is an enclosure,
//! too.
//!
//! The first order is exact where the result depends linearly on what was lost,
//! and says nothing where a computed value is not finite, or a branch differs;
//! [`FirstOrder`] tells.

mod enclosed;
mod plan;

use self::enclosed::{
    binary, difference, enclosed, is_narrow, is_share, is_sharp, magnitude, quotient, signed,
};
use self::plan::{exact_nodes, plan};
use super::bounds::Bounds;
use super::{Happened, happened};
use crate::arithmetic::real::Real;
use crate::enclosure::Enclosure;
use crate::evaluate::Machine;
use crate::format::Format;
use crate::formula::{Builder, Constant, Context, Diagnostic, Formula, Kind, NodeId, Op};
use crate::truth::CertifiedDecimal;
use rug::{Float, Rational};

/// Shares that add up to 1 within this part say that the first order tells the
/// story.
const TOLERANCE: f64 = 0.05;

/// An input's exact value.
#[derive(Clone, Debug)]
pub enum ExactInput<'a> {
    /// A rational number.
    Rational(&'a Rational),
    /// A constant formula, inlined for the reals.
    Real(&'a Formula),
}

/// Whether the shares explain the difference.
#[derive(Clone, PartialEq, Debug)]
pub enum FirstOrder {
    /// They add up to it.
    Applies,
    /// The computed result is the exact value.
    NoError,
    /// They add up to another part of it.
    AddsUpTo(Bounds),
    /// This node is the first whose computed value is not finite, though its
    /// exact value is.
    NotFinite(NodeId),
    /// This choice takes another branch than the exact value does.
    OtherBranch(NodeId),
    /// They are not known; why.
    Unknown(String),
}

/// What is known of a node.
#[derive(Clone, Debug)]
pub struct NodeBlame {
    /// The node.
    pub id: NodeId,
    /// The format that it is computed in.
    pub format: Format,
    /// The computed value.
    pub computed: Float,
    /// The exact value.
    pub exact: Option<CertifiedDecimal>,
    /// The exact value, enclosed; where that is not known, nothing.
    pub enclosure: Option<Enclosure>,
    /// exact − computed, signed.
    pub difference: Option<Bounds>,
    /// What happened there.
    pub happened: Happened,
    /// |m|, the error made there.
    pub made: Option<Bounds>,
    /// |m| over the magnitude of the unrounded result.
    pub made_relative: Option<Bounds>,
    /// |∂out/∂v · v/out|: how much a relative error made there is amplified.
    pub amplification: Option<Bounds>,
    /// (∂out/∂v · m)/(computed − exact), signed.
    pub share: Option<Bounds>,
    /// |computed − exact|/|exact|.
    pub relative_error: Option<Bounds>,
}

/// The shares of a computation's nodes.
#[derive(Clone, Debug)]
pub struct Blame {
    /// The nodes that the result depends on, in order of evaluation; predicates
    /// and what lies in branches not taken are left out.
    pub nodes: Vec<NodeBlame>,
    /// How far the shares can be trusted.
    pub first_order: FirstOrder,
}

/// The format that a node of the studied computation is computed in; `None` for
/// nodes that an inner `fl` computes, in the exact value too.
fn studied(context: Context, format: &Format, wide: Option<Format>) -> Option<Format> {
    match context {
        Context::Ambient | Context::Library => Some(*format),
        Context::Fixed(own) if own == *format || wide == Some(own) => Some(own),
        Context::Program(own) => Some(own),
        Context::Fixed(_) | Context::Real => None,
    }
}

/// The shares of the nodes of `graph`, computed in `format` with the values
/// `trace`. The graph is inlined for the ambient context, or for `format` itself
/// where that computes functions in a wider one.
///
/// # Errors
/// Where the question has too many nodes, or an operation has no derivative.
pub fn blame(
    graph: &Formula,
    inputs: &[ExactInput<'_>],
    format: &Format,
    trace: &[Float],
    limit: u32,
) -> Result<Blame, Diagnostic> {
    let wide = format.functions();
    let place = |id: NodeId| studied(graph.node(id).context, format, wide);
    let live = live(graph, trace);
    let plan = plan(graph, inputs, trace, &live, place)?;
    let sharp = |machine: &Machine<'_, Real>| is_sharp(&plan, machine, trace, graph.root());
    let machine = enclosed(
        &plan.formula,
        graph,
        inputs,
        format.precision(),
        limit,
        sharp,
    );
    let root = graph.root();
    let value = |id: NodeId| machine.value(id).enclosure();
    let known = |id: NodeId| Some(value(id)).filter(|e| e.is_surely() && e.is_bounded());
    let exact_root = known(plan.exact[root.index()]);
    let total = exact_root.and_then(|exact| {
        let computed = &trace[root.index()];
        computed.is_finite().then(|| difference(computed, exact))
    });
    let mut first_order = FirstOrder::Applies;
    let mut nodes = Vec::new();
    let mut sum = Enclosure::new(128);
    let mut all_known = true;
    for id in graph.ids().filter(|id| live[id.index()]) {
        let Some(own) = place(id) else { continue };
        let index = id.index();
        if graph.kind(id) == Kind::Predicate || is_special(&graph.node(id).op) {
            continue;
        }
        let computed = &trace[index];
        let exact = known(plan.exact[index]);
        if !computed.is_finite() && exact.is_some() && matches!(first_order, FirstOrder::Applies) {
            first_order = FirstOrder::NotFinite(id);
        }
        if graph.node(id).op == Op::Select && matches!(first_order, FirstOrder::Applies) {
            let condition = graph.operands(id)[0];
            let holds = machine.value(plan.exact[condition.index()]).truth();
            if holds.is_some_and(|holds| holds == trace[condition.index()].is_zero()) {
                first_order = FirstOrder::OtherBranch(id);
            }
        }
        let local = plan.local[index].and_then(known);
        let made = plan.made[index].and_then(known);
        let adjoint = plan.adjoint[index].and_then(known);
        let operands: Vec<&Float> = graph
            .operands(id)
            .iter()
            .map(|o| &trace[o.index()])
            .collect();
        let op = &graph.node(id).op;
        let nothing = made.is_some_and(|made| made.is_point() && made.lo().is_zero());
        let share = match (&total, made, adjoint, plan.adjoint[index]) {
            _ if nothing => Some(Enclosure::new(2)),
            // It does not count, whatever it is.
            (Some(_), Some(_), _, None) => Some(Enclosure::new(2)),
            (Some(total), Some(made), Some(adjoint), _) => {
                let term = binary(Enclosure::assign_mul, adjoint, made);
                Some(binary(Enclosure::assign_div, &term, total)).filter(is_share)
            }
            _ => None,
        };
        match &share {
            Some(share) => sum = binary(Enclosure::assign_add, &sum, share),
            None => all_known = false,
        }
        nodes.push(NodeBlame {
            id,
            format: own,
            computed: computed.clone(),
            exact: CertifiedDecimal::of_value(machine.value(plan.exact[index]), DIGITS),
            enclosure: exact.cloned(),
            difference: exact.filter(|_| computed.is_finite()).map(|exact| {
                let mut negative = Enclosure::new(exact.precision());
                negative.assign_neg(&difference(computed, exact));
                signed(&negative)
            }),
            happened: happened(op, &own, &operands, computed, local),
            made: made.map(magnitude),
            made_relative: match (made, local) {
                (Some(_), _) if nothing => Some(Bounds::point(0)),
                (Some(made), Some(local)) => quotient(made, local),
                _ => None,
            },
            amplification: match (adjoint, exact, exact_root) {
                (Some(adjoint), Some(exact), Some(root)) => {
                    quotient(&binary(Enclosure::assign_mul, adjoint, exact), root)
                }
                _ => None,
            },
            share: share.as_ref().map(signed),
            relative_error: exact
                .filter(|_| computed.is_finite())
                .and_then(|exact| quotient(&difference(computed, exact), exact)),
        });
    }
    let computed_root = &trace[root.index()];
    let exactly = total
        .as_ref()
        .is_some_and(|total| total.is_point() && total.lo().is_zero());
    if exactly {
        first_order = FirstOrder::NoError;
    }
    if matches!(first_order, FirstOrder::Applies) {
        first_order = match (&total, exact_root) {
            (Some(total), _) if total.contains_zero() => FirstOrder::Unknown(
                "whether the computed value differs from the exact one is not decided".to_string(),
            ),
            _ if exact_root.is_none() => {
                FirstOrder::Unknown("the exact value is not known".to_string())
            }
            _ if !computed_root.is_finite() => FirstOrder::NotFinite(root),
            _ if !all_known => FirstOrder::Unknown(
                "a derivative does not exist, or is not known, at this point".to_string(),
            ),
            _ => {
                let off = Float::with_val(64, sum.lo() - 1u32).abs();
                let other = Float::with_val(64, sum.hi() - 1u32).abs();
                if off.max(&other) <= TOLERANCE {
                    FirstOrder::Applies
                } else {
                    FirstOrder::AddsUpTo(signed(&sum))
                }
            }
        };
    }
    Ok(Blame { nodes, first_order })
}

/// The condition numbers |∂f/∂x · x/f| of a formula by its inputs, in their
/// order; `None` where the value is 0, or that is not known. The graph is inlined
/// for the ambient context.
///
/// # Errors
/// Where the question has too many nodes, or an operation has no derivative.
pub fn conditions(
    graph: &Formula,
    inputs: &[ExactInput<'_>],
    limit: u32,
) -> Result<Vec<Option<Bounds>>, Diagnostic> {
    let mut builder = Builder::new();
    let place = |id: NodeId| studied(graph.node(id).context, &Format::F64, None);
    let (exact, adjoint) = exact_nodes(&mut builder, graph, inputs, place)?;
    let root = exact[graph.root().index()];
    // x·∂f/∂x: an input may stand at several nodes.
    let mut numerators = vec![None; graph.inputs().len()];
    for id in graph.ids() {
        let Op::Input(input) = graph.node(id).op else {
            continue;
        };
        if let (Some(_), Some(adjoint)) = (place(id), adjoint[id.index()]) {
            let factors = [adjoint, exact[id.index()]];
            let term = builder.node(Op::Mul, &factors, Context::Real, None)?;
            let sum = &mut numerators[input as usize];
            *sum = Some(match *sum {
                Some(sum) => builder.node(Op::Add, &[sum, term], Context::Real, None)?,
                None => term,
            });
        }
    }
    let formula = builder.finish_whole(root, graph.sources().clone());
    let wanted: Vec<NodeId> = numerators.iter().flatten().copied().chain([root]).collect();
    let sharp = |machine: &Machine<'_, Real>| {
        wanted.iter().all(|&id| {
            let enclosure = machine.value(id).enclosure();
            enclosure.is_never() || is_narrow(enclosure)
        })
    };
    let machine = enclosed(&formula, graph, inputs, 64, limit, sharp);
    let known = |id: NodeId| {
        let enclosure = machine.value(id).enclosure();
        (enclosure.is_surely() && enclosure.is_bounded()).then_some(enclosure)
    };
    let number = |numerator: &Option<NodeId>| match numerator {
        Some(id) => quotient(known(*id)?, known(root)?),
        // The value does not depend on it, but there has to be one.
        None => quotient(&Enclosure::new(2), known(root)?),
    };
    // An `fl` makes steps of what goes into it.
    let stepped = |input: usize| {
        let mut ids = graph.ids();
        ids.any(|id| graph.node(id).op == Op::Input(input as u32) && place(id).is_none())
    };
    let numbers = numerators.iter().enumerate();
    Ok(numbers
        .map(|(input, numerator)| number(numerator).filter(|_| !stepped(input)))
        .collect())
}

/// How many digits of exact values are certified.
const DIGITS: usize = 17;

/// The nodes that the computed result depends on: of a choice, the branch
/// taken.
fn live(graph: &Formula, trace: &[Float]) -> Vec<bool> {
    let mut live = vec![false; trace.len()];
    live[graph.root().index()] = true;
    for id in graph.ids().rev().filter(|id| id.index() < trace.len()) {
        if !live[id.index()] {
            continue;
        }
        let operands = graph.operands(id);
        if graph.node(id).op == Op::Select {
            live[operands[0].index()] = true;
            live[taken(graph, trace, id).index()] = true;
        } else {
            for operand in operands {
                live[operand.index()] = true;
            }
        }
    }
    live
}

/// Whether an operation is a bare `inf` or `nan`: nothing is lost there.
fn is_special(op: &Op) -> bool {
    matches!(op, Op::Constant(Constant::Inf | Constant::Nan))
}

/// The branch of a choice that a computation took.
fn taken(graph: &Formula, trace: &[Float], choice: NodeId) -> NodeId {
    let operands = graph.operands(choice);
    let holds = !trace[operands[0].index()].is_zero();
    operands[if holds { 1 } else { 2 }]
}
