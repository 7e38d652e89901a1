//! Certified bounds in binary64, [`LANES`] points at a time.

use super::functions::function;
use super::kernel::{self, kernel};
use super::power::power;
use super::{LANES, Level, dispatch};
use crate::arithmetic::Arithmetic;
use crate::format::{Format, Narrow};
use crate::formula::{Constant, Context, Kind, Node, Op};
use rug::Float;
use rug::float::Round;

/// Bounds of a node's value at each of the points: it is defined and lies between
/// the two, both included. Of a lane with a NaN nothing is known, not even that
/// there is a value. A real number is finite; an infinite bound says nothing on
/// its side. What a format computed may be infinite.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Bounds {
    /// The lower bounds.
    pub lo: [f64; LANES],
    /// The upper bounds.
    pub hi: [f64; LANES],
    /// Whether the two are equal in every lane (and no NaN).
    pub(super) points: bool,
}

impl Bounds {
    /// Bounds of nothing.
    pub fn unknown() -> Bounds {
        Bounds {
            lo: [f64::NAN; LANES],
            hi: [f64::NAN; LANES],
            points: false,
        }
    }

    /// Numbers that are known.
    pub fn assign_points(&mut self, x: &[f64; LANES]) {
        self.lo = *x;
        self.hi = *x;
        self.points = true;
    }

    /// Ranges of numbers, each from the first to the second.
    pub fn assign_ranges(&mut self, lo: &[f64; LANES], hi: &[f64; LANES]) {
        self.lo = *lo;
        self.hi = *hi;
        self.points = false;
    }

    /// Makes some lanes unknown.
    fn forget(&mut self, which: impl Fn(f64, f64) -> bool) {
        let mut any = false;
        for i in 0..LANES {
            let gone = which(self.lo[i], self.hi[i]);
            any |= gone;
            self.lo[i] = if gone { f64::NAN } else { self.lo[i] };
        }
        self.points &= !any;
    }

    /// The range in one lane; [`Bounds::find_points`] has to follow.
    pub fn set(&mut self, lane: usize, lo: f64, hi: f64) {
        self.lo[lane] = lo;
        self.hi[lane] = hi;
        self.points = false;
    }

    /// Finds out whether all ranges are points.
    pub fn find_points(&mut self) {
        self.points = self.lo == self.hi;
    }

    /// One range in every lane.
    pub fn assign_all(&mut self, lo: f64, hi: f64) {
        self.lo = [lo; LANES];
        self.hi = [hi; LANES];
        self.points = lo == hi;
    }
}

/// Enclosures in binary64 of a formula's values at [`LANES`] points.
///
/// Over the reals every basic operation is widened outward by an ulp at least,
/// unless it is found to be exact; a function is CORE-MATH's, taken as right to
/// one ulp either way. An operation of a narrow format ([`Narrow`]) is enclosed
/// so, then both bounds are rounded into it: rounding is monotone, so they are
/// bounds of what the format computes, and where they are equal that is it.
#[derive(Debug)]
pub struct Enclosures {
    level: Level,
    /// The ambient format; the reals without one.
    ambient: Option<Format>,
    inputs: Vec<Bounds>,
    /// The formats met so far.
    formats: Vec<(Format, Option<Narrow>)>,
    /// Whether bounds are widened. Only a test of the tests says no.
    widen: bool,
}

impl Enclosures {
    /// Enclosures of exact values, or of what the format computes, at inputs to
    /// be set.
    pub fn new(level: Level, ambient: Option<Format>, inputs: usize) -> Self {
        Enclosures {
            level,
            ambient,
            inputs: vec![Bounds::unknown(); inputs],
            formats: Vec::new(),
            widen: true,
        }
    }

    /// Without any widening: what a fault would be.
    #[doc(hidden)]
    pub fn without_widening(mut self) -> Self {
        self.widen = false;
        self
    }

    /// The inputs, in the formula's order.
    pub fn inputs_mut(&mut self) -> &mut [Bounds] {
        &mut self.inputs
    }

    fn narrow(&mut self, format: Format) -> Option<Narrow> {
        if let Some((_, narrow)) = self.formats.iter().find(|(known, _)| *known == format) {
            return *narrow;
        }
        let narrow = Narrow::new(&format);
        self.formats.push((format, narrow));
        narrow
    }
}

impl Arithmetic for Enclosures {
    type Value = Bounds;

    fn register(&self, _: &Node) -> Bounds {
        Bounds::unknown()
    }

    fn apply(&mut self, node: &Node, operands: &[&Bounds], result: &mut Bounds) {
        let format = match node.context {
            Context::Fixed(format) => Some(format),
            Context::Ambient | Context::Library => self.ambient,
            // With an ambient format this is a computation, without one it is not.
            Context::Program(own) => self.ambient.map(|_| own),
            Context::Real => None,
        };
        let target = match format {
            None => Target::Real,
            Some(format) => match self.narrow(format) {
                Some(narrow) => Target::Narrow(narrow),
                // Nothing here can round to it.
                None => return result.assign_all(f64::NAN, f64::NAN),
            },
        };
        match &node.op {
            Op::Input(index) => result.clone_from(&self.inputs[*index as usize]),
            Op::Literal(literal) => {
                let at = |round| {
                    Float::with_val_round(53, literal.value(), round)
                        .0
                        .to_f64_round(round)
                };
                result.assign_all(at(Round::Down), at(Round::Up));
                if let Target::Narrow(narrow) = &target {
                    let value = narrow.format().round_rational(literal.value()).to_f64();
                    return result.assign_all(value, value);
                }
            }
            Op::Constant(Constant::Pi) => result.assign_all(PI_BELOW, PI_BELOW.next_up()),
            Op::Constant(Constant::E) => result.assign_all(E_BELOW, E_BELOW.next_up()),
            Op::Constant(Constant::Inf | Constant::Nan) => {
                return result.assign_all(f64::NAN, f64::NAN);
            }
            op => {
                let (widen, level) = (self.widen, self.level);
                operate(level, widen, op, operands, result);
            }
        }
        match &node.op {
            Op::Round(format) => match self.narrow(*format) {
                Some(narrow) => round(self.level, narrow, result),
                None => return result.assign_all(f64::NAN, f64::NAN),
            },
            Op::Cast(format) if matches!(target, Target::Narrow(_)) => match self.narrow(*format) {
                Some(narrow) => round(self.level, narrow, result),
                None => return result.assign_all(f64::NAN, f64::NAN),
            },
            _ => {}
        }
        match target {
            Target::Narrow(narrow) if node.op.kind() == Kind::Number => {
                round(self.level, narrow, result);
                // What may be infinite and may not, later operations may make a NaN
                // of, anywhere between the bounds.
                result.forget(|lo, hi| lo != hi && (lo.is_infinite() || hi.is_infinite()));
            }
            // A computed infinity is no real number.
            Target::Real if matches!(node.op, Op::Convert | Op::Cast(_) | Op::Round(_)) => {
                result.forget(|lo, hi| !(lo.is_finite() && hi.is_finite()));
            }
            _ => {}
        }
    }
}

/// π rounded down: 884279719003555/281474976710656.
const PI_BELOW: f64 = std::f64::consts::PI;

/// e rounded down: 6121026514868073/2251799813685248.
const E_BELOW: f64 = std::f64::consts::E;

/// Where a node's value lives.
enum Target {
    Real,
    Narrow(Narrow),
}

/// Bounds of what an operation over the reals gives for all numbers within its
/// operands' bounds. Leaves are not operations.
pub fn enclose(level: Level, op: &Op, operands: &[&Bounds], result: &mut Bounds) {
    operate(level, true, op, operands, result);
}

/// Encloses the real operation.
fn operate(level: Level, widen: bool, op: &Op, x: &[&Bounds], result: &mut Bounds) {
    match op {
        Op::Convert | Op::Cast(_) | Op::Round(_) => result.clone_from(x[0]),
        Op::Pow => power(level, widen, x[0], x[1], result),
        Op::Error(..) | Op::Ulp(_) | Op::Cause(..) | Op::Polygamma => {
            result.assign_all(f64::NAN, f64::NAN);
        }
        op if kernel::has(op) => {
            let operands = [x[0], x.get(1).unwrap_or(&x[0]), x.get(2).unwrap_or(&x[0])];
            dispatch!(level, kernel, (
                widen: bool, op: &Op, operands: [&Bounds; 3], result: &mut Bounds
            ));
        }
        op => function(widen, op, x, result),
    }
}

impl Bounds {
    /// Rounds both bounds into a format.
    pub fn round(&mut self, level: Level, narrow: &Narrow) {
        round(level, *narrow, self);
    }

    /// Whether the two are equal in every lane: all values are known.
    pub fn are_points(&self) -> bool {
        self.points
    }
}

/// Rounds both bounds.
fn round(level: Level, narrow: Narrow, result: &mut Bounds) {
    let narrow = &narrow;
    dispatch!(level, round_lanes, (narrow: &Narrow, result: &mut Bounds));
}

#[inline(always)]
fn round_lanes<const FMA: bool>(narrow: &Narrow, result: &mut Bounds) {
    let mut apart = 0;
    if narrow.is_binary32() {
        for i in 0..LANES {
            result.lo[i] = f64::from(result.lo[i] as f32);
            result.hi[i] = f64::from(result.hi[i] as f32);
        }
    } else {
        for i in 0..LANES {
            result.lo[i] = narrow.round(result.lo[i]);
            result.hi[i] = narrow.round(result.hi[i]);
        }
    }
    for i in 0..LANES {
        apart += u64::from(result.lo[i] != result.hi[i]);
    }
    result.points = apart == 0;
}
