//! Sparse polynomials with rational coefficients, within limits on their size.

use super::Obstacle;
use super::monomial::{Exponent, Monomial, Symbol};
use rug::{Integer, Rational};
use std::collections::HashMap;

/// The most terms of a polynomial.
const MAX_TERMS: usize = 20_000;
/// The most bits of a coefficient's numerator and of its denominator.
pub(super) const MAX_COEFFICIENT_BITS: u32 = 1 << 14;
/// The work that one proof may take, about one unit for a product of terms.
const MAX_WORK: u64 = 400_000;

/// What a proof may still spend.
#[derive(Debug)]
pub(super) struct Budget {
    work: u64,
}

impl Budget {
    pub(super) fn new() -> Self {
        Budget { work: MAX_WORK }
    }

    pub(super) fn spend(&mut self, work: usize) -> Result<(), Obstacle> {
        let left = self.work.checked_sub(work as u64);
        self.work = left.ok_or(Obstacle::Size)?;
        Ok(())
    }
}

/// A coefficient, if it is short enough.
pub(super) fn within_limit(coefficient: Rational) -> Result<Rational, Obstacle> {
    if bits(&coefficient) > MAX_COEFFICIENT_BITS {
        return Err(Obstacle::Size);
    }
    Ok(coefficient)
}

/// The bits of the longer of numerator and denominator.
pub(super) fn bits(coefficient: &Rational) -> u32 {
    let (n, d) = (coefficient.numer(), coefficient.denom());
    n.significant_bits().max(d.significant_bits())
}

/// A sum of terms, ordered by monomial, no coefficient 0.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub(super) struct Polynomial {
    terms: Vec<(Monomial, Rational)>,
}

impl Polynomial {
    pub(super) fn term(monomial: Monomial, coefficient: Rational) -> Self {
        let zero = coefficient.is_zero();
        Polynomial {
            terms: if zero {
                Vec::new()
            } else {
                vec![(monomial, coefficient)]
            },
        }
    }

    pub(super) fn one() -> Self {
        Self::term(Monomial::one(), Rational::from(1))
    }

    pub(super) fn terms(&self) -> &[(Monomial, Rational)] {
        &self.terms
    }

    fn collected(terms: HashMap<Monomial, Rational>) -> Result<Self, Obstacle> {
        let mut terms: Vec<_> = terms.into_iter().filter(|term| !term.1.is_zero()).collect();
        if terms.len() > MAX_TERMS
            || terms
                .iter()
                .any(|term| bits(&term.1) > MAX_COEFFICIENT_BITS)
        {
            return Err(Obstacle::Size);
        }
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(Polynomial { terms })
    }

    pub(super) fn plus(&self, other: &Self, budget: &mut Budget) -> Result<Self, Obstacle> {
        use std::cmp::Ordering;
        budget.spend(self.terms.len() + other.terms.len())?;
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut a, mut b) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let order = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.0.cmp(&y.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let first = a.next_if(|_| order.is_le());
            let second = b.next_if(|_| order.is_ge());
            match (first, second) {
                (Some(x), Some(y)) => {
                    let sum = within_limit(Rational::from(&x.1 + &y.1))?;
                    if !sum.is_zero() {
                        terms.push((x.0.clone(), sum));
                    }
                }
                (Some(x), None) | (None, Some(x)) => terms.push(x.clone()),
                (None, None) => break,
            }
        }
        if terms.len() > MAX_TERMS {
            return Err(Obstacle::Size);
        }
        Ok(Polynomial { terms })
    }

    pub(super) fn times(&self, other: &Self, budget: &mut Budget) -> Result<Self, Obstacle> {
        if *other == Polynomial::one() {
            return Ok(self.clone());
        }
        let longest = |polynomial: &Polynomial| {
            let each = polynomial.terms.iter().map(|term| bits(&term.1));
            each.max().unwrap_or(0) as usize
        };
        let each = 1 + (longest(self) + longest(other)) / 256;
        budget.spend((self.terms.len() * other.terms.len()).saturating_mul(each))?;
        let mut terms: HashMap<Monomial, Rational> = HashMap::new();
        for (a, x) in &self.terms {
            for (b, y) in &other.terms {
                *terms.entry(a.times(b)?).or_default() += Rational::from(x * y);
            }
        }
        Self::collected(terms)
    }

    /// The power with a natural exponent.
    pub(super) fn power(&self, n: i64, budget: &mut Budget) -> Result<Self, Obstacle> {
        if n < 0 || (n > MAX_TERMS as i64 && self.terms.len() > 1) {
            return Err(Obstacle::Size);
        }
        if let [(monomial, coefficient)] = self.terms.as_slice() {
            let monomial = monomial.power(Exponent::integer(n))?;
            return Ok(Self::term(monomial, power(coefficient, n)?));
        }
        // One factor after the other: sparse squares would cost more.
        let mut result = Self::one();
        for _ in 0..n {
            result = result.times(self, budget)?;
        }
        Ok(result)
    }

    /// The greatest exponent of a symbol.
    pub(super) fn degree(&self, symbol: Symbol) -> Exponent {
        let exponents = self.terms.iter().map(|term| term.0.exponent(symbol));
        exponents.max().unwrap_or(Exponent::ZERO)
    }

    /// The polynomial as c·m·p: m has the least exponents that occur, and p's
    /// coefficients are integers without a common factor, the first positive.
    pub(super) fn primitive(&self) -> Result<(Rational, Monomial, Polynomial), Obstacle> {
        let Some((first, _)) = self.terms.first() else {
            return Ok((Rational::new(), Monomial::one(), Self::one()));
        };
        let (mut divisor, mut multiple) = (Integer::new(), Integer::from(1));
        let mut common = first.clone();
        for (monomial, coefficient) in &self.terms {
            divisor.gcd_mut(coefficient.numer());
            multiple.lcm_mut(coefficient.denom());
            if multiple.significant_bits() > MAX_COEFFICIENT_BITS {
                return Err(Obstacle::Size);
            }
            common = common.least(monomial)?;
        }
        let mut content = Rational::from((divisor, multiple));
        let mut terms = Vec::with_capacity(self.terms.len());
        for (monomial, coefficient) in &self.terms {
            let coefficient = within_limit(Rational::from(coefficient / &content))?;
            terms.push((monomial.over(&common)?, coefficient));
        }
        // Division by a monomial may change the order of the terms.
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        if terms[0].1 < 0 {
            content = -content;
            for term in &mut terms {
                term.1 = Rational::from(-&term.1);
            }
        }
        Ok((content, common, Polynomial { terms }))
    }
}

/// c^n, if it is short enough.
pub(super) fn power(c: &Rational, n: i64) -> Result<Rational, Obstacle> {
    use rug::ops::Pow;
    if *c == 1 || n == 0 {
        return Ok(Rational::from(1));
    }
    if *c == -1 {
        return Ok(Rational::from(if n % 2 == 0 { 1 } else { -1 }));
    }
    if c.is_zero() {
        return Ok(Rational::new());
    }
    if n.unsigned_abs().saturating_mul(u64::from(bits(c) - 1)) > u64::from(MAX_COEFFICIENT_BITS) {
        return Err(Obstacle::Size);
    }
    let n = i32::try_from(n).map_err(|_| Obstacle::Size)?;
    within_limit(Rational::from(c.pow(n)))
}
