//! The language: what programs mean, and what is said about bad ones.

mod common;
mod mistakes;

use common::shape;
use mistakes::{expected, said};
use ulpscope::formula::{Context, Formula};
use ulpscope::language::Definitions;

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

#[test]
fn the_prelude_keeps_its_own_meaning() {
    let definitions = "sigmoid(z) = 0\npi = 3\nx = 7";
    let inlined = |text| {
        let formula = formula(definitions, text);
        shape(&formula.inline(Context::Ambient).unwrap())
    };
    assert_eq!(inlined("silu(y)"), "(* y (/ 1 (+ 1 (exp (- y)))))");
    assert_eq!(inlined("sigmoid(y)"), "0");
    assert_eq!(inlined("relu(x)"), "(max x:7 0)");
    assert!(inlined("gelu_tanh(y)").contains("(/ 2 pi)"));
}

#[test]
fn free_variables_of_a_function_are_inputs() {
    let formula = formula("f(x) = x + k*s\ns = t", "f(y)");
    assert_eq!(formula.inputs(), ["y"]);
    let inlined = formula.inline(Context::Ambient).unwrap();
    assert_eq!(inlined.inputs(), ["y", "k", "t"]);
}

#[test]
fn texts_come_in_any_order_and_number() {
    let mut known = Definitions::new();
    known.add("-d", "f(x) = x + k").unwrap();
    let before = known.formula("expression", "f(1)").unwrap();
    known.add("-d", "k = 2").unwrap();
    let after = known.formula("expression", "f(1)").unwrap();
    let inlined = |formula: &Formula| shape(&formula.inline(Context::Ambient).unwrap());
    assert_eq!(inlined(&before), "(+ 1 k)");
    assert_eq!(inlined(&after), "(+ 1 k:2)");

    let error = known.add("more.ulp", "a = 1\n\nk = 3").unwrap_err();
    assert_eq!(error.message, "`k` is defined already, at line 1 of -d");
    assert!(known.is_defined("k") && known.is_defined("sigmoid"));
    assert!(!known.is_defined("a"), "nothing of a bad text is kept");
    known.add("more.ulp", "a = f(0)").unwrap();
    assert!(known.check().is_ok());
    // A bad definition is reported whether it is used or not.
    known.add("bad.ulp", "b = g(a)").unwrap();
    let error = known.formula("expression", "1").unwrap_err();
    assert_eq!(error.message, "there is no function `g`");
    assert_eq!(known.sources().name(error.span.unwrap().source), "bad.ulp");
}

#[test]
fn parameters_are_seen_in_the_body_alone() {
    // t's x is a free variable, not the parameter of the function that uses t.
    let mut known = Definitions::new();
    known.add("definitions", "f(x) = x*t\nt = x + 1").unwrap();
    let formula = known.formula("expression", "f(3)").unwrap();
    let inlined = formula.inline(Context::Real).unwrap();
    assert_eq!(inlined.inputs(), ["x"]);
    assert_eq!(shape(&inlined), "(*@real 3@real t:(+@real x@real 1@real))");
}

#[test]
fn declared_derivatives() {
    let mut known = Definitions::new();
    known
        .add(
            "definitions",
            "g(x, y) = x*y^2\nd(g(a, b), b) = 2*a*b\nd(g(x, y), x) = y^2\nsoftplus'(t) = sigmoid(t)",
        )
        .unwrap();
    let text = |known: &mut Definitions, text: &str| {
        let formula = known.formula("expression", text).unwrap();
        formula.write().unwrap().expression
    };
    assert_eq!(text(&mut known, "d(g(p, q), p)"), "q^2");
    assert_eq!(text(&mut known, "d(g(p, q), q)"), "2*p*q");
    assert_eq!(text(&mut known, "d(softplus(3*t), t)"), "sigmoid(3*t)*3");
    // Another declaration replaces the prelude's.
    let sigmoid = "d(sigmoid(2*t), t)";
    assert_eq!(
        text(&mut known, sigmoid),
        "sigmoid(2*t)*(1 - sigmoid(2*t))*2"
    );
    known.add("other", "sigmoid'(z) = exp(-z)").unwrap();
    assert_eq!(text(&mut known, sigmoid), "exp(-(2*t))*2");
    let own: Vec<(&str, usize)> = known
        .declared_derivatives()
        .map(|declared| (declared.function.name.as_str(), declared.parameter))
        .collect();
    let expected = [("g", 1), ("g", 0), ("softplus", 0), ("sigmoid", 0)];
    assert_eq!(own, expected);
    // A user's sigmoid has no derivative but the user's.
    let mut known = Definitions::new();
    known.add("own", "sigmoid(z) = z^2").unwrap();
    assert_eq!(text(&mut known, "d(sigmoid(t), t)"), "2*t");
}

#[test]
fn points() {
    let mut known = Definitions::new();
    known.add("-d", "half = 1/2").unwrap();
    let point = known
        .point("--at", "z=-50, é=max(1, 2),\n w = half + sigmoid(0)")
        .unwrap();
    let found: Vec<(&str, &str, String)> = point
        .iter()
        .map(|binding| {
            let text = known.sources().text(binding.span);
            (binding.name.as_str(), text, shape(&binding.value))
        })
        .collect();
    let expected = [
        ("z", "z", "(- 50)".to_string()),
        ("é", "é", "(max 1 2)".to_string()),
        ("w", "w", "(+ half:(/ 1 2) (sigmoid() 0))".to_string()),
    ];
    assert_eq!(found, expected);
    assert!(known.point("--at", " ").unwrap().is_empty());
}

#[test]
fn places_are_exact() {
    let formula = formula("", "é·(1 + σ(−z)) ≤ |y|²");
    let texts: Vec<&str> = formula
        .ids()
        .map(|id| formula.sources().text(formula.origin(id).spans[0]))
        .collect();
    let expected = [
        "é",
        "1",
        "z",
        "−z",
        "σ(−z)",
        "1 + σ(−z)",
        "é·(1 + σ(−z))",
        "y",
        "|y|",
        "²",
        "|y|²",
        "é·(1 + σ(−z)) ≤ |y|²",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn bad_expressions() {
    for &(text, message, start, marked, help) in BAD_EXPRESSIONS {
        let mut known = Definitions::new();
        let error = known.formula("expression", text).expect_err(text);
        let found = said(&known, error);
        assert_eq!(found, expected((message, start, marked, help)), "{text}");
    }
}

#[test]
fn bad_definitions() {
    for &(text, expression, message, start, marked, help) in BAD_DEFINITIONS {
        let mut known = Definitions::new();
        let added = known.add("definitions", text);
        let error = added.and_then(|()| known.formula("expression", expression).map(|_| ()));
        let found = said(&known, error.expect_err(text));
        assert_eq!(found, expected((message, start, marked, help)), "{text}");
    }
}

#[test]
fn bad_points() {
    for &(text, point, message, start, marked, help) in BAD_POINTS {
        let mut known = Definitions::new();
        known.add("definitions", text).unwrap();
        let error = known.point("point", point).expect_err(point);
        let found = said(&known, error);
        assert_eq!(found, expected((message, start, marked, help)), "{point}");
    }
}

/// Expression; message, first marked byte, marked text, help.
#[rustfmt::skip]
const BAD_EXPRESSIONS: &[(&str, &str, u32, &str, &str)] = &[
    ("", "the formula is empty", 0, "", ""),
    ("  # nothing\n", "the formula is empty", 12, "", ""),
    ("1 +", "an operand is missing after `+`", 2, "+", ""),
    ("1 +\n2", "an operand is missing after `+`", 2, "+", "to go on in the next line, use parentheses"),
    ("* 3", "an operand is missing before `*`", 0, "*", ""),
    ("(a + b", "this `(` is never closed", 0, "(", ""),
    ("exp((a + b)", "this `(` is never closed", 3, "(", ""),
    ("a + b)", "this `)` closes nothing", 5, ")", ""),
    ("()", "there is nothing in the parentheses", 0, "()", ""),
    ("exp()", "`exp` takes 1 argument, not 0", 0, "exp()", "exp: e to the power x."),
    ("2*(a + )", "an operand is missing after `+`", 5, "+", ""),
    ("f(,x)", "an expression is missing before `,`", 2, ",", ""),
    ("exp(x,)", "an expression is missing before `)`", 6, ")", ""),
    ("2(a - y)", "an operator is missing before `(`", 1, "(", "write 2*(…)"),
    ("(a)(b)", "an operator is missing before `(`", 3, "(", "write (a)*(…)"),
    ("2x", "an operator is missing before `x`", 1, "x", "write 2*x"),
    ("2e", "an operator is missing before `e`", 1, "e", "write 2*e"),
    ("sin x", "an operator is missing before `x`", 4, "x", "`sin` is a function: write sin(x)"),
    ("a b", "an operator is missing before `b`", 2, "b", "for a product write a*b; for a call, a(b)"),
    ("2|x|", "an operator is missing before `|`", 1, "|", "write 2*|…|"),
    ("|x", "this `|` is never closed", 0, "|", ""),
    ("(|x)", "this `|` is never closed", 1, "|", ""),
    ("|x + (2|", "an operator is missing before `|`", 7, "|", "write 2*|…|"),
    ("x(a - y)", "there is no function `x`", 0, "x", "for a product write x*(…)"),
    ("x = 3", "`=` defines a name; it does not compare", 2, "=", "write == to compare"),
    ("a $ b", "`$` has no meaning here", 2, "$", ""),
    ("a − é + €2", "`€` (U+20AC) has no meaning here", 11, "€", ""),
    ("é + 2(x)", "an operator is missing before `(`", 6, "(", "write 2*(…)"),
    ("a && b", "`&&` has no meaning here", 2, "&&", "write and"),
    ("a < 1 || b < 1", "`||` has no meaning here", 6, "||", "write or"),
    ("!a", "`!` has no meaning here", 0, "!", "write not"),
    ("a => b", "`=>` has no meaning here", 2, "=>", "write >= (or `implies`)"),
    ("a[1]", "`[` has no meaning here", 1, "[", "only (…) groups"),
    ("a; b", "`;` has no meaning here", 1, ";", "a statement ends with its line; commas separate arguments"),
    ("a\u{200b}", "`\\u{200b}` (U+200B) has no meaning here", 1, "\u{200b}", ""),
    ("1_000", "an operator is missing before `_000`", 1, "_000", "the digits of a number stand without separators"),
    ("1,5", "a comma stands only between arguments", 1, ",", "write a decimal point"),
    ("5 % 3", "`%` stands only directly behind a number", 2, "%", "57% is 0.57; there is no operator for remainders"),
    ("0x", "a number needs a digit", 0, "0x", ""),
    ("1.2.3", "an operator is missing before `.3`", 3, ".3", ""),
    ("1e1000000000000", "this number's exponent is out of range", 0, "1e1000000000000", "powers of ten go to 10^±1000000; write a greater one as a power, 10^…"),
    ("x*1e-10000000000000000000", "this number's exponent is out of range", 2, "1e-10000000000000000000", "powers of ten go to 10^±1000000; write a greater one as a power, 10^…"),
    ("sigmoit(x)", "there is no function `sigmoit`", 0, "sigmoit", "did you mean sigmoid?"),
    ("hypot(x)", "`hypot` takes 2 arguments, not 1", 0, "hypot(x)", "hypot: √(x² + y²)."),
    ("sigmoid(x, y)", "`sigmoid` takes 1 argument, not 2", 0, "sigmoid(x, y)", "it is defined as sigmoid(z)"),
    ("exp + 1", "`exp` is a function; it stands here without arguments", 0, "exp", "write exp(…)"),
    ("sigmoid", "`sigmoid` is a function; it stands here without arguments", 0, "sigmoid", "write sigmoid(…)"),
    ("pi(2)", "`pi` is a value, not a function", 0, "pi", "for a product write pi*(…)"),
    ("frobnicate(x)", "there is no function `frobnicate`", 0, "frobnicate", "for a product write frobnicate*(…)"),
    ("d(x^2, 3)", "`3` is not a variable", 7, "3", "write d(expression, variable), as in d(x^2, x)"),
    ("d(x^2, x+1)", "`d` differentiates by a variable, not by an expression", 7, "x+", "name the expression in a definition: u = …, then d(…, u)"),
    ("d(x^2)", "`d` takes a variable behind the expression", 5, ")", "write d(expression, variable), as in d(x^2, x)"),
    ("d()", "`d` takes an expression and a variable", 0, "d()", "write d(expression, variable), as in d(x^2, x)"),
    ("d(x^2, x, x)", "`d` takes an expression and a variable, nothing more", 8, ",", "for a second derivative write d(d(x^3, x), x)"),
    ("d(x^2, pi)", "`pi` is a constant, not a variable", 7, "pi", ""),
    ("d(x^2, sin)", "`sin` is a function; it stands here without arguments", 7, "sin", "write sin(…)"),
    ("d(x^2, sigmoid)", "`sigmoid` is a function; it stands here without arguments", 7, "sigmoid", "d(f(x), x) differentiates by x"),
    ("d(x^2, y)", "`y` does not occur in what is differentiated by it", 7, "y", "the variable is a free one, a parameter, or a value that the expression names"),
    ("d(x < 2, x)", "`d` needs a number; this is a predicate, true or false", 2, "x < 2", "if … then 1 else 0 makes a number of it"),
    ("d(rn(x, f16), x)", "`rn` rounds a real number: it is constant between its steps, and has no derivative", 2, "rn(x, f16)", "differentiate the expression inside of it"),
    ("1 + (a < b)", "`+` needs a number; this is a predicate, true or false", 5, "a < b", "if … then 1 else 0 makes a number of it"),
    ("if x then 1 else 2", "`if` needs a predicate, true or false; this is a number", 3, "x", "compare it with something, as in x != 0"),
    ("a and b", "`and` needs a predicate, true or false; this is a number", 0, "a", "compare it with something, as in x != 0"),
    ("not x", "`not` needs a predicate, true or false; this is a number", 4, "x", "compare it with something, as in x != 0"),
    ("if a < b then a < b else 1", "a branch of `if` needs a number; this is a predicate, true or false", 14, "a < b", "write (c and a) or (not c and b)"),
    ("exp(a < b)", "`exp` needs a number; this is a predicate, true or false", 4, "a < b", "if … then 1 else 0 makes a number of it"),
    ("(a < b) == (b < c)", "`==` needs a number; this is a predicate, true or false", 1, "a < b", "`a iff b` says that two predicates are equal"),
    ("-(a < b)", "`-` needs a number; this is a predicate, true or false", 2, "a < b", "if … then 1 else 0 makes a number of it"),
    ("|a < b|", "`|…|` needs a number; this is a predicate, true or false", 1, "a < b", "if … then 1 else 0 makes a number of it"),
    ("a implies b", "`implies` needs a predicate, true or false; this is a number", 0, "a", "compare it with something, as in x != 0"),
    ("if a < b then 1", "this `if` has no `else`", 0, "if", "write if … then … else …"),
    ("if a < b", "this `if` has no `then`", 0, "if", "write if … then … else …"),
    ("(if a < b then 1)", "this `if` has no `else`", 1, "if", "write if … then … else …"),
    ("if a < b 1 else 2", "an operator or `then` is missing before `1`", 9, "1", ""),
    ("then 1", "an expression is missing before `then`", 0, "then", ""),
    ("1 else 2", "there is no `if` for this `else`", 2, "else", ""),
    ("for x", "`for` is a word of the language; it cannot stand here", 0, "for", ""),
    ("x for", "`for` is a word of the language; it cannot stand here", 2, "for", ""),
    ("x'", "`'` stands only where a derivative is declared", 1, "'", ""),
    ("fl(x, f33)", "`f33` names no format", 6, "f33", "did you mean f32?"),
    ("fl(x + π,  e4m3 ) + 1", "`e4m3` has two meanings", 12, "e4m3", "write f8e4m3fn (OCP, no infinities, largest 448) or f8e4m3 (IEEE-like, largest 240)"),
    ("rn(x, f32/rz)", "`rn` says itself how it rounds", 6, "f32/rz", "write rn(…, f32)"),
    ("fl(x)", "`fl` takes a format behind the expression", 4, ")", "write fl(expression, format), as in fl(x, f32)"),
    ("fl()", "`fl` takes an expression and a format", 0, "fl()", "write fl(expression, format), as in fl(x, f32)"),
    ("fl(x, )", "a format is missing behind the comma", 4, ",", "write fl(expression, format), as in fl(x, f32)"),
    ("fl(x, f32, f64)", "`fl` takes an expression and a format, nothing more", 9, ",", "write fl(expression, format), as in fl(x, f32)"),
    ("fl(x, f32", "this `(` is never closed", 2, "(", ""),
    ("fl(x,", "this `(` is never closed", 2, "(", ""),
    ("fl(x, mpfr:0)", "`0` is no precision for mpfr", 6, "mpfr:0", "whole bits from 2 to 16777216"),
    ("cast(a < b, f32)", "`cast` needs a number; this is a predicate, true or false", 5, "a < b", "if … then 1 else 0 makes a number of it"),
    ("a\nb", "one expression is expected; here begins another line", 2, "b", "an expression over several lines stands in parentheses"),
    ("a\n+ b", "one expression is expected; here begins another line", 2, "+", "an expression over several lines stands in parentheses"),
    ("+", "an operand is missing after `+`", 0, "+", ""),
    ("2 ^", "an operand is missing after `^`", 2, "^", ""),
    ("- -", "an operand is missing after `-`", 2, "-", ""),
    ("√", "an operand is missing after `√`", 0, "√", ""),
    ("a not b", "an operator is missing before `not`", 2, "not", ""),
    ("-", "an operand is missing after `-`", 0, "-", ""),
];

/// Definitions, expression; message, first marked byte, marked text, help.
#[rustfmt::skip]
const BAD_DEFINITIONS: &[(&str, &str, &str, u32, &str, &str)] = &[
    ("a = b\nb = a", "1", "`a` is defined by itself: a → b → a", 10, "a", "a definition cannot need its own value"),
    ("a = a", "1", "`a` is defined by itself: a → a", 4, "a", "a definition cannot need its own value"),
    ("f(x) = g(x)\ng(x) = s\ns = f(1)", "1", "`f` is defined by itself: f → g → s → f", 25, "f", "a definition cannot need its own value"),
    ("a = sigmoit(x)", "1", "there is no function `sigmoit`", 4, "sigmoit", "did you mean sigmoid?"),
    ("s = 1\ns = 2", "", "`s` is defined already, at line 1 of definitions", 6, "s", ""),
    ("f(x) = 1\n\nf = 2", "", "`f` is defined already, at line 1 of definitions", 10, "f", ""),
    ("f(x, x) = 1", "", "the parameter `x` stands here twice", 5, "x", ""),
    ("f(2) = 1", "", "a parameter is a name, which `2` is not", 2, "2", ""),
    ("f(x+1) = 1", "", "parameters are names alone; `+` is too much", 3, "+", "a definition reads `name = …` or `f(x, y) = …`"),
    ("f() = 1", "", "a function has a parameter at least", 1, "()", "for a value write name = …"),
    ("exp(x) = 1", "", "`exp` is a built-in function; it cannot be defined", 0, "exp", "choose another name"),
    ("ln = 1", "", "`ln` is a built-in function; it cannot be defined", 0, "ln", "choose another name"),
    ("fl(x, y) = 1", "", "`fl` is a view; it cannot be defined", 0, "fl", "choose another name"),
    ("ulps(x) = 1", "", "`ulps` is a view; it cannot be defined", 0, "ulps", "choose another name"),
    ("d(x, y) = 1", "", "`d` is a view; it cannot be defined", 0, "d", "choose another name"),
    ("x + 1", "", "`=` is missing here", 2, "+", "a definition reads `name = …` or `f(x, y) = …`"),
    ("x == 1", "", "`==` compares; a definition has one `=`", 2, "==", ""),
    ("2 = x", "", "a definition begins with a name, which `2` is not", 0, "2", "a definition reads `name = …` or `f(x, y) = …`"),
    ("if = x", "", "`if` is a word of the language; it cannot stand here", 0, "if", ""),
    ("claim = x", "", "`claim` is a word of the language; it cannot stand here", 0, "claim", ""),
    ("a = 1 b = 2", "", "an operator is missing before `b`", 6, "b", "write 1*b"),
    ("a = (1 + 2\nb = 3", "", "this `(` is never closed", 4, "(", ""),
    ("a = 1)", "", "this `)` closes nothing", 5, ")", ""),
    ("a =", "", "an expression is missing", 3, "", ""),
    ("a = \nb = 2", "", "an expression is missing", 4, "", ""),
    ("a", "", "`=` is missing here", 1, "", "a definition reads `name = …` or `f(x, y) = …`"),
    ("f(x", "", "this `(` is never closed", 1, "(", ""),
    ("s = 2", "s(x)", "`s` is a value, not a function", 0, "s", "for a product write s*(…)"),
    ("f(x) = x\ng(f) = f(2)", "1", "`f` is a value, not a function", 16, "f", "for a product write f*(…)"),
    ("foo'(x) = 1", "1", "there is no function `foo`", 0, "foo", ""),
    ("logaddexp'(x) = 1", "1", "`logaddexp` has 2 parameters, not 1", 0, "logaddexp", "write d(logaddexp(a, b), …) = …"),
    ("f(x, y) = x\nf'(x, y) = 1", "1", "`f'` of several parameters does not say by which it is", 18, "y", "write d(f(x, y), y) = …"),
    ("d(sigmoid(z), y) = 1", "1", "`y` is no parameter of `sigmoid` here", 14, "y", "its parameters are z"),
    ("d(logaddexp(a), a) = 1", "1", "`logaddexp` has 2 parameters, not 1", 2, "logaddexp", "write d(logaddexp(a, b), …) = …"),
    ("d(sigmoid(z)) = 1", "1", "a declared derivative names a parameter", 12, ")", "write d(f(x, y), y) = …"),
    ("sigmoid'(z) = 1\nsigmoid'(t) = 2", "1", "`sigmoid` has this derivative already, at line 1 of definitions", 16, "sigmoid", ""),
    ("sigmoid' = 2", "1", "the parameters are missing", 9, "=", "write f'(x) = …"),
    ("sigmoid'(z) = z < 1", "1", "a derivative needs a number; this is a predicate, true or false", 14, "z < 1", ""),
    ("s = 1\ns'(x) = 2", "1", "there is no function `s`", 6, "s", ""),
];

/// Definitions, point; message, first marked byte, marked text, help.
#[rustfmt::skip]
const BAD_POINTS: &[(&str, &str, &str, u32, &str, &str)] = &[
    ("", "z", "`z` has no value", 1, "", "write z=…, as in z=0.5"),
    ("", "z=50 y=1", "a comma is missing before `y`", 5, "y", "separate several variables by commas: z=50, y=0"),
    ("", "z=50, z=1", "`z` has a value already", 6, "z", ""),
    ("", "z=w", "a value has no free variables; `w` is one", 2, "w", "write a number, or define it with -d 'w = …'"),
    ("s = w", "z=s+1", "a value has no free variables; `w` is one", 2, "s+1", "write a number, or define it with -d 'w = …'"),
    ("f(x) = x*w", "z=f(1)", "a value has no free variables; `w` is one", 2, "f(1)", "write a number, or define it with -d 'w = …'"),
    ("", "z=1<2", "a value is a number; this is a predicate", 2, "1<2", "write a number: 0.5, 1/3, 2^-24"),
    ("", "=1", "a variable is a name, which `=` is not", 0, "=", ""),
    ("", "z=50,", "a variable is missing", 5, "", ""),
    ("", "z=y=1", "a value has one `=`", 3, "=", "separate several variables by commas: z=50, y=0"),
    ("", "z=50;y=1", "`;` has no meaning here", 4, ";", "a statement ends with its line; commas separate arguments"),
    ("", "2=3", "a variable is a name, which `2` is not", 0, "2", ""),
    ("", "exp(2)=3", "`exp` has no value", 3, "(", "write exp=…, as in exp=0.5"),
];

/// Whatever the text, there is a formula or an error whose place is in it.
#[test]
fn no_text_is_too_strange() {
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "x", "y", "é", "σ", "π", "sin", "fl", "rn", "cast", "d", "f", "2", ".5", "1e", "0x", "57%",
        "1e-3", "(", "(", ")", ")", ",", "|", "|", "+", "-", "−", "*", "·", "/", "÷", "^", "**",
        "√", "²", "⁻", "<", "≤", "==", "!=", "=", "!", "&&", "||", "'", "%", "if", "then", "else",
        "and", "or", "not", "implies", "iff", "claim", " ", "\n", "\r\n", "# c", "f32", ":", "/rz",
        "\u{feff}", "\u{200b}", "𝜋", "€", "\0",
    ];
    let mut state = 1u64;
    let mut below = |n: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    let mut good = 0;
    for _ in 0..20_000 {
        let text: String = (0..1 + below(12))
            .map(|_| PIECES[below(PIECES.len())])
            .collect();
        let mut known = Definitions::new();
        let errors = [
            known.formula("expression", &text).err(),
            known.point("point", &text).err(),
            known
                .add("definitions", &text)
                .and_then(|()| known.check())
                .err(),
        ];
        for error in errors {
            match error {
                Some(error) => drop(
                    known
                        .sources()
                        .text(error.span.expect("a place"))
                        .to_string(),
                ),
                None => good += 1,
            }
        }
    }
    assert!(good > 500, "{good}");
}
