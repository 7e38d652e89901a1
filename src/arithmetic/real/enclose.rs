//! Which enclosure goes with which operation.

use crate::enclosure::Enclosure;
use crate::formula::Op;

/// Encloses one operation on real numbers; `x` has its operands.
pub(in crate::arithmetic) fn enclose<'e>(
    op: &Op,
    x: impl Fn(usize) -> &'e Enclosure,
    result: &mut Enclosure,
) {
    match op {
        Op::Input(_)
        | Op::Parameter(_)
        | Op::Literal(_)
        | Op::Constant(_)
        | Op::Call(_)
        | Op::Convert
        | Op::Cast(_)
        | Op::Round(_)
        | Op::Error(..)
        | Op::Ulp(_)
        | Op::Cause(..) => unreachable!("dealt with by the caller"),
        Op::Neg => result.assign_neg(x(0)),
        Op::Add => result.assign_add(x(0), x(1)),
        Op::Sub => result.assign_sub(x(0), x(1)),
        Op::Mul => result.assign_mul(x(0), x(1)),
        Op::Div => result.assign_div(x(0), x(1)),
        Op::Pow => result.assign_pow(x(0), x(1)),
        Op::Fma => result.assign_fma(x(0), x(1), x(2)),
        Op::Abs => result.assign_abs(x(0)),
        Op::Min => result.assign_min(x(0), x(1)),
        Op::Max => result.assign_max(x(0), x(1)),
        Op::Floor => result.assign_floor(x(0)),
        Op::Ceil => result.assign_ceil(x(0)),
        Op::Trunc => result.assign_trunc(x(0)),
        Op::RoundHalfAway => result.assign_round_half_away(x(0)),
        Op::Sqrt => result.assign_sqrt(x(0)),
        Op::Cbrt => result.assign_cbrt(x(0)),
        Op::Hypot => result.assign_hypot(x(0), x(1)),
        Op::Exp => result.assign_exp(x(0)),
        Op::Exp2 => result.assign_exp2(x(0)),
        Op::Exp10 => result.assign_exp10(x(0)),
        Op::Expm1 => result.assign_expm1(x(0)),
        Op::Log => result.assign_log(x(0)),
        Op::Log2 => result.assign_log2(x(0)),
        Op::Log10 => result.assign_log10(x(0)),
        Op::Log1p => result.assign_log1p(x(0)),
        Op::Sin => result.assign_sin(x(0)),
        Op::Cos => result.assign_cos(x(0)),
        Op::Tan => result.assign_tan(x(0)),
        Op::Asin => result.assign_asin(x(0)),
        Op::Acos => result.assign_acos(x(0)),
        Op::Atan => result.assign_atan(x(0)),
        Op::Atan2 => result.assign_atan2(x(0), x(1)),
        Op::Sinh => result.assign_sinh(x(0)),
        Op::Cosh => result.assign_cosh(x(0)),
        Op::Tanh => result.assign_tanh(x(0)),
        Op::Asinh => result.assign_asinh(x(0)),
        Op::Acosh => result.assign_acosh(x(0)),
        Op::Atanh => result.assign_atanh(x(0)),
        Op::Erf => result.assign_erf(x(0)),
        Op::Erfc => result.assign_erfc(x(0)),
        Op::Gamma => result.assign_gamma(x(0)),
        Op::Lgamma => result.assign_lgamma(x(0)),
        Op::Polygamma => result.assign_polygamma(x(0), x(1)),
        Op::Lt => result.assign_lt(x(0), x(1)),
        Op::Le => result.assign_le(x(0), x(1)),
        Op::Gt => result.assign_gt(x(0), x(1)),
        Op::Ge => result.assign_ge(x(0), x(1)),
        Op::Eq => result.assign_eq(x(0), x(1)),
        Op::Ne => result.assign_ne(x(0), x(1)),
        Op::And => result.assign_and(x(0), x(1)),
        Op::Or => result.assign_or(x(0), x(1)),
        Op::Not => result.assign_not(x(0)),
        Op::Select => result.assign_select(x(0), x(1), x(2)),
    }
}
