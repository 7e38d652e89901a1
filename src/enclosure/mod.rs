//! Enclosures: intervals that are proved to contain a real number.
//!
//! An [`Enclosure`] is a register: it has a precision, and every operation sets
//! it, in place, from operands of any precision. With F an operation over the
//! reals and X, Y, … its operands, the contract is:
//!
//! - *Containment.* For every x in X, y in Y, … at which F is defined,
//!   lo ≤ F(x, y, …) ≤ hi, whatever the precision. Bounds are rounded outward.
//!   A bound may be infinite (nothing is known on that side, or the bound is
//!   beyond MPFR's exponents); the numbers enclosed are finite. lo is never +∞,
//!   hi never −∞.
//! - *Definedness.* [`Defined::Surely`]: F is defined at every point of the
//!   operands, each of which is surely defined. [`Defined::Never`]: it is
//!   defined at none; the bounds are NaN. [`Defined::Maybe`]: nothing is
//!   claimed. A domain violation is never lost: min(log(−1), 1) is `Never`.
//! - *Tightness.* At points the bounds are equal (where the value is a number of
//!   this precision) or neighbours. Over intervals they are the best of
//!   this precision, save where a function's page says otherwise.
//! - *Totality.* Nothing panics. But nothing limits the cost either: MPFR runs
//!   to its end, so whoever calls must have judged exponents and precisions
//!   first (sin of 2^1000000000 takes minutes).
//!
//! Truth values are enclosures too: [0, 0] false, [1, 1] true, [0, 1] unknown.
//! Zero has no sign here: a bound is never −0.
//!
//! The bounds rest on MPFR's correct rounding (Fousse et al., *MPFR: A
//! Multiple-Precision Binary Floating-Point Library with Correct Rounding*,
//! 2007). The interval operations follow IEEE 1788-2015, except that a power
//! has negative bases where the exponent is an integer, and 0^0 is 1.
//!
//! | file | chapter |
//! |---|---|
//! | `assign` | from numbers, constants and other enclosures |
//! | `outward` | how bounds are computed: points, monotone pieces, domains |
//! | `arithmetic` | + − × ÷, fma, abs, min, max, square and cube roots, hypot |
//! | `integer` | floor, ceil, trunc, round |
//! | `exponential` | exponentials, logarithms, hyperbolic functions, erf |
//! | `trigonometric` | sin, cos, tan and their inverses, atan2 |
//! | `power` | x^y |
//! | `gamma` | Γ and log\|Γ\| |
//! | `polygamma` | ψ and its derivatives |
//! | `hurwitz`, `bernoulli` | the sums that these are, and the numbers of their expansion |
//! | `logic` | comparisons, and, or, not, select |
//! | `decimal` | as text |

mod arithmetic;
mod assign;
mod bernoulli;
mod decimal;
mod exponential;
mod gamma;
mod hurwitz;
mod integer;
mod logic;
mod outward;
mod polygamma;
mod power;
mod trigonometric;

#[cfg(test)]
mod tests;

pub use polygamma::MAX_ORDER;

use rug::{Float, Rational};
use std::cmp::Ordering;

/// Whether an operation has a value. The order is from the best to the worst,
/// so that the greatest over the operands is what they share.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Defined {
    /// At every point of the operands.
    Surely,
    /// Unknown, or at some points and not at others.
    Maybe,
    /// Nowhere.
    Never,
}

/// An interval that contains a real number, if that is defined; see the
/// module's page.
///
/// ```
/// use ulpscope::enclosure::Enclosure;
/// let mut third = Enclosure::new(53);
/// third.assign_rational(&rug::Rational::from((1, 3)));
/// assert_eq!(third.lo().to_f64(), 1.0 / 3.0); // rounded down
/// assert_eq!(third.hi().to_f64(), 0.33333333333333337);
/// ```
#[derive(Clone, Debug)]
pub struct Enclosure {
    lo: Float,
    hi: Float,
    defined: Defined,
}

impl Enclosure {
    /// The point 0 with this many bits, which are held within rug's limits.
    pub fn new(precision: u32) -> Enclosure {
        let precision = within_limits(precision);
        Enclosure {
            lo: Float::new(precision),
            hi: Float::new(precision),
            defined: Defined::Surely,
        }
    }

    /// The lower bound; NaN where the value is never defined.
    pub fn lo(&self) -> &Float {
        &self.lo
    }

    /// The upper bound; NaN where the value is never defined.
    pub fn hi(&self) -> &Float {
        &self.hi
    }

    /// Whether there is a value.
    pub fn defined(&self) -> Defined {
        self.defined
    }

    /// The bits of each bound.
    pub fn precision(&self) -> u32 {
        self.lo.prec()
    }

    /// Gives the bounds another precision, rounding them outward.
    pub fn set_precision(&mut self, precision: u32) {
        use rug::float::Round;
        let precision = within_limits(precision);
        // The directions make the bounds right; how far they moved is of no use.
        self.lo.set_prec_round(precision, Round::Down);
        self.hi.set_prec_round(precision, Round::Up);
    }

    /// Whether the bounds are equal: the value, where defined, is that number.
    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    /// Whether the value is defined nowhere.
    pub fn is_never(&self) -> bool {
        self.defined == Defined::Never
    }

    /// Whether the value is defined everywhere.
    pub fn is_surely(&self) -> bool {
        self.defined == Defined::Surely
    }

    /// Whether both bounds are finite.
    pub fn is_bounded(&self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }

    /// Whether x lies within the bounds. False where nothing is defined.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let mut tenth = Enclosure::new(24);
    /// tenth.assign_rational(&rug::Rational::from((1, 10)));
    /// assert!(tenth.contains_rational(&rug::Rational::from((1, 10))));
    /// assert!(!tenth.contains(&rug::Float::with_val(53, 0.1000001)));
    /// ```
    pub fn contains(&self, x: &Float) -> bool {
        self.lo <= *x && *x <= self.hi
    }

    /// As [`Enclosure::contains`], of a rational number.
    pub fn contains_rational(&self, x: &Rational) -> bool {
        self.lo <= *x && self.hi >= *x
    }

    /// Whether 0 lies within the bounds.
    pub fn contains_zero(&self) -> bool {
        self.lo <= 0 && self.hi >= 0
    }

    /// The order of the value against 0, where the value is surely defined and
    /// the bounds decide it.
    pub fn sign(&self) -> Option<Ordering> {
        if !self.is_surely() {
            None
        } else if self.lo > 0 {
            Some(Ordering::Greater)
        } else if self.hi < 0 {
            Some(Ordering::Less)
        } else {
            self.is_point().then_some(Ordering::Equal)
        }
    }

    /// hi − lo, rounded up; NaN where nothing is defined.
    pub fn width(&self) -> Float {
        use rug::float::Round;
        Float::with_val_round(self.precision(), &self.hi - &self.lo, Round::Up).0
    }

    /// A k such that hi − lo ≤ 2^−k·|v| for every v enclosed: the bits on which
    /// the bounds agree. `None` where 0 is enclosed with other numbers, where a
    /// bound is infinite and where nothing is defined; `i64::MAX` for a point.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let mut e = Enclosure::new(53);
    /// e.assign_e();
    /// assert_eq!(e.agreeing_bits(), Some(51));
    /// ```
    pub fn agreeing_bits(&self) -> Option<i64> {
        if self.is_point() {
            return Some(i64::MAX);
        }
        if !self.is_bounded() {
            return None;
        }
        // 2^(m−1) ≤ |v| and hi − lo < 2^w, exponents as MPFR has them.
        let m = self.mignitude()?.get_exp()?;
        let w = self.width().get_exp()?;
        Some(i64::from(m) - 1 - i64::from(w))
    }
}

fn within_limits(precision: u32) -> u32 {
    precision.clamp(rug::float::prec_min(), rug::float::prec_max())
}
