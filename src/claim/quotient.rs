//! Quotients in factored form: a coefficient times a product of powers.
//!
//! A sum is multiplied out, made primitive and is then one symbol more
//! ([`Kernel::Sum`]), so that products, powers and common denominators stay
//! short, and nothing is multiplied out that is not added to something.
//!
//! What a proof rests on: wherever a node is defined, each symbol in its
//! quotient that has a negative exponent is not 0, and the quotient's value is
//! the node's. (For a/b, b is not 0; so no symbol with a positive exponent in
//! its quotient is, and those become the negative ones. What is cancelled had
//! both signs before, so was not 0 either.) Hence two nodes are equal wherever
//! both are defined if the difference of their quotients vanishes identically.

use super::Obstacle;
use super::kernels::{Kernel, Kernels};
use super::monomial::{Exponent, Monomial, Symbol};
use super::polynomial::{Polynomial, power, within_limit};
use rug::Rational;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// coefficient · product; see the chapter's page.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Quotient {
    pub(super) coefficient: Rational,
    pub(super) product: Monomial,
}

impl Quotient {
    pub(super) fn constant(coefficient: Rational) -> Self {
        Quotient {
            coefficient,
            product: Monomial::one(),
        }
    }

    pub(super) fn integer(n: i64) -> Self {
        Self::constant(Rational::from(n))
    }

    pub(super) fn symbol(symbol: Symbol) -> Self {
        Quotient {
            coefficient: Rational::from(1),
            product: Monomial::power_of(symbol, Exponent::ONE),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.coefficient.is_zero()
    }

    /// The value, if no symbol occurs in it.
    pub(super) fn as_constant(&self) -> Option<&Rational> {
        self.product.is_one().then_some(&self.coefficient)
    }

    pub(super) fn negative(&self) -> Self {
        Quotient {
            coefficient: Rational::from(-&self.coefficient),
            product: self.product.clone(),
        }
    }
}

impl Kernels {
    /// A product of powers, its exponents held below those of the relations:
    /// s^(nq + r) is a^q·s^r where s^n = a.
    pub(super) fn normal(
        &mut self,
        coefficient: Rational,
        product: Monomial,
    ) -> Result<Quotient, Obstacle> {
        if coefficient.is_zero() {
            return Ok(Quotient::integer(0));
        }
        let settled = |kernels: &Self, symbol: Symbol, exponent: Exponent| {
            let Some((n, _)) = kernels.relation(symbol) else {
                return true;
            };
            exponent.to_integer().is_some_and(|e| (0..n).contains(&e))
        };
        let all = product.powers().iter();
        if all.clone().all(|&(s, e)| settled(self, s, e)) {
            return Ok(Quotient {
                coefficient: within_limit(coefficient)?,
                product,
            });
        }
        // What a relation brings in is older than its symbol: going from the
        // youngest to the oldest meets each once.
        let mut coefficient = coefficient;
        let mut open: BTreeMap<Symbol, Exponent> = all.copied().collect();
        let mut done = Monomial::one();
        while let Some((symbol, exponent)) = open.pop_last() {
            self.budget.spend(1)?;
            let mut kept = exponent;
            if let Some((n, a)) = self.relation(symbol) {
                let e = exponent.to_integer().ok_or(Obstacle::Size)?;
                let (times, rest) = (e.div_euclid(n), e.rem_euclid(n));
                kept = Exponent::integer(rest);
                coefficient = within_limit(coefficient * nonzero_power(&a.coefficient, times)?)?;
                for &(inner, e) in a.product.power(Exponent::integer(times))?.powers() {
                    let known = open.get(&inner).copied().unwrap_or(Exponent::ZERO);
                    open.insert(inner, known.plus(e)?);
                }
            }
            done = done.times(&Monomial::power_of(symbol, kept))?;
        }
        Ok(Quotient {
            coefficient,
            product: done,
        })
    }

    pub(super) fn times(&mut self, a: &Quotient, b: &Quotient) -> Result<Quotient, Obstacle> {
        self.budget
            .spend(1 + a.product.powers().len() + b.product.powers().len())?;
        let coefficient = Rational::from(&a.coefficient * &b.coefficient);
        self.normal(coefficient, a.product.times(&b.product)?)
    }

    /// a^n; `None` for a negative power of 0.
    pub(super) fn power(&mut self, a: &Quotient, n: i64) -> Result<Option<Quotient>, Obstacle> {
        self.budget.spend(1)?;
        if a.is_zero() && n < 0 {
            return Ok(None);
        }
        let coefficient = nonzero_power(&a.coefficient, n)?;
        let product = a.product.power(Exponent::integer(n))?;
        Ok(Some(self.normal(coefficient, product)?))
    }

    /// a + b. The least exponents of both are a common factor g; what is left
    /// has no negative ones, and a/g + b/g is multiplied out.
    pub(super) fn plus(&mut self, a: &Quotient, b: &Quotient) -> Result<Quotient, Obstacle> {
        if a.is_zero() || b.is_zero() {
            return Ok(if a.is_zero() { b.clone() } else { a.clone() });
        }
        if a.product == b.product {
            let coefficient = Rational::from(&a.coefficient + &b.coefficient);
            return self.normal(coefficient, a.product.clone());
        }
        let common = a.product.least(&b.product)?;
        let left = self.multiplied_out(&a.coefficient, &a.product.over(&common)?)?;
        let right = self.multiplied_out(&b.coefficient, &b.product.over(&common)?)?;
        let sum = left.plus(&right, &mut self.budget)?;
        let sum = self.quotient_of(sum)?;
        let common = self.normal(Rational::from(1), common)?;
        self.times(&common, &sum)
    }

    pub(super) fn minus(&mut self, a: &Quotient, b: &Quotient) -> Result<Quotient, Obstacle> {
        self.plus(a, &b.negative())
    }

    /// A product of natural powers as a polynomial in symbols that are no sums.
    pub(super) fn multiplied_out(
        &mut self,
        coefficient: &Rational,
        product: &Monomial,
    ) -> Result<Polynomial, Obstacle> {
        let (sums, others) = product.parted(|symbol, _| self.sum(symbol).is_some());
        let mut result = Polynomial::term(others, coefficient.clone());
        for &(symbol, exponent) in sums.powers() {
            let Some(sum) = self.sum(symbol).cloned() else {
                continue;
            };
            let n = exponent.to_integer().ok_or(Obstacle::Size)?;
            let factor = sum.power(n, &mut self.budget)?;
            result = factor.times(&result, &mut self.budget)?;
        }
        Ok(result)
    }

    /// A polynomial as a quotient.
    fn quotient_of(&mut self, polynomial: Polynomial) -> Result<Quotient, Obstacle> {
        let (polynomial, denominator) = self.reduced(polynomial)?;
        let inverse = denominator.power(Exponent::integer(-1))?;
        let (coefficient, mut product, sum) = match polynomial.terms() {
            [] => return Ok(Quotient::integer(0)),
            [(monomial, coefficient)] => (coefficient.clone(), monomial.clone(), None),
            _ => {
                let (content, common, primitive) = polynomial.primitive()?;
                (content, common, Some(primitive))
            }
        };
        if let Some(sum) = sum {
            let symbol = self.intern(Kernel::Sum(sum))?;
            product = product.times(&Monomial::power_of(symbol, Exponent::ONE))?;
        }
        self.normal(coefficient, product.times(&inverse)?)
    }

    /// The polynomial with exponents below those of the relations, and the
    /// denominator that this brings in.
    fn reduced(&mut self, polynomial: Polynomial) -> Result<(Polynomial, Monomial), Obstacle> {
        let mut polynomial = polynomial;
        let mut denominator = Monomial::one();
        // From the youngest symbol on, as in `normal`.
        let mut below = Symbol::MAX;
        loop {
            let mut next: Option<Symbol> = None;
            for &(symbol, exponent) in polynomial.terms().iter().flat_map(|t| t.0.powers()) {
                let beyond = || {
                    let relation = self.relation(symbol);
                    relation.is_some_and(|(n, _)| exponent >= Exponent::integer(n))
                };
                if symbol < below && next.is_none_or(|known| symbol > known) && beyond() {
                    next = Some(symbol);
                }
            }
            self.budget.spend(polynomial.terms().len())?;
            let Some(symbol) = next else {
                return Ok((polynomial, denominator));
            };
            below = symbol;
            let Some((n, a)) = self.relation(symbol) else {
                return Ok((polynomial, denominator));
            };
            // a = over/under.
            let (over, under) = a.product.parted(|_, e| e.sign() == Ordering::Greater);
            let under = under.power(Exponent::integer(-1))?;
            let over = self.multiplied_out(&a.coefficient, &over)?;
            let below_line = self.multiplied_out(&Rational::from(1), &under)?;
            let degree = polynomial.degree(symbol);
            let most = degree.to_integer().ok_or(Obstacle::Size)? / n;
            let mut sum = Polynomial::default();
            for (monomial, coefficient) in polynomial.terms() {
                let e = monomial.exponent(symbol);
                let times = e.to_integer().ok_or(Obstacle::Size)? / n;
                let taken = Monomial::power_of(symbol, Exponent::integer(times * n));
                let rest = Polynomial::term(monomial.over(&taken)?, coefficient.clone());
                let up = over.power(times, &mut self.budget)?;
                let down = below_line.power(most - times, &mut self.budget)?;
                let factor = up.times(&down, &mut self.budget)?;
                let term = factor.times(&rest, &mut self.budget)?;
                sum = sum.plus(&term, &mut self.budget)?;
            }
            polynomial = sum;
            denominator = denominator.times(&under.power(Exponent::integer(most))?)?;
        }
    }
}

/// c^n, or an obstacle for a negative power of 0.
fn nonzero_power(c: &Rational, n: i64) -> Result<Rational, Obstacle> {
    if c.is_zero() && n < 0 {
        return Err(Obstacle::Size);
    }
    power(c, n)
}
