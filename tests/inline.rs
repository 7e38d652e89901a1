//! From the source graph to the one that is evaluated: what a call means.

mod common;

use common::shape;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::Definitions;

fn formula(definitions: &str, text: &str) -> Formula {
    let mut known = Definitions::new();
    known.add("definitions", definitions).unwrap();
    known.formula("expression", text).unwrap()
}

fn inlined(definitions: &str, text: &str, ambient: Context) -> String {
    shape(&formula(definitions, text).inline(ambient).unwrap())
}

#[test]
fn calls_are_written_out() {
    let table = [
        ("f(x) = x + 1", "f(f(y))", "(+ (+ y 1) 1)"),
        ("f(x, y) = x - y", "f(b, a)", "(- b a)"),
        ("f(x) = x*k\nk = 2*t", "f(k)", "(* k:(* 2 t) k)"),
        // An argument takes the context of its parameter's place.
        (
            "f(x) = fl(x + 1, f32)",
            "f(2*y)",
            "(fl (+@f32 (*@f32 2@f32 y@f32) 1@f32))",
        ),
        (
            "f(x) = fl(x + 1, f32) - x",
            "f(2*y)",
            "(- (fl (+@f32 (*@f32 2@f32 y@f32) 1@f32)) (* 2 y))",
        ),
        // … through a call in between,
        (
            "h(x) = fl(x, f32)\nf(y) = h(y + 1)",
            "f(z*2)",
            "(fl (+@f32 (*@f32 z@f32 2@f32) 1@f32))",
        ),
        // … but where it has its own.
        (
            "f(x) = fl(x + 1, f32)",
            "f(fl(y, f16))",
            "(fl (+@f32 (fl@f32 y@f16) 1@f32))",
        ),
        // A call takes the context of its place.
        ("f(x) = x + 1", "fl(f(y), f16)", "(fl (+@f16 y@f16 1@f16))"),
        (
            "f(x) = fl(x, f32)",
            "fl(f(y) + 1, f64)",
            "(fl (+@f64 (fl@f64 y@f32) 1@f64))",
        ),
        // What lives there already is not carried there.
        ("f(x) = fl(x, f32)", "fl(f(y), f32)", "(fl y@f32)"),
        (
            "ok(x) = fl(x < 1, f32)",
            "not ok(y)",
            "(not (fl (<@f32 y@f32 1@f32)))",
        ),
        (
            "f(x) = cast(x, f16)",
            "fl(f(y), f32)",
            "(fl (cast[f16]@f32 y@f32))",
        ),
    ];
    for (definitions, text, expected) in table {
        assert_eq!(
            inlined(definitions, text, Context::Ambient),
            expected,
            "{text}"
        );
    }
}

#[test]
fn the_ambient_context_is_replaced() {
    let (real, f32) = (Context::Real, Context::Fixed(Format::F32));
    let text = "fl(x + 1, f32) - x";
    assert_eq!(
        inlined("", text, real),
        "(-@real (fl@real (+@f32 x@f32 1@f32)) x@real)"
    );
    assert_eq!(inlined("", text, f32), "(-@f32 (+@f32 x@f32 1@f32) x@f32)");
    assert_eq!(
        inlined("f(x) = x + fl(x, f32)", "f(y)", f32),
        "(+@f32 y@f32 y@f32)"
    );
}

#[test]
fn equal_nodes_are_one_with_all_their_names_and_places() {
    let formula = formula("a = sigmoid(z)\nb = sigmoid(z)", "a*(1 - b) + sigmoid(z)");
    let inlined = formula.inline(Context::Ambient).unwrap();
    // z, 1, −z, exp, 1 + exp, σ, 1 − σ, the product, the sum
    assert_eq!(inlined.nodes().len(), 9);
    let sigmoid = inlined
        .ids()
        .find(|&id| inlined.origin(id).names == ["a", "b"])
        .expect("both names");
    let texts: Vec<&str> = inlined
        .origin(sigmoid)
        .spans
        .iter()
        .map(|&span| inlined.sources().text(span))
        .collect();
    assert_eq!(texts[0], "1/(1 + exp(-z))");
    for text in ["sigmoid(z)", "a", "b"] {
        assert!(texts.contains(&text), "{text} in {texts:?}");
    }
}

#[test]
fn roundings_of_reals_stay_in_the_reals() {
    let fixed = Context::Fixed(Format::F64);
    let refused = [
        ("", "fl(rn(x, f32), f64)", Context::Real),
        ("", "rn(x, f32)", fixed),
        ("f(x) = rn(x, f32)", "fl(f(x) + 1, f64)", Context::Real),
        ("f(x) = fl(x, f64)", "f(rn(x, f32))", Context::Real),
        ("s = rn(x, f32)", "fl(s, f64)", Context::Real),
    ];
    for (definitions, text, ambient) in refused {
        let error = formula(definitions, text).inline(ambient).expect_err(text);
        assert!(
            error.message.contains("cannot stand inside a computation"),
            "{error}"
        );
        assert!(error.span.is_some());
    }
    assert_eq!(
        inlined("f(x) = rn(x, f32)", "f(fl(x, f16)) + 1", Context::Real),
        "(+@real (round[f32]@real (fl@real x@f16)) 1@real)"
    );
    // An argument that no parameter asks for computes nothing.
    assert_eq!(inlined("f(x) = 1", "f(rn(y, f32))", fixed), "1@f64");
}

#[test]
fn doubling_functions_stay_linear() {
    for (body, nodes_each) in [
        ("p(x) + p(x)", 1),
        ("fl(p(x) + p(x), f32)", 2),
        ("sqrt(p(x) + p(x))", 3),
    ] {
        let mut lines = vec!["f0(x) = x + 1".to_string()];
        for k in 1..100 {
            let previous = format!("f{}", k - 1);
            lines.push(format!("f{k}(x) = {}", body.replace('p', &previous)));
        }
        let formula = formula(&lines.join("\n"), "f99(y)");
        let fixed = [Format::F16, "f16@f32".parse().unwrap()].map(Context::Fixed);
        for ambient in [Context::Real].into_iter().chain(fixed) {
            let inlined = formula.inline(ambient).unwrap();
            assert!(inlined.nodes().len() <= 6 + 99 * nodes_each);
        }
    }
}

#[test]
fn contexts_that_alternate_stay_polynomial() {
    let definitions = "a(x) = fl(x, f16) + x\nb(x) = fl(x, f32) + x\nc(x) = fl(x, f64) + x";
    let text = format!("{}y{}", "a(b(c(".repeat(40), ")))".repeat(40));
    let formula = formula(definitions, &text);
    let inlined = formula.inline(Context::Real).unwrap();
    // Each of 120 calls in at most four contexts, three nodes each.
    assert!(inlined.nodes().len() <= 4 + 120 * 4 * 3);
}

/// An expression, to be written with calls or with the calls written out.
#[derive(Clone)]
enum Expr {
    Leaf(&'static str),
    Parameter(usize),
    Binary(&'static str, Box<(Expr, Expr)>),
    Function(&'static str, Box<Expr>),
    View(&'static str, Box<Expr>, &'static str),
    Call(usize, Vec<Expr>),
}

const FORMATS: [&str; 4] = ["f16", "f32", "bf16", "bf16@f32"];
const PARAMETERS: [&str; 2] = ["p", "q"];

struct Random(u64);

impl Random {
    /// A number below `n` (Knuth's linear congruential generator, high bits).
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn expr(&mut self, depth: usize, parameters: usize, functions: usize) -> Expr {
        let choice = if depth == 0 {
            self.below(3)
        } else {
            self.below(11)
        };
        let inner = |this: &mut Self| this.expr(depth - 1, parameters, functions);
        match choice {
            0 => Expr::Leaf(["x", "y", "2"][self.below(3)]),
            1 | 2 if parameters > 0 => Expr::Parameter(self.below(parameters)),
            1 | 2 => Expr::Leaf("x"),
            3 | 4 => Expr::Binary(
                ["+", "-"][self.below(2)],
                Box::new((inner(self), inner(self))),
            ),
            5 | 6 => Expr::View("fl", Box::new(inner(self)), FORMATS[self.below(4)]),
            7 => Expr::View("cast", Box::new(inner(self)), FORMATS[self.below(3)]),
            8 => Expr::Function(
                ["exp", "silu", "logsigmoid"][self.below(3)],
                Box::new(inner(self)),
            ),
            _ if functions > 0 => {
                let function = self.below(functions);
                Expr::Call(function, vec![inner(self), inner(self)])
            }
            _ => Expr::Leaf("y"),
        }
    }
}

fn with_calls(expr: &Expr) -> String {
    match expr {
        Expr::Leaf(text) => text.to_string(),
        Expr::Parameter(index) => PARAMETERS[*index].to_string(),
        Expr::Binary(sign, both) => {
            format!("({} {sign} {})", with_calls(&both.0), with_calls(&both.1))
        }
        Expr::Function(name, inner) => format!("{name}({})", with_calls(inner)),
        Expr::View(view, inner, format) => format!("{view}({}, {format})", with_calls(inner)),
        Expr::Call(function, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(with_calls).collect();
            format!("f{function}({})", arguments.join(", "))
        }
    }
}

fn written_out(expr: &Expr, bodies: &[Expr], parameters: &[Expr]) -> Expr {
    let go_on = |inner: &Expr| written_out(inner, bodies, parameters);
    match expr {
        Expr::Leaf(text) => Expr::Leaf(text),
        Expr::Parameter(index) => parameters[*index].clone(),
        Expr::Binary(sign, both) => Expr::Binary(sign, Box::new((go_on(&both.0), go_on(&both.1)))),
        Expr::Function(name, inner) => Expr::Function(name, Box::new(go_on(inner))),
        Expr::View(view, inner, format) => Expr::View(view, Box::new(go_on(inner)), format),
        Expr::Call(function, arguments) => {
            let arguments: Vec<Expr> = arguments.iter().map(go_on).collect();
            written_out(&bodies[*function], bodies, &arguments)
        }
    }
}

/// A call is its body with the arguments in the parameters' places, as text.
#[test]
fn a_call_is_its_body_written_out() {
    let mut random = Random(1);
    for round in 0..400 {
        let mut bodies: Vec<Expr> = Vec::new();
        let mut lines = Vec::new();
        for index in 0..3 {
            let body = random.expr(3, 2, index);
            lines.push(format!("f{index}(p, q) = {}", with_calls(&body)));
            bodies.push(body);
        }
        let expr = random.expr(4, 0, 3);
        let plain = with_calls(&written_out(&expr, &bodies, &[]));
        let definitions = lines.join("\n");
        let wide = "f16@f32".parse().unwrap();
        let fixed = [Format::F32, wide].map(Context::Fixed);
        for ambient in [Context::Ambient, Context::Real].into_iter().chain(fixed) {
            assert_eq!(
                inlined(&definitions, &with_calls(&expr), ambient),
                inlined("", &plain, ambient),
                "round {round}: {definitions}\n{}",
                with_calls(&expr)
            );
        }
    }
}
