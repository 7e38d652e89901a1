//! Functions of quotients, taken apart by the identities that always hold.

use super::Obstacle;
use super::kernels::{Kernel, Kernels};
use super::monomial::{Exponent, Monomial, Symbol};
use super::polynomial::Polynomial;
use super::quotient::Quotient;
use rug::{Integer, Rational};
use std::cmp::Ordering;

/// An exponent of e with more terms than this stays in one piece.
const MAX_TERMS_IN_EXPONENT: usize = 100;

/// The primes that are looked for in constants.
const PRIMES: &[u32] = &[
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
    197, 199, 211, 223, 227, 229, 233, 239, 241, 251,
];

/// A positive rational as a product of powers of integers, which are prime
/// where they are small.
fn factors(x: &Rational) -> Vec<(Integer, i64)> {
    let mut found = Vec::new();
    for (number, sign) in [(x.numer(), 1), (x.denom(), -1)] {
        let mut rest = Integer::from(number.abs_ref());
        for &prime in PRIMES {
            let prime = Integer::from(prime);
            let count = rest.remove_factor_mut(&prime);
            if count > 0 {
                found.push((prime, sign * i64::from(count)));
            }
        }
        if rest > 1 {
            found.push((rest, sign));
        }
    }
    found
}

impl Kernels {
    /// e^a. With a = Σ cᵢ·mᵢ it is Π exp(mᵢ)^cᵢ.
    pub(super) fn exp(&mut self, a: &Quotient) -> Result<Quotient, Obstacle> {
        let mut result = Quotient::integer(1);
        for (coefficient, base) in self.summands(a)? {
            let factor = self.exp_of_term(&coefficient, &base)?;
            result = self.times(&result, &factor)?;
        }
        Ok(result)
    }

    /// The quotient as a sum of coefficients times products.
    fn summands(&mut self, a: &Quotient) -> Result<Vec<(Rational, Monomial)>, Obstacle> {
        let one_piece = vec![(a.coefficient.clone(), a.product.clone())];
        if a.is_zero() {
            return Ok(Vec::new());
        }
        let (over, other) = a
            .product
            .parted(|s, e| self.sum(s).is_some() && e.sign() == Ordering::Greater);
        let mut terms = 1usize;
        for &(symbol, exponent) in over.powers() {
            let length = self.sum(symbol).map_or(1, |sum| sum.terms().len());
            let power = exponent.to_integer().unwrap_or(i64::MAX);
            let power = u32::try_from(power).unwrap_or(u32::MAX);
            terms = terms.saturating_mul(length.saturating_pow(power));
        }
        if over.is_one() || terms > MAX_TERMS_IN_EXPONENT {
            return Ok(one_piece);
        }
        let polynomial: Polynomial = self.multiplied_out(&a.coefficient, &over)?;
        let mut summands = Vec::new();
        for (monomial, coefficient) in polynomial.terms() {
            let term = self.normal(coefficient.clone(), monomial.times(&other)?)?;
            summands.push((term.coefficient, term.product));
        }
        Ok(summands)
    }

    /// exp(c·m).
    fn exp_of_term(&mut self, c: &Rational, base: &Monomial) -> Result<Quotient, Obstacle> {
        if let &[(symbol, Exponent::ONE)] = base.powers() {
            match &*self.kernel(symbol) {
                // exp(c·log|s|) = |s|^c.
                Kernel::Log(inner) => {
                    let absolute = self.abs(&Quotient::symbol(*inner))?;
                    if let Some(power) = self.rational_power(&absolute, c)? {
                        return Ok(power);
                    }
                }
                Kernel::LogInteger(n) => {
                    let n = Quotient::constant(Rational::from(n));
                    if let Some(power) = self.rational_power(&n, c)? {
                        return Ok(power);
                    }
                }
                _ => {}
            }
        }
        let (coefficient, exponent) = match Exponent::rational(c) {
            Some(exponent) => (Rational::from(1), exponent),
            None => (c.clone(), Exponent::ONE),
        };
        let symbol = self.merged(Kernel::Exp(Quotient {
            coefficient,
            product: base.clone(),
        }))?;
        Ok(Quotient {
            coefficient: Rational::from(1),
            product: Monomial::power_of(symbol, exponent),
        })
    }

    /// log a, where a > 0; more generally log|a|, which Σ log|sᵢ|^eᵢ is too.
    /// `None` for 0.
    pub(super) fn log(&mut self, a: &Quotient) -> Result<Option<Quotient>, Obstacle> {
        if a.is_zero() {
            return Ok(None);
        }
        let mut sum = Quotient::integer(0);
        let mut open = vec![(a.clone(), Rational::from(1))];
        while let Some((a, times)) = open.pop() {
            for (n, e) in factors(&a.coefficient) {
                let symbol = self.intern(Kernel::LogInteger(n))?;
                let mut term = Quotient::symbol(symbol);
                term.coefficient = Rational::from(&times * e);
                sum = self.plus(&sum, &term)?;
            }
            for &(symbol, exponent) in a.product.powers() {
                self.budget.spend(1)?;
                let times = Rational::from(&times * &exponent.to_rational());
                let mut term = match &*self.kernel(symbol) {
                    Kernel::Exp(inner) => inner.clone(),
                    // log √a = (log a)/2, and the like.
                    Kernel::Root(n, inner) => {
                        open.push((inner.clone(), times / Rational::from(*n)));
                        continue;
                    }
                    Kernel::Cbrt(inner) => {
                        open.push((Quotient::symbol(*inner), times / Rational::from(3)));
                        continue;
                    }
                    Kernel::Abs(inner) => {
                        open.push((Quotient::symbol(*inner), times));
                        continue;
                    }
                    _ => Quotient::symbol(self.intern(Kernel::Log(symbol))?),
                };
                term.coefficient *= times;
                sum = self.plus(&sum, &term)?;
            }
        }
        Ok(Some(sum))
    }

    /// |a| = |c|·Π|s|^e.
    pub(super) fn abs(&mut self, a: &Quotient) -> Result<Quotient, Obstacle> {
        let mut result = Quotient::constant(Rational::from(a.coefficient.abs_ref()));
        for &(symbol, exponent) in a.product.powers() {
            let even = exponent.to_integer().is_some_and(|e| e % 2 == 0);
            let factor = match self.sign_of(symbol, true) {
                Some(sign) => Quotient {
                    coefficient: Rational::from(if sign.negative && !even { -1 } else { 1 }),
                    product: Monomial::power_of(symbol, exponent),
                },
                None => {
                    let absolute = self.intern(Kernel::Abs(symbol))?;
                    self.normal(Rational::from(1), Monomial::power_of(absolute, exponent))?
                }
            };
            result = self.times(&result, &factor)?;
        }
        Ok(result)
    }

    /// a^q for a number a that is not negative; `None` where q is too long.
    pub(super) fn rational_power(
        &mut self,
        a: &Quotient,
        q: &Rational,
    ) -> Result<Option<Quotient>, Obstacle> {
        let Some((n, d)) = q.numer().to_i64().zip(q.denom().to_i64()) else {
            return Ok(None);
        };
        let root = self.root(d, a)?;
        self.power(&root, n)
    }

    /// The principal n-th root of what is not negative.
    ///
    /// Factors that are not negative have roots of their own. Of the others, even
    /// roots give the absolute values of n-th powers; where such a factor is 0,
    /// so is the product, whatever the root of the rest is taken for.
    pub(super) fn root(&mut self, n: i64, a: &Quotient) -> Result<Quotient, Obstacle> {
        if n == 1 || a.is_zero() {
            return Ok(a.clone());
        }
        let mut result = Quotient::integer(1);
        for (factor, e) in factors(&a.coefficient) {
            let (whole, rest) = (e.div_euclid(n), e.rem_euclid(n));
            let inside = Quotient::constant(Rational::from(&factor));
            if let Some(power) = self.power(&inside, whole)? {
                result = self.times(&result, &power)?;
            }
            if rest != 0 {
                let symbol = self.intern(Kernel::Root(n, inside))?;
                result = self.times_power(&result, symbol, Exponent::integer(rest))?;
            }
        }
        let sign = if a.coefficient < 0 { -1 } else { 1 };
        let mut rest = Quotient::integer(sign);
        for &(symbol, exponent) in a.product.powers() {
            if let Kernel::Exp(_) = &*self.kernel(symbol) {
                let part = Exponent::rational(&Rational::from((1, n))).ok_or(Obstacle::Size)?;
                result = self.times_power(&result, symbol, exponent.times(part)?)?;
                continue;
            }
            let e = exponent.to_integer().ok_or(Obstacle::Size)?;
            let sign = self.sign_of(symbol, true);
            if sign.is_some_and(|sign| !sign.negative) {
                let (whole, part) = (e.div_euclid(n), e.rem_euclid(n));
                result = self.times_power(&result, symbol, Exponent::integer(whole))?;
                if part != 0 {
                    let root = self.merged(Kernel::Root(n, Quotient::symbol(symbol)))?;
                    result = self.times_power(&result, root, Exponent::integer(part))?;
                }
                continue;
            }
            // s^(nq + r), n even: |s|^q times the root of s^r.
            let whole = if n % 2 == 0 { e.div_euclid(n) } else { 0 };
            if whole != 0 {
                let power = Monomial::power_of(symbol, Exponent::integer(whole));
                let power = self.normal(Rational::from(1), power)?;
                let power = self.abs(&power)?;
                result = self.times(&result, &power)?;
            }
            rest = self.times_power(&rest, symbol, Exponent::integer(e - whole * n))?;
        }
        if rest.as_constant().is_some_and(|rest| *rest == 1) {
            return Ok(result);
        }
        let symbol = self.merged(Kernel::Root(n, rest))?;
        self.times_power(&result, symbol, Exponent::ONE)
    }

    /// The real cube root, which has no exceptions: ∛(ab) = ∛a·∛b.
    pub(super) fn cbrt(&mut self, a: &Quotient) -> Result<Quotient, Obstacle> {
        let magnitude = Quotient::constant(Rational::from(a.coefficient.abs_ref()));
        let mut result = self.root(3, &magnitude)?;
        if a.coefficient < 0 {
            result = result.negative();
        }
        for &(symbol, exponent) in a.product.powers() {
            let (symbol, exponent) = match &*self.kernel(symbol) {
                Kernel::Exp(_) => {
                    let part = Exponent::rational(&Rational::from((1, 3))).ok_or(Obstacle::Size)?;
                    (symbol, exponent.times(part)?)
                }
                _ => (self.intern(Kernel::Cbrt(symbol))?, exponent),
            };
            result = self.times_power(&result, symbol, exponent)?;
        }
        Ok(result)
    }

    /// a·s^e.
    fn times_power(
        &mut self,
        a: &Quotient,
        symbol: Symbol,
        exponent: Exponent,
    ) -> Result<Quotient, Obstacle> {
        let power = self.normal(Rational::from(1), Monomial::power_of(symbol, exponent))?;
        self.times(a, &power)
    }

    /// The sine: odd.
    pub(super) fn sin(&mut self, a: &Quotient) -> Result<Quotient, Obstacle> {
        if a.is_zero() {
            return Ok(Quotient::integer(0));
        }
        let negative = a.coefficient < 0;
        let inner = if negative { a.negative() } else { a.clone() };
        let sine = Quotient::symbol(self.merged(Kernel::Sin(inner))?);
        Ok(if negative { sine.negative() } else { sine })
    }

    /// The cosine: even. Of sin(a) first, so that cos(a) goes by the same a.
    pub(super) fn cos(&mut self, a: &Quotient) -> Result<Quotient, Obstacle> {
        if a.is_zero() {
            return Ok(Quotient::integer(1));
        }
        let inner = if a.coefficient < 0 {
            a.negative()
        } else {
            a.clone()
        };
        let sine = self.merged(Kernel::Sin(inner))?;
        let inner = match &*self.kernel(sine) {
            Kernel::Sin(inner) => inner.clone(),
            _ => return Err(Obstacle::Size),
        };
        Ok(Quotient::symbol(self.intern(Kernel::Cos(inner))?))
    }
}
