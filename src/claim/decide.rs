//! The verdict on a claim.

use super::identity::{Identity, identity};
use super::look::{Question, sample_points};
use super::machines::Machines;
use super::predicate::{Predicate, Slot};
use super::search::{Budget, Open, Search, Searched, Stop, count};
use super::space::{Cell, Numbers, Value};
use crate::arithmetic::Arithmetic;
use crate::arithmetic::real::{Real, RealInput, RealValue};
use crate::enclosure::Enclosure;
use crate::evaluate::Machine;
use crate::format::Format;
use crate::formula::{Cause, Context, Formula, NodeId, Op};
use crate::language::ClaimVerdict;
use crate::truth::{Answer, Truth, Unanswered};
use rug::{Float, Integer};

/// The bits that are spent on a point before anything else is tried.
const FIRST_BITS: u32 = 1024;

/// So many boxes are looked at, and points tried, for an equality over real numbers.
const EQUALITY_BOXES: u64 = 1024;

/// How many points are looked at for the worst one.
const WORST: usize = 1000;

/// The bits of the values that are shown.
const SHOWN_BITS: u32 = 160;

/// How a claim was decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Method {
    /// At a point, with enclosures of so many bits.
    Point {
        /// The working precision.
        bits: u32,
    },
    /// At a point, all values being rational.
    Exact,
    /// As an identity.
    Identity,
    /// By dividing the space into boxes.
    Boxes {
        /// How many were looked at.
        boxes: u64,
        /// How many points the space has, where these can be counted; ±0 are one.
        points: Option<Integer>,
        /// Whether all axes are numbers of formats.
        floats: bool,
    },
}

impl Method {
    /// By so many boxes of a space; one without axes is a point.
    pub fn over(space: &[Cell], boxes: u64) -> Method {
        let float =
            |numbers: &Numbers| matches!(numbers, Numbers::Floats { .. } | Numbers::Single(_));
        if space.iter().all(Vec::is_empty) {
            return Method::Point { bits: SHOWN_BITS };
        }
        Method::Boxes {
            boxes,
            points: space.iter().map(count).sum(),
            floats: space.iter().flatten().all(float),
        }
    }
}

/// A side of a comparison at a point.
#[derive(Clone, Debug)]
pub struct Side {
    /// Its text.
    pub label: String,
    /// What is known of it.
    pub value: RealValue,
    /// The format that it is a number of, if it is one.
    pub format: Option<Format>,
}

/// An atom of the predicate at a point.
#[derive(Clone, Debug)]
pub struct AtomAt {
    /// Its text.
    pub label: String,
    /// Whether it holds.
    pub truth: Option<bool>,
    /// The sides, where it compares numbers.
    pub sides: Option<[Side; 2]>,
    /// What happened, where it asks for a cause.
    pub cause: Option<Cause>,
}

/// What is known of a claim.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: ClaimVerdict,
    /// How it was reached, or tried.
    pub method: Method,
    /// Where it fails, is undefined, or where the sides come nearest to failing.
    pub point: Option<Vec<Value>>,
    /// Whether it holds at all points before that one.
    pub first: bool,
    /// The atoms there; where there are no axes, at the only point.
    pub atoms: Vec<AtomAt>,
    /// Why it is undefined or undecided, in words.
    pub reason: Option<String>,
    /// What was left, where the budget did not suffice.
    pub open: Option<Open>,
    /// The cells that decide it, in order; the first hundred.
    pub evidence: Vec<(Cell, Answer)>,
}

/// Decides whether a predicate holds at every point of the cells, which are in
/// order; one without axes has a single cell.
pub fn decide(predicate: &Predicate, space: &[Cell], budget: Budget) -> Outcome {
    match space {
        [cell] if cell.is_empty() => at_the_point(predicate, budget),
        _ => over_space(predicate, space, budget),
    }
}

fn outcome(verdict: ClaimVerdict, method: Method) -> Outcome {
    Outcome {
        verdict,
        method,
        point: None,
        first: false,
        atoms: Vec::new(),
        reason: None,
        open: None,
        evidence: Vec::new(),
    }
}

fn at_the_point(predicate: &Predicate, budget: Budget) -> Outcome {
    let whole = &predicate.whole;
    let inputs = whole.at(&[]);
    let mut truth = Truth::over(&whole.formula, inputs.clone(), budget.bits.min(FIRST_BITS));
    let mut answer = truth.holds();
    if matches!(answer, Err(Unanswered::Undecided { .. })) {
        if matches!(identical(predicate, budget), Some(Identity::Proved)) {
            let mut proved = outcome(ClaimVerdict::Proved, Method::Identity);
            proved.atoms = atoms_at(predicate, inputs, FIRST_BITS.min(budget.bits));
            return proved;
        }
        if budget.bits > FIRST_BITS {
            truth = Truth::over(&whole.formula, inputs.clone(), budget.bits);
            answer = truth.holds();
        }
    }
    let bits = truth.precision();
    let verdict = match answer {
        Ok(true) => ClaimVerdict::Proved,
        Ok(false) => ClaimVerdict::Refuted,
        Err(Unanswered::Undefined { .. }) => ClaimVerdict::Undefined,
        Err(Unanswered::Undecided { .. }) => ClaimVerdict::Undecided,
    };
    let atoms = atoms_at(predicate, inputs, bits);
    let method = if is_rational(predicate, &atoms) {
        Method::Exact
    } else {
        Method::Point { bits }
    };
    Outcome {
        atoms,
        reason: answer.err().map(reason),
        ..outcome(verdict, method)
    }
}

/// Whether nothing is rounded anywhere, and all sides are rational.
fn is_rational(predicate: &Predicate, atoms: &[AtomAt]) -> bool {
    let exact = |side: &Side| side.value.exact().is_some();
    let rational = |atom: &AtomAt| {
        atom.sides
            .as_ref()
            .is_some_and(|sides| sides.iter().all(exact))
    };
    is_exact(&predicate.whole.formula) && atoms.iter().all(rational)
}

/// Whether no operation of a formula rounds.
fn is_exact(formula: &Formula) -> bool {
    formula.all_contexts(|context| context == Context::Real)
        && !formula.nodes().iter().any(|node| {
            matches!(
                node.op,
                Op::Round(_) | Op::Error(..) | Op::Ulp(_) | Op::Cause(..)
            )
        })
}

/// A reason without the word that the verdict says already.
fn reason(why: Unanswered) -> String {
    match why {
        Unanswered::Undefined { operation, domain } => format!("`{operation}` ({domain})"),
        Unanswered::Undecided { stop } => stop.to_string(),
    }
}

/// What is known of the comparison as an identity of exact formulas, where it is
/// one that equality of both sides proves.
fn identical(predicate: &Predicate, budget: Budget) -> Option<Identity> {
    let (op, sides) = predicate.comparison()?;
    let formula = &predicate.whole.formula;
    if !matches!(op, Op::Eq | Op::Le | Op::Ge) || !is_exact(formula) {
        return None;
    }
    let given = |slot: &Slot| matches!(slot, Slot::Given(RealInput::Between(..)));
    if predicate.whole.slots.iter().any(given) {
        return None;
    }
    let [left, right] = sides.map(|side| part(formula, side));
    Some(identity(&left?, &right?, budget.bits.min(4096)))
}

/// The formula of one node alone.
fn part(formula: &Formula, root: NodeId) -> Option<Formula> {
    let mut builder = crate::formula::Builder::merging();
    let root = formula.with_root(root).append_to(&mut builder).ok()?;
    Some(builder.finish(root, formula.sources().clone()))
}

fn over_space(predicate: &Predicate, space: &[Cell], budget: Budget) -> Outcome {
    let identity = identical(predicate, budget);
    match &identity {
        Some(Identity::Proved) => return outcome(ClaimVerdict::Proved, Method::Identity),
        Some(Identity::ProvedWhereDefined { conditions }) => {
            return where_defined(predicate, space, budget, conditions);
        }
        _ => {}
    }
    let mut budget = budget;
    let equality = predicate.comparison().is_some_and(|(op, _)| op == Op::Eq);
    if equality && space.iter().flatten().any(Numbers::is_real) {
        // Boxes refute an equality of real functions, they hardly ever prove one.
        budget.boxes = budget.boxes.min(EQUALITY_BOXES);
        budget.points = budget.points.min(EQUALITY_BOXES);
    }
    let search = Search::new(predicate, Question::Holds, space, budget);
    let searched = search.run(space.to_vec());
    let mut outcome = of_search(predicate, space, budget, searched);
    if outcome.verdict == ClaimVerdict::Undecided
        && let Some(Identity::Undecided { points, digits, .. }) = identity
        && points > 0
    {
        let more = format!("at {points} simple points both sides agree to {digits} digits");
        outcome.reason = Some(match outcome.reason.take() {
            Some(reason) => format!("{reason}; {more}"),
            None => more,
        });
    }
    outcome
}

/// The verdict on sides that are equal wherever both are defined.
fn where_defined(
    predicate: &Predicate,
    space: &[Cell],
    budget: Budget,
    conditions: &[String],
) -> Outcome {
    let search = Search::new(predicate, Question::Defined, space, budget);
    let searched = search.run(space.to_vec());
    let equal = format!(
        "the sides are equal wherever both are defined: {}",
        conditions.join(", ")
    );
    let mut outcome = of_search(predicate, space, budget, searched);
    outcome.reason = match (outcome.verdict, outcome.reason.take()) {
        (ClaimVerdict::Proved, _) => None,
        (_, Some(reason)) => Some(format!("{reason}; {equal}")),
        (_, None) => Some(equal),
    };
    if outcome.verdict == ClaimVerdict::Proved {
        outcome.method = Method::Identity;
    }
    outcome
}

/// What a search says.
fn of_search(predicate: &Predicate, space: &[Cell], budget: Budget, searched: Searched) -> Outcome {
    let method = Method::over(space, searched.boxes);
    let whole = &predicate.whole;
    let mut result = outcome(ClaimVerdict::Proved, method);
    result.evidence = searched.evidence;
    if let Some(found) = searched.fails {
        result.verdict = ClaimVerdict::Refuted;
        result.first = found.first;
        result.atoms = atoms_at(predicate, whole.at(&found.point), SHOWN_BITS);
        result.point = Some(found.point);
    } else if let Some(point) = searched.undefined {
        result.verdict = ClaimVerdict::Undefined;
        let mut truth = Truth::over(
            &whole.formula,
            whole.at(&point),
            budget.bits.min(FIRST_BITS),
        );
        result.reason = truth.holds().err().map(reason);
        result.atoms = atoms_at(predicate, whole.at(&point), SHOWN_BITS);
        result.point = Some(point);
    } else if let Some(open) = searched.open {
        result.verdict = ClaimVerdict::Undecided;
        result.reason = Some(match open.stop {
            Stop::Boxes(boxes) => format!("the limit of {boxes} boxes was reached"),
            Stop::Narrow(bits) => {
                format!("what is left cannot be split, and {bits} bits do not decide it")
            }
        });
        if let Some(worst) = worst(predicate, &open.cells, budget) {
            let mut truth = Truth::over(&whole.formula, whole.at(&worst), budget.bits);
            let fails = truth.holds() == Ok(false);
            result.atoms = atoms_at(predicate, whole.at(&worst), SHOWN_BITS);
            result.point = Some(worst);
            if fails {
                // It is what the search did not come across.
                result.verdict = ClaimVerdict::Refuted;
                result.reason = None;
                return result;
            }
        }
        result.open = Some(open);
    }
    result
}

/// The point in open cells at which the sides come nearest to failing.
fn worst(predicate: &Predicate, cells: &[Cell], budget: Budget) -> Option<Vec<Value>> {
    let (op, sides) = predicate.comparison()?;
    let whole = &predicate.whole;
    let mut machines = Machines::default();
    let mut worst: Option<(Float, Vec<Value>)> = None;
    let most = usize::try_from(budget.points).unwrap_or(WORST).min(WORST);
    for cell in cells.iter().take(most) {
        for point in sample_points(cell, false) {
            let machine = machines.machine(whole, whole.at(&point), SHOWN_BITS);
            machine.run();
            let [a, b] = sides.map(|side| machine.value(side).enclosure());
            if !a.is_surely() || !b.is_surely() || !a.is_bounded() || !b.is_bounded() {
                continue;
            }
            let mut difference = Enclosure::new(64);
            difference.assign_sub(a, b);
            let excess = match op {
                Op::Lt | Op::Le => difference.hi().clone(),
                Op::Gt | Op::Ge => Float::with_val(64, -difference.lo()),
                _ => Float::with_val(64, difference.lo().abs_ref())
                    .max(&Float::with_val(64, difference.hi().abs_ref())),
            };
            if worst.as_ref().is_none_or(|(known, _)| excess > *known) {
                worst = Some((excess, point));
            }
        }
    }
    worst.map(|(_, point)| point)
}

/// The atoms at a point, with what is known of their sides at `bits` bits.
fn atoms_at(predicate: &Predicate, inputs: Vec<RealInput>, bits: u32) -> Vec<AtomAt> {
    let whole = &predicate.whole;
    let formula = &whole.formula;
    let bits = bits.max(SHOWN_BITS);
    let mut machines = Machines::default();
    let machine = machines.machine(whole, inputs, bits);
    machine.run();
    let side = |id: NodeId| Side {
        label: formula.label(id),
        value: machine.value(id).clone(),
        format: format_of(formula, id),
    };
    let atom = |atom: &super::predicate::Atom| AtomAt {
        label: formula.label(atom.id),
        truth: machine.value(atom.id).truth(),
        sides: predicate.sides(atom).map(|(_, sides)| sides.map(side)),
        cause: None,
    };
    let mut atoms: Vec<AtomAt> = predicate.atoms.iter().map(atom).collect();
    for (atom, at) in predicate.atoms.iter().zip(&mut atoms) {
        at.cause = cause_at(machine, atom.id);
    }
    atoms
}

/// What happened where a node asks whether a certain thing did.
fn cause_at(machine: &mut Machine<'_, Real>, id: NodeId) -> Option<Cause> {
    let formula = machine.formula();
    let mut node = formula.node(id).clone();
    let Op::Cause(_, format, op) = &formula.node(id).op else {
        return None;
    };
    let mut answer = machine.arithmetic().register(&node);
    let operands = formula.operands(id).iter();
    let operands: Vec<RealValue> = operands.map(|&o| machine.value(o).clone()).collect();
    let operands: Vec<&RealValue> = operands.iter().collect();
    Cause::ALL.into_iter().find(|&cause| {
        node.op = Op::Cause(cause, *format, op.clone());
        machine
            .arithmetic_mut()
            .apply(&node, &operands, &mut answer);
        answer.truth() == Some(true)
    })
}

/// The format whose numbers a node's values are.
pub fn format_of(formula: &Formula, id: NodeId) -> Option<Format> {
    let node = formula.node(id);
    match (&node.op, node.context) {
        (_, Context::Fixed(format)) => Some(format),
        (Op::Round(format), _) => Some(*format),
        (Op::Convert, _) => match formula.node(formula.operands(id)[0]).context {
            Context::Fixed(format) => Some(format),
            _ => None,
        },
        _ => None,
    }
}
