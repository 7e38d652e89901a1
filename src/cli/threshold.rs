//! `ulpscope threshold`.

use super::args::{Common, DEFAULT_FORMATS, ThresholdArguments};
use super::failure::Failure;
use super::output::Output;
use super::session::{Session, formats, precisions};
use super::workers;
use crate::report;
use crate::study::{Interval, Predicate, over_floats, over_precisions};
use std::process::ExitCode;

/// Finds where a predicate holds.
pub fn run(common: &Common, arguments: &ThresholdArguments) -> Result<ExitCode, Failure> {
    match (arguments.over.as_slice(), arguments.precision.as_slice()) {
        ([], []) => Err(Failure::with_help(
            "a threshold needs something that moves",
            "give an input's range, --over z=0..100, or precisions, --precision 2..256",
        )),
        ([], precisions) => over_bits(common, arguments, precisions),
        ([range], []) => over_input(common, arguments, range),
        ([_, _, ..], []) => Err(Failure::with_help(
            "a threshold has one variable that moves, not several",
            "fix the others with --at",
        )),
        (_, _) => Err(Failure::with_help(
            "a threshold has one thing that moves: an input or the precision",
            "keep --over or --precision",
        )),
    }
}

fn over_input(
    common: &Common,
    arguments: &ThresholdArguments,
    range: &str,
) -> Result<ExitCode, Failure> {
    let names: Vec<String> = if arguments.formats.is_empty() {
        DEFAULT_FORMATS.map(String::from).to_vec()
    } else {
        arguments.formats.clone()
    };
    let formats = formats(&names)?;
    let mut session = Session::new(common)?;
    let (point, given) = session.point(&arguments.at)?;
    let limit = common.precision_limit;
    let range = Interval::parse(&mut session.definitions, range, limit);
    let range = session.check(range)?;
    let predicate = Predicate::parse(&mut session.definitions, &arguments.predicate, &point);
    let predicate = session.check(predicate)?;
    let used = predicate.check_point(&mut session.definitions, &given);
    session.check(used)?;
    workers::start(common);
    let result = over_floats(
        &mut session.definitions,
        &predicate,
        &range,
        &formats,
        limit,
        arguments.blocks,
    );
    let result = session.check(result)?;
    let output = Output {
        document: report::float_threshold(&result, false),
        markdown: None,
        table: Some(report::float_threshold(&result, true)),
        data: &result,
    };
    output.write(common)?;
    Ok(ExitCode::SUCCESS)
}

fn over_bits(
    common: &Common,
    arguments: &ThresholdArguments,
    texts: &[String],
) -> Result<ExitCode, Failure> {
    let precisions = precisions(texts)?;
    let mut session = Session::new(common)?;
    let (point, given) = session.point(&arguments.at)?;
    let predicate = Predicate::parse(&mut session.definitions, &arguments.predicate, &point);
    let predicate = session.check(predicate)?;
    let used = predicate.check_point(&mut session.definitions, &given);
    session.check(used)?;
    workers::start(common);
    let result = over_precisions(
        &mut session.definitions,
        &predicate,
        &precisions,
        common.precision_limit,
    );
    let result = session.check(result)?;
    let output = Output {
        document: report::precision_threshold(&result),
        markdown: None,
        table: None,
        data: &result,
    };
    output.write(common)?;
    Ok(ExitCode::SUCCESS)
}
