//! Text as LaTeX that pdflatex, xelatex and lualatex all understand.
//!
//! It needs no package, and LaTeX of 2020 or later.

use super::latex_symbols::{lowered, raised, special, symbol};
use super::number;

/// Text in which LaTeX sees nothing of its own; its numbers as mathematics.
pub fn text(text: &str) -> String {
    let mut writer = Writer::new(false);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let may_begin = c.is_ascii_digit() || "-−+".contains(c);
        let sum = may_begin.then(|| number::sum(&text[..at], &text[at..]));
        match sum.flatten() {
            Some(number::Sum { len, math }) => {
                match math {
                    Some(math) => writer.math(&math),
                    None => writer.plain(&text[at..at + len]),
                }
                at += len;
            }
            None if text[at..].starts_with(" %") => {
                writer.plain("\\,\\%");
                at += 2;
            }
            None => {
                let hyphen = c == '-' && {
                    let behind = |c: char| c.is_alphanumeric() || c == '-';
                    text[..at].ends_with(behind) || text[at + 1..].starts_with('-')
                };
                match c {
                    '-' if !hyphen => writer.math("-"),
                    c => writer.character(c),
                }
                at += c.len_utf8();
            }
        }
    }
    writer.out
}

/// A line of code, its numbers as they are.
pub fn code(text: &str) -> String {
    let mut writer = Writer::new(true);
    for c in text.chars() {
        writer.character(c);
    }
    format!("\\texttt{{{}}}", writer.out)
}

/// Text being written.
struct Writer {
    out: String,
    /// Whether it is in a typewriter's letters.
    code: bool,
    /// Where mathematics ended last, and with what.
    math: Option<(usize, Math)>,
}

/// What mathematics ended with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Math {
    /// What may have small characters.
    Symbol,
    /// What has some already.
    Formula,
    Raised,
    Lowered,
}

impl Writer {
    fn new(code: bool) -> Self {
        Writer {
            out: String::new(),
            code,
            math: None,
        }
    }

    /// Text that is LaTeX already. Signs that would melt into one with what is
    /// there are held apart.
    fn plain(&mut self, text: &str) {
        let melts = match text.chars().next() {
            Some(c @ ('-' | '\'' | ',')) => self.out.ends_with(c),
            Some('`') => self.out.ends_with(['`', '!', '?']),
            _ => false,
        };
        if melts {
            self.out.push_str("\\mbox{}");
        }
        self.out.push_str(text);
    }

    /// A symbol or a formula, in one piece with mathematics right before it.
    fn math(&mut self, formula: &str) {
        if self.open().is_none() {
            self.out.push('$');
        }
        self.out.push_str(formula);
        self.close(match formula.ends_with('}') {
            true => Math::Formula,
            false => Math::Symbol,
        });
    }

    /// Goes back into the mathematics that the text ends with.
    fn open(&mut self) -> Option<Math> {
        let (end, last) = self.math?;
        if end != self.out.len() {
            return None;
        }
        self.out.pop();
        Some(last)
    }

    fn close(&mut self, last: Math) {
        self.out.push('$');
        self.math = Some((self.out.len(), last));
    }

    /// A small character above or below the line; those side by side share one
    /// pair of braces.
    fn script(&mut self, kind: Math, c: &str) {
        let sign = if kind == Math::Raised { '^' } else { '_' };
        match self.open() {
            Some(last) if last == kind => {
                self.out.pop();
                // The name of a symbol ends before a letter.
                if c.starts_with(char::is_alphabetic) {
                    self.out.push(' ');
                }
                self.out.push_str(c);
                self.out.push('}');
            }
            before => {
                match before {
                    Some(Math::Symbol) => {}
                    // Two powers of one symbol are no formula.
                    Some(_) => self.out.push_str("{}"),
                    None => self.out.push('$'),
                }
                self.out.push(sign);
                self.out.push('{');
                self.out.push_str(c);
                self.out.push('}');
            }
        }
        self.close(kind);
    }

    /// Any character.
    fn character(&mut self, c: char) {
        if let Some(text) = special(c, self.code) {
            self.plain(text);
        } else if let Some(symbol) = symbol(c) {
            self.math(symbol);
        } else if let Some(small) = raised(c) {
            self.script(Math::Raised, small);
        } else if let Some(small) = lowered(c) {
            self.script(Math::Lowered, small);
        } else if c.is_control() {
            self.out.push(' ');
        } else {
            self.plain(c.encode_utf8(&mut [0; 4]));
        }
    }
}
