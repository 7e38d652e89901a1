//! What subcommands take that look at single numbers.

use super::{At, MAX_DIGITS};
use clap::Args;

/// `ulpscope eval`.
#[derive(Debug, Args)]
#[command(after_help = "\
Digits are cut off, not rounded: all that are printed belong to the exact value,
and an ellipsis says that more follow. A comparison is answered with true or
false. Exit status 2 where the value is undefined or could not be decided.

With intervals in --at it is the range of the exact value over the box: no value lies
outside of the bounds, which are rounded outward. A comparison is true over all of
the box, false over all of it, or neither.

Examples:
  ulpscope eval 'exp(pi*sqrt(163))' --digits 40
  ulpscope eval '0.1 + 0.2 == 0.3'
  ulpscope eval 'fl(0.1 + 0.2, f64) - 0.3'
  ulpscope eval 'sigmoid(z)' --at z=50 --digits 50
  ulpscope eval 'x - x^2' --at 'x=[0,1]'")]
pub struct EvalArguments {
    /// The expression; not needed with --fpcore
    #[arg(value_name = "EXPR")]
    pub expression: Option<String>,

    /// How many significant decimal digits to certify
    #[arg(long, short = 'n', default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    pub digits: u32,

    #[command(flatten)]
    pub at: At,

    /// The budget for dividing intervals, in boxes and points looked at (default: 16384,
    /// fewer for long formulas and many digits)
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=5_000_000))]
    pub boxes: Option<u64>,
}

/// `ulpscope bits`.
#[derive(Debug, Args)]
#[command(after_help = "\
The value is exact, and rounded once to each format in the format's own mode.
--encoding takes a bit pattern instead, the same in each format.

Examples:
  ulpscope bits 0.1
  ulpscope bits 'sigmoid(50)' --in bf16,f32,f64
  ulpscope bits 2^-24 --in f16,f8e5m2,f8e4m3fn
  ulpscope bits --encoding 0x7e00 --in f16,bf16")]
pub struct BitsArguments {
    /// The value: an expression
    #[arg(value_name = "VALUE")]
    pub value: Option<String>,

    /// A bit pattern in place of a value: 0x3c00, 0b0011110000000000
    #[arg(long, value_name = "BITS", conflicts_with_all = ["value", "at"])]
    pub encoding: Option<String>,

    #[command(flatten)]
    pub at: At,

    /// Formats, in order (default: f16,bf16,f32,f64; of these, those wide enough for
    /// the encoding)
    #[arg(long = "in", value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,
}

/// `ulpscope formats`.
#[derive(Debug, Args)]
#[command(after_help = "\
p is the precision in bits, emin and emax are the exponents of the least normal and
of the largest number, u = 2^-p is the unit roundoff. Any eXmY (X exponent bits, Y
stored significand bits) and mpfr:P can be named too.

Examples:
  ulpscope formats
  ulpscope formats f16 bf16 e5m2 mpfr:72
  ulpscope formats --as csv")]
pub struct FormatsArguments {
    /// The formats to list (default: all that have names)
    #[arg(value_name = "FORMAT", value_delimiter = ',')]
    pub names: Vec<String>,
}
