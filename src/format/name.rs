//! The formats' names.
//!
//! ```text
//! format  = name [ "@" name ] [ "/" mode { "+" mode } ]
//! name    = f16 | bf16 | … | e<X>m<Y> | "mpfr:" P
//! mode    = rne | rna | rz | ru | rd | ftz | sat
//! ```
//!
//! In `S@W` functions are computed in W, which is wider and rounds to nearest
//! even, and their results are stored in S; see [`Format`]. The modes are S's.

use super::{Format, MAX_PRECISION, Rounding, Specials};
use std::fmt;

/// A row of the table of named formats.
#[derive(Debug)]
pub struct NamedFormat {
    /// The name that the program prints.
    pub name: &'static str,
    /// Other spellings, lower case, that it understands.
    pub aliases: &'static [&'static str],
    /// The format.
    pub format: Format,
}

const fn named(
    name: &'static str,
    aliases: &'static [&'static str],
    format: Format,
) -> NamedFormat {
    NamedFormat {
        name,
        aliases,
        format,
    }
}

/// All formats that have a name of their own.
///
/// Sources: IEEE 754-2019, table 3.5 (binary16 to binary256); OCP *8-bit
/// Floating Point Specification* and *Microscaling Formats (MX)
/// Specification* v1.0 (the `fn` formats); Intel's manual (f80: an explicit
/// leading bit); bfloat16 and TensorFloat-32 have binary32's exponents.
pub const NAMED_FORMATS: &[NamedFormat] = &[
    named("f16", &["fp16", "float16", "half", "binary16"], Format::F16),
    named("bf16", &["bfloat16", "bfloat"], Format::BF16),
    named("tf32", &["tensorfloat32", "tfloat32"], Format::ieee(8, 11)),
    named(
        "f32",
        &["fp32", "float32", "float", "single", "binary32"],
        Format::F32,
    ),
    named(
        "f64",
        &["fp64", "float64", "double", "binary64"],
        Format::F64,
    ),
    named(
        "f80",
        &["fp80", "float80", "extended", "x87", "long double"],
        Format {
            explicit_leading_bit: true,
            ..Format::ieee(15, 64)
        },
    ),
    named(
        "f128",
        &["fp128", "float128", "quad", "quadruple", "binary128"],
        Format::F128,
    ),
    named(
        "f256",
        &["fp256", "float256", "octuple", "binary256"],
        Format::ieee(19, 237),
    ),
    named(
        "f8e4m3fn",
        &["e4m3fn", "float8_e4m3fn", "fp8e4m3fn", "fp8_e4m3fn"],
        Format::ocp(4, -6, 8, Specials::NanOnly),
    ),
    named(
        "f8e5m2",
        &["float8_e5m2", "fp8e5m2", "fp8_e5m2"],
        Format::ieee(5, 3),
    ),
    named("f8e4m3", &["float8_e4m3"], Format::ieee(4, 4)),
    named(
        "f6e2m3fn",
        &["e2m3fn", "float6_e2m3fn", "fp6e2m3", "fp6_e2m3"],
        Format::ocp(4, 0, 2, Specials::Nothing),
    ),
    named(
        "f6e3m2fn",
        &["e3m2fn", "float6_e3m2fn", "fp6e3m2", "fp6_e3m2"],
        Format::ocp(3, -2, 4, Specials::Nothing),
    ),
    named(
        "f4e2m1fn",
        &["e2m1fn", "float4_e2m1fn", "fp4", "fp4e2m1", "fp4_e2m1"],
        Format::ocp(2, 0, 2, Specials::Nothing),
    ),
];

const ROUNDINGS: [Rounding; 5] = [
    Rounding::NearestEven,
    Rounding::NearestAway,
    Rounding::Zero,
    Rounding::Up,
    Rounding::Down,
];

/// The least and the greatest number of exponent bits of an `eXmY`.
const EXPONENT_BITS: std::ops::RangeInclusive<u32> = 2..=20;
/// The least and the greatest number of stored significand bits of an `eXmY`.
const STORED_BITS: std::ops::RangeInclusive<u32> = 1..=65_535;

/// Why a text names no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

impl std::error::Error for FormatError {}

fn error(message: impl Into<String>, help: impl Into<String>) -> FormatError {
    let help: String = help.into();
    FormatError {
        message: message.into(),
        help: (!help.is_empty()).then_some(help),
    }
}

impl std::str::FromStr for Format {
    type Err = FormatError;

    /// Reads a name with its modes.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// assert_eq!("half".parse::<Format>().unwrap(), Format::F16);
    /// assert_eq!("e8m23".parse::<Format>().unwrap(), Format::F32);
    /// assert_eq!("f32/rz+ftz".parse::<Format>().unwrap().to_string(), "f32/rz+ftz");
    /// assert_eq!("half@single".parse::<Format>().unwrap().to_string(), "f16@f32");
    /// assert!("e4m3".parse::<Format>().is_err()); // OCP's or the IEEE-like one?
    /// assert!("mpfr:0".parse::<Format>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, FormatError> {
        let text = text.trim();
        let (name, modes) = match text.split_once('/') {
            Some((name, modes)) => (name.trim(), Some(modes)),
            None => (text, None),
        };
        let (mut format, name) = match name.split_once('@') {
            Some((storage, functions)) => {
                (stored(storage.trim(), functions.trim())?, storage.trim())
            }
            None => (base(name)?, name),
        };
        let mut rounding: Option<Rounding> = None;
        for mode in modes.iter().flat_map(|modes| modes.split('+')) {
            let mode = mode.trim().to_lowercase();
            if let Some(wanted) = ROUNDINGS.into_iter().find(|r| r.name() == mode) {
                if let Some(other) = rounding.filter(|other| *other != wanted) {
                    return Err(error(
                        format!("{text} has two rounding modes"),
                        format!("keep {} or {mode}", other.name()),
                    ));
                }
                rounding = Some(wanted);
                continue;
            }
            match mode.as_str() {
                "ftz" | "sat" if format.is_mpfr() => {
                    return Err(error(
                        format!("`{mode}` has no meaning in {name}"),
                        "MPFR's numbers have no subnormals and no overflow to speak of",
                    ));
                }
                "ftz" => format.flush_to_zero = true,
                "sat" => format.saturate = true,
                _ if mode.contains('@') => {
                    return Err(error(
                        format!("in {text} the modes stand before the @"),
                        "they are those of the format that holds the results, \
                         and stand last: bf16@f32/rz",
                    ));
                }
                _ => {
                    return Err(error(
                        format!("unknown mode `{mode}`"),
                        "the modes are rne, rna, rz, ru, rd, ftz and sat, joined by +",
                    ));
                }
            }
        }
        format.rounding = rounding.unwrap_or(format.rounding);
        Ok(format)
    }
}

/// `S@W`.
fn stored(storage: &str, functions: &str) -> Result<Format, FormatError> {
    let whole = format!("{storage}@{functions}");
    if storage.is_empty() || functions.is_empty() {
        let place = if storage.is_empty() {
            "before"
        } else {
            "behind"
        };
        return Err(error(
            format!("`{whole}` needs a format {place} the @"),
            "write bf16@f32 for functions computed in f32 and stored in bf16",
        ));
    }
    if functions.contains('@') {
        return Err(error(
            format!("`{whole}` has more than one @"),
            "functions are computed in one format and stored in one: bf16@f32",
        ));
    }
    let (storage, functions) = (base(storage)?, base(functions)?);
    storage.with_functions(functions).ok_or_else(|| {
        let mended = if storage.is_wider_than(&functions) {
            functions.with_functions(storage)
        } else if storage == functions {
            Some(storage)
        } else {
            let longer = Format::mpfr(storage.precision().saturating_mul(2));
            let mut usual = [Format::F32, Format::F64, Format::F128]
                .into_iter()
                .chain(longer);
            usual.find_map(|wider| storage.with_functions(wider))
        };
        let wanted = "the format behind the @ holds every number of the one before it, and more";
        error(
            format!("{functions} is not wider than {storage}"),
            match mended {
                Some(format) => format!("write {format}: {wanted}"),
                None => wanted.to_string(),
            },
        )
    })
}

fn base(name: &str) -> Result<Format, FormatError> {
    let lower = name.to_lowercase();
    if let Some(row) = NAMED_FORMATS
        .iter()
        .find(|row| row.name == lower || row.aliases.contains(&lower.as_str()))
    {
        return Ok(row.format);
    }
    if let Some(bits) = lower.strip_prefix("mpfr:") {
        return bits.parse().ok().and_then(Format::mpfr).ok_or_else(|| {
            error(
                format!("`{bits}` is no precision for mpfr"),
                format!("whole bits from 2 to {MAX_PRECISION}"),
            )
        });
    }
    if lower == "mpfr" {
        return Err(error(
            "`mpfr` needs a precision",
            "write mpfr:113 for 113 bits",
        ));
    }
    match lower.as_str() {
        "e4m3" => {
            return Err(ambiguous(
                "e4m3",
                "f8e4m3fn (OCP, no infinities, largest 448)",
                "f8e4m3 (IEEE-like, largest 240)",
            ));
        }
        "e2m3" => {
            return Err(ambiguous(
                "e2m3",
                "f6e2m3fn (OCP, no infinities, largest 7.5)",
                "f6e2m3 (IEEE-like, largest 3.75)",
            ));
        }
        "e3m2" => {
            return Err(ambiguous(
                "e3m2",
                "f6e3m2fn (OCP, no infinities, largest 28)",
                "f6e3m2 (IEEE-like, largest 14)",
            ));
        }
        "e2m1" => {
            return Err(ambiguous(
                "e2m1",
                "f4e2m1fn (OCP, no infinities, largest 6)",
                "f4e2m1 (IEEE-like, largest 3)",
            ));
        }
        _ => {}
    }
    if let Some((width, exponent_bits, stored_bits)) = exponent_and_significand(&lower) {
        let described = || format!("`{name}` is out of range");
        let (Ok(x), Ok(y)) = (exponent_bits.parse::<u32>(), stored_bits.parse::<u32>()) else {
            return Err(error(described(), limits()));
        };
        if !EXPONENT_BITS.contains(&x) || !STORED_BITS.contains(&y) {
            return Err(error(described(), limits()));
        }
        if !width.is_empty() && width.parse() != Ok(1 + x + y) {
            return Err(error(
                format!("e{x}m{y} has {} bits, not {width}", 1 + x + y),
                "",
            ));
        }
        return Ok(Format::ieee(x, y + 1));
    }
    let nearest = NAMED_FORMATS
        .iter()
        .flat_map(|row| std::iter::once(&row.name).chain(row.aliases))
        .map(|known| (strsim::damerau_levenshtein(known, &lower), known))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    Err(error(
        format!("`{name}` names no format"),
        match nearest {
            Some((_, known)) => format!("did you mean {known}?"),
            None => "known are f16, bf16, tf32, f32, f64, f80, f128, f256, f8e4m3fn, f8e5m2, \
                     f8e4m3, f6e2m3fn, f6e3m2fn, f4e2m1fn, eXmY and mpfr:P"
                .to_string(),
        },
    ))
}

fn ambiguous(name: &str, ocp: &str, ieee: &str) -> FormatError {
    error(
        format!("`{name}` has two meanings"),
        format!("write {ocp} or {ieee}"),
    )
}

fn limits() -> String {
    format!(
        "an eXmY has {} to {} exponent bits and {} to {} stored significand bits",
        EXPONENT_BITS.start(),
        EXPONENT_BITS.end(),
        STORED_BITS.start(),
        STORED_BITS.end()
    )
}

/// Splits `e5m10` or `f16e5m10` into width (may be empty), X and Y.
fn exponent_and_significand(name: &str) -> Option<(&str, &str, &str)> {
    let (head, tail) = name.split_once('e')?;
    let (x, y) = tail.split_once('m')?;
    let width = head.strip_prefix('f').or((head.is_empty()).then_some(""))?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (digits(width) && digits(x) && digits(y) && !x.is_empty() && !y.is_empty())
        .then_some((width, x, y))
}

impl fmt::Display for Format {
    /// The name, with the format of its functions and every mode that is not
    /// the default.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.nearest();
        match NAMED_FORMATS.iter().find(|row| row.format == plain) {
            Some(row) => f.write_str(row.name)?,
            None if self.is_mpfr() => write!(f, "mpfr:{}", self.precision)?,
            None => {
                let (x, y) = (self.exponent_bits(), self.precision - 1);
                let tiny = matches!((x, y), (2, 3) | (3, 2) | (2, 1));
                if tiny {
                    write!(f, "f{}", 1 + x + y)?;
                }
                write!(f, "e{x}m{y}")?;
            }
        }
        if let Some(functions) = self.functions() {
            write!(f, "@{functions}")?;
        }
        let mut separator = '/';
        let rounding = (self.rounding != Rounding::NearestEven).then(|| self.rounding.name());
        let modes = rounding
            .into_iter()
            .chain(self.flush_to_zero.then_some("ftz"))
            .chain(self.saturate.then_some("sat"));
        for mode in modes {
            write!(f, "{separator}{mode}")?;
            separator = '+';
        }
        Ok(())
    }
}
