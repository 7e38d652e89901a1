//! Any format, through MPFR: the operation is carried out once at the format's
//! precision, correctly rounded, and fitted to its exponent range
//! ([`Format::finish`]), so that every result is the exact one rounded once.
//!
//! Special cases follow IEEE 754-2019 (9.2.1) and C's annex F; `min` and `max`
//! are minimumNumber and maximumNumber with −0 < +0.

use super::polygamma::polygamma;
use super::{Arithmetic, cost};
use crate::format::{Format, Rounded};
use crate::formula::{Constant, Context, Node, Op};
use rug::float::{self, Round, Special};
use rug::ops::{AssignRound, Pow};
use rug::{Assign, Float, Rational};
use std::cmp::Ordering;

/// Why an operation gave no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoValue {
    /// The result is beyond MPFR's exponents, which `mpfr:P` cannot hold.
    OutOfRange,
    /// MPFR would need more time or memory than the limit.
    TooCostly,
    /// A real number within the computation could not be enclosed narrowly enough to
    /// tell what it is rounded to.
    Undecided,
}

/// An input of a computation, which rounds it on entry.
#[derive(Clone, Debug)]
pub enum Input {
    /// Its exact value.
    Exact(Rational),
    /// A number of the format under study: a real number that is no rational,
    /// rounded already.
    Rounded(Float),
}

impl From<Rational> for Input {
    fn from(value: Rational) -> Self {
        Input::Exact(value)
    }
}

impl From<&Rational> for Input {
    fn from(value: &Rational) -> Self {
        Input::Exact(value.clone())
    }
}

/// An arithmetic in one format. Nodes with a context of their own are rounded
/// to that.
#[derive(Debug)]
pub struct Emulated {
    format: Format,
    inputs: Vec<Input>,
    /// The first operation since the last [`Emulated::take_failure`] that gave
    /// no value.
    failure: Option<NoValue>,
}

impl Emulated {
    /// An arithmetic in `format` at the given inputs, in the order of the
    /// formula's.
    pub fn new(format: Format, inputs: impl IntoIterator<Item = impl Into<Input>>) -> Self {
        Emulated {
            format,
            inputs: inputs.into_iter().map(Into::into).collect(),
            failure: None,
        }
    }

    /// The format of ambient nodes.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Moves to another point.
    pub fn set_inputs(&mut self, inputs: impl IntoIterator<Item = impl Into<Input>>) {
        self.inputs.clear();
        self.inputs.extend(inputs.into_iter().map(Into::into));
    }

    /// Why the last operations gave no value, if any did; forgets it.
    pub fn take_failure(&mut self) -> Option<NoValue> {
        self.failure.take()
    }

    fn format_of(&self, node: &Node) -> Format {
        match node.context {
            Context::Fixed(format) | Context::Program(format) => format,
            Context::Ambient | Context::Library | Context::Real => self.format,
        }
    }
}

impl Arithmetic for Emulated {
    type Value = Float;

    fn register(&self, node: &Node) -> Float {
        debug_assert!(
            node.context != Context::Ambient || self.format.functions().is_none(),
            "the graph is inlined for a format that computes functions in a wider one"
        );
        Float::new(self.format_of(node).working_precision())
    }

    fn apply(&mut self, node: &Node, operands: &[&Float], result: &mut Float) {
        let format = self.format_of(node);
        let done = match &node.op {
            Op::Input(index) => {
                let ternary = match &self.inputs[*index as usize] {
                    Input::Exact(value) => result.assign_round(value, format.mpfr_round()),
                    Input::Rounded(value) => result.assign_round(value, format.mpfr_round()),
                };
                finish(&format, result, ternary)
            }
            op => operate(op, &format, operands, result),
        };
        if let Err(no_value) = done {
            self.failure.get_or_insert(no_value);
        }
    }
}

pub(super) fn finish(
    format: &Format,
    result: &mut Float,
    ternary: Ordering,
) -> Result<(), NoValue> {
    match format.finish(result, ternary) {
        Rounded::Done(_) => Ok(()),
        Rounded::OutOfRange => Err(NoValue::OutOfRange),
    }
}

/// Carries one operation out in a format. `result` has the format's working
/// precision; the operands are numbers of their own formats.
///
/// # Errors
/// Where the operation has no value; `result` is then NaN.
pub fn operate(
    op: &Op,
    format: &Format,
    operands: &[&Float],
    result: &mut Float,
) -> Result<(), NoValue> {
    if matches!(op, Op::Polygamma) {
        return polygamma(format, operands[0], operands[1], result);
    }
    let round = format.mpfr_round();
    if cost::too_costly(op, result.prec(), operands) {
        result.assign(Special::Nan);
        return Err(NoValue::TooCostly);
    }
    macro_rules! unary {
        ($method:ident) => {
            result.assign_round(operands[0].$method(), round)
        };
    }
    let ternary = match op {
        Op::Input(_)
        | Op::Parameter(_)
        | Op::Call(_)
        | Op::Round(_)
        | Op::Error(..)
        | Op::Ulp(_)
        | Op::Cause(..)
        | Op::Polygamma => {
            unreachable!("inlined away, real, an arithmetic's own affair, or done")
        }
        Op::Literal(literal) => result.assign_round(literal.value(), round),
        Op::Constant(constant) => assign_constant(*constant, result, round),
        Op::Convert => result.assign_round(operands[0], round),
        Op::Cast(inner) => {
            let mut value = Float::new(inner.working_precision());
            let ternary = value.assign_round(operands[0], inner.mpfr_round());
            if let Err(no_value) = finish(inner, &mut value, ternary) {
                result.assign(Special::Nan);
                return Err(no_value);
            }
            result.assign_round(&value, round)
        }
        Op::Neg => result.assign_round(-operands[0], round),
        Op::Add => result.assign_round(operands[0] + operands[1], round),
        Op::Sub => result.assign_round(operands[0] - operands[1], round),
        Op::Mul => result.assign_round(operands[0] * operands[1], round),
        Op::Div => result.assign_round(operands[0] / operands[1], round),
        Op::Pow => result.assign_round(Pow::pow(operands[0], operands[1]), round),
        Op::Fma => result.assign_round(operands[0].mul_add_ref(operands[1], operands[2]), round),
        Op::Abs => unary!(abs_ref),
        Op::Min => extremum(operands, Ordering::Less, result, round),
        Op::Max => extremum(operands, Ordering::Greater, result, round),
        Op::Floor => unary!(floor_ref),
        Op::Ceil => unary!(ceil_ref),
        Op::Trunc => unary!(trunc_ref),
        Op::RoundHalfAway => unary!(round_ref),
        Op::Sqrt => unary!(sqrt_ref),
        Op::Cbrt => unary!(cbrt_ref),
        Op::Hypot => result.assign_round(operands[0].hypot_ref(operands[1]), round),
        Op::Exp => unary!(exp_ref),
        Op::Exp2 => unary!(exp2_ref),
        Op::Exp10 => unary!(exp10_ref),
        Op::Expm1 => unary!(exp_m1_ref),
        Op::Log => unary!(ln_ref),
        Op::Log2 => unary!(log2_ref),
        Op::Log10 => unary!(log10_ref),
        Op::Log1p => unary!(ln_1p_ref),
        Op::Sin => unary!(sin_ref),
        Op::Cos => unary!(cos_ref),
        Op::Tan => unary!(tan_ref),
        Op::Asin => unary!(asin_ref),
        Op::Acos => unary!(acos_ref),
        Op::Atan => unary!(atan_ref),
        Op::Atan2 => result.assign_round(operands[0].atan2_ref(operands[1]), round),
        Op::Sinh => unary!(sinh_ref),
        Op::Cosh => unary!(cosh_ref),
        Op::Tanh => unary!(tanh_ref),
        Op::Asinh => unary!(asinh_ref),
        Op::Acosh => unary!(acosh_ref),
        Op::Atanh => unary!(atanh_ref),
        Op::Erf => unary!(erf_ref),
        Op::Erfc => unary!(erfc_ref),
        Op::Gamma => unary!(gamma_ref),
        Op::Lgamma => {
            let mut sign = Ordering::Equal;
            (&mut *result, &mut sign).assign_round(operands[0].ln_abs_gamma_ref(), round)
        }
        Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
            let holds = compare(op, operands[0].partial_cmp(operands[1]));
            result.assign(u32::from(holds));
            return Ok(());
        }
        Op::And => {
            result.assign(u32::from(!operands[0].is_zero() && !operands[1].is_zero()));
            return Ok(());
        }
        Op::Or => {
            result.assign(u32::from(!operands[0].is_zero() || !operands[1].is_zero()));
            return Ok(());
        }
        Op::Not => {
            result.assign(u32::from(operands[0].is_zero()));
            return Ok(());
        }
        Op::Select => {
            let chosen = operands[if operands[0].is_zero() { 2 } else { 1 }];
            result.assign_round(chosen, round)
        }
    };
    finish(format, result, ternary)
}

/// Whether a comparison holds for this order of its sides; `None` is
/// unordered, where only `!=` holds (IEEE 754, 5.11).
///
/// # Panics
/// For an operation that is no comparison.
pub fn compare(op: &Op, order: Option<Ordering>) -> bool {
    match op {
        Op::Lt => order == Some(Ordering::Less),
        Op::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Op::Gt => order == Some(Ordering::Greater),
        Op::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Op::Eq => order == Some(Ordering::Equal),
        Op::Ne => order != Some(Ordering::Equal),
        _ => panic!("{} is no comparison", op.name()),
    }
}

fn assign_constant(constant: Constant, result: &mut Float, round: Round) -> Ordering {
    match constant {
        Constant::Pi => result.assign_round(float::Constant::Pi, round),
        Constant::E => result.assign_round(Float::with_val(2, 1).exp_ref(), round),
        Constant::Inf => result.assign_round(Special::Infinity, round),
        Constant::Nan => result.assign_round(Special::Nan, round),
    }
}

/// minimumNumber or maximumNumber of IEEE 754-2019, 9.6.
fn extremum(operands: &[&Float], wanted: Ordering, result: &mut Float, round: Round) -> Ordering {
    let (a, b) = (operands[0], operands[1]);
    let first = match a.partial_cmp(b) {
        None => b.is_nan(),
        // Equal: only the zeros' signs may differ.
        Some(Ordering::Equal) => (wanted == Ordering::Less) == a.is_sign_negative(),
        Some(order) => order == wanted,
    };
    result.assign_round(if first { a } else { b }, round)
}
