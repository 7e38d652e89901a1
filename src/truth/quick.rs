//! The first tier for many points: enclosures in registers.

use super::{MARGIN, Verdict, accuracy_bits};
use crate::arithmetic::enclosed::Enclosed;
use crate::arithmetic::real::{RealInput, RealValue};
use crate::enclosure::Defined;
use crate::evaluate::Machine;
use crate::formula::Formula;

/// Precisions above this one are left to the machine that knows more.
const MOST: u32 = 2048;

/// After so many points that needed less, the precision falls.
const CALM: u32 = 32;

/// A machine of enclosures whose precision follows what recent points needed.
#[derive(Debug)]
pub struct Quick<'f> {
    machine: Machine<'f, Enclosed>,
    value: RealValue,
    /// Whether the machine has the point, and its value.
    fresh: bool,
    /// How many points in a row needed much less precision, and how much the
    /// most demanding of them.
    calm: u32,
    needed: u32,
}

impl<'f> Quick<'f> {
    /// The machine, if it can have the formula's nodes.
    pub fn new(formula: &'f Formula) -> Option<Self> {
        let enclosed = Enclosed::new(formula, MARGIN)?;
        Some(Quick {
            machine: Machine::new(formula, enclosed),
            value: RealValue::enclosed(MARGIN),
            fresh: false,
            calm: 0,
            needed: 0,
        })
    }

    /// Forgets the point.
    pub fn leave(&mut self) {
        self.fresh = false;
    }

    /// What is known of the value at the point that was decided last.
    pub fn value(&self) -> Option<&RealValue> {
        self.fresh.then_some(&self.value)
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
        let first = target.saturating_add(MARGIN);
        if self.precision() < first {
            if first > limit {
                return None;
            }
            self.set_precision(first);
        }
        for _ in 0..3 {
            if !self.fresh {
                self.run(inputs)?;
            }
            let known = self.value.enclosure().defined() == Defined::Surely;
            let accuracy = accuracy_bits(self.value.enclosure());
            let lost = self.precision().saturating_sub(accuracy);
            let needed = target.saturating_add(lost).saturating_add(MARGIN);
            if known && let Verdict::Decided(answer) = question(&self.value) {
                self.settle(needed);
                return Some(answer);
            }
            let next = needed.max(self.precision() + MARGIN);
            if next > limit {
                break;
            }
            self.set_precision(next);
        }
        self.fresh = false;
        None
    }

    fn precision(&self) -> u32 {
        self.machine.arithmetic().precision()
    }

    fn set_precision(&mut self, precision: u32) {
        self.machine.arithmetic_mut().set_precision(precision);
        self.machine.remake();
        self.value = RealValue::enclosed(precision);
        self.fresh = false;
        (self.calm, self.needed) = (0, 0);
    }

    /// Evaluates the formula; `None` where an input is no real number.
    fn run(&mut self, inputs: &[RealInput]) -> Option<()> {
        if !self.machine.arithmetic_mut().set_inputs(inputs) {
            return None;
        }
        let enclosure = self.machine.run();
        self.value.take_enclosure(enclosure);
        self.fresh = true;
        Some(())
    }

    /// Lets the precision fall where points have long needed much less.
    fn settle(&mut self, needed: u32) {
        if needed.saturating_add(64) > self.precision() {
            self.calm = 0;
            self.needed = 0;
            return;
        }
        self.calm += 1;
        self.needed = self.needed.max(needed);
        if self.calm >= CALM {
            let value = self.value.clone();
            self.set_precision(self.needed);
            // The point is still the one that was decided.
            self.value = value;
            self.fresh = true;
        }
    }
}
