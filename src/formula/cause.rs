//! What can happen at an operation of a format, in IEEE 754's words.

use serde::Serialize;
use std::fmt;

/// What an operation did to its operands; the order is that of precedence where
/// one word has to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// There is no value: NaN from operands that were numbers.
    Invalid,
    /// An exact infinity from finite operands: 1/0, log(0).
    DivisionByZero,
    /// The result was beyond the largest number.
    Overflow,
    /// The result was rounded to 0, though it is not 0.
    Underflow,
    /// The result is subnormal: it has fewer bits than the format's precision.
    Subnormal,
    /// A sum equal to one of its terms, though the other is not 0.
    Absorbed,
    /// A sum that is smaller than its terms: it has lost leading bits.
    Cancelled,
    /// The result was rounded.
    Rounded,
    /// The result is exact.
    Exact,
}

impl Cause {
    /// All of them, in their order.
    pub const ALL: [Cause; 9] = [
        Cause::Invalid,
        Cause::DivisionByZero,
        Cause::Overflow,
        Cause::Underflow,
        Cause::Subnormal,
        Cause::Absorbed,
        Cause::Cancelled,
        Cause::Rounded,
        Cause::Exact,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Cause::DivisionByZero => "division by zero",
            other => other.name(),
        }
    }

    /// The same as one word, as the language has it.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Invalid => "invalid",
            Cause::DivisionByZero => "division_by_zero",
            Cause::Overflow => "overflow",
            Cause::Underflow => "underflow",
            Cause::Subnormal => "subnormal",
            Cause::Absorbed => "absorbed",
            Cause::Cancelled => "cancelled",
            Cause::Rounded => "rounded",
            Cause::Exact => "exact",
        }
    }

    /// The one with this [`Cause::name`].
    pub fn find(name: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.name() == name)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
