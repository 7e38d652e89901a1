//! The language: what programs mean, and what is said about bad ones.

use std::collections::HashSet;
use ulpscope::formula::{Context, Formula, NodeId, Op};
use ulpscope::language::Definitions;

/// A formula in one line: operations in prefix form, a context other than the
/// ambient one behind `@`, `name:` before a named node where it stands first
/// and `name` alone afterwards.
fn shape(formula: &Formula) -> String {
    fn write(formula: &Formula, id: NodeId, seen: &mut HashSet<NodeId>, out: &mut String) {
        let node = formula.node(id);
        if let Some(name) = formula.origin(id).names.first() {
            out.push_str(name);
            if !seen.insert(id) {
                return;
            }
            out.push(':');
        }
        let head = match &node.op {
            Op::Input(index) => formula.inputs()[*index as usize].clone(),
            Op::Parameter(index) => format!("${index}"),
            Op::Literal(literal) => literal.text().to_string(),
            Op::Call(index) => format!("{}()", formula.functions()[*index as usize].name),
            Op::Cast(format) => format!("cast[{format}]"),
            Op::Round(format) => format!("round[{format}]"),
            op => op.name().to_string(),
        };
        let operands = formula.operands(id);
        if !operands.is_empty() {
            out.push('(');
        }
        out.push_str(&head);
        match node.context {
            Context::Ambient => {}
            Context::Real => out.push_str("@real"),
            Context::Fixed(format) => out.push_str(&format!("@{format}")),
        }
        for &operand in operands {
            out.push(' ');
            write(formula, operand, seen, out);
        }
        if !operands.is_empty() {
            out.push(')');
        }
    }
    let mut out = String::new();
    write(formula, formula.root(), &mut HashSet::new(), &mut out);
    out
}

fn formula(definitions: &str, text: &str) -> Formula {
    let mut known = Definitions::new();
    known.add("definitions", definitions).unwrap();
    known.formula("expression", text).unwrap()
}

#[test]
fn expressions() {
    let table = [
        ("x", "x"),
        ("-x^2", "(- (pow x 2))"),
        ("2^-3", "(pow 2 (- 3))"),
        ("2**-x**y", "(pow 2 (- (pow x y)))"),
        ("a - b - c", "(- (- a b) c)"),
        ("a^b^c", "(pow a (pow b c))"),
        ("a/b*c", "(* (/ a b) c)"),
        ("-a*b", "(* (- a) b)"),
        ("+a - +b", "(- a b)"),
        ("a − b·c × d ÷ e", "(- a (/ (* (* b c) d) e))"),
        ("||x| - 1|", "(abs (- (abs x) 1))"),
        ("|x|*|y|", "(* (abs x) (abs y))"),
        ("57% + .5", "(+ 57% .5)"),
        ("√2^2 + √√x", "(+ (pow (sqrt 2) 2) (sqrt (sqrt x)))"),
        ("√(x + 1)", "(sqrt (+ x 1))"),
        ("-x²·2", "(* (- (pow x 2)) 2)"),
        ("x⁻¹² + √y²", "(+ (pow x -12) (pow (sqrt y) 2))"),
        ("π + e + inf", "(+ (+ pi e) inf)"),
        ("σ(x)", "(sigmoid() x)"),
        ("ln(x) + atan2(y, x)", "(+ (log x) (atan2 y x))"),
        ("0x1.8p3 + 1e-3", "(+ 0x1.8p3 1e-3)"),
        ("a < b <= c", "(and (< a b) (<= b c))"),
        ("a ≤ b ≥ c ≠ d", "(and (and (<= a b) (>= b c)) (!= c d))"),
        (
            "not a < b and c == d or x > 1",
            "(or (and (not (< a b)) (== c d)) (> x 1))",
        ),
        (
            "a < 1 implies b < 1 implies c < 1",
            "(or (not (< a 1)) (or (not (< b 1)) (< c 1)))",
        ),
        ("a < 1 iff not b < 1", "(== (< a 1) (not (< b 1)))"),
        (
            "1 + if a < b then 1 else 2 + c",
            "(+ 1 (if (< a b) 1 (+ 2 c)))",
        ),
        (
            "if a < b then 1 else if b < c then 2 else 3",
            "(if (< a b) 1 (if (< b c) 2 3))",
        ),
        ("fl(x + 1, f32)", "(fl (+@f32 x@f32 1@f32))"),
        (
            "fl(a + fl(b, mpfr:113), half/rz+ftz)",
            "(fl (+@f16/rz+ftz a@f16/rz+ftz (fl@f16/rz+ftz b@mpfr:113)))",
        ),
        ("cast(x*y, bf16) - 1", "(- (cast[bf16] (* x y)) 1)"),
        ("fl(cast(x, bf16), f32)", "(fl (cast[bf16]@f32 x@f32))"),
        (
            "rn(x, e5m10) + rz(x, f32)",
            "(+ (round[f16] x) (round[f32/rz] x))",
        ),
        ("fl(x < y, f32)", "(fl (<@f32 x@f32 y@f32))"),
        ("f32 + d", "(+ f32 d)"),
    ];
    for (text, expected) in table {
        assert_eq!(shape(&formula("", text)), expected, "{text}");
    }
}

#[test]
fn definitions() {
    let table = [
        // A value is made once in a context, and shared.
        ("s = a + b", "s*s", "(* s:(+ a b) s)"),
        (
            "s = a + b",
            "s + fl(s*s, f32)",
            "(+ s:(+ a b) (fl (*@f32 s:(+@f32 a@f32 b@f32) s)))",
        ),
        ("a = s\ns = x + 1", "a - s", "(- s:(+ x 1) s)"),
        (
            "s = fl(x, f32)",
            "fl(s + 1, f64)",
            "(fl (+@f64 s:(fl@f64 x@f32) 1@f64))",
        ),
        // Calls stay.
        ("f(x) = x + 1", "f(f(y))", "(f() (f() y))"),
        ("ok = a < b", "if ok then 1 else 0", "(if ok:(< a b) 1 0)"),
        (
            "big(x) = x > 9",
            "big(2) or big(3)",
            "(or (big() 2) (big() 3))",
        ),
        // A user's names hide constants and the prelude's.
        ("pi = 3\nsilu(x) = x", "silu(pi)", "(silu() pi:3)"),
        // A parenthesis continues a line; BOM, CRLF and comments are nothing.
        (
            "\u{feff}s = (a # first\r\n + b)\r\n\r\n# end",
            "s",
            "s:(+ a b)",
        ),
    ];
    for (known, text, expected) in table {
        assert_eq!(shape(&formula(known, text)), expected, "{known} | {text}");
    }
}
