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

mod enclose;
mod exact;

use self::enclose::enclose;
use self::exact::exactly;
use super::emulated::{NoValue, compare, operate};
use super::{Arithmetic, cost};
use crate::enclosure::{Defined, Enclosure};
use crate::format::{Format, Rounded, exponent};
use crate::formula::{Constant, Context, Kind, Node, Op};
use rug::float::Special;
use rug::ops::AssignRound;
use rug::{Assign, Float, Rational};

/// The most bits that numerator and denominator together of an exact value may
/// have; beyond, a value is enclosed.
pub const MAX_EXACT_BITS: u32 = 4096;

/// What is known of a node's exact value.
#[derive(Clone, Debug)]
pub struct RealValue {
    state: State,
    enclosure: Enclosure,
    exact: Rational,
    computed: Float,
    limit: Option<NoValue>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// `enclosure` holds all that is known.
    Enclosed,
    /// The value is `exact`; `enclosure` contains it.
    Exact,
    /// The value is that of a computation, `computed`, or a bare `inf`, `nan`.
    Computed,
}

impl RealValue {
    fn new(precision: u32, computed: u32) -> Self {
        RealValue {
            state: State::Enclosed,
            enclosure: Enclosure::new(precision),
            exact: Rational::new(),
            computed: Float::new(computed),
            limit: None,
        }
    }

    /// An enclosure of the value. That of a computed infinity or NaN is
    /// undefined.
    pub fn enclosure(&self) -> &Enclosure {
        &self.enclosure
    }

    /// The value, where it is known exactly as a rational.
    pub fn exact(&self) -> Option<&Rational> {
        (self.state == State::Exact).then_some(&self.exact)
    }

    /// The infinity or NaN that a computation gave.
    pub fn special(&self) -> Option<&Float> {
        (self.state == State::Computed && !self.computed.is_finite()).then_some(&self.computed)
    }

    /// What kept this node's own operation from a useful enclosure.
    pub fn limit(&self) -> Option<NoValue> {
        self.limit
    }

    /// The truth value of a predicate, where it is decided.
    pub fn truth(&self) -> Option<bool> {
        let known = self.enclosure.defined() == Defined::Surely && self.enclosure.is_point();
        known.then(|| !self.enclosure.lo().is_zero())
    }

    fn set_exact(&mut self, value: Rational) {
        self.enclosure.assign_rational(&value);
        self.exact = value;
        self.state = State::Exact;
    }

    /// After an operation on the enclosure: a point is an exact value.
    fn settle(&mut self) {
        self.state = State::Enclosed;
        if self.enclosure.is_point() && self.enclosure.defined() == Defined::Surely {
            self.adopt(&self.enclosure.lo().clone());
        } else if beyond_range(&self.enclosure) {
            self.limit = Some(NoValue::OutOfRange);
        }
    }

    /// Takes a finite number as an exact rational, if it is not too long.
    fn adopt(&mut self, x: &Float) {
        let size = exponent(x).map_or(0, |e| e.unsigned_abs()) + x.prec();
        if size <= 2 * MAX_EXACT_BITS {
            self.exact.assign(&x.to_rational().expect("finite"));
            self.state = State::Exact;
        }
    }

    fn copy(&mut self, other: &RealValue) {
        self.state = other.state;
        self.enclosure.assign_from(&other.enclosure);
        self.limit = None;
        match other.state {
            State::Enclosed => {}
            State::Exact => self.exact.assign(&other.exact),
            State::Computed => {
                self.computed.set_prec(other.computed.prec());
                self.computed.assign(&other.computed);
            }
        }
    }

    /// Takes over what a computation gave.
    fn set_computed(&mut self, value: &Float) {
        self.computed.set_prec(value.prec());
        self.computed.assign(value);
        self.settle_computed();
    }

    fn settle_computed(&mut self) {
        self.state = State::Computed;
        if self.computed.is_finite() {
            self.enclosure.assign_point(&self.computed);
        } else {
            self.enclosure.assign_never();
        }
    }

    /// Not known at this precision.
    fn unknown(&mut self) {
        self.state = State::Enclosed;
        self.enclosure.assign_whole(Defined::Maybe);
    }

    fn give_up(&mut self, why: NoValue) {
        self.state = State::Enclosed;
        self.enclosure.assign_whole(Defined::Maybe);
        self.limit = Some(why);
    }
}

/// Whether nothing but MPFR's exponent range stands at one of the bounds.
fn beyond_range(enclosure: &Enclosure) -> bool {
    let (lo, hi) = (enclosure.lo(), enclosure.hi());
    let huge = |x: &Float| exponent(x).is_some_and(|e| e >= crate::format::MPFR_EMAX);
    let tiny = |x: &Float| exponent(x).is_some_and(|e| e <= crate::format::MPFR_EMIN);
    (hi.is_infinite() && huge(lo))
        || (lo.is_infinite() && huge(hi))
        || (lo.is_zero() && tiny(hi))
        || (hi.is_zero() && tiny(lo))
}

/// Exact arithmetic on the reals at a working precision.
#[derive(Debug)]
pub struct Real {
    precision: u32,
    inputs: Vec<Rational>,
}

impl Real {
    /// An arithmetic at the given exact inputs.
    pub fn new(precision: u32, inputs: Vec<Rational>) -> Self {
        Real { precision, inputs }
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
    pub fn set_inputs(&mut self, inputs: Vec<Rational>) {
        self.inputs = inputs;
    }
}

impl Arithmetic for Real {
    type Value = RealValue;

    fn register(&self, node: &Node) -> RealValue {
        match node.context {
            Context::Fixed(format) => {
                RealValue::new(format.working_precision(), format.working_precision())
            }
            Context::Real | Context::Ambient | Context::Library => {
                RealValue::new(self.precision, 2)
            }
        }
    }

    fn apply(&mut self, node: &Node, operands: &[&RealValue], result: &mut RealValue) {
        result.limit = None;
        if let Context::Fixed(format) = node.context {
            return self.compute(node, &format, operands, result);
        }
        match &node.op {
            Op::Input(index) => set_rational(result, &self.inputs[*index as usize]),
            Op::Literal(literal) => set_rational(result, literal.value()),
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
            Op::Select => return select(operands, result),
            op => {
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
                enclose(op, operands, &mut result.enclosure);
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
}

impl Real {
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
        result.computed.set_prec(format.working_precision());
        let done = match &node.op {
            // The border to the reals: the rounding of a constant input.
            Op::Convert if operands[0].state != State::Computed => match operands[0].exact() {
                Some(exact) => {
                    result.computed.assign(format.round_rational(exact));
                    Ok(())
                }
                None => return result.unknown(),
            },
            _ if operands.iter().any(|value| value.state != State::Computed) => {
                return result.unknown();
            }
            Op::Input(index) => {
                let value = &self.inputs[*index as usize];
                let ternary = result.computed.assign_round(value, format.mpfr_round());
                match format.finish(&mut result.computed, ternary) {
                    Rounded::Done(_) => Ok(()),
                    Rounded::OutOfRange => Err(NoValue::OutOfRange),
                }
            }
            op => {
                let values = [0, 1, 2].map(|i| operands.get(i).map(|value| &value.computed));
                let values: Vec<&Float> = values.into_iter().flatten().collect();
                operate(op, format, &values, &mut result.computed)
            }
        };
        match done {
            Ok(()) => result.settle_computed(),
            Err(why) => result.give_up(why),
        }
    }
}

/// A number that was given: exact, whatever its length.
fn set_rational(result: &mut RealValue, value: &Rational) {
    result.enclosure.assign_rational(value);
    result.exact.assign(value);
    result.state = State::Exact;
}

/// Carries a value into the reals: a finite computed one is an exact number.
fn convert(value: &RealValue, result: &mut RealValue) {
    if let Some(limit) = value.limit.filter(|_| value.state == State::Enclosed) {
        result.copy(value);
        result.limit = Some(limit);
        return;
    }
    result.copy(value);
    if value.state == State::Computed && value.computed.is_finite() {
        result.state = State::Enclosed;
        result.adopt(&value.computed);
    }
}

/// `rn(e, F)`: the exact value rounded once. Rounding is monotone, so the
/// bounds' images bound the value's.
fn round(format: &Format, value: &RealValue, result: &mut RealValue) {
    if value.special().is_some() || value.enclosure.is_never() {
        result.state = State::Enclosed;
        return result.enclosure.assign_never();
    }
    let (lo, hi) = match value.exact() {
        Some(exact) => {
            let rounded = format.round_rational(exact);
            (rounded.clone(), rounded)
        }
        None => (
            format.round(value.enclosure.lo()),
            format.round(value.enclosure.hi()),
        ),
    };
    if format.is_mpfr() && (lo.is_nan() || hi.is_nan()) {
        return result.give_up(NoValue::OutOfRange);
    }
    if lo == hi && value.enclosure.defined() == Defined::Surely {
        result.set_computed(&lo);
        if lo.is_finite() {
            result.state = State::Enclosed;
            result.adopt(&lo);
        }
        return;
    }
    result.state = State::Enclosed;
    if lo.is_finite() && hi.is_finite() {
        result.enclosure.assign_bounds(&lo, &hi);
        if value.enclosure.defined() != Defined::Surely {
            result.enclosure.weaken();
        }
    } else {
        // An infinity among the possible values is no real number.
        result.enclosure.assign_whole(Defined::Maybe);
    }
}

/// The branch that the condition decides, or the hull of both.
fn select(operands: &[&RealValue], result: &mut RealValue) {
    let [condition, yes, no] = operands else {
        unreachable!("if has three operands")
    };
    match condition.truth() {
        Some(true) => result.copy(yes),
        Some(false) => result.copy(no),
        None => {
            result.state = State::Enclosed;
            result
                .enclosure
                .assign_select(&condition.enclosure, &yes.enclosure, &no.enclosure);
            result.settle();
        }
    }
}

/// The operand that a `min` or `max` gives, where that is decided.
fn extremum<'a>(op: &Op, operands: &[&'a RealValue]) -> Option<&'a RealValue> {
    let &[a, b] = operands else { return None };
    if !a.enclosure.is_surely() || !b.enclosure.is_surely() {
        return None;
    }
    let (lesser, greater) = if a.enclosure.hi() <= b.enclosure.lo() {
        (a, b)
    } else if b.enclosure.hi() <= a.enclosure.lo() {
        (b, a)
    } else {
        return None;
    };
    match op {
        Op::Min => Some(lesser),
        Op::Max => Some(greater),
        _ => None,
    }
}

/// An operation with an infinity or a NaN among its operands: comparisons are
/// IEEE 754's, the negative of an infinity is one, nothing else is defined.
fn with_special(op: &Op, operands: &[&RealValue], result: &mut RealValue) {
    result.state = State::Enclosed;
    match op {
        Op::Neg => {
            let negative = Float::with_val(operands[0].computed.prec(), -&operands[0].computed);
            result.set_computed(&negative);
        }
        Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
            let (a, b) = (operands[0], operands[1]);
            let finite = |value: &RealValue| value.enclosure.defined() == Defined::Surely;
            let order = match (a.special(), b.special()) {
                (Some(x), Some(y)) => x.partial_cmp(y),
                // Every real number is below +∞ and above −∞.
                (Some(x), None) if finite(b) => x.partial_cmp(&0),
                (None, Some(y)) if finite(a) => 0.partial_cmp(y),
                (None, _) if a.enclosure.is_never() => return result.enclosure.assign_never(),
                (_, None) if b.enclosure.is_never() => return result.enclosure.assign_never(),
                // Whether the other side exists is not known at this precision.
                _ => return result.unknown(),
            };
            result
                .enclosure
                .assign_rational(&Rational::from(u32::from(compare(op, order))));
        }
        _ => result.enclosure.assign_never(),
    }
}
