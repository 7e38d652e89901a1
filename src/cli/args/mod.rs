//! What the command line may say.

mod common;
mod documents;
mod numbers;
mod studies;

pub use common::{At, ColorChoice, Common, Form};
pub use documents::{CaseArguments, ClaimsArguments, ReportArguments, VerifyArguments};
pub use numbers::{BitsArguments, EvalArguments, FormatsArguments};
pub use studies::{
    CompareArguments, DeriveArguments, ExplainArguments, ScanArguments, SweepArguments,
    ThresholdArguments,
};

use clap::{Parser, Subcommand};
use std::ffi::OsString;

const EXAMPLES: &str = "\
Examples:
  ulpscope                                  why a certain gradient is 0
  ulpscope eval 'exp(pi*sqrt(163))' --digits 40
  ulpscope compare 'sigmoid(z)*(1 - sigmoid(z))' --at z=50
  ulpscope compare 'log(1 + x)' 'log1p(x)' --at x=1e-20 --in f32,f64,mpfr:100
  ulpscope sweep 'sigmoid(z)*(1 - sigmoid(z))' --over z=0..60:10 --in f32,f64
  ulpscope threshold 'sigmoid(z) == 1' --over z=0..100
  ulpscope scan 'sigmoid(z)' --over z=f32 --in f32
  ulpscope verify -e 'fl(exp(-50), f64) == 0'
  ulpscope report notes.md
  ulpscope bits 0.1 --in f16,f32
  ulpscope case sigmoid-50 --at w=0.4";

/// A microscope for rounding error: evaluates one formula in many arithmetics
/// and certifies how far each result is from the truth.
///
/// Without a subcommand it runs the built-in case sigmoid-50.
#[derive(Debug, Parser)]
#[command(name = "ulpscope", version, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub common: Common,
}

/// The most decimal digits that can be asked for.
pub const MAX_DIGITS: u32 = 1_000_000;

/// The arithmetics where none are named.
pub const DEFAULT_FORMATS: [&str; 4] = ["f16", "bf16", "f32", "f64"];

/// Lets expressions begin with a minus (`-x^2`, `-1/3`): a space before them,
/// which the language does not mind, keeps them from being read as options. An
/// option of one letter stands alone, `-n30` excepted.
pub fn protect_expressions(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let protect = |argument: OsString| match argument.to_str() {
        Some(text) if is_expression(text) => OsString::from(format!(" {text}")),
        _ => argument,
    };
    arguments.into_iter().map(protect).collect()
}

fn is_expression(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.strip_prefix('-') {
        None | Some("" | "d" | "e" | "f" | "n" | "q" | "h" | "V") => false,
        Some(rest) => !rest.starts_with('-') && !rest.strip_prefix('n').is_some_and(digits),
    }
}

/// What a region of a report says.
#[derive(Debug, Parser)]
#[command(
    name = "ulpscope",
    disable_help_flag = true,
    disable_help_subcommand = true
)]
pub struct Directive {
    #[command(subcommand)]
    pub command: RegionCommand,

    #[command(flatten)]
    pub common: Common,
}

/// What a region may ask for.
#[derive(Debug, Subcommand)]
pub enum RegionCommand {
    Compare(CompareArguments),
    Sweep(SweepArguments),
    Scan(ScanArguments),
    Threshold(ThresholdArguments),
    Explain(ExplainArguments),
    Derive(DeriveArguments),
    Eval(EvalArguments),
    Bits(BitsArguments),
    Formats(FormatsArguments),
    Claims(ClaimsArguments),
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the built-in cases, or run one
    Case(CaseArguments),
    /// Certify the exact value of an expression
    Eval(EvalArguments),
    /// Compare formulas in several arithmetics with the certified truth
    Compare(CompareArguments),
    /// Tell which operation lost a computed value, and what exposed it
    Explain(ExplainArguments),
    /// Differentiate an expression, and check a derivative made by hand
    Derive(DeriveArguments),
    /// Compare formulas over a grid of inputs and precisions
    Sweep(SweepArguments),
    /// Find where a predicate holds: every float, every precision
    Threshold(ThresholdArguments),
    /// Count how a computation goes at every number of a format
    Scan(ScanArguments),
    /// Prove or refute claims
    Verify(VerifyArguments),
    /// Keep the tables of markdown documents true
    Report(ReportArguments),
    /// Show a number's bits, its neighbours and its ulp in several formats
    Bits(BitsArguments),
    /// List the formats, with their precision and range
    Formats(FormatsArguments),
}
