//! The computed value fl(e, F): inputs, literals and constants rounded to F,
//! then every operation.

use super::{MAX_REGISTER_BITS, Machine, precision_that_fits};
use crate::arithmetic::emulated::{Emulated, Input, NoValue};
use crate::arithmetic::native::{Hardware, Libm, Native};
use crate::arithmetic::real::{Real, RealInput};
use crate::format::Format;
use crate::formula::{Context, Formula, Node, NodeId, Op};
use rug::Float;
use std::fmt;

/// What carried a computation out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// Hardware operations, with elementary functions from here.
    Native(Libm),
    /// MPFR, rounded into the format.
    Emulated,
    /// The same, with parts that are real numbers before they are rounded.
    Real,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Engine::Native(libm) => write!(f, "hardware, {libm}"),
            Engine::Emulated | Engine::Real => f.write_str("emulated"),
        }
    }
}

/// The engine for a formula in a format: the hardware, where it has the format
/// and every operation of the formula is of that format; otherwise MPFR.
/// A program may ask for real numbers within a computation (FPCore's `:precision
/// real`).
pub fn engine(formula: &Formula, format: Format, libm: Libm) -> Engine {
    let of_format = |context| match context {
        Context::Ambient | Context::Library => true,
        Context::Fixed(own) | Context::Program(own) => own == format,
        Context::Real => false,
    };
    let one_format = formula
        .nodes()
        .iter()
        .all(|node| of_format(node.context) && !matches!(node.op, Op::Cast(_)));
    let real = |node: &Node| node.context == Context::Real;
    if formula.nodes().iter().any(real) {
        Engine::Real
    } else if one_format && (format == f32::FORMAT || format == f64::FORMAT) {
        Engine::Native(libm)
    } else {
        Engine::Emulated
    }
}

/// How many bits the numbers of a formula take together.
fn register_bits(formula: &Formula, format: Format) -> u64 {
    let bits = formula.nodes().iter().map(|node| match node.context {
        Context::Fixed(own) | Context::Program(own) => own.precision(),
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
    if engine(formula, format, libm) == Engine::Real {
        return with_reals(formula, format, inputs);
    }
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

/// The most bits to which a real number is enclosed that is rounded then.
const MOST_REAL_BITS: u32 = 1 << 16;

/// What is computed where some parts are real numbers: these are enclosed more and
/// more narrowly, until all of an enclosure is rounded to one number.
fn with_reals(formula: &Formula, format: Format, given: &[Input]) -> Result<Float, NoValue> {
    let computed = formula.inline(Context::Fixed(format));
    let computed = computed.map_err(|_| NoValue::TooCostly)?;
    let inputs: Vec<RealInput> = given
        .iter()
        .map(|input| match input {
            Input::Exact(value) => RealInput::Exact(value.clone()),
            Input::Rounded(value) => RealInput::Between(value.clone(), value.clone()),
        })
        .collect();
    let no_number = |input: &Input| matches!(input, Input::Rounded(value) if value.is_nan());
    if given.iter().any(no_number) {
        return Err(NoValue::Undecided);
    }
    let mut precision = format.precision().max(64) + 64;
    loop {
        let mut machine = Machine::new(&computed, Real::new(precision, inputs.clone()));
        machine.run();
        let root = machine.value(computed.root());
        if let Some(limit) = root.limit() {
            return Err(limit);
        }
        if let Some(ends) = root.ends()
            && ends.is_point()
        {
            return Ok(Float::with_val(format.precision(), ends.lo));
        }
        precision *= 2;
        let fits = precision <= precision_that_fits(&computed, 4);
        let undefined = |id| machine.value(id).enclosure().is_never();
        let hopeless = computed
            .ids()
            .any(|id| computed.node(id).context == Context::Real && undefined(id));
        if hopeless || precision > MOST_REAL_BITS || !fits {
            return Err(NoValue::Undecided);
        }
    }
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
        Engine::Real => Err(NoValue::Undecided),
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
