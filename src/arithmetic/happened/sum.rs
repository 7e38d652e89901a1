//! Sums: whether a term absorbs the other, and whether leading bits cancel.

use super::possible::{Possible, equals, exponents, same_magnitude};
use crate::arithmetic::interval::Ends;
use crate::format::{Format, Rounding};
use crate::formula::Op;
use rug::Float;

/// The most bits of an exact product.
const MAX_PRODUCT_BITS: u32 = 1 << 24;

/// The terms of a sum.
pub(super) enum Terms {
    /// It is no sum.
    None,
    /// They are not known.
    Unknown,
    Two(Sum),
}

/// A sum of two terms, the second with its sign in it.
pub(super) struct Sum {
    terms: [(Float, Float); 2],
    /// Whether the first term is a product, which is no single operand.
    product: bool,
}

impl Terms {
    pub fn new(op: &Op, operands: &[Ends], finite: Possible) -> Terms {
        let own = |x: &Ends| (x.lo.clone(), x.hi.clone());
        let terms = match (op, operands) {
            (Op::Add | Op::Sub | Op::Fma, _) if !finite.is_sure() => return Terms::Unknown,
            (Op::Add, [a, b]) => [own(a), own(b)],
            (Op::Sub, [a, b]) => [own(a), (-b.hi.clone(), -b.lo.clone())],
            (Op::Fma, [a, b, c]) => match product(a, b) {
                Some(product) => [product, own(c)],
                None => return Terms::Unknown,
            },
            _ => return Terms::None,
        };
        Terms::Two(Sum {
            terms,
            product: matches!(op, Op::Fma),
        })
    }
}

/// All products of two finite ranges, exactly; `None` where they are too long.
fn product(a: &Ends, b: &Ends) -> Option<(Float, Float)> {
    let precision = a.lo.prec().checked_add(b.lo.prec())?;
    if precision > MAX_PRODUCT_BITS {
        return None;
    }
    let corners = [(a.lo, b.lo), (a.lo, b.hi), (a.hi, b.lo), (a.hi, b.hi)];
    let mut range: Option<(Float, Float)> = None;
    for (x, y) in corners {
        let corner = Float::with_val(precision, x * y);
        let lost = corner.is_zero() && !x.is_zero() && !y.is_zero();
        if lost || !corner.is_finite() {
            return None;
        }
        range = Some(match range {
            None => (corner.clone(), corner),
            Some((lo, hi)) => (lo.min(&corner), hi.max(&corner)),
        });
    }
    range
}

impl Sum {
    fn term(&self, i: usize) -> Ends<'_> {
        let (lo, hi) = &self.terms[i];
        Ends { lo, hi, nan: false }
    }

    /// For each term, whether the result is known to be that term though the
    /// other is not 0, which the sum then is not exactly.
    pub fn stays(&self, format: &Format, result: &Ends) -> [bool; 2] {
        [0, 1].map(|i| {
            let (term, other) = (self.term(i), self.term(1 - i));
            let single = term.lo == term.hi && result.lo == term.lo && result.hi == term.lo;
            !equals(&other, 0).yes && (single || keeps(format, &term, &other))
        })
    }

    /// Whether a term absorbs the other one.
    pub fn absorbs(
        &self,
        i: usize,
        format: &Format,
        stays: bool,
        result: &Ends,
        inexact: Possible,
    ) -> Possible {
        if i == 1 && self.product {
            return Possible::NO;
        }
        if stays {
            return Possible::YES;
        }
        if moves(format, &self.term(i), &self.term(1 - i)) {
            return Possible::NO;
        }
        same_magnitude(result, &self.term(i))
            .and(equals(&self.term(1 - i), 0).not())
            .and(inexact)
    }

    /// Whether the result has a lesser exponent than the terms, and the greatest
    /// that these may have.
    pub fn cancel(
        &self,
        zero: Possible,
        inexact: Possible,
        (low, high): (Option<i32>, Option<i32>),
    ) -> (Possible, Option<i32>) {
        let [a, b] = [0, 1].map(|i| exponents(&self.term(i)));
        // `None`, the exponent of 0, is below all others.
        let (least, greatest) = (a.0.max(b.0), a.1.max(b.1));
        let nothing_left = zero.and(inexact.not()).and(Possible {
            yes: greatest.is_some(),
            no: least.is_none(),
        });
        let smaller = zero.not().and(Possible {
            yes: low < greatest,
            no: high >= least,
        });
        (nothing_left.or(smaller), greatest)
    }
}

/// Whether x + y rounds to x for all numbers x of the format in this range and
/// all y in the other: |y| below a quarter of an ulp of x, where the rounding is
/// to nearest.
fn keeps(format: &Format, x: &Ends, y: &Ends) -> bool {
    let nearest = matches!(
        format.rounding(),
        Rounding::NearestEven | Rounding::NearestAway
    );
    let (Some(least), Some(greatest)) = exponents(x) else {
        return false;
    };
    // Numbers of no more bits, and between these, are the format's.
    let of_format = x.lo.prec() <= format.precision()
        && least >= format.emin()
        && (format.is_mpfr() || greatest < format.emax());
    let (_, Some(other)) = exponents(y) else {
        return false;
    };
    nearest && of_format && i64::from(other) + 3 <= format.ulp_exponent(least)
}

/// Whether x + y never rounds to x or to −x: it has the sign of x, and |y| is an
/// ulp of x or more.
fn moves(format: &Format, x: &Ends, y: &Ends) -> bool {
    match (exponents(x), exponents(y)) {
        ((Some(least), Some(greatest)), (Some(least_other), Some(greatest_other))) => {
            greatest_other < least && i64::from(least_other) >= format.ulp_exponent(greatest)
        }
        _ => false,
    }
}
