//! From text to tokens, one at a time.
//!
//! White space separates; `#` begins a comment that ends with the line. A
//! line's end is a token, except inside brackets. A number ends before
//! `..`, so that `0..1` has two. A text in quotation marks ends in its line.

use super::tree::{Names, Symbol};
use crate::formula::{Diagnostic, SourceId, Span};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// A numeral, with its `%` if one follows at once.
    Number,
    Name(Symbol),
    /// `²`, `⁻¹`: digits above the line.
    Superscript,
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Root,
    Lt,
    Le,
    Gt,
    Ge,
    EqEq,
    Ne,
    Equals,
    Bar,
    Open,
    Close,
    OpenSquare,
    CloseSquare,
    Comma,
    Colon,
    Question,
    /// `~`, nearness to a number as written.
    Near,
    /// `"…"`, with its quotation marks.
    Text,
    /// `..`, between the ends of a range.
    Dots,
    Prime,
    Percent,
    If,
    Then,
    Else,
    And,
    Or,
    Not,
    Implies,
    Iff,
    In,
    Claim,
    For,
    Where,
    /// The end of a line.
    Line,
    /// The end of the text.
    End,
}

/// The words that no name can be.
pub(super) const KEYWORDS: &[(&str, Token)] = &[
    ("if", Token::If),
    ("then", Token::Then),
    ("else", Token::Else),
    ("and", Token::And),
    ("or", Token::Or),
    ("not", Token::Not),
    ("implies", Token::Implies),
    ("iff", Token::Iff),
    ("in", Token::In),
    ("claim", Token::Claim),
    ("for", Token::For),
    ("where", Token::Where),
];

/// A token and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub token: Token,
    pub span: Span,
    /// Whether it is the first of its line, inside brackets.
    pub continued: bool,
}

#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub text: &'a str,
    source: SourceId,
    at: usize,
    /// How many brackets are open. A range may close with another kind than it
    /// opens with: `(0, 1]`.
    open: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str, source: SourceId) -> Self {
        // Some editors begin a file with a byte order mark.
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Lexer {
            text,
            source,
            at,
            open: 0,
        }
    }

    pub fn span(&self, start: usize, end: usize) -> Span {
        Span {
            source: self.source,
            start: start as u32,
            end: end as u32,
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips white space and comments; says whether a line ended.
    fn skip(&mut self, through_lines: bool) -> bool {
        let mut line = false;
        while let Some(c) = self.rest().chars().next() {
            if c == '#' {
                let length = self.rest().find('\n').unwrap_or(self.rest().len());
                self.at += length;
            } else if c == '\n' && !through_lines {
                break;
            } else if c.is_whitespace() {
                line |= c == '\n';
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        line
    }

    /// The text from here to the next comma, closing parenthesis, comment or
    /// end of line, without the white space around it: a format's name.
    pub fn raw(&mut self) -> Span {
        self.skip(true);
        let rest = self.rest();
        let length = rest.find([',', ')', '#', '\n']).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        self.span(start, start + rest[..length].trim_end().len())
    }

    /// The same, but the words `in`, `where` and `for` end it too: the format of
    /// a variable.
    pub fn raw_to_word(&mut self) -> Span {
        let span = self.raw();
        let text = &self.text[span.start as usize..span.end as usize];
        let ends = |c: char| c.is_whitespace() || matches!(c, '[' | '(');
        let mut length = 0;
        for word in text.split_inclusive(ends) {
            if matches!(word.trim_end_matches(ends), "in" | "where" | "for") {
                break;
            }
            length += word.len();
        }
        self.at = span.start as usize + length;
        self.span(
            span.start as usize,
            span.start as usize + text[..length].trim_end().len(),
        )
    }

    /// Reads the `x` of a geometric step, `:x10`, which would begin a name.
    pub fn times(&mut self) -> bool {
        self.skip(true);
        let sign = self
            .rest()
            .chars()
            .next()
            .filter(|c| matches!(c, 'x' | '×'));
        self.at += sign.map_or(0, char::len_utf8);
        sign.is_some()
    }

    pub fn next(&mut self, names: &mut Names) -> Result<Lexeme, Diagnostic> {
        let continued = self.skip(self.open > 0);
        let start = self.at;
        let token = self.token(names)?;
        match token {
            Token::Open | Token::OpenSquare => self.open += 1,
            Token::Close | Token::CloseSquare => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        Ok(Lexeme {
            token,
            span: self.span(start, self.at),
            continued,
        })
    }

    fn token(&mut self, names: &mut Names) -> Result<Token, Diagnostic> {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else {
            return Ok(Token::End);
        };
        let second = rest[c.len_utf8()..].chars().next();
        if c.is_ascii_digit() || (c == '.' && second.is_some_and(|c| c.is_ascii_digit())) {
            self.at += number_length(rest);
            return Ok(Token::Number);
        }
        if superscript(c).is_some() {
            let end = rest.find(|c| superscript(c).is_none());
            self.at += end.unwrap_or(rest.len());
            return Ok(Token::Superscript);
        }
        if starts_name(c) {
            let end = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
            self.at += end;
            let name = match &rest[..end] {
                "π" => "pi",
                "σ" => "sigmoid",
                name => name,
            };
            let keyword = KEYWORDS.iter().find(|(word, _)| *word == name);
            return Ok(match keyword {
                Some(&(_, token)) => token,
                None => Token::Name(names.intern(name)),
            });
        }
        if matches!(c, '"' | '“') {
            return self.quoted(c);
        }
        let (token, length) = match (c, second) {
            ('*', Some('*')) => (Token::Caret, 2),
            ('<', Some('=')) => (Token::Le, 2),
            ('>', Some('=')) => (Token::Ge, 2),
            ('=', Some('=')) => (Token::EqEq, 2),
            ('!', Some('=')) => (Token::Ne, 2),
            ('&' | '!', _) | ('=', Some('>' | '<')) => return Err(self.foreign(c, second)),
            ('|', Some('|')) if rest[2..].starts_with([' ', '\t']) && self.after_space() => {
                return Err(self.foreign(c, second));
            }
            ('+', _) => (Token::Plus, 1),
            ('-', _) => (Token::Minus, 1),
            ('*', _) => (Token::Star, 1),
            ('/', _) => (Token::Slash, 1),
            ('^', _) => (Token::Caret, 1),
            ('<', _) => (Token::Lt, 1),
            ('>', _) => (Token::Gt, 1),
            ('=', _) => (Token::Equals, 1),
            ('|', _) => (Token::Bar, 1),
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenSquare, 1),
            (']', _) => (Token::CloseSquare, 1),
            ('?', _) => (Token::Question, 1),
            ('~' | '≈', _) => (Token::Near, c.len_utf8()),
            ('∞', _) => (Token::Name(names.intern("inf")), c.len_utf8()),
            (',', _) => (Token::Comma, 1),
            (':', _) => (Token::Colon, 1),
            ('.', Some('.')) => (Token::Dots, 2),
            ('\'' | '′' | '’', _) => (Token::Prime, c.len_utf8()),
            ('%', _) => (Token::Percent, 1),
            ('\n', _) => (Token::Line, 1),
            // What people paste: a minus sign and an en dash; dots, crosses
            // and an asterisk for products; slashes for quotients.
            ('−' | '–', _) => (Token::Minus, c.len_utf8()),
            ('·' | '⋅' | '×' | '∗', _) => (Token::Star, c.len_utf8()),
            ('÷' | '∕', _) => (Token::Slash, c.len_utf8()),
            ('≤', _) => (Token::Le, c.len_utf8()),
            ('≥', _) => (Token::Ge, c.len_utf8()),
            ('≠', _) => (Token::Ne, c.len_utf8()),
            ('√', _) => (Token::Root, c.len_utf8()),
            _ => {
                let shown = if c.is_control() || !c.is_ascii() {
                    format!("`{}` (U+{:04X})", c.escape_debug(), c as u32)
                } else {
                    format!("`{c}`")
                };
                let error = Diagnostic::new(format!("{shown} has no meaning here"));
                let error = error.at(self.span(self.at, self.at + c.len_utf8()));
                return Err(match c {
                    '{' | '}' => error.help("only (…) groups"),
                    ';' => error.help("a statement ends with its line; commas separate arguments"),
                    _ => error,
                });
            }
        };
        self.at += length;
        Ok(token)
    }

    /// A text in quotation marks, the first of which is `c`.
    fn quoted(&mut self, c: char) -> Result<Token, Diagnostic> {
        let closing = if c == '"' { '"' } else { '”' };
        let mut escaped = false;
        for (index, next) in self.rest().char_indices().skip(1) {
            if next == '\n' {
                break;
            } else if escaped {
                escaped = false;
            } else if next == closing {
                self.at += index + next.len_utf8();
                return Ok(Token::Text);
            } else {
                escaped = next == '\\';
            }
        }
        Err(Diagnostic::new("this quotation mark is never closed")
            .at(self.span(self.at, self.at + c.len_utf8()))
            .help("a text ends in the line that it begins in"))
    }

    /// Whether white space stands before this place.
    fn after_space(&self) -> bool {
        self.text[..self.at].ends_with([' ', '\t'])
    }

    /// The error for an operator of another language.
    fn foreign(&self, first: char, second: Option<char>) -> Diagnostic {
        let (written, ours) = match (first, second) {
            ('&', Some('&')) => ("&&", "and"),
            ('&', _) => ("&", "and"),
            ('|', _) => ("||", "or"),
            ('=', Some('>')) => ("=>", ">= (or `implies`)"),
            ('=', _) => ("=<", "<="),
            _ => ("!", "not"),
        };
        Diagnostic::new(format!("`{written}` has no meaning here"))
            .at(self.span(self.at, self.at + written.len()))
            .help(format!("write {ours}"))
    }
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    (c.is_alphanumeric() && superscript(c).is_none()) || c == '_'
}

/// Whether a text is a name, or a word of the language.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(starts_name) && text.chars().all(continues_name)
}

/// Whether a name is a word of the language.
pub(super) fn is_word(text: &str) -> bool {
    KEYWORDS.iter().any(|(word, _)| *word == text)
}

/// The sign or digit that stands above the line.
pub(super) fn superscript(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    const ABOVE: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
    let index = ABOVE.chars().position(|above| above == c)?;
    "0123456789-".chars().nth(index)
}

/// How long the numeral at the beginning is.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let hexadecimal = bytes[0] == b'0' && bytes.get(1).is_some_and(|b| b | 32 == b'x');
    let (mut at, letter) = if hexadecimal { (2, b'p') } else { (0, b'e') };
    let is_digit = |at: usize| {
        bytes.get(at).is_some_and(|b| {
            if hexadecimal {
                b.is_ascii_hexdigit()
            } else {
                b.is_ascii_digit()
            }
        })
    };
    while is_digit(at) {
        at += 1;
    }
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1) != Some(&b'.') {
        at += 1;
        while is_digit(at) {
            at += 1;
        }
    }
    // `2e` is 2 and the name `e`.
    if bytes.get(at).is_some_and(|b| b | 32 == letter) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let digits = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if digits(at + 1 + sign) {
            at += 1 + sign;
            while digits(at) {
                at += 1;
            }
        }
    }
    if bytes.get(at) == Some(&b'%') {
        at += 1;
    }
    at
}
