//! What is known to break programs of this kind. `reports/robustness.md` tells
//! for each such thing what is done about it, and the test that holds it: here,
//! or among the tests of what it is about.

mod memory;

use memory::{limited, said};
use rug::{Float, Rational};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use ulpscope::arithmetic::emulated::{Input, operate};
use ulpscope::arithmetic::native::Libm;
use ulpscope::evaluate::{Engine, compute, engine};
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula, Op};
use ulpscope::language::Definitions;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ulpscope"));
    command.args(arguments).output().unwrap()
}

fn formula(text: &str) -> Formula {
    let source = Definitions::new().formula("test", text).unwrap();
    source.inline(Context::Ambient).unwrap()
}

fn computed(text: &str, format: &str, x: f64) -> Float {
    let format: Format = format.parse().unwrap();
    let inputs = [Input::Exact(Rational::from_f64(x).unwrap())];
    compute(&formula(text), format, Libm::CoreMath, &inputs).unwrap()
}

#[test]
fn precisions_have_limits() {
    for arguments in [
        &["eval", "pi", "-n", "0"][..],
        &["eval", "pi", "-n", "100000000000"],
        &["eval", "pi", "--precision-limit", "0"],
        &["eval", "pi", "--precision-limit", "99999999999"],
        &["eval", "fl(pi, mpfr:0)"],
        &["eval", "fl(pi, mpfr:16777217)"],
        &["compare", "pi", "--in", "mpfr:0"],
        &["compare", "pi", "--in", "mpfr:99999999999999999999"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(said(&output).starts_with("error: "), "{output:?}");
    }
    for bits in [0, 1, (1 << 24) + 1, u32::MAX] {
        assert!(Format::mpfr(bits).is_none(), "{bits}");
    }
}

/// What MPFR could not hold, or would take minutes for, is refused at once.
#[test]
fn what_would_take_too_much_is_refused() {
    for text in [
        "10^(4*10^9)",
        "2^(2^62)",
        "sin(1.5*2^1073741820)",
        "sin(1.5*2^10000000)",
        "cos(1.5*2^100000000) + tan(1.5*2^1000000000)",
        "log(exp(1e9))",
        "log(exp(1e9)) == 1e9",
        "gamma(1e300)",
        "exp(exp(exp(20)))",
    ] {
        let start = Instant::now();
        let output = run(&["eval", text]);
        let time = start.elapsed();
        assert_eq!(output.status.code(), Some(2), "{text}: {output:?}");
        let text_of = String::from_utf8(output.stdout).unwrap();
        assert!(text_of.starts_with("undecided: "), "{text}: {text_of}");
        assert!(time < Duration::from_secs(10), "{text}: {time:?}");
    }
}

/// Neither zero nor refuted, whatever the precision.
#[test]
fn what_no_precision_decides_is_undecided() {
    for text in [
        "sqrt(2)^2 - 2",
        "sqrt(2)^2 == 2",
        "sin(2)^2 + cos(2)^2 == 1",
    ] {
        let output = run(&["eval", text, "--precision-limit", "2000"]);
        let text_of = String::from_utf8(output.stdout).unwrap();
        assert!(text_of.starts_with("undecided: "), "{text}: {text_of}");
    }
    let output = run(&["eval", "sin(1) - sin(1)"]);
    assert_eq!(output.stdout, b"0\n");
}

/// A result beyond the format is seen in what MPFR rounded away, not in its value.
#[test]
fn underflow_is_told_by_what_was_rounded() {
    for (text, cause) in [
        (
            "cause(fl(1e-30, f32)*fl(1e-30, f32), f32) == underflow",
            "true",
        ),
        ("cause(0*fl(1e-30, f32), f32) == underflow", "false"),
        ("cause(0*fl(1e-30, f32), f32) == exact", "true"),
    ] {
        assert_eq!(
            run(&["eval", text]).stdout,
            format!("{cause}\n").as_bytes(),
            "{text}"
        );
    }
}

/// There is no reciprocal root whose zero could have MPFR's sign: what people
/// write is a quotient.
#[test]
fn the_reciprocal_root_of_minus_zero_is_ieees() {
    let minus = Float::with_val(53, -0.0);
    for name in ["f16", "f32", "f64", "mpfr:80"] {
        let format: Format = name.parse().unwrap();
        let result = compute(
            &formula("1/sqrt(x)"),
            format,
            Libm::CoreMath,
            &[Input::Rounded(minus.clone())],
        );
        let result = result.unwrap();
        assert!(result.is_infinite() && result.is_sign_negative(), "{name}");
    }
    assert!(Op::function("rsqrt").is_none());
}

#[test]
fn a_difference_rounded_down_is_minus_zero() {
    for (format, negative) in [
        ("f32/rd", true),
        ("f64/rd", true),
        ("f64", false),
        ("f64/ru", false),
    ] {
        let zero = computed("x - x", format, 1.5);
        assert!(
            zero.is_zero() && zero.is_sign_negative() == negative,
            "{format}"
        );
    }
    let output = run(&[
        "compare", "x - x", "--at", "x=1", "--in", "f32/rd", "--as", "csv",
    ]);
    assert!(String::from_utf8(output.stdout).unwrap().contains(",-0,"));
}

#[test]
fn e4m3fn_overflows_to_nan_or_saturates() {
    assert!(computed("x*x", "f8e4m3fn", 30.0).is_nan());
    assert_eq!(computed("x*x", "f8e4m3fn/sat", 30.0), 448);
    assert_eq!(computed("-x*x", "f8e4m3fn/sat", 30.0), -448);
}

/// An exponent that no machine integer holds is out of range, not near zero.
#[test]
fn exponents_beyond_machine_integers() {
    for text in [
        "1e-9223372036854775808",
        "0x1p-9223372036854775808",
        "1e9223372036854775807",
        "0.001e-9223372036854775807",
        "1e99999999999999999999999999999999",
    ] {
        let message = Definitions::new().formula("test", text).unwrap_err();
        assert!(
            message.message.contains("out of range"),
            "{text}: {message}"
        );
    }
}

/// Roundings that the hardware's library has not are MPFR's.
#[test]
fn directed_modes_are_emulated() {
    let graph = formula("exp(x) + 1");
    let native = Engine::Native(Libm::CoreMath);
    for (name, expected) in [
        ("f64", native),
        ("f32", native),
        ("f64/ru", Engine::Emulated),
        ("f32/rz", Engine::Emulated),
        ("f64/rd+ftz", Engine::Emulated),
    ] {
        let format: Format = name.parse().unwrap();
        assert_eq!(engine(&graph, format, Libm::CoreMath), expected, "{name}");
    }
    assert!(computed("exp(x)", "f64/rd", 1.0) < computed("exp(x)", "f64/ru", 1.0));
}

/// Every thread has MPFR's whole range of exponents, for nobody narrows it.
#[test]
fn threads_have_mpfrs_whole_range() {
    let value = || {
        let format = Format::mpfr(60).unwrap();
        let mut result = Float::new(60);
        let huge = Float::with_val(60, Float::i_exp(1, 1 << 29));
        operate(
            &Op::Mul,
            &format,
            &[&huge, &Float::with_val(60, 3)],
            &mut result,
        )
        .unwrap();
        result
    };
    let here = value();
    assert!(here.is_finite());
    let there = std::thread::spawn(value).join().unwrap();
    assert_eq!(here, there);
    for text in sources(Path::new("src")) {
        for name in ["set_emin", "set_emax", "clear_flags"] {
            assert!(!text.contains(name), "{name}");
        }
    }
}

/// A program that is ended while it writes leaves the old file or the new one.
#[test]
#[cfg(unix)]
fn an_export_that_is_killed_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let over = ["--over", "z=0..20:0.01", "--in", "f16,f32", "--export"];
    let arguments = [
        &["sweep", "sigmoid(z)"],
        &over[..],
        &[path.to_str().unwrap()],
    ]
    .concat();
    let start = Instant::now();
    assert!(run(&arguments).status.success());
    let whole = start.elapsed();
    let new = fs::read(&path).unwrap();
    for part in 1..=20 {
        fs::write(&path, "old").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_ulpscope"))
            .args(&arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * part / 18);
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let found = fs::read(&path).unwrap();
        assert!(found == b"old" || found == new, "after {part} parts of 18");
    }
}

/// Threads that cannot be had are done without.
#[test]
#[cfg(target_os = "linux")]
fn too_many_threads_are_fewer() {
    let arguments = [
        "verify",
        "-e",
        "exp(x) > x for x in [0, 1]",
        "--jobs",
        "1024",
    ];
    let output = limited(256, &arguments);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("proved"), "{output:?}");
    for megabytes in [32, 64, 96, 112, 128, 160, 192] {
        let output = limited(megabytes, &arguments);
        assert!(memory::ended_cleanly(&arguments, megabytes, &output));
    }
}

fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("fuzz") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
    found
}

#[test]
fn the_page_names_tests_that_exist() {
    let page = fs::read_to_string("reports/robustness.md").unwrap();
    let texts = [sources(Path::new("src")), sources(Path::new("tests"))].concat();
    let tests: HashSet<&str> = texts
        .iter()
        .flat_map(|text| text.split("#[test]\n").skip(1))
        .filter_map(|text| text.split_once("fn ")?.1.split_once("()"))
        .map(|(name, _)| name)
        .collect();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 5, "{row}");
        assert!(
            cells.iter().skip(1).take(3).all(|cell| !cell.is_empty()),
            "{row}"
        );
        for name in cells[3].split('`').skip(1).step_by(2) {
            assert!(tests.contains(name), "there is no test {name}");
            named += 1;
        }
    }
    assert!(named > 30, "{named}");
}
