//! From trees to source graphs.
//!
//! A tree's contexts are known from its root down, its nodes are made from
//! its leaves up: two passes over a flat list. A value's definition is made
//! once for each context that asks for it. While it is made, the tree that
//! asked waits on a stack, so that chains of definitions do not nest.

use super::scope::{built_in, constant};
use super::tree::{Expr, ExprId, Shape, Symbol, Tree};
use super::{Compiled, DefinitionId, Definitions};
use crate::formula::{
    Builder, Context, Diagnostic, Formula, Function, Kind, MAX_CALL_DEPTH, MAX_NODES, NodeId, Op,
    Span,
};
use std::collections::HashMap;
use std::sync::Arc;

type Value = (NodeId, Kind);

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
struct Graph<'a> {
    definitions: &'a mut Definitions,
    builder: Builder,
    parameters: &'a [Symbol],
    values: HashMap<(DefinitionId, Context), Value>,
    /// How deep calls nest in it.
    depth: usize,
    /// How many functions are being resolved around it.
    outer: usize,
}

impl Definitions {
    /// An expression's graph.
    pub(super) fn resolve(&mut self, tree: Arc<Tree>) -> Result<Formula, Diagnostic> {
        while !self.active.is_empty() {
            self.leave();
        }
        let mut graph = Graph::new(self, &[], 0);
        let (root, _) = graph.expression(tree, None, false)?;
        let builder = graph.builder;
        Ok(builder.finish(root, self.sources.clone()))
    }

    pub(super) fn check_definitions(&mut self) -> Result<(), Diagnostic> {
        while !self.active.is_empty() {
            self.leave();
        }
        let mut next = 0;
        while next < self.list.len() {
            // Values that build on one another share a graph while it is small.
            let mut graph = Graph::new(self, &[], 0);
            while next < graph.definitions.list.len() && graph.builder.len() < MAX_NODES / 2 {
                let id = DefinitionId(next as u32);
                next += 1;
                let definition = &graph.definitions.list[id.index()];
                if definition.prelude {
                    continue;
                }
                if definition.parameters.is_some() {
                    graph.function(id)?;
                } else if !graph.values.contains_key(&(id, Context::Ambient)) {
                    let body = definition.body.clone();
                    graph.definitions.enter(id);
                    graph.expression(body, Some(id), false)?;
                }
            }
        }
        for index in 0..self.derivatives.len() {
            self.check_derivative(index)?;
        }
        Ok(())
    }

    fn check_derivative(&mut self, index: usize) -> Result<(), Diagnostic> {
        let declared = self.derivatives[index].clone();
        if declared.compiled.is_some() {
            return Ok(());
        }
        let name = self.names.text(declared.function.symbol).clone();
        let place = declared.function.span;
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
        Graph::new(self, &[], 0).function(target)?;
        let mut graph = Graph::new(self, &declared.parameters, 0);
        let (root, kind) = graph.expression(declared.body.clone(), None, declared.prelude)?;
        expect(
            kind,
            Kind::Number,
            "a derivative",
            declared.body.root().span,
        )?;
        let compiled = graph.finish(root, format!("{name}'"));
        self.derivatives[index].compiled = Some(compiled);
        Ok(())
    }

    /// Notes that a definition is being resolved.
    fn enter(&mut self, id: DefinitionId) {
        self.active.push(id);
        self.list[id.index()].active = true;
    }

    /// Notes that the last one is done.
    fn leave(&mut self) {
        if let Some(id) = self.active.pop() {
            self.list[id.index()].active = false;
        }
    }

    fn unknown_function(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::new(format!("there is no function `{name}`")).at(span);
        match self.nearest_function(name) {
            Some(near) => error.help(format!("did you mean {near}?")),
            None => error,
        }
    }

    /// `f(x, y)`.
    fn signature(&self, id: DefinitionId) -> String {
        let definition = &self.list[id.index()];
        let name = self.names.text(definition.name.symbol);
        let parameters = definition.parameters.as_deref().unwrap_or_default();
        let names: Vec<&str> = parameters.iter().map(|&p| &**self.names.text(p)).collect();
        format!("{name}({})", names.join(", "))
    }
}

impl<'a> Graph<'a> {
    fn new(definitions: &'a mut Definitions, parameters: &'a [Symbol], outer: usize) -> Self {
        Graph {
            definitions,
            builder: Builder::new(),
            parameters,
            values: HashMap::new(),
            depth: 0,
            outer,
        }
    }

    fn finish(self, root: NodeId, name: String) -> Compiled {
        let names = &self.definitions.names;
        let parameters = self.parameters.iter().map(|&p| names.text(p).to_string());
        let function = Arc::new(Function {
            name,
            parameters: parameters.collect(),
            body: self.builder.finish(root, self.definitions.sources.clone()),
        });
        Compiled {
            function,
            depth: self.depth,
        }
    }

    /// The node of a whole tree, in the ambient context.
    fn expression(
        &mut self,
        tree: Arc<Tree>,
        definition: Option<DefinitionId>,
        prelude: bool,
    ) -> Result<Value, Diagnostic> {
        let mut jobs = vec![Job::new(tree, definition, Context::Ambient, prelude)];
        loop {
            let job = jobs.last_mut().expect("a job is there");
            let waits_for = self.go_on(job)?;
            if let Some((id, context)) = waits_for {
                let definition = &self.definitions.list[id.index()];
                let (body, prelude) = (definition.body.clone(), definition.prelude);
                self.definitions.enter(id);
                jobs.push(Job::new(body, Some(id), context, prelude));
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
                Shape::Name(symbol) => match self.name(symbol, expr, context, job.prelude)? {
                    Ok(value) => value,
                    Err(definition) => return Ok(Some((definition, context))),
                },
                _ => self.node(&tree, expr, context, job)?,
            };
            job.values.push(value);
        }
        Ok(None)
    }

    /// What a name stands for; the inner error is the definition that has to
    /// be made first.
    fn name(
        &mut self,
        symbol: Symbol,
        expr: &Expr,
        context: Context,
        prelude: bool,
    ) -> Result<Result<Value, DefinitionId>, Diagnostic> {
        let number = |id| Ok(Ok((id, Kind::Number)));
        if let Some(index) = self.parameters.iter().position(|&p| p == symbol) {
            let op = Op::Parameter(index as u32);
            return number(self.builder.node(op, &[], context, Some(expr.span))?);
        }
        let text = self.definitions.names.text(symbol);
        if let Some(id) = self.definitions.look_up(symbol, prelude) {
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
        let op = match constant(text) {
            Some(constant) => Op::Constant(constant),
            None if built_in(text).is_some() => return Err(not_called(text, expr.span)),
            None => Op::Input(self.builder.input(text)),
        };
        number(self.builder.node(op, &[], context, Some(expr.span))?)
    }

    fn check_cycle(&self, id: DefinitionId, span: Span) -> Result<(), Diagnostic> {
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
        let ids: Vec<NodeId> = operands.iter().map(|&id| value(id).0).collect();
        let check = |id: ExprId, kind, what: &str| {
            let span = tree.get(id).span;
            expect(value(id).1, kind, what, span)
        };
        let check_all = |kind, what: &str| {
            let mut all = operands.iter().map(|&id| check(id, kind, what));
            all.try_for_each(|one| one)
        };
        let (op, kind) = match &expr.shape {
            Shape::Number(literal) => (Op::Literal(literal.clone()), Kind::Number),
            Shape::Name(_) => unreachable!("names are looked up"),
            Shape::Call(symbol, place) => {
                let name = self.definitions.names.text(*symbol).clone();
                let what = format!("`{name}`");
                check_all(Kind::Number, &what)?;
                self.call(*symbol, &name, *place, expr, operands.len(), job.prelude)?
            }
            Shape::Apply(Op::Select) => {
                check(operands[0], Kind::Predicate, "`if`")?;
                for &branch in &operands[1..] {
                    check(branch, Kind::Number, "a branch of `if`")?;
                }
                (Op::Select, Kind::Number)
            }
            Shape::Apply(op) => {
                let what = match op {
                    Op::Abs => "`|…|`".to_string(),
                    Op::Pow => "`^`".to_string(),
                    op => format!("`{}`", op.name()),
                };
                let logical = matches!(op, Op::And | Op::Or | Op::Not);
                let kind = if logical {
                    Kind::Predicate
                } else {
                    Kind::Number
                };
                check_all(kind, &what)?;
                (op.clone(), op.kind())
            }
            Shape::Implies => {
                check_all(Kind::Predicate, "`implies`")?;
                let span = tree.get(operands[0]).span;
                let not = self.builder.node(Op::Not, &ids[..1], context, Some(span))?;
                let or = [not, ids[1]];
                let id = self.builder.node(Op::Or, &or, context, Some(expr.span))?;
                return Ok((id, Kind::Predicate));
            }
            Shape::Iff => {
                check_all(Kind::Predicate, "`iff`")?;
                (Op::Eq, Kind::Predicate)
            }
            Shape::Fl(_) => (Op::Convert, value(operands[0]).1),
            Shape::Cast(format) => {
                check_all(Kind::Number, "`cast`")?;
                (Op::Cast(*format), Kind::Number)
            }
            Shape::Round(format) => {
                check_all(Kind::Number, "a rounding")?;
                (Op::Round(*format), Kind::Number)
            }
        };
        let id = self.builder.node(op, &ids, context, Some(expr.span))?;
        Ok((id, kind))
    }

    /// The operation that calls a function.
    fn call(
        &mut self,
        symbol: Symbol,
        name: &str,
        place: Span,
        expr: &Expr,
        given: usize,
        prelude: bool,
    ) -> Result<(Op, Kind), Diagnostic> {
        let definitions = &*self.definitions;
        let (wanted, usage) = if let Some(row) = built_in(name) {
            if row.arity == given {
                return Ok((row.op.clone(), row.op.kind()));
            }
            (row.arity, format!("{name}: {}", row.meaning))
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
        } else if self.parameters.contains(&symbol) || constant(name).is_some() {
            return Err(no_function(name, place));
        } else {
            let error = definitions.unknown_function(name, place);
            return Err(match error.help {
                None => error.help(format!("for a product write {name}*(…)")),
                Some(_) => error,
            });
        };
        let message = format!("`{name}` takes {}, not {given}", plural(wanted, "argument"));
        Err(Diagnostic::new(message).at(expr.span).help(usage))
    }

    /// The index of a function in this graph; resolves it where that is not
    /// done yet.
    fn function(&mut self, id: DefinitionId) -> Result<(u32, Kind), Diagnostic> {
        let definition = &self.definitions.list[id.index()];
        let place = definition.name.span;
        let compiled = match &definition.function {
            Some(compiled) => compiled.clone(),
            None => {
                let compiled = self.compile(id)?;
                self.definitions.list[id.index()].function = Some(compiled.clone());
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
        let nodes = graph.builder.len();
        let text = graph.definitions.names.text(name.symbol).to_string();
        let compiled = graph.finish(root, text);
        self.definitions.leave();
        self.definitions.function_nodes += nodes;
        if self.definitions.function_nodes > MAX_NODES {
            let message = format!("all functions together have more than {MAX_NODES} operations");
            return Err(Diagnostic::new(message).at(name.span));
        }
        Ok(compiled)
    }
}

impl Job {
    fn new(
        tree: Arc<Tree>,
        definition: Option<DefinitionId>,
        context: Context,
        prelude: bool,
    ) -> Self {
        let mut contexts = vec![context; tree.len()];
        for index in (0..tree.len()).rev() {
            let expr = tree.at(index);
            let inside = match expr.shape {
                Shape::Fl(format) => Context::Fixed(format),
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

fn expect(found: Kind, wanted: Kind, what: &str, span: Span) -> Result<(), Diagnostic> {
    match (found, wanted) {
        (Kind::Predicate, Kind::Number) => {
            let message = format!("{what} needs a number; this is a predicate, true or false");
            let help = "if … then 1 else 0 makes a number of it";
            Err(Diagnostic::new(message).at(span).help(help))
        }
        (Kind::Number, Kind::Predicate) => {
            let message = format!("{what} needs a predicate, true or false; this is a number");
            Err(Diagnostic::new(message)
                .at(span)
                .help("compare it with something, as in x != 0"))
        }
        _ => Ok(()),
    }
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn not_called(name: &str, span: Span) -> Diagnostic {
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

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(format!(
        "calls of functions nest deeper than {MAX_CALL_DEPTH}"
    ))
    .at(span)
}
