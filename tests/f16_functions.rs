//! Thirteen functions of every binary16 number, as CORE-MATH rounds them in four
//! modes. CORE-MATH's binary16 functions are proved by exhaustion.

mod suites;

use rug::Float;
use suites::{Tally, decode, same};
use ulpscope::arithmetic::emulated::operate;
use ulpscope::format::{Format, Rounding};
use ulpscope::formula::Op;

/// The modes in the order of the columns.
const MODES: [Rounding; 4] = [
    Rounding::NearestEven,
    Rounding::Zero,
    Rounding::Down,
    Rounding::Up,
];

fn run(file: &str, op: &Op) {
    let Some(text) = suites::read(&format!("f16-functions/{file}.txt.xz")) else {
        return;
    };
    let mut tally = Tally::default();
    let mut result = Float::new(Format::F16.precision());
    for (number, line) in suites::lines(&text) {
        let mut words = line.split(' ');
        let x = decode(&Format::F16, words.next().expect("an operand"));
        for (mode, bits) in MODES.iter().zip(words) {
            let format = Format::F16.with_rounding(*mode);
            operate(op, &format, &[&x], &mut result).expect("a value");
            tally.check(same(&result, &decode(&Format::F16, bits)), || {
                format!("{number}: {line}: {format} gives {result}")
            });
        }
    }
    tally.finish(file);
}

macro_rules! functions {
    ($($name:ident $file:literal $op:ident;)*) => {
        $(#[test]
        fn $name() {
            run($file, &Op::$op);
        })*
    };
}

functions! {
    acos "acos" Acos;
    asinh "asinh" Asinh;
    cbrt "cbrt" Cbrt;
    cosh "cosh" Cosh;
    erf "erf" Erf;
    exp "exp" Exp;
    exp2 "exp2" Exp2;
    log "log" Log;
    log1p "log1p" Log1p;
    sin "sin" Sin;
    sqrt "sqrt" Sqrt;
    tanh "tanh" Tanh;
    gamma "tgamma" Gamma;
}
