//! `d(e, v)`, and the derivatives that were declared.

use super::call::{not_called, plural, too_deep};
use super::kinds::no_number;
use super::resolve::Graph;
use super::scope::is_function;
use super::tree::Named;
use super::{Compiled, Definitions};
use crate::formula::{Diagnostic, Function, Kind, MAX_CALL_DEPTH, NodeId, Op, Span, Variable};
use std::sync::Arc;

impl Graph<'_> {
    /// The derivative of a node by what a name means here.
    pub(super) fn derivative(
        &mut self,
        root: NodeId,
        by: Named,
        place: Span,
        (prelude, in_body): (bool, bool),
    ) -> Result<NodeId, Diagnostic> {
        let name = self.definitions.names.text(by.symbol).clone();
        let parameter = self.parameter(by.symbol, in_body);
        let definition = self.definitions.look_up(by.symbol, prelude);
        let variable = match (parameter, definition) {
            (Some(index), _) => Variable::Parameter(index as u32),
            (None, Some(id)) if self.definitions.list[id.index()].parameters.is_some() => {
                return Err(not_called(&name, by.span).help("d(f(x), x) differentiates by x"));
            }
            (None, None) if self.definitions.constant_at(by.symbol, prelude).is_some() => {
                return Err(
                    Diagnostic::new(format!("`{name}` is a constant, not a variable")).at(by.span),
                );
            }
            (None, None) if is_function(&name) => return Err(not_called(&name, by.span)),
            _ => Variable::Named(&name),
        };
        let context = self.builder.context(root);
        let Graph {
            definitions,
            builder,
            outer,
            ..
        } = self;
        let mut depth = 0;
        let mut declared = |function: &Arc<Function>, parameter: usize| {
            let compiled = definitions.derivative_of(function, parameter, *outer)?;
            Ok(compiled.map(|compiled| {
                depth = depth.max(compiled.depth);
                compiled.function
            }))
        };
        let derivative = builder.derivative(root, variable, &mut declared);
        let derivative = derivative.map_err(|error| match error.span {
            Some(_) => error,
            None => error.at(place),
        })?;
        self.depth = self.depth.max(depth + 1);
        if self.depth > MAX_CALL_DEPTH {
            return Err(too_deep(place));
        }
        if let Some(id) = derivative {
            return Ok(id);
        }
        if parameter.is_none() {
            self.absent.push(by);
        }
        let zero = Op::Literal(Arc::new(crate::formula::Literal::from_value(0.into())));
        self.builder.node(zero, &[], context, None)
    }

    /// Refuses derivatives by what occurs nowhere: most likely a mistake, which
    /// a 0 would hide.
    pub(super) fn check_absent(&self) -> Result<(), Diagnostic> {
        for by in &self.absent {
            let name = self.definitions.names.text(by.symbol);
            if !self.builder.knows(name) {
                let message = format!("`{name}` does not occur in what is differentiated by it");
                return Err(Diagnostic::new(message).at(by.span).help(
                    "the variable is a free one, a parameter, or a value that the expression names",
                ));
            }
        }
        Ok(())
    }
}

impl Definitions {
    /// The declared derivative of a function by one of its parameters, if there
    /// is one.
    fn derivative_of(
        &mut self,
        function: &Arc<Function>,
        parameter: usize,
        outer: usize,
    ) -> Result<Option<Compiled>, Diagnostic> {
        // A user's declaration for a function of the prelude comes later.
        let index = self.derivatives.iter().rposition(|declared| {
            declared.wrt == parameter
                && self
                    .derived(declared)
                    .and_then(|id| self.compiled(id))
                    .is_some_and(|known| Arc::ptr_eq(&known.function, function))
        });
        match index {
            Some(index) => Ok(Some(self.compile_derivative(index, outer)?)),
            None => Ok(None),
        }
    }

    /// A declared derivative as a function.
    pub(super) fn compile_derivative(
        &mut self,
        index: usize,
        outer: usize,
    ) -> Result<Compiled, Diagnostic> {
        if let Some(compiled) = self.compiled_derivative(index) {
            return Ok(compiled.clone());
        }
        let declared = self.derivatives[index].clone();
        let name = self.names.text(declared.function.symbol).clone();
        let place = declared.function.span;
        if declared.active {
            let message = format!("the derivative of `{name}` is declared by itself");
            return Err(Diagnostic::new(message)
                .at(place)
                .help("leave the declaration out: d differentiates the function's body"));
        }
        if outer >= MAX_CALL_DEPTH {
            return Err(too_deep(place));
        }
        let target = self.derived(&declared);
        let target = target.filter(|id| self.list[id.index()].parameters.is_some());
        let Some(target) = target else {
            return Err(self.unknown_function(&name, place));
        };
        let expected = self.list[target.index()].parameters.as_ref();
        let expected = expected.map_or(0, Vec::len);
        if expected != declared.parameters.len() {
            let message = format!(
                "`{name}` has {}, not {}",
                plural(expected, "parameter"),
                declared.parameters.len()
            );
            return Err(Diagnostic::new(message).at(place).help(match expected {
                1 => format!("write {name}'(x) = …"),
                _ => format!("write d({}, …) = …", self.signature(target)),
            }));
        }
        // The function itself, so that a formula's function can be told by it.
        Graph::new(self, &[], outer).function(target)?;
        self.derivatives[index].active = true;
        let compiled = self.compile_declared(index, &name, outer);
        self.derivatives[index].active = false;
        let compiled = compiled?;
        self.keep_derivative(index, compiled.clone());
        Ok(compiled)
    }

    fn compile_declared(
        &mut self,
        index: usize,
        name: &str,
        outer: usize,
    ) -> Result<Compiled, Diagnostic> {
        let declared = self.derivatives[index].clone();
        let mut graph = Graph::new(self, &declared.parameters, outer + 1);
        let (root, kind) = graph.expression(declared.body.clone(), None, declared.prelude)?;
        if kind == Kind::Predicate {
            return Err(no_number("a derivative", declared.body.root().span));
        }
        graph.check_absent()?;
        Ok(graph.finish(root, format!("{name}'"), declared.prelude))
    }
}
