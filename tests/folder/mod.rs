//! A folder with documents, and `ulpscope report` run in it.
#![allow(dead_code, reason = "not every test needs all of it")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

/// The end marker of a region that nothing was written to.
pub const EMPTY: &str = "<!-- /ulpscope -->";

const OLD: SystemTime = SystemTime::UNIX_EPOCH;

/// What a run came to: exit status, standard output, standard error.
pub type Outcome = (Option<i32>, String, String);

/// A folder with documents in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Makes a file look old, so that a writing shows.
    pub fn age(&self, name: &str) {
        let file = fs::OpenOptions::new().append(true).open(self.path(name));
        file.unwrap().set_modified(OLD).unwrap();
    }

    /// Whether nobody wrote the file since then.
    pub fn is_aged(&self, name: &str) -> bool {
        fs::metadata(self.path(name)).unwrap().modified().unwrap() == OLD
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ulpscope"));
        command.arg("report").args(arguments);
        command.current_dir(self.0.path());
        command
    }

    pub fn report(&self, arguments: &[&str]) -> Outcome {
        outcome(self.command(arguments).output().unwrap())
    }

    /// A run that has to end with this status.
    pub fn expect(&self, status: i32, arguments: &[&str]) -> Outcome {
        let outcome = self.report(arguments);
        assert_eq!(outcome.0, Some(status), "{arguments:?}: {outcome:?}");
        outcome
    }

    /// The same on standard input.
    pub fn pipe(&self, arguments: &[&str], text: &str) -> Outcome {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let text = text.to_string();
        let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        outcome(output)
    }
}

pub fn outcome(output: Output) -> Outcome {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}
