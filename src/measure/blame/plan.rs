//! The question as one formula: exact values, derivatives, and each operation
//! once more on its computed operands.

use super::{ExactInput, is_special, taken};
use crate::format::{Format, exponent};
use crate::formula::{Builder, Context, Diagnostic, Formula, Kind, Literal, NodeId, Op};
use rug::{Float, Rational};
use std::sync::Arc;

/// Numbers with greater exponents, either way, do not become rationals.
const MOST_EXPONENT: u32 = 1 << 14;

/// The nodes of one formula that make the question.
pub struct Plan {
    pub formula: Formula,
    /// For each node of the graph, its exact value.
    pub exact: Vec<NodeId>,
    /// Its adjoint.
    pub adjoint: Vec<Option<NodeId>>,
    /// What it makes of the computed operands.
    pub local: Vec<Option<NodeId>>,
    /// The difference of the computed value from that.
    pub made: Vec<Option<NodeId>>,
}

/// Adds the exact nodes of a graph to a formula in the making, those that are
/// studied in the reals, and the derivatives of its root by each of them.
pub fn exact_nodes(
    builder: &mut Builder,
    graph: &Formula,
    inputs: &[ExactInput<'_>],
    place: impl Fn(NodeId) -> Option<Format>,
) -> Result<(Vec<NodeId>, Vec<Option<NodeId>>), Diagnostic> {
    let mut exact: Vec<NodeId> = Vec::with_capacity(graph.nodes().len());
    for id in graph.ids() {
        let node = graph.node(id);
        let context = match place(id) {
            Some(_) => Context::Real,
            None => node.context,
        };
        let operands: Vec<NodeId> = graph
            .operands(id)
            .iter()
            .map(|o| exact[o.index()])
            .collect();
        let new = match &node.op {
            Op::Input(index) => match inputs[*index as usize] {
                ExactInput::Rational(_) => {
                    let index = builder.input(&graph.inputs()[*index as usize]);
                    builder.node(Op::Input(index), &[], context, None)?
                }
                ExactInput::Real(constant) => {
                    let value = constant.append_to(builder)?;
                    match context {
                        Context::Fixed(own) => {
                            let once = Op::Round(own);
                            let once = builder.node(once, &[value], Context::Real, None)?;
                            builder.node(Op::Convert, &[once], context, None)?
                        }
                        // A node of its own, for its adjoint.
                        _ => builder.node(Op::Convert, &[value], context, None)?,
                    }
                }
            },
            op => builder.node(op.clone(), &operands, context, None)?,
        };
        exact.push(new);
    }
    let adjoints = builder.adjoints(exact[graph.root().index()])?;
    let adjoint = exact
        .iter()
        .map(|id| adjoints.get(id.index()).copied().flatten());
    let adjoint = adjoint.collect();
    Ok((exact, adjoint))
}

pub fn plan(
    graph: &Formula,
    inputs: &[ExactInput<'_>],
    trace: &[Float],
    live: &[bool],
    place: impl Fn(NodeId) -> Option<Format>,
) -> Result<Plan, Diagnostic> {
    let mut builder = Builder::new();
    let (exact, adjoint) = exact_nodes(&mut builder, graph, inputs, &place)?;
    let root = exact[graph.root().index()];
    let mut literals: Vec<Option<NodeId>> = vec![None; trace.len()];
    let mut local = vec![None; trace.len()];
    let mut made = vec![None; trace.len()];
    let mut literal = |builder: &mut Builder, id: NodeId| -> Result<Option<NodeId>, Diagnostic> {
        let value = &trace[id.index()];
        if literals[id.index()].is_none() && value.is_finite() {
            literals[id.index()] = Some(number(builder, value)?);
        }
        Ok(literals[id.index()])
    };
    for id in graph.ids().filter(|id| live[id.index()]) {
        let op = &graph.node(id).op;
        if place(id).is_none() || graph.kind(id) == Kind::Predicate || is_special(op) {
            continue;
        }
        let node = graph.node(id);
        let unrounded = if node.op.is_leaf() {
            Some(exact[id.index()])
        } else if node.op == Op::Select {
            // The other branch has no part in it.
            literal(&mut builder, taken(graph, trace, id))?
        } else {
            let mut operands = Vec::with_capacity(3);
            for &operand in graph.operands(id) {
                operands.extend(literal(&mut builder, operand)?);
            }
            let finite = operands.len() == graph.operands(id).len();
            match finite {
                true => Some(builder.node(node.op.clone(), &operands, Context::Real, None)?),
                false => None,
            }
        };
        local[id.index()] = unrounded;
        if let (Some(unrounded), Some(computed)) = (unrounded, literal(&mut builder, id)?) {
            let operands = [computed, unrounded];
            made[id.index()] = Some(builder.node(Op::Sub, &operands, Context::Real, None)?);
        }
    }
    Ok(Plan {
        adjoint,
        formula: builder.finish_whole(root, graph.sources().clone()),
        exact,
        local,
        made,
    })
}

/// A finite number as a node; one with a huge exponent as a product, since as a
/// rational it would have as many bits.
fn number(builder: &mut Builder, value: &Float) -> Result<NodeId, Diagnostic> {
    let mut literal = |value: Rational| {
        let literal = Op::Literal(Arc::new(Literal::unwritten(value)));
        builder.node(literal, &[], Context::Real, None)
    };
    match exponent(value).filter(|e| e.unsigned_abs() > MOST_EXPONENT) {
        Some(e) => {
            let significand = Float::with_val(value.prec(), value >> e);
            let significand = literal(significand.to_rational().unwrap_or_default())?;
            let e = literal(e.into())?;
            let power = builder.node(Op::Exp2, &[e], Context::Real, None)?;
            builder.node(Op::Mul, &[significand, power], Context::Real, None)
        }
        None => literal(value.to_rational().unwrap_or_default()),
    }
}
