//! `ulpscope compare`.

use super::args::{Common, CompareArguments, DEFAULT_FORMATS};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use crate::language::Definitions;
use crate::report;
use crate::study::{Options, Subject, compare};

/// Compares formulas in arithmetics.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &CompareArguments,
) -> Result<Output, Failure> {
    check_columns(&arguments.columns, &column_names(&[]))?;
    let mut session = Session::new(common, definitions)?;
    let formats = session.formats(&arguments.formats, &DEFAULT_FORMATS)?;
    let (point, given) = session.point(&arguments.at)?;
    let expressions = session.expressions(&arguments.expressions)?;
    let mut subjects = Vec::with_capacity(expressions.len());
    for text in &expressions {
        let subject = Subject::parse(&mut session.definitions, text, &point);
        subjects.push(session.check(subject)?);
    }
    session.check_used(&given, &subjects)?;
    session.check_precondition(&point)?;
    let options = Options {
        conditions: arguments.condition,
        ..session.options(arguments.digits)
    };
    let result = compare(&subjects, &formats, &options);
    Ok(Output {
        document: report::comparison(&result, &arguments.columns),
        markdown: None,
        table: None,
        data: Box::new(result),
        status: Status::Fine,
    })
}

/// The columns of a comparison, with those of variables.
pub fn column_names(variables: &[String]) -> Vec<String> {
    let names = report::column_names().map(String::from);
    variables.iter().cloned().chain(names).collect()
}

/// Refuses columns that are not among the known ones, or come twice.
pub fn check_columns(chosen: &[String], known: &[String]) -> Result<(), Failure> {
    for (index, name) in chosen.iter().enumerate() {
        if !known.contains(name) {
            return Err(Failure::with_help(
                format!("--columns: there is no column `{name}`"),
                format!("the columns are: {}", known.join(", ")),
            ));
        }
        if chosen[..index].contains(name) {
            let message = format!("--columns: `{name}` stands there twice");
            return Err(Failure::usage(message));
        }
    }
    Ok(())
}
