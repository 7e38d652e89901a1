//! Operations on rationals that have a rational result.

use super::{MAX_EXACT_BITS, RealValue, nonzero};
use crate::arithmetic::emulated::compare;
use crate::enclosure::Defined;
use crate::formula::{Kind, Op};
use rug::ops::Pow;
use rug::{Integer, Rational};

/// Carries an operation out exactly, if that is possible; whether it was.
pub(super) fn exactly(
    op: &Op,
    operands: &[&RealValue],
    one_node: bool,
    result: &mut RealValue,
) -> bool {
    if one_node && operands[0].enclosure.defined() == Defined::Surely {
        match op {
            Op::Sub => {
                result.set_exact(Rational::new());
                return true;
            }
            Op::Div if operands[0].is_nonzero() => {
                result.set_exact(Rational::from(1));
                return true;
            }
            Op::Eq | Op::Le | Op::Ge => {
                result.set_exact(Rational::from(1));
                return true;
            }
            Op::Ne | Op::Lt | Op::Gt => {
                result.set_exact(Rational::new());
                return true;
            }
            _ => {}
        }
    }
    if op.kind() == Kind::Predicate && !matches!(op, Op::And | Op::Or | Op::Not) {
        let (a, b) = (operands[0], operands[1]);
        let order = match (a.exact(), b.exact()) {
            (Some(a), Some(b)) => Some(a.cmp(b)),
            _ => nonzero::order(a, b),
        };
        let differ = nonzero::differ(a, b);
        let holds = match (order, op) {
            (Some(order), _) => compare(op, Some(order)),
            (None, Op::Eq | Op::Ne) if differ => *op == Op::Ne,
            _ => return false,
        };
        result.set_exact(Rational::from(u32::from(holds)));
        return true;
    }
    let Some(a) = operands.first().and_then(|value| value.exact()) else {
        return false;
    };
    // A number of a million digits may be given; it is not computed with.
    let long = operands
        .iter()
        .filter_map(|value| value.exact())
        .any(|value| size(value) > MAX_EXACT_BITS);
    if long && !matches!(op, Op::Neg | Op::Abs | Op::Min | Op::Max) {
        return false;
    }
    let b = operands.get(1).map(|value| value.exact());
    let value = match (op, b) {
        (Op::Neg, _) => Some(Rational::from(-a)),
        (Op::Abs, _) => Some(Rational::from(a.abs_ref())),
        (Op::Floor, _) => Some(Rational::from(a.floor_ref())),
        (Op::Ceil, _) => Some(Rational::from(a.ceil_ref())),
        (Op::Trunc, _) => Some(Rational::from(a.trunc_ref())),
        (Op::RoundHalfAway, _) => Some(Rational::from(a.round_ref())),
        (Op::Sqrt, _) => square_root(a),
        (Op::Cbrt, _) => cube_root(a),
        (Op::Exp2, _) => power(&Rational::from(2), a),
        (Op::Exp10, _) => power(&Rational::from(10), a),
        (Op::Hypot, Some(Some(b))) => square_root(&(Rational::from(a * a) + Rational::from(b * b))),
        (Op::Add, Some(Some(b))) => Some(Rational::from(a + b)),
        (Op::Sub, Some(Some(b))) => Some(Rational::from(a - b)),
        (Op::Mul, Some(Some(b))) => Some(Rational::from(a * b)),
        (Op::Div, Some(Some(b))) if !b.is_zero() => Some(Rational::from(a / b)),
        (Op::Min, Some(Some(b))) => Some(a.min(b).clone()),
        (Op::Max, Some(Some(b))) => Some(a.max(b).clone()),
        (Op::Pow, Some(Some(b))) => power(a, b),
        (Op::Fma, Some(Some(b))) => operands[2].exact().map(|c| Rational::from(a * b) + c),
        _ => None,
    };
    match value.filter(|value| long || size(value) <= MAX_EXACT_BITS) {
        Some(value) => {
            result.set_exact(value);
            true
        }
        None => false,
    }
}

/// √a, where it is rational.
fn square_root(a: &Rational) -> Option<Rational> {
    let root = |x: &Integer| x.is_perfect_square().then(|| Integer::from(x.sqrt_ref()));
    Some(Rational::from((root(a.numer())?, root(a.denom())?)))
}

/// ∛a, where it is rational.
fn cube_root(a: &Rational) -> Option<Rational> {
    let root = |x: &Integer| {
        let root = Integer::from(x.root_ref(3));
        (root.clone().pow(3) == *x).then_some(root)
    };
    Some(Rational::from((root(a.numer())?, root(a.denom())?)))
}

/// a^b for an integer b, or a half of one where √a is rational, if it is short
/// enough.
fn power(a: &Rational, b: &Rational) -> Option<Rational> {
    if *b.denom() == 2 && *a >= 0 {
        return power(&square_root(a)?, &Rational::from(b * 2u32));
    }
    if !b.is_integer() || (a.is_zero() && *b < 0) {
        return None;
    }
    let n = b.numer().to_i32()?;
    // |a| = 1 and a = 0 have short powers of any exponent.
    let long = u64::from(size(a).saturating_sub(2)) * u64::from(n.unsigned_abs());
    (long <= u64::from(2 * MAX_EXACT_BITS) || a.numer().significant_bits() == 0 || size(a) <= 2)
        .then(|| Rational::from(a.pow(n)))
}

/// Bits of numerator and denominator together.
fn size(value: &Rational) -> u32 {
    value
        .numer()
        .significant_bits()
        .saturating_add(value.denom().significant_bits())
}
