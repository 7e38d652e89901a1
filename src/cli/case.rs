//! `ulpscope` and `ulpscope case`.

use super::args::{CaseArguments, Common};
use super::failure::Failure;
use super::output::Output;
use super::session::{Session, find_case, formats};
use super::verify::write_verdicts;
use super::workers;
use crate::report;
use crate::study::{CASES, Case, Verification, VerifyOptions, verify};
use std::process::ExitCode;

/// The number of digits of the exact value in the story.
const DIGITS: u32 = 21;

/// Lists the cases, runs one, or shows claims.
pub fn run(common: &Common, arguments: &CaseArguments) -> Result<ExitCode, Failure> {
    workers::start(common);
    if arguments.claims {
        return claims(common, arguments);
    }
    let Some(name) = &arguments.name else {
        let output = Output {
            document: report::cases(),
            markdown: None,
            table: None,
            data: &CASES,
        };
        output.write(common)?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut session = load(common, find_case(name)?)?;
    let (point, given) = session.point(&arguments.at)?;
    let chosen = formats(&arguments.formats)?;
    let chosen = (!chosen.is_empty()).then_some(chosen.as_slice());
    let options = session.options(DIGITS);
    let claims = std::mem::take(&mut session.case_claims);
    let case = find_case(name)?;
    let asked = (&point, claims.as_slice());
    let result = case.run(&mut session.definitions, asked, chosen, &options);
    let (result, subject) = session.check(result)?;
    session.check_used(&given, &[subject])?;
    let output = Output {
        document: report::case(&result),
        markdown: None,
        table: Some(report::comparison(&result.comparison, &[])),
        data: &result,
    };
    output.write(common)?;
    Ok(ExitCode::SUCCESS)
}

/// A session with a case loaded, if the common options have not loaded it.
fn load<'a>(common: &'a Common, case: &Case) -> Result<Session<'a>, Failure> {
    let mut session = Session::new(common)?;
    if common.load_case.as_deref() != Some(case.name) {
        session.load(case)?;
    }
    Ok(session)
}

/// Decides the claims of one case, or of all.
fn claims(common: &Common, arguments: &CaseArguments) -> Result<ExitCode, Failure> {
    let cases: Vec<&Case> = match &arguments.name {
        Some(name) => vec![find_case(name)?],
        None => CASES.iter().collect(),
    };
    let options = VerifyOptions {
        precision_limit: common.precision_limit,
        ..VerifyOptions::default()
    };
    let mut all: Option<Verification> = None;
    for case in cases {
        let mut session = load(common, case)?;
        let (point, _) = session.point(&arguments.at)?;
        let claims = std::mem::take(&mut session.case_claims);
        let result = verify(&mut session.definitions, &claims, &point, &options);
        let result = session.check(result)?;
        match &mut all {
            Some(all) => all.add(result),
            None => all = Some(result),
        }
    }
    write_verdicts(common, &all.expect("there is a case"))
}
