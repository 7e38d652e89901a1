//! Formulas of one variable, each in the language and, by hand, in MPFR.

use rug::Float;

/// The bits with which exact values are calculated. Some 300 are left where
/// the formulas below cancel.
pub const BITS: u32 = 700;

/// A formula of x.
pub struct Example {
    /// In the language.
    pub text: &'static str,
    /// Its exact value for an exact x; not finite where there is none.
    pub exact: fn(&Float) -> Float,
    /// Where it is studied.
    pub from: f64,
    /// The other end.
    pub to: f64,
}

fn number(value: impl Into<f64>) -> Float {
    Float::with_val(BITS, value.into())
}

fn decimal(text: &str) -> Float {
    Float::with_val(BITS, Float::parse(text).unwrap())
}

fn sigmoid(x: Float) -> Float {
    1 / (1 + (-x).exp())
}

const fn example(text: &'static str, exact: fn(&Float) -> Float, ends: (f64, f64)) -> Example {
    let (from, to) = ends;
    Example {
        text,
        exact,
        from,
        to,
    }
}

pub const EXAMPLES: &[Example] = &[
    example("sigmoid(x)", |x| sigmoid(x.clone()), (-40.0, 40.0)),
    example("1 - sigmoid(x)", |x| 1 - sigmoid(x.clone()), (-20.0, 40.0)),
    example("exp(x)", |x| x.clone().exp(), (-120.0, 120.0)),
    example("exp(x) - 1", |x| x.clone().exp() - 1, (-10.0, 12.0)),
    example("expm1(x)", |x| x.clone().exp_m1(), (-10.0, 12.0)),
    example(
        "(exp(x) - 1)/x",
        |x| (x.clone().exp() - 1) / x,
        (-1.0, 12.0),
    ),
    example("log(x)", |x| x.clone().ln(), (0.0, 60000.0)),
    example("log(1 + x)", |x| (x.clone() + 1_u32).ln(), (-2.0, 100.0)),
    example(
        "log(1 + exp(x))",
        |x| (x.clone().exp() + 1_u32).ln(),
        (-30.0, 90.0),
    ),
    example(
        "log(1 - sigmoid(x))",
        |x| (-sigmoid(x.clone()) + 1_u32).ln(),
        (-10.0, 30.0),
    ),
    example("x*x", |x| x.clone() * x, (-60000.0, 60000.0)),
    example(
        "x*x - 2*x + 1",
        |x| x.clone() * x - 2 * x.clone() + 1,
        (-3.0, 5.0),
    ),
    example("x^3 - x", |x| x.clone() * x * x - x, (-2.0, 2.0)),
    example("1/x", |x| 1 / x.clone(), (-4.0, 4.0)),
    example(
        "x/(1 + x)",
        |x| x.clone() / (x.clone() + 1_u32),
        (-3.0, 60000.0),
    ),
    example("1000 + x", |x| 1000 + x.clone(), (-2000.0, 2000.0)),
    example("(1000 + x) - 1000", |x| x.clone(), (-10.0, 10.0)),
    example(
        "0.1*x + 0.2",
        |x| decimal("0.1") * x + decimal("0.2"),
        (-30.0, 30.0),
    ),
    example("x - 0.3", |x| x.clone() - decimal("0.3"), (-1.0, 1.0)),
    example("sqrt(x)", |x| x.clone().sqrt(), (-1.0, 60000.0)),
    example(
        "sqrt(x + 1) - sqrt(x)",
        |x| (x.clone() + 1_u32).sqrt() - x.clone().sqrt(),
        (0.0, 60000.0),
    ),
    example(
        "sqrt(x*x + 1)",
        |x| (x.clone() * x + 1_u32).sqrt(),
        (-1000.0, 1000.0),
    ),
    example("sin(x)", |x| x.clone().sin(), (-20.0, 20.0)),
    example("1 - cos(x)", |x| 1 - x.clone().cos(), (-2.0, 2.0)),
    example("tanh(x)", |x| x.clone().tanh(), (-20.0, 20.0)),
    example(
        "(exp(2*x) - 1)/(exp(2*x) + 1)",
        |x| x.clone().tanh(),
        (-60.0, 60.0),
    ),
    example("atan(x)", |x| x.clone().atan(), (-1000.0, 1000.0)),
    example("erf(x)", |x| x.clone().erf(), (-5.0, 5.0)),
    example("2^x", |x| x.clone().exp2(), (-160.0, 160.0)),
    example(
        "if x > 1 then log(x) else x - 1",
        |x| {
            if *x > 1 {
                x.clone().ln()
            } else {
                x.clone() - 1_u32
            }
        },
        (-2.0, 8.0),
    ),
    example(
        "max(x, 0.3) - min(x, 0.3)",
        |x| (x.clone() - decimal("0.3")).abs(),
        (-1.0, 1.0),
    ),
    example(
        "floor(3*x)/3",
        |x| (x.clone() * 3_u32).floor() / 3_u32,
        (-4.0, 4.0),
    ),
    example(
        "x*exp(-x*x)",
        |x| x.clone() * (-(x.clone() * x)).exp(),
        (-6.0, 6.0),
    ),
    example(
        "hypot(x, 3)",
        |x| x.clone().hypot(&number(3)),
        (-500.0, 500.0),
    ),
];
