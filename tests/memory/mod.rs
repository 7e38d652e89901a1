//! The program with a bounded address space.

use std::process::{Command, Output};

/// Runs the program in so many megabytes.
pub fn limited(megabytes: u32, arguments: &[&str]) -> Output {
    let script = format!("ulimit -v {}; exec \"$0\" \"$@\"", megabytes * 1024);
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_ulpscope")]);
    command.args(arguments).output().unwrap()
}

/// What it says on standard error.
pub fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Whether there was a result; otherwise the status is 2, with a message.
pub fn ended_cleanly(arguments: &[&str], megabytes: u32, output: &Output) -> bool {
    let message = said(output);
    let context = format!(
        "{arguments:?} in {megabytes} MB: {:?}, {message}",
        output.status
    );
    match output.status.code() {
        Some(0) => assert!(message.is_empty(), "{context}"),
        Some(2) => assert!(message.starts_with("error: "), "{context}"),
        _ => panic!("{context}"),
    }
    output.status.success()
}
