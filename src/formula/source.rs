//! The texts that formulas come from, and places in them.

use std::sync::Arc;

/// A text's index in its [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

/// A piece of a source: bytes `start..end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// Which text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both; the two lie in one text.
    pub fn to(self, other: Span) -> Span {
        debug_assert_eq!(self.source, other.source);
        Span {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

#[derive(Debug)]
struct Source {
    name: String,
    text: String,
}

/// Every text that was read, with the name to show for it
/// (`expression`, `-d`, a file's path, `prelude`).
/// A clone shares the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Arc<Source>>,
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).expect("fewer than 2^32 texts"));
        self.list.push(Arc::new(Source {
            name: name.into(),
            text: text.into(),
        }));
        id
    }

    /// What a text is called.
    pub fn name(&self, id: SourceId) -> &str {
        &self.list[id.0 as usize].name
    }

    /// A whole text.
    pub fn whole(&self, id: SourceId) -> &str {
        &self.list[id.0 as usize].text
    }

    /// The piece of text at a span.
    pub fn text(&self, span: Span) -> &str {
        &self.whole(span.source)[span.start as usize..span.end as usize]
    }
}
