//! The basic operations on lanes of bounds.

use super::{Bounds, LANES};
use crate::formula::Op;

/// What is added to the magnitude of every result that is widened: more than an
/// ulp of a subnormal number, and normal itself, for processors are slow on
/// others.
const LEAST: f64 = f64::MIN_POSITIVE;

/// At least an ulp of x: ulp(x) ≤ 2^−52·|x| for normal x.
#[inline(always)]
fn slack(x: f64) -> f64 {
    x.abs() * f64::EPSILON + LEAST
}

/// A lower bound of every number that rounds to nearest to x, or to a neighbour
/// of x. A result that overflowed was beyond the largest number.
#[inline(always)]
pub(super) fn below(x: f64) -> f64 {
    let x = if x > f64::MAX { f64::MAX } else { x };
    x - slack(x)
}

/// An upper bound of the same.
#[inline(always)]
pub(super) fn above(x: f64) -> f64 {
    let x = if x < f64::MIN { f64::MIN } else { x };
    x + slack(x)
}

/// The lesser; where one is NaN, NaN.
#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b || a.is_nan() { a } else { b }
}

/// The greater; where one is NaN, NaN.
#[inline(always)]
fn greater(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

/// Whether the operation is one of those here.
pub(super) fn has(op: &Op) -> bool {
    matches!(
        op,
        Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Div
            | Op::Fma
            | Op::Abs
            | Op::Min
            | Op::Max
            | Op::Floor
            | Op::Ceil
            | Op::Trunc
            | Op::RoundHalfAway
            | Op::Sqrt
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Eq
            | Op::Ne
            | Op::And
            | Op::Or
            | Op::Not
            | Op::Select
    )
}

/// Carries one of these operations out. With `FMA` multiply-add is an
/// instruction, and tells products, quotients and roots that are exact.
#[inline(always)]
pub(super) fn kernel<const FMA: bool>(
    widen: bool,
    op: &Op,
    operands: [&Bounds; 3],
    r: &mut Bounds,
) {
    let [a, b, c] = operands;
    match op {
        Op::Neg => {
            for i in 0..LANES {
                (r.lo[i], r.hi[i]) = (-a.hi[i], -a.lo[i]);
            }
            r.points = a.points;
        }
        Op::Abs => {
            for i in 0..LANES {
                let (lo, hi) = (a.lo[i].abs(), a.hi[i].abs());
                let least = lesser(lo, hi);
                let inside = a.lo[i] < 0.0 && a.hi[i] > 0.0;
                r.lo[i] = if inside { 0.0 } else { least };
                r.hi[i] = greater(lo, hi);
            }
            r.points = a.points;
        }
        Op::Add => add(widen, a, b, 1.0, r),
        Op::Sub => add(widen, a, b, -1.0, r),
        Op::Mul => multiply::<FMA>(widen, a, b, r),
        Op::Div => divide::<FMA>(widen, a, b, r),
        Op::Fma => {
            let mut product = Bounds::unknown();
            multiply::<FMA>(widen, a, b, &mut product);
            add(widen, &product, c, 1.0, r);
        }
        Op::Sqrt => root::<FMA>(widen, a, r),
        Op::Min => both(a, b, lesser, r),
        Op::Max => both(a, b, greater, r),
        Op::Floor => ends(a, f64::floor, r),
        Op::Ceil => ends(a, f64::ceil, r),
        Op::Trunc => ends(a, f64::trunc, r),
        Op::RoundHalfAway => ends(a, f64::round, r),
        Op::Lt => compare(a, b, r, |a, b| (a.1 < b.0, a.0 >= b.1)),
        Op::Gt => compare(b, a, r, |a, b| (a.1 < b.0, a.0 >= b.1)),
        Op::Le => compare(a, b, r, |a, b| (a.1 <= b.0, a.0 > b.1)),
        Op::Ge => compare(b, a, r, |a, b| (a.1 <= b.0, a.0 > b.1)),
        Op::Eq => compare(a, b, r, |a, b| {
            let same = a.0 == a.1 && b.0 == b.1 && a.0 == b.0;
            (same, a.1 < b.0 || b.1 < a.0)
        }),
        Op::Ne => compare(a, b, r, |a, b| {
            let same = a.0 == a.1 && b.0 == b.1 && a.0 == b.0;
            (a.1 < b.0 || b.1 < a.0, same)
        }),
        // Of bounds 0 and 1 the lesser is "and", the greater "or".
        Op::And => both(a, b, lesser, r),
        Op::Or => both(a, b, greater, r),
        Op::Not => {
            for i in 0..LANES {
                (r.lo[i], r.hi[i]) = (1.0 - a.hi[i], 1.0 - a.lo[i]);
            }
            r.points = a.points;
        }
        Op::Select => {
            for i in 0..LANES {
                let (yes, no) = (a.lo[i] > 0.5, a.hi[i] < 0.5);
                let lo = lesser(b.lo[i], c.lo[i]);
                let hi = greater(b.hi[i], c.hi[i]);
                // An unknown condition makes all unknown.
                let unknown = a.lo[i].is_nan() || a.hi[i].is_nan();
                let lo = if yes {
                    b.lo[i]
                } else if no {
                    c.lo[i]
                } else {
                    lo
                };
                let hi = if yes {
                    b.hi[i]
                } else if no {
                    c.hi[i]
                } else {
                    hi
                };
                r.lo[i] = if unknown { f64::NAN } else { lo };
                r.hi[i] = hi;
            }
            r.points = a.points && b.points && c.points;
        }
        _ => unreachable!("`has` says which"),
    }
}

/// Both bounds of one operand.
#[inline(always)]
fn ends(a: &Bounds, f: impl Fn(f64) -> f64, r: &mut Bounds) {
    for i in 0..LANES {
        r.lo[i] = f(a.lo[i]);
        r.hi[i] = f(a.hi[i]);
    }
    r.points = a.points;
}

/// Both bounds of two operands.
#[inline(always)]
fn both(a: &Bounds, b: &Bounds, f: impl Fn(f64, f64) -> f64, r: &mut Bounds) {
    for i in 0..LANES {
        r.lo[i] = f(a.lo[i], b.lo[i]);
        r.hi[i] = f(a.hi[i], b.hi[i]);
    }
    r.points = a.points && b.points;
}

/// A comparison; `decide` tells whether it holds and whether it fails.
#[inline(always)]
fn compare(
    a: &Bounds,
    b: &Bounds,
    r: &mut Bounds,
    decide: impl Fn((f64, f64), (f64, f64)) -> (bool, bool),
) {
    let mut open = 0;
    for i in 0..LANES {
        let (x, y) = ((a.lo[i], a.hi[i]), (b.lo[i], b.hi[i]));
        let (holds, fails) = decide(x, y);
        let unknown = x.0.is_nan() || x.1.is_nan() || y.0.is_nan() || y.1.is_nan();
        let lo = if holds { 1.0 } else { 0.0 };
        let hi = if fails { 0.0 } else { 1.0 };
        r.lo[i] = if unknown { f64::NAN } else { lo };
        r.hi[i] = hi;
        open += u64::from(!(holds || fails) || unknown);
    }
    r.points = open == 0;
}

/// a + sign·b. Of points the error of the sum is known (Knuth, *The Art of
/// Computer Programming*, vol. 2, 4.2.2, theorem B): where it is 0, nothing is
/// widened.
#[inline(always)]
fn add(widen: bool, a: &Bounds, b: &Bounds, sign: f64, r: &mut Bounds) {
    let mut inexact = 0;
    if a.points && b.points {
        for i in 0..LANES {
            let (x, y) = (a.lo[i], sign * b.lo[i]);
            let sum = x + y;
            let part = sum - x;
            let error = (x - (sum - part)) + (y - part);
            // An overflow makes a NaN of the error, which is not 0.
            let rounded = error != 0.0;
            inexact += u64::from(rounded);
            let rounded = rounded && widen;
            r.lo[i] = if rounded { below(sum) } else { sum };
            r.hi[i] = if rounded { above(sum) } else { sum };
        }
        r.points = inexact == 0;
        return;
    }
    for i in 0..LANES {
        let (least, most) = if sign > 0.0 {
            (b.lo[i], b.hi[i])
        } else {
            (-b.hi[i], -b.lo[i])
        };
        let (lo, hi) = (a.lo[i] + least, a.hi[i] + most);
        r.lo[i] = if widen { below(lo) } else { lo };
        r.hi[i] = if widen { above(hi) } else { hi };
    }
    r.points = false;
}

/// Products and quotients of this size at least have errors that binary64 holds.
const FAR_FROM_UNDERFLOW: f64 = f64::from_bits((1023 - 900) << 52);

#[inline(always)]
fn multiply<const FMA: bool>(widen: bool, a: &Bounds, b: &Bounds, r: &mut Bounds) {
    let mut inexact = 0;
    if a.points && b.points {
        for i in 0..LANES {
            let (x, y) = (a.lo[i], b.lo[i]);
            let product = x * y;
            let exact = if FMA {
                let error = x.mul_add(y, -product);
                (error == 0.0 && product.abs() > FAR_FROM_UNDERFLOW)
                    || (product == 0.0 && (x == 0.0 || y == 0.0))
            } else {
                // Products of 26 bits each.
                short(x) && short(y) && product.abs() > FAR_FROM_UNDERFLOW && product.is_finite()
            };
            inexact += u64::from(!exact);
            let rounded = !exact && widen;
            r.lo[i] = if rounded { below(product) } else { product };
            r.hi[i] = if rounded { above(product) } else { product };
        }
        r.points = inexact == 0;
        return;
    }
    let square = std::ptr::eq(a, b);
    for i in 0..LANES {
        let (p, q) = (a.lo[i] * b.lo[i], a.lo[i] * b.hi[i]);
        let (s, t) = (a.hi[i] * b.lo[i], a.hi[i] * b.hi[i]);
        let lo = lesser(lesser(p, q), lesser(s, t));
        let hi = greater(greater(p, q), greater(s, t));
        let lo = if widen { below(lo) } else { lo };
        r.lo[i] = if square && lo < 0.0 { 0.0 } else { lo };
        r.hi[i] = if widen { above(hi) } else { hi };
    }
    r.points = false;
}

/// Whether a number has no more than 26 bits.
#[inline(always)]
fn short(x: f64) -> bool {
    x.to_bits() & ((1 << 27) - 1) == 0
}

#[inline(always)]
fn divide<const FMA: bool>(widen: bool, a: &Bounds, b: &Bounds, r: &mut Bounds) {
    let mut inexact = 0;
    if a.points && b.points {
        for i in 0..LANES {
            let (x, y) = (a.lo[i], b.lo[i]);
            let quotient = x / y;
            let exact = if FMA {
                let error = quotient.mul_add(-y, x);
                error == 0.0 && quotient.abs() > FAR_FROM_UNDERFLOW && x.abs() > FAR_FROM_UNDERFLOW
            } else {
                short(quotient)
                    && short(y)
                    && quotient * y == x
                    && quotient.abs() > FAR_FROM_UNDERFLOW
                    && x.abs() > FAR_FROM_UNDERFLOW
            };
            let exact = exact && quotient.is_finite() && y.is_finite();
            inexact += u64::from(!exact);
            let rounded = !exact && widen;
            let lo = if rounded { below(quotient) } else { quotient };
            r.lo[i] = if y == 0.0 { f64::NAN } else { lo };
            r.hi[i] = if rounded { above(quotient) } else { quotient };
        }
        r.points = inexact == 0;
        return;
    }
    for i in 0..LANES {
        let (p, q) = (a.lo[i] / b.lo[i], a.lo[i] / b.hi[i]);
        let (s, t) = (a.hi[i] / b.lo[i], a.hi[i] / b.hi[i]);
        let lo = lesser(lesser(p, q), lesser(s, t));
        let hi = greater(greater(p, q), greater(s, t));
        let lo = if widen { below(lo) } else { lo };
        let zero = b.lo[i] <= 0.0 && b.hi[i] >= 0.0;
        r.lo[i] = if zero { f64::NAN } else { lo };
        r.hi[i] = if widen { above(hi) } else { hi };
    }
    r.points = false;
}

#[inline(always)]
fn root<const FMA: bool>(widen: bool, a: &Bounds, r: &mut Bounds) {
    let mut inexact = 0;
    for i in 0..LANES {
        let (x, y) = (a.lo[i], a.hi[i]);
        let (lo, hi) = (x.sqrt(), y.sqrt());
        let exact = if FMA {
            lo.mul_add(-lo, x) == 0.0
        } else {
            short(lo) && lo * lo == x
        };
        let exact = exact && x == y && (x > FAR_FROM_UNDERFLOW || x == 0.0) && lo.is_finite();
        inexact += u64::from(!exact);
        let rounded = !exact && widen;
        let least = if rounded { below(lo) } else { lo };
        r.lo[i] = if least < 0.0 { 0.0 } else { least };
        r.hi[i] = if rounded { above(hi) } else { hi };
    }
    r.points = inexact == 0;
}
