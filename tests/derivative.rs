//! d(e, v) against difference quotients, and exactly where that is possible.
//!
//! The rules have no part in the other route. By the mean value theorem the
//! quotient (e(b) − e(a))/(b − a) is a value that the derivative has between a
//! and b. So an enclosure of the derivative over [a, b] has to meet an enclosure
//! of the quotient; both are certified, so that there is no remainder to
//! estimate. With b − a = 3·2^−200·|v| both are narrow.

mod random;

use random::SplitMix;
use rug::{Float, Rational, float::Round};
use std::collections::HashMap;
use std::time::Instant;
use ulpscope::arithmetic::emulated::Input;
use ulpscope::arithmetic::native::Libm;
use ulpscope::arithmetic::real::RealInput;
use ulpscope::enclosure::Enclosure;
use ulpscope::evaluate::compute;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula, Kind, Literal, OPS, Op};
use ulpscope::language::{Definitions, Rows};
use ulpscope::truth::{Truth, Unanswered, Verdict};

type Point = HashMap<String, Rational>;

const LIMIT: u32 = 60_000;

fn define(text: &str) -> Definitions {
    let mut known = Definitions::new();
    known.add("definitions", text).unwrap();
    known
}

fn real(known: &mut Definitions, text: &str) -> Formula {
    let expression = known.expression("expression", text);
    let expression = expression.unwrap_or_else(|error| panic!("{text}: {error}"));
    let source = known.resolve(&expression, Context::Real, Rows::None);
    let source = source.unwrap_or_else(|error| panic!("{text}: {error}"));
    source.inline(Context::Real).unwrap()
}

/// `-3`, `1e-300`, `2/3`.
fn number(text: &str) -> Rational {
    if let Some((a, b)) = text.split_once('/') {
        return number(a) / number(b);
    }
    match text.strip_prefix('-') {
        Some(text) => -number(text),
        None => Literal::parse(text).unwrap().value().clone(),
    }
}

/// `x=1 y=-2/3`.
fn point(text: &str) -> Point {
    let pairs = text.split_whitespace().map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_string(), number(value))
    });
    pairs.collect()
}

fn inputs(formula: &Formula, at: &Point) -> Vec<Rational> {
    let value = |name: &String| at[name].clone();
    formula.inputs().iter().map(value).collect()
}

fn enclosed(formula: &Formula, at: &Point, bits: u32) -> Result<Enclosure, Unanswered> {
    Truth::new(formula, inputs(formula, at), LIMIT).enclosure(bits)
}

/// The exact value, a fraction.
fn exact(known: &mut Definitions, text: &str, at: &str) -> Rational {
    let formula = real(known, text);
    let at = point(at);
    let mut truth = Truth::new(&formula, inputs(&formula, &at), LIMIT);
    let value = truth.value();
    value
        .exact()
        .unwrap_or_else(|| panic!("{text} is not known exactly"))
        .clone()
}

fn is_undefined(text: &str, at: &str) -> bool {
    let formula = real(&mut Definitions::new(), text);
    let at = point(at);
    let answer = Truth::new(&formula, inputs(&formula, &at), LIMIT).sign();
    matches!(answer, Err(Unanswered::Undefined { .. }))
}

fn show(all: &Enclosure) -> String {
    format!("{:?}, {:?}", all.bounds_decimal(20), all.defined())
}

fn meet(a: &Enclosure, b: &Enclosure) -> bool {
    a.lo() <= b.hi() && b.lo() <= a.hi()
}

/// The quotient over [a, b], to 64 bits.
fn quotient(
    formula: &Formula,
    by: &str,
    at: &Point,
    [a, b]: &[Rational; 2],
) -> Result<Enclosure, Unanswered> {
    let mut bits = 700;
    loop {
        let value = |v: &Rational| {
            let mut at = at.clone();
            at.insert(by.to_string(), v.clone());
            enclosed(formula, &at, bits)
        };
        let [low, high] = [value(a)?, value(b)?];
        let mut rise = Enclosure::new(bits);
        rise.assign_sub(&high, &low);
        let mut run = Enclosure::new(bits);
        run.assign_rational(&Rational::from(b - a));
        let mut quotient = Enclosure::new(bits);
        quotient.assign_div(&rise, &run);
        if quotient.agreeing_bits().unwrap_or(0) >= 64 {
            return Ok(quotient);
        }
        // Nothing but 0, then, which is not known exactly.
        if bits > 10_000 {
            return Ok(quotient);
        }
        bits *= 4;
    }
}

/// [v − h, v + 2·h]. (Were it symmetric, the quotient of cos at 0 would be 0,
/// which enclosures cannot tell.)
fn around(v: &Rational) -> [Rational; 2] {
    let h = if *v == 0 {
        Rational::from(1)
    } else {
        v.clone().abs()
    };
    let h = h >> 200;
    [Rational::from(v - &h), v + h * 2u32]
}

/// What the derivative may be over [a, b], narrow.
fn slopes(
    derivative: &Formula,
    by: &str,
    at: &Point,
    [a, b]: &[Rational; 2],
) -> Result<Enclosure, Unanswered> {
    let inputs = derivative.inputs().iter().map(|name| {
        if name == by {
            let low = Float::with_val_round(4000, a, Round::Down).0;
            let high = Float::with_val_round(4000, b, Round::Up).0;
            RealInput::Between(low, high)
        } else {
            RealInput::Exact(at[name].clone())
        }
    });
    let mut truth = Truth::over(derivative, inputs.collect(), LIMIT);
    truth.decide(256, |value| {
        let all = value.enclosure();
        let narrow = all.agreeing_bits().unwrap_or(0) >= 64;
        let tiny = Float::with_val(2, 1) >> 120;
        let nothing = *all.hi() <= tiny && -all.lo().clone() <= tiny;
        if narrow || nothing {
            Verdict::Decided(all.clone())
        } else {
            Verdict::Undecided
        }
    })
}

/// Checks d(e, by) at a point; an error where e itself has no value there.
fn check(known: &mut Definitions, e: &str, by: &str, at: &Point) -> Result<(), Unanswered> {
    let formula = real(known, e);
    let derivative = real(known, &format!("d({e}, {by})"));
    let ends = around(&at[by]);
    let quotient = quotient(&formula, by, at, &ends)?;
    let slopes = slopes(&derivative, by, at, &ends)
        .unwrap_or_else(|why| panic!("d({e}, {by}) at {at:?} is {why}"));
    assert!(
        meet(&quotient, &slopes),
        "d({e}, {by}) at {at:?} is {}, not {}",
        show(&slopes),
        show(&quotient)
    );
    Ok(())
}

/// Which numbers a variable may be: all, those above 0, between −1 and 1, above 1.
#[derive(Clone, Copy, Debug)]
enum Domain {
    All,
    Positive,
    Unit,
    Above,
}

fn draw(random: &mut SplitMix, domain: Domain) -> Rational {
    let bits = (random.next() >> 34) as i64 + 1;
    let unit = Rational::from((2 * bits + 1, 1i64 << 33));
    let scale = random.next() % 24;
    let x = match domain {
        Domain::Unit => unit >> (scale as u32),
        Domain::Above => {
            let x: Rational = (unit << 5u32) >> (scale as u32);
            return x + 1u32;
        }
        Domain::All | Domain::Positive => (unit << 5u32) >> (scale as u32),
    };
    if matches!(domain, Domain::All | Domain::Unit) && random.next().is_multiple_of(2) {
        -x
    } else {
        x
    }
}

use Domain::{Above, All, Positive, Unit};

/// An expression whose root is an operation, the domains of x, y and z, and
/// points to try besides those drawn.
type Case = (&'static str, &'static [Domain], &'static [&'static str]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("-x", &[All], &["x=0", "x=1e300"]),
    ("x + y", &[All, All], &["x=0 y=0", "x=1e300 y=-1e-300"]),
    ("x - y", &[All, All], &["x=0 y=0", "x=1 y=1"]),
    ("x*y", &[All, All], &["x=0 y=0", "x=1e300 y=1e-300", "x=0 y=3"]),
    ("x*x", &[All], &["x=0", "x=-3"]),
    ("x/y", &[All, All], &["x=0 y=2", "x=1e300 y=-1e-300", "x=-1 y=-1/3"]),
    ("x/x", &[All], &["x=-3"]),
    ("x^0", &[All], &["x=0", "x=-2"]),
    ("x^1", &[All], &["x=0", "x=-2"]),
    ("x^2", &[All], &["x=0", "x=-2", "x=1e-300"]),
    ("x^3", &[All], &["x=0", "x=-2", "x=1e100"]),
    ("x^7", &[All], &["x=-1/3"]),
    ("x^-1", &[All], &["x=-2", "x=1e-100"]),
    ("x^-3", &[All], &["x=-2", "x=-1e-100", "x=7"]),
    ("x⁻³", &[All], &["x=-2", "x=7"]),
    ("x^0.5", &[Positive], &["x=1e-300", "x=4"]),
    ("x^-0.5", &[Positive], &["x=1e-300", "x=4"]),
    ("x^2.5", &[Positive], &["x=1e-300", "x=4"]),
    ("x^25%", &[Positive], &["x=16"]),
    ("x^1e-30", &[Positive], &["x=2"]),
    ("x^(1/3)", &[Positive], &["x=8", "x=1e-300"]),
    ("x^(2 + 1)", &[All], &["x=-2"]),
    ("x^y", &[Positive, All], &["x=1 y=0", "x=1e-30 y=-2", "x=2 y=0", "x=3 y=1", "x=1e30 y=1e-30"]),
    ("2^x", &[All], &["x=0", "x=-1000"]),
    ("x^x", &[Positive], &["x=1", "x=1/3"]),
    ("fma(x, y, z)", &[All, All, All], &["x=0 y=0 z=0", "x=-2 y=1e300 z=1e-300"]),
    ("fma(x, x, x)", &[All], &["x=0"]),
    ("|x|", &[All], &["x=1e-300", "x=-1e-300", "x=-1e300"]),
    ("min(x, y)", &[All, All], &["x=0 y=1e-20", "x=1e-20 y=0", "x=-1 y=-2"]),
    ("max(x, y)", &[All, All], &["x=0 y=1e-20", "x=1e-20 y=0", "x=-1 y=-2"]),
    ("max(x, x^2)", &[All], &["x=1/2", "x=2"]),
    ("floor(x)", &[All], &["x=1/2", "x=-1/2", "x=1e-30", "x=-1e-30"]),
    ("ceil(x)", &[All], &["x=1/2", "x=-1/2", "x=1e-30", "x=-1e-30"]),
    ("trunc(x)", &[All], &["x=1/2", "x=-1/2", "x=1e-30", "x=-1e-30", "x=-7/2"]),
    ("round(x)", &[All], &["x=0", "x=1", "x=-3", "x=0.499", "x=0.501", "x=-1.501"]),
    ("sqrt(x)", &[Positive], &["x=1e-300", "x=1e300", "x=1"]),
    ("cbrt(x)", &[All], &["x=-8", "x=-1e-300", "x=1e300", "x=1"]),
    ("hypot(x, y)", &[All, All], &["x=0 y=-2", "x=3 y=0", "x=-3 y=4", "x=1e-300 y=1e300"]),
    ("hypot(x, x)", &[All], &["x=-1"]),
    ("exp(x)", &[All], &["x=0", "x=700", "x=-700", "x=1e-300"]),
    ("exp2(x)", &[All], &["x=0", "x=1000", "x=-1000", "x=1/2"]),
    ("exp10(x)", &[All], &["x=0", "x=300", "x=-300", "x=1/2"]),
    ("expm1(x)", &[All], &["x=0", "x=700", "x=-700", "x=1e-300"]),
    ("log(x)", &[Positive], &["x=1", "x=1e300", "x=1e-300"]),
    ("log2(x)", &[Positive], &["x=1", "x=1e300", "x=1e-300"]),
    ("log10(x)", &[Positive], &["x=1", "x=1e300", "x=1e-300"]),
    ("log1p(x)", &[Positive], &["x=0", "x=-0.999999", "x=1e300", "x=-1e-300"]),
    ("sin(x)", &[All], &["x=0", "x=1e22", "x=-1e-300", "x=11/7"]),
    ("cos(x)", &[All], &["x=0", "x=1e22", "x=-1e-300", "x=11/7"]),
    ("tan(x)", &[All], &["x=0", "x=1e22", "x=-1e-300", "x=11/7"]),
    ("asin(x)", &[Unit], &["x=0", "x=0.999999999999", "x=-0.999999999999", "x=1e-300"]),
    ("acos(x)", &[Unit], &["x=0", "x=0.999999999999", "x=-0.999999999999", "x=1e-300"]),
    ("atan(x)", &[All], &["x=0", "x=1e22", "x=-1e22", "x=1e-300"]),
    ("atan2(y, x)", &[All, All], &["x=1 y=2", "x=-1 y=2", "x=-1 y=-2", "x=1 y=-2", "x=0 y=2", "x=0 y=-2", "x=2 y=0", "x=-1e-100 y=1e100"]),
    ("sinh(x)", &[All], &["x=0", "x=700", "x=-700", "x=1e-300"]),
    ("cosh(x)", &[All], &["x=0", "x=700", "x=-700", "x=1e-300"]),
    ("tanh(x)", &[All], &["x=0", "x=100", "x=-100", "x=1e-300"]),
    ("asinh(x)", &[All], &["x=0", "x=1e100", "x=-1e100", "x=1e-300"]),
    ("acosh(x)", &[Above], &["x=1.000000001", "x=1e100"]),
    ("atanh(x)", &[Unit], &["x=0", "x=0.999999999999", "x=-0.999999999999", "x=1e-300"]),
    ("erf(x)", &[All], &["x=0", "x=25", "x=-25", "x=1e-300"]),
    ("erfc(x)", &[All], &["x=0", "x=25", "x=-25", "x=1e-300"]),
    ("gamma(x)", &[Positive], &["x=1", "x=1/3", "x=-1/2", "x=-3/2", "x=-10.25", "x=-2.0001", "x=1e-20", "x=100", "x=1.4616"]),
    ("lgamma(x)", &[Positive], &["x=1", "x=1/3", "x=-1/2", "x=-3/2", "x=-10.25", "x=-2.0001", "x=1e-20", "x=100", "x=1.4616"]),
    ("polygamma(0, x)", &[Positive], &["x=1", "x=-1/2", "x=-10.25", "x=1e-20", "x=100"]),
    ("polygamma(1, x)", &[Positive], &["x=1", "x=-1/2", "x=-10.25", "x=1e-20", "x=100"]),
    ("polygamma(4, x)", &[Positive], &["x=1", "x=-1/2", "x=-3.3"]),
    ("polygamma(1 + 1, x)", &[Positive], &["x=1", "x=-1/2"]),
    ("if x < y then x*y else x/y", &[All, All], &["x=1 y=2", "x=2 y=1", "x=1e-30 y=0.0001"]),
];

#[test]
fn every_operation() {
    let mut random = SplitMix(7);
    let mut known = Definitions::new();
    let mut covered: Vec<Op> = Vec::new();
    for (e, domains, points) in CASES {
        let formula = real(&mut known, e);
        covered.push(formula.node(formula.root()).op.clone());
        let names = &["x", "y", "z"][..domains.len()];
        let mut all: Vec<Point> = points.iter().map(|text| point(text)).collect();
        for _ in 0..6 {
            let values = names.iter().zip(*domains);
            let values =
                values.map(|(name, &domain)| (name.to_string(), draw(&mut random, domain)));
            all.push(values.collect());
        }
        for at in all {
            for by in names {
                check(&mut known, e, by, &at)
                    .unwrap_or_else(|why| panic!("{e} at {at:?} is {why}"));
            }
        }
    }
    for info in OPS.iter().filter(|info| info.op.kind() == Kind::Number) {
        let found = covered.contains(&info.op);
        assert!(found, "`{}` is not differentiated here", info.name);
    }
}

#[test]
fn kinks_and_jumps() {
    let table = [
        ("d(|x|, x)", "x=0", "0"),
        ("d(3*|x|, x)", "x=0", "0"),
        ("d(max(2*x, 3*x), x)", "x=0", "2"),
        ("d(max(3*x, 2*x), x)", "x=0", "3"),
        ("d(min(2*x, 3*x), x)", "x=0", "3"),
        ("d(min(3*x, 2*x), x)", "x=0", "2"),
        ("d(max(x, y), y)", "x=1 y=1", "0"),
        ("d(max(x, y), x)", "x=1 y=1", "1"),
        ("d(min(x, 1), x)", "x=1", "0"),
        ("d(min(1, x), x)", "x=1", "1"),
        ("d(relu(x), x)", "x=0", "0"),
        ("d(relu(x), x)", "x=1e-300", "1"),
        ("d(relu(x), x)", "x=-1e-300", "0"),
        ("d(max(x, 0), x)", "x=0", "1"),
        ("d(if x < 1 then 2*x else 3*x, x)", "x=1", "3"),
        ("d(if x <= 1 then 2*x else 3*x, x)", "x=1", "2"),
        ("d(if x == 1 then x^2 else 5*x, x)", "x=1", "2"),
        (
            "d(if x < 0 then -x else if x < 1 then x else x^2, x)",
            "x=1",
            "2",
        ),
        ("d(trunc(x), x)", "x=0", "0"),
        ("d(floor(x), x)", "x=1/2", "0"),
        ("d(ceil(x)*x, x)", "x=1/2", "1"),
        ("d(round(x), x)", "x=2", "0"),
        ("d(x - floor(x), x)", "x=7/2", "1"),
        // 0^0 is 1, and x^2's derivative has no power in it.
        ("d(x^1, x)", "x=0", "1"),
        ("d(x^2, x)", "x=0", "0"),
        ("d(x^y, x)", "x=0 y=1", "1"),
        ("d(x^y, x)", "x=-3 y=2", "-6"),
        ("d(x^y, x)", "x=-2 y=-1", "-0.25"),
        ("d(d(x^3, x), x)", "x=0", "0"),
        ("d(hypot(x, y), x)", "x=0 y=-2", "0"),
        ("d(hypot(x, y), y)", "x=0 y=-2", "-1"),
    ];
    let mut known = Definitions::new();
    for (text, at, expected) in table {
        let value = exact(&mut known, text, at);
        assert_eq!(value, number(expected), "{text} at {at}");
    }
    let undefined = [
        ("d(floor(x), x)", "x=1"),
        ("d(floor(x), x)", "x=0"),
        ("d(ceil(x), x)", "x=-2"),
        ("d(trunc(x), x)", "x=-1"),
        ("d(trunc(x), x)", "x=3"),
        ("d(round(x), x)", "x=1/2"),
        ("d(round(x), x)", "x=-5/2"),
        ("d(x*floor(x), x)", "x=4"),
        ("d(sqrt(x), x)", "x=0"),
        ("d(cbrt(x), x)", "x=0"),
        ("d(hypot(x, y), x)", "x=0 y=0"),
        ("d(atan2(y, x), x)", "x=0 y=0"),
        ("d(x^y, y)", "x=-2 y=2"),
        ("d(x^0.5, x)", "x=0"),
        ("d(asin(x), x)", "x=1"),
        ("d(gamma(x), x)", "x=-2"),
    ];
    for (text, at) in undefined {
        assert!(is_undefined(text, at), "{text} at {at}");
    }
    let not_a_number = [
        ("d(floor(x), x)", "x=1"),
        ("d(trunc(x), x)", "x=3"),
        ("d(round(x), x)", "x=1/2"),
        ("d(ceil(2*x), x)", "x=1/2"),
        ("d(hypot(x, y), x)", "x=0 y=0"),
    ];
    for (text, at) in not_a_number {
        for format in [Format::F32, Format::F64, Format::F16] {
            let value = computed(&mut known, text, format, at);
            assert!(value.is_nan(), "{text} at {at}: {value}");
        }
    }
    for text in ["d(floor(x), x)", "d(round(3*x), x)", "d(trunc(x), x)"] {
        let value = computed(&mut known, text, Format::F64, "x=1/4");
        assert!(value.is_zero(), "{text}: {value}");
    }
}

const FUNCTIONS: &str = "
    p(t) = t^3 - t
    p'(t) = 3*t^2 - 1
    k(s, t) = s*exp(t/4)
    d(k(s, t), t) = k(s, t)/4
    m(s, t) = p(s)*sin(t) + k(t, s)
    g(t) = t*y + sin(t)
    h(t) = g(t)*t + u*t
    h'(t) = 2*t*y + sin(t) + t*cos(t) + u
    b(s, t) = if s < t then p(s) else k(t, s) - s
    slope(t) = d(t^3*sin(t), t)
";

/// A formula with functions of every kind, drawn.
struct Source {
    random: SplitMix,
}

impl Source {
    fn number(&mut self, names: &[&str], depth: usize) -> String {
        let choice = self.random.next() % 16;
        if depth == 0 || choice == 0 {
            return match self.random.next() % 4 {
                0 => self.random.pick(&["2", "0.5", "3", "1.25", "7"]).into(),
                _ => self.random.pick(names).into(),
            };
        }
        let mut inner = || {
            let less = 1 + self.random.next() as usize % 2;
            self.number(names, depth.saturating_sub(less))
        };
        let (a, b) = (inner(), inner());
        match choice {
            1 | 2 => format!("({a} + {b})"),
            3 => format!("({a} - {b})"),
            4 | 5 => format!("({a})*({b})"),
            6 => format!("({a})/(1 + ({b})^2)"),
            7 => {
                let n = self.random.pick(&["2", "3", "-1", "-2", "0", "1", "0.5"]);
                if n == "0.5" {
                    format!("(1 + ({a})^2)^{n}")
                } else {
                    format!("({a})^{n}")
                }
            }
            8 => {
                let f = self.random.pick(&["atan2", "hypot", "max", "min"]);
                format!("{f}({a}, 2 + {b})")
            }
            9 => format!("fma({a}, {b}, x)"),
            10 => format!("(if {a} < {b} then ({b}) else sin({a}))"),
            11 => {
                let two = ["k", "m", "b", "logaddexp", "logaddexp_stable"];
                let f = self.random.pick(&two);
                format!("{f}(sin({a}), {b})")
            }
            12 | 13 => {
                let one = [
                    "p",
                    "g",
                    "h",
                    "slope",
                    "sigmoid",
                    "sigmoid_stable",
                    "softplus",
                    "silu",
                    "gelu",
                    "mish_stable",
                    "relu",
                    "elu",
                    "gelu_tanh",
                ];
                let f = self.random.pick(&one);
                format!("{f}({a})")
            }
            14 => {
                let inside = [
                    "sin", "cos", "tan", "atan", "tanh", "erf", "erfc", "asinh", "cbrt", "abs",
                ];
                let f = self.random.pick(&inside);
                format!("{f}({a})")
            }
            _ => {
                let safe = [
                    "exp(sin(#))",
                    "exp2(cos(#))",
                    "expm1(-#^2)",
                    "log(2 + sin(#))",
                    "log2(1 + #^2)",
                    "log1p(#^2)",
                    "log10(3 + #^2)",
                    "sqrt(2 + sin(#))",
                    "asin(sin(#)/2)",
                    "acos(cos(#)/3)",
                    "acosh(2 + #^2)",
                    "atanh(tanh(#)/2)",
                    "sinh(sin(#))",
                    "cosh(cos(#))",
                    "exp10(sin(#))",
                    "gamma(2 + sin(#))",
                    "lgamma(1.5 + cos(#))",
                    "polygamma(1, 2 + sin(#))",
                    "(2 + cos(#))^sin(#)",
                ];
                let f = self.random.pick(&safe);
                f.replace('#', &format!("({a})"))
            }
        }
    }
}

#[test]
fn compositions() {
    let start = Instant::now();
    let (mut done, mut tried) = (0, 0);
    while done < 400 && start.elapsed().as_secs() < 12 {
        tried += 1;
        let seed = 1000 + tried;
        let mut source = Source {
            random: SplitMix(seed),
        };
        // The value of u is a fraction at fractions, so that it can be put in
        // u's place exactly.
        let u = "u = x*y/3 + x^2 - 1\n";
        let v = format!("v = {}\n", source.number(&["x", "y", "u"], 3));
        let e = source.number(&["x", "y", "u", "v"], 4);
        let mut at = Point::new();
        for name in ["x", "y"] {
            let value = draw(&mut source.random, All) / 16u32;
            at.insert(name.to_string(), value);
        }
        let mut named = define(&format!("{FUNCTIONS}{v}{u}"));
        let mut free = define(&format!("{FUNCTIONS}{v}"));
        let message = format!("seed {seed}: {e} where {v}");
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            composition(&mut named, &mut free, &e, &mut at)
        }));
        match result {
            Ok(Ok(())) => done += 1,
            // No value here, or too great a one.
            Ok(Err(_)) => {}
            Err(_) => panic!("{message}"),
        }
    }
    assert!(done * 2 > tried && done > 60, "{done} of {tried}");
}

fn composition(
    named: &mut Definitions,
    free: &mut Definitions,
    e: &str,
    at: &mut Point,
) -> Result<(), Unanswered> {
    let mentioned = real(named, e).inputs().to_vec();
    for by in mentioned.iter().filter(|name| *name != "u") {
        check(named, e, by, at)?;
        let first = format!("d({e}, {by})");
        if real(named, &first).inputs().contains(by) {
            check(named, &first, by, at)?;
        }
    }
    // The derivative by u, as a free variable and as the value of that name.
    let u = real(named, "u");
    let value = Truth::new(&u, inputs(&u, at), LIMIT)
        .value()
        .exact()
        .cloned();
    at.insert("u".to_string(), value.expect("a fraction"));
    let other = real(free, e);
    if other.inputs().iter().any(|name| name == "u") {
        check(free, e, "u", at)?;
        let by_u = format!("d({e}, u)");
        let derivative = real(free, &by_u);
        let all = slopes(&derivative, "u", at, &around(&at["u"]))?;
        let own = enclosed(&real(named, &by_u), at, 64);
        let own = own.or_else(|why| {
            // Nothing but 0, which is not known exactly.
            let tiny = Float::with_val(2, 1) >> 120;
            if *all.hi() <= tiny && -all.lo().clone() <= tiny {
                Ok(all.clone())
            } else {
                Err(why)
            }
        })?;
        assert!(
            meet(&all, &own),
            "d({e}, u): {} in {}",
            show(&own),
            show(&all)
        );
        // Mixed derivatives.
        let order = |a: &str, b: &str| format!("d(d({e}, {a}), {b})");
        let mut values = Vec::new();
        for (a, b) in [("x", "u"), ("u", "x")] {
            let first = format!("d({e}, {a})");
            let has = |f: &Formula, name: &str| f.inputs().iter().any(|input| input == name);
            if !has(&other, a) || !has(&real(free, &first), b) {
                continue;
            }
            let formula = real(free, &order(a, b));
            let mut truth = Truth::new(&formula, inputs(&formula, at), LIMIT);
            truth.expect(300, 0);
            values.push(truth.value().enclosure().clone());
        }
        if let [a, b] = &values[..] {
            let both = format!(
                "{} and {}: {}; {}",
                order("x", "u"),
                order("u", "x"),
                show(a),
                show(b)
            );
            assert!(a.is_surely() && b.is_surely(), "{both}");
            assert!(meet(a, b), "{both}");
            let narrow =
                |all: &Enclosure| all.agreeing_bits().unwrap_or(0) >= 64 || all.width() < 1e-30;
            assert!(narrow(a) && narrow(b), "{both}");
        }
    }
    Ok(())
}

/// What is computed in a format.
fn computed(known: &mut Definitions, text: &str, format: Format, at: &str) -> Float {
    let formula = known.formula("expression", text).unwrap();
    let formula = formula.inline(Context::Ambient).unwrap();
    let at = point(at);
    let inputs: Vec<Input> = inputs(&formula, &at).into_iter().map(Input::from).collect();
    compute(&formula, format, Libm::CoreMath, &inputs).unwrap()
}

fn holds(known: &mut Definitions, text: &str, at: &str) -> bool {
    let formula = real(known, text);
    let at = point(at);
    Truth::new(&formula, inputs(&formula, &at), LIMIT)
        .holds()
        .unwrap_or_else(|why| panic!("{text} is {why}"))
}

#[test]
fn what_is_computed() {
    let mut known =
        define("cost = (sigmoid(w*x) - y)^2\ncost_by_body = (1/(1 + exp(-(w*x))) - y)^2");
    let at = "w=0.8 x=62.5 y=0";
    for format in [Format::F32, Format::F64, Format::F16] {
        assert!(computed(&mut known, "d(cost, w)", format, at).is_zero());
    }
    assert!(holds(
        &mut known,
        "|d(cost, w)/2.4109373099548972287702834921e-20 - 1| < 1e-27",
        at
    ));
    assert!(!computed(&mut known, "d(cost_by_body, w)", Format::F64, at).is_zero());

    let body = "d(1/(1 + exp(-z)), z)";
    let close = format!("ulps({body}, f64) <= 3");
    assert!(holds(&mut known, &close, "z=50"));
    assert!(computed(&mut known, body, Format::F64, "z=-400").is_zero());
    assert!(holds(
        &mut known,
        &format!("1.9e-174 < {body} < 2e-174"),
        "z=-400"
    ));
    assert!(computed(&mut known, body, Format::F64, "z=-800").is_nan());

    let sinc = "d(if x != 0 then sin(x)/x else 1, x)";
    assert_eq!(exact(&mut known, sinc, "x=0"), 0);
    assert!(computed(&mut known, sinc, Format::F64, "x=0").is_zero());
    let stable = computed(&mut known, "d(sigmoid_stable(z), z)", Format::F64, "z=800");
    assert!(stable.is_zero(), "{stable}");
    let stable = computed(&mut known, "d(sigmoid_stable(z), z)", Format::F64, "z=-800");
    assert!(stable.is_zero(), "{stable}");
    // The branch that is not taken may be used elsewhere, too.
    known
        .add("more", "q = 1/x\nr = if x != 0 then q*sin(x) else x")
        .unwrap();
    assert_eq!(exact(&mut known, "d(r, x)", "x=0"), 1);
    assert_eq!(computed(&mut known, "d(r, x)", Format::F64, "x=0"), 1);
    assert!(
        computed(
            &mut known,
            "d(if x > 1 then q*q else if x > 0 then q else 7*x, x)",
            Format::F32,
            "x=0"
        ) == 7
    );
    // Far out, a choice between choices.
    let nested = "d(if x < 0 then exp(-x) else if x < 500 then x^2 else log(x), x)";
    assert_eq!(computed(&mut known, nested, Format::F64, "x=1000"), 0.001);
    assert_eq!(computed(&mut known, nested, Format::F64, "x=2"), 4);
}

/// A formula in one line, its parts and the user's definitions before it.
fn written(known: &mut Definitions, text: &str) -> String {
    let formula = known.formula("expression", text).unwrap();
    let text = formula.write().unwrap();
    let parts = text
        .parts
        .iter()
        .map(|(name, part)| format!("{name} = {part}; "));
    parts.collect::<String>() + &text.expression
}

#[test]
#[rustfmt::skip]
fn nodes() {
    // The rules as they are written, with c for the adjoint.
    let table = [
        ("-x", "-c"),
        ("a + x", "c"),
        ("x + x", "c + c"),
        ("a - x", "-c"),
        ("x - a", "c"),
        ("x - x", "c + (-c)"),
        ("a*x", "c*a"),
        ("x*a", "c*a"),
        ("x*x", "c*x + c*x"),
        ("x/a", "c/a"),
        ("a/x", "-(c/x*(a/x))"),
        ("x/x", "c/x + (-(c/x*(x/x)))"),
        ("x^0", "0"),
        ("x^1", "c"),
        ("x^2", "c*(2*x)"),
        ("x^3", "c*(3*x^2)"),
        ("x^-1", "c*(-1*x^(-2))"),
        ("x⁻¹", "c*(-1*x^(-2))"),
        ("x^0.5", "c*(0.5*x^(-0.5))"),
        ("x^25%", "c*(25%*x^(-0.75))"),
        ("x^(1/3)", "c*(1/3*x^(1/3 - 1))"),
        ("x^a", "c*(a*x^(a - 1))"),
        ("a^x", "c*(a^x*log(a))"),
        ("x^x", "c*(x*x^(x - 1)) + c*(x^x*log(x))"),
        ("fma(x, a, b)", "c*a"),
        ("fma(a, x, b)", "c*a"),
        ("fma(a, b, x)", "c"),
        ("fma(x, x, x)", "c*x + c*x + c"),
        ("|x|", "if x > 0 then c else if x < 0 then -c else 0"),
        ("min(x, a)", "if x < a then c else 0"),
        ("min(a, x)", "if a < x then 0 else c"),
        ("max(x, a)", "if x >= a then c else 0"),
        ("max(a, x)", "if a >= x then 0 else c"),
        ("max(x, x)", "if x >= x then c else c"),
        ("floor(x)", "if floor(x) == x then 0/0 else 0"),
        ("ceil(x)", "if ceil(x) == x then 0/0 else 0"),
        ("trunc(x)", "if trunc(x) == x and x != 0 then 0/0 else 0"),
        ("round(x)", "if 2*abs(x - round(x)) == 1 then 0/0 else 0"),
        ("sqrt(x)", "c/(2*sqrt(x))"),
        ("cbrt(x)", "c/(3*(cbrt(x)*cbrt(x)))"),
        ("hypot(x, a)", "c*(x/hypot(x, a))"),
        ("hypot(a, x)", "c*(x/hypot(a, x))"),
        ("exp(x)", "c*exp(x)"),
        ("exp2(x)", "c*(exp2(x)*log(2))"),
        ("exp10(x)", "c*(exp10(x)*log(10))"),
        ("expm1(x)", "c*exp(x)"),
        ("log(x)", "c/x"),
        ("log2(x)", "c/(x*log(2))"),
        ("log10(x)", "c/(x*log(10))"),
        ("log1p(x)", "c/(1 + x)"),
        ("sin(x)", "c*cos(x)"),
        ("cos(x)", "-(c*sin(x))"),
        ("tan(x)", "c*(1 + tan(x)*tan(x))"),
        ("asin(x)", "c/sqrt((1 - x)*(1 + x))"),
        ("acos(x)", "-(c/sqrt((1 - x)*(1 + x)))"),
        ("atan(x)", "c/(1 + x*x)"),
        ("atan2(x, a)", "c*(a/(x*x + a*a))"),
        ("atan2(a, x)", "-(c*(a/(a*a + x*x)))"),
        ("sinh(x)", "c*cosh(x)"),
        ("cosh(x)", "c*sinh(x)"),
        ("tanh(x)", "c*(1 - tanh(x)*tanh(x))"),
        ("asinh(x)", "c/sqrt(x*x + 1)"),
        ("acosh(x)", "c/sqrt((x - 1)*(x + 1))"),
        ("atanh(x)", "c/((1 - x)*(1 + x))"),
        ("erf(x)", "c*(2/sqrt(pi)*exp(-(x*x)))"),
        ("erfc(x)", "-(c*(2/sqrt(pi)*exp(-(x*x))))"),
        ("gamma(x)", "c*(gamma(x)*polygamma(0, x))"),
        ("lgamma(x)", "c*polygamma(0, x)"),
        ("polygamma(0, x)", "c*polygamma(1, x)"),
        ("polygamma(2, x)", "c*polygamma(3, x)"),
        ("polygamma(a, x)", "c*polygamma(a + 1, x)"),
        ("if x < a then x else b", "if x < a then c else 0"),
        ("if x < a then b else x", "if x < a then 0 else c"),
        ("if x < a then x else x^2", "if x < a then c else c*(2*x)"),
        ("cast(x, f16)", "c"),
        ("sigmoid(x)", "c*(sigmoid(x)*(1 - sigmoid(x)))"),
        ("softplus(x)", "c/(1 + exp(x))*exp(x)"),
        ("relu(x)", "c*(if x > 0 then 1 else 0)"),
        ("sigmoid(a*x)", "c*(sigmoid(a*x)*(1 - sigmoid(a*x)))*a"),
    ];
    let mut known = Definitions::new();
    for (e, expected) in table {
        assert_eq!(written(&mut known, &format!("d(c*({e}), x)")), expected, "{e}");
    }
    // Contributions are summed as they come, from the last operation on. Only
    // products with the root's 1 fall away, and what is 0 whatever the values are.
    let whole = [
        ("x", "1"),
        ("-x", "-1"),
        ("x*x + x*y", "y + x + x"),
        ("x*y + x*x", "x + x + y"),
        ("x + x + x", "1 + 1 + 1"),
        ("sin(x)*x + x", "1 + sin(x) + x*cos(x)"),
        ("1*x", "1"),
        ("0*x", "0"),
        ("2*(1*x)", "2*1"),
        ("2*(3*x)", "2*3"),
        ("(x + 0)*1*y", "y*1"),
        ("x/1", "1/1"),
        ("2*floor(x)", "if floor(x) == x then 0/0 else 0"),
        ("3*floor(x) + x", "1 + (if floor(x) == x then 0/0 else 0)"),
        ("y*(x - x)", "y + (-y)"),
        ("0*sin(x)", "0*cos(x)"),
        ("-(-x)", "-(-1)"),
        ("exp(x) + exp(x)", "exp(x) + exp(x)"),
        ("x*sin(x*y)", "sin(x*y) + x*cos(x*y)*y"),
        ("|x*y|*x", "abs(x*y) + (if x*y > 0 then x else if x*y < 0 then -x else 0)*y"),
        ("if x < 1 then x*x else 3", "if x < 1 then x + x else 0"),
        ("max(x, y)*x", "max(x, y) + (if x >= y then x else 0)"),
        ("d(x^3, x)", "3*(2*x)"),
        ("d(x*y, y)*x", "x + x"),
        ("sigmoid(x)*sigmoid(x)", "sigmoid(x)*(sigmoid(x)*(1 - sigmoid(x))) + sigmoid(x)*(sigmoid(x)*(1 - sigmoid(x)))"),
        ("(sigmoid(w*x) - y)^2", "2*(sigmoid(w*x) - y)*(sigmoid(w*x)*(1 - sigmoid(w*x)))*w"),
        ("x^0", "0"),
        ("x^0*x", "x^0"),
        ("p*p + p", "-((1 + p + p)/x*p)"),
    ];
    known.add("definitions", "p = 1/x").unwrap();
    for (e, expected) in whole {
        assert_eq!(written(&mut known, &format!("d({e}, x)")), expected, "{e}");
    }
}

#[test]
#[should_panic = "d(p(x)*y, x)"]
fn a_wrong_derivative_is_seen() {
    let mut known = define("p(t) = t^3\np'(t) = 3*t^2 + 1e-18");
    let _ = check(&mut known, "p(x)*y", "x", &point("x=3 y=-2"));
}

#[test]
fn formats() {
    let definitions =
        "s = x*y + 1\nh(t) = fl(t*t, f32) + t\nq(t) = fl(t*t, f32) + fl(exp(t), f16)*t";
    let mut known = define(definitions);
    // The same operations, in the format.
    let expressions = [
        "sin(x*y)*x",
        "sigmoid(2*x)*y",
        "s^2*exp(s)",
        "softplus(x/y)",
        "max(x, y)*x",
        "x^y",
        "if x < y then gelu(x) else x^3",
        "atan2(s, x)",
    ];
    for e in expressions {
        for (name, format) in [
            ("f32", Format::F32),
            ("f16", Format::F16),
            ("mpfr:30", Format::mpfr(30).unwrap()),
        ] {
            let inside = known
                .formula("expression", &format!("fl(d({e}, x), {name})"))
                .unwrap();
            let outside = known.formula("expression", &format!("d({e}, x)")).unwrap();
            let fixed = Context::Fixed(format);
            let [inside, outside] = [inside, outside].map(|formula| formula.inline(fixed).unwrap());
            assert!(inside.is_same(&outside).unwrap(), "{e}");
            // d of what is computed is the derivative in exact numbers of the
            // operations, each of its parts where the operation is.
            let at = "x=0.3 y=0.7";
            let outer = computed(
                &mut known,
                &format!("fl(d({e}, x), {name})"),
                Format::F64,
                at,
            );
            let own = computed(&mut known, &format!("d({e}, x)"), format, at);
            assert_eq!(outer, own, "{e} in {name}");
            let other = computed(&mut known, &format!("d(fl({e}, {name}), x)"), format, at);
            assert_eq!(other, own, "{e} in {name}");
        }
    }
    // Near what they are without rounding.
    let near = [
        ("d(h(3*t), t)", "18*t + 3"),
        ("d(h(y*t), t)", "2*t*y^2 + y"),
        ("d(q(y*t), t)", "2*t*y^2 + y*exp(t*y)*(1 + t*y)"),
        (
            "d(q(q(t)), t)",
            "(2*(t^2 + exp(t)*t) + exp(t^2 + exp(t)*t)*(1 + t^2 + exp(t)*t))*(2*t + exp(t)*(1 + t))",
        ),
        ("d(fl(h(y*t), f16), y)", "2*t^2*y + t"),
        ("fl(d(h(y*t), y), f32)", "2*t^2*y + t"),
        ("fl(d(sigmoid(2*t), t), f32)", "d(sigmoid(2*t), t)"),
        ("fl(d(softplus(2*t*y), t), f16)", "2*y*sigmoid(2*t*y)"),
        ("d(fl(t*y, f32)*t, t)", "2*t*y"),
        ("d(cast(t*y, f16)*t, t)", "2*t*y"),
    ];
    let at = "t=0.3 y=0.7";
    for (text, expected) in near {
        assert!(
            holds(
                &mut known,
                &format!("|({text})/({expected}) - 1| < 0.003"),
                at
            ),
            "{text}"
        );
        for format in [Format::F64, Format::F16] {
            let value = computed(&mut known, text, format, at);
            let ambient = enclosed(&real(&mut known, expected), &point(at), 60).unwrap();
            let ratio = value.to_f64() / ambient.lo().to_f64();
            assert!((ratio - 1.0).abs() < 0.01, "{text}: {ratio}");
        }
    }
    // Nothing of an fl's inside is exact: rounded to f32 it is a number of f32.
    for text in ["fl(d(sigmoid(2*t), t), f32)", "fl(d(h(y*t), y), f32)"] {
        assert!(
            holds(&mut known, &format!("{text} == rn({text}, f32)"), at),
            "{text}"
        );
    }
}

#[test]
fn functions() {
    let mut known = define(
        "slope(x) = d(x^3, x)
        both(x, y) = d(x^2*y, x)
        f(x) = w*x
        own(x) = w*x^2
        own'(x) = 2*w*x
        inner(x) = f(x) + own(x)*v
        part(a, b) = a^2*b^3*w
        d(part(a, b), a) = 2*a*b^3*w
        t = own(w) + 1
        named(x) = t*x
        outer(w) = d(f(w)*w^2, w)
        twice(x) = d(d(x^4, x), x)
        count = 3
        scaled(x) = x*count^2
        hidden(z) = d(sigmoid(z), z)",
    );
    let table = [
        ("slope(2)", "", "12"),
        ("d(slope(x^2), x)", "x=2", "96"),
        ("both(y, x)", "x=3 y=5", "30"),
        ("both(3*p, q)", "p=2 q=5", "60"),
        ("d(both(3*p, q), p)", "p=2 q=5", "30"),
        ("d(both(3*p, q), q)", "p=2 q=5", "12"),
        ("d(f(3), w)", "", "3"),
        ("d(f(w), w)", "w=5", "10"),
        ("d(f(x), x)", "w=5 x=1", "5"),
        ("d(own(3), w)", "", "9"),
        ("d(own(w), w)", "w=2", "12"),
        ("d(own(own(w)), w)", "w=2", "448"),
        ("d(inner(w), w)", "w=2 v=10", "124"),
        ("d(inner(3), v)", "w=2", "18"),
        ("d(part(w, w), w)", "w=2", "192"),
        ("d(part(w, 3), w)", "w=2", "324"),
        ("d(part(3, w), w)", "w=2", "288"),
        ("d(d(part(a, b), a), b)", "a=2 b=3 w=1", "108"),
        ("d(d(part(a, b), b), a)", "a=2 b=3 w=1", "108"),
        ("d(d(part(a, w), a), w)", "a=1 w=2", "64"),
        ("d(named(3)^2, w)", "w=2", "1944"),
        // The other w is the variable, not the parameter.
        ("outer(5)", "w=2", "150"),
        ("d(outer(5), w)", "", "75"),
        ("d(outer(w), w)", "w=2", "36"),
        ("twice(3)", "", "108"),
        ("d(scaled(x), count)", "x=2", "12"),
        ("d(scaled(count), count)", "", "27"),
        ("d(count^2, count)", "", "6"),
        ("hidden(0)", "", "0.25"),
        ("d(hidden(x), x)", "x=0", "0"),
        ("d(x^2, y) + y", "x=1 y=1", "1"),
    ];
    for (text, at, expected) in table {
        let value = exact(&mut known, text, at);
        assert_eq!(value, number(expected), "{text} at {at}");
    }
}

#[test]
fn bad_inputs() {
    let mut known = define("n = 2*k\nf(x) = rn(x, f16)*w\nr(x) = x*y");
    let table = [
        (
            "2*d(x*rn(x^2, f16), x)",
            "rn(x^2, f16)",
            "`rn` rounds a real number: it is constant between its steps, and has no derivative",
        ),
        (
            "d(ulp(x, f16), x)",
            "ulp(x, f16)",
            "`ulp` is made of roundings, and has no derivative",
        ),
        (
            "d(relerr(x, f16), x)",
            "relerr(x, f16)",
            "`relerr` is made of roundings, and has no derivative",
        ),
        (
            "d(polygamma(n, x), k)",
            "2*k",
            "`polygamma` has no derivative by its order",
        ),
        (
            "d(polygamma(x, x), x)",
            "x",
            "`polygamma` has no derivative by its order",
        ),
        (
            "d(polygamma(n, 2), n)",
            "2*k",
            "`polygamma` has no derivative by its order",
        ),
        (
            "d(f(x), x)",
            "rn(x, f16)",
            "`rn` rounds a real number: it is constant between its steps, and has no derivative",
        ),
        (
            "d(r(3), z)",
            "z",
            "`z` does not occur in what is differentiated by it",
        ),
        (
            "d(x < 1, x)",
            "x < 1",
            "`d` needs a number; this is a predicate, true or false",
        ),
    ];
    for (text, place, message) in table {
        let error = known.formula("expression", text).unwrap_err();
        assert_eq!(error.message, message, "{text}");
        let span = error.span.unwrap_or_else(|| panic!("{text}: no place"));
        assert_eq!(known.sources().text(span), place, "{text}");
    }
    // What does not lead to the variable may be a step.
    assert_eq!(exact(&mut known, "d(f(1), w)", ""), 1);
    assert_eq!(
        exact(&mut known, "d(x*rn(1/3, f16), x) == rn(1/3, f16)", ""),
        1
    );
    assert_eq!(
        exact(&mut known, "d(polygamma(n, x)*0 + x, x)", "k=0 x=1"),
        1
    );
}

/// A chain of layers by definitions.
fn layers(n: usize) -> Definitions {
    let mut text = String::from("a0 = x\n");
    for i in 1..=n {
        text += &format!("a{i} = sigmoid(w*a{})\n", i - 1);
    }
    define(&text)
}

fn size(known: &mut Definitions, text: &str) -> usize {
    let formula = known.formula("expression", text).unwrap();
    formula.inline(Context::Ambient).unwrap().nodes().len()
}

#[test]
fn sizes_are_linear() {
    // A layer's value is 5 operations, 1/(1 + exp(−w·a)); going back it takes
    // σ·(1 − σ), a product with it, with w and with a, and a sum.
    const PER_LAYER: usize = 12;
    let nodes = |n: usize| size(&mut layers(n), &format!("d(a{n}, w)"));
    let (few, more, many) = (nodes(10), nodes(100), nodes(1000));
    assert!(
        few <= 10 * PER_LAYER + 10 && more <= 100 * PER_LAYER + 10,
        "{few}, {more}"
    );
    assert!(many <= 1000 * PER_LAYER + 10, "{many}");
    assert!(
        (9.5..10.5).contains(&(many as f64 / more as f64)),
        "{many}, {more}"
    );
    // Nothing recurses: a small stack is enough.
    let n = 80_000;
    let small = std::thread::Builder::new().stack_size(256 << 10);
    let thread = small.spawn(move || nodes(n)).unwrap();
    let nodes = thread.join().unwrap();
    assert!(nodes <= n * PER_LAYER, "{nodes}");

    // Through bodies: a chain of functions, and one of calls of one function.
    let bodies = |n: usize| {
        let mut text = String::from("f0(x) = x*sin(x)\n");
        for i in 1..=n {
            text += &format!("f{i}(x) = f{}(x)*f{}(x) + x\n", i - 1, i - 1);
        }
        size(&mut define(&text), &format!("d(f{n}(x), x)"))
    };
    let (more, many) = (bodies(19), bodies(190));
    assert!(many < 11 * more && many < 190 * 12, "{more}, {many}");

    // Choices in choices, by definitions, with values that all share.
    let choices = |n: usize, shared: bool| {
        let mut text = String::from("s = exp(x)\nc0 = s\n");
        for i in 1..=n {
            let value = if shared { "s" } else { "x" };
            text += &format!("c{i} = if x < {i} then {value}*{i} else c{}\n", i - 1);
        }
        size(&mut define(&text), &format!("d(c{n}, x)"))
    };
    for shared in [false, true] {
        let (more, many) = (choices(200, shared), choices(2000, shared));
        assert!(
            many < 11 * more && many < 2000 * 12,
            "{shared}: {more}, {many}"
        );
    }
}

/// A formula with choices at x = 0 and y = 1, and what of it is taken there. What
/// is not taken may have no value.
struct Choices {
    random: SplitMix,
}

impl Choices {
    fn dead(&mut self, depth: usize) -> String {
        if depth == 0 {
            let leaf = ["u", "v", "s", "x", "log(x - 1)", "2", "u*v", "t"];
            return self.random.pick(&leaf).into();
        }
        let (a, b) = (self.dead(depth - 1), self.dead(depth - 1));
        match self.random.next() % 4 {
            0 => format!("({a} + {b})"),
            1 => format!("({a})*({b})"),
            _ => {
                let condition = [
                    "u > 1",
                    "x < y",
                    "log(x - y) < 0",
                    "v < x",
                    "y > 0",
                    "s > 4",
                ];
                let condition = self.random.pick(&condition);
                format!("(if {condition} then {a} else {b})")
            }
        }
    }

    fn live(&mut self, depth: usize) -> (String, String) {
        if depth == 0 {
            let leaf = self.random.pick(&["x", "y", "s", "2", "x*y", "s*x", "t"]);
            return (leaf.into(), leaf.into());
        }
        let (a, a_taken) = self.live(depth - 1);
        match self.random.next() % 6 {
            0 | 1 => {
                let (b, b_taken) = self.live(depth - 1);
                let op = self.random.pick(&["+", "-", "*"]);
                (
                    format!("({a}) {op} ({b})"),
                    format!("({a_taken}) {op} ({b_taken})"),
                )
            }
            2 | 3 => {
                let condition = self.random.pick(&["x == 0", "x < y", "y >= 1", "s > 4"]);
                let b = self.dead(depth - 1);
                (format!("(if {condition} then {a} else {b})"), a_taken)
            }
            _ => {
                let condition = self
                    .random
                    .pick(&["x > 0", "x >= y", "y < 1", "x != 0", "s < 3"]);
                let b = self.dead(depth - 1);
                (format!("(if {condition} then {b} else {a})"), a_taken)
            }
        }
    }
}

#[test]
fn branches_that_are_not_taken() {
    let definitions = "u = y/x\nv = log(x - y)*u\ns = 5 + 3*x\nt = if x > 0 then u + v else s*x";
    let mut known = define(definitions);
    let at = "x=0 y=1";
    for seed in 0..400 {
        let mut choices = Choices {
            random: SplitMix(seed),
        };
        let (e, taken) = choices.live(4);
        let all = format!("d({e} + 0*x, x)");
        let expected = exact(&mut known, &format!("d({taken} + 0*x, x)"), at);
        assert_eq!(exact(&mut known, &all, at), expected, "seed {seed}: {e}");
        let value = computed(&mut known, &all, Format::F64, at);
        assert_eq!(value, expected, "seed {seed}: {e}");
        let read = known.formula("expression", &all).unwrap().write();
        assert!(read.is_ok());
    }
}
