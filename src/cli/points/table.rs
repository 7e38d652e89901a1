//! A table of points as it streams in.

use super::super::failure::Failure;
use super::lines::{Batch, Lines, MAX_LINE, cells};
use crate::study::{Given, NotGiven};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The most columns of a table of points.
const MAX_COLUMNS: usize = 1000;

/// Where points come from: lines of CSV, of which the first names the variables.
pub struct Table {
    pub(super) name: String,
    lines: Lines<BufReader<Box<dyn Read + Send>>>,
}

impl Table {
    /// Opens a file; - is standard input.
    pub(super) fn open(path: &Path) -> Result<Table, Failure> {
        let (name, reader): (String, Box<dyn Read + Send>) = if path.as_os_str() == "-" {
            ("standard input".to_string(), Box::new(std::io::stdin()))
        } else {
            let name = path.display().to_string();
            let file = File::open(path);
            let file = file.and_then(|file| match file.metadata()?.is_dir() {
                true => Err(std::io::Error::other("it is a folder")),
                false => Ok(file),
            });
            let file =
                file.map_err(|problem| Failure::usage(format!("cannot read {name}: {problem}")))?;
            (name, Box::new(file))
        };
        Table::new(name, reader)
    }

    /// Reads from anything; messages call it by the name.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn new(name: String, reader: Box<dyn Read + Send>) -> Result<Table, Failure> {
        let lines = Lines::new(BufReader::with_capacity(1 << 16, reader));
        let lines = lines.map_err(|problem| unreadable(&name, &problem))?;
        Ok(Table { name, lines })
    }

    /// Up to so many lines, or so many bytes; none at the end.
    ///
    /// # Errors
    /// Where it cannot be read any more.
    pub fn batch(&mut self, lines: usize, bytes: usize) -> Result<Batch, Failure> {
        let batch = self.lines.batch(lines, bytes);
        batch.map_err(|problem| unreadable(&self.name, &problem))
    }

    /// The names of the columns.
    ///
    /// # Errors
    /// Where the first line names no variables.
    pub fn header(&mut self) -> Result<Vec<String>, Failure> {
        let help = "its first line names the variables: z, or x,y";
        let batch = self.batch(1, 1)?;
        let Some((number, line)) = batch.lines().next() else {
            return Err(Failure::with_help(format!("{} is empty", self.name), help));
        };
        let place = format!("{}, line {number}", self.name);
        let line =
            read_line(line).map_err(|why| Failure::with_help(format!("{place}: {why}"), help))?;
        let mut names: Vec<String> = Vec::new();
        cells(line, |cell| names.push(cell.to_string()));
        if names.len() > MAX_COLUMNS {
            let message = format!("{place}: {} columns are too many", names.len());
            let help = format!("{MAX_COLUMNS} columns at most; each is a variable of the formula");
            return Err(Failure::with_help(message, help));
        }
        for (index, name) in names.iter().enumerate() {
            let problem = if name.is_empty() {
                format!("{place}: column {} has no name", index + 1)
            } else if names[..index].contains(name) {
                format!("{place}: two columns are called `{name}`")
            } else {
                continue;
            };
            return Err(Failure::with_help(problem, help));
        }
        Ok(names)
    }

    /// The values on a line, and how they are written there.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn values(
        line: Option<&[u8]>,
        variables: &[String],
    ) -> Result<(Vec<Given>, Vec<String>), String> {
        const SHOWN: usize = 40;
        let line = read_line(line)?;
        let mut values = Vec::with_capacity(variables.len());
        let mut written = Vec::with_capacity(variables.len());
        let mut count = 0;
        let mut wrong = None;
        cells(line, |cell| {
            count += 1;
            if count > variables.len() || wrong.is_some() {
                return;
            }
            match Given::parse(cell) {
                Ok(value) => {
                    values.push(value);
                    written.push(cell.to_string());
                }
                Err(NotGiven::Empty) => wrong = Some((count, NotGiven::Empty.to_string())),
                Err(why) => {
                    let mut shown: String = cell.chars().take(SHOWN).collect();
                    if shown.len() < cell.len() {
                        shown.push('…');
                    }
                    wrong = Some((count, format!("`{}`: {why}", shown.escape_debug())));
                }
            }
        });
        if count != variables.len() {
            let values = if count == 1 { "value" } else { "values" };
            let columns = if variables.len() == 1 {
                "column"
            } else {
                "columns"
            };
            return Err(format!(
                "{count} {values} for {} {columns}",
                variables.len()
            ));
        }
        match wrong {
            Some((column, why)) => Err(format!("{}: {why}", variables[column - 1])),
            None => Ok((values, written)),
        }
    }
}

fn unreadable(name: &str, problem: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot read {name}: {problem}"))
}

/// A line as text.
fn read_line(line: Option<&[u8]>) -> Result<&str, String> {
    let line = line.ok_or_else(|| format!("the line is longer than {MAX_LINE} bytes"))?;
    std::str::from_utf8(line).map_err(|_| "the line is not UTF-8 text".to_string())
}
