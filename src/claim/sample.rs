//! Points at which both sides are enclosed: one where the enclosures are
//! disjoint refutes the identity.
//!
//! The points are the same on every machine, and what is spent on them is
//! counted, in units of about a microsecond, not timed.

use super::identity::Witness;
use crate::arithmetic::real::{Real, RealValue};
use crate::enclosure::Enclosure;
use crate::evaluate::{Machine, precision_that_fits};
use crate::formula::{Formula, Kind, Op};
use crate::truth::{CertifiedDecimal, Truth};
use rug::{Float, Rational};

/// The values that a variable takes, simple ones first. Their number is prime,
/// so that any step but 0 runs through them all.
const VALUES: [(i32, u32); 41] = [
    (1, 1),
    (-1, 1),
    (2, 1),
    (1, 2),
    (-2, 1),
    (-1, 2),
    (3, 1),
    (0, 1),
    (1, 10),
    (-3, 1),
    (7, 3),
    (1, 3),
    (-1, 10),
    (5, 2),
    (-7, 3),
    (3, 4),
    (10, 1),
    (-1, 3),
    (9, 10),
    (-5, 1),
    (4, 1),
    (50, 1),
    (-3, 4),
    (1, 100),
    (99, 100),
    (6, 5),
    (-10, 1),
    (22, 7),
    (-13, 8),
    (1, 1000),
    (-1, 100),
    (8, 1),
    (-50, 1),
    (17, 5),
    (2, 3),
    (-9, 10),
    (100, 1),
    (123, 10),
    (-100, 1),
    (1_000_000, 1),
    (-1_000_000, 1),
];

/// Units of work for the first, coarse look.
const COARSE_WORK: u64 = 3_000_000;
/// Units of work for the rest.
const FINE_WORK: u64 = 8_000_000;
/// How many times an operation's work a function takes.
const FUNCTION_WORK: u64 = 16;
/// The precision of the first look.
const COARSE: u32 = 64;
/// The digits of a witness's sides, more where they need more to differ.
const WITNESS_DIGITS: usize = 20;

/// What is known at a point.
#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    /// Nothing yet, or not whether both sides are defined.
    Open,
    /// One side is defined nowhere near.
    Undefined,
    /// The sides are equal, exactly.
    Equal,
    /// The sides agree to so many digits.
    Agree(u32),
}

/// What sampling found, short of a witness.
pub(super) struct Agreement {
    /// Points at which both sides are defined.
    pub(super) points: usize,
    /// The decimal digits to which they agree there.
    pub(super) digits: u32,
    /// The precision in bits at which the work that is allowed was done.
    pub(super) exhausted: Option<u32>,
}

/// Both sides at the sample points.
pub(super) struct Sampler<'f> {
    names: Vec<String>,
    sides: [&'f Formula; 2],
    limit: u32,
    states: Vec<State>,
    /// The operations of both sides, functions counted as several.
    weight: u64,
    work: u64,
}

impl<'f> Sampler<'f> {
    pub(super) fn new(left: &'f Formula, right: &'f Formula, limit: u32) -> Self {
        let mut names = left.inputs().to_vec();
        for name in right.inputs() {
            if !left.inputs().contains(name) {
                names.push(name.clone());
            }
        }
        let points = if names.is_empty() { 1 } else { VALUES.len() };
        let fits = |formula| precision_that_fits(formula, 2);
        Sampler {
            names,
            sides: [left, right],
            limit: limit.min(fits(left)).min(fits(right)).max(2),
            states: vec![State::Open; points],
            weight: [left, right].map(weight).iter().sum(),
            work: COARSE_WORK,
        }
    }

    /// The value of each variable at a point.
    fn point(&self, at: usize) -> Vec<Rational> {
        let count = VALUES.len();
        let value = |variable: usize| {
            let step = 1 + (17 * variable) % (count - 1);
            let start = (11 * variable) % count;
            Rational::from(VALUES[(start + step * at) % count])
        };
        (0..self.names.len()).map(value).collect()
    }

    /// The values of one side's inputs, in its own order.
    fn inputs(&self, side: usize, point: &[Rational]) -> Vec<Rational> {
        let value = |name: &String| {
            let at = self.names.iter().position(|known| known == name);
            at.map_or_else(Rational::new, |at| point[at].clone())
        };
        self.sides[side].inputs().iter().map(value).collect()
    }

    /// A look at every point at a low precision.
    pub(super) fn coarse(&mut self) -> Option<Witness> {
        self.work = COARSE_WORK;
        let witness = self.pass(COARSE.min(self.limit));
        self.work = FINE_WORK;
        witness
    }

    /// At rising precisions up to the limit.
    pub(super) fn fine(&mut self) -> Result<Witness, Agreement> {
        let open = |state: &State| matches!(state, State::Open | State::Agree(_));
        let mut precision = COARSE;
        while precision < self.limit && self.work > 0 && self.states.iter().any(open) {
            precision = precision.saturating_mul(4).min(self.limit);
            if let Some(witness) = self.pass(precision) {
                return Ok(witness);
            }
        }
        let known: Vec<Option<u32>> = self
            .states
            .iter()
            .filter_map(|state| match state {
                State::Equal => Some(None),
                State::Agree(digits) => Some(Some(*digits)),
                State::Open | State::Undefined => None,
            })
            .collect();
        Err(Agreement {
            points: known.len(),
            digits: known.iter().flatten().copied().min().unwrap_or(0),
            exhausted: (self.work == 0).then_some(precision),
        })
    }

    /// Whether both sides are known to be defined at some point.
    pub(super) fn defined_somewhere(&self) -> bool {
        let defined = |state: &State| matches!(state, State::Equal | State::Agree(_));
        self.states.iter().any(defined)
    }

    /// All points that are not settled, at one precision.
    fn pass(&mut self, precision: u32) -> Option<Witness> {
        let cost = self.weight * (4 + u64::from(precision) / 32);
        if self.work < cost {
            self.work = 0;
            return None;
        }
        let [mut left, mut right] = self
            .sides
            .map(|side| Machine::new(side, Real::new(precision, Vec::<Rational>::new())));
        for at in 0..self.states.len() {
            if matches!(self.states[at], State::Undefined | State::Equal) {
                continue;
            }
            if self.work < cost {
                self.work = 0;
                return None;
            }
            self.work -= cost;
            let point = self.point(at);
            left.arithmetic_mut().set_inputs(self.inputs(0, &point));
            right.arithmetic_mut().set_inputs(self.inputs(1, &point));
            let (a, b) = (left.run(), right.run());
            let surely = |value: &RealValue| value.enclosure().is_surely();
            let never = |value: &RealValue| value.enclosure().is_never();
            if never(a) || never(b) {
                self.states[at] = State::Undefined;
            } else if let (Some(x), Some(y)) = (a.exact(), b.exact())
                && x == y
            {
                self.states[at] = State::Equal;
            } else if surely(a) && surely(b) {
                let (a, b) = (a.enclosure(), b.enclosure());
                if a.hi() < b.lo() || b.hi() < a.lo() {
                    return Some(self.witness(point, [a.clone(), b.clone()]));
                }
                self.states[at] = State::Agree(agreement(a, b));
            }
        }
        None
    }

    /// The point with both sides' digits, so many that they differ.
    fn witness(&self, point: Vec<Rational>, sides: [Enclosure; 2]) -> Witness {
        let together = agreement(&sides[0], &sides[1]) as usize;
        let count = WITNESS_DIGITS.max(together + 5);
        let text = |side: usize| {
            let inputs = self.inputs(side, &point);
            let bits = (count as u32).saturating_mul(4).saturating_add(64);
            let mut truth = Truth::new(self.sides[side], inputs, bits.max(sides[side].precision()));
            match truth.digits(count) {
                Ok(decimal) => decimal.to_string(),
                Err(_) => {
                    let (lo, hi) = (sides[side].lo(), sides[side].hi());
                    CertifiedDecimal::between(lo, hi, count)
                        .map_or_else(|| sides[side].to_string(), |decimal| decimal.to_string())
                }
            }
        };
        let (left, right) = (text(0), text(1));
        let mut difference = Enclosure::new(sides[0].precision());
        difference.assign_sub(&sides[0], &sides[1]);
        let (lo, hi) = (difference.lo(), difference.hi());
        let difference = CertifiedDecimal::between(lo, hi, 2)
            .map_or_else(|| format!("{difference:.2}"), |decimal| decimal.to_string());
        Witness {
            point: self.names.iter().cloned().zip(point).collect(),
            left,
            right,
            difference,
        }
    }
}

/// How much work one evaluation takes, in additions.
pub(super) fn weight(formula: &Formula) -> u64 {
    let each = formula.nodes().iter().map(|node| match node.op {
        Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Fma => 1,
        Op::Abs | Op::Min | Op::Max | Op::Select | Op::Convert | Op::Cast(_) => 1,
        ref op if op.is_leaf() || op.kind() == Kind::Predicate => 1,
        _ => FUNCTION_WORK,
    });
    each.sum()
}

/// To how many decimal digits all numbers that either encloses agree: those of
/// the value, or behind the point where they may be 0.
fn agreement(a: &Enclosure, b: &Enclosure) -> u32 {
    let mut hull = Enclosure::new(a.precision().max(b.precision()));
    hull.assign_hull(a, b);
    let bits = match hull.agreeing_bits() {
        Some(bits) => bits,
        None => -i64::from(exponent_of_width(&hull.width())),
    };
    // 0.30103 is a little above log₁₀ 2.
    u32::try_from(bits.clamp(0, 1 << 32) * 30_102 / 100_000).unwrap_or(u32::MAX)
}

/// An e with width ≤ 2^e.
fn exponent_of_width(width: &Float) -> i32 {
    if width.is_zero() {
        return i32::MIN;
    }
    width.get_exp().unwrap_or(i32::MAX)
}
