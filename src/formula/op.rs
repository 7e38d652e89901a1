//! The operations, in one table.
//!
//! The enum is closed and every `match` on it is exhaustive: an operation that
//! is added here does not compile until each arithmetic has it.

use super::{Cause, Literal};
use crate::format::Format;
use std::sync::Arc;

/// A named real constant, or one of the two special values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Constant {
    /// π, the circle's.
    Pi,
    /// e, the base of the natural logarithm.
    E,
    /// Infinity: among real numbers only something to compare with.
    Inf,
    /// Not a number.
    Nan,
}

impl Constant {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Constant::Pi => "pi",
            Constant::E => "e",
            Constant::Inf => "inf",
            Constant::Nan => "nan",
        }
    }
}

/// Whether an operation gives a number or a truth value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A number.
    Number,
    /// A truth value, held as 0 or 1.
    Predicate,
}

/// What an error is measured in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorUnit {
    /// |computed − exact|.
    Absolute,
    /// |computed − exact| / |exact|.
    Relative,
    /// |computed − exact| / ulp(exact).
    Ulps,
    /// log2(1 + the number of floats between computed and rounded once).
    Bits,
}

impl ErrorUnit {
    /// The name of the view.
    pub fn name(self) -> &'static str {
        match self {
            ErrorUnit::Absolute => "abserr",
            ErrorUnit::Relative => "relerr",
            ErrorUnit::Ulps => "ulps",
            ErrorUnit::Bits => "bits",
        }
    }
}

/// How many operands an operation takes.
pub type Arity = usize;

macro_rules! ops {
    ($($variant:ident $name:literal $arity:literal $kind:ident $fpcore:literal $meaning:literal;)*) => {
        /// What a node does.
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Op {
            /// A free variable: an index into the formula's inputs.
            Input(u32),
            /// A parameter of the function whose body this is.
            Parameter(u32),
            /// A number that a person wrote.
            Literal(Arc<Literal>),
            /// π, e, infinity, NaN.
            Constant(Constant),
            /// A call of a function: an index into the formula's functions.
            /// The ambient context of its operands is that of the places
            /// where the parameters stand; an `fl` around the call does not
            /// change it, but gives the call itself its context. Gone after
            /// inlining.
            Call(u32),
            /// Carries a value into this node's own context: a rounding where
            /// that is a format, the identity in the reals. The border of an
            /// `fl(e, F)`.
            Convert,
            /// `cast(e, F)`: rounds to F in a computation, then into the
            /// node's context; the identity in the reals.
            Cast(Format),
            /// `rn(e, F)`, `rz`, `ru`, `rd`: the real operand rounded once to
            /// F. Lives in the reals alone.
            Round(Format),
            /// `relerr(e, F)` and its kin: the error of e computed in F
            /// against e's exact value. In a source graph the only operand is
            /// e, which is ambient; inlining makes two of it, e computed and
            /// e exact. Lives in the reals alone.
            Error(ErrorUnit, Format),
            /// `ulp(e, F)`: the unit in the last place of e's exact value.
            /// Lives in the reals alone.
            Ulp(Format),
            /// `cause(e, F) == word`: whether that is what happened at the root
            /// of e, computed in F. In a source graph the only operand is e,
            /// which is ambient, and there is no inner operation. Inlining puts
            /// the root's there; the operands are then its result, its exact
            /// result for its computed operands, and these, where it has any.
            /// Lives in the reals alone.
            Cause(Cause, Format, Option<Arc<Op>>),
            $(#[doc = $meaning] $variant,)*
        }

        /// The rows of the table, for every operation that carries no data.
        pub const OPS: &[OpInfo] = &[
            $(OpInfo { op: Op::$variant, name: $name, arity: $arity, fpcore: $fpcore, meaning: $meaning },)*
        ];

        impl Op {
            /// The name in the language (an operator's sign for operators).
            pub fn name(&self) -> &'static str {
                match self {
                    Op::Input(_) => "input",
                    Op::Parameter(_) => "parameter",
                    Op::Literal(_) => "literal",
                    Op::Constant(constant) => constant.name(),
                    Op::Call(_) => "call",
                    Op::Convert => "fl",
                    Op::Cast(_) => "cast",
                    Op::Round(_) => "rn",
                    Op::Error(unit, _) => unit.name(),
                    Op::Ulp(_) => "ulp",
                    Op::Cause(..) => "cause",
                    $(Op::$variant => $name,)*
                }
            }

            /// Whether the result is a number or a truth value. Of a
            /// [`Op::Call`] and a [`Op::Convert`] only the formula knows.
            pub fn kind(&self) -> Kind {
                match self {
                    Op::Cause(..) => Kind::Predicate,
                    $(Op::$variant => Kind::$kind,)*
                    _ => Kind::Number,
                }
            }
        }
    };
}

/// A row of the table of operations.
#[derive(Debug)]
pub struct OpInfo {
    /// The operation.
    pub op: Op,
    /// Its name, or sign, in the language.
    pub name: &'static str,
    /// How many operands it takes.
    pub arity: Arity,
    /// Its name in FPCore 2.0; empty where it has none.
    pub fpcore: &'static str,
    /// One line for a person.
    pub meaning: &'static str,
}

ops! {
    Neg "-" 1 Number "-" "The negative.";
    Add "+" 2 Number "+" "The sum.";
    Sub "-" 2 Number "-" "The difference.";
    Mul "*" 2 Number "*" "The product.";
    Div "/" 2 Number "/" "The quotient; undefined where the divisor is 0.";
    Pow "pow" 2 Number "pow" "x to the power y; over the reals x > 0, or y an integer (x ≠ 0 where y < 0), or x = 0 and y ≥ 0; 0^0 is 1.";
    Fma "fma" 3 Number "fma" "x·y + z, rounded once.";
    Abs "abs" 1 Number "fabs" "The absolute value.";
    Min "min" 2 Number "fmin" "The lesser; a NaN loses against a number.";
    Max "max" 2 Number "fmax" "The greater; a NaN loses against a number.";
    Floor "floor" 1 Number "floor" "The greatest integer not above x.";
    Ceil "ceil" 1 Number "ceil" "The least integer not below x.";
    Trunc "trunc" 1 Number "trunc" "x without its fraction.";
    RoundHalfAway "round" 1 Number "round" "The nearest integer; halves go away from zero.";
    Sqrt "sqrt" 1 Number "sqrt" "The square root, x ≥ 0.";
    Cbrt "cbrt" 1 Number "cbrt" "The cube root.";
    Hypot "hypot" 2 Number "hypot" "√(x² + y²).";
    Exp "exp" 1 Number "exp" "e to the power x.";
    Exp2 "exp2" 1 Number "exp2" "2 to the power x.";
    Exp10 "exp10" 1 Number "exp10" "10 to the power x.";
    Expm1 "expm1" 1 Number "expm1" "e to the power x, minus 1.";
    Log "log" 1 Number "log" "The natural logarithm, x > 0.";
    Log2 "log2" 1 Number "log2" "The logarithm to base 2, x > 0.";
    Log10 "log10" 1 Number "log10" "The logarithm to base 10, x > 0.";
    Log1p "log1p" 1 Number "log1p" "The natural logarithm of 1 + x, x > −1.";
    Sin "sin" 1 Number "sin" "The sine of x radians.";
    Cos "cos" 1 Number "cos" "The cosine of x radians.";
    Tan "tan" 1 Number "tan" "The tangent of x radians.";
    Asin "asin" 1 Number "asin" "The inverse sine in radians, |x| ≤ 1.";
    Acos "acos" 1 Number "acos" "The inverse cosine in radians, |x| ≤ 1.";
    Atan "atan" 1 Number "atan" "The inverse tangent in radians.";
    Atan2 "atan2" 2 Number "atan2" "The angle of the point (x, y), called as atan2(y, x), in (−π, π]; undefined at the origin.";
    Sinh "sinh" 1 Number "sinh" "The hyperbolic sine.";
    Cosh "cosh" 1 Number "cosh" "The hyperbolic cosine.";
    Tanh "tanh" 1 Number "tanh" "The hyperbolic tangent.";
    Asinh "asinh" 1 Number "asinh" "The inverse hyperbolic sine.";
    Acosh "acosh" 1 Number "acosh" "The inverse hyperbolic cosine, x ≥ 1.";
    Atanh "atanh" 1 Number "atanh" "The inverse hyperbolic tangent, |x| < 1.";
    Erf "erf" 1 Number "erf" "The error function.";
    Erfc "erfc" 1 Number "erfc" "1 − erf(x).";
    Gamma "gamma" 1 Number "tgamma" "Euler's gamma function; undefined at 0, −1, −2, ….";
    Lgamma "lgamma" 1 Number "lgamma" "log|Γ(x)|; undefined at 0, −1, −2, ….";
    Polygamma "polygamma" 2 Number "" "The derivative of order n of the digamma function, called as polygamma(n, x); n = 0, 1, 2, …; undefined at x = 0, −1, −2, ….";
    Lt "<" 2 Predicate "<" "Less.";
    Le "<=" 2 Predicate "<=" "Less or equal.";
    Gt ">" 2 Predicate ">" "Greater.";
    Ge ">=" 2 Predicate ">=" "Greater or equal.";
    Eq "==" 2 Predicate "==" "Equal.";
    Ne "!=" 2 Predicate "!=" "Different.";
    And "and" 2 Predicate "and" "Both.";
    Or "or" 2 Predicate "or" "At least one.";
    Not "not" 1 Predicate "not" "The contrary.";
    Select "if" 3 Number "if" "The second operand where the first holds, otherwise the third.";
}

impl Op {
    /// The function of the language with this name, if it is built in.
    pub fn function(name: &str) -> Option<&'static OpInfo> {
        OPS.iter().find(|info| {
            info.name == name
                && name.starts_with(|c: char| c.is_ascii_alphabetic())
                && !matches!(info.op, Op::And | Op::Or | Op::Not | Op::Select)
        })
    }

    /// What it is and where it is defined, as a part of a sentence.
    pub fn domain(&self) -> String {
        if let Op::Error(..) = self {
            return "the error of a finite result; where the exact value is 0, none is relative"
                .to_string();
        }
        match OPS.iter().find(|info| info.op == *self) {
            Some(info) => {
                // The meanings begin with an article or a variable.
                let meaning = info.meaning.trim_end_matches('.');
                match meaning.strip_prefix("The ") {
                    Some(rest) => format!("the {rest}"),
                    None => meaning.to_string(),
                }
            }
            None => "it has no real value".to_string(),
        }
    }

    /// Whether it has no operands.
    pub fn is_leaf(&self) -> bool {
        matches!(
            self,
            Op::Input(_) | Op::Parameter(_) | Op::Literal(_) | Op::Constant(_)
        )
    }
}
