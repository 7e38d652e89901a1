//! `ulpscope eval`.

use super::args::{Common, EvalArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use super::workers;
use crate::language::Definitions;
use crate::report;
use crate::study::{MAX_BOX_DIGITS, Place, Subject, VerifyOptions, eval, eval_over};

/// Certifies a value.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &EvalArguments,
) -> Result<Output, Failure> {
    let mut session = Session::new(common, definitions)?;
    let (place, given) = session.place(&arguments.at)?;
    let text = session.expression(arguments.expression.as_ref())?;
    if !place.sides.is_empty() {
        return over_box(&mut session, &text, (&place, &given), arguments);
    }
    check_boxes(arguments.boxes)?;
    let (point, given) = (place.point, given.point);
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

/// Finds the range over a box.
fn over_box(
    session: &mut Session,
    text: &str,
    places: (&Place, &Place),
    arguments: &EvalArguments,
) -> Result<Output, Failure> {
    check_box_digits(arguments.digits)?;
    workers::start(session.common);
    let options = VerifyOptions {
        precision_limit: session.precision_limit(arguments.digits),
        boxes: arguments.boxes,
        digits: Some(arguments.digits),
        ..VerifyOptions::default()
    };
    let result = eval_over(&mut session.definitions, text, places, &options);
    let result = session.check(result)?;
    let status = match result.is_certified() {
        true => Status::Fine,
        false => Status::NoValue,
    };
    Ok(Output {
        document: report::box_evaluation(&result),
        markdown: Some(report::box_evaluation_equation(&result)),
        table: Some(report::box_evaluation_table(&result)),
        data: Box::new(result),
        status,
    })
}

/// Refuses more digits than a range is found to.
pub fn check_box_digits(digits: u32) -> Result<(), Failure> {
    if digits <= MAX_BOX_DIGITS {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "--digits: the range over a box is found to {MAX_BOX_DIGITS} digits at most"
    )))
}

/// Refuses a number of boxes where there is none to be divided.
pub fn check_boxes(boxes: Option<u64>) -> Result<(), Failure> {
    match boxes {
        None => Ok(()),
        Some(_) => Err(Failure::with_help(
            "--boxes: there is no interval in --at",
            "leave --boxes out, or give a variable an interval: --at 'x=[0, 1]'",
        )),
    }
}
