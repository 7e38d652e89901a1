//! What every subcommand starts from: definitions, inputs, formats.

use super::args::{At, Common};
use super::cores::Cores;
use super::failure::Failure;
use super::files::{is_markdown, read, read_definitions};
use super::output;
use crate::claim::Identity;
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::{Claim, Definitions};
use crate::study::{
    Case, DeclaredCheck, Options, Place, Point, Precisions, Subject, check_declared,
};
use std::path::Path;

/// Definitions and inputs, as the command line gives them.
pub struct Session<'a> {
    pub(super) common: &'a Common,
    /// The prelude and what the user defined.
    pub definitions: Definitions,
    /// The inputs of a loaded case.
    case_point: Point,
    /// Its claims.
    pub case_claims: Vec<Claim>,
    /// The cores of `--fpcore`.
    pub(super) cores: Option<Cores>,
}

impl<'a> Session<'a> {
    /// To what is defined already it adds the files, then the `-d`s, then the case
    /// if one is to be loaded.
    pub fn new(common: &'a Common, definitions: Definitions) -> Result<Self, Failure> {
        output::check_exports(common)?;
        let mut session = Session {
            common,
            definitions,
            case_point: Point::default(),
            case_claims: Vec::new(),
            cores: None,
        };
        for path in &common.file {
            let (name, text) = read_definitions(path)?;
            let added = session.definitions.add(&name, &text);
            session.check(added)?;
        }
        for (index, text) in common.define.iter().enumerate() {
            let name = match common.define.len() {
                1 => "definition".to_string(),
                _ => format!("definition {}", index + 1),
            };
            let added = session.definitions.add(&name, text);
            session.check(added)?;
        }
        if let Some(argument) = &common.fpcore {
            session.cores = Some(Cores::load(argument, &mut session.definitions)?);
        }
        if let Some(name) = &common.load_case {
            session.load(&find_case(name)?)?;
        }
        if !(common.file.is_empty() && common.define.is_empty())
            && session.definitions.declares_derivatives()
        {
            session.check_declared()?;
        }
        Ok(session)
    }

    /// Refuses a declared derivative that is proved not to be its function's.
    pub fn check_declared(&mut self) -> Result<(), Failure> {
        let checks = check_declared(&mut self.definitions, self.common.precision_limit());
        for check in self.check(checks)? {
            if let Identity::Refuted(witness) = &check.verdict {
                let DeclaredCheck {
                    function,
                    parameter,
                    place,
                    ..
                } = &check;
                let message =
                    format!("this is not the derivative of `{function}` by `{parameter}`");
                let at: Vec<String> = witness
                    .point
                    .iter()
                    .map(|(name, value)| format!("{name} = {value}"))
                    .collect();
                let help = format!(
                    "at {} it is {}, and that of the body {}",
                    at.join(", "),
                    witness.left,
                    witness.right
                );
                let wrong = Diagnostic::new(message).at(*place).help(help);
                return self.check(Err(wrong));
            }
        }
        Ok(())
    }

    /// Adds a case's definitions, and takes its inputs and claims.
    pub fn load(&mut self, case: &Case) -> Result<(), Failure> {
        let loaded = case.load(&mut self.definitions, self.common.precision_limit());
        (self.case_point, self.case_claims) = self.check(loaded)?;
        Ok(())
    }

    /// Gives a diagnostic the texts that it points into.
    pub fn check<T>(&self, result: Result<T, Diagnostic>) -> Result<T, Failure> {
        result.map_err(|diagnostic| Failure::Input(diagnostic, self.definitions.sources().clone()))
    }

    /// The inputs: a case's, overridden by those of `--at`. These have one value each.
    pub fn point(&mut self, at: &At) -> Result<(Point, Point), Failure> {
        let (place, given) = self.place(at)?;
        Ok((self.check(place.point())?, self.check(given.point())?))
    }

    /// The same, where inputs may have intervals.
    pub fn place(&mut self, at: &At) -> Result<(Place, Place), Failure> {
        let mut given = Place::default();
        for text in &at.at {
            let more = Place::parse(&mut self.definitions, text, self.common.precision_limit());
            let more = self.check(more)?;
            let added = given.add(more);
            self.check(added)?;
        }
        let mut place = Place {
            point: self.case_point.clone(),
            sides: Vec::new(),
        };
        place.override_with(given.clone());
        Ok((place, given))
    }

    /// Refuses values for variables that no formula has.
    pub fn check_used(&self, given: &Point, subjects: &[Subject]) -> Result<(), Failure> {
        let used = Subject::check_point(subjects, given, &self.definitions);
        self.check(used)
    }

    /// The budget: as given, but never too small for the digits asked for.
    pub fn precision_limit(&self, digits: u32) -> u32 {
        let bits = (f64::from(digits) * std::f64::consts::LOG2_10) as u32 + 128;
        self.common.precision_limit().max(bits)
    }

    /// The study's options.
    pub fn options(&self, digits: u32) -> Options {
        Options {
            libm: self.common.libm.into(),
            precision_limit: self.precision_limit(digits),
            digits: digits as usize,
            verdicts: true,
            conditions: false,
        }
    }
}

/// The built-in case with this name, or the one of a markdown file.
pub fn find_case(name: &str) -> Result<Case, Failure> {
    if let Some(case) = Case::find(name) {
        return Ok(case);
    }
    let path = Path::new(name);
    if !is_markdown(path) {
        let names: Vec<&str> = Case::names().collect();
        return Err(Failure::with_help(
            format!("there is no case `{name}`"),
            format!(
                "the cases are: {}; or name a markdown file",
                names.join(", ")
            ),
        ));
    }
    let (source, text) = read(path)?;
    match Case::read(name, &source, &text) {
        Ok(Some(case)) => Ok(case),
        Ok(None) => Err(Failure::with_help(
            format!("{source} is no case"),
            "a case has a comment <!-- ulpscope-case … --> that says what its story is made of",
        )),
        Err(diagnostic) => Err(Failure::Usage {
            message: format!("{source}: {}", diagnostic.message),
            help: diagnostic.help,
        }),
    }
}

/// Reads the names of `--in`.
pub fn formats(names: &[String]) -> Result<Vec<Format>, Failure> {
    formats_named(names, "--in: ")
}

/// Reads format names; a message on one begins as told.
pub fn formats_named(names: &[String], said_by: &str) -> Result<Vec<Format>, Failure> {
    let format = |name: &String| {
        name.parse::<Format>().map_err(|problem| Failure::Usage {
            message: format!("{said_by}{}", problem.message),
            help: problem.help,
        })
    };
    names.iter().map(format).collect()
}

/// Reads precisions, which may come in several lists.
pub fn precisions(texts: &[String]) -> Result<Precisions, Failure> {
    Precisions::parse(&texts.join(",")).map_err(|problem| Failure::Usage {
        message: format!("--precision: {}", problem.message),
        help: problem.help,
    })
}
