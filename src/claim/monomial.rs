//! Products of powers of symbols, and the exponents in them.

use super::Obstacle;
use std::cmp::Ordering;

/// The index of a kernel in its table.
pub(super) type Symbol = u32;

/// A rational exponent. Only exponentials have one that is no integer:
/// exp(m)^(p/q) is exp(m·p/q), for exp(m) is positive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Exponent {
    numerator: i64,
    /// Positive, and without a factor that the numerator has.
    denominator: i64,
}

impl Exponent {
    pub(super) const ZERO: Exponent = Exponent::integer(0);
    pub(super) const ONE: Exponent = Exponent::integer(1);

    pub(super) const fn integer(n: i64) -> Self {
        Exponent {
            numerator: n,
            denominator: 1,
        }
    }

    fn reduced(numerator: i128, denominator: i128) -> Result<Self, Obstacle> {
        let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = i128::try_from(a.max(1)).map_err(|_| Obstacle::Size)?;
        let small = |n: i128| i64::try_from(n / divisor).map_err(|_| Obstacle::Size);
        Ok(Exponent {
            numerator: small(numerator)?,
            denominator: small(denominator)?,
        })
    }

    /// A rational number as an exponent, if it is short.
    pub(super) fn rational(x: &rug::Rational) -> Option<Self> {
        Some(Exponent {
            numerator: x.numer().to_i64()?,
            denominator: x.denom().to_i64()?,
        })
    }

    pub(super) fn to_rational(self) -> rug::Rational {
        rug::Rational::from((self.numerator, self.denominator))
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, Obstacle> {
        let [a, b, c, d] = [
            self.numerator,
            self.denominator,
            other.numerator,
            other.denominator,
        ]
        .map(i128::from);
        // Each product is below 2^126, the sum below 2^127.
        Self::reduced(a * d + c * b, b * d)
    }

    pub(super) fn times(self, other: Self) -> Result<Self, Obstacle> {
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        Self::reduced(
            product(self.numerator, other.numerator),
            product(self.denominator, other.denominator),
        )
    }

    pub(super) fn negative(self) -> Result<Self, Obstacle> {
        self.times(Exponent::integer(-1))
    }

    pub(super) fn sign(self) -> Ordering {
        self.numerator.cmp(&0)
    }

    pub(super) fn to_integer(self) -> Option<i64> {
        (self.denominator == 1).then_some(self.numerator)
    }
}

impl Ord for Exponent {
    fn cmp(&self, other: &Self) -> Ordering {
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        product(self.numerator, other.denominator).cmp(&product(other.numerator, self.denominator))
    }
}

impl PartialOrd for Exponent {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A product of powers of symbols: ordered by symbol, no exponent 0.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Monomial(Vec<(Symbol, Exponent)>);

impl Monomial {
    /// The empty product, 1.
    pub(super) fn one() -> Self {
        Monomial::default()
    }

    pub(super) fn power_of(symbol: Symbol, exponent: Exponent) -> Self {
        let zero = exponent == Exponent::ZERO;
        Monomial(if zero {
            Vec::new()
        } else {
            vec![(symbol, exponent)]
        })
    }

    /// The powers, ordered by symbol.
    pub(super) fn powers(&self) -> &[(Symbol, Exponent)] {
        &self.0
    }

    pub(super) fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    /// The exponent of a symbol, 0 where it does not occur.
    pub(super) fn exponent(&self, symbol: Symbol) -> Exponent {
        match self.0.binary_search_by_key(&symbol, |power| power.0) {
            Ok(at) => self.0[at].1,
            Err(_) => Exponent::ZERO,
        }
    }

    /// Both lists' exponents, symbol by symbol, made one by `f`.
    fn merged(
        &self,
        other: &Self,
        f: impl Fn(Exponent, Exponent) -> Result<Exponent, Obstacle>,
    ) -> Result<Self, Obstacle> {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut powers = Vec::with_capacity(self.0.len() + other.0.len());
        loop {
            let symbol = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.0.min(y.0),
                (Some(x), None) | (None, Some(x)) => x.0,
                (None, None) => return Ok(Monomial(powers)),
            };
            let take = |list: &mut std::iter::Peekable<std::slice::Iter<(Symbol, Exponent)>>| {
                list.next_if(|power| power.0 == symbol)
                    .map_or(Exponent::ZERO, |power| power.1)
            };
            let exponent = f(take(&mut a), take(&mut b))?;
            if exponent != Exponent::ZERO {
                powers.push((symbol, exponent));
            }
        }
    }

    pub(super) fn times(&self, other: &Self) -> Result<Self, Obstacle> {
        self.merged(other, Exponent::plus)
    }

    pub(super) fn over(&self, other: &Self) -> Result<Self, Obstacle> {
        self.merged(other, |a, b| a.plus(b.negative()?))
    }

    /// The least exponents of both, where a symbol that does not occur has 0.
    pub(super) fn least(&self, other: &Self) -> Result<Self, Obstacle> {
        self.merged(other, |a, b| Ok(a.min(b)))
    }

    /// Every exponent times a number.
    pub(super) fn power(&self, n: Exponent) -> Result<Self, Obstacle> {
        let power = |&(symbol, exponent): &(Symbol, Exponent)| Ok((symbol, exponent.times(n)?));
        let powers: Result<Vec<_>, Obstacle> = self.0.iter().map(power).collect();
        let mut powers = powers?;
        powers.retain(|power| power.1 != Exponent::ZERO);
        Ok(Monomial(powers))
    }

    /// The powers that satisfy a test, and the others.
    pub(super) fn parted(&self, test: impl Fn(Symbol, Exponent) -> bool) -> (Self, Self) {
        let (yes, no) = self.0.iter().partition(|power| test(power.0, power.1));
        (Monomial(yes), Monomial(no))
    }
}
