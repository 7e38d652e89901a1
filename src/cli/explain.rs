//! `ulpscope explain`.

use super::args::{Common, ExplainArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, explain};

/// Explains a computed value.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &ExplainArguments,
) -> Result<Output, Failure> {
    let named = arguments.format.as_slice();
    if named.iter().any(|name| name.contains(',')) {
        return Err(Failure::with_help(
            "--in: one arithmetic is explained at a time",
            "name one of them",
        ));
    }
    let mut session = Session::new(common, definitions)?;
    let format = session.formats(named, &["f64"])?[0];
    let (point, given) = session.point(&arguments.at)?;
    let text = session.expression(arguments.expression.as_ref())?;
    let subject = Subject::parse(&mut session.definitions, &text, &point);
    let subject = session.check(subject)?;
    session.check_used(&given, std::slice::from_ref(&subject))?;
    session.check_precondition(&point)?;
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
