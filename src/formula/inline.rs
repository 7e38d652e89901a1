//! From the source graph to the one that is evaluated: calls replaced by their
//! bodies, equal nodes made one.
//!
//! A function is a formula with holes: an argument takes the context of the
//! place where its parameter stands, so that `f(x) = fl(x + 1, f32)` rounds
//! all of `f(2*y)`'s operations to f32, just as writing the body out would.
//!
//! That asks for an argument in more than one context. So a call is first
//! written out with its ambient nodes left ambient, once for the same function
//! and the same arguments; then the result, like an argument, is *placed*:
//! copied with another context for its ambient nodes, once for each context.
//! Both steps are remembered, which keeps `f(x) = g(x) + g(x)` over a hundred
//! such functions linear.
//!
//! Where some format computes its functions in a wider one
//! ([`Format::functions`]), [`Context::Library`] stands for that in the same
//! way as the ambient context stands for the format: a call of the prelude is
//! written out there, its arguments staying where they are, and a
//! [`Op::Convert`] stores the result in the ambient context. Where functions
//! are not computed elsewhere after all, placing lets that conversion go.

use super::*;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// How deep calls may nest (a chain of calls, `f(f(f(x)))`, is not nesting).
pub const MAX_CALL_DEPTH: usize = 200;

impl Formula {
    /// The graph to evaluate: no calls, each [`Context::Ambient`] replaced by
    /// `ambient` (which may be [`Context::Ambient`] itself), equal nodes one.
    ///
    /// # Errors
    /// Where a rounding of a real number (`rn` and its kin) stands inside a
    /// computation, where calls nest too deep, and where the graph would have
    /// more than [`MAX_NODES`] nodes.
    pub fn inline(&self, ambient: Context) -> Result<Formula, Diagnostic> {
        let mut inliner = Inliner {
            builder: Builder::merging(),
            open: Vec::new(),
            calls: HashMap::new(),
            placed: HashMap::new(),
            library: self.has_functions_elsewhere(ambient),
            depth: 0,
        };
        // Without calls, errors and causes no node is needed in two contexts:
        // place at once.
        let two = |node: &Node| matches!(node.op, Op::Error(..) | Op::Cause(..));
        let first = if self.functions.is_empty() && !self.nodes.iter().any(two) {
            ambient
        } else {
            Context::Ambient
        };
        let root = inliner.write_out(self, first, &[])?;
        let root = if ambient == Context::Ambient && inliner.library {
            inliner.copy(root, ambient)?
        } else {
            inliner.place(root, ambient)?
        };
        let inlined = inliner.builder.finish(root, self.sources.clone());
        inlined.check_roundings()?;
        Ok(inlined)
    }

    /// Whether a format that occurs computes its functions in a wider one.
    fn has_functions_elsewhere(&self, ambient: Context) -> bool {
        let elsewhere = |context: Context| match context {
            Context::Fixed(format) => format.functions().is_some(),
            Context::Real | Context::Ambient | Context::Library | Context::Program(_) => false,
        };
        if elsewhere(ambient) {
            return true;
        }
        let mut seen = HashSet::new();
        let mut work = vec![self];
        while let Some(formula) = work.pop() {
            let inside = |node: &Node| match node.op {
                Op::Error(_, format) | Op::Cause(_, format, _) => elsewhere(Context::Fixed(format)),
                _ => elsewhere(node.context),
            };
            if formula.nodes.iter().any(inside) {
                return true;
            }
            let functions = formula.functions.iter();
            let new = functions.filter(|function| seen.insert(Arc::as_ptr(function)));
            work.extend(new.map(|function| &function.body));
        }
        false
    }

    /// Whether every `rn`, every error and every cause, with their kin, lives in
    /// the reals.
    fn check_roundings(&self) -> Result<(), Diagnostic> {
        let misplaced = self.ids().find(|&id| {
            let node = self.node(id);
            let real = matches!(
                node.op,
                Op::Round(_) | Op::Error(..) | Op::Ulp(_) | Op::Cause(..)
            );
            real && node.context != Context::Real
        });
        let Some(id) = misplaced else {
            return Ok(());
        };
        let label = self.label(id);
        let error = match self.node(id).op {
            Op::Round(_) => Diagnostic::new(format!(
                "`{label}` rounds the exact value of a real number; it cannot stand inside a computation"
            ))
            .help("inside a computation, write cast(…, FORMAT)"),
            Op::Cause(..) => Diagnostic::new(format!(
                "`{label}` asks what a computation did; it cannot stand inside one"
            )),
            _ => Diagnostic::new(format!(
                "`{label}` is a real number that no computation has; it cannot stand inside one"
            )),
        };
        Err(error.at(self.origin(id).spans.first().copied()))
    }
}

struct Inliner {
    builder: Builder,
    /// For each node, whether it or one below it is ambient or the library's.
    open: Vec<bool>,
    /// Calls that are written out, their ambient nodes still ambient. A result
    /// of the prelude is not stored yet.
    calls: HashMap<(*const Function, Vec<NodeId>), NodeId>,
    /// Copies of open nodes, by the context that took the place of ambient.
    placed: HashMap<(NodeId, Context), NodeId>,
    /// Whether functions are computed in [`Context::Library`].
    library: bool,
    depth: usize,
}

impl Inliner {
    /// Adds a node with all that is known of its origin.
    fn node(
        &mut self,
        op: Op,
        operands: &[NodeId],
        context: Context,
        origin: &Origin,
    ) -> Result<NodeId, Diagnostic> {
        // Its operand lives here already.
        let new = if op == Op::Convert && self.builder.context(operands[0]) == context {
            operands[0]
        } else {
            let new = self.builder.node(op, operands, context, None)?;
            if new.index() == self.open.len() {
                let settled = matches!(context, Context::Real | Context::Fixed(_));
                let open = !settled || operands.iter().any(|o| self.open[o.index()]);
                self.open.push(open);
            }
            for &span in &origin.spans {
                self.builder.add_span(new, span);
            }
            new
        };
        self.builder.set_written(new, origin.written);
        for name in &origin.names {
            self.builder.name(new, name);
        }
        Ok(new)
    }

    /// A formula's nodes with `ambient` as its ambient context and the
    /// parameters replaced. Gives its root. Only calls nest.
    fn write_out(
        &mut self,
        formula: &Formula,
        ambient: Context,
        arguments: &[NodeId],
    ) -> Result<NodeId, Diagnostic> {
        let mut done: Vec<NodeId> = Vec::with_capacity(formula.nodes.len());
        let mut operands = Vec::new();
        for id in formula.ids() {
            let node = formula.node(id);
            let mut origin = Cow::Borrowed(formula.origin(id));
            if self.depth > 0 && origin.written.is_some() {
                origin.to_mut().written = None;
            }
            let origin = &*origin;
            let context = node.context.or(ambient);
            operands.clear();
            operands.extend(formula.operands(id).iter().map(|o| done[o.index()]));
            let new = match &node.op {
                Op::Parameter(index) => {
                    let new = self.place(arguments[*index as usize], context)?;
                    self.note(new, origin, false);
                    new
                }
                Op::Call(function) => {
                    let function = &formula.functions[*function as usize];
                    let span = origin.spans.first().copied();
                    let mut result = self.call(function, &operands, span)?;
                    if self.library && function.prelude && context != Context::Library {
                        let stored = Context::Ambient;
                        result = self.node(Op::Convert, &[result], stored, &Origin::default())?;
                    }
                    let new = self.place(result, context)?;
                    self.note(new, origin, true);
                    new
                }
                Op::Input(index) => {
                    let index = self.builder.input(&formula.inputs[*index as usize]);
                    self.node(Op::Input(index), &[], context, origin)?
                }
                Op::Error(unit, format) => {
                    let computed = self.place(operands[0], Context::Fixed(*format))?;
                    let inside = Origin::default();
                    let computed = self.node(Op::Convert, &[computed], Context::Real, &inside)?;
                    let exact = self.place(operands[0], Context::Real)?;
                    let op = Op::Error(*unit, *format);
                    self.node(op, &[computed, exact], context, origin)?
                }
                Op::Cause(cause, format, None) => {
                    self.cause((*cause, *format), operands[0], context, origin)?
                }
                op if self.library && Op::function(op.name()).is_some() => {
                    self.built_in(op, &operands, context, origin)?
                }
                op => self.node(op.clone(), &operands, context, origin)?,
            };
            done.push(new);
        }
        Ok(done[formula.root.index()])
    }

    /// Whether a cause is what happened at the root of an ambient value that is
    /// computed in a format.
    fn cause(
        &mut self,
        (cause, format): (Cause, Format),
        value: NodeId,
        context: Context,
        origin: &Origin,
    ) -> Result<NodeId, Diagnostic> {
        let inside = Origin::default();
        let root = self.place(value, Context::Fixed(format))?;
        let mut op = self.builder.node_at(root).op.clone();
        let mut operands = self.builder.operands(root).to_vec();
        let mut exact = Vec::with_capacity(operands.len());
        for &operand in &operands {
            exact.push(self.node(Op::Convert, &[operand], Context::Real, &inside)?);
        }
        let exact = self.node(op.clone(), &exact, Context::Real, &inside)?;
        // What is rounded on entry has no computed operands, and of its operation
        // it does not matter which.
        operands.retain(|&operand| self.builder.context(operand) != Context::Real);
        if matches!(op, Op::Input(_) | Op::Literal(_)) {
            op = Op::Convert;
        }
        operands.splice(0..0, [root, exact]);
        let op = Op::Cause(cause, format, Some(Arc::new(op)));
        self.node(op, &operands, context, origin)
    }

    /// A built-in function, computed where functions are, its result stored.
    fn built_in(
        &mut self,
        op: &Op,
        operands: &[NodeId],
        context: Context,
        origin: &Origin,
    ) -> Result<NodeId, Diagnostic> {
        let place = Origin {
            spans: origin.spans.clone(),
            names: Vec::new(),
            written: None,
        };
        let result = self.node(op.clone(), operands, context.functions(), &place)?;
        self.node(Op::Convert, &[result], context, origin)
    }

    /// Gives a node that is there already the names of another, and its places
    /// in the source if these are its own.
    fn note(&mut self, id: NodeId, origin: &Origin, spans: bool) {
        for name in &origin.names {
            self.builder.name(id, name);
        }
        if spans {
            for &span in &origin.spans {
                self.builder.add_span(id, span);
            }
            self.builder.set_written(id, origin.written);
        }
    }

    /// A call's result, its ambient nodes ambient.
    fn call(
        &mut self,
        function: &Arc<Function>,
        arguments: &[NodeId],
        span: Option<Span>,
    ) -> Result<NodeId, Diagnostic> {
        let key = (Arc::as_ptr(function), arguments.to_vec());
        if let Some(&known) = self.calls.get(&key) {
            return Ok(known);
        }
        if self.depth == MAX_CALL_DEPTH {
            return Err(
                Diagnostic::new(format!("calls nest deeper than {MAX_CALL_DEPTH}")).at(span),
            );
        }
        self.depth += 1;
        let ambient = if self.library && function.prelude {
            Context::Library
        } else {
            Context::Ambient
        };
        let new = self.write_out(&function.body, ambient, arguments)?;
        self.depth -= 1;
        self.calls.insert(key, new);
        Ok(new)
    }

    /// The same value with `context` for every ambient node that it needs. In
    /// the ambient context and in the library's it is there already.
    fn place(&mut self, target: NodeId, context: Context) -> Result<NodeId, Diagnostic> {
        match context {
            Context::Ambient | Context::Library => Ok(target),
            Context::Real | Context::Fixed(_) | Context::Program(_) => self.copy(target, context),
        }
    }

    /// The same value with `context` for every ambient node that it needs, and
    /// with where that computes its functions for the library's. When all is
    /// written out the ambient context can be both.
    fn copy(&mut self, target: NodeId, context: Context) -> Result<NodeId, Diagnostic> {
        if !self.open[target.index()] {
            return Ok(target);
        }
        let library = match context {
            Context::Ambient => context,
            _ => context.functions(),
        };
        let mut work = vec![target];
        while let Some(&id) = work.last() {
            if self.placed.contains_key(&(id, context)) {
                work.pop();
                continue;
            }
            let waiting = work.len();
            let mut operands = Vec::with_capacity(3);
            for &operand in self.builder.operands(id) {
                if !self.open[operand.index()] {
                    operands.push(operand);
                } else if let Some(&new) = self.placed.get(&(operand, context)) {
                    operands.push(new);
                } else {
                    work.push(operand);
                }
            }
            if work.len() > waiting {
                continue;
            }
            work.pop();
            let node = self.builder.node_at(id);
            let own = match node.context {
                Context::Library => library,
                other => other.or(context),
            };
            if own == node.context && operands == self.builder.operands(id) {
                self.placed.insert((id, context), id);
                continue;
            }
            let op = node.op.clone();
            let origin = self.builder.origin(id).clone();
            let new = self.node(op, &operands, own, &origin)?;
            if self.library && operands.contains(&new) {
                // The value lives here already; its places go with its names.
                for &span in &origin.spans {
                    if !self.builder.origin(new).spans.contains(&span) {
                        self.builder.add_span(new, span);
                    }
                }
            }
            self.placed.insert((id, context), new);
        }
        Ok(self.placed[&(target, context)])
    }
}
