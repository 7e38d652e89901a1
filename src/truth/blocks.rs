//! Predicates about every number of a format in a range.
//!
//! A block is a range of consecutive numbers. The predicate is evaluated over
//! the whole block at once: computed values as intervals
//! ([`interval`](crate::arithmetic::interval)), exact ones as enclosures. What
//! that decides holds for each number of the block. An undecided block is
//! split in the middle, down to single numbers, which a [`Truth`] decides. All
//! blocks of one size are done before they are split, so that a budget is
//! spent evenly, and the outcome does not depend on how many work at it.

use super::{Truth, Unanswered};
use crate::arithmetic::real::{Real, RealInput};
use crate::evaluate::Machine;
use crate::format::Format;
use crate::formula::{Context, Formula};
use rayon::prelude::*;
use rug::float::Special;
use rug::{Float, Integer};

/// The bits of the working precision beyond the format's, for blocks.
const BLOCK_MARGIN: u32 = 32;

/// What a block's enclosures leave undecided at that precision is tried once
/// more, at so many times the format's precision and the margin: where a
/// function is flat, the numbers of a block differ far behind the format's last
/// bit in it.
const FINE: u32 = 4;

/// A single number is decided with at most so many bits beyond twice the
/// format's.
const POINT_MARGIN: u32 = 4096;

/// So few blocks are not worth waking other threads for.
const FEW: usize = 32;

/// What is known of a predicate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It has no truth value: something in it does not exist.
    Undefined,
    /// It has one value at −0 and another one at +0.
    ZerosDiffer,
    /// The budget did not suffice.
    Undecided,
}

/// Consecutive numbers with one answer, as many as there are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FloatRun {
    /// The answer.
    pub answer: Answer,
    /// The first number's [`Format::ordinal`].
    pub first: Integer,
    /// The last number's.
    pub last: Integer,
}

/// Every number of a range with its answer.
#[derive(Clone, Debug)]
pub struct Floats {
    /// The runs, in order, without gaps.
    pub runs: Vec<FloatRun>,
    /// How many blocks were looked at, single numbers among them.
    pub blocks: u64,
}

/// A predicate over the numbers of a format, one input ranging over them.
#[derive(Debug)]
pub struct Blocks<'f> {
    formula: &'f Formula,
    format: Format,
    inputs: Vec<RealInput>,
    variable: usize,
    limit: u32,
}

/// What one thread works with.
struct Worker<'f> {
    machine: Machine<'f, Real>,
    /// The same at the finer precision, where there are enclosures.
    fine: Option<Machine<'f, Real>>,
    point: Option<Truth<'f>>,
}

/// Numbers from an ordinal to another.
type Block = (Integer, Integer);

impl<'f> Blocks<'f> {
    /// A predicate (inlined, no node ambient) whose input of index `variable`
    /// ranges over numbers of `format`; the others have the values in `inputs`.
    /// At most `limit` bits are spent on a single number, and no more than
    /// 4096 beyond twice the format's.
    pub fn new(
        formula: &'f Formula,
        format: Format,
        inputs: Vec<RealInput>,
        variable: usize,
        limit: u32,
    ) -> Self {
        let most = format.precision().saturating_mul(2);
        Blocks {
            formula,
            format,
            inputs,
            variable,
            limit: limit.min(most.saturating_add(POINT_MARGIN)),
        }
    }

    fn worker(&self) -> Worker<'f> {
        let precision = self.format.precision() + BLOCK_MARGIN;
        let machine = |precision| {
            let real = Real::new(precision, self.inputs.iter().cloned());
            Machine::new(self.formula, real)
        };
        let computed = self
            .formula
            .all_contexts(|context| matches!(context, Context::Fixed(_)));
        Worker {
            machine: machine(precision),
            fine: (!computed).then(|| machine(FINE * precision)),
            point: None,
        }
    }

    /// Decides the predicate for every number from one ordinal to another,
    /// looking at no more than `budget` blocks.
    pub fn decide(&self, from: &Integer, to: &Integer, budget: u64) -> Floats {
        let mut level: Vec<Block> = vec![(from.clone(), to.clone())];
        let mut settled: Vec<FloatRun> = Vec::new();
        let mut blocks = 0;
        let mut own = self.worker();
        while !level.is_empty() {
            let left = usize::try_from(budget - blocks).unwrap_or(usize::MAX);
            let beyond = level.split_off(level.len().min(left));
            blocks += level.len() as u64;
            let answers: Vec<Answer> = if level.len() <= FEW {
                level.iter().map(|b| self.answer(&mut own, b)).collect()
            } else {
                let each = |worker: &mut Worker<'f>, block: &Block| self.answer(worker, block);
                level
                    .par_iter()
                    .with_min_len(FEW / 2)
                    .map_init(|| self.worker(), each)
                    .collect()
            };
            let mut next = Vec::new();
            for ((first, last), answer) in level.into_iter().zip(answers) {
                if answer == Answer::Undecided && first < last {
                    let middle = Integer::from(&first + &last) >> 1u32;
                    let above = Integer::from(&middle + 1u32);
                    next.push((first, middle));
                    next.push((above, last));
                } else {
                    settled.push(FloatRun {
                        answer,
                        first,
                        last,
                    });
                }
            }
            settled.extend(beyond.into_iter().map(|(first, last)| FloatRun {
                answer: Answer::Undecided,
                first,
                last,
            }));
            level = next;
        }
        settled.sort_by(|a, b| a.first.cmp(&b.first));
        settled.dedup_by(|next, run| {
            let one = next.answer == run.answer;
            if one {
                run.last = next.last.clone();
            }
            one
        });
        Floats {
            runs: settled,
            blocks,
        }
    }

    /// What is known of all numbers in a block.
    fn answer(&self, worker: &mut Worker<'f>, (first, last): &Block) -> Answer {
        if first == last && !first.is_zero() {
            let x = self.number(first);
            return self.at_number(worker, &x);
        }
        let (mut lo, hi) = (self.number(first), self.number(last));
        if lo.is_zero() {
            lo = Float::with_val(self.format.precision(), Special::NegZero);
        }
        let range = RealInput::Between(lo, hi);
        let machines = std::iter::once(&mut worker.machine).chain(&mut worker.fine);
        for machine in machines {
            machine.arithmetic_mut().inputs_mut()[self.variable] = range.clone();
            let value = machine.run();
            match value.truth() {
                Some(true) => return Answer::Holds,
                Some(false) => return Answer::Fails,
                None if value.enclosure().is_never() => return Answer::Undefined,
                None => {}
            }
        }
        match range {
            // The two zeros.
            RealInput::Between(lo, hi) if first == last => {
                let answers = [lo, hi].map(|zero| self.at_number(worker, &zero));
                match answers {
                    [a, b] if a == b => a,
                    [Answer::Undecided, _] | [_, Answer::Undecided] => Answer::Undecided,
                    _ => Answer::ZerosDiffer,
                }
            }
            _ => Answer::Undecided,
        }
    }

    fn number(&self, ordinal: &Integer) -> Float {
        let number = self.format.from_ordinal(ordinal);
        number.expect("an ordinal of the range, whose ends are numbers")
    }

    /// What is known at a single number.
    fn at_number(&self, worker: &mut Worker<'f>, x: &Float) -> Answer {
        let mut inputs = self.inputs.clone();
        inputs[self.variable] = RealInput::Between(x.clone(), x.clone());
        let point = match &mut worker.point {
            Some(point) => {
                point.set_inputs(inputs);
                point
            }
            none => none.insert(Truth::over(self.formula, inputs, self.limit)),
        };
        let answer = Answer::from(point.holds());
        // What one number needed, the next one need not pay for.
        if point.precision() > 2 * self.format.precision() + 256 {
            worker.point = None;
        }
        answer
    }
}

impl From<Result<bool, Unanswered>> for Answer {
    /// What a [`Truth`] says of a predicate.
    fn from(holds: Result<bool, Unanswered>) -> Self {
        match holds {
            Ok(true) => Answer::Holds,
            Ok(false) => Answer::Fails,
            Err(Unanswered::Undefined { .. }) => Answer::Undefined,
            Err(Unanswered::Undecided { .. }) => Answer::Undecided,
        }
    }
}

/// Two real numbers between `a` and `b`, in order, between which a predicate of
/// a real input changes: with different answers at `a` and `b`, there is such a
/// place. They share `bits` bits, or are as near as could be decided.
pub fn real_border(
    formula: &Formula,
    inputs: &[RealInput],
    variable: usize,
    (a, b): (&Float, &Float),
    bits: u32,
    limit: u32,
) -> Option<(Float, Float)> {
    let mut inputs = inputs.to_vec();
    inputs[variable] = RealInput::Between(a.clone(), a.clone());
    let mut truth = Truth::over(formula, inputs.clone(), limit);
    let mut holds = |x: &Float| {
        inputs[variable] = RealInput::Between(x.clone(), x.clone());
        truth.set_inputs(inputs.iter().cloned());
        truth.holds().ok()
    };
    let at_a = holds(a)?;
    if holds(b)? == at_a {
        return None;
    }
    let precision = a.prec().max(b.prec()) + bits + 64;
    let mut lo = Float::with_val(precision, a);
    let mut hi = Float::with_val(precision, b);
    for _ in 0..precision {
        let width = Float::with_val(32, &hi - &lo);
        let size = Float::with_val(32, hi.abs_ref());
        if width <= size >> bits {
            break;
        }
        let middle = Float::with_val(precision, &lo + &hi) >> 1u32;
        if middle <= lo || middle >= hi {
            break;
        }
        match holds(&middle) {
            Some(answer) if answer == at_a => lo = middle,
            Some(_) => hi = middle,
            None => break,
        }
    }
    Some((lo, hi))
}
