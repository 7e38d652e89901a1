//! Options that subcommands share.

use crate::arithmetic::native::Libm;
use crate::format::MAX_PRECISION;
use crate::truth::DEFAULT_PRECISION_LIMIT;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Options that every subcommand takes.
#[derive(Debug, Default, Args)]
pub struct Common {
    /// Define a name or a function: 'z = w*x', 'f(x) = x^2' (repeatable)
    #[arg(
        short,
        long,
        global = true,
        value_name = "DEFINITION",
        allow_hyphen_values = true
    )]
    pub define: Vec<String>,

    /// Read definitions from a file; - is standard input (repeatable)
    #[arg(short, long, global = true, value_name = "FILE")]
    pub file: Vec<PathBuf>,

    /// Read formulas in FPCore; - is standard input. In place of an expression stands
    /// the core NAME, or the only one; others may call all of them: 'f(x) - f(y)'
    #[arg(long, global = true, value_name = "FILE[:NAME]")]
    pub fpcore: Option<String>,

    /// Load a built-in case's definitions and inputs
    #[arg(long = "case", global = true, value_name = "NAME")]
    pub load_case: Option<String>,

    /// How to print the result (default: table; in a report, markdown)
    #[arg(long = "as", alias = "format", global = true, value_name = "FORM")]
    pub form: Option<Form>,

    /// Write the result to a file too, in the form of its ending: md, csv, json,
    /// tex, html, txt (repeatable)
    #[arg(long, global = true, value_name = "FILE")]
    pub export: Vec<PathBuf>,

    /// Where hardware f32 and f64 take exp, sin, … from
    #[arg(
        long,
        global = true,
        value_name = "LIBRARY",
        default_value = "core-math"
    )]
    pub libm: LibmChoice,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,

    /// The greatest working precision for certified values, in bits (default:
    /// 131072; digits and formats that need more have it)
    #[arg(long = "precision-limit", global = true, value_name = "BITS",
          value_parser = clap::value_parser!(u32).range(64..=i64::from(MAX_PRECISION)))]
    pub limit: Option<u32>,

    /// How many threads work at it (default: one for each core)
    #[arg(long, global = true, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub jobs: Option<u32>,

    /// Show no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

impl Common {
    /// The budget for certified values, in bits.
    pub fn precision_limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_PRECISION_LIMIT)
    }

    /// An option that was given and has no meaning for a region of a report: its
    /// result goes into the document, and is the same on every machine.
    pub fn unfit_for_region(&self) -> Option<&'static str> {
        let given = [
            (!self.export.is_empty(), "--export"),
            (!self.file.is_empty(), "--file"),
            (self.fpcore.is_some(), "--fpcore"),
            (self.libm == LibmChoice::Platform, "--libm platform"),
            (self.jobs.is_some(), "--jobs"),
            (self.quiet, "--quiet"),
            (self.color != ColorChoice::Auto, "--color"),
        ];
        first_given(&given)
    }

    /// An option that was given and has no meaning for the verdicts on a document's
    /// claims, which are the same wherever they are shown.
    pub fn unfit_for_claims(&self) -> Option<&'static str> {
        first_given(&[
            (!self.define.is_empty(), "--define"),
            (self.load_case.is_some(), "--case"),
            (self.limit.is_some(), "--precision-limit"),
        ])
    }

    /// An option that was given and would make a report say other things than
    /// its text asks for.
    pub fn unfit_for_report(&self) -> Option<&'static str> {
        let given = [
            (!self.export.is_empty(), "--export"),
            (!self.file.is_empty(), "--file"),
            (self.fpcore.is_some(), "--fpcore"),
            (!self.define.is_empty(), "--define"),
            (self.load_case.is_some(), "--case"),
            (self.form.is_some(), "--as"),
            (self.libm == LibmChoice::Platform, "--libm platform"),
        ];
        first_given(&given)
    }
}

/// The first option of a list that was given.
fn first_given(options: &[(bool, &'static str)]) -> Option<&'static str> {
    let given = options.iter().find(|(given, _)| *given);
    given.map(|(_, option)| *option)
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Columns for a terminal
    Table,
    /// Markdown
    Markdown,
    /// Comma-separated values, every digit
    Csv,
    /// JSON, every digit, numbers as strings
    Json,
    /// LaTeX, with the rules of booktabs
    Latex,
    /// HTML, a fragment of a page
    Html,
}

/// Where hardware arithmetic takes elementary functions from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LibmChoice {
    /// CORE-MATH: correctly rounded, the same on every machine
    #[default]
    CoreMath,
    /// This machine's C library
    Platform,
}

impl From<LibmChoice> for Libm {
    fn from(choice: LibmChoice) -> Libm {
        match choice {
            LibmChoice::CoreMath => Libm::CoreMath,
            LibmChoice::Platform => Libm::Platform,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Values for variables.
#[derive(Debug, Default, Args)]
pub struct At {
    /// Exact values for variables: 'z=50, y=1/3, x=2^-24' (repeatable); eval, compare
    /// and verify take intervals too: 'x=[1, 2], y=(0, 1]'
    #[arg(long, value_name = "VALUES", allow_hyphen_values = true)]
    pub at: Vec<String>,
}
