//! `polygamma(n, x)` in any format. MPFR has ψ alone; its derivatives are
//! enclosed at rising precision until both bounds round to one number (Ziv,
//! *Fast evaluation of elementary mathematical functions with correctly rounded
//! last bit*, 1991), which is then the exact value rounded once.

use super::cost;
use super::emulated::{NoValue, finish};
use crate::enclosure::{Enclosure, MAX_ORDER};
use crate::format::{Format, MPFR_EMAX, MPFR_EMIN};
use crate::formula::Op;
use rug::float::Special;
use rug::ops::AssignRound;
use rug::{Assign, Float};
use std::cmp::Ordering;

/// Bits beyond the format's that are tried one after the other.
const GUARD_BITS: [u32; 4] = [16, 80, 400, 2000];

/// What the derivatives of ψ are where they are no matter of computing.
fn special(n: &Float, x: &Float) -> Option<Special> {
    let pole = *x <= 0 && x.is_integer();
    if n.is_nan() || x.is_nan() || !n.is_integer() || *n < 0 || pole {
        return Some(Special::Nan);
    }
    if x.is_finite() {
        return None;
    }
    // ψ(∞) = ∞; ψ′ falls to 0, ψ″ rises to it, and so on.
    Some(match (x.is_sign_negative(), is_odd(n)) {
        (true, _) => Special::Nan,
        (false, _) if n.is_zero() => Special::Infinity,
        (false, true) => Special::Zero,
        (false, false) => Special::NegZero,
    })
}

fn is_odd(n: &Float) -> bool {
    // Above the precision there is no unit bit.
    n.get_exp().is_some_and(|e| e > 0 && e as u32 <= n.prec())
        && n.to_integer().is_some_and(|n| n.is_odd())
}

/// Whether this order is beyond those that are evaluated.
pub(super) fn is_high(n: &Float) -> bool {
    n.is_integer() && *n > MAX_ORDER
}

/// A bound, or, where it is infinite or 0 though the value is neither, MPFR's
/// outermost number on that side: beyond what any other format holds.
fn inside(bound: &Float, other: &Float) -> Float {
    let outermost = if bound.is_infinite() {
        Float::with_val(2, 1) << MPFR_EMAX
    } else if bound.is_zero() {
        Float::with_val(2, 1) << MPFR_EMIN
    } else {
        return bound.clone();
    };
    // An infinite bound has its own sign, 0 that of the other bound.
    let sign = if bound.is_zero() { other } else { bound };
    outermost.copysign(sign)
}

/// ψ⁽ⁿ⁾(x), rounded once; NaN at the poles, at −∞ and where n is no integer
/// n ≥ 0.
///
/// # Errors
/// As [`operate`](super::emulated::operate); `result` is then NaN.
pub(super) fn polygamma(
    format: &Format,
    n: &Float,
    x: &Float,
    result: &mut Float,
) -> Result<(), NoValue> {
    if let Some(special) = special(n, x) {
        result.assign(special);
        return finish(format, result, Ordering::Equal);
    }
    if cost::too_costly(&Op::Polygamma, result.prec(), &[n, x]) {
        result.assign(Special::Nan);
        return Err(NoValue::TooCostly);
    }
    if n.is_zero() {
        let ternary = result.assign_round(x.digamma_ref(), format.mpfr_round());
        return finish(format, result, ternary);
    }
    let (mut order, mut operand) = (Enclosure::new(n.prec()), Enclosure::new(x.prec()));
    order.assign_point(n);
    operand.assign_point(x);
    result.assign(Special::Nan);
    for guard in GUARD_BITS {
        let bits = format.working_precision().saturating_add(guard);
        let mut value = Enclosure::new(bits);
        value.assign_polygamma(&order, &operand);
        // No number and no 0: what lies between is beyond MPFR's exponents.
        let beyond = [value.lo(), value.hi()].map(|x| x.is_infinite() || x.is_zero());
        if format.is_mpfr() && beyond.contains(&true) {
            return Err(NoValue::OutOfRange);
        }
        let [lo, hi] = [
            inside(value.lo(), value.hi()),
            inside(value.hi(), value.lo()),
        ]
        .map(|bound| format.round(&bound));
        if format.is_mpfr() && lo.is_nan() && hi.is_nan() {
            return Err(NoValue::OutOfRange);
        }
        if lo.total_cmp(&hi) == Ordering::Equal {
            result.assign(&lo);
            return Ok(());
        }
    }
    Err(NoValue::TooCostly)
}
