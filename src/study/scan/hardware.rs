//! What binary64 hardware computes at consecutive points.

use super::plan::{Plan, Source};
use super::space::Run;
use crate::arithmetic::lanes::{InLanes, LANES, Level, NativeLanes};
use crate::arithmetic::native::Libm;
use crate::evaluate::{Engine, Machine};
use crate::formula::Op;

/// A hardware type's machine over a plan's points.
pub struct Points<'p, T: InLanes> {
    plan: &'p Plan<'p>,
    machine: Machine<'p, NativeLanes<T>>,
}

/// Binary64's.
pub type Hardware64<'p> = Points<'p, f64>;

impl<'p, T: InLanes> Points<'p, T> {
    /// The machine, if the plan's computation is one of this type.
    pub fn new(plan: &'p Plan<'p>) -> Option<Self> {
        let Engine::Native(libm) = plan.engine else {
            return None;
        };
        let formula = &*plan.computed;
        let has = |op: &Op| formula.nodes().iter().any(|node| node.op == *op);
        if plan.format != T::FORMAT || has(&Op::Polygamma) {
            return None;
        }
        Some(Self::with(plan, libm))
    }

    fn with(plan: &'p Plan<'p>, libm: Libm) -> Self {
        let formula = &*plan.computed;
        let lanes = NativeLanes::new(Level::best(), libm, formula.inputs().len());
        let mut machine = Machine::new(formula, lanes);
        for (input, source) in machine
            .arithmetic_mut()
            .inputs_mut()
            .iter_mut()
            .zip(&plan.sources)
        {
            if let Source::Fixed(value) = source {
                input.0 = [T::from_rational(value); LANES];
            }
        }
        Points { plan, machine }
    }

    /// Fills the lanes of the inputs that move, rounded to the type.
    pub fn fill(&mut self, axis: usize, numbers: &[f64; LANES]) {
        let inputs = self.machine.arithmetic_mut().inputs_mut();
        for (input, source) in inputs.iter_mut().zip(&self.plan.sources) {
            if matches!(source, Source::Axis(own) if *own == axis) {
                input.0 = numbers.map(T::from_f64);
            }
        }
    }

    /// Evaluates all lanes.
    pub fn evaluate(&mut self) -> &[T; LANES] {
        &self.machine.run().0
    }

    /// The values of all nodes after that.
    pub fn trace(&self) -> &[crate::arithmetic::lanes::Lane<T>] {
        self.machine.trace()
    }
}

impl<T: InLanes> Points<'_, T> {
    /// What is computed at up to [`LANES`] points.
    pub fn run(&mut self, run: Run) -> [T; LANES] {
        let space = &self.plan.space;
        let point = space.point(run.index);
        for (axis, x) in point.iter().enumerate() {
            self.fill(axis, &[*x; LANES]);
        }
        self.fill(
            point.len() - 1,
            &space.inner().numbers(run.place, run.points),
        );
        *self.evaluate()
    }
}
