//! `ulpscope eval`.

use super::args::{Common, EvalArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, eval};

/// Certifies a value.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &EvalArguments,
) -> Result<Output, Failure> {
    let mut session = Session::new(common, definitions)?;
    let (point, given) = session.point(&arguments.at)?;
    let text = session.expression(arguments.expression.as_ref())?;
    let subject = Subject::parse_exact(&mut session.definitions, &text, &point);
    let subject = session.check(subject)?;
    session.check_used(&given, std::slice::from_ref(&subject))?;
    session.check_precondition(&point)?;
    let result = eval(
        &subject,
        arguments.digits as usize,
        session.precision_limit(arguments.digits),
    );
    let status = match result.is_certified() {
        true => Status::Fine,
        false => Status::NoValue,
    };
    Ok(Output {
        document: report::evaluation(&result),
        markdown: Some(report::evaluation_equation(&result)),
        table: Some(report::evaluation_table(&result)),
        data: Box::new(result),
        status,
    })
}
