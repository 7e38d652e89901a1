//! The Bernoulli numbers B₂, B₄, …, as exact rationals.
//!
//! With Tₖ the tangent numbers (tan x = Σ Tₖ·x^(2k−1)/(2k−1)!),
//! B₂ₖ = (−1)^(k−1)·2k·Tₖ/(4^k·(4^k − 1)). The tangent numbers are integers that
//! a triangle of additions gives (Brent and Harvey, *Fast computation of
//! Bernoulli, Tangent and Secant numbers*, 2011, algorithm TangentNumbers).

use rug::{Integer, Rational};
use std::sync::{Arc, PoisonError, RwLock};

/// What has been computed so far, for all threads.
static KNOWN: RwLock<Option<Arc<[Rational]>>> = RwLock::new(None);

/// How many are computed at first.
const FIRST: usize = 32;

/// B₂, B₄, …, B₂ₖ with k ≥ `count`.
pub(super) fn even_bernoulli(count: usize) -> Arc<[Rational]> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone();
    match known {
        Some(known) if known.len() >= count => known,
        _ => {
            let fresh: Arc<[Rational]> = compute((count / 2 * 3).max(FIRST)).into();
            let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
            if known.as_ref().is_none_or(|old| old.len() < fresh.len()) {
                *known = Some(fresh.clone());
            }
            fresh
        }
    }
}

fn compute(count: usize) -> Vec<Rational> {
    let mut tangent = vec![Integer::from(1); count];
    for k in 1..count {
        tangent[k] = Integer::from(&tangent[k - 1] * k as u32);
    }
    for k in 1..count {
        for j in k..count {
            let (before, rest) = tangent.split_at_mut(j);
            rest[0] *= (j - k + 2) as u32;
            rest[0] += &before[j - 1] * (j - k) as u32;
        }
    }
    let numbers = tangent.into_iter().zip(1_u32..);
    numbers
        .map(|(tangent, k)| {
            let four = Integer::from(1) << (2 * k);
            let divisor = Integer::from(&four - 1) * four;
            let magnitude = Rational::from((tangent * (2 * k), divisor));
            if k % 2 == 1 { magnitude } else { -magnitude }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::even_bernoulli;
    use rug::{Integer, Rational};

    /// The defining recurrence Σ_{j<m} (m over j)·Bⱼ = 0.
    #[test]
    fn they_satisfy_their_recurrence() {
        let even = even_bernoulli(100);
        assert_eq!(even[0], Rational::from((1, 6)));
        assert_eq!(even[5], Rational::from((-691, 2730)));
        for m in 2..200_u32 {
            let mut sum = Rational::from(1) - Rational::from((m, 2));
            for j in (2..m).step_by(2) {
                sum += Rational::from(&even[j as usize / 2 - 1] * Integer::from(m).binomial(j));
            }
            assert_eq!(sum, 0, "{m}");
        }
    }
}
