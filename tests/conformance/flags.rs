//! IEEE 754's flags of one operation, from what the library tells of it.
//!
//! [`happened`] tells *invalid*, *division by zero*, *overflow* and *inexact*.
//! *Underflow* is an inexact result that is tiny after rounding: below the least
//! normal number, rounded as if exponents did not end. Where a result is the
//! least normal number itself, `mpfr:P` tells whether it was tiny. Values here
//! know no signalling NaN; [`Format::pattern`] tells it from its bits.

use rug::Float;
use std::cmp::Ordering;
use ulpscope::arithmetic::emulated::operate;
use ulpscope::arithmetic::happened::happened;
use ulpscope::enclosure::Enclosure;
use ulpscope::format::Format;
use ulpscope::formula::{Cause, Op};

/// The flags, as TestFloat has them.
pub const FLAGS: [(u8, &str); 5] = [
    (INEXACT, "inexact"),
    (UNDERFLOW, "underflow"),
    (OVERFLOW, "overflow"),
    (DIVISION_BY_ZERO, "division by zero"),
    (INVALID, "invalid"),
];

const INEXACT: u8 = 0x01;
const UNDERFLOW: u8 = 0x02;
const OVERFLOW: u8 = 0x04;
const DIVISION_BY_ZERO: u8 = 0x08;
const INVALID: u8 = 0x10;

/// A mistake in flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagFault {
    /// *Underflow* looks at the exact result, before it is rounded.
    TinyBeforeRounding,
    /// *Inexact* is MPFR's first ternary value alone, before subnormalising.
    DropsTernary,
    /// Every infinity is an overflow.
    InfinityOverflows,
    /// Every NaN is invalid.
    NanIsInvalid,
}

/// An operation on operands: what it gives without rounding, where these are
/// finite, and whether one of them is a signalling NaN.
pub struct Operation<'a> {
    pub op: &'a Op,
    pub operands: &'a [&'a Float],
    pub exact: Option<&'a Enclosure>,
    pub signalling: bool,
}

impl Operation<'_> {
    /// The flags that a format raises with this result; with a fault, if there
    /// is one.
    pub fn flags(&self, format: &Format, result: &Float, fault: Option<FlagFault>) -> u8 {
        let happened = happened(self.op, format, self.operands, result, self.exact);
        let mut flags = match happened.cause {
            Cause::Invalid => INVALID,
            Cause::DivisionByZero => DIVISION_BY_ZERO,
            Cause::Overflow => OVERFLOW | INEXACT,
            _ => 0,
        };
        let mut inexact = happened.inexact == Some(true);
        if fault == Some(FlagFault::DropsTernary) && result.is_finite() && inexact {
            let unbounded = self.unbounded(format);
            inexact = !self
                .exact
                .is_some_and(|exact| exact.is_point() && *exact.lo() == unbounded);
        }
        if inexact {
            flags |= INEXACT;
            if self.is_tiny(format, result, fault) {
                flags |= UNDERFLOW;
            }
        }
        if self.signalling || (fault == Some(FlagFault::NanIsInvalid) && result.is_nan()) {
            flags |= INVALID;
        }
        if fault == Some(FlagFault::InfinityOverflows) && result.is_infinite() {
            flags |= OVERFLOW | INEXACT;
        }
        flags
    }

    /// Whether an inexact result was tiny after rounding.
    fn is_tiny(&self, format: &Format, result: &Float, fault: Option<FlagFault>) -> bool {
        let least = format.least_normal();
        match result.cmp_abs(&least) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) if fault == Some(FlagFault::TinyBeforeRounding) => {
                let exact = self.exact.expect("finite operands");
                exact.lo().cmp_abs(&least) == Some(Ordering::Less)
                    || exact.hi().cmp_abs(&least) == Some(Ordering::Less)
            }
            Some(Ordering::Equal) => self.unbounded(format).cmp_abs(&least) == Some(Ordering::Less),
            _ => false,
        }
    }

    /// The result rounded once as if exponents did not end.
    fn unbounded(&self, format: &Format) -> Float {
        let unbounded = Format::mpfr(format.precision())
            .expect("a precision of MPFR's")
            .with_rounding(format.rounding());
        let mut result = Float::new(unbounded.working_precision());
        operate(self.op, &unbounded, self.operands, &mut result).expect("a value");
        result
    }
}
