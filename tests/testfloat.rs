//! Berkeley TestFloat's vectors, level 1: every operation there on the emulated
//! formats in five rounding modes, and on hardware to nearest. Values are
//! compared (any NaN with any NaN, zeros with their sign); flags are not, for the
//! program finds events in its traces.

mod suites;

use rug::Float;
use suites::{Tally, decode, same};
use ulpscope::arithmetic::emulated::operate;
use ulpscope::arithmetic::native::{Hardware, Libm};
use ulpscope::format::{Format, Rounding};
use ulpscope::formula::Op;

/// The modes in the order of the vectors' columns.
const MODES: [Rounding; 5] = [
    Rounding::NearestEven,
    Rounding::Zero,
    Rounding::Down,
    Rounding::Up,
    Rounding::NearestAway,
];

/// The format of a file's name, spelled as TestFloat does.
fn format(name: &str) -> Format {
    let name = if name == "extF80" { "f80" } else { name };
    name.parse().expect("a format")
}

/// Runs one file: `arity` operands of `from`, results in `to`, by the operation
/// that goes with each column (none where the language lacks it).
fn run(file: &str, from: &str, to: &str, arity: usize, op: impl Fn(Rounding) -> Option<Op>) {
    let Some(text) = suites::read(&format!("testfloat/{file}.txt.xz")) else {
        return;
    };
    let (from, to) = (format(from), format(to));
    let columns: Vec<(Op, Format, usize)> = MODES
        .iter()
        .enumerate()
        .filter_map(|(i, &mode)| Some((op(mode)?, to.with_rounding(mode), arity + 2 * i)))
        .collect();
    let mut registers: Vec<Float> = columns
        .iter()
        .map(|(_, format, _)| Float::new(format.working_precision()))
        .collect();
    let on_hardware = from == to && (from == Format::F32 || from == Format::F64);
    let mut tally = Tally::default();
    let mut hardware = Tally::default();
    for (number, line) in suites::lines(&text) {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(words.len(), arity + 2 * MODES.len(), "{file}:{number}");
        let operands: Vec<Float> = words[..arity].iter().map(|x| decode(&from, x)).collect();
        let operands: Vec<&Float> = operands.iter().collect();
        for ((op, format, column), result) in columns.iter().zip(&mut registers) {
            operate(op, format, &operands, result).expect("a value");
            let expected = decode(&to, words[*column]);
            tally.check(same(result, &expected), || {
                format!("{number}: {line}: {format} gives {result}, not {expected}")
            });
        }
        if on_hardware {
            for (op, format, column) in &columns {
                // Hardware rounds to nearest; to an integer it has each operation.
                if format.rounding() != Rounding::NearestEven && columns.len() == MODES.len() {
                    continue;
                }
                let expected = decode(&to, words[*column]);
                let result = if from == Format::F32 {
                    native::<f32>(op, &operands, Float::to_f32)
                } else {
                    native::<f64>(op, &operands, Float::to_f64)
                };
                hardware.check(same(&result, &expected), || {
                    format!("{number}: {line}: hardware gives {result}, not {expected}")
                });
            }
        }
    }
    tally.finish(file);
    if on_hardware {
        hardware.finish(&format!("{file}, hardware"));
    }
}

fn native<T: Hardware>(op: &Op, operands: &[&Float], from: impl Fn(&Float) -> T) -> Float {
    let operands: Vec<T> = operands.iter().map(|x| from(x)).collect();
    let operands: Vec<&T> = operands.iter().collect();
    T::operate(op, Libm::CoreMath, &operands).to_float()
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

macro_rules! operations {
    ($($test:ident: $format:literal;)*) => {
        $(mod $test {
            use super::*;

            #[test]
            fn add() {
                run(concat!($format, "_add"), $format, $format, 2, |_| Some(Op::Add));
            }

            #[test]
            fn sub() {
                run(concat!($format, "_sub"), $format, $format, 2, |_| Some(Op::Sub));
            }

            #[test]
            fn mul() {
                run(concat!($format, "_mul"), $format, $format, 2, |_| Some(Op::Mul));
            }

            #[test]
            fn div() {
                run(concat!($format, "_div"), $format, $format, 2, |_| Some(Op::Div));
            }

            #[test]
            fn sqrt() {
                run(concat!($format, "_sqrt"), $format, $format, 1, |_| Some(Op::Sqrt));
            }

            #[test]
            fn round_to_integer() {
                run(concat!($format, "_roundToInt"), $format, $format, 1, to_integer);
            }
        })*
    };
}

operations! {
    f16: "f16";
    f32: "f32";
    f64: "f64";
    f80: "extF80";
    f128: "f128";
}

#[test]
fn conversions() {
    for (from, to) in [
        ("bf16", "f32"),
        ("f32", "bf16"),
        ("f16", "f32"),
        ("f16", "f64"),
        ("f16", "extF80"),
        ("f16", "f128"),
        ("f32", "f16"),
        ("f32", "f64"),
        ("f32", "extF80"),
        ("f32", "f128"),
        ("f64", "f16"),
        ("f64", "f32"),
        ("f64", "extF80"),
        ("f64", "f128"),
        ("extF80", "f16"),
        ("extF80", "f32"),
        ("extF80", "f64"),
        ("extF80", "f128"),
        ("f128", "f16"),
        ("f128", "f32"),
        ("f128", "f64"),
        ("f128", "extF80"),
    ] {
        run(&format!("{from}_to_{to}"), from, to, 1, |_| {
            Some(Op::Convert)
        });
    }
}
