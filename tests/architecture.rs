//! Imports point one way only. This reads the sources and holds the order.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module may import those before it.
const ORDER: &[&str] = &[
    "format",
    "formula",
    "enclosure",
    "arithmetic",
    "evaluate",
    "truth",
    "measure",
    "claim",
    "study",
    "report",
    "cli",
];

/// `language` stands aside: it sees these, and `claim` and later see it.
const LANGUAGE_SEES: &[&str] = &["format", "formula"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The modules that a text names behind `crate::`, alone or in braces.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for piece in code.split("crate::").skip(1) {
        let name = |text: &str| -> String {
            let text = text.trim_start();
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
            text[..end.unwrap_or(text.len())].to_string()
        };
        match piece.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let mut start = 0;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => {
                            found.push(name(&group[start..at]));
                            break;
                        }
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            found.push(name(&group[start..at]));
                            start = at + 1;
                        }
                        _ => {}
                    }
                }
            }
            None => found.push(name(piece)),
        }
    }
    found
}

#[test]
fn imports_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "found only {} sources", files.len());
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut checked = 0;
    for file in files {
        let inner = file.strip_prefix(&root).unwrap();
        let module = inner.iter().next().unwrap().to_str().unwrap();
        if inner.components().count() == 1 {
            continue; // lib.rs and main.rs
        }
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            if import == module {
                continue;
            }
            checked += 1;
            let allowed = match (module, import.as_str()) {
                ("language", import) => LANGUAGE_SEES.contains(&import),
                (module, "language") => rank(module) >= rank("claim"),
                (module, import) => match (rank(module), rank(import)) {
                    (Some(of_module), Some(of_import)) => of_import < of_module,
                    _ => false,
                },
            };
            assert!(allowed, "{} imports crate::{import}", inner.display());
        }
    }
    assert!(checked > 20, "found only {checked} imports");
}

#[test]
fn only_the_command_line_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for macro_name in ["println!", "print!", "eprintln!", "eprint!", "dbg!"] {
                assert!(
                    !code.contains(macro_name),
                    "{}:{}: {macro_name} fails on a closed pipe; write through cli::output",
                    file.display(),
                    number + 1
                );
            }
        }
    }
}
