//! What is computed against certified bounds, in lanes.

use super::outcome::{Class, ulps_bin};
use crate::arithmetic::lanes::{Bounds, LANES, Level, dispatch};
use crate::format::Narrow;
use crate::formula::Cause;

/// What the lanes do not tell.
pub const UNKNOWN: u8 = u8::MAX;

/// The bin of a result that is not finite.
pub const NO_BIN: u32 = u32::MAX;

/// What vector instructions find out of each lane.
#[repr(align(64))]
pub struct Measured {
    pub computed: [f64; LANES],
    /// The exact value rounded once; NaN where that is not known.
    pub rounded: [f64; LANES],
    /// Bounds of the error in ulps, and its bin.
    pub lower: [f64; LANES],
    pub upper: [f64; LANES],
    pub bin: [u32; LANES],
    /// The floats from the exact value rounded once to the computed one.
    pub steps: [i64; LANES],
    /// By [`Class`], or [`UNKNOWN`].
    pub class: [u8; LANES],
    /// By [`Cause`], or [`UNKNOWN`].
    pub cause: [u8; LANES],
}

impl Measured {
    /// Nothing found out yet.
    pub fn new() -> Box<Measured> {
        Box::new(Measured {
            computed: [0.0; LANES],
            rounded: [f64::NAN; LANES],
            lower: [0.0; LANES],
            upper: [0.0; LANES],
            bin: [0; LANES],
            steps: [0; LANES],
            class: [UNKNOWN; LANES],
            cause: [Cause::Exact as u8; LANES],
        })
    }

    /// Compares what is computed with the exact values.
    pub fn compare(&mut self, level: Level, how: &How, truth: &Bounds) {
        let measured = self;
        dispatch!(level, measure, (
            how: &How, truth: &Bounds, measured: &mut Measured
        ));
    }
}

/// How a format's numbers are rounded.
pub struct How<'a> {
    pub narrow: &'a Narrow,
    pub nearest: bool,
}

#[inline(always)]
fn measure<const FMA: bool>(how: &How, truth: &Bounds, measured: &mut Measured) {
    // More than two roundings of binary64, either way.
    const MORE: f64 = 1.0 + 4.0 * f64::EPSILON;
    const LESS: f64 = 1.0 - 4.0 * f64::EPSILON;
    let narrow = how.narrow;
    let fast = narrow.is_binary32();
    for i in 0..LANES {
        let (lo, hi) = (truth.lo[i], truth.hi[i]);
        let (least, most) = if fast {
            (f64::from(lo as f32), f64::from(hi as f32))
        } else {
            (narrow.round(lo), narrow.round(hi))
        };
        measured.rounded[i] = if least == most { least } else { f64::NAN };
    }
    for i in 0..LANES {
        let (lo, hi) = (truth.lo[i], truth.hi[i]);
        let computed = measured.computed[i];
        let (above, below) = ((computed - hi).abs(), (computed - lo).abs());
        let far = if above > below { above } else { below };
        let near = if above < below { above } else { below };
        let near = if lo <= computed && computed <= hi {
            0.0
        } else {
            near
        };
        // The difference of two numbers, exactly, where it is one of binary64.
        let part = computed - lo;
        let other = part - computed;
        let rest = (computed - (part - other)) - (lo + other);
        let exact = lo == hi && rest == 0.0;
        let (sizes, straddles) = ((lo.abs(), hi.abs()), lo < 0.0 && hi > 0.0);
        let small = if sizes.0 < sizes.1 { sizes.0 } else { sizes.1 };
        let large = if sizes.0 < sizes.1 { sizes.1 } else { sizes.0 };
        let small = if straddles { 0.0 } else { small };
        let upper = far * narrow.inverse_ulp(small);
        let lower = near * narrow.inverse_ulp(large);
        measured.upper[i] = if exact { upper } else { upper * MORE };
        measured.lower[i] = if exact { lower } else { lower * LESS };
        measured.steps[i] = narrow.ordinal(computed) - narrow.ordinal(measured.rounded[i]);
    }
    for i in 0..LANES {
        let (lo, hi, rounded) = (truth.lo[i], truth.hi[i], measured.rounded[i]);
        let (computed, steps) = (measured.computed[i], measured.steps[i]);
        let beside = steps == 1 || steps == -1;
        // Whether the exact value is surely on the computed one's side of the
        // rounded one, or surely not.
        let up = steps > 0;
        let same_side = (up && lo > rounded) || (!up && hi < rounded);
        let other_side = (up && hi <= rounded) || (!up && lo >= rounded);
        let wrong = if computed == 0.0 {
            Class::SpuriousZero as u8
        } else if computed.abs() == f64::INFINITY {
            Class::SpuriousInfinity as u8
        } else {
            Class::Worse as u8
        };
        let class = if steps == 0 {
            Class::Correct as u8
        } else if beside && same_side {
            Class::Faithful as u8
        } else if beside && !other_side {
            UNKNOWN
        } else {
            wrong
        };
        let bins = (ulps_bin(measured.lower[i]), ulps_bin(measured.upper[i]));
        let finite = computed.abs() < f64::INFINITY;
        let is_correct = steps == 0 && how.nearest;
        let bin = if is_correct { 0 } else { bins.1 };
        let known = is_correct || (bins.0 == bins.1 && measured.upper[i] < f64::INFINITY);
        // A NaN on either side leaves all open.
        let unknown = rounded.is_nan() || computed.is_nan() || (finite && !known);
        measured.bin[i] = if finite { bin } else { NO_BIN };
        measured.class[i] = if unknown { UNKNOWN } else { class };
    }
}
