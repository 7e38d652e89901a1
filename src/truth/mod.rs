//! Certified answers about a formula's exact value.
//!
//! A [`Truth`] evaluates the formula over the reals
//! ([`arithmetic::real`](crate::arithmetic::real)) and raises the working
//! precision until a question is decided, or the budget, in bits, is spent.
//! The next precision follows from the width seen. Undefined (log of −1),
//! undecided (the budget) and a bug are three different things.

mod answer;
mod cause;
mod decimal;
mod lanes;
mod quick;

pub use answer::{Answer, real_border};
pub use decimal::{Certainty, CertifiedDecimal};
pub use lanes::Rounder;

use self::quick::Quick;
use crate::arithmetic::emulated::NoValue;
use crate::arithmetic::real::{Real, RealInput, RealValue};
use crate::enclosure::{Defined, Enclosure};
use crate::evaluate::{Machine, precision_that_fits};
use crate::format::Format;
use crate::formula::{Formula, Node, NodeId, Op};
use rug::{Float, Rational};
use std::cmp::Ordering;
use std::fmt;

/// The default budget: the greatest working precision, in bits.
pub const DEFAULT_PRECISION_LIMIT: u32 = 1 << 17;

/// The working precision of the first try beyond what a question aims at.
const MARGIN: u32 = 32;

/// Why a question has no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unanswered {
    /// The value is proved to be undefined; the operation's text, and what it
    /// asks of its operands.
    Undefined {
        /// The text of the operation that is undefined first.
        operation: String,
        /// The operation's meaning and domain.
        domain: String,
    },
    /// The budget did not suffice.
    Undecided {
        /// What stopped it.
        stop: Stop,
    },
}

/// What stopped a search for an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The working precision reached this limit, in bits.
    Precision(u32),
    /// This operation leaves MPFR's exponent range, ±2^30.
    Range(String),
    /// This operation would take too much time or memory.
    Cost(String),
    /// A greater working precision than this, in bits, would take too much
    /// time or memory for a formula of so many operations.
    Size(u32),
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unanswered::Undefined { operation, domain } => {
                write!(f, "undefined: `{operation}` ({domain})")
            }
            Unanswered::Undecided { stop } => write!(f, "undecided: {stop}"),
        }
    }
}

impl std::error::Error for Unanswered {}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Precision(bits) => write!(f, "the precision limit of {bits} bits was reached"),
            Stop::Range(operation) => write!(
                f,
                "`{operation}` lies beyond the exponents that MPFR holds, ±2^30"
            ),
            Stop::Size(bits) => write!(
                f,
                "with more than {bits} bits a formula of this size would take too much time or memory"
            ),
            Stop::Cost(operation) => {
                write!(f, "`{operation}` would take too much time or memory")
            }
        }
    }
}

/// What a question says of one evaluation.
pub enum Verdict<T> {
    /// Decided.
    Decided(T),
    /// Not at this precision.
    Undecided,
}

/// The exact value of a formula at a point, known as well as was asked for.
#[derive(Debug)]
pub struct Truth<'f> {
    machine: Machine<'f, Real>,
    limit: u32,
    /// What to say when the limit is reached.
    stop: Stop,
    /// The two as they are for a new point.
    budget: (u32, Stop),
    /// Whether the machine's trace belongs to its point and precision.
    fresh: bool,
    /// What is tried first where there are many points.
    quick: Option<Quick<'f>>,
}

impl<'f> Truth<'f> {
    /// The value of a formula (inlined for the reals) at exact inputs, in the
    /// order of the formula's, with at most `limit` bits of working precision.
    pub fn new(formula: &'f Formula, inputs: Vec<Rational>, limit: u32) -> Self {
        Self::over(formula, inputs.into_iter().map(Into::into).collect(), limit)
    }

    /// The same with inputs that may range over numbers; then a question is
    /// decided where the answer is the same for all of them.
    pub fn over(formula: &'f Formula, inputs: Vec<RealInput>, limit: u32) -> Self {
        let fits = greatest_precision(formula);
        let (limit, stop) = if fits < limit {
            (fits, Stop::Size(fits))
        } else {
            (limit, Stop::Precision(limit))
        };
        Truth {
            machine: Machine::new(formula, Real::new(limit.min(128), inputs)),
            limit,
            budget: (limit, stop.clone()),
            stop,
            fresh: false,
            quick: None,
        }
    }

    /// The same for many points: questions go to enclosures alone first. The
    /// answers are the same; [`Truth::value`] is what answered last.
    pub fn for_many_points(mut self) -> Self {
        self.quick = Quick::new(self.formula());
        self
    }

    /// The formula.
    pub fn formula(&self) -> &'f Formula {
        self.machine.formula()
    }

    /// Moves to another point. The precision stays as it is, so that points of
    /// one kind are decided at the first try.
    pub fn set_inputs(&mut self, inputs: impl IntoIterator<Item = impl Into<RealInput>>) {
        self.machine.arithmetic_mut().set_inputs(inputs);
        (self.limit, self.stop) = self.budget.clone();
        self.fresh = false;
        if let Some(quick) = &mut self.quick {
            quick.leave();
        }
    }

    /// The working precision reached so far, in bits.
    pub fn precision(&self) -> u32 {
        self.machine.arithmetic().precision()
    }

    /// What is known of the value now.
    pub fn value(&mut self) -> &RealValue {
        if let Some(value) = self.quick.as_ref().and_then(Quick::value) {
            return value;
        }
        if !self.fresh {
            self.machine.run();
            self.fresh = true;
        }
        self.machine.value(self.formula().root())
    }

    fn set_precision(&mut self, precision: u32) {
        self.machine.arithmetic_mut().set_precision(precision);
        self.machine.remake();
        self.fresh = false;
    }

    /// How many bits of the working precision the value does not have: what its
    /// operations lost.
    pub fn lost(&mut self) -> u32 {
        let accuracy = self.accuracy();
        self.precision().saturating_sub(accuracy)
    }

    /// Raises the precision at once to what questions about so many bits will
    /// need if the operations lose `lost` of them (no more than as many again).
    /// That changes no answer, only how soon it is found.
    pub fn expect(&mut self, bits: u32, lost: u32) {
        let lost = lost.min(bits.max(256));
        let precision = bits.saturating_add(lost).saturating_add(MARGIN);
        let precision = precision.min(self.limit);
        if self.precision() < precision {
            let budget = (self.limit, self.stop.clone());
            self.raise_to(precision);
            // What was not asked for spends nothing.
            (self.limit, self.stop) = budget;
        }
    }

    /// Raises the precision until `question` is decided about the root's value,
    /// or the budget is spent. `target` is how many bits of the value the
    /// question will need, more or less; it guides the precision only.
    ///
    /// # Errors
    /// [`Unanswered::Undefined`] where the value is proved not to exist,
    /// [`Unanswered::Undecided`] where the budget did not suffice.
    pub fn decide<T>(
        &mut self,
        target: u32,
        mut question: impl FnMut(&RealValue) -> Verdict<T>,
    ) -> Result<T, Unanswered> {
        if let Some(quick) = &mut self.quick {
            let inputs = self.machine.arithmetic().inputs();
            let answer = quick.decide(inputs, target, self.limit, &mut question);
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
        let first = target.saturating_add(MARGIN).min(self.limit);
        if self.precision() < first {
            self.raise_to(first);
        }
        let mut tries = 0;
        loop {
            let value = self.value();
            if value.enclosure().is_never() && value.special().is_none() {
                return Err(self.undefined());
            }
            // A value that may not exist answers nothing.
            let known = value.special().is_some() || value.enclosure().defined() == Defined::Surely;
            if known && let Verdict::Decided(answer) = question(value) {
                return Ok(answer);
            }
            let lost = self.lost();
            tries += 1;
            if let Some(stop) = self.limited(tries) {
                return Err(Unanswered::Undecided { stop });
            }
            let precision = self.precision();
            if precision >= self.limit {
                return Err(Unanswered::Undecided {
                    stop: self.stop.clone(),
                });
            }
            // What the width says is right, more or less; it is believed once.
            let wanted = target.saturating_add(lost).saturating_add(MARGIN);
            let least = if tries == 1 { MARGIN } else { precision / 2 };
            let next = wanted.clamp(precision.saturating_add(least), precision.saturating_mul(4));
            self.raise_to(next.min(self.limit));
        }
    }

    /// Raises the precision; where an operation is then too costly, goes back
    /// and stays there, for what was known before is worth more than nothing.
    fn raise_to(&mut self, precision: u32) {
        let before = self.precision();
        self.set_precision(precision);
        self.value();
        if let Some(id) = self.first_limit(NoValue::TooCostly) {
            let operation = short(&self.formula().label(id));
            self.set_precision(before);
            self.value();
            if self.first_limit(NoValue::TooCostly).is_none() {
                self.limit = before;
                self.stop = Stop::Cost(operation);
            }
        }
    }

    /// The first operation that was given up for this reason.
    fn first_limit(&self, why: NoValue) -> Option<NodeId> {
        let mut ids = self.machine.formula().ids();
        ids.find(|&id| self.machine.value(id).limit() == Some(why))
    }

    /// How many leading bits of the value are known, roughly.
    fn accuracy(&mut self) -> u32 {
        accuracy_bits(self.value().enclosure())
    }

    /// The operation whose limits no precision lifts, if there is one.
    fn limited(&self, tries: u32) -> Option<Stop> {
        let formula = self.machine.formula();
        if let Some(id) = self.first_limit(NoValue::TooCostly) {
            return Some(Stop::Cost(short(&formula.label(id))));
        }
        // A result next to nothing may still serve at a higher precision: 1 +
        // exp(−10^10). Three tries show whether.
        self.first_limit(NoValue::OutOfRange)
            .filter(|_| tries >= 3)
            .map(|id| Stop::Range(short(&formula.label(id))))
    }

    /// The first operation that is undefined though its operands are not.
    fn undefined(&self) -> Unanswered {
        let formula = self.machine.formula();
        let never = |id: &NodeId| {
            let value = self.machine.value(*id);
            value.enclosure().is_never() && value.special().is_none()
        };
        let culprit = formula
            .ids()
            .find(|id| never(id) && !formula.operands(*id).iter().any(never))
            .unwrap_or(formula.root());
        let op = &formula.node(culprit).op;
        let special = formula
            .operands(culprit)
            .iter()
            .any(|&id| self.machine.value(id).special().is_some());
        Unanswered::Undefined {
            operation: short(&formula.label(culprit)),
            domain: if special {
                "an infinity or a NaN is no real number, only something to compare with".into()
            } else if is_jump(formula, culprit) {
                "there is no derivative where an operation jumps".into()
            } else {
                op.domain()
            },
        }
    }

    /// The sign of the value.
    ///
    /// # Errors
    /// As [`Truth::decide`]; a value that is 0 but not known exactly stays
    /// undecided.
    pub fn sign(&mut self) -> Result<Ordering, Unanswered> {
        self.decide(1, |value| match value.enclosure().sign() {
            Some(sign) => Verdict::Decided(sign),
            None => Verdict::Undecided,
        })
    }

    /// Whether a predicate holds.
    ///
    /// # Errors
    /// As [`Truth::decide`].
    pub fn holds(&mut self) -> Result<bool, Unanswered> {
        self.decide(1, |value| match value.truth() {
            Some(truth) => Verdict::Decided(truth),
            None => Verdict::Undecided,
        })
    }

    /// The value rounded once, in the format's own mode. A computed infinity
    /// or NaN is carried into the format.
    ///
    /// # Errors
    /// As [`Truth::decide`]; a value midway between two numbers, but not known
    /// exactly, stays undecided.
    pub fn rounded(&mut self, format: &Format) -> Result<Float, Unanswered> {
        self.decide(format.precision(), |value| {
            if let Some(special) = value.special() {
                return Verdict::Decided(format.round(special));
            }
            if let Some(exact) = value.exact() {
                return Verdict::Decided(format.round_rational(exact));
            }
            let enclosure = value.enclosure();
            let lo = format.round(enclosure.lo());
            let hi = format.round(enclosure.hi());
            if lo.is_zero() && hi.is_zero() && enclosure.sign().is_none() {
                // Zero from either side: of no sign.
                Verdict::Decided(Float::new(format.precision()))
            } else if lo == hi || (lo.is_nan() && hi.is_nan() && enclosure.sign().is_some()) {
                Verdict::Decided(lo)
            } else {
                Verdict::Undecided
            }
        })
    }

    /// The value's first `count` decimal digits.
    ///
    /// # Errors
    /// As [`Truth::decide`].
    pub fn digits(&mut self, count: usize) -> Result<CertifiedDecimal, Unanswered> {
        let target = (count as f64 * std::f64::consts::LOG2_10) as u32 + 8;
        let decided = self.decide(target, |value| {
            match CertifiedDecimal::truncated(value, count) {
                Some(decimal) => Verdict::Decided(decimal),
                None => Verdict::Undecided,
            }
        });
        match decided {
            // The digits straddle a decimal of this length: say how near it is.
            Err(undecided @ Unanswered::Undecided { .. }) => {
                CertifiedDecimal::near(self.value().enclosure(), count).ok_or(undecided)
            }
            decided => decided,
        }
    }

    /// An enclosure of the value whose width is at most 2^−`bits` of it, or a
    /// point.
    ///
    /// # Errors
    /// As [`Truth::decide`].
    pub fn enclosure(&mut self, bits: u32) -> Result<Enclosure, Unanswered> {
        self.decide(bits, |value| {
            let enclosure = value.enclosure();
            if enclosure.is_point() || accuracy_bits(enclosure) >= bits {
                Verdict::Decided(enclosure.clone())
            } else {
                Verdict::Undecided
            }
        })
    }
}

/// Whether a node is the 0/0 that a derivative has where there is none; nobody
/// wrote it.
fn is_jump(formula: &Formula, id: NodeId) -> bool {
    let operands = formula.operands(id);
    formula.node(id).op == Op::Div
        && formula.origin(id).spans.is_empty()
        && operands[0] == operands[1]
        && formula.node(operands[0]).op.is_leaf()
}

/// How many leading bits an enclosure tells: 0 where it contains 0.
pub fn accuracy_bits(enclosure: &Enclosure) -> u32 {
    let bits = enclosure.agreeing_bits().unwrap_or(0);
    u32::try_from(bits.max(0)).unwrap_or(u32::MAX)
}

/// The greatest precision at which a formula's enclosures fit the memory and take
/// a few seconds.
pub(crate) fn greatest_precision(formula: &Formula) -> u32 {
    // An enclosure is two numbers.
    precision_that_fits(formula, 2).min(precision_that_ends(formula))
}

/// The greatest precision at which a formula's functions together take a few
/// seconds: the longer it is, the less.
pub(crate) fn precision_that_ends(formula: &Formula) -> u32 {
    const FUNCTION_BITS: u32 = 1 << 22;
    let is_function = |node: &&Node| Op::function(node.op.name()).is_some();
    let functions = formula.nodes().iter().filter(is_function).count();
    let share = FUNCTION_BITS / u32::try_from(functions.max(1)).unwrap_or(u32::MAX);
    if functions <= 1 {
        u32::MAX
    } else {
        share.max(512)
    }
}

/// A label short enough for a message.
pub(crate) fn short(label: &str) -> String {
    const MOST: usize = 60;
    if label.chars().count() <= MOST {
        return label.to_string();
    }
    let head: String = label.chars().take(MOST - 1).collect();
    format!("{head}…")
}
