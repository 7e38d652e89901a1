//! The nodes of a core's graph.
//!
//! What has a real operand is carried out over the reals and then rounded, once.

use super::context::Place;
use super::file::File;
use super::reader::ItemId;
use crate::formula::{Builder, Context, Diagnostic, Formula, Kind, MAX_NODES, NodeId, Op, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// A node, and whether it is a number.
pub type Value = (NodeId, Kind);

/// A graph in the making.
pub struct Nodes<'a> {
    pub file: &'a File<'a>,
    builder: Builder,
    /// Arguments that are annotated as real numbers.
    exact_arguments: HashMap<NodeId, u32>,
    /// How many nodes there may still be.
    budget: &'a mut usize,
}

impl<'a> Nodes<'a> {
    pub fn new(file: &'a File<'a>, budget: &'a mut usize) -> Self {
        Nodes {
            file,
            builder: Builder::new(),
            exact_arguments: HashMap::new(),
            budget,
        }
    }

    /// The formula whose value is that of `root`.
    pub fn finish(self, root: NodeId) -> Formula {
        let sources = Arc::new(self.file.sources.clone());
        self.builder.finish_whole(root, sources)
    }

    /// An argument of the core, rounded where it comes in.
    pub fn argument(
        &mut self,
        index: u32,
        context: Context,
        name: ItemId,
    ) -> Result<NodeId, Diagnostic> {
        let span = self.file.span(name);
        let id = self.plain(Op::Parameter(index), &[], context, span)?;
        if context == Context::Real {
            self.exact_arguments.insert(id, index);
        }
        Ok(id)
    }

    /// Gives a node a name.
    pub fn name(&mut self, id: NodeId, name: &str) {
        self.builder.name(id, name);
    }

    /// Notes one more place where a node stands.
    pub fn add_span(&mut self, id: NodeId, span: Span) {
        self.builder.add_span(id, span);
    }

    /// Where a node's value lives.
    pub fn context(&self, id: NodeId) -> Context {
        self.builder.context(id)
    }

    /// A value rounded to another context; an exact argument is rounded on entry,
    /// there.
    pub fn convert(
        &mut self,
        operand: NodeId,
        context: Context,
        item: ItemId,
    ) -> Result<NodeId, Diagnostic> {
        match self.exact_arguments.get(&operand) {
            Some(_) if context == Context::Real => Ok(operand),
            Some(&index) => self.node(Op::Parameter(index), &[], context, item),
            None => self.node(Op::Convert, &[operand], context, item),
        }
    }

    /// A context that holds both values as they are: a choice does not round. Where
    /// the arithmetic under study and another one meet, it is that of the place.
    pub fn common(&self, a: NodeId, b: NodeId, place: Place) -> Context {
        match (self.builder.context(a), self.builder.context(b)) {
            (a, b) if a == b => a,
            (Context::Program(a), Context::Program(b)) if a.holds_all_of(&b) => Context::Program(a),
            (Context::Program(a), Context::Program(b)) if b.holds_all_of(&a) => Context::Program(b),
            _ => place.context(),
        }
    }

    /// Adds a node. With a real operand the operation is one on real numbers, and
    /// its result is rounded.
    pub fn node(
        &mut self,
        op: Op,
        operands: &[NodeId],
        context: Context,
        item: ItemId,
    ) -> Result<NodeId, Diagnostic> {
        let span = self.file.span(item);
        let is_real = |id: &NodeId| self.builder.context(*id) == Context::Real;
        if context == Context::Real || op == Op::Convert || !operands.iter().any(is_real) {
            return self.plain(op, operands, context, span);
        }
        let kind = op.kind();
        let real = self.plain(op, operands, Context::Real, span)?;
        match kind {
            Kind::Predicate => Ok(real),
            Kind::Number => self.plain(Op::Convert, &[real], context, span),
        }
    }

    fn plain(
        &mut self,
        op: Op,
        operands: &[NodeId],
        context: Context,
        span: Span,
    ) -> Result<NodeId, Diagnostic> {
        let Some(rest) = self.budget.checked_sub(1) else {
            let error = Diagnostic::new(format!(
                "the cores up to here have more than {MAX_NODES} operations together"
            ));
            return Err(error.at(span).help(
                "calls are written out: take the core that is wanted into a file of its own",
            ));
        };
        *self.budget = rest;
        let id = self.builder.node(op, operands, context, None);
        let id = id.map_err(|error| error.at(span))?;
        self.builder.add_span(id, span);
        Ok(id)
    }
}

/// The error for a number in place of a truth value, or the other way round.
pub fn wrong_kind(what: &str, is: Kind) -> Diagnostic {
    Diagnostic::new(match is {
        Kind::Number => format!("{what} should be a truth value, and is a number"),
        Kind::Predicate => format!("{what} should be a number, and is a truth value"),
    })
}

/// The error for a wrong number of operands.
pub fn wrong_count(name: &str, wanted: &str, count: usize) -> Diagnostic {
    Diagnostic::new(format!("`{name}` takes {wanted}, and has {count}"))
}
