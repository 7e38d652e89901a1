//! Differentiation of a formula into a formula, in reverse mode, as
//! backpropagation does it (Griewank and Walther, *Evaluating Derivatives*,
//! chapter 3).
//!
//! The root has the adjoint 1. The nodes that lead to the variable are run
//! through in the reverse of the order of evaluation (operands from left to
//! right, each before its user); a node's rule ([`rules`]) makes,
//! from its adjoint, a contribution to the adjoint of each of its operands. An
//! adjoint is the sum of the contributions in the order in which they come:
//! ((c₁ + c₂) + c₃) + …; that of the variable is the derivative. Nothing is
//! simplified but products with the root's 1, and sums with a contribution that
//! is zero whatever the values are: what `fl` computes is what a tape computes.
//!
//! **Calls.** A call of a function whose derivative was declared is multiplied
//! by that, written out once: σ(z)'s contribution is ā·(σ(z)·(1 − σ(z))), with
//! the call itself in the place of σ(z). Any other call is written out, and the
//! tape runs through its body.
//!
//! **Choices.** `if c then a else b` is differentiated branch by branch: what
//! the branch a alone contributes is chosen by the same c, outside of which it
//! is 0. So what is undefined, or NaN, in the branch not taken stays there:
//! where c chooses another branch, the derivative is that of the branch taken.
//! What several branches use is differentiated where one of them is taken: under
//! (if c then 1 else if d then 1 else 0) != 0 for the first two of three.
//! `max(a, b)` counts as `if a >= b then a else b`, `min(a, b)` as `if a < b then
//! a else b`: at a tie one takes the first and the other the second, so that
//! max(a, b) + min(a, b) is differentiated as a + b is.
//!
//! **Contexts.** An adjoint lives where its node lives. A rounding (`fl`, `cast`)
//! passes the adjoint on, rounded to where the operand lives.

mod branches;
mod calls;
mod rules;

use super::*;
use branches::{Guard, GuardId};
use hashbrown::{HashMap, HashSet};

/// Looks up the declared derivative of a function by one of its parameters.
pub type Declared<'a> =
    dyn FnMut(&Arc<Function>, usize) -> Result<Option<Arc<Function>>, Diagnostic> + 'a;

/// What to differentiate by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Variable<'a> {
    /// A free variable, or the intermediate value with this name.
    Named(&'a str),
    /// A parameter of the function whose body is being made.
    Parameter(u32),
}

/// An adjoint, or a contribution to one, that is not zero whatever the values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Term {
    /// 1.
    One,
    /// The value of a node.
    Node(NodeId),
}

/// What the adjoint of a call goes on to.
#[derive(Debug, Default)]
struct Parts {
    /// The arguments that a derivative was declared for, by parameter.
    declared: Vec<(Arc<Function>, NodeId)>,
    /// All arguments.
    arguments: Vec<NodeId>,
    /// The root of the body that is written out for the others.
    body: Option<NodeId>,
}

/// Which nodes' adjoints are asked for.
#[derive(Clone, Copy, Debug)]
enum Target<'a> {
    /// The variable's.
    Variable(Variable<'a>),
    /// Those of all nodes that are no predicates.
    Everything,
}

/// One run of the tape.
struct Tape<'b> {
    builder: &'b mut Builder,
    target: Target<'b>,
    declared: &'b mut Declared<'b>,
    /// Nodes of this run by what makes them equal.
    made: HashMap<(Op, Vec<NodeId>, Context), NodeId>,
    placed: HashMap<(NodeId, Context), NodeId>,
    /// Bodies that are written out, by function and arguments.
    written: HashMap<(*const Function, Vec<NodeId>), NodeId>,
    /// Arguments inside such a body that the tape does not run through, since
    /// a derivative by them is declared.
    blocked: HashSet<NodeId>,
    /// Whether a visited node leads to the target.
    active: HashMap<NodeId, bool>,
    calls: HashMap<NodeId, Parts>,
    /// The active nodes, operands before users.
    order: Vec<NodeId>,
    /// Whether a function has the target among its free variables.
    free: HashMap<*const Function, bool>,
    guards: Vec<Guard>,
    guard_index: HashMap<(GuardId, NodeId, bool), GuardId>,
    /// Contributions that were not summed yet.
    pending: HashMap<NodeId, Vec<(GuardId, Term)>>,
    /// Contributions to the variable itself.
    total: Vec<(GuardId, Term)>,
}

impl Builder {
    /// The derivative of `root` by a variable, with derivatives declared for
    /// functions; `None` where the variable does not occur in it.
    ///
    /// # Errors
    /// Where an operation that leads to the variable has no derivative, and
    /// where the formula would have more than [`MAX_NODES`] nodes.
    pub fn derivative(
        &mut self,
        root: NodeId,
        variable: Variable<'_>,
        declared: &mut Declared<'_>,
    ) -> Result<Option<NodeId>, Diagnostic> {
        let first = self.len();
        let context = self.context(root);
        let mut tape = Tape::new(self, Target::Variable(variable), declared);
        let term = if tape.is_target(root) {
            Some(Term::One)
        } else if tape.visit(root)? {
            tape.pending.insert(root, vec![(0, Term::One)]);
            tape.run(|_, _, _| Ok(()), context)?;
            let total = std::mem::take(&mut tape.total);
            tape.combine(total, context, Some(0))?.map(|(_, sum)| sum)
        } else {
            None
        };
        let Some(term) = term else {
            return Ok(None);
        };
        let id = tape.node_of(term, context)?;
        // A node of its own: a name for it is not one for what it equals.
        if id.index() < first {
            return Ok(Some(self.node(Op::Convert, &[id], context, None)?));
        }
        Ok(Some(id))
    }

    /// The derivatives of `root` by each node that leads to it: one for each
    /// node so far, `None` where that is zero whatever the values, for
    /// predicates, and for what an `fl` computes. The builder's formula has no
    /// calls.
    ///
    /// # Errors
    /// As [`Builder::derivative`].
    pub fn adjoints(&mut self, root: NodeId) -> Result<Vec<Option<NodeId>>, Diagnostic> {
        let mut adjoints = vec![None; self.len()];
        let mut declared = |_: &Arc<Function>, _| Ok(None);
        let context = self.context(root);
        let mut tape = Tape::new(self, Target::Everything, &mut declared);
        if !tape.visit(root)? {
            return Ok(adjoints);
        }
        tape.pending.insert(root, vec![(0, Term::One)]);
        let count = adjoints.len();
        tape.run(
            |tape, id, (guard, term)| {
                if id.index() < count {
                    let context = tape.builder.context(id);
                    let lifted = tape.combine(vec![(guard, term)], context, Some(0))?;
                    if let Some((_, term)) = lifted {
                        adjoints[id.index()] = Some(tape.node_of(term, context)?);
                    }
                }
                Ok(())
            },
            context,
        )?;
        Ok(adjoints)
    }
}

impl Formula {
    /// The derivative of a source graph by a free variable or a named value,
    /// through the bodies of all functions; 0 where it does not occur.
    ///
    /// # Errors
    /// As [`Builder::derivative`].
    pub fn derivative(&self, by: &str) -> Result<Formula, Diagnostic> {
        let mut builder = Builder::new();
        let root = self.append_to(&mut builder)?;
        let context = builder.context(root);
        let mut none = |_: &Arc<Function>, _| Ok(None);
        let derivative = builder.derivative(root, Variable::Named(by), &mut none)?;
        let derivative = match derivative {
            Some(id) => id,
            None => {
                let zero = Op::Literal(Arc::new(Literal::from_value(0.into())));
                builder.node(zero, &[], context, None)?
            }
        };
        Ok(builder.finish(derivative, self.sources.clone()))
    }
}

impl Function {
    /// The body as a formula with free variables in the parameters' places.
    ///
    /// # Errors
    /// None that the body itself did not have.
    pub fn formula(&self, names: &[String]) -> Result<Formula, Diagnostic> {
        let mut builder = Builder::new();
        let mut done: Vec<NodeId> = Vec::with_capacity(self.body.nodes.len());
        for id in self.body.ids() {
            let new = match &self.body.node(id).op {
                Op::Parameter(index) => {
                    let index = builder.input(&names[*index as usize]);
                    builder.node(Op::Input(index), &[], self.body.node(id).context, None)?
                }
                _ => self.body.append_node(id, &done, &mut builder)?,
            };
            for name in &self.body.origin(id).names {
                builder.name(new, name);
            }
            done.push(new);
        }
        Ok(builder.finish(done[self.body.root.index()], self.body.sources.clone()))
    }
}

impl<'b> Tape<'b> {
    fn new(
        builder: &'b mut Builder,
        target: Target<'b>,
        declared: &'b mut Declared<'b>,
    ) -> Tape<'b> {
        Tape {
            builder,
            target,
            declared,
            made: HashMap::new(),
            placed: HashMap::new(),
            written: HashMap::new(),
            blocked: HashSet::new(),
            active: HashMap::new(),
            calls: HashMap::new(),
            order: Vec::new(),
            free: HashMap::new(),
            guards: vec![Guard::none()],
            guard_index: HashMap::new(),
            pending: HashMap::new(),
            total: Vec::new(),
        }
    }

    fn is_target(&self, id: NodeId) -> bool {
        match self.target {
            Target::Everything => false,
            Target::Variable(Variable::Parameter(index)) => {
                self.builder.node_at(id).op == Op::Parameter(index)
            }
            Target::Variable(Variable::Named(name)) => {
                let op = &self.builder.node_at(id).op;
                matches!(op, Op::Input(index) if self.builder.input_name(*index) == name)
                    || self.builder.origin(id).names.iter().any(|n| n == name)
            }
        }
    }

    /// Whether the adjoints of all nodes are asked for.
    fn wants_everything(&self) -> bool {
        matches!(self.target, Target::Everything)
    }

    /// Whether a node leads to the target.
    fn is_active(&self, id: NodeId) -> bool {
        self.active.get(&id).copied().unwrap_or(false)
    }

    /// Finds what leads from `root` to the target, and puts it in order.
    fn visit(&mut self, root: NodeId) -> Result<bool, Diagnostic> {
        let mut work = vec![(root, false)];
        while let Some((id, met)) = work.pop() {
            if self.active.contains_key(&id) {
                continue;
            }
            if !met && self.is_target(id) {
                self.active.insert(id, true);
                continue;
            }
            if !met {
                work.push((id, true));
                let children = self.children(id)?;
                work.extend(children.into_iter().rev().map(|child| (child, false)));
                continue;
            }
            if let Some(body) = self.body(id)? {
                work.push((id, true));
                work.push((body, false));
                continue;
            }
            let leaf = self.builder.node_at(id).op.is_leaf();
            let everything = matches!(self.target, Target::Everything);
            let active = if leaf {
                everything && !matches!(self.builder.context(id), Context::Fixed(_))
            } else {
                let children = self.children(id)?;
                let body = self.calls.get(&id).and_then(|parts| parts.body);
                let mut all = children.iter().chain(&body);
                // A value that an `fl` gives is rounded once more outside of it.
                let entry = everything && self.builder.node_at(id).op == Op::Convert;
                let fixed = matches!(self.builder.context(id), Context::Fixed(_));
                let number = self.builder.kind(id) == Kind::Number;
                (entry && !fixed && number) || all.any(|child| self.is_active(*child))
            };
            if active {
                self.check_differentiable(id)?;
                self.order.push(id);
            }
            let node = self.builder.node_at(id);
            let key = (
                node.op.clone(),
                self.builder.operands(id).to_vec(),
                node.context,
            );
            self.made.entry(key).or_insert(id);
            self.active.insert(id, active);
        }
        Ok(self.is_active(root))
    }

    /// The operands that the tape may run on to; of a call the arguments, each
    /// where the call lives.
    fn children(&mut self, id: NodeId) -> Result<Vec<NodeId>, Diagnostic> {
        let node = self.builder.node_at(id);
        let context = node.context;
        let operands = self.builder.operands(id);
        Ok(match node.op {
            Op::Select => operands[1..].to_vec(),
            Op::Call(_) => {
                if let Some(parts) = self.calls.get(&id) {
                    return Ok(parts.arguments.clone());
                }
                let mut arguments = operands.to_vec();
                for argument in &mut arguments {
                    *argument = self.place(*argument, context)?;
                }
                let parts = Parts {
                    arguments: arguments.clone(),
                    ..Parts::default()
                };
                self.calls.insert(id, parts);
                arguments
            }
            // What a fixed format computes is given, where all nodes' errors are
            // asked for.
            Op::Convert if matches!(self.target, Target::Everything) => {
                let fixed = |id: &&NodeId| !matches!(self.builder.context(**id), Context::Fixed(_));
                operands.iter().filter(fixed).copied().collect()
            }
            _ if self.blocked.contains(&id) => Vec::new(),
            _ => operands.to_vec(),
        })
    }

    /// A node of this run; equal ones are one.
    fn node(
        &mut self,
        op: Op,
        operands: &[NodeId],
        context: Context,
    ) -> Result<NodeId, Diagnostic> {
        let key = (op, operands.to_vec(), context);
        if let Some(&known) = self.made.get(&key) {
            return Ok(known);
        }
        let id = self.builder.node(key.0.clone(), operands, context, None)?;
        self.made.insert(key, id);
        Ok(id)
    }

    /// A term as a node.
    fn node_of(&mut self, term: Term, context: Context) -> Result<NodeId, Diagnostic> {
        match term {
            Term::One => self.literal(1, context),
            Term::Node(id) => Ok(id),
        }
    }

    /// A whole number.
    fn literal(&mut self, value: u32, context: Context) -> Result<NodeId, Diagnostic> {
        let literal = Literal::from_value(value.into());
        self.node(Op::Literal(Arc::new(literal)), &[], context)
    }

    /// Runs the tape back, and tells of each node's adjoint, with the branches
    /// outside of which that has no meaning.
    fn run(
        &mut self,
        mut tell: impl FnMut(&mut Self, NodeId, (GuardId, Term)) -> Result<(), Diagnostic>,
        context: Context,
    ) -> Result<(), Diagnostic> {
        for id in std::mem::take(&mut self.order).into_iter().rev() {
            let Some(contributions) = self.pending.remove(&id) else {
                continue;
            };
            let own = self.builder.context(id);
            let guards: Vec<GuardId> = contributions.iter().map(|&(guard, _)| guard).collect();
            let Some((top, adjoint)) = self.combine(contributions, own, None)? else {
                continue;
            };
            let guard = self.union(&guards, top, own)?;
            tell(self, id, (guard, adjoint))?;
            match self.builder.node_at(id).op {
                Op::Call(_) => self.call(id, guard, adjoint, context)?,
                ref op if op.is_leaf() => {}
                _ => self.rule(id, guard, adjoint, context)?,
            }
        }
        Ok(())
    }

    /// ā·x; x alone where ā is 1.
    fn times(&mut self, a: Term, x: NodeId, context: Context) -> Result<Term, Diagnostic> {
        Ok(Term::Node(match a {
            Term::One => x,
            Term::Node(a) => self.node(Op::Mul, &[a, x], context)?,
        }))
    }

    /// Notes a contribution from a node that lives in `from` to one of its
    /// operands; `out` is where the derivative lives.
    fn pass(
        &mut self,
        operand: NodeId,
        guard: GuardId,
        term: Term,
        from: Context,
        out: Context,
    ) -> Result<(), Diagnostic> {
        if !self.is_active(operand) {
            return Ok(());
        }
        let target = self.is_target(operand);
        let to = if target {
            out
        } else {
            self.builder.context(operand)
        };
        let term = match term {
            Term::Node(id) if from != to => Term::Node(self.node(Op::Convert, &[id], to)?),
            term => term,
        };
        if target {
            self.total.push((guard, term));
        } else {
            self.pending.entry(operand).or_default().push((guard, term));
        }
        Ok(())
    }
}
