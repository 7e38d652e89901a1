//! A case's document: a comment `<!-- ulpscope-case … -->` in it says what the
//! story is made of, a line `key: value` for each part.

use super::{Case, Edge, PrecisionQuestion, Threshold, Written};
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::Markdown;

const MARK: &str = "ulpscope-case";

/// The parts, in the order in which documents have them.
const KEYS: &[&str] = &[
    "summary",
    "question",
    "symptom",
    "otherwise",
    "lesson",
    "setting",
    "at",
    "formula",
    "in",
    "way",
    "explain-in",
    "threshold",
    "threshold-over",
    "threshold-edge",
    "threshold-in",
    "precision",
    "precision-of",
    "precision-over",
    "said",
];

/// What a comment says, key by key.
struct Parts<'a> {
    lines: Vec<(&'a str, &'a str)>,
}

impl Case {
    /// Reads a case's document; nothing if the document is no case.
    ///
    /// # Errors
    /// Where there are two such comments; where the comment has a line without a key or with an unknown one, lacks a
    /// part that every case has, or has a part that makes no sense.
    pub fn read(name: &str, source: &str, text: &str) -> Result<Option<Case>, Diagnostic> {
        let markdown = Markdown::read(text);
        let marked = markdown.comments.iter().filter_map(|comment| {
            let rest = comment.text.trim().strip_prefix(MARK)?;
            (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
        });
        let comment = match marked.collect::<Vec<&str>>().as_slice() {
            [] => return Ok(None),
            [comment] => *comment,
            _ => {
                return Err(Diagnostic::new(
                    "a document is one case, and has one such comment",
                ));
            }
        };
        let parts = Parts::read(comment)?;
        let threshold = match parts.written("threshold")? {
            None => None,
            Some(predicate) => Some(Threshold {
                predicate,
                over: parts.needed("threshold-over")?,
                edge: match parts.needed("threshold-edge")?.as_str() {
                    "from" => Edge::From,
                    "to" => Edge::To,
                    other => {
                        let message = format!("threshold-edge is from or to, not `{other}`");
                        return Err(Diagnostic::new(message));
                    }
                },
                formats: formats(&parts.needed("threshold-in")?)?,
            }),
        };
        let precisions = match parts.written("precision")? {
            None => None,
            Some(predicate) => Some(PrecisionQuestion {
                predicate,
                value: parts.needed("precision-of")?,
                precisions: parts.needed("precision-over")?,
            }),
        };
        let explained_in = parts.one("explain-in")?;
        let explained_in = explained_in.map(|name| format(&name)).transpose()?;
        Ok(Some(Case {
            name: name.to_string(),
            summary: parts.needed("summary")?,
            question: parts.needed("question")?,
            symptom: parts.one("symptom")?,
            otherwise: parts.one("otherwise")?,
            lesson: parts.one("lesson")?,
            at: parts.one("at")?.unwrap_or_default(),
            formula: match parts.written("formula")? {
                Some(formula) => formula,
                None => return Err(lacking("formula")),
            },
            setting: parts.one("setting")?,
            ways: parts.all("way").map(written).collect(),
            explained_in,
            formats: formats(&parts.needed("in")?)?,
            threshold,
            precisions,
            said: parts.all("said").map(str::to_string).collect(),
            definitions: markdown.definitions(text),
            source: source.to_string(),
        }))
    }
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Self, Diagnostic> {
        let mut lines = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line
                .split_once(':')
                .map(|(key, value)| (key.trim(), value.trim()))
            {
                Some((key, value)) if KEYS.contains(&key) => lines.push((key, value)),
                _ => {
                    let message = format!("a case has no such line: {line}");
                    let help = format!("a line is `key: value`; keys are {}", KEYS.join(", "));
                    return Err(Diagnostic::new(message).help(help));
                }
            }
        }
        Ok(Parts { lines })
    }

    fn all(&self, key: &'static str) -> impl Iterator<Item = &'a str> + '_ {
        let found = self.lines.iter().filter(move |(known, _)| *known == key);
        found.map(|(_, value)| *value)
    }

    fn one(&self, key: &'static str) -> Result<Option<String>, Diagnostic> {
        let mut all = self.all(key);
        match (all.next(), all.next()) {
            (_, Some(_)) => Err(Diagnostic::new(format!("a case has one line `{key}:`"))),
            (value, None) => Ok(value.map(str::to_string)),
        }
    }

    fn needed(&self, key: &'static str) -> Result<String, Diagnostic> {
        self.one(key)?.ok_or_else(|| lacking(key))
    }

    fn written(&self, key: &'static str) -> Result<Option<Written>, Diagnostic> {
        Ok(self.one(key)?.as_deref().map(written))
    }
}

fn lacking(key: &str) -> Diagnostic {
    Diagnostic::new(format!("the case has no line `{key}:`"))
}

/// `formula | how people write it`; without the latter, the formula itself.
fn written(text: &str) -> Written {
    let (formula, text) = text.split_once(" | ").unwrap_or((text, text));
    Written {
        formula: formula.trim().to_string(),
        text: text.trim().to_string(),
    }
}

fn format(name: &str) -> Result<Format, Diagnostic> {
    name.trim()
        .parse()
        .map_err(|problem: crate::format::FormatError| Diagnostic {
            help: problem.help,
            ..Diagnostic::new(problem.message)
        })
}

fn formats(names: &str) -> Result<Vec<Format>, Diagnostic> {
    names.split(',').map(format).collect()
}
