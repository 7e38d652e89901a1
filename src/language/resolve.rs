//! From trees to source graphs.
//!
//! A tree's contexts are known from its root down, its nodes are made from
//! its leaves up: two passes over a flat list. A value's definition is made
//! once for each context that asks for it. While it is made, the tree that
//! asked waits on a stack, so that chains of definitions do not nest.

use super::call::not_called;
use super::kinds::{wanted, wrong_kind};
use super::scope::is_function;
use super::tree::{Expr, ExprId, FormatName, Named, Shape, Symbol, Test, Tree};
use super::{DefinitionId, Definitions, Rows};
use crate::format::Format;
use crate::formula::{Builder, Constant, Context, Diagnostic, Formula, Kind, NodeId, Op, Span};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) type Value = (NodeId, Kind);

/// A tree whose nodes are being made.
struct Job {
    tree: Arc<Tree>,
    /// The definition whose right side it is.
    definition: Option<DefinitionId>,
    context: Context,
    /// Whether names mean what they mean to the prelude.
    prelude: bool,
    contexts: Vec<Context>,
    values: Vec<Value>,
}

/// A graph in the making.
pub(super) struct Graph<'a> {
    pub definitions: &'a mut Definitions,
    pub builder: Builder,
    pub parameters: &'a [Symbol],
    pub values: HashMap<(DefinitionId, Context), Value>,
    /// How deep calls nest in it.
    pub depth: usize,
    /// How many functions are being resolved around it.
    pub outer: usize,
    /// What `F` is.
    rows: Rows,
    /// Variables that some expression was differentiated by in which they do not
    /// occur.
    pub absent: Vec<Named>,
}

impl Definitions {
    /// An expression's graph.
    pub(super) fn graph_of(
        &mut self,
        tree: Arc<Tree>,
        context: Context,
        rows: Rows,
    ) -> Result<Formula, Diagnostic> {
        self.leave_all();
        let mut graph = Graph::new(self, &[], 0);
        graph.rows = rows;
        let (root, _) = graph.expression_in(tree, None, context, false)?;
        graph.check_absent()?;
        let builder = graph.builder;
        Ok(builder.finish(root, self.sources.clone()))
    }

    /// Notes that a definition is being resolved.
    pub(super) fn enter(&mut self, id: DefinitionId) {
        self.active.push(id);
        self.list[id.index()].active = true;
    }

    /// Forgets what an error broke off.
    pub(super) fn leave_all(&mut self) {
        while !self.active.is_empty() {
            self.leave();
        }
    }

    /// Notes that the last one is done.
    pub(super) fn leave(&mut self) {
        if let Some(id) = self.active.pop() {
            self.list[id.index()].active = false;
        }
    }
}

impl<'a> Graph<'a> {
    pub fn new(definitions: &'a mut Definitions, parameters: &'a [Symbol], outer: usize) -> Self {
        Graph {
            definitions,
            builder: Builder::new(),
            parameters,
            values: HashMap::new(),
            depth: 0,
            outer,
            rows: Rows::None,
            absent: Vec::new(),
        }
    }

    /// The node of a whole tree, in the ambient context.
    pub fn expression(
        &mut self,
        tree: Arc<Tree>,
        definition: Option<DefinitionId>,
        prelude: bool,
    ) -> Result<Value, Diagnostic> {
        self.expression_in(tree, definition, Context::Ambient, prelude)
    }

    /// The node of a whole tree.
    pub fn expression_in(
        &mut self,
        tree: Arc<Tree>,
        definition: Option<DefinitionId>,
        context: Context,
        prelude: bool,
    ) -> Result<Value, Diagnostic> {
        let mut jobs = vec![self.job(tree, definition, context, prelude)];
        loop {
            let job = jobs.last_mut().expect("a job is there");
            let waits_for = self.go_on(job)?;
            if let Some((id, context)) = waits_for {
                let definition = &self.definitions.list[id.index()];
                let (body, prelude) = (definition.body.clone(), definition.prelude);
                self.definitions.enter(id);
                jobs.push(self.job(body, Some(id), context, prelude));
                continue;
            }
            let job = jobs.pop().expect("a job is there");
            let value = *job.values.last().expect("a tree has a root");
            if let Some(id) = job.definition {
                let definitions = &mut *self.definitions;
                let name = definitions.list[id.index()].name.symbol;
                self.builder.name(value.0, definitions.names.text(name));
                self.values.insert((id, job.context), value);
                definitions.leave();
            }
            if jobs.is_empty() {
                return Ok(value);
            }
        }
    }

    /// Makes a tree's nodes, until it is done or needs a definition first.
    fn go_on(&mut self, job: &mut Job) -> Result<Option<(DefinitionId, Context)>, Diagnostic> {
        let tree = job.tree.clone();
        while job.values.len() < tree.len() {
            let index = job.values.len();
            let expr = tree.at(index);
            let context = job.contexts[index];
            let value = match expr.shape {
                Shape::Name(symbol) => match self.name(symbol, expr, context, job)? {
                    Ok(value) => value,
                    Err(definition) => return Ok(Some((definition, context))),
                },
                _ => self.node(&tree, expr, context, job)?,
            };
            job.values.push(value);
        }
        Ok(None)
    }

    /// The index of a parameter; a definition that a function's body uses does
    /// not see them.
    pub fn parameter(&self, symbol: Symbol, in_body: bool) -> Option<usize> {
        let mut parameters = self.parameters.iter();
        parameters.position(|&p| p == symbol).filter(|_| in_body)
    }

    /// What a name stands for; the inner error is the definition that has to
    /// be made first.
    fn name(
        &mut self,
        symbol: Symbol,
        expr: &Expr,
        context: Context,
        job: &Job,
    ) -> Result<Result<Value, DefinitionId>, Diagnostic> {
        let number = |id| Ok(Ok((id, Kind::Number)));
        if let Some(index) = self.parameter(symbol, job.is_body()) {
            let op = Op::Parameter(index as u32);
            return number(self.builder.node(op, &[], context, Some(expr.span))?);
        }
        let text = self.definitions.names.text(symbol);
        if let Some(id) = self.definitions.look_up(symbol, job.prelude) {
            if self.definitions.list[id.index()].parameters.is_some() {
                return Err(not_called(text, expr.span));
            }
            if let Some(&value) = self.values.get(&(id, context)) {
                self.builder.add_span(value.0, expr.span);
                return Ok(Ok(value));
            }
            self.check_cycle(id, expr.span)?;
            return Ok(Err(id));
        }
        let op = match self.definitions.constant_at(symbol, job.prelude) {
            Some(constant) => Op::Constant(constant),
            None if is_function(text) => return Err(not_called(text, expr.span)),
            None => Op::Input(self.builder.input(text)),
        };
        number(self.builder.node(op, &[], context, Some(expr.span))?)
    }

    pub fn check_cycle(&self, id: DefinitionId, span: Span) -> Result<(), Diagnostic> {
        let definitions = &*self.definitions;
        if !definitions.list[id.index()].active {
            return Ok(());
        }
        let start = definitions.active.iter().position(|&active| active == id);
        let start = start.unwrap_or_default();
        let name = |id: DefinitionId| {
            let symbol = definitions.list[id.index()].name.symbol;
            definitions.names.text(symbol).to_string()
        };
        let mut path: Vec<String> = definitions.active[start..]
            .iter()
            .map(|&id| name(id))
            .collect();
        if path.len() > 6 {
            path.splice(3..path.len() - 2, ["…".to_string()]);
        }
        path.push(name(id));
        Err(Diagnostic::new(format!(
            "`{}` is defined by itself: {}",
            name(id),
            path.join(" → ")
        ))
        .at(span)
        .help("a definition cannot need its own value"))
    }

    /// The node of anything but a name.
    fn node(
        &mut self,
        tree: &Tree,
        expr: &Expr,
        context: Context,
        job: &Job,
    ) -> Result<Value, Diagnostic> {
        let operands = tree.operands(expr);
        let value = |id: ExprId| job.values[id.index()];
        for (index, &id) in operands.iter().enumerate() {
            if wanted(&expr.shape, index).is_some_and(|wanted| wanted != value(id).1) {
                let names = &self.definitions.names;
                return Err(wrong_kind(&expr.shape, index, names, tree.get(id).span));
            }
        }
        let ids: Vec<NodeId> = operands.iter().map(|&id| value(id).0).collect();
        let format = |name| {
            let known = self.format(name);
            known.ok_or_else(|| self.no_format(name, expr.span))
        };
        let (op, kind) = match &expr.shape {
            Shape::Number(literal) => (Op::Literal(literal.clone()), Kind::Number),
            Shape::Name(_) => unreachable!("names are looked up"),
            Shape::Call(symbol, place) => {
                let name = Named {
                    symbol: *symbol,
                    span: *place,
                };
                self.call(
                    name,
                    expr.span,
                    operands.len(),
                    (job.prelude, job.is_body()),
                )?
            }
            Shape::Apply(op) => (op.clone(), op.kind()),
            Shape::BuiltIn(row) => (row.op.clone(), row.op.kind()),
            Shape::Implies => {
                let span = tree.get(operands[0]).span;
                let not = self.builder.node(Op::Not, &ids[..1], context, Some(span))?;
                let or = [not, ids[1]];
                let id = self.builder.node(Op::Or, &or, context, Some(expr.span))?;
                return Ok((id, Kind::Predicate));
            }
            Shape::Iff => (Op::Eq, Kind::Predicate),
            Shape::Near => return self.within(&ids, (false, false), context, expr.span),
            Shape::Within(lo_open, hi_open) => {
                return self.within(&ids, (*lo_open, *hi_open), context, expr.span);
            }
            Shape::Test(Test::Nan) => {
                let both = [ids[0], ids[0]];
                let id = self.builder.node(Op::Ne, &both, context, Some(expr.span))?;
                return Ok((id, Kind::Predicate));
            }
            Shape::Test(Test::Infinite) => return self.infinite(ids[0], context, expr.span),
            Shape::Fl(name) => {
                format(*name)?;
                (Op::Convert, value(operands[0]).1)
            }
            Shape::Cast(name) => (Op::Cast(format(*name)?.storage()), Kind::Number),
            Shape::Round(name, rounding) => {
                let format = format(*name)?.nearest().with_rounding(*rounding);
                (Op::Round(format), Kind::Number)
            }
            Shape::Error(unit, name) => (Op::Error(*unit, format(*name)?), Kind::Number),
            Shape::Ulp(name) => (Op::Ulp(format(*name)?), Kind::Number),
            Shape::Derivative(by) => {
                let id = self.derivative(ids[0], *by, expr.span, (job.prelude, job.is_body()))?;
                return Ok((id, Kind::Number));
            }
        };
        let id = self.builder.node(op, &ids, context, Some(expr.span))?;
        Ok((id, kind))
    }

    /// `e in [a, b]`, as a <= e and e <= b.
    fn within(
        &mut self,
        ids: &[NodeId],
        (lo_open, hi_open): (bool, bool),
        context: Context,
        span: Span,
    ) -> Result<Value, Diagnostic> {
        let (inner, lo, hi) = (ids[0], ids[1], ids[2]);
        let below = |open| if open { Op::Lt } else { Op::Le };
        let mut node = |op, ids: [NodeId; 2]| self.builder.node(op, &ids, context, Some(span));
        let above_lo = node(below(lo_open), [lo, inner])?;
        let below_hi = node(below(hi_open), [inner, hi])?;
        let both = node(Op::And, [above_lo, below_hi])?;
        Ok((both, Kind::Predicate))
    }

    /// `isinf(e)`, as e == inf or e == -inf.
    fn infinite(
        &mut self,
        inner: NodeId,
        context: Context,
        span: Span,
    ) -> Result<Value, Diagnostic> {
        let mut node = |op, ids: &[NodeId]| self.builder.node(op, ids, context, Some(span));
        let infinity = node(Op::Constant(Constant::Inf), &[])?;
        let positive = node(Op::Eq, &[inner, infinity])?;
        let infinity = node(Op::Constant(Constant::Inf), &[])?;
        let least = node(Op::Neg, &[infinity])?;
        let negative = node(Op::Eq, &[inner, least])?;
        let either = node(Op::Or, &[positive, negative])?;
        Ok((either, Kind::Predicate))
    }

    /// The format that a name stands for.
    fn format(&self, name: FormatName) -> Option<Format> {
        match (name, self.rows) {
            (FormatName::Fixed(format), _) | (FormatName::Study, Rows::Format(format)) => {
                Some(format)
            }
            (FormatName::Study, Rows::None) => None,
            (FormatName::Precision(symbol, _), _) => self.definitions.scope.precision(symbol),
        }
    }

    /// The error for a format's name without a meaning, in a view at `span`.
    fn no_format(&self, name: FormatName, span: Span) -> Diagnostic {
        if let FormatName::Precision(symbol, place) = name {
            let name = self.definitions.names.text(symbol);
            return no_precision(name, place);
        }
        Diagnostic::new("`F` is the arithmetic of a threshold's row; it has no meaning here")
            .at(span)
            .help("name a format, as in fl(x, f32); `F` stands in a threshold's predicate itself")
    }

    fn job(
        &self,
        tree: Arc<Tree>,
        definition: Option<DefinitionId>,
        context: Context,
        prelude: bool,
    ) -> Job {
        let mut contexts = vec![context; tree.len()];
        for index in (0..tree.len()).rev() {
            let expr = tree.at(index);
            let inside = match expr.shape {
                // Without a format, an error comes when the node is made.
                Shape::Fl(name) => self.format(name).map_or(Context::Real, Context::Fixed),
                // An argument's place is where its parameter stands, and of an
                // error's operand there are two.
                Shape::Call(..) | Shape::Error(..) => Context::Ambient,
                _ => contexts[index],
            };
            for operand in tree.operands(expr) {
                contexts[operand.index()] = inside;
            }
        }
        Job {
            values: Vec::with_capacity(tree.len()),
            tree,
            definition,
            context,
            prelude,
            contexts,
        }
    }
}

/// The error for `mpfr:p` where p is no integer variable of the claim.
pub(super) fn no_precision(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(format!("`{name}` is no integer variable of a claim"))
        .at(place)
        .help(format!(
            "write a number of bits, as in mpfr:113, or a claim with `for {name} in 2..100`"
        ))
}

impl Job {
    /// Whether it is the tree that was asked for, no definition's.
    fn is_body(&self) -> bool {
        self.definition.is_none()
    }
}
