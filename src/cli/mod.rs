//! The command line: arguments in, text out, an exit status.
//!
//! One file for each subcommand. Results go to standard output, messages to
//! standard error; files appear whole or not at all. Exit status: 0; 1 where a
//! claim does not have the verdict that is expected of it; 2 for an
//! input that cannot be used and for anything that stopped the tool.

mod args;
mod bits;
mod case;
mod compare;
mod convert;
mod cores;
mod derive;
mod eval;
mod explain;
mod expressions;
mod failure;
mod files;
mod formats;
mod memory;
mod output;
mod page;
mod points;
mod progress;
mod region;
mod report;
mod sample;
mod scan;
mod session;
mod sweep;
mod threshold;
mod verify;
mod workers;

pub use memory::Memory;
pub use points::Table;

use crate::language::Definitions;
use args::{Arguments, Command, Common};
use clap::Parser;
use failure::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(args::protect_expressions(arguments)) {
        Ok(arguments) => arguments,
        // Help and version are answers; everything else is a mistake.
        Err(error) => {
            let status = if error.use_stderr() { 2 } else { 0 };
            return match error.print() {
                Ok(()) => ExitCode::from(status),
                Err(io) if io.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::from(status),
                Err(_) => ExitCode::from(2),
            };
        }
    };
    let common = arguments.common;
    match run(&common, arguments.command) {
        Ok(status) => status,
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(common.color);
            ExitCode::from(2)
        }
    }
}

fn run(common: &Common, command: Option<Command>) -> Result<ExitCode, Failure> {
    let new = Definitions::new();
    let output = match command {
        None => case::run(common, new, &args::CaseArguments::default_case(common)),
        Some(Command::Case(arguments)) => case::run(common, new, &arguments),
        Some(Command::Eval(arguments)) => eval::run(common, new, &arguments),
        Some(Command::Compare(arguments)) => {
            if let Some(path) = &arguments.points {
                let status = points::run(common, new, &arguments, path)?;
                return Ok(status.exit_code());
            }
            match arguments.sample {
                Some(points) => sample::run(common, new, &arguments, points),
                None => compare::run(common, new, &arguments),
            }
        }
        Some(Command::Derive(arguments)) => derive::run(common, new, &arguments),
        Some(Command::Explain(arguments)) => explain::run(common, new, &arguments),
        Some(Command::Sweep(arguments)) => sweep::run(common, new, &arguments),
        Some(Command::Scan(arguments)) => scan::run(common, new, &arguments),
        Some(Command::Threshold(arguments)) => threshold::run(common, new, &arguments),
        Some(Command::Verify(arguments)) => verify::run(common, new, &arguments),
        Some(Command::Convert(arguments)) => {
            return Ok(convert::run(common, new, &arguments)?.exit_code());
        }
        Some(Command::Bits(arguments)) => bits::run(common, new, &arguments),
        Some(Command::Formats(arguments)) => formats::run(common, &arguments),
        Some(Command::Report(arguments)) => return report::run(common, &arguments),
    }?;
    output.write(common)?;
    Ok(output.status.exit_code())
}
