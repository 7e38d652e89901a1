//! The names of formats: all that are understood, and what is said of others.

use crate::format;
use std::collections::HashSet;
use ulpscope::format::{Format, NAMED_FORMATS};

#[test]
fn every_spelling() {
    let mut seen = HashSet::new();
    for row in NAMED_FORMATS {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            assert!(seen.insert(name), "{name} stands there twice");
            assert_eq!(format(name), row.format, "{name}");
            assert_eq!(format(&name.to_uppercase()), row.format, "{name}");
            assert_eq!(format(&format!(" {name} ")), row.format, "{name}");
        }
        assert_eq!(row.format.to_string(), row.name);
    }
}

#[test]
fn exponent_and_significand() {
    for (name, same) in [
        ("e5m10", "f16"),
        ("f16e5m10", "f16"),
        ("e8m7", "bf16"),
        ("e8m10", "tf32"),
        ("e8m23", "f32"),
        ("e11m52", "f64"),
        ("e15m112", "f128"),
        ("e19m236", "f256"),
        ("e5m2", "f8e5m2"),
        ("f8e4m3", "f8e4m3"),
    ] {
        assert_eq!(format(name), format(same), "{name}");
        assert_eq!(format(name).to_string(), same, "{name}");
    }
    // f80 stores its leading bit.
    assert_ne!(format("e15m63"), format("f80"));
}

#[test]
fn display_reads_back() {
    let names = [
        "f16",
        "f80",
        "f8e4m3fn",
        "f4e2m1fn",
        "f4e2m1",
        "f6e2m3",
        "f6e3m2",
        "e3m4",
        "e20m65535",
    ];
    for name in names.iter().chain(&["e2m1000", "mpfr:2", "mpfr:113"]) {
        for modes in [
            "",
            "/rna",
            "/rz",
            "/ru",
            "/rd",
            "/ftz",
            "/sat",
            "/rz+ftz",
            "/rd+ftz+sat",
        ] {
            if name.starts_with("mpfr") && (modes.contains("ftz") || modes.contains("sat")) {
                continue;
            }
            let text = format!("{name}{modes}");
            assert_eq!(format(&text).to_string(), text);
        }
    }
    // The default goes unsaid, and the order is one.
    assert_eq!(format("f32/rne").to_string(), "f32");
    assert_eq!(format("f32/sat+ftz+rz").to_string(), "f32/rz+ftz+sat");
    assert_eq!(format("f32 / rz + ftz").to_string(), "f32/rz+ftz");
}

#[test]
fn functions_in_a_wider_format() {
    for (text, name) in [
        ("bf16@f32", "bf16@f32"),
        ("bf16@f32/rz", "bf16@f32/rz"),
        ("f16@f32/rd+ftz+sat", "f16@f32/rd+ftz+sat"),
        ("half @ float / rne", "f16@f32"),
        ("BFLOAT16@SINGLE", "bf16@f32"),
        ("e8m7@e8m23", "bf16@f32"),
        ("f32@mpfr:100", "f32@mpfr:100"),
        ("mpfr:24@mpfr:53", "mpfr:24@mpfr:53"),
        ("f64@f80", "f64@f80"),
        ("bf16@tf32", "bf16@tf32"),
        ("f8e5m2@f16", "f8e5m2@f16"),
        ("f8e4m3fn@f16", "f8e4m3fn@f16"),
        ("f6e2m3@bf16", "f6e2m3@bf16"),
        ("f4e2m1fn@f6e2m3fn", "f4e2m1fn@f6e2m3fn"),
    ] {
        let wide = format(text);
        assert_eq!(wide.to_string(), name, "{text}");
        assert_eq!(format(name), wide, "{text}");
        // As numbers and as a rounding it is the format before the @.
        let (storage, functions) = name.split_once('@').unwrap();
        let (functions, modes) = match functions.split_once('/') {
            Some((functions, modes)) => (functions, format!("/{modes}")),
            None => (functions, String::new()),
        };
        assert_eq!(wide.functions(), Some(format(functions)), "{text}");
        assert_eq!(wide.storage(), format(&format!("{storage}{modes}")));
        assert_eq!(wide.nearest(), format(storage), "{text}");
        assert_eq!(wide.storage().with_functions(format(functions)), Some(wide));
        assert_ne!(wide, wide.storage());
    }
    assert_eq!(format("bf16").functions(), None);
    for functions in ["f32/rz", "f32@f64", "f16", "bf16"] {
        assert_eq!(Format::BF16.with_functions(format(functions)), None);
    }
}

#[test]
fn functions_in_a_format_that_is_not_wider() {
    let wanted = "the format behind the @ holds every number of the one before it, and more";
    for (name, message, mended) in [
        ("f32@bf16", "bf16 is not wider than f32", "bf16@f32"),
        ("bf16@bf16/rz", "bf16 is not wider than bf16", "bf16"),
        ("f16@bf16", "bf16 is not wider than f16", "f16@f32"),
        ("bf16@f16", "f16 is not wider than bf16", "bf16@f32"),
        ("f80@e15m63", "e15m63 is not wider than f80", "f80@f128"),
        (
            "f128@e19m66",
            "e19m66 is not wider than f128",
            "f128@mpfr:226",
        ),
        (
            "mpfr:53@f64",
            "f64 is not wider than mpfr:53",
            "f64@mpfr:53",
        ),
        // It has more exponents, but no infinity.
        (
            "f4e2m1@f4e2m1fn",
            "f4e2m1fn is not wider than f4e2m1",
            "f4e2m1@f32",
        ),
    ] {
        let error = name.parse::<Format>().expect_err(name);
        assert_eq!(error.message, message, "{name}");
        assert_eq!(
            error.help.unwrap(),
            format!("write {mended}: {wanted}"),
            "{name}"
        );
    }
    let largest = "mpfr:16777216@f64".parse::<Format>().unwrap_err();
    assert!(
        largest
            .help
            .unwrap()
            .starts_with("write f64@mpfr:16777216:")
    );
}

#[test]
fn bad_names() {
    let limits = "an eXmY has 2 to 20 exponent bits and 1 to 65535 stored significand bits";
    for (name, message, help) in [
        (
            "mpfr",
            "`mpfr` needs a precision",
            "write mpfr:113 for 113 bits",
        ),
        (
            "mpfr:",
            "`` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:0",
            "`0` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:1",
            "`1` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:-5",
            "`-5` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:16777217",
            "`16777217` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:99999999999",
            "`99999999999` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:p",
            "`p` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "mpfr:53/ftz",
            "`ftz` has no meaning in mpfr:53",
            "MPFR's numbers have no subnormals and no overflow to speak of",
        ),
        ("e99m9999", "`e99m9999` is out of range", limits),
        ("e1m5", "`e1m5` is out of range", limits),
        ("e5m0", "`e5m0` is out of range", limits),
        ("e99999999999m5", "`e99999999999m5` is out of range", limits),
        ("f16e5m11", "e5m11 has 17 bits, not 16", ""),
        (
            "e4m3",
            "`e4m3` has two meanings",
            "write f8e4m3fn (OCP, no infinities, largest 448) or f8e4m3 (IEEE-like, largest 240)",
        ),
        (
            "E2M1",
            "`e2m1` has two meanings",
            "write f4e2m1fn (OCP, no infinities, largest 6) or f4e2m1 (IEEE-like, largest 3)",
        ),
        (
            "e2m3",
            "`e2m3` has two meanings",
            "write f6e2m3fn (OCP, no infinities, largest 7.5) or f6e2m3 (IEEE-like, largest 3.75)",
        ),
        (
            "e3m2",
            "`e3m2` has two meanings",
            "write f6e3m2fn (OCP, no infinities, largest 28) or f6e3m2 (IEEE-like, largest 14)",
        ),
        (
            "f32/xx",
            "unknown mode `xx`",
            "the modes are rne, rna, rz, ru, rd, ftz and sat, joined by +",
        ),
        (
            "f32/",
            "unknown mode ``",
            "the modes are rne, rna, rz, ru, rd, ftz and sat, joined by +",
        ),
        (
            "f32/rz+",
            "unknown mode ``",
            "the modes are rne, rna, rz, ru, rd, ftz and sat, joined by +",
        ),
        (
            "f32/rz+ru",
            "f32/rz+ru has two rounding modes",
            "keep rz or ru",
        ),
        (
            "flaot32",
            "`flaot32` names no format",
            "did you mean float32?",
        ),
        ("dobule", "`dobule` names no format", "did you mean double?"),
        ("f23", "`f23` names no format", "did you mean f32?"),
        (
            "bf16@",
            "`bf16@` needs a format behind the @",
            "write bf16@f32 for functions computed in f32 and stored in bf16",
        ),
        (
            "@f32",
            "`@f32` needs a format before the @",
            "write bf16@f32 for functions computed in f32 and stored in bf16",
        ),
        (
            "bf16@f32@f64",
            "`bf16@f32@f64` has more than one @",
            "functions are computed in one format and stored in one: bf16@f32",
        ),
        (
            "bf16@flaot32",
            "`flaot32` names no format",
            "did you mean float32?",
        ),
        ("bf61@f32", "`bf61` names no format", "did you mean bf16?"),
        (
            "bf16@mpfr:0",
            "`0` is no precision for mpfr",
            "whole bits from 2 to 16777216",
        ),
        (
            "bf16/rz@f32",
            "in bf16/rz@f32 the modes stand before the @",
            "they are those of the format that holds the results, and stand last: bf16@f32/rz",
        ),
        (
            "mpfr:24@mpfr:53/ftz",
            "`ftz` has no meaning in mpfr:24",
            "MPFR's numbers have no subnormals and no overflow to speak of",
        ),
        (
            "bf16@nothing",
            "`nothing` names no format",
            "known are f16, bf16, tf32, f32, f64, f80, f128, f256, f8e4m3fn, f8e5m2, f8e4m3, f6e2m3fn, f6e3m2fn, f4e2m1fn, eXmY and mpfr:P",
        ),
        (
            "",
            "`` names no format",
            "known are f16, bf16, tf32, f32, f64, f80, f128, f256, f8e4m3fn, f8e5m2, f8e4m3, f6e2m3fn, f6e3m2fn, f4e2m1fn, eXmY and mpfr:P",
        ),
        (
            "posit16",
            "`posit16` names no format",
            "known are f16, bf16, tf32, f32, f64, f80, f128, f256, f8e4m3fn, f8e5m2, f8e4m3, f6e2m3fn, f6e3m2fn, f4e2m1fn, eXmY and mpfr:P",
        ),
    ] {
        let error = name.parse::<Format>().expect_err(name);
        assert_eq!(error.message, message, "{name}");
        assert_eq!(error.help.as_deref().unwrap_or(""), help, "{name}");
    }
}
