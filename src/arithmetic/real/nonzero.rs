//! What is surely not 0, though 0 is an end of its enclosure: an x in (0, 1] is
//! enclosed by [0, 1]. Then 1/x and log(x) are defined, and x > 0 holds.

use super::RealValue;
use crate::formula::Op;
use std::cmp::Ordering;

/// Whether an operation's result, where it is defined, is not 0, as far as that
/// follows from what is known of the operands, and not from the result's bounds.
pub(super) fn is_nonzero(op: &Op, operands: &[&RealValue]) -> bool {
    let x = |i: usize| operands[i].is_nonzero();
    let one_sign = || {
        let [a, b] = [operands[0], operands[1]].map(RealValue::enclosure);
        (*a.lo() >= 0 && *b.lo() >= 0) || (*a.hi() <= 0 && *b.hi() <= 0)
    };
    match op {
        Op::Neg | Op::Abs | Op::Sqrt | Op::Cbrt | Op::Convert | Op::Cast(_) => x(0),
        Op::Div | Op::Pow => x(0),
        Op::Mul | Op::Min | Op::Max => x(0) && x(1),
        Op::Add => one_sign() && (x(0) || x(1)),
        Op::Hypot => x(0) || x(1),
        Op::Exp | Op::Exp2 | Op::Exp10 => true,
        // These are 0 at 0 alone.
        Op::Expm1 | Op::Log1p | Op::Sinh | Op::Tanh | Op::Asinh | Op::Atanh => x(0),
        Op::Asin | Op::Atan | Op::Erf => x(0),
        Op::Select => match operands[0].truth() {
            Some(holds) => x(if holds { 1 } else { 2 }),
            None => x(1) && x(2),
        },
        _ => false,
    }
}

/// Whether an operation is defined at all values of its operands, because one of
/// them is not 0.
pub(super) fn is_defined(op: &Op, operands: &[&RealValue]) -> bool {
    let surely = operands.iter().all(|x| x.enclosure.is_surely());
    let x = |i: usize| operands[i].is_nonzero();
    let positive = |i: usize| x(i) && *operands[i].enclosure.lo() >= 0;
    let whole = |i: usize| {
        let enclosure = &operands[i].enclosure;
        enclosure.is_point() && enclosure.lo().is_integer()
    };
    surely
        && match op {
            Op::Div => x(1),
            Op::Log | Op::Log2 | Op::Log10 | Op::Gamma | Op::Lgamma => positive(0),
            Op::Pow => positive(0) || (x(0) && whole(1)),
            Op::Atan2 => x(0) || x(1),
            _ => false,
        }
}

/// The order of two values with 0 between them, where one is surely not 0.
pub(super) fn order(a: &RealValue, b: &RealValue) -> Option<Ordering> {
    let surely = a.enclosure.is_surely() && b.enclosure.is_surely();
    if !surely || !(a.is_nonzero() || b.is_nonzero()) {
        return None;
    }
    let [a, b] = [a, b].map(RealValue::enclosure);
    if *a.hi() <= 0 && *b.lo() >= 0 {
        Some(Ordering::Less)
    } else if *a.lo() >= 0 && *b.hi() <= 0 {
        Some(Ordering::Greater)
    } else {
        None
    }
}

/// Whether two values surely differ because one is 0 and the other is not.
pub(super) fn differ(a: &RealValue, b: &RealValue) -> bool {
    let surely = a.enclosure.is_surely() && b.enclosure.is_surely();
    let zero = |x: &RealValue| x.enclosure.is_point() && x.enclosure.lo().is_zero();
    surely && ((zero(a) && b.is_nonzero()) || (a.is_nonzero() && zero(b)))
}
