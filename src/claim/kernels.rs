//! The table of kernels: what a quotient is made of.
//!
//! A proof takes kernels for independent variables, but for the relations here
//! (S² = a for S = √a, and its like). That is sound: where a polynomial
//! vanishes identically, modulo relations that hold, it vanishes for these
//! kernels. It proves less than all: sin(2x) and sin(x) are strangers.

use super::Obstacle;
use super::monomial::{Exponent, Monomial, Symbol};
use super::polynomial::{Budget, Polynomial};
use super::quotient::Quotient;
use crate::formula::Op;
use rug::{Integer, Rational};
use std::collections::HashMap;
use std::rc::Rc;

/// What a symbol stands for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Kernel {
    /// A primitive polynomial of at least two terms in symbols that are no sums.
    Sum(Polynomial),
    /// A variable.
    Input(String),
    /// π.
    Pi,
    /// log of an integer above 1 without small factors of its own.
    LogInteger(Integer),
    /// log|s|.
    Log(Symbol),
    /// e to the power of a quotient whose coefficient is 1 where that could be
    /// moved to the exponent.
    Exp(Quotient),
    /// The n-th root, principal: real and not negative where the operand is so.
    Root(i64, Quotient),
    /// The real cube root of a symbol.
    Cbrt(Symbol),
    /// |s|.
    Abs(Symbol),
    /// The sine.
    Sin(Quotient),
    /// The cosine of what has a sine in the table.
    Cos(Quotient),
    /// An operation of which nothing is known but that it is a function.
    Opaque(Op, Vec<Quotient>),
}

/// What is known of a number's sign: whether it is below 0, and whether 0 is
/// excluded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sign {
    pub(super) negative: bool,
    pub(super) strict: bool,
}

impl Sign {
    pub(super) const POSITIVE: Sign = Sign {
        negative: false,
        strict: true,
    };
    pub(super) const NONNEGATIVE: Sign = Sign {
        negative: false,
        strict: false,
    };
}

/// Sums longer than this have no sign that is known.
const MAX_TERMS_FOR_SIGN: usize = 64;
/// How many older kernels of one operation a new one is compared with.
const MAX_COMPARED: usize = 16;

/// See the chapter's page.
#[derive(Debug)]
pub(super) struct Kernels {
    kernels: Vec<Rc<Kernel>>,
    index: HashMap<Rc<Kernel>, Symbol>,
    /// s^n = a.
    relations: HashMap<Symbol, (i64, Rc<Quotient>)>,
    /// What holds at every point at which both sides are defined.
    pub(super) facts: HashMap<Symbol, Sign>,
    /// Kernels with operands that were made by nodes defined wherever the whole
    /// formula is.
    lasting: Vec<Symbol>,
    /// Whether the node at hand is such a one.
    pub(super) strict: bool,
    /// Whether anything may be concluded from nodes being defined.
    pub(super) learns: bool,
    pub(super) budget: Budget,
}

impl Kernels {
    pub(super) fn new() -> Self {
        Kernels {
            kernels: Vec::new(),
            index: HashMap::new(),
            relations: HashMap::new(),
            facts: HashMap::new(),
            lasting: Vec::new(),
            strict: false,
            learns: true,
            budget: Budget::new(),
        }
    }

    /// A table that takes nothing for granted: what it says of a node holds
    /// wherever the node's own operands are defined.
    pub(super) fn plain() -> Self {
        Kernels {
            learns: false,
            ..Self::new()
        }
    }

    pub(super) fn kernel(&self, symbol: Symbol) -> Rc<Kernel> {
        self.kernels[symbol as usize].clone()
    }

    pub(super) fn sum(&self, symbol: Symbol) -> Option<&Polynomial> {
        match &*self.kernels[symbol as usize] {
            Kernel::Sum(polynomial) => Some(polynomial),
            _ => None,
        }
    }

    /// The n and a with s^n = a, if the kernel has such a relation. All symbols
    /// of a are older than s.
    pub(super) fn relation(&self, symbol: Symbol) -> Option<(i64, Rc<Quotient>)> {
        self.relations.get(&symbol).cloned()
    }

    /// The symbol of a kernel, which is new when the kernel is.
    pub(super) fn intern(&mut self, kernel: Kernel) -> Result<Symbol, Obstacle> {
        let size = match &kernel {
            Kernel::Sum(polynomial) => polynomial.terms().len(),
            _ => 1,
        };
        self.budget.spend(size)?;
        if let Some(&known) = self.index.get(&kernel) {
            return Ok(known);
        }
        let relation = match &kernel {
            Kernel::Root(n, a) => Some((*n, a.clone())),
            // |s|² = s², ∛s³ = s.
            Kernel::Abs(s) => {
                let square = Monomial::power_of(*s, Exponent::integer(2));
                Some((2, self.normal(Rational::from(1), square)?))
            }
            Kernel::Cbrt(s) => Some((3, Quotient::symbol(*s))),
            // sin² = 1 − cos².
            Kernel::Sin(a) => {
                let cos = self.intern(Kernel::Cos(a.clone()))?;
                let cos = Quotient::symbol(cos);
                let square = self.times(&cos, &cos)?;
                Some((2, self.minus(&Quotient::integer(1), &square)?))
            }
            _ => None,
        };
        let symbol = Symbol::try_from(self.kernels.len()).map_err(|_| Obstacle::Size)?;
        let kernel = Rc::new(kernel);
        self.kernels.push(kernel.clone());
        self.index.insert(kernel, symbol);
        if let Some((n, a)) = relation {
            self.relations.insert(symbol, (n, Rc::new(a)));
        }
        Ok(symbol)
    }

    /// The symbol of a kernel with quotients as operands: an older one where the
    /// operands are proved to be equal. That one's operands must be defined
    /// wherever the sides are, for only there is a proof worth anything.
    pub(super) fn merged(&mut self, kernel: Kernel) -> Result<Symbol, Obstacle> {
        if let Some(&known) = self.index.get(&kernel) {
            return Ok(known);
        }
        let mut compared = 0;
        for at in 0..self.lasting.len() {
            let old = self.lasting[at];
            let known = self.kernel(old);
            let Some(pairs) = comparable(&known, &kernel) else {
                continue;
            };
            compared += 1;
            if compared > MAX_COMPARED {
                break;
            }
            let mut equal = true;
            for (a, b) in pairs {
                equal = equal && self.minus(a, b)?.is_zero();
            }
            if equal {
                return Ok(old);
            }
        }
        let symbol = self.intern(kernel)?;
        if self.strict {
            self.lasting.push(symbol);
        }
        Ok(symbol)
    }

    /// The sign of a quotient where it is defined; with `facts`, where both
    /// sides are.
    pub(super) fn sign(&self, a: &Quotient, facts: bool) -> Option<Sign> {
        match a.coefficient.cmp0() {
            std::cmp::Ordering::Equal => Some(Sign::NONNEGATIVE),
            order => {
                let sign = self.sign_of_product(&a.product, facts)?;
                Some(Sign {
                    negative: sign.negative != order.is_lt(),
                    ..sign
                })
            }
        }
    }

    fn sign_of_product(&self, product: &Monomial, facts: bool) -> Option<Sign> {
        let mut result = Sign::POSITIVE;
        for &(symbol, exponent) in product.powers() {
            let known = self.sign_of(symbol, facts);
            let even = exponent.to_integer().is_some_and(|e| e % 2 == 0);
            let sign = if even {
                known.map_or(Sign::NONNEGATIVE, |sign| Sign {
                    negative: false,
                    ..sign
                })
            } else {
                known?
            };
            // A symbol with a negative exponent is not 0.
            result.strict &= sign.strict || exponent < Exponent::ZERO;
            result.negative ^= sign.negative;
        }
        Some(result)
    }

    /// The sign of a symbol.
    pub(super) fn sign_of(&self, symbol: Symbol, facts: bool) -> Option<Sign> {
        if facts && let Some(&fact) = self.facts.get(&symbol) {
            return Some(fact);
        }
        match &*self.kernels[symbol as usize] {
            Kernel::Pi | Kernel::LogInteger(_) | Kernel::Exp(_) => Some(Sign::POSITIVE),
            Kernel::Root(_, a) => {
                let inner = a.as_constant().is_some_and(|c| *c > 0);
                inner.then_some(Sign::POSITIVE).or(Some(Sign::NONNEGATIVE))
            }
            Kernel::Abs(_) => Some(Sign::NONNEGATIVE),
            Kernel::Sum(sum) if sum.terms().len() <= MAX_TERMS_FOR_SIGN => {
                let mut result: Option<Sign> = None;
                for (monomial, coefficient) in sum.terms() {
                    let mut sign = self.sign_of_product(monomial, facts)?;
                    sign.negative ^= *coefficient < 0;
                    result = match result {
                        None => Some(sign),
                        Some(known) if known.negative == sign.negative => Some(Sign {
                            strict: known.strict || sign.strict,
                            ..known
                        }),
                        Some(_) => return None,
                    };
                }
                result
            }
            Kernel::Sum(_)
            | Kernel::Input(_)
            | Kernel::Log(_)
            | Kernel::Cbrt(_)
            | Kernel::Sin(_)
            | Kernel::Cos(_)
            | Kernel::Opaque(..) => None,
        }
    }

    /// Takes note that a quotient is not negative, or (`strict`) positive,
    /// wherever both sides are defined. If one symbol's sign alone is open, that
    /// follows.
    pub(super) fn learn(&mut self, a: &Quotient, strict: bool) {
        let mut negative = a.coefficient < 0;
        let mut open = None;
        for &(symbol, exponent) in a.product.powers() {
            let even = exponent.to_integer().is_some_and(|e| e % 2 == 0);
            match self.sign_of(symbol, true) {
                Some(sign) if sign.strict || strict || exponent < Exponent::ZERO => {
                    negative ^= sign.negative && !even;
                }
                // It might be 0, and then nothing follows.
                _ if even && !strict && exponent > Exponent::ZERO => return,
                _ if even => {}
                _ if open.is_none() => open = Some((symbol, exponent)),
                _ => return,
            }
        }
        if let Some((symbol, exponent)) = open {
            let strict = strict || exponent < Exponent::ZERO;
            self.facts
                .entry(symbol)
                .or_insert(Sign { negative, strict });
        }
    }
}

/// The operands of two kernels of the same kind, in pairs.
fn comparable<'a>(
    a: &'a Kernel,
    b: &'a Kernel,
) -> Option<impl Iterator<Item = (&'a Quotient, &'a Quotient)> + use<'a>> {
    let (left, right): (&[Quotient], &[Quotient]) = match (a, b) {
        (Kernel::Root(m, a), Kernel::Root(n, b)) if m == n => {
            (std::slice::from_ref(a), std::slice::from_ref(b))
        }
        (Kernel::Sin(a), Kernel::Sin(b)) => (std::slice::from_ref(a), std::slice::from_ref(b)),
        (Kernel::Opaque(f, a), Kernel::Opaque(g, b)) if f == g && a.len() == b.len() => (a, b),
        _ => return None,
    };
    Some(left.iter().zip(right))
}
