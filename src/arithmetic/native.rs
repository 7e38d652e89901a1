//! Hardware f32 and f64.
//!
//! The basic operations are the processor's. Elementary functions come from
//! CORE-MATH (Sibidanov, Zimmermann, Glondu, *The CORE-MATH Project*, ARITH
//! 2022), correctly rounded, so that a result is the same on every machine, or
//! from this machine's libm, which is not.

use super::Arithmetic;
use super::emulated::{Input, NoValue, compare, operate};
use crate::format::Format;
use crate::formula::{Constant, Node, Op};
use rug::{Float, Rational};
use std::cmp::Ordering;
use std::fmt;

/// Where elementary functions come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Libm {
    /// CORE-MATH: correctly rounded.
    #[default]
    CoreMath,
    /// The C library of this machine.
    Platform,
}

impl fmt::Display for Libm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Libm::CoreMath => "core-math",
            Libm::Platform => "platform",
        })
    }
}

/// A hardware type: f32 or f64.
pub trait Hardware: Copy + PartialOrd + fmt::Debug {
    /// The format that this type is.
    const FORMAT: Format;

    /// The nearest number to a rational, ties to even.
    fn from_rational(x: &Rational) -> Self;

    /// The nearest number to one of binary64, ties to even.
    fn from_f64(x: f64) -> Self;

    /// A number of this format that MPFR holds.
    fn from_float(x: &Float) -> Self;

    /// The same number for MPFR.
    fn to_float(self) -> Float;

    /// Carries one operation out; NaN where that is too costly. The operands are
    /// as many as the operation takes; leaves are not operations.
    fn operate(op: &Op, libm: Libm, x: &[&Self]) -> Self;

    /// The function that an operation of one argument is in a library, where it
    /// is one.
    fn function(op: &Op, libm: Libm) -> Option<fn(Self) -> Self>;

    /// π, e, infinity or NaN.
    fn constant(constant: Constant) -> Self;
}

/// Hardware arithmetic on formulas whose nodes are all ambient or of the
/// type's own format.
#[derive(Debug)]
pub struct Native<T> {
    libm: Libm,
    inputs: Vec<T>,
    failure: Option<NoValue>,
}

impl<T: Hardware> Native<T> {
    /// An arithmetic at the given inputs, which it rounds.
    pub fn new(libm: Libm, inputs: impl IntoIterator<Item = impl Into<Input>>) -> Self {
        Native {
            libm,
            inputs: inputs
                .into_iter()
                .map(|input| match input.into() {
                    Input::Exact(value) => T::from_rational(&value),
                    Input::Rounded(value) => T::from_float(&value),
                })
                .collect(),
            failure: None,
        }
    }

    /// Moves to another point.
    pub fn set_inputs(&mut self, inputs: impl IntoIterator<Item = T>) {
        self.inputs.clear();
        self.inputs.extend(inputs);
    }

    /// Why the last operations gave no value, if any did; forgets it.
    pub fn take_failure(&mut self) -> Option<NoValue> {
        self.failure.take()
    }
}

impl<T: Hardware> Arithmetic for Native<T> {
    type Value = T;

    fn register(&self, _: &Node) -> T {
        T::constant(Constant::Nan)
    }

    fn apply(&mut self, node: &Node, operands: &[&T], result: &mut T) {
        *result = match &node.op {
            Op::Input(index) => self.inputs[*index as usize],
            Op::Literal(literal) => T::from_rational(literal.value()),
            Op::Constant(constant) => T::constant(*constant),
            op @ Op::Polygamma => emulated(op, operands).unwrap_or_else(|no_value| {
                self.failure.get_or_insert(no_value);
                T::constant(Constant::Nan)
            }),
            op => T::operate(op, self.libm, operands),
        };
    }
}

macro_rules! hardware {
    ($t:ty, $format:expr, $to:ident, $platform:ident, $consts:path, {$($op:ident = $core:ident, $c:ident;)*}) => {
        /// This machine's C library.
        mod $platform {
            // SAFETY: C99's mathematical functions: any argument is allowed and
            // nothing but errno and the floating-point flags is touched.
            unsafe extern "C" {
                $(pub safe fn $c(x: $t) -> $t;)*
            }
        }

        impl Hardware for $t {
            const FORMAT: Format = $format;

            fn from_rational(x: &Rational) -> Self {
                $format.round_rational(x).$to()
            }

            fn from_f64(x: f64) -> Self {
                x as $t
            }

            fn from_float(x: &Float) -> Self {
                x.$to()
            }

            fn to_float(self) -> Float {
                Float::with_val($format.precision(), self)
            }

            fn constant(constant: Constant) -> Self {
                use $consts as consts;
                match constant {
                    Constant::Pi => consts::PI,
                    Constant::E => consts::E,
                    Constant::Inf => Self::INFINITY,
                    Constant::Nan => Self::NAN,
                }
            }

            fn function(op: &Op, libm: Libm) -> Option<fn(Self) -> Self> {
                match (op, libm) {
                    $((Op::$op, Libm::CoreMath) => Some(core_math::$core),
                    (Op::$op, Libm::Platform) => Some(|x| $platform::$c(x)),)*
                    _ => None,
                }
            }

            #[inline(always)]
            fn operate(op: &Op, libm: Libm, x: &[&Self]) -> Self {
                let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
                match op {
                    $(Op::$op => match libm {
                        Libm::CoreMath => core_math::$core(*x[0]),
                        Libm::Platform => $platform::$c(*x[0]),
                    },)*
                    Op::Input(_)
                    | Op::Parameter(_)
                    | Op::Literal(_)
                    | Op::Constant(_)
                    | Op::Call(_)
                    | Op::Round(_)
                    | Op::Error(..)
                    | Op::Ulp(_)
 | Op::Cause(..) => unreachable!("no operation of one hardware type"),
                    Op::Convert => *x[0],
                    Op::Cast(inner) => inner.round(&x[0].to_float()).$to(),
                    Op::Neg => -x[0],
                    Op::Add => x[0] + x[1],
                    Op::Sub => x[0] - x[1],
                    Op::Mul => x[0] * x[1],
                    Op::Div => x[0] / x[1],
                    Op::Fma => x[0].mul_add(*x[1], *x[2]),
                    Op::Abs => x[0].abs(),
                    Op::Min => extremum(*x[0], *x[1], x[0].is_sign_negative(), Ordering::Less),
                    Op::Max => extremum(*x[0], *x[1], x[0].is_sign_positive(), Ordering::Greater),
                    Op::Floor => x[0].floor(),
                    Op::Ceil => x[0].ceil(),
                    Op::Trunc => x[0].trunc(),
                    Op::RoundHalfAway => x[0].round(),
                    Op::Sqrt => x[0].sqrt(),
                    Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
                        truth(compare(op, x[0].partial_cmp(x[1])))
                    }
                    Op::And => truth(*x[0] != 0.0 && *x[1] != 0.0),
                    Op::Or => truth(*x[0] != 0.0 || *x[1] != 0.0),
                    Op::Not => truth(*x[0] == 0.0),
                    Op::Select => *x[if *x[0] == 0.0 { 2 } else { 1 }],
                    Op::Pow => Self::pow(libm, *x[0], *x[1]),
                    Op::Hypot => Self::hypotenuse(libm, *x[0], *x[1]),
                    Op::Atan2 => Self::angle(libm, *x[0], *x[1]),
                    Op::Exp10 => Self::power_of_ten(libm, *x[0]),
                    Op::Lgamma => Self::log_gamma(libm, *x[0]),
                    Op::Polygamma => emulated(op, x).unwrap_or(Self::NAN),
                }
            }
        }
    };
}

hardware! {
    f64, Format::F64, to_f64, platform64, std::f64::consts, {
        Cbrt = cbrt, cbrt;
        Exp = exp, exp;
        Exp2 = exp2, exp2;
        Expm1 = expm1, expm1;
        Log = log, log;
        Log2 = log2, log2;
        Log10 = log10, log10;
        Log1p = log1p, log1p;
        Sin = sin, sin;
        Cos = cos, cos;
        Tan = tan, tan;
        Asin = asin, asin;
        Acos = acos, acos;
        Atan = atan, atan;
        Sinh = sinh, sinh;
        Cosh = cosh, cosh;
        Tanh = tanh, tanh;
        Asinh = asinh, asinh;
        Acosh = acosh, acosh;
        Atanh = atanh, atanh;
        Erf = erf, erf;
        Erfc = erfc, erfc;
        Gamma = tgamma, tgamma;
    }
}

hardware! {
    f32, Format::F32, to_f32, platform32, std::f32::consts, {
        Cbrt = cbrtf, cbrtf;
        Exp = expf, expf;
        Exp2 = exp2f, exp2f;
        Expm1 = expm1f, expm1f;
        Log = logf, logf;
        Log2 = log2f, log2f;
        Log10 = log10f, log10f;
        Log1p = log1pf, log1pf;
        Sin = sinf, sinf;
        Cos = cosf, cosf;
        Tan = tanf, tanf;
        Asin = asinf, asinf;
        Acos = acosf, acosf;
        Atan = atanf, atanf;
        Sinh = sinhf, sinhf;
        Cosh = coshf, coshf;
        Tanh = tanhf, tanhf;
        Asinh = asinhf, asinhf;
        Acosh = acoshf, acoshf;
        Atanh = atanhf, atanhf;
        Erf = erff, erff;
        Erfc = erfcf, erfcf;
        Gamma = tgammaf, tgammaf;
    }
}

/// The functions of more than one argument, and those that C lacks or gives
/// another shape.
trait OtherFunctions: Sized {
    fn pow(libm: Libm, x: Self, y: Self) -> Self;
    fn hypotenuse(libm: Libm, x: Self, y: Self) -> Self;
    fn angle(libm: Libm, y: Self, x: Self) -> Self;
    /// C has no 10^x: `platform` is its pow(10, x).
    fn power_of_ten(libm: Libm, x: Self) -> Self;
    fn log_gamma(libm: Libm, x: Self) -> Self;
}

macro_rules! other_functions {
    ($t:ty, $pow:ident, $hypot:ident, $atan2:ident, $exp10:ident, $lgamma:ident, $lgamma_r:ident) => {
        impl OtherFunctions for $t {
            fn pow(libm: Libm, x: Self, y: Self) -> Self {
                match libm {
                    Libm::CoreMath => core_math::$pow(x, y),
                    Libm::Platform => x.powf(y),
                }
            }

            fn hypotenuse(libm: Libm, x: Self, y: Self) -> Self {
                match libm {
                    Libm::CoreMath => core_math::$hypot(x, y),
                    Libm::Platform => x.hypot(y),
                }
            }

            fn angle(libm: Libm, y: Self, x: Self) -> Self {
                match libm {
                    Libm::CoreMath => core_math::$atan2(y, x),
                    Libm::Platform => y.atan2(x),
                }
            }

            fn power_of_ten(libm: Libm, x: Self) -> Self {
                match libm {
                    Libm::CoreMath => core_math::$exp10(x),
                    Libm::Platform => <$t>::powf(10.0, x),
                }
            }

            fn log_gamma(libm: Libm, x: Self) -> Self {
                // The variant with a pointer, for C's lgamma writes a global.
                unsafe extern "C" {
                    fn $lgamma_r(x: $t, sign: *mut std::ffi::c_int) -> $t;
                }
                let mut sign = 0;
                match libm {
                    Libm::CoreMath => core_math::$lgamma(x),
                    // SAFETY: the pointer is to a live integer of our own.
                    Libm::Platform => unsafe { $lgamma_r(x, &mut sign) },
                }
            }
        }
    };
}

other_functions!(f64, pow, hypot, atan2, exp10, lgamma, lgamma_r);
other_functions!(f32, powf, hypotf, atan2f, exp10f, lgammaf, lgammaf_r);

/// An operation that neither the hardware nor a library has: correctly rounded.
fn emulated<T: Hardware>(op: &Op, operands: &[&T]) -> Result<T, NoValue> {
    let operands: Vec<Float> = operands.iter().map(|x| x.to_float()).collect();
    let operands: Vec<&Float> = operands.iter().collect();
    let mut result = Float::new(T::FORMAT.working_precision());
    operate(op, &T::FORMAT, &operands, &mut result)?;
    Ok(T::from_float(&result))
}

/// minimumNumber or maximumNumber of IEEE 754-2019, 9.6, with −0 < +0:
/// `tie_first` says that of two zeros the first is wanted.
fn extremum<T: PartialOrd>(a: T, b: T, tie_first: bool, wanted: Ordering) -> T {
    let first = match a.partial_cmp(&b) {
        // A NaN differs from itself.
        None => b.partial_cmp(&b).is_none(),
        Some(Ordering::Equal) => tie_first,
        Some(order) => order == wanted,
    };
    if first { a } else { b }
}
