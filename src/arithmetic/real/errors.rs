//! `relerr(e, F)` and its kin: the error of a computed value as a real number,
//! and the unit in the last place.

use super::RealValue;
use crate::enclosure::Enclosure;
use crate::format::{Format, Rounding, exponent, exponent_of_rational};
use crate::formula::ErrorUnit;
use rug::float::{Round, Special};
use rug::{Assign, Float, Integer, Rational};
use std::cmp::Ordering;

/// The error of a computed value of `format` against an exact one. That of NaN
/// is undefined, save that it is all of the format's bits; that of an infinity
/// is infinite. Where the exact value is 0 and the computed one is not, there
/// is no relative error.
pub(super) fn error(
    unit: ErrorUnit,
    format: &Format,
    computed: &RealValue,
    exact: &RealValue,
    result: &mut RealValue,
) {
    result.state = super::State::Enclosed;
    if exact.enclosure.is_never() {
        return result.enclosure.assign_never();
    }
    if let Some(limit) = computed.limit.or(exact.limit) {
        return result.give_up(limit);
    }
    if let Some(ends) = computed.ends()
        && !ends.is_point()
    {
        return infinite_range(unit, ends.lo, ends.hi, ends.nan, format, exact, result);
    }
    if !exact.enclosure.is_surely() {
        return result.unknown();
    }
    if let Some(special) = computed.special() {
        return of_special(unit, format, special, exact, result);
    }
    if !computed.enclosure.is_surely() || !computed.enclosure.is_bounded() {
        return result.unknown();
    }
    if unit == ErrorUnit::Bits {
        let lo = format.nearest().with_rounding(Rounding::Down);
        let hi = format.nearest().with_rounding(Rounding::Up);
        let ends = match computed.exact() {
            Some(exact) => [lo.round_rational(exact), hi.round_rational(exact)],
            None => [
                lo.round(computed.enclosure.lo()),
                hi.round(computed.enclosure.hi()),
            ],
        };
        return bits(format, ends, exact, result);
    }
    if let (Some(from), Some(to)) = (exact.exact(), computed.exact()) {
        return exactly(unit, format, to, from, result);
    }
    let precision = result.enclosure.precision();
    let (mut difference, mut absolute) = (Enclosure::new(precision), Enclosure::new(precision));
    difference.assign_sub(&computed.enclosure, &exact.enclosure);
    absolute.assign_abs(&difference);
    match unit {
        ErrorUnit::Absolute | ErrorUnit::Bits => result.enclosure.assign_from(&absolute),
        // |0 − v|/|v|, whatever v ≠ 0 is.
        ErrorUnit::Relative
            if computed.enclosure.is_point()
                && computed.enclosure.lo().is_zero()
                && exact.enclosure.sign().is_some_and(Ordering::is_ne) =>
        {
            result.enclosure.assign_rational(&Rational::from(1));
        }
        // 0 where both are 0, and none where only the exact value is.
        ErrorUnit::Relative
            if exact.enclosure.contains_zero() && computed.enclosure.contains_zero() =>
        {
            return result.unknown();
        }
        ErrorUnit::Relative => {
            let mut magnitude = Enclosure::new(precision);
            magnitude.assign_abs(&exact.enclosure);
            result.enclosure.assign_div(&absolute, &magnitude);
        }
        ErrorUnit::Ulps => {
            let mut unit = Enclosure::new(2);
            if !enclose_ulp(format, exact, &mut unit) {
                return result.unknown();
            }
            result.enclosure.assign_div(&absolute, &unit);
        }
    }
    result.settle();
}

/// `ulp(e, F)`.
pub(super) fn ulp(format: &Format, exact: &RealValue, result: &mut RealValue) {
    result.state = super::State::Enclosed;
    if exact.enclosure.is_never() {
        return result.enclosure.assign_never();
    }
    if format.is_mpfr() && exact.exact().is_some_and(Rational::is_zero) {
        return result.enclosure.assign_never();
    }
    let mut unit = Enclosure::new(2);
    if !exact.enclosure.is_surely() || !enclose_ulp(format, exact, &mut unit) {
        return result.unknown();
    }
    result.enclosure.assign_from(&unit);
    result.settle();
}

/// The ulps of all values that `exact` may be; false where there is no bound.
fn enclose_ulp(format: &Format, exact: &RealValue, unit: &mut Enclosure) -> bool {
    let (lo, hi) = match exact.exact() {
        Some(exact) => (exponent_of_rational(exact), exponent_of_rational(exact)),
        None => {
            let (lo, hi) = (exact.enclosure.lo(), exact.enclosure.hi());
            if !exact.enclosure.is_bounded() {
                return false;
            }
            let ends = [exponent(lo), exponent(hi)];
            let least = exact.enclosure.sign().and_then(|_| ends[0].min(ends[1]));
            (least, ends[0].max(ends[1]))
        }
    };
    // Of 0, the ulp is that of the least number.
    if lo.is_none() && format.is_mpfr() {
        return false;
    }
    let power = |e: Option<i32>| {
        let e = format.ulp_exponent(e.unwrap_or(format.emin()));
        i32::try_from(e)
            .ok()
            .map(|e| Float::with_val(2, 1) << e)
            .filter(|x| x.is_finite() && !x.is_zero())
    };
    match (power(lo), power(hi)) {
        (Some(lo), Some(hi)) => {
            unit.assign_bounds(&lo, &hi);
            true
        }
        _ => false,
    }
}

/// The error of one rational against another.
fn exactly(
    unit: ErrorUnit,
    format: &Format,
    computed: &Rational,
    exact: &Rational,
    result: &mut RealValue,
) {
    let absolute = Rational::from(computed - exact).abs();
    let error = match unit {
        _ if absolute.is_zero() => absolute,
        ErrorUnit::Absolute | ErrorUnit::Bits => absolute,
        ErrorUnit::Relative if exact.is_zero() => return result.enclosure.assign_never(),
        ErrorUnit::Relative => absolute / Rational::from(exact.abs_ref()),
        ErrorUnit::Ulps => {
            let e = exponent_of_rational(exact);
            if e.is_none() && format.is_mpfr() {
                return result.enclosure.assign_never();
            }
            let shift = format.ulp_exponent(e.unwrap_or(format.emin()));
            match i32::try_from(shift) {
                Ok(shift) if shift >= 0 => absolute >> shift.unsigned_abs(),
                Ok(shift) => absolute << shift.unsigned_abs(),
                Err(_) => return result.unknown(),
            }
        }
    };
    result.set_exact(error);
}

/// log2(1 + the number of floats between): of the computed values between two
/// numbers of the format.
fn bits(format: &Format, computed: [Float; 2], exact: &RealValue, result: &mut RealValue) {
    if format.is_mpfr() {
        return result.enclosure.assign_never();
    }
    let rounded = match exact.exact() {
        Some(exact) => [format.round_rational(exact), format.round_rational(exact)],
        None => [
            format.round(exact.enclosure.lo()),
            format.round(exact.enclosure.hi()),
        ],
    };
    let ordinals = |ends: [Float; 2]| {
        let [lo, hi] = ends.map(|end| format.ordinal(&end));
        lo.zip(hi)
    };
    let (Some((c_lo, c_hi)), Some((r_lo, r_hi))) = (ordinals(computed), ordinals(rounded)) else {
        return result.unknown();
    };
    let zero = Integer::new();
    let least = Integer::from(&c_lo - &r_hi).max(Integer::from(&r_lo - &c_hi));
    let most = Integer::from(&c_hi - &r_lo).max(Integer::from(&r_hi - &c_lo));
    let bound = |count: Integer, round| {
        let floats = count.max(zero.clone()) + 1u32;
        Float::with_val_round(result.enclosure.precision(), &floats, round).0
    };
    let (lo, hi) = (bound(least, Round::Down), bound(most, Round::Up));
    let mut floats = Enclosure::new(result.enclosure.precision());
    floats.assign_bounds(&lo, &hi);
    result.enclosure.assign_log2(&floats);
    result.settle();
}

/// The error of a computed infinity or NaN.
fn of_special(
    unit: ErrorUnit,
    format: &Format,
    special: &Float,
    exact: &RealValue,
    result: &mut RealValue,
) {
    let width = format.width();
    match (unit, width) {
        (ErrorUnit::Bits, Some(width)) if special.is_nan() => {
            result.set_exact(Rational::from(width));
        }
        (ErrorUnit::Bits, _) => bits(format, [special.clone(), special.clone()], exact, result),
        _ if special.is_nan() => result.enclosure.assign_never(),
        (ErrorUnit::Relative, _) if exact.enclosure.contains_zero() => {
            if exact.exact().is_some() {
                result.enclosure.assign_never();
            } else {
                result.unknown();
            }
        }
        _ => result.set_computed(&Float::with_val(2, Special::Infinity)),
    }
}

/// The error where the computed value may be an infinity: at least that of the
/// nearest number.
fn infinite_range(
    unit: ErrorUnit,
    lo: &Float,
    hi: &Float,
    nan: bool,
    format: &Format,
    exact: &RealValue,
    result: &mut RealValue,
) {
    let surely = exact.enclosure.is_surely() && exact.enclosure.is_bounded();
    if nan || lo.is_nan() || !surely {
        return result.unknown();
    }
    if unit == ErrorUnit::Bits {
        return bits(format, [lo.clone(), hi.clone()], exact, result);
    }
    let precision = result.enclosure.precision();
    let mut nearest = Float::new(precision);
    let below = Float::with_val_round(precision, exact.enclosure.lo() - hi, Round::Down).0;
    let above = Float::with_val_round(precision, lo - exact.enclosure.hi(), Round::Down).0;
    if below > 0 {
        nearest.assign(&below);
    } else if above > 0 {
        nearest.assign(&above);
    }
    let (mut least, mut scaled) = (Enclosure::new(precision), Enclosure::new(precision));
    least.assign_point(&nearest);
    match unit {
        ErrorUnit::Absolute | ErrorUnit::Bits => scaled.assign_from(&least),
        ErrorUnit::Relative => {
            let mut magnitude = Enclosure::new(precision);
            magnitude.assign_abs(&exact.enclosure);
            if magnitude.contains_zero() {
                return result.unknown();
            }
            scaled.assign_div(&least, &magnitude);
        }
        ErrorUnit::Ulps => {
            let mut unit = Enclosure::new(2);
            if !enclose_ulp(format, exact, &mut unit) {
                return result.unknown();
            }
            scaled.assign_div(&least, &unit);
        }
    }
    if !scaled.lo().is_finite() {
        return result.unknown();
    }
    let infinity = Float::with_val(2, Special::Infinity);
    let lo = scaled.lo().clone();
    result.interval().assign(&lo, &infinity);
    result.settle_interval();
}
