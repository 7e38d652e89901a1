//! What to say of a result.

use super::same;
use crate::format::{Format, Rounding};
use crate::truth::{self, Truth, Unanswered};
use rug::float::Round;
use rug::{Float, Rational};
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
        let limited = is_off_by_more_than_a_rounding(truth, &best, format)?;
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

/// Whether |best − v| > b·|v| for the exact value v, with b = 2^−p where the
/// format rounds to nearest and 2^(1−p) otherwise: a rounding of a normal number
/// is off by less.
fn is_off_by_more_than_a_rounding(
    value: &mut Truth<'_>,
    best: &Float,
    format: &Format,
) -> Result<bool, Unanswered> {
    if !best.is_finite() {
        return Ok(true);
    }
    let nearest = matches!(
        format.rounding(),
        Rounding::NearestEven | Rounding::NearestAway
    );
    // Half an ulp of a normal number above the least one is no more than 2^−p of it.
    let (least, largest) = (format.least_normal(), format.largest());
    let inside = best.cmp_abs(&least) == Some(Ordering::Greater)
        && best.cmp_abs(&largest) == Some(Ordering::Less);
    if nearest && inside && !format.flushes_to_zero() {
        return Ok(false);
    }
    let shift = format.precision() - u32::from(!nearest);
    value.decide(format.precision(), |value| {
        if let Some(exact) = value.exact()
            && super::exponent(best).is_none_or(|e| e.unsigned_abs() < super::MAX_SHIFT)
        {
            let off = (best.to_rational().expect("finite") - exact).abs();
            let bound = Rational::from(exact.abs_ref()) >> shift;
            return truth::Verdict::Decided(off > bound);
        }
        let enclosure = value.enclosure();
        let (lo, hi) = (enclosure.lo(), enclosure.hi());
        if !enclosure.is_bounded() || enclosure.sign().is_none() {
            return truth::Verdict::Undecided;
        }
        // Outward: the least and the greatest |best − v|, and those of |v|/2^shift.
        let precision = enclosure.precision();
        let directed =
            |x: &Float, round: Round| Float::with_val_round(precision, best - x, round).0.abs();
        let between = *lo <= *best && *best <= *hi;
        let least = if between {
            Float::new(precision)
        } else {
            // Both differences have one sign; rounding toward zero makes them less.
            directed(lo, Round::Zero).min(&directed(hi, Round::Zero))
        };
        let greatest = directed(lo, Round::AwayZero).max(&directed(hi, Round::AwayZero));
        let (small, large) = match lo.cmp_abs(hi) {
            Some(Ordering::Greater) => (hi, lo),
            _ => (lo, hi),
        };
        let scaled = |x: &Float| Float::with_val(x.prec(), x.abs_ref()) >> shift;
        if least > scaled(large) {
            truth::Verdict::Decided(true)
        } else if greatest <= scaled(small) {
            truth::Verdict::Decided(false)
        } else {
            truth::Verdict::Undecided
        }
    })
}
