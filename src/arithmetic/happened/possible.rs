//! What may be so of a value in a range, and what may not.

use crate::arithmetic::interval::Ends;
use crate::format::exponent;
use rug::Float;
use std::cmp::Ordering;

/// Whether something can be so at some of the values, and whether it can not be
/// so at some. At least one of the two holds.
#[derive(Clone, Copy)]
pub(super) struct Possible {
    pub yes: bool,
    pub no: bool,
}

impl Possible {
    pub const NO: Possible = Possible::is(false);
    pub const YES: Possible = Possible::is(true);
    pub const UNKNOWN: Possible = Possible {
        yes: true,
        no: true,
    };

    pub const fn is(so: bool) -> Self {
        Possible { yes: so, no: !so }
    }

    pub fn is_sure(self) -> bool {
        !self.no
    }

    pub fn known(self) -> Option<bool> {
        (self.yes != self.no).then_some(self.yes)
    }

    pub fn not(self) -> Self {
        Possible {
            yes: self.no,
            no: self.yes,
        }
    }

    pub fn and(self, other: Self) -> Self {
        Possible {
            yes: self.yes && other.yes,
            no: self.no || other.no,
        }
    }

    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// Whether |x| = |y|.
pub(super) fn same_magnitude(x: &Ends, y: &Ends) -> Possible {
    if !x.has_numbers() {
        return Possible::NO;
    }
    let (x_lo, x_hi) = magnitudes(x);
    let (y_lo, y_hi) = magnitudes(y);
    Possible {
        yes: x_lo <= y_hi && y_lo <= x_hi,
        no: !(x_lo == x_hi && y_lo == y_hi && x_lo == y_lo),
    }
}

/// The least and the greatest magnitude.
fn magnitudes(x: &Ends) -> (Float, Float) {
    let (lo, hi) = (x.lo.clone().abs(), x.hi.clone().abs());
    let zero = Float::new(2);
    let (least, greatest) = match lo.partial_cmp(&hi) {
        Some(Ordering::Greater) => (hi, lo),
        _ => (lo, hi),
    };
    (if x.has_zero() { zero } else { least }, greatest)
}

/// The least and the greatest exponent of the numbers, with that of 0, `None`,
/// below and that of infinities above all others.
pub(super) fn exponents(x: &Ends) -> (Option<i32>, Option<i32>) {
    let of = |x: &Float| {
        if x.is_infinite() {
            Some(i32::MAX)
        } else {
            exponent(x)
        }
    };
    let (lo, hi) = (of(x.lo), of(x.hi));
    let least = if x.has_zero() { None } else { lo.min(hi) };
    (least, lo.max(hi))
}

/// Whether a value is NaN.
pub(super) fn is_nan(x: &Ends) -> Possible {
    Possible {
        yes: x.nan,
        no: x.has_numbers(),
    }
}

/// Whether a value is an infinity.
pub(super) fn is_infinite(x: &Ends) -> Possible {
    Possible {
        yes: x.has_infinity(),
        no: x.nan || x.lo != x.hi || !x.lo.is_infinite(),
    }
}

/// Whether a value is finite.
pub(super) fn is_finite(x: &Ends) -> Possible {
    Possible {
        yes: x.has_numbers() && is_infinite(x).no,
        no: !x.is_finite(),
    }
}

/// Whether a value is this number.
pub(super) fn equals(x: &Ends, number: i32) -> Possible {
    Possible {
        yes: *x.lo <= number && *x.hi >= number,
        no: x.nan || *x.lo != number || *x.hi != number,
    }
}

/// Whether a value is negative.
pub(super) fn is_negative(x: &Ends) -> Possible {
    Possible {
        yes: *x.lo < 0,
        no: x.nan || *x.hi >= 0,
    }
}
