//! `ulpscope explain`.

use super::args::{Common, ExplainArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::{Session, formats};
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, explain};

/// Explains a computed value.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &ExplainArguments,
) -> Result<Output, Failure> {
    if arguments.format.contains(',') {
        return Err(Failure::with_help(
            "--in: one arithmetic is explained at a time",
            "name one of them",
        ));
    }
    let format = formats(std::slice::from_ref(&arguments.format))?[0];
    let mut session = Session::new(common, definitions)?;
    let (point, given) = session.point(&arguments.at)?;
    let subject = Subject::parse(&mut session.definitions, &arguments.expression, &point);
    let subject = session.check(subject)?;
    session.check_used(&given, std::slice::from_ref(&subject))?;
    let result = explain(&subject, format, &session.options(arguments.digits));
    let result = session.check(result)?;
    let top = arguments.top as usize;
    Ok(Output {
        document: report::explanation(&result, top),
        markdown: None,
        table: Some(report::explanation_table(&result)),
        data: Box::new(result),
        status: Status::Fine,
    })
}
