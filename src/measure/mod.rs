//! How far a computed value is from the truth: errors in their units, and the
//! verdict.
//!
//! Every error is certified itself: a pair of bounds, rounded outward, from the
//! enclosure of the exact value. The units are those of Higham (*Accuracy and
//! Stability of Numerical Algorithms*) and of the *Handbook of Floating-Point
//! Arithmetic*; bits of error are the measure of Herbie and FPBench.

mod blame;
mod bounds;
mod verdict;

pub use blame::{Blame, ExactInput, FirstOrder, NodeBlame, blame, conditions};
pub use bounds::Bounds;
pub(crate) use bounds::outward;
pub use verdict::{Verdict, verdict};

pub use crate::arithmetic::happened::{Cancelled, Happened, happened};
pub use crate::formula::Cause;

use crate::arithmetic::real::RealValue;
use crate::format::{Format, exponent, exponent_of_rational};
use crate::truth::{self, Truth, Unanswered};
use rug::float::Round;
use rug::ops::AssignRound;
use rug::{Assign, Float, Rational};
use std::cmp::Ordering;

/// The relative accuracy to which errors are certified, in bits, unless the
/// budget is spent before.
pub(crate) const ACCURACY: u32 = 40;

/// Numbers with exponents up to this, either way, are subtracted from rationals
/// as rationals.
const MAX_SHIFT: u32 = 1 << 20;

/// The errors of a computed value against the exact one.
#[derive(Clone, Debug)]
pub struct Errors {
    /// |computed − exact|; `None` for NaN.
    pub absolute: Option<Bounds>,
    /// That over |exact|; `None` for NaN, and where the exact value is 0 and
    /// the computed one is not.
    pub relative: Option<Bounds>,
    /// That over ulp(exact) in the format; `None` for NaN, and where the exact
    /// value is 0 in `mpfr:P`, in which ulp(0) does not exist.
    pub ulps: Option<Bounds>,
    /// −log2 of the relative error, held in 0..p; 0 for NaN, p for equality.
    pub correct_bits: Bounds,
}

/// The errors of `computed`, a number of `format`, against the formula's exact
/// value.
///
/// # Errors
/// Where the exact value is undefined or nothing is known of it. Where the
/// budget does not suffice for sharp bounds, the bounds are what is known.
pub fn errors(
    truth: &mut Truth<'_>,
    computed: &Float,
    format: &Format,
) -> Result<Errors, Unanswered> {
    let sharp = truth.decide(ACCURACY, |value| {
        match errors_of(value, computed, format, true) {
            Some(errors) => truth::Verdict::Decided(errors),
            None => truth::Verdict::Undecided,
        }
    });
    match sharp {
        Err(undecided @ Unanswered::Undecided { .. }) => {
            errors_of(truth.value(), computed, format, false).ok_or(undecided)
        }
        sharp => sharp,
    }
}

/// The errors against what is known of the exact value; `None` where that is
/// not yet sharp, if it has to be.
fn errors_of(value: &RealValue, computed: &Float, format: &Format, sharp: bool) -> Option<Errors> {
    let precision = format.precision();
    if value.special().is_some() {
        return None;
    }
    if computed.is_nan() && value.enclosure().is_surely() {
        return Some(Errors {
            absolute: None,
            relative: None,
            ulps: None,
            correct_bits: Bounds::point(0),
        });
    }
    let enclosure = value.enclosure();
    // Of a value that may not exist no error is certain.
    if !enclosure.is_surely() || !enclosure.is_bounded() {
        return None;
    }
    if sharp && !enclosure.is_point() && truth::accuracy_bits(enclosure) < ACCURACY {
        return None;
    }
    let absolute = distance(value, computed);
    if sharp && !absolute.is_sharp(ACCURACY) {
        return None;
    }
    let magnitude = magnitude(value);
    let zero = magnitude.upper.is_zero();
    let relative = if absolute.upper.is_zero() {
        Some(Bounds::point(0))
    } else if zero {
        None
    } else if computed.is_zero() && !magnitude.lower.is_zero() {
        // |0 − v|/|v|, whatever v ≠ 0 is.
        Some(Bounds::point(1))
    } else {
        Some(absolute.over(&magnitude))
    };
    let ulps = match exponents(value) {
        _ if absolute.upper.is_zero() => Some(Bounds::point(0)),
        (_, None) if format.is_mpfr() => None,
        (_, None) => Some(absolute.times_power_of_two(-i64::from(format.least_exponent()))),
        (low, Some(high)) => {
            let low = low.unwrap_or(format.emin());
            let (low, high) = (format.ulp_exponent(low), format.ulp_exponent(high));
            if sharp && low != high {
                return None;
            }
            Some(Bounds {
                lower: absolute.times_power_of_two(-high).lower,
                upper: absolute.times_power_of_two(-low).upper,
            })
        }
    };
    let correct_bits = match &relative {
        Some(relative) => relative.correct_bits(precision),
        None => Bounds::point(0),
    };
    Some(Errors {
        absolute: Some(absolute),
        relative,
        ulps,
        correct_bits,
    })
}

/// |computed − exact|.
fn distance(value: &RealValue, computed: &Float) -> Bounds {
    let mut low = Float::new(Bounds::PRECISION);
    let mut high = Float::new(Bounds::PRECISION);
    match value.exact() {
        // An infinity is as far from every number.
        Some(_) if computed.is_infinite() => {
            low.assign(computed);
            high.assign(computed);
        }
        Some(exact) if exponent(computed).is_none_or(|e| e.unsigned_abs() < MAX_SHIFT) => {
            let difference = computed.to_rational().expect("a finite number") - exact;
            low.assign_round(&difference, Round::Down);
            high.assign_round(&difference, Round::Up);
        }
        _ => {
            let enclosure = value.enclosure();
            low.assign_round(computed - enclosure.hi(), Round::Down);
            high.assign_round(computed - enclosure.lo(), Round::Up);
        }
    }
    Bounds::magnitude_of(low, high)
}

/// The exponents of the least and the greatest |exact| that is possible, as
/// [`exponent`] gives them.
fn exponents(value: &RealValue) -> (Option<i32>, Option<i32>) {
    if let Some(exact) = value.exact() {
        let e = exponent_of_rational(exact);
        return (e, e);
    }
    let enclosure = value.enclosure();
    let ends = [enclosure.lo(), enclosure.hi()].map(exponent);
    match enclosure.sign() {
        Some(_) => (ends[0].min(ends[1]), ends[0].max(ends[1])),
        None => (None, ends[0].max(ends[1])),
    }
}

/// |exact|.
fn magnitude(value: &RealValue) -> Bounds {
    let mut low = Float::new(Bounds::PRECISION);
    let mut high = Float::new(Bounds::PRECISION);
    match value.exact() {
        Some(exact) => {
            low.assign_round(exact, Round::Down);
            high.assign_round(exact, Round::Up);
        }
        None => {
            low.assign_round(value.enclosure().lo(), Round::Down);
            high.assign_round(value.enclosure().hi(), Round::Up);
        }
    }
    Bounds::magnitude_of(low, high)
}

/// log2(1 + the number of floats from the computed value to the rounded
/// truth): ±0 are one float, and a NaN on one side counts as the whole format.
/// `None` in `mpfr:P`, which has no end of floats.
pub fn bits_of_error(format: &Format, computed: &Float, rounded: &Float) -> Option<Bounds> {
    let width = format.width()?;
    if computed.is_nan() || rounded.is_nan() {
        let same = computed.is_nan() && rounded.is_nan();
        return Some(Bounds::point(if same { 0 } else { width }));
    }
    let floats = format.ordinal(computed)? - format.ordinal(rounded)?;
    let count = floats.abs() + 1u32;
    let (lower, _) = Float::with_val_round(count.significant_bits().max(2), &count, Round::Down);
    let log = |round| Float::with_val_round(Bounds::PRECISION, lower.log2_ref(), round).0;
    Some(Bounds {
        lower: log(Round::Down),
        upper: log(Round::Up),
    })
}

/// The change from one exact value to another, relative to the latter:
/// (f(x̂) − f(x))/|f(x)|, signed bounds. `None` where f(x) is 0.
///
/// # Errors
/// Where one of the two is undefined, or nothing is known of it at the budget.
pub fn relative_change(
    changed: &mut Truth<'_>,
    original: &mut Truth<'_>,
) -> Result<Option<Bounds>, Unanswered> {
    let mut bits = ACCURACY;
    loop {
        let answers = [original.enclosure(bits), changed.enclosure(bits)];
        let (from, to) = (original.value(), changed.value());
        // What cannot be enclosed more narrowly says what it can.
        let mut last = false;
        for (answer, value) in answers.into_iter().zip([from, to]) {
            match answer {
                Ok(_) => {}
                Err(Unanswered::Undecided { .. })
                    if value.enclosure().is_surely() && value.enclosure().is_bounded() =>
                {
                    last = true;
                }
                Err(why) => return Err(why),
            }
        }
        let magnitude = magnitude(from);
        if magnitude.upper.is_zero() {
            return Ok(None);
        }
        let (low, high) = difference(from, to);
        let exact = from.exact().is_some() && to.exact().is_some();
        let known = Bounds::magnitude_of(low.clone(), high.clone()).is_sharp(ACCURACY);
        if last || exact || known {
            return Ok(signed_quotient(&low, &high, &magnitude));
        }
        // The two agree in as many bits as were asked for: ask for more.
        bits = bits.saturating_mul(2);
    }
}

/// Bounds of x/|y| for low ≤ x ≤ high and the bounds of |y|; `None` where those
/// do not exclude 0.
fn signed_quotient(low: &Float, high: &Float, magnitude: &Bounds) -> Option<Bounds> {
    if magnitude.lower.is_zero() {
        return None;
    }
    // The farther from 0 the quotient is to be, the smaller the divisor.
    let outward = |x: &Float, grows: bool, round: Round| {
        let divisor = if grows {
            &magnitude.lower
        } else {
            &magnitude.upper
        };
        Float::with_val_round(Bounds::PRECISION, x / divisor, round).0
    };
    Some(Bounds {
        lower: outward(low, *low < 0, Round::Down),
        upper: outward(high, *high > 0, Round::Up),
    })
}

/// Bounds of to − from.
fn difference(from: &RealValue, to: &RealValue) -> (Float, Float) {
    let mut low = Float::new(Bounds::PRECISION);
    let mut high = Float::new(Bounds::PRECISION);
    if let (Some(from), Some(to)) = (from.exact(), to.exact()) {
        let change = Rational::from(to - from);
        low.assign_round(&change, Round::Down);
        high.assign_round(&change, Round::Up);
    } else {
        let (from, to) = (from.enclosure(), to.enclosure());
        low.assign_round(to.lo() - from.hi(), Round::Down);
        high.assign_round(to.hi() - from.lo(), Round::Up);
    }
    (low, high)
}

/// Whether two numbers are one: equal, or both NaN. ±0 are one.
pub(crate) fn same(a: &Float, b: &Float) -> bool {
    a.partial_cmp(b) == Some(Ordering::Equal) || (a.is_nan() && b.is_nan())
}
