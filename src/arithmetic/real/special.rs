//! Operations that look at more than enclosures: conversions and roundings,
//! choices, and what is done with infinities, NaN and ranges of computed values.

use super::{RealValue, State};
use crate::arithmetic::emulated::{NoValue, compare};
use crate::arithmetic::happened::{is_cause, the_cause};
use crate::arithmetic::interval::{Ends, compare_over};
use crate::enclosure::Defined;
use crate::format::Format;
use crate::formula::{Cause, Kind, Op};
use rug::{Float, Rational};

/// Carries a value into the reals: a finite computed one is an exact number.
pub(super) fn convert(value: &RealValue, result: &mut RealValue) {
    if let Some(limit) = value.limit.filter(|_| value.state == State::Enclosed) {
        result.copy(value);
        result.limit = Some(limit);
        return;
    }
    if let Some(ends) = value
        .ends()
        .filter(|ends| ends.is_finite() && !ends.is_point())
    {
        result.enclosure.assign_bounds(ends.lo, ends.hi);
        return result.settle();
    }
    result.copy(value);
    if value.state == State::Computed && value.computed.is_finite() {
        result.state = State::Enclosed;
        result.adopt(&value.computed);
    }
}

/// `rn(e, F)`: the exact value rounded once. Rounding is monotone, so the
/// bounds' images bound the value's.
pub(super) fn round(format: &Format, value: &RealValue, result: &mut RealValue) {
    // A computed infinity or NaN is carried into the format.
    if let Some(special) = value.special() {
        return result.set_computed(&format.round(special));
    }
    if value.enclosure.is_never() {
        result.state = State::Enclosed;
        return result.enclosure.assign_never();
    }
    let (lo, hi) = match value.exact() {
        Some(exact) => {
            let rounded = format.round_rational(exact);
            (rounded.clone(), rounded)
        }
        None => (
            format.round(value.enclosure.lo()),
            format.round(value.enclosure.hi()),
        ),
    };
    if format.is_mpfr() && (lo.is_nan() || hi.is_nan()) {
        return result.give_up(NoValue::OutOfRange);
    }
    // Beyond the largest number, a format without infinities has NaN.
    let beyond = lo.is_nan() && hi.is_nan() && value.enclosure.sign().is_some();
    if (lo == hi || beyond) && value.enclosure.defined() == Defined::Surely {
        result.set_computed(&lo);
        if lo.is_finite() {
            result.state = State::Enclosed;
            result.adopt(&lo);
        }
        return;
    }
    result.state = State::Enclosed;
    if lo.is_finite() && hi.is_finite() {
        result.enclosure.assign_bounds(&lo, &hi);
        if value.enclosure.defined() != Defined::Surely {
            result.enclosure.weaken();
        }
    } else if lo.is_nan() || hi.is_nan() || value.enclosure.defined() != Defined::Surely {
        result.enclosure.assign_whole(Defined::Maybe);
    } else {
        result.interval().assign(&lo, &hi);
        result.settle_interval();
    }
}

/// `cause(e, F) == word`: whether that is what happened at `op`, the root of e;
/// the operands are its result, computed and exact, and what it was made of.
pub(super) fn happened(
    cause: Cause,
    op: &Op,
    format: &Format,
    operands: &[&RealValue],
    result: &mut RealValue,
) {
    let [computed, exact, operands @ ..] = operands else {
        unreachable!("a cause has a result, computed and exact")
    };
    if let Some(limit) = computed.limit {
        return result.give_up(limit);
    }
    let ends: Option<Vec<Ends>> = operands.iter().map(|value| value.ends()).collect();
    let (Some(ends), Some(computed)) = (ends, computed.ends()) else {
        return result.unknown();
    };
    match is_cause(cause, op, format, &ends, computed, exact.enclosure()) {
        Some(holds) => {
            result.state = State::Enclosed;
            result
                .enclosure
                .assign_rational(&Rational::from(u32::from(holds)));
        }
        None => match exact.limit {
            Some(limit) => result.give_up(limit),
            None => result.unknown(),
        },
    }
}

/// What happened at an operation, whose operands here are its result, computed
/// and exact, and what it was made of; `None` where that is not known, or not
/// the same for all values that these may have.
pub fn cause_of(op: &Op, format: &Format, operands: &[&RealValue]) -> Option<Cause> {
    let [computed, exact, operands @ ..] = operands else {
        return None;
    };
    let ends: Option<Vec<Ends>> = operands.iter().map(|value| value.ends()).collect();
    the_cause(op, format, &ends?, computed.ends()?, exact.enclosure())
}

/// The branch that the condition decides, or the hull of both.
pub(super) fn select(operands: &[&RealValue], result: &mut RealValue) {
    let [condition, yes, no] = operands else {
        unreachable!("if has three operands")
    };
    match condition.truth() {
        Some(true) => result.copy(yes),
        Some(false) => result.copy(no),
        // An infinity or a NaN of either branch is a value that no enclosure holds.
        None if yes.ends().is_some() || no.ends().is_some() => result.unknown(),
        None => {
            result.state = State::Enclosed;
            result
                .enclosure
                .assign_select(&condition.enclosure, &yes.enclosure, &no.enclosure);
            result.settle();
        }
    }
}

/// The operand that a `min` or `max` gives, where that is decided.
pub(super) fn extremum<'a>(op: &Op, operands: &[&'a RealValue]) -> Option<&'a RealValue> {
    let &[a, b] = operands else { return None };
    if !a.enclosure.is_surely() || !b.enclosure.is_surely() {
        return None;
    }
    let (lesser, greater) = if a.enclosure.hi() <= b.enclosure.lo() {
        (a, b)
    } else if b.enclosure.hi() <= a.enclosure.lo() {
        (b, a)
    } else {
        return None;
    };
    match op {
        Op::Min => Some(lesser),
        Op::Max => Some(greater),
        _ => None,
    }
}

/// A comparison with a range of computed values among its operands; nothing is
/// known of other operations on one that may be infinite or NaN.
pub(super) fn with_range(op: &Op, operands: &[&RealValue], result: &mut RealValue) {
    let one_node = operands.len() == 2 && std::ptr::eq(operands[0], operands[1]);
    let ends: Option<Vec<Ends>> = operands.iter().map(|value| value.extended()).collect();
    let Some(ends) = ends.filter(|_| op.kind() == Kind::Predicate && operands.len() == 2) else {
        return result.unknown();
    };
    if matches!(op, Op::And | Op::Or) {
        return result.unknown();
    }
    result.state = State::Enclosed;
    match compare_over(op, &ends, one_node) {
        (true, true) => result.unknown(),
        (holds, _) => result
            .enclosure
            .assign_rational(&Rational::from(u32::from(holds))),
    }
}

/// An operation with an infinity or a NaN among its operands: comparisons are
/// IEEE 754's, the negative of an infinity is one, nothing else is defined.
pub(super) fn with_special(op: &Op, operands: &[&RealValue], result: &mut RealValue) {
    result.state = State::Enclosed;
    match op {
        Op::Neg => {
            let negative = Float::with_val(operands[0].computed.prec(), -&operands[0].computed);
            result.set_computed(&negative);
        }
        Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
            let (a, b) = (operands[0], operands[1]);
            let finite = |value: &RealValue| value.enclosure.defined() == Defined::Surely;
            let order = match (a.special(), b.special()) {
                (Some(x), Some(y)) => x.partial_cmp(y),
                // Every real number is below +∞ and above −∞.
                (Some(x), None) if finite(b) => x.partial_cmp(&0),
                (None, Some(y)) if finite(a) => 0.partial_cmp(y),
                (None, _) if a.enclosure.is_never() => return result.enclosure.assign_never(),
                (_, None) if b.enclosure.is_never() => return result.enclosure.assign_never(),
                // Whether the other side exists is not known at this precision.
                _ => return result.unknown(),
            };
            result
                .enclosure
                .assign_rational(&Rational::from(u32::from(compare(op, order))));
        }
        _ => result.enclosure.assign_never(),
    }
}
