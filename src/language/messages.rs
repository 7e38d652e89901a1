//! What the parser says where it cannot go on.

use super::lexer::{Lexeme, Token};
use super::parser::{Parser, infix};
use crate::formula::{Diagnostic, Op, Span};

impl Parser<'_> {
    /// The place of what comes next; nothing's width at a line's end.
    pub fn here(&self) -> Span {
        let span = self.next.span;
        match self.next.token {
            Token::Line => Span {
                end: span.start,
                ..span
            },
            _ => span,
        }
    }

    fn ended(&self) -> bool {
        matches!(self.next.token, Token::End | Token::Line)
    }

    /// The error where an operand should stand and none does. Operators that
    /// wait since `floor` wait for it.
    pub fn missing(&self, floor: usize, opener: Option<Lexeme>) -> Diagnostic {
        let next = self.next;
        let written = self.text(next.span);
        if let Some(opener) = opener.filter(|_| self.new_claim()) {
            return self.unclosed(opener);
        }
        if is_reserved(next.token) {
            return reserved(written, next.span);
        }
        if let Some(waiting) = self.waiting[floor..].last() {
            let message = format!("an operand is missing after `{}`", self.text(waiting.span));
            let error = Diagnostic::new(message).at(waiting.span);
            return match next.token {
                Token::Line => error.help("to go on in the next line, use parentheses"),
                _ => error,
            };
        }
        if infix(next.token).is_some() || next.token == Token::Near {
            let message = format!("an operand is missing before `{written}`");
            return Diagnostic::new(message).at(next.span);
        }
        match opener {
            Some(opener) if self.ended() && opener.token != Token::If => self.unclosed(opener),
            _ if self.ended() => Diagnostic::new("an expression is missing").at(self.here()),
            // `()` is marked whole.
            Some(opener) if next.token == Token::Close && opener.span.end == next.span.start => {
                Diagnostic::new("there is nothing in the parentheses").at(opener.span.to(next.span))
            }
            _ => {
                let message = format!("an expression is missing before `{written}`");
                Diagnostic::new(message).at(next.span)
            }
        }
    }

    /// The error where something follows an expression that cannot, inside
    /// `opener` if there is one.
    pub fn unexpected(&self, opener: Option<Lexeme>) -> Diagnostic {
        let next = self.next;
        let written = self.text(next.span);
        let operand = matches!(
            next.token,
            Token::Number | Token::Name(_) | Token::Open | Token::Bar | Token::Root | Token::If
        );
        if let Some(opener) = opener {
            let other = match opener.token {
                Token::Open => Token::CloseSquare,
                _ => Token::Close,
            };
            if next.token == Token::CloseSquare && opener.token != Token::Bar {
                let open = self.text(opener.span);
                return Diagnostic::new(format!("this `]` does not close `{open}`")).at(next.span);
            }
            // An operand that begins a line began a new statement, most likely.
            if self.ended()
                || next.token == other
                || next.token == Token::Close
                || (operand && next.continued)
                || self.new_claim()
            {
                return self.unclosed(opener);
            }
        }
        let error = Diagnostic::new(match next.token {
            Token::Equals => "`=` defines a name; it does not compare".to_string(),
            Token::Close | Token::CloseSquare => format!("this `{written}` closes nothing"),
            Token::OpenSquare | Token::Question => format!("`{written}` has no meaning here"),
            Token::Text => "a text stands only behind the word `claim`".to_string(),
            Token::Comma => "a comma stands only between arguments".to_string(),
            Token::Dots | Token::Colon => {
                format!("`{written}` belongs into a range, as in z=0..60:5")
            }
            Token::Percent => "`%` stands only directly behind a number".to_string(),
            Token::Prime => "`'` stands only where a derivative is declared".to_string(),
            Token::Then | Token::Else => format!("there is no `if` for this `{written}`"),
            token if is_reserved(token) => return reserved(written, next.span),
            _ => format!("an operator is missing before `{written}`"),
        })
        .at(next.span);
        match next.token {
            Token::Equals => error.help("write == to compare"),
            Token::OpenSquare => error.help("only (…) groups"),
            Token::Question => error.help("a claim asks for a range: claim: … in ?"),
            Token::Comma if self.decimal_comma() => error.help("write a decimal point"),
            Token::Percent => error.help("57% is 0.57; there is no operator for remainders"),
            _ if operand => match self.product(written, next.token) {
                Some(help) => error.help(help),
                None => error,
            },
            _ => error,
        }
    }

    /// Whether a claim begins a line, most likely a new one, inside brackets.
    fn new_claim(&self) -> bool {
        self.next.token == Token::Claim && self.next.continued
    }

    /// Whether the comma that comes next stands between digits.
    fn decimal_comma(&self) -> bool {
        let (before, after) = self.lexer.text.split_at(self.next.span.start as usize);
        let digit = |c: char| c.is_ascii_digit();
        before.ends_with(digit) && after[1..].starts_with(digit)
    }

    pub fn unclosed(&self, opener: Lexeme) -> Diagnostic {
        let message = format!("this `{}` is never closed", self.text(opener.span));
        Diagnostic::new(message).at(opener.span)
    }

    /// The error where `then` or `else` should stand.
    pub fn without_word(&self, expected: Token, start: Lexeme) -> Diagnostic {
        let other = matches!(
            self.next.token,
            Token::Close
                | Token::CloseSquare
                | Token::Comma
                | Token::Bar
                | Token::Then
                | Token::Else
        );
        let word = if expected == Token::Then {
            "then"
        } else {
            "else"
        };
        if let Token::Number | Token::Name(_) | Token::Open = self.next.token {
            let written = self.text(self.next.span);
            let message = format!("an operator or `{word}` is missing before `{written}`");
            return Diagnostic::new(message).at(self.next.span);
        }
        if !self.ended() && !other {
            return self.unexpected(None);
        }
        Diagnostic::new(format!("this `if` has no `{word}`"))
            .at(start.span)
            .help("write if … then … else …")
    }

    /// What to write for `2(a - y)`, whose `2` was read last.
    fn product(&self, right: &str, token: Token) -> Option<String> {
        let left = self.text(self.last?);
        if left.contains('\n') || left.chars().count() > 24 {
            return Some("a product is written with *".to_string());
        }
        let right = match token {
            Token::Open => "(…)",
            Token::Bar => "|…|",
            Token::Root => "√…",
            Token::If => return None,
            _ => right,
        };
        let digit = |c: char| c.is_ascii_digit();
        if token == Token::Number && left.ends_with(digit) {
            return None;
        }
        if right.starts_with('_') && left.ends_with(digit) {
            return Some("the digits of a number stand without separators".to_string());
        }
        // 1e5e5, 0b101: meant as one number.
        if left.ends_with(digit) && left.starts_with(digit) && right.starts_with(['e', 'E', 'b']) {
            let rest = &right[1..];
            if !rest.is_empty() && rest.chars().all(digit) {
                return Some("numbers are written as in 100, 1.5, 1e-5 or 0x1.8p3".to_string());
            }
        }
        let name =
            left.chars().all(|c| c.is_alphanumeric() || c == '_') && !left.starts_with(digit);
        Some(if name && Op::function(left).is_some() {
            format!("`{left}` is a function: write {left}({right})")
        } else if name {
            format!("for a product write {left}*{right}; for a call, {left}({right})")
        } else {
            format!("write {left}*{right}")
        })
    }
}

fn is_reserved(token: Token) -> bool {
    matches!(token, Token::In | Token::Claim | Token::For | Token::Where)
}

/// The error for a keyword that has no meaning inside expressions.
pub(super) fn reserved(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(format!(
        "`{word}` is a word of the language; it cannot stand here"
    ))
    .at(span)
}
