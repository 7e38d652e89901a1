//! A claim's predicate over the variables that it quantifies, ready to be
//! decided in cells.

use super::smooth::Smooth;
use super::space::{Cell, Value};
use crate::arithmetic::real::RealInput;
use crate::formula::{Context, Formula, Kind, NodeId, Op};
use std::sync::OnceLock;

/// What gives an input its value.
#[derive(Clone, Debug)]
pub enum Slot {
    /// The axis with this index.
    Axis(usize),
    /// It has this one.
    Given(RealInput),
}

/// A formula whose inputs have slots.
#[derive(Debug)]
pub struct Bound {
    /// The formula, inlined for the reals.
    pub formula: Formula,
    /// One for each of its inputs.
    pub slots: Vec<Slot>,
}

impl Bound {
    /// Binds a formula's inputs as those of another one of the same variables.
    pub fn like(&self, formula: Formula) -> Bound {
        let slot = |name: &String| {
            let at = self.formula.inputs().iter().position(|known| known == name);
            self.slots[at.expect("an input of the formula that it is a part of")].clone()
        };
        let slots = formula.inputs().iter().map(slot).collect();
        Bound { formula, slots }
    }

    /// What the inputs are in a cell.
    pub fn over(&self, cell: &Cell, precision: u32) -> Vec<RealInput> {
        self.inputs(|axis| cell[axis].input(precision))
    }

    /// What the inputs are at a point.
    pub fn at(&self, point: &[Value]) -> Vec<RealInput> {
        self.inputs(|axis| point[axis].input())
    }

    fn inputs(&self, axis: impl Fn(usize) -> RealInput) -> Vec<RealInput> {
        let input = |slot: &Slot| match slot {
            Slot::Axis(index) => axis(*index),
            Slot::Given(value) => value.clone(),
        };
        self.slots.iter().map(input).collect()
    }

    /// The axes among the inputs, with their names.
    pub fn axes(&self) -> Vec<(usize, String)> {
        let axis = |(slot, name): (&Slot, &String)| match slot {
            Slot::Axis(index) => Some((*index, name.clone())),
            Slot::Given(_) => None,
        };
        let inputs = self.slots.iter().zip(self.formula.inputs());
        inputs.filter_map(axis).collect()
    }
}

/// A predicate that logic makes others of: a comparison, most often.
#[derive(Debug)]
pub struct Atom {
    /// Its node.
    pub id: NodeId,
    /// The difference of its sides and the derivatives of that, where it has
    /// any; made when they are asked for.
    smooth: OnceLock<Option<Smooth>>,
}

/// A predicate, and what its truth hangs on.
#[derive(Debug)]
pub struct Predicate {
    /// The predicate.
    pub whole: Bound,
    /// Its atoms, in order.
    pub atoms: Vec<Atom>,
    /// What logic makes of them, operands before users.
    logic: Vec<NodeId>,
}

impl Predicate {
    /// Looks for the atoms of a predicate.
    pub fn new(whole: Bound) -> Self {
        let formula = &whole.formula;
        let mut reached = vec![false; formula.nodes().len()];
        reached[formula.root().index()] = true;
        let (mut atoms, mut logic) = (Vec::new(), Vec::new());
        for id in formula.ids().rev().filter(|id| formula.kind(*id) == Kind::Predicate) {
            if !reached[id.index()] {
                continue;
            }
            if is_logic(formula, id) {
                logic.push(id);
                for &operand in formula.operands(id) {
                    reached[operand.index()] = true;
                }
            } else {
                atoms.push(Atom {
                    id,
                    smooth: OnceLock::new(),
                });
            }
        }
        atoms.reverse();
        logic.reverse();
        Predicate {
            whole,
            atoms,
            logic,
        }
    }

    /// What the predicate is, given what its atoms are: Kleene's logic.
    pub fn truth(&self, atom: impl Fn(usize) -> Option<bool>) -> Option<bool> {
        let formula = &self.whole.formula;
        let mut known: Vec<Option<bool>> = vec![None; formula.nodes().len()];
        for (index, known_atom) in self.atoms.iter().enumerate() {
            known[known_atom.id.index()] = atom(index);
        }
        for &id in &self.logic {
            let operand = |at: usize| known[formula.operands(id)[at].index()];
            known[id.index()] = match formula.node(id).op {
                Op::Not => operand(0).map(|truth| !truth),
                Op::And => match (operand(0), operand(1)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (a, b) => a.and(b),
                },
                Op::Or => match (operand(0), operand(1)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (a, b) => a.and(b),
                },
                Op::Eq => operand(0).zip(operand(1)).map(|(a, b)| a == b),
                _ => operand(0).zip(operand(1)).map(|(a, b)| a != b),
            };
        }
        known[formula.root().index()]
    }

    /// The sides of an atom, where it is a comparison of numbers.
    pub fn sides(&self, atom: &Atom) -> Option<(Op, [NodeId; 2])> {
        let formula = &self.whole.formula;
        let mut id = atom.id;
        while formula.node(id).op == Op::Convert {
            id = formula.operands(id)[0];
        }
        match *formula.operands(id) {
            [a, b] if formula.kind(a) == Kind::Number && formula.kind(b) == Kind::Number => {
                Some((formula.node(id).op.clone(), [a, b]))
            }
            _ => None,
        }
    }

    /// The difference of an atom's sides with its derivatives, where both are
    /// differentiable functions of the axes.
    pub fn smooth<'a>(&self, atom: &'a Atom) -> Option<&'a Smooth> {
        let make = || {
            let (_, sides) = self.sides(atom)?;
            Smooth::new(&self.whole, sides)
        };
        atom.smooth.get_or_init(make).as_ref()
    }

    /// The only atom's sides, if the predicate is one comparison.
    pub fn comparison(&self) -> Option<(Op, [NodeId; 2])> {
        match self.atoms.as_slice() {
            [atom] if atom.id == self.whole.formula.root() => self.sides(atom),
            _ => None,
        }
    }
}

/// Whether a predicate connects others, in the reals.
fn is_logic(formula: &Formula, id: NodeId) -> bool {
    let node = formula.node(id);
    let connects = match node.op {
        Op::And | Op::Or | Op::Not => true,
        Op::Eq | Op::Ne => formula.kind(formula.operands(id)[0]) == Kind::Predicate,
        _ => false,
    };
    connects && node.context == Context::Real
}
