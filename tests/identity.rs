//! Identities: what must be proved, refuted, left open, and never be wrong.

mod random;

use random::SplitMix;
use rug::Rational;
use std::time::Instant;
use ulpscope::claim::{Identity, identity};
use ulpscope::formula::{Builder, Context, Formula, Literal, NodeId, Op, Sources};
use ulpscope::language::Definitions;
use ulpscope::truth::Truth;

const LIMIT: u32 = 4096;

fn real(text: &str) -> Formula {
    let source = Definitions::new().formula("test", text);
    let source = source.unwrap_or_else(|error| panic!("{text}: {error}"));
    source.inline(Context::Real).unwrap()
}

fn verdict(left: &str, right: &str) -> Identity {
    let (left, right) = (real(left), real(right));
    let verdict = identity(&left, &right, LIMIT);
    if matches!(
        verdict,
        Identity::Proved | Identity::ProvedWhereDefined { .. }
    ) {
        check_at_points(&left, &right, verdict == Identity::Proved, 20);
    }
    verdict
}

/// A second route: what was proved holds at random points.
fn check_at_points(left: &Formula, right: &Formula, everywhere: bool, count: usize) {
    let mut random = SplitMix(left.nodes().len() as u64);
    for _ in 0..count {
        let mut names: Vec<(String, Rational)> = Vec::new();
        for name in left.inputs().iter().chain(right.inputs()) {
            if !names.iter().any(|known| known.0 == *name) {
                let top = (random.next() % 4001) as i64 - 2000;
                let value = Rational::from((top, 1 + random.next() % 400));
                names.push((name.clone(), value));
            }
        }
        let value = |side: &Formula| {
            let inputs = side.inputs().iter().map(|name| {
                let known = names.iter().find(|known| known.0 == *name);
                known.unwrap().1.clone()
            });
            let mut truth = Truth::new(side, inputs.collect(), 128);
            truth.expect(64, 32);
            truth.value().enclosure().clone()
        };
        let (a, b) = (value(left), value(right));
        if everywhere {
            assert!(!a.is_never() && !b.is_never(), "undefined at {names:?}");
        }
        if a.is_surely() && b.is_surely() {
            let overlap = a.lo() <= b.hi() && b.lo() <= a.hi();
            assert!(overlap, "at {names:?}: {a} and {b}");
        }
    }
}

#[track_caller]
fn proved(left: &str, right: &str) {
    let got = verdict(left, right);
    assert_eq!(got, Identity::Proved, "{left} == {right}: {got}");
}

#[track_caller]
fn proved_where(left: &str, right: &str, conditions: &[&str]) {
    let got = verdict(left, right);
    let Identity::ProvedWhereDefined { conditions: found } = &got else {
        panic!("{left} == {right}: {got}");
    };
    assert_eq!(found, conditions, "{left} == {right}");
}

#[track_caller]
fn refuted(left: &str, right: &str) -> String {
    let got = verdict(left, right);
    assert!(
        matches!(got, Identity::Refuted(_)),
        "{left} == {right}: {got}"
    );
    got.to_string()
}

#[track_caller]
fn undecided(left: &str, right: &str) -> String {
    let got = verdict(left, right);
    let open = matches!(got, Identity::Undecided { .. });
    assert!(open, "{left} == {right}: {got}");
    got.to_string()
}

const BY_MACHINE: &str = "2*(sigmoid(w*x) - y)*(sigmoid(w*x)*(1 - sigmoid(w*x)))*x";
const BY_HAND: &str = "2*(1/(1+exp(-w*x)) - y)*exp(-w*x)/(1+exp(-w*x))^2*x";

#[test]
fn the_derivation_of_the_case() {
    proved(BY_MACHINE, BY_HAND);
    let text = refuted(BY_MACHINE, &format!("({BY_HAND})*(1 + 1e-300)"));
    assert!(text.contains("the difference is"), "{text}");
}

#[test]
fn proved_everywhere() {
    for (left, right) in [
        ("tanh(z)", "2*sigmoid(2*z) - 1"),
        ("sigmoid(z) + sigmoid(-z)", "1"),
        ("1 - tanh(x)^2", "1/cosh(x)^2"),
        ("cosh(x)^2 - sinh(x)^2", "1"),
        ("exp(a + b)", "exp(a)*exp(b)"),
        ("exp(x/2)^2", "exp(x)"),
        (
            "(a + b)^5",
            "a^5 + 5*a^4*b + 10*a^3*b^2 + 10*a^2*b^3 + 5*a*b^4 + b^5",
        ),
        ("2*sinh(x)*cosh(x)", "sinh(2*x)"),
        ("sin(x)^2 + cos(x)^2", "1"),
        ("log(exp(x))", "x"),
        ("|x|^2", "x^2"),
        ("sqrt(x^2)", "|x|"),
        ("max(x, y) + min(x, y)", "x + y"),
        ("max(x, y)*min(x, y)", "x*y"),
        ("expm1(x)", "exp(x) - 1"),
        ("exp2(x + 3)", "8*2^x"),
        ("erf(-x) + erf(x)", "0"),
        ("erfc(x)", "1 - erf(x)"),
        ("softplus(x) - softplus(-x)", "x"),
        ("logit(sigmoid(x))", "x"),
        ("exp(softplus(x))", "1 + exp(x)"),
        ("logsigmoid(x)", "-softplus(-x)"),
        ("sigmoid_stable(z)", "sigmoid(z)"),
        ("elu(x)", "elu_stable(x)"),
        ("gelu(x)", "gelu_stable(x)"),
        ("gelu_tanh(x)", "gelu_tanh_stable(x)"),
        ("hypot(x, y)^2", "x^2 + y^2"),
        ("cbrt(x)^3", "x"),
        ("cbrt(8*x*y)", "2*cbrt(x)*cbrt(y)"),
        ("fma(a, b, c)", "a*b + c"),
        ("(sqrt(2) + sqrt(3))^2", "5 + 2*sqrt(6)"),
        ("log(12)", "2*log(2) + log(3)"),
        ("exp(1)", "e"),
        ("sin(-x)*cos(-x)", "-sin(x)*cos(x)"),
        ("floor((a + b)^2)", "floor(a^2 + 2*a*b + b^2)"),
        ("cast(x, f32) + 1", "1 + x"),
        ("1", "1"),
    ] {
        proved(left, right);
    }
}

#[test]
fn proved_where_defined() {
    proved_where("x/x", "1", &["x != 0"]);
    proved_where("(x^2 - 1)/(x - 1)", "x + 1", &["x - 1 != 0"]);
    proved_where(
        "log(x*y)/log(2)",
        "log2(x*y)",
        &["x*y > 0 (in log(x*y))", "x*y > 0 (in log2(x*y))"],
    );
    proved_where("sqrt(x)*sqrt(x)", "x", &["x >= 0 (in sqrt(x))"]);
    proved_where("exp(log(x))", "x", &["x > 0 (in log(x))"]);
    proved_where("x^(1/2)*x^(1/2)", "x", &["x >= 0 (in x^(1/2))"]);
    proved_where("tan(x)*cos(x)", "sin(x)", &["cos(x) != 0 (in tan(x))"]);
    proved_where(
        "gamma(x)/gamma(x)",
        "1",
        &["x is not 0, -1, -2, ... (in gamma(x))", "gamma(x) != 0"],
    );
    for (left, right) in [
        ("sqrt(x)*sqrt(y)", "sqrt(x*y)"),
        ("sqrt(x*y)", "sqrt(x)*sqrt(y)"),
        ("log(x) + log(y)", "log(x*y)"),
        ("log(x^2)", "2*log(x)"),
        ("atanh(x)", "log((1 + x)/(1 - x))/2"),
        ("asinh(x)", "log(x + sqrt(x^2 + 1))"),
        ("acosh(x)", "log(x + sqrt(x^2 - 1))"),
        ("logit(p)", "logit_stable(p)"),
        ("1/(x + 1) + 1/(x - 1)", "2*x/(x^2 - 1)"),
        ("gamma((x^2 - 1)/(x - 1))", "gamma(x + 1)"),
    ] {
        let got = verdict(left, right);
        let conditional = matches!(got, Identity::ProvedWhereDefined { .. });
        assert!(conditional, "{left} == {right}: {got}");
    }
}

#[test]
fn refuted_by_a_witness() {
    assert_eq!(
        refuted("sqrt(x^2)", "x"),
        "refuted at x = -1: left is 1, right is -1"
    );
    refuted("(x + y)^2", "x^2 + y^2");
    refuted("exp(x)", "1 + x");
    refuted("sin(x)^2 + cos(x)^2", "1 + 1e-200");
    refuted("x/x", "2");
    assert_eq!(refuted("1", "2"), "refuted: left is 1, right is 2");
    refuted("exp(pi*sqrt(163))", "262537412640768744");
    refuted("fl(x, f32)", "x");
    refuted("if x > 0 then x else -x", "x");
}

#[test]
fn left_open() {
    let text = undecided("sin(2*x)", "2*sin(x)*cos(x)");
    assert!(text.contains("at 41 points they agree to 12"), "{text}");
    let text = undecided("log(-1)", "log(-1)");
    assert!(text.contains("no point is known"), "{text}");
    undecided("sqrt(-1 - x^2)", "sqrt(-1 - x^2)");
    undecided("1/(x - x)", "1");
    undecided("inf", "inf");
    let text = undecided("fl(x + 1, f32)", "fl(1 + x, f32)");
    assert!(text.contains("is computed in a format"), "{text}");
}

/// Signs that follow only where something is defined show nothing about where
/// it is.
#[test]
fn definedness_is_not_shown_in_circles() {
    for (left, right) in [
        ("1/(1 + |x| - x) + 0*log(x)", "1/(1 + x - |x|) + 0*log(x)"),
        ("sqrt(x) + sqrt(-x)", "sqrt(-x) + sqrt(x)"),
        ("log(x)*sqrt(y)/log(x)", "sqrt(y)"),
        ("1/(x + |x|) + 0*log(x)", "1/(2*x) + 0*log(x)"),
    ] {
        let got = verdict(left, right);
        assert!(got != Identity::Proved, "{left} == {right}: {got}");
        assert!(
            !matches!(got, Identity::Refuted(_)),
            "{left} == {right}: {got}"
        );
    }
}

#[test]
fn large_formulas_end_soon() {
    let start = Instant::now();
    let text = verdict("(1 + x + y + z + w)^200", "0").to_string();
    assert!(text.starts_with("refuted"), "{text}");
    let text = undecided(
        "(1 + x + y + z + w)^200 - (w + x + y + z + 1)*(1 + x + y + z + w)^199 + sin(2*x)",
        "2*sin(x)*cos(x)",
    );
    let power = "(1 + x + y + z + w)^60 + 1";
    let shifted = "(1 + x + y + z + w)^59*(w + z + y + x + 1) + 1";
    assert!(text.contains("points"), "{text}");
    let text = verdict(power, shifted).to_string();
    assert!(text == "proved" || text.contains("too large"), "{text}");
    verdict(
        "exp(exp(exp(exp(exp(x)))))",
        "exp(exp(exp(exp(exp(x + 1 - 1)))))",
    );
    verdict("2^(10^9)", "2^(10^9)");
    verdict("1e1000000*x", "x*1e1000000");
    verdict("exp(1e300*x)", "exp(5e299*x)^2");
    verdict("x^1000000007", "x*x^1000000006");
    eprintln!("{:?}", start.elapsed());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// A chain of `count` applications of one step.
fn chain(count: usize, step: impl Fn(&mut Builder, NodeId, NodeId) -> NodeId) -> Formula {
    let mut builder = Builder::merging();
    let input = builder.input("x");
    let x = builder
        .node(Op::Input(input), &[], Context::Real, None)
        .unwrap();
    let mut top = x;
    for _ in 0..count {
        top = step(&mut builder, top, x);
    }
    builder.finish(top, Sources::default().into())
}

#[test]
fn long_formulas_end_soon() {
    let node = |builder: &mut Builder, op: Op, operands: &[NodeId]| {
        builder.node(op, operands, Context::Real, None).unwrap()
    };
    let one = |builder: &mut Builder| {
        let literal = Op::Literal(Literal::from_value(Rational::from(1)).into());
        builder.node(literal, &[], Context::Real, None).unwrap()
    };
    for (name, formula) in [
        (
            "x + x + …",
            chain(100_000, |b, top, x| node(b, Op::Add, &[top, x])),
        ),
        (
            "exp(exp(…))",
            chain(100_000, |b, top, _| node(b, Op::Exp, &[top])),
        ),
        (
            "sin(sin(…))",
            chain(100_000, |b, top, _| node(b, Op::Sin, &[top])),
        ),
        (
            "sqrt(sqrt(…))",
            chain(100_000, |b, top, _| node(b, Op::Sqrt, &[top])),
        ),
        ("log(sqrt(sqrt(…)))", {
            chain(1000, |b, top, _| {
                let root = node(b, Op::Sqrt, &[top]);
                let log = node(b, Op::Log, &[root]);
                node(b, Op::Exp, &[log])
            })
        }),
        (
            "squares",
            chain(100_000, |b, top, _| node(b, Op::Mul, &[top, top])),
        ),
        (
            "squares plus x",
            chain(100_000, |b, top, x| {
                let square = node(b, Op::Mul, &[top, top]);
                node(b, Op::Add, &[square, x])
            }),
        ),
        (
            "continued fraction",
            chain(50_000, |b, top, x| {
                let one = one(b);
                let quotient = node(b, Op::Div, &[one, top]);
                node(b, Op::Add, &[x, quotient])
            }),
        ),
        (
            "conditions",
            chain(30_000, |b, top, x| {
                let less = node(b, Op::Lt, &[top, x]);
                let root = node(b, Op::Sqrt, &[top]);
                node(b, Op::Select, &[less, root, x])
            }),
        ),
        (
            "a million",
            chain(1_000_000, |b, top, x| node(b, Op::Add, &[top, x])),
        ),
    ] {
        let start = Instant::now();
        let verdict = identity(&formula, &formula, LIMIT);
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("{name}: {seconds:.2} s, {verdict}");
        assert!(
            !matches!(verdict, Identity::Refuted(_)),
            "{name}: {verdict}"
        );
        assert!(seconds < 15.0, "{name}: {seconds} s");
    }
}

#[test]
fn results_serialise() {
    let json = serde_json::to_value(verdict("sqrt(x^2)", "x")).unwrap();
    assert_eq!(json["verdict"], "refuted");
    assert_eq!(json["point"][0]["name"], "x");
    assert_eq!(json["point"][0]["value"], "-1");
    assert_eq!(json["left"], "1");
    let json = serde_json::to_value(verdict("x/x", "1")).unwrap();
    assert_eq!(json["verdict"], "proved-where-defined");
    assert_eq!(json["conditions"][0], "x != 0");
    let json = serde_json::to_value(Identity::Proved).unwrap();
    assert_eq!(json["verdict"], "proved");
}

/// Expressions to be rewritten.
#[derive(Clone)]
enum Tree {
    Leaf(&'static str),
    Sum(Box<Tree>, Box<Tree>),
    Difference(Box<Tree>, Box<Tree>),
    Product(Box<Tree>, Box<Tree>),
    Quotient(Box<Tree>, Box<Tree>),
    Square(Box<Tree>),
    Exp(Box<Tree>),
}

use Tree::*;

impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Leaf(text) => f.write_str(text),
            Sum(a, b) => write!(f, "({a} + {b})"),
            Difference(a, b) => write!(f, "({a} - {b})"),
            Product(a, b) => write!(f, "({a}*{b})"),
            Quotient(a, b) => write!(f, "({a}/{b})"),
            Square(a) => write!(f, "({a})^2"),
            Exp(a) => write!(f, "exp({a})"),
        }
    }
}

fn boxed(tree: Tree) -> Box<Tree> {
    Box::new(tree)
}

fn tree(random: &mut SplitMix, depth: u32, exp: bool) -> Tree {
    if depth == 0 || random.next().is_multiple_of(8) {
        let leaves = ["x", "y", "z", "1", "2", "3", "(1/2)", "0.7", "x", "y"];
        return Leaf(random.pick(&leaves));
    }
    let mut part = |exp| boxed(tree(random, depth - 1, exp));
    let (a, b) = (part(exp), part(exp));
    match random.next() % if exp { 12 } else { 10 } {
        0..=2 => Sum(a, b),
        3..=4 => Difference(a, b),
        5..=7 => Product(a, b),
        8 => Quotient(a, b),
        9 => Square(a),
        _ => Exp(boxed(tree(random, 1, false))),
    }
}

/// The same value, written in another way.
fn rewritten(tree: &Tree, random: &mut SplitMix) -> Tree {
    let again = |tree: &Tree, random: &mut SplitMix| boxed(rewritten(tree, random));
    let choice = random.next() % 3;
    match tree {
        Leaf(text) => Leaf(text),
        Sum(a, b) => {
            let (a2, b2) = (again(a, random), again(b, random));
            match (choice, &**a, &**b) {
                // a/b + c/d = (ad + cb)/(bd)
                (_, Quotient(n, d), Quotient(m, e)) => {
                    let (n, d, m, e) = (n.clone(), d.clone(), m.clone(), e.clone());
                    let cross = Sum(boxed(Product(n, e.clone())), boxed(Product(m, d.clone())));
                    Quotient(boxed(cross), boxed(Product(d, e)))
                }
                // a + b = a − (−1)·b
                (1, ..) => Difference(a2, boxed(Product(boxed(Leaf("(-1)")), b2))),
                _ => Sum(b2, a2),
            }
        }
        Difference(a, b) => {
            let (a, b) = (again(a, random), again(b, random));
            match choice {
                0 => Product(boxed(Leaf("(-1)")), boxed(Difference(b, a))),
                _ => Difference(a, b),
            }
        }
        Product(a, b) => {
            let (a2, b2) = (again(a, random), again(b, random));
            match (choice, &**b) {
                // a(c + d) = ac + ad
                (0 | 1, Sum(c, d)) => Sum(
                    boxed(Product(a2.clone(), c.clone())),
                    boxed(Product(a2, d.clone())),
                ),
                (2, _) => Product(b2, a2),
                _ => Product(a2, b2),
            }
        }
        Quotient(a, b) => {
            let (a, b) = (again(a, random), again(b, random));
            match choice {
                0 => Product(a, boxed(Quotient(boxed(Leaf("1")), b))),
                _ => Quotient(a, b),
            }
        }
        Square(a) => match (choice, &**a) {
            // (c + d)² = c² + 2cd + d²
            (0 | 1, Sum(c, d)) => {
                let middle = Product(boxed(Leaf("2")), boxed(Product(c.clone(), d.clone())));
                let first = Sum(boxed(Square(c.clone())), boxed(middle));
                Sum(boxed(first), boxed(Square(d.clone())))
            }
            (2, _) => Product(again(a, random), again(a, random)),
            _ => Square(again(a, random)),
        },
        Exp(a) => match (choice, &**a) {
            (0 | 1, Sum(c, d)) => Product(boxed(Exp(c.clone())), boxed(Exp(d.clone()))),
            (2, _) => {
                let negative = Difference(boxed(Leaf("0")), a.clone());
                Quotient(boxed(Leaf("1")), boxed(Exp(boxed(negative))))
            }
            _ => Exp(again(a, random)),
        },
    }
}

#[test]
fn true_rewritings_are_proved_and_false_ones_never() {
    let mut proofs = 0;
    for seed in 0..400u64 {
        let mut random = SplitMix(seed);
        let depth = 2 + (seed % 3) as u32;
        let tree = tree(&mut random, depth, seed.is_multiple_of(2));
        let other = rewritten(&tree, &mut random);
        let other = rewritten(&other, &mut random);
        let (left, right) = (tree.to_string(), other.to_string());
        let got = verdict(&left, &right);
        match &got {
            Identity::Proved | Identity::ProvedWhereDefined { .. } => proofs += 1,
            // Divided by 0 everywhere, or nearly.
            Identity::Undecided { points: 0, .. } => continue,
            _ => panic!("seed {seed}: {left} == {right}: {got}"),
        }
        let small = random.pick(&["1e-40*x", "1e-400", "1e-30*y*y", "(x - x + 1)/10^50"]);
        for wrong in [format!("{right} + {small}"), format!("{right}*2 + 1e9")] {
            let got = verdict(&left, &wrong);
            let proof = matches!(got, Identity::Proved | Identity::ProvedWhereDefined { .. });
            assert!(!proof, "seed {seed}: {left} == {wrong}: {got}");
        }
    }
    assert!(proofs > 300, "only {proofs} proofs");
}
