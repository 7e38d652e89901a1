//! What is known of a predicate in one cell: of all its points at once, and of a
//! few of them.

use super::between::rounded_decimal;
use super::machines::Machines;
use super::predicate::Predicate;
use super::search::count;
use super::space::{Cell, Numbers, Value};
use crate::enclosure::Defined;
use crate::formula::Op;
use crate::truth::{Answer, Truth, greatest_precision};
use rug::{Integer, Rational};

/// A single point is decided with so many bits at most beyond twice those of the
/// formats of the axes.
const POINT_MARGIN: u32 = 4096;

/// So few points may take all that is allowed.
const FEW_POINTS: u32 = 256;

/// A point that is tried in a cell, with so many.
const SAMPLE_MARGIN: u32 = 512;

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

/// A predicate, and what a look at a cell may cost.
pub struct Look<'p> {
    predicate: &'p Predicate,
    question: Question,
    /// The bits that a single point may take, and one that is tried in a cell.
    pub point_bits: u32,
    sample_bits: u32,
    /// The most bits that the points of cells may be found to need. An equality of
    /// real functions that holds needs more than there are.
    most_base: u32,
    /// The bits beyond which the machines take too much memory or time.
    most_bits: u32,
}

/// Which points of a cell are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sampled {
    /// None.
    Not,
    /// The one in the middle: the others are those of the cells before.
    Middle,
    /// The ends too.
    WithEnds,
}

/// A cell that waits.
pub struct Item {
    /// The cell.
    pub cell: Cell,
    /// The bits that its points are likely to need, whatever its width.
    pub base: u32,
}

impl Item {
    /// A cell of a space, before anything is known of it.
    pub fn new(cell: Cell) -> Self {
        Item { cell, base: BASE }
    }

    /// What it costs, in cells of the least precision.
    pub fn cost(&self) -> u64 {
        u64::from(self.base / BASE)
    }
}

/// What one thread works with.
pub struct Worker<'p> {
    machines: Machines<'p>,
    /// For single points, and for those that are tried in cells.
    single: Option<Truth<'p>>,
    sample: Option<Truth<'p>>,
}

/// What was found in a cell.
pub struct Looked {
    /// What is known of all of it.
    pub answer: Answer,
    /// A point of it where the predicate fails.
    pub fails: Option<Vec<Value>>,
    /// A point of it where it is undefined.
    pub undefined: Option<Vec<Value>>,
    /// How many points were tried, counted by what they cost.
    pub points: u64,
    /// The bits that its halves are to be tried with.
    pub base: u32,
}

impl<'p> Look<'p> {
    /// A look at cells like those of `space`, with so many bits at most.
    pub fn new(predicate: &'p Predicate, question: Question, space: &[Cell], bits: u32) -> Self {
        let formula = &predicate.whole.formula;
        let precisions = space.iter().flatten().map(Numbers::precision);
        let precision = precisions.max().unwrap_or(53);
        let most_bits = greatest_precision(formula);
        let all: Option<Integer> = space.iter().map(count).sum();
        let equality = predicate.comparison().is_some_and(|(op, _)| op == Op::Eq)
            && space.iter().flatten().any(Numbers::is_real);
        Look {
            predicate,
            question,
            most_base: if equality { BASE } else { MOST_BASE },
            point_bits: if all.is_some_and(|all| all <= FEW_POINTS) {
                bits
            } else {
                bits.min(precision.saturating_mul(2).saturating_add(POINT_MARGIN))
            },
            sample_bits: bits.min(precision.saturating_mul(2).saturating_add(SAMPLE_MARGIN)),
            most_bits: most_bits.max(64),
        }
    }

    /// What a thread needs to look at cells.
    pub fn worker(&self) -> Worker<'p> {
        Worker {
            machines: Machines::default(),
            single: None,
            sample: None,
        }
    }

    /// Looks at a cell as a whole, and at a few of its points.
    pub fn look_at(&self, worker: &mut Worker<'p>, item: &Item, sampled: Sampled) -> Looked {
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
            // Sides that are equal are not told apart at a point, but they exist.
            if self.question == Question::Defined && self.over(worker, item) == Answer::Holds {
                looked.answer = Answer::Holds;
                return looked;
            }
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

    /// The same counterexample, or one next to it on the only real axis that has
    /// fewer digits.
    pub fn shorter(
        &self,
        worker: &mut Worker<'p>,
        space: &[Cell],
        point: Vec<Value>,
    ) -> Vec<Value> {
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
