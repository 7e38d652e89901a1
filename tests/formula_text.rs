//! Formulas written as text read back to the same graph.

#[path = "random/formulas.rs"]
mod formulas;
mod random;

use formulas::{DEFINITIONS, Source, define, is_same, read};
use random::SplitMix;
use std::time::Instant;
use ulpscope::formula::{Builder, Context, Formula, Op, Text};
use ulpscope::language::{Definitions, Rows};

/// Writes an expression and reads it; what was written.
fn round_trip(known: &mut Definitions, expression: &str, context: Context) -> Text {
    let tree = known.expression("expression", expression);
    let tree = tree.unwrap_or_else(|error| panic!("{error} in {expression}"));
    let formula = known.resolve(&tree, context, Rows::None);
    let formula = formula.unwrap_or_else(|error| panic!("{error} in {expression}"));
    let text = formula.write();
    let text = text.unwrap_or_else(|error| panic!("{error} in {expression}"));
    let again = read(known, &text, context);
    assert!(is_same(&formula, &again, context), "{expression}: {text:?}");
    // The definitions that it lists are the user's.
    for (name, _) in &text.named {
        assert!(known.is_defined(name), "{expression}: {name}");
    }
    text
}

#[test]
fn corners() {
    // As it is written, where that is not the text itself.
    let table = [
        ("-x^2", ""),
        ("(-x)^2", ""),
        ("-(-x)", ""),
        ("- -x", "-(-x)"),
        ("--x^-y", "-(-x^(-y))"),
        ("-(a*b)", ""),
        ("-a*b", ""),
        ("a*-b", "a*(-b)"),
        ("a - b - c", ""),
        ("a - (b - c)", ""),
        ("a - (b + c)", ""),
        ("a + (b + c)", ""),
        ("a - -b", "a - (-b)"),
        ("-a - b", ""),
        ("-(a - b)", ""),
        ("a/b/c", ""),
        ("a/(b/c)", ""),
        ("a/(b*c)", ""),
        ("a*(b*c)", ""),
        ("a*b^c", ""),
        ("(a*b)^c", ""),
        ("2^-3", "2^(-3)"),
        ("2^-x^2", "2^(-x^2)"),
        ("x^y^z", ""),
        ("(x^y)^z", ""),
        ("x^(y*z)", ""),
        ("x^2^-1", "x^2^(-1)"),
        ("x²", "x^2"),
        ("x⁻¹²", ""),
        ("(x⁻¹)²", "(x⁻¹)^2"),
        ("(x + 1)⁻³", ""),
        ("2^x⁻³", ""),
        ("(-x)⁻³", ""),
        ("-x⁻³*y⁻⁰", ""),
        ("√x²", "sqrt(x)^2"),
        ("57% + 0x1.8p3*1e-400 - .5", ""),
        ("57%^2", ""),
        ("2^57%", ""),
        ("1e400*x", ""),
        ("|x|*||y| - 1|", "abs(x)*abs(abs(y) - 1)"),
        ("ln(x)", "log(x)"),
        ("not a < b", ""),
        ("not (not a < b)", ""),
        ("not (a < b and b < c)", ""),
        ("(a < b or b < c) and c < d", ""),
        ("a < b or b < c and c < d", ""),
        ("a < b and (b < c and c < d)", ""),
        ("a < b or (b < c or c < d)", ""),
        ("a < b < c", "a < b and b < c"),
        (
            "a < 1 implies b < 1 implies c < 1",
            "not a < 1 or (not b < 1 or c < 1)",
        ),
        (
            "(a < 1 implies b < 1) implies c < 1",
            "not (not a < 1 or b < 1) or c < 1",
        ),
        ("a < 1 iff b < 1 iff c < 1", ""),
        ("a < 1 iff (b < 1 iff c < 1)", ""),
        (
            "(a < 1 or b < 1) iff not b < 1",
            "a < 1 or b < 1 iff not b < 1",
        ),
        ("a == 1 iff b != 1", ""),
        ("not (a == 1 iff b != 1)", ""),
        (
            "1 + if a < b then 1 else 2 + c",
            "1 + (if a < b then 1 else 2 + c)",
        ),
        ("(if a < b then 1 else 2) + c", ""),
        ("-(if a < b then 1 else 2)", ""),
        ("(if a < b then 1 else 2)^(if b < c then x else y)", ""),
        (
            "if (if a < b then 1 else 2) < c then if a < b then x else y else z",
            "",
        ),
        ("if a < b then 1 else if b < c then 2 else 3", ""),
        ("if a < b iff b < c then 1 else 2", ""),
        ("(if a < b then 1 else 2) < (if a < b then 3 else 4)", ""),
        ("max(if a < b then 1 else 2, -x)", ""),
        ("fl(a + fl(b, f16), f32)", ""),
        ("fl(fl(a, f16), f32)", ""),
        ("fl(fl(a, f16), f16)", "fl(a, f16)"),
        ("fl(fl(fl(a*2, f16)*b, f32) + c, f64)*d", ""),
        (
            "fl(a + 1, f16/rz+ftz) + fl(b, mpfr:30) + fl(c, f16@f32)",
            "",
        ),
        ("fl(x < y, f32) and fl(y < 2, f16)", ""),
        ("not fl(x < y, f32)", ""),
        ("if fl(x < y, f32) then 1 else 2", ""),
        ("cast(x*y, bf16)^2", ""),
        ("fl(cast(x + 1, bf16), f32)", ""),
        ("pi*e + (if x < inf then 1 else nan)", ""),
        ("f(x) + f(2*y) - g(x, f(y))", ""),
        ("fl(f(x) + f(fl(x, f16)), f32)", ""),
        ("h(h(h(x)))", ""),
        ("big(x) and not big(2)", ""),
        ("sigmoid(silu(x))", ""),
        (
            "fma(a, b, c) + hypot(a, b) + atan2(a, b) + min(a, b) + polygamma(2, x)",
            "",
        ),
        ("s*s + fl(s, f16) + f(s)", ""),
        ("é_1 + x1", ""),
    ];
    let definitions = "f(x) = x + 1\ng(x, y) = x - y*w\nh(x) = fl(x*x, f16) + x\nbig(x) = x > 9\ns = x*y - sin(z)";
    let mut known = define(definitions);
    for (expression, expected) in table {
        let text = round_trip(&mut known, expression, Context::Ambient);
        let expected = if expected.is_empty() {
            expression
        } else {
            expected
        };
        assert_eq!(text.expression, expected);
        assert!(text.parts.is_empty(), "{text:?}");
        round_trip(&mut known, expression, Context::Real);
    }
    let views = [
        "rn(x + 1, f16)",
        "rn(x, f16)^2 - rz(x, f32) + ru(x/y, mpfr:20) - rd(-x, bf16)",
        "relerr(x*y, f32) + abserr(s, f16)",
        "ulps(s, f16) + bits(f(x), bf16) + ulp(x*y, f32)",
        "fl(x*y, f32) - x*y < ulp(x*y, f32)/2",
        "relerr(f(x) + s, f16/rz) <= 2^(-10)",
        "f(rn(x, f16)) + rn(f(s), f16)",
        "rn(fl(x + 1, f16) + rn(x, f32), f64)",
        "ulp(rn(x, f16), f16)",
    ];
    for expression in views {
        let text = round_trip(&mut known, expression, Context::Real);
        assert_eq!(text.expression, expression);
    }
}

/// Whether rn or a kin stands inside of a computation after all, through a call.
fn has_graph(known: &mut Definitions, expression: &str, context: Context) -> bool {
    let tree = known.expression("expression", expression).unwrap();
    let formula = known.resolve(&tree, context, Rows::None).unwrap();
    formula.inline(context).is_ok()
}

#[test]
fn random_formulas() {
    let mut known = define(DEFINITIONS);
    for seed in 0..1500 {
        let mut source = Source::new(SplitMix(seed), seed.is_multiple_of(2));
        let depth = 2 + seed as usize % 5;
        let real = source.real;
        let expression = match seed % 3 {
            0 => source.predicate(depth, real),
            _ => source.number(depth, real),
        };
        let context = if real {
            Context::Real
        } else {
            Context::Ambient
        };
        println!("seed {seed}");
        if has_graph(&mut known, &expression, context) {
            round_trip(&mut known, &expression, context);
        }
        // Fewer definitions for the names that a text makes up.
        if seed.is_multiple_of(50) {
            known = define(DEFINITIONS);
        }
    }
}

#[test]
fn random_derivatives() {
    let mut known = define(DEFINITIONS);
    let mut done = 0;
    for seed in 0..1000 {
        let mut source = Source::new(SplitMix(77_000 + seed), false);
        let expression = source.number(2 + seed as usize % 4, false);
        let by = source.pick(&["x", "y", "s", "w"]);
        let expression = format!("d({expression}, {by})");
        let expression = match seed % 4 {
            0 => format!("fl({expression}, f16)"),
            1 => format!("d({expression}, x)"),
            _ => expression,
        };
        if seed.is_multiple_of(50) {
            known = define(DEFINITIONS);
        }
        let formula = match known.formula("expression", &expression) {
            Ok(formula) => formula,
            Err(error) => {
                let message = "` does not occur in what is differentiated by it";
                assert!(error.message.ends_with(message), "{error}: {expression}");
                continue;
            }
        };
        println!("seed {seed}: {expression}");
        match formula.write() {
            Ok(text) => {
                let again = read(&known, &text, Context::Ambient);
                assert!(
                    is_same(&formula, &again, Context::Ambient),
                    "{expression}: {text:?}"
                );
                done += 1;
            }
            Err(error) => {
                let message = "this formula cannot be written: a value of the arithmetic outside goes into an `fl`";
                assert_eq!(error.message, message);
                assert!(
                    expression.contains("fl(")
                        || expression.contains("h(")
                        || expression.contains("k(")
                );
            }
        }
    }
    assert!(done > 400, "{done}");
}

#[test]
fn names_that_are_taken() {
    // The names that are made up are none of the user's, used here or not, also
    // not those of free variables in functions' bodies.
    let shared = "exp(sin(x) + cos(x)*x*x)";
    let expression = format!("d(f({shared}) + sin({shared}), x)");
    let hidden = "f(x) = x*g(x)*t1\ng(x) = x + t2\nt3 = 5\nt4(x) = x";
    let mut known = define(hidden);
    let text = round_trip(&mut known, &expression, Context::Ambient);
    let names: Vec<&str> = text.parts.iter().map(|(name, _)| name.as_str()).collect();
    assert!(!names.is_empty());
    for name in &names {
        assert!(!["t1", "t2", "t3", "t4"].contains(name), "{names:?}");
    }
    let free = read(&known, &text, Context::Ambient)
        .inline(Context::Ambient)
        .unwrap();
    assert_eq!(free.inputs(), ["x", "t1", "t2"]);
}

#[test]
fn shared_parts_are_written_once() {
    // Each level doubles what is below.
    let mut text = String::from("a0 = x + y\n");
    for i in 1..=200 {
        text += &format!("a{i} = sin(a{0})*a{0} + a{0}/(1 + a{0})\n", i - 1);
    }
    let mut known = define(&text);
    let own = round_trip(&mut known, "a200 + 1", Context::Ambient);
    assert_eq!(own.named.len(), 201);
    let slope = round_trip(&mut known, "d(a200, x)", Context::Ambient);
    let length: usize = slope.parts.iter().map(|(_, part)| part.len()).sum();
    assert!(length < 200 * 300, "{length}");
}

/// A graph of so many nodes, nearly all of them shared, that no one named.
fn tangle(nodes: usize) -> Formula {
    let mut builder = Builder::new();
    let mut random = SplitMix(3);
    let mut ids = Vec::new();
    for name in ["x", "y"] {
        let index = builder.input(name);
        ids.push(
            builder
                .node(Op::Input(index), &[], Context::Ambient, None)
                .unwrap(),
        );
    }
    let mut last = ids[1];
    while ids.len() < nodes {
        let near = ids.len() - 1 - (random.next() as usize % 20).min(ids.len() - 1);
        let far = random.next() as usize % ids.len();
        let op = [Op::Add, Op::Mul, Op::Sub, Op::Atan2][random.next() as usize % 4].clone();
        let other = if random.next().is_multiple_of(2) {
            ids[near]
        } else {
            ids[far]
        };
        last = builder
            .node(op, &[last, other], Context::Ambient, None)
            .unwrap();
        ids.push(last);
    }
    builder.finish(last, std::sync::Arc::default())
}

#[test]
fn a_large_graph_is_written_in_linear_time() {
    let measure = |nodes: usize| {
        let formula = tangle(nodes);
        let start = Instant::now();
        let text = formula.write().unwrap();
        let time = start.elapsed().as_secs_f64();
        let lines = text.parts.iter().map(|(_, part)| part);
        let lines = lines.chain([&text.expression]);
        let longest = lines
            .clone()
            .map(|line| line.chars().count())
            .max()
            .unwrap();
        let length: usize = lines.map(|line| line.len()).sum();
        assert!(longest < 1000, "{longest}");
        assert!(is_same(
            &formula,
            &read(&Definitions::new(), &text, Context::Ambient),
            Context::Ambient
        ));
        (length, time)
    };
    let (few, _) = measure(10_000);
    let (many, time) = measure(100_000);
    assert!((many as f64) < 12.0 * few as f64, "{few}, {many}");
    assert!(time < 5.0, "{time} s");
    // Named values by the thousand.
    let mut text = String::from("a0 = x*x\n");
    for i in 1..=100_000 {
        text += &format!("a{i} = a{}*w\n", i - 1);
    }
    let mut known = define(&text);
    let formula = known.formula("expression", "d(a100000, w)").unwrap();
    let start = Instant::now();
    let text = formula.write().unwrap();
    let time = start.elapsed().as_secs_f64();
    assert!(time < 5.0, "{time} s");
    assert!(text.named.len() > 99_000);
    let longest = text
        .parts
        .iter()
        .map(|(_, part)| part.chars().count())
        .max();
    assert!(
        longest < Some(1000) && text.expression.len() < 1000,
        "{longest:?}"
    );
}
