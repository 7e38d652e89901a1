//! Formats that compute functions in a wider one (`bf16@f32`): the graphs, and
//! the values against native arithmetic.

mod common;

use common::shape;
use half::{bf16, f16};
use rug::{Float, Rational};
use ulpscope::arithmetic::native::Libm;
use ulpscope::evaluate::compute;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::Definitions;
use ulpscope::measure::Verdict;
use ulpscope::study::{Options, Point, Row, Subject, compare, eval};

fn format(name: &str) -> Format {
    name.parse().unwrap()
}

fn formula(definitions: &str, text: &str) -> Formula {
    let mut known = Definitions::new();
    known.add("definitions", definitions).unwrap();
    known.formula("expression", text).unwrap()
}

/// The graph in one line: `@S` stands for f16@f32, `@W` for f32.
fn inlined(definitions: &str, text: &str, ambient: Context) -> String {
    let graph = formula(definitions, text).inline(ambient).unwrap();
    shape(&graph)
        .replace("@f16@f32", "@S")
        .replace("@f32", "@W")
}

#[test]
fn functions_are_computed_wider_and_stored() {
    let sigma = |context: &str, z: &str| {
        "(/@W 1@W (+@W 1@W (exp@W (-@W z))))"
            .replace("@W", context)
            .replace('z', z)
    };
    let of_z = sigma("@W", "z@S");
    let stored = format!("(fl@S {of_z})");
    let table = [
        // Operators, inputs, literals, constants.
        (
            "",
            "if -x < pi then 2*x else x/2",
            "(if@S (<@S (-@S x@S) pi@S) (*@S 2@S x@S) (/@S x@S 2@S))".to_string(),
        ),
        // A built-in function.
        (
            "",
            "exp(-x) + 1",
            "(+@S (fl@S (exp@W (-@S x@S))) 1@S)".into(),
        ),
        ("", "hypot(x, 2)", "(fl@S (hypot@W x@S 2@S))".into()),
        ("", "x^2", "(fl@S (pow@W x@S 2@S))".into()),
        // A function of the prelude is one function.
        ("", "sigmoid(z)", stored.clone()),
        ("", "relu(x)", "(fl@S (max@W x@S 0@W))".into()),
        // What it calls belongs to it; what it is called with does not.
        ("", "logsigmoid(z)", format!("(fl@S (log@W {of_z}))")),
        (
            "",
            "silu(2*x)",
            format!(
                "(fl@S (*@W (*@S 2@S x@S) {}))",
                sigma("@W", "(*@S 2@S x@S)")
            ),
        ),
        (
            "",
            "sigmoid(sigmoid(z))",
            format!("(fl@S {})", sigma("@W", &stored)),
        ),
        (
            "",
            "logsigmoid(z) - sigmoid(z)",
            format!("(-@S (fl@S (log@W {of_z})) {stored})"),
        ),
        // A function of the user is a program.
        (
            "s(z) = 1/(1 + exp(-z))",
            "s(z)",
            "(/@S 1@S (+@S 1@S (fl@S (exp@W (-@S z@S)))))".into(),
        ),
        (
            "sigmoid(z) = 1/(1 + exp(-z))",
            "sigmoid(z)",
            "(/@S 1@S (+@S 1@S (fl@S (exp@W (-@S z@S)))))".into(),
        ),
        ("f(x) = sigmoid(x)*x", "f(z)", format!("(*@S {stored} z@S)")),
        (
            "f(x) = sigmoid(x)",
            "f(f(z))",
            format!("(fl@S {})", sigma("@W", &stored)),
        ),
        // A formula's own formats stay.
        (
            "",
            "fl(sigmoid(z), f64)",
            format!("(fl@S {})", sigma("@f64", "z@f64")),
        ),
        (
            "",
            "sigmoid(fl(z, f64))",
            format!("(fl@S {})", sigma("@W", "(fl@S z@f64)")),
        ),
        (
            "f(x) = fl(sigmoid(x), bf16)",
            "f(exp(y))",
            format!("(fl@S {})", sigma("@bf16", "(exp@bf16 y@bf16)")),
        ),
        (
            "f(x) = fl(sigmoid(x), bf16@f64)",
            "exp(f(y))",
            format!(
                "(fl@S (exp@W (fl@S (fl@bf16@f64 {}))))",
                sigma("@f64", "y@bf16@f64")
            ),
        ),
        // A name is the stored result's.
        (
            "a = sigmoid(z)\nb = exp(a)",
            "a - b",
            format!("(-@S a:{stored} b:(fl@S (exp@W a)))"),
        ),
    ];
    for (definitions, text, expected) in table {
        let ambient = Context::Fixed(format("f16@f32"));
        assert_eq!(inlined(definitions, text, ambient), expected, "{text}");
        // An fl asks for the same, whatever stands around it.
        let inside = format!("fl({text}, f16@f32)");
        let real = inlined(definitions, &inside, Context::Real);
        assert_eq!(real, format!("(fl@real {expected})"), "{text}");
        let root = inlined(definitions, &inside, Context::Ambient);
        assert_eq!(root, format!("(fl {expected})"), "{text}");
    }
}

/// Where another part of the formula computes functions in a wider format, the
/// rest is as it was.
#[test]
fn plain_contexts_stay_as_they_are() {
    let definitions = "f(x) = sigmoid(x)*exp(x)\na = f(z)\nb = silu(a)";
    for text in [
        "sigmoid(z)",
        "sigmoid(exp(z)) + z^2",
        "b - a",
        "fl(f(z), f64) - f(z)",
        "gelu_tanh(f(logsigmoid(z)))",
    ] {
        for ambient in [Context::Ambient, Context::Real, Context::Fixed(Format::F64)] {
            let tag = shape(&formula("", "x").inline(ambient).unwrap()).replace('x', "");
            let wide = format!("({text}) + fl(k, f16@f32)");
            assert_eq!(
                inlined(definitions, &wide, ambient),
                format!(
                    "(+{tag} {} (fl{tag} k@S))",
                    inlined(definitions, text, ambient)
                ),
                "{text}"
            );
        }
    }
    // Names and places too.
    let nodes = |format: &str| {
        let text = format!("a + b*exp(z) + fl(k, {format})");
        let graph = formula(definitions, &text)
            .inline(Context::Ambient)
            .unwrap();
        let node = |id| {
            let origin = graph.origin(id);
            let text = |&span| graph.sources().text(span).to_string();
            let texts: Vec<String> = origin.spans.iter().map(text).collect();
            (graph.node(id).op.name(), origin.names.clone(), texts)
        };
        let mut nodes: Vec<_> = graph.ids().map(node).collect();
        nodes.sort();
        // The texts of these differ.
        nodes.retain(|(op, ..)| *op != "fl" && *op != "+");
        nodes
    };
    assert_eq!(nodes("f16@f32"), nodes("f16"));
}

#[test]
fn a_stored_result_is_labelled_as_the_call() {
    let graph = formula("", "2*sigmoid(z)")
        .inline(Context::Fixed(format("f16@f32")))
        .unwrap();
    let stored = graph.operands(graph.root())[1];
    assert_eq!(graph.label(stored), "sigmoid(z)");
    let body = graph.operands(stored)[0];
    assert_eq!(graph.label(body), "1/(1 + exp(-z))");
}

/// The value of a formula of z, at one z after the other.
fn values(text: &str, name: &str) -> impl Fn(f32) -> Float {
    let format = format(name);
    let graph = formula("", text).inline(Context::Fixed(format)).unwrap();
    move |z| {
        let z = Rational::from_f32(z).unwrap();
        compute(&graph, format, Libm::CoreMath, &[z.into()]).unwrap()
    }
}

/// Hardware f32, with CORE-MATH's correctly rounded exp.
fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + core_math::expf(-z))
}

/// Every z, ascending, against native arithmetic; gives the first z from which
/// on the results are 1.
fn agree(name: &str, points: impl Iterator<Item = f32>, native: impl Fn(f32) -> f32) -> f32 {
    let value = values("sigmoid(z)", name);
    let mut first = None;
    for z in points {
        let computed = value(z);
        let (computed, expected) = (computed.to_f32(), native(z));
        assert_eq!(computed.to_bits(), expected.to_bits(), "{name} at {z}");
        if computed == 1.0 {
            first.get_or_insert(z);
        } else {
            assert!(computed < 1.0 && first.is_none(), "{name} at {z}");
        }
    }
    first.unwrap()
}

#[test]
fn sigmoid_in_bf16_through_f32() {
    let points = || (0..=bf16::from_f32(8.0).to_bits()).map(|bits| bf16::from_bits(bits).to_f32());
    let first = agree("bf16@f32", points(), |z| {
        bf16::from_f32(sigmoid(z)).to_f32()
    });
    assert_eq!(first, 6.25);
    // The mode is the storage's: f32's own bits cut off never round up to 1.
    let cut = |z| f32::from_bits(sigmoid(z).to_bits() & 0xffff_0000);
    let value = values("sigmoid(z)", "bf16@f32/rz");
    for z in points() {
        assert_eq!(value(z).to_f32(), cut(z), "{z}");
    }
}

#[test]
fn sigmoid_in_f16_through_f32() {
    let points = (0..=f16::from_f32(10.0).to_bits()).map(|bits| f16::from_bits(bits).to_f32());
    let first = agree("f16@f32", points, |z| f16::from_f32(sigmoid(z)).to_f32());
    assert_eq!(first, 8.3203125);
}

/// σ′ as a program: each σ is stored, and so is each operator's result.
#[test]
fn operators_in_bf16_functions_through_f32() {
    let value = values("2*sigmoid(z)*(1 - sigmoid(z)) + exp(-z)", "bf16@f32");
    for bits in 0..=bf16::from_f32(8.0).to_bits() {
        let z = bf16::from_bits(bits);
        let stored = bf16::from_f32(sigmoid(z.to_f32()));
        let (one, two) = (bf16::ONE, bf16::from_f32(2.0));
        let exp = bf16::from_f32(core_math::expf(-z.to_f32()));
        // `half` computes in f32, whose 24 bits are enough to round 8 twice.
        let expected = two * stored * (one - stored) + exp;
        assert_eq!(value(z.to_f32()).to_f32(), expected.to_f32(), "{z}");
    }
}

fn row(text: &str, at: &str, name: &str) -> Row {
    let mut definitions = Definitions::new();
    let point = Point::parse(&mut definitions, at, 10_000).unwrap();
    let subject = Subject::parse(&mut definitions, text, &point).unwrap();
    let result = compare(&[subject], &[format(name)], &Options::default());
    result.formulas.into_iter().next().unwrap().rows.remove(0)
}

#[test]
fn a_row_of_a_comparison() {
    let computed = |row: &Row| row.computed.as_ref().unwrap().decimal();
    let wide = row("sigmoid(z)", "z=6.25", "bf16@f32");
    assert_eq!((wide.arithmetic.as_str(), wide.precision), ("bf16@f32", 8));
    assert_eq!(wide.engine, "emulated");
    assert_eq!(row("z", "z=1", "f32@f64").engine, "emulated");
    assert_eq!(computed(&wide), "1");
    assert_eq!(wide.verdict, Some(Verdict::BestPossible));
    // bf16 itself gives 1 at 6 already.
    assert_eq!(
        computed(&row("sigmoid(z)", "z=6", "bf16@f32")),
        "0.99609375"
    );
    assert_eq!(computed(&row("sigmoid(z)", "z=6", "bf16")), "1");
    // Without functions it is the format before the @; inputs are rounded to it.
    for text in ["z*z - 1/3", "z"] {
        for name in ["f16", "f16/ru", "f64"] {
            let (base, modes) = name.split_at(name.find('/').unwrap_or(name.len()));
            let wide = row(text, "z=0.1", &format!("{base}@f256{modes}"));
            let plain = row(text, "z=0.1", name);
            assert_eq!(computed(&wide), computed(&plain), "{text} in {name}");
            assert_eq!(wide.inputs_cost, plain.inputs_cost);
            assert_eq!(wide.verdict, plain.verdict);
        }
    }
    // A real input, an inner fl, and two inputs that the graphs meet in turn.
    let mixed = row(
        "sigmoid(y - x) + fl(exp(y), f64)",
        "x=pi, y=exp(1)",
        "f16@f32",
    );
    assert!(
        mixed.computed.is_some() && mixed.reasons.is_empty(),
        "{mixed:?}"
    );
}

#[test]
fn numbers_of_many_bits_are_refused() {
    let terms: Vec<String> = (0..300).map(|k| format!("exp(z + {k})")).collect();
    let row = row(&terms.join(" + "), "z=0.1", "f16@mpfr:16777216");
    assert!(row.computed.is_none());
    assert_eq!(
        row.reasons,
        ["the computation would take too much time or memory"]
    );
}

#[test]
fn inside_an_exact_expression() {
    let mut definitions = Definitions::new();
    definitions
        .add("definitions", "s(z) = 1/(1 + exp(-z))")
        .unwrap();
    for (text, expected) in [
        ("fl(sigmoid(6.25), bf16@f32) == 1", true),
        ("fl(sigmoid(6.21875), bf16@f32) == 1", false),
        ("fl(sigmoid(5.5625), bf16) == 1", true),
        (
            "fl(sigmoid(5.5625), bf16@f32) == fl(sigmoid(5.5625), bf16)",
            false,
        ),
        // The user's own σ adds 1 in bf16.
        ("fl(s(5.5625), bf16@f32) == 1", true),
        ("fl(sigmoid(6.25) == 1, bf16@f32)", true),
        ("fl(exp(1), bf16@f32) == rn(exp(1), bf16)", true),
    ] {
        let subject = Subject::parse_exact(&mut definitions, text, &Point::default()).unwrap();
        let holds = eval(&subject, 20, 10_000).holds.unwrap();
        assert_eq!(holds.value, Some(expected), "{text}");
    }
}

#[test]
fn a_rounding_computes_no_functions() {
    for (text, message, help) in [
        (
            "rn(x, bf16@f32/rz)",
            "`rn` rounds a number, it computes no functions",
            "write rn(…, bf16)",
        ),
        (
            "fl(cast(x, bf16@f32/rz), f64)",
            "`cast` rounds a number, it computes no functions",
            "write cast(…, bf16/rz)",
        ),
        ("fl(x, f32@bf16)", "bf16 is not wider than f32", ""),
    ] {
        let error = Definitions::new().formula("expression", text).unwrap_err();
        assert_eq!(error.message, message, "{text}");
        let given = error.help.unwrap();
        assert!(given == help || help.is_empty(), "{given}");
    }
}
