//! How bounds are computed.
//!
//! Each bound is one correctly rounded MPFR operation, toward −∞ for the lower,
//! toward +∞ for the upper. At a point one operation gives both: RU(v) is RD(v)
//! where that is exact, and the next number above it otherwise.

use super::{Defined, Enclosure};
use rug::float::{Round, Special};
use rug::ops::AssignRound;
use rug::{Assign, Float};
use std::cmp::Ordering;

/// An end of a function's domain.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    /// There is none.
    Nowhere,
    /// At this integer, which does not belong to the domain; the function tends
    /// to −∞ at a left edge and to +∞ at a right one, if it increases.
    Open(i32),
    /// At this integer, which belongs to the domain.
    Closed(i32),
}

/// Where a bound of a function is found.
enum End<'a> {
    /// At this number.
    Number(&'a Float),
    /// At this integer, the edge of the domain.
    Integer(i32),
    /// At an open edge.
    Infinite,
    /// Nowhere: the operand lies outside of the domain.
    Outside,
}

impl Enclosure {
    /// Takes over the operands' definedness; false, and all is done, where one of
    /// them is never defined.
    pub(super) fn begin(&mut self, operands: Defined) -> bool {
        if operands == Defined::Never {
            self.assign_never();
            return false;
        }
        self.defined = operands;
        true
    }

    /// Both bounds of one number from one operation.
    pub(super) fn at_point(&mut self, evaluate: impl FnOnce(&mut Float, Round) -> Ordering) {
        let ternary = evaluate(&mut self.lo, Round::Down);
        self.hi.assign(&self.lo); // equal precisions: exact
        if ternary != Ordering::Equal {
            self.hi.next_up();
        }
        self.settle();
    }

    /// The bounds from two operations; where `point` says that both are the same
    /// operation on the same numbers, from one.
    pub(super) fn set_ends(
        &mut self,
        point: bool,
        lower: impl FnOnce(&mut Float, Round) -> Ordering,
        upper: impl FnOnce(&mut Float, Round) -> Ordering,
    ) {
        if point {
            return self.at_point(lower);
        }
        // The directions make the bounds right; the ternary values add nothing.
        lower(&mut self.lo, Round::Down);
        upper(&mut self.hi, Round::Up);
        self.settle();
    }

    /// An increasing function, defined everywhere.
    pub(super) fn increasing(
        &mut self,
        x: &Enclosure,
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        self.monotone(x, (&x.lo, &x.hi), f);
    }

    /// A decreasing function, defined everywhere.
    pub(super) fn decreasing(
        &mut self,
        x: &Enclosure,
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        self.monotone(x, (&x.hi, &x.lo), f);
    }

    /// A function of x that has its least and its greatest value at these ends.
    fn monotone(
        &mut self,
        x: &Enclosure,
        (least, greatest): (&Float, &Float),
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        if !self.begin(x.defined) {
            return;
        }
        self.set_ends(
            x.is_point(),
            |out, round| f(out, least, round),
            |out, round| f(out, greatest, round),
        );
    }

    /// An even function that increases with |x|, and its value at 0.
    pub(super) fn even(
        &mut self,
        x: &Enclosure,
        at_zero: i32,
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        if !self.begin(x.defined) {
            return;
        }
        self.set_ends(
            x.is_point(),
            |out, round| match x.mignitude() {
                Some(least) => f(out, least, round),
                None => out.assign_round(at_zero, round),
            },
            |out, round| f(out, x.magnitude(), round),
        );
    }

    /// An increasing function between the edges of its domain; with `falling`,
    /// the decreasing one.
    pub(super) fn between(
        &mut self,
        x: &Enclosure,
        edges: (Edge, Edge),
        falling: bool,
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        if !self.begin(x.defined) {
            return;
        }
        let (left, right) = (x.left_end(edges.0), x.right_end(edges.1));
        if matches!(left, End::Outside) || matches!(right, End::Outside) {
            return self.assign_never();
        }
        let inside = matches!((&left, &right), (End::Number(_), End::Number(_)));
        if !inside {
            self.weaken();
        }
        let at = |out: &mut Float, end: &End, limit: Special, round: Round| match end {
            End::Number(x) => f(out, x, round),
            End::Integer(x) => f(out, &Float::with_val(32, *x), round),
            End::Infinite | End::Outside => {
                out.assign(limit);
                Ordering::Equal
            }
        };
        let (low, high) = if falling {
            (&right, &left)
        } else {
            (&left, &right)
        };
        self.set_ends(
            inside && x.is_point(),
            |out, round| at(out, low, Special::NegInfinity, round),
            |out, round| at(out, high, Special::Infinity, round),
        );
    }

    fn left_end(&self, edge: Edge) -> End<'_> {
        match edge {
            Edge::Open(at) if self.hi <= at => End::Outside,
            Edge::Open(at) if self.lo <= at => End::Infinite,
            Edge::Closed(at) if self.hi < at => End::Outside,
            Edge::Closed(at) if self.lo < at => End::Integer(at),
            _ => End::Number(&self.lo),
        }
    }

    fn right_end(&self, edge: Edge) -> End<'_> {
        match edge {
            Edge::Open(at) if self.lo >= at => End::Outside,
            Edge::Open(at) if self.hi >= at => End::Infinite,
            Edge::Closed(at) if self.lo > at => End::Outside,
            Edge::Closed(at) if self.hi > at => End::Integer(at),
            _ => End::Number(&self.hi),
        }
    }

    /// The end nearest to 0; `None` where 0 is enclosed.
    pub(super) fn mignitude(&self) -> Option<&Float> {
        if self.lo > 0 {
            Some(&self.lo)
        } else if self.hi < 0 {
            Some(&self.hi)
        } else {
            None
        }
    }

    /// The end farthest from 0.
    pub(super) fn magnitude(&self) -> &Float {
        if self.lo.cmp_abs(&self.hi) == Some(Ordering::Greater) {
            &self.lo
        } else {
            &self.hi
        }
    }

    /// Holds what the module's page promises of bounds: no −0, no lower +∞, no
    /// upper −∞.
    fn settle(&mut self) {
        if self.lo.is_nan() || self.hi.is_nan() {
            // No function here is evaluated outside of its domain. If one were, this
            // would be sound all the same.
            return self.assign_whole(Defined::Maybe);
        }
        if self.lo.is_zero() {
            self.lo.assign(Special::Zero);
        } else if self.lo.is_infinite() && self.lo.is_sign_positive() {
            self.lo.next_down();
        }
        if self.hi.is_zero() {
            self.hi.assign(Special::Zero);
        } else if self.hi.is_infinite() && self.hi.is_sign_negative() {
            self.hi.next_up();
        }
    }
}
