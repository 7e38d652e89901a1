//! x^y on lanes of bounds.

use super::functions::corners;
use super::kernel::{above, below, kernel};
use super::{Bounds, LANES, Level, dispatch};
use crate::formula::Op;

/// Encloses x^y where x > 0, and where y is an integer; otherwise nothing is
/// known.
pub(super) fn power(level: Level, widen: bool, x: &Bounds, y: &Bounds, result: &mut Bounds) {
    // Most powers are squares.
    if y.points && y.lo.iter().all(|&y| y == 2.0) {
        let op = &Op::Mul;
        let operands = [x, x, x];
        return dispatch!(level, kernel, (
            widen: bool, op: &Op, operands: [&Bounds; 3], result: &mut Bounds
        ));
    }
    result.points = false;
    for i in 0..LANES {
        let (lo, hi) = over([x.lo[i], x.hi[i]], [y.lo[i], y.hi[i]]);
        result.lo[i] = if widen { below(lo) } else { lo };
        result.hi[i] = if widen { above(hi) } else { hi };
        if x.lo[i] > 0.0 && result.lo[i] < 0.0 {
            result.lo[i] = 0.0;
        }
    }
}

fn over(x: [f64; 2], y: [f64; 2]) -> (f64, f64) {
    const UNKNOWN: (f64, f64) = (f64::NAN, f64::NAN);
    if !x.iter().chain(&y).all(|x| x.is_finite()) {
        return UNKNOWN;
    }
    if x[0] > 0.0 {
        // y·log x has its extrema at corners.
        return corners(core_math::pow, x, y);
    }
    let n = y[0];
    if n != y[1] || n.trunc() != n {
        return UNKNOWN;
    }
    let odd = n % 2.0 != 0.0;
    let power = |x: f64| core_math::pow(x, n);
    let [a, b] = x;
    if a == b && (a != 0.0 || n >= 0.0) {
        return (power(a), power(a));
    }
    if n > 0.0 {
        return match (odd, b <= 0.0) {
            (true, _) => (power(a), power(b)),
            (false, true) => (power(b), power(a)),
            (false, false) => (0.0, power(if -a > b { a } else { b })),
        };
    }
    if n < 0.0 && b < 0.0 {
        return if odd {
            (power(b), power(a))
        } else {
            (power(a), power(b))
        };
    }
    UNKNOWN
}
