//! `compare --points` against comparisons at one point, and its bad inputs.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn ulpscope(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ulpscope"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // It may stop reading before the end.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn rows(text: &[u8]) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text);
    reader.records().map(Result::unwrap).collect()
}

fn compared(expression: &str, formats: &str, input: &[u8], more: &[&str]) -> Output {
    let mut arguments = vec!["compare", expression, "--points", "-", "--in", formats];
    arguments.extend_from_slice(more);
    ulpscope(&arguments, input)
}

/// Each row is that of `compare --at`, to the digits that both have.
#[test]
fn rows_are_those_of_single_comparisons() {
    let points = [
        ("0.1", "3"),
        ("-12.5", "0x1.8p3"),
        ("50", "1e-3"),
        ("1e-50", "7"),
        ("88.73", "-2"),
        ("-104", "1e30"),
        ("0.30000000000000004", "123456789"),
        ("-1e400", "1"),
        ("700", "0.5"),
        ("16777217", "1"),
        ("-0.00000011920929", "65520"),
    ];
    for expression in [
        "sigmoid(x)*y",
        "x + y",
        "sqrt(x)/y",
        "fl(x, f16) - y",
        "y^2 - x",
        "log(x + y)",
    ] {
        for formats in ["f32,f64", "f16,bf16@f32,f8e4m3fn", "f128,mpfr:70,f32/rz"] {
            let mut text = "x,y\n".to_string();
            for (x, y) in points {
                text += &format!("{x},{y}\n");
            }
            let output = compared(expression, formats, text.as_bytes(), &[]);
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let all = rows(&output.stdout);
            let count = formats.split(',').count();
            assert_eq!(all.len(), 1 + points.len() * count);
            for (number, (x, y)) in points.iter().enumerate() {
                let at = format!("x={x},y={y}");
                let single = ulpscope(
                    &[
                        "compare", expression, "--at", &at, "--in", formats, "--as", "csv",
                    ],
                    b"",
                );
                let single = rows(&single.stdout);
                for arithmetic in 0..count {
                    let own = &all[1 + number * count + arithmetic];
                    let other = &single[1 + arithmetic];
                    let place = |name: &str| single[0].iter().position(|own| own == name).unwrap();
                    let get = |name: &str| &other[place(name)];
                    let context = format!("{expression} at {at}: {own:?} and {other:?}");
                    assert_eq!(&own[0], &(number + 2).to_string(), "{context}");
                    assert_eq!(&own[4], get("arithmetic"), "{context}");
                    assert_eq!(&own[5], get("computed"), "{context}");
                    assert_eq!(&own[6], get("rounded_once"), "{context}");
                    // One verdict says less: how far off the best possible is.
                    assert_eq!(&own[9], get("verdict"), "{context}");
                    for (index, name) in [(7, "ulps"), (8, "bits_of_error")] {
                        let (short, long) = (&own[index], get(name));
                        let both = (short.parse::<f64>(), long.parse::<f64>());
                        if let (Ok(short), Ok(long)) = both {
                            assert!((short - long).abs() <= 1e-5 * long.abs(), "{context}");
                        } else {
                            assert_eq!(
                                short.is_empty(),
                                long.is_empty() || long.contains("inf"),
                                "{context}"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn many_rows_keep_their_order_on_any_number_of_threads() {
    let mut text = "z\n".to_string();
    for i in 0..5000 {
        text += &format!("{}\n", f64::from(i) * 0.0371 - 90.0);
    }
    let one = compared("sigmoid(z)", "f32,f64", text.as_bytes(), &["--jobs", "1"]);
    for jobs in ["2", "3"] {
        let other = compared("sigmoid(z)", "f32,f64", text.as_bytes(), &["--jobs", jobs]);
        assert!(one.stdout == other.stdout);
    }
    let all = rows(&one.stdout);
    assert_eq!(all.len(), 10_001);
    let in_order = all[1..]
        .chunks(2)
        .enumerate()
        .all(|(i, pair)| pair[0][0] == (i + 2).to_string());
    assert!(in_order);
}

#[test]
fn infinities_and_nan_are_computed_with() {
    let output = compared("1/x", "f32", b"x\ninf\n-INF\nnan\n-0\n", &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[1].starts_with("2,inf,1/x,f32,0,,,,,an input is no real number"),
        "{text}"
    );
    assert!(lines[2].starts_with("3,-INF,1/x,f32,-0,"), "{text}");
    assert!(lines[3].starts_with("4,nan,1/x,f32,NaN,"), "{text}");
    assert!(lines[4].starts_with("5,-0,1/x,f32,-inf,,,,,"), "{text}");
}

/// Other shapes of CSV that are accepted, columns chosen, JSON, exports.
#[test]
fn shapes_of_input_and_output() {
    let output = compared(
        "x*y",
        "f32",
        b"\xef\xbb\xbfx , y\r\n\r\n\"1.5\", 2\r\n 3,0x1p-1",
        &["--columns", "line,x,computed"],
    );
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "line,x,computed\n3,1.5,3\n4,3,1.5\n"
    );
    let output = compared(
        "x*y",
        "f32,f64",
        b"x\n1.5\n",
        &["--at", "y=2", "--as", "json"],
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[1]["computed"], "3");
    let folder = tempfile::tempdir().unwrap();
    let (points, out) = (folder.path().join("p.csv"), folder.path().join("out.json"));
    std::fs::write(&points, "x\n1\n2\n").unwrap();
    let paths = [points.to_str().unwrap(), out.to_str().unwrap()];
    let output = ulpscope(
        &["compare", "x", "--points", paths[0], "--export", paths[1]],
        b"",
    );
    assert!(output.status.success() && output.stdout.is_empty());
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 8);
    // A file that cannot be finished does not appear.
    std::fs::write(&points, "x\n1\nx\n").unwrap();
    let missing = folder.path().join("none.csv");
    let output = ulpscope(
        &[
            "compare",
            "x",
            "--points",
            paths[0],
            "--export",
            missing.to_str().unwrap(),
        ],
        b"",
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(!missing.exists());
}

#[test]
fn bad_lines_are_named_or_skipped() {
    let input = b"x,y\n1,2\n3\n4,5,6\nabc,1\n1,\n1e999999999,2\n1,0\x00\n\xff,1\n7,8\n";
    let output = compared("x + y", "f32", input, &[]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with('\n') && text.lines().count() == 2, "{text}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("standard input, line 3: 1 value for 2 columns"),
        "{error}"
    );
    let output = compared("x + y", "f32", input, &["--skip-bad"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(
        text.lines().last().unwrap().starts_with("10,7,8,"),
        "{text}"
    );
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("skipped 7 of 9 lines of standard input; the first: line 3"),
        "{error}"
    );
    for (line, wanted) in [
        (&b"abc,1"[..], "x: `abc`: a number needs a digit"),
        (b"1,", "y: there is no value"),
        (b"1e999999999,2", "the exponent is beyond"),
        (b"1,0\x00", "does not belong to a number"),
        (b"\xff,1", "not UTF-8"),
        (b"4,5,6", "3 values for 2 columns"),
        (b"1/3,1", "does not belong to a number"),
    ] {
        let mut text = b"x,y\n".to_vec();
        text.extend_from_slice(line);
        let output = compared("x + y", "f32", &text, &[]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn mistakes_are_named() {
    let wide: Vec<String> = (0..100_000).map(|i| format!("c{i}")).collect();
    let wide = wide.join(",");
    let cases: &[(&[u8], &[&str], &str)] = &[
        (b"", &[], "standard input is empty"),
        (b"\n\n", &[], "standard input is empty"),
        (b"x\n1\n", &[], "`y` has no value"),
        (b"x,z\n", &["--at", "y=1"], "the column `z` is no variable"),
        (b"x,y,x\n", &[], "two columns are called `x`"),
        (b"x,,y\n", &[], "column 2 has no name"),
        (b"x,y\n", &["--at", "y=1"], "`y` has a value and a column"),
        (b"x,y\n", &["--at", "w=1"], "`w` does not occur"),
        (
            b"x,y\n",
            &["--columns", "nothing"],
            "there is no column `nothing`",
        ),
        (b"x,y\n", &["--as", "markdown"], "CSV or JSON"),
        (b"x,y\n", &["--condition"], "no condition numbers"),
        (wide.as_bytes(), &[], "100000 columns are too many"),
        (b"\xff\n", &[], "not UTF-8"),
    ];
    for (input, more, wanted) in cases {
        let output = compared("x*y", "f32", input, more);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(wanted), "{wanted}: {error}");
    }
    let output = ulpscope(&["compare", "x", "--points", "/nowhere.csv"], b"");
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot read /nowhere.csv"));
    let output = ulpscope(&["compare", "x", "--skip-bad", "--at", "x=1"], b"");
    assert_eq!(output.status.code(), Some(2));
    // No rows are no mistake.
    let output = compared("x*y", "f32", b"x,y\n", &[]);
    assert!(output.status.success());
    assert_eq!(rows(&output.stdout).len(), 1);
}

/// A line of 100 MB is passed over in little memory.
#[test]
fn long_lines_are_refused() {
    let mut text = b"x\n1\n".to_vec();
    text.resize(text.len() + 100_000_000, b'9');
    text.extend_from_slice(b"\n2\n");
    let output = compared("x", "f32", &text, &["--skip-bad"]);
    assert!(output.status.success());
    assert_eq!(rows(&output.stdout).len(), 3);
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 3: the line is longer than"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
    let command = format!(
        "(echo x; seq 1 200000) | {} compare x --points - --in f32 | head -2",
        env!("CARGO_BIN_EXE_ulpscope")
    );
    let output = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        output.stdout.iter().filter(|byte| **byte == b'\n').count(),
        2
    );
    if std::path::Path::new("/dev/full").exists() {
        let command = format!(
            "(echo x; seq 1 9) | {} compare x --points - > /dev/full",
            env!("CARGO_BIN_EXE_ulpscope")
        );
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains("cannot write the result"), "{error}");
    }
}

/// A file that the disk (here: a limit of its size) cuts short ends with a whole
/// line.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    // The limit is in blocks of 512 bytes; without the trap it kills.
    let command = format!(
        "trap '' XFSZ; ulimit -f 8; echo before > {0}; \
         (echo x; seq 1 9999) | {1} compare x/3 --points - >> {0}",
        path.display(),
        env!("CARGO_BIN_EXE_ulpscope")
    );
    let output = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("cannot write the result"), "{error}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.len() > 2000 && text.ends_with('\n'), "{}", text.len());
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("before"));
    let header = lines.next().unwrap();
    let commas = |line: &str| line.matches(',').count();
    assert!(lines.all(|line| commas(line) == commas(header)));
}
