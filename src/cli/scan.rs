//! `ulpscope scan`.

use super::args::{Common, ScanArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::progress::Bar;
use super::session::Session;
use super::workers;
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, scan, scan_space};

/// Scans a formula over every number of a format.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &ScanArguments,
) -> Result<Output, Failure> {
    if arguments.over.is_empty() {
        return Err(Failure::with_help(
            "a scan needs a variable and the numbers that it takes",
            "as in --over z=f32, or --over 'z=f32 in [1, 4]'",
        ));
    }
    let mut session = Session::new(common, definitions)?;
    let formats = session.formats(&arguments.formats, &["f32"])?;
    let (point, given) = session.point(&arguments.at)?;
    let space = scan_space(
        &mut session.definitions,
        &arguments.over,
        formats[0],
        (&point, &given),
        common.precision_limit(),
    );
    let (space, point) = session.check(space)?;
    let text = session.expression(arguments.expression.as_ref())?;
    let subject = Subject::parse(&mut session.definitions, &text, &point);
    let subjects = [session.check(subject)?];
    session.check_used(&given, &subjects)?;
    let used = Subject::check_point(&subjects, &space.variables(), &session.definitions);
    session.check(used)?;
    workers::start(common);
    let bar = Bar::new(common);
    let options = session.options(1);
    let result = scan(
        &subjects[0],
        &space,
        &formats,
        arguments.top as usize,
        &options,
        &bar,
    );
    bar.finish();
    let result = session.check(result)?;
    Ok(Output {
        document: report::scan(&result),
        markdown: None,
        table: Some(report::scan_table(&result)),
        data: Box::new(result),
        status: Status::Fine,
    })
}
