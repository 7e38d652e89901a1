//! Markdown documents: the definitions in their code blocks, and the comments
//! that are meant for the program.
//!
//! What is code, a comment, a list or a quote is CommonMark's business, and
//! pulldown-cmark's: a comment that stands inside a code block is text.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The word that marks a code block as the program's.
const MARK: &str = "ulpscope";

/// What a markdown document says to the program. All places are bytes of the
/// document.
#[derive(Clone, Debug, Default)]
pub struct Markdown {
    /// The fenced code blocks marked `ulpscope`, in order.
    pub blocks: Vec<CodeBlock>,
    /// All comments, in order.
    pub comments: Vec<Comment>,
}

/// A fenced code block.
#[derive(Clone, Debug)]
pub struct CodeBlock {
    /// From fence to fence.
    pub place: Range<usize>,
    /// Its lines, without the marks of a list or a quote around it.
    lines: Vec<Range<usize>>,
}

/// An HTML comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// From `<!--` to behind `-->`.
    pub place: Range<usize>,
    /// What stands in it, without the marks of a list or a quote around it.
    pub text: String,
}

impl Markdown {
    /// Reads a document. Every text is markdown.
    ///
    /// ```
    /// use ulpscope::language::Markdown;
    /// let text = "> ```ulpscope\n> z = 50\n> ```\n\nis <!-- a comment -->";
    /// let markdown = Markdown::read(text);
    /// assert_eq!(markdown.definitions(text).trim(), "z = 50");
    /// assert_eq!(markdown.comments[0].text, " a comment ");
    /// ```
    pub fn read(text: &str) -> Self {
        let mut found = Markdown::default();
        let mut code: Option<CodeBlock> = None;
        let mut html: Vec<Range<usize>> = Vec::new();
        // A byte order mark is no part of the first line.
        let body = text.trim_start_matches('\u{feff}');
        let mark = text.len() - body.len();
        for (event, place) in Parser::new_ext(body, Options::empty()).into_offset_iter() {
            let place = place.start + mark..place.end + mark;
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let marked = info.split_whitespace().next() == Some(MARK);
                    code = marked.then_some(CodeBlock {
                        place,
                        lines: Vec::new(),
                    });
                }
                Event::Text(_) => {
                    if let Some(code) = &mut code {
                        code.lines.push(place);
                    }
                }
                Event::End(TagEnd::CodeBlock) => found.blocks.extend(code.take()),
                Event::Html(_) => html.push(place),
                Event::End(TagEnd::HtmlBlock) => {
                    found.find_comments(text, &html);
                    html.clear();
                }
                Event::InlineHtml(inside) => {
                    let inside = inside.strip_prefix("<!--");
                    if let Some(inside) = inside.and_then(|inside| inside.strip_suffix("-->")) {
                        found.comments.push(Comment {
                            place,
                            text: inside.to_string(),
                        });
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The comments of an HTML block, whose lines these are.
    fn find_comments(&mut self, text: &str, lines: &[Range<usize>]) {
        let block: String = lines.iter().map(|line| &text[line.clone()]).collect();
        // Where each line begins in the block.
        let starts: Vec<usize> = lines
            .iter()
            .scan(0, |next, line| {
                let start = *next;
                *next += line.len();
                Some(start)
            })
            .collect();
        // The last byte before `at`, and then one on: what stands between two
        // lines belongs to neither.
        let behind = |at: usize| {
            let line = starts.partition_point(|&start| start < at) - 1;
            lines[line].start + (at - starts[line])
        };
        let mut from = 0;
        while let Some(open) = block[from..].find("<!--").map(|open| from + open) {
            // `<!-->` is a comment.
            let Some(close) = block[open + 2..].find("-->").map(|close| open + 2 + close) else {
                return;
            };
            let end = close + "-->".len();
            self.comments.push(Comment {
                place: behind(open + 1) - 1..behind(end),
                text: block[(open + 4).min(close)..close].to_string(),
            });
            from = end;
        }
    }

    /// Where the lines of its code blocks end, in order: they tell places in the
    /// blocks apart whatever stands between these.
    pub fn line_ends(&self, text: &str) -> Vec<usize> {
        let lines = self.blocks.iter().flat_map(|block| &block.lines);
        let ends = |line: &Range<usize>| {
            let inside = text[line.clone()].match_indices('\n');
            let start = line.start;
            inside.map(|(at, _)| start + at).collect::<Vec<usize>>()
        };
        lines.flat_map(ends).collect()
    }

    /// The document with everything blanked out that is no definition and no
    /// claim: what is left stands where it stood.
    pub fn definitions(&self, text: &str) -> String {
        let blank = |byte: u8| if byte == b'\n' { b'\n' } else { b' ' };
        let mut out: Vec<u8> = text.bytes().map(blank).collect();
        for line in self.blocks.iter().flat_map(|block| &block.lines) {
            out[line.clone()].copy_from_slice(&text.as_bytes()[line.clone()]);
        }
        // Whole lines of the text, and ASCII.
        String::from_utf8(out).expect("blanks and pieces of a text")
    }
}
