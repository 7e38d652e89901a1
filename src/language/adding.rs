//! Definitions that a text adds to those that are there.

use super::claim_parser::ClaimTrees;
use super::parser::Parser;
use super::tree::{Named, Statement};
use super::{Declared, Definition, DefinitionId, Definitions};
use crate::formula::Diagnostic;
use std::sync::Arc;

impl Definitions {
    /// Adds a text's definitions; gives its claims.
    pub(super) fn add_text(
        &mut self,
        name: &str,
        text: &str,
        prelude: bool,
    ) -> Result<Vec<ClaimTrees>, Diagnostic> {
        let source = self.source(name, text)?;
        let (statements, claims) = Parser::new(text, source, &mut self.names)?.statements()?;
        let first = self.list.len();
        let first_derivative = self.derivatives.len();
        for statement in statements {
            if let Err(error) = self.add_statement(statement, prelude) {
                self.list.truncate(first);
                self.derivatives.truncate(first_derivative);
                self.user.retain(|_, id| id.index() < first);
                return Err(error);
            }
        }
        let grown = (self.list.len(), self.derivatives.len()) != (first, first_derivative);
        if !prelude && grown {
            // A new name may mean something to functions that were resolved.
            for definition in self.list.iter_mut().filter(|d| !d.prelude && !d.resolved) {
                definition.function = None;
            }
            for declared in self.derivatives.iter_mut().filter(|d| !d.prelude) {
                declared.compiled = None;
            }
            self.function_nodes = 0;
        }
        Ok(claims)
    }

    fn add_statement(&mut self, statement: Statement, prelude: bool) -> Result<(), Diagnostic> {
        match statement {
            Statement::Definition {
                name,
                parameters,
                body,
            } => {
                let scope = if prelude {
                    &mut self.prelude
                } else {
                    &mut self.user
                };
                let id = DefinitionId(self.list.len() as u32);
                if let Some(before) = scope.insert(name.symbol, id) {
                    scope.insert(name.symbol, before);
                    let first = self.list[before.index()].name;
                    return Err(self.again("is defined", name, first));
                }
                let symbols = |list: Vec<Named>| list.iter().map(|p| p.symbol).collect();
                self.list.push(Definition {
                    name,
                    parameters: parameters.map(symbols),
                    body: Arc::new(body),
                    prelude,
                    resolved: false,
                    active: false,
                    function: None,
                });
            }
            Statement::Derivative {
                function,
                parameters,
                wrt,
                body,
            } => {
                let before = self.derivatives.iter().find(|known| {
                    known.function.symbol == function.symbol
                        && known.wrt == wrt
                        && known.prelude == prelude
                });
                if let Some(before) = before {
                    return Err(self.again("has this derivative", function, before.function));
                }
                self.derivatives.push(Declared {
                    function,
                    wrt,
                    parameters: parameters.iter().map(|p| p.symbol).collect(),
                    body: Arc::new(body),
                    prelude,
                    active: false,
                    compiled: None,
                });
            }
        }
        Ok(())
    }

    /// The error for a second definition, which names the first one's place.
    fn again(&self, what: &str, second: Named, first: Named) -> Diagnostic {
        let source = first.span.source;
        let before = &self.sources.whole(source)[..first.span.start as usize];
        let line = before.matches('\n').count() + 1;
        let text = self.names.text(second.symbol);
        let place = self.sources.name(source);
        Diagnostic::new(format!(
            "`{text}` {what} already, at line {line} of {place}"
        ))
        .at(second.span)
    }
}
