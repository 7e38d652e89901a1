//! M(s) = n!·Σ 1/(s+k)^(n+1) over k ≥ 0, for s > 0 and n ≥ 1: a Hurwitz zeta
//! function, and the magnitude of ψ⁽ⁿ⁾(s).
//!
//! M(s) = n!·Σ_{k<m} 1/(s+k)^(n+1) + M(s + m), and with
//! t/(1 − e^−t) = 1 + t/2 + Σ B₂ₖ·t^2k/(2k)! in M(y) = ∫ tⁿ·e^(−yt)/(1 − e^−t) dt,
//!
//! ```text
//! M(y)/n! ~ 1/(n·yⁿ) + 1/(2y^(n+1)) + Σ_{k≥1} B₂ₖ·(2k+n−1)!/((2k)!·n!·y^(2k+n))
//! ```
//!
//! (DLMF 5.15.8). What is left from any term on lies between 0 and that term: the
//! integrand's expansion is 1 + t/2 + Σⱼ 2t²/(t² + 4π²j²), where with
//! v = t²/(4π²j²) ≥ 0 the remainder of 1/(1 + v) from (−v)^K on is (−v)^K/(1 + v),
//! between 0 and (−v)^K; sums over j and the integral keep that.
//! Where the terms of the first sum fall fast, it is all: a sum from k + 1 on is
//! at most ∫ dt/t^(n+1) from s + k to ∞, which is 1/(n·(s+k)ⁿ).

use super::Enclosure;
use super::bernoulli::even_bernoulli;
use rug::float::{Round, Special, exp_max, exp_min};
use rug::{Assign, Float, Integer, Rational};
use std::cmp::Ordering;

/// The order n ≥ 1 and the working precision of the sums.
pub(super) struct Sum {
    n: u32,
    bits: u32,
}

impl Sum {
    /// Sums of this order, with a few bits more for what a power n loses.
    pub(super) fn new(n: u32, bits: u32) -> Sum {
        let bits = bits.saturating_add(n.ilog2() + 1);
        Sum { n, bits }
    }

    pub(super) fn zero(&self) -> Enclosure {
        Enclosure::new(self.bits)
    }

    /// A number with all its bits.
    pub(super) fn point(&self, x: &Float) -> Enclosure {
        let mut point = Enclosure::new(x.prec());
        point.assign_point(x);
        point
    }

    pub(super) fn integer(&self, x: u32) -> Enclosure {
        self.point(&Float::with_val(32, x))
    }

    /// (−1)^(n+1)·x.
    pub(super) fn signed(&self, x: Enclosure) -> Enclosure {
        if self.n % 2 == 1 {
            return x;
        }
        let mut negative = self.zero();
        negative.assign_neg(&x);
        negative
    }

    /// 1/y^k.
    fn inverse_power(&self, y: &Enclosure, k: u32) -> Enclosure {
        let exponent = self.point(&Float::with_val(33, -i64::from(k)));
        let mut power = self.zero();
        power.assign_pow(y, &exponent);
        power
    }

    /// M(s), s > 0.
    pub(super) fn magnitude(&self, s: &Enclosure) -> Enclosure {
        let mut result = self.zero();
        if let Some(special) = self.beyond_range(s) {
            let outward = |out: &mut Float, round| {
                out.assign(special);
                if round == Round::Up && out.is_zero() {
                    out.next_up();
                }
                Ordering::Less
            };
            // No bound of a finite number is lower than the largest: that is settled.
            result.set_ends(false, outward, outward);
            return result;
        }
        let mut factorial = self.zero();
        factorial.assign_rational(&Rational::from(Integer::from(Integer::factorial(self.n))));
        let (mut sum, rest) = self.first_terms(s);
        if let Some(y) = rest {
            self.add(&mut sum, &self.expansion(&y));
        }
        result.assign_mul(&sum, &factorial);
        result
    }

    fn add(&self, sum: &mut Enclosure, term: &Enclosure) {
        let mut next = self.zero();
        next.assign_add(sum, term);
        *sum = next;
    }

    /// Infinity or zero, where M(s) is beyond MPFR's exponents on that side for
    /// sure: M(s) > 1/s^(n+1); M(s) ≤ (n−1)!/sⁿ + n!/s^(n+1) < 2^(1+10n)/sⁿ for
    /// s ≥ 1, as n! < nⁿ < 2^10n.
    fn beyond_range(&self, s: &Enclosure) -> Option<Special> {
        let n = i64::from(self.n);
        let (lo, hi) = (s.lo.get_exp()?, s.hi.get_exp()?);
        // 2^(lo−1) ≤ s < 2^hi
        if -i64::from(hi) * (n + 1) >= i64::from(exp_max()) {
            return Some(Special::Infinity);
        }
        let least = i64::from(exp_min()) - 1;
        let below = lo > 1 && 1 + 10 * n - n * (i64::from(lo) - 1) <= least;
        below.then_some(Special::Zero)
    }

    /// Σ 1/(s+k)^(n+1) from k = 0 on, as far as is needed: all of it, or else the
    /// beginning, and the y from which the expansion is to go on.
    fn first_terms(&self, s: &Enclosure) -> (Enclosure, Option<Enclosure>) {
        // With 2πy = Z, the expansion's terms fall to about Zⁿ·e^−Z/(n−1)! of the
        // first, which is below 2^−bits for this y.
        let start = self.bits / 3 + self.n + 4;
        let (mut sum, mut y) = (self.zero(), s.clone());
        let mut k = 0;
        while y.lo < start {
            let term = self.inverse_power(&y, self.n + 1);
            self.add(&mut sum, &term);
            if self.is_all(&sum, &term, &y) {
                // The rest is at most term·y/n.
                let (mut rest, mut part) = (self.zero(), self.zero());
                rest.assign_mul(&term, &y);
                part.assign_div(&rest, &self.integer(self.n));
                part.lo.assign(Special::Zero);
                self.add(&mut sum, &part);
                return (sum, None);
            }
            k += 1;
            y = self.zero();
            y.assign_add(s, &self.integer(k));
        }
        (sum, Some(y))
    }

    /// Whether term·y/n is less than the last bits of the sum.
    fn is_all(&self, sum: &Enclosure, term: &Enclosure, y: &Enclosure) -> bool {
        let exponents = [&term.hi, &y.hi, &sum.lo].map(|x| x.get_exp().map(i64::from));
        let [Some(term), Some(y), Some(sum)] = exponents else {
            return false;
        };
        term + y - i64::from(self.n.ilog2()) < sum - i64::from(self.bits)
    }

    /// M(y)/n! by its expansion.
    fn expansion(&self, y: &Enclosure) -> Enclosure {
        let n = self.n;
        let mut sum = self.zero();
        sum.assign_div(&self.inverse_power(y, n), &self.integer(n));
        let mut term = self.zero();
        term.assign_div(&self.inverse_power(y, n + 1), &self.integer(2));
        self.add(&mut sum, &term);
        // u = (2k+n−1)!/((2k)!·n!·y^(2k+n)), from k = 1 on.
        let (mut u, mut next) = (self.zero(), self.zero());
        next.assign_mul(&self.inverse_power(y, n + 2), &self.integer(n + 1));
        u.assign_div(&next, &self.integer(2));
        let step = self.inverse_power(y, 2);
        let mut last = i64::MAX;
        let mut numbers = even_bernoulli(1);
        let mut factor = self.zero();
        for k in 1.. {
            if numbers.len() < k as usize {
                numbers = even_bernoulli(k as usize);
            }
            factor.assign_rational(&numbers[k as usize - 1]);
            term.assign_mul(&u, &factor);
            let size = term.magnitude().get_exp().map(i64::from);
            let size = size.unwrap_or(i64::MIN);
            let enough = sum.lo.get_exp().map_or(i64::MIN, i64::from);
            let enough = enough.saturating_sub(i64::from(self.bits));
            if size < enough || size > last {
                break;
            }
            last = size;
            self.add(&mut sum, &term);
            let (a, b) = (2 * k + n, 2 * k + 1);
            let ratio = Rational::from((Integer::from(a) * (a + 1), Integer::from(b) * (b + 1)));
            factor.assign_rational(&ratio);
            next.assign_mul(&u, &factor);
            u.assign_mul(&next, &step);
        }
        // What is left lies between 0 and this term.
        let mut rest = self.zero();
        rest.assign_hull(&self.zero(), &term);
        self.add(&mut sum, &rest);
        sum
    }
}
