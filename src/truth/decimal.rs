//! Decimal digits that are certain.

use crate::arithmetic::real::RealValue;
use crate::enclosure::Enclosure;
use crate::format::{place_point, whole};
use rug::float::Round;
use rug::ops::Pow;
use rug::{Float, Integer, Rational};

/// What a printed decimal says of the value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// It is the value.
    Exact,
    /// They are the value's first digits; more follow.
    Truncated,
    /// The value is at most this far away, on whichever side; digits as text.
    Within(String),
}

/// Decimal digits of a real value, each certain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertifiedDecimal {
    /// Sign and significant digits, without point; one zero for 0, empty for a
    /// computed infinity or NaN.
    digits: String,
    negative: bool,
    /// The first digit's power of ten.
    exponent: i64,
    special: Option<&'static str>,
    certainty: Certainty,
}

impl CertifiedDecimal {
    /// The first `count` digits, if they are decided.
    pub(super) fn truncated(value: &RealValue, count: usize) -> Option<Self> {
        if let Some(special) = value.special() {
            return Some(Self::special(special));
        }
        if let Some(exact) = value.exact() {
            return Some(Self::of_rational(exact, count));
        }
        Self::leading(value.enclosure(), count)
    }

    /// The first `count` digits of what is known of a value, if they are
    /// decided, or the nearest decimal of that length where the value is known to
    /// be close to it.
    pub fn of_value(value: &RealValue, count: usize) -> Option<Self> {
        let surely = value.special().is_some() || value.enclosure().is_surely();
        if !surely {
            return None;
        }
        Self::truncated(value, count).or_else(|| Self::near(value.enclosure(), count))
    }

    /// A number that two bound, which are in order: its first `count` digits, or
    /// the nearest decimal of that length where they straddle it closely.
    pub fn between(lo: &Float, hi: &Float, count: usize) -> Option<Self> {
        let mut enclosure = Enclosure::new(lo.prec().max(hi.prec()));
        enclosure.assign_bounds(lo, hi);
        Self::leading(&enclosure, count).or_else(|| Self::near(&enclosure, count))
    }

    /// The first `count` digits, if all that is enclosed shares them.
    fn leading(enclosure: &Enclosure, count: usize) -> Option<Self> {
        if enclosure.lo().is_infinite() || enclosure.hi().is_infinite() {
            return None;
        }
        let negative = match enclosure.sign()? {
            std::cmp::Ordering::Equal => return Some(Self::zero()),
            sign => sign.is_lt(),
        };
        let digits = |x: &Float| {
            let (_, digits, exponent) = x.to_sign_string_exp_round(10, Some(count), Round::Zero);
            (digits, exponent)
        };
        let (low, high) = (digits(enclosure.lo()), digits(enclosure.hi()));
        // A point that is no short rational, such as 2^(10^9), is exact still,
        // but its digits end far behind those shown.
        (low == high).then(|| CertifiedDecimal {
            digits: low.0,
            negative,
            exponent: i64::from(low.1.unwrap_or(1)) - 1,
            special: None,
            certainty: Certainty::Truncated,
        })
    }

    /// The nearest decimal of `count` digits and how far the value may be from
    /// it, if that is closer than the last digit's unit.
    pub(super) fn near(enclosure: &Enclosure, count: usize) -> Option<Self> {
        let (lo, hi) = (enclosure.lo(), enclosure.hi());
        if !lo.is_finite() || !hi.is_finite() || enclosure.sign().is_none() {
            return None;
        }
        let (negative, digits, exponent) =
            lo.to_sign_string_exp_round(10, Some(count), Round::Nearest);
        let exponent = i64::from(exponent?) - 1;
        // |value − decimal| ≤ max(|lo − decimal|, |hi − decimal|), all exact.
        if exponent.unsigned_abs() > 2_000_000 {
            return None;
        }
        let significand = whole(&digits, 10);
        let scale = exponent - (count as i64 - 1);
        let power = Integer::from(10).pow(scale.unsigned_abs() as u32);
        let mut decimal = if scale >= 0 {
            Rational::from(significand * &power)
        } else {
            Rational::from((significand, power.clone()))
        };
        if negative {
            decimal = -decimal;
        }
        let low = (lo.to_rational()? - &decimal).abs();
        let high = (hi.to_rational()? - &decimal).abs();
        let most = low.max(high);
        let unit = if scale >= 0 {
            Rational::from(power)
        } else {
            Rational::from((Integer::from(1), power))
        };
        if Rational::from(&most * 1000u32) > unit {
            return None;
        }
        let (bound, _) = Float::with_val_round(32, &most, Round::Up);
        Some(CertifiedDecimal {
            digits,
            negative,
            exponent,
            special: None,
            certainty: Certainty::Within(upward(&bound, 2)),
        })
    }

    fn zero() -> Self {
        CertifiedDecimal {
            digits: "0".into(),
            negative: false,
            exponent: 0,
            special: None,
            certainty: Certainty::Exact,
        }
    }

    fn special(value: &Float) -> Self {
        let name = match (value.is_nan(), value.is_sign_negative()) {
            (true, _) => "NaN",
            (false, true) => "-inf",
            (false, false) => "inf",
        };
        CertifiedDecimal {
            special: Some(name),
            ..Self::zero()
        }
    }

    /// The first `count` digits of a rational; exact if no others follow.
    pub fn of_rational(value: &Rational, count: usize) -> Self {
        if value.is_zero() {
            return Self::zero();
        }
        let magnitude = Rational::from(value.abs_ref());
        // 10^e ≤ |value| < 10^(e+1): a guess from the bits, then put right.
        let bits = i64::from(magnitude.numer().significant_bits())
            - i64::from(magnitude.denom().significant_bits());
        let mut exponent = (bits as f64 * std::f64::consts::LOG10_2).floor() as i64 - 1;
        while magnitude >= power_of_ten(exponent + 1) {
            exponent += 1;
        }
        while magnitude < power_of_ten(exponent) {
            exponent -= 1;
        }
        let scaled = magnitude * power_of_ten(count as i64 - 1 - exponent);
        let exact = scaled.is_integer();
        let (_, whole) = scaled.fract_trunc(Integer::new());
        CertifiedDecimal {
            digits: whole.to_string(),
            negative: *value < 0,
            exponent,
            special: None,
            certainty: if exact {
                Certainty::Exact
            } else {
                Certainty::Truncated
            },
        }
    }

    /// How certain the digits are.
    pub fn certainty(&self) -> &Certainty {
        &self.certainty
    }

    /// Whether this is the value itself.
    pub fn is_exact(&self) -> bool {
        self.certainty == Certainty::Exact
    }
}

fn power_of_ten(exponent: i64) -> Rational {
    let power = Integer::from(10).pow(exponent.unsigned_abs() as u32);
    if exponent >= 0 {
        Rational::from(power)
    } else {
        Rational::from((Integer::from(1), power))
    }
}

/// `count` digits of a positive number, rounded up.
pub(crate) fn upward(x: &Float, count: usize) -> String {
    let (_, digits, exponent) = x.to_sign_string_exp_round(10, Some(count), Round::Up);
    place_point(&digits, i64::from(exponent.unwrap_or(1)) - 1)
}

/// `2.41093730995489722877…e-20`; an ellipsis says that digits follow, `± …`
/// that the value may lie on either side. An exact value has no mark.
impl std::fmt::Display for CertifiedDecimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(special) = self.special {
            return f.write_str(special);
        }
        let sign = if self.negative { "-" } else { "" };
        match &self.certainty {
            Certainty::Exact => write!(f, "{sign}{}", place_point(&self.digits, self.exponent)),
            Certainty::Truncated => {
                write!(f, "{sign}{}", with_ellipsis(&self.digits, self.exponent))
            }
            Certainty::Within(bound) => {
                write!(
                    f,
                    "{sign}{} ± {bound}",
                    place_point(&self.digits, self.exponent)
                )
            }
        }
    }
}

/// The digits with all their zeros, an ellipsis behind the last.
fn with_ellipsis(digits: &str, exponent: i64) -> String {
    let count = digits.len() as i64;
    if (0..count).contains(&exponent) {
        let (whole, fraction) = digits.split_at(exponent as usize + 1);
        return if fraction.is_empty() {
            format!("{whole}.…")
        } else {
            format!("{whole}.{fraction}…")
        };
    }
    if (-5..0).contains(&exponent) {
        return format!("0.{}{digits}…", "0".repeat((-exponent - 1) as usize));
    }
    let (first, rest) = digits.split_at(1);
    format!("{first}.{rest}…e{exponent}")
}
