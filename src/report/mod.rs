//! Results as documents, and documents as text.
//!
//! A [`Document`] is a list of blocks; each study has a function that makes one
//! from its result, and each rendering one that makes text from it. Renderers
//! do no arithmetic, no I/O and read no clock.

mod bits;
mod case;
mod compare;
mod compare_box;
mod derive;
mod document;
mod eval;
mod explain;
mod formats;
mod living;
mod over_box;
mod render;
mod sample;
mod scan;
mod sweep;
mod threshold;
mod verify;

pub use bits::{bits, bits_table};
pub use case::{case, cases};
pub use compare::{column_names, comparison};
pub use compare_box::{box_column_names, box_comparison};
pub use derive::{derivation, derivation_table};
pub use document::{Align, Block, Cell, Column, Document, Table};
pub use eval::{evaluation, evaluation_equation, evaluation_table};
pub use explain::{explanation, explanation_table};
pub use formats::formats;
pub use living::{Region, inline, refresh};
pub use over_box::{box_evaluation, box_evaluation_equation, box_evaluation_table};
pub use render::{Style, csv, html, latex, markdown, terminal};
pub use sample::{sample, sample_table};
pub use scan::{scan, scan_table};
pub use sweep::sweep;
pub use threshold::{float_threshold, precision_threshold, threshold_column_names};
pub use verify::{verdict_counts, verdicts, verification};
