//! `--fpcore FILE[:NAME]`: cores in place of expressions.

use super::failure::Failure;
use super::files::read;
use crate::language::{Core, Definitions, nearest};
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
    pub chosen: Option<usize>,
}

impl Cores {
    /// Reads the file; adds its cores to the definitions.
    pub fn load(argument: &str, definitions: &mut Definitions) -> Result<Cores, Failure> {
        // What begins with a minus came with a space before it.
        let argument = match argument.strip_prefix(' ') {
            Some(rest) if rest.starts_with('-') => rest,
            _ => argument,
        };
        let (path, name) = split(argument);
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
    pub fn chosen(&self) -> Result<&Core, Failure> {
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

/// A file and a core's name. Both may hold colons: the file ends at the first one
/// before which there is a file.
fn split(argument: &str) -> (&str, Option<&str>) {
    let is_file = |path: &str| path == "-" || Path::new(path).exists();
    if is_file(argument) {
        return (argument, None);
    }
    let parts = argument
        .match_indices(':')
        .map(|(at, _)| (&argument[..at], &argument[at + 1..]));
    let found = parts.clone().find(|(path, _)| is_file(path));
    match found.or(argument.split_once(':')) {
        Some((path, name)) => (path, Some(name)),
        None => (argument, None),
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
