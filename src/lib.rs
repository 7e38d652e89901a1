//! A microscope for rounding error: one formula, many arithmetics, one
//! certified truth.

pub mod format;
pub mod formula;
pub mod language;
