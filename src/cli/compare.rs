//! `ulpscope compare`.

use super::args::{Common, CompareArguments};
use super::failure::Failure;
use super::output::Output;
use super::session::{Session, formats};
use crate::report;
use crate::study::{Subject, compare};
use std::process::ExitCode;

/// Compares formulas in arithmetics.
pub fn run(common: &Common, arguments: &CompareArguments) -> Result<ExitCode, Failure> {
    let formats = formats(&arguments.formats)?;
    for name in &arguments.columns {
        if !report::column_names().any(|known| known == name) {
            let known: Vec<&str> = report::column_names().collect();
            return Err(Failure::with_help(
                format!("--columns: there is no column `{name}`"),
                format!("the columns are: {}", known.join(", ")),
            ));
        }
    }
    let mut session = Session::new(common)?;
    let (point, given) = session.point(&arguments.at)?;
    let mut subjects = Vec::with_capacity(arguments.expressions.len());
    for text in &arguments.expressions {
        let subject = Subject::parse(&mut session.definitions, text, &point);
        subjects.push(session.check(subject)?);
    }
    session.check_used(&given, &subjects)?;
    let result = compare(&subjects, &formats, &session.options(arguments.digits));
    let output = Output {
        document: report::comparison(&result, &arguments.columns),
        markdown: None,
        table: None,
        data: &result,
    };
    output.write(common)?;
    Ok(ExitCode::SUCCESS)
}
