//! `ulpscope report`.

use super::args::{Common, ReportArguments};
use super::failure::Failure;
use super::files::read;
use super::output::{write_out, write_whole};
use super::page::Page;
use super::progress::Bar;
use super::workers;
use crate::study::Progress;
use similar::TextDiff;
use std::path::Path;
use std::process::ExitCode;

/// Lines around a change that a difference shows.
const CONTEXT: usize = 3;

/// Brings documents up to date, or says what is stale.
pub fn run(common: &Common, arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    refuse_common(common)?;
    workers::start(common);
    let mut status = 0;
    for path in &arguments.files {
        match one(common, arguments, path) {
            Ok(done) => status = status.max(done),
            Err(failures) => {
                for failure in failures {
                    if matches!(failure, Failure::ClosedPipe) {
                        return Err(failure);
                    }
                    failure.print(common.color);
                }
                status = 2;
            }
        }
    }
    Ok(ExitCode::from(status))
}

/// Options that would make a report depend on the command line.
fn refuse_common(common: &Common) -> Result<(), Failure> {
    match common.unfit_for_report() {
        Some(option) => Err(Failure::with_help(
            format!("a report does not take {option}"),
            "it says all itself: definitions stand in code blocks marked ulpscope, \
             options in its directives",
        )),
        None => Ok(()),
    }
}

/// One document; gives its exit status.
fn one(common: &Common, arguments: &ReportArguments, path: &Path) -> Result<u8, Vec<Failure>> {
    let (name, text) = read(path)?;
    let is_standard = path.as_os_str() == "-";
    let writes = !(arguments.check || arguments.diff);
    if writes && !is_standard && !path.is_file() {
        let message = format!("cannot write {name}: it is no file");
        let help = "- stands for standard input, and writes to standard output";
        return Err(Failure::with_help(message, help).into());
    }
    let page = Page::read(common, &name, &text)?;
    let wanted = page.wanted(&arguments.only)?;
    let bar = Bar::new(common);
    bar.begin(wanted.iter().filter(|wanted| **wanted).count() as u64);
    let contents = page.run(&wanted, &bar);
    bar.finish();
    let contents = contents?;
    let new = page.refreshed(&contents)?;
    for complaint in &contents.complaints {
        complaint.print(common.color);
    }
    let as_expected = contents.complaints.is_empty();
    let stale = page.stale(&contents);
    let edited = page.edited(&contents);
    if !writes {
        if arguments.diff && new != text {
            write_out(&difference(&name, &text, &new))?;
        }
        if arguments.check {
            write_out(&page.verdict(&stale, &edited, "stale"))?;
        }
        return Ok(u8::from(new != text || !as_expected));
    }
    if !edited.is_empty() && !arguments.force {
        return Err(page.was_edited(edited[0]).into());
    }
    if is_standard {
        write_out(&new)?;
    } else {
        if new != text {
            // Somebody may have written to it in the meantime.
            if read(path)?.1 != text {
                return Err(Failure::with_help(
                    format!("{name} was changed while its results were made"),
                    "run the command again",
                )
                .into());
            }
            write_whole(path, &new)?;
        }
        write_out(&page.verdict(&stale, &[], "written"))?;
    }
    Ok(u8::from(!as_expected))
}

/// What would change, as a unified difference.
fn difference(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(name, name)
        .to_string()
}
