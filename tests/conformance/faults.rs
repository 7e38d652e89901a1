//! Seeded faults: mistakes that implementations of floating-point formats make,
//! to show that a suite's data and its check see them.

use super::suites::{Tally, thousands};
use rug::{Assign, Float};
use std::fmt::Debug;
use ulpscope::arithmetic::emulated::operate;
use ulpscope::format::{Format, Rounding};
use ulpscope::formula::Op;

/// A mistake in rounding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Rounds toward zero, whatever the mode.
    Truncates,
    /// Takes up for down, down for up, and ties to even for ties away.
    SwapsModes,
    /// Rounds to the precision, and then once more into the exponent range: the
    /// ternary value is dropped before subnormalising.
    RoundsTwice,
    /// Results below the least normal number are 0.
    Flushes,
    /// The largest number stands for infinity.
    Saturates,
}

/// What an operation gives in a format, where `operation` carries it out in any;
/// with a fault, if there is one.
pub fn carry_out(
    fault: Option<Fault>,
    format: &Format,
    operation: impl Fn(&Format) -> Float,
) -> Float {
    let mode = format.rounding();
    match fault {
        None => operation(format),
        Some(Fault::Truncates) => operation(&format.with_rounding(Rounding::Zero)),
        Some(Fault::SwapsModes) => operation(&format.with_rounding(match mode {
            Rounding::Up => Rounding::Down,
            Rounding::Down => Rounding::Up,
            Rounding::NearestAway => Rounding::NearestEven,
            Rounding::NearestEven => Rounding::NearestAway,
            Rounding::Zero => Rounding::Zero,
        })),
        Some(Fault::RoundsTwice) => {
            let unbounded = Format::mpfr(format.precision()).expect("a precision of MPFR's");
            format.round(&operation(&unbounded.with_rounding(mode)))
        }
        Some(Fault::Flushes) => {
            let mut result = operation(format);
            if result.clone().abs() < format.least_normal() {
                let negative = result.is_sign_negative();
                result.assign(if negative { -0.0 } else { 0.0 });
            }
            result
        }
        Some(Fault::Saturates) => {
            let mut result = operation(format);
            if result.is_infinite() {
                let negative = result.is_sign_negative();
                result.assign(format.largest());
                if negative {
                    result = -result;
                }
            }
            result
        }
    }
}

/// One operation in a format, with a fault, if there is one.
pub fn operate_with(fault: Option<Fault>, op: &Op, format: &Format, operands: &[&Float]) -> Float {
    carry_out(fault, format, |format| {
        let mut result = Float::new(format.working_precision());
        operate(op, format, operands, &mut result).expect("a value");
        result
    })
}

/// Runs a suite's check with each fault and lists how many mismatches each makes.
///
/// # Panics
/// Where a fault makes none.
pub fn caught<F: Copy + Debug>(faults: &[F], check: impl Fn(F) -> Tally) -> String {
    let each: Vec<String> = faults
        .iter()
        .map(|fault| {
            let tally = check(*fault);
            let (cases, mismatches) = (tally.cases(), tally.mismatches());
            println!("{fault:?}: {mismatches} mismatches of {cases}");
            assert!(mismatches > 0, "{fault:?}: not caught in {cases} cases");
            format!("{} {}", words(fault), thousands(mismatches))
        })
        .collect();
    each.join("; ")
}

/// A variant's name in words.
fn words(fault: &impl Debug) -> String {
    let mut text = String::new();
    for c in format!("{fault:?}").chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}
