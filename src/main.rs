//! The program: arguments in, an exit code out.

use std::process::ExitCode;
use ulpscope::cli::Memory;

#[global_allocator]
static MEMORY: Memory = Memory;

fn main() -> ExitCode {
    Memory::watch_gmp();
    ulpscope::cli::main(std::env::args_os())
}
