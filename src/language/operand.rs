//! Operands: what stands between operators.

use super::DERIVATIVE;
use super::call::wrong_count;
use super::lexer::{Lexeme, Token, is_name};
use super::parser::{Parser, Part};
use super::scope::built_in;
use super::tree::{FormatName, Named, Shape, Test, View};
use crate::format::{Format, FormatError};
use crate::formula::{Diagnostic, Literal, LiteralError, MAX_LITERAL_EXPONENT, Op, Span};
use std::sync::Arc;

/// How many bits the numbers of one text may take together.
const MAX_LITERAL_BITS: u64 = 1 << 30;

impl Parser<'_> {
    pub fn operand(&mut self, floor: usize, opener: Option<Lexeme>) -> Result<Part, Diagnostic> {
        let lexeme = self.next;
        match lexeme.token {
            Token::Number => {
                self.advance()?;
                let literal = self.literal(self.text(lexeme.span), lexeme.span)?;
                Ok(self.push(Shape::Number(literal), &[], lexeme.span))
            }
            Token::Name(symbol) => {
                self.advance()?;
                if self.at(Token::Open) {
                    let name = Named {
                        symbol,
                        span: lexeme.span,
                    };
                    let text = &**self.names.text(symbol);
                    return match View::find(text) {
                        Some(view) => self.view(name, view),
                        None if text == DERIVATIVE => self.derivative_of(name),
                        None => self.call(name),
                    };
                }
                Ok(self.push(Shape::Name(symbol), &[], lexeme.span))
            }
            Token::Open => {
                self.advance()?;
                let inner = self.expression(Some(lexeme))?;
                let end = self.close(lexeme)?;
                Ok(Part {
                    id: inner.id,
                    outer: lexeme.span.to(end),
                })
            }
            Token::Bar => {
                self.advance()?;
                let inner = self.expression(Some(lexeme))?;
                if !self.at(Token::Bar) {
                    return Err(self.unexpected(Some(lexeme)));
                }
                let span = lexeme.span.to(self.advance()?.span);
                Ok(self.push(Shape::Apply(Op::Abs), &[inner.id], span))
            }
            Token::If => self.conditional(),
            _ => Err(self.missing(floor, opener)),
        }
    }

    fn conditional(&mut self) -> Result<Part, Diagnostic> {
        let start = self.advance()?;
        let condition = self.expression(Some(start))?;
        self.word(Token::Then, start)?;
        let holds = self.expression(Some(start))?;
        self.word(Token::Else, start)?;
        let otherwise = self.expression(Some(start))?;
        let operands = [condition.id, holds.id, otherwise.id];
        let span = start.span.to(otherwise.outer);
        Ok(self.push(Shape::Apply(Op::Select), &operands, span))
    }

    fn word(&mut self, token: Token, start: Lexeme) -> Result<(), Diagnostic> {
        if self.at(token) {
            self.advance()?;
            return Ok(());
        }
        Err(self.without_word(token, start))
    }

    fn call(&mut self, name: Named) -> Result<Part, Diagnostic> {
        let opener = self.advance()?;
        let mut arguments = Vec::new();
        if !self.at(Token::Close) {
            loop {
                arguments.push(self.expression(Some(opener))?.id);
                if !self.at(Token::Comma) {
                    break;
                }
                self.advance()?;
            }
        }
        let end = self.close(opener)?;
        let span = name.span.to(end);
        let written = &**self.names.text(name.symbol);
        if let Some(test) = Test::find(written) {
            if arguments.len() != 1 {
                return Err(wrong_count(written, 1, arguments.len()).at(span));
            }
            return Ok(self.push(Shape::Test(test), &arguments, span));
        }
        let shape = match built_in(written) {
            None => Shape::Call(name.symbol, name.span),
            Some(row) if row.arity == arguments.len() => Shape::BuiltIn(row),
            Some(row) => {
                let error = wrong_count(written, row.arity, arguments.len()).at(span);
                return Err(error.help(format!("{written}: {}", row.meaning)));
            }
        };
        Ok(self.push(shape, &arguments, span))
    }

    /// `d(e, v)`, from the parenthesis on.
    fn derivative_of(&mut self, name: Named) -> Result<Part, Diagnostic> {
        const USAGE: &str = "write d(expression, variable), as in d(x^2, x)";
        let opener = self.advance()?;
        if self.at(Token::Close) {
            let span = name.span.to(self.next.span);
            let message = "`d` takes an expression and a variable";
            return Err(Diagnostic::new(message).at(span).help(USAGE));
        }
        let operand = self.expression(Some(opener))?;
        if self.at(Token::Close) {
            let message = "`d` takes a variable behind the expression";
            return Err(Diagnostic::new(message).at(self.next.span).help(USAGE));
        }
        if !self.at(Token::Comma) {
            return Err(self.unexpected(Some(opener)));
        }
        self.advance()?;
        let start = self.next;
        let Token::Name(symbol) = start.token else {
            // Read all of it, to say what it is.
            let by = self.expression(Some(opener))?;
            let message = format!("`{}` is not a variable", self.text(by.outer));
            return Err(Diagnostic::new(message).at(by.outer).help(USAGE));
        };
        self.advance()?;
        if self.at(Token::Comma) {
            let message = "`d` takes an expression and a variable, nothing more";
            let error = Diagnostic::new(message).at(self.next.span);
            return Err(error.help("for a second derivative write d(d(x^3, x), x)"));
        }
        if !self.at(Token::Close) && !self.at(Token::End) && !self.at(Token::Line) {
            let span = start.span.to(self.next.span);
            let message = "`d` differentiates by a variable, not by an expression";
            let error = Diagnostic::new(message).at(span);
            return Err(error.help("name the expression in a definition: u = …, then d(…, u)"));
        }
        let end = self.close(opener)?;
        let variable = Named {
            symbol,
            span: start.span,
        };
        let span = name.span.to(end);
        Ok(self.push(Shape::Derivative(variable), &[operand.id], span))
    }

    fn view(&mut self, name: Named, view: View) -> Result<Part, Diagnostic> {
        let opener = self.advance()?;
        let written = self.text(name.span);
        let usage = format!("write {written}(expression, format), as in {written}(x, f32)");
        if self.at(Token::Close) {
            let message = format!("`{written}` takes an expression and a format");
            let span = name.span.to(self.next.span);
            return Err(Diagnostic::new(message).at(span).help(usage));
        }
        let operand = self.expression(Some(opener))?;
        if self.at(Token::Close) {
            let message = format!("`{written}` takes a format behind the expression");
            return Err(Diagnostic::new(message).at(self.next.span).help(usage));
        }
        if !self.at(Token::Comma) {
            return Err(self.unexpected(Some(opener)));
        }
        // What follows the comma is not read as tokens.
        let place = self.lexer.raw();
        let comma = self.advance()?;
        if place.start == place.end {
            if self.at(Token::End) {
                return Err(self.unexpected(Some(opener)));
            }
            let message = "a format is missing behind the comma";
            return Err(Diagnostic::new(message).at(comma.span).help(usage));
        }
        let format = match self.text(place) {
            "F" => FormatName::Study,
            name => match precision_variable(name) {
                Some(variable) => {
                    let start = place.end - variable.len() as u32;
                    let symbol = self.names.intern(variable);
                    let span = Span { start, ..place };
                    self.precisions.push(Named { symbol, span });
                    FormatName::Precision(symbol, span)
                }
                None => FormatName::Fixed(format_at(name, place)?),
            },
        };
        if let FormatName::Fixed(format) = format
            && matches!(view, View::Cast | View::Round(_) | View::Ulp)
            && format.functions().is_some()
        {
            let message = format!("`{written}` rounds a number, it computes no functions");
            let plain = match view {
                View::Cast => format.storage(),
                _ => format.nearest(),
            };
            let help = format!("write {written}(…, {plain})");
            return Err(Diagnostic::new(message).at(place).help(help));
        }
        let shape = match view {
            View::Fl => Shape::Fl(format),
            View::Cast => Shape::Cast(format),
            View::Round(rounding) => {
                if let FormatName::Fixed(format) = format
                    && format != format.nearest()
                {
                    let message = format!("`{written}` says itself how it rounds");
                    let help = format!("write {written}(…, {})", format.nearest());
                    return Err(Diagnostic::new(message).at(place).help(help));
                }
                Shape::Round(format, rounding)
            }
            View::Error(unit) => Shape::Error(unit, format),
            View::Ulp => Shape::Ulp(format),
        };
        if self.at(Token::Comma) {
            let message = format!("`{written}` takes an expression and a format, nothing more");
            return Err(Diagnostic::new(message).at(self.next.span).help(usage));
        }
        let end = self.close(opener)?;
        Ok(self.push(shape, &[operand.id], name.span.to(end)))
    }

    /// Reads the parenthesis that closes `opener`.
    pub fn close(&mut self, opener: Lexeme) -> Result<Span, Diagnostic> {
        if !self.at(Token::Close) {
            return Err(self.unexpected(Some(opener)));
        }
        Ok(self.advance()?.span)
    }

    pub fn literal(&mut self, text: &str, span: Span) -> Result<Arc<Literal>, Diagnostic> {
        let literal = Literal::parse(text).map_err(|error| match error {
            LiteralError::Malformed(error) => Diagnostic::new(error.to_string()).at(span),
            LiteralError::OutOfRange => Diagnostic::new("this number's exponent is out of range")
                .at(span)
                .help(format!(
                    "powers of ten go to 10^±{MAX_LITERAL_EXPONENT}; write a greater one as a power, 10^…"
                )),
        })?;
        let value = literal.value();
        let bits = u64::from(value.numer().significant_bits())
            + u64::from(value.denom().significant_bits());
        self.literal_bits += bits;
        if self.literal_bits > MAX_LITERAL_BITS {
            let message = "the numbers of this text take too much memory";
            return Err(Diagnostic::new(message)
                .at(span)
                .help("write large powers of ten as 10^…"));
        }
        Ok(Arc::new(literal))
    }
}

/// The variable of `mpfr:p`.
fn precision_variable(format: &str) -> Option<&str> {
    let name = format.strip_prefix("mpfr:")?.trim_start();
    is_name(name).then_some(name)
}

/// Reads a format's name.
pub(super) fn format_at(name: &str, place: Span) -> Result<Format, Diagnostic> {
    name.parse().map_err(|error| {
        let FormatError { message, help } = error;
        Diagnostic {
            help,
            ..Diagnostic::new(message).at(place)
        }
    })
}
