//! What stands in place of an expression, and what goes with it.

use super::failure::Failure;
use super::session::{Session, formats};
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::Core;
use crate::study::{Point, Subject, eval};

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
