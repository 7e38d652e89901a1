//! What subcommands take that read claims, cases and documents.

use super::{At, Common};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `ulpscope verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
A claim is a predicate: of exact values, of computed ones, fl(e, F), or of both.
It says where its variables range. A verdict is proved, refuted (with a witness),
undecided (with the limit that stopped it) or undefined. The exit status is 0
where each claim has the verdict that is expected of it (proved, unless the claim
says otherwise), and 1 where one has not.

  claim \"exp(-50) underflows\" refuted: fl(exp(-50), f64) == 0
  claim \"1 from here on\": fl(sigmoid(z), f32) == 1 for z : f32 in [17, 1000]
  claim: exp(x) > 1 + x for x in [0.1, 20]
  claim: fl(sigmoid(50), mpfr:p) == 1 for p in 2..72
  claim: ulps(exp(x) - 1, f16) in ? for x : f16 in [1, 2]

Examples:
  ulpscope verify -e '0.1 + 0.2 == 0.3' -e 'fl(0.1 + 0.2, f64) == 0.3'
  ulpscope verify -e '2*s*(1 - s)*62.5 < 0 where s = sigmoid(50)'
  ulpscope verify -e 'fl(sigmoid(z), f64) == 1 for z : f64 in [37, 700]'
  ulpscope verify claims.ulp --as json")]
pub struct VerifyArguments {
    /// Files of definitions and claims; - is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// A claim (repeatable)
    #[arg(
        short = 'e',
        long = "claim",
        value_name = "CLAIM",
        allow_hyphen_values = true
    )]
    pub claims: Vec<String>,

    #[command(flatten)]
    pub at: At,

    /// How many boxes of numbers to look at for each claim (default: 262144, fewer
    /// for long formulas and long formats)
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=5_000_000))]
    pub boxes: Option<u64>,

    /// How many points to try for each claim beside
    #[arg(long, value_name = "COUNT", default_value_t = crate::study::DEFAULT_POINTS,
          value_parser = clap::value_parser!(u64).range(0..=10_000_000))]
    pub points: u64,
}

/// `ulpscope case`.
#[derive(Debug, Args)]
#[command(after_help = "\
A case is a markdown document: its code blocks marked ulpscope hold definitions and
claims, and a comment in it says what the story is made of, a line for each part:

  <!-- ulpscope-case
  summary: a sum that is not what it seems
  question: Why is this not 0.3?
  formula: x + y | 0.1 + 0.2
  at: x=0.1, y=0.2
  in: f32,f64
  -->

Behind a formula, after a bar, stands how people write it. Further parts: symptom,
otherwise, lesson, setting, way, explain-in, threshold, threshold-over,
threshold-edge, threshold-in, precision, precision-of, precision-over, said.

Examples:
  ulpscope case                             list the cases
  ulpscope case sigmoid-50 --at w=0.4       run one elsewhere
  ulpscope case sigmoid-50 --claims         prove and refute what was said
  ulpscope case reports/log-loss.md         run a document that is a case")]
pub struct CaseArguments {
    /// The case to run: a built-in one, or a markdown file
    pub name: Option<String>,

    #[command(flatten)]
    pub at: At,

    /// Arithmetics, in place of the case's own
    #[arg(long = "in", value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,

    /// Show the case's claims with what decides them (all cases' without a NAME)
    #[arg(long)]
    pub claims: bool,
}

impl CaseArguments {
    /// What a command line without words means.
    pub fn default_case(common: &Common) -> Self {
        let first = crate::study::Case::names().next();
        CaseArguments {
            name: common.load_case.clone().or(first.map(String::from)),
            at: At::default(),
            formats: Vec::new(),
            claims: false,
        }
    }
}

/// `ulpscope report`.
#[derive(Debug, Args)]
#[command(after_help = "\
In a markdown file, fenced code blocks marked ulpscope hold definitions and claims.
Between a directive and its end marker stands the result of a subcommand:

  <!-- ulpscope compare 'sigmoid(z)' --at z=50 -->
  <!-- /ulpscope -->

compare, sweep, threshold, explain, derive, eval, bits, formats take the arguments
that they take on the command line; their results are markdown, or what --as says.
claims writes verdicts: of all claims of the file, of those whose titles are given,
of those in the nearest block above (--block), or their number (-s, --summary). A
directive may begin with a name, gradient: compare …, by which --only finds it.

Within a line eval and claims -s write their words alone:

  It is <!-- ulpscope eval 'exp(-50)' -n 3 --><!-- /ulpscope -->, not 0.

Write -n and -s there: some renderers show a comment within a line that holds --.

The end marker keeps a checksum: what somebody wrote into a region by hand is not
overwritten without --force. Nothing outside of regions is touched; a file is written
whole, and only where something changed. The same bytes come out on every machine.
Exit status 1 where --check or --diff finds a report stale, and where a claim does
not have the verdict that is expected of it.

Examples:
  ulpscope report notes.md
  ulpscope report --check reports/*.md
  ulpscope report --diff notes.md
  ulpscope report - < notes.md > new.md")]
pub struct ReportArguments {
    /// Markdown files; - is standard input, written to standard output
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Write nothing: say what is stale
    #[arg(long)]
    pub check: bool,

    /// Write nothing: show what would change
    #[arg(long)]
    pub diff: bool,

    /// Overwrite what was written by hand in a region
    #[arg(long)]
    pub force: bool,

    /// Only the regions with these names
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub only: Vec<String>,
}

/// `claims` in a report.
#[derive(Debug, Args)]
pub struct ClaimsArguments {
    /// Titles of claims
    #[arg(value_name = "TITLE")]
    pub titles: Vec<String>,

    /// Those of the nearest block above
    #[arg(long, conflicts_with = "titles")]
    pub block: bool,

    /// How many there are, and of which verdict
    #[arg(short, long)]
    pub summary: bool,
}

/// `ulpscope convert`.
#[derive(Debug, Args)]
#[command(after_help = "\
What is written reads back to the same graph, and is read back before it is shown.

Into FPCore (FPCore 2.0, FPBench) a formula goes with all that it calls; fl(e, F) is
(! :precision F :ulpscope fl e), and cast(e, F) is what the standard calls cast. The
views that ask for errors and roundings of exact values have no word there. A core
keeps its properties as they are written.

Examples:
  ulpscope convert 'sigmoid(w*x)'
  ulpscope convert 'cast(x, f16) + 1/3' > mixed.fpcore
  ulpscope convert --fpcore bench.fpcore:2sqrt
  ulpscope convert --fpcore bench.fpcore --to fpcore")]
pub struct ConvertArguments {
    /// The expression; not needed with --fpcore
    #[arg(value_name = "EXPR")]
    pub expression: Option<String>,

    /// What to write (default: fpcore for an expression, ulpscope for a core)
    #[arg(long, value_name = "LANGUAGE")]
    pub to: Option<Language>,

    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// A language for formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// FPCore 2.0
    Fpcore,
    /// The language of ulpscope's definitions
    Ulpscope,
}
