//! `ulpscope compare`.

use super::args::{Common, CompareArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::{Session, formats};
use crate::language::Definitions;
use crate::report;
use crate::study::{Options, Subject, compare};

/// Compares formulas in arithmetics.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &CompareArguments,
) -> Result<Output, Failure> {
    let formats = formats(&arguments.formats)?;
    check_columns(&arguments.columns, &[])?;
    let mut session = Session::new(common, definitions)?;
    let (point, given) = session.point(&arguments.at)?;
    let mut subjects = Vec::with_capacity(arguments.expressions.len());
    for text in &arguments.expressions {
        let subject = Subject::parse(&mut session.definitions, text, &point);
        subjects.push(session.check(subject)?);
    }
    session.check_used(&given, &subjects)?;
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

/// Refuses columns that a comparison does not have, the variables' among them.
pub fn check_columns(chosen: &[String], variables: &[String]) -> Result<(), Failure> {
    for (index, name) in chosen.iter().enumerate() {
        if !variables.contains(name) && !report::column_names().any(|known| known == name) {
            let mut known = variables.to_vec();
            known.extend(report::column_names().map(String::from));
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
