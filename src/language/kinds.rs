//! Numbers and predicates: which of them an operand has to be.

use super::tree::{Names, Shape};
use crate::formula::{Diagnostic, Kind, Op, Span};

/// What an expression's operand with this index has to be; `None` where it may
/// be either.
pub(super) fn wanted(shape: &Shape, index: usize) -> Option<Kind> {
    match shape {
        Shape::Fl(_) => None,
        Shape::Implies | Shape::Iff | Shape::Apply(Op::And | Op::Or | Op::Not) => {
            Some(Kind::Predicate)
        }
        Shape::Apply(Op::Select) if index == 0 => Some(Kind::Predicate),
        _ => Some(Kind::Number),
    }
}

/// The error for an operand of the wrong kind.
pub(super) fn wrong_kind(shape: &Shape, index: usize, names: &Names, span: Span) -> Diagnostic {
    let what = match shape {
        Shape::Call(symbol, _) => format!("`{}`", names.text(*symbol)),
        Shape::BuiltIn(row) => format!("`{}`", row.name),
        Shape::Apply(Op::Select) if index > 0 => "a branch of `if`".to_string(),
        Shape::Apply(Op::Abs) => "`|…|`".to_string(),
        Shape::Apply(Op::Pow) => "`^`".to_string(),
        Shape::Apply(op) => format!("`{}`", op.name()),
        Shape::Implies => "`implies`".to_string(),
        Shape::Iff => "`iff`".to_string(),
        Shape::Within(..) => "`in`".to_string(),
        Shape::Near => "`~`".to_string(),
        Shape::Test(test) => format!("`{}`", test.name()),
        Shape::Cast(_) => "`cast`".to_string(),
        Shape::Derivative(_) => "`d`".to_string(),
        Shape::Error(..) | Shape::Ulp(_) => "an error".to_string(),
        _ => "a rounding".to_string(),
    };
    if wanted(shape, index) == Some(Kind::Predicate) {
        let message = format!("{what} needs a predicate, true or false; this is a number");
        let error = Diagnostic::new(message).at(span);
        return error.help("compare it with something, as in x != 0");
    }
    let error = no_number(&what, span);
    match shape {
        Shape::Apply(Op::Eq) => error.help("`a iff b` says that two predicates are equal"),
        Shape::Apply(Op::Ne) => error.help("`not (a iff b)` says that two predicates differ"),
        Shape::Apply(Op::Select) if index > 0 => error.help("write (c and a) or (not c and b)"),
        _ => error.help("if … then 1 else 0 makes a number of it"),
    }
}

/// The error for a predicate where a number should be.
pub(super) fn no_number(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(format!(
        "{what} needs a number; this is a predicate, true or false"
    ))
    .at(span)
}
