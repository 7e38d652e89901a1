//! Elementary functions on lanes of bounds, by CORE-MATH, whose results for f64
//! are taken as right to one ulp either way (they are tested, not proved).

use super::kernel::{above, below};
use super::{Bounds, LANES};
use crate::formula::Op;

/// How a function of one argument goes.
enum Shape {
    Increasing,
    Decreasing,
    /// Even, and increasing for positive arguments.
    Even,
    /// Its slope is at most 1, either way.
    Gentle,
    /// Increasing between poles at least 3 apart.
    Tangent,
    /// Decreasing up to the first of the two, increasing from the second on; the
    /// minimum is between them. Positive arguments.
    Valley(f64, f64),
}

/// A function with what its bounds rest on.
struct Function {
    f: fn(f64) -> f64,
    shape: Shape,
    /// Where it is defined, without the ends if `open`.
    domain: [f64; 2],
    open: bool,
    /// What its values do not leave.
    range: [f64; 2],
}

const INF: f64 = f64::INFINITY;

/// π/2 rounded up.
const HALF_PI: f64 = std::f64::consts::FRAC_PI_2.next_up();

/// Γ decreases up to here, and increases from a bit further on (its minimum is
/// at 1.46163214496836234126…).
const GAMMA_VALLEY: Shape = Shape::Valley(1.461_632_144_968_362, 1.461_632_144_968_363);

impl Function {
    fn new(op: &Op) -> Option<Function> {
        use Shape::{Decreasing, Even, Gentle, Increasing, Tangent};
        const ALL: [f64; 2] = [-INF, INF];
        let function = |f, shape, range| Function {
            f,
            shape,
            domain: ALL,
            open: false,
            range,
        };
        let on = |domain, open, function| Function {
            domain,
            open,
            ..function
        };
        Some(match op {
            Op::Cbrt => function(core_math::cbrt, Increasing, ALL),
            Op::Exp => function(core_math::exp, Increasing, [0.0, INF]),
            Op::Exp2 => function(core_math::exp2, Increasing, [0.0, INF]),
            Op::Exp10 => function(core_math::exp10, Increasing, [0.0, INF]),
            Op::Expm1 => function(core_math::expm1, Increasing, [-1.0, INF]),
            Op::Log => on([0.0, INF], true, function(core_math::log, Increasing, ALL)),
            Op::Log2 => on([0.0, INF], true, function(core_math::log2, Increasing, ALL)),
            Op::Log10 => on(
                [0.0, INF],
                true,
                function(core_math::log10, Increasing, ALL),
            ),
            Op::Log1p => on(
                [-1.0, INF],
                true,
                function(core_math::log1p, Increasing, ALL),
            ),
            Op::Sin => function(core_math::sin, Gentle, [-1.0, 1.0]),
            Op::Cos => function(core_math::cos, Gentle, [-1.0, 1.0]),
            Op::Tan => function(core_math::tan, Tangent, ALL),
            Op::Asin => on(
                [-1.0, 1.0],
                false,
                function(core_math::asin, Increasing, [-HALF_PI, HALF_PI]),
            ),
            Op::Acos => on(
                [-1.0, 1.0],
                false,
                function(core_math::acos, Decreasing, [0.0, 2.0 * HALF_PI]),
            ),
            Op::Atan => function(core_math::atan, Increasing, [-HALF_PI, HALF_PI]),
            Op::Sinh => function(core_math::sinh, Increasing, ALL),
            Op::Cosh => function(core_math::cosh, Even, [1.0, INF]),
            Op::Tanh => function(core_math::tanh, Increasing, [-1.0, 1.0]),
            Op::Asinh => function(core_math::asinh, Increasing, ALL),
            Op::Acosh => on(
                [1.0, INF],
                false,
                function(core_math::acosh, Increasing, [0.0, INF]),
            ),
            Op::Atanh => on(
                [-1.0, 1.0],
                true,
                function(core_math::atanh, Increasing, ALL),
            ),
            Op::Erf => function(core_math::erf, Increasing, [-1.0, 1.0]),
            Op::Erfc => function(core_math::erfc, Decreasing, [0.0, 2.0]),
            Op::Gamma => on(
                [0.0, INF],
                true,
                function(core_math::tgamma, GAMMA_VALLEY, [0.0, INF]),
            ),
            Op::Lgamma => on(
                [0.0, INF],
                true,
                function(core_math::lgamma, GAMMA_VALLEY, ALL),
            ),
            _ => return None,
        })
    }

    fn contains(&self, lo: f64, hi: f64) -> bool {
        let [least, most] = self.domain;
        if self.open {
            lo > least && hi < most || (hi == INF && most == INF && lo > least)
        } else {
            lo >= least && hi <= most
        }
    }

    /// The least and the greatest of f over an interval, or what CORE-MATH says
    /// of them; NaN where they are not known.
    fn over(&self, lo: f64, hi: f64) -> (f64, f64) {
        let f = self.f;
        match self.shape {
            Shape::Increasing => (f(lo), f(hi)),
            Shape::Decreasing => (f(hi), f(lo)),
            Shape::Even if lo >= 0.0 => (f(lo), f(hi)),
            Shape::Even if hi <= 0.0 => (f(hi), f(lo)),
            Shape::Even => (f(0.0), f(if -lo > hi { -lo } else { hi })),
            Shape::Gentle => {
                // What the library may be off by counts here: of a difference
                // that cancels, an ulp is less.
                let (middle, width) = (f(lo), above(hi - lo));
                (below(below(middle) - width), above(above(middle) + width))
            }
            Shape::Tangent => {
                let (least, most) = (f(lo), f(hi));
                // Less than a period long: with a pole inside it would fall.
                if hi - lo < 3.0 && least <= most {
                    (least, most)
                } else {
                    (f64::NAN, f64::NAN)
                }
            }
            Shape::Valley(_, right) if lo >= right => (f(lo), f(hi)),
            Shape::Valley(left, _) if hi <= left => (f(hi), f(lo)),
            Shape::Valley(..) => (f64::NAN, f64::NAN),
        }
    }
}

/// Encloses an operation that is a function from the library.
pub(super) fn function(widen: bool, op: &Op, x: &[&Bounds], result: &mut Bounds) {
    match (op, Function::new(op)) {
        (_, Some(function)) => unary(widen, &function, x[0], result),
        (Op::Hypot, _) => hypotenuse(widen, x[0], x[1], result),
        (Op::Atan2, _) => angle(widen, x[0], x[1], result),
        _ => result.assign_all(f64::NAN, f64::NAN),
    }
}

fn unary(widen: bool, function: &Function, x: &Bounds, result: &mut Bounds) {
    let f = function.f;
    result.points = false;
    if x.points {
        for i in 0..LANES {
            result.lo[i] = f(x.lo[i]);
        }
        for i in 0..LANES {
            let x = x.lo[i];
            let known = function.contains(x, x);
            result.hi[i] = if known { result.lo[i] } else { f64::NAN };
        }
        result.lo = result.hi;
    } else {
        for i in 0..LANES {
            let (lo, hi) = (x.lo[i], x.hi[i]);
            (result.lo[i], result.hi[i]) = if !function.contains(lo, hi) {
                (f64::NAN, f64::NAN)
            } else if lo == hi {
                (f(lo), f(lo))
            } else {
                function.over(lo, hi)
            };
        }
    }
    if widen {
        let [least, most] = function.range;
        for i in 0..LANES {
            let (lo, hi) = (below(result.lo[i]), above(result.hi[i]));
            // A NaN stays one.
            result.lo[i] = if lo < least { least } else { lo };
            result.hi[i] = if hi > most { most } else { hi };
        }
    }
}

/// √(x² + y²), which grows with both magnitudes.
fn hypotenuse(widen: bool, x: &Bounds, y: &Bounds, result: &mut Bounds) {
    let magnitudes = |bounds: &Bounds, i: usize| {
        let (lo, hi) = (bounds.lo[i], bounds.hi[i]);
        let most = if -lo > hi { -lo } else { hi };
        let least = if lo > 0.0 {
            lo
        } else if hi < 0.0 {
            -hi
        } else {
            0.0
        };
        (least, most)
    };
    result.points = false;
    for i in 0..LANES {
        let ((a, b), (c, d)) = (magnitudes(x, i), magnitudes(y, i));
        let all = [x.lo[i], x.hi[i], y.lo[i], y.hi[i]];
        let (lo, hi) = if all.iter().all(|x| x.is_finite()) {
            (core_math::hypot(a, c), core_math::hypot(b, d))
        } else {
            (f64::NAN, f64::NAN)
        };
        let lo = if widen { below(lo) } else { lo };
        result.lo[i] = if lo < 0.0 { 0.0 } else { lo };
        result.hi[i] = if widen { above(hi) } else { hi };
    }
}

/// The angle of (x, y), on one side of an axis at a time: there it is monotone in
/// each argument.
fn angle(widen: bool, y: &Bounds, x: &Bounds, result: &mut Bounds) {
    result.points = false;
    for i in 0..LANES {
        let (y0, y1, x0, x1) = (y.lo[i], y.hi[i], x.lo[i], x.hi[i]);
        let finite = [y0, y1, x0, x1].iter().all(|x| x.is_finite());
        let (lo, hi) = if finite && (x0 > 0.0 || y0 > 0.0 || y1 < 0.0) {
            corners(core_math::atan2, [y0, y1], [x0, x1])
        } else {
            (f64::NAN, f64::NAN)
        };
        result.lo[i] = if widen { below(lo) } else { lo };
        result.hi[i] = if widen { above(hi) } else { hi };
    }
}

/// The least and the greatest value at the corners of a box; one call where it is
/// a point.
pub(super) fn corners(f: fn(f64, f64) -> f64, a: [f64; 2], b: [f64; 2]) -> (f64, f64) {
    let first = f(a[0], b[0]);
    if a[0] == a[1] && b[0] == b[1] {
        return (first, first);
    }
    let others = [f(a[0], b[1]), f(a[1], b[0]), f(a[1], b[1])];
    others.iter().fold((first, first), |(lo, hi), &x| {
        if x.is_nan() || lo.is_nan() {
            (f64::NAN, f64::NAN)
        } else {
            (lo.min(x), hi.max(x))
        }
    })
}
