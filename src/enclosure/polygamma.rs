//! ψ⁽ⁿ⁾, the n-th derivative of the digamma function ψ = (log Γ)′, undefined at
//! 0, −1, −2, …. (NIST, *Digital Library of Mathematical Functions*, 5.15.)
//!
//! *Where it grows.* ψ⁽ⁿ⁾(x) = (−1)^(n+1)·n!·Σ 1/(x+k)^(n+1) over k ≥ 0 (5.15.1).
//! For odd n every term is positive. So between neighbouring poles, and on
//! x > 0, ψ⁽ⁿ⁾ increases for even n, whose derivative has an odd order; for odd
//! n it is positive and convex, decreasing on x > 0, with one minimum between
//! negative poles. Bounds over intervals follow from values at points; around
//! a minimum the tangent at a point l left of it lies below the function.
//!
//! *On s > 0*, M(s) = |ψ⁽ⁿ⁾(s)| is summed in `hurwitz`.
//!
//! *On x < 0*, with f = x − ⌊x⌋, the terms x + k that are positive are f, f + 1,
//! …, and the negative ones −(1 − f), −(2 − f), …, x, so that
//!
//! ```text
//! ψ⁽ⁿ⁾(x) = (−1)^(n+1)·M(f) + M(1 − f) − M(1 − x)
//! ```
//!
//! The last difference cancels two bits at most: of the sum M(1 − f)/n!, at most
//! 1/(1−f)^(n+1) + ζ(n+1) < 3/(1−f)^(n+1), it keeps the first term.

use super::gamma::{is_pole, pole_inside};
use super::hurwitz::Sum;
use super::{Defined, Enclosure};
use rug::float::{Round, Special};
use rug::ops::AssignRound;
use rug::{Assign, Float};
use std::cmp::Ordering;

/// The greatest order n that is evaluated.
pub const MAX_ORDER: u32 = 1000;

/// Bits beyond the result's that are tried one after the other, until the
/// rounded bounds are neighbours.
const GUARD_BITS: [u32; 4] = [40, 200, 1000, 4000];

/// Bisections of a bracket around a minimum, of width 1 at first: as for Γ.
const BISECTIONS: u32 = 40;

/// The bits at which a bisection asks for signs.
const SIGN_BITS: u32 = 32;

impl Enclosure {
    /// ψ⁽ⁿ⁾(x), undefined where n is no integer n ≥ 0 and at x = 0, −1, −2, ….
    /// Where n is no point, where it is greater than [`MAX_ORDER`], or x has a
    /// pole inside: all numbers (for one odd n, all positive ones). Around a
    /// minimum, which an odd order has between negative poles, the lower bound is
    /// within some 2^−70 of the best. At a point so near to a zero (of an even
    /// order, x < 0) that thousands of bits cancel, the bounds are not neighbours.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (mut one, mut value) = (Enclosure::new(53), Enclosure::new(53));
    /// one.assign_rational(&rug::Rational::from(1));
    /// value.assign_polygamma(&one, &one); // π²/6
    /// assert_eq!(value.lo().to_f64(), 1.6449340668482264);
    /// ```
    pub fn assign_polygamma(&mut self, n: &Enclosure, x: &Enclosure) {
        if !self.begin(n.defined.max(x.defined)) {
            return;
        }
        let pole = x.is_point() && is_pole(&x.lo);
        if pole || !has_order(n) {
            return self.assign_never();
        }
        if !n.is_point() {
            return self.assign_whole(Defined::Maybe);
        }
        let within = pole_inside(x);
        if within || is_pole(&x.lo) || is_pole(&x.hi) {
            self.weaken();
        }
        let order = n.lo.to_u32_saturating().filter(|n| *n <= MAX_ORDER);
        match order {
            Some(n) if n % 2 == 1 && within => self.set_ends(
                false,
                |out, round| out.assign_round(0, round),
                |out, round| out.assign_round(Special::Infinity, round),
            ),
            Some(n) if !within && x.is_point() => self.value_at(n, &x.lo),
            Some(n) if !within && n % 2 == 0 => self.set_ends(
                false,
                |out, round| at_end(n, &x.lo, Special::NegInfinity, out, round),
                |out, round| at_end(n, &x.hi, Special::Infinity, out, round),
            ),
            Some(n) if !within => {
                let least = least(n, &x.lo, &x.hi, self.precision());
                self.set_ends(
                    false,
                    |out, round| out.assign_round(&least, round),
                    |out, round| {
                        let ternary = at_end(n, &x.lo, Special::Infinity, out, round);
                        if x.lo < 0 {
                            let mut other = Float::new(out.prec());
                            at_end(n, &x.hi, Special::Infinity, &mut other, round);
                            out.max_mut(&other);
                        }
                        ternary
                    },
                );
            }
            _ => self.assign_whole(self.defined),
        }
    }

    /// The value at a number that is no pole.
    fn value_at(&mut self, n: u32, x: &Float) {
        if n == 0 {
            return self.at_point(|out, round| out.assign_round(x.digamma_ref(), round));
        }
        let value = tight(n, x, self.precision());
        self.set_ends(
            false,
            |out, round| out.assign_round(&value.lo, round),
            |out, round| out.assign_round(&value.hi, round),
        );
    }
}

/// Whether there is an integer n ≥ 0 among these numbers.
fn has_order(n: &Enclosure) -> bool {
    if n.lo <= 0 {
        return n.hi >= 0;
    }
    // Numbers of p bits are integers from 2^(p−1) on: rounding up is exact.
    Float::with_val(n.lo.prec(), n.lo.ceil_ref()) <= n.hi
}

/// A bound of the value at an end of an interval; `limit` where that is a pole.
fn at_end(n: u32, x: &Float, limit: Special, out: &mut Float, round: Round) -> Ordering {
    if is_pole(x) {
        out.assign(limit);
    } else if x.is_infinite() {
        // ψ grows without bound, its derivatives tend to 0.
        out.assign(if n == 0 {
            Special::Infinity
        } else {
            Special::Zero
        });
    } else if n == 0 {
        return out.assign_round(x.digamma_ref(), round);
    } else {
        let value = tight(n, x, out.prec());
        let bound = match round {
            Round::Down => &value.lo,
            _ => &value.hi,
        };
        return out.assign_round(bound, round);
    }
    Ordering::Equal
}

/// A lower bound of ψ⁽ⁿ⁾, n odd, on [lo, hi], which has no poles inside.
fn least(n: u32, lo: &Float, hi: &Float, precision: u32) -> Float {
    let mut bound = Float::new(precision);
    if *lo >= 0 {
        at_end(n, hi, Special::Infinity, &mut bound, Round::Down);
        return bound;
    }
    // The derivative increases from −∞ to +∞ between the poles.
    let slope = |x: &Float, at_pole: Ordering| {
        if is_pole(x) {
            return Some(at_pole);
        }
        tight(n + 1, x, SIGN_BITS).sign()
    };
    match slope(lo, Ordering::Less) {
        Some(Ordering::Less) => {}
        Some(_) => {
            at_end(n, lo, Special::Infinity, &mut bound, Round::Down);
            return bound;
        }
        None => return bound, // 0, which all values are above
    }
    if slope(hi, Ordering::Greater) == Some(Ordering::Less) {
        at_end(n, hi, Special::Infinity, &mut bound, Round::Down);
        return bound;
    }
    let (mut l, mut h) = (lo.clone(), hi.clone());
    for _ in 0..BISECTIONS {
        // Any point between them serves.
        let bits = l.prec().max(h.prec()) + 1;
        let middle: Float = Float::with_val(bits.min(96), &l + &h) >> 1;
        if middle <= l || middle >= h {
            break;
        }
        match slope(&middle, Ordering::Equal) {
            Some(Ordering::Less) => l = middle,
            // Where the sign is not known, h need not be right of the minimum.
            None => break,
            Some(_) => h = middle,
        }
    }
    if is_pole(&l) {
        return bound;
    }
    // The tangent at l: a longer reach is a deeper drop.
    let bits = precision.saturating_add(SIGN_BITS);
    let mut tangent = Float::new(bits);
    at_end(n, &l, Special::Infinity, &mut tangent, Round::Down);
    let reach = Float::with_val_round(bits, &h - &l, Round::Up).0;
    let mut drop = Float::new(bits);
    at_end(n + 1, &l, Special::Infinity, &mut drop, Round::Down);
    drop.assign_round(&drop.clone() * &reach, Round::Down);
    bound.assign_round(&tangent + &drop, Round::Down);
    if bound < 0 {
        bound.assign(Special::Zero);
    }
    bound
}

/// The value at a number that is no pole, n ≥ 1, so closely that both bounds
/// have the same neighbours of this precision; that is tried with a limit.
fn tight(n: u32, x: &Float, precision: u32) -> Enclosure {
    let mut value = Enclosure::new(precision);
    for guard in GUARD_BITS {
        value = enclose(n, x, precision.saturating_add(guard));
        let ends = |round| {
            [&value.lo, &value.hi].map(|end| Float::with_val_round(precision, end, round).0)
        };
        let ([a, b], [c, d]) = (ends(Round::Down), ends(Round::Up));
        // More bits do not help beyond MPFR's exponents.
        let beyond = !value.is_bounded() || value.lo.is_zero() || value.hi.is_zero();
        if (a == b && c == d) || beyond {
            break;
        }
    }
    value
}

/// ψ⁽ⁿ⁾(x), n ≥ 1, for an x that is no pole, at a working precision.
fn enclose(n: u32, x: &Float, bits: u32) -> Enclosure {
    let sum = Sum::new(n, bits);
    let at = sum.point(x);
    if *x > 0 {
        return sum.signed(sum.magnitude(&at));
    }
    // Between the integers around x, which have no more bits than x has.
    let (floor, ceil) = (x.clone().floor(), x.clone().ceil());
    let (mut f, mut rest, mut mirror) = (sum.zero(), sum.zero(), sum.zero());
    f.assign_sub(&at, &sum.point(&floor));
    rest.assign_sub(&sum.point(&ceil), &at);
    mirror.assign_sub(&sum.integer(1), &at);
    let mut result = sum.zero();
    // For f = 1 − f and an even n, the two terms are each other's negatives.
    if n % 2 == 1 || !f.is_point() || f.lo != 0.5 {
        result.assign_add(&sum.signed(sum.magnitude(&f)), &sum.magnitude(&rest));
    }
    let mut value = sum.zero();
    value.assign_sub(&result, &sum.magnitude(&mirror));
    value
}
