//! `ulpscope sweep`.

use super::args::{Common, DEFAULT_FORMATS, SweepArguments};
use super::compare::{check_columns, column_names};
use super::failure::Failure;
use super::output::{Output, Status};
use super::progress::Bar;
use super::session::{Session, precisions};
use super::workers;
use crate::language::Definitions;
use crate::report;
use crate::study::{Grid, Range, Subject, sweep};

/// Compares formulas over a grid of inputs and precisions.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &SweepArguments,
) -> Result<Output, Failure> {
    if arguments.over.is_empty() && arguments.precision.is_empty() {
        return Err(Failure::with_help(
            "a sweep needs something that moves",
            "give inputs' values, --over z=0..60:5, or precisions, --precision 24..128:4",
        ));
    }
    let precisions = match arguments.precision.as_slice() {
        [] => None,
        texts => Some(precisions(texts)?),
    };
    let mut session = Session::new(common, definitions)?;
    let formats = match (arguments.formats.as_slice(), &precisions) {
        ([], Some(_)) => Vec::new(),
        (names, _) => session.formats(names, &DEFAULT_FORMATS)?,
    };
    let (point, given) = session.point(&arguments.at)?;
    let mut ranges = Vec::new();
    for text in &arguments.over {
        let more = Range::parse(&mut session.definitions, text, common.precision_limit());
        ranges.extend(session.check(more)?);
    }
    let names: Vec<String> = ranges
        .iter()
        .map(|range| range.name().to_string())
        .collect();
    check_columns(&arguments.columns, &column_names(&names))?;
    let expressions = session.expressions(&arguments.expressions)?;
    let grid = Grid::new(ranges, &formats, precisions.as_ref(), expressions.len());
    let grid = session.check(grid)?;
    let point = grid.extend(&point, &given);
    let point = session.check(point)?;
    let mut subjects = Vec::with_capacity(expressions.len());
    for text in &expressions {
        let subject = Subject::parse(&mut session.definitions, text, &point);
        subjects.push(session.check(subject)?);
    }
    session.check_used(&given, &subjects)?;
    let used = grid.check_used(&subjects, &session.definitions, precisions.is_some());
    session.check(used)?;
    workers::start(common);
    let bar = Bar::new(common);
    let mut options = session.options(arguments.digits);
    options.verdicts = common.wants_json() || needs_verdicts(&arguments.columns);
    let result = sweep(&subjects, &grid, &options, &bar);
    bar.finish();
    Ok(Output {
        document: report::sweep(&result, &arguments.columns),
        markdown: None,
        table: None,
        data: Box::new(result),
        status: Status::Fine,
    })
}

/// Whether these columns tell how good results are.
fn needs_verdicts(columns: &[String]) -> bool {
    let judges = |name: &String| ["verdict", "inputs_cost", "notes"].contains(&name.as_str());
    columns.is_empty() || columns.iter().any(judges)
}
