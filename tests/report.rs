//! `ulpscope report` as a process: what it writes, and what it leaves alone.

mod documents;
mod folder;
mod random;

use documents::Document;
use folder::{EMPTY, Folder};
use random::SplitMix;
use std::fs;
use std::time::{Duration, Instant};

/// A document with what every subcommand says.
fn every_subcommand() -> String {
    let mut text = String::from(
        "```ulpscope\nsigma(z) = 1/(1 + exp(-z))\nclaim \"small\": sigma(-50) < 1e-20\n\
         claim refuted: sigma(50) == 1\n```\n\nThere are \
         <!-- ulpscope claims --summary --><!-- /ulpscope -->, and a third is \
         <!-- ulpscope third: eval 1/3 --><!-- /ulpscope -->.\n\n",
    );
    for directive in [
        "eval 'sigma(50)' -n 40",
        "table: compare 'sigma(z)' --at z=50 --in bf16,f32,f64,mpfr:80",
        "sweep 'sigma(z)' --over z=0..40:10 --in f32,f64",
        "threshold 'sigma(z) == 1' --over z=0..100 --in f16,bf16",
        "explain '1 - sigma(z)' --at z=50 --in f32",
        "derive 'sigma(z)' --wrt z --at z=1",
        "bits 0.1 --in f16,f32",
        "formats",
        "claims",
        "claims --block --as table",
        "claims small --as csv",
        "claims --as json",
        "eval 'sigma(50)' --as latex",
        "eval 'sigma(50)' --as html",
    ] {
        text.push_str(&format!("<!-- ulpscope {directive} -->\n{EMPTY}\n\n"));
    }
    text
}

#[test]
fn every_subcommand_stands_in_a_report() {
    let folder = Folder::new();
    let text = every_subcommand();
    folder.write("a.md", &text);
    folder.expect(0, &["a.md", "--jobs", "1"]);
    let new = folder.read("a.md");
    for part in [
        "There are <!-- ulpscope claims --summary -->2 claims: ",
        "-->0.333",
    ] {
        assert!(new.contains(part), "{part}\n{new}");
    }
    assert!(!new.contains(EMPTY), "every region has a checksum\n{new}");
    assert_eq!(new.matches("*ulpscope ").count(), 1, "said once\n{new}");

    // The same bytes, however many work at it and whatever the file is called.
    fs::create_dir(folder.path("b")).unwrap();
    let long = folder.path("b/c.md");
    for (name, jobs) in [
        ("b/c.md", "4"),
        (long.to_str().unwrap(), "2"),
        ("./d.md", "3"),
    ] {
        folder.write(name, &text);
        folder.expect(0, &[name, "--jobs", jobs]);
        assert_eq!(folder.read(name), new, "{name}");
    }
    let (status, out, _) = folder.pipe(&["-"], &text);
    assert_eq!((status, out), (Some(0), new.clone()));
    let (_, out, _) = folder.pipe(&["-", "--check"], &new);
    assert_eq!(out, "standard input: 16 regions, up to date\n");

    // With the line endings of Windows it is the same report.
    folder.write("e.md", text.replace('\n', "\r\n"));
    folder.write("f.md", new.replace('\n', "\r\n"));
    folder.expect(0, &["e.md"]);
    folder.expect(0, &["--check", "e.md", "f.md"]);
    assert_eq!(folder.read("e.md"), new.replace('\n', "\r\n"));
}

/// A failure names its seed.
#[test]
fn nothing_changes_outside_of_regions() {
    let blocks = [
        "eval '1/3'",
        "eval 'exp(-50)' --as table",
        "compare 'exp(z)' --at z=1 --in f32,mpfr:30",
        "bits 0.1 --in f16",
        "formats --as csv",
    ];
    let inline = ["eval 'exp(-50)' -n 5", "eval '1/4'"];
    let folder = Folder::new();
    let mut names = Vec::new();
    let mut documents = Vec::new();
    for seed in 0..120 {
        let document = Document::random(&mut SplitMix(seed), &blocks, &inline);
        names.push(format!("{seed}.md"));
        folder.write(&names[names.len() - 1], document.written());
        documents.push(document);
    }
    let arguments: Vec<&str> = names.iter().map(String::as_str).collect();
    folder.expect(0, &arguments);
    let mut texts = Vec::new();
    for (name, document) in names.iter().zip(&documents) {
        let text = folder.read(name);
        document.insides(&text, &format!("seed {name}"));
        assert!(!text.contains(" --><!-- /ulpscope"), "seed {name}\n{text}");
        texts.push(text);
        folder.age(name);
    }
    // A second run finds nothing to do.
    folder.expect(0, &arguments);
    let mut check = vec!["--check", "--diff"];
    check.extend(&arguments);
    let (_, out, _) = folder.expect(0, &check);
    assert_eq!(out.matches("up to date").count(), names.len(), "{out}");
    for (name, text) in names.iter().zip(&texts) {
        assert_eq!(folder.read(name), *text, "seed {name}");
        assert!(folder.is_aged(name), "{name} was written again");
    }
}

#[test]
fn what_was_written_by_hand_is_kept() {
    let folder = Folder::new();
    let outer =
        "> - <!-- ulpscope compare 'exp(z)' --at z=50 --in f32,f64 -->\n>   <!-- /ulpscope -->";
    folder.write(
        "a.md",
        format!("# A\n\n{outer}\n\nis <!-- ulpscope eval 1/4 -->{EMPTY}.\n"),
    );
    folder.expect(0, &["a.md"]);
    let text = folder.read("a.md");
    let checksum = text.find("<!-- /ulpscope ").unwrap() + 15;
    for edited in [
        text.replacen("| f32 ", "| f16 ", 1),
        text.replacen("\n>   | f32", "\n>   | f31\n>   | f32", 1),
        text.lines()
            .filter(|line| !line.contains("| f32"))
            .map(|line| format!("{line}\n"))
            .collect(),
        text.replace(&text[checksum..checksum + 8], "00000000"),
        text.replace(&text[checksum - 1..checksum + 8], ""),
        text.replace("0.25", "0.26"),
    ] {
        assert_ne!(edited, text);
        folder.write("a.md", &edited);
        folder.age("a.md");
        let (_, out, message) = folder.expect(2, &["a.md"]);
        assert!(
            message.starts_with("error: what stands in this region was not"),
            "{message}"
        );
        assert_eq!(out, "");
        let (_, out, _) = folder.expect(1, &["a.md", "--check"]);
        assert!(out.contains("edited by hand"), "{out}");
        folder.expect(1, &["a.md", "--diff", "--force"]);
        assert_eq!(folder.read("a.md"), edited);
        assert!(folder.is_aged("a.md"));
        folder.expect(0, &["a.md", "--force"]);
        assert_eq!(folder.read("a.md"), text);
    }
    // White space at the ends of lines, and blank lines around a result, are put right.
    let (before, behind) = text.split_at(text.find(" -->\n").unwrap() + 5);
    for changed in [
        text.replace("|\n", "|  \n"),
        format!("{before}>\n>\n{behind}"),
        text.replace("0.25", " 0.25\n"),
    ] {
        assert_ne!(changed, text);
        folder.write("a.md", &changed);
        let (_, out, _) = folder.expect(1, &["a.md", "--check"]);
        assert!(!out.contains("edited"), "{out}");
        folder.expect(0, &["a.md"]);
        assert_eq!(folder.read("a.md"), text);
    }
    assert_eq!(folder.names(), ["a.md"]);
}

#[test]
fn only_some_regions() {
    let folder = Folder::new();
    let region = |name: &str| format!("<!-- ulpscope {name} 1/4 -->\n{EMPTY}\n\n");
    let text = region("a: eval") + &region("eval") + &region("b: eval");
    folder.write("a.md", &text);
    let (_, out, _) = folder.expect(0, &["a.md", "--only", "b"]);
    assert_eq!(out, "a.md: 1 of 3 regions written (line 7)\n");
    let new = folder.read("a.md");
    assert!(
        new.starts_with(&text[..text.find("<!-- ulpscope b").unwrap()]),
        "{new}"
    );
    let (_, out, _) = folder.expect(1, &["a.md", "--check", "--only", "a,b"]);
    assert_eq!(out, "a.md: 1 of 3 regions stale (line 1)\n");
    // What was written by hand elsewhere is nobody's business.
    folder.write(
        "a.md",
        new.replacen(EMPTY, "by hand\n<!-- /ulpscope -->", 1),
    );
    folder.expect(0, &["a.md", "--only", "b"]);
    folder.expect(2, &["a.md", "--only", "a"]);
    folder.expect(2, &["a.md", "--only", "a,no"]);
    folder.expect(0, &["a.md", "--force", "--only", "a", "--only", "b"]);
    folder.expect(0, &["a.md"]);
    let whole = folder.read("a.md");
    folder.write("a.md", &text);
    folder.expect(0, &["a.md"]);
    assert_eq!(folder.read("a.md"), whole);
}

#[test]
fn lines_are_named_once() {
    let folder = Folder::new();
    let piece = format!("<!-- ulpscope eval 1/4 -->{EMPTY}");
    folder.write("a.md", format!("a {piece} b {piece}\n\nc {piece}\n"));
    let (_, out, _) = folder.expect(1, &["--check", "a.md"]);
    assert_eq!(out, "a.md: 3 of 3 regions stale (lines 1, 3)\n");
}

#[test]
fn unexpected_verdicts_are_written_and_told() {
    let folder = Folder::new();
    let text =
        "```ulpscope\nclaim \"more\": 1 > 2\n```\n\n<!-- ulpscope claims -->\n<!-- /ulpscope -->\n";
    folder.write("a.md", text);
    folder.write("b.md", format!("is <!-- ulpscope eval 1/4 -->{EMPTY}\n"));
    let (_, out, message) = folder.expect(1, &["a.md", "b.md"]);
    assert_eq!(out.matches("1 of 1 region written").count(), 2, "{out}");
    assert!(message.starts_with("error: “more” is refuted, and expected to be proved"));
    assert!(message.contains("a.md:2:15"), "{message}");
    assert!(folder.read("a.md").contains("refuted"));
    // Up to date, and still not as expected.
    folder.expect(1, &["a.md"]);
    let (_, out, _) = folder.expect(1, &["--check", "a.md"]);
    assert_eq!(out, "a.md: 1 region, up to date\n");
    // One that cannot be done is told by the status, and keeps no other from it.
    folder.write("b.md", format!("is <!-- ulpscope eval 1/ -->{EMPTY}\n"));
    folder.write("a.md", text);
    let (_, out, _) = folder.expect(2, &["b.md", "a.md", "c.md"]);
    assert_eq!(out, "a.md: 1 of 1 region written (line 5)\n");
}

#[test]
fn titles_do_not_end_a_region() {
    let folder = Folder::new();
    let titles = [
        "``` <!-- /ulpscope --> `",
        "<!-- /ulpscope -->",
        "a | b",
        "-->",
        "\\\\ ` <b>",
        "- * # > 1. [x](y)",
    ];
    let claims = titles.map(|title| format!("claim \"{title}\": 1 == 2\n"));
    let claims = claims.concat();
    for form in [
        "",
        " --as table",
        " --as csv",
        " --as json",
        " --as latex",
        " --as html",
    ] {
        let region = format!("<!-- ulpscope claims{form} -->\n<!-- /ulpscope -->");
        folder.write(
            "a.md",
            format!("```ulpscope\n{claims}```\n\n{region}\n\nend\n"),
        );
        folder.expect(1, &["a.md"]);
        let (_, out, _) = folder.expect(1, &["--check", "a.md"]);
        assert_eq!(out, "a.md: 1 region, up to date\n", "{form}");
        assert!(folder.read("a.md").ends_with(" -->\n\nend\n"), "{form}");
    }
}

#[test]
fn a_region_before_claims_does_not_move_them() {
    let folder = Folder::new();
    let block = "```ulpscope\nx = 1\nclaim \"more\": 2 > x\n```\n";
    for form in ["csv", "json"] {
        let text = format!(
            "<!-- ulpscope formats -->\n<!-- /ulpscope -->\n\n{block}\n{block2}\n\
             <!-- ulpscope claims --as {form} -->\n<!-- /ulpscope -->\n",
            block2 = "```ulpscope\nclaim \"less\": x < 2\n```\n",
        );
        folder.write("a.md", text);
        folder.expect(0, &["a.md"]);
        let (_, out, _) = folder.expect(0, &["--check", "a.md"]);
        assert_eq!(out, "a.md: 2 regions, up to date\n");
        let claims = folder.read("a.md");
        let third = if form == "csv" {
            "blocks,3,"
        } else {
            "\"line\": 3"
        };
        assert!(claims.contains(third), "{claims}");
    }
}

#[test]
fn a_directive_within_a_line_ends_there() {
    let folder = Folder::new();
    let text = format!("> a <!-- ulpscope eval \"(2\n> +1)\" -->{EMPTY} b\n");
    folder.write("a.md", &text);
    let (_, _, message) = folder.expect(2, &["a.md"]);
    let told = "error: a directive within a line ends in that line";
    assert!(message.starts_with(told), "{message}");
    assert_eq!(folder.read("a.md"), text);
}

#[test]
fn markers_of_a_region_stand_in_one_place() {
    let folder = Folder::new();
    let text = "- a\n- <!-- ulpscope eval 1 -->\n<!-- /ulpscope -->\n\n  At the top level\n";
    folder.write("a.md", text);
    let (_, _, message) = folder.expect(2, &["a.md"]);
    let told = "error: this end marker stands further left or right than its directive";
    assert!(message.starts_with(told), "{message}");
    assert_eq!(folder.read("a.md"), text);
}

#[test]
fn verdicts_have_no_options_of_their_own() {
    let folder = Folder::new();
    for option in ["--precision-limit 100", "-d 'x = 1'", "--case log-loss"] {
        folder.write(
            "a.md",
            format!(
                "```ulpscope\nclaim \"a\": 1 == 1\n```\n\n\
                 <!-- ulpscope claims {option} -->\n<!-- /ulpscope -->\n"
            ),
        );
        let (_, _, message) = folder.expect(2, &["a.md"]);
        assert!(
            message.starts_with("error: claims does not take --"),
            "{message}"
        );
    }
}

#[test]
fn no_document_grows_beyond_what_can_be_read() {
    let folder = Folder::new();
    let region = "<!-- ulpscope formats -->\n<!-- /ulpscope -->\n";
    let line = "a line of text\n";
    let text = format!("{region}\n{}", line.repeat(((16 << 20) - 100) / line.len()));
    folder.write("a.md", &text);
    let (_, _, message) = folder.expect(2, &["a.md"]);
    assert!(
        message.contains("with its results it is longer than 16 MB"),
        "{message}"
    );
    assert_eq!(folder.read("a.md"), text);
}

#[test]
fn files_that_are_no_documents() {
    let folder = Folder::new();
    folder.write("a.md", b"words\n\xff\n");
    let (_, _, message) = folder.expect(2, &["a.md"]);
    assert!(
        message.starts_with("error: a.md is not UTF-8: line 2"),
        "{message}"
    );
    folder.write("b.md", "a".repeat((16 << 20) + 1));
    let (_, _, message) = folder.expect(2, &["b.md"]);
    assert!(
        message.starts_with("error: b.md is longer than 16 MB"),
        "{message}"
    );
    folder.write("c.md", "");
    let (_, out, _) = folder.expect(0, &["c.md"]);
    assert_eq!(out, "c.md: 0 regions, up to date\n");
    assert_eq!(folder.pipe(&["-"], "").1, "");
    assert_eq!(folder.read("c.md"), "");
}

#[test]
fn ten_megabytes_and_two_thousand_regions() {
    let words = "Words about σ and rounding, with `code` and *emphasis*, for a line.\n".repeat(75);
    let mut text = String::from("```ulpscope\nf(x) = exp(-x)/3\nclaim: f(1) < 1\n```\n\n");
    for i in 0..1000 {
        text.push_str(&words);
        text.push_str(&format!(
            "It is <!-- ulpscope eval 'f({i})' -->{EMPTY}.\n\n{words}\n"
        ));
        text.push_str(&format!("<!-- ulpscope eval '{i}/7' -->\n{EMPTY}\n\n"));
    }
    assert!(text.len() > 10_000_000);
    let folder = Folder::new();
    folder.write("a.md", &text);
    for (arguments, status) in [
        (["a.md", "--diff"], 1),
        (["a.md", "--jobs=2"], 0),
        (["a.md", "--check"], 0),
    ] {
        let start = Instant::now();
        folder.expect(status, &arguments);
        let time = start.elapsed();
        println!("{arguments:?}: {time:.2?}");
        assert!(time < Duration::from_secs(60));
    }
}
