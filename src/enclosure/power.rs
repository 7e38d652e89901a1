//! x^y over the reals: x > 0 with any y; x < 0 with an integer y; 0^y is 0 for
//! y > 0, 1 for y = 0 and undefined for y < 0.
//!
//! For x > 0, x^y = e^(y·log x) grows with y where x > 1 and falls where x < 1,
//! grows with x where y > 0 and falls where y < 0; so bounds lie at corners.

use super::Enclosure;
use rug::float::{Round, Special};
use rug::ops::{AssignRound, Pow};
use rug::{Assign, Float};
use std::cmp::Ordering;

/// MPFR's power is the limit of x^y at 0 and at infinite ends, save that it
/// takes the sign of x where y is an odd integer; x is not −0 here.
fn power(out: &mut Float, x: &Float, y: &Float, round: Round) -> Ordering {
    if *y == 2 {
        return out.assign_round(x.square_ref(), round);
    }
    out.assign_round(x.pow(y), round)
}

fn is_odd(n: &Float) -> bool {
    // Large numbers are even: an exponent above the precision leaves no unit bit.
    n.get_exp().is_some_and(|e| e > 0 && e as u32 <= n.prec())
        && n.to_integer().is_some_and(|n| n.is_odd())
}

impl Enclosure {
    /// x^y; for the domain see the chapter's page. Where x has negative numbers
    /// and y is no single integer the bounds need not be the best.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// use rug::Float;
    /// let (mut x, mut two, mut square) = (Enclosure::new(53), Enclosure::new(53), Enclosure::new(53));
    /// x.assign_bounds(&Float::with_val(53, -3), &Float::with_val(53, 2));
    /// two.assign_rational(&rug::Rational::from(2));
    /// square.assign_pow(&x, &two);
    /// assert!(*square.lo() == 0 && *square.hi() == 9);
    /// ```
    pub fn assign_pow(&mut self, x: &Enclosure, y: &Enclosure) {
        if !self.begin(x.defined.max(y.defined)) {
            return;
        }
        if y.is_point() && y.lo.is_integer() {
            self.integer_power(x, &y.lo);
        } else if x.lo >= 0 {
            self.real_power((&x.lo, &x.hi), y);
        } else {
            self.mixed_power(x, y);
        }
    }

    /// x^n, of any x.
    fn integer_power(&mut self, x: &Enclosure, n: &Float) {
        if n.is_zero() {
            return self.at_point(|out, round| out.assign_round(1, round));
        }
        if *n < 0 && x.contains_zero() {
            if x.is_point() {
                return self.assign_never();
            }
            self.weaken();
        }
        match (is_odd(n), *n > 0) {
            (false, true) => {
                let defined = self.defined;
                self.even(x, 0, |out, x, round| power(out, x, n, round));
                self.defined = defined;
            }
            (false, false) => self.set_ends(
                x.is_point(),
                |out, round| power(out, x.magnitude(), n, round),
                |out, round| match x.mignitude() {
                    Some(least) => power(out, least, n, round),
                    None => infinite(out, Special::Infinity),
                },
            ),
            (true, true) => self.set_ends(
                x.is_point(),
                |out, round| power(out, &x.lo, n, round),
                |out, round| power(out, &x.hi, n, round),
            ),
            // 1/x^k falls on either side of its pole; 0 as an end is approached from inside.
            (true, false) => self.set_ends(
                x.is_point(),
                |out, round| match x.hi.cmp0() {
                    Some(Ordering::Equal) => infinite(out, Special::NegInfinity),
                    Some(Ordering::Greater) if x.lo < 0 => infinite(out, Special::NegInfinity),
                    _ => power(out, &x.hi, n, round),
                },
                |out, round| match x.lo.cmp0() {
                    Some(Ordering::Equal) => infinite(out, Special::Infinity),
                    Some(Ordering::Less) if x.hi > 0 => infinite(out, Special::Infinity),
                    _ => power(out, &x.lo, n, round),
                },
            ),
        }
    }

    /// x^y for 0 ≤ x_lo ≤ x_hi.
    fn real_power(&mut self, (x_lo, x_hi): (&Float, &Float), y: &Enclosure) {
        if x_hi.is_zero() {
            return self.power_of_zero(y);
        }
        if x_lo.is_zero() && y.lo < 0 {
            self.weaken();
        }
        let grows_at = |x: &Float| *x >= 1;
        // Which end of y gives the least and the greatest power of this x.
        let least = |x: &Float| if grows_at(x) { &y.lo } else { &y.hi };
        let most = |x: &Float| if grows_at(x) { &y.hi } else { &y.lo };
        let point = x_lo == x_hi && y.is_point();
        if y.lo >= 0 {
            self.set_ends(
                point,
                |out, round| power(out, x_lo, least(x_lo), round),
                |out, round| power(out, x_hi, most(x_hi), round),
            );
        } else if y.hi <= 0 {
            self.set_ends(
                point,
                |out, round| power(out, x_hi, least(x_hi), round),
                |out, round| power(out, x_lo, most(x_lo), round),
            );
        } else {
            // Both signs of y: the least is at (x_lo, y_hi) or (x_hi, y_lo).
            self.set_ends(
                false,
                |out, round| {
                    let ternary = power(out, x_lo, &y.hi, round);
                    let mut other = Float::new(out.prec());
                    power(&mut other, x_hi, &y.lo, round);
                    out.min_mut(&other);
                    ternary
                },
                |out, round| {
                    let ternary = power(out, x_lo, &y.lo, round);
                    let mut other = Float::new(out.prec());
                    power(&mut other, x_hi, &y.hi, round);
                    out.max_mut(&other);
                    ternary
                },
            );
        }
    }

    /// 0^y for a y that is no single integer.
    fn power_of_zero(&mut self, y: &Enclosure) {
        if y.hi < 0 {
            return self.assign_never();
        }
        if y.lo < 0 {
            self.weaken();
        }
        self.set_ends(
            false,
            |out, round| out.assign_round(i32::from(y.hi <= 0), round),
            |out, round| out.assign_round(i32::from(y.lo <= 0), round),
        );
    }

    /// x^y where x has negative numbers and y is no single integer: the power of
    /// the part x ≥ 0, and that of the part x < 0 at the integers of y.
    fn mixed_power(&mut self, x: &Enclosure, y: &Enclosure) {
        // y is no single integer, so some y leaves the negative x without a power.
        self.weaken();
        let first = Float::with_val(y.lo.prec(), y.lo.ceil_ref());
        let last = Float::with_val(y.hi.prec(), y.hi.floor_ref());
        // Numbers of p bits are integers from 2^(p−1) on: rounding them is exact.
        let whole = first <= last;
        let zero = Float::new(2);
        let mut positive = self.clone();
        if x.hi >= 0 {
            positive.real_power((&zero, &x.hi), y);
        } else {
            positive.assign_never();
        }
        let mut negative = self.clone();
        if whole {
            // The part x ≤ 0, for its bounds; what 0 adds is among the rest.
            let mut part = x.clone();
            if part.hi > 0 {
                part.hi.assign(Special::Zero);
            }
            if first == last {
                negative.integer_power(&part, &first);
            } else {
                let mut integers = y.clone();
                integers.lo = first;
                integers.hi = last;
                let magnitudes = (
                    Float::with_val(part.hi.prec(), part.hi.abs_ref()),
                    Float::with_val(part.lo.prec(), part.lo.abs_ref()),
                );
                negative.real_power((&magnitudes.0, &magnitudes.1), &integers);
                negative.lo.assign(-&negative.hi);
            }
        } else {
            negative.assign_never();
        }
        self.assign_hull(&positive, &negative);
    }
}

fn infinite(out: &mut Float, special: Special) -> Ordering {
    out.assign(special);
    Ordering::Equal
}
