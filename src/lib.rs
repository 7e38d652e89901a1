//! A microscope for rounding error: **one formula, many arithmetics, one
//! certified truth.**
//!
//! A formula is data ([`formula`], read from text by [`language`]). An
//! arithmetic is a value that can carry the formula's operations out
//! ([`arithmetic`]): hardware f32 and f64, any IEEE-like [`mod@format`] or MPFR at
//! any precision, exact rationals, [`enclosure`]s. Evaluating gives a trace, one
//! value for each node ([`evaluate`]). The exact value is enclosed at a working
//! precision that rises until a question about it is decided ([`truth`]), and
//! everything that is said of a result is a comparison with it, certified
//! itself ([`measure`]). Whether two formulas are equal for all real numbers is
//! proved or refuted ([`claim`]). A [`study`] asks such questions and returns
//! plain data; [`report`] makes documents of it, [`cli`] the program.
//!
//! ```
//! use ulpscope::format::Format;
//! use ulpscope::language::Definitions;
//! use ulpscope::study::{Options, Point, Subject, compare};
//!
//! // The gradient of a 1-1-1 sigmoid network, at z = 50.
//! let mut definitions = Definitions::new();
//! definitions.add("network", "a = sigmoid(z)\ngradient = 2*(a - y)*(a*(1 - a))*x")?;
//! let options = Options::default();
//! let point = Point::parse(&mut definitions, "z=50, y=0, x=62.5", options.precision_limit)?;
//! let gradient = Subject::parse(&mut definitions, "gradient", &point)?;
//!
//! let result = compare(&[gradient], &[Format::F32, Format::F64], &options);
//! let exact = result.formulas[0].exact.digits.as_ref().unwrap();
//! assert!(exact.starts_with("2.4109373099548972287"));
//! for row in &result.formulas[0].rows {
//!     assert_eq!(row.computed.as_ref().unwrap().decimal(), "0");
//!     assert_eq!(row.verdict.unwrap().to_string(), "avoidable");
//! }
//! # Ok::<(), ulpscope::formula::Diagnostic>(())
//! ```
//!
//! Modules import each other one way only, in the order `format`, `formula`,
//! `enclosure`, `arithmetic`, `evaluate`, `truth`, `measure`, `claim`, `study`,
//! `report`, `cli`; `language` sees only the first two and is seen from `claim`
//! upward.

pub mod arithmetic;
pub mod claim;
pub mod cli;
pub mod enclosure;
pub mod evaluate;
pub mod format;
pub mod formula;
pub mod language;
pub mod measure;
pub mod report;
pub mod study;
pub mod truth;
