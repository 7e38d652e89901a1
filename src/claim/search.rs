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

use super::machines::Machines;
use super::predicate::Predicate;
use super::space::{Cell, Numbers, Value, order, rounded_decimal};
use crate::enclosure::Defined;
use crate::evaluate::precision_that_fits;
use crate::formula::{Formula, Op};
use crate::truth::{Answer, Truth, precision_that_ends};
use rayon::prelude::*;
use rug::{Integer, Rational};

/// The most boxes that are looked at, unless it is told otherwise: enough to take
/// every number of a format of 16 bits by itself.
pub const DEFAULT_BOXES: u64 = 1 << 18;

/// What the boxes may cost together then: operations times bits, more or less.
const COST: u64 = 1 << 31;

/// So few cells are not worth waking other threads for.
const FEW: usize = 32;

/// Points are tried in generations of so many cells at most.
const SAMPLED: usize = 1024;

/// A single point is decided with so many bits at most beyond twice those of the
/// formats of the axes.
const POINT_MARGIN: u32 = 4096;

/// So few points may take all that is allowed.
const FEW_POINTS: u32 = 256;

/// A point that is tried in a cell, with so many.
const SAMPLE_MARGIN: u32 = 512;

/// So few floats are all looked at for the first counterexample, whatever it
/// costs.
const EXHAUSTIVE: u32 = 1 << 17;

/// How many generations a counterexample among real numbers is moved towards the
/// border for.
const POLISH: u32 = 12;

/// The bits of the working precision for the widest cells, and the most that the
/// points of cells are found to need.
const BASE: u32 = 64;
const MOST_BASE: u32 = 1024;

/// How many more bits a cell gets for each bit that the ends of its axes share,
/// at the first try and at the second: where a function is flat, the numbers of a
/// cell differ far behind the last bit that they share.
const COARSE: u32 = 2;
const FINE: u32 = 6;

/// A counterexample among real numbers is given with fewer digits if it has more
/// than so many.
const MOST_DIGITS: u32 = 40;

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

/// What is asked of each cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Question {
    /// Whether the predicate holds at every point: a counterexample ends it.
    Holds,
    /// Where it holds and where it does not.
    Where,
    /// Whether both sides of the only comparison exist.
    Defined,
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

/// A predicate and what is asked of it.
pub struct Search<'p> {
    predicate: &'p Predicate,
    question: Question,
    budget: Budget,
    /// The bits that a single point may take, and one that is tried in a cell.
    point_bits: u32,
    sample_bits: u32,
    /// The most bits that the points of cells may be found to need. An equality of
    /// real functions that holds needs more than there are.
    most_base: u32,
    /// The bits beyond which the machines take too much memory or time.
    most_bits: u32,
}

/// Which points of a cell are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sampled {
    Not,
    /// The one in the middle: the others are those of the cells before.
    Middle,
    /// The ends too.
    WithEnds,
}

/// A cell that waits.
struct Item {
    cell: Cell,
    /// The bits that its points are likely to need, whatever its width.
    base: u32,
}

impl Item {
    /// What it costs, in cells of the least precision.
    fn cost(&self) -> u64 {
        u64::from(self.base / BASE)
    }
}

/// What one thread works with.
struct Worker<'p> {
    machines: Machines<'p>,
    /// For single points, and for those that are tried in cells.
    single: Option<Truth<'p>>,
    sample: Option<Truth<'p>>,
}

/// What was found in a cell.
struct Looked {
    answer: Answer,
    /// A point of it where the predicate fails.
    fails: Option<Vec<Value>>,
    /// A point of it where it is undefined.
    undefined: Option<Vec<Value>>,
    points: u64,
    /// The bits that its halves are to be tried with.
    base: u32,
}

impl<'p> Search<'p> {
    /// A search of cells like those of `space`.
    pub fn new(
        predicate: &'p Predicate,
        question: Question,
        space: &[Cell],
        budget: Budget,
    ) -> Self {
        let formula = &predicate.whole.formula;
        let precisions = space.iter().flatten().map(Numbers::precision);
        let precision = precisions.max().unwrap_or(53);
        let most_bits = precision_that_fits(formula, 2).min(precision_that_ends(formula));
        let all: Option<Integer> = space.iter().map(count).sum();
        let real = |numbers: &Numbers| matches!(numbers, Numbers::Reals { .. });
        let equality = predicate.comparison().is_some_and(|(op, _)| op == Op::Eq)
            && space.iter().flatten().any(real);
        Search {
            predicate,
            question,
            budget,
            most_base: if equality { BASE } else { MOST_BASE },
            point_bits: if all.is_some_and(|all| all <= FEW_POINTS) {
                budget.bits
            } else {
                budget
                    .bits
                    .min(precision.saturating_mul(2).saturating_add(POINT_MARGIN))
            },
            sample_bits: budget
                .bits
                .min(precision.saturating_mul(2).saturating_add(SAMPLE_MARGIN)),
            most_bits: most_bits.max(64),
        }
    }

    fn worker(&self) -> Worker<'p> {
        Worker {
            machines: Machines::default(),
            single: None,
            sample: None,
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
        let mut own = self.worker();
        let all_space = space.clone();
        let item = |cell| Item { cell, base: BASE };
        let mut level: Vec<Item> = space.into_iter().map(item).collect();
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
            point: self.shorter(&mut own, &all_space, point),
        });
        found.undefined = undefined.map(|(_, point)| point);
        if !before {
            let stop = if beyond.is_empty() {
                Stop::Narrow(self.point_bits)
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
        if level.len() <= FEW {
            return level
                .iter()
                .map(|item| self.look_at(own, item, sampled))
                .collect();
        }
        let each = |worker: &mut Worker<'p>, item: &Item| self.look_at(worker, item, sampled);
        level
            .par_iter()
            .with_min_len(FEW / 2)
            .map_init(|| self.worker(), each)
            .collect()
    }

    fn look_at(&self, worker: &mut Worker<'p>, item: &Item, sampled: Sampled) -> Looked {
        let cell = &item.cell;
        let single = cell.iter().all(Numbers::is_single);
        let mut looked = Looked {
            answer: Answer::Undecided,
            fails: None,
            undefined: None,
            points: 0,
            base: item.base,
        };
        if single {
            if let Some(point) = first_point(cell) {
                looked.take(self.at_point(worker, &point), point);
            }
            return looked;
        }
        looked.answer = self.over(worker, item);
        if looked.answer == Answer::Undecided && !self.is_enough(worker, item) {
            looked.base = item.base.saturating_mul(2).min(self.most_base);
        }
        if self.question == Question::Where {
            return looked;
        }
        match looked.answer {
            Answer::Fails | Answer::Undefined => {
                let decided = std::mem::replace(&mut looked.answer, Answer::Undecided);
                if let Some(point) = first_point(cell) {
                    let answer = self.at_point(worker, &point);
                    if answer == decided {
                        looked.take(answer, point);
                    }
                }
            }
            Answer::Undecided if sampled != Sampled::Not => {
                let with_ends = sampled == Sampled::WithEnds;
                for point in sample_points(cell, with_ends) {
                    let answer = self.at_sample(worker, &point);
                    looked.points += match answer {
                        Answer::Undecided => u64::from(self.sample_bits / BASE).max(1),
                        _ => 1,
                    };
                    if answer == Answer::Fails {
                        looked.fails = Some(point);
                        break;
                    }
                    if answer == Answer::Undefined && looked.undefined.is_none() {
                        looked.undefined = Some(point);
                    }
                }
            }
            _ => {}
        }
        looked
    }

    /// Notes a decided cell.
    fn settle(&self, found: &mut Searched, cell: Cell, answer: Answer) {
        if self.question == Question::Where || found.evidence.len() < 16 * MAX_EVIDENCE {
            found.evidence.push((cell, answer));
        }
    }

    /// The same counterexample, or one next to it on the only real axis that has
    /// fewer digits.
    fn shorter(&self, worker: &mut Worker<'p>, space: &[Cell], point: Vec<Value>) -> Vec<Value> {
        let inside = |x: &Rational| {
            space.iter().any(|cell| match cell.as_slice() {
                [numbers @ Numbers::Reals { .. }] => numbers.contains(x),
                _ => false,
            })
        };
        let [Value::Exact(value)] = point.as_slice() else {
            return point;
        };
        for digits in 1..MOST_DIGITS {
            let Some(near) = rounded_decimal(value, digits) else {
                break;
            };
            let candidate = [Value::Exact(near.clone())];
            if inside(&near) && self.at_point(worker, &candidate) == Answer::Fails {
                return candidate.into();
            }
        }
        point
    }

    /// What is known of all points of a cell.
    fn over(&self, worker: &mut Worker<'p>, item: &Item) -> Answer {
        let coarse = self.precision(item, COARSE);
        let fine = self.precision(item, FINE);
        let answer = self.enclosed(worker, &item.cell, coarse);
        let answer = match answer {
            None if fine > coarse => self.enclosed(worker, &item.cell, fine),
            answer => answer,
        };
        answer.unwrap_or(Answer::Undecided)
    }

    /// The working precision for a cell: the narrower it is, the more bits the
    /// values at its ends share.
    fn precision(&self, item: &Item, factor: u32) -> u32 {
        let narrow = item.cell.iter().map(Numbers::narrowness).max();
        let wanted = narrow.unwrap_or(0).saturating_mul(factor);
        let wanted = wanted.saturating_add(item.base);
        let precision = wanted.checked_next_power_of_two().unwrap_or(u32::MAX);
        precision.min(self.most_bits)
    }

    /// Whether the precision of a cell decides the point in its middle: if not, it
    /// is not the cell's width that is in the way.
    fn is_enough(&self, worker: &mut Worker<'p>, item: &Item) -> bool {
        let center: Option<Vec<Value>> = item.cell.iter().map(Numbers::center).collect();
        let Some(center) = center.filter(|_| item.base < self.most_base) else {
            return true;
        };
        let whole = &self.predicate.whole;
        let precision = self.precision(item, COARSE);
        let value = worker.machines.run(whole, whole.at(&center), precision);
        value.truth().is_some() || value.enclosure().is_never()
    }

    /// The same at one precision.
    fn enclosed(&self, worker: &mut Worker<'p>, cell: &Cell, precision: u32) -> Option<Answer> {
        let predicate = self.predicate;
        let inputs = predicate.whole.over(cell, precision);
        let machine = worker.machines.machine(&predicate.whole, inputs, precision);
        let value = machine.run();
        if self.question == Question::Defined {
            let (_, sides) = predicate.comparison()?;
            let states = sides.map(|side| machine.value(side).enclosure().defined());
            return if states.contains(&Defined::Never) {
                Some(Answer::Undefined)
            } else {
                (states == [Defined::Surely; 2]).then_some(Answer::Holds)
            };
        }
        match value.truth() {
            Some(true) => return Some(Answer::Holds),
            Some(false) => return Some(Answer::Fails),
            None if value.enclosure().is_never() => return Some(Answer::Undefined),
            None => {}
        }
        let states: Vec<(Option<bool>, bool)> = predicate
            .atoms
            .iter()
            .map(|atom| {
                let value = machine.value(atom.id);
                (value.truth(), value.enclosure().is_surely())
            })
            .collect();
        if !states
            .iter()
            .all(|(truth, surely)| truth.is_some() || *surely)
        {
            return None;
        }
        let mut truths: Vec<Option<bool>> = states.iter().map(|(truth, _)| *truth).collect();
        let mut better = false;
        for (atom, truth) in predicate.atoms.iter().zip(&mut truths) {
            if truth.is_none()
                && let Some((op, _)) = predicate.sides(atom)
                && let Some(smooth) = predicate.smooth(atom)
                && let Some(signs) = smooth.signs(&mut worker.machines, cell, precision)
            {
                *truth = signs.truth(&op);
                better |= truth.is_some();
            }
        }
        let truth = better
            .then(|| predicate.truth(|atom| truths[atom]))
            .flatten()?;
        Some(if truth { Answer::Holds } else { Answer::Fails })
    }

    /// What is known at a point.
    fn at_point(&self, worker: &mut Worker<'p>, point: &[Value]) -> Answer {
        self.asked(&mut worker.single, self.point_bits, point)
    }

    /// The same for one of many points, with fewer bits.
    fn at_sample(&self, worker: &mut Worker<'p>, point: &[Value]) -> Answer {
        self.asked(&mut worker.sample, self.sample_bits, point)
    }

    fn asked(&self, known: &mut Option<Truth<'p>>, bits: u32, point: &[Value]) -> Answer {
        let whole = &self.predicate.whole;
        let inputs = whole.at(point);
        // Sides that are equal need not be told apart.
        let bits = match self.question {
            Question::Defined => bits.min(2 * SAMPLE_MARGIN),
            _ => bits,
        };
        let fresh = known.is_none();
        let truth = known.get_or_insert_with(|| Truth::over(&whole.formula, inputs.clone(), bits));
        if !fresh {
            truth.set_inputs(inputs);
        }
        let answer = Answer::from(truth.holds());
        // What one point needed, the next one need not pay for.
        if truth.precision() > 512 {
            *known = None;
        }
        match (self.question, answer) {
            // Where it has a truth value, its sides exist.
            (Question::Defined, Answer::Fails) => Answer::Holds,
            _ => answer,
        }
    }
}

impl Looked {
    /// Takes what is known at a point of it.
    fn take(&mut self, answer: Answer, point: Vec<Value>) {
        self.answer = answer;
        match answer {
            Answer::Fails => self.fails = Some(point),
            Answer::Undefined => self.undefined = Some(point),
            _ => {}
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

/// The first point of a cell, or some point of it where the first does not belong
/// to it.
fn first_point(cell: &Cell) -> Option<Vec<Value>> {
    let first = |numbers: &Numbers| numbers.least().or_else(|| numbers.center());
    cell.iter().map(first).collect()
}

/// Points of a cell, in order: one in the middle of all axes, and with the ends
/// those where all are at their least and at their greatest.
pub fn sample_points(cell: &Cell, with_ends: bool) -> Vec<Vec<Value>> {
    let point =
        |of: fn(&Numbers) -> Option<Value>| -> Option<Vec<Value>> { cell.iter().map(of).collect() };
    let ends = |of| with_ends.then(|| point(of)).flatten();
    let all = [
        ends(Numbers::least),
        point(Numbers::center),
        ends(Numbers::greatest),
    ];
    all.into_iter().flatten().collect()
}
