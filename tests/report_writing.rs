//! How `ulpscope report` writes: whole files or none, whatever stops it and
//! whoever writes beside it.
#![cfg(unix)]

mod folder;

use folder::{EMPTY, Folder, outcome};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn document() -> String {
    format!("A quarter is <!-- ulpscope eval 1/4 -->{EMPTY}.\n")
}

const WRITTEN: &str = "A quarter is <!-- ulpscope eval 1/4 -->0.25<!-- /ulpscope 587fdc05 -->.\n";

#[test]
fn a_symbolic_link_stays_one() {
    let folder = Folder::new();
    fs::create_dir(folder.path("b")).unwrap();
    folder.write("b/c.md", document());
    symlink("b/c.md", folder.path("a.md")).unwrap();
    symlink(folder.path("a.md"), folder.path("b/d.md")).unwrap();
    folder.expect(0, &["b/d.md"]);
    for link in ["a.md", "b/d.md"] {
        let kind = fs::symlink_metadata(folder.path(link)).unwrap();
        assert!(kind.is_symlink(), "{link}");
    }
    assert_eq!(folder.read("b/c.md"), WRITTEN);
    assert_eq!(folder.names(), ["a.md", "b"]);
    assert_eq!(fs::read_dir(folder.path("b")).unwrap().count(), 2);

    // Exports go the same way.
    folder.expect(0, &["b/c.md"]);
    let mut export = Command::new(env!("CARGO_BIN_EXE_ulpscope"));
    export
        .args(["eval", "1/4", "--export"])
        .arg(folder.path("a.md"));
    assert!(export.output().unwrap().status.success());
    assert_eq!(folder.read("b/c.md"), "`1/4 = 0.25`\n");
    assert!(
        fs::symlink_metadata(folder.path("a.md"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_link_to_nothing_is_no_document() {
    let folder = Folder::new();
    symlink("gone.md", folder.path("a.md")).unwrap();
    symlink("b.md", folder.path("b.md")).unwrap();
    for name in ["a.md", "b.md"] {
        let (_, _, message) = folder.expect(2, &[name]);
        let expected = format!("error: cannot read {name}: ");
        assert!(message.starts_with(&expected), "{message}");
    }
    assert_eq!(folder.names(), ["a.md", "b.md"]);
    assert!(
        fs::symlink_metadata(folder.path("a.md"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_file_keeps_its_mode() {
    let folder = Folder::new();
    for mode in [0o600, 0o640, 0o644, 0o755, 0o444] {
        let name = format!("{mode:o}.md");
        folder.write(&name, document());
        fs::set_permissions(folder.path(&name), Permissions::from_mode(mode)).unwrap();
        folder.expect(0, &[&name]);
        assert_eq!(folder.read(&name), WRITTEN);
        let new = fs::metadata(folder.path(&name)).unwrap().mode();
        assert_eq!(new & 0o7777, mode, "{new:o}");
    }
}

#[test]
fn what_is_no_file_is_not_replaced() {
    let folder = Folder::new();
    let fifo = folder.path("a.md");
    let made = Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: there is no mkfifo here");
        return;
    }
    for (arguments, status) in [(&["a.md"][..], 2), (&["a.md", "--check"], 1)] {
        let child = folder
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        fs::write(&fifo, document()).unwrap();
        let (code, out, message) = outcome(child.wait_with_output().unwrap());
        assert_eq!(code, Some(status), "{out}{message}");
        if status == 2 {
            assert!(message.starts_with("error: cannot write a.md"), "{message}");
        }
    }
    assert!(!fs::metadata(&fifo).unwrap().is_file());
    assert_eq!(folder.names(), ["a.md"]);
}

/// A file that may not grow, for root neither.
#[test]
fn a_failed_writing_leaves_the_old_file() {
    let folder = Folder::new();
    folder.write("a.md", document());
    let mut shell = Command::new("sh");
    shell.current_dir(folder.path("."));
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0 && exec \"$0\" report a.md"]);
    shell.arg(env!("CARGO_BIN_EXE_ulpscope"));
    let (status, out, message) = outcome(shell.output().unwrap());
    assert_eq!(status, Some(2), "{out}{message}");
    assert!(
        message.starts_with("error: cannot write a.md: "),
        "{message}"
    );
    assert_eq!(folder.read("a.md"), document());
    assert_eq!(folder.names(), ["a.md"]);
}

#[test]
fn a_folder_that_may_not_be_written() {
    let folder = Folder::new();
    fs::create_dir(folder.path("b")).unwrap();
    folder.write("b/a.md", document());
    let mode = |mode| fs::set_permissions(folder.path("b"), Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    if fs::write(folder.path("b/probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let (_, _, message) = folder.expect(2, &["b/a.md"]);
    assert!(
        message.starts_with("error: cannot write b/a.md: "),
        "{message}"
    );
    folder.expect(1, &["b/a.md", "--check"]);
    mode(0o755);
    assert_eq!(folder.read("b/a.md"), document());
}

#[test]
fn nobody_listens() {
    let folder = Folder::new();
    folder.write("a.md", document());
    let mut child = folder
        .command(&["a.md"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let (status, _, message) = outcome(child.wait_with_output().unwrap());
    assert_eq!((status, message.as_str()), (Some(0), ""));
    assert_eq!(folder.read("a.md"), WRITTEN);
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let input = fs::File::open(folder.path("a.md")).unwrap();
        let output = folder.command(&["-"]).stdin(input).stdout(full).output();
        let (status, _, message) = outcome(output.unwrap());
        assert_eq!(status, Some(2));
        assert!(
            message.starts_with("error: cannot write the result"),
            "{message}"
        );
    }
}

/// Killed at any moment, it leaves the old file or the new one.
#[test]
fn killed_while_it_writes() {
    const ROUNDS: u32 = 100;
    const JOBS: [&str; 2] = ["--jobs=1", "--jobs=2"];
    let words = "Words that make the file long enough to take a while.\n".repeat(200);
    let mut old = String::new();
    for i in 0..100 {
        old.push_str(&format!(
            "{words}\n<!-- ulpscope eval {i}/7 -->\n{EMPTY}\n\n"
        ));
    }
    let folder = Folder::new();
    folder.write("a.md", &old);
    let start = Instant::now();
    folder.expect(0, &["a.md"]);
    let whole = start.elapsed();
    let new = folder.read("a.md");
    assert_ne!(old, new);
    let temporary = || {
        let mut names = folder.names();
        names.retain(|name| name != "a.md");
        assert!(names.iter().all(|name| name.starts_with(".ulpscope-")));
        names.len()
    };

    let (mut before, mut within, mut after) = (0, 0, 0);
    folder.write("a.md", &old);
    for round in 0..ROUNDS {
        let left_over = temporary();
        let mut child = folder
            .command(&[JOBS[(round / 2 % 2) as usize], "a.md"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        if round % 2 == 0 {
            sleep(whole * round / ROUNDS);
        } else {
            // From the moment the new file begins to be written.
            while temporary() == left_over && child.try_wait().unwrap().is_none() {}
            sleep(Duration::from_micros(u64::from(round) * 20));
        }
        child.kill().unwrap();
        child.wait().unwrap();

        let text = folder.read("a.md");
        assert!(
            text == old || text == new,
            "round {round}: a part of a file"
        );
        if text == new {
            after += 1;
            folder.write("a.md", &old);
        } else if temporary() > left_over {
            within += 1;
        } else {
            before += 1;
        }
    }
    println!("killed before the writing {before} times, within {within}, behind {after}");
    assert!(before > 0 && within > 0);
    // What is left over disturbs nobody.
    folder.expect(0, &["a.md"]);
    assert_eq!(folder.read("a.md"), new);
}

/// What somebody else writes while the results are made stays.
#[test]
fn changed_in_the_meantime() {
    let text = "<!-- ulpscope sweep 'exp(sin(z))*log(1 + z)' --over z=0..1:1/40 \
                --precision 24..1000:2 -->\n<!-- /ulpscope -->\n";
    let folder = Folder::new();
    for attempt in 1..6 {
        folder.write("a.md", text);
        let child = folder
            .command(&["a.md"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Time to read the file, not to make its results.
        sleep(Duration::from_millis(150 * attempt));
        folder.write("a.md", format!("{text}\nmore\n"));
        let (status, _, message) = outcome(child.wait_with_output().unwrap());
        assert!(folder.read("a.md").ends_with("-->\n\nmore\n"));
        assert_eq!(folder.names(), ["a.md"]);
        if status == Some(2) {
            let expected = "error: a.md was changed while its results were made";
            assert!(message.starts_with(expected), "{message}");
            assert_eq!(folder.read("a.md"), format!("{text}\nmore\n"));
            return;
        }
        println!("attempt {attempt}: not while the results were made");
    }
    panic!("the file was never changed in the meantime");
}
