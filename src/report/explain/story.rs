//! An explanation in sentences.

use super::cells::{called, shortened};
use crate::measure::{Bounds, Cause, Verdict};
use crate::study::{Explained, Explanation, LeastPrecision, NodeKind, Status, Trust};

/// Below this an error's share is not worth a word.
const SOME: f64 = 0.005;

/// The greatest magnitude that a share may have.
pub fn size(share: &Bounds) -> f64 {
    share.lower.to_f64().abs().max(share.upper.to_f64().abs())
}

/// The story in sentences.
pub fn story(result: &Explanation) -> Vec<String> {
    let story = &result.story;
    let nodes = &result.nodes;
    let mut said = Vec::new();
    let culprit = story.culprit.map(|index| &nodes[index]);
    match (story.first_order, culprit) {
        (Trust::NoError, _) => {
            let mut text = "Nothing was lost: the computed value is the exact one.".to_string();
            if result.result.verdict == Some(Verdict::Avoidable) {
                text.push_str(" (The verdict is about the inputs as they were rounded.)");
            }
            return vec![text];
        }
        (Trust::Unknown, _) => {
            let why = match (&result.exact.status, &result.exact.reason) {
                (Status::Certified, _) | (_, None) => story.reason.clone().unwrap_or_default(),
                (_, Some(reason)) => reason.clone(),
            };
            return vec![format!("No shares of the error: {why}.")];
        }
        (Trust::NotFinite, Some(node)) => {
            let exact = node.exact.as_deref().map(shortened);
            let exact = exact.map_or(String::new(), |exact| format!(": {exact}"));
            let harmless = matches!(
                result.result.verdict,
                Some(Verdict::BestPossible | Verdict::Faithful)
            );
            said.push(format!(
                "{} {}: {}. It is the first value that is not finite, though the exact one is{exact}. \
                 {}",
                if harmless { "Not finite is" } else { "Lost in" },
                called(node),
                node.happened.cause,
                if harmless {
                    "The result did not suffer."
                } else {
                    "Shares, which are of the first order, do not apply."
                }
            ));
            said.extend(before(result));
        }
        (Trust::OtherBranch, Some(node)) => said.push(format!(
            "Lost in the condition of {}: it takes another branch than the exact value does. \
             Shares, which are of the first order, do not apply.",
            called(node)
        )),
        (Trust::DoesNotAddUp, Some(node)) => said.push(format!(
            "Lost in {}: {}, as far as the first order tells.",
            called(node),
            reason(node)
        )),
        (_, Some(node)) => said.push(lost(node)),
        (_, None) => {
            let counts = |node: &Explained| node.share.as_ref().is_some_and(|s| size(s) > 0.0);
            if !nodes.iter().any(counts) {
                return vec![
                    "To first order nothing that was lost counts here: the derivative is 0, or \
                     there is a kink."
                        .into(),
                ];
            }
            said.push(spread(result));
        }
    }
    if let (Trust::DoesNotAddUp, Some(sum)) = (story.first_order, &story.sum) {
        said.push(format!(
            "The shares add up to {}, not to 100 %: the error is too large for the first order, \
             and they are no more than a hint.",
            sum.percent()
        ));
    }
    said.extend(exposed(result));
    let adds_up = story.first_order != Trust::DoesNotAddUp;
    let shown = |share: &&Bounds| adds_up || size(share) < SOME;
    if let Some(inputs) = story.inputs.as_ref().filter(shown) {
        said.push(part("Inputs", inputs));
    }
    let constants = story.constants.as_ref().filter(shown);
    if let Some(constants) = constants.filter(|share| size(share) >= SOME) {
        said.push(part("Constants", constants));
    }
    said
}

fn part(what: &str, share: &Bounds) -> String {
    if size(share) < SOME {
        format!("{what}: blameless.")
    } else {
        format!(
            "{what}: their rounding makes {} of the error.",
            share.percent()
        )
    }
}

/// `Lost in …: …; that is 100 % of the error.`
fn lost(node: &Explained) -> String {
    let share = node.share.as_ref().map(Bounds::percent).unwrap_or_default();
    format!(
        "Lost in {}: {}; that is {share} of the error.",
        called(node),
        reason(node)
    )
}

/// How a node made its error.
fn reason(node: &Explained) -> String {
    match (node.kind, node.happened.cause) {
        (NodeKind::Input, _) => "the rounding of the input".to_string(),
        (NodeKind::Constant, _) => "the rounding of the constant".to_string(),
        (_, Cause::Absorbed) => match &node.absorbed {
            Some(absorbed) => format!("it absorbs {absorbed}"),
            None => "a term is absorbed".to_string(),
        },
        (_, Cause::Rounded | Cause::Cancelled) => "its result is rounded".to_string(),
        (_, cause) => cause.to_string(),
    }
}

/// Why an operand was wrong that made a value infinite or NaN.
fn before(result: &Explanation) -> Option<String> {
    let before = result.story.before?;
    let (operand, culprit) = (&result.nodes[before.operand], &result.nodes[before.culprit]);
    let what = match &culprit.absorbed {
        Some(absorbed) => format!("which absorbs {absorbed}"),
        None => format!("{} there", culprit.happened.cause),
    };
    Some(format!(
        "Its operand {} was computed as {}, and is {}: lost in {}, {what}.",
        called(operand),
        operand.computed.brief(),
        operand
            .exact
            .as_deref()
            .map_or("another number".to_string(), shortened),
        called(culprit),
    ))
}

/// The error has many parts.
fn spread(result: &Explanation) -> String {
    let mut nodes: Vec<&Explained> = result
        .nodes
        .iter()
        .filter(|node| node.share.is_some())
        .collect();
    let size_of = |node: &Explained| node.share.as_ref().map_or(0.0, size);
    nodes.sort_by(|a, b| size_of(b).total_cmp(&size_of(a)));
    let most = nodes.iter().take(3).filter(|node| size_of(node) > 0.0);
    let most: Vec<String> = most
        .map(|node| {
            let share = node.share.as_ref().map(Bounds::percent).unwrap_or_default();
            format!("{} {share}", called(node))
        })
        .collect();
    let all: f64 = nodes.iter().map(|node| size_of(node)).sum();
    let signs = if all > 1.5 {
        " Errors of either sign partly make up for each other."
    } else {
        ""
    };
    format!(
        "No single operation stands out; the greatest shares: {}.{signs}",
        most.join(", ")
    )
}

/// What exposed the loss, and whether a better operand would have helped.
fn exposed(result: &Explanation) -> Option<String> {
    let story = &result.story;
    let by = &result.nodes[story.exposed_by?];
    let operand = &result.nodes[story.exposed_operand?];
    let before = operand.relative_error.as_ref()?.percent_or_plain();
    let mut said = match &by.relative_error {
        Some(after) => format!(
            "Exposed by {}: there a relative error of {before} becomes one of {}.",
            called(by),
            after.percent_or_plain()
        ),
        None => format!(
            "Exposed by {}: its exact value is 0, where no error is small; before it the relative error is {before}.",
            called(by)
        ),
    };
    let given = operand.kind != NodeKind::Operation;
    match operand.correctly_rounded.filter(|_| !given) {
        Some(true) => {
            said.push_str(&format!(
                " {} is correctly rounded, even so: a perfect one is {} too. No better way to \
                 compute it helps",
                called(operand),
                operand.computed.brief(),
            ));
            // Of the whole formula that would be no advice.
            let whole = story.exposed_by == Some(result.nodes.len() - 1);
            said.push_str(&match (whole, by.happened.cause) {
                (true, cause) if cause != Cause::Cancelled => ".".to_string(),
                _ => format!("; a formula without {} may.", called(by)),
            });
        }
        Some(false) => said.push_str(&format!(
            " {} is not correctly rounded: to compute it better may help.",
            called(operand)
        )),
        None => {}
    }
    Some(said)
}

/// From which precision on the result is good.
pub fn least(least: &LeastPrecision) -> String {
    let tried = format!(
        "{} {}..{} tried",
        if least.every {
            "every precision of"
        } else {
            "precisions of"
        },
        least.from,
        least.to
    );
    match least.precision {
        Some(precision) if least.to < precision.saturating_mul(4) => format!(
            "Relative error under 1/2 from {precision} bits on, as far as was tried ({tried})."
        ),
        Some(precision) => {
            format!("Relative error under 1/2 from {precision} bits on ({tried}).")
        }
        None => format!("The relative error does not stay under 1/2 at any precision ({tried})."),
    }
}
