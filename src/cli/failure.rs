//! What stopped the program, and how a person is told.

use super::args::ColorChoice;
use crate::formula::{Diagnostic, Sources};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::{IsTerminal, Write};
use std::sync::Arc;

/// Why there is no result.
#[derive(Debug)]
pub enum Failure {
    /// Something is wrong at a place of a text.
    Input(Diagnostic, Arc<Sources>),
    /// Something is wrong with an argument or a file.
    Usage {
        /// What is wrong.
        message: String,
        /// How to mend it.
        help: Option<String>,
    },
    /// Something is wrong in what a region of a report asks for.
    InRegion {
        /// What is wrong.
        failure: Box<Failure>,
        /// Where the region is.
        place: String,
    },
    /// Nobody reads the output any more.
    ClosedPipe,
}

impl From<Failure> for Vec<Failure> {
    fn from(failure: Failure) -> Self {
        vec![failure]
    }
}

impl Failure {
    /// A message without a place.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure::Usage {
            message: message.into(),
            help: None,
        }
    }

    /// A message with the way to mend it.
    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Failure::Usage {
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// Writes it to standard error. A standard error that cannot be written
    /// to leaves nobody to tell.
    pub fn print(&self, color: ColorChoice) {
        self.print_as(Level::ERROR, color);
    }

    /// The same as a warning: the work goes on.
    pub fn warn(&self, color: ColorChoice) {
        self.print_as(Level::WARNING, color);
    }

    fn print_as(&self, level: Level<'_>, color: ColorChoice) {
        let text = self.render(level, color_on(color, std::io::stderr().is_terminal()));
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// The message as text, with a caret under the place.
    fn render(&self, level: Level<'_>, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let (failure, region) = match self {
            Failure::InRegion { failure, place } => (failure.as_ref(), Some(place)),
            failure => (failure, None),
        };
        let (message, help, place) = match failure {
            Failure::Input(diagnostic, sources) => {
                let place = diagnostic
                    .span
                    .map(|span| (span, sources, &diagnostic.label));
                (&diagnostic.message, &diagnostic.help, place)
            }
            Failure::Usage { message, help } => (message, help, None),
            Failure::InRegion { failure, .. } => return failure.render(level, color),
            Failure::ClosedPipe => return String::new(),
        };
        let title = level.primary_title(message.as_str());
        let excerpt = place.map(|(span, sources, label)| {
            let (text, line, start) = excerpt(sources.whole(span.source), span.start as usize);
            // One line is shown: a span that goes on behind it ends there.
            let end = (span.end as usize - start).min(text.len());
            let from = span.start as usize - start;
            (
                text,
                line,
                from..end.max(from),
                sources.name(span.source),
                label,
            )
        });
        let mut group = match &excerpt {
            Some((text, line, range, name, label)) => {
                let annotation = AnnotationKind::Primary.span(range.clone());
                let annotation = match label {
                    Some(label) => annotation.label(label.as_str()),
                    None => annotation,
                };
                let snippet = Snippet::source(*text).line_start(*line).path(*name);
                title.element(snippet.annotation(annotation))
            }
            None => Group::with_title(title),
        };
        if let Some(help) = help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        if let Some(region) = region {
            group = group.element(Level::NOTE.message(format!("in {region}")));
        }
        let mut text = renderer.render(&[group]).to_string();
        text.push('\n');
        text
    }
}

/// The line around a byte, cut to a readable length; its number; where it starts.
fn excerpt(whole: &str, at: usize) -> (&str, usize, usize) {
    const BEFORE: usize = 60;
    const AFTER: usize = 60;
    let line_start = whole[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = whole[at..]
        .find(['\n', '\r'])
        .map_or(whole.len(), |end| at + end);
    let line = whole[..line_start].matches('\n').count() + 1;
    let mut start = line_start.max(at.saturating_sub(BEFORE));
    while !whole.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = line_end.min(at + AFTER);
    while !whole.is_char_boundary(end) {
        end += 1;
    }
    (&whole[start..end], line, start)
}

/// Whether escape sequences are wanted.
pub fn color_on(choice: ColorChoice, terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}
