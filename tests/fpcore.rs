//! FPCore: what the standard says of rounding contexts, names and numbers; what is
//! refused; what is written; and the program's options.

mod folder;

use folder::Folder;
use rug::{Float, Rational};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use ulpscope::arithmetic::native::Libm;
use ulpscope::evaluate::compute;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Diagnostic, Formula};
use ulpscope::language::{Core, CoreHead, Definitions, write_fpcore};
use ulpscope::study::{Options, Point, Subject, compare};
use ulpscope::truth::Truth;

/// The last core of a text, and its graph.
fn core(text: &str) -> (Definitions, Core, Formula) {
    let mut definitions = Definitions::new();
    let cores = definitions.add_fpcore("text", text);
    let core = cores
        .unwrap_or_else(|wrong| panic!("{text}: {wrong}"))
        .pop()
        .unwrap();
    if let Some(why) = &core.refused {
        panic!("{text}: {why}");
    }
    let formula = definitions.formula("call", &core.call(&core.name)).unwrap();
    let formula = formula.inline(Context::Ambient).unwrap();
    (definitions, core, formula)
}

fn values(formula: &Formula, inputs: &[(&str, Rational)]) -> Vec<Rational> {
    let value = |name: &String| {
        let found = inputs.iter().find(|(own, _)| own == name);
        found.unwrap_or_else(|| panic!("{name}")).1.clone()
    };
    formula.inputs().iter().map(value).collect()
}

/// What a core computes in a format.
fn computed(text: &str, format: Format, inputs: &[(&str, Rational)]) -> Float {
    let (_, _, formula) = core(text);
    let inputs: Vec<_> = values(&formula, inputs).iter().map(Into::into).collect();
    compute(&formula, format, Libm::CoreMath, &inputs).unwrap()
}

fn in_f64(text: &str, inputs: &[(&str, Rational)]) -> f64 {
    computed(text, Format::F64, inputs).to_f64()
}

/// The exact value of a core, rounded once.
fn exact(text: &str, inputs: &[(&str, Rational)]) -> f64 {
    let (_, _, formula) = core(text);
    let formula = formula.inline(Context::Real).unwrap();
    let inputs = values(&formula, inputs);
    Truth::new(&formula, inputs, 4000)
        .rounded(&Format::F64)
        .unwrap()
        .to_f64()
}

fn tenth() -> Rational {
    Rational::from((1, 10))
}

/// The examples of the standard's page on rounding contexts.
#[test]
fn references_do_not_round_and_casts_do() {
    let x = [("x", tenth())];
    let wide = 0.1_f64;
    let narrow = f64::from(0.1_f32);
    for (body, expected) in [
        ("(! :precision binary32 x)", wide),
        ("x", wide),
        ("(! :precision binary32 (cast x))", narrow),
        (
            "(! :precision binary64 (! :precision binary32 (cast x)))",
            narrow,
        ),
        ("(cast (! :precision binary32 (cast x)))", narrow),
        ("(! :precision binary32 0.1)", narrow),
        ("(! :precision binary32 (+ x 0))", narrow),
        (
            "(let ([y (! :precision binary32 (cast x))]) (! :precision binary64 y))",
            narrow,
        ),
        (
            "(let ([y (! :precision binary32 (cast x))]) (+ y x))",
            narrow + wide,
        ),
        // A choice does not round.
        ("(! :precision binary32 (if (< x 1) x x))", wide),
        (
            "(! :precision binary32 (if (< x 1) (! :precision binary64 (+ x 0)) (- x)))",
            wide,
        ),
        // What is inherited.
        ("(! :precision binary32 (+ (* x x) x))", mixed()),
    ] {
        let text = format!("(FPCore (x) :precision binary64 {body})");
        assert_eq!(in_f64(&text, &x), expected, "{body}");
    }
    // Annotated arguments are rounded there.
    let text = "(FPCore ((! :precision binary32 x)) x)";
    assert_eq!(in_f64(text, &x), narrow);
    // None of it is a part of the exact value.
    let text = "(FPCore (x) (* 3 (cast (! :precision binary16 (cast x)))))";
    assert_eq!(exact(text, &x), 0.3);
}

/// x·x + x in binary32 where x is the double nearest 1/10, by MPFR: its
/// operations have the double for an operand, and round once.
fn mixed() -> f64 {
    let x = Float::with_val(53, 0.1);
    let square = Float::with_val(24, &x * &x);
    Float::with_val(24, &square + &x).to_f64()
}

/// Formats by name and by size, and roundings.
#[test]
fn precisions_and_roundings() {
    let third =
        |precision: u32, round| Float::with_val_round(precision, Rational::from((1, 3)), round).0;
    use rug::float::Round::{Down, Nearest, Up, Zero};
    for (properties, precision, round) in [
        (":precision binary16", 11, Nearest),
        (":precision binary32", 24, Nearest),
        (":precision binary64", 53, Nearest),
        (":precision binary80", 64, Nearest),
        (":precision binary128", 113, Nearest),
        (":precision binary256", 237, Nearest),
        (":precision (float 8 16)", 8, Nearest),
        (":precision (float 5 16) :round toPositive", 11, Up),
        (":precision binary32 :round toNegative", 24, Down),
        (":precision binary32 :round toZero", 24, Zero),
        (":round toPositive", 53, Up),
        (":round nearestEven", 53, Nearest),
    ] {
        let text = format!("(FPCore () (! {properties} (/ 1 3)))");
        let format = Format::mpfr(300).unwrap();
        assert_eq!(
            computed(&text, format, &[]),
            third(precision, round),
            "{properties}"
        );
        let text = format!("(FPCore () {properties} (/ 1 3))");
        let (_, core, _) = core(&text);
        let own = core.format.unwrap();
        assert_eq!(
            (own.precision(), own.mpfr_round()),
            (precision, round),
            "{properties}"
        );
    }
    // A real number within a computation is rounded once, where its square alone
    // would be rounded before.
    let text = "(FPCore (x) (+ 1 (! :precision real (* x x))))";
    let rounded = |x: &Rational| Format::F64.round_rational(x).to_rational().unwrap();
    let mut differ = 0;
    for k in 1..200 {
        let x = Rational::from((k, 997));
        let square = Rational::from(rounded(&x).square_ref());
        let once = rounded(&(square.clone() + 1_u32));
        let twice = rounded(&(rounded(&square) + 1_u32));
        assert_eq!(in_f64(text, &[("x", x)]), once.to_f64());
        differ += u32::from(once != twice);
    }
    assert!(differ > 0);
    // What is left in another format is stored in the row's: it is a number of that.
    let text = "(FPCore (x) (! :precision binary64 (* x 1e300)))";
    let x = [("x", Rational::from(3))];
    let output = compared(text, Format::F32, &x);
    assert_eq!(output, f64::INFINITY);
    let text = "(FPCore (x) (! :precision real (* x 1/9)))";
    assert_eq!(compared(text, Format::F32, &x), f64::from(1.0_f32 / 3.0));
}

/// What a comparison says is computed.
fn compared(text: &str, format: Format, inputs: &[(&str, Rational)]) -> f64 {
    let (mut definitions, core, _) = core(text);
    let at: Vec<String> = inputs
        .iter()
        .map(|(name, x)| format!("{name}={x}"))
        .collect();
    let point = Point::parse(&mut definitions, &at.join(","), 1000).unwrap();
    let subject = Subject::parse(&mut definitions, &core.call(&core.name), &point).unwrap();
    let result = compare(&[subject], &[format], &Options::default());
    let row = &result.formulas[0].rows[0];
    row.computed.as_ref().unwrap().value().to_f64()
}

#[test]
fn constants_are_rounded_once() {
    use std::f64::consts as wide;
    for (name, value, narrow) in [
        ("E", wide::E, std::f32::consts::E),
        ("LOG2E", wide::LOG2_E, std::f32::consts::LOG2_E),
        ("LOG10E", wide::LOG10_E, std::f32::consts::LOG10_E),
        ("LN2", wide::LN_2, std::f32::consts::LN_2),
        ("LN10", wide::LN_10, std::f32::consts::LN_10),
        ("PI", wide::PI, std::f32::consts::PI),
        ("PI_2", wide::FRAC_PI_2, std::f32::consts::FRAC_PI_2),
        ("PI_4", wide::FRAC_PI_4, std::f32::consts::FRAC_PI_4),
        ("M_1_PI", wide::FRAC_1_PI, std::f32::consts::FRAC_1_PI),
        ("M_2_PI", wide::FRAC_2_PI, std::f32::consts::FRAC_2_PI),
        (
            "M_2_SQRTPI",
            wide::FRAC_2_SQRT_PI,
            std::f32::consts::FRAC_2_SQRT_PI,
        ),
        ("SQRT2", wide::SQRT_2, std::f32::consts::SQRT_2),
        (
            "SQRT1_2",
            wide::FRAC_1_SQRT_2,
            std::f32::consts::FRAC_1_SQRT_2,
        ),
    ] {
        let text = format!("(FPCore () {name})");
        assert_eq!(in_f64(&text, &[]), value, "{name}");
        assert_eq!(exact(&text, &[]), value, "{name}");
        assert_eq!(computed(&text, Format::F32, &[]).to_f32(), narrow, "{name}");
    }
    assert_eq!(in_f64("(FPCore () INFINITY)", &[]), f64::INFINITY);
    assert!(in_f64("(FPCore () NAN)", &[]).is_nan());
}

#[test]
fn numbers_are_exact() {
    for (number, value) in [
        ("1/3", Rational::from((1, 3))),
        ("-7/2", Rational::from((-7, 2))),
        ("+2.5e-3", Rational::from((1, 400))),
        (".5", Rational::from((1, 2))),
        ("0x1.8p3", Rational::from(12)),
        ("-0x.8p0", Rational::from((-1, 2))),
        ("(digits 3 -2 10)", Rational::from((3, 100))),
        ("(digits -5 3 2)", Rational::from(-40)),
    ] {
        let text = format!("(FPCore () :precision real {number})");
        let (_, _, formula) = core(&text);
        let formula = formula.inline(Context::Real).unwrap();
        let mut truth = Truth::new(&formula, Vec::new(), 1000);
        truth.rounded(&Format::F64).unwrap();
        assert_eq!(truth.value().exact(), Some(&value), "{number}");
    }
}

/// Comparisons of any number of operands, logic, and questions about numbers.
#[test]
fn predicates() {
    for (predicate, expected) in [
        ("(< 1 2 3)", true),
        ("(< 1 3 2)", false),
        ("(<= 1 1 2)", true),
        ("(> 3 2 1)", true),
        ("(>= 3 3 4)", false),
        ("(== 2 2 2)", true),
        ("(== 2 2 3)", false),
        ("(!= 1 2 3)", true),
        ("(!= 1 2 1)", false),
        ("(< 5)", true),
        ("(and)", true),
        ("(or)", false),
        ("(and TRUE (or FALSE TRUE) (not FALSE))", true),
        ("(=> (< 2 1) FALSE)", true),
        ("(isnan (- INFINITY INFINITY))", true),
        ("(isinf (/ 1 0))", true),
        ("(isfinite (/ 1 0))", false),
        ("(isfinite 1e300)", true),
        ("(signbit (- 0.0))", true),
        ("(signbit 0)", false),
        ("(signbit -3)", true),
        ("(signbit 1e-300)", false),
        ("(if (< 1 2) (< 3 4) TRUE)", true),
    ] {
        let text = format!("(FPCore () (if {predicate} 1 0))");
        assert_eq!(
            in_f64(&text, &[]),
            f64::from(u8::from(expected)),
            "{predicate}"
        );
    }
    for (body, expected) in [
        ("(fdim 3 1)", 2.0),
        ("(fdim 1 3)", 0.0),
        ("(copysign 3 -0.5)", -3.0),
        ("(copysign -3 2)", 3.0),
        ("(copysign 3 (- 0))", -3.0),
        ("(fmod 7 3)", 1.0),
        ("(fmod -7 3)", -1.0),
        ("(fmod 1e18 0.1)", 1e18 % 0.1),
        ("(- 4)", -4.0),
        ("(+ 1 2 3 4)", 10.0),
        ("(fma 2 3 4)", 10.0),
        ("(let ([x 1] [y 2]) (let ([x y] [y x]) (- x y)))", 1.0),
        ("(let* ([x 1] [x (+ x 1)] [y (* x 10)]) y)", 20.0),
    ] {
        let text = format!("(FPCore () {body})");
        assert_eq!(in_f64(&text, &[]), expected, "{body}");
    }
}

/// Cores call each other; equal calls are one, however many there are.
#[test]
fn calls() {
    let text = "(FPCore square (x) (* x x)) (FPCore (x y) (- (square (+ x y)) (square x)))";
    let inputs = [("x", Rational::from(3)), ("y", Rational::from(2))];
    assert_eq!(in_f64(text, &inputs), 16.0);
    // The called one rounds as it says, and its argument does not round again.
    let text = "(FPCore half (x) :precision binary32 (+ x 0)) (FPCore (x) (half x))";
    assert_eq!(in_f64(text, &[("x", tenth())]), f64::from(0.1_f32));
    let text = "(FPCore same (x) :precision binary32 x) (FPCore (x) (same x))";
    assert_eq!(in_f64(text, &[("x", tenth())]), 0.1);
    // Different ones are not: such a text is refused from where it is too large.
    let mut text = "(FPCore f0 (x) x)\n".to_string();
    for i in 1..40 {
        let before = i - 1;
        text += &format!("(FPCore f{i} (x) (+ (f{before} (+ x {i})) (f{before} (* x {i}))))\n");
    }
    let begun = Instant::now();
    let mut definitions = Definitions::new();
    let cores = definitions.add_fpcore("text", &text).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert!(cores[10].refused.is_none());
    let why = cores[39].refused.clone().unwrap();
    assert!(why.message.ends_with("operations together"), "{why}");
    let mut text = "(FPCore f0 (x) (+ x 1))\n".to_string();
    for i in 1..60 {
        let before = i - 1;
        text += &format!("(FPCore f{i} (x) (- (f{before} x) (/ (f{before} x) 3)))\n");
    }
    let (_, _, formula) = core(&text);
    assert!(formula.nodes().len() < 400, "{}", formula.nodes().len());
}

/// The largest benchmarks have tens of thousands of nodes; nesting has no limit.
#[test]
fn large_cores() {
    let mut terms = String::from("x");
    for i in 0..13_470 {
        terms = match i % 2 {
            0 => format!("(+ {terms} {i}.5)"),
            _ => format!("(* {terms} x)"),
        };
    }
    let text = format!("(FPCore (x) {terms})");
    let begun = Instant::now();
    let mut definitions = Definitions::new();
    let cores = definitions.add_fpcore("text", &text).unwrap();
    assert!(cores[0].refused.is_none());
    let formula = definitions
        .formula("call", &cores[0].call(&cores[0].name))
        .unwrap();
    let formula = formula.inline(Context::Ambient).unwrap();
    assert!(formula.nodes().len() > 20_000);
    // Milliseconds; the limit is for machines that are busy.
    assert!(begun.elapsed() < Duration::from_secs(5));
    let head = CoreHead::default();
    let written = write_fpcore(&formula, &head).unwrap();
    let (_, core, again) = core(&written);
    assert_eq!(core.arguments, ["x"]);
    assert!(again.is_same(&formula).unwrap());

    let deep = format!(
        "(FPCore (x) {}x{})",
        "(- ".repeat(100_000),
        ")".repeat(100_000)
    );
    let mut definitions = Definitions::new();
    let cores = definitions.add_fpcore("text", &deep).unwrap();
    assert!(cores[0].refused.is_none());
}

/// Names that mean something else in the language become other ones.
#[test]
fn names() {
    let text =
        "(FPCore (e pi x.re x-re sqrt F if) :name \"a b: c*d\" (+ e pi x.re x-re sqrt F if))";
    let (_, core, _) = core(text);
    assert_eq!(core.name, "a_b_c_d");
    assert_eq!(
        core.arguments,
        ["e_", "pi_", "x_re", "x_re_", "sqrt_", "F_", "if_"]
    );
    assert_eq!(core.argument_texts[2], "x.re");
    let mut definitions = Definitions::new();
    let text = "(FPCore f (x) x) (FPCore (x) :name \"f\" x) (FPCore (x) x)";
    let cores = definitions.add_fpcore("text", text).unwrap();
    let names: Vec<&str> = cores.iter().map(|core| core.name.as_str()).collect();
    assert_eq!(names, ["f", "f_2", "core3"]);
}

/// What is wrong, and the text at the caret.
#[test]
fn mistakes_are_named() {
    let refused = |text: &str| -> (Diagnostic, String) {
        let mut definitions = Definitions::new();
        let error = match definitions.add_fpcore("text", text) {
            Err(error) => error,
            Ok(cores) => {
                let last = cores.into_iter().last();
                last.and_then(|core| core.refused)
                    .unwrap_or_else(|| panic!("{text} is read"))
            }
        };
        let span = error
            .span
            .unwrap_or_else(|| panic!("{text}: {error} has no place"));
        let place = definitions.sources().text(span).to_string();
        (error, place)
    };
    for (text, message, place) in [
        ("(FPCore (x) x", "this `(` is not closed", "("),
        ("(FPCore (x) x))", "nothing is open that `)` closes", ")"),
        ("(FPCore (x] x)", "`]` closes a `(`", "(x]"),
        ("(FPCore (x) :name \"a x)", "this text has no end", "\""),
        ("x", "a core should stand here", "x"),
        ("()", "this is no core", "()"),
        ("(core (x) x)", "this is no core", "core"),
        (
            "(FPCore)",
            "the arguments of this core are missing",
            "(FPCore)",
        ),
        ("(FPCore (x))", "this core has no body", "(FPCore (x))"),
        (
            "(FPCore (x) x x)",
            "a core has one body, and this is more",
            "x",
        ),
        (
            "(FPCore (x) :name)",
            "the property :name has no value",
            ":name",
        ),
        ("(FPCore (x x) x)", "there are two arguments `x`", "x"),
        (
            "(FPCore f (x) x) (FPCore f (x) x)",
            "there is a core `f` already",
            "f",
        ),
        ("(FPCore ((A n)) 1)", "this argument is a tensor", "(A n)"),
        ("(FPCore (\"x\") 1)", "this is no argument", "\"x\""),
        ("(FPCore (0) 1)", "`0` is no name for a variable", "0"),
        (
            "(FPCore (x) (let ([.5 x]) x))",
            "`.5` is no name for a variable",
            ".5",
        ),
        ("(FPCore (x) y)", "`y` has no value here", "y"),
        ("(FPCore (x) sin)", "`sin` has no value here", "sin"),
        ("(FPCore (x) (sni x))", "there is no operation `sni`", "sni"),
        (
            "(FPCore (x) (nearbyint x))",
            "`nearbyint` is no operation of ulpscope's",
            "nearbyint",
        ),
        (
            "(FPCore (x) (sin x x))",
            "`sin` takes 1 operand, and has 2",
            "(sin x x)",
        ),
        (
            "(FPCore (x) (-))",
            "`-` takes 1 operand or 2, and has 0",
            "(-)",
        ),
        (
            "(FPCore (x) (if x 1))",
            "`if` takes 3 operands, and has 2",
            "(if x 1)",
        ),
        ("(FPCore (x) ())", "an expression is missing in `()`", "()"),
        (
            "(FPCore (x) ((sin) x))",
            "an operation's name is missing here",
            "(sin)",
        ),
        ("(FPCore (x) \"x\")", "a text is no value", "\"x\""),
        (
            "(FPCore (x) 1/0)",
            "`1/0` is no number: its denominator is 0",
            "1/0",
        ),
        (
            "(FPCore (x) 1..2)",
            "`1..2` is no number: it does not have a number's form",
            "1..2",
        ),
        (
            "(FPCore (x) 1e99999999999)",
            "`1e99999999999` is no number: it is out of range",
            "1e99999999999",
        ),
        (
            "(FPCore (x) (digits 1 2))",
            "`digits` takes three whole numbers",
            "(digits 1 2)",
        ),
        (
            "(FPCore (x) (digits 1 999999999 9))",
            "this number is out of range",
            "(digits 1 999999999 9)",
        ),
        (
            "(FPCore (x) (+ x (< x 1)))",
            "an operand of this should be a number, and is a truth value",
            "(+ x (< x 1))",
        ),
        (
            "(FPCore (x) (and x TRUE))",
            "an operand of this should be a truth value, and is a number",
            "(and x TRUE)",
        ),
        (
            "(FPCore (x) (if x 1 2))",
            "the condition of `if` should be a truth value, and is a number",
            "(if x 1 2)",
        ),
        (
            "(FPCore (x) (let ((y)) y))",
            "a name with its value should stand here",
            "(y)",
        ),
        (
            "(FPCore (x) (let x x))",
            "a list of names with values is missing",
            "x",
        ),
        (
            "(FPCore (x) (while (< x 1) ((x 0 1)) x))",
            "`while` makes a loop",
            "while",
        ),
        (
            "(FPCore (x) (for ((i 3)) ((x 0 1)) x))",
            "`for` makes a loop",
            "for",
        ),
        (
            "(FPCore (x) (tensor ((i 3)) x))",
            "`tensor` makes a tensor",
            "tensor",
        ),
        ("(FPCore (x) (ref x 0))", "`ref` makes a tensor", "ref"),
        (
            "(FPCore (x) (! :precision binary33 x))",
            "the precision `binary33` is not known",
            "binary33",
        ),
        (
            "(FPCore (x) (! :precision (fixed 3 4) x))",
            "the precision `(fixed 3 4)` is not known",
            "(fixed 3 4)",
        ),
        (
            "(FPCore (x) (! :precision (float 9 5) x))",
            "`(float 9 5)` is no format",
            "(float 9 5)",
        ),
        (
            "(FPCore (x) (! :round up x))",
            "the rounding `up` is not known",
            "up",
        ),
        (
            "(FPCore (x) (! :precision real))",
            "`!` takes properties and one expression",
            "(! :precision real)",
        ),
        ("(FPCore f (x) (f x))", "`f` calls itself", "(f x)"),
        (
            "(FPCore f (x) x) (FPCore g (x) (f x x))",
            "`f` takes 1 argument, and has 2",
            "(f x x)",
        ),
        (
            "(FPCore (x) :pre (+ x 1) x)",
            "this should be a truth value, and is a number",
            "(+ x 1)",
        ),
        (
            "(FPCore (x) (cast (< x 1)))",
            "what is cast should be a number, and is a truth value",
            "(cast (< x 1))",
        ),
        (
            "(FPCore (x) \u{7})",
            "`\\u{7}` has no meaning in FPCore",
            "\u{7}",
        ),
    ] {
        let (error, found) = refused(text);
        assert_eq!(
            (error.message.as_str(), found.as_str()),
            (message, place),
            "{text}"
        );
    }
}

/// Formulas of the language, written as FPCore and read again.
#[test]
fn what_is_written_reads_back() {
    for text in [
        "sigmoid(w*x)",
        "softplus(x) - logsigmoid(-x)",
        "57% * x + 0x1.8p-3",
        "-x^2 + (-x)^2",
        "fl(x + 0.1, f32) - x",
        "fl(fl(x, f16) + y, f32/rz) * cast(y, bf16)",
        "cast(cast(x, f32), f16)",
        "if x < y and not (y == 1 or x >= 2) then x else |y|",
        "hypot(x, y) + atan2(x, y) + fma(x, y, 1) + min(x, y)*max(x, 1)",
        "exp(exp(exp(x*y) - 1) - 1) + exp(x*y)",
        "pi*e + inf",
        "E*e + E_ + PI",
        "fl(x, f32) + fl(x, f64)",
        "floor(x) + ceil(x) + trunc(x) + round(x)",
    ] {
        let mut definitions = Definitions::new();
        let formula = definitions.formula("expression", text).unwrap();
        let formula = formula.inline(Context::Ambient).unwrap();
        let written = write_fpcore(&formula, &CoreHead::default()).unwrap();
        let mut fresh = Definitions::new();
        let cores = fresh.add_fpcore("written", &written).unwrap();
        assert!(
            cores[0].refused.is_none(),
            "{text}: {written}: {:?}",
            cores[0].refused
        );
        let call = format!("{}({})", cores[0].name, formula.inputs().join(", "));
        let again = fresh.formula("call", &call).unwrap();
        let again = again.inline(Context::Ambient).unwrap();
        assert!(again.is_same(&formula).unwrap(), "{text}:\n{written}");
    }
    for (text, message) in [
        ("relerr(x, f32)", "FPCore has no word for `relerr(x, f32)`"),
        ("polygamma(1, x)", "FPCore has no word for `polygamma`"),
        (
            "fl(x, mpfr:100)",
            "FPCore has no word for the format mpfr:100",
        ),
        (
            "fl(x, f8e4m3fn)",
            "FPCore has no word for the format f8e4m3fn",
        ),
    ] {
        let formula = Definitions::new().formula("expression", text).unwrap();
        let formula = formula
            .inline(Context::Ambient)
            .or_else(|_| formula.inline(Context::Real));
        let error = write_fpcore(&formula.unwrap(), &CoreHead::default()).unwrap_err();
        assert_eq!(error.message, message);
    }
}

const FILE: &str = "\
(FPCore (x) :name \"2sqrt\" :cite (hamming) :pre (<= 1 x 1e20) :precision binary64
  :alt (/ 1 (+ (sqrt (+ x 1)) (sqrt x)))
  (- (sqrt (+ x 1)) (sqrt x)))
(FPCore twice (x) (while (< x 1) ((x 0 (+ x 1))) x))
(FPCore pick (a b) :pre (and (< 0 a) (< a b 16)) (if (< a b) (/ a b) b))
(FPCore less (x) (< (sqrt x) 2))
";

fn ulpscope(folder: &Folder, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ulpscope"))
        .args(arguments)
        .current_dir(folder.path(""))
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn file() -> Folder {
    let folder = Folder::new();
    folder.write("b.fpcore", FILE);
    folder
}

/// Every subcommand takes a core in place of an expression.
#[test]
fn a_core_stands_for_an_expression() {
    let folder = file();
    for (arguments, expected) in [
        (
            vec![
                "eval",
                "--fpcore",
                "b.fpcore:2sqrt",
                "--at",
                "x=1e15",
                "-n",
                "12",
            ],
            "1.58113883008…e-8",
        ),
        (
            vec!["compare", "--fpcore", "b.fpcore:2sqrt", "--at", "x=1e15"],
            "core_2sqrt_alt(x)",
        ),
        (
            vec![
                "explain",
                "--fpcore",
                "b.fpcore:core_2sqrt",
                "--at",
                "x=1e15",
            ],
            "cancelled",
        ),
        (
            vec!["derive", "--fpcore", "b.fpcore:2sqrt"],
            "1/(2*sqrt(x + 1))",
        ),
        (
            vec![
                "sweep",
                "--fpcore",
                "b.fpcore:2sqrt",
                "--over",
                "x=1..1e10:x1e5",
            ],
            "10000000000",
        ),
        (
            vec![
                "threshold",
                "--fpcore",
                "b.fpcore:less",
                "--over",
                "x=0..9",
                "--in",
                "f32",
            ],
            "3.9999998",
        ),
        (
            vec![
                "scan",
                "--fpcore",
                "b.fpcore:2sqrt",
                "--over",
                "x=f16 in [1, 9]",
                "--in",
                "f16",
            ],
            "worse",
        ),
        (
            vec!["verify", "--fpcore", "b.fpcore", "-e", "pick(1, 2) == 0.5"],
            "proved",
        ),
        (
            vec!["convert", "--fpcore", "b.fpcore:pick"],
            "pick = if a < b then a/b else b",
        ),
        (
            vec!["convert", "--fpcore", "b.fpcore:2sqrt", "--to", "fpcore"],
            ":cite (hamming)",
        ),
    ] {
        let output = ulpscope(&folder, &arguments);
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        assert!(
            out(&output).contains(expected),
            "{arguments:?}: {}",
            out(&output)
        );
    }
    // What the core says of itself is the arithmetic, where no other is named.
    let output = ulpscope(
        &folder,
        &[
            "compare",
            "--fpcore",
            "b.fpcore:2sqrt",
            "--at",
            "x=4",
            "--as",
            "csv",
        ],
    );
    assert!(out(&output).contains(",f64,") && !out(&output).contains(",f32,"));
    for (arguments, message) in [
        (vec!["eval", "--fpcore", "b.fpcore"], "b.fpcore has 4 cores"),
        (
            vec!["eval", "--fpcore", "b.fpcore:2sqt"],
            "did you mean 2sqrt?",
        ),
        (vec!["eval", "--fpcore", "c.fpcore"], "cannot read c.fpcore"),
        (
            vec!["eval", "--fpcore", "b.fpcore:twice"],
            "`while` makes a loop",
        ),
        (vec!["eval"], "an expression is missing"),
        (vec!["convert", "x", "--name", "a b"], "`a b` is no name"),
        (
            vec!["compare", "--sample", "9"],
            "--sample takes points from the preconditions of cores",
        ),
        (vec!["compare", "--seed", "9", "x"], "--sample"),
        (
            vec!["eval", "--fpcore", "b.fpcore:2sqrt"],
            "`x` has no value",
        ),
    ] {
        let output = ulpscope(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            err(&output).contains(message),
            "{arguments:?}: {}",
            err(&output)
        );
    }
    // A point that the core is not for is told of, and computed with.
    let output = ulpscope(
        &folder,
        &["eval", "--fpcore", "b.fpcore:2sqrt", "--at", "x=0"],
    );
    assert!(output.status.success() && out(&output).starts_with('1'));
    assert!(
        err(&output).contains("its :pre does not hold"),
        "{}",
        err(&output)
    );
}

/// A seed makes the same points, on any number of threads; they satisfy :pre.
#[test]
fn samples() {
    let folder = file();
    let run = |more: &[&str]| {
        let mut arguments = vec![
            "compare", "--fpcore", "b.fpcore", "--sample", "700", "--in", "f32,f64", "--as", "csv",
        ];
        arguments.extend_from_slice(more);
        let output = ulpscope(&folder, &arguments);
        assert!(output.status.success(), "{}", err(&output));
        out(&output)
    };
    let first = run(&[]);
    assert_eq!(run(&["--jobs", "1"]), first);
    assert_eq!(run(&["--seed", "1"]), first);
    assert_ne!(run(&["--seed", "2"]), first);
    let mut reader = csv::Reader::from_reader(first.as_bytes());
    let head = reader.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|own| own == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    for row in &rows {
        match &row[place("core")] {
            "core_2sqrt" => {
                assert_eq!(&row[place("points")], "700");
                let most: f64 = row[place("largest_bits")].parse().unwrap();
                let mean: f64 = row[place("mean_bits")].parse().unwrap();
                assert!(most > mean && mean > 1.0, "{row:?}");
                let x: f64 = row[place("at")]
                    .strip_prefix("x = ")
                    .unwrap()
                    .parse()
                    .unwrap();
                assert!((1.0..=1e20).contains(&x));
                assert_eq!(&row[place("undecided")], "0");
            }
            "pick" => assert_eq!(&row[place("points")], "700"),
            "twice" => assert_eq!(&row[place("note")], "`while` makes a loop"),
            "less" => assert!(row[place("note")].contains("truth value")),
            other => panic!("{other}"),
        }
    }
    // Over the reals bounds are needed.
    let reals = run(&["--reals"]);
    assert_ne!(reals, first);
    assert!(reals.contains("`a` has no bounds"), "{reals}");
    assert!(reals.contains("core_2sqrt,f32,700"), "{reals}");
    // One core, beside its other forms.
    let one = ulpscope(
        &folder,
        &[
            "compare",
            "--fpcore",
            "b.fpcore:2sqrt",
            "--sample",
            "50",
            "--as",
            "csv",
        ],
    );
    assert!(out(&one).contains("core_2sqrt_alt,f64,50"), "{}", out(&one));
}
