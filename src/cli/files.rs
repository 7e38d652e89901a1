//! Files that are read whole.

use super::failure::Failure;
use crate::language::Markdown;
use std::io::Read;
use std::path::Path;

/// The most bytes of one definitions file.
pub const MAX_FILE: u64 = 16 << 20;

/// Whether a file's name says that it is markdown.
pub fn is_markdown(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(
        ending.map(str::to_ascii_lowercase).as_deref(),
        Some("md" | "markdown")
    )
}

/// A text of definitions and claims, and what to call it; of markdown, what its
/// code blocks hold.
pub fn read_definitions(path: &Path) -> Result<(String, String), Failure> {
    let (name, text) = read(path)?;
    match is_markdown(path) {
        true => {
            let text = Markdown::read(&text).definitions(&text);
            Ok((name, text))
        }
        false => Ok((name, text)),
    }
}

/// A text and what to call it; `-` is standard input.
pub fn read(path: &Path) -> Result<(String, String), Failure> {
    let standard = path.as_os_str() == "-";
    let name = if standard {
        "standard input".to_string()
    } else {
        path.display().to_string()
    };
    let failed = |problem: std::io::Error| Failure::usage(format!("cannot read {name}: {problem}"));
    let mut bytes = Vec::new();
    let source: Box<dyn Read> = if standard {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(path).map_err(failed)?)
    };
    source
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Failure::usage(format!(
            "{name} is longer than {} MB",
            MAX_FILE >> 20
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(problem) => {
            let at = problem.utf8_error().valid_up_to();
            let line = problem.as_bytes()[..at]
                .iter()
                .filter(|&&b| b == b'\n')
                .count()
                + 1;
            Err(Failure::usage(format!("{name} is not UTF-8: line {line}")))
        }
    }
}
