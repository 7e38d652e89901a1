//! `ulpscope` and `ulpscope case`.

use super::args::{CaseArguments, Common};
use super::failure::Failure;
use super::output::Output;
use super::session::{Session, find_case, formats};
use crate::report;
use std::process::ExitCode;

/// The number of digits of the exact value in the story.
const DIGITS: u32 = 21;

/// Lists the cases, or runs one.
pub fn run(common: &Common, arguments: &CaseArguments) -> Result<ExitCode, Failure> {
    let Some(name) = &arguments.name else {
        let output = Output {
            document: report::cases(),
            markdown: None,
            table: None,
            data: &crate::study::CASES,
        };
        output.write(common)?;
        return Ok(ExitCode::SUCCESS);
    };
    let case = find_case(name)?;
    let mut session = Session::new(common)?;
    if common.load_case.as_deref() != Some(case.name) {
        session.load(case)?;
    }
    let (point, given) = session.point(&arguments.at)?;
    let chosen = formats(&arguments.formats)?;
    let chosen = (!chosen.is_empty()).then_some(chosen.as_slice());
    let options = session.options(DIGITS);
    let result = case.run(&mut session.definitions, &point, chosen, &options);
    let (result, subject) = session.check(result)?;
    session.check_used(&given, &[subject])?;
    let output = Output {
        document: report::case(&result),
        markdown: None,
        table: Some(report::comparison(&result.comparison, &[])),
        data: &result,
    };
    output.write(common)?;
    Ok(ExitCode::SUCCESS)
}
