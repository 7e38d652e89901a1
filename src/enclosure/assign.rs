//! Enclosures of numbers, of constants, and of what other enclosures enclose.

use super::{Defined, Enclosure};
use rug::float::{Constant, Special};
use rug::ops::AssignRound;
use rug::{Assign, Float, Rational};

impl Enclosure {
    /// The tightest enclosure of a rational number.
    pub fn assign_rational(&mut self, x: &Rational) {
        self.defined = Defined::Surely;
        self.at_point(|out, round| out.assign_round(x, round));
    }

    /// The tightest enclosure of a finite number; never defined for an infinity
    /// and for NaN, which are no real numbers.
    pub fn assign_point(&mut self, x: &Float) {
        if !x.is_finite() {
            return self.assign_never();
        }
        self.defined = Defined::Surely;
        self.at_point(|out, round| out.assign_round(x, round));
    }

    /// All real numbers from `lo` to `hi`, which may be infinite; never defined
    /// where there are none.
    pub fn assign_bounds(&mut self, lo: &Float, hi: &Float) {
        let empty = lo.is_nan() || hi.is_nan() || lo > hi;
        let infinite = lo.is_infinite() && lo == hi;
        if empty || infinite {
            return self.assign_never();
        }
        self.defined = Defined::Surely;
        self.set_ends(
            lo == hi,
            |out, round| out.assign_round(lo, round),
            |out, round| out.assign_round(hi, round),
        );
    }

    /// All real numbers: [−∞, ∞], with this definedness.
    pub fn assign_whole(&mut self, defined: Defined) {
        if defined == Defined::Never {
            return self.assign_never();
        }
        self.defined = defined;
        self.lo.assign(Special::NegInfinity);
        self.hi.assign(Special::Infinity);
    }

    /// A value that is defined nowhere.
    pub fn assign_never(&mut self) {
        self.defined = Defined::Never;
        self.lo.assign(Special::Nan);
        self.hi.assign(Special::Nan);
    }

    /// The same value, at this register's precision.
    pub fn assign_from(&mut self, x: &Enclosure) {
        if !self.begin(x.defined) {
            return;
        }
        self.set_ends(
            x.is_point(),
            |out, round| out.assign_round(&x.lo, round),
            |out, round| out.assign_round(&x.hi, round),
        );
    }

    /// Whatever either encloses: an undecided choice between them. Surely
    /// defined where both are, never where neither is; where only one is ever
    /// defined, the bounds are its own.
    pub fn assign_hull(&mut self, a: &Enclosure, b: &Enclosure) {
        if a.is_never() || b.is_never() {
            self.assign_from(if a.is_never() { b } else { a });
            return self.weaken();
        }
        self.defined = a.defined.max(b.defined);
        let lo = if a.lo <= b.lo { &a.lo } else { &b.lo };
        let hi = if a.hi >= b.hi { &a.hi } else { &b.hi };
        self.set_ends(
            lo == hi,
            |out, round| out.assign_round(lo, round),
            |out, round| out.assign_round(hi, round),
        );
    }

    /// What both enclose, where both are enclosures of one and the same number.
    /// If either knows it to be defined, it is. Where they have nothing in
    /// common there is no such number: never defined.
    pub fn assign_intersection(&mut self, a: &Enclosure, b: &Enclosure) {
        let lo = if a.lo >= b.lo { &a.lo } else { &b.lo };
        let hi = if a.hi <= b.hi { &a.hi } else { &b.hi };
        if a.is_never() || b.is_never() || lo > hi {
            return self.assign_never();
        }
        self.defined = a.defined.min(b.defined);
        self.set_ends(
            lo == hi,
            |out, round| out.assign_round(lo, round),
            |out, round| out.assign_round(hi, round),
        );
    }

    /// Forgets that the value is surely defined.
    pub fn weaken(&mut self) {
        self.defined = self.defined.max(Defined::Maybe);
    }

    /// Takes a value that may be undefined, as far as the bounds say, to be
    /// surely defined: something else is known of the operands.
    pub(crate) fn strengthen(&mut self) {
        if self.defined == Defined::Maybe {
            self.defined = Defined::Surely;
        }
    }

    /// π.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let mut pi = Enclosure::new(53);
    /// pi.assign_pi();
    /// assert_eq!(pi.lo().to_f64(), std::f64::consts::PI); // below π
    /// ```
    pub fn assign_pi(&mut self) {
        self.defined = Defined::Surely;
        self.at_point(|out, round| out.assign_round(Constant::Pi, round));
    }

    /// e, the base of the natural logarithm.
    pub fn assign_e(&mut self) {
        self.defined = Defined::Surely;
        let one = Float::with_val(2, 1);
        self.at_point(|out, round| out.assign_round(one.exp_ref(), round));
    }
}
