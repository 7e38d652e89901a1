//! What compares with more than one number: `in [a, b]`, `~ 2.41`.

use super::lexer::{Lexeme, Token};
use super::parser::{COMPARISON, Parser, Part, Question, infix};
use super::tree::{Shape, Tree};
use crate::format::Numeral;
use crate::formula::{Diagnostic, Literal, Op, Span};
use rug::Integer;
use std::sync::Arc;

/// An interval with what its ends were read as.
pub(super) struct Interval<T> {
    pub lo: T,
    pub lo_open: bool,
    pub hi: T,
    pub hi_open: bool,
    /// From bracket to bracket.
    pub span: Span,
}

const INTERVAL: &str = "write [0, 1], with ( or ) at an end that is left out";

/// Literals with more bits than this keep the shorter text that they were made
/// with.
const DECIMAL_BITS: u32 = 1 << 12;

impl Parser<'_> {
    /// `in` or `~` with what stands right of it. Says whether the expression
    /// ends there, as it does behind `in ?`.
    pub fn test(&mut self, floor: usize) -> Result<bool, Diagnostic> {
        let operator = self.next;
        self.reduce_while(floor, |top| top > COMPARISON);
        let before = self.waiting[floor..].last();
        let chained = before.is_some_and(|top| top.binds == COMPARISON);
        let outermost = self.depth == 1 && self.waiting.is_empty();
        self.advance()?;
        if operator.token == Token::In && self.at(Token::Question) {
            if self.question == Question::Allowed && outermost {
                self.question = Question::Asked;
                self.advance()?;
                return Ok(true);
            }
            return Err(
                Diagnostic::new("`in ?` asks for the range of a whole claim")
                    .at(operator.span.to(self.next.span))
                    .help("it stands behind a claim's expression alone: claim: … in ?"),
            );
        }
        if chained {
            return Err(self.chained(operator));
        }
        let left = self.parts.pop().expect("a left operand is there");
        let part = match operator.token {
            Token::In => self.within(left)?,
            _ => self.near(left, operator)?,
        };
        self.last = Some(part.outer);
        self.parts.push(part);
        let next = infix(self.next.token).map(|(_, binds)| binds);
        if next == Some(COMPARISON) || matches!(self.next.token, Token::In | Token::Near) {
            return Err(self.chained(self.next));
        }
        if next.is_some_and(|binds| binds > COMPARISON) {
            let message = format!(
                "`{}` cannot follow `{}`, which gives true or false",
                self.text(self.next.span),
                self.text(part.outer)
            );
            return Err(Diagnostic::new(message).at(self.next.span));
        }
        Ok(false)
    }

    fn chained(&self, at: Lexeme) -> Diagnostic {
        let written = self.text(at.span);
        Diagnostic::new(format!("`{written}` is not part of a chain of comparisons"))
            .at(at.span)
            .help("join two comparisons by `and`, as in a < b and b in [0, 1]")
    }

    fn within(&mut self, left: Part) -> Result<Part, Diagnostic> {
        if !matches!(self.next.token, Token::Open | Token::OpenSquare) {
            return Err(self.no_interval(INTERVAL));
        }
        let end = |parser: &mut Self, opener| parser.expression(Some(opener));
        let interval = self.interval(end)?;
        let shape = Shape::Within(interval.lo_open, interval.hi_open);
        let operands = [left.id, interval.lo.id, interval.hi.id];
        Ok(self.push(shape, &operands, left.outer.to(interval.span)))
    }

    /// The error for anything but a range behind `in`.
    pub fn no_interval(&self, help: &str) -> Diagnostic {
        Diagnostic::new("a range is missing behind `in`")
            .at(self.here())
            .help(help)
    }

    /// Whether an interval begins here, and no expression: `[…`, or `(0, 1]`, unlike
    /// `(2 + 1)`.
    pub fn at_interval(&mut self) -> Result<bool, Diagnostic> {
        if !self.at(Token::Open) {
            return Ok(self.at(Token::OpenSquare));
        }
        let mark = self.mark();
        let opener = self.advance()?;
        self.tree_in(Some(opener))?;
        let comma = self.at(Token::Comma);
        self.back(mark);
        Ok(comma)
    }

    /// `[a, b]`, from the bracket on, with trees for its ends.
    pub fn interval_tree(&mut self) -> Result<Interval<Tree>, Diagnostic> {
        self.interval(|parser, opener| parser.tree_in(Some(opener)))
    }

    /// `[a, b]`, from the bracket on.
    pub fn interval<T>(
        &mut self,
        mut end: impl FnMut(&mut Self, Lexeme) -> Result<T, Diagnostic>,
    ) -> Result<Interval<T>, Diagnostic> {
        let opener = self.advance()?;
        let lo = end(self, opener)?;
        match self.next.token {
            Token::Comma => self.advance()?,
            Token::Close | Token::CloseSquare | Token::Dots => {
                return Err(
                    Diagnostic::new("a range has two ends, with a comma between")
                        .at(self.next.span)
                        .help(INTERVAL),
                );
            }
            _ => return Err(self.unexpected(Some(opener))),
        };
        let hi = end(self, opener)?;
        let hi_open = match self.next.token {
            Token::Close => true,
            Token::CloseSquare => false,
            Token::Comma => {
                return Err(Diagnostic::new("a range has two ends, nothing more")
                    .at(self.next.span)
                    .help(INTERVAL));
            }
            _ => return Err(self.unexpected(Some(opener))),
        };
        let closer = self.advance()?;
        Ok(Interval {
            lo,
            lo_open: opener.token == Token::Open,
            hi,
            hi_open,
            span: opener.span.to(closer.span),
        })
    }

    /// `~ 2.41`, from the number on: between the numbers that are half a unit
    /// of its last digit away.
    fn near(&mut self, left: Part, operator: Lexeme) -> Result<Part, Diagnostic> {
        let start = self.next.span;
        let mut negative = false;
        if let Token::Minus | Token::Plus = self.next.token {
            negative = self.advance()?.token == Token::Minus;
        }
        if !self.at(Token::Number) {
            return Err(self.no_numeral(operator, self.here()));
        }
        let number = self.advance()?.span;
        let binds = infix(self.next.token).map(|(_, binds)| binds);
        if self.at(Token::Superscript) || binds.is_some_and(|binds| binds > COMPARISON) {
            return Err(self.no_numeral(operator, start.to(self.next.span)));
        }
        // For the errors that a number may have.
        let text = self.text(number);
        self.literal(text, number)?;
        let body = text.trim_end_matches('%');
        let Ok(numeral) = Numeral::parse(body) else {
            return Err(self.no_numeral(operator, number));
        };
        // With one more digit, half a unit is 5; in base 2, where the power
        // goes down by one, it is 1.
        let (base, half) = if numeral.base == 2 { (2, 1) } else { (10, 5) };
        let digits = if negative {
            -numeral.digits
        } else {
            numeral.digits
        };
        let exponent = numeral.exponent.saturating_sub(1);
        let end = |parser: &mut Self, away: i32| {
            let digits = Integer::from(&digits * base) + away;
            let negative = digits.is_negative();
            let digits = digits.abs();
            let percent = &text[body.len()..];
            let written = match base {
                2 => format!("0x{digits:x}p{exponent}{percent}"),
                _ => format!("{digits}e{exponent}{percent}"),
            };
            let literal = parser.literal(&written, number)?;
            let value = literal.value();
            let bits = value.numer().significant_bits() + value.denom().significant_bits();
            let literal = match bits {
                0..DECIMAL_BITS => Arc::new(Literal::from_value(value.clone())),
                _ => literal,
            };
            let place = start.to(number);
            let end = parser.push(Shape::Number(literal), &[], place).id;
            // As it could be written: no number has a sign of its own.
            Ok(match negative {
                true => parser.push(Shape::Apply(Op::Neg), &[end], place).id,
                false => end,
            })
        };
        let lo = end(self, -half)?;
        let hi = end(self, half)?;
        let span = left.outer.to(number);
        Ok(self.push(Shape::Near, &[left.id, lo, hi], span))
    }

    fn no_numeral(&self, operator: Lexeme, span: Span) -> Diagnostic {
        let sign = self.text(operator.span);
        Diagnostic::new(format!(
            "right of `{sign}` stands a number as it is written, whose last digit says how near"
        ))
        .at(span)
        .help("write x ~ 2.41, or for two expressions |x - y| <= 0.005")
    }
}
