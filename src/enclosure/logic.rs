//! Comparisons, logic and choice.
//!
//! A truth value is an enclosure of 0 (false) and 1 (true); any number but 0
//! counts as true. A comparison is decided only where both sides are surely
//! defined. `and` and `or` are Kleene's: one side that is surely false decides
//! `and`, whatever the other is, and one that is surely true decides `or`.

use super::{Defined, Enclosure};
use rug::Assign;

/// What a truth value may be, at some point of the operands.
#[derive(Clone, Copy)]
struct Truth {
    can_be_false: bool,
    can_be_true: bool,
    can_be_undefined: bool,
}

impl Truth {
    fn not(self) -> Truth {
        Truth {
            can_be_false: self.can_be_true,
            can_be_true: self.can_be_false,
            ..self
        }
    }

    /// Kleene's conjunction: false where either is false, undefined where the
    /// one is undefined and the other not false.
    fn and(self, other: Truth) -> Truth {
        let not_false = |t: Truth| t.can_be_true || t.can_be_undefined;
        Truth {
            can_be_false: self.can_be_false || other.can_be_false,
            can_be_true: self.can_be_true && other.can_be_true,
            can_be_undefined: self.can_be_undefined && not_false(other)
                || other.can_be_undefined && not_false(self),
        }
    }
}

impl Enclosure {
    fn truth(&self) -> Truth {
        Truth {
            can_be_false: self.contains_zero(),
            can_be_true: self.lo < 0 || self.hi > 0,
            can_be_undefined: !self.is_surely(),
        }
    }

    fn assign_truth(&mut self, truth: Truth) {
        if !truth.can_be_false && !truth.can_be_true {
            return self.assign_never();
        }
        self.defined = if truth.can_be_undefined {
            Defined::Maybe
        } else {
            Defined::Surely
        };
        self.lo.assign(u32::from(!truth.can_be_false));
        self.hi.assign(u32::from(truth.can_be_true));
    }

    /// Sets the outcome of a comparison from what its bounds say.
    fn compare(&mut self, a: &Enclosure, b: &Enclosure, holds: bool, fails: bool) {
        let defined = a.defined.max(b.defined);
        let decided = defined == Defined::Surely;
        self.assign_truth(Truth {
            can_be_false: defined != Defined::Never && !(decided && holds),
            can_be_true: defined != Defined::Never && !(decided && fails),
            can_be_undefined: !decided,
        });
    }

    /// a < b.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (mut pi, three, mut less) = (Enclosure::new(53), Enclosure::new(53), Enclosure::new(53));
    /// pi.assign_pi();
    /// less.assign_lt(&three, &pi);
    /// assert!(less.is_point() && *less.lo() == 1);
    /// ```
    pub fn assign_lt(&mut self, a: &Enclosure, b: &Enclosure) {
        self.compare(a, b, a.hi < b.lo, a.lo >= b.hi);
    }

    /// a ≤ b.
    pub fn assign_le(&mut self, a: &Enclosure, b: &Enclosure) {
        self.compare(a, b, a.hi <= b.lo, a.lo > b.hi);
    }

    /// a > b.
    pub fn assign_gt(&mut self, a: &Enclosure, b: &Enclosure) {
        self.assign_lt(b, a);
    }

    /// a ≥ b.
    pub fn assign_ge(&mut self, a: &Enclosure, b: &Enclosure) {
        self.assign_le(b, a);
    }

    /// a = b.
    pub fn assign_eq(&mut self, a: &Enclosure, b: &Enclosure) {
        let disjoint = a.hi < b.lo || b.hi < a.lo;
        let same = a.is_point() && b.is_point() && a.lo == b.lo;
        self.compare(a, b, same, disjoint);
    }

    /// a ≠ b.
    pub fn assign_ne(&mut self, a: &Enclosure, b: &Enclosure) {
        let disjoint = a.hi < b.lo || b.hi < a.lo;
        let same = a.is_point() && b.is_point() && a.lo == b.lo;
        self.compare(a, b, disjoint, same);
    }

    /// Both.
    pub fn assign_and(&mut self, a: &Enclosure, b: &Enclosure) {
        self.assign_truth(a.truth().and(b.truth()));
    }

    /// At least one: by De Morgan's law.
    pub fn assign_or(&mut self, a: &Enclosure, b: &Enclosure) {
        self.assign_truth(a.truth().not().and(b.truth().not()).not());
    }

    /// The contrary.
    pub fn assign_not(&mut self, x: &Enclosure) {
        self.assign_truth(x.truth().not());
    }

    /// a where the condition holds, otherwise b. A decided condition gives that
    /// side alone, and nothing of the other, its domain errors included. An
    /// undecided one gives the hull of both.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (zero, mut never, mut chosen) = (Enclosure::new(53), Enclosure::new(53), Enclosure::new(53));
    /// never.assign_never();
    /// chosen.assign_select(&zero, &never, &zero);
    /// assert!(chosen.is_surely() && chosen.is_point());
    /// ```
    pub fn assign_select(&mut self, condition: &Enclosure, a: &Enclosure, b: &Enclosure) {
        let truth = condition.truth();
        match (truth.can_be_true, truth.can_be_false) {
            (true, true) => self.assign_hull(a, b),
            (true, false) => self.assign_from(a),
            (false, true) => self.assign_from(b),
            (false, false) => self.assign_never(),
        }
        if truth.can_be_undefined {
            self.weaken();
        }
    }
}
