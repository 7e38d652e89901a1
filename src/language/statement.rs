//! From tokens to statements, to the bindings of a point and to ranges.
//!
//! ```text
//! definitions = { [ statement ] line-end }
//! statement   = name "=" expression
//!             | name "(" name { "," name } ")" "=" expression
//!             | name "'" "(" name ")" "=" expression
//!             | "d" "(" name "(" name { "," name } ")" "," name ")" "=" expression
//!             | claim
//! point       = [ name "=" value { "," name "=" value } ]
//! value       = expression | interval
//! ranges      = name "=" part { "," [ name "=" ] part }
//! part        = expression [ ".." expression [ ":" [ "x" ] expression ] ]
//! ```
//!
//! The third and the fourth form of a statement declare a function's derivative, by its
//! only parameter and by the one named last. Claims are `claim_parser`'s.

use super::DERIVATIVE;
use super::claim_parser::ClaimTrees;
use super::interval::Interval;
use super::lexer::{KEYWORDS, Token};
use super::messages::reserved;
use super::parser::Parser;
use super::scope::is_function;
use super::tree::{Named, Statement, Tree, View};
use crate::formula::Diagnostic;

/// The most parameters of a function.
const MAX_PARAMETERS: usize = 100;

const SHAPE: &str = "a definition reads `name = …` or `f(x, y) = …`";

impl Parser<'_> {
    /// One expression and nothing else.
    pub fn only_expression(&mut self) -> Result<Tree, Diagnostic> {
        self.skip_lines()?;
        if self.at(Token::End) {
            return Err(Diagnostic::new("the formula is empty").at(self.next.span));
        }
        let tree = self.tree()?;
        if self.at(Token::Line) {
            self.skip_lines()?;
            if !self.at(Token::End) {
                return Err(Diagnostic::new(
                    "one expression is expected; here begins another line",
                )
                .at(self.next.span)
                .help("an expression over several lines stands in parentheses"));
            }
        }
        if !self.at(Token::End) {
            return Err(self.unexpected(None));
        }
        Ok(tree)
    }

    /// One name and nothing else.
    pub fn only_name(&mut self) -> Result<Named, Diagnostic> {
        self.skip_lines()?;
        let name = self.name("a variable")?;
        self.skip_lines()?;
        if !self.at(Token::End) {
            let message = "a variable is one name";
            let error = Diagnostic::new(message).at(self.next.span);
            return Err(error.help("name an expression in a definition: u = …"));
        }
        Ok(name)
    }

    /// A text of definitions and claims.
    pub fn statements(&mut self) -> Result<(Vec<Statement>, Vec<ClaimTrees>), Diagnostic> {
        let (mut list, mut claims) = (Vec::new(), Vec::new());
        loop {
            self.skip_lines()?;
            if self.at(Token::End) {
                return Ok((list, claims));
            }
            match self.next.token {
                Token::Claim => claims.push(self.claim()?),
                _ => list.push(self.statement()?),
            }
            if self.at(Token::Claim) {
                let message = "a claim begins a line of its own";
                return Err(Diagnostic::new(message).at(self.next.span));
            }
            if !self.at(Token::Line) && !self.at(Token::End) {
                return Err(self.unexpected(None));
            }
        }
    }

    fn statement(&mut self) -> Result<Statement, Diagnostic> {
        let Token::Name(symbol) = self.next.token else {
            let written = self.text(self.next.span);
            if KEYWORDS.iter().any(|(word, _)| *word == written) {
                return Err(reserved(written, self.next.span));
            }
            let message = format!("a definition begins with a name, which `{written}` is not");
            return Err(Diagnostic::new(message).at(self.next.span).help(SHAPE));
        };
        let span = self.advance()?.span;
        let name = Named { symbol, span };
        match self.next.token {
            Token::Equals => {
                self.definable(name, false)?;
                Ok(Statement::Definition {
                    name,
                    parameters: None,
                    body: self.right_side()?,
                })
            }
            Token::Prime => {
                self.advance()?;
                let parameters = self.parameters()?;
                if let Some(second) = parameters.get(1) {
                    let name = self.text(name.span);
                    return Err(Diagnostic::new(format!(
                        "`{name}'` of several parameters does not say by which it is"
                    ))
                    .at(second.span)
                    .help(format!("write d({name}(x, y), y) = …")));
                }
                Ok(Statement::Derivative {
                    function: name,
                    parameters,
                    wrt: 0,
                    body: self.right_side()?,
                })
            }
            Token::Open => {
                let parameters = if self.text(name.span) == DERIVATIVE {
                    let opener = self.advance()?;
                    let function = self.name("the function to derive")?;
                    if self.at(Token::Open) {
                        return self.derivative(function, opener);
                    }
                    return Err(self.undefinable(name, "a view"));
                } else {
                    self.parameters()?
                };
                self.definable(name, true)?;
                Ok(Statement::Definition {
                    name,
                    parameters: Some(parameters),
                    body: self.right_side()?,
                })
            }
            _ => Err(self.no_equals_sign()),
        }
    }

    /// The rest of `d(f(x, y), y) = …`, from the inner parenthesis on.
    fn derivative(
        &mut self,
        function: Named,
        opener: super::lexer::Lexeme,
    ) -> Result<Statement, Diagnostic> {
        let parameters = self.parameters()?;
        if !self.at(Token::Comma) {
            return Err(Diagnostic::new("a declared derivative names a parameter")
                .at(self.next.span)
                .help("write d(f(x, y), y) = …"));
        }
        self.advance()?;
        let by = self.name("a parameter")?;
        self.close(opener)?;
        let wrt = parameters.iter().position(|p| p.symbol == by.symbol);
        let Some(wrt) = wrt else {
            let (function, by_name) = (self.text(function.span), self.text(by.span));
            let message = format!("`{by_name}` is no parameter of `{function}` here");
            let names: Vec<&str> = parameters.iter().map(|p| self.text(p.span)).collect();
            return Err(Diagnostic::new(message)
                .at(by.span)
                .help(format!("its parameters are {}", names.join(", "))));
        };
        Ok(Statement::Derivative {
            function,
            parameters,
            wrt,
            body: self.right_side()?,
        })
    }

    /// `(x, y)`.
    fn parameters(&mut self) -> Result<Vec<Named>, Diagnostic> {
        if !self.at(Token::Open) {
            return Err(Diagnostic::new("the parameters are missing")
                .at(self.here())
                .help("write f'(x) = …"));
        }
        let opener = self.advance()?;
        if self.at(Token::Close) {
            return Err(Diagnostic::new("a function has a parameter at least")
                .at(opener.span.to(self.next.span))
                .help("for a value write name = …"));
        }
        let mut list: Vec<Named> = Vec::new();
        loop {
            let parameter = self.name("a parameter")?;
            self.definable(parameter, false)?;
            if list.iter().any(|known| known.symbol == parameter.symbol) {
                let name = self.text(parameter.span);
                let message = format!("the parameter `{name}` stands here twice");
                return Err(Diagnostic::new(message).at(parameter.span));
            }
            list.push(parameter);
            if list.len() > MAX_PARAMETERS {
                let message = format!("a function has at most {MAX_PARAMETERS} parameters");
                return Err(Diagnostic::new(message).at(parameter.span));
            }
            match self.next.token {
                Token::Comma => self.advance()?,
                Token::Close => break,
                Token::End | Token::Line => return Err(self.unexpected(Some(opener))),
                _ => {
                    let written = self.text(self.next.span);
                    let message = format!("parameters are names alone; `{written}` is too much");
                    return Err(Diagnostic::new(message).at(self.next.span).help(SHAPE));
                }
            };
        }
        self.close(opener)?;
        Ok(list)
    }

    fn right_side(&mut self) -> Result<Tree, Diagnostic> {
        if !self.at(Token::Equals) {
            return Err(self.no_equals_sign());
        }
        self.advance()?;
        self.tree()
    }

    fn no_equals_sign(&self) -> Diagnostic {
        let error = Diagnostic::new("`=` is missing here").at(self.here());
        match self.next.token {
            Token::EqEq => {
                Diagnostic::new("`==` compares; a definition has one `=`").at(self.here())
            }
            _ => error.help(SHAPE),
        }
    }

    /// Refuses the names that have their meaning for good. A value may have a
    /// view's name, since only a call is a view.
    pub fn definable(&self, name: Named, function: bool) -> Result<(), Diagnostic> {
        let text = &**self.names.text(name.symbol);
        if is_function(text) {
            return Err(self.undefinable(name, "a built-in function"));
        }
        if function && (View::find(text).is_some() || text == DERIVATIVE) {
            return Err(self.undefinable(name, "a view"));
        }
        Ok(())
    }

    fn undefinable(&self, name: Named, what: &str) -> Diagnostic {
        let text = self.text(name.span);
        Diagnostic::new(format!("`{text}` is {what}; it cannot be defined"))
            .at(name.span)
            .help("choose another name")
    }

    /// The bindings of a point, or of a box.
    pub fn bindings(&mut self) -> Result<Vec<(Named, BindingTree)>, Diagnostic> {
        let mut list: Vec<(Named, BindingTree)> = Vec::new();
        self.skip_lines()?;
        if self.at(Token::End) {
            return Ok(list);
        }
        loop {
            self.skip_lines()?;
            let name = self.name("a variable")?;
            if list.iter().any(|(known, _)| known.symbol == name.symbol) {
                let text = self.text(name.span);
                let message = format!("`{text}` has a value already");
                return Err(Diagnostic::new(message).at(name.span));
            }
            if !self.at(Token::Equals) {
                let text = self.text(name.span);
                return Err(Diagnostic::new(format!("`{text}` has no value"))
                    .at(self.here())
                    .help(format!("write {text}=…, as in {text}=0.5")));
            }
            self.advance()?;
            let value = match self.at_interval()? {
                true => BindingTree::Interval(self.interval_tree()?),
                false => BindingTree::Number(self.tree()?),
            };
            list.push((name, value));
            self.skip_lines()?;
            match self.next.token {
                Token::Comma => self.advance()?,
                Token::End => return Ok(list),
                Token::Equals => {
                    return Err(Diagnostic::new("a value has one `=`")
                        .at(self.next.span)
                        .help("separate several variables by commas: z=50, y=0"));
                }
                Token::Name(_) => {
                    let written = self.text(self.next.span);
                    let message = format!("a comma is missing before `{written}`");
                    return Err(Diagnostic::new(message)
                        .at(self.next.span)
                        .help("separate several variables by commas: z=50, y=0"));
                }
                _ => return Err(self.unexpected(None)),
            };
        }
    }

    /// The ranges of variables.
    pub fn ranges(&mut self) -> Result<Vec<(Named, Vec<RangeTrees>)>, Diagnostic> {
        const SHAPE: &str = "write z=0..60:5, z=1e-6..1:x10 or z=1,2,5";
        let mut list: Vec<(Named, Vec<RangeTrees>)> = Vec::new();
        self.skip_lines()?;
        if self.at(Token::End) {
            return Err(Diagnostic::new("the range is empty").help(SHAPE));
        }
        loop {
            self.skip_lines()?;
            if list.is_empty() || self.begins_binding() {
                let name = self.name("a variable")?;
                let text = self.text(name.span);
                if list.iter().any(|(known, _)| known.symbol == name.symbol) {
                    let message = format!("`{text}` has a range already");
                    return Err(Diagnostic::new(message)
                        .at(name.span)
                        .help(format!("write all its values behind one `{text}=`")));
                }
                if !self.at(Token::Equals) {
                    return Err(Diagnostic::new(format!("`{text}` has no range"))
                        .at(self.here())
                        .help(SHAPE));
                }
                self.advance()?;
                list.push((name, Vec::new()));
            }
            let item = self.range_item(SHAPE)?;
            if let Some((_, items)) = list.last_mut() {
                items.push(item);
            }
            self.skip_lines()?;
            match self.next.token {
                Token::Comma => self.advance()?,
                Token::End => return Ok(list),
                Token::Equals => {
                    return Err(Diagnostic::new("a range has one `=`")
                        .at(self.next.span)
                        .help("separate several variables by commas: z=0..60:5, w=1..2:1/2"));
                }
                _ => return Err(self.unexpected(None)),
            };
        }
    }

    /// Whether `name =` comes next.
    fn begins_binding(&self) -> bool {
        let behind = self.lexer.text[self.next.span.end as usize..].trim_start();
        matches!(self.next.token, Token::Name(_))
            && behind.starts_with('=')
            && !behind.starts_with("==")
    }

    /// `a`, `a..b`, `a..b:step` or `a..b:xfactor`.
    fn range_item(&mut self, shape: &str) -> Result<RangeTrees, Diagnostic> {
        let end = |parser: &mut Self, what: &str| {
            parser.skip_lines()?;
            if matches!(
                parser.next.token,
                Token::End | Token::Dots | Token::Colon | Token::Comma
            ) {
                return Err(Diagnostic::new(format!("{what} is missing here"))
                    .at(parser.here())
                    .help(shape));
            }
            parser.tree()
        };
        let from = end(self, "a value")?;
        if !self.at(Token::Dots) {
            if self.at(Token::Colon) {
                return Err(
                    Diagnostic::new("a step needs a range before it, from..to:step")
                        .at(self.next.span)
                        .help(shape),
                );
            }
            return Ok(RangeTrees {
                from,
                to: None,
                step: None,
            });
        }
        self.advance()?;
        let to = end(self, "the range's end")?;
        let step = if self.at(Token::Colon) {
            let times = self.lexer.times();
            self.advance()?;
            Some((times, end(self, "the step")?))
        } else {
            None
        };
        Ok(RangeTrees {
            from,
            to: Some(to),
            step,
        })
    }
}

/// What a variable of a point, or of a box, is given.
pub(super) enum BindingTree {
    Number(Tree),
    Interval(Interval<Tree>),
}

/// The expressions of a range's part.
pub(super) struct RangeTrees {
    pub from: Tree,
    pub to: Option<Tree>,
    /// Whether it multiplies, and by what.
    pub step: Option<(bool, Tree)>,
}
