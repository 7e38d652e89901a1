//! What a computation did at its root, from a graph that asks for a cause.

use super::Truth;
use crate::arithmetic::interval::Ends;
use crate::arithmetic::real::cause_of;
use crate::formula::{Cause, Op};

/// How often the precision is doubled before a cause is given up.
const TRIES: u32 = 5;

impl Truth<'_> {
    /// What happened at the root of the computation whose cause this formula asks
    /// for ([`Op::Cause`], whatever its word); over ranges, what happens at all
    /// of their values. `None` where that is not one thing, or not known.
    pub fn cause(&mut self) -> Option<Cause> {
        let id = self.formula().root();
        let Op::Cause(_, format, Some(op)) = &self.formula().node(id).op else {
            return None;
        };
        let ids = self.formula().operands(id);
        for tries in 0..TRIES {
            self.value();
            let operands: Vec<_> = ids.iter().map(|&id| self.machine.value(id)).collect();
            if let Some(cause) = cause_of(op, format, &operands) {
                return Some(cause);
            }
            let precision = self.precision().saturating_mul(2);
            if tries + 1 == TRIES || precision > self.limit || self.is_over_ranges() {
                break;
            }
            self.raise_to(precision);
        }
        None
    }

    /// The values that the computation gives, after [`Truth::cause`] or
    /// [`Truth::value`]; `None` where nothing is known of them.
    pub fn computed(&mut self) -> Option<Ends<'_>> {
        self.value();
        let root = self.formula().root();
        let computed = *self.formula().operands(root).first()?;
        self.machine.value(computed).ends()
    }

    /// Whether the computed operands are ranges: more bits do not make these
    /// narrower.
    fn is_over_ranges(&self) -> bool {
        let root = self.machine.formula().root();
        let operands = self.machine.formula().operands(root);
        let wide = |ends: Ends| !ends.is_point();
        operands
            .iter()
            .any(|&id| self.machine.value(id).ends().is_some_and(wide))
    }
}
