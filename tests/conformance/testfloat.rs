//! Berkeley TestFloat's vectors, level 1: every operation there on the emulated
//! formats in five rounding modes, with its flags, and on hardware to nearest.
//! Any NaN is any other; zeros are compared with their sign.

use super::faults::{Fault, caught, operate_with};
use super::flags::{FLAGS, FlagFault, Operation};
use super::page;
use super::suites::{self, Tally, decode, same, thousands};
use rayon::prelude::*;
use rug::{Float, Integer};
use std::collections::BTreeSet;
use ulpscope::arithmetic::native::{Hardware, Libm};
use ulpscope::enclosure::Enclosure;
use ulpscope::format::{Format, Pattern, Rounding};
use ulpscope::formula::Op;

/// The modes in the order of the vectors' columns.
const MODES: [Rounding; 5] = [
    Rounding::NearestEven,
    Rounding::Zero,
    Rounding::Down,
    Rounding::Up,
    Rounding::NearestAway,
];

const FORMATS: [&str; 5] = ["f16", "f32", "f64", "extF80", "f128"];

/// In a sample, a long file is read every so many lines.
const SAMPLE: usize = 7;

/// One file: `arity` operands of `from`, results in `to`.
struct File {
    name: String,
    from: &'static str,
    to: &'static str,
    arity: usize,
    /// The operation that goes with a mode; none where the language lacks it.
    op: fn(Rounding) -> Option<Op>,
}

fn files() -> Vec<File> {
    type Row = (&'static str, usize, fn(Rounding) -> Option<Op>);
    let operations: [Row; 6] = [
        ("add", 2, |_| Some(Op::Add)),
        ("sub", 2, |_| Some(Op::Sub)),
        ("mul", 2, |_| Some(Op::Mul)),
        ("div", 2, |_| Some(Op::Div)),
        ("sqrt", 1, |_| Some(Op::Sqrt)),
        ("roundToInt", 1, to_integer),
    ];
    let within = FORMATS.iter().flat_map(|format| {
        operations.iter().map(move |(name, arity, op)| File {
            name: format!("{format}_{name}"),
            from: format,
            to: format,
            arity: *arity,
            op: *op,
        })
    });
    let between = FORMATS
        .iter()
        .flat_map(|from| FORMATS.iter().map(move |to| (*from, *to)))
        .filter(|(from, to)| from != to)
        .chain([("bf16", "f32"), ("f32", "bf16")])
        .map(|(from, to)| File {
            name: format!("{from}_to_{to}"),
            from,
            to,
            arity: 1,
            op: |_| Some(Op::Convert),
        });
    within.chain(between).collect()
}

/// The operation to an integer that is a mode of TestFloat's.
fn to_integer(mode: Rounding) -> Option<Op> {
    match mode {
        Rounding::NearestEven => None, // The language has none.
        Rounding::Zero => Some(Op::Trunc),
        Rounding::Down => Some(Op::Floor),
        Rounding::Up => Some(Op::Ceil),
        Rounding::NearestAway => Some(Op::RoundHalfAway),
    }
}

/// The format of a file's name, spelled as TestFloat does.
fn format(name: &str) -> Format {
    let name = if name == "extF80" { "f80" } else { name };
    name.parse().expect("a format")
}

/// What came of files.
#[derive(Default)]
struct Found {
    values: Tally,
    flags: Tally,
    hardware: Tally,
    /// Results of operations that the language lacks.
    skipped: u64,
}

impl Found {
    fn add(self, other: Found) -> Found {
        Found {
            values: self.values.add(other.values),
            flags: self.flags.add(other.flags),
            hardware: self.hardware.add(other.hardware),
            skipped: self.skipped + other.skipped,
        }
    }
}

/// What is wrong with the implementation; nothing with the library's own.
#[derive(Clone, Copy, Default)]
struct Wrong {
    rounding: Option<Fault>,
    flags: Option<FlagFault>,
}

/// Runs one file, of a long one a sample of lines.
fn check(file: &File, every: usize, wrong: Wrong) -> Option<Found> {
    let text = suites::read(&format!("testfloat/{}.txt.xz", file.name))?;
    let every = if text.len() > 500_000 { every } else { 1 };
    let (from, to) = (format(file.from), format(file.to));
    let on_hardware = from == to && (from == Format::F32 || from == Format::F64);
    let mut found = Found::default();
    for (number, line) in suites::lines(&text).step_by(every) {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(
            words.len(),
            file.arity + 2 * MODES.len(),
            "{}:{number}",
            file.name
        );
        let (operands, results) = words.split_at(file.arity);
        let signalling = operands.iter().any(|bits| is_signalling(&from, bits));
        let operands: Vec<Float> = operands.iter().map(|bits| decode(&from, bits)).collect();
        let operands: Vec<&Float> = operands.iter().collect();
        let mut last: Option<(Op, Option<Enclosure>)> = None;
        for (mode, columns) in MODES.iter().zip(results.chunks(2)) {
            let Some(op) = (file.op)(*mode) else {
                found.skipped += 1;
                continue;
            };
            let format = to.with_rounding(*mode);
            let result = operate_with(wrong.rounding, &op, &format, &operands);
            let expected = decode(&to, columns[0]);
            let place = || format!("{}:{number}: {line}: {format}", file.name);
            found.values.check(same(&result, &expected), || {
                format!("{} gives {result}, not {expected}", place())
            });
            // Hardware rounds to nearest; to an integer it has each operation.
            if on_hardware && (*mode == Rounding::NearestEven || op != Op::Sqrt && file.arity == 1)
            {
                let result = if from == Format::F32 {
                    native::<f32>(&op, &operands, Float::to_f32)
                } else {
                    native::<f64>(&op, &operands, Float::to_f64)
                };
                found.hardware.check(same(&result, &expected), || {
                    format!("{}: hardware gives {result}, not {expected}", place())
                });
            }
            let (op, exact) = match last.take() {
                Some(known) if known.0 == op => last.insert(known),
                _ => {
                    let exact = exact(&op, &operands, from.precision().max(to.precision()));
                    last.insert((op, exact))
                }
            };
            let operation = Operation {
                op,
                operands: &operands,
                exact: exact.as_ref(),
                signalling,
            };
            let raised = operation.flags(&format, &result, wrong.flags);
            let expected = u8::from_str_radix(columns[1], 16).expect("flags");
            for (flag, name) in FLAGS {
                found.flags.check(raised & flag == expected & flag, || {
                    format!("{}: {name}: raised {raised:02X}", place())
                });
            }
        }
    }
    assert!(found.values.cases() > 0, "{} is empty", file.name);
    Some(found)
}

fn is_signalling(format: &Format, bits: &str) -> bool {
    let bits = Integer::from_str_radix(bits, 16).expect("hexadecimal digits");
    let pattern = format.pattern(&bits);
    matches!(
        pattern,
        Some(Pattern::Nan {
            quiet: Some(false),
            ..
        })
    )
}

/// What an operation gives without rounding, closely enough to tell it from every
/// number of its format; none where an operand is not finite.
///
/// A product of two numbers of p bits has 2p; a quotient or a root that is no
/// number of p bits is farther from each than 2^−2p of it; and of sums that have
/// more bits than that, one term is all but the whole.
fn exact(op: &Op, operands: &[&Float], precision: u32) -> Option<Enclosure> {
    let precision = 2 * precision + 16;
    let finite = operands.iter().all(|x| x.is_finite());
    let points: Vec<Enclosure> = operands
        .iter()
        .filter(|_| finite)
        .map(|x| {
            let mut point = Enclosure::new(precision);
            point.assign_point(x);
            point
        })
        .collect();
    let mut out = Enclosure::new(precision);
    match (op, points.as_slice()) {
        (_, []) => return None,
        (Op::Add, [x, y]) => out.assign_add(x, y),
        (Op::Sub, [x, y]) => out.assign_sub(x, y),
        (Op::Mul, [x, y]) => out.assign_mul(x, y),
        (Op::Div, [x, y]) => out.assign_div(x, y),
        (Op::Sqrt, [x]) => out.assign_sqrt(x),
        (Op::Trunc, [x]) => out.assign_trunc(x),
        (Op::Floor, [x]) => out.assign_floor(x),
        (Op::Ceil, [x]) => out.assign_ceil(x),
        (Op::RoundHalfAway, [x]) => out.assign_round_half_away(x),
        (Op::Convert, [x]) => out.assign_from(x),
        (op, _) => panic!("{} is none of TestFloat's", op.name()),
    }
    Some(out)
}

fn native<T: Hardware>(op: &Op, operands: &[&Float], from: impl Fn(&Float) -> T) -> Float {
    let operands: Vec<T> = operands.iter().map(|x| from(x)).collect();
    let operands: Vec<&T> = operands.iter().collect();
    T::operate(op, Libm::CoreMath, &operands).to_float()
}

fn check_all(every: usize, wrong: Wrong, is_taken: fn(&File) -> bool) -> Option<Found> {
    let files: Vec<File> = files().into_iter().filter(is_taken).collect();
    let each = files.par_iter().map(|file| check(file, every, wrong));
    each.try_reduce(Found::default, |a, b| Some(a.add(b)))
}

fn run(region: &str, every: usize) {
    let Some(found) = check_all(every, Wrong::default(), |_| true) else {
        return;
    };
    let figures = format!(
        "{} files. {}; {}.\n{}. {} results not computed.",
        files().len(),
        found.values.figures("results in five modes"),
        found.hardware.figures("results on hardware"),
        found.flags.figures("flags"),
        thousands(found.skipped),
    );
    found.values.finish(region);
    found.hardware.finish(&format!("{region}, hardware"));
    found.flags.finish(&format!("{region}, flags"));
    page::holds(region, &figures);
}

#[test]
fn no_file_is_left_out() {
    let Some(folder) = std::env::var_os("ULPSCOPE_SUITES") else {
        return;
    };
    let entries = std::fs::read_dir(std::path::Path::new(&folder).join("testfloat"));
    let there: BTreeSet<String> = entries
        .expect("the suite")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".txt.xz")?.to_string()))
        .collect();
    let ours: BTreeSet<String> = files().into_iter().map(|file| file.name).collect();
    assert_eq!(there, ours);
}

#[test]
fn every_file_in_part() {
    run("testfloat", SAMPLE);
}

#[test]
#[ignore = "takes a minute or more"]
fn every_file() {
    run("testfloat-all", 1);
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    // Mistakes show in the narrowest format as in all others.
    let is_taken = |file: &File| file.from == "f16" || file.to == "f16";
    let faults = [
        Fault::Truncates,
        Fault::SwapsModes,
        Fault::RoundsTwice,
        Fault::Flushes,
        Fault::Saturates,
    ];
    let figures = caught(&faults, |fault| {
        let wrong = Wrong {
            rounding: Some(fault),
            ..Wrong::default()
        };
        let found = check_all(SAMPLE, wrong, is_taken);
        found.expect("the suites").values
    });
    page::holds("testfloat-faults", &format!("Faults: {figures}."));
    let faults = [
        FlagFault::TinyBeforeRounding,
        FlagFault::DropsTernary,
        FlagFault::InfinityOverflows,
        FlagFault::NanIsInvalid,
    ];
    let figures = caught(&faults, |fault| {
        let wrong = Wrong {
            flags: Some(fault),
            ..Wrong::default()
        };
        let found = check_all(SAMPLE, wrong, is_taken);
        found.expect("the suites").flags
    });
    page::holds("testfloat-flags-faults", &format!("Faults: {figures}."));
}
