//! What happened at the root of a computation: every number of small formats,
//! and ranges of pairs, against the words' definitions.

mod random;

use random::SplitMix;
use rug::float::{Round, Special};
use rug::ops::{AssignRound, Pow};
use rug::{Float, Integer};
use std::cmp::Ordering;
use std::sync::LazyLock;
use ulpscope::arithmetic::emulated::Input;
use ulpscope::arithmetic::native::Libm;
use ulpscope::arithmetic::real::RealInput;
use ulpscope::claim::{Bound, Budget, Floats, Predicate, Slot, floats};
use ulpscope::enclosure::Enclosure;
use ulpscope::evaluate::trace;
use ulpscope::format::{Format, Rounding, exponent};
use ulpscope::formula::{Cause, Constant, Context, Formula, Op};
use ulpscope::language::{Definitions, Rows};
use ulpscope::measure::happened;
use ulpscope::truth::{Answer, Truth};

/// More bits than any exact result of the small formats has.
const EXACT: u32 = 400;

const LIMIT: u32 = 1 << 12;

fn format(name: &str) -> Format {
    name.parse().unwrap()
}

/// Reads the prelude but once.
fn prelude() -> &'static Definitions {
    static PRELUDE: LazyLock<Definitions> = LazyLock::new(Definitions::new);
    &PRELUDE
}

/// `cause(e, F) == word`, to be evaluated.
fn question(expression: &str, format: Format, cause: Cause) -> Formula {
    let known = &mut prelude().clone();
    let text = format!("cause({expression}, F) == {}", cause.name());
    let claim = known.expression("claim", &text).unwrap();
    let row = Rows::Format(format);
    let source = known.resolve(&claim, Context::Real, row).unwrap();
    source.inline(Context::Real).unwrap()
}

fn computation(expression: &str, format: Format) -> Formula {
    let source = prelude().clone().formula("expression", expression);
    source.unwrap().inline(Context::Fixed(format)).unwrap()
}

/// What the operation makes of these operands, and whether that is all of it.
fn exact(op: &Op, x: &[Float], input: &Float) -> (Float, bool) {
    let mut v = Float::new(EXACT);
    let round = Round::Nearest;
    let ternary = match op {
        Op::Input(_) => v.assign_round(input, round),
        Op::Literal(literal) => v.assign_round(literal.value(), round),
        Op::Constant(Constant::Pi) => v.assign_round(rug::float::Constant::Pi, round),
        Op::Constant(Constant::Inf) => v.assign_round(Special::Infinity, round),
        Op::Constant(_) => v.assign_round(Special::Nan, round),
        Op::Convert | Op::Cast(_) => v.assign_round(&x[0], round),
        Op::Neg => v.assign_round(-&x[0], round),
        Op::Abs => v.assign_round(x[0].abs_ref(), round),
        Op::Add => v.assign_round(&x[0] + &x[1], round),
        Op::Sub => v.assign_round(&x[0] - &x[1], round),
        Op::Mul => v.assign_round(&x[0] * &x[1], round),
        Op::Div => v.assign_round(&x[0] / &x[1], round),
        Op::Fma => v.assign_round(x[0].mul_add_ref(&x[1], &x[2]), round),
        Op::Pow => v.assign_round((&x[0]).pow(&x[1]), round),
        Op::Hypot => v.assign_round(x[0].hypot_ref(&x[1]), round),
        Op::Max => v.assign_round(x[0].max_ref(&x[1]), round),
        Op::Floor => v.assign_round(x[0].floor_ref(), round),
        Op::Sqrt => v.assign_round(x[0].sqrt_ref(), round),
        Op::Exp => v.assign_round(x[0].exp_ref(), round),
        Op::Expm1 => v.assign_round(x[0].exp_m1_ref(), round),
        Op::Log => v.assign_round(x[0].ln_ref(), round),
        Op::Log1p => v.assign_round(x[0].ln_1p_ref(), round),
        Op::Sin => v.assign_round(x[0].sin_ref(), round),
        Op::Tanh => v.assign_round(x[0].tanh_ref(), round),
        Op::Atanh => v.assign_round(x[0].atanh_ref(), round),
        Op::Gamma => v.assign_round(x[0].gamma_ref(), round),
        Op::Lgamma => {
            let mut sign = Ordering::Equal;
            (&mut v, &mut sign).assign_round(x[0].ln_abs_gamma_ref(), round)
        }
        Op::Select => v.assign_round(&x[if x[0].is_zero() { 2 } else { 1 }], round),
        other => panic!("{} is not among the tests", other.name()),
    };
    (v, ternary == Ordering::Equal)
}

/// The words' meanings, one by one.
fn by_definition(op: &Op, format: &Format, x: &[Float], result: &Float, input: &Float) -> Cause {
    let (value, whole) = exact(op, x, input);
    let finite = x.iter().all(Float::is_finite);
    if matches!(op, Op::Constant(_)) && !result.is_finite() {
        return Cause::Exact;
    }
    if finite
        && !x.is_empty()
        && value.is_infinite()
        && (result.is_infinite() || !format.has_infinity())
    {
        return Cause::DivisionByZero;
    }
    let exists = finite && value.is_finite();
    let mode = match format.rounding() {
        Rounding::NearestEven => Round::Nearest,
        _ => Round::Zero,
    };
    let unbounded = Float::with_val_round(format.precision(), value.abs_ref(), mode).0;
    let beyond = exists && unbounded > format.largest();
    if beyond || (result.is_infinite() && finite) {
        return Cause::Overflow;
    }
    if result.is_nan() && !x.iter().any(Float::is_nan) {
        return Cause::Invalid;
    }
    if !result.is_finite() {
        return Cause::Exact;
    }
    let inexact = exists && !(whole && value == *result);
    let e = |x: &Float| exponent(x).unwrap_or(i32::MIN);
    if result.is_zero() && inexact {
        return Cause::Underflow;
    }
    if !result.is_zero() && e(result) < format.emin() {
        return Cause::Subnormal;
    }
    let terms = match op {
        Op::Add | Op::Sub => Some((x[0].clone(), x[1].clone())),
        Op::Fma => Some((Float::with_val(EXACT, &x[0] * &x[1]), x[2].clone())),
        _ => None,
    };
    if let Some((a, b)) = terms.filter(|_| finite) {
        let is = |x: &Float| result.cmp_abs(x) == Some(Ordering::Equal);
        let first = is(&a) && !b.is_zero();
        let second = is(&b) && !a.is_zero() && !matches!(op, Op::Fma);
        if inexact && (first || second) {
            return Cause::Absorbed;
        }
        let lost = e(result) < e(&a).max(e(&b));
        if lost && (!result.is_zero() || !inexact) {
            return Cause::Cancelled;
        }
    }
    if inexact {
        Cause::Rounded
    } else {
        Cause::Exact
    }
}

/// What happened at the root at a point.
fn at_point(computation: &Formula, format: Format, inputs: &[&Float]) -> Cause {
    let rounded: Vec<Input> = inputs.iter().map(|&x| Input::Rounded(x.clone())).collect();
    let values = trace(computation, format, Libm::CoreMath, &rounded).unwrap();
    let root = computation.root();
    let operands: Vec<Float> = computation
        .operands(root)
        .iter()
        .map(|o| values[o.index()].clone())
        .collect();
    let op = &computation.node(root).op;
    let result = &values[root.index()];
    let zero = Float::new(2);
    let input = inputs.first().map_or(&zero, |&x| x);
    let cause = by_definition(op, &format, &operands, result, input);
    let (value, whole) = exact(op, &operands, input);
    let (mut below, mut above) = (value.clone(), value);
    if !whole {
        below.next_down();
        above.next_up();
    }
    let mut exact = Enclosure::new(EXACT);
    exact.assign_bounds(&below, &above);
    let operands: Vec<&Float> = operands.iter().collect();
    let exact = Some(&exact).filter(|_| operands.iter().all(|x| x.is_finite()));
    let told = happened(op, &format, &operands, result, exact).cause;
    assert_eq!(told, cause, "{}, {format}, {operands:?}", op.name());
    cause
}

const EXPRESSIONS: &[&str] = &[
    "x",
    "-x",
    "|x|",
    "x + 1",
    "1 - x",
    "x - 3",
    "1 + exp(-x)",
    "x*x",
    "x*3",
    "1/x",
    "x/3",
    "0/x",
    "x/x",
    "x - x",
    "x + x",
    "sqrt(x)",
    "log(x)",
    "exp(x)",
    "expm1(x)",
    "log1p(x)",
    "tanh(x)",
    "atanh(x)",
    "sin(x)",
    "gamma(x)",
    "lgamma(x)",
    "fma(x, x, 1)",
    "fma(x, 3, -x)",
    "x^2",
    "x^(-2)",
    "x^0.5",
    "max(x, 1)",
    "floor(x/3)",
    "if x < 1 then x else 1/x",
    "fl(exp(x), f16) + 1",
    "fl(x/3, f16)",
    "cast(x/3, f4e2m1fn)",
    "cast(x/3, f16) - x",
    "sigmoid(x)",
    "softplus(x)",
    "x + 0.1",
    "0.1",
    "3",
    "1e30",
    "1e-30",
    "pi",
    "inf",
    "nan",
    "x - inf",
    "x + nan",
    "1e30*x",
    "(x + 1)*(x - 1) + x",
    "x*1e30 - x*1e30",
];

#[test]
fn every_number_of_small_formats() {
    for name in [
        "f8e5m2",
        "f8e4m3",
        "f8e4m3fn",
        "f6e2m3fn",
        "f4e2m1fn",
        "f8e5m2/rz",
        "f8e4m3/ru",
        "f8e5m2/rne+ftz",
        "f8e5m2/rne+sat",
        "f8e5m2@f16",
    ] {
        let format = format(name);
        for expression in EXPRESSIONS {
            // A slow function.
            if expression.contains("gamma") && format.width() != Some(6) {
                continue;
            }
            check_numbers(format, expression, &format.largest());
        }
    }
}

#[test]
fn many_numbers_of_f16() {
    for expression in ["x + 1", "1 + exp(-x)", "exp(x)", "x/3", "1 - x", "x*x"] {
        check_numbers(Format::F16, expression, &Float::with_val(11, 24));
    }
}

/// Every number up to this magnitude; the blocks, and the points that they come
/// down to, say the same as the definitions.
fn check_numbers(format: Format, expression: &str, most: &Float) {
    let computation = computation(expression, format);
    let last = format.ordinal(most).unwrap();
    let first = Integer::from(-&last);
    let count = Integer::from(&last - &first).to_usize().unwrap() + 1;
    let mut causes = Vec::with_capacity(count);
    for step in 0..count {
        let ordinal = Integer::from(&first + step);
        let x = format.from_ordinal(&ordinal).unwrap();
        let cause = at_point(&computation, format, &[&x]);
        let other = x.is_zero().then(|| at_point(&computation, format, &[&-x]));
        causes.push((cause, other.unwrap_or(cause)));
    }
    for cause in Cause::ALL {
        let question = question(expression, format, cause);
        let expected = causes.iter().map(|&(a, b)| match (a == cause, b == cause) {
            (true, true) => Answer::Holds,
            (false, false) => Answer::Fails,
            _ => Answer::ZerosDiffer,
        });
        if question.inputs().is_empty() {
            let holds = Truth::new(&question, Vec::new(), LIMIT).holds();
            assert_eq!(
                holds,
                Ok(causes[0].0 == cause),
                "{expression}, {format}, {cause}"
            );
            continue;
        }
        let found = over_floats(&question, format, &first, &last);
        let mut found = found.runs.iter().flat_map(|run| {
            let length = Integer::from(&run.last - &run.first).to_usize().unwrap() + 1;
            std::iter::repeat_n(run.answer, length)
        });
        for (step, expected) in expected.enumerate() {
            let ordinal = Integer::from(&first + step);
            let found = found.next().unwrap();
            let x = format.from_ordinal(&ordinal).unwrap();
            assert_eq!(found, expected, "{expression}, {format}, {cause}, x = {x}");
        }
    }
}

/// All numbers from one ordinal to another, 0 being two.
fn numbers(format: Format, (first, last): (i64, i64)) -> Vec<Float> {
    let mut all = Vec::new();
    for ordinal in first..=last {
        let x = format.from_ordinal(&ordinal.into()).unwrap();
        if x.is_zero() {
            all.push(-x.clone());
        }
        all.push(x);
    }
    all
}

fn range(numbers: &[Float]) -> RealInput {
    let (first, last) = (&numbers[0], &numbers[numbers.len() - 1]);
    RealInput::Between(first.clone(), last.clone())
}

#[test]
fn ranges_of_pairs() {
    let mut random = SplitMix(1);
    let mut decided = 0;
    for name in [
        "f8e5m2",
        "f8e4m3fn",
        "f6e2m3fn",
        "f4e2m1fn",
        "f8e5m2/rz",
        "f8e4m3/rne+ftz",
    ] {
        let format = format(name);
        let most = format.ordinal(&format.largest()).unwrap().to_i64().unwrap();
        for expression in [
            "x + y",
            "x - y",
            "x*y",
            "x/y",
            "fma(x, y, 1)",
            "fma(x, 0.5, y)",
            "x^y",
            "hypot(x, y)",
            "x*y + x",
            "x/y - y",
            "1/x + y",
        ] {
            let computation = computation(expression, format);
            let questions = Cause::ALL.map(|cause| question(expression, format, cause));
            for _ in 0..60 {
                let mut pick = || {
                    let width = 1 << (random.next() % 6);
                    let width = width.min(2 * most) - 1;
                    let first = (random.next() % (2 * most - width + 1) as u64) as i64 - most;
                    numbers(format, (first, first + width))
                };
                let (xs, ys) = (pick(), pick());
                let mut causes = Vec::new();
                for x in &xs {
                    for y in &ys {
                        let inputs = computation.inputs().iter();
                        let point: Vec<&Float> =
                            inputs.map(|name| if name == "x" { x } else { y }).collect();
                        let cause = at_point(&computation, format, &point);
                        if !causes.contains(&cause) {
                            causes.push(cause);
                        }
                    }
                }
                for (cause, question) in Cause::ALL.into_iter().zip(&questions) {
                    let inputs = question.inputs().iter();
                    let inputs = inputs.map(|name| range(if name == "x" { &xs } else { &ys }));
                    let holds = Truth::over(question, inputs.collect(), 256).holds();
                    let Ok(holds) = holds else { continue };
                    decided += 1;
                    let place = format!("{expression}, {format}, {cause}, {causes:?}");
                    assert_eq!(holds, causes.contains(&cause), "{place}");
                    assert!(!holds || causes.len() == 1, "{place}");
                }
            }
        }
    }
    // Of 35640 questions.
    assert!(decided > 20_000, "only {decided} decided");
}

/// Decides a question about one input for every number of a format.
fn over_floats(question: &Formula, format: Format, first: &Integer, last: &Integer) -> Floats {
    let predicate = Predicate::new(Bound {
        formula: question.clone(),
        slots: vec![Slot::Axis(0)],
    });
    let budget = Budget {
        boxes: 1 << 20,
        points: 0,
        bits: LIMIT,
    };
    floats(&predicate, format, (first, last), budget)
}

/// The blocks that a question takes over a range of f64.
fn blocks(expression: &str, cause: Cause, (from, to): (f64, f64), expected: Answer) -> u64 {
    let question = question(expression, Format::F64, cause);
    let ends = [from, to].map(|x| Format::F64.ordinal(&Float::with_val(53, x)).unwrap());
    let found = over_floats(&question, Format::F64, &ends[0], &ends[1]);
    let answers: Vec<Answer> = found.runs.iter().map(|run| run.answer).collect();
    assert_eq!(answers, [expected], "{expression}");
    found.blocks
}

#[test]
fn wide_blocks_are_decided() {
    for (expression, cause, range, most) in [
        ("1 + exp(-z)", Cause::Absorbed, (40.0, 700.0), 4),
        ("z + 1", Cause::Absorbed, (1e17, 1e300), 4),
        ("z - 1", Cause::Absorbed, (1e17, 1e300), 4),
        ("exp(z)", Cause::Overflow, (710.0, 1e300), 4),
        ("exp(-z)", Cause::Underflow, (746.0, 1e300), 4),
        ("exp(-z)", Cause::Subnormal, (709.0, 744.0), 4),
        ("sqrt(-z)", Cause::Invalid, (1.0, 1e300), 1),
        ("z/0", Cause::DivisionByZero, (1.0, 1e300), 1),
        ("exp(z) - exp(z)", Cause::Invalid, (710.0, 1e300), 1),
        ("1/exp(z)", Cause::Exact, (710.0, 1e300), 1),
        ("exp(z)", Cause::Rounded, (1.0, 700.0), 1),
        ("z - z", Cause::Cancelled, (1.0, 1e300), 1),
    ] {
        let taken = blocks(expression, cause, range, Answer::Holds);
        assert!(taken <= most, "{expression}: {taken} blocks");
    }
    let taken = blocks("z + 1", Cause::Absorbed, (1e-15, 1e15), Answer::Fails);
    assert!(taken < 500, "{taken} blocks");
}

#[test]
fn a_cause_is_a_view() {
    let known = &mut Definitions::new();
    known
        .add("definitions", "s = 1 + exp(-z)\nabsorbed = 3")
        .unwrap();
    let mut holds = |text: &str| {
        let claim = known.expression("claim", text).unwrap();
        let source = known.resolve(&claim, Context::Real, Rows::None).unwrap();
        assert!(source.is_predicate(), "{text}");
        let formula = source.inline(Context::Real).unwrap();
        let inputs = vec![50.into(); formula.inputs().len()];
        Truth::new(&formula, inputs, LIMIT).holds().unwrap()
    };
    for text in [
        "cause(s, f64) == absorbed",
        "not cause(s, f64) != absorbed",
        "(cause(s, f64) == absorbed) iff absorbed == 3",
        "cause(s, mpfr:100) != absorbed and cause(1 - 1/s, f64) == cancelled",
        "cause(sigmoid(z), f64) == exact",
        "cause(if z > 0 then 1/z else 1/z, f64) == exact",
        "(if cause(exp(-z), f16) == underflow then 1 else 2) == 1",
        "cause(d(z^3, z), f16) == exact",
        "cause(F, f16) == exact",
    ] {
        assert!(holds(text), "{text}");
    }
}

#[test]
fn what_is_no_cause() {
    let known = &mut Definitions::new();
    let words = "invalid, division_by_zero, overflow, underflow, subnormal, absorbed, cancelled, \
                 rounded, exact";
    for (text, message, help) in [
        ("cause(x, f32)", "no value of its own", "write cause("),
        (
            "absorbed == cause(x, f32)",
            "no value of its own",
            "write cause(",
        ),
        (
            "cause(x, f32) < absorbed",
            "no value of its own",
            "write cause(",
        ),
        (
            "(cause(x, f32)) == absorbed",
            "no value of its own",
            "write cause(",
        ),
        ("cause(x, f32) == ", "one of its words", words),
        ("cause(x, f32) == 3", "one of its words", words),
        ("cause(x, f32) == (exact)", "one of its words", words),
        ("cause(x, f32) == nothing", "nothing that happens", words),
        (
            "cause(x, f32) == absorbd",
            "nothing that happens",
            "did you mean `absorbed`?",
        ),
        (
            "cause(x, f32) == division-by-zero",
            "nothing that happens",
            words,
        ),
        ("cause(x)", "takes a format", "write cause("),
        (
            "cause()",
            "takes an expression and a format",
            "write cause(",
        ),
        ("cause(x, f32, 3) == exact", "nothing more", "write cause("),
        (
            "cause(x < 1, f32) == exact",
            "needs a number",
            "makes a number",
        ),
        (
            "cause(x, f32) == exact + 1",
            "needs a number",
            "makes a number",
        ),
        ("cause(x, f32) == exact == exact", "needs a number", "iff"),
        (
            "1 + (cause(x, f32) == exact)",
            "needs a number",
            "makes a number",
        ),
    ] {
        let error = known.formula("expression", text).unwrap_err();
        let found = error.help.clone().unwrap_or_default();
        assert!(
            error.message.contains(message) && found.contains(help),
            "{text}: {error:?}"
        );
    }
    for text in [
        "fl(cause(x, f32) == exact, f64)",
        "cause(if cause(x, f32) == exact then 1 else 2, f32) == exact",
    ] {
        let source = known.formula("expression", text).unwrap();
        let error = source.inline(Context::Real).unwrap_err();
        assert!(
            error.message.contains("cannot stand inside one"),
            "{text}: {error:?}"
        );
    }
    for text in ["cause(x) = x", "cause(x, y) = x"] {
        let error = known.add("definitions", text).unwrap_err();
        assert!(error.message.contains("is a view"), "{text}: {error:?}");
    }
    known.add("definitions", "cause = 3").unwrap();
}

#[test]
fn written_and_read_back() {
    let known = &mut Definitions::new();
    for text in [
        "cause(1 + x, f32) == absorbed",
        "not cause(1 + x, f32) == absorbed",
        "cause(sigmoid(x), bf16@f32) == division_by_zero or x < 1",
        "(cause(x, f8e4m3fn/rz) == exact) iff x > 0",
    ] {
        let mut read = |text: &str| {
            let claim = known.expression("claim", text).unwrap();
            known.resolve(&claim, Context::Real, Rows::None).unwrap()
        };
        let formula = read(text);
        let written = formula.write().unwrap().expression;
        assert_eq!(
            written.replace(['(', ')'], ""),
            text.replace(['(', ')'], "")
        );
        let again = read(&written);
        let [one, other] = [&formula, &again].map(|f| f.inline(Context::Real).unwrap());
        assert!(one.is_same(&other).unwrap(), "{text}: {written}");
    }
    let claim = known
        .expression("claim", "cause(1 + x, f32) != absorbed")
        .unwrap();
    let source = known.resolve(&claim, Context::Real, Rows::None).unwrap();
    let written = source.write().unwrap().expression;
    assert_eq!(written, "not cause(1 + x, f32) == absorbed");
    assert_eq!(Cause::find("division_by_zero"), Some(Cause::DivisionByZero));
}
