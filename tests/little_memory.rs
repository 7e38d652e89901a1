//! With little memory there is a result or a message, and files stay whole.
#![cfg(target_os = "linux")]

mod memory;

use memory::{ended_cleanly, limited};
use std::fs;

const MEGABYTES: [u32; 5] = [32, 64, 128, 256, 1024];

/// Runs a command in less and less memory; how often it had a result.
fn results(arguments: &[&str]) -> usize {
    let result = |megabytes: &&u32| {
        let output = limited(**megabytes, arguments);
        let whole = ended_cleanly(arguments, **megabytes, &output);
        assert!(whole || output.stdout.is_empty(), "a part of a result");
        whole
    };
    MEGABYTES.iter().filter(result).count()
}

#[test]
fn commands_end_with_a_result_or_a_message() {
    let table: &[&[&str]] = &[
        &["eval", "pi", "-n", "200000"],
        &["eval", "exp(1/3) + sin(10)", "-n", "30000"],
        &[
            "compare",
            "sigmoid(z)*z + 1",
            "--at",
            "z=50",
            "--in",
            "f64,mpfr:400000",
        ],
        &["scan", "sigmoid(z)", "--over", "z=f16", "--in", "f16"],
        &[
            "verify",
            "-e",
            "fl(sigmoid(z), f64) == 1 for z : f64 in [37, 700]",
        ],
        &[
            "verify",
            "-e",
            "exp(x)*exp(y) > 0 for x in [0, 1], y in [0, 1]",
        ],
        &[
            "threshold",
            "fl(sigmoid(z), f16) == 1",
            "--over",
            "z=0..100",
            "--in",
            "f16",
        ],
        &["case"],
    ];
    for arguments in table {
        assert!(results(arguments) > 0, "{arguments:?}");
    }
}

/// A sweep takes more than there is; what it would have written over stays.
#[test]
fn an_export_keeps_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let target = path.to_str().unwrap();
    let arguments = [
        "sweep",
        "sigmoid(z)",
        "--over",
        "z=0..100:0.01",
        "--in",
        "f16,f32,f64",
        "--export",
        target,
    ];
    let mut refused = 0;
    for megabytes in MEGABYTES {
        fs::write(&path, "old").unwrap();
        let output = limited(megabytes, &arguments);
        let found = fs::read_to_string(&path).unwrap();
        if ended_cleanly(&arguments, megabytes, &output) {
            assert_eq!(found.lines().count(), 1 + 3 * 10_001, "in {megabytes} MB");
        } else {
            assert_eq!(found, "old", "in {megabytes} MB");
            refused += 1;
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "in {megabytes} MB"
        );
    }
    assert!(refused > 0);
}

/// Points stream into a file that appears when it is whole.
#[test]
fn streamed_points_keep_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let (points, path) = (folder.path().join("p.csv"), folder.path().join("a.csv"));
    let lines: Vec<String> = (0..3000).map(|i| format!("{i}e-3")).collect();
    fs::write(&points, format!("z\n{}\n", lines.join("\n"))).unwrap();
    let [from, to] = [&points, &path].map(|path| path.to_str().unwrap());
    let arguments = [
        "compare",
        "sigmoid(z)",
        "--points",
        from,
        "--in",
        "f16,mpfr:4000",
        "--export",
        to,
    ];
    for megabytes in [24, 32, 64] {
        fs::write(&path, "old").unwrap();
        let output = limited(megabytes, &arguments);
        let found = fs::read_to_string(&path).unwrap();
        if ended_cleanly(&arguments, megabytes, &output) {
            assert_eq!(found.lines().count(), 1 + 6000);
        } else {
            assert_eq!(found, "old", "in {megabytes} MB");
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            2,
            "in {megabytes} MB"
        );
    }
}
