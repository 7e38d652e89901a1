//! Whether a predicate holds at every point of a space: branch and bound.
//!
//! The predicate is evaluated over a whole cell at once: exact values as
//! enclosures, computed ones as intervals. What that decides holds at each of its
//! points. An undecided cell is split, down to single points, and a few of its
//! points are tried, for a counterexample. All cells of one generation are done
//! before the next, so that a budget is spent evenly and the outcome does not
//! depend on how many work at it. Once there is a counterexample, what lies
//! behind it is of no interest; what lies before it is searched on, for the first
//! one.

use super::look::{Item, Look, Looked, Question, Sampled, Worker};
use super::machines::on_all_cores;
use super::predicate::Predicate;
use super::space::{Cell, Numbers, Value, order};
use crate::formula::Formula;
use crate::truth::Answer;
use rug::Integer;

/// The most boxes that are looked at, unless it is told otherwise: enough to take
/// every number of a format of 16 bits by itself.
pub const DEFAULT_BOXES: u64 = 1 << 18;

/// What the boxes may cost together then: operations times bits, more or less.
const COST: u64 = 1 << 31;

/// Points are tried in generations of so many cells at most.
const SAMPLED: usize = 1024;

/// So few floats are all looked at for the first counterexample, whatever it
/// costs.
const EXHAUSTIVE: u32 = 1 << 17;

/// How many generations a counterexample among real numbers is moved towards the
/// border for.
const POLISH: u32 = 12;

/// So many deciding cells are kept, to be shown.
const MAX_EVIDENCE: usize = 100;

/// What may be spent.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Cells.
    pub boxes: u64,
    /// Points that are tried.
    pub points: u64,
    /// The working precision at a point, in bits.
    pub bits: u32,
}

/// A point that settles something.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Each axis' value.
    pub point: Vec<Value>,
    /// Whether the predicate is known to hold at all points before it, on the
    /// one axis that there is.
    pub first: bool,
}

/// What is left.
#[derive(Clone, Debug)]
pub struct Open {
    /// Cells that could not be decided, in order.
    pub cells: Vec<Cell>,
    /// What stopped their being split.
    pub stop: Stop,
}

/// What stops a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// So many boxes were looked at.
    Boxes(u64),
    /// The boxes that are left are points, or next to it, and so many bits do not
    /// decide them.
    Narrow(u32),
}

/// The outcome of a search.
#[derive(Clone, Debug)]
pub struct Searched {
    /// How many cells were looked at.
    pub boxes: u64,
    /// How many points were tried beside.
    pub points: u64,
    /// A point where the predicate fails.
    pub fails: Option<Found>,
    /// A point where it has no truth value.
    pub undefined: Option<Vec<Value>>,
    /// What is left, if anything.
    pub open: Option<Open>,
    /// Cells that were decided, in order; the first hundred, or all where it is
    /// asked where the predicate holds.
    pub evidence: Vec<(Cell, Answer)>,
}

/// A search for counterexamples.
pub struct Search<'p> {
    look: Look<'p>,
    question: Question,
    budget: Budget,
}

impl<'p> Search<'p> {
    /// A search of cells like those of `space`.
    pub fn new(
        predicate: &'p Predicate,
        question: Question,
        space: &[Cell],
        budget: Budget,
    ) -> Self {
        Search {
            look: Look::new(predicate, question, space, budget.bits),
            question,
            budget,
        }
    }

    /// Looks at every point of the cells, which are in order.
    pub fn run(&self, space: Vec<Cell>) -> Searched {
        let mut found = Searched {
            boxes: 0,
            points: 0,
            fails: None,
            undefined: None,
            open: None,
            evidence: Vec::new(),
        };
        let single_axis = space.iter().all(|cell| cell.len() == 1);
        let all: Option<Integer> = space.iter().map(count).sum();
        let mut limit = self.budget.boxes;
        let mut spent = 0;
        let mut polish = POLISH;
        let mut fails: Option<(Cell, Vec<Value>)> = None;
        let mut undefined: Option<(Cell, Vec<Value>)> = None;
        let (mut beyond, mut narrow) = (Vec::new(), Vec::new());
        let mut own = self.look.worker();
        let all_space = space.clone();
        let mut level: Vec<Item> = space.into_iter().map(Item::new).collect();
        while !level.is_empty() {
            let mut room = limit.saturating_sub(spent);
            let fits = level.iter().take_while(|item| {
                let cost = item.cost();
                let fits = cost <= room;
                room = room.saturating_sub(cost);
                fits
            });
            let rest = level.split_off(fits.count());
            spent += level.iter().map(Item::cost).sum::<u64>();
            found.boxes += level.len() as u64;
            let sampled = if self.question == Question::Where
                || level.len() > SAMPLED
                || found.points >= self.budget.points
            {
                Sampled::Not
            } else if found.boxes == level.len() as u64 {
                Sampled::WithEnds
            } else {
                Sampled::Middle
            };
            let looked = self.look_at_all(&mut own, &level, sampled);
            found.points += looked.iter().map(|looked| looked.points).sum::<u64>();
            // What lies behind a counterexample is dropped.
            let first = looked.iter().position(|looked| looked.fails.is_some());
            let first = first.filter(|_| self.question != Question::Where);
            let kept = first.map_or(level.len(), |first| first + 1);
            if let Some(first) = first {
                if fails.is_none() {
                    let exhaustive = all.as_ref().is_some_and(|count| *count <= EXHAUSTIVE);
                    if !(single_axis && exhaustive) {
                        limit = limit.min(spent.saturating_mul(8).saturating_add(2000));
                    }
                }
                let point = looked[first].fails.clone();
                fails = point.map(|point| (level[first].cell.clone(), point));
                let before = |cell: &Cell| order(cell, &level[first].cell).is_le();
                beyond.retain(before);
                narrow.retain(before);
                if all.is_none() {
                    if polish == 0 {
                        break;
                    }
                    polish -= 1;
                }
            } else {
                beyond.extend(rest.into_iter().map(|item| item.cell));
            }
            if self.question == Question::Defined
                && let Some(looked) = looked.iter().find(|looked| looked.undefined.is_some())
            {
                // Nothing else can be found.
                found.undefined.clone_from(&looked.undefined);
                return found;
            }
            let mut next = Vec::new();
            for (Item { cell, .. }, looked) in level.into_iter().zip(looked).take(kept) {
                // The first one, wherever it was found.
                if let Some(point) = looked.undefined
                    && undefined
                        .as_ref()
                        .is_none_or(|(known, _)| order(&cell, known).is_lt())
                {
                    undefined = Some((cell.clone(), point));
                }
                if looked.answer != Answer::Undecided {
                    self.settle(&mut found, cell, looked.answer);
                    continue;
                }
                match split(&cell) {
                    Some(halves) => next.extend(halves.map(|cell| Item {
                        cell,
                        base: looked.base,
                    })),
                    None => narrow.push(cell),
                }
            }
            level = next;
        }
        found.evidence.sort_by(|a, b| order(&a.0, &b.0));
        if self.question != Question::Where {
            found.evidence.truncate(MAX_EVIDENCE);
        }
        let before = level.is_empty() && beyond.is_empty() && narrow.is_empty();
        let all_hold = |fails: &Cell| match &undefined {
            Some((cell, _)) => order(cell, fails).is_ge(),
            None => true,
        };
        found.fails = fails.map(|(cell, point)| Found {
            first: single_axis && all.is_some() && before && all_hold(&cell),
            point: self.look.shorter(&mut own, &all_space, point),
        });
        found.undefined = undefined.map(|(_, point)| point);
        if !before {
            let stop = if beyond.is_empty() {
                Stop::Narrow(self.look.point_bits)
            } else {
                Stop::Boxes(self.budget.boxes)
            };
            let mut cells = beyond;
            cells.append(&mut narrow);
            cells.extend(level.into_iter().map(|item| item.cell));
            cells.sort_by(order);
            found.open = Some(Open { cells, stop });
        }
        found
    }

    fn look_at_all(&self, own: &mut Worker<'p>, level: &[Item], sampled: Sampled) -> Vec<Looked> {
        let look = |worker: &mut Worker<'p>, item: &Item| self.look.look_at(worker, item, sampled);
        on_all_cores(level, own, || self.look.worker(), look)
    }

    /// Notes a decided cell.
    fn settle(&self, found: &mut Searched, cell: Cell, answer: Answer) {
        if self.question == Question::Where || found.evidence.len() < 16 * MAX_EVIDENCE {
            found.evidence.push((cell, answer));
        }
    }
}

/// How many boxes are looked at where nobody says: as many as that, fewer
/// where the formula is long or its numbers are.
pub fn affordable(formula: &Formula, precision: u32) -> u64 {
    let nodes = formula.nodes().len() as u64;
    let cost = nodes.saturating_mul(4 * u64::from(precision) + 500);
    (COST / cost.max(1)).clamp(16, DEFAULT_BOXES)
}

/// How many points a cell has, where they can be counted.
pub fn count(cell: &Cell) -> Option<Integer> {
    let counts = cell.iter().map(Numbers::count);
    counts.product()
}

/// Splits the axis of which the most is left.
pub fn split(cell: &Cell) -> Option<[Cell; 2]> {
    let left = |numbers: &Numbers| match numbers {
        Numbers::Reals { splits, .. } => 64_i64 - i64::from(*splits),
        other => other.count().map_or(0, |n| i64::from(n.significant_bits())),
    };
    let splittable = cell.iter().enumerate().filter_map(|(index, numbers)| {
        numbers.split().map(|halves| (left(numbers), index, halves))
    });
    // Of equals the first one.
    let (_, index, halves) = splittable.min_by_key(|(left, index, _)| (-left, *index))?;
    Some(halves.map(|half| {
        let mut cell = cell.clone();
        cell[index] = half;
        cell
    }))
}
