//! A microscope for rounding error: one formula, many arithmetics, one
//! certified truth.

pub mod arithmetic;
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
