//! Ranges over boxes: against exact values, against random points, and against every
//! float of a small format.

mod random;

use random::SplitMix;
use rug::float::Round;
use rug::{Float, Rational};
use ulpscope::format::Format;
use ulpscope::formula::Diagnostic;
use ulpscope::language::{ClaimVerdict, Definitions};
use ulpscope::study::{
    BoxEvaluation, BoxRow, Extent, Options, Place, Point, RangeText, Subject, VerifyOptions,
    compare, compare_over, eval, eval_over, verify,
};

const LIMIT: u32 = 10_000;

fn options(digits: u32) -> VerifyOptions {
    VerifyOptions {
        precision_limit: LIMIT,
        digits: Some(digits),
        ..VerifyOptions::default()
    }
}

fn over(text: &str, at: &str, options: &VerifyOptions) -> Result<BoxEvaluation, Diagnostic> {
    let mut definitions = Definitions::new();
    let place = Place::parse(&mut definitions, at, LIMIT)?;
    eval_over(&mut definitions, text, (&place, &place), options)
}

fn range(text: &str, at: &str, digits: u32) -> RangeText {
    let result = over(text, at, &options(digits)).unwrap();
    result
        .range
        .unwrap_or_else(|| panic!("{text} {at}: {:?}", result.reason))
}

/// A decimal at 400 bits.
fn number(text: &str) -> Float {
    Float::with_val(400, Float::parse(text).unwrap())
}

/// The certified bounds of an expression without variables, at 60 digits.
fn exact(text: &str) -> [Float; 2] {
    let mut definitions = Definitions::new();
    let subject = Subject::parse_exact(&mut definitions, text, &Point::default()).unwrap();
    let exact = eval(&subject, 60, LIMIT).exact.unwrap();
    [exact.lower, exact.upper].map(|bound| number(&bound.unwrap().decimal))
}

/// Whether a bound is beyond an exact value, by 2 units of its last digit at most.
fn is_next_to(bound: &str, value: &str, digits: u32, upper: bool) -> bool {
    let bound = number(bound);
    let [lo, hi] = exact(value);
    let beyond = if upper { bound >= lo } else { bound <= hi };
    let size = Float::with_val(400, lo.abs_ref()).max(&Float::with_val(400, hi.abs_ref()));
    let unit = Float::with_val(400, Float::i_exp(1, 0));
    let ten = Float::with_val(400, 10);
    let unit = unit * rug::ops::Pow::pow(ten, 1 - digits as i32) * size * 2u32;
    let gap = Float::with_val(400, &bound - &lo).abs();
    beyond && gap <= unit + Float::with_val(400, &hi - &lo)
}

/// Functions, boxes, the exact least and greatest value.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("x - x^2", "x=[0,1]", "0", "1/4"),
    ("x^2 - 2*x", "x=[0,3]", "-1", "3"),
    ("x^3 - 3*x", "x=[-2,2]", "-2", "2"),
    ("exp(x)", "x=[0,1]", "1", "exp(1)"),
    ("x*exp(-x)", "x=[0.5,5]", "5*exp(-5)", "exp(-1)"),
    ("x^x", "x=[0.1,2]", "exp(-exp(-1))", "4"),
    ("sin(x)", "x=[0,10]", "-1", "1"),
    ("sin(x)", "x=[0,1/2]", "0", "sin(1/2)"),
    ("atan(x)", "x=[-3,sqrt(2)]", "-atan(3)", "atan(sqrt(2))"),
    ("x/(1 + x^2)", "x=[-3,7]", "-1/2", "1/2"),
    ("x^2 + y^2", "x=[-1,2],y=[0,1]", "0", "5"),
    ("x*y", "x=[-1,2],y=[3,4]", "-4", "8"),
    ("x*y", "x=[1,2],y=pi", "pi", "2*pi"),
    ("x + y*z", "x=[1,2],y=3,z=[-1,1]", "-2", "5"),
    ("|x|", "x=[-1/3,1/7]", "0", "1/3"),
    ("log(x)", "x=[1/1000000,e]", "log(1/1000000)", "1"),
    ("sqrt(x)", "x=[2,2]", "sqrt(2)", "sqrt(2)"),
    ("gamma(x)", "x=[3,5]", "2", "24"),
    ("max(x, 1 - x)", "x=[0,1]", "1/2", "1"),
    ("1e300*x^3", "x=[1,2]", "1e300", "8e300"),
];

#[test]
fn ranges_of_known_functions() {
    for digits in [3, 15, 30, 60] {
        for (text, at, least, greatest) in KNOWN {
            let range = range(text, at, digits);
            let case = format!("{text} {at} {digits}: {range:?}");
            assert!(range.tight, "{case}");
            let digits = digits.min(50);
            assert!(
                is_next_to(&range.lower.decimal, least, digits, false),
                "{case}"
            );
            assert!(
                is_next_to(&range.upper.decimal, greatest, digits, true),
                "{case}"
            );
        }
    }
}

/// A random rational number in an interval of two decimals.
fn between(random: &mut SplitMix, lo: &Rational, hi: &Rational) -> Rational {
    let share = Rational::from((random.next() >> 12, 1u64 << 52));
    Rational::from(hi - lo) * share + lo
}

#[test]
fn no_value_lies_outside() {
    let formulas = [
        "x - x^2 + y",
        "sin(5*x)*cos(y) - x*y",
        "exp(-x^2)/(1 + y^2)",
        "(x - y)/(2 + x*y)",
        "x^4 - 3*x^3 + x*y",
        "floor(3*x) + y",
        "sqrt(x^2 + y^2) - x",
        "if x < y then x^2 else y^3",
        "tanh(10*x*y)",
    ];
    let few = VerifyOptions {
        boxes: Some(400),
        ..options(20)
    };
    let mut random = SplitMix(7);
    for text in formulas {
        for _ in 0..4 {
            let mut ends =
                [0; 4].map(|_| Rational::from(((random.next() % 2000) as i64 - 1000, 700)));
            ends[..2].sort();
            ends[2..].sort();
            let [a, b, c, d] = &ends;
            let at = format!("x=[{a},{b}],y=[{c},{d}]");
            let result = over(text, &at, &few).unwrap();
            let Some(range) = &result.range else {
                continue;
            };
            let bounds = [&range.lower, &range.upper].map(|bound| number(&bound.decimal));
            for _ in 0..60 {
                let (x, y) = (between(&mut random, a, b), between(&mut random, c, d));
                let mut definitions = Definitions::new();
                let place = format!("x={x},y={y}");
                let point = Point::parse(&mut definitions, &place, LIMIT).unwrap();
                let subject = Subject::parse_exact(&mut definitions, text, &point).unwrap();
                let value = eval(&subject, 60, LIMIT).exact.unwrap();
                let (lo, hi) = (value.lower.unwrap(), value.upper.unwrap());
                let case = format!("{text} {at} {place}: {lo:?} {range:?}");
                assert!(number(&hi.decimal) >= bounds[0], "{case}");
                assert!(number(&lo.decimal) <= bounds[1], "{case}");
            }
            if let Some([c, d]) = &range.contains {
                let inner = [c, d].map(|bound| number(&bound.decimal));
                assert!(bounds[0] <= inner[0] && inner[0] <= inner[1] && inner[1] <= bounds[1]);
            }
        }
    }
}

#[test]
fn what_the_budget_does_not_suffice_for_is_said() {
    let few = VerifyOptions {
        boxes: Some(40),
        ..options(30)
    };
    let result = over("sin(x)*cos(3*x)*x", "x=[0,20]", &few).unwrap();
    let range = result.range.as_ref().unwrap();
    assert!(!range.tight && result.is_certified());
    assert!(result.reason.unwrap().contains("boxes was reached"));
    let [c, d] = range.contains.as_ref().unwrap();
    assert!(number(&range.lower.decimal) < number(&c.decimal));
    assert!(number(&c.decimal) < number(&d.decimal));
    // A jump may leave a gap: nothing is said of what lies between values.
    let jumps = over("floor(x)*sin(x)*cos(3*x)", "x=[0,20]", &few).unwrap();
    let jumps = jumps.range.unwrap();
    assert!(jumps.contains.is_none() && jumps.least.is_some());
    // 1/x has no greatest value.
    let open = over("1/x", "x=(0,1]", &options(10)).unwrap();
    let range = open.range.as_ref().unwrap();
    assert_eq!((&*range.lower.decimal, &*range.upper.decimal), ("1", "inf"));
    assert!(!open.is_certified());
    // Nor is one that no float of any size can hold.
    let huge = over("exp(exp(x))", "x=[0,1000]", &few).unwrap();
    let greatest = huge.range.unwrap().greatest.unwrap();
    assert!(greatest.value.starts_with("at least "), "{greatest:?}");
}

#[test]
fn places_without_a_value() {
    for (text, at) in [
        ("sqrt(x)", "x=[-1,1]"),
        ("1/x", "x=[-1,1]"),
        ("log(x*y)", "x=[0,1],y=2"),
        ("sqrt(x) > 1/2", "x=[-1,1/5]"),
    ] {
        let result = over(text, at, &options(10)).unwrap();
        assert!(result.undefined.is_some(), "{text}");
        assert!(result.range.is_none() && !result.is_certified(), "{text}");
    }
    // The pole is not among the points that are tried: a box around it is named.
    for text in ["1/(x - 1/3)", "tan(2*x)"] {
        let result = over(text, "x=[0,1]", &options(10)).unwrap();
        assert!(result.undefined.is_none() && !result.is_certified());
        assert_eq!(result.left.unwrap().cells.len(), 1, "{text}");
    }
    // Where the bracket leaves the pole out there is none.
    assert!(
        over("1/x", "x=(0,1]", &options(10))
            .unwrap()
            .undefined
            .is_none()
    );
}

#[test]
fn predicates() {
    use Extent::{Everywhere, Nowhere, Somewhere};
    for (text, at, extent) in [
        ("x^2 >= 0", "x=[-1,1]", Everywhere),
        ("x^2 < 0", "x=[-1,1]", Nowhere),
        ("x > 1/2", "x=[0,1]", Somewhere),
        ("x > 0", "x=(0,1]", Everywhere),
        ("x > 0", "x=[0,1]", Somewhere),
        ("sin(x)^2 + cos(x)^2 == 1", "x=[-9,9]", Everywhere),
        ("x < y", "x=[0,1],y=2", Everywhere),
        ("x < y and x > 3", "x=[0,1],y=[0,2]", Nowhere),
        ("rn(x, f16) == x", "x=[1,2]", Somewhere),
    ] {
        let result = over(text, at, &options(10)).unwrap();
        let holds = result.holds.as_ref().unwrap();
        assert_eq!(holds.answer, Some(extent), "{text} {at}: {result:?}");
        let places = (holds.true_at.is_some(), holds.false_at.is_some());
        if extent == Somewhere {
            assert_eq!(places, (true, true), "{text}");
        }
        assert!(result.is_certified());
    }
}

#[test]
fn a_claim_over_a_box_is_one_with_a_quantifier() {
    for (text, at, written) in [
        ("x^2 <= 1", "x=[-1,1]", "x^2 <= 1 for x in [-1,1]"),
        ("x^2 < 1", "x=[-1,1]", "x^2 < 1 for x in [-1,1]"),
        (
            "x*y <= 2 for y in [0,1]",
            "x=(0,2)",
            "x*y <= 2 for y in [0,1], x in (0,2)",
        ),
        (
            "x <= k where k = 3",
            "x=[0,1]",
            "x <= k where k = 3 for x in [0,1]",
        ),
        ("x - x^2 in ?", "x=[0,1]", "x - x^2 in ? for x in [0,1]"),
        // Its own quantifier stays.
        ("x <= 1 for x in [0,1]", "x=[0,2]", "x <= 1 for x in [0,1]"),
    ] {
        let mut definitions = Definitions::new();
        let place = Place::parse(&mut definitions, at, LIMIT).unwrap();
        let claim = definitions.claim("claim", text).unwrap();
        let wider = definitions.with_intervals(&claim, &place.sides).unwrap();
        assert_eq!(wider.text, written);
        let same = definitions.claim("claim", written).unwrap();
        let result = verify(
            &mut definitions,
            &[wider, same],
            &place.point,
            &VerifyOptions::default(),
        );
        let claims = result.unwrap().claims;
        assert_ne!(claims[0].verdict, ClaimVerdict::Undecided);
        let shown = |at: usize| {
            let claim = &claims[at];
            format!("{:?} {:?} {:?}", claim.verdict, claim.witness, claim.range)
        };
        assert_eq!(shown(0), shown(1), "{text}");
    }
}

fn rows(text: &str, at: &str, format: Format) -> BoxRow {
    let mut definitions = Definitions::new();
    let place = Place::parse(&mut definitions, at, LIMIT).unwrap();
    let options = options(20);
    let texts = [text.to_string()];
    let both = (&place, &place);
    let result = compare_over(&mut definitions, &texts, both, &[format], &options);
    result.unwrap().formulas.remove(0).rows.remove(0)
}

/// All numbers of a format from one to another.
fn floats(format: Format, from: f64, to: f64) -> Vec<Float> {
    let mut list = vec![Float::with_val(format.precision(), from)];
    while *list.last().unwrap() < to {
        let next = format.round_rational(&(list.last().unwrap().to_rational().unwrap()));
        let mut next = Float::with_val(format.precision(), next);
        next.next_up();
        list.push(next);
    }
    list
}

/// The computed values and errors over all floats, one after the other, are those over
/// the box.
#[test]
fn every_float_of_a_small_format() {
    for (text, from, to, tight) in [
        ("x - x^2", 1.0, 2.0, true),
        ("exp(x) - 1", 1.0, 2.0, true),
        ("x*(1 - x)", 0.25, 0.75, true),
        ("sin(x)/x", 2.0, 4.0, true),
        ("(x + 1) - x", 1.0, 8.0, true),
    ] {
        let format = Format::F16;
        let row = rows(text, &format!("x=[{from},{to}]"), format);
        let all = floats(format, from, to);
        assert_eq!(row.points.as_deref(), Some(&*all.len().to_string()));
        let mut definitions = Definitions::new();
        let mut least: Option<Float> = None;
        let mut greatest: Option<Float> = None;
        let (mut relative, mut ulps) = (Float::new(64), Float::new(64));
        let options = Options {
            precision_limit: LIMIT,
            verdicts: false,
            ..Options::default()
        };
        for x in &all {
            let place = format!("x={}", x.to_rational().unwrap());
            let point = Point::parse(&mut definitions, &place, LIMIT).unwrap();
            let subject = Subject::parse(&mut definitions, text, &point).unwrap();
            let one = compare(&[subject], &[format], &options);
            let one = &one.formulas[0].rows[0];
            let value = one.computed.as_ref().unwrap().value().clone();
            if least.as_ref().is_none_or(|known| value < *known) {
                least = Some(value.clone());
            }
            if greatest.as_ref().is_none_or(|known| value > *known) {
                greatest = Some(value);
            }
            if let Some(error) = &one.relative_error {
                relative = relative.max(&error.upper);
            }
            if let Some(error) = &one.ulps {
                ulps = ulps.max(&error.upper);
            }
        }
        let case = format!("{text}: {row:?} {least:?} {greatest:?} {relative} {ulps}");
        let range = row.computed.range.as_ref().unwrap();
        assert_eq!(range.tight, tight, "{case}");
        // The decimals have 12 digits, rounded outward.
        let [lower, upper] = [&range.lower, &range.upper].map(|bound| number(&bound.decimal));
        let [least, greatest] = [least.unwrap(), greatest.unwrap()];
        assert!(lower <= least && upper >= greatest, "{case}");
        let number_of = |x: &Float| format.round_rational(&x.to_rational().unwrap());
        assert_eq!(
            [number_of(&lower), number_of(&upper)],
            [least, greatest],
            "{case}"
        );
        // Errors are bounded to 4 digits.
        for (over, most) in [(&row.relative_error, relative), (&row.ulps, ulps)] {
            let Some(range) = &over.range else {
                assert!(over.reason.is_some(), "{case}");
                continue;
            };
            let upper = number(&range.upper.decimal);
            let slack = Float::with_val_round(64, &most * 0.001f64, Round::Up).0;
            assert!(upper >= Float::with_val(64, &most - 1e-15f64), "{case}");
            assert!(
                !range.tight || upper <= Float::with_val(64, &most + &slack),
                "{case}"
            );
        }
    }
}

#[test]
fn what_a_row_cannot_have_is_explained() {
    let row = rows("x + 1", "x=[1,2]", Format::mpfr(100).unwrap());
    assert!(row.computed.range.is_none() && row.points.is_none());
    assert!(row.computed.reason.unwrap().contains("cannot be counted"));
    // No number of the format lies there.
    let row = rows("x + 1", "x=[1.0001,1.0002]", Format::F16);
    assert!(row.computed.reason.unwrap().contains("no number of f16"));
    // The computed value overflows.
    let row = rows("x*x", "x=[100,1000]", Format::F16);
    let range = row.computed.range.unwrap();
    assert_eq!(
        (&*range.lower.decimal, &*range.upper.decimal),
        ("10000", "inf")
    );
}

/// Text, message, the piece that the caret points at.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "x=[2,1]",
        "the range is empty: it ends before it begins",
        "[2,1]",
    ),
    ("x=[1]", "a range has two ends, with a comma between", "]"),
    ("x=[1,2,3]", "a range has two ends, nothing more", ","),
    ("x=[nan,1]", "a range has no end at NaN", "nan"),
    ("x=[1,nan]", "a range has no end at NaN", "nan"),
    ("x=[0,inf)", "the interval of `x` has no end", "[0,inf)"),
    ("x=[-inf,0]", "the interval of `x` has no end", "[-inf,0]"),
    (
        "x=(-inf,inf)",
        "the interval of `x` has no end",
        "(-inf,inf)",
    ),
    ("x=[inf,inf]", "the interval of `x` has no end", "[inf,inf]"),
    ("x=[1,2", "this `[` is never closed", "["),
    ("x=(1,2", "this `(` is never closed", "("),
    ("x=[1,2}", "`}` has no meaning here", "}"),
    ("x=[1,2]]", "this `]` closes nothing", "]"),
    ("x=[", "this `[` is never closed", "["),
    ("x=[]", "an expression is missing before `]`", "]"),
    ("x=[1,]", "an expression is missing before `]`", "]"),
    ("x=[1 2]", "an operator is missing before `2`", "2"),
    (
        "x=[1..2]",
        "a range has two ends, with a comma between",
        "..",
    ),
    (
        "x=(1,1]",
        "the range is empty: its ends are one number, which does not belong to it",
        "(1,1]",
    ),
    (
        "x=[pi,pi]",
        "the two ends of this range are not told apart",
        "[pi,pi]",
    ),
    (
        "x=[pi,e]",
        "the range is empty: it ends before it begins",
        "[pi,e]",
    ),
    (
        "x=[a,1]",
        "the end of a range is a constant; `a` has no value",
        "a",
    ),
    (
        "x=[0,1>0]",
        "the end of a range is a number; this is a predicate",
        "1>0",
    ),
    ("x=[0,1/0]", "this is no usable value", "1/0"),
    ("x=[0,1],x=2", "`x` has a value already", "x"),
    ("x=[0,1] y=2", "a comma is missing before `y`", "y"),
    ("x=[0,1],y=2", "`y` does not occur in the formula", "y"),
    ("y=[0,1],x=2", "`y` does not occur in the formula", "y"),
    ("pi=[0,1],x=2", "`pi` does not occur in the formula", "pi"),
];

#[test]
fn mistakes_are_pointed_at() {
    for (at, message, piece) in WRONG {
        let mut definitions = Definitions::new();
        let result = Place::parse(&mut definitions, at, LIMIT).and_then(|place| {
            eval_over(&mut definitions, "x - x^2", (&place, &place), &options(10))
        });
        let Err(problem) = result else {
            panic!("{at} is accepted");
        };
        assert!(
            problem.message.starts_with(message),
            "{at}: {}",
            problem.message
        );
        let span = problem.span.unwrap_or_else(|| panic!("{at}: no place"));
        assert_eq!(&definitions.sources().text(span), piece, "{at}");
    }
}

#[test]
fn nothing_panics() {
    let pieces = [
        "x=",
        "y=",
        "[",
        "]",
        "(",
        ")",
        ",",
        "0",
        "1",
        "-1",
        "inf",
        "nan",
        "pi",
        "1e400",
        " ",
        "[0,1]",
        "(0,1]",
        "[2^-1074,2^-1000]",
        "x=[0,1]",
        "..",
        "=",
        "#",
        "1/3",
    ];
    let formulas = [
        "x",
        "1/x",
        "x^x",
        "gamma(x)",
        "x < 1",
        "sqrt(x) > x",
        "fl(x, f16)",
        "2^(1/x)",
    ];
    let few = VerifyOptions {
        boxes: Some(60),
        points: 30,
        precision_limit: 500,
        digits: Some(5),
    };
    let mut random = SplitMix(3);
    for round in 0..3000 {
        let mut at = if round % 2 == 0 {
            "x=".to_string()
        } else {
            String::new()
        };
        for _ in 0..random.next() % 6 {
            at.push_str(random.pick(&pieces));
        }
        let text = random.pick(&formulas);
        let _ = over(text, &at, &few);
    }
}
