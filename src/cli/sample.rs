//! `ulpscope compare --fpcore FILE --sample N`: cores at random points.

use super::args::{Common, CompareArguments, DEFAULT_FORMATS};
use super::failure::Failure;
use super::output::{Output, Status};
use super::progress::Bar;
use super::session::Session;
use super::workers;
use crate::formula::{Context, Diagnostic};
use crate::language::{Core, Definitions};
use crate::report;
use crate::study::{Sampled, Sampling, Spread, Subject, sample, sample_point};

/// Looks at every core of a file, or at one.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &CompareArguments,
    points: u64,
) -> Result<Output, Failure> {
    let mut session = Session::new(common, definitions)?;
    let cores = session.all_cores();
    if cores.is_empty() || !arguments.expressions.is_empty() {
        return Err(Failure::with_help(
            "--sample takes points from the preconditions of cores",
            "name their file, --fpcore FILE, and no expression",
        ));
    }
    if !arguments.at.at.is_empty() || arguments.condition || !arguments.columns.is_empty() {
        return Err(Failure::with_help(
            "--sample goes without --at, --condition and --columns",
            "leave them out, or compare at one point: --fpcore FILE:NAME --at x=2",
        ));
    }
    let formats = session.formats(&arguments.formats, &DEFAULT_FORMATS)?;
    let chosen = session.chosen_core().map(|core| core.span);
    let mut formulas = Vec::new();
    for (number, core) in (0..).zip(&cores) {
        match chosen {
            // Other ways to compute it are told of beside it.
            Some(span) if span == core.span => {
                formulas.push(sampled(&mut session.definitions, core, &core.name, number));
                for name in &core.alternatives {
                    formulas.push(sampled(&mut session.definitions, core, name, number));
                }
            }
            Some(_) => {}
            None => formulas.push(sampled(&mut session.definitions, core, &core.name, number)),
        }
    }
    let sampling = Sampling {
        points,
        seed: arguments.seed,
        spread: match arguments.reals {
            true => Spread::Reals,
            false => Spread::Floats,
        },
    };
    workers::start(common);
    let bar = Bar::new(common);
    let options = session.options(1);
    let result = sample(&formulas, &formats, sampling, &options, &bar);
    bar.finish();
    let result = session.check(result)?;
    Ok(Output {
        document: report::sample(&result),
        markdown: None,
        table: Some(report::sample_table(&result)),
        data: Box::new(result),
        status: Status::Fine,
    })
}

fn sampled(definitions: &mut Definitions, core: &Core, name: &str, number: u64) -> Sampled {
    let point = sample_point(&core.arguments);
    let read = |definitions: &mut Definitions| -> Result<Subject, Diagnostic> {
        match &core.refused {
            Some(why) => Err(why.clone()),
            None => Subject::parse(definitions, &core.call(name), &point),
        }
    };
    let precondition = core.precondition.as_ref().map(|name| {
        let formula = definitions.formula("precondition", &core.call(name))?;
        formula.inline(Context::Real)
    });
    let (subject, precondition) = match precondition.transpose() {
        Ok(precondition) => (read(definitions), precondition),
        Err(why) => (Err(why), None),
    };
    Sampled {
        name: name.to_string(),
        variables: core.arguments.clone(),
        subject: subject.map_err(|why| why.message),
        precondition,
        number,
    }
}
