//! Rounding to integers. The functions are monotone steps, so the bounds are
//! their values at the ends: floor of [0.9, 1.1] is [0, 1].

use super::Enclosure;
use rug::ops::AssignRound;

impl Enclosure {
    /// The greatest integer not above x.
    pub fn assign_floor(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.floor_ref(), round));
    }

    /// The least integer not below x.
    pub fn assign_ceil(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.ceil_ref(), round));
    }

    /// x without its fraction.
    pub fn assign_trunc(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.trunc_ref(), round));
    }

    /// The nearest integer; halves go away from zero.
    pub fn assign_round_half_away(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.round_ref(), round));
    }
}
