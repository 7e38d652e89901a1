//! The computed value fl(e, F): inputs, literals and constants rounded to F,
//! then every operation.

use super::{MAX_REGISTER_BITS, Machine};
use crate::arithmetic::emulated::{Emulated, Input, NoValue};
use crate::arithmetic::native::{Hardware, Libm, Native};
use crate::format::Format;
use crate::formula::{Context, Formula, NodeId, Op};
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
    run(formula, format, libm, inputs, |value| {
        let mut value = value(formula.root());
        // A format with ties away works with one bit more.
        value.set_prec(format.precision());
        value
    })
}

/// The values of all nodes of a computation, in their order.
///
/// # Errors
/// As [`compute`].
pub fn trace(
    formula: &Formula,
    format: Format,
    libm: Libm,
    inputs: &[Input],
) -> Result<Vec<Float>, NoValue> {
    run(formula, format, libm, inputs, |value| {
        formula.ids().map(value).collect()
    })
}

/// Evaluates a formula, and reads off what is wanted of its nodes' values.
fn run<R>(
    formula: &Formula,
    format: Format,
    libm: Libm,
    inputs: &[Input],
    read: impl Fn(&dyn Fn(NodeId) -> Float) -> R,
) -> Result<R, NoValue> {
    match engine(formula, format, libm) {
        Engine::Native(libm) if format == f32::FORMAT => {
            native::<f32, R>(formula, libm, inputs, read)
        }
        Engine::Native(libm) => native::<f64, R>(formula, libm, inputs, read),
        Engine::Emulated if register_bits(formula, format) > MAX_REGISTER_BITS => {
            Err(NoValue::TooCostly)
        }
        Engine::Emulated => {
            let mut machine = Machine::new(formula, Emulated::new(format, inputs.to_vec()));
            machine.run();
            match machine.arithmetic_mut().take_failure() {
                Some(failure) => Err(failure),
                None => Ok(read(&|id| machine.value(id).clone())),
            }
        }
    }
}

fn native<T: Hardware, R>(
    formula: &Formula,
    libm: Libm,
    inputs: &[Input],
    read: impl Fn(&dyn Fn(NodeId) -> Float) -> R,
) -> Result<R, NoValue> {
    let native = Native::<T>::new(libm, inputs.iter().cloned());
    let mut machine = Machine::new(formula, native);
    machine.run();
    match machine.arithmetic_mut().take_failure() {
        Some(failure) => Err(failure),
        None => Ok(read(&|id| machine.value(id).to_float())),
    }
}
