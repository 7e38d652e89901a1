//! Scans against a recount point by point, by other routes: the errors and
//! verdicts of a comparison, and the language's own `cause`.

use rug::{Float, Rational};
use std::collections::BTreeMap;
use std::process::{Command, Output};
use ulpscope::arithmetic::emulated::Input;
use ulpscope::arithmetic::native::Libm;
use ulpscope::evaluate::compute;
use ulpscope::format::Format;
use ulpscope::formula::{Cause, Context};
use ulpscope::language::Definitions;
use ulpscope::measure::{self, Verdict};
use ulpscope::study::{Class, Options, Point, Scan, Silent, Subject, scan, scan_space};
use ulpscope::truth::{Truth, Unanswered};

const LIMIT: u32 = 4000;

fn scanned(text: &str, over: &[String], format: Format, top: usize) -> Scan {
    let mut definitions = Definitions::new();
    let none = Point::default();
    let space = scan_space(&mut definitions, over, format, (&none, &none), LIMIT);
    let (space, point) = space.unwrap();
    let subject = Subject::parse(&mut definitions, text, &point).unwrap();
    let options = Options {
        precision_limit: LIMIT,
        ..Options::default()
    };
    scan(&subject, &space, &[format], top, &options, &Silent).unwrap()
}

/// What a scan counts, in an order that can be compared.
#[derive(Debug, PartialEq, Default)]
struct Counts {
    classes: BTreeMap<String, u64>,
    /// By log2 of the upper bound.
    ulps: BTreeMap<i32, u64>,
    bits: BTreeMap<u32, u64>,
    causes: BTreeMap<String, u64>,
}

fn counts_of(result: &Scan) -> Counts {
    let row = &result.rows[0];
    let word = |cause: &Option<Cause>| cause.map_or("unknown", Cause::word).to_string();
    Counts {
        classes: row
            .classes
            .iter()
            .map(|count| (count.class.to_string(), count.points))
            .collect(),
        ulps: row
            .ulps_histogram
            .iter()
            .map(|bin| (bin.up_to_log2, bin.points))
            .collect(),
        bits: row
            .bits_histogram
            .iter()
            .map(|bin| (bin.from, bin.points))
            .collect(),
        causes: row
            .causes
            .iter()
            .map(|count| (word(&count.cause), count.points))
            .collect(),
    }
}

/// All points one after the other: `numbers` has those of each variable.
fn recounted(text: &str, names: &[&str], numbers: &[Vec<Float>], format: Format) -> (Counts, f64) {
    let mut definitions = Definitions::new();
    let source = definitions.formula("test", text).unwrap();
    let exact = source.inline(Context::Real).unwrap();
    let graph = match format.functions() {
        Some(_) => source.inline(Context::Fixed(format)).unwrap(),
        None => source.inline(Context::Ambient).unwrap(),
    };
    let questions: Vec<_> = Cause::ALL
        .iter()
        .map(|cause| {
            let text = format!("cause({text}, {format}) == {}", cause.name());
            let question = definitions.formula("test", &text).unwrap();
            question.inline(Context::Real).unwrap()
        })
        .collect();
    let mut counts = Counts::default();
    let mut largest = 0.0_f64;
    let total: usize = numbers.iter().map(Vec::len).product();
    for index in 0..total {
        let mut rest = index;
        let mut point = vec![Rational::new(); names.len()];
        for (x, numbers) in point.iter_mut().zip(numbers).rev() {
            *x = numbers[rest % numbers.len()].to_rational().unwrap();
            rest /= numbers.len();
        }
        let at = |inputs: &[String]| -> Vec<Rational> {
            let place = |name: &String| names.iter().position(|own| own == name).unwrap();
            inputs
                .iter()
                .map(|name| point[place(name)].clone())
                .collect()
        };
        let inputs = at(graph.inputs())
            .into_iter()
            .map(Input::Exact)
            .collect::<Vec<_>>();
        let computed = compute(&graph, format, Libm::CoreMath, &inputs).unwrap();
        let mut truth = Truth::new(&exact, at(exact.inputs()), LIMIT);
        let class = match truth.rounded(&format) {
            Err(Unanswered::Undefined { .. }) if computed.is_finite() => Class::SpuriousNumber,
            Err(Unanswered::Undefined { .. }) => Class::Undefined,
            Err(Unanswered::Undecided { .. }) => Class::Undecided,
            Ok(rounded) => {
                let class = if computed.is_nan() && rounded.is_nan() {
                    Class::Correct
                } else if computed.is_nan() {
                    Class::SpuriousNan
                } else {
                    match measure::verdict(&mut truth, &computed, &format) {
                        Ok(Verdict::BestPossible | Verdict::LimitOfTheFormat) => Class::Correct,
                        Ok(Verdict::Faithful) => Class::Faithful,
                        Ok(Verdict::Avoidable) if computed.is_zero() => Class::SpuriousZero,
                        Ok(Verdict::Avoidable) if computed.is_infinite() => Class::SpuriousInfinity,
                        Ok(Verdict::Avoidable) => Class::Worse,
                        // What the budget leaves open is only how far off it is.
                        Err(_) if rounded == computed => Class::Correct,
                        Err(_) => Class::Undecided,
                    }
                };
                if class != Class::Undecided {
                    // In mpfr:P floats are not counted.
                    if let Some(bits) = measure::bits_of_error(&format, &computed, &rounded) {
                        let whole = bits.lower.to_f64().floor() as u32;
                        *counts.bits.entry(whole).or_default() += 1;
                    }
                    if computed.is_finite() {
                        let errors = measure::errors(&mut truth, &computed, &format).unwrap();
                        if let Some(ulps) = errors.ulps {
                            largest = largest.max(ulps.upper.to_f64());
                            // The exponent of the next power of two; 2^(e−1) ≤ x < 2^e for MPFR's e.
                            let e = ulps.upper.get_exp().unwrap_or(-1);
                            let power = ulps.upper == Float::with_val(2, 1) << (e - 1);
                            let bin = (if power { e - 1 } else { e }).max(-1);
                            *counts.ulps.entry(bin).or_default() += 1;
                        }
                    }
                }
                class
            }
        };
        *counts.classes.entry(class.to_string()).or_default() += 1;
        let holds = questions.iter().map(|question| {
            Truth::new(question, at(question.inputs()), LIMIT)
                .holds()
                .ok()
        });
        let cause = Cause::ALL
            .iter()
            .zip(holds)
            .find(|(_, holds)| *holds == Some(true));
        let word = cause.map_or("unknown", |(cause, _)| cause.word());
        *counts.causes.entry(word.to_string()).or_default() += 1;
    }
    (counts, largest)
}

/// The finite numbers of a format in a range, zero once.
fn numbers(format: Format, low: f64, high: f64) -> Vec<Float> {
    let mut x = format
        .with_rounding(ulpscope::format::Rounding::Up)
        .round(&Float::with_val(53, low));
    let mut all = Vec::new();
    while x <= high && x.is_finite() {
        // Above the negative numbers comes −0, which stands for both zeros.
        all.push(if x.is_zero() {
            Float::new(2)
        } else {
            x.clone()
        });
        x = format.next_up(&x);
    }
    all
}

const FORMULAS: &[&str] = &[
    "sigmoid(x)",
    "2*(1/(1 + exp(-x)))*(1/(1 + exp(-x)))*(1 - 1/(1 + exp(-x)))*62.5",
    "sqrt(x + 1) - sqrt(x)",
    "(exp(x) - 1)/x",
    "(1 - cos(x))/x^2",
    "log(x)",
    "1/x",
    "x*x",
    "fma(x, x, -1)",
    "tanh(x)",
    "x - x*x",
    "if x > 1 then x + 1e-3 else abs(x)*3",
    "x^3",
    "0.1 + 0*x",
    "exp2(x)",
    "log(sin(x))",
    "exp(x)/exp(x)",
    "min(x, 1e-7) + 0",
];

/// Ranges where something happens: around 0, at the ends, in between.
const RANGES: &[(f64, f64)] = &[
    (-1e-6, 1e-6),
    (0.9, 1.1),
    (-12.0, -11.0),
    (65000.0, 65504.0),
    (87.0, 90.0),
];

fn check(text: &str, over: Format, format: Format, (low, high): (f64, f64)) {
    let name = format!("x={over} in [{low}, {high}]");
    let result = scanned(text, std::slice::from_ref(&name), format, 3);
    let numbers = numbers(over, low, high);
    assert_eq!(result.points, numbers.len() as u64, "{name}");
    let (counts, largest) = recounted(text, &["x"], &[numbers], format);
    assert_eq!(counts_of(&result), counts, "{text} in {format}, {name}");
    if let Some(ulps) = &result.rows[0].largest_ulps {
        let (lower, upper) = (ulps.lower.to_f64(), ulps.upper.to_f64());
        let near = lower <= largest * (1.0 + 1e-9) && largest <= upper * (1.0 + 1e-9);
        assert!(
            near,
            "{text} in {format}, {name}: {largest:e} in [{lower:e}, {upper:e}]"
        );
        let first = &result.rows[0].worst[0].ulps;
        let sharp = upper - first.lower.to_f64() <= 1e-5 * upper;
        // Where all errors are 0 and nobody knows it, the bounds are what they are.
        let zero = first.lower.is_zero();
        assert!(sharp || zero, "{text}: the worst point");
    }
}

#[test]
fn counts_are_those_of_single_points() {
    for (number, text) in FORMULAS.iter().enumerate() {
        for (place, range) in RANGES.iter().enumerate() {
            // Each formula meets each range in some formats, and each format some.
            let formats = [
                "f16",
                "bf16",
                "f32",
                "f16/rz",
                "f8e4m3",
                "f8e4m3fn/sat",
                "f64",
                "bf16@f32",
                "mpfr:60",
                "bf16/rne+ftz",
                "f4e2m1fn",
            ];
            let format = formats[(number + place) % formats.len()].parse().unwrap();
            let over = if place % 2 == 0 {
                Format::F16
            } else {
                Format::BF16
            };
            check(text, over, format, *range);
        }
    }
}

#[test]
#[ignore = "every number of f16 and bf16 in several formats takes minutes"]
fn all_numbers_of_sixteen_bits() {
    for text in FORMULAS {
        for over in [Format::F16, Format::BF16] {
            for format in ["f16", "bf16", "f32"] {
                check(text, over, format.parse().unwrap(), (-3.4e38, 3.4e38));
            }
        }
    }
}

#[test]
fn pairs_meet_each_other() {
    let format: Format = "f8e4m3".parse().unwrap();
    for text in ["x*y", "x/y - y", "hypot(x, y)", "x + y", "x^y"] {
        let over = ["x=f8e4m3 in [-3, 3], y=f8e4m3".to_string()];
        let result = scanned(text, &over, format, 3);
        let axes = [numbers(format, -3.0, 3.0), numbers(format, -1e9, 1e9)];
        let (counts, _) = recounted(text, &["x", "y"], &axes, format);
        assert_eq!(counts_of(&result), counts, "{text}");
    }
}

/// A range cut in two adds up to the whole, wherever blocks begin and end.
#[test]
fn parts_add_up() {
    let over = |low: &str, high: &str| vec![format!("x=f32 in [{low}, {high}]")];
    for text in ["1/(1 + exp(-x))", "1 - cos(x)", "x - exp(-x)"] {
        let whole = scanned(text, &over("7", "37"), Format::F32, 2);
        let first = scanned(text, &over("7", "17.123"), Format::F32, 2);
        let second = scanned(text, &over("0x1.11f7d0p+4", "37"), Format::F32, 2);
        assert_eq!(first.points + second.points, whole.points);
        let (mut sum, other) = (counts_of(&first), counts_of(&second));
        fn add<K: Ord>(sum: &mut BTreeMap<K, u64>, other: BTreeMap<K, u64>) {
            for (key, points) in other {
                *sum.entry(key).or_default() += points;
            }
        }
        add(&mut sum.classes, other.classes);
        add(&mut sum.ulps, other.ulps);
        add(&mut sum.bits, other.bits);
        add(&mut sum.causes, other.causes);
        assert_eq!(sum, counts_of(&whole), "{text}");
    }
}

fn ulpscope(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ulpscope"));
    command.args(arguments).output().unwrap()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let run = |jobs: &str| {
        let output = ulpscope(&[
            "scan",
            "sqrt(x + 1) - sqrt(x)",
            "--over",
            "x=f32 in [100, 130]",
            "--in",
            "f32,bf16",
            "--top",
            "20",
            "--as",
            "json",
            "--jobs",
            jobs,
        ]);
        assert!(output.status.success());
        output.stdout
    };
    let one = run("1");
    for jobs in ["2", "3", "7"] {
        assert!(run(jobs) == one, "--jobs {jobs}");
    }
}

/// What is wrong is said in a line, with status 2.
#[test]
fn mistakes_are_named() {
    let cases: &[(&[&str], &str)] = &[
        (&["x"], "a scan needs a variable"),
        (&["x", "--over", "x=f23"], "`f23`"),
        (&["x", "--over", "x=mpfr:53"], "cannot be counted"),
        (
            &["x", "--over", "x=f128"],
            "cannot go over the numbers of f128",
        ),
        (&["x", "--over", "x=f64"], "up to 2^32 points"),
        (
            &["x*y*z", "--over", "x=f16,y=f16,z=f16"],
            "up to 2^32 points",
        ),
        (&["x", "--over", "x=f32 in [2, 1]"], "range"),
        (&["x", "--over", "x=f32/rz"], "no rounding"),
        (&["x", "--over", "x=f16,x=f16"], "two ranges"),
        (
            &["x", "--over", "x=f16", "--at", "x=1"],
            "a value and a range",
        ),
        (&["x*y", "--over", "x=f16"], "`y` has no value"),
        (&["x", "--over", "x=f16,y=f16"], "`y` does not occur"),
        (&["x < 1", "--over", "x=f16"], "a truth value"),
        (&["x*w", "--over", "x=f16", "--at", "w=pi"], "rational"),
        (&["x", "--over", "x in 1..9"], "numbers of a format"),
        (&["x", "--over", "x=f16 in [inf, inf]"], "range"),
        (&["x", "--over", ""], "variable"),
        (&["x", "--over", "x=f16 y=f16"], "names no format"),
    ];
    for (arguments, wanted) in cases {
        let mut all = vec!["scan"];
        all.extend_from_slice(arguments);
        let output = ulpscope(&all);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(wanted), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn other_shapes_of_the_question() {
    // Without a format in --over, the first arithmetic's numbers; none listed.
    let output = ulpscope(&[
        "scan",
        "x*y",
        "--over",
        "x in [1, 2]",
        "--at",
        "y=3",
        "--in",
        "bf16,f16",
        "--top",
        "0",
    ]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success());
    assert!(
        text.contains("x over the 129 numbers of bf16 from 1 to 2"),
        "{text}"
    );
    assert!(!text.contains("worst"), "{text}");
    // Another library's functions: counted, and no causes told.
    let output = ulpscope(&[
        "scan",
        "exp(x)",
        "--over",
        "x in [1, 2]",
        "--in",
        "f32",
        "--libm",
        "platform",
        "--over",
        "y in [1, 1]",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let output = ulpscope(&[
        "scan",
        "exp(x)",
        "--over",
        "x=f16 in [1, 2]",
        "--in",
        "f32,f64",
        "--libm",
        "platform",
    ]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(!text.contains("at the last operation"), "{text}");
}

/// The largest error is known where no point is listed, and where some points
/// could not be decided.
#[test]
fn the_largest_error_needs_no_list() {
    let over = ["z=f16".to_string()];
    let listed = scanned("1/(1 + exp(-z))", &over, Format::F16, 3);
    let none = scanned("1/(1 + exp(-z))", &over, Format::F16, 0);
    assert!(none.rows[0].worst.is_empty());
    let largest = |scan: &Scan| {
        let ulps = scan.rows[0].largest_ulps.as_ref().unwrap();
        (ulps.lower.to_f64(), ulps.upper.to_f64())
    };
    let ((a, b), (c, d)) = (largest(&listed), largest(&none));
    assert!(a <= d && c <= b && b - a < 1e-3 && d - c < 1e-3);

    let arguments = [
        "scan",
        "x - sqrt(x)^2 + 1/x",
        "--over",
        "x=f8e4m3 in [1, 16]",
        "--in",
        "f8e4m3",
        "--precision-limit",
        "64",
    ];
    let output = ulpscope(&arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("Undecided points (2) are not counted"),
        "{text}"
    );
}

/// Errors of 2^140000 ulps have their bin.
#[test]
fn enormous_errors_are_in_their_bins() {
    let text = "0.1*3 - 0.3 + x/2^140000";
    let over = ["x=f8e4m3 in [1, 1]".to_string()];
    let result = scanned(text, &over, "mpfr:21".parse().unwrap(), 1);
    let bins = &result.rows[0].ulps_histogram;
    assert_eq!(bins.len(), 1);
    let largest = result.rows[0].largest_ulps.as_ref().unwrap();
    let top = Float::with_val(64, &largest.upper).log2().to_f64();
    assert!(
        top <= f64::from(bins[0].up_to_log2) + 1e-9,
        "{top} {bins:?}"
    );
    assert!(
        top >= f64::from(bins[0].above_log2.unwrap_or(-9)),
        "{top} {bins:?}"
    );
}
