//! The computed value fl(e, F): inputs, literals and constants rounded to F,
//! then every operation.

use super::{MAX_REGISTER_BITS, Machine};
use crate::arithmetic::emulated::{Emulated, Input, NoValue};
use crate::arithmetic::native::{Hardware, Libm, Native};
use crate::format::Format;
use crate::formula::{Context, Formula, Op};
use rug::Float;
use std::fmt;

/// What carried a computation out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// Hardware operations, with elementary functions from here.
    Native(Libm),
    /// MPFR, rounded into the format.
    Emulated,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Engine::Native(libm) => write!(f, "hardware, {libm}"),
            Engine::Emulated => f.write_str("emulated"),
        }
    }
}

/// The engine for a formula in a format: the hardware, where it has the format
/// and every operation of the formula is of that format; otherwise MPFR.
pub fn engine(formula: &Formula, format: Format, libm: Libm) -> Engine {
    let of_format = |context| match context {
        Context::Ambient | Context::Library => true,
        Context::Fixed(fixed) => fixed == format,
        Context::Real => false,
    };
    let one_format = formula
        .nodes()
        .iter()
        .all(|node| of_format(node.context) && !matches!(node.op, Op::Cast(_)));
    if one_format && (format == f32::FORMAT || format == f64::FORMAT) {
        Engine::Native(libm)
    } else {
        Engine::Emulated
    }
}

/// How many bits the numbers of a formula take together.
fn register_bits(formula: &Formula, format: Format) -> u64 {
    let bits = formula.nodes().iter().map(|node| match node.context {
        Context::Fixed(own) => own.precision(),
        Context::Ambient | Context::Library | Context::Real => format.precision(),
    });
    bits.map(u64::from).sum()
}

/// Evaluates a formula in a format. It is inlined for the ambient context, or
/// for the format itself, as one that computes functions in a wider one asks.
///
/// # Errors
/// Where an operation leaves the range of `mpfr:P` or is too costly.
pub fn compute(
    formula: &Formula,
    format: Format,
    libm: Libm,
    inputs: &[Input],
) -> Result<Float, NoValue> {
    match engine(formula, format, libm) {
        Engine::Native(libm) if format == f32::FORMAT => native::<f32>(formula, libm, inputs),
        Engine::Native(libm) => native::<f64>(formula, libm, inputs),
        Engine::Emulated if register_bits(formula, format) > MAX_REGISTER_BITS => {
            Err(NoValue::TooCostly)
        }
        Engine::Emulated => {
            let mut machine = Machine::new(formula, Emulated::new(format, inputs.to_vec()));
            let mut value = machine.run().clone();
            // A format with ties away works with one bit more.
            value.set_prec(format.precision());
            match machine.arithmetic_mut().take_failure() {
                Some(failure) => Err(failure),
                None => Ok(value),
            }
        }
    }
}

fn native<T: Hardware>(formula: &Formula, libm: Libm, inputs: &[Input]) -> Result<Float, NoValue> {
    let native = Native::<T>::new(libm, inputs.iter().cloned());
    let mut machine = Machine::new(formula, native);
    let value = machine.run().to_float();
    match machine.arithmetic_mut().take_failure() {
        Some(failure) => Err(failure),
        None => Ok(value),
    }
}
