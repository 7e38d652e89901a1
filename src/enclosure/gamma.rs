//! Γ and log|Γ|, undefined at 0, −1, −2, ….
//!
//! Let L = log|Γ|. Between neighbouring poles, and on x > 0, L″ = ψ′, and
//! ψ′(x) = Σ 1/(x+k)² > 0 for every x that is no pole (NIST, *Digital Library of
//! Mathematical Functions*, 5.15.1). So L is convex there, |Γ| = e^L is convex
//! as well, and both have their minima at the one zero of ψ = L′.
//!
//! The upper bound over an interval without poles is thus the greater value at
//! its ends. For the lower one the sign of ψ at the ends tells whether the zero
//! lies between them; if so, it is bracketed, and the tangent at an end of the
//! bracket [l, h] lies below the function: L ≥ L(l) + ψ(l)·(h − l) for ψ(l) < 0.
//! That is below the minimum by at most ψ′·(h − l)².

use super::Enclosure;
use rug::float::{Round, Special};
use rug::ops::{AssignRound, NegAssign};
use rug::{Assign, Float};
use std::cmp::Ordering;

/// ⌊x₀·2^127⌋ for the zero x₀ = 1.46163214496836234126265954232572132846819620…
/// of ψ on x > 0 (OEIS A030169). The tests check it by the signs of ψ.
pub(super) const LEAST_POINT: u128 = 248_683_822_928_781_297_182_998_618_044_478_489_432;
pub(super) const LEAST_POINT_BITS: u32 = 127;

/// Bisections of a bracket between negative poles: from a width of 1 they come
/// down to 2^−40, and the tangent to some 2^−80 below the minimum.
const BISECTIONS: u32 = 40;

/// Bits beyond the result's for what the tangent is made of.
const GUARD_BITS: u32 = 32;

/// Which of the two functions.
#[derive(Clone, Copy)]
enum Kind {
    Absolute,
    Logarithm,
}

impl Kind {
    /// |Γ(x)| or log|Γ(x)|; +∞ at a pole.
    fn evaluate(self, out: &mut Float, x: &Float, round: Round) -> Ordering {
        if is_pole(x) {
            out.assign(Special::Infinity);
            return Ordering::Equal;
        }
        match self {
            Kind::Absolute if *x < 0 && negative_side(x) => {
                negated(|out: &mut Float, round| out.assign_round(x.gamma_ref(), round))(out, round)
            }
            Kind::Absolute => out.assign_round(x.gamma_ref(), round),
            Kind::Logarithm => {
                let mut sign = Ordering::Equal;
                (out, &mut sign).assign_round(x.ln_abs_gamma_ref(), round)
            }
        }
    }
}

/// Whether x is 0, −1, −2, ….
pub(super) fn is_pole(x: &Float) -> bool {
    *x <= 0 && x.is_integer()
}

/// Whether Γ is negative just right of x ≤ 0: where ⌊x⌋ is odd.
fn negative_side(x: &Float) -> bool {
    // Only called where |x| < 2^p, p the precision of x: the integer is no giant.
    x.to_integer_round(Round::Down)
        .is_some_and(|(floor, _)| floor.is_odd())
}

/// The order of ψ(x) against 0, at x or just inside of the interval where x is a
/// pole: there ψ is −∞ on the right and +∞ on the left of it.
fn slope(x: &Float, at_pole: Ordering) -> Ordering {
    if is_pole(x) {
        return at_pole;
    }
    if x.is_infinite() {
        return Ordering::Greater;
    }
    // Correct rounding keeps the sign, whatever the precision.
    Float::with_val(32, x.digamma_ref())
        .cmp0()
        .unwrap_or(at_pole)
}

/// A lower bound of the function on [lo, hi], which has no poles inside.
fn least(kind: Kind, lo: &Float, hi: &Float, precision: u32) -> Float {
    let mut bound = Float::new(precision);
    let value = |bound: &mut Float, x: &Float| kind.evaluate(bound, x, Round::Down);
    let (mut l, mut h) = (lo.clone(), hi.clone());
    if *lo >= 0 {
        let bracket = |k: u128| Float::with_val(128, k) >> LEAST_POINT_BITS;
        let (below, above) = (bracket(LEAST_POINT), bracket(LEAST_POINT + 1));
        if *hi <= below {
            value(&mut bound, hi);
            return bound;
        }
        if *lo >= above {
            value(&mut bound, lo);
            return bound;
        }
        if l < below {
            l = below;
        }
        if h > above {
            h = above;
        }
    }
    if slope(&l, Ordering::Less) != Ordering::Less {
        value(&mut bound, &l);
        return bound;
    }
    if slope(&h, Ordering::Greater) != Ordering::Greater {
        value(&mut bound, &h);
        return bound;
    }
    if *lo < 0 {
        for _ in 0..BISECTIONS {
            // Any point between them serves.
            let bits = l.prec().max(h.prec()) + 1;
            let middle: Float = Float::with_val(bits.min(96), &l + &h) >> 1;
            if middle <= l || middle >= h {
                break;
            }
            match slope(&middle, Ordering::Equal) {
                Ordering::Less => l = middle,
                _ => h = middle,
            }
        }
        if is_pole(&l) {
            // The minimum hides within 2^−40 of a pole.
            return below_everything(kind, lo, precision);
        }
    }
    // The tangent at l: L(l) + ψ(l)·(h − l), or |Γ|(l)·(1 + ψ(l)·(h − l)).
    let bits = precision.saturating_add(GUARD_BITS);
    let mut tangent = Float::new(bits);
    value(&mut tangent, &l);
    let mut drop = Float::with_val_round(bits, l.digamma_ref(), Round::Down).0;
    let reach = Float::with_val_round(bits, &h - &l, Round::Up).0;
    // ψ(l) < 0: a longer reach is a deeper drop.
    drop.assign_round(&drop.clone() * &reach, Round::Down);
    match kind {
        Kind::Logarithm => bound.assign_round(&tangent + &drop, Round::Down),
        Kind::Absolute => {
            let part = Float::with_val_round(bits, &drop + 1, Round::Down).0;
            if part <= 0 {
                return below_everything(kind, lo, precision);
            }
            bound.assign_round(&tangent * &part, Round::Down)
        }
    };
    bound
}

/// A lower bound on all x ≥ lo: with n = ⌈−lo⌉, x + n > 0 for x on the left of 0,
/// Γ(x) = Γ(x + n)/(x(x+1)…(x+n−1)) with factors of at most n, n − 1, …, 1, and Γ > 7/8
/// on x > 0; so |Γ(x)| > (7/8)/n!, L(x) > −1/4 − L(n + 1), and n + 1 < 2 − lo.
fn below_everything(kind: Kind, lo: &Float, precision: u32) -> Float {
    let mut bound = Float::new(precision);
    match kind {
        Kind::Absolute => {} // 0
        Kind::Logarithm if lo.is_infinite() => bound.assign(Special::NegInfinity),
        Kind::Logarithm => {
            let end = Float::with_val_round(precision.max(64), 2 - lo, Round::Up).0;
            Kind::Logarithm.evaluate(&mut bound, &end, Round::Up);
            bound.neg_assign();
            bound.assign_round(&bound.clone() - 0.25, Round::Down);
        }
    }
    bound
}

impl Enclosure {
    /// Euler's Γ. Where x has a pole inside: all numbers. Undefined at 0, −1,
    /// −2, …. Around a minimum of |Γ| the bound there is within some 2^−80, or a
    /// few ulps, of the best (on x > 0: 2^−250).
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (mut five, mut gamma) = (Enclosure::new(53), Enclosure::new(53));
    /// five.assign_rational(&rug::Rational::from(5));
    /// gamma.assign_gamma(&five);
    /// assert!(gamma.is_point() && *gamma.lo() == 24);
    /// ```
    pub fn assign_gamma(&mut self, x: &Enclosure) {
        if !self.begin(x.defined) {
            return;
        }
        if x.is_point() {
            if is_pole(&x.lo) {
                return self.assign_never();
            }
            return self.at_point(|out, round| out.assign_round(x.lo.gamma_ref(), round));
        }
        if is_pole(&x.lo) || is_pole(&x.hi) || pole_inside(x) {
            self.weaken();
        }
        if pole_inside(x) {
            return self.assign_whole(self.defined);
        }
        // Γ has the sign of (−1)^⌊x⌋ on x < 0, between the poles at ⌊lo⌋ and ⌊lo⌋ + 1.
        let negative = x.lo < 0 && negative_side(&x.lo);
        self.piece(Kind::Absolute, x, negative);
    }

    /// log|Γ|. Where x has a pole inside, the lower bound is a crude one.
    /// Undefined at 0, −1, −2, …. Around a minimum as [`Enclosure::assign_gamma`].
    pub fn assign_lgamma(&mut self, x: &Enclosure) {
        if !self.begin(x.defined) {
            return;
        }
        if x.is_point() {
            if is_pole(&x.lo) {
                return self.assign_never();
            }
            return self.at_point(|out, round| Kind::Logarithm.evaluate(out, &x.lo, round));
        }
        if is_pole(&x.lo) || is_pole(&x.hi) || pole_inside(x) {
            self.weaken();
        }
        if pole_inside(x) {
            let bound = below_everything(Kind::Logarithm, &x.lo, self.precision());
            return self.set_ends(
                false,
                |out, round| out.assign_round(&bound, round),
                |out, round| out.assign_round(Special::Infinity, round),
            );
        }
        self.piece(Kind::Logarithm, x, false);
    }

    /// The bounds of |Γ| or L on an interval without a pole inside; if asked for,
    /// those of the negative.
    fn piece(&mut self, kind: Kind, x: &Enclosure, negative: bool) {
        let bound = least(kind, &x.lo, &x.hi, self.precision());
        let near = |out: &mut Float, round: Round| out.assign_round(&bound, round);
        let far = |out: &mut Float, round: Round| {
            let ternary = kind.evaluate(out, &x.lo, round);
            let mut other = Float::new(out.prec());
            kind.evaluate(&mut other, &x.hi, round);
            out.max_mut(&other);
            ternary
        };
        if !negative {
            return self.set_ends(false, near, far);
        }
        self.set_ends(false, negated(far), negated(near));
    }
}

/// −f, rounded: the direction turns round with the sign.
fn negated(
    f: impl FnOnce(&mut Float, Round) -> Ordering,
) -> impl FnOnce(&mut Float, Round) -> Ordering {
    move |out, round| {
        let ternary = f(out, round.reverse());
        out.neg_assign();
        ternary.reverse()
    }
}

/// Whether 0, −1, −2, … has one between the ends.
pub(super) fn pole_inside(x: &Enclosure) -> bool {
    if x.lo.is_infinite() {
        return true;
    }
    if x.lo >= 0 {
        return false;
    }
    // Numbers of p bits above 2^p lie 2 apart at least, with an integer between them
    // (2^p itself and its neighbour are poles already).
    let p = x.lo.prec();
    if x.lo.get_exp().is_some_and(|e| e > 0 && e as u32 > p) {
        return true;
    }
    // The least integer above lo, |lo| < 2^p.
    let mut next = Float::with_val(p.saturating_add(1).max(2), x.lo.floor_ref());
    next += 1;
    next <= 0 && next < x.hi
}
