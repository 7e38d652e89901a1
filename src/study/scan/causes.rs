//! What happened at the root of a computation, in lanes.

use super::measured::{Measured, UNKNOWN};
use crate::arithmetic::lanes::{Bounds, LANES, Level, dispatch};
use crate::format::Narrow;
use crate::formula::Cause;

/// The operation at the root.
pub struct Place<'a> {
    pub narrow: &'a Narrow,
    pub sum: bool,
    /// Whether the first term of the sum is a product, which nothing absorbs.
    pub product: bool,
    /// Whether it may give an infinity of finite operands exactly.
    pub has_pole: bool,
    /// How many operands it has.
    pub count: usize,
    /// No value of it is a number of the format, but at this operand.
    pub but: Option<f64>,
}

impl Measured {
    /// Finds out what happened at the root in each lane. `operands` are bounds of
    /// its operands (for a product and a sum, of the two terms), `exact` of what it
    /// makes of these over the reals.
    pub fn find_causes(
        &mut self,
        level: Level,
        place: &Place,
        operands: &[Bounds; 3],
        exact: &Bounds,
    ) {
        let measured = self;
        dispatch!(level, tell, (
            place: &Place, operands: &[Bounds; 3], exact: &Bounds, measured: &mut Measured
        ));
    }
}

/// What happened at the root in each lane, as
/// [`happened`](crate::arithmetic::happened::happened) says.
#[inline(always)]
fn tell<const FMA: bool>(
    place: &Place,
    operands: &[Bounds; 3],
    exact: &Bounds,
    measured: &mut Measured,
) {
    let mut finite = [true; LANES];
    let mut known = [true; LANES];
    for operand in &operands[..place.count] {
        for i in 0..LANES {
            // False for NaN.
            known[i] &= operand.lo[i] == operand.hi[i];
            finite[i] &= operand.lo[i].abs() < f64::INFINITY;
        }
    }
    let (largest, least_normal) = (place.narrow.largest(), place.narrow.least_normal());
    let (always, but) = (place.but.is_some(), place.but.unwrap_or(0.0));
    let exponent = |x: f64| (x.to_bits() >> 52) & 0x7ff;
    for i in 0..LANES {
        let (result, lo, hi) = (measured.computed[i], exact.lo[i], exact.hi[i]);
        let (size, x, y) = (result.abs(), operands[0].lo[i], operands[1].lo[i]);
        let irrational = always && x != but;
        let inside = if irrational {
            size < largest
        } else {
            lo.abs() < largest && hi.abs() < largest && size <= largest
        };
        let inexact = irrational || result < lo || result > hi;
        let open = !inside || (!inexact && lo != hi);
        let stays =
            (size == x.abs() && y != 0.0) || (size == y.abs() && x != 0.0 && !place.product);
        let (a, b) = (exponent(x), exponent(y));
        let greatest = if a > b { a } else { b };
        let cancels = (x != 0.0 || y != 0.0) && (result == 0.0 || exponent(result) < greatest);
        let plain = if inexact {
            Cause::Rounded as u8
        } else {
            Cause::Exact as u8
        };
        let tiny = result != 0.0 && size < least_normal;
        let of_numbers = if result == 0.0 && inexact {
            Cause::Underflow as u8
        } else if tiny {
            Cause::Subnormal as u8
        } else if place.sum && inexact && stays {
            Cause::Absorbed as u8
        } else if place.sum && cancels {
            Cause::Cancelled as u8
        } else {
            plain
        };
        let of_numbers = if open { UNKNOWN } else { of_numbers };
        let of_numbers = if size == f64::INFINITY && !place.has_pole {
            Cause::Overflow as u8
        } else {
            of_numbers
        };
        // Of an infinity everything is exact.
        let of_infinity = if tiny {
            Cause::Subnormal as u8
        } else {
            Cause::Exact as u8
        };
        let cause = if finite[i] { of_numbers } else { of_infinity };
        // A NaN is left open.
        measured.cause[i] = if known[i] && size <= f64::INFINITY {
            cause
        } else {
            UNKNOWN
        };
    }
}
