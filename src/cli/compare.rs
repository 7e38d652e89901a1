//! `ulpscope compare`.

use super::args::{Common, CompareArguments, DEFAULT_FORMATS};
use super::eval::{check_box_digits, check_boxes};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use super::workers;
use crate::arithmetic::native::Libm;
use crate::format::Format;
use crate::language::Definitions;
use crate::report;
use crate::study::{Options, Place, Subject, VerifyOptions, compare, compare_over};

/// Compares formulas in arithmetics.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &CompareArguments,
) -> Result<Output, Failure> {
    let mut session = Session::new(common, definitions)?;
    let formats = session.formats(&arguments.formats, &DEFAULT_FORMATS)?;
    let (place, given) = session.place(&arguments.at)?;
    let expressions = session.expressions(&arguments.expressions)?;
    if !place.sides.is_empty() {
        let asked = (expressions.as_slice(), formats.as_slice());
        return over_box(&mut session, asked, (&place, &given), arguments);
    }
    check_boxes(arguments.boxes)?;
    check_columns(&arguments.columns, &column_names(&[]))?;
    let (point, given) = (place.point, given.point);
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

/// Compares over a box.
fn over_box(
    session: &mut Session,
    (expressions, formats): (&[String], &[Format]),
    places: (&Place, &Place),
    arguments: &CompareArguments,
) -> Result<Output, Failure> {
    let known: Vec<String> = report::box_column_names().map(String::from).collect();
    check_columns(&arguments.columns, &known)?;
    if arguments.condition {
        return Err(Failure::with_help(
            "--condition: a condition number belongs to a point, not to a box",
            "leave --condition out, or give each variable one value",
        ));
    }
    if Libm::from(session.common.libm) != Libm::default() {
        return Err(Failure::with_help(
            "--libm: over a box functions are rounded correctly",
            "leave --libm out, or give each variable one value",
        ));
    }
    check_box_digits(arguments.digits)?;
    workers::start(session.common);
    let options = VerifyOptions {
        precision_limit: session.precision_limit(arguments.digits),
        boxes: arguments.boxes,
        digits: Some(arguments.digits),
        ..VerifyOptions::default()
    };
    let definitions = &mut session.definitions;
    let result = compare_over(definitions, expressions, places, formats, &options);
    let result = session.check(result)?;
    Ok(Output {
        document: report::box_comparison(&result, &arguments.columns),
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
