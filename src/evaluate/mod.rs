//! A formula and an arithmetic make a trace: one value per node.

mod compute;

pub use compute::{Engine, compute, engine, trace};

use crate::arithmetic::Arithmetic;
use crate::formula::{Formula, NodeId};

/// The most bits that all registers of a machine together may take: half a
/// gigabyte. GMP aborts the process where it cannot allocate, so this is looked
/// at before.
pub const MAX_REGISTER_BITS: u64 = 1 << 32;

/// The greatest precision at which a formula's registers, `floats` numbers
/// each, fit [`MAX_REGISTER_BITS`].
pub fn precision_that_fits(formula: &Formula, floats: u64) -> u32 {
    let numbers = floats * formula.nodes().len() as u64;
    u32::try_from(MAX_REGISTER_BITS / numbers.max(1)).unwrap_or(u32::MAX)
}

/// An arithmetic with a register for each node of a formula.
///
/// Leaves that do not depend on the point (literals and constants) are
/// evaluated once, when the machine is made; [`Machine::run`] evaluates the rest.
#[derive(Debug)]
pub struct Machine<'f, A: Arithmetic> {
    formula: &'f Formula,
    arithmetic: A,
    registers: Vec<A::Value>,
}

impl<'f, A: Arithmetic> Machine<'f, A> {
    /// Makes the registers. The formula is an inlined one.
    pub fn new(formula: &'f Formula, arithmetic: A) -> Self {
        let registers = formula
            .nodes()
            .iter()
            .map(|node| arithmetic.register(node))
            .collect();
        let mut machine = Machine {
            formula,
            arithmetic,
            registers,
        };
        machine.refresh();
        machine
    }

    /// Makes every register anew (after the arithmetic's precision changed)
    /// and evaluates the leaves that do not depend on the point.
    pub fn remake(&mut self) {
        for (register, node) in self.registers.iter_mut().zip(self.formula.nodes()) {
            *register = self.arithmetic.register(node);
        }
        self.refresh();
    }

    fn refresh(&mut self) {
        for (register, node) in self.registers.iter_mut().zip(self.formula.nodes()) {
            if is_fixed(node) {
                self.arithmetic.apply(node, &[], register);
            }
        }
    }

    /// The formula.
    pub fn formula(&self) -> &'f Formula {
        self.formula
    }

    /// The arithmetic.
    pub fn arithmetic(&self) -> &A {
        &self.arithmetic
    }

    /// The arithmetic, to move it to another point.
    pub fn arithmetic_mut(&mut self) -> &mut A {
        &mut self.arithmetic
    }

    /// Evaluates every node at the arithmetic's point and gives the root's
    /// value.
    pub fn run(&mut self) -> &A::Value {
        for id in self.formula.ids() {
            let node = self.formula.node(id);
            if is_fixed(node) {
                continue;
            }
            // Operands stand before their users.
            let (before, rest) = self.registers.split_at_mut(id.index());
            let result = &mut rest[0];
            let ids = self.formula.operands(id);
            match *ids {
                [] => self.arithmetic.apply(node, &[], result),
                [a] => self.arithmetic.apply(node, &[&before[a.index()]], result),
                [a, b] => {
                    self.arithmetic
                        .apply(node, &[&before[a.index()], &before[b.index()]], result)
                }
                [a, b, c] => self.arithmetic.apply(
                    node,
                    &[&before[a.index()], &before[b.index()], &before[c.index()]],
                    result,
                ),
                // An operation and what it was made of.
                ref many => {
                    let operands: Vec<&A::Value> = many
                        .iter()
                        .map(|operand| &before[operand.index()])
                        .collect();
                    self.arithmetic.apply(node, &operands, result);
                }
            }
        }
        self.value(self.formula.root())
    }

    /// A node's value after the last run.
    pub fn value(&self, id: NodeId) -> &A::Value {
        &self.registers[id.index()]
    }

    /// All values after the last run, in the nodes' order.
    pub fn trace(&self) -> &[A::Value] {
        &self.registers
    }
}

/// Whether a node's value does not depend on the point.
fn is_fixed(node: &crate::formula::Node) -> bool {
    node.op.is_leaf() && !matches!(node.op, crate::formula::Op::Input(_))
}
