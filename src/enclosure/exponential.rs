//! Exponentials, logarithms, hyperbolic functions and the error function: each
//! monotone on its domain, or even.

use super::Enclosure;
use super::outward::Edge;
use rug::Float;
use rug::float::Round;
use rug::ops::AssignRound;
use std::cmp::Ordering;

impl Enclosure {
    /// e^x.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (zero, mut one) = (Enclosure::new(53), Enclosure::new(53));
    /// one.assign_exp(&zero);
    /// assert!(one.is_point() && *one.lo() == 1);
    /// ```
    pub fn assign_exp(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.exp_ref(), round));
    }

    /// 2^x.
    pub fn assign_exp2(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.exp2_ref(), round));
    }

    /// 10^x.
    pub fn assign_exp10(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.exp10_ref(), round));
    }

    /// e^x − 1.
    pub fn assign_expm1(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.exp_m1_ref(), round));
    }

    /// The natural logarithm, x > 0.
    ///
    /// ```
    /// use ulpscope::enclosure::{Defined, Enclosure};
    /// use rug::Float;
    /// let (mut x, mut log) = (Enclosure::new(53), Enclosure::new(53));
    /// x.assign_bounds(&Float::with_val(53, -1), &Float::with_val(53, 1));
    /// log.assign_log(&x);
    /// assert_eq!(log.defined(), Defined::Maybe);
    /// assert!(log.lo().is_infinite() && *log.hi() == 0);
    /// ```
    pub fn assign_log(&mut self, x: &Enclosure) {
        self.logarithm(x, 0, |out, x, round| out.assign_round(x.ln_ref(), round));
    }

    /// The logarithm to base 2, x > 0.
    pub fn assign_log2(&mut self, x: &Enclosure) {
        self.logarithm(x, 0, |out, x, round| out.assign_round(x.log2_ref(), round));
    }

    /// The logarithm to base 10, x > 0.
    pub fn assign_log10(&mut self, x: &Enclosure) {
        self.logarithm(x, 0, |out, x, round| out.assign_round(x.log10_ref(), round));
    }

    /// The natural logarithm of 1 + x, x > −1.
    pub fn assign_log1p(&mut self, x: &Enclosure) {
        self.logarithm(x, -1, |out, x, round| {
            out.assign_round(x.ln_1p_ref(), round)
        });
    }

    fn logarithm(
        &mut self,
        x: &Enclosure,
        edge: i32,
        f: impl Fn(&mut Float, &Float, Round) -> Ordering,
    ) {
        self.between(x, (Edge::Open(edge), Edge::Nowhere), false, f);
    }

    /// The hyperbolic sine.
    pub fn assign_sinh(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.sinh_ref(), round));
    }

    /// The hyperbolic cosine.
    pub fn assign_cosh(&mut self, x: &Enclosure) {
        self.even(x, 1, |out, x, round| out.assign_round(x.cosh_ref(), round));
    }

    /// The hyperbolic tangent.
    pub fn assign_tanh(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.tanh_ref(), round));
    }

    /// The inverse hyperbolic sine.
    pub fn assign_asinh(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.asinh_ref(), round));
    }

    /// The inverse hyperbolic cosine, x ≥ 1.
    pub fn assign_acosh(&mut self, x: &Enclosure) {
        let edges = (Edge::Closed(1), Edge::Nowhere);
        self.between(x, edges, false, |out, x, round| {
            out.assign_round(x.acosh_ref(), round)
        });
    }

    /// The inverse hyperbolic tangent, |x| < 1.
    pub fn assign_atanh(&mut self, x: &Enclosure) {
        let edges = (Edge::Open(-1), Edge::Open(1));
        self.between(x, edges, false, |out, x, round| {
            out.assign_round(x.atanh_ref(), round)
        });
    }

    /// The error function.
    pub fn assign_erf(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.erf_ref(), round));
    }

    /// 1 − erf(x).
    pub fn assign_erfc(&mut self, x: &Enclosure) {
        self.decreasing(x, |out, x, round| out.assign_round(x.erfc_ref(), round));
    }
}
