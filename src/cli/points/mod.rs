//! `ulpscope compare --points`: points stream in, results stream out.

mod lined;
mod lines;
mod table;
mod text;

use self::lined::Lined;
use self::lines::Batch;
use self::text::{Text, columns};
use super::args::{Common, CompareArguments, DEFAULT_FORMATS, Form};
use super::compare::check_columns;
use super::failure::Failure;
use super::output::{Status, WholeFile, form_of, write_failed};
use super::session::Session;
use super::workers;
use crate::language::{Definitions, nearest};
use crate::study::{Given, PointMachines, Points, Subject};
use rayon::prelude::*;
use std::io::Write;
use std::path::Path;

pub use self::table::Table;

/// How many lines a thread takes at a time, and how many bytes at most.
const BATCH: (usize, usize) = (512, 1 << 20);

/// Reads points and writes what is computed at each.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &CompareArguments,
    path: &Path,
) -> Result<Status, Failure> {
    if arguments.condition {
        return Err(Failure::with_help(
            "--points gives no condition numbers",
            "leave --condition out, or compare at one point: --at z=50",
        ));
    }
    let form = form(common)?;
    let mut session = Session::new(common, definitions)?;
    let formats = session.formats(&arguments.formats, &DEFAULT_FORMATS)?;
    let (fixed, given) = session.point(&arguments.at)?;
    let mut source = Table::open(path)?;
    let variables = source.header()?;
    let point = Points::point(&fixed, &variables);
    let expressions = session.expressions(&arguments.expressions)?;
    let mut subjects = Vec::with_capacity(expressions.len());
    for text in &expressions {
        let subject = Subject::parse(&mut session.definitions, text, &point);
        let subject = subject.map_err(|error| missing(error, &source));
        subjects.push(session.check(subject)?);
    }
    check_variables(&variables, &subjects, &source)?;
    if let Some(twice) = variables
        .iter()
        .find(|name| given.names().any(|own| own == name.as_str()))
    {
        return Err(Failure::with_help(
            format!("`{twice}` has a value and a column in {}", source.name),
            "keep one of the two",
        ));
    }
    session.check_used(&given, &subjects)?;
    let known = columns(&variables);
    check_columns(&arguments.columns, &known)?;
    let options = session.options(arguments.digits);
    let points = Points::new(subjects, formats, &variables, &options);
    let points = session.check(points)?;
    workers::start(common);
    let text = Text::new(&points, &variables, &arguments.columns, form);
    let mut sink = Sink::new(common)?;
    let skipped = stream(&points, &text, &mut source, arguments.skip_bad, &mut sink)?;
    sink.finish()?;
    if skipped.count > 0 && !common.quiet {
        skipped.tell(&source);
    }
    Ok(Status::Fine)
}

/// The form of the results.
fn form(common: &Common) -> Result<Form, Failure> {
    let named = match common.export.as_slice() {
        [] => common.form,
        [path] => Some(form_of(path)?),
        _ => {
            return Err(Failure::with_help(
                "--points writes one file at most",
                "leave the second --export out",
            ));
        }
    };
    match named {
        None | Some(Form::Csv) => Ok(Form::Csv),
        Some(Form::Json) => Ok(Form::Json),
        Some(_) => Err(Failure::with_help(
            "the results of --points stream: their form is CSV or JSON",
            "write --as csv, or --as json",
        )),
    }
}

/// A variable without a value: it might have been a column.
fn missing(error: crate::formula::Diagnostic, source: &Table) -> crate::formula::Diagnostic {
    if error.message.ends_with("has no value") {
        let name = &source.name;
        return error.help(format!(
            "{name} has no column of this name; add one, or give a value with --at"
        ));
    }
    error
}

/// Refuses columns that are no variables.
fn check_variables(
    variables: &[String],
    subjects: &[Subject],
    source: &Table,
) -> Result<(), Failure> {
    let mut inputs: Vec<&str> = subjects
        .iter()
        .flat_map(|subject| subject.inputs().iter().map(String::as_str))
        .collect();
    inputs.sort_unstable();
    inputs.dedup();
    for name in variables {
        if inputs.contains(&name.as_str()) {
            continue;
        }
        let shown: String = name.chars().take(40).collect();
        let message = format!(
            "{}, line 1: the column `{shown}` is no variable of the formula",
            source.name
        );
        let help = match (nearest(name, inputs.iter().copied()), inputs.as_slice()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => "it has no free variables".to_string(),
            (None, inputs) => format!(
                "its variables are {}; the first line names a column for each that moves",
                inputs.join(", ")
            ),
        };
        return Err(Failure::with_help(message, help));
    }
    Ok(())
}

/// The lines that were skipped.
#[derive(Default)]
struct Skipped {
    count: u64,
    lines: u64,
    first: Option<(u64, String)>,
}

impl Skipped {
    fn add(&mut self, (number, why): (u64, String)) {
        self.count += 1;
        self.first.get_or_insert((number, why));
    }

    /// Says on standard error how many there were.
    fn tell(&self, source: &Table) {
        let Some((number, why)) = &self.first else {
            return;
        };
        let text = format!(
            "skipped {} of {} lines of {}; the first: line {number}: {why}\n",
            self.count, self.lines, source.name
        );
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// What became of a batch.
struct Done {
    text: Vec<u8>,
    lines: u64,
    bad: Vec<(u64, String)>,
}

/// Evaluates batches on all cores and writes them in order.
fn stream(
    points: &Points,
    text: &Text<'_>,
    source: &mut Table,
    skip_bad: bool,
    sink: &mut Sink,
) -> Result<Skipped, Failure> {
    let mut skipped = Skipped::default();
    sink.write(&text.head())?;
    let together = 16 * rayon::current_num_threads();
    let mut first = true;
    loop {
        let mut batches = Vec::with_capacity(together);
        while batches.len() < together {
            let batch = source.batch(BATCH.0, BATCH.1)?;
            if batch.is_empty() {
                break;
            }
            batches.push(batch);
        }
        if batches.is_empty() {
            break;
        }
        let done: Vec<Done> = batches
            .par_iter()
            .map(|batch| evaluate(points, text, batch, skip_bad))
            .collect();
        for mut done in done {
            // Objects of JSON have commas between them, the first has none before.
            if first && !done.text.is_empty() {
                text.strip_separator(&mut done.text);
                first = false;
            }
            sink.write(&done.text)?;
            skipped.lines += done.lines;
            for bad in done.bad {
                if !skip_bad {
                    sink.write(text.tail())?;
                    let (number, why) = bad;
                    return Err(Failure::with_help(
                        format!("{}, line {number}: {why}", source.name),
                        "mend the line, or pass over such lines with --skip-bad",
                    ));
                }
                skipped.add(bad);
            }
        }
    }
    sink.write(text.tail())?;
    Ok(skipped)
}

fn evaluate(points: &Points, text: &Text<'_>, batch: &Batch, skip_bad: bool) -> Done {
    let mut done = Done {
        text: Vec::new(),
        lines: 0,
        bad: Vec::new(),
    };
    let mut values: Vec<Vec<Given>> = Vec::new();
    let mut written: Vec<(u64, Vec<String>)> = Vec::new();
    for (number, line) in batch.lines() {
        done.lines += 1;
        match Table::values(line, text.variables()) {
            Ok((given, cells)) => {
                values.push(given);
                written.push((number, cells));
            }
            Err(why) => {
                done.bad.push((number, why));
                if !skip_bad {
                    break;
                }
            }
        }
    }
    // New machines for each batch: their precision follows the points, and so
    // depends on nothing else.
    PointMachines::new(points).evaluate(&values, |point, formula, arithmetic, row| {
        let (number, cells) = &written[point];
        text.row(&mut done.text, (*number, cells), formula, arithmetic, &row);
    });
    done
}

/// Where results go: standard output as they come, or a file that appears when
/// it is whole.
enum Sink {
    Out(Lined),
    File(Box<WholeFile>),
}

impl Sink {
    fn new(common: &Common) -> Result<Sink, Failure> {
        Ok(match common.export.first() {
            Some(path) => Sink::File(Box::new(WholeFile::new(path)?)),
            None => Sink::Out(Lined::new().map_err(write_failed)?),
        })
    }

    fn write(&mut self, text: &[u8]) -> Result<(), Failure> {
        match self {
            Sink::Out(out) => out.write(text).map_err(write_failed),
            Sink::File(file) => file.write(text),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        match self {
            Sink::Out(_) => Ok(()),
            Sink::File(file) => file.finish(),
        }
    }
}
