//! The arguments at which binary64 functions are hardest to round, as far as
//! they are known. Three ways to the same number: CORE-MATH on hardware, MPFR's
//! emulation of binary64, and the certified exact value rounded once.

use super::faults::{Fault, caught, operate_with};
use super::page;
use super::suites::{self, Tally, same, thousands};
use rayon::prelude::*;
use rug::{Float, Rational};
use ulpscope::arithmetic::native::{Hardware, Libm};
use ulpscope::format::{Format, Numeral};
use ulpscope::formula::{Context, Formula, Op};
use ulpscope::language::Definitions;
use ulpscope::truth::{DEFAULT_PRECISION_LIMIT, Truth, Unanswered};

const FUNCTIONS: [&str; 22] = [
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp",
    "exp2", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "tan", "tanh",
];

/// In a sample, a file is read every so many lines.
const SAMPLE: usize = 17;

/// One way to a function's value in binary64.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    Hardware,
    Emulated,
    Truth,
    /// Emulated, but rounded toward zero.
    Truncates,
    /// The lower bound of 64 bits, rounded: right but for hard cases.
    LowerBound,
    /// Extended precision's result, rounded: right but for hard cases.
    ByF80,
}

/// An argument: a numeral, or one of C's spellings of NaN.
fn argument(line: &str) -> f64 {
    if line.ends_with("nan") {
        return f64::NAN;
    }
    let numeral = Numeral::parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let value = Format::F64.round_numeral(&numeral);
    let exact: Rational = numeral.to_rational(2000).expect("a small exponent");
    assert_eq!(value, exact, "{line} is no binary64 number");
    value.to_f64()
}

/// A function and its formula over the reals.
struct Function {
    op: &'static Op,
    formula: Formula,
}

impl Function {
    fn new(name: &str) -> Function {
        let source = Definitions::new().formula("function", &format!("{name}(x)"));
        Function {
            op: &Op::function(name).expect("a function").op,
            formula: source
                .expect("a formula")
                .inline(Context::Real)
                .expect("a formula"),
        }
    }

    /// The value by one way; none where the exact value does not exist.
    fn value(&self, way: Way, x: f64, truth: &mut Truth) -> Option<Float> {
        let operand = x.to_float();
        Some(match way {
            Way::Hardware => f64::operate(self.op, Libm::CoreMath, &[&x]).to_float(),
            Way::Emulated => operate_with(None, self.op, &Format::F64, &[&operand]),
            Way::Truncates => {
                operate_with(Some(Fault::Truncates), self.op, &Format::F64, &[&operand])
            }
            Way::ByF80 => {
                let f80: Format = "f80".parse().expect("a format");
                Format::F64.round(&operate_with(None, self.op, &f80, &[&operand]))
            }
            Way::LowerBound => {
                truth.set_inputs([operand.to_rational()?]);
                let enclosure = truth.enclosure(64).ok()?;
                let down = rug::float::Round::Down;
                let (lower, _) = Float::with_val_round(64, enclosure.lo(), down);
                Format::F64.round(&lower)
            }
            Way::Truth => {
                truth.set_inputs([operand.to_rational()?]);
                match truth.rounded(&Format::F64) {
                    Ok(rounded) => rounded,
                    Err(Unanswered::Undefined { .. }) => return None,
                    Err(undecided) => panic!("{x:e}: {undecided}"),
                }
            }
        })
    }
}

/// How emulation and another way differ at the arguments of a file.
fn check(name: &str, every: usize, way: Way) -> Option<Tally> {
    let text = suites::read(&format!("worst-cases/{name}.txt.xz"))?;
    let function = Function::new(name);
    let mut truth = Truth::new(&function.formula, vec![0.into()], DEFAULT_PRECISION_LIMIT);
    let mut tally = Tally::default();
    for (number, line) in suites::lines(&text).step_by(every) {
        // The functions without symmetry are as hard at −x as anywhere else.
        for x in [argument(line), -argument(line)] {
            let right = Way::Emulated;
            let emulated = function.value(right, x, &mut truth).expect("a value");
            let holds = match function.value(way, x, &mut truth) {
                // The exact value 0 has no sign.
                Some(value) if way == Way::Truth => value == emulated,
                Some(value) => same(&value, &emulated),
                // Undefined: NaN, or an infinity at a pole; or x is no number.
                None => !emulated.is_finite() || !x.is_finite(),
            };
            tally.check(holds, || {
                format!("{name}:{number}: {name}({x:e}) is {emulated}, otherwise by {way:?}")
            });
        }
    }
    assert!(tally.cases() > 0, "{name} is empty");
    Some(tally)
}

fn check_all(every: usize, way: Way) -> Option<Tally> {
    let each = FUNCTIONS.par_iter().map(|name| check(name, every, way));
    each.try_reduce(Tally::default, |a, b| Some(a.add(b)))
}

fn run(region: &str, every: usize) {
    let (Some(hardware), Some(truth)) = (
        check_all(every, Way::Hardware),
        check_all(every, Way::Truth),
    ) else {
        return;
    };
    let figures = format!(
        "{} values of {} functions: {} mismatches of hardware with emulation, {} of the exact \
         value with emulation.",
        thousands(hardware.cases()),
        FUNCTIONS.len(),
        thousands(hardware.mismatches()),
        thousands(truth.mismatches())
    );
    hardware.finish(&format!("{region}, hardware"));
    truth.finish(&format!("{region}, exact"));
    page::holds(region, &figures);
}

#[test]
fn every_function_in_part() {
    run("worst-cases", SAMPLE);
}

#[test]
#[ignore = "takes half a minute"]
fn every_function() {
    run("worst-cases-all", 1);
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    let faults = [Way::ByF80, Way::LowerBound, Way::Truncates];
    let figures = caught(&faults, |way| check_all(SAMPLE, way).expect("the suites"));
    page::holds("worst-cases-faults", &format!("Faults: {figures}."));
}
