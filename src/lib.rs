//! A microscope for rounding error: one formula, many arithmetics, one
//! certified truth.

pub mod enclosure;
pub mod format;
pub mod formula;
