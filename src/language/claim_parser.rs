//! From tokens to claims.
//!
//! ```text
//! claim      = "claim" [ text ] [ verdict ] ":" body
//! verdict    = "proved" | "refuted" | "undecided" | "undefined"
//! body       = expression [ "in" "?" ] [ "where" value { "," value } ]
//!              [ "for" quantifier { "," quantifier } ]
//! value      = name "=" expression
//! quantifier = name [ ":" format ] [ "in" ( interval | expression ".." expression ) ]
//! ```
//!
//! Lines may end behind the colon, before `where` and `for`, and behind their
//! commas.

use super::claim::ClaimVerdict;
use super::interval::Interval;
use super::lexer::Token;
use super::messages::reserved;
use super::operand::format_at;
use super::parser::{Parser, Question};
use super::resolve::no_precision;
use super::scope::nearest;
use super::tree::{Named, Symbol, Tree};
use crate::format::Format;
use crate::formula::{Diagnostic, Span};
use std::collections::HashMap;

/// A claim as it was read.
pub(super) struct ClaimTrees {
    pub title: Option<String>,
    pub verdict: Option<ClaimVerdict>,
    /// The body.
    pub span: Span,
    pub body: Tree,
    pub is_range: bool,
    pub values: Vec<(Named, Tree)>,
    pub variables: Vec<(Named, OverTrees)>,
    /// The variables that stand in formats.
    pub precisions: Vec<Symbol>,
}

/// What a variable goes through, as it was read.
pub(super) enum OverTrees {
    Reals(Option<Interval<Tree>>),
    Floats(Format, Option<Interval<Tree>>),
    Integers(Tree, Tree),
}

const FORM: &str = "a claim reads `claim \"title\": predicate`, or with a verdict \
                    `claim \"title\" refuted: predicate`";
const RANGE: &str = "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, \
                     n in 2..400 for integers";

impl Parser<'_> {
    /// One claim and nothing else, with its head or without.
    pub fn only_claim(&mut self) -> Result<ClaimTrees, Diagnostic> {
        self.skip_lines()?;
        if self.at(Token::End) {
            return Err(Diagnostic::new("the claim is empty").at(self.next.span));
        }
        let claim = self.claim()?;
        self.skip_lines()?;
        if !self.at(Token::End) {
            let message = "one claim is expected; here begins another line";
            return Err(Diagnostic::new(message)
                .at(self.next.span)
                .help("an expression over several lines stands in parentheses"));
        }
        Ok(claim)
    }

    /// A claim, to the end of its last line.
    pub fn claim(&mut self) -> Result<ClaimTrees, Diagnostic> {
        let (title, verdict) = match self.next.token {
            Token::Claim => self.head()?,
            _ => (None, None),
        };
        self.skip_lines()?;
        let start = self.next.span;
        self.precisions.clear();
        self.question = Question::Allowed;
        let body = self.tree()?;
        let is_range = self.question == Question::Asked;
        self.question = Question::Refused;
        let mut names = HashMap::new();
        self.skip_lines_to_clause()?;
        let values = match self.next.token {
            Token::Where => self.values(&mut names)?,
            _ => Vec::new(),
        };
        self.skip_lines_to_clause()?;
        // A variable's range may depend on no precision.
        let precisions = std::mem::take(&mut self.precisions);
        let variables = match self.next.token {
            Token::For => self.variables(&mut names)?,
            _ => Vec::new(),
        };
        self.skip_lines_to_clause()?;
        if !self.at(Token::Line) && !self.at(Token::End) {
            return Err(self.behind_claim(is_range, !values.is_empty(), !variables.is_empty()));
        }
        for variable in &precisions {
            if names.get(&variable.symbol) != Some(&Local::Integer) {
                let name = self.names.text(variable.symbol);
                return Err(no_precision(name, variable.span));
            }
        }
        Ok(ClaimTrees {
            title,
            verdict,
            span: Span {
                end: self.end,
                ..start
            },
            body,
            is_range,
            values,
            variables,
            precisions: precisions.iter().map(|variable| variable.symbol).collect(),
        })
    }

    /// The title and the verdict.
    fn head(&mut self) -> Result<(Option<String>, Option<ClaimVerdict>), Diagnostic> {
        let word = self.advance()?;
        if self.at(Token::Equals) {
            return Err(reserved(self.text(word.span), word.span));
        }
        let title = match self.next.token {
            Token::Text => {
                let span = self.advance()?.span;
                Some(self.title(span)?)
            }
            _ => None,
        };
        let mut verdict = None;
        if let Token::Name(_) = self.next.token {
            let span = self.next.span;
            let written = self.text(span);
            verdict = ClaimVerdict::find(written);
            if verdict.is_some() {
                self.advance()?;
            } else if let Some(error) = self.no_verdict(written, span) {
                return Err(error);
            }
        }
        if !self.at(Token::Colon) {
            let help = match self.next.token {
                Token::Prime => "a title stands in double quotation marks",
                _ => FORM,
            };
            return Err(Diagnostic::new("`:` is missing before what is claimed")
                .at(self.here())
                .help(help));
        }
        self.advance()?;
        Ok((title, verdict))
    }

    /// The error for a word that should be a verdict, if it was meant as one.
    fn no_verdict(&self, written: &str, span: Span) -> Option<Diagnostic> {
        let known = ClaimVerdict::ALL.map(ClaimVerdict::word);
        let near = nearest(&written.to_lowercase(), known.into_iter());
        let behind = self.lexer.text[span.end as usize..].trim_start();
        if near.is_none() && !behind.starts_with(':') {
            return None;
        }
        let error = Diagnostic::new(format!("`{written}` is no verdict")).at(span);
        Some(error.help(match near {
            Some(near) => format!("did you mean {near}?"),
            None => format!("the verdicts are {}", known.join(", ")),
        }))
    }

    /// A title without its quotation marks.
    fn title(&self, span: Span) -> Result<String, Diagnostic> {
        let whole = self.text(span);
        let mut title = String::new();
        let mut characters = whole.char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            if c != '\\' {
                title.push(c);
                continue;
            }
            match characters.next() {
                Some((_, c @ ('"' | '\\' | '”'))) => title.push(c),
                next => {
                    let c = next.map_or('\\', |(_, c)| c);
                    let start = span.start + at as u32;
                    let place = Span {
                        start,
                        end: start + 1 + c.len_utf8() as u32,
                        ..span
                    };
                    let message = format!("`\\{}` has no meaning in a title", c.escape_debug());
                    return Err(Diagnostic::new(message)
                        .at(place)
                        .help("write \\\\ for a backslash, \\\" for a quotation mark"));
                }
            }
        }
        title.pop();
        Ok(title)
    }

    /// Goes over the ends of lines if `where` or `for` follows.
    fn skip_lines_to_clause(&mut self) -> Result<(), Diagnostic> {
        if self.at(Token::Line) {
            let mark = self.mark();
            // What is wrong in the next line is said where that is read.
            let clause =
                self.skip_lines().is_ok() && matches!(self.next.token, Token::Where | Token::For);
            if !clause {
                self.back(mark);
            }
        }
        Ok(())
    }

    /// `where w = 0.8, x = 62.5`.
    fn values(
        &mut self,
        names: &mut HashMap<Symbol, Local>,
    ) -> Result<Vec<(Named, Tree)>, Diagnostic> {
        self.advance()?;
        let mut list = Vec::new();
        loop {
            self.skip_lines()?;
            let name = self.name("the name of a value")?;
            self.definable(name, false)?;
            let text = self.text(name.span);
            if names.insert(name.symbol, Local::Value).is_some() {
                let message = format!("`{text}` has a value already");
                return Err(Diagnostic::new(message).at(name.span));
            }
            if !self.at(Token::Equals) {
                return Err(Diagnostic::new(format!("`{text}` has no value"))
                    .at(self.here())
                    .help(match self.next.token {
                        Token::EqEq => format!("a value is given by one `=`: where {text} = 0.5"),
                        _ => format!("write where {text} = 0.5"),
                    }));
            }
            self.advance()?;
            list.push((name, self.tree()?));
            if !self.another("a value", "where x = 1, y = 2")? {
                return Ok(list);
            }
        }
    }

    /// `for x in [0, 1], y : f32`.
    fn variables(
        &mut self,
        names: &mut HashMap<Symbol, Local>,
    ) -> Result<Vec<(Named, OverTrees)>, Diagnostic> {
        self.advance()?;
        let mut list = Vec::new();
        loop {
            self.skip_lines()?;
            let name = self.name("a variable")?;
            self.definable(name, false)?;
            let text = self.text(name.span);
            let over = self.over(text)?;
            let local = match over {
                OverTrees::Integers(..) => Local::Integer,
                _ => Local::Other,
            };
            match names.insert(name.symbol, local) {
                None => {}
                Some(Local::Value) => {
                    let message = format!("`{text}` has a value behind `where` already");
                    return Err(Diagnostic::new(message).at(name.span));
                }
                Some(_) => {
                    let message = format!("the variable `{text}` stands here twice");
                    return Err(Diagnostic::new(message).at(name.span));
                }
            }
            list.push((name, over));
            if !self.another("a variable", "for x in [0, 1], y in [0, 1]")? {
                return Ok(list);
            }
        }
    }

    /// Variables and sets of floats, `z=f32, y : f16 in [0, 1]`, or intervals,
    /// to the end of the text.
    pub fn sets(&mut self) -> Result<Vec<(Named, OverTrees)>, Diagnostic> {
        let mut list = Vec::new();
        loop {
            self.skip_lines()?;
            let name = self.name("a variable")?;
            self.definable(name, false)?;
            let text = self.text(name.span);
            let over = match self.next.token {
                Token::Equals => {
                    let format = self.set_of_floats(text)?;
                    self.interval_of(text, Some(format))?
                }
                _ => self.over(text)?,
            };
            list.push((name, over));
            if !self.another("a variable", "z=f32, y=f16")? {
                break;
            }
        }
        self.skip_lines()?;
        if self.at(Token::End) {
            return Ok(list);
        }
        Err(Diagnostic::new("a comma or the end is expected here")
            .at(self.next.span)
            .help("write z=f32, or z=f32 in [1, 4]"))
    }

    /// Whether a comma continues a list.
    fn another(&mut self, what: &str, form: &str) -> Result<bool, Diagnostic> {
        match self.next.token {
            Token::Comma => {
                self.advance()?;
                Ok(true)
            }
            Token::Name(_) => {
                let written = self.text(self.next.span);
                let message = format!("a comma is missing before `{written}`");
                Err(Diagnostic::new(message).at(self.next.span).help(format!(
                    "{what} ends with a comma where another follows: {form}"
                )))
            }
            _ => Ok(false),
        }
    }

    /// What a variable goes through.
    fn over(&mut self, name: &str) -> Result<OverTrees, Diagnostic> {
        let format = match self.next.token {
            Token::Colon => Some(self.set_of_floats(name)?),
            _ => None,
        };
        self.interval_of(name, format)
    }

    /// The part that a variable goes through, of a format's floats or of the reals.
    fn interval_of(&mut self, name: &str, format: Option<Format>) -> Result<OverTrees, Diagnostic> {
        if !self.at(Token::In) {
            return Ok(match format {
                Some(format) => OverTrees::Floats(format, None),
                None => OverTrees::Reals(None),
            });
        }
        self.advance()?;
        let is_interval = match self.next.token {
            // (0, 1], or (2 + 1)..9.
            Token::OpenSquare | Token::Open => self.at_interval()?,
            Token::Question => {
                let message = "`?` stands behind a claim's expression, not behind a variable";
                return Err(Diagnostic::new(message).at(self.next.span).help(RANGE));
            }
            Token::End | Token::Line | Token::Comma | Token::For | Token::Where | Token::Claim => {
                return Err(self.no_interval(RANGE));
            }
            _ => false,
        };
        if is_interval {
            let interval = self.interval_tree()?;
            return Ok(match format {
                Some(format) => OverTrees::Floats(format, Some(interval)),
                None => OverTrees::Reals(Some(interval)),
            });
        }
        let from = self.tree()?;
        if !self.at(Token::Dots) {
            let message = "a range has two ends; here stands one number";
            return Err(Diagnostic::new(message).at(from.root().span).help(RANGE));
        }
        let dots = self.advance()?;
        let to = self.tree()?;
        if self.at(Token::Colon) {
            let message = "the integers of a claim have no step: it is about all of them";
            return Err(Diagnostic::new(message).at(self.next.span));
        }
        if let Some(format) = format {
            let message = "`..` stands between integers, not between floats";
            return Err(Diagnostic::new(message)
                .at(dots.span)
                .help(format!("write {name} : {format} in [a, b]")));
        }
        Ok(OverTrees::Integers(from, to))
    }

    /// `: f32`.
    fn set_of_floats(&mut self, name: &str) -> Result<Format, Diagnostic> {
        let place = self.lexer.raw_to_word();
        let colon = self.advance()?;
        if place.start == place.end {
            return Err(Diagnostic::new("a format is missing behind the colon")
                .at(colon.span)
                .help(format!("write {name} : f32")));
        }
        self.end = place.end;
        let written = self.text(place);
        let uncountable = || {
            Diagnostic::new("the numbers of mpfr cannot be counted")
                .at(place)
                .help(format!(
                    "write {name} : f64, or {name} in [0, 1] for real numbers"
                ))
        };
        if written.to_lowercase().starts_with("mpfr:") {
            return Err(uncountable());
        }
        if written == "F" {
            let message = "`F` is the arithmetic of a threshold's row; it has no meaning here";
            return Err(Diagnostic::new(message)
                .at(place)
                .help(format!("write {name} : f32")));
        }
        let format = format_at(written, place)?;
        if format != format.nearest() {
            let plain = format.nearest();
            return Err(Diagnostic::new("a set of numbers has no rounding")
                .at(place)
                .help(format!("write {name} : {plain}")));
        }
        Ok(format)
    }

    /// The error where something follows a claim.
    fn behind_claim(&self, is_range: bool, values: bool, variables: bool) -> Diagnostic {
        let next = self.next;
        let written = self.text(next.span);
        let error = |message: &str| Diagnostic::new(message).at(next.span);
        match next.token {
            Token::Where if variables => error("`where` stands before `for`"),
            Token::Where => error("one `where` gives all values").help("where x = 1, y = 2"),
            Token::For => error("one `for` has all variables").help("for x in [0, 1], y in [0, 1]"),
            Token::Equals if variables => error("a variable behind `for` has a range, not a value")
                .help("values stand behind `where`: where x = 1"),
            Token::Claim => error("a claim begins a line of its own"),
            _ if is_range && !values && !variables => {
                let message = format!("`{written}` cannot follow `in ?`");
                error(&message).help("behind it stand only `where` and `for`")
            }
            _ if variables => {
                let message = format!("`{written}` cannot follow the range of a variable");
                error(&message).help(RANGE)
            }
            _ => self.unexpected(None),
        }
    }
}

/// What a claim's own name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Local {
    Value,
    Integer,
    Other,
}
