//! Floating-point formats as values.
//!
//! A [`Format`] is a set of numbers and a way to round into it: precision p
//! (bits of the significand, the leading one included), the exponents emin and
//! emax of the least and the greatest normal number written 1.b₁b₂… × 2^e,
//! what stands above the largest number, and the rounding mode. The words are
//! those of IEEE 754-2019 and of Muller et al., *Handbook of Floating-Point
//! Arithmetic*. It may also say that functions are computed in a wider format
//! ([`Format::functions`]).

mod encoding;
mod name;
mod narrow;
mod neighbours;
mod numeral;
mod round;
mod shortest;

pub use encoding::{Fields, Pattern};
pub use name::{FormatError, NAMED_FORMATS, NamedFormat};
pub use narrow::Narrow;
pub(crate) use numeral::whole;
pub use numeral::{Numeral, NumeralError};
pub use round::Rounded;
pub use shortest::{exact_decimal, hexadecimal, leading_decimal, shortest_decimal};
pub(crate) use shortest::{place_point, scientific};

use rug::float::Round;
use rug::{Float, Integer, Rational};

/// The greatest precision that `mpfr:P` and every evaluation may ask for, in
/// bits. At it one number takes two megabytes.
pub const MAX_PRECISION: u32 = 1 << 24;

/// MPFR's exponent range in IEEE's terms (significands in [1, 2)): 2^e with
/// −2^30 ≤ e ≤ 2^30 − 2. MPFR itself writes significands in [1/2, 1).
pub const MPFR_EMAX: i32 = (1 << 30) - 2;
/// See [`MPFR_EMAX`].
pub const MPFR_EMIN: i32 = -(1 << 30);

/// Which way to round.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rounding {
    /// To nearest, ties to even (`rne`).
    NearestEven,
    /// To nearest, ties away from zero (`rna`).
    NearestAway,
    /// Toward zero (`rz`).
    Zero,
    /// Toward +∞ (`ru`).
    Up,
    /// Toward −∞ (`rd`).
    Down,
}

impl Rounding {
    /// The short name that stands behind the slash in a format's name.
    pub fn name(self) -> &'static str {
        match self {
            Rounding::NearestEven => "rne",
            Rounding::NearestAway => "rna",
            Rounding::Zero => "rz",
            Rounding::Up => "ru",
            Rounding::Down => "rd",
        }
    }
}

/// What a format holds beside finite numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Specials {
    /// Infinities and NaN, as IEEE 754 has them.
    Ieee,
    /// NaN but no infinity (OCP's `fn` with eight bits).
    NanOnly,
    /// Neither (OCP's formats of four and six bits).
    Nothing,
    /// `mpfr:P`: infinities and NaN, but the exponent's limits are MPFR's and
    /// not part of any format: leaving them is *out of range*, no overflow.
    Mpfr,
}

/// A floating-point format with its rounding; see the module's page.
///
/// `S@W` (`bf16@f32`) is the format S whose functions are computed in the wider
/// format W, as machine learning frameworks do. Operators (`+ - * /`,
/// comparisons, `if`, …), inputs, literals and constants are rounded to S.
/// Every built-in function (`exp`, `tanh`, …; also `^`, which is `pow`) is
/// computed in W from numbers of S, and its result is stored: rounded to S. A
/// function of the prelude (`sigmoid`, …) is one function: its whole body, with
/// all that it calls, is computed in W, and its result is stored. A function
/// that the user defined is the user's own program: its operators are rounded
/// to S, and the functions that it calls are computed in W and stored.
///
/// As a set of numbers and as a rounding `S@W` is S.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Format {
    precision: u32,
    emin: i32,
    emax: i32,
    specials: Specials,
    explicit_leading_bit: bool,
    rounding: Rounding,
    flush_to_zero: bool,
    saturate: bool,
    functions: Option<Wide>,
}

/// What makes a format that rounds to nearest even.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Wide {
    precision: u32,
    emin: i32,
    emax: i32,
    specials: Specials,
    explicit_leading_bit: bool,
}

impl Format {
    /// binary16.
    pub const F16: Format = Format::ieee(5, 11);
    /// bfloat16: binary32's exponents with 8 bits of precision.
    pub const BF16: Format = Format::ieee(8, 8);
    /// binary32.
    pub const F32: Format = Format::ieee(8, 24);
    /// binary64.
    pub const F64: Format = Format::ieee(11, 53);
    /// binary128.
    pub const F128: Format = Format::ieee(15, 113);

    /// An IEEE-like format with this many exponent bits and this precision.
    const fn ieee(exponent_bits: u32, precision: u32) -> Format {
        let emax = (1 << (exponent_bits - 1)) - 1;
        Format {
            precision,
            emin: 1 - emax,
            emax,
            specials: Specials::Ieee,
            explicit_leading_bit: false,
            rounding: Rounding::NearestEven,
            flush_to_zero: false,
            saturate: false,
            functions: None,
        }
    }

    const fn ocp(precision: u32, emin: i32, emax: i32, specials: Specials) -> Format {
        Format {
            emin,
            emax,
            specials,
            ..Format::ieee(8, precision)
        }
    }

    /// MPFR's numbers of p bits, rounded to nearest even. `None` unless
    /// 2 ≤ p ≤ [`MAX_PRECISION`].
    pub fn mpfr(precision: u32) -> Option<Format> {
        (2..=MAX_PRECISION)
            .contains(&precision)
            .then(|| Format::ocp(precision, MPFR_EMIN, MPFR_EMAX, Specials::Mpfr))
    }

    /// The precision p in bits.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// The exponent of the least normal number.
    pub fn emin(&self) -> i32 {
        self.emin
    }

    /// The exponent of the largest number.
    pub fn emax(&self) -> i32 {
        self.emax
    }

    /// What it holds beside finite numbers.
    pub fn specials(&self) -> Specials {
        self.specials
    }

    /// How it rounds.
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// Whether subnormal inputs and results become zero.
    pub fn flushes_to_zero(&self) -> bool {
        self.flush_to_zero
    }

    /// Whether it has infinities.
    pub fn has_infinity(&self) -> bool {
        matches!(self.specials, Specials::Ieee | Specials::Mpfr)
    }

    /// Whether it has NaN.
    pub fn has_nan(&self) -> bool {
        self.specials != Specials::Nothing
    }

    /// Whether this is `mpfr:P`, whose exponent range is no part of it.
    pub fn is_mpfr(&self) -> bool {
        self.specials == Specials::Mpfr
    }

    /// The same numbers with another rounding.
    pub fn with_rounding(self, rounding: Rounding) -> Format {
        Format { rounding, ..self }
    }

    /// The same numbers, rounded to nearest even, with subnormals, no
    /// saturation beyond what the format itself demands: what `rn` rounds to.
    pub fn nearest(self) -> Format {
        Format {
            rounding: Rounding::NearestEven,
            flush_to_zero: false,
            saturate: false,
            functions: None,
            ..self
        }
    }

    /// The format W in which `S@W` computes its functions; `None` for a format
    /// that computes them in itself.
    pub fn functions(&self) -> Option<Format> {
        self.functions.map(|wide| Format {
            precision: wide.precision,
            emin: wide.emin,
            emax: wide.emax,
            specials: wide.specials,
            explicit_leading_bit: wide.explicit_leading_bit,
            ..Format::F64
        })
    }

    /// This format with its functions computed in another, which rounds to
    /// nearest even; `None` unless that is wider.
    pub fn with_functions(self, functions: Format) -> Option<Format> {
        let plain = functions == functions.nearest();
        (plain && functions.is_wider_than(&self)).then_some(Format {
            functions: Some(Wide {
                precision: functions.precision,
                emin: functions.emin,
                emax: functions.emax,
                specials: functions.specials,
                explicit_leading_bit: functions.explicit_leading_bit,
            }),
            ..self
        })
    }

    /// S with its modes, of `S@W`: where results are stored.
    pub fn storage(self) -> Format {
        Format {
            functions: None,
            ..self
        }
    }

    /// Whether it has at least the other's precision, its exponents and its
    /// special values, and more precision or more exponents: it holds every
    /// number of the other, and more.
    /// Whether every number of the other format is one of this one too.
    pub(crate) fn holds_all_of(&self, other: &Format) -> bool {
        let numbers = |format: &Format| format.storage().nearest().without_saturation();
        numbers(self) == numbers(other) || numbers(self).is_wider_than(&numbers(other))
    }

    fn is_wider_than(&self, other: &Format) -> bool {
        let range = |format: &Format| (format.precision, format.emin, format.emax);
        self.precision >= other.precision
            && self.emin <= other.emin
            && self.largest() >= other.largest()
            && self.has_infinity() >= other.has_infinity()
            && self.has_nan() >= other.has_nan()
            && range(self) != range(other)
    }

    /// The same numbers rounded to nearest even, with infinities above them.
    pub(crate) fn without_saturation(self) -> Format {
        Format {
            specials: match self.specials {
                Specials::Nothing => Specials::Ieee,
                other => other,
            },
            ..self.nearest()
        }
    }

    /// Whether it saturates: by its mode, or because it has nothing above its
    /// largest number.
    pub fn saturates(&self) -> bool {
        self.saturate || self.specials == Specials::Nothing
    }

    /// The total width of an encoding in bits; `None` for `mpfr:P`.
    pub fn width(&self) -> Option<u32> {
        if self.is_mpfr() {
            return None;
        }
        Some(1 + self.exponent_bits() + self.stored_bits())
    }

    /// The stored bits of the significand (with f80's leading one).
    pub(crate) fn stored_bits(&self) -> u32 {
        self.precision - u32::from(!self.explicit_leading_bit)
    }

    /// The width of the exponent field.
    pub(crate) fn exponent_bits(&self) -> u32 {
        // emin = 2 − 2^(X−1) in an IEEE-like format, and in the OCP ones too
        // but for f4e2m1fn and f6e2m3fn, whose bias is 1: emin = 0 there as well.
        (2 - i64::from(self.emin)).ilog2() + 1
    }

    /// The largest finite number.
    pub fn largest(&self) -> Float {
        // All ones, except where all ones is NaN's encoding.
        let step = if self.specials == Specials::NanOnly {
            2
        } else {
            1
        };
        let significand = (Integer::from(1) << self.precision) - Integer::from(step);
        let shift = self.emax - (self.precision as i32 - 1);
        Float::with_val(self.precision, significand) << shift
    }

    /// 2^e at this format's precision.
    fn power_of_two(&self, exponent: i32) -> Float {
        Float::with_val(self.precision, 1) << exponent
    }

    /// The least positive normal number.
    pub fn least_normal(&self) -> Float {
        self.power_of_two(self.emin)
    }

    /// The exponent of the least positive subnormal number; for `mpfr:P`,
    /// which has none, that of the least number.
    pub fn least_exponent(&self) -> i32 {
        if self.is_mpfr() {
            self.emin
        } else {
            self.emin - (self.precision as i32 - 1)
        }
    }

    /// The least positive number.
    pub fn least(&self) -> Float {
        self.power_of_two(self.least_exponent())
    }

    /// The exponent of ulp(x) for |x| in [2^e, 2^(e+1)): max(e, emin) − p + 1.
    /// It goes on above the largest number.
    pub fn ulp_exponent(&self, e: i32) -> i64 {
        i64::from(e.max(self.emin)) - i64::from(self.precision) + 1
    }

    /// MPFR's own mode that goes with this rounding; to nearest away has none
    /// and is made from truncation ([`Rounded`]).
    pub fn mpfr_round(&self) -> Round {
        match self.rounding {
            Rounding::NearestEven => Round::Nearest,
            Rounding::NearestAway | Rounding::Zero => Round::Zero,
            Rounding::Up => Round::Up,
            Rounding::Down => Round::Down,
        }
    }
}

/// The exponent e of 2^e ≤ |x| < 2^(e+1); `None` for 0, infinities and NaN.
pub fn exponent(x: &Float) -> Option<i32> {
    // MPFR's significands lie in [1/2, 1).
    x.get_exp().map(|e| e - 1)
}

/// The e of 2^e ≤ |x| < 2^(e+1); `None` for 0.
pub fn exponent_of_rational(x: &Rational) -> Option<i32> {
    let (above, below) = (x.numer(), x.denom());
    if above.is_zero() {
        return None;
    }
    // 2^(a−1) ≤ |numer| < 2^a and 2^(b−1) ≤ denom < 2^b: e is a − b or one less.
    let guess = above.significant_bits() as i32 - below.significant_bits() as i32;
    let (mut above, mut below) = (above.clone().abs(), below.clone());
    if guess >= 0 {
        below <<= guess as u32;
    } else {
        above <<= guess.unsigned_abs();
    }
    Some(if above >= below { guess } else { guess - 1 })
}
