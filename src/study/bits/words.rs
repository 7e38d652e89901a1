//! Words for what a number is and what became of a value.

use serde::Serialize;
use std::fmt;

/// The kinds of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A zero.
    Zero,
    /// Below the least normal number.
    Subnormal,
    /// A normal number.
    Normal,
    /// An infinity.
    Infinite,
    /// NaN, of no particular kind.
    Nan,
    /// A quiet NaN.
    QuietNan,
    /// A signalling NaN.
    SignallingNan,
    /// A bit pattern that encodes nothing.
    Invalid,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Zero => "zero",
            Kind::Subnormal => "subnormal",
            Kind::Normal => "normal",
            Kind::Infinite => "infinite",
            Kind::Nan => "NaN",
            Kind::QuietNan => "quiet NaN",
            Kind::SignallingNan => "signalling NaN",
            Kind::Invalid => "no number",
        })
    }
}

/// Where a rounded number lies as seen from the exact value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// It is the exact value.
    Exact,
    /// Above it.
    Up,
    /// Below it.
    Down,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Exact => "exact",
            Side::Up => "up",
            Side::Down => "down",
        })
    }
}

/// What happened beside rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A finite value became an infinity or NaN.
    Overflow,
    /// The largest number stands for a value beyond it.
    Saturated,
    /// A value other than 0 became a zero.
    Underflow,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Event::Overflow => "overflow",
            Event::Saturated => "saturated",
            Event::Underflow => "underflow",
        })
    }
}
