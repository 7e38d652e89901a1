//! `ulpscope verify`.

use super::args::{Common, VerifyArguments};
use super::failure::Failure;
use super::files::read_definitions;
use super::output::{Output, Status};
use super::session::Session;
use super::workers;
use crate::formula::Diagnostic;
use crate::language::Definitions;
use crate::report;
use crate::study::{Place, Verification, VerifyOptions, verify};
use std::io::IsTerminal;
use std::path::Path;

/// Decides the claims of files, then those of the command line.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &VerifyArguments,
) -> Result<Output, Failure> {
    workers::start(common);
    let mut session = Session::new(common, definitions)?;
    let mut claims = Vec::new();
    let standard = [Path::new("-").to_path_buf()];
    let files = if !arguments.files.is_empty() || !arguments.claims.is_empty() {
        arguments.files.as_slice()
    } else if std::io::stdin().is_terminal() {
        return Err(Failure::with_help(
            "there is nothing to verify",
            "name a file of claims, or give a claim: -e 'fl(exp(-50), f64) != 0'",
        ));
    } else {
        &standard
    };
    for path in files {
        let (name, text) = read_definitions(path)?;
        let found = session.definitions.add_document(&name, &text);
        claims.extend(session.check(found)?);
    }
    if session.definitions.declares_derivatives() {
        session.check_declared()?;
    }
    for (index, text) in arguments.claims.iter().enumerate() {
        let name = match arguments.claims.len() {
            1 => "claim".to_string(),
            _ => format!("claim {}", index + 1),
        };
        let claim = session.definitions.claim(&name, text);
        claims.push(session.check(claim)?);
    }
    if claims.is_empty() {
        return Err(Failure::with_help(
            "there are no claims here",
            "a claim reads claim \"title\": exp(-50) != 0",
        ));
    }
    let (Place { point, sides }, _) = session.place(&arguments.at)?;
    for side in &sides {
        let mut used = false;
        for claim in &mut claims {
            let wider = session
                .definitions
                .with_intervals(claim, std::slice::from_ref(side));
            let wider = session.check(wider)?;
            used |= wider.variables.len() > claim.variables.len();
            *claim = wider;
        }
        if !used {
            let unused = format!("`{}` is free in no claim", side.name);
            return session.check(Err(Diagnostic::new(unused)
                .at(side.span)
                .help("an interval is for a variable that has neither a value nor a range")));
        }
    }
    let options = VerifyOptions {
        precision_limit: common.precision_limit(),
        boxes: arguments.boxes,
        points: arguments.points,
        digits: None,
    };
    let result = verify(&mut session.definitions, &claims, &point, &options);
    Ok(verdicts(session.check(result)?))
}

/// Verdicts in every form; the status says whether they are the ones expected.
pub fn verdicts(result: Verification) -> Output {
    Output {
        document: report::verification(&result),
        markdown: None,
        table: None,
        status: Status::of_claims(result.is_as_expected()),
        data: Box::new(result),
    }
}
