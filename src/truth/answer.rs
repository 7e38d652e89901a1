//! What is known of a predicate, and where one about a real number changes.

use super::{Truth, Unanswered};
use crate::arithmetic::real::RealInput;
use crate::formula::Formula;
use rug::Float;

/// What is known of a predicate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It has no truth value: something in it does not exist.
    Undefined,
    /// It has one value at −0 and another one at +0.
    ZerosDiffer,
    /// The budget did not suffice.
    Undecided,
}

impl From<Result<bool, Unanswered>> for Answer {
    /// What a [`Truth`] says of a predicate.
    fn from(holds: Result<bool, Unanswered>) -> Self {
        match holds {
            Ok(true) => Answer::Holds,
            Ok(false) => Answer::Fails,
            Err(Unanswered::Undefined { .. }) => Answer::Undefined,
            Err(Unanswered::Undecided { .. }) => Answer::Undecided,
        }
    }
}

/// Two real numbers between `a` and `b`, in order, between which a predicate of
/// a real input changes: with different answers at `a` and `b`, there is such a
/// place. They share `bits` bits, or are as near as could be decided.
pub fn real_border(
    formula: &Formula,
    inputs: &[RealInput],
    variable: usize,
    (a, b): (&Float, &Float),
    bits: u32,
    limit: u32,
) -> Option<(Float, Float)> {
    let mut inputs = inputs.to_vec();
    inputs[variable] = RealInput::Between(a.clone(), a.clone());
    let mut truth = Truth::over(formula, inputs.clone(), limit);
    let mut holds = |x: &Float| {
        inputs[variable] = RealInput::Between(x.clone(), x.clone());
        truth.set_inputs(inputs.iter().cloned());
        truth.holds().ok()
    };
    let at_a = holds(a)?;
    if holds(b)? == at_a {
        return None;
    }
    let precision = a.prec().max(b.prec()) + bits + 64;
    let mut lo = Float::with_val(precision, a);
    let mut hi = Float::with_val(precision, b);
    for _ in 0..precision {
        let width = Float::with_val(32, &hi - &lo);
        let size = Float::with_val(32, hi.abs_ref());
        if width <= size >> bits {
            break;
        }
        let middle = Float::with_val(precision, &lo + &hi) >> 1u32;
        if middle <= lo || middle >= hi {
            break;
        }
        match holds(&middle) {
            Some(answer) if answer == at_a => lo = middle,
            Some(_) => hi = middle,
            None => break,
        }
    }
    Some((lo, hi))
}
