//! From which precision on a computed value is good.

use crate::evaluate::compute;
use crate::format::Format;
use crate::measure;
use crate::study::{Options, Subject};
use crate::truth::Truth;
use serde::Serialize;

/// The greatest precision that is tried for [`LeastPrecision`].
const MAX_TRIED: u32 = 8192;

/// Up to this precision all are tried, beyond it one in so many.
const ALL_TRIED: u32 = 512;

/// How many operations the trials may take together.
const TRIAL_OPERATIONS: usize = 3_000_000;

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

/// Tries precisions until four times the least good one.
pub(super) fn least_precision(subject: &Subject, options: &Options) -> Option<LeastPrecision> {
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
