//! Certified answers against figures from independent computations, and against
//! each other.

mod random;

use random::SplitMix;
use rug::{Float, Rational};
use std::str::FromStr;
use ulpscope::arithmetic::emulated::Emulated;
use ulpscope::evaluate::Machine;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::Definitions;
use ulpscope::study::{Exact, Point, Status, Subject, eval};
use ulpscope::truth::{DEFAULT_PRECISION_LIMIT, Stop, Truth, Unanswered};

fn real(text: &str) -> Formula {
    let source = Definitions::new().formula("test", text).unwrap();
    source.inline(Context::Real).unwrap()
}

fn certified_at(text: &str, at: &str, digits: usize) -> Exact {
    let mut definitions = Definitions::new();
    let point = Point::parse(&mut definitions, at, DEFAULT_PRECISION_LIMIT).unwrap();
    let subject = Subject::parse_exact(&mut definitions, text, &point).unwrap();
    let result = eval(&subject, digits, DEFAULT_PRECISION_LIMIT);
    result.exact.expect("a number")
}

fn digits(text: &str, count: usize) -> String {
    let formula = real(text);
    let mut truth = Truth::new(&formula, Vec::new(), DEFAULT_PRECISION_LIMIT);
    truth.digits(count).unwrap().to_string()
}

fn holds(text: &str) -> Result<bool, Unanswered> {
    Truth::new(&real(text), Vec::new(), 20_000).holds()
}

/// Values computed with Arb at 4000 bits, independently of this program.
#[test]
fn values_known_from_elsewhere() {
    let table = [
        (
            "exp(pi*sqrt(163))",
            "262537412640768743.9999999999992500725971981856888793538563373369908627075374103",
        ),
        (
            "sin(1e22)",
            "-0.852200849767188801772705893753029368261762150410043656256509",
        ),
        (
            "tan(0x1.921fb54442d18p+0)",
            "16331239353195369.7559677370415289165308640681049103028975845",
        ),
        (
            "sin(0x1.921fb54442d18p+1)",
            "1.22464679914735317722606593227499799708305390129979194948826e-16",
        ),
        (
            "cos(0x1.6ac5b262ca1ffp+849)",
            "-4.68716592425462761112258280196388439877791471897108378325698e-19",
        ),
        (
            "(exp(1e-15)-1)/1e-15",
            "1.00000000000000050000000000000016666666666666670833333333333",
        ),
        (
            "(1-cos(1e-8))/1e-16",
            "0.499999999999999995833333333333333347222222222222222197420635",
        ),
        (
            "exp(pi)-pi",
            "19.9990999791894757672664429846690444960689368432251061724701",
        ),
        (
            "sqrt(1e20+1)-1e10",
            "4.99999999999999999998750000000000000000006250000000000000000e-11",
        ),
        (
            "log(1+1e-30)*1e30",
            "0.999999999999999999999999999999500000000000000000000000000000",
        ),
        (
            "e - 1",
            "1.718281828459045235360287471352662497757247093699959574966967",
        ),
        (
            "erf(1)",
            "0.842700792949714869341220635082609259296066997966302908459937",
        ),
        (
            "atan2(1, -1)",
            "2.356194490192344928846982537459627163147877049531329365731208",
        ),
        (
            "lgamma(-0.5)",
            "1.265512123484645396488945797134705923899147522283",
        ),
    ];
    for (formula, value) in table {
        let count = value.chars().filter(char::is_ascii_digit).count().min(25);
        let ours = digits(formula, count);
        let mantissa = ours.split('…').next().unwrap();
        assert!(
            value.starts_with(mantissa),
            "{formula}: {ours} against {value}"
        );
        let exponent = |text: &str| text.split_once('e').map(|(_, e)| e.to_string());
        assert_eq!(exponent(&ours), exponent(value), "{formula}");
    }
}

/// The figures of the case, from an independent computation.
#[test]
fn the_gradient_of_the_case() {
    let sigmoid = "sigmoid(z)";
    let with = |a: &str| format!("2*({a} - y)*({sigmoid}*(1 - {sigmoid}))*x");
    let at = "z=50, y=0, x=62.5";
    let both = certified_at(&with(sigmoid), at, 29).digits.unwrap();
    assert_eq!(both, "2.4109373099548972287702834921…e-20");
    let by_hand = certified_at(&with("1"), at, 29).digits.unwrap();
    assert_eq!(by_hand, "2.4109373099548972287707485016…e-20");
    assert_eq!(
        certified_at("1 - sigmoid(z)", "z=50", 24).digits.unwrap(),
        "1.92874984796391778301697…e-22"
    );
    let w = "w=0.4, y=0, x=62.5";
    let at_w = with(sigmoid).replace("(z)", "(w*x)");
    assert_eq!(
        certified_at(&at_w, w, 19).digits.unwrap(),
        "1.735992983048174455…e-9"
    );
    assert_eq!(
        certified_at("w*x", "w=0.8, x=62.5", 30).digits.unwrap(),
        "50"
    );
    assert_eq!(
        certified_at("rn(w, f64)*x", "w=0.8, x=62.5", 30)
            .digits
            .unwrap(),
        "50.0000000000000027755575615628…"
    );
    assert_eq!(
        digits("rn(exp(pi*sqrt(163)), f64)", 30),
        "262537412640768736"
    );
}

#[test]
fn exact_arithmetic_decides_what_enclosures_cannot() {
    for claim in [
        "0.1 + 0.2 == 0.3",
        "not (0.1 + 0.2 > 0.3)",
        "1/3 + 1/3 + 1/3 == 1",
        "sqrt(16/9) == 4/3",
        "333.75*33096^6 + 77617^2*(11*77617^2*33096^2 - 33096^6 - 121*33096^4 - 2) \
         + 5.5*33096^8 + 77617/(2*33096) == -54767/66192",
        "exp(0) == 1 and log(1) == 0 and cos(0) == 1",
        "fl(0.1 + 0.2, f64) != rn(0.3, f64)",
        "fl(1/(1 + exp(-50)), f64) == 1",
        "fl(exp(-50), f16) == 0 and fl(exp(-50), f64) > 0",
        "fl(1e300*1e300, f64) == inf and fl(-1e300*1e300, f64) == -inf",
        "fl(inf - inf, f64) != fl(inf - inf, f64)",
        "1e400 < inf",
        "rn(448 + 16, f8e4m3fn) == 448",
        // Whether the left side exists shows only at a higher precision.
        "log(exp(1e-50) - 1) < inf and -inf < log(exp(1e-50) - 1)",
        "rn(1/(exp(1e-60) - 1), f32) == inf",
        // What is decided of an order or a choice keeps exact values exact.
        "min(0.1, exp(1)) == 0.1 and max(0.1, sin(3)/10) == 0.1",
        "(if sin(pi) == 0 then 1/3 else 1/3) > 1/4",
    ] {
        assert_eq!(holds(claim), Ok(true), "{claim}");
    }
    for claim in ["sin(1) == sin(1) + 1e-1000", "pi < 3", "e == 2.718281828"] {
        assert_eq!(holds(claim), Ok(false), "{claim}");
    }
}

#[test]
fn undefined_says_where() {
    let table = [
        ("sqrt(-1)", "sqrt(-1)"),
        ("0/0", "0/0"),
        ("log(0)", "log(0)"),
        ("log(0.1 + 0.2 - 0.3)", "log(0.1 + 0.2 - 0.3)"),
        ("1 + min(log(-1), 1)", "log(-1)"),
        ("1/(1/3 - 1/3)", "1/(1/3 - 1/3)"),
        ("(-8)^(1/3)", "(-8)^(1/3)"),
        ("gamma(-3)", "gamma(-3)"),
        ("acos(2)", "acos(2)"),
        ("atan2(0, 0)", "atan2(0, 0)"),
        ("inf - 1", "inf - 1"),
        ("fl(1/0, f64) + 1", "fl(1/0, f64) + 1"),
        ("0^(-1)", "0^(-1)"),
    ];
    for (text, place) in table {
        let formula = real(text);
        let answer = Truth::new(&formula, Vec::new(), 4096).digits(10);
        match answer {
            Err(Unanswered::Undefined { operation, .. }) => assert_eq!(operation, place),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn the_untaken_branch_leaks_nothing() {
    assert_eq!(digits("if 1 < 2 then 3 else log(-1)", 5), "3");
    assert_eq!(digits("if pi < 3 then log(-1) else sqrt(2)", 5), "1.4142…");
    assert_eq!(holds("1 < 2 or log(-1) > 0"), Ok(true));
    assert_eq!(holds("1 > 2 and log(-1) > 0"), Ok(false));
}

/// What is 0 but for enclosures, what leaves MPFR's exponents, and what would
/// take hours: undecided, with the reason, at once.
#[test]
fn undecided_says_what_stopped_it() {
    let stop = |text: &str| match Truth::new(&real(text), Vec::new(), 20_000).sign() {
        Err(Unanswered::Undecided { stop }) => stop,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(stop("sqrt(2)^2 - 2"), Stop::Precision(20_000));
    assert_eq!(
        stop("4*atan(1/5) - atan(1/239) - pi/4"),
        Stop::Precision(20_000)
    );
    assert_eq!(
        stop("sin(2^1000000000)"),
        Stop::Cost("sin(2^1000000000)".into())
    );
    for text in ["exp(exp(exp(100)))", "10^10^10", "(1e10)^(1e10)"] {
        let formula = real(&format!("{text} - 1e9"));
        // Their sign is known, their digits are not.
        match Truth::new(&formula, Vec::new(), 20_000).digits(10) {
            Err(Unanswered::Undecided {
                stop: Stop::Range(_),
            }) => {}
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(
        digits("sqrt(2)^2", 10).split(" ± ").next(),
        Some("2"),
        "near a short decimal, the distance is told"
    );
}

/// A hull of equal points is a point: exact, without a mark.
#[test]
fn an_undecided_choice_between_equals_is_no_choice() {
    assert_eq!(digits("if sin(pi) == 0 then 1 else 1", 5), "1");
}

#[test]
fn a_value_that_is_no_rational_is_an_input() {
    assert_eq!(
        certified_at("sin(x)", "x=pi/6", 20)
            .digits
            .unwrap()
            .split(' ')
            .next(),
        Some("0.5")
    );
    assert_eq!(
        certified_at("x*2", "x=pi", 20).digits.unwrap(),
        "6.2831853071795864769…"
    );
    // An input of a computation is rounded once, then everything is.
    let f32_pi = Float::with_val(24, rug::float::Constant::Pi)
        .to_rational()
        .unwrap();
    let computed = certified_at("fl(x, f32)", "x=pi", 30);
    let value = Rational::from_str("13176795/4194304").unwrap();
    assert_eq!(f32_pi, value);
    assert_eq!(computed.digits.unwrap(), "3.1415927410125732421875");
    assert_eq!(computed.status, Status::Certified);
}

/// A random expression over x and y.
fn expression(random: &mut SplitMix, depth: u32) -> String {
    if depth == 0 {
        return random
            .pick(&["x", "y", "1", "0.1", "3", "1e-10", "pi", "-2.5"])
            .to_string();
    }
    if random.next().is_multiple_of(2) {
        let op = random.pick(&["+", "-", "*", "/"]);
        let (a, b) = (expression(random, depth - 1), expression(random, depth - 1));
        format!("({a}) {op} ({b})")
    } else {
        let f = random.pick(&[
            "exp", "log", "sqrt", "sin", "cos", "atan", "tanh", "cbrt", "expm1", "log1p", "erf",
            "abs", "floor", "sigmoid", "softplus", "asinh",
        ]);
        format!("{f}({})", expression(random, depth - 1))
    }
}

/// Two precisions, and a third route (rounding to nearest at 400 bits, whose
/// error the enclosure at 300 bits knows nothing of), agree.
#[test]
fn enclosures_at_two_precisions_overlap_and_hold_a_third_value() {
    const SEED: u64 = 1;
    let mut random = SplitMix(SEED);
    let mut compared = 0;
    for case in 0..400 {
        let depth = 1 + case % 4;
        let text = expression(&mut random, depth);
        let mut definitions = Definitions::new();
        let source = definitions.formula("test", &text).unwrap();
        let formula = source.inline(Context::Real).unwrap();
        let ambient = source.inline(Context::Ambient).unwrap();
        let inputs: Vec<Rational> = formula
            .inputs()
            .iter()
            .map(|_| Rational::from((random.next() as i32, 1_000_000)))
            .collect();
        let mut coarse = Truth::new(&formula, inputs.clone(), 128);
        let mut fine = Truth::new(&formula, inputs.clone(), 2000);
        let (Ok(_), Ok(sharp)) = (coarse.enclosure(1), fine.enclosure(300)) else {
            continue;
        };
        let loose = coarse.value().enclosure();
        let context = format!("seed {SEED}, case {case}: {text} at {inputs:?}");
        assert!(
            loose.lo() <= sharp.hi() && sharp.lo() <= loose.hi(),
            "{context}"
        );
        let format = Format::mpfr(400).unwrap();
        let mut machine = Machine::new(&ambient, Emulated::new(format, inputs));
        let near = machine.run().clone();
        if machine.arithmetic_mut().take_failure().is_some() {
            continue; // beyond MPFR's exponents: no value to compare with
        }
        // Inside the coarse enclosure, unless cancellation beyond 200 bits hit it.
        assert!(
            *loose.lo() <= near && near <= *loose.hi(),
            "{context}: {near}"
        );
        compared += 1;
    }
    assert!(compared > 150, "only {compared} of 400 cases were defined");
}

/// The well-conditioned variants of the prelude are the same functions: their
/// enclosures at 300 bits overlap, and are narrow.
#[test]
fn stable_variants_are_the_same_functions() {
    let pairs = [
        ("sigmoid(x)", "sigmoid_stable(x)"),
        ("softplus(x)", "softplus_stable(x)"),
        ("logsigmoid(x)", "logsigmoid_stable(x)"),
        ("silu(x)", "silu_stable(x)"),
        ("gelu(x)", "gelu_stable(x)"),
        ("logaddexp(x, 1)", "logaddexp_stable(x, 1)"),
        ("elu(x)", "elu_stable(x)"),
        ("logit(sigmoid(x))", "logit_stable(sigmoid(x))"),
        ("logit(1/2 + x/1000)", "logit_stable(1/2 + x/1000)"),
        ("log1mexp(-|x| - 1e-9)", "log1mexp_stable(-|x| - 1e-9)"),
    ];
    for (textbook, stable) in pairs {
        for x in [
            "0.1", "-0.1", "1", "-2.5", "1e-9", "-1e-9", "30", "-30", "0.7", "-0.7", "3",
        ] {
            let enclose = |text: &str| {
                let source = Definitions::new().formula("test", text).unwrap();
                let formula = source.inline(Context::Real).unwrap();
                let at = Rational::from(
                    ulpscope::formula::Literal::parse(x.trim_start_matches('-'))
                        .unwrap()
                        .value(),
                );
                let at = if x.starts_with('-') { -at } else { at };
                let mut truth = Truth::new(&formula, vec![at], DEFAULT_PRECISION_LIMIT);
                truth.enclosure(300).unwrap()
            };
            let (a, b) = (enclose(textbook), enclose(stable));
            assert!(
                a.lo() <= b.hi() && b.lo() <= a.hi(),
                "{textbook}, {stable} at {x}: {a} {b}"
            );
        }
    }
}
