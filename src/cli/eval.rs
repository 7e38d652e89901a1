//! `ulpscope eval`.

use super::args::{Common, EvalArguments};
use super::failure::Failure;
use super::output::Output;
use super::session::Session;
use crate::report;
use crate::study::{Subject, eval};
use std::process::ExitCode;

/// Certifies a value.
pub fn run(common: &Common, arguments: &EvalArguments) -> Result<ExitCode, Failure> {
    let mut session = Session::new(common)?;
    let (point, given) = session.point(&arguments.at)?;
    let subject = Subject::parse_exact(&mut session.definitions, &arguments.expression, &point);
    let subject = session.check(subject)?;
    session.check_used(&given, std::slice::from_ref(&subject))?;
    let result = eval(
        &subject,
        arguments.digits as usize,
        session.precision_limit(arguments.digits),
    );
    let output = Output {
        document: report::evaluation(&result),
        markdown: Some(report::evaluation_equation(&result)),
        table: Some(report::evaluation_table(&result)),
        data: &result,
    };
    output.write(common)?;
    Ok(if result.is_certified() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}
