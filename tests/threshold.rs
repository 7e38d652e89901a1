//! Thresholds: facts from an independent computation, and every float by brute
//! force.

use rug::{Float, Integer, Rational};
use ulpscope::arithmetic::emulated::Input;
use ulpscope::arithmetic::native::Libm;
use ulpscope::claim::DEFAULT_BOXES;
use ulpscope::evaluate::compute;
use ulpscope::format::{Format, Rounding};
use ulpscope::formula::Context;
use ulpscope::language::Definitions;
use ulpscope::study::{
    FloatRow, FloatThreshold, Interval, Meaning, Point, PrecisionThreshold, Precisions, Predicate,
    Subject, over_floats, over_precisions,
};
use ulpscope::truth::{Answer, Truth};

const LIMIT: u32 = 1 << 17;

fn floats(predicate: &str, over: &str, formats: &[&str], blocks: u64) -> FloatThreshold {
    let definitions = &mut Definitions::new();
    let predicate = Predicate::parse(definitions, predicate, &Point::default()).unwrap();
    let range = Interval::parse(definitions, over, LIMIT).unwrap();
    let formats: Vec<Format> = formats.iter().map(|name| name.parse().unwrap()).collect();
    over_floats(
        definitions,
        &predicate,
        &range,
        &formats,
        LIMIT,
        Some(blocks),
    )
    .unwrap()
}

fn precisions(predicate: &str, bits: &str) -> PrecisionThreshold {
    let definitions = &mut Definitions::new();
    let predicate = Predicate::parse(definitions, predicate, &Point::default()).unwrap();
    let bits = Precisions::parse(bits).unwrap();
    over_precisions(definitions, &predicate, &bits, LIMIT).unwrap()
}

/// The first number of the only run.
fn first(row: &FloatRow) -> String {
    assert_eq!((row.run_count, row.holding_count), (1, 1));
    assert_eq!(row.decided, row.floats);
    row.runs[0].first.decimal()
}

#[test]
fn sigma_becomes_1() {
    let formats = ["f16", "bf16", "f32", "f64", "f80", "f128"];
    let result = floats("sigmoid(z) == 1", "z=0..100", &formats, DEFAULT_BOXES);
    let of = |meaning| result.rows.iter().filter(move |row| row.meaning == meaning);
    let computed: Vec<String> = of(Meaning::Computed).map(first).collect();
    assert_eq!(
        computed[..4],
        ["7.625", "5.5625", "16.635532", "36.73680056967711"]
    );
    assert!(computed[4].starts_with("44.36") && computed[5].starts_with("78.32563"));
    let once: Vec<String> = of(Meaning::RoundedOnce).map(first).collect();
    assert_eq!(once[..3], ["8.3203125", "6.25", "17.32868"]);
    assert!(once[3].starts_with("37.42994775023705"));
    // Between the two numbers lies ln(2^(p+1) − 1).
    for (row, bits) in of(Meaning::RoundedOnce).zip([11_u32, 8, 24, 53, 64, 113]) {
        let border = row.runs[0].border_before.as_ref().unwrap();
        let exact = (Float::with_val(300, 1) << (bits + 1)) - 1_u32;
        let exact = exact.ln().to_string_radix(10, Some(40));
        let digits = border.trim_end_matches('…');
        assert_eq!(digits.len(), 21, "20 digits and a point");
        assert!(exact.starts_with(digits), "{exact} {border}");
    }
    // Neighbours, and a handful of blocks.
    for row in &result.rows {
        let format: Format = row.arithmetic.parse().unwrap();
        let run = &row.runs[0];
        let before = run.before.as_ref().unwrap().value();
        assert_eq!(format.next_up(before), *run.first.value());
        assert!(run.after.is_none() && row.blocks < 300);
    }
}

#[test]
fn sigma_of_50_at_every_precision() {
    let result = precisions("sigmoid(50) == 1", "2..256");
    let runs: Vec<(Answer, u32, u32)> = result
        .rows
        .iter()
        .flat_map(|row| row.runs.iter().map(|run| (run.answer, run.first, run.last)))
        .collect();
    let expected = [
        (Answer::Holds, 2, 72),
        (Answer::Fails, 73, 256),
        (Answer::Holds, 2, 71),
        (Answer::Fails, 72, 256),
    ];
    assert_eq!(runs, expected);

    let result = precisions("fl(sigmoid(50), F) == rn(sigmoid(50), F)", "2..100");
    let holds = result.rows[0]
        .runs
        .iter()
        .filter(|run| run.answer == Answer::Holds);
    let holds: Vec<(u32, u32)> = holds.map(|run| (run.first, run.last)).collect();
    let expected = [(2, 71), (73, 74), (78, 78), (81, 81), (87, 90), (100, 100)];
    assert_eq!(holds, expected);
}

#[test]
fn no_precision_is_inferred_from_another() {
    let result = precisions("relerr((0.1 + 0.2)/0.3, F) <= 2^-53", "4..399");
    let row = &result.rows[0];
    let answer_at = |p| {
        let run = row.runs.iter().find(|run| run.first <= p && p <= run.last);
        run.unwrap().answer
    };
    assert_eq!(answer_at(4), Answer::Holds);
    assert_eq!(answer_at(53), Answer::Fails);
    assert_eq!(row.runs.len() - 1, 50, "it changes 50 times");
    assert_eq!((row.first, row.last, row.from), (Some(4), Some(399), 54));
}

/// Every number of a small format in a range, each decided on its own, by
/// another route: the comparison's sides computed, or rounded, as numbers.
fn by_hand(
    left: &str,
    right: &str,
    compare: fn(&Float, &Float) -> bool,
    format: Format,
    range: &Interval,
    rounded: bool,
) -> Vec<(Integer, Vec<Option<bool>>)> {
    let mut definitions = Definitions::new();
    let mut sides = Vec::new();
    for text in [left, right] {
        let source = definitions.formula("side", text).unwrap();
        sides.push((
            source.inline(Context::Ambient).unwrap(),
            source.inline(Context::Real).unwrap(),
        ));
    }
    let up = format.nearest().with_rounding(Rounding::Up);
    let down = format.nearest().with_rounding(Rounding::Down);
    let mut ordinal = format.ordinal(&up.round_rational(range.from())).unwrap();
    let last = format.ordinal(&down.round_rational(range.to())).unwrap();
    let mut list = Vec::new();
    let mut truths: Vec<Truth> = sides
        .iter()
        .map(|(_, real)| Truth::new(real, vec![Rational::new(); real.inputs().len()], 4000))
        .collect();
    while ordinal <= last {
        let mut numbers = vec![format.from_ordinal(&ordinal).unwrap()];
        // A real number has one zero, a computation two.
        if ordinal == 0 && !rounded {
            numbers.push(-numbers[0].clone());
        }
        let answers = numbers.iter().map(|x| {
            let mut side = |index: usize| {
                let (ambient, real) = &sides[index];
                if rounded {
                    let exact = x.to_rational().unwrap();
                    truths[index].set_inputs(vec![exact; real.inputs().len()]);
                    truths[index].rounded(&format).ok()
                } else {
                    let inputs = vec![Input::Rounded(x.clone()); ambient.inputs().len()];
                    compute(ambient, format, Libm::CoreMath, &inputs).ok()
                }
            };
            side(0).zip(side(1)).map(|(a, b)| compare(&a, &b))
        });
        list.push((ordinal.clone(), answers.collect()));
        ordinal += 1;
    }
    list
}

#[test]
fn blocks_agree_with_every_single_float() {
    type Compare = (&'static str, fn(&Float, &Float) -> bool);
    let lt: Compare = ("<", |a, b| a < b);
    let gt: Compare = (">", |a, b| a > b);
    let eq: Compare = ("==", |a, b| a == b);
    let ne: Compare = ("!=", |a, b| a != b);
    let ge: Compare = (">=", |a, b| a >= b);
    let predicates = [
        ("sigmoid(x)*(1 - sigmoid(x))", eq, "0", "x=-20..20"),
        ("1/(1 + exp(-x))", lt, "x", "x=-3..3"),
        ("x*x - 2*x + 1", ge, "0.01", "x=0.5..2"),
        ("exp(x) - 1", eq, "x", "x=-0.5..0.5"),
        ("(exp(x) - 1)/x", gt, "1", "x=0.001..2"),
        ("sqrt(x + 1) - sqrt(x)", eq, "0", "x=0..60000"),
        ("sqrt(x)", lt, "0.7", "x=-2..2"),
        ("log(x)", ne, "log1p(x - 1)", "x=0.1..4"),
        ("sin(x)", gt, "cos(x)", "x=-9..9"),
        ("tan(x)", lt, "1", "x=0.5..8"),
        ("x^3 - x", lt, "0", "x=-2..2"),
        ("2^x", gt, "1000", "x=-30..30"),
        ("if x > 1 then log(x) else x - 1", gt, "0.25", "x=0.1..5"),
        ("max(x, 0.3) - min(x, 0.3)", lt, "0.1", "x=-1..1"),
        ("floor(3*x)/3", eq, "x", "x=-2..2"),
        ("hypot(x, 1)", gt, "|x|", "x=-100..100"),
        ("atan2(x, x - 1)", gt, "1", "x=-4..4"),
        ("gelu(x)", lt, "-0.1", "x=-6..0"),
        ("softplus(x)", eq, "max(x, 0)", "x=-12..12"),
        ("tanh(x)", eq, "1", "x=0..10"),
        ("erf(x)", eq, "1", "x=0..5"),
        ("1/x", gt, "100", "x=-0.5..0.5"),
        ("fma(x, x, -1)", lt, "x*x - 1", "x=0.9..1.1"),
        ("gamma(x)", lt, "1", "x=0.5..4"),
        ("acos(x)", lt, "1", "x=-2..2"),
        ("polygamma(0, x)", lt, "0", "x=0.5..4"),
        ("polygamma(1, x)", lt, "12", "x=-1.75..0.5"),
        ("cosh(x) - 1", eq, "x*x/2", "x=-0.3..0.3"),
    ];
    let formats = [
        "f16",
        "bf16",
        "f8e4m3fn",
        "f8e5m2",
        "f6e3m2fn",
        "e5m6/ru",
        "e4m7/rz+ftz",
    ];
    let mut checked = 0_u64;
    for (turn, (left, (sign, compare), right, over)) in predicates.into_iter().enumerate() {
        let text = format!("({left}) {sign} {right}");
        // Every predicate in half of the formats.
        for name in formats.iter().skip(turn % 2).step_by(2) {
            let format: Format = name.parse().unwrap();
            let range = Interval::parse(&mut Definitions::new(), over, LIMIT).unwrap();
            let result = floats(&text, over, &[name], DEFAULT_BOXES);
            for row in &result.rows {
                let rounded = row.meaning == Meaning::RoundedOnce;
                let truth = by_hand(left, right, compare, format, &range, rounded);
                assert_eq!(row.floats, truth.len().to_string());
                assert!(row.run_count < 1000, "all runs are there");
                let ordinal = |x: &Float| format.ordinal(x).unwrap();
                let runs: Vec<(Integer, Integer, Answer)> = row
                    .runs
                    .iter()
                    .map(|run| {
                        let ends = [run.first.value(), run.last.value()].map(ordinal);
                        let [first, last] = ends;
                        (first, last, run.answer)
                    })
                    .collect();
                for (ordinal, expected) in truth {
                    let inside = runs
                        .iter()
                        .find(|(first, last, _)| *first <= ordinal && ordinal <= *last);
                    let answer = inside.map_or(Answer::Fails, |run| run.2);
                    let x = format.from_ordinal(&ordinal).unwrap();
                    checked += 1;
                    match (answer, expected.as_slice()) {
                        (Answer::Holds, [Some(true)] | [Some(true), Some(true)]) => {}
                        (Answer::Fails, [Some(false)] | [Some(false), Some(false)]) => {}
                        (Answer::ZerosDiffer, [a, b]) if a != b => {}
                        // An undefined real value has no order.
                        (Answer::Undefined, [None]) => {}
                        _ => panic!(
                            "{text} in {name} ({:?}) at {x}: {answer:?}, not {expected:?}",
                            row.meaning
                        ),
                    }
                }
            }
        }
    }
    println!("{checked} floats");
    assert!(checked > 500_000);
}

#[test]
fn budgets_end_in_undecided() {
    let result = floats("ulps(exp(x) - 1, F) > 0.5", "x=1..2", &["f32"], 500);
    let row = &result.rows[0];
    assert_eq!(row.blocks, 500);
    assert!(row.runs.iter().any(|run| run.answer == Answer::Undecided));
    // Whatever is decided is right: with more blocks no answer changes.
    let more = floats("ulps(exp(x) - 1, F) > 0.5", "x=1..2", &["f32"], 5000);
    let at = |result: &FloatThreshold, x: &Float| {
        let runs = &result.rows[0].runs;
        let run = runs
            .iter()
            .find(|run| run.first.value() <= x && x <= run.last.value());
        run.map_or(Answer::Fails, |run| run.answer)
    };
    for index in 0..2000 {
        let x = Float::with_val(24, 1.0 + f64::from(index) / 2000.0);
        let (before, after) = (at(&result, &x), at(&more, &x));
        assert!(before == Answer::Undecided || before == after);
    }
}

#[test]
fn views_are_exact_outside() {
    // 1% is not rounded to the format, and errors of infinities are infinite.
    let result = floats("relerr(exp(x), F) > 1%", "x=0..20", &["f16"], DEFAULT_BOXES);
    let overflow = &result.rows[0].runs[0];
    assert_eq!(overflow.first.decimal(), "11.09375");
    assert_eq!(result.rows[0].meaning, Meaning::AsStated);
    // The least error is 0, the greatest half an ulp, for a single operation.
    let half = floats(
        "ulps(exp(x), F) > 1/2",
        "x=-5..5",
        &["bf16", "f16"],
        DEFAULT_BOXES,
    );
    assert!(
        half.rows
            .iter()
            .all(|row| row.run_count == 0 && row.decided == row.floats)
    );
}

#[test]
fn the_error_views_agree_with_compare() {
    let definitions = &mut Definitions::new();
    let point = Point::parse(definitions, "x=0.7", LIMIT).unwrap();
    let formats = [Format::F16, Format::BF16, Format::F32, Format::F64];
    let texts = [
        "exp(x) - 1",
        "sigmoid(20*x)*(1 - sigmoid(20*x))",
        "x - 0.7",
        "1 - 7/10*x",
    ];
    for text in texts {
        let subject = Subject::parse(definitions, text, &point).unwrap();
        let options = ulpscope::study::Options::default();
        let compared = ulpscope::study::compare(&[subject], &formats, &options);
        for row in &compared.formulas[0].rows {
            let measures = [
                ("abserr", &row.absolute_error),
                ("relerr", &row.relative_error),
                ("ulps", &row.ulps),
                ("bits", &row.bits_of_error),
            ];
            for (view, bounds) in measures {
                let text = format!("{view}({text}, {})", row.arithmetic);
                let subject = Subject::parse_exact(definitions, &text, &point).unwrap();
                let enclosure = subject.truth(LIMIT).enclosure(80).unwrap();
                let bounds = bounds.as_ref().unwrap();
                assert!(
                    *enclosure.lo() <= bounds.upper && bounds.lower <= *enclosure.hi(),
                    "{text}: {} against {}",
                    enclosure.lo(),
                    bounds.lower
                );
            }
        }
    }
}

/// Blocks and points agree where a branch is infinite, and where 0 is computed
/// of 0.
#[test]
fn blocks_do_not_lose_what_points_have() {
    let only_run = |predicate: &str, over: &str, meaning| {
        let result = floats(predicate, over, &["f16"], DEFAULT_BOXES);
        let row = result.rows.iter().find(|row| row.meaning == meaning);
        let row = row.unwrap();
        assert_eq!(row.decided, row.floats);
        assert!(row.run_count < 2, "{predicate}");
        row.runs
            .first()
            .map(|run| (run.answer, run.first.decimal(), run.last.decimal()))
    };
    let holds = |first: &str, last: &str| Some((Answer::Holds, first.into(), last.into()));
    for meaning in [Meaning::Computed, Meaning::RoundedOnce] {
        let infinite = "(if x > 1 then inf else -inf) > 0";
        assert_eq!(only_run(infinite, "x=0.5..2", meaning), holds("1.001", "2"));
        let nan = "(if x > 1 then nan else inf) > 0";
        assert_eq!(only_run(nan, "x=0.5..2", meaning), holds("0.5", "1"));
    }
    let stated = Meaning::AsStated;
    let overflow = "(if x > 1 then rn(exp(1000*x), F) else rn(-exp(1000*x), F)) > 0";
    assert_eq!(only_run(overflow, "x=0.5..2", stated), holds("1.001", "2"));
    assert_eq!(only_run("relerr(x - x, F) > 0.1", "x=-3..-1", stated), None);
    assert_eq!(
        only_run("relerr(x - x, F) < 0.1", "x=-3..-2", stated),
        holds("-3", "-2")
    );
}
