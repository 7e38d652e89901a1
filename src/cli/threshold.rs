//! `ulpscope threshold`.

use super::args::{Common, DEFAULT_FORMATS, ThresholdArguments};
use super::compare::check_columns;
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::{Session, precisions};
use super::workers;
use crate::language::Definitions;
use crate::report;
use crate::study::{Interval, Predicate, over_floats, over_precisions};

/// Finds where a predicate holds.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &ThresholdArguments,
) -> Result<Output, Failure> {
    let names = report::threshold_column_names(!arguments.over.is_empty());
    check_columns(&arguments.columns, &names)?;
    match (arguments.over.as_slice(), arguments.precision.as_slice()) {
        ([], []) => Err(Failure::with_help(
            "a threshold needs something that moves",
            "give an input's range, --over z=0..100, or precisions, --precision 2..256",
        )),
        ([], precisions) => over_bits(common, definitions, arguments, precisions),
        ([range], []) => over_input(common, definitions, arguments, range),
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
    definitions: Definitions,
    arguments: &ThresholdArguments,
    range: &str,
) -> Result<Output, Failure> {
    let mut session = Session::new(common, definitions)?;
    let formats = session.formats(&arguments.formats, &DEFAULT_FORMATS)?;
    let (point, given) = session.point(&arguments.at)?;
    let limit = common.precision_limit();
    let range = Interval::parse(&mut session.definitions, range, limit);
    let range = session.check(range)?;
    let text = session.expression(arguments.predicate.as_ref())?;
    let predicate = Predicate::parse(&mut session.definitions, &text, &point);
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
    Ok(Output {
        document: report::float_threshold(&result, &arguments.columns, false),
        markdown: None,
        table: Some(report::float_threshold(&result, &arguments.columns, true)),
        data: Box::new(result),
        status: Status::Fine,
    })
}

fn over_bits(
    common: &Common,
    definitions: Definitions,
    arguments: &ThresholdArguments,
    texts: &[String],
) -> Result<Output, Failure> {
    let precisions = precisions(texts)?;
    let mut session = Session::new(common, definitions)?;
    let (point, given) = session.point(&arguments.at)?;
    let text = session.expression(arguments.predicate.as_ref())?;
    let predicate = Predicate::parse(&mut session.definitions, &text, &point);
    let predicate = session.check(predicate)?;
    let used = predicate.check_point(&mut session.definitions, &given);
    session.check(used)?;
    workers::start(common);
    let result = over_precisions(
        &mut session.definitions,
        &predicate,
        &precisions,
        common.precision_limit(),
    );
    let result = session.check(result)?;
    Ok(Output {
        document: report::precision_threshold(&result, &arguments.columns),
        markdown: None,
        table: None,
        data: Box::new(result),
        status: Status::Fine,
    })
}
