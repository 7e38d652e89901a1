//! What shares say together.

use crate::formula::{Formula, NodeId, Op};
use crate::measure::{Blame, Bounds, FirstOrder, NodeBlame};
use rug::Float;
use rug::float::Special;
use serde::Serialize;

/// A node exposes what its operands had lost where the relative error grows by
/// this factor at least.
const EXPOSES: u32 = 4;

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

pub(super) fn story(graph: &Formula, blame: &Blame) -> Story {
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
pub(super) fn wrong_operand(graph: &Formula, nodes: &[NodeBlame], of: usize) -> Option<usize> {
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
