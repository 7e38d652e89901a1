//! What is said of one point, or of all points of a block.

use crate::format::{Format, Rounding, exponent};
use rug::float::Round;
use rug::{Float, Integer};
use serde::Serialize;
use std::fmt;

/// How a computed value is to the exact one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// It is the exact value rounded once, in the format's own mode.
    Correct,
    /// It is the other neighbour of the exact value.
    Faithful,
    /// The format holds a number nearer to the exact value.
    Worse,
    /// It is 0, and no neighbour of the exact value.
    SpuriousZero,
    /// It is infinite, and no neighbour of the exact value.
    SpuriousInfinity,
    /// It is NaN, and there is an exact value.
    SpuriousNan,
    /// There is no exact value, and it is NaN or infinite.
    Undefined,
    /// There is no exact value, and it is a number.
    SpuriousNumber,
    /// The budget did not suffice to say.
    Undecided,
}

impl Class {
    /// All of them, in their order.
    pub const ALL: [Class; 9] = [
        Class::Correct,
        Class::Faithful,
        Class::Worse,
        Class::SpuriousZero,
        Class::SpuriousInfinity,
        Class::SpuriousNan,
        Class::Undefined,
        Class::SpuriousNumber,
        Class::Undecided,
    ];
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Correct => "correctly rounded",
            Class::Faithful => "faithful",
            Class::Worse => "worse",
            Class::SpuriousZero => "spurious 0",
            Class::SpuriousInfinity => "spurious inf",
            Class::SpuriousNan => "spurious NaN",
            Class::Undefined => "no exact value",
            Class::SpuriousNumber => "spurious number",
            Class::Undecided => "undecided",
        })
    }
}

/// An error in ulps lies between the two.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ulps {
    pub lower: f64,
    pub upper: f64,
}

/// What is said of a point with an exact value, or of every point of a block.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outcome {
    pub class: Class,
    /// The error; none where the computed value is not finite.
    pub ulps: Option<Ulps>,
    /// The bin of that: 0 up to half an ulp, b > 0 above 2^(b−2), up to 2^(b−1).
    pub ulps_bin: Option<u32>,
    /// The whole part of the bits of error; none in `mpfr:P`, where floats are not
    /// counted.
    pub bits: Option<u32>,
}

/// The bin of an error in ulps, see [`Outcome::ulps_bin`].
#[inline(always)]
pub fn ulps_bin(ulps: f64) -> u32 {
    if ulps <= 0.5 {
        return 0;
    }
    let bits = ulps.to_bits();
    let exponent = ((bits >> 52) as u32).wrapping_sub(1022);
    // A power of two is the end of its bin.
    exponent + u32::from(bits << 12 != 0)
}

/// The whole part of the bits of error: of log2(1 + d) for d floats between.
pub fn bits_bin(distance: u64) -> u32 {
    (distance + 1).ilog2()
}

/// What is so of a computed value, which is no NaN, for every exact value from
/// `lo` to `hi`; `None` where that is not one thing.
pub fn judge(format: &Format, computed: &Float, lo: &Float, hi: &Float) -> Option<Outcome> {
    let [least, most] = [lo, hi].map(|end| format.round(end));
    if least.is_nan() || most.is_nan() {
        return beyond(format, computed, [&least, &most]);
    }
    let (class, bits) = if format.is_mpfr() {
        (
            uncounted(format, computed, [&least, &most], [lo, hi])?,
            None,
        )
    } else {
        let (class, bits) = counted(format, computed, [&least, &most], [lo, hi])?;
        (class, Some(bits))
    };
    let (ulps, ulps_bin) = if computed.is_finite() {
        let (ulps, bins) = error(format, computed, lo, hi)?;
        let bin = if bins[0] == bins[1] {
            bins[0]
        } else if class == Class::Correct && is_nearest(format) {
            0
        } else {
            return None;
        };
        (Some(ulps), Some(bin))
    } else {
        (None, None)
    };
    Some(Outcome {
        class,
        ulps,
        ulps_bin,
        bits,
    })
}

/// The class and the whole bits of error, by the floats between the computed value
/// and the least and the most that the exact value rounds to.
fn counted(
    format: &Format,
    computed: &Float,
    [least, most]: [&Float; 2],
    [lo, hi]: [&Float; 2],
) -> Option<(Class, u32)> {
    let own = format.ordinal(computed)?;
    let steps = [
        own.clone() - format.ordinal(most)?,
        own - format.ordinal(least)?,
    ];
    let inside = steps[0] <= 0 && steps[1] >= 0;
    let above = steps[0] > 0;
    let sizes = steps.map(Integer::abs);
    let far = Integer::from(sizes.iter().max()?);
    let near = if inside {
        Integer::new()
    } else {
        Integer::from(sizes.iter().min()?)
    };
    let class = if far == 0 {
        Class::Correct
    } else if near == 0 || (near == 1 && far > 1) {
        return None;
    } else if near == 1 && is_beyond(least, above, lo, hi)? {
        Class::Faithful
    } else {
        wrong(computed)
    };
    let whole_bits = |distance: Integer| (distance + 1u32).significant_bits() - 1;
    let bits = whole_bits(far);
    (whole_bits(near) == bits).then_some((class, bits))
}

/// The class in `mpfr:P`, where only neighbours are known.
fn uncounted(
    format: &Format,
    computed: &Float,
    [least, most]: [&Float; 2],
    [lo, hi]: [&Float; 2],
) -> Option<Class> {
    if least != most {
        return None;
    }
    let above = *computed == format.next_up(least);
    Some(if computed == least {
        Class::Correct
    } else if !above && *computed != format.next_down(least) {
        wrong(computed)
    } else if is_beyond(least, above, lo, hi)? {
        Class::Faithful
    } else {
        wrong(computed)
    })
}

/// Whether the exact values are all on the side of the rounded one that `above`
/// says; `None` where some are and some are not.
fn is_beyond(rounded: &Float, above: bool, lo: &Float, hi: &Float) -> Option<bool> {
    let (all, none) = if above {
        (*lo > *rounded, *hi <= *rounded)
    } else {
        (*hi < *rounded, *lo >= *rounded)
    };
    (all != none).then_some(all)
}

/// The class of what is neither right nor faithful.
pub fn wrong(computed: &Float) -> Class {
    if computed.is_zero() {
        Class::SpuriousZero
    } else if computed.is_infinite() {
        Class::SpuriousInfinity
    } else {
        Class::Worse
    }
}

/// Whether a rounding to a finite number is off by half an ulp at most: not where
/// results saturate or are flushed.
pub fn is_nearest(format: &Format) -> bool {
    let nearest = matches!(
        format.rounding(),
        Rounding::NearestEven | Rounding::NearestAway
    );
    nearest && !format.saturates() && !format.flushes_to_zero()
}

/// How many floats lead from one number to another, `None` inside where one of
/// them alone is NaN; `None` outside in `mpfr:P`, where floats are not counted.
pub fn steps(format: &Format, computed: &Float, rounded: &Float) -> Option<Option<f64>> {
    format.width()?;
    if computed.is_nan() || rounded.is_nan() {
        let both = computed.is_nan() && rounded.is_nan();
        return Some(both.then_some(0.0));
    }
    let floats = format.ordinal(computed)? - format.ordinal(rounded)?;
    Some(Some(floats.abs().to_f64()))
}

/// Where the format has NaN beyond its largest number: that number is a
/// neighbour of what is beyond it.
fn beyond(format: &Format, computed: &Float, ends: [&Float; 2]) -> Option<Outcome> {
    if !ends.iter().all(|end| end.is_nan()) {
        return None;
    }
    Some(Outcome {
        class: wrong(computed),
        ulps: None,
        ulps_bin: None,
        bits: format.width(),
    })
}

/// |computed − v|/ulp(v) for v from `lo` to `hi`, with the bins of both bounds,
/// which binary64 may not tell apart from their ends; `None` where these numbers
/// have no bounds.
pub fn error(
    format: &Format,
    computed: &Float,
    lo: &Float,
    hi: &Float,
) -> Option<(Ulps, [u32; 2])> {
    if !(lo.is_finite() && hi.is_finite()) {
        return None;
    }
    let precision = lo.prec().max(hi.prec()).max(computed.prec()) + 64;
    let less = Float::with_val_round(precision, computed - hi, Round::Down).0;
    let more = Float::with_val_round(precision, computed - lo, Round::Up).0;
    let inside = less <= 0 && more >= 0;
    let (less, more) = (less.abs(), more.abs());
    let zero = Float::new(2);
    let (near, far) = match less < more {
        true => (if inside { &zero } else { &less }, &more),
        false => (if inside { &zero } else { &more }, &less),
    };
    // The exponents of the least and the greatest magnitude.
    let straddles = *lo <= 0 && *hi >= 0;
    let ends = [lo, hi].map(|end| exponent(end).unwrap_or(format.emin()));
    let low = if straddles {
        format.emin()
    } else {
        ends[0].min(ends[1])
    };
    let high = ends[0].max(ends[1]);
    let scaled = |x: &Float, e: i32| {
        let shift = i32::try_from(format.ulp_exponent(e)).ok()?;
        Some(if shift < 0 {
            Float::with_val(precision, x << shift.unsigned_abs())
        } else {
            Float::with_val(precision, x >> shift.unsigned_abs())
        })
    };
    let (near, far) = (scaled(near, high)?, scaled(far, low)?);
    let ulps = Ulps {
        lower: near.to_f64_round(Round::Down).min(f64::MAX),
        upper: far.to_f64_round(Round::Up),
    };
    Some((ulps, [bin_of(&near), bin_of(&far)]))
}

/// As [`ulps_bin`], of any number that is not negative.
fn bin_of(ulps: &Float) -> u32 {
    match exponent(ulps) {
        Some(e) if *ulps > 0.5 => {
            let power = Float::with_val(2, 1) << e;
            (e + 1) as u32 + u32::from(*ulps != power)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_end_at_powers_of_two() {
        let cases = [
            (0.0, 0),
            (0.5, 0),
            (0.5_f64.next_up(), 1),
            (1.0, 1),
            (1.0_f64.next_up(), 2),
            (2.0, 2),
            (3.0, 3),
            (4.0, 3),
            (1024.0, 11),
            (1025.0, 12),
        ];
        for (ulps, bin) in cases {
            assert_eq!(bin_of(&Float::with_val(53, ulps)), bin, "{ulps}");
            assert_eq!(ulps_bin(ulps), bin, "{ulps}");
        }
        for (distance, bin) in [(0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3)] {
            assert_eq!(bits_bin(distance), bin, "{distance}");
        }
    }

    fn of(computed: f32, lo: f64, hi: f64) -> Option<Outcome> {
        let float = |x: f64| Float::with_val(60, x);
        judge(
            &Format::F32,
            &Float::with_val(24, computed),
            &float(lo),
            &float(hi),
        )
    }

    #[test]
    fn one_thing_or_nothing_is_said_of_a_range() {
        let class = |outcome: Option<Outcome>| outcome.map(|outcome| outcome.class);
        assert_eq!(class(of(1.0, 1.0, 1.0 + 1e-8)), Some(Class::Correct));
        assert_eq!(class(of(1.0, 1.0, 1.0 + 1e-7)), None);
        let next = 1.0_f32.next_up();
        assert_eq!(
            class(of(next, 1.0 + 1e-9, 1.0 + 1e-8)),
            Some(Class::Faithful)
        );
        assert_eq!(class(of(next, 1.0 - 1e-9, 1.0 - 1e-10)), Some(Class::Worse));
        // 1 itself has no other neighbour than itself.
        assert_eq!(class(of(next, 1.0, 1.0)), Some(Class::Worse));
        assert_eq!(class(of(next, 1.0 - 1e-9, 1.0 + 1e-9)), None);
        assert_eq!(class(of(0.0, 1e-30, 1.1e-30)), Some(Class::SpuriousZero));
        assert_eq!(class(of(0.0, 1e-46, 1e-46)), Some(Class::Correct));
        assert_eq!(class(of(0.0, 1e-45, 1e-45)), Some(Class::Faithful));
        assert_eq!(
            class(of(f32::INFINITY, 1e38, 1e38)),
            Some(Class::SpuriousInfinity)
        );
        assert_eq!(class(of(f32::INFINITY, 4e38, 4e38)), Some(Class::Correct));
    }

    #[test]
    fn the_error_is_in_units_of_the_exact_value() {
        let ulps = of(1.5, 1.0, 1.0).unwrap().ulps.unwrap();
        assert_eq!((ulps.lower, ulps.upper), (4194304.0, 4194304.0));
        let ulps = of(0.0, 1e-30, 1e-30).unwrap().ulps.unwrap();
        assert!(ulps.lower > 1e7 && ulps.upper < 1.7e7, "{ulps:?}");
    }
}
