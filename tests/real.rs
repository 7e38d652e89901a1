//! The real arithmetic: ranges without 0, and values that are exact.

mod random;

use random::SplitMix;
use rug::{Float, Rational};
use ulpscope::arithmetic::real::{Real, RealInput, RealValue};
use ulpscope::evaluate::Machine;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::{Definitions, Rows};

fn formula(text: &str) -> Formula {
    let known = &mut Definitions::new();
    let expression = known.expression("expression", text).unwrap();
    let source = known.resolve(&expression, Context::Real, Rows::None);
    source.unwrap().inline(Context::Real).unwrap()
}

fn value(formula: &Formula, inputs: impl IntoIterator<Item = RealInput>) -> RealValue {
    Machine::new(formula, Real::new(85, inputs)).run().clone()
}

fn range(from: f64, to: f64) -> (Float, Float) {
    (Float::with_val(53, from), Float::with_val(53, to))
}

/// A predicate for all x from 0 to 1, and −1 to 0, without 0.
fn holds(text: &str) -> [Option<bool>; 2] {
    let formula = formula(text);
    [(0.0, 1.0), (-1.0, 0.0)].map(|(from, to)| {
        let (from, to) = range(from, to);
        let all = formula.inputs().iter();
        let inputs = all.map(|_| RealInput::Nonzero(from.clone(), to.clone()));
        value(&formula, inputs).truth()
    })
}

#[test]
fn without_zero() {
    let (yes, no) = (Some(true), Some(false));
    for (text, expected) in [
        ("x > 0", [yes, no]),
        ("x >= 0", [yes, no]),
        ("x < 0", [no, yes]),
        ("x <= 0", [no, yes]),
        ("0 < x", [yes, no]),
        ("x == 0", [no, no]),
        ("x != 0", [yes, yes]),
        ("-x < 0", [yes, no]),
        ("x > -x", [yes, no]),
        ("x != -x", [yes, yes]),
        ("x > -x^2", [yes, None]),
        ("1/x > 0", [yes, no]),
        ("1/x >= 1", [yes, no]),
        ("x^-1 < 0", [no, yes]),
        ("x^-2 > 0", [yes, yes]),
        ("x^-3 != 0", [yes, yes]),
        ("x^(-y) > 0", [yes, None]),
        ("x*y != 0", [yes, yes]),
        ("x*y > 0", [yes, yes]),
        ("x*y/x^3 != 0", [yes, yes]),
        ("x + y != 0", [yes, yes]),
        ("x - y != 0", [None, None]),
        ("x + x^2 > 0", [yes, None]),
        ("1/(x + y^2) > 0", [yes, None]),
        ("|x| > 0", [yes, yes]),
        ("sqrt(x) > 0", [yes, None]),
        ("cbrt(x) != 0", [yes, yes]),
        ("hypot(x, y) > 0", [yes, yes]),
        ("min(x, y) != 0", [yes, yes]),
        ("(if x > y then x else y) != 0", [yes, yes]),
        ("log(x) < 1", [yes, None]),
        ("log(-x) < 1", [None, yes]),
        ("log2(x^2) <= 0", [yes, yes]),
        ("log10(1/x) >= 0", [yes, None]),
        ("log(x) <= x", [yes, None]),
        ("gamma(x) == gamma(x)", [yes, None]),
        ("tanh(x) != 0", [yes, yes]),
        ("expm1(x) > 0", [yes, no]),
        ("x/x == 1", [yes, yes]),
        ("x/|x| == x/|x|", [yes, yes]),
        ("0/x == 0", [yes, yes]),
        ("atan2(x, y) == atan2(x, y)", [yes, yes]),
        // What may be 0 all the same.
        ("floor(x) == 0", [None, None]),
        ("rn(x, f16) != 0", [None, None]),
        ("fl(x, f16) != 0", [None, None]),
        ("sin(x) != 0", [None, None]),
        ("x*(y - 1) != 0", [None, yes]),
    ] {
        assert_eq!(holds(text), expected, "{text}");
    }
    for text in [
        "sin(x)/x",
        "x/x",
        "1/x",
        "log(|x|)",
        "x^-3",
        "y*log(|x|)",
        "1/(x*y)",
    ] {
        let formula = formula(text);
        for (from, to) in [(0.0, 2.0), (-2.0, 0.0), (-1.0, 1.0)] {
            let (from, to) = range(from, to);
            let all = formula.inputs().iter();
            let inputs = all.map(|_| RealInput::Nonzero(from.clone(), to.clone()));
            let value = value(&formula, inputs);
            // From −1 to 1, both sides of the pole are there.
            assert!(value.enclosure().is_surely(), "{text} from {from} to {to}");
        }
    }
    // With 0 there is nothing of that.
    let (from, to) = range(0.0, 1.0);
    for text in ["x > 0", "x != 0", "1/x > 0", "log(x) < 1", "x/x == 1"] {
        let inputs = [RealInput::Between(from.clone(), to.clone())];
        assert_eq!(value(&formula(text), inputs).truth(), None, "{text}");
    }
}

#[test]
fn exponentials_are_not_zero() {
    let (from, to) = (f64::NEG_INFINITY, f64::INFINITY);
    let (from, to) = range(from, to);
    for text in [
        "exp(x) > 0",
        "1/exp(x) > 0",
        "log(exp(-x)) == log(exp(-x))",
        "exp2(x)*exp10(x) > 0",
    ] {
        let inputs = [RealInput::Between(from.clone(), to.clone())];
        assert_eq!(value(&formula(text), inputs).truth(), Some(true), "{text}");
    }
}

/// Registers are used again: what is known at one point is not at the next.
#[test]
fn nothing_is_left_over() {
    let formula = formula("1/(-x) < 0");
    let mut machine = Machine::new(&formula, Real::new(64, [RealInput::Exact(3.into())]));
    let (zero, one) = range(0.0, 1.0);
    for _ in 0..2 {
        let nonzero = RealInput::Nonzero(zero.clone(), one.clone());
        machine.arithmetic_mut().inputs_mut()[0] = nonzero;
        assert_eq!(machine.run().truth(), Some(true));
        let closed = RealInput::Between(zero.clone(), one.clone());
        machine.arithmetic_mut().inputs_mut()[0] = closed;
        assert_eq!(machine.run().truth(), None);
        machine.arithmetic_mut().inputs_mut()[0] = RealInput::Exact(0.into());
        assert!(machine.run().enclosure().is_never());
    }
}

#[test]
fn ranges_contain_their_points() {
    const VALUES: &[&str] = &[
        "1/x",
        "x*y",
        "x/y",
        "log(x)",
        "log(x)*y",
        "x^-2",
        "x^y",
        "x^(-y)",
        "sqrt(x)/x",
        "cbrt(x)^-1",
        "sin(x)/x",
        "1/(x + y)",
        "x*log(x)",
        "log(|x|)/y",
        "-1/x",
        "x/x - y/x",
        "hypot(x, y)^-1",
        "min(x, y)^-1",
        "expm1(x)/x",
        "gamma(x)",
        "lgamma(x)",
        "atan2(x, y)",
        "1/(x*x*y)",
        "(if x > y then x else y)^-1",
        "log2(x*y)",
        "log10(x) - 1/y",
        "0/x",
    ];
    let mut random = SplitMix(7);
    for text in VALUES {
        let (number, nonzero) = (formula(text), formula(&format!("{text} != 0")));
        let positive = formula(&format!("{text} > 0"));
        for _ in 0..200 {
            let mut points = Vec::new();
            let mut ranges = Vec::new();
            for _ in number.inputs() {
                let exponent = (random.next() % 60) as i32 - 40;
                let size = Rational::from(2).pow_signed(exponent) * (random.next() % 15 + 1);
                let negative = random.next().is_multiple_of(3);
                // Often next to 0.
                let part = Rational::from((random.next() % 64 + 1, 64u32));
                let part = if random.next().is_multiple_of(2) {
                    part >> (random.next() % 90) as u32
                } else {
                    part
                };
                let (mut end, mut point) = (size.clone(), size * part);
                if negative {
                    end = -end;
                    point = -point;
                }
                let end = Float::with_val(64, &end);
                let zero = Float::new(64);
                ranges.push(if negative {
                    RealInput::Nonzero(end, zero)
                } else {
                    RealInput::Nonzero(zero, end)
                });
                points.push(RealInput::Exact(point));
            }
            let whole = value(&number, ranges.clone());
            let at = value(&number, points.clone());
            let (outer, inner) = (whole.enclosure(), at.enclosure());
            let place = format!("{text} at {points:?} of {ranges:?}");
            if outer.is_surely() {
                assert!(inner.is_surely(), "{place}");
            }
            if !inner.is_never() {
                assert!(!outer.is_never(), "{place}");
                assert!(
                    outer.lo() <= inner.hi() && inner.lo() <= outer.hi(),
                    "{place}"
                );
            }
            for predicate in [&nonzero, &positive] {
                let whole = value(predicate, ranges.clone()).truth();
                if let Some(holds) = whole {
                    let at = value(predicate, points.clone()).truth();
                    assert!(at.is_none_or(|at| at == holds), "{place}");
                }
            }
        }
    }
}

trait Power {
    fn pow_signed(self, exponent: i32) -> Rational;
}

impl Power for Rational {
    fn pow_signed(self, exponent: i32) -> Rational {
        use rug::ops::Pow;
        self.pow(exponent)
    }
}

/// What has a rational value at a rational point is that number.
#[test]
fn exact_points() {
    let mut missing = Vec::new();
    for (text, expected) in [
        ("exp(x - x)", "1"),
        ("exp(0)", "1"),
        ("exp2(3)", "8"),
        ("exp2(-3)", "1/8"),
        ("exp10(3)", "1000"),
        ("exp10(-1)", "1/10"),
        ("expm1(0)", "0"),
        ("log(1)", "0"),
        ("log(0.5 + 0.5)", "0"),
        ("log2(8)", "3"),
        ("log2(1/8)", "-3"),
        ("log10(1000)", "3"),
        ("log1p(0)", "0"),
        ("x^0", "1"),
        ("pi^0", "1"),
        ("0^0", "1"),
        ("4^0.5", "2"),
        ("0^0.5", "0"),
        ("(4/9)^-1.5", "27/8"),
        ("(4/9)^0.5", "2/3"),
        ("sqrt(4)", "2"),
        ("sqrt(4/9)", "2/3"),
        ("sqrt(0)", "0"),
        ("cbrt(-8)", "-2"),
        ("cbrt(8/27)", "2/3"),
        ("hypot(3, 4)", "5"),
        ("hypot(0.3, 0.4)", "1/2"),
        ("sin(0)", "0"),
        ("cos(0)", "1"),
        ("tan(0)", "0"),
        ("asin(0)", "0"),
        ("acos(1)", "0"),
        ("atan(0)", "0"),
        ("atan2(0, 1)", "0"),
        ("sinh(0)", "0"),
        ("cosh(0)", "1"),
        ("tanh(0)", "0"),
        ("asinh(0)", "0"),
        ("acosh(1)", "0"),
        ("atanh(0)", "0"),
        ("erf(0)", "0"),
        ("erfc(0)", "1"),
        ("gamma(5)", "24"),
        ("lgamma(1)", "0"),
        ("lgamma(2)", "0"),
        ("0*pi", "0"),
        ("pi - pi", "0"),
        ("pi/pi", "1"),
        ("fma(1/3, 3, 1)", "2"),
        ("cos(0.1 + 0.2 - 0.3)", "1"),
        ("sigmoid(0)", "1/2"),
    ] {
        let formula = formula(text);
        let inputs = vec![RealInput::Exact(Rational::from((1, 3))); formula.inputs().len()];
        let expected: Rational = expected.parse().unwrap();
        if value(&formula, inputs).exact() != Some(&expected) {
            missing.push(text);
        }
    }
    assert_eq!(missing, Vec::<&str>::new());
}
