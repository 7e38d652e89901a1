//! Two bounds, rounded outward, around a figure that is not negative (or whose
//! sign is known), and how they are printed.

use crate::format::{place_point, scientific};
use rug::Float;
use rug::float::Round;
use rug::ops::{AssignRound, NegAssign};
use serde::{Serialize, Serializer};
use std::cmp::Ordering;

/// A figure between two bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// At most the figure.
    pub lower: Float,
    /// At least the figure.
    pub upper: Float,
}

impl Bounds {
    /// The precision of bounds, in bits.
    pub const PRECISION: u32 = 64;

    /// A figure that is known exactly.
    pub fn point(value: u32) -> Self {
        let value = Float::with_val(Self::PRECISION, value);
        Bounds {
            lower: value.clone(),
            upper: value,
        }
    }

    /// Bounds of |x| for low ≤ x ≤ high.
    pub(super) fn magnitude_of(mut low: Float, mut high: Float) -> Self {
        if low.is_sign_negative() && high.is_sign_negative() || (low < 0 && high <= 0) {
            std::mem::swap(&mut low, &mut high);
            low.neg_assign();
            high.neg_assign();
        } else if low < 0 {
            low.neg_assign();
            if low > high {
                std::mem::swap(&mut low, &mut high);
            }
            low = Float::new(Self::PRECISION);
        }
        Bounds {
            lower: low.abs(),
            upper: high.abs(),
        }
    }

    /// Whether the bounds differ by at most 2^−bits of the figure.
    pub fn is_sharp(&self, bits: u32) -> bool {
        if self.lower == self.upper {
            return true;
        }
        if !self.upper.is_finite() || self.lower.is_zero() {
            return false;
        }
        let mut width = Float::new(Self::PRECISION);
        width.assign_round(&self.upper - &self.lower, Round::Up);
        let allowed = Float::with_val(Self::PRECISION, self.lower.abs_ref()) >> bits;
        width.partial_cmp(&allowed) != Some(Ordering::Greater)
    }

    /// The sum.
    pub fn plus(&self, other: &Bounds) -> Bounds {
        let add =
            |a: &Float, b: &Float, round| Float::with_val_round(Self::PRECISION, a + b, round).0;
        Bounds {
            lower: add(&self.lower, &other.lower, Round::Down),
            upper: add(&self.upper, &other.upper, Round::Up),
        }
    }

    /// The quotient, for non-negative bounds.
    pub(super) fn over(&self, divisor: &Bounds) -> Bounds {
        let divide =
            |a: &Float, b: &Float, round| Float::with_val_round(Self::PRECISION, a / b, round).0;
        let lower = if divisor.upper.is_infinite() || self.lower.is_zero() {
            Float::new(Self::PRECISION)
        } else {
            divide(&self.lower, &divisor.upper, Round::Down)
        };
        Bounds {
            lower,
            upper: divide(&self.upper, &divisor.lower, Round::Up),
        }
    }

    pub(super) fn times_power_of_two(&self, power: i64) -> Bounds {
        let power = i32::try_from(power).expect("the exponents of two numbers' quotient");
        let scale = |x: &Float, round| {
            let mut scaled = Float::new(Self::PRECISION);
            scaled.assign_round(x << power, round);
            scaled
        };
        Bounds {
            lower: scale(&self.lower, Round::Down),
            upper: scale(&self.upper, Round::Up),
        }
    }

    /// −log2, held in 0..p.
    pub(super) fn correct_bits(&self, precision: u32) -> Bounds {
        let held = |x: &Float, round: Round| {
            if x.is_zero() {
                return Float::with_val(Self::PRECISION, precision);
            }
            // −log2 turns the direction round.
            let opposite = if round == Round::Down {
                Round::Up
            } else {
                Round::Down
            };
            let mut log = Float::with_val_round(Self::PRECISION, x.log2_ref(), opposite).0;
            log.neg_assign();
            let zero = Float::new(Self::PRECISION);
            let most = Float::with_val(Self::PRECISION, precision);
            log.max(&zero).min(&most)
        };
        Bounds {
            lower: held(&self.upper, Round::Down),
            upper: held(&self.lower, Round::Up),
        }
    }

    /// Whether the figure is proved to be above a power of two.
    pub fn exceeds_power_of_two(&self, power: i32) -> bool {
        self.lower > (Float::with_val(Self::PRECISION, 1) << power)
    }

    /// Significant digits rounded to nearest, as few as `digits` if the two
    /// bounds agree in them, more otherwise; `None` where they do not agree.
    fn rounded(&self, digits: usize) -> Option<(bool, String, i64)> {
        let text = |x: &Float, count| x.to_sign_string_exp_round(10, Some(count), Round::Nearest);
        (digits..digits + 8).find_map(|count| {
            let (low, high) = (text(&self.lower, count), text(&self.upper, count));
            (low == high).then(|| (low.0, low.1, i64::from(low.2.unwrap_or(1)) - 1))
        })
    }

    /// `2.6e-13`: at least `digits` digits, rounded to nearest and certain; or
    /// `≤ 3e-900` where only the upper bound is known.
    pub fn decimal(&self, digits: usize) -> String {
        self.scaled_decimal(digits, 0)
    }

    /// The decimal of the figure times 10^shift.
    fn scaled_decimal(&self, digits: usize, shift: i64) -> String {
        if self.lower.is_infinite() {
            return "inf".into();
        }
        if self.upper.is_zero() {
            return "0".into();
        }
        let end = |x: &Float, round: Round, digits: usize| {
            let (negative, text, e) = x.to_sign_string_exp_round(10, Some(digits), round);
            let sign = if negative { "-" } else { "" };
            format!(
                "{sign}{}",
                figure(&text, i64::from(e.unwrap_or(1)) - 1 + shift)
            )
        };
        if self.lower < 0 && self.upper >= 0 {
            // Of either sign: the farther end bounds it.
            let least = Float::with_val(Self::PRECISION, self.lower.abs_ref());
            return format!("0 ± {}", end(&least.max(&self.upper), Round::Up, digits));
        }
        if self.upper.is_infinite() {
            return format!("≥ {}", end(&self.lower, Round::Down, digits));
        }
        // 228 shows three digits, so three are certain; 15000000 is 1.5e7.
        let whole = exponent_of_ten(&self.lower) + shift + 1;
        let certain = match usize::try_from(whole) {
            Ok(whole) if whole <= PLAIN as usize + 1 => digits.max(whole),
            _ => digits,
        };
        match self.rounded(certain) {
            Some((negative, text, exponent)) => {
                let sign = if negative { "-" } else { "" };
                format!("{sign}{}", figure(&text, exponent + shift))
            }
            None if self.lower.is_zero() => format!("≤ {}", end(&self.upper, Round::Up, digits)),
            None => format!(
                "{} … {}",
                end(&self.lower, Round::Down, digits),
                end(&self.upper, Round::Up, digits)
            ),
        }
    }

    /// A relative error: in percent from 0.1 % to 1000 %, otherwise plain.
    pub fn percent_or_plain(&self) -> String {
        let large = self
            .lower
            .cmp_abs(&Float::with_val(32, 0.001))
            .is_some_and(Ordering::is_ge);
        let huge = self
            .upper
            .cmp_abs(&Float::with_val(32, 10))
            .is_some_and(Ordering::is_ge);
        let signed = self.lower < 0 && self.upper >= 0;
        if large && !huge && !signed {
            format!("{} %", self.scaled_decimal(2, 2))
        } else {
            self.decimal(2)
        }
    }

    /// In percent, whatever its size; less than half a percent is 0 %.
    pub fn percent(&self) -> String {
        let half = Float::with_val(Self::PRECISION, 0.005);
        let small = |x: &Float| x.cmp_abs(&half).is_some_and(Ordering::is_lt);
        if small(&self.lower) && small(&self.upper) {
            return "0 %".into();
        }
        format!("{} %", self.scaled_decimal(2, 2))
    }

    /// As many digits, up to 17, as both bounds agree in when rounded to
    /// nearest; `lower..upper` where they do not agree in two.
    pub fn full(&self) -> String {
        if !self.lower.is_finite() || self.upper.is_zero() {
            return outward(&self.lower, Round::Down, 20);
        }
        let text = |x: &Float, count| x.to_sign_string_exp_round(10, Some(count), Round::Nearest);
        let agreed = (2..=17).rev().find_map(|count| {
            let low = text(&self.lower, count);
            (low == text(&self.upper, count)).then_some(low)
        });
        match agreed {
            Some((negative, digits, e)) => {
                let sign = if negative { "-" } else { "" };
                format!(
                    "{sign}{}",
                    place_point(&digits, i64::from(e.unwrap_or(1)) - 1)
                )
            }
            None => format!(
                "{}..{}",
                outward(&self.lower, Round::Down, 20),
                outward(&self.upper, Round::Up, 20)
            ),
        }
    }

    /// One digit behind the point, as for counts of bits.
    pub fn tenths(&self) -> String {
        let tenths = |x: &Float, round| {
            let scaled = Float::with_val_round(Self::PRECISION, x * 10u32, round).0;
            scaled.round().to_integer()
        };
        let low = tenths(&self.lower, Round::Down);
        let high = tenths(&self.upper, Round::Up);
        match (low, high) {
            (Some(low), Some(high)) if low == high => {
                let (whole, tenth) = low.div_rem(10.into());
                if tenth.is_zero() {
                    whole.to_string()
                } else {
                    format!("{whole}.{tenth}")
                }
            }
            _ => self.decimal(3),
        }
    }
}

/// The greatest power of ten of a leading digit that is written without `e`.
const PLAIN: i64 = 3;

/// Digits as a figure: plainly from 0.001 to 9999, else with an `e`.
fn figure(digits: &str, exponent: i64) -> String {
    if (-3..=PLAIN).contains(&exponent) {
        place_point(digits, exponent)
    } else {
        scientific(digits, exponent)
    }
}

/// The power of ten of the leading digit, 0 for 0.
fn exponent_of_ten(x: &Float) -> i64 {
    let (_, _, exponent) = x.to_sign_string_exp_round(10, Some(2), Round::Zero);
    i64::from(exponent.unwrap_or(1)) - 1
}

/// Both bounds as decimals of 20 digits, rounded outward.
impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Texts {
            lower: String,
            upper: String,
        }
        Texts {
            lower: outward(&self.lower, Round::Down, 20),
            upper: outward(&self.upper, Round::Up, 20),
        }
        .serialize(serializer)
    }
}

/// That many digits, rounded in the given direction.
pub(crate) fn outward(x: &Float, round: Round, digits: usize) -> String {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if !x.is_finite() {
        return if x.is_nan() {
            "nan".into()
        } else {
            format!("{sign}inf")
        };
    }
    if x.is_zero() {
        return "0".into();
    }
    let (_, text, e) = x.to_sign_string_exp_round(10, Some(digits), round);
    format!(
        "{sign}{}",
        place_point(&text, i64::from(e.unwrap_or(1)) - 1)
    )
}
