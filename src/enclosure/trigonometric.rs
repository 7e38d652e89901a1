//! Sine, cosine, tangent and their inverses.
//!
//! The line is cut into quadrants, the k-th being [kπ/2, (k+1)π/2). Two
//! quadrants make a segment on which the function is monotone: the s-th of cos
//! is [sπ, (s+1)π), of sin and tan [(2s−1)π/2, (2s+1)π/2). With the ends of an
//! interval in one segment the bounds are the values there; in adjacent ones
//! the extremum between them, ±1, is the one bound; otherwise it is [−1, 1].

use super::outward::Edge;
use super::{Defined, Enclosure};
use rug::float::{Constant, Round};
use rug::ops::{AssignRound, NegAssign};
use rug::{Float, Integer};
use std::cmp::Ordering;

/// The k with kπ/2 ≤ x < (k+1)π/2; `None` where x is infinite or so near to a
/// multiple of π/2 that the precisions tried do not decide it.
fn quadrant(x: &Float) -> Option<Integer> {
    let Some(exponent) = x.get_exp() else {
        return x.is_zero().then(Integer::new);
    };
    // |x| < 1 < π/2
    if exponent <= 0 {
        return Some(Integer::from(if x.is_sign_negative() { -1 } else { 0 }));
    }
    // e bits stand before the point of x·2/π. A number of p bits comes about as
    // near to a multiple of π/2 as 2^(e−2p), seldom nearer.
    let whole = exponent as u32;
    let enough = whole.saturating_add(x.prec().saturating_mul(2).saturating_add(128));
    let mut precision = whole.saturating_add(64);
    let twice = Float::with_val(x.prec(), x << 1); // exact, or infinite and undecided
    loop {
        let mut pi = Float::with_val_round(precision, Constant::Pi, Round::Down).0;
        let ratio = |pi: &Float, round| Float::with_val_round(precision, &twice / pi, round).0;
        // |x|·2/π is above by a π that is below.
        let (below, above) = if x.is_sign_negative() {
            let below = ratio(&pi, Round::Down);
            pi.next_up();
            (below, ratio(&pi, Round::Up))
        } else {
            let above = ratio(&pi, Round::Up);
            pi.next_up();
            (ratio(&pi, Round::Down), above)
        };
        let below = below.to_integer_round(Round::Down)?.0;
        let above = above.to_integer_round(Round::Down)?.0;
        if below == above {
            return Some(below);
        }
        if precision >= enough {
            return None;
        }
        precision = precision.saturating_mul(2).min(enough);
    }
}

/// How an interval lies to the segments.
enum Span {
    /// In one, of this number's parity.
    One { odd: bool },
    /// In two neighbours, the first of this parity.
    Two { odd: bool },
    /// In more, or unknown.
    Many,
}

impl Enclosure {
    /// The segments of the ends; `shift` is 0 for cos, 1 for sin and tan.
    fn span(&self, shift: u32) -> Span {
        // 7 > 2π
        let width = Float::with_val_round(32, &self.hi - &self.lo, Round::Down).0;
        if width >= 7 {
            return Span::Many;
        }
        let (Some(first), Some(last)) = (quadrant(&self.lo), quadrant(&self.hi)) else {
            return Span::Many;
        };
        let (first, last) = ((first + shift) >> 1u32, (last + shift) >> 1u32);
        let odd = first.is_odd();
        match Integer::from(&last - &first).to_u32() {
            Some(0) => Span::One { odd },
            Some(1) => Span::Two { odd },
            _ => Span::Many,
        }
    }

    /// sin, or cos: its even segments rise or fall.
    fn wave(
        &mut self,
        x: &Enclosure,
        shift: u32,
        even_rises: bool,
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        if !self.begin(x.defined) {
            return;
        }
        if x.is_point() {
            return self.at_point(|out, round| f(out, &x.lo, round));
        }
        let extreme = |value: i32| move |out: &mut Float, round| out.assign_round(value, round);
        match x.span(shift) {
            Span::One { odd } => {
                let (low, high) = if odd != even_rises {
                    (&x.lo, &x.hi)
                } else {
                    (&x.hi, &x.lo)
                };
                self.set_ends(
                    false,
                    |out, round| f(out, low, round),
                    |out, round| f(out, high, round),
                );
            }
            Span::Two { odd } if odd != even_rises => self.set_ends(
                false,
                |out, round| {
                    let ternary = f(out, &x.lo, round);
                    let mut other = Float::new(out.prec());
                    f(&mut other, &x.hi, round);
                    out.min_mut(&other);
                    ternary
                },
                extreme(1),
            ),
            Span::Two { .. } => self.set_ends(false, extreme(-1), |out, round| {
                let ternary = f(out, &x.lo, round);
                let mut other = Float::new(out.prec());
                f(&mut other, &x.hi, round);
                out.max_mut(&other);
                ternary
            }),
            Span::Many => self.set_ends(false, extreme(-1), extreme(1)),
        }
    }

    /// The sine of x radians.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// use rug::Float;
    /// let (mut x, mut sine) = (Enclosure::new(53), Enclosure::new(53));
    /// x.assign_bounds(&Float::with_val(53, 0), &Float::with_val(53, 3));
    /// sine.assign_sin(&x);
    /// assert!(*sine.lo() == 0 && *sine.hi() == 1);
    /// ```
    pub fn assign_sin(&mut self, x: &Enclosure) {
        self.wave(x, 1, true, |out, x, round| {
            out.assign_round(x.sin_ref(), round)
        });
    }

    /// The cosine of x radians.
    pub fn assign_cos(&mut self, x: &Enclosure) {
        self.wave(x, 0, false, |out, x, round| {
            out.assign_round(x.cos_ref(), round)
        });
    }

    /// The tangent of x radians. Undefined at its poles, which are no binary
    /// numbers but may lie within an interval: then all numbers, and `Maybe`.
    pub fn assign_tan(&mut self, x: &Enclosure) {
        if !self.begin(x.defined) {
            return;
        }
        if x.is_point() || matches!(x.span(1), Span::One { .. }) {
            self.increasing(x, |out, x, round| out.assign_round(x.tan_ref(), round));
        } else {
            self.assign_whole(Defined::Maybe);
        }
    }

    /// The inverse sine in radians, |x| ≤ 1.
    pub fn assign_asin(&mut self, x: &Enclosure) {
        let edges = (Edge::Closed(-1), Edge::Closed(1));
        self.between(x, edges, false, |out, x, round| {
            out.assign_round(x.asin_ref(), round)
        });
    }

    /// The inverse cosine in radians, |x| ≤ 1.
    pub fn assign_acos(&mut self, x: &Enclosure) {
        let edges = (Edge::Closed(-1), Edge::Closed(1));
        self.between(x, edges, true, |out, x, round| {
            out.assign_round(x.acos_ref(), round)
        });
    }

    /// The inverse tangent in radians.
    pub fn assign_atan(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.atan_ref(), round));
    }

    /// The angle of the point (x, y) in (−π, π]; undefined at the origin. A box
    /// that has points of the negative x axis and others below it gives [−π, π].
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (mut y, mut x, mut angle) = (Enclosure::new(53), Enclosure::new(53), Enclosure::new(53));
    /// y.assign_rational(&rug::Rational::from(0));
    /// x.assign_rational(&rug::Rational::from(-1));
    /// angle.assign_atan2(&y, &x);
    /// assert_eq!(angle.lo().to_f64(), std::f64::consts::PI); // π, rounded down
    /// ```
    pub fn assign_atan2(&mut self, y: &Enclosure, x: &Enclosure) {
        if !self.begin(y.defined.max(x.defined)) {
            return;
        }
        let point = y.is_point() && x.is_point();
        if y.contains_zero() && x.contains_zero() {
            if point {
                return self.assign_never();
            }
            self.weaken();
        }
        if y.lo < 0 && y.hi >= 0 && x.lo < 0 {
            // π < the upper bound, −π > the lower.
            return self.set_ends(
                false,
                |out, round| {
                    let ternary = out.assign_round(Constant::Pi, round.reverse());
                    out.neg_assign();
                    ternary.reverse()
                },
                |out, round| out.assign_round(Constant::Pi, round),
            );
        }
        // Everywhere else the angle is continuous on the box, and its extremes are
        // at corners: above the axis the angle falls as x grows, grows with y on
        // the right and falls with y on the left; below, the mirror image.
        let (low, high) = if y.lo >= 0 {
            // On the y axis alone the origin is no corner to look at: π/2 is all there is.
            let low_y = if x.hi > 0 || (x.hi == 0 && y.hi == 0) {
                &y.lo
            } else {
                &y.hi
            };
            let high_y = if x.lo >= 0 { &y.hi } else { &y.lo };
            (corner(low_y, &x.hi, &x.lo), corner(high_y, &x.lo, &x.hi))
        } else if y.hi <= 0 {
            let low_y = if x.lo >= 0 { &y.lo } else { &y.hi };
            let high_y = if x.hi > 0 { &y.hi } else { &y.lo };
            (corner(low_y, &x.lo, &x.hi), corner(high_y, &x.hi, &x.lo))
        } else {
            // Right of the axis, or touching it (±π/2 is then reached).
            ((&y.lo, &x.lo), (&y.hi, &x.lo))
        };
        self.set_ends(
            point,
            |out, round| out.assign_round(low.0.atan2_ref(low.1), round),
            |out, round| out.assign_round(high.0.atan2_ref(high.1), round),
        );
    }
}

/// The corner (x, y) of a box, or that at the other end of x where it is the
/// origin: on the x axis the angle does not depend on |x|.
fn corner<'a>(y: &'a Float, x: &'a Float, other: &'a Float) -> (&'a Float, &'a Float) {
    if y.is_zero() && x.is_zero() {
        (y, other)
    } else {
        (y, x)
    }
}
