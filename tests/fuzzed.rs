//! Any text at all, given to whatever reads text: expressions, claims, cores,
//! documents and tables of points. `tests/fuzz` looks for such texts without end; here are
//! those that it found, and some drawn ones.

#[path = "random/formulas.rs"]
#[allow(dead_code, reason = "the generator alone is used")]
mod formulas;
#[path = "fuzzed/properties.rs"]
mod properties;
mod random;

use formulas::{Source, seed};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use random::SplitMix;
use std::fmt::Debug;
use std::time::{Duration, Instant};

/// How long one text may take; the limits of the program leave a margin.
const TIME: Duration = Duration::from_secs(5);

/// How many texts are drawn: 2000, or as `ULPSCOPE_CASES` says.
fn cases() -> u32 {
    let wanted = std::env::var("ULPSCOPE_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}

/// Runs a property on texts of a strategy. A failure is made small, and names the
/// seed.
fn check<T: Debug>(texts: impl Strategy<Value = T>, property: impl Fn(T)) {
    let seed = seed(20_260_714);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let result = TestRunner::new_with_rng(config, random).run(&texts, |text| {
        let start = Instant::now();
        property(text);
        let time = start.elapsed();
        match time < TIME {
            true => Ok(()),
            false => Err(TestCaseError::fail(format!("it takes {time:?}"))),
        }
    });
    if let Err(failure) = result {
        panic!("ULPSCOPE_SEED={seed}: {failure}");
    }
}

/// Pieces one after the other, with spaces between them or without.
fn soup(tokens: &'static [&'static str]) -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(select(tokens), 0..40);
    (pieces, any::<bool>()).prop_map(|(pieces, spaces)| pieces.join(if spaces { " " } else { "" }))
}

/// What becomes of a text: a piece of it goes, comes twice or makes room for a
/// token or a character.
#[derive(Clone, Debug)]
struct Change {
    kind: u8,
    from: Index,
    to: Index,
    token: &'static str,
    other: char,
}

fn change(tokens: &'static [&'static str]) -> impl Strategy<Value = Change> {
    let places = (any::<Index>(), any::<Index>());
    (0..5u8, places, select(tokens), any::<char>()).prop_map(|(kind, (from, to), token, other)| {
        Change {
            kind,
            from,
            to,
            token,
            other,
        }
    })
}

impl Change {
    fn apply(&self, text: &str) -> String {
        let ends = text.char_indices().map(|(at, _)| at);
        let ends: Vec<usize> = ends.chain([text.len()]).collect();
        let [a, b] = [&self.from, &self.to].map(|index| ends[index.index(ends.len())]);
        let (from, to) = (a.min(b), a.max(b));
        let (before, piece, behind) = (&text[..from], &text[from..to], &text[to..]);
        match self.kind {
            0 => format!("{before}{behind}"),
            1 => format!("{before}{piece}{piece}{behind}"),
            2 => format!("{before}{}{behind}", self.token),
            3 => format!("{before}{}{piece}{behind}", self.token),
            _ => format!("{before}{}{piece}{behind}", self.other),
        }
    }
}

/// Texts, with a few changes.
fn changed(
    texts: impl Strategy<Value = String>,
    tokens: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let changes = prop::collection::vec(change(tokens), 0..4);
    (texts, changes).prop_map(|(text, changes)| {
        changes
            .iter()
            .fold(text, |text, change| change.apply(&text))
    })
}

/// Arbitrary text, soup of tokens, and changed texts.
fn all(
    texts: impl Strategy<Value = String> + 'static,
    tokens: &'static [&'static str],
) -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), soup(tokens), changed(texts, tokens)]
}

/// What the search found.
#[test]
fn found_before() {
    // The bounds of what is near 0 were numbers with a sign, which reads back as
    // an operation.
    for text in ["0~0.", "x ~ -0.5", "fl(x, f16/rd) ~ 0"] {
        properties::expression(text);
    }
    // Casts of casts, which were read as one; a rounding that only a cast had; an
    // exact argument that was cast twice.
    for body in [
        "(cast (! :precision binary16 :round toZero (cast z)))",
        "(+ x (! :precision real (cast (! :precision binary16 (cast (cast (! :round toZero (cast x))))))))",
        "(cast (! :precision binary32 (cast (cast (! :precision real (cast (cast (! :precision binary16 (cast x)))))))))",
        "(cast (! :precision real (cast y)))",
    ] {
        properties::fpcore(&format!("(FPCore (x (! :precision real y) z) {body})"));
    }
}

const TOKENS: &[&str] = &[
    "x",
    "y",
    "z",
    "w",
    "f",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "²",
    "⁻³",
    "|",
    "√",
    "1",
    "0.1",
    "57%",
    "0x1.8p3",
    "1e400",
    "1e-999999",
    "pi",
    "e",
    "inf",
    "nan",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "iff",
    "implies",
    "<",
    "<=",
    "==",
    "!=",
    "~",
    "in",
    "[",
    "]",
    "?",
    "sin(",
    "exp(",
    "gamma(",
    "polygamma(2,",
    "hypot(",
    "sigmoid(",
    "fl(",
    "cast(",
    "rn(",
    "ulps(",
    "relerr(",
    "cause(",
    "d(",
    ", f16)",
    ", f32/rz)",
    ", mpfr:30)",
    "F",
    "=",
    "\n",
    "f(x) =",
    "f'(x) =",
    "claim:",
    "claim \"a\" refuted:",
    "where",
    "for",
    "x :",
    "f16",
    "real",
    "..",
    "#",
    "overflow",
    "==absorbed",
];

/// Expressions of the whole language.
fn expressions() -> impl Strategy<Value = String> {
    (any::<u64>(), any::<bool>(), 0..4usize).prop_map(|(seed, real, depth)| {
        let mut source = Source::new(SplitMix(seed), real);
        match seed % 4 {
            0 => source.predicate(depth, real),
            _ => source.number(depth, real),
        }
    })
}

#[test]
fn any_expression() {
    let texts = all(expressions(), TOKENS);
    check(texts, |text| properties::expression(&text));
}

/// Claims about numbers of a format, real numbers and precisions.
fn claims() -> impl Strategy<Value = String> {
    let over = select(&[
        "",
        " for x in [0, 1]",
        " for x : f16 in (-1, 3]",
        " for x in [1e-9, inf), y : f32 in [0, 1]",
        " where z = x^2 for x : f16 in [-1, 1]",
        " where y = pi",
    ]);
    let head = select(&[
        "claim: ",
        "claim \"it\" undecided: ",
        "s = x*y\nclaim refuted: ",
    ]);
    (
        head,
        expressions(),
        select(&["", " in ?", " < 1", " in [0, 1)", " ~ 0.5"]),
        over,
    )
        .prop_map(|(head, text, end, over)| format!("{head}{text}{end}{over}"))
}

#[test]
fn any_claim() {
    check(all(claims(), TOKENS), |text| properties::claim(&text));
}

const CORES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "(FPCore (x y)",
    "(FPCore f (x)",
    "(f x)",
    "x",
    "y",
    "e",
    ":name \"a\"",
    ":pre",
    ":spec",
    ":alt",
    ":precision",
    ":round",
    "binary32",
    "binary64",
    "real",
    "(float 8 16)",
    "toZero",
    "nearestEven",
    "(!",
    "(cast",
    "(let ([x",
    "(let* ([y",
    "(if",
    "TRUE",
    "(< x y)",
    "(while",
    "(digits 3 -2 10)",
    "1/3",
    "-0.5",
    "0x1.8p3",
    "1e400",
    "PI",
    "LOG2E",
    "INFINITY",
    "NAN",
    "(+",
    "(-",
    "(*",
    "(/",
    "(sqrt",
    "(fma",
    "(fmod",
    "(copysign",
    "(isnan",
    "(and",
    "(!=",
    ";",
    "\"",
    "\n",
    " ",
];

/// Expressions of FPCore, numbers and truth values.
fn core_expressions() -> impl Strategy<Value = String> {
    const LEAVES: &[&str] = &[
        "x",
        "y",
        "z",
        "1",
        "-0.1",
        "2/3",
        "0x1.8p-3",
        "PI",
        "E",
        "LN2",
        "M_1_PI",
        "NAN",
        "INFINITY",
        "(digits 1 3 2)",
    ];
    const PLACES: &[&str] = &[
        ":precision binary32",
        ":precision binary16 :round toZero",
        ":precision real",
        ":round toPositive",
        ":precision (float 8 16)",
        ":unknown (a b)",
    ];
    const UNARY: &[&str] = &[
        "-", "sqrt", "exp", "log", "sin", "fabs", "floor", "cast", "tanh",
    ];
    const BINARY: &[&str] = &[
        "+", "-", "*", "/", "pow", "hypot", "fmin", "fdim", "fmod", "copysign",
    ];
    const COMPARED: &[&str] = &["<", "<=", "==", "!=", ">", ">="];
    let leaf = select(LEAVES).prop_map(str::to_string);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let truth =
            (select(COMPARED), two.clone()).prop_map(|(op, (a, b))| format!("({op} {a} {b} 1)"));
        prop_oneof![
            (select(UNARY), inner.clone()).prop_map(|(op, a)| format!("({op} {a})")),
            (select(BINARY), two.clone()).prop_map(|(op, (a, b))| format!("({op} {a} {b})")),
            (select(PLACES), inner.clone()).prop_map(|(place, a)| format!("(! {place} {a})")),
            (select(PLACES), inner.clone())
                .prop_map(|(place, a)| format!("(cast (! {place} (cast {a})))")),
            two.clone()
                .prop_map(|(a, b)| format!("(let ([x {a}] [z y]) {b})")),
            two.clone()
                .prop_map(|(a, b)| format!("(let* ([z {a}] [x (+ z {b})]) (* x z))")),
            (truth, two).prop_map(|(c, (a, b))| format!("(if {c} {a} {b})")),
        ]
    })
}

#[test]
fn any_core() {
    const ARGUMENTS: &[&str] = &[
        "x y z",
        "(! :precision binary32 x) y z",
        "x (! :precision real y) z",
    ];
    const PROPERTIES: &[&str] = &[
        "",
        ":precision binary64",
        ":precision binary32 :round toNegative",
        ":name \"a name\" :pre (< 0 x 1)",
    ];
    let texts = (
        select(ARGUMENTS),
        select(PROPERTIES),
        core_expressions(),
        core_expressions(),
    )
        .prop_map(|(arguments, properties, first, second)| {
            format!(
                "(FPCore g (x y z) {properties} {first})\n\
                 (FPCore ({arguments}) {properties} (+ {second} (g x y (sqrt z))))"
            )
        });
    check(all(texts, CORES), |text| properties::fpcore(&text));
}

const MARKDOWN: &[&str] = &[
    "<!-- ulpscope eval '1' -->",
    "<!-- ulpscope\nname: eval '1'\n-->",
    "<!-- ulpscope name: claims -->",
    "<!-- /ulpscope -->",
    "<!-- /ulpscope 83dcefb7 -->",
    "<!--",
    "-->",
    "\n",
    "\n\n",
    "\r\n",
    "```",
    "```ulpscope\n",
    "~~~",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "word",
    "`",
    "\\",
    "<b>",
    "<table>\n",
    "| a |",
    "|---|",
    "\u{feff}",
    "# ",
];

#[test]
fn any_document() {
    let whole = select(&[
        "a\n\n<!-- ulpscope eval '1' -->\n\n1\n\n<!-- /ulpscope 83dcefb7 -->\n\nb\n",
        "> - <!-- ulpscope name: eval '1' -->\n>   <!-- /ulpscope -->\n",
        "is <!-- ulpscope eval '1' -->1<!-- /ulpscope 83dcefb7 -->, so\r\n",
        "```ulpscope\nz = 50\n```\n<!-- ulpscope claims -->\n<!-- /ulpscope -->",
    ]);
    let texts = all(whole.prop_map(str::to_string), MARKDOWN);
    check(texts, |text| properties::report(&text));
}

const CELLS: &[&str] = &[
    "x",
    "y",
    ",",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    " ",
    "1",
    "-2.5",
    "1/3",
    "0x1.8p-3",
    "1e400",
    "1e999999999999",
    "-0",
    "inf",
    "-nan",
    "\u{feff}",
    "é",
];

#[test]
fn any_table() {
    let whole = select(&[
        "x,y\n1,2\n0x1.8p-3,\"1e400\"\n-inf,nan\n",
        "\u{feff} x , y \r\n3,2\r\n\r\n1e-8,-0\r\n,\n",
        "y,x\n\"1,2\",3\n\"a\"\"b\",1\n",
        "y,x\n1e-300,1e300\n-1e-400,0.1\n",
    ]);
    let texts = all(whole.prop_map(str::to_string), CELLS);
    check(texts, |text| properties::points(text.as_bytes()));
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    check(bytes, |bytes| {
        properties::points(&bytes);
        properties::points(&[b"x,y\n", bytes.as_slice()].concat());
    });
}
