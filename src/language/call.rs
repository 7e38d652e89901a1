//! Calls: what a function's name means, and its resolved body.

use super::resolve::Graph;
use super::tree::Named;
use super::{Compiled, DefinitionId, Definitions};
use crate::formula::{Diagnostic, Function, Kind, MAX_CALL_DEPTH, MAX_NODES, NodeId, Op, Span};
use std::sync::Arc;

impl Graph<'_> {
    /// The operation that calls a function that was defined.
    pub fn call(
        &mut self,
        name: Named,
        whole: Span,
        given: usize,
        (prelude, in_body): (bool, bool),
    ) -> Result<(Op, Kind), Diagnostic> {
        let definitions = &*self.definitions;
        let Named {
            symbol,
            span: place,
        } = name;
        let name = &**definitions.names.text(symbol);
        let (wanted, usage) = if self.parameter(symbol, in_body).is_some()
            || (!prelude && definitions.scope.is_variable(symbol))
        {
            return Err(no_function(name, place));
        } else if let Some(id) = definitions.look_up(symbol, prelude) {
            let definition = &definitions.list[id.index()];
            let Some(parameters) = &definition.parameters else {
                return Err(no_function(name, place));
            };
            if parameters.len() == given {
                self.check_cycle(id, place)?;
                let (index, kind) = self.function(id)?;
                return Ok((Op::Call(index), kind));
            }
            let usage = format!("it is defined as {}", definitions.signature(id));
            (parameters.len(), usage)
        } else if definitions.constant_at(symbol, prelude).is_some() {
            return Err(no_function(name, place));
        } else {
            let error = definitions.unknown_function(name, place);
            return Err(match error.help {
                None => error.help(format!("for a product write {name}*(…)")),
                Some(_) => error,
            });
        };
        Err(wrong_count(name, wanted, given).at(whole).help(usage))
    }

    /// The index of a function in this graph; resolves it where that is not
    /// done yet.
    pub fn function(&mut self, id: DefinitionId) -> Result<(u32, Kind), Diagnostic> {
        let place = self.definitions.list[id.index()].name.span;
        let compiled = match self.definitions.compiled(id) {
            Some(compiled) => compiled.clone(),
            None => {
                let compiled = self.compile(id)?;
                self.definitions.keep(id, compiled.clone());
                compiled
            }
        };
        self.depth = self.depth.max(compiled.depth + 1);
        if self.depth > MAX_CALL_DEPTH {
            return Err(too_deep(place));
        }
        let body = &compiled.function.body;
        let kind = body.kind(body.root());
        Ok((self.builder.function(&compiled.function), kind))
    }

    fn compile(&mut self, id: DefinitionId) -> Result<Compiled, Diagnostic> {
        let definition = &self.definitions.list[id.index()];
        let name = definition.name;
        if self.outer == MAX_CALL_DEPTH {
            return Err(too_deep(name.span));
        }
        let (body, prelude) = (definition.body.clone(), definition.prelude);
        let parameters = definition.parameters.clone().unwrap_or_default();
        self.definitions.enter(id);
        let mut graph = Graph::new(self.definitions, &parameters, self.outer + 1);
        let (root, _) = graph.expression(body, None, prelude)?;
        graph.check_absent()?;
        let nodes = graph.builder.len();
        let text = graph.definitions.names.text(name.symbol).to_string();
        let compiled = graph.finish(root, text, prelude);
        self.definitions.leave();
        self.definitions.function_nodes += nodes;
        if self.definitions.function_nodes > MAX_NODES {
            let message = format!("all functions together have more than {MAX_NODES} operations");
            return Err(Diagnostic::new(message).at(name.span));
        }
        Ok(compiled)
    }

    /// This graph, from a root, as the function whose body it is.
    pub fn finish(self, root: NodeId, name: String, prelude: bool) -> Compiled {
        let names = &self.definitions.names;
        let parameters = self.parameters.iter().map(|&p| names.text(p).to_string());
        let function = Arc::new(Function {
            name,
            parameters: parameters.collect(),
            prelude,
            body: self.builder.finish(root, self.definitions.sources.clone()),
        });
        Compiled {
            function,
            depth: self.depth,
        }
    }
}

impl Definitions {
    pub(super) fn unknown_function(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::new(format!("there is no function `{name}`")).at(span);
        match self.nearest_function(name) {
            Some(near) => error.help(format!("did you mean {near}?")),
            None => error,
        }
    }

    /// `f(x, y)`.
    pub(super) fn signature(&self, id: DefinitionId) -> String {
        let definition = &self.list[id.index()];
        let name = self.names.text(definition.name.symbol);
        let parameters = definition.parameters.as_deref().unwrap_or_default();
        let names: Vec<&str> = parameters.iter().map(|&p| &**self.names.text(p)).collect();
        format!("{name}({})", names.join(", "))
    }
}

pub(super) fn wrong_count(name: &str, wanted: usize, given: usize) -> Diagnostic {
    let wanted = plural(wanted, "argument");
    Diagnostic::new(format!("`{name}` takes {wanted}, not {given}"))
}

pub(super) fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn not_called(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(format!(
        "`{name}` is a function; it stands here without arguments"
    ))
    .at(span)
    .help(format!("write {name}(…)"))
}

fn no_function(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(format!("`{name}` is a value, not a function"))
        .at(span)
        .help(format!("for a product write {name}*(…)"))
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(format!(
        "calls of functions nest deeper than {MAX_CALL_DEPTH}"
    ))
    .at(span)
}
