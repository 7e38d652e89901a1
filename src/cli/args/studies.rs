//! What the studies of a formula take.

use super::{At, MAX_DIGITS};
use clap::Args;
use std::path::PathBuf;

/// `ulpscope compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
computed       inputs, literals and constants rounded, then every operation
rounded once   the exact value rounded once, in the arithmetic's own mode
ulps           |computed − exact| in units in the last place of the exact value
bits of error  log2(1 + the number of floats between computed and rounded once)
inputs' cost   what rounding the inputs alone changes, relative to the exact value
verdict        best possible, faithful, or avoidable: the format holds a closer number

Arithmetics: f16 bf16 tf32 f32 f64 f80 f128 f256 f8e4m3fn f8e5m2 f8e4m3
f6e2m3fn f6e3m2fn f4e2m1fn, any eXmY (X exponent bits, Y stored significand
bits), mpfr:P (P bits). bf16@f32 computes each function (exp, sigmoid, …) in f32
and stores its result in bf16, as frameworks do. A mode may follow: f32/rz,
bf16/rne+ftz, bf16@f32/rz (rne rna rz ru rd ftz sat).

With intervals in --at it takes all floats of each arithmetic in them, and bounds the
computed values and the greatest error: no value lies outside, no error is greater.

--points takes decimals (exactly), hexadecimal numbers (0x1.8p-3), inf and nan. For
each line, formula and arithmetic there is a row, in order, with the line's number;
--as csv (the default) or --as json. Errors in ulps and bits of error have six digits.

--sample draws points for each core of a file in FPCore: every float of the arithmetic
that its :pre allows is as likely as any other, or with --reals every real number. A
--seed gives the same points again.

Examples:
  ulpscope compare --fpcore bench.fpcore --sample 1000 --in f32,f64
  ulpscope compare --fpcore bench.fpcore:2sqrt --at x=1e15
  ulpscope compare 'sigmoid(z)' --points inputs.csv --in f32,f64 > errors.csv
  ulpscope compare 'sigmoid(z)*(1 - sigmoid(z))' 'sigmoid(z)*sigmoid(-z)' --at z=50
  ulpscope compare 's*(1-s)' -d 's = 1/(1+exp(-z))' --at z=50 --in f32,f64,mpfr:113
  ulpscope compare 'x - y' --at x=1.001,y=1 --condition
  ulpscope compare 'x - x^2' --at 'x=[0,1]' --in f16,f32
  ulpscope compare '0.1 + 0.2' --in f64,f64/rz --export sum.md --export sum.csv")]
pub struct CompareArguments {
    /// One expression or several; with --fpcore none are needed
    #[arg(value_name = "EXPR")]
    pub expressions: Vec<String>,

    #[command(flatten)]
    pub at: At,

    /// Points from a CSV file, or from standard input (-): a header with the
    /// variables' names, then a point on each line. The results stream as CSV
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,

    /// Go on behind a line of --points that cannot be read, and count such lines
    #[arg(long, requires = "points")]
    pub skip_bad: bool,

    /// Take so many random points for each core of --fpcore, from its :pre, and tell
    /// the largest and the mean bits of error
    #[arg(long, value_name = "COUNT", conflicts_with = "points",
          value_parser = clap::value_parser!(u64).range(1..=crate::study::MAX_SAMPLE))]
    pub sample: Option<u64>,

    /// What makes the points of --sample the same again
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "sample")]
    pub seed: u64,

    /// Spread the points of --sample over the real numbers, not over the floats
    #[arg(long, requires = "sample")]
    pub reals: bool,

    /// Arithmetics, in order (default: f16,bf16,f32,f64, or what a core names)
    #[arg(long = "in", value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,

    /// Columns to show, in order (as CSV names them)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// Give the condition number by each input, |∂f/∂x · x/f|
    #[arg(long)]
    pub condition: bool,

    /// How many significant digits of the exact value to certify
    #[arg(long, short = 'n', default_value_t = 21,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    pub digits: u32,

    /// The budget for dividing intervals, in blocks and floats looked at for each figure
    /// (default: 65536; for the exact range 16384, fewer for long formulas)
    #[arg(long, value_name = "COUNT", conflicts_with = "points",
          value_parser = clap::value_parser!(u64).range(1..=5_000_000))]
    pub boxes: Option<u64>,
}

/// `ulpscope sweep`.
#[derive(Debug, Args)]
#[command(after_help = "\
Ranges include their ends where a step lands on them; values and steps are
exact: 0..1:0.1 has 11 values, 3/10 among them. a..b:x2 multiplies. With several
variables every value meets every other, the first one moving slowest.
--precision compares in mpfr:p, after the arithmetics of --in if there are any.

Examples:
  ulpscope sweep 'log(1 + x)' 'log1p(x)' --over x=1e-16..1:x100 --in f32,f64
  ulpscope sweep 'sigmoid(z)*(1 - sigmoid(z))' --at z=50 --precision 64..128:8
  ulpscope sweep 'hypot(x, y)' --over x=1..2:1/4,y=0,1,1e30 --in f32
  ulpscope sweep gradient --case sigmoid-50 --over w=0.1..1:0.1 --export g.csv")]
pub struct SweepArguments {
    /// One expression or several; with --fpcore none are needed
    #[arg(value_name = "EXPR")]
    pub expressions: Vec<String>,

    #[command(flatten)]
    pub at: At,

    /// Values of variables: z=0..60:5, x=1e-12..1:x10, y=1,2,5 (repeatable)
    #[arg(long, value_name = "RANGES", allow_hyphen_values = true)]
    pub over: Vec<String>,

    /// Precisions in bits: 24..128:4, 24,53,113 (repeatable)
    #[arg(long, value_name = "BITS")]
    pub precision: Vec<String>,

    /// Arithmetics, in order (default: f16,bf16,f32,f64, or only --precision)
    #[arg(long = "in", value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,

    /// Columns to show, in order (as CSV names them)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// How many significant digits of the exact values to certify
    #[arg(long, short = 'n', default_value_t = 21,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    pub digits: u32,
}

/// `ulpscope threshold`.
#[derive(Debug, Args)]
#[command(after_help = "\
The predicate compares expressions. One without views is asked twice: computed
(every operation rounded) and rounded once (both sides exact, then rounded).
Views say themselves where values live, and the name F is the arithmetic of the
row: fl(e, F) is computed, rn(e, F) rounded once, relerr(e, F), abserr(e, F),
ulps(e, F), bits(e, F) are the error of the computed e, ulp(e, F) its unit in
the last place; what stands outside of them is exact.

Over an input, every number of the format in the range is decided, in blocks of
consecutive numbers; maximal runs are listed (a thousand at most), with the
numbers beside their borders and, where the predicate is about exact values
alone, a border among the real numbers between these. What the budget of blocks does not
settle is undecided. In a format with ftz, subnormal numbers are counted too.
Over precisions, every one is tried.

Examples:
  ulpscope threshold 'sigmoid(z) == 1' --over z=0..100
  ulpscope threshold 'relerr(sigmoid(z)*(1-sigmoid(z)), F) > 1%' --over z=0..30
  ulpscope threshold 'sigmoid(50) == 1' --precision 2..256
  ulpscope threshold 'fl(sigmoid(50), F) == rn(sigmoid(50), F)' --precision 2..100")]
pub struct ThresholdArguments {
    /// The predicate; not needed with --fpcore
    #[arg(value_name = "PREDICATE")]
    pub predicate: Option<String>,

    #[command(flatten)]
    pub at: At,

    /// The variable that moves, and its range: z=0..100
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true)]
    pub over: Vec<String>,

    /// Precisions to try, in bits: 2..256, 24..128:4, 24,53,113
    #[arg(long, value_name = "BITS")]
    pub precision: Vec<String>,

    /// Arithmetics, in order (default: f16,bf16,f32,f64)
    #[arg(long = "in", value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,

    /// Columns to show, in order (as CSV names them)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// How many blocks of numbers to look at for each row (default: 262144, fewer
    /// for long formulas and long formats)
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=5_000_000))]
    pub blocks: Option<u64>,
}

/// `ulpscope explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
A row for each input and each operation, in order of evaluation:
happened     what the operation did: exact, rounded, absorbed (x + y = x), cancelled
             (a sum lost leading bits: exact itself, it exposes what was lost before),
             subnormal, underflow, overflow, division by zero, invalid
made         the relative error made there, on the operands as they were computed
×amplified   by how much that grows in the result: |∂out/∂v · v/out|
share        its part of computed − exact, to first order; the parts may have
             either sign, and add up to 100 % where the first order tells the story

Below the table: where the result was lost, what exposed it, whether inputs or
computation are to blame, from which precision on the result is good, and the
condition number by each input, |∂f/∂x · x/f|.

Examples:
  ulpscope explain gradient --case sigmoid-50
  ulpscope explain 'sqrt(x + 1) - sqrt(x)' --at x=1e15
  ulpscope explain '(1 - cos(x))/x^2' --at x=1e-4 --in f32 --top 5")]
pub struct ExplainArguments {
    /// The expression; not needed with --fpcore
    #[arg(value_name = "EXPR")]
    pub expression: Option<String>,

    #[command(flatten)]
    pub at: At,

    /// The arithmetic (default: f64, or what a core names)
    #[arg(long = "in", value_name = "FORMAT")]
    pub format: Option<String>,

    /// How many rows to show at most: those that matter
    #[arg(long, value_name = "COUNT", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub top: u32,

    /// How many significant digits of the exact value to certify
    #[arg(long, short = 'n', default_value_t = 21,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    pub digits: u32,
}

/// `ulpscope scan`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every finite number of a format in a range, up to 2^32 points; with several
variables every number meets every other, the first one moving slowest. Zero is
taken once, as +0.

A result is correctly rounded (the exact value rounded once), faithful (the exact
value's other neighbour), worse, or spurious: a 0, an infinity or a NaN far from the
exact value. Every count is certified, and the same for any --jobs; so is the
largest error. Errors in ulps are those of finite results.

Examples:
  ulpscope scan 'sigmoid(z)' --over z=f32 --in f32
  ulpscope scan '(exp(x) - 1)/x' --over 'x=f32 in [1e-8, 1]' --in f32 --top 5
  ulpscope scan 'hypot(x, y)' --over x=fp8e4m3,y=fp8e4m3 --in fp8e4m3
  ulpscope scan 'log(1 + x)' --over 'x=f16 in [0, 1]' --in f16,bf16,f32")]
pub struct ScanArguments {
    /// The expression; not needed with --fpcore
    #[arg(value_name = "EXPR")]
    pub expression: Option<String>,

    /// Variables and the numbers that they take: z=f32, 'z=f32 in [1, 4]'; without
    /// a format, 'z in [1, 4]', those of the first arithmetic (repeatable)
    #[arg(long, value_name = "SETS", allow_hyphen_values = true)]
    pub over: Vec<String>,

    #[command(flatten)]
    pub at: At,

    /// Arithmetics, in order (default: f32, or what a core names)
    #[arg(long = "in", value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,

    /// How many points with the largest errors to list
    #[arg(long, value_name = "COUNT", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub top: u32,
}

/// `ulpscope derive`.
#[derive(Debug, Args)]
#[command(after_help = "\
The derivative is made as backpropagation makes it, and written in the language:
with the definitions printed below it, it reads back to the same graph. Derivatives
that were declared are used, as σ' = σ(1 − σ) of the prelude; the user's own are
checked against the functions' bodies. Inside of expressions, d(e, x) is the same.

--equals compares exact values for all real numbers at once, as rational functions
of exponentials, logarithms and other functions' values: proved, refuted with a
point, or undecided. Exit status 1 unless it is proved.

Examples:
  ulpscope derive cost --wrt w --case sigmoid-50
  ulpscope derive '1/(1 + exp(-z))' --wrt z --at z=50
  ulpscope derive 'a*x^2 + b*x' --wrt x --equals '2*a*x + b'
  ulpscope derive 'f(x)' -d 'f(x) = x*exp(x)' -d \"f'(x) = (1 + x)*exp(x)\"")]
pub struct DeriveArguments {
    /// The expression; not needed with --fpcore
    #[arg(value_name = "EXPR")]
    pub expression: Option<String>,

    /// Variables to differentiate by: free ones, or values that were defined
    /// (default: all free ones)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,

    #[command(flatten)]
    pub at: At,

    /// An expression that the derivative should be equal to
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub equals: Option<String>,

    /// How many significant decimal digits of its value to certify
    #[arg(long, short = 'n', default_value_t = 21,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DIGITS)))]
    pub digits: u32,
}
