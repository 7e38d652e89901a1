//! The exact value: a rational where that is possible, otherwise an enclosure.
//!
//! Node by node: the result of a rational operation on rationals is a rational
//! (up to [`MAX_EXACT_BITS`]), everything else is enclosed at the working
//! precision, and an enclosure that is a single point is a rational again. So
//! `0.1 + 0.2 == 0.3` is proved, `log(0.1 + 0.2 - 0.3)` is undefined, and
//! `x - x` of one defined node is 0.
//!
//! Nodes inside an `fl(e, F)` are *computed*: they are exact too, being what
//! [`emulated`](super::emulated) gives, but may be infinite or NaN. Among real
//! numbers such a value is only something to compare with; anything else made
//! of it is undefined.
//!
//! An input may also be a range of numbers ([`RealInput::Between`]). Then real
//! nodes are enclosed, and computed ones are intervals of computed values
//! ([`interval`](super::interval)), which together hold for every number of the
//! range. Of a range without 0 ([`RealInput::Nonzero`]) that is known of what is
//! made of it, too.

mod enclose;
mod errors;
mod exact;
mod nonzero;
mod special;
mod value;

pub use self::special::cause_of;
pub use self::value::RealValue;

pub(super) use self::enclose::enclose;
use self::exact::exactly;
use self::special::{convert, extremum, happened, round, select, with_range, with_special};
use self::value::State;
use super::emulated::{NoValue, operate};
use super::interval::{Ends, operate_over};
use super::{Arithmetic, cost};
use crate::format::{Format, Rounded};
use crate::formula::{Constant, Context, Kind, Node, Op};
use rug::float::Special;
use rug::ops::AssignRound;
use rug::{Assign, Float, Rational};

/// The most bits that numerator and denominator together of an exact value may
/// have; beyond, a value is enclosed.
pub const MAX_EXACT_BITS: u32 = 4096;

/// What is known of an input.
#[derive(Clone, Debug)]
pub enum RealInput {
    /// Its exact value.
    Exact(Rational),
    /// It is every number from the first to the second. These may be infinite,
    /// where no computation takes the input: then it is every real number that
    /// they bound. Where both are one infinity, it is that infinity. As a
    /// computation's input it is rounded to the computation's format; −0 and +0
    /// are told apart there.
    Between(Float, Float),
    /// The same numbers without 0: (0, 1] is from 0 to 1. As a computation's
    /// input it may still be rounded to 0.
    Nonzero(Float, Float),
}

impl From<Rational> for RealInput {
    fn from(value: Rational) -> Self {
        RealInput::Exact(value)
    }
}

/// Exact arithmetic on the reals at a working precision.
#[derive(Debug)]
pub struct Real {
    precision: u32,
    inputs: Vec<RealInput>,
}

impl Real {
    /// An arithmetic at the given inputs.
    pub fn new(precision: u32, inputs: impl IntoIterator<Item = impl Into<RealInput>>) -> Self {
        Real {
            precision,
            inputs: inputs.into_iter().map(Into::into).collect(),
        }
    }

    /// The working precision in bits.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// Changes the working precision of the registers made from now on.
    pub fn set_precision(&mut self, precision: u32) {
        self.precision = precision;
    }

    /// Moves to another point.
    pub fn set_inputs(&mut self, inputs: impl IntoIterator<Item = impl Into<RealInput>>) {
        self.inputs.clear();
        self.inputs.extend(inputs.into_iter().map(Into::into));
    }

    /// The inputs.
    pub fn inputs(&self) -> &[RealInput] {
        &self.inputs
    }

    /// The inputs, to change one of them.
    pub fn inputs_mut(&mut self) -> &mut [RealInput] {
        &mut self.inputs
    }
}

impl Arithmetic for Real {
    type Value = RealValue;

    fn register(&self, node: &Node) -> RealValue {
        match node.context {
            Context::Fixed(format) => {
                RealValue::new(format.working_precision(), format.working_precision())
            }
            Context::Real | Context::Ambient | Context::Library | Context::Program(_) => {
                RealValue::new(self.precision, 2)
            }
        }
    }

    fn apply(&mut self, node: &Node, operands: &[&RealValue], result: &mut RealValue) {
        result.limit = None;
        if let Context::Fixed(format) = node.context {
            result.nonzero = false;
            return self.compute(node, &format, operands, result);
        }
        self.evaluate(node, operands, result);
        result.nonzero = match &node.op {
            Op::Input(index) => matches!(self.inputs[*index as usize], RealInput::Nonzero(..)),
            op => nonzero::is_nonzero(op, operands),
        };
    }
}

impl Real {
    /// One operation on real numbers, or a view of a computation.
    fn evaluate(&self, node: &Node, operands: &[&RealValue], result: &mut RealValue) {
        match &node.op {
            Op::Input(index) => match &self.inputs[*index as usize] {
                RealInput::Exact(value) => result.set_rational(value),
                RealInput::Between(lo, hi) if lo.is_infinite() && lo == hi => {
                    return result.set_computed(lo);
                }
                RealInput::Between(lo, hi) | RealInput::Nonzero(lo, hi) => {
                    result.enclosure.assign_bounds(lo, hi);
                    result.settle();
                }
            },
            Op::Literal(literal) => result.set_rational(literal.value()),
            Op::Constant(Constant::Pi) => result.enclosure.assign_pi(),
            Op::Constant(Constant::E) => result.enclosure.assign_e(),
            Op::Constant(Constant::Inf) => {
                return result.set_computed(&Float::with_val(2, Special::Infinity));
            }
            Op::Constant(Constant::Nan) => {
                return result.set_computed(&Float::with_val(2, Special::Nan));
            }
            Op::Convert | Op::Cast(_) => return convert(operands[0], result),
            Op::Round(format) => return round(format, operands[0], result),
            Op::Error(unit, format) => {
                return errors::error(*unit, format, operands[0], operands[1], result);
            }
            Op::Ulp(format) => return errors::ulp(format, operands[0], result),
            Op::Cause(cause, format, Some(op)) => {
                return happened(*cause, op, format, operands, result);
            }
            Op::Select => return select(operands, result),
            op => {
                if operands.iter().any(|value| value.state == State::Range) {
                    return with_range(op, operands, result);
                }
                let special = operands.iter().any(|value| value.special().is_some());
                if special {
                    return with_special(op, operands, result);
                }
                let one_node = operands.len() == 2 && std::ptr::eq(operands[0], operands[1]);
                if exactly(op, operands, one_node, result) {
                    return;
                }
                if let Some(chosen) = extremum(op, operands) {
                    return result.copy(chosen);
                }
                let bounds: [&Float; 2] = [operands[0].enclosure.lo(), operands[0].enclosure.hi()];
                if cost::too_costly(op, result.enclosure.precision(), &bounds) {
                    return result.give_up(NoValue::TooCostly);
                }
                enclose(op, |i| operands[i].enclosure(), &mut result.enclosure);
                if nonzero::is_defined(op, operands) {
                    result.enclosure.strengthen();
                }
                if op.kind() == Kind::Predicate {
                    result.state = State::Enclosed;
                    return;
                }
            }
        }
        if !node.op.is_leaf() || matches!(node.op, Op::Constant(_)) {
            result.settle();
        }
    }

    /// One operation inside an `fl(e, F)`.
    fn compute(
        &self,
        node: &Node,
        format: &Format,
        operands: &[&RealValue],
        result: &mut RealValue,
    ) {
        if let Some(limit) = operands.iter().find_map(|value| value.limit) {
            return result.give_up(limit);
        }
        let precision = format.working_precision();
        result.computed.set_prec(precision);
        let done = match &node.op {
            // The border to the reals: the rounding of a constant input.
            Op::Convert if operands[0].ends().is_none() => {
                let value = operands[0];
                match value.exact() {
                    Some(exact) => {
                        result.computed.assign(format.round_rational(exact));
                        Ok(())
                    }
                    None if value.enclosure.is_surely() && value.enclosure.is_bounded() => {
                        let bounds = [value.enclosure.lo(), value.enclosure.hi()];
                        return result.set_interval(format, bounds);
                    }
                    None => return result.unknown(),
                }
            }
            Op::Input(index) => match &self.inputs[*index as usize] {
                RealInput::Exact(value) => {
                    let ternary = result.computed.assign_round(value, format.mpfr_round());
                    match format.finish(&mut result.computed, ternary) {
                        Rounded::Done(_) => Ok(()),
                        Rounded::OutOfRange => Err(NoValue::OutOfRange),
                    }
                }
                RealInput::Between(lo, hi) | RealInput::Nonzero(lo, hi) => {
                    return result.set_interval(format, [lo, hi]);
                }
            },
            op => {
                let values = [0, 1, 2].map(|i| operands.get(i).map(|value| value.ends()));
                let values: Option<Vec<Ends>> = values.into_iter().flatten().collect();
                let Some(values) = values else {
                    return result.unknown();
                };
                if operands.iter().any(|value| value.state == State::Range) {
                    let one_node = operands.len() == 2 && std::ptr::eq(operands[0], operands[1]);
                    return match operate_over(op, format, &values, one_node, result.interval()) {
                        Ok(()) => result.settle_interval(),
                        Err(why) => result.give_up(why),
                    };
                }
                let values: Vec<&Float> = values.iter().map(|ends| ends.lo).collect();
                operate(op, format, &values, &mut result.computed)
            }
        };
        match done {
            Ok(()) => result.settle_computed(),
            Err(why) => result.give_up(why),
        }
    }
}
