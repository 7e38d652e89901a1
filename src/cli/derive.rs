//! `ulpscope derive`.

use super::args::{Common, DeriveArguments};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use crate::claim::Identity;
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, derive};

/// Differentiates an expression.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &DeriveArguments,
) -> Result<Output, Failure> {
    let mut session = Session::new(common, definitions)?;
    let (point, given) = session.point(&arguments.at)?;
    let wanted = !arguments.at.at.is_empty() || common.load_case.is_some();
    let limit = session.precision_limit(arguments.digits);
    let text = session.expression(arguments.expression.as_ref())?;
    let result = derive(
        &mut session.definitions,
        &text,
        &arguments.wrt,
        wanted.then_some(&point),
        arguments.equals.as_deref(),
        arguments.digits as usize,
        limit,
    );
    let result = session.check(result)?;
    let source = session.definitions.formula("expression", &text);
    let source = session.check(source)?;
    let used = Subject::check_names(&[&source], &given, &session.definitions);
    session.check(used)?;
    let proved = result
        .derivatives
        .iter()
        .all(|derived| match &derived.equals {
            None => true,
            Some(equals) => matches!(
                equals.verdict,
                Identity::Proved | Identity::ProvedWhereDefined { .. }
            ),
        });
    Ok(Output {
        document: report::derivation(&result),
        markdown: None,
        table: Some(report::derivation_table(&result)),
        data: Box::new(result),
        status: Status::of_claims(proved),
    })
}
