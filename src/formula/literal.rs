//! Numbers as a person wrote them: exact, with their text.

use crate::format::{Numeral, NumeralError};
use rug::{Integer, Rational};
use std::hash::{Hash, Hasher};

/// The greatest power of ten that a literal's exponent may name. It keeps the
/// exact value within half a megabyte.
pub const MAX_LITERAL_EXPONENT: u32 = 1_000_000;

/// The exact number that a person wrote (`0.8` is 4/5, `0x1.8p3` is 12,
/// `57%` is 57/100), with its text. Only an arithmetic rounds it.
///
/// ```
/// use ulpscope::formula::Literal;
/// assert_eq!(*Literal::parse("0.8").unwrap().value(), rug::Rational::from((4, 5)));
/// assert_eq!(*Literal::parse("0x1.8p3").unwrap().value(), 12);
/// assert_eq!(*Literal::parse("57%").unwrap().value(), rug::Rational::from((57, 100)));
/// ```
#[derive(Clone, Debug)]
pub struct Literal {
    text: String,
    value: Rational,
}

/// Why a text is not a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralError {
    /// It does not have a number's form.
    Malformed(NumeralError),
    /// Its exponent is beyond [`MAX_LITERAL_EXPONENT`].
    OutOfRange,
}

impl Literal {
    /// Reads a number; a `%` at its end divides it by 100.
    ///
    /// # Errors
    /// Where the text is no number, and where its exponent is out of range.
    pub fn parse(text: &str) -> Result<Self, LiteralError> {
        let (body, percent) = match text.strip_suffix('%') {
            Some(body) => (body, true),
            None => (text, false),
        };
        let numeral = Numeral::parse(body).map_err(LiteralError::Malformed)?;
        let mut value = numeral
            .to_rational(MAX_LITERAL_EXPONENT)
            .ok_or(LiteralError::OutOfRange)?;
        if percent {
            value /= 100;
        }
        Ok(Literal {
            text: text.to_string(),
            value,
        })
    }

    /// A value that nobody wrote; its text is the decimal, where the value is
    /// one, otherwise the quotient.
    ///
    /// ```
    /// use ulpscope::formula::Literal;
    /// assert_eq!(Literal::from_value(rug::Rational::from((7, 20))).text(), "0.35");
    /// assert_eq!(Literal::from_value(rug::Rational::from((1, 3))).text(), "1/3");
    /// ```
    pub fn from_value(value: Rational) -> Self {
        Literal {
            text: decimal(&value).unwrap_or_else(|| value.to_string()),
            value,
        }
    }

    /// A value that nobody sees: it has no text.
    pub fn unwritten(value: Rational) -> Self {
        Literal {
            text: String::new(),
            value,
        }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The exact value.
    pub fn value(&self) -> &Rational {
        &self.value
    }
}

/// The decimal that a value is, if its denominator has no other factors than 2
/// and 5.
fn decimal(value: &Rational) -> Option<String> {
    let mut rest = value.denom().clone();
    let twos = rest.remove_factor_mut(&Integer::from(2));
    let fives = rest.remove_factor_mut(&Integer::from(5));
    if rest != 1 {
        return None;
    }
    let places = twos.max(fives);
    // value·10^places is whole: 2^twos·5^fives divides 10^places.
    let scaled = value * Rational::from(Integer::from(Integer::u_pow_u(10, places)));
    let digits = scaled.numer().clone().abs().to_string();
    let places = places as usize;
    let sign = if value.is_negative() { "-" } else { "" };
    Some(match places {
        0 => format!("{sign}{digits}"),
        _ => {
            let digits = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = digits.split_at(digits.len() - places);
            format!("{sign}{whole}.{fraction}")
        }
    })
}

/// Literals are equal when their values are: `0.5` and `1e-1*5`'s `5e-1` are one node.
impl PartialEq for Literal {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Literal {}

impl Hash for Literal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
