//! The first tier for many points: enclosures in registers.

use super::{MARGIN, Verdict, accuracy_bits};
use crate::arithmetic::enclosed::Enclosed;
use crate::arithmetic::real::{RealInput, RealValue};
use crate::enclosure::Defined;
use crate::evaluate::Machine;
use crate::format::{exponent, exponent_of_rational};
use crate::formula::Formula;

/// Precisions above this one are left to the machine that knows more.
const MOST: u32 = 2048;

/// Longer formulas are left to it too: registers are kept for every precision.
const MOST_NODES: usize = 4096;

/// The step between precisions: the bits of a limb. MPFR's functions work with
/// some bits more than they give, which still fit the limbs: 85 bits, which
/// rounding to binary64 asks for, take two.
const STEP: u32 = 64;
const SPARE: u32 = 43;

/// How often a point is evaluated, with more bits each time.
const TRIES: u32 = 3;

/// Machines of enclosures, one for each precision that was needed so far. Which
/// one comes first, points of like size have told.
#[derive(Debug)]
pub struct Quick<'f> {
    formula: &'f Formula,
    machines: Vec<Option<Machine<'f, Enclosed>>>,
    /// The value at the point, and the index of the machine that gave it.
    value: RealValue,
    fresh: Option<usize>,
    /// The precision that was needed last, by the size of the first input.
    needs: [u32; SIZES],
}

/// How many sizes are told apart.
const SIZES: usize = 128;

impl<'f> Quick<'f> {
    /// The machines, if they can have the formula's nodes.
    pub fn new(formula: &'f Formula) -> Option<Self> {
        let short = formula.nodes().len() <= MOST_NODES;
        let plain = Enclosed::new(formula, MARGIN).is_some();
        (short && plain).then(|| Quick {
            formula,
            machines: Vec::new(),
            value: RealValue::enclosed(STEP),
            fresh: None,
            needs: [0; SIZES],
        })
    }

    /// Forgets the point.
    pub fn leave(&mut self) {
        self.fresh = None;
    }

    /// What is known of the value at the point that was decided last.
    pub fn value(&self) -> Option<&RealValue> {
        self.fresh.map(|_| &self.value)
    }

    /// Decides a question about the value, if a few evaluations do; afterwards
    /// [`Quick::value`] is what decided it.
    pub fn decide<T>(
        &mut self,
        inputs: &[RealInput],
        target: u32,
        limit: u32,
        question: &mut impl FnMut(&RealValue) -> Verdict<T>,
    ) -> Option<T> {
        let limit = limit.min(MOST);
        let size = size(inputs);
        let mut wanted = self.needs[size].max(target.saturating_add(MARGIN));
        for _ in 0..TRIES {
            let index = match self.fresh {
                Some(index) => index,
                None if wanted > limit => break,
                None => self.run(wanted, inputs)?,
            };
            let precision = precision(index);
            let known = self.value.enclosure().defined() == Defined::Surely;
            let lost = precision.saturating_sub(accuracy_bits(self.value.enclosure()));
            let needed = target.saturating_add(lost).saturating_add(MARGIN);
            if known && let Verdict::Decided(answer) = question(&self.value) {
                // What decided it sufficed.
                self.needs[size] = needed.min(precision);
                return Some(answer);
            }
            wanted = needed.max(precision + SPARE);
            self.fresh = None;
        }
        None
    }

    /// Evaluates the formula with so many bits at least; `None` where an input is
    /// no real number.
    fn run(&mut self, wanted: u32, inputs: &[RealInput]) -> Option<usize> {
        let index = (wanted + SPARE).div_ceil(STEP) as usize;
        if self.machines.len() <= index {
            self.machines.resize_with(index + 1, || None);
        }
        let machine = match &mut self.machines[index] {
            Some(machine) => machine,
            none => {
                let enclosed = Enclosed::new(self.formula, precision(index))?;
                none.insert(Machine::new(self.formula, enclosed))
            }
        };
        if !machine.arithmetic_mut().set_inputs(inputs) {
            return None;
        }
        self.value.take_enclosure(machine.run());
        self.fresh = Some(index);
        Some(index)
    }
}

/// The precision of the machine with this index.
fn precision(index: usize) -> u32 {
    index as u32 * STEP - SPARE
}

/// Where a point stands among the sizes: points alike lose alike.
fn size(inputs: &[RealInput]) -> usize {
    let exponent = match inputs.first() {
        Some(RealInput::Exact(value)) => exponent_of_rational(value),
        Some(RealInput::Between(lo, _) | RealInput::Nonzero(lo, _)) => exponent(lo),
        None => None,
    };
    let half = SIZES as i32 / 2;
    (exponent.unwrap_or(0) / 4)
        .clamp(-half, half - 1)
        .wrapping_add(half) as usize
}
