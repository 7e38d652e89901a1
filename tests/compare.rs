//! The comparison's figures against independent computations, and its promises
//! on random formulas.

mod random;

use random::SplitMix;
use std::str::FromStr;
use ulpscope::arithmetic::native::Libm;
use ulpscope::format::{Format, NAMED_FORMATS};
use ulpscope::language::Definitions;
use ulpscope::measure::{Bounds, Verdict};
use ulpscope::study::{Case, Comparison, Options, Point, Row, Subject, compare};

fn run(text: &str, at: &str, formats: &str, options: &Options) -> Comparison {
    let mut definitions = Definitions::new();
    let point = Point::parse(&mut definitions, at, options.precision_limit).unwrap();
    let subject = Subject::parse(&mut definitions, text, &point).unwrap();
    let formats: Vec<Format> = formats
        .split(',')
        .map(|name| name.parse().unwrap())
        .collect();
    compare(&[subject], &formats, options)
}

fn rows(text: &str, at: &str, formats: &str) -> Vec<Row> {
    run(text, at, formats, &Options::default())
        .formulas
        .remove(0)
        .rows
}

fn computed(row: &Row) -> String {
    row.computed.as_ref().unwrap().decimal()
}

fn within(bounds: &Option<Bounds>, low: f64, high: f64) -> bool {
    let bounds = bounds.as_ref().unwrap();
    bounds.lower >= low && bounds.upper <= high && bounds.lower <= bounds.upper
}

fn case_rows(at: &str, formats: &str) -> Vec<Row> {
    let mut definitions = Definitions::new();
    let options = Options::default();
    let case = Case::find("sigmoid-50").unwrap();
    let (mut point, claims) = case
        .load(&mut definitions, options.precision_limit)
        .unwrap();
    let other = Point::parse(&mut definitions, at, options.precision_limit).unwrap();
    point.override_with(other);
    let formats: Vec<Format> = formats
        .split(',')
        .map(|name| name.parse().unwrap())
        .collect();
    let (result, _) = case
        .run(
            &mut definitions,
            (&point, &claims),
            Some(&formats),
            &options,
        )
        .unwrap();
    result.comparison.formulas.into_iter().next().unwrap().rows
}

/// Figures from an independent computation.
#[test]
fn the_case() {
    let rows = case_rows("w=0.8", "f16,bf16,f32,f64,mpfr:72,mpfr:73,f128");
    for row in &rows[..5] {
        assert_eq!(computed(row), "0", "{}", row.arithmetic);
        assert_eq!(row.relative_error, Some(Bounds::point(1)), "exactly 1");
    }
    assert_eq!(rows[0].rounded_once.as_ref().unwrap().decimal(), "0");
    assert_eq!(rows[0].verdict, Some(Verdict::LimitOfTheFormat));
    for row in &rows[1..] {
        assert_eq!(row.verdict, Some(Verdict::Avoidable), "{}", row.arithmetic);
    }
    assert!(within(&rows[3].bits_of_error, 61.85, 61.95));
    assert!(within(&rows[5].relative_error, 0.0975, 0.0985));
    assert!(within(&rows[6].relative_error, 2.5e-13, 2.65e-13));
    // 0.8 × 62.5 is 50 exactly; with the double nearest 0.8 it is 50.0000000000000027755…,
    // which lowers the gradient by about that much.
    assert!(within(&rows[3].inputs_cost, -2.8e-15, -2.7e-15));
    assert_eq!(rows[3].engine, "hardware, core-math");
    assert_eq!(rows[4].engine, "emulated");
}

#[test]
fn the_case_elsewhere() {
    let rows = case_rows("w=0.4", "f32,f64");
    assert_eq!(computed(&rows[0]), "0");
    assert!(computed(&rows[1]).starts_with("1.7360002324"));
    assert!(within(&rows[1].relative_error, 4.15e-6, 4.25e-6));
}

#[test]
fn sigmoid_at_50() {
    for row in rows("sigmoid(z)", "z=50", "f16,bf16,f32,f64,f80,mpfr:72") {
        assert_eq!(computed(&row), "1", "{}", row.arithmetic);
    }
    let normal = rows("exp(-z)", "z=50", "f16,bf16,f32,f64");
    assert_eq!(computed(&normal[0]), "0");
    for row in &normal[1..] {
        let hex = row.computed.as_ref().unwrap().hex();
        assert!(hex.ends_with("p-73"), "{}: {hex} is normal", row.arithmetic);
    }
}

/// Unusual results: what there is no figure for is absent, with the reason.
#[test]
fn what_has_no_figure() {
    let overflow = &rows("x*x", "x=1e200", "f64")[0];
    assert_eq!(computed(overflow), "inf");
    assert_eq!(overflow.verdict, Some(Verdict::LimitOfTheFormat));
    assert!(
        overflow
            .relative_error
            .as_ref()
            .unwrap()
            .lower
            .is_infinite()
    );

    // An input that overflows goes into the computation as a program's would.
    let nan = &rows("x - x", "x=1e10", "f16")[0];
    assert_eq!(computed(nan), "NaN");
    assert_eq!(
        nan.reasons,
        ["an input has no finite value in f16: no verdict"]
    );
    let zero = &rows("1/x", "x=1e10", "f16")[0];
    assert_eq!(computed(zero), "0");

    // A negative input that underflows is −0 there, of which no real function tells.
    let minus_zero = &rows("1/x", "x=-1e-50", "f32")[0];
    assert_eq!(computed(minus_zero), "-inf");
    assert_eq!(minus_zero.rounded_once.as_ref().unwrap().decimal(), "-inf");
    assert!(minus_zero.verdict.is_none() && minus_zero.reasons.len() == 1);

    let infinite = &rows("inf", "", "f64")[0];
    assert_eq!(computed(infinite), "inf");
    assert_eq!(
        infinite.reasons,
        ["the exact value is no finite number to compare with"]
    );

    let undefined = &rows("log(x)", "x=-1", "f64")[0];
    assert_eq!(computed(undefined), "NaN");
    assert!(undefined.relative_error.is_none() && undefined.verdict.is_none());
    assert_eq!(
        undefined.reasons,
        ["undefined: `log(x)` (the natural logarithm, x > 0)"]
    );

    let lost = &rows("(x + 1) - 1 - x", "x=1e-20", "f64")[0];
    assert!(
        lost.relative_error.is_none(),
        "relative to an exact 0 there is no error"
    );
    assert!(lost.absolute_error.is_some() && lost.ulps.is_some());
    assert_eq!(lost.bits_of_error.as_ref().unwrap().tenths(), "61.9");

    let range = &rows("exp(exp(x))", "x=50", "mpfr:60")[0];
    assert!(range.computed.is_none());
    assert!(
        range
            .reasons
            .iter()
            .any(|reason| reason.contains("mpfr:60 can hold"))
    );
}

#[test]
fn verdicts() {
    let verdict = |text, at, format| rows(text, at, format)[0].verdict.unwrap();
    assert_eq!(
        verdict("x + y", "x=0.1, y=0.2", "f64"),
        Verdict::BestPossible
    );
    assert_eq!(verdict("x + x*x", "x=1e-200", "f64"), Verdict::BestPossible);
    assert_eq!(verdict("x*x", "x=1e-200", "f64"), Verdict::LimitOfTheFormat);
    assert_eq!(verdict("-x^2 + x", "x=0.1", "f64"), Verdict::Faithful);
    assert_eq!(verdict("(1 + x) - 1", "x=1e-10", "f64"), Verdict::Avoidable);
    // f8e4m3fn has NaN, not infinity, above 448: both are neighbours of 480.
    assert_eq!(
        verdict("(x + 16) + 16", "x=448", "f8e4m3fn"),
        Verdict::Faithful
    );
    // In a directed mode the best is the exact value rounded that way.
    assert_eq!(verdict("1/x", "x=3", "f64/ru"), Verdict::BestPossible);
    assert_eq!(verdict("1/x", "x=3", "f64/rna"), Verdict::BestPossible);
}

/// Whether best is off by more than u is decided exactly, however near it is.
#[test]
fn limits_of_the_format_near_the_unit_roundoff() {
    let verdict = |text: &str, at: &str, format| rows(text, at, format)[0].verdict.unwrap();
    for (d, expected) in [
        ("+ 2^-100", Verdict::LimitOfTheFormat),
        ("+ 2^-300", Verdict::LimitOfTheFormat),
        ("- 2^-100", Verdict::BestPossible),
    ] {
        let text = format!("2^-24/(1 - 2^-11)*(1 {d})");
        assert_eq!(verdict(&text, "", "f16"), expected, "{text}");
    }
    assert_eq!(
        verdict("(x + 1e-17)*x", "x=256", "f8e5m2/sat"),
        Verdict::LimitOfTheFormat
    );
}

/// Nobody knows whether this value exists: no bound, no error, no verdict.
#[test]
fn a_value_that_may_not_exist_has_no_figures() {
    let result = run(
        "sqrt(sqrt(2)^2 - 2) + x",
        "x=0.1",
        "f32,f64",
        &Options::default(),
    );
    let exact = &result.formulas[0].exact;
    assert!(exact.digits.is_none() && exact.lower.is_none() && exact.upper.is_none());
    for row in &result.formulas[0].rows {
        assert!(row.computed.is_some() && row.rounded_once.is_none() && row.verdict.is_none());
        assert!(row.absolute_error.is_none() && row.relative_error.is_none());
        assert!(row.ulps.is_none() && row.correct_bits.is_none() && row.inputs_cost.is_none());
        assert!(!row.reasons.is_empty());
    }
}

/// An enclosure of either sign is shown as one.
#[test]
fn a_cost_that_is_only_enclosed_keeps_both_signs() {
    let options = Options {
        precision_limit: 128,
        ..Options::default()
    };
    let result = run("cos(y) + 1e-3", "y=-86e-45", "bf16/rd", &options);
    let cost = result.formulas[0].rows[0].inputs_cost.clone().unwrap();
    assert!(cost.lower < -4.2e-81 && cost.upper > 0, "{cost:?}");
    assert!(
        cost.percent_or_plain().starts_with("0 ± "),
        "{}",
        cost.percent_or_plain()
    );
    // Relative to what may be 0 there is no cost to tell.
    let row = &rows("sqrt(2)^2 - 2 + x", "x=1e-50000", "f64")[0];
    assert_eq!(row.inputs_cost, None);
}

/// What an inner fl rounds for itself is not rounded to the row's format.
#[test]
fn inputs_of_an_inner_fl() {
    let row = &rows("fl(sin(y) - y, bf16)", "y=-9", "f8e5m2")[0];
    assert_eq!(
        (computed(row), row.verdict),
        ("8".into(), Some(Verdict::BestPossible))
    );
    assert_eq!(row.inputs_cost, Some(Bounds::point(0)));
    let row = &rows("fl(x, bf16)", "x=1e6", "f16")[0];
    assert_eq!(
        (computed(row), row.verdict),
        ("inf".into(), Some(Verdict::LimitOfTheFormat))
    );
    let row = &rows("fl(x, f32) + 0*x", "x=pi", "f64")[0];
    assert_eq!(computed(row), "3.1415927410125732");
}

/// What rounding the inputs cost, where the exact values agree or are rational.
#[test]
fn inputs_that_cost_nothing() {
    for text in ["x/x*0.1", "if x > 0 then 0.1 else 0.2"] {
        let row = &rows(text, "x=0.3", "f32")[0];
        assert_eq!(row.inputs_cost, Some(Bounds::point(0)), "{text}");
        assert!(row.reasons.is_empty());
    }
    let row = &rows("tanh(sin(448)*(y/y))", "y=-1.4", "f32")[0];
    assert!(row.inputs_cost.as_ref().unwrap().upper < 1e-30);
}

/// An operation that becomes too costly leaves what was known before.
#[test]
fn a_costly_operation_does_not_spoil_the_rest() {
    let all = run("exp(lgamma(y))", "y=5", "f64,f32", &Options::default());
    assert!(
        all.formulas[0]
            .exact
            .digits
            .as_ref()
            .unwrap()
            .starts_with("24 ± ")
    );
    for row in &all.formulas[0].rows {
        assert_eq!(row.rounded_once.as_ref().unwrap().decimal(), "24");
        assert!(row.relative_error.is_some() && row.ulps.is_some());
    }
}

/// Digits of a table are certain: 71362 is not 71000.
#[test]
fn figures_show_no_digits_that_are_not_certain() {
    let row = &rows("x", "x=1e-40", "f32/ftz")[0];
    assert_eq!(row.ulps.as_ref().unwrap().decimal(2), "7.1e4");
    let row = &rows("x*x - y*y", "x=1.00001, y=1", "f64")[0];
    assert_eq!(row.ulps.as_ref().unwrap().decimal(2), "4.1e4");
}

/// The inputs that a result names are those it used.
#[test]
fn a_definition_takes_an_inputs_place() {
    let mut definitions = Definitions::new();
    let options = Options::default();
    definitions.add("test", "w = 3").unwrap();
    let case = Case::find("sigmoid-50").unwrap();
    let (point, claims) = case
        .load(&mut definitions, options.precision_limit)
        .unwrap();
    let (result, _) = case
        .run(&mut definitions, (&point, &claims), None, &options)
        .unwrap();
    let names: Vec<&str> = result
        .comparison
        .inputs
        .iter()
        .map(|i| i.name.as_str())
        .collect();
    assert!(!names.contains(&"w"), "{names:?}");
}

#[test]
fn the_platform_is_named() {
    let options = Options {
        libm: Libm::Platform,
        ..Options::default()
    };
    let result = run("exp(x)", "x=1", "f64", &options);
    assert_eq!(result.libm, "platform");
    assert_eq!(result.formulas[0].rows[0].engine, "hardware, platform");
}

/// A random expression over x and y.
fn expression(random: &mut SplitMix, depth: u32) -> String {
    if depth == 0 {
        let leaves = [
            "x",
            "y",
            "1",
            "0.1",
            "-3",
            "1e-30",
            "pi",
            "e",
            "0",
            "1e30",
            "0x1p-1070",
        ];
        return random.pick(&leaves).to_string();
    }
    let inner = |random: &mut SplitMix| expression(random, depth - 1);
    match random.next() % 4 {
        0 => {
            let op = random.pick(&["+", "-", "*", "/", "^"]);
            format!("({}) {op} ({})", inner(random), inner(random))
        }
        1 => format!(
            "if ({}) < ({}) then ({}) else ({})",
            inner(random),
            inner(random),
            inner(random),
            inner(random)
        ),
        2 => {
            let wrap = random.pick(&[
                "cast({}, f16)",
                "fl({}, bf16)",
                "|{}|",
                "atan2({}, y)",
                "hypot(x, {})",
                "fma({}, x, y)",
                "min({}, 1)",
                "max(y, {})",
                "polygamma(1, {})",
                "polygamma({}, x)",
            ]);
            wrap.replace("{}", &inner(random))
        }
        _ => {
            let f = random.pick(&[
                "exp", "log", "sqrt", "sin", "cos", "tan", "atan", "tanh", "cbrt", "expm1",
                "log1p", "erf", "erfc", "gamma", "lgamma", "floor", "round", "sigmoid", "softplus",
                "gelu", "acosh", "asin", "exp2",
            ]);
            format!("{f}({})", inner(random))
        }
    }
}

/// Whatever the formula, the formats and the point: no panic, bounds in order,
/// and what the figures say of each other holds.
#[test]
fn random_formulas_keep_the_promises() {
    let seed = std::env::var("ULPSCOPE_SEED").map_or(7, |seed| seed.parse().unwrap());
    let mut random = SplitMix(seed);
    let mut names: Vec<String> = NAMED_FORMATS
        .iter()
        .map(|row| row.name.to_string())
        .collect();
    names.extend(
        [
            "mpfr:2",
            "mpfr:90",
            "e4m9/rz",
            "f32/ru",
            "f64/rd",
            "f16/rna",
            "bf16/ftz",
            "f8e4m3fn/sat",
        ]
        .map(String::from),
    );
    let options = Options {
        precision_limit: 1000,
        ..Options::default()
    };
    let mut measured = 0;
    for case in 0..300 {
        let text = expression(&mut random, 1 + case % 3);
        let values = [
            "0", "-1", "0.1", "1e-8", "-2.5", "1e5", "3.3e38", "1/3", "pi", "2^-149", "57",
            "1e-320",
        ];
        let at = format!("x={}, y={}", random.pick(&values), random.pick(&values));
        let context = format!("ULPSCOPE_SEED={seed}, case {case}: {text} at {at}");
        let result = run(&text, &at, &names.join(","), &options);
        serde_json::to_string(&result).unwrap();
        for row in &result.formulas[0].rows {
            let format = Format::from_str(&row.arithmetic).unwrap();
            let all = [
                &row.absolute_error,
                &row.ulps,
                &row.correct_bits,
                &row.bits_of_error,
            ];
            for bounds in all.into_iter().flatten() {
                assert!(
                    bounds.lower <= bounds.upper && bounds.lower >= 0,
                    "{context}: {row:?}"
                );
            }
            if let Some(bits) = &row.correct_bits {
                assert!(bits.upper <= format.precision(), "{context}: {row:?}");
            }
            if let (Some(relative), Some(bits)) = (&row.relative_error, &row.correct_bits) {
                // No error and all bits correct go together.
                if relative.upper.is_zero() {
                    assert_eq!(bits.lower, format.precision(), "{context}: {row:?}");
                }
                measured += 1;
            }
            if let (Some(computed), Some(rounded)) = (&row.computed, &row.rounded_once) {
                let agree = computed.hex().trim_start_matches('-') == "0x0p0"
                    && rounded.hex().trim_start_matches('-') == "0x0p0"
                    || computed.hex() == rounded.hex();
                let none = row
                    .bits_of_error
                    .as_ref()
                    .is_none_or(|bits| bits.upper.is_zero());
                assert!(!agree || none, "{context}: {row:?}");
            }
            let missing =
                row.computed.is_none() || row.rounded_once.is_none() || row.verdict.is_none();
            assert!(!missing || !row.reasons.is_empty(), "{context}: {row:?}");
        }
    }
    assert!(measured > 1000, "only {measured} rows had figures");
}
