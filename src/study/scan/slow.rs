//! Points and blocks by MPFR: what certified lanes leave open, and every format
//! that they do not know.

use super::outcome::{Class, Outcome, Ulps, judge, wrong};
use super::plan::{Plan, Source};
use super::tally::Tally;
use crate::arithmetic::real::{RealInput, RealValue};
use crate::format::Format;
use crate::formula::{Cause, Formula};
use crate::truth::{Truth, Unanswered, Verdict};
use rug::{Float, Rational};

/// What is said of a point, or of all points of a block.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Said {
    pub outcome: Outcome,
    /// What happened at the root; none where that is not known.
    pub cause: Option<Cause>,
}

impl Said {
    /// Counts so many points of which this is said, but not their errors' size.
    pub fn count(&self, first: u64, points: u64, tally: &mut Tally) {
        let outcome = &self.outcome;
        match outcome.class {
            // Where there is nothing to compare with there are no bits of error.
            Class::Undefined | Class::SpuriousNumber | Class::Undecided => {
                tally.class(outcome.class, first, points);
            }
            _ => tally.outcome(outcome, first, points),
        }
        if let Some(cause) = self.cause {
            tally.cause(cause, points);
        }
    }

    /// Counts a point.
    pub fn count_point(&self, index: u64, tally: &mut Tally) {
        self.count(index, 1, tally);
        if let Some(ulps) = self.outcome.ulps {
            tally.top.add(index, ulps);
        }
    }
}

/// The precision for blocks over which leading bits cancel.
const BLOCK_BITS: u32 = 512;

/// Errors below are none to speak of; binary64 does not hold all of them.
const NOTHING: f64 = 1e-300;

/// Errors that may be among the largest are known to this part.
const SHARP: f64 = 1e-6;

/// The machines of one thread.
pub struct Slow<'p> {
    plan: &'p Plan<'p>,
    truth: Truth<'p>,
    question: Truth<'p>,
}

impl<'p> Slow<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Self {
        let truth = |formula: &'p Formula| {
            let zeros = vec![Rational::new(); formula.inputs().len()];
            Truth::new(formula, zeros, plan.limit).for_many_points()
        };
        Slow {
            plan,
            truth: truth(plan.exact),
            question: truth(&plan.question),
        }
    }

    /// Moves both machines to a point, or to a block along the inner axis.
    fn move_to(&mut self, point: &[f64], last: f64) {
        let exact = |x: f64| {
            let x = Float::with_val(53, x);
            RealInput::Between(x.clone(), x)
        };
        let inner = point.len() - 1;
        let input = |source: &Source| match source {
            Source::Fixed(value) => RealInput::Exact(value.clone()),
            Source::Axis(axis) if *axis == inner && point[inner] != last => {
                let end = |x: f64| Float::with_val(53, x);
                RealInput::Between(end(point[inner]), end(last))
            }
            Source::Axis(axis) => exact(point[*axis]),
        };
        self.truth.set_inputs(self.plan.sources.iter().map(input));
        let sources = self.plan.question_sources.iter().map(input);
        self.question.set_inputs(sources);
    }

    /// What happens at the root at all points of a block.
    pub fn cause(&mut self, point: &[f64], last: f64) -> Option<Cause> {
        self.move_to(point, last);
        self.question.cause()
    }

    /// What is said of a point; `computed` is what the hardware gave, if it was
    /// asked, and `cause` what is known already. An error that is not below
    /// `floor` is measured sharply.
    pub fn point(
        &mut self,
        point: &[f64],
        computed: Option<f64>,
        cause: Option<Cause>,
        floor: f64,
    ) -> Said {
        self.move_to(point, point[point.len() - 1]);
        let format = &self.plan.format;
        let cause = match cause {
            None if self.plan.causes => self.question.cause(),
            known => known.filter(|_| self.plan.causes),
        };
        let computed = match computed {
            Some(x) => Some(Float::with_val(format.precision(), x)),
            None => self.question.computed().map(|ends| ends.lo.clone()),
        };
        let outcome = match computed {
            Some(computed) => at_point(&mut self.truth, format, &computed, floor),
            None => of_class(Class::Undecided, None),
        };
        Said { outcome, cause }
    }

    /// The exact value at a point, and what is computed there.
    pub fn at(&mut self, point: &[f64], computed: Option<f64>) -> Option<(&mut Truth<'p>, Float)> {
        self.move_to(point, point[point.len() - 1]);
        let computed = match computed {
            Some(x) => Float::with_val(self.plan.format.precision(), x),
            None => self.question.computed()?.lo.clone(),
        };
        Some((&mut self.truth, computed))
    }

    /// What is said of all points of a block, from `point` up to `last` along the
    /// inner axis; `None` where that is not one thing.
    pub fn block(&mut self, point: &[f64], last: f64) -> Option<Said> {
        self.move_to(point, last);
        let format = &self.plan.format;
        let cause = if self.plan.causes {
            Some(self.question.cause()?)
        } else {
            None
        };
        let ends = self.question.computed()?;
        // Where leading bits cancel, more of them tell the sign.
        let open =
            |value: &RealValue| value.enclosure().sign().is_none() && !value.enclosure().is_point();
        if open(self.truth.value()) {
            self.truth.expect(BLOCK_BITS, 0);
        }
        let value = self.truth.value();
        let enclosure = value.enclosure();
        let nothing = ends.nan && ends.lo.is_nan();
        if value.special().is_some() {
            return None;
        }
        if enclosure.is_never() {
            let infinite = ends.lo.is_infinite() && ends.lo == ends.hi;
            let number = !ends.nan && ends.is_finite();
            let class = match (nothing || infinite, number) {
                (true, _) => Class::Undefined,
                (_, true) => Class::SpuriousNumber,
                _ => return None,
            };
            let outcome = of_class(class, None);
            return Some(Said { outcome, cause });
        }
        if !enclosure.is_surely() {
            return None;
        }
        let outcome = if nothing {
            let rounds = |end: &Float| format.round(end).is_nan();
            let beyond = [rounds(enclosure.lo()), rounds(enclosure.hi())];
            match beyond {
                [false, false] => of_class(Class::SpuriousNan, format.width()),
                _ => return None,
            }
        } else if !ends.nan && ends.lo == ends.hi {
            judge(format, ends.lo, enclosure.lo(), enclosure.hi())?
        } else {
            return None;
        };
        Some(Said { outcome, cause })
    }
}

/// An outcome of which there is no more to say.
fn of_class(class: Class, bits: Option<u32>) -> Outcome {
    Outcome {
        class,
        ulps: None,
        ulps_bin: None,
        bits,
    }
}

fn at_point(truth: &mut Truth<'_>, format: &Format, computed: &Float, floor: f64) -> Outcome {
    let width = format.width();
    if computed.is_nan() {
        return match truth.rounded(format) {
            Ok(rounded) if rounded.is_nan() => of_class(Class::Correct, format.width().map(|_| 0)),
            Ok(_) => of_class(Class::SpuriousNan, format.width()),
            Err(Unanswered::Undefined { .. }) => of_class(Class::Undefined, None),
            Err(Unanswered::Undecided { .. }) => of_class(Class::Undecided, None),
        };
    }
    let mut blunt = None;
    let decided = truth.decide(format.precision(), |value| {
        if let Some(special) = value.special() {
            // What a computation inside gave is no real number, but can be met.
            let met = format.round(special) == *computed;
            let class = if met { Class::Correct } else { wrong(computed) };
            return Verdict::Decided(of_class(class, if met { width.map(|_| 0) } else { width }));
        }
        let enclosure = value.enclosure();
        match judge(format, computed, enclosure.lo(), enclosure.hi()) {
            Some(outcome) => {
                let sharp = |ulps: Ulps| {
                    ulps.upper < floor.max(NOTHING) || ulps.upper - ulps.lower <= SHARP * ulps.upper
                };
                if outcome.ulps.is_none_or(sharp) {
                    return Verdict::Decided(outcome);
                }
                blunt = Some(outcome);
                Verdict::Undecided
            }
            None => Verdict::Undecided,
        }
    });
    match decided {
        Ok(outcome) => outcome,
        Err(Unanswered::Undecided { .. }) if blunt.is_some() => {
            blunt.unwrap_or_else(|| of_class(Class::Undecided, None))
        }
        Err(Unanswered::Undefined { .. }) if computed.is_finite() => {
            of_class(Class::SpuriousNumber, None)
        }
        Err(Unanswered::Undefined { .. }) => of_class(Class::Undefined, None),
        Err(Unanswered::Undecided { .. }) => of_class(Class::Undecided, None),
    }
}
