//! Certified values rounded into a narrow format, many points at a time.

use super::{Truth, Unanswered};
use crate::arithmetic::lanes::{Enclosures, LANES, Level};
use crate::arithmetic::real::RealInput;
use crate::evaluate::Machine;
use crate::format::{Format, Narrow};
use crate::formula::Formula;
use rug::{Float, Rational};

/// Rounds a formula's exact value into a format of up to 32 bits at many points.
///
/// Enclosures in binary64 come first; where both bounds round to one number,
/// that is it. Elsewhere a [`Truth`] decides.
#[derive(Debug)]
pub struct Rounder<'f> {
    level: Level,
    narrow: Narrow,
    machine: Machine<'f, Enclosures>,
    truth: Truth<'f>,
}

impl<'f> Rounder<'f> {
    /// For a formula (inlined for the reals, or with ambient nodes that are taken
    /// for real); `None` where the format is not narrow. `limit` is the greatest
    /// working precision of the [`Truth`].
    pub fn new(formula: &'f Formula, format: &Format, limit: u32) -> Option<Self> {
        let inputs = formula.inputs().len();
        let level = Level::best();
        let enclosures = Enclosures::new(level, None, inputs);
        let zeros = vec![Rational::new(); inputs];
        Some(Rounder {
            level,
            narrow: Narrow::new(format)?,
            machine: Machine::new(formula, enclosures),
            truth: Truth::new(formula, zeros, limit).for_many_points(),
        })
    }

    /// The rounded values at points, of which `columns` has the inputs: one for
    /// each of the formula's, as long as `results`. What is not known becomes a
    /// NaN, and `problems` has the reason with the point's index.
    ///
    /// # Panics
    /// Where a column is missing or too short, or has a number that is not finite.
    pub fn round(
        &mut self,
        columns: &[&[f64]],
        results: &mut [f64],
        problems: &mut Vec<(usize, Unanswered)>,
    ) {
        for (start, results) in (0..).step_by(LANES).zip(results.chunks_mut(LANES)) {
            let count = results.len();
            for (input, column) in self
                .machine
                .arithmetic_mut()
                .inputs_mut()
                .iter_mut()
                .zip(columns)
            {
                let column = &column[start..start + count];
                let mut lane = [column[0]; LANES];
                lane[..count].copy_from_slice(column);
                input.assign_points(&lane);
            }
            let mut bounds = self.machine.run().clone();
            bounds.round(self.level, &self.narrow);
            results.copy_from_slice(&bounds.lo[..count]);
            if bounds.are_points() {
                continue;
            }
            let open = |i: &usize| bounds.lo[*i] != bounds.hi[*i];
            for (i, result) in results.iter_mut().enumerate().filter(|(i, _)| open(i)) {
                let point = columns.iter().map(|column| column[start + i]);
                let point = point.map(|x| {
                    let x = Float::with_val(53, x);
                    RealInput::Between(x.clone(), x)
                });
                self.truth.set_inputs(point.collect::<Vec<_>>());
                *result = match self.truth.rounded(&self.narrow.format()) {
                    Ok(rounded) => rounded.to_f64(),
                    Err(why) => {
                        problems.push((start + i, why));
                        f64::NAN
                    }
                };
            }
        }
    }
}
