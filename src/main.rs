//! The program: arguments in, an exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ulpscope::cli::main(std::env::args_os())
}
