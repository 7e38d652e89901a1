//! Formats, and the emulated and the native arithmetic, against what nobody here
//! wrote (LLVM's APFloat, `half`, the processor, the standard library's printer)
//! and, for tiny formats, exhaustively against exact rationals.

mod apfloat;
mod hardware;
mod machine;
mod names;
mod order;
mod random;
mod range;
mod text;
mod tiny;

use rug::{Float, Integer, Rational};
use ulpscope::format::{Format, Numeral};

/// The format of a name.
fn format(name: &str) -> Format {
    name.parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The same number, zeros with their signs; any NaN is any other.
fn same(a: &Float, b: &Float) -> bool {
    (a.is_nan() && b.is_nan()) || (a == b && a.is_sign_negative() == b.is_sign_negative())
}

/// The exact value of a numeral.
fn exact(text: &str) -> Rational {
    Numeral::parse(text)
        .ok()
        .and_then(|numeral| numeral.to_rational(1_000_000))
        .unwrap_or_else(|| panic!("{text}"))
}

/// Every pattern of a format that has few, as numbers; NaN where it has any.
fn all_numbers(format: &Format) -> Vec<Float> {
    let width = format.width().expect("no mpfr:P");
    (0..1_u32 << width)
        .map(|bits| format.decode(&Integer::from(bits)).expect("an encoding"))
        .collect()
}
