//! The machines that one thread works with: one for each formula and precision.

use super::predicate::Bound;
use super::space::Cell;
use crate::arithmetic::real::{Real, RealInput, RealValue};
use crate::evaluate::Machine;
use rayon::prelude::*;

/// So few cells are not worth waking other threads for.
const FEW: usize = 32;

/// Machines for formulas of one claim.
#[derive(Debug, Default)]
pub struct Machines<'p> {
    list: Vec<(*const Bound, u32, Machine<'p, Real>)>,
}

impl<'p> Machines<'p> {
    /// What a formula may be in a cell.
    pub fn over(&mut self, bound: &'p Bound, cell: &Cell, precision: u32) -> &RealValue {
        self.run(bound, bound.over(cell, precision), precision)
    }

    /// What a formula may be for such inputs.
    pub fn run(&mut self, bound: &'p Bound, inputs: Vec<RealInput>, precision: u32) -> &RealValue {
        let machine = self.machine(bound, inputs, precision);
        machine.run()
    }

    /// The machine of a formula, moved to inputs.
    pub fn machine(
        &mut self,
        bound: &'p Bound,
        inputs: Vec<RealInput>,
        precision: u32,
    ) -> &mut Machine<'p, Real> {
        let key = (std::ptr::from_ref(bound), precision);
        let known = self.list.iter().position(|(of, at, _)| (*of, *at) == key);
        let index = known.unwrap_or_else(|| {
            let real = Real::new(precision, inputs.iter().cloned());
            let machine = Machine::new(&bound.formula, real);
            self.list.push((key.0, key.1, machine));
            self.list.len() - 1
        });
        let machine = &mut self.list[index].2;
        machine.arithmetic_mut().set_inputs(inputs);
        machine
    }
}

/// Looks at each of a list, in order: few by this thread with what it has, many on
/// all cores.
pub fn on_all_cores<T: Sync, W, R: Send>(
    list: &[T],
    own: &mut W,
    fresh: impl Fn() -> W + Sync + Send,
    look: impl Fn(&mut W, &T) -> R + Sync + Send,
) -> Vec<R> {
    if list.len() <= FEW {
        return list.iter().map(|item| look(own, item)).collect();
    }
    let list = list.par_iter().with_min_len(FEW / 2);
    list.map_init(fresh, |worker, item| look(worker, item))
        .collect()
}
