//! The arguments at which binary64 functions are hardest to round, as far as
//! they are known: CORE-MATH on hardware equals MPFR's emulation, bit for bit.

mod suites;

use rug::{Float, Rational};
use suites::{Tally, same};
use ulpscope::arithmetic::emulated::operate;
use ulpscope::arithmetic::native::{Hardware, Libm};
use ulpscope::format::{Format, Numeral};
use ulpscope::formula::Op;

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

fn run(name: &str) {
    let Some(text) = suites::read(&format!("worst-cases/{name}.txt.xz")) else {
        return;
    };
    let op = &Op::function(name).expect("a function").op;
    let format: Format = "e11m52".parse().expect("a format");
    let mut tally = Tally::default();
    let mut emulated = Float::new(format.working_precision());
    for (number, line) in suites::lines(&text) {
        // The functions without symmetry are as hard at −x as anywhere else.
        for x in [argument(line), -argument(line)] {
            let native = f64::operate(op, Libm::CoreMath, &[&x]);
            operate(op, &format, &[&x.to_float()], &mut emulated).expect("a value");
            tally.check(same(&native.to_float(), &emulated), || {
                format!("{number}: {name}({x:e}): {native:e} on hardware, {emulated} emulated")
            });
        }
    }
    tally.finish(name);
}

macro_rules! functions {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*
    };
}

functions! {
    acos acosh asin asinh atan atanh cbrt cos cosh erf erfc exp exp2 expm1 log log10 log1p log2
    sin sinh tan tanh
}
