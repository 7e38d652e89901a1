//! What the names of FPCore mean here (FPCore 2.0, FPBench).

use super::super::scope::nearest;
use crate::formula::{Constant, OPS, Op};

/// What an operation of FPCore is made of.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// One of ours, with as many operands.
    Op(Op),
    /// `+` and `*`: of two operands in the standard, of any number in benchmarks.
    Fold(Op),
    /// `-`, of one operand or two.
    Minus,
    /// `/`: of one operand, as benchmarks have it, it is 1/x.
    Divide,
    /// A comparison of neighbours: a < b < c.
    Chain(Op),
    /// `!=`: each of the operands differs from each.
    Distinct,
    /// `and` and `or`, of any number of operands.
    Logic(Op),
    /// `=>`, as FPBench's properties write "implies".
    Implies,
    /// x − y where that is positive, otherwise 0.
    PositiveDifference,
    /// |x| with the sign of y.
    CopySign,
    /// The remainder of a division, its quotient cut.
    Remainder,
    /// What a number is.
    Test(Test),
}

/// Questions about one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Test {
    Nan,
    Infinite,
    Finite,
    /// −0 too.
    Negative,
}

/// The meaning of an operation's name.
pub fn operation(name: &str) -> Option<Meaning> {
    Some(match name {
        "+" => Meaning::Fold(Op::Add),
        "*" => Meaning::Fold(Op::Mul),
        "-" => Meaning::Minus,
        "/" => Meaning::Divide,
        "<" => Meaning::Chain(Op::Lt),
        "<=" => Meaning::Chain(Op::Le),
        ">" => Meaning::Chain(Op::Gt),
        ">=" => Meaning::Chain(Op::Ge),
        "==" => Meaning::Chain(Op::Eq),
        "!=" => Meaning::Distinct,
        "and" => Meaning::Logic(Op::And),
        "or" => Meaning::Logic(Op::Or),
        "=>" => Meaning::Implies,
        "fdim" => Meaning::PositiveDifference,
        "copysign" => Meaning::CopySign,
        "fmod" => Meaning::Remainder,
        "isnan" => Meaning::Test(Test::Nan),
        "isinf" => Meaning::Test(Test::Infinite),
        "isfinite" => Meaning::Test(Test::Finite),
        "signbit" => Meaning::Test(Test::Negative),
        "if" | "" => return None,
        name => {
            let row = OPS.iter().find(|row| row.fpcore == name)?;
            Meaning::Op(row.op.clone())
        }
    })
}

/// Operations of the standard that have none of ours.
pub fn is_missing(name: &str) -> bool {
    matches!(name, "remainder" | "nearbyint" | "isnormal")
}

/// What kind of construct this is, of those that formulas do not have.
pub fn refused(name: &str) -> Option<&'static str> {
    Some(match name {
        "while" | "while*" | "for" | "for*" => "a loop",
        "tensor" | "tensor*" | "array" | "ref" | "dim" | "size" | "data" => "a tensor",
        _ => return None,
    })
}

/// A known operation with a name that is near.
pub fn near(name: &str) -> Option<String> {
    const OTHERS: [&str; 12] = [
        "-", "=>", "fdim", "copysign", "fmod", "isnan", "isinf", "isfinite", "signbit", "let",
        "let*", "cast",
    ];
    let ours = OPS.iter().map(|row| row.fpcore);
    let known = ours.chain(OTHERS).filter(|known| !known.is_empty());
    nearest(name, known)
}

/// How a constant's value is made.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// It is one of ours.
    Constant(Constant),
    /// A function of a rational number: correctly rounded where the function is.
    Function(FunctionOf, i32, i32),
    /// π over a power of two.
    PiOver(i32),
    /// What no single operation gives: a real number that is rounded once.
    Real(Real),
    /// A truth value.
    Truth(bool),
}

/// A function that gives a constant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionOf {
    Log,
    Sqrt,
}

/// Constants of several operations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Real {
    /// 1/log(n).
    OverLog(i32),
    /// n/π.
    PerPi(i32),
    /// 2/√π.
    TwoPerSqrtPi,
}

/// The constants of the standard.
pub fn constant(name: &str) -> Option<Value> {
    Some(match name {
        "E" => Value::Constant(Constant::E),
        "PI" => Value::Constant(Constant::Pi),
        "INFINITY" | "+inf.0" => Value::Constant(Constant::Inf),
        "NAN" | "+nan.0" => Value::Constant(Constant::Nan),
        "LN2" => Value::Function(FunctionOf::Log, 2, 1),
        "LN10" => Value::Function(FunctionOf::Log, 10, 1),
        "SQRT2" => Value::Function(FunctionOf::Sqrt, 2, 1),
        "SQRT1_2" => Value::Function(FunctionOf::Sqrt, 1, 2),
        "PI_2" => Value::PiOver(2),
        "PI_4" => Value::PiOver(4),
        "LOG2E" => Value::Real(Real::OverLog(2)),
        "LOG10E" => Value::Real(Real::OverLog(10)),
        "M_1_PI" | "1_PI" => Value::Real(Real::PerPi(1)),
        "M_2_PI" | "2_PI" => Value::Real(Real::PerPi(2)),
        "M_2_SQRTPI" | "2_SQRTPI" => Value::Real(Real::TwoPerSqrtPi),
        "TRUE" => Value::Truth(true),
        "FALSE" => Value::Truth(false),
        _ => return None,
    })
}
