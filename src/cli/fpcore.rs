//! `--fpcore FILE[:NAME]`: cores in place of expressions.

use super::failure::Failure;
use super::session::{Session, formats, read};
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::{Core, Definitions, nearest};
use crate::study::{Point, Subject, eval};
use std::path::Path;

/// How many names of cores a message lists.
const LISTED: usize = 12;

/// The cores of a file, and which of them is meant.
pub struct Cores {
    /// What the file is called.
    pub source: String,
    /// All of its cores.
    pub all: Vec<Core>,
    /// The one that stands in place of an expression.
    chosen: Option<usize>,
}

impl Cores {
    /// Reads the file; adds its cores to the definitions.
    pub fn load(argument: &str, definitions: &mut Definitions) -> Result<Cores, Failure> {
        // A name may hold colons, and so may a file's.
        let whole = argument == "-" || Path::new(argument).exists();
        let (path, name) = match argument.split_once(':').filter(|_| !whole) {
            Some((path, name)) => (path, Some(name)),
            None => (argument, None),
        };
        let (source, text) = read(Path::new(path))?;
        let all = definitions.add_fpcore(&source, &text);
        let all = all.map_err(|error| Failure::Input(error, definitions.sources().clone()))?;
        if all.is_empty() {
            return Err(Failure::with_help(
                format!("{source} has no core"),
                "a core is (FPCore (x) (sqrt x))",
            ));
        }
        let chosen = match name {
            None => (all.len() == 1).then_some(0),
            Some(name) => match all.iter().position(|core| core.is_called(name)) {
                Some(index) => Some(index),
                None => {
                    let names = all.iter().flat_map(|core| {
                        std::iter::once(core.name.as_str()).chain(core.title.as_deref())
                    });
                    let help = match nearest(name, names) {
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("its cores are {}", list(&all)),
                    };
                    return Err(Failure::with_help(
                        format!("{source} has no core `{name}`"),
                        help,
                    ));
                }
            },
        };
        Ok(Cores {
            source,
            all,
            chosen,
        })
    }

    /// The core in place of an expression.
    ///
    /// # Errors
    /// Where it is not said which one that is, or formulas cannot be made of it.
    fn chosen(&self) -> Result<&Core, Failure> {
        let Some(index) = self.chosen else {
            let source = match self.source.as_str() {
                "standard input" => "-",
                source => source,
            };
            return Err(Failure::with_help(
                format!("{} has {} cores", self.source, self.all.len()),
                format!(
                    "name one of them, as in --fpcore {source}:{}; they are {}",
                    self.all[0].name,
                    list(&self.all)
                ),
            ));
        };
        Ok(&self.all[index])
    }
}

fn list(cores: &[Core]) -> String {
    let mut names: Vec<&str> = cores.iter().map(|core| core.name.as_str()).collect();
    if names.len() > LISTED {
        names.truncate(LISTED);
        names.push("…");
    }
    names.join(", ")
}

impl Session<'_> {
    /// The expression of a subcommand: what was given, or else the core.
    pub fn expression(&self, given: Option<&String>) -> Result<String, Failure> {
        match given {
            Some(text) => Ok(text.clone()),
            None => {
                let core = self.core()?;
                Ok(core.call(&core.name))
            }
        }
    }

    /// The expressions of a subcommand that takes several: what was given, or else
    /// the core with its `:spec` and its `:alt`s.
    pub fn expressions(&self, given: &[String]) -> Result<Vec<String>, Failure> {
        if !given.is_empty() {
            return Ok(given.to_vec());
        }
        let core = self.core()?;
        let all = std::iter::once(&core.name).chain(&core.alternatives);
        Ok(all.map(|name| core.call(name)).collect())
    }

    /// The arithmetics: those that are named, or else the core's, or those that
    /// stand there by default.
    pub fn formats(&self, named: &[String], default: &[&str]) -> Result<Vec<Format>, Failure> {
        if !named.is_empty() {
            return formats(named);
        }
        match self.chosen_core().and_then(|core| core.format) {
            Some(format) => Ok(vec![format]),
            None => formats(&default.iter().map(ToString::to_string).collect::<Vec<_>>()),
        }
    }

    /// The core that stands in place of an expression, if one is meant.
    pub fn chosen_core(&self) -> Option<&Core> {
        let cores = self.cores.as_ref()?;
        Some(&cores.all[cores.chosen?])
    }

    /// All cores of the file.
    pub fn all_cores(&self) -> Vec<Core> {
        let cores = self.cores.as_ref();
        cores.map(|cores| cores.all.clone()).unwrap_or_default()
    }

    fn core(&self) -> Result<&Core, Failure> {
        let Some(cores) = &self.cores else {
            return Err(Failure::with_help(
                "an expression is missing",
                "write one, as in 'sqrt(x + 1) - sqrt(x)', or read a core: --fpcore FILE:NAME",
            ));
        };
        let core = cores.chosen()?;
        match &core.refused {
            None => Ok(core),
            Some(why) => self.check(Err(why.clone())),
        }
    }

    /// Says on standard error where a point is not one that the core is for.
    pub fn check_precondition(&mut self, point: &Point) -> Result<(), Failure> {
        let core = self.chosen_core().and_then(|core| {
            let precondition = core.precondition.as_ref()?;
            Some((core.call(precondition), core.span))
        });
        let Some((precondition, span)) = core.filter(|_| !self.common.quiet) else {
            return Ok(());
        };
        let subject = Subject::parse_exact(&mut self.definitions, &precondition, point);
        // Without values for all variables there is no point yet.
        let Ok(subject) = subject else { return Ok(()) };
        let result = eval(&subject, 1, self.precision_limit(1));
        let holds = result.holds.and_then(|holds| holds.value);
        let message = match holds {
            Some(true) => return Ok(()),
            Some(false) => "the core is not meant for this point: its :pre does not hold",
            None => "whether the core is meant for this point is not known: its :pre is undecided",
        };
        let warning = Diagnostic::new(message).at(span);
        let warning = Failure::Input(warning, self.definitions.sources().clone());
        warning.warn(self.common.color);
        Ok(())
    }
}
