//! Arithmetics: values that can carry a formula's operations out.
//!
//! An [`Arithmetic`] is a register machine. Each node has a register, made once
//! and written in place at every point, so that one shape serves hardware
//! numbers, MPFR's, enclosures and lanes of points. Inputs, literals and
//! constants are nodes like all others; the arithmetic rounds them itself.
//!
//! - [`native`]: hardware f32 and f64;
//! - [`emulated`]: every [`Format`](crate::format::Format), through MPFR;
//! - [`interval`]: what a format's operations give over ranges of operands;
//! - [`lanes`]: hardware numbers and enclosures of many points at a time;
//! - [`enclosed`]: enclosures alone, for many points;
//! - [`real`]: exact rationals where possible, otherwise enclosures.
//!
//! What an operation did to its operands (overflow, absorption, …), [`happened`]
//! tells from its result.

pub mod cost;
pub mod emulated;
pub mod enclosed;
pub mod happened;
pub mod interval;
pub mod lanes;
pub mod native;
mod polygamma;
pub mod real;

use crate::formula::Node;

/// Something that can carry a formula's operations out; see the module's page.
pub trait Arithmetic {
    /// What a register holds.
    type Value;

    /// A register fit for the node's results (its precision may depend on the
    /// node's context).
    fn register(&self, node: &Node) -> Self::Value;

    /// Writes the node's result, given its operands' values.
    fn apply(&mut self, node: &Node, operands: &[&Self::Value], result: &mut Self::Value);
}
