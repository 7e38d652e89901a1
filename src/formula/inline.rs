//! From the source graph to the one that is evaluated: calls replaced by their
//! bodies, equal nodes made one.
//!
//! A function is a formula with holes: an argument takes the context of the
//! place where its parameter stands, so that `f(x) = fl(x + 1, f32)` rounds
//! all of `f(2*y)`'s operations to f32, just as writing the body out would.

use super::*;
use std::collections::HashMap;
use std::rc::Rc;

/// How deep calls may nest (a chain of calls, `f(f(f(x)))`, is not nesting).
const MAX_CALL_DEPTH: usize = 200;

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
            calls: HashMap::new(),
            depth: 0,
        };
        let frame = Rc::new(Frame::new(self, ambient, Vec::new()));
        let root = inliner.instantiate(&frame, self.root)?;
        Ok(inliner.builder.finish(root, self.sources.clone()))
    }

    /// Whether no operation here or in a called function fixes its context.
    fn is_plain(&self) -> bool {
        self.nodes.iter().all(|node| {
            node.context == Context::Ambient && !matches!(node.op, Op::Round(_) | Op::Convert)
        }) && self.functions.iter().all(|called| called.body.is_plain())
    }
}

/// One call in progress: a body, what its ambient context is, and where its
/// arguments are.
struct Frame<'a> {
    formula: &'a Formula,
    ambient: Context,
    arguments: Vec<(Rc<Frame<'a>>, NodeId)>,
    done: std::cell::RefCell<HashMap<NodeId, NodeId>>,
    /// The same call with another ambient context.
    others: std::cell::RefCell<HashMap<Context, Rc<Frame<'a>>>>,
}

impl<'a> Frame<'a> {
    fn new(
        formula: &'a Formula,
        ambient: Context,
        arguments: Vec<(Rc<Frame<'a>>, NodeId)>,
    ) -> Self {
        Frame {
            formula,
            ambient,
            arguments,
            done: Default::default(),
            others: Default::default(),
        }
    }

    fn context(&self, node: &Node) -> Context {
        match node.context {
            Context::Ambient => self.ambient,
            fixed => fixed,
        }
    }

    fn with_ambient(self: &Rc<Self>, ambient: Context) -> Rc<Frame<'a>> {
        if ambient == self.ambient {
            return self.clone();
        }
        self.others
            .borrow_mut()
            .entry(ambient)
            .or_insert_with(|| Rc::new(Frame::new(self.formula, ambient, self.arguments.clone())))
            .clone()
    }
}

struct Inliner {
    builder: Builder,
    /// Calls of plain functions that are already there, by function, context
    /// and arguments: `f(x) + f(x)` costs one body.
    calls: HashMap<(*const Function, Context, Vec<NodeId>), NodeId>,
    depth: usize,
}

impl Inliner {
    /// The new node for a node of a frame. Works through the frame's nodes in
    /// order, so that only calls nest.
    fn instantiate<'a>(
        &mut self,
        frame: &Rc<Frame<'a>>,
        target: NodeId,
    ) -> Result<NodeId, Diagnostic> {
        if let Some(&done) = frame.done.borrow().get(&target) {
            return Ok(done);
        }
        for id in needed(frame, target) {
            let new = self.one(frame, id)?;
            for name in &frame.formula.origin(id).names {
                self.builder.name(new, name);
            }
            frame.done.borrow_mut().insert(id, new);
        }
        Ok(frame.done.borrow()[&target])
    }

    /// The new node for a node whose operands are done.
    fn one<'a>(&mut self, frame: &Rc<Frame<'a>>, id: NodeId) -> Result<NodeId, Diagnostic> {
        let formula = frame.formula;
        let node = formula.node(id);
        let context = frame.context(node);
        let span = formula.origin(id).spans.first().copied();
        match &node.op {
            Op::Parameter(index) => {
                let (caller, argument) = &frame.arguments[*index as usize];
                let caller = if node.context == Context::Ambient {
                    caller.clone()
                } else {
                    caller.with_ambient(context)
                };
                self.deeper(span, |this| this.instantiate(&caller, *argument))
            }
            Op::Call(function) => {
                let function = &formula.functions[*function as usize];
                let arguments = formula.operands(id);
                let key = function.body.is_plain().then(|| {
                    let done = frame.done.borrow();
                    let arguments = arguments.iter().map(|argument| done[argument]).collect();
                    (Arc::as_ptr(function), context, arguments)
                });
                if let Some(&known) = key.as_ref().and_then(|key| self.calls.get(key)) {
                    return Ok(known);
                }
                let caller = if node.context == Context::Ambient {
                    frame.clone()
                } else {
                    frame.with_ambient(context)
                };
                let arguments = arguments.iter().map(|&a| (caller.clone(), a)).collect();
                let callee = Rc::new(Frame::new(&function.body, context, arguments));
                let new =
                    self.deeper(span, |this| this.instantiate(&callee, function.body.root))?;
                if let Some(span) = span {
                    self.builder.add_span(new, span);
                }
                if let Some(key) = key {
                    self.calls.insert(key, new);
                }
                Ok(new)
            }
            Op::Round(_) if context != Context::Real => Err(Diagnostic::new(format!(
                "`{}` rounds the exact value of a real number; it cannot stand inside a computation",
                formula.label(id)
            ))
            .at(span)
            .help("inside a computation, write cast(…, FORMAT)")),
            op => {
                let done = frame.done.borrow();
                let operands: Vec<NodeId> = formula.operands(id).iter().map(|o| done[o]).collect();
                drop(done);
                if *op == Op::Convert && self.builder.context(operands[0]) == context {
                    return Ok(operands[0]);
                }
                match op {
                    Op::Input(index) => {
                        let index = self.builder.input(&formula.inputs[*index as usize]);
                        self.builder.node(Op::Input(index), &[], context, span)
                    }
                    op => self.builder.node(op.clone(), &operands, context, span),
                }
            }
        }
    }

    fn deeper<T>(
        &mut self,
        span: Option<Span>,
        work: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        if self.depth == MAX_CALL_DEPTH {
            return Err(
                Diagnostic::new(format!("calls nest deeper than {MAX_CALL_DEPTH}")).at(span),
            );
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }
}

/// The nodes of a frame's formula that `target` needs and that are not done,
/// operands first.
fn needed(frame: &Frame<'_>, target: NodeId) -> Vec<NodeId> {
    let done = frame.done.borrow();
    let mut marked = vec![false; target.index() + 1];
    marked[target.index()] = true;
    let mut list = Vec::new();
    for index in (0..=target.index()).rev() {
        let id = NodeId(index as u32);
        if marked[index] && !done.contains_key(&id) {
            list.push(id);
            for operand in frame.formula.operands(id) {
                marked[operand.index()] = true;
            }
        }
    }
    list.reverse();
    list
}

impl Formula {
    /// The formula with some of its inputs replaced by constant formulas, both
    /// inlined for the reals.
    ///
    /// # Errors
    /// Where the graph would have more than [`MAX_NODES`] nodes.
    pub fn substitute(&self, constants: &[(&str, &Formula)]) -> Result<Formula, Diagnostic> {
        let mut builder = Builder::merging();
        let mut done = Vec::with_capacity(self.nodes.len());
        for id in self.ids() {
            let replacement = match &self.node(id).op {
                Op::Input(index) => {
                    let name = self.inputs[*index as usize].as_str();
                    constants.iter().find(|(known, _)| *known == name)
                }
                _ => None,
            };
            let new = match replacement {
                Some((_, constant)) => {
                    let value = constant.append_to(&mut builder)?;
                    match self.node(id).context {
                        // An input of a computation is rounded once.
                        Context::Fixed(format) => {
                            let op = Op::Round(format);
                            let once = builder.node(op, &[value], Context::Real, None)?;
                            builder.node(Op::Convert, &[once], self.node(id).context, None)?
                        }
                        Context::Real | Context::Ambient => value,
                    }
                }
                None => self.append_node(id, &done, &mut builder)?,
            };
            for name in &self.origin(id).names {
                builder.name(new, name);
            }
            done.push(new);
        }
        Ok(builder.finish(done[self.root.index()], self.sources.clone()))
    }

    fn append_to(&self, builder: &mut Builder) -> Result<NodeId, Diagnostic> {
        let mut done = Vec::with_capacity(self.nodes.len());
        for id in self.ids() {
            done.push(self.append_node(id, &done, builder)?);
        }
        Ok(done[self.root.index()])
    }

    fn append_node(
        &self,
        id: NodeId,
        done: &[NodeId],
        builder: &mut Builder,
    ) -> Result<NodeId, Diagnostic> {
        let node = self.node(id);
        let operands: Vec<NodeId> = self.operands(id).iter().map(|o| done[o.index()]).collect();
        let span = self.origin(id).spans.first().copied();
        let op = match &node.op {
            Op::Input(index) => Op::Input(builder.input(&self.inputs[*index as usize])),
            op => op.clone(),
        };
        builder.node(op, &operands, node.context, span)
    }
}
