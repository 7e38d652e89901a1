//! Tests of all operations on random inputs that lean to corners. Every random
//! test prints the seed of the case that fails.

mod containment;
mod faults;
mod rationals;

use super::{Defined, Enclosure};
use rug::float::{Constant, Special};
use rug::ops::Pow;
use rug::{Float, Rational};

/// Steele, Lea and Flood's SplitMix64 (OOPSLA 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }

    /// A finite number at, near or far from where functions change their ways.
    pub fn number(&mut self, precision: u32) -> Float {
        let small = Float::with_val(precision, self.below(9) as i32 - 4);
        let mut x = match self.below(9) {
            0 | 1 => small,
            2 => small / 2,
            // Near a multiple of π/2.
            3 => Float::with_val(precision, Float::with_val(precision, Constant::Pi) * small) / 2,
            // Near the least point of Γ.
            4 => Float::with_val(precision, 1.461_632_144_968_362_3),
            // Tiny and huge.
            5 => Float::with_val(precision, self.bits()) >> (64 + self.below(200) as u32),
            6 => Float::with_val(precision, self.bits()) << self.below(40) as u32,
            _ => Float::with_val(precision, self.bits()) >> 61,
        };
        match self.below(6) {
            0 => x.next_up(),
            1 => x.next_down(),
            2 => x = -x,
            _ => {}
        }
        x
    }

    /// A point, a thin interval, a wide one, a half-line or the line.
    pub fn enclosure(&mut self, precision: u32) -> Enclosure {
        let mut result = Enclosure::new(precision);
        let (a, b) = (self.number(precision), self.number(precision));
        let infinity = Float::with_val(precision, Special::Infinity);
        match self.below(12) {
            0..=2 => result.assign_point(&a),
            3 => {
                let mut above = a.clone();
                above.next_up();
                result.assign_bounds(&a, &above);
            }
            4 => result.assign_bounds(&a, &infinity),
            5 => result.assign_bounds(&-infinity, &a),
            6 => {
                let near = Float::with_val(precision, &a + 0.1);
                result.assign_bounds(&a, &near);
            }
            7 if self.below(4) == 0 => result.assign_whole(Defined::Surely),
            _ if a <= b => result.assign_bounds(&a, &b),
            _ => result.assign_bounds(&b, &a),
        }
        result
    }

    /// A number within the bounds, at a higher precision: an end, an integer, 0,
    /// or anything between.
    pub fn member(&mut self, x: &Enclosure, precision: u32) -> Float {
        let end = |bound: &Float, fallback: i32| {
            if bound.is_finite() {
                Float::with_val(precision, bound)
            } else {
                Float::with_val(precision, fallback) << 70u32
            }
        };
        let (lo, hi) = (end(&x.lo, -1), end(&x.hi, 1));
        let share = Float::with_val(precision, self.bits()) >> 64u32;
        let between = Float::with_val(precision, &hi - &lo) * share + &lo;
        let chosen = match self.below(6) {
            0 => lo,
            1 => hi,
            2 => Float::with_val(precision, between.floor_ref()),
            3 => Float::new(precision),
            _ => between,
        };
        if x.contains(&chosen) {
            chosen
        } else if x.lo.is_finite() {
            Float::with_val(precision, &x.lo)
        } else {
            end(&x.hi, 1)
        }
    }
}

/// A function of enclosures and, by another route, its value at numbers.
pub struct Operation {
    pub name: &'static str,
    pub arity: usize,
    pub apply: fn(&mut Enclosure, &[&Enclosure]),
    /// `None` where it is undefined. Computed once, to nearest, at the precision
    /// of the operands: rounding is monotone, so it leaves no bounds of less
    /// precision that the exact value lies in.
    pub value: fn(&[&Float]) -> Option<Float>,
}

fn defined_if(defined: bool, value: impl FnOnce() -> Float) -> Option<Float> {
    defined.then(value)
}

fn is_pole(x: &Float) -> bool {
    *x <= 0 && x.is_integer()
}

/// ψ⁽ⁿ⁾ for n = 1 and 2 as a difference quotient of ψ, with an error of about
/// (h/d)², d the distance to the nearest pole.
fn derivative_of_psi(n: u32, x: &Float) -> Float {
    if x.get_exp().is_some_and(|e| e < -1000) {
        // One term is all: 1/x² or −2/x³.
        let sign = if n == 1 { 1 } else { -2 };
        return Float::with_val(x.prec(), x.pow(-1 - n as i32)) * sign;
    }
    let nearest = Float::with_val(x.prec(), x.round_ref());
    let distance = if *x > 0 {
        x.clone()
    } else {
        Float::with_val(x.prec(), x - &nearest)
    };
    let (of_x, of_h) = (x.get_exp().unwrap(), distance.get_exp().unwrap() - 110);
    let bits = 110 * n + 260 + (of_x - of_h).max(0) as u32;
    let h = Float::with_val(2, 1) << of_h;
    let psi = |x: Float| Float::with_val(bits, x.digamma_ref());
    let left = psi(Float::with_val(bits, x - &h));
    let right = psi(Float::with_val(bits, x + &h));
    match n {
        1 => Float::with_val(bits, right - left) >> (of_h + 1),
        _ => {
            let middle = psi(Float::with_val(bits, x)) * 2u32;
            Float::with_val(bits, right + left - middle) >> (2 * of_h)
        }
    }
}

impl Enclosure {
    fn assign_psi(&mut self, n: i32, x: &Enclosure) {
        self.assign_polygamma(&rational(n, 1), x);
    }

    fn assign_digamma(&mut self, x: &Enclosure) {
        self.assign_psi(0, x);
    }

    fn assign_trigamma(&mut self, x: &Enclosure) {
        self.assign_psi(1, x);
    }

    fn assign_tetragamma(&mut self, x: &Enclosure) {
        self.assign_psi(2, x);
    }
}

fn power(x: &Float, y: &Float) -> Option<Float> {
    let defined = *x > 0 || (y.is_integer() && (*x < 0 || *y >= 0)) || (x.is_zero() && *y > 0);
    // +0: a zero here has no sign.
    let base = if x.is_zero() {
        x.clone().abs()
    } else {
        x.clone()
    };
    defined_if(defined, || base.pow(y))
}

macro_rules! operations {
    ($($name:literal $assign:ident($($x:ident),+) => $value:expr;)*) => {
        /// Every operation but logic.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            name: $name,
            arity: [$(stringify!($x)),+].len(),
            apply: |out, operands| {
                let [$($x),+] = operands else { unreachable!() };
                out.$assign($($x),+);
            },
            value: |operands| {
                let [$($x),+] = *operands else { unreachable!() };
                $value
            },
        }),*];
    };
}

fn at<T>(x: &Float, value: T) -> Float
where
    Float: rug::Assign<T>,
{
    Float::with_val(x.prec(), value)
}

operations! {
    "add" assign_add(a, b) => Some(at(a, a + b));
    "sub" assign_sub(a, b) => Some(at(a, a - b));
    "mul" assign_mul(a, b) => Some(at(a, a * b));
    "div" assign_div(a, b) => defined_if(!b.is_zero(), || at(a, a / b));
    "neg" assign_neg(x) => Some(at(x, -x));
    "fma" assign_fma(a, b, c) => Some(at(a, a.mul_add_ref(b, c)));
    "abs" assign_abs(x) => Some(at(x, x.abs_ref()));
    "min" assign_min(a, b) => Some(at(a, a.min_ref(b)));
    "max" assign_max(a, b) => Some(at(a, a.max_ref(b)));
    "floor" assign_floor(x) => Some(at(x, x.floor_ref()));
    "ceil" assign_ceil(x) => Some(at(x, x.ceil_ref()));
    "trunc" assign_trunc(x) => Some(at(x, x.trunc_ref()));
    "round" assign_round_half_away(x) => Some(at(x, x.round_ref()));
    "sqrt" assign_sqrt(x) => defined_if(*x >= 0, || at(x, x.sqrt_ref()));
    "cbrt" assign_cbrt(x) => Some(at(x, x.cbrt_ref()));
    "hypot" assign_hypot(a, b) => Some(at(a, a.hypot_ref(b)));
    "exp" assign_exp(x) => Some(at(x, x.exp_ref()));
    "exp2" assign_exp2(x) => Some(at(x, x.exp2_ref()));
    "exp10" assign_exp10(x) => Some(at(x, x.exp10_ref()));
    "expm1" assign_expm1(x) => Some(at(x, x.exp_m1_ref()));
    "log" assign_log(x) => defined_if(*x > 0, || at(x, x.ln_ref()));
    "log2" assign_log2(x) => defined_if(*x > 0, || at(x, x.log2_ref()));
    "log10" assign_log10(x) => defined_if(*x > 0, || at(x, x.log10_ref()));
    "log1p" assign_log1p(x) => defined_if(*x > -1, || at(x, x.ln_1p_ref()));
    "sin" assign_sin(x) => Some(at(x, x.sin_ref()));
    "cos" assign_cos(x) => Some(at(x, x.cos_ref()));
    "tan" assign_tan(x) => Some(at(x, x.tan_ref()));
    "asin" assign_asin(x) => defined_if(x.cmp_abs(&at(x, 1)).unwrap().is_le(), || at(x, x.asin_ref()));
    "acos" assign_acos(x) => defined_if(x.cmp_abs(&at(x, 1)).unwrap().is_le(), || at(x, x.acos_ref()));
    "atan" assign_atan(x) => Some(at(x, x.atan_ref()));
    "atan2" assign_atan2(y, x) => defined_if(!y.is_zero() || !x.is_zero(), || {
        // −π is the limit from below, not the value: y must not be −0.
        let y = if y.is_zero() { y.clone().abs() } else { y.clone() };
        y.atan2(x)
    });
    "sinh" assign_sinh(x) => Some(at(x, x.sinh_ref()));
    "cosh" assign_cosh(x) => Some(at(x, x.cosh_ref()));
    "tanh" assign_tanh(x) => Some(at(x, x.tanh_ref()));
    "asinh" assign_asinh(x) => Some(at(x, x.asinh_ref()));
    "acosh" assign_acosh(x) => defined_if(*x >= 1, || at(x, x.acosh_ref()));
    "atanh" assign_atanh(x) => defined_if(x.cmp_abs(&at(x, 1)).unwrap().is_lt(), || at(x, x.atanh_ref()));
    "erf" assign_erf(x) => Some(at(x, x.erf_ref()));
    "erfc" assign_erfc(x) => Some(at(x, x.erfc_ref()));
    "gamma" assign_gamma(x) => defined_if(!is_pole(x), || at(x, x.gamma_ref()));
    "lgamma" assign_lgamma(x) => defined_if(!is_pole(x), || x.clone().ln_abs_gamma().0);
    "digamma" assign_digamma(x) => defined_if(!is_pole(x), || at(x, x.digamma_ref()));
    "trigamma" assign_trigamma(x) => defined_if(!is_pole(x), || derivative_of_psi(1, x));
    "tetragamma" assign_tetragamma(x) => defined_if(!is_pole(x), || derivative_of_psi(2, x));
    "pow" assign_pow(x, y) => power(x, y);
}

pub fn bounds(lo: f64, hi: f64) -> Enclosure {
    let mut result = Enclosure::new(53);
    result.assign_bounds(&Float::with_val(53, lo), &Float::with_val(53, hi));
    result
}

pub fn point(x: f64) -> Enclosure {
    bounds(x, x)
}

pub fn rational(n: i32, d: i32) -> Enclosure {
    let mut result = Enclosure::new(53);
    result.assign_rational(&Rational::from((n, d)));
    result
}

pub fn never() -> Enclosure {
    let mut result = Enclosure::new(53);
    result.assign_never();
    result
}

/// Applies an operation at 53 bits.
pub fn make(apply: impl FnOnce(&mut Enclosure)) -> Enclosure {
    let mut result = Enclosure::new(53);
    apply(&mut result);
    result
}

/// The bounds as doubles, for comparison with known ones.
pub fn doubles(x: &Enclosure) -> (f64, f64) {
    (x.lo.to_f64(), x.hi.to_f64())
}
