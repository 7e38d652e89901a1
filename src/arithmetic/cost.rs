//! What MPFR must not be asked for.
//!
//! A call of MPFR cannot be interrupted, and GMP aborts the process where it
//! cannot allocate, so time and memory are estimated before. The figures are
//! measurements of MPFR 4.2.2 on one core of a server of 2021, with a margin:
//! what passes takes about a second at most, and at most 100 MB.

use super::polygamma::is_high;
use crate::format::exponent;
use crate::formula::Op;
use rug::Float;

/// Whether an operation on these operands at this precision (of the result)
/// would take more than about a second or 100 MB.
pub fn too_costly(op: &Op, precision: u32, operands: &[&Float]) -> bool {
    // Bits before the binary point of the largest operand.
    let whole = || {
        let exponents = operands.iter().filter_map(|x| exponent(x));
        exponents.max().map_or(0, |e| i64::from(e.max(0)))
    };
    let precision = i64::from(precision);
    match op {
        // The argument is reduced by a π of as many bits as its exponent.
        Op::Sin | Op::Cos | Op::Tan => precision + whole() > 1_500_000,
        Op::Exp | Op::Exp2 | Op::Exp10 | Op::Expm1 => precision > 2_000_000,
        Op::Log | Op::Log2 | Op::Log10 | Op::Log1p => precision > 1_000_000,
        Op::Sinh | Op::Cosh | Op::Tanh | Op::Asinh | Op::Acosh | Op::Atanh => precision > 500_000,
        Op::Asin | Op::Acos | Op::Atan | Op::Atan2 => precision > 200_000,
        Op::Pow => precision > 200_000,
        // Of about x² + p terms, unless 1 − |erf(x)| < 2^−p says it at once.
        Op::Erf | Op::Erfc => {
            let e = whole();
            precision > 50_000
                || (precision > 10_000 && (3..15).contains(&e) && (1 << (2 * e)) <= precision)
        }
        // Next to poles, and to the zeros 1 and 2 of log|Γ|, it takes twice the
        // precision, and much longer.
        Op::Gamma if operands.iter().any(|x| is_next_to_integer(x, 0)) => precision > 3_000,
        Op::Lgamma if operands.iter().any(|x| is_next_to_integer(x, 2)) => precision > 3_000,
        Op::Gamma | Op::Lgamma => precision > 12_000,
        // The order is the first operand.
        Op::Polygamma => precision > 6_000 || operands.first().is_some_and(|n| is_high(n)),
        Op::Floor | Op::Ceil | Op::Trunc | Op::RoundHalfAway => false,
        Op::Constant(_) => precision > 4_000_000,
        _ => false,
    }
}

/// Whether x is next to a whole number up to `last`, but is none: at those
/// themselves there is nothing to compute.
fn is_next_to_integer(x: &Float, last: i32) -> bool {
    if !x.is_finite() || *x > f64::from(last) + 0.5 {
        return false;
    }
    let off = Float::with_val(64, x - x.clone().round());
    exponent(&off).is_some_and(|e| e < -20)
}
