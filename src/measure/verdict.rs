//! What to say of a result.

use super::{errors, same};
use crate::format::{Format, Rounding};
use crate::truth::{Truth, Unanswered};
use rug::Float;
use serde::Serialize;
use std::cmp::Ordering;
use std::fmt;

/// How good a computed value is, with x̂ the inputs rounded to the format and
/// best the exact f(x̂) rounded once, in the format's own mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is best.
    BestPossible,
    /// It is best, and best itself is off by more than a rounding of a normal
    /// number is: the value lies where the format has no number near it.
    LimitOfTheFormat,
    /// It is the other neighbour of f(x̂).
    Faithful,
    /// The format holds a closer number.
    Avoidable,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::BestPossible => "best possible",
            Verdict::LimitOfTheFormat => "limit of the format",
            Verdict::Faithful => "faithful",
            Verdict::Avoidable => "avoidable",
        })
    }
}

/// The verdict on `computed`, a number of `format`; `truth` is of f(x̂).
///
/// # Errors
/// Where f(x̂) is undefined, or its rounding undecided at the budget.
pub fn verdict(
    truth: &mut Truth<'_>,
    computed: &Float,
    format: &Format,
) -> Result<Verdict, Unanswered> {
    let best = truth.rounded(format)?;
    if same(&best, computed) {
        // A rounding to nearest of a normal number is off by less than 2^−p, a
        // directed one by less than 2^(1−p), relative to the exact value.
        let nearest = matches!(
            format.rounding(),
            Rounding::NearestEven | Rounding::NearestAway
        );
        let bound = i32::from(!nearest) - format.precision() as i32;
        let off = errors(truth, &best, format)?;
        let limited = match &off.relative {
            Some(relative) => relative.exceeds_power_of_two(bound),
            // NaN for what lies above the largest number, or 0 for… 0.
            None => !best.is_zero(),
        };
        return Ok(if limited {
            Verdict::LimitOfTheFormat
        } else {
            Verdict::BestPossible
        });
    }
    // Beyond the largest number of a format without infinities, that number and
    // NaN are the neighbours.
    if best.is_nan() && computed.cmp_abs(&format.largest()) == Some(Ordering::Equal) {
        let sign = truth.sign()?;
        let same_side = sign.is_lt() == computed.is_sign_negative();
        return Ok(if same_side {
            Verdict::Faithful
        } else {
            Verdict::Avoidable
        });
    }
    // A neighbour of f(x̂) is one of best's too; on which side of best f(x̂) lies
    // matters only then.
    let neighbours = [
        (Rounding::Down, format.next_down(&best)),
        (Rounding::Up, format.next_up(&best)),
    ];
    for (direction, neighbour) in neighbours {
        if same(&neighbour, computed) {
            let directed = truth.rounded(&format.nearest().with_rounding(direction))?;
            if same(&directed, computed) {
                return Ok(Verdict::Faithful);
            }
        }
    }
    Ok(Verdict::Avoidable)
}
