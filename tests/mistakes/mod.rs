//! Tables of mistakes, and what is said about them.

use ulpscope::formula::Diagnostic;
use ulpscope::language::Definitions;

/// What is said about a bad program: the message, the byte where the marked
/// text begins, that text, and the help.
pub fn said(definitions: &Definitions, error: Diagnostic) -> (String, u32, String, String) {
    let span = error.span.expect("a place");
    (
        error.message,
        span.start,
        definitions.sources().text(span).to_string(),
        error.help.unwrap_or_default(),
    )
}

/// A row of a table of mistakes, as [`said`] gives it.
pub fn expected(row: (&str, u32, &str, &str)) -> (String, u32, String, String) {
    (row.0.into(), row.1, row.2.into(), row.3.into())
}
