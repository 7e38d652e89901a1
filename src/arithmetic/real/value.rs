//! What is known of a node's exact value, and how it is written.

use super::MAX_EXACT_BITS;
use crate::arithmetic::emulated::NoValue;
use crate::arithmetic::interval::{ComputedInterval, Ends};
use crate::enclosure::{Defined, Enclosure};
use crate::format::{Format, exponent};
use rug::{Assign, Float, Rational};
use std::cmp::Ordering;

/// What is known of a node's exact value.
#[derive(Clone, Debug)]
pub struct RealValue {
    pub(super) state: State,
    pub(super) enclosure: Enclosure,
    pub(super) exact: Rational,
    pub(super) computed: Float,
    pub(super) interval: Option<Box<ComputedInterval>>,
    pub(super) limit: Option<NoValue>,
    /// Whether it is, where defined, not 0, though the enclosure may contain 0.
    /// Set after every operation, in one place.
    pub(super) nonzero: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// `enclosure` holds all that is known.
    Enclosed,
    /// The value is `exact`; `enclosure` contains it.
    Exact,
    /// The value is that of a computation, `computed`, or a bare `inf`, `nan`.
    Computed,
    /// The values of a computation over a range lie in `interval`; `enclosure`
    /// says nothing.
    Range,
}

impl RealValue {
    pub(super) fn new(precision: u32, computed: u32) -> Self {
        RealValue {
            state: State::Enclosed,
            enclosure: Enclosure::new(precision),
            exact: Rational::new(),
            computed: Float::new(computed),
            interval: None,
            limit: None,
            nonzero: false,
        }
    }

    /// A value of which nothing but an enclosure is known, at this precision.
    pub fn enclosed(precision: u32) -> Self {
        Self::new(precision, 2)
    }

    /// Takes an enclosure, with its precision; a point is an exact value.
    pub fn take_enclosure(&mut self, enclosure: &Enclosure) {
        if self.enclosure.precision() != enclosure.precision() {
            self.enclosure = Enclosure::new(enclosure.precision());
        }
        self.enclosure.assign_from(enclosure);
        self.limit = None;
        self.settle();
    }

    /// An enclosure of the value. That of a computed infinity or NaN is
    /// undefined.
    pub fn enclosure(&self) -> &Enclosure {
        &self.enclosure
    }

    /// The value, where it is known exactly as a rational.
    pub fn exact(&self) -> Option<&Rational> {
        (self.state == State::Exact).then_some(&self.exact)
    }

    /// Whether the value, where it is defined, is surely not 0.
    pub(super) fn is_nonzero(&self) -> bool {
        self.nonzero || self.enclosure.sign().is_some_and(Ordering::is_ne)
    }

    /// The infinity or NaN that a computation gave.
    pub fn special(&self) -> Option<&Float> {
        (self.state == State::Computed && !self.computed.is_finite()).then_some(&self.computed)
    }

    /// The values of a computation, one or a range of them.
    pub(crate) fn ends(&self) -> Option<Ends<'_>> {
        match self.state {
            State::Computed => Some(Ends::point(&self.computed)),
            State::Range => self.interval.as_deref().map(ComputedInterval::ends),
            State::Enclosed | State::Exact => None,
        }
    }

    /// All values that it may be, a real number's or a computation's; `None`
    /// where it may have none.
    pub(crate) fn extended(&self) -> Option<Ends<'_>> {
        let real = || Ends {
            lo: self.enclosure.lo(),
            hi: self.enclosure.hi(),
            nan: false,
        };
        self.ends()
            .or_else(|| self.enclosure.is_surely().then(real))
    }

    /// The interval to be written.
    pub(super) fn interval(&mut self) -> &mut ComputedInterval {
        let fresh = || Box::new(ComputedInterval::new(2));
        self.interval.get_or_insert_with(fresh)
    }

    /// After an operation on the interval: a single value is a computed one.
    pub(super) fn settle_interval(&mut self) {
        let Some(interval) = self.interval.take() else {
            return;
        };
        let ends = interval.ends();
        if ends.is_point() {
            self.set_computed(ends.lo);
        } else {
            self.state = State::Range;
            self.enclosure.assign_whole(Defined::Maybe);
        }
        self.interval = Some(interval);
    }

    /// What kept this node's own operation from a useful enclosure.
    pub fn limit(&self) -> Option<NoValue> {
        self.limit
    }

    /// The truth value of a predicate, where it is decided.
    pub fn truth(&self) -> Option<bool> {
        let known = self.enclosure.defined() == Defined::Surely && self.enclosure.is_point();
        known.then(|| !self.enclosure.lo().is_zero())
    }

    pub(super) fn set_exact(&mut self, value: Rational) {
        self.enclosure.assign_rational(&value);
        self.exact = value;
        self.state = State::Exact;
    }

    /// After an operation on the enclosure: a point is an exact value.
    pub(super) fn settle(&mut self) {
        self.state = State::Enclosed;
        if self.enclosure.is_point() && self.enclosure.defined() == Defined::Surely {
            self.adopt(&self.enclosure.lo().clone());
        } else if beyond_range(&self.enclosure) {
            self.limit = Some(NoValue::OutOfRange);
        }
    }

    /// Takes a finite number as an exact rational, if it is not too long.
    pub(super) fn adopt(&mut self, x: &Float) {
        let size = exponent(x).map_or(0, |e| e.unsigned_abs()) + x.prec();
        if size <= 2 * MAX_EXACT_BITS {
            self.exact.assign(&x.to_rational().expect("finite"));
            self.state = State::Exact;
        }
    }

    pub(super) fn copy(&mut self, other: &RealValue) {
        self.state = other.state;
        self.enclosure.assign_from(&other.enclosure);
        self.limit = None;
        match other.state {
            State::Enclosed => {}
            State::Exact => self.exact.assign(&other.exact),
            State::Computed => {
                self.computed.set_prec(other.computed.prec());
                self.computed.assign(&other.computed);
            }
            State::Range => {
                if let Some(ends) = other.ends() {
                    self.interval().assign_ends(ends);
                }
            }
        }
    }

    /// Takes over what a computation gave.
    pub(super) fn set_computed(&mut self, value: &Float) {
        self.computed.set_prec(value.prec());
        self.computed.assign(value);
        self.settle_computed();
    }

    pub(super) fn settle_computed(&mut self) {
        self.state = State::Computed;
        if self.computed.is_finite() {
            self.enclosure.assign_point(&self.computed);
        } else {
            self.enclosure.assign_never();
        }
    }

    /// Not known at this precision.
    pub(super) fn unknown(&mut self) {
        self.state = State::Enclosed;
        self.enclosure.assign_whole(Defined::Maybe);
    }

    pub(super) fn give_up(&mut self, why: NoValue) {
        self.state = State::Enclosed;
        self.enclosure.assign_whole(Defined::Maybe);
        self.limit = Some(why);
    }

    /// Takes the computed values between two numbers, rounded to a format.
    pub(super) fn set_interval(&mut self, format: &Format, bounds: [&Float; 2]) {
        let [lo, hi] = bounds.map(|bound| format.round(bound));
        if bounds[0].total_cmp(bounds[1]).is_eq() && !format.is_mpfr() {
            return self.set_computed(&lo);
        }
        if lo.is_nan() || hi.is_nan() {
            return self.unknown();
        }
        self.interval().assign(&lo, &hi);
        self.settle_interval();
    }

    /// Takes a number that was given: exact, whatever its length.
    pub(super) fn set_rational(&mut self, value: &Rational) {
        self.enclosure.assign_rational(value);
        self.exact.assign(value);
        self.state = State::Exact;
    }
}

/// Whether nothing but MPFR's exponent range stands at one of the bounds.
fn beyond_range(enclosure: &Enclosure) -> bool {
    let (lo, hi) = (enclosure.lo(), enclosure.hi());
    let huge = |x: &Float| exponent(x).is_some_and(|e| e >= crate::format::MPFR_EMAX);
    let tiny = |x: &Float| exponent(x).is_some_and(|e| e <= crate::format::MPFR_EMIN);
    (hi.is_infinite() && huge(lo))
        || (lo.is_infinite() && huge(hi))
        || (lo.is_zero() && tiny(hi))
        || (hi.is_zero() && tiny(lo))
}
