//! `ulpscope` and `ulpscope case`.

use super::args::{CaseArguments, Common};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::{Session, find_case, formats};
use super::verify::verdicts;
use super::workers;
use crate::language::Definitions;
use crate::report;
use crate::study::{Case, Verification, VerifyOptions, verify};

/// The number of digits of the exact value in the story.
const DIGITS: u32 = 21;

/// Lists the cases, runs one, or shows claims.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &CaseArguments,
) -> Result<Output, Failure> {
    workers::start(common);
    if arguments.claims {
        return claims(common, definitions, arguments);
    }
    let Some(name) = &arguments.name else {
        let cases: Vec<Case> = Case::names().filter_map(Case::find).collect();
        return Ok(Output {
            document: report::cases(&cases),
            markdown: None,
            table: None,
            data: Box::new(cases),
            status: Status::Fine,
        });
    };
    let case = find_case(name)?;
    let mut session = load(common, definitions, &case)?;
    let (point, given) = session.point(&arguments.at)?;
    let chosen = formats(&arguments.formats)?;
    let chosen = (!chosen.is_empty()).then_some(chosen.as_slice());
    let options = session.options(DIGITS);
    let claims = std::mem::take(&mut session.case_claims);
    let asked = (&point, claims.as_slice());
    let result = case.run(&mut session.definitions, asked, chosen, &options);
    let (result, subject) = session.check(result)?;
    session.check_used(&given, &[subject])?;
    Ok(Output {
        document: report::case(&result),
        markdown: None,
        table: Some(report::comparison(&result.comparison, &[])),
        data: Box::new(result),
        status: Status::Fine,
    })
}

/// A session with a case loaded, if the common options have not loaded it.
fn load<'a>(
    common: &'a Common,
    definitions: Definitions,
    case: &Case,
) -> Result<Session<'a>, Failure> {
    let mut session = Session::new(common, definitions)?;
    if common.load_case.as_deref() != Some(&case.name) {
        session.load(case)?;
    }
    Ok(session)
}

/// Decides the claims of one case, or of all.
fn claims(
    common: &Common,
    definitions: Definitions,
    arguments: &CaseArguments,
) -> Result<Output, Failure> {
    let cases: Vec<Case> = match &arguments.name {
        Some(name) => vec![find_case(name)?],
        None => Case::names().filter_map(Case::find).collect(),
    };
    let options = VerifyOptions {
        precision_limit: common.precision_limit(),
        ..VerifyOptions::default()
    };
    let mut all: Option<Verification> = None;
    for case in &cases {
        let mut session = load(common, definitions.clone(), case)?;
        let (point, _) = session.point(&arguments.at)?;
        let claims = std::mem::take(&mut session.case_claims);
        let result = verify(&mut session.definitions, &claims, &point, &options);
        let result = session.check(result)?;
        match &mut all {
            Some(all) => all.add(result),
            None => all = Some(result),
        }
    }
    Ok(verdicts(all.expect("there is a case")))
}
