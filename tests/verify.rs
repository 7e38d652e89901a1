//! Verdicts on claims: the examples of the handbook, touching points, open ends,
//! poles, kinks and jumps, budgets, and the same answer for any number of threads.

use ulpscope::language::{ClaimVerdict, Definitions};
use ulpscope::study::{How, Point, Verified, VerifyOptions, verify};

use ClaimVerdict::{Proved, Refuted, Undecided, Undefined};

fn with(text: &str, options: &VerifyOptions) -> Verified {
    let mut definitions = Definitions::new();
    let claim = definitions.claim("claim", text).unwrap();
    let result = verify(&mut definitions, &[claim], &Point::default(), options);
    let mut result = result.unwrap_or_else(|problem| panic!("{text}: {problem}"));
    result.claims.remove(0)
}

fn verdict(text: &str) -> Verified {
    with(text, &VerifyOptions::default())
}

fn check(table: &[(ClaimVerdict, &str)]) {
    for (expected, text) in table {
        let claim = verdict(text);
        let reason = claim.reason.unwrap_or_default();
        assert_eq!(claim.verdict, *expected, "{text}: {reason}");
    }
}

/// The witness's decimal.
fn witness(claim: &Verified) -> &str {
    let witness = claim.witness.as_ref().expect("a witness");
    &witness.point[0].decimal
}

#[test]
fn the_worst_point_seen_refutes_where_it_fails() {
    let few = VerifyOptions {
        boxes: Some(300),
        points: 8,
        ..VerifyOptions::default()
    };
    let text = "fl(b - sqrt(b^2 - 1), f64) == 0 for b : f64 in [9.5e7, 1e8]";
    let claim = with(text, &few);
    assert_eq!(claim.verdict, Refuted, "{:?}", claim.reason);
    assert!(!claim.witness.unwrap().first && claim.left.is_none());
}

#[test]
fn examples_have_their_verdicts() {
    check(&[
        (Proved, "fl(1/(1+exp(-50)), f64) == 1"),
        (Refuted, "fl(exp(-50), f64) == 0"),
        (Proved, "fl(exp(-50), f16) == 0"),
        (Proved, "cause(1 + exp(-50), f64) == absorbed"),
        (Refuted, "2*s*(1-s)*62.5 < 0 where s = sigmoid(50)"),
        (
            Proved,
            "fl(sigmoid(z), f32) == 1 iff z >= 16.635532 for z : f32 in [0, 64]",
        ),
        (
            Proved,
            "rn(sigmoid(z), f32) == 1 iff z >= 17.32868 for z : f32",
        ),
        (
            Refuted,
            "rn(sigmoid(z), f32) == 1 iff z >= 17.32868 for z in [0, 64]",
        ),
        (Proved, "fl(sigmoid(z), f64) == 1 for z : f64 in [37, 700]"),
        (
            Refuted,
            "ulps(sigmoid(z)*(1-sigmoid(z)), f64) <= 1 for z : f64 in [0, 100]",
        ),
        (Proved, "rn(w*1.001, bf16) == w for w : bf16 in [1, 2)"),
        (Refuted, "rn(x, f16) == 0 for x in (0, 6e-8]"),
        (Proved, "exp(x) > 1 + x for x in [0.1, 20]"),
        (Proved, "0.1 + 0.2 == 0.3"),
        (Refuted, "fl(0.1 + 0.2, f64) == rn(0.3, f64)"),
        (Proved, "fl(sigmoid(50), mpfr:p) == 1 for p in 2..72"),
        (Refuted, "fl(sigmoid(50), mpfr:p) == 1 for p in 2..73"),
        (Proved, "sqrt(2)^2 == 2"),
        (Undefined, "log(-1) < 0"),
        (
            Proved,
            "333.75*b^6 + a^2*(11*a^2*b^2 - b^6 - 121*b^4 - 2) + 5.5*b^8 + a/(2*b) == -54767/66192 \
             where a = 77617, b = 33096",
        ),
    ]);
}

#[test]
fn the_first_counterexample_is_named() {
    let claim = verdict("rn(sigmoid(z), f32) == 1 iff z >= 17.32868 for z in [0, 64]");
    assert_eq!(witness(&claim), "17.3286795");
    let claim = verdict("fl(sigmoid(50), mpfr:p) == 1 for p in 2..100");
    assert_eq!(witness(&claim), "73");
    assert!(claim.witness.unwrap().first);
    // 2048 + 1 is a tie that goes to the even neighbour; 2049 is no f16.
    let claim = verdict("fl(x + 1, f16) == x + 1 for x : f16 in [0, 4096]");
    assert!(claim.witness.as_ref().unwrap().first);
    assert_eq!(witness(&claim), "6e-8");
    let claim = verdict("fl(x + 1, f16) > x for x : f16 in [0, 4096]");
    assert_eq!(witness(&claim), "2048");
    // Both zeros fail, and −0 comes before +0.
    let claim = verdict("fl(x + 1, f16) > 1 for x : f16 in [0, 1]");
    let found = claim.witness.unwrap();
    assert!(found.first && found.point[0].hex.as_deref() == Some("-0x0p0"));
    // Only one of the two zeros fails.
    let claim = verdict("fl(1/x, f16) != -inf for x : f16 in [-1, 1]");
    let point = claim.witness.unwrap().point;
    assert_eq!(point[0].hex.as_deref(), Some("-0x1p-16"));
    let claim = verdict("fl(1/x, f16) == inf for x : f16 in [0, 0]");
    let point = claim.witness.unwrap().point;
    assert_eq!(point[0].hex.as_deref(), Some("-0x0p0"));
}

#[test]
fn first_is_said_only_where_all_before_is_proved() {
    // Undefined at p = 2.
    let claim = verdict("1/(p - 2) + fl(1, mpfr:p) >= 2 for p in 2..10");
    assert_eq!((claim.verdict, witness(&claim)), (Refuted, "4"));
    assert!(!claim.witness.unwrap().first);
    let claim = verdict("log(x) < 2 for x : f16 in [0, 100]");
    assert_eq!((claim.verdict, witness(&claim)), (Refuted, "7.390625"));
    assert!(!claim.witness.unwrap().first);
    // Two variables have no order.
    let claim = verdict("fl(1 + 2^-k, mpfr:p) == 1 for p in 2..9, k in 5..9");
    assert_eq!(claim.verdict, Refuted);
    assert!(!claim.witness.unwrap().first);
}

#[test]
fn sides_that_touch() {
    check(&[
        (Proved, "exp(x) >= 1 + x for x"),
        (Proved, "exp(x) > 1 + x for x in (0, 20]"),
        (Refuted, "exp(x) > 1 + x for x in [0, 20]"),
        (Proved, "x*(1-x) <= 1/4 for x in [0, 1]"),
        (Refuted, "x*(1-x) < 1/4 for x in [0, 1]"),
        (Proved, "sin(x) < x for x in (0, 10]"),
        (Proved, "cos(x) >= 1 - x^2/2 for x in [-10, 10]"),
        (Proved, "log(x) <= x - 1 for x in (0, 100]"),
        (Proved, "log(x) < 0 for x in (0, 1)"),
        (Refuted, "log(x) < 0 for x in (0, 1]"),
        (Proved, "x^2 < 1 for x in (-1, 1)"),
        (Refuted, "x^2 < 1 for x in (-1, 1]"),
        (Refuted, "x^2 > 1 for x in [-1, 0]"),
    ]);
}

#[test]
fn poles_kinks_and_jumps() {
    check(&[
        (Undefined, "x/x == 1 for x in [-1, 1]"),
        (Proved, "x/x == 1 for x in [1, 2]"),
        (Proved, "x != 0 implies x/x == 1 for x in [-1, 1]"),
        (Proved, "x != 0 implies 1/x^2 > 0 for x in [-1, 1]"),
        (Undefined, "1/x > -1 for x in [0, 1]"),
        (Refuted, "1/x > 0 for x in [-1, 1]"),
        (Undefined, "log(x) < 5 for x in [-1, 10]"),
        (Proved, "abs(x) >= x for x in [-3, 3]"),
        (Refuted, "abs(x) > x/2 for x in [-3, 3]"),
        (Proved, "max(x, 1 - x) >= 1/2 for x in [0, 1]"),
        (Refuted, "max(x, 1 - x) > 1/2 for x in [0, 1]"),
        (Proved, "min(x, 1 - x) <= 1/2 for x in [0, 1]"),
        (Refuted, "min(x, 1 - x) < 0.4 for x in [0, 1]"),
        (Refuted, "(if x < 1/2 then 0 else 1) < 1 for x in [0, 1]"),
        (Refuted, "floor(x) < 1 for x in [0, 1]"),
        (Refuted, "tan(x) < 10 for x in [0, 3/2]"),
        (Proved, "sqrt(x) <= (1 + x)/2 for x in [0, 10]"),
    ]);
}

#[test]
fn identities_next_to_a_pole() {
    // Every f16 by itself is far enough from 1/3, no two neighbours around it are.
    let claim = verdict("exp(x)*(x - 1/3)/(x - 1/3) == exp(x) for x : f16 in [0, 1]");
    assert_eq!((claim.verdict, claim.how), (Proved, How::Identity));
}

#[test]
fn several_variables() {
    check(&[
        (Proved, "x*y <= 1 for x in [-1, 1], y in [-1, 1]"),
        (Refuted, "x*y < 1 for x in [-1, 1], y in [-1, 1]"),
        (Proved, "(x + y)^2 == x^2 + 2*x*y + y^2 for x, y"),
        (Proved, "x + n > 0 for x in [1, 2], n in 0..1000000000000"),
        (
            Refuted,
            "fl(x*y, f16) == x*y for x : f16 in [1, 2], y : f16 in [1, 2]",
        ),
        (
            Proved,
            "fl(x + x, f16) == n*x for x : f16 in [1, 2], n in 2..2",
        ),
        (
            Proved,
            "fl(1 + 2^-k, mpfr:p) == 1 for p in 2..20, k in 21..40",
        ),
    ]);
}

#[test]
fn infinities_are_there_where_the_range_names_them() {
    check(&[
        (Proved, "not isinf(z) for z : f16"),
        (Refuted, "not isinf(z) for z : f16 in [0, inf]"),
        (Proved, "not isinf(z) for z : f16 in [0, inf)"),
        (Proved, "isnan(fl(x - x, f16)) for x : f16 in [inf, inf]"),
        (Proved, "not isnan(fl(x - x, f16)) for x : f16"),
        (Proved, "isnan(fl(x, f8e4m3fn)) for x : f16 in [3072, 3072]"),
        (
            Refuted,
            "not isnan(fl(x - x, f16)) for x : f16 in [-inf, 0]",
        ),
    ]);
}

#[test]
fn irrational_ends() {
    check(&[
        (Proved, "sin(x) >= 0 for x in [0, 3]"),
        (Proved, "x < 3.15 for x in [0, pi]"),
        (Refuted, "x < 3.14 for x in [0, pi]"),
        (Proved, "cos(x) > -1 for x in [0, sqrt(2)]"),
    ]);
}

#[test]
fn what_decides_is_said() {
    assert_eq!(verdict("0.1 + 0.2 == 0.3").how, How::ExactArithmetic);
    assert_eq!(verdict("sqrt(2)^2 == 2").how, How::Identity);
    assert!(matches!(verdict("exp(1) > 2").how, How::Point { .. }));
    let claim = verdict("fl(sigmoid(z), f64) == 1 for z : f64 in [37, 700]");
    let floats = "18964376555880449".to_string();
    assert_eq!(claim.how, How::Floats { floats, blocks: 1 });
    assert_eq!(claim.cells[0].ranges[0].from, "37");
    assert!(matches!(
        verdict("exp(x) > x for x in [0, 1]").how,
        How::Boxes { .. }
    ));
    assert!(matches!(
        verdict("fl(1, mpfr:p) == 1 for p in 2..9").how,
        How::Each { choices: 8, .. }
    ));
}

#[test]
fn what_is_not_decided_is_said() {
    let options = VerifyOptions {
        boxes: Some(50),
        ..VerifyOptions::default()
    };
    let claim = with("fl(x/3*3, f32) <= 2*x for x : f32 in [1, 2]", &options);
    assert_eq!(claim.verdict, Proved);
    let claim = with("ulps(x*x*x, f32) <= 2 for x : f32 in [1, 2]", &options);
    assert_eq!(claim.verdict, Undecided);
    assert!(claim.reason.unwrap().contains("50 boxes"));
    let left = claim.left.unwrap();
    assert!(left.boxes > 0 && left.points.unwrap().parse::<u64>().unwrap() > 1_000_000);
    assert!(claim.witness.is_some() && claim.comparisons[0].holds == Some(true));
}

#[test]
fn a_sample_proves_nothing() {
    // True at every sample point, false next to 1/3.
    let claim = verdict("(x - 1/3)^2 > 1e-30 for x in [0, 1]");
    assert!(
        matches!(claim.verdict, Refuted | Undecided),
        "{:?}",
        claim.verdict
    );
    let options = VerifyOptions {
        boxes: Some(3),
        points: 0,
        ..VerifyOptions::default()
    };
    let claim = with("sin(100*x) < 0.9999 for x in [0, 1]", &options);
    assert_eq!(claim.verdict, Undecided);
}

#[test]
fn ranges_contain_what_is_attained() {
    for (text, lower, upper) in [
        ("x*(1-x) in ? for x in [0, 1]", "0", "0.25"),
        ("exp(x) in ? for x in [0, 1]", "1", "2.71828182845905"),
        ("fl(x*x, f16) in ? for x : f16 in [-3, 2]", "0", "9"),
        ("fl(1/x, f16) in ? for x : f16 in [0.5, 4]", "0.25", "2"),
        ("x^2 + y^2 in ? for x in [-1, 2], y in [0, 1]", "0", "5"),
    ] {
        let claim = verdict(text);
        let range = claim.range.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(claim.verdict, Proved, "{text}");
        assert_eq!(
            [&*range.lower.decimal, &*range.upper.decimal],
            [lower, upper],
            "{text}"
        );
        assert!(range.tight, "{text}");
    }
    // At a point there are as many digits as anywhere.
    let claim = verdict("1 - cos(1e-30) in ?");
    let range = claim.range.unwrap();
    assert!(range.tight);
    assert_eq!(range.lower.decimal, "4.99999999999999999999999e-61");
    assert_eq!(verdict("1/x in ? for x in [-1, 1]").verdict, Undefined);
    assert_eq!(
        verdict("fl(sqrt(x), f16) in ? for x : f16 in [-1, 1]").verdict,
        Undefined
    );
}

#[test]
fn a_literal_that_the_format_does_not_hold() {
    let claim = verdict("fl(0.1 + 0.2, f64) == 0.3");
    assert_eq!(
        claim.notes,
        ["0.3 is not a number of f64: did you mean rn(0.3, f64)?"]
    );
    assert!(verdict("fl(0.25 + 0.5, f64) == 0.75").notes.is_empty());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let texts = [
        "ulps(sigmoid(z)*(1-sigmoid(z)), f64) <= 1 for z : f64 in [0, 100]",
        "rn(w*1.002, bf16) == w for w : bf16 in [1, 100]",
        "sin(x) < 0.999 for x in [0, 10]",
        "relerr(exp(x) - 1, f16) in ? for x : f16 in [0.1, 1]",
    ];
    let with_threads = |count: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
        let all = || texts.map(|text| serde_json::to_string(&verdict(text)).unwrap());
        pool.unwrap().install(all)
    };
    let one = with_threads(1);
    for count in [2, 5] {
        assert_eq!(with_threads(count), one);
    }
}

#[test]
fn what_cannot_be_asked() {
    for (text, message) in [
        ("fl(x, f32) == x for x in [0, 1]", "any real number"),
        ("ulps(exp(x), f32) < 1 for x in [0, 1]", "any real number"),
        ("x < 1 for x in [1, 0]", "ends before it begins"),
        ("x < 1 for x in (1, 1]", "the range is empty"),
        ("x < 1 for x : f16 in [1.0001, 1.0002]", "no number of f16"),
        (
            "x < y for x in [0, 1]",
            "`y` has neither a value nor a range",
        ),
        ("x < 1", "`x` has neither a value nor a range"),
        ("1 < 2 for x in [0, 1]", "does not occur"),
        ("n > 0 for n in 0.5..2", "has integers"),
        ("n > 0 for n in 3..2", "ends before it begins"),
        ("x < 1 for x in [0, log(-1)]", "no usable value"),
        ("x > 2 for x : f16 in [sqrt(2)^2, 3]", "not told apart"),
        ("fl(1, mpfr:p) == 1 for p in 1..5", "precisions from 2"),
        ("fl(1/3, mpfr:p) in ? for p in 2..5", "one format at a time"),
        (
            "fl(1, mpfr:p) == 1 for p in 2..10000000",
            "too many or too great",
        ),
    ] {
        let mut definitions = Definitions::new();
        let claim = definitions.claim("claim", text).unwrap();
        let options = VerifyOptions::default();
        let result = verify(&mut definitions, &[claim], &Point::default(), &options);
        let problem = result.err().unwrap_or_else(|| panic!("{text}"));
        assert!(problem.message.contains(message), "{text}: {problem}");
        assert!(problem.span.is_some(), "{text}");
    }
}
