//! From tokens to expressions.
//!
//! ```text
//! expression = prefix* operand superscript* [ test ] [ infix expression ]
//! test       = "in" interval | "~" [ "+" | "-" ] number
//! interval   = ( "[" | "(" ) expression "," expression ( "]" | ")" )
//! operand    = number | name | call | view | "(" expression ")" | "|" expression "|"
//!            | "if" expression "then" expression "else" expression
//! call       = name "(" [ expression { "," expression } ] ")"
//! view       = ("fl" | "cast" | "rn" | "rz" | "ru" | "rd" | "abserr" | "relerr"
//!            | "ulps" | "bits" | "ulp") "(" expression "," ( format | "F" | "mpfr:" name ) ")"
//!            | "d" "(" expression "," name ")"
//! number     = what a Numeral is [ "%" ]
//! ```
//!
//! How strongly operators bind, weakest first; all associate to the left but
//! where it says otherwise:
//!
//! ```text
//! iff
//! implies                       to the right
//! or
//! and
//! not                           prefix
//! < <= > >= == !=  ≤ ≥ ≠        a chain means both: a < b <= c is a < b and b <= c
//! in ~  ≈                       between the same, but in no chain
//! + -  −
//! * /  · × ÷
//! + -                           prefix: -x^2 is -(x^2)
//! ^ **                          to the right; the exponent may have a sign: 2^-3
//! √                             prefix: √2^2 is (√2)^2
//! ² ³ ⁻¹ …                      postfix
//! ```
//!
//! An `if` reaches as far to the right as it can. Operators wait on a stack,
//! so that only brackets, arguments and `if` nest.

use super::lexer::{Lexeme, Lexer, Token, superscript};
use super::tree::{ExprId, Named, Names, Shape, Tree};
use crate::formula::{Diagnostic, Op, SourceId, Span};

/// How deep brackets, arguments and `if` may nest. A level takes about a
/// kilobyte of stack.
pub const MAX_NESTING: usize = 500;

/// An operator that waits for its right operand.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    operator: Operator,
    pub binds: u8,
    pub span: Span,
}

#[derive(Clone, Debug)]
enum Operator {
    Infix(Shape),
    Prefix(Op),
    /// A sign that does nothing.
    Plus,
}

const IMPLIES: u8 = 2;
const NOT: u8 = 5;
pub(super) const COMPARISON: u8 = 6;
const SIGN: u8 = 9;
const POWER: u8 = 10;
const ROOT: u8 = 11;

pub(super) fn infix(token: Token) -> Option<(Shape, u8)> {
    let (op, binds) = match token {
        Token::Iff => return Some((Shape::Iff, 1)),
        Token::Implies => return Some((Shape::Implies, IMPLIES)),
        Token::Or => (Op::Or, 3),
        Token::And => (Op::And, 4),
        Token::Lt => (Op::Lt, COMPARISON),
        Token::Le => (Op::Le, COMPARISON),
        Token::Gt => (Op::Gt, COMPARISON),
        Token::Ge => (Op::Ge, COMPARISON),
        Token::EqEq => (Op::Eq, COMPARISON),
        Token::Ne => (Op::Ne, COMPARISON),
        Token::Plus => (Op::Add, 7),
        Token::Minus => (Op::Sub, 7),
        Token::Star => (Op::Mul, 8),
        Token::Slash => (Op::Div, 8),
        Token::Caret => (Op::Pow, POWER),
        _ => return None,
    };
    Some((Shape::Apply(op), binds))
}

fn prefix(token: Token) -> Option<(Operator, u8)> {
    match token {
        Token::Minus => Some((Operator::Prefix(Op::Neg), SIGN)),
        Token::Plus => Some((Operator::Plus, SIGN)),
        Token::Not => Some((Operator::Prefix(Op::Not), NOT)),
        Token::Root => Some((Operator::Prefix(Op::Sqrt), ROOT)),
        _ => None,
    }
}

/// An operand in the making: its place includes the parentheses around it,
/// which are not part of the expression's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub id: ExprId,
    pub outer: Span,
}

/// Whether `in ?` may stand where the parser is, and whether it did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Question {
    Refused,
    Allowed,
    Asked,
}

/// A place to come back to.
pub(super) struct Mark<'a> {
    lexer: Lexer<'a>,
    next: Lexeme,
    end: u32,
}

pub(super) struct Parser<'a> {
    pub lexer: Lexer<'a>,
    pub names: &'a mut Names,
    pub next: Lexeme,
    tree: Tree,
    pub waiting: Vec<Waiting>,
    pub parts: Vec<Part>,
    pub depth: usize,
    /// How many bits the numbers so far take.
    pub literal_bits: u64,
    /// The last operand that was read, to be named in messages.
    pub last: Option<Span>,
    /// Where what was read so far ends.
    pub end: u32,
    pub question: Question,
    /// The variables that stand in formats, `mpfr:p`.
    pub precisions: Vec<Named>,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, source: SourceId, names: &'a mut Names) -> Result<Self, Diagnostic> {
        let mut lexer = Lexer::new(text, source);
        let next = lexer.next(names)?;
        Ok(Parser {
            lexer,
            names,
            next,
            tree: Tree::default(),
            waiting: Vec::new(),
            parts: Vec::new(),
            depth: 0,
            literal_bits: 0,
            last: None,
            end: 0,
            question: Question::Refused,
            precisions: Vec::new(),
        })
    }

    pub fn text(&self, span: Span) -> &'a str {
        &self.lexer.text[span.start as usize..span.end as usize]
    }

    /// Goes on by one token; gives the one that was next.
    pub fn advance(&mut self) -> Result<Lexeme, Diagnostic> {
        let lexeme = self.next;
        self.next = self.lexer.next(self.names)?;
        self.end = lexeme.span.end;
        Ok(lexeme)
    }

    pub fn mark(&self) -> Mark<'a> {
        Mark {
            lexer: self.lexer.clone(),
            next: self.next,
            end: self.end,
        }
    }

    /// Goes back to where no expression was begun.
    pub fn back(&mut self, mark: Mark<'a>) {
        self.lexer = mark.lexer;
        self.next = mark.next;
        self.end = mark.end;
    }

    pub fn at(&self, token: Token) -> bool {
        self.next.token == token
    }

    /// Skips empty lines.
    pub fn skip_lines(&mut self) -> Result<(), Diagnostic> {
        while self.at(Token::Line) {
            self.advance()?;
        }
        Ok(())
    }

    /// A whole expression. What follows it is for the caller to judge.
    pub fn tree(&mut self) -> Result<Tree, Diagnostic> {
        self.tree_in(None)
    }

    /// The same, inside a bracket.
    pub fn tree_in(&mut self, opener: Option<Lexeme>) -> Result<Tree, Diagnostic> {
        self.last = None;
        self.expression(opener)?;
        Ok(std::mem::take(&mut self.tree))
    }

    pub fn expression(&mut self, opener: Option<Lexeme>) -> Result<Part, Diagnostic> {
        if self.depth == MAX_NESTING {
            return Err(
                Diagnostic::new(format!("brackets nest deeper than {MAX_NESTING}"))
                    .at(opener.map(|opener| opener.span))
                    .help("give parts of the formula a name"),
            );
        }
        self.depth += 1;
        let floor = self.waiting.len();
        loop {
            while let Some((operator, binds)) = prefix(self.next.token) {
                let span = self.advance()?.span;
                self.waiting.push(Waiting {
                    operator,
                    binds,
                    span,
                });
            }
            let part = self.operand(floor, opener)?;
            self.last = Some(part.outer);
            self.parts.push(part);
            while self.at(Token::Superscript) {
                self.superscript(floor)?;
            }
            if matches!(self.next.token, Token::In | Token::Near) && self.test(floor)? {
                break;
            }
            let Some((shape, binds)) = infix(self.next.token) else {
                break;
            };
            let right = binds == POWER || binds == IMPLIES || binds == COMPARISON;
            self.reduce_while(floor, |top| top > binds || (top == binds && !right));
            let span = self.advance()?.span;
            self.waiting.push(Waiting {
                operator: Operator::Infix(shape),
                binds,
                span,
            });
        }
        self.reduce_while(floor, |_| true);
        self.depth -= 1;
        Ok(self.parts.pop().expect("an expression leaves one operand"))
    }

    /// Makes nodes of the waiting operators that bind their operands.
    pub fn reduce_while(&mut self, floor: usize, binds: impl Fn(u8) -> bool) {
        while self.waiting.len() > floor {
            if !binds(self.waiting[self.waiting.len() - 1].binds) {
                break;
            }
            self.reduce(floor);
        }
    }

    fn reduce(&mut self, floor: usize) {
        let top = self.waiting.pop().expect("an operator waits");
        let right = self.parts.pop().expect("its operand is there");
        let part = match top.operator {
            Operator::Plus => Part {
                id: right.id,
                outer: top.span.to(right.outer),
            },
            Operator::Prefix(op) => {
                let span = top.span.to(right.outer);
                self.push(Shape::Apply(op), &[right.id], span)
            }
            Operator::Infix(shape) if top.binds == COMPARISON => {
                self.chain(floor, shape, right);
                return;
            }
            Operator::Infix(shape) => {
                let left = self.parts.pop().expect("both operands are there");
                self.push(shape, &[left.id, right.id], left.outer.to(right.outer))
            }
        };
        self.parts.push(part);
    }

    /// Makes a node of all comparisons that wait side by side.
    fn chain(&mut self, floor: usize, last: Shape, right: Part) {
        let mut shapes = vec![last];
        let mut parts = vec![right];
        while self.waiting.len() > floor {
            let Some(above) = self.waiting.pop_if(|top| top.binds == COMPARISON) else {
                break;
            };
            if let Operator::Infix(shape) = above.operator {
                shapes.push(shape);
            }
            parts.extend(self.parts.pop());
        }
        parts.extend(self.parts.pop());
        let mut whole: Option<Part> = None;
        for (pair, shape) in parts.windows(2).zip(shapes).rev() {
            let (left, right) = (pair[1], pair[0]);
            let one = self.push(shape, &[left.id, right.id], left.outer.to(right.outer));
            whole = Some(match whole {
                None => one,
                Some(before) => {
                    let span = before.outer.to(one.outer);
                    self.push(Shape::Apply(Op::And), &[before.id, one.id], span)
                }
            });
        }
        self.parts.extend(whole);
    }

    pub fn push(&mut self, shape: Shape, operands: &[ExprId], span: Span) -> Part {
        Part {
            id: self.tree.push(shape, operands, span),
            outer: span,
        }
    }

    fn superscript(&mut self, floor: usize) -> Result<(), Diagnostic> {
        self.reduce_while(floor, |top| top == ROOT);
        let span = self.advance()?.span;
        let digits: String = self.text(span).chars().filter_map(superscript).collect();
        let exponent = self.literal(&digits, span)?;
        let exponent = self.push(Shape::Number(exponent), &[], span);
        let base = self.parts.pop().expect("a base is there");
        let operands = [base.id, exponent.id];
        let part = self.push(Shape::Apply(Op::Pow), &operands, base.outer.to(span));
        self.parts.push(part);
        self.last = Some(part.outer);
        Ok(())
    }

    /// A name, or an error that says what it is for.
    pub fn name(&mut self, what: &str) -> Result<Named, Diagnostic> {
        match self.next.token {
            Token::Name(symbol) => {
                let span = self.advance()?.span;
                Ok(Named { symbol, span })
            }
            Token::End | Token::Line => {
                Err(Diagnostic::new(format!("{what} is missing")).at(self.here()))
            }
            _ => {
                let written = self.text(self.next.span);
                let message = format!("{what} is a name, which `{written}` is not");
                Err(Diagnostic::new(message).at(self.next.span))
            }
        }
    }
}
