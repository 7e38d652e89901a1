//! The program as a process: its files, its exit status, and what happens when
//! nobody listens.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn ulpscope(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ulpscope"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    ulpscope(arguments).output().unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let name = |entry: Result<fs::DirEntry, _>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn exports_take_their_form_from_the_ending() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["compare", "sigmoid(z)", "--at", "z=50"];
    let paths = ["a.md", "a.csv", "a.json", "a.txt"].map(|name| folder.path().join(name));
    for path in &paths {
        arguments.extend(["--export", path.to_str().unwrap()]);
    }
    let output = run(&arguments);
    assert!(output.status.success(), "{output:?}");
    let text = |index: usize| fs::read_to_string(&paths[index]).unwrap();
    assert!(text(0).contains("| f64        |   53 | 1"), "{}", text(0));
    let table = text(1);
    let mut csv = csv::Reader::from_reader(table.as_bytes());
    let headers = csv.headers().unwrap().clone();
    let column = headers
        .iter()
        .position(|name| name == "computed_hex")
        .unwrap();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| &row[column] == "0x1p0"));
    let json: serde_json::Value = serde_json::from_str(&text(2)).unwrap();
    assert_eq!(json["schema"], 1);
    let exact = &json["formulas"][0]["exact"];
    let bound = |key: &str| {
        exact[key]["decimal"]
            .as_str()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    assert!(bound("lower") <= bound("upper"));
    assert!(exact["lower"]["hex"].as_str().unwrap().starts_with("0x1."));
    assert_eq!(text(3), String::from_utf8(output.stdout).unwrap());
    assert_eq!(
        files(folder.path()),
        ["a.csv", "a.json", "a.md", "a.txt"],
        "nothing else is left"
    );
}

#[test]
fn a_mistake_writes_nothing_and_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    fs::write(&path, "old").unwrap();
    let target = path.to_str().unwrap();
    for arguments in [
        ["eval", "1 +", "--export", target],
        ["eval", "x", "--export", target],
        ["eval", "1", "--export", "no/such/folder/a.md"],
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(files(folder.path()), ["a.md"]);
    assert!(run(&["eval", "1/4", "--export", target]).status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), "`1/4 = 0.25`\n");
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
    let mut child = ulpscope(&["eval", "pi", "-n", "30000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );

    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let output = ulpscope(&[])
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(
            message.starts_with("error: cannot write the result"),
            "{message}"
        );
    }
}

#[test]
#[cfg(unix)]
fn arguments_and_files_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let mut command = ulpscope(&["eval"]);
    let output = command
        .arg(std::ffi::OsStr::from_bytes(b"1+\xff"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ulp");
    fs::write(&path, b"x = 1\ny = \xff\n").unwrap();
    let output = run(&["eval", "x", "-f", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("not UTF-8: line 2")
    );
}

#[test]
fn definitions_from_files_and_from_standard_input() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ulp");
    // A byte order mark, and lines as Windows ends them.
    fs::write(&path, "\u{feff}f(x) = x^2 # a square\r\ny = f(3)\r\n").unwrap();
    let output = run(&["eval", "y", "-f", path.to_str().unwrap()]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "9\n");

    let mut child = ulpscope(&["eval", "y", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"y = 2/8").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "0.25\n");
}

/// Formulas at the limits: a result or a clear message, soon.
#[test]
fn large_formulas() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ulp");
    let write = |text: String| fs::write(&path, text).unwrap();
    let result = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["-f", path.to_str().unwrap()]);
        let output = run(&all);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    write(format!(
        "x = {}1{}",
        "(".repeat(100_000),
        ")".repeat(100_000)
    ));
    let (status, _, message) = result(&["eval", "x"]);
    assert_eq!(status, Some(2));
    assert!(
        message.starts_with("error: brackets nest deeper than"),
        "{message}"
    );

    let terms = |count: u32| {
        (1..=count)
            .map(|i| i.to_string())
            .collect::<Vec<_>>()
            .join("+")
    };
    write(format!("s = {}", terms(100_000)));
    assert_eq!(result(&["eval", "s"]).1, "5000050000\n");
    write(format!("s = {}", terms(1_000_000)));
    let (status, _, message) = result(&["eval", "s"]);
    assert_eq!(status, Some(2));
    assert!(
        message.starts_with("error: the formula has more than"),
        "{message}"
    );

    // What no precision decides does not eat the memory.
    write(format!("s = sqrt(2)^2 - 2 + ({})*0", terms(20_000)));
    let (status, text, _) = result(&["eval", "s"]);
    assert_eq!(status, Some(2));
    assert!(
        text.contains("would take too much time or memory"),
        "{text}"
    );
    write(format!("s = {}", terms(1000)));
    let (status, text, _) = result(&["compare", "s", "--in", "mpfr:10000000"]);
    assert_eq!(status, Some(0));
    assert!(
        text.contains("would take too much time or memory"),
        "{text}"
    );
}

#[test]
fn the_readmes_report_is_up_to_date() {
    let readme = fs::read_to_string("README.md").unwrap();
    let (_, rest) = readme.split_once("````markdown\n").unwrap();
    let (report, _) = rest.split_once("````\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.md");
    fs::write(&path, report).unwrap();
    let output = run(&["report", "--check", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("3 regions, up to date"), "{said}");
}
