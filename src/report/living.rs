//! Living reports: markdown documents in which the program keeps regions true.
//!
//! A region begins with a directive, `<!-- ulpscope SUBCOMMAND ARGS -->`, and ends
//! with `<!-- /ulpscope -->`; what stands in between is the subcommand's result.
//! The end marker holds a checksum of it, which tells a result from what somebody
//! wrote by hand. A directive that has a line of its own makes a block; one within
//! a line makes a piece of that line.

use super::document::{Block, Document};
use super::render::markdown;
use crate::formula::{Diagnostic, SourceId, Span};
use crate::language::{Comment, Markdown};
use std::collections::HashMap;
use std::ops::Range;

const OPEN: &str = "ulpscope";
const CLOSE: &str = "/ulpscope";

/// A region of a document.
#[derive(Clone, Debug)]
pub struct Region {
    /// What it is called, if it is.
    pub name: Option<String>,
    /// The subcommand and its arguments.
    pub directive: String,
    /// Where the directive stands.
    pub place: Span,
    /// The line of the directive, from 1.
    pub line: usize,
    /// Whether it is a piece of a line.
    pub is_inline: bool,
    /// Between the directive and the end marker.
    body: Range<usize>,
    /// The end marker.
    end: Range<usize>,
    /// The checksum in the end marker.
    checksum: Option<u32>,
    /// What stands before each line of a block: the marks of lists and quotes.
    prefix: String,
    /// The document's line ending there.
    newline: &'static str,
}

impl Region {
    /// All regions of a document, in order. `source` is what the document is
    /// called in a diagnostic.
    ///
    /// # Errors
    /// Where an end marker is missing, or has no directive; where a directive is
    /// empty; where two regions have one name; where one marker of a region has a
    /// line of its own and the other has not, or stands further left or right; and where a region within a line
    /// begins it, or its directive goes on in the next one.
    pub fn all(
        text: &str,
        markdown: &Markdown,
        source: SourceId,
    ) -> Result<Vec<Region>, Diagnostic> {
        let lines = Lines::of(text);
        let mut regions: Vec<Region> = Vec::new();
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut open: Option<Region> = None;
        for comment in &markdown.comments {
            let Some(marker) = Marker::read(comment, source)? else {
                continue;
            };
            let line = lines.number(comment.place.start);
            let place = span(source, &comment.place);
            match (marker, &mut open) {
                (Marker::Open { .. }, Some(region)) => {
                    return Err(no_end(region).help(format!(
                        "<!-- /ulpscope --> is missing before the next directive, in line {line}"
                    )));
                }
                (Marker::Open { name, directive }, None) => {
                    if let Some(name) = &name
                        && let Some(first) = names.insert(name.clone(), line)
                    {
                        let message = format!("two regions are called `{name}`");
                        let help = format!("the first one is in line {first}");
                        return Err(Diagnostic::new(message).at(place).help(help));
                    }
                    let before = lines.before(comment.place.start);
                    let is_inline = !lines.are_for(&comment.place);
                    if is_inline && is_marks(before) {
                        let message = "this directive begins its line, which goes on behind it";
                        return Err(Diagnostic::new(message).at(place).help(
                            "markdown would end the paragraph here: put a word before it, \
                             or give it a line of its own",
                        ));
                    }
                    if is_inline && comment.text.contains(['\n', '\r']) {
                        let message = "a directive within a line ends in that line";
                        return Err(Diagnostic::new(message)
                            .at(place)
                            .help("one that goes over several lines has them for itself"));
                    }
                    open = Some(Region {
                        name,
                        directive,
                        place,
                        line,
                        is_inline,
                        body: comment.place.end..comment.place.end,
                        end: 0..0,
                        checksum: None,
                        prefix: match is_inline {
                            true => String::new(),
                            false => prefix(before),
                        },
                        newline: lines.newline(comment.place.end),
                    });
                }
                (Marker::Close { .. }, None) => {
                    let message = "an end marker without a directive before it";
                    let help = match regions.last() {
                        Some(region) => format!(
                            "the region of line {} has its own end marker already",
                            region.line
                        ),
                        None => "a region begins with <!-- ulpscope SUBCOMMAND ARGS -->".into(),
                    };
                    return Err(Diagnostic::new(message).at(place).help(help));
                }
                (Marker::Close { checksum }, Some(_)) => {
                    let mut region = open.take().expect("it is there");
                    if region.is_inline == lines.are_for(&comment.place) {
                        let message = match region.is_inline {
                            true => "this end marker has a line of its own, its directive has not",
                            false => "this end marker has no line of its own, its directive has",
                        };
                        return Err(Diagnostic::new(message).at(place).help(
                            "give both markers lines of their own, or put both into one line",
                        ));
                    }
                    let elsewhere = prefix(lines.before(comment.place.start)) != region.prefix;
                    if !region.is_inline && elsewhere {
                        let message =
                            "this end marker stands further left or right than its directive";
                        return Err(Diagnostic::new(message).at(place).help(
                            "a list or a quote that the directive is in goes on to the end \
                             marker: put the same marks and spaces before both",
                        ));
                    }
                    region.body.end = comment.place.start;
                    region.end = comment.place.clone();
                    region.checksum = checksum;
                    regions.push(region);
                }
            }
        }
        match open {
            Some(region) => Err(no_end(&region).help("end it with <!-- /ulpscope -->")),
            None => Ok(regions),
        }
    }

    /// Whether somebody wrote in the region what the program did not.
    pub fn is_edited(&self, text: &str) -> bool {
        let content = self.content(text);
        match self.checksum {
            Some(checksum) => checksum != crc32fast::hash(content.as_bytes()),
            None => !content.is_empty(),
        }
    }

    /// Whether other content would change it.
    pub fn is_stale(&self, text: &str, content: &str) -> bool {
        text[self.body.start..self.end.end] != self.written(content)
    }

    /// What stands behind the directive with this content, up to the end marker.
    fn written(&self, content: &str) -> String {
        let mut out = String::with_capacity(content.len() + 40);
        let content = if self.is_inline {
            let content = content.split_whitespace().collect::<Vec<_>>().join(" ");
            out.push_str(&content);
            content
        } else {
            let lines: Vec<String> = content.lines().map(|line| line.trim_end().into()).collect();
            let content = tidy(&lines);
            let blank = format!("{}{}", self.newline, self.prefix.trim_end());
            out.push_str(&blank);
            for line in content.lines() {
                let line = format!("{}{}{line}", self.newline, self.prefix);
                out.push_str(line.trim_end_matches(' '));
            }
            out.push_str(&blank);
            out.push_str(self.newline);
            out.push_str(&self.prefix);
            content
        };
        let checksum = crc32fast::hash(content.as_bytes());
        out.push_str(&format!("<!-- {CLOSE} {checksum:08x} -->"));
        out
    }

    /// What stands in it, without what the document's form adds.
    fn content(&self, text: &str) -> String {
        let body = &text[self.body.clone()];
        if self.is_inline {
            return body.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let blank = self.prefix.trim_end();
        let line = |line: &str| {
            let line = line.trim_end();
            let inside = line.strip_prefix(&self.prefix);
            inside
                .unwrap_or(if line == blank { "" } else { line })
                .to_string()
        };
        tidy(&body.lines().map(line).collect::<Vec<_>>())
    }
}

/// Lines as one text, without blank ones at the beginning and the end.
fn tidy(lines: &[String]) -> String {
    lines.join("\n").trim_matches('\n').to_string()
}

/// The document with other contents in its regions, one for each (`None` keeps
/// what is there). A piece of a line is one line of text.
pub fn refresh(text: &str, regions: &[Region], contents: &[Option<String>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (region, content) in regions.iter().zip(contents) {
        let Some(content) = content else { continue };
        out.push_str(&text[from..region.body.start]);
        out.push_str(&region.written(content));
        from = region.end.end;
    }
    out.push_str(&text[from..]);
    out
}

/// A document as a piece of a line: its text and equations, no tables.
pub fn inline(document: &Document) -> String {
    let text = |block: &Block| match block {
        Block::Text(text) | Block::Equation(text, _) => Some(Block::Text(text.clone())),
        Block::Heading(_) | Block::Table(_) => None,
    };
    let blocks = document.blocks.iter().filter_map(text).collect();
    markdown(&Document { blocks })
}

/// What a comment says to the program.
enum Marker {
    Open {
        name: Option<String>,
        directive: String,
    },
    Close {
        checksum: Option<u32>,
    },
}

impl Marker {
    /// Nothing where the comment says nothing to the program.
    fn read(comment: &Comment, source: SourceId) -> Result<Option<Marker>, Diagnostic> {
        let text = comment.text.trim();
        let (word, rest) = match text.split_once(char::is_whitespace) {
            Some((word, rest)) => (word, rest.trim()),
            None => (text, ""),
        };
        let wrong = |message: &str, help: &str| {
            let place = span(source, &comment.place);
            Err(Diagnostic::new(message).at(place).help(help))
        };
        match word {
            OPEN => {
                let (name, directive) = named(rest);
                if directive.is_empty() {
                    return wrong(
                        "a directive without a subcommand",
                        "<!-- ulpscope eval 'exp(-50)' --> is one with a subcommand",
                    );
                }
                Ok(Some(Marker::Open {
                    name: name.map(str::to_string),
                    directive: directive.to_string(),
                }))
            }
            CLOSE if rest.is_empty() => Ok(Some(Marker::Close { checksum: None })),
            CLOSE => match u32::from_str_radix(rest, 16) {
                Ok(checksum) if rest.len() == 8 && !rest.starts_with('+') => {
                    Ok(Some(Marker::Close {
                        checksum: Some(checksum),
                    }))
                }
                _ => wrong(
                    "this end marker holds more than a checksum",
                    "write <!-- /ulpscope -->; the program puts the checksum there",
                ),
            },
            _ => Ok(None),
        }
    }
}

/// The name before a directive's subcommand, `gradient: compare …`, if it has one.
fn named(text: &str) -> (Option<&str>, &str) {
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_name = |name: &str| {
        let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        !name.is_empty() && name.chars().all(fits)
    };
    match word.strip_suffix(':') {
        Some(name) if is_name(name) => (Some(name), text[word.len()..].trim_start()),
        _ => (None, text),
    }
}

fn no_end(region: &Region) -> Diagnostic {
    Diagnostic::new("this region has no end marker").at(region.place)
}

fn span(source: SourceId, place: &Range<usize>) -> Span {
    Span {
        source,
        start: place.start as u32,
        end: place.end as u32,
    }
}

/// Whether this is nothing but marks of lists and quotes.
fn is_marks(before: &str) -> bool {
    before.split_whitespace().all(|word| {
        // A list's mark may follow a quote's at once.
        let word = word.trim_start_matches('>');
        let number = word.strip_suffix(['.', ')']);
        let is_number =
            |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        matches!(word, "" | "-" | "*" | "+") || number.is_some_and(is_number)
    })
}

/// What stands before the lines that follow: quotes go on, and a list's mark
/// becomes room.
fn prefix(before: &str) -> String {
    let keep = |c: char| match c {
        '>' | '\t' => c,
        _ => ' ',
    };
    before.chars().map(keep).collect()
}

/// A text's lines.
struct Lines<'a> {
    text: &'a str,
    /// Where each begins.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let behind = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(behind).collect();
        Lines { text, starts }
    }

    /// The number of the line in which a place is, from 1.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at)
    }

    /// What stands before a place in its line.
    fn before(&self, at: usize) -> &'a str {
        let start = self.starts[self.number(at) - 1];
        self.text[start..at].trim_start_matches('\u{feff}')
    }

    /// What stands behind a place in its line, the line ending with it.
    fn behind(&self, at: usize) -> &'a str {
        let next = self.starts.get(self.number(at));
        &self.text[at..next.copied().unwrap_or(self.text.len())]
    }

    /// Whether a comment has its lines for itself, but for the marks of lists and
    /// quotes before it.
    fn are_for(&self, place: &Range<usize>) -> bool {
        is_marks(self.before(place.start)) && self.behind(place.end).trim().is_empty()
    }

    /// The line ending behind a place.
    fn newline(&self, at: usize) -> &'static str {
        match self.behind(at).ends_with("\r\n") {
            true => "\r\n",
            false => "\n",
        }
    }
}
