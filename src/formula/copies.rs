//! Formulas made of other formulas' nodes: inputs replaced, sides rounded, one graph
//! beside another.

use super::*;

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
                        Context::Real
                        | Context::Ambient
                        | Context::Library
                        | Context::Program(_) => value,
                    }
                }
                None => self.append_node(id, &done, &mut builder)?,
            };
            for name in &self.origin(id).names {
                builder.name(new, name);
            }
            builder.set_written(new, self.origin(id).written);
            done.push(new);
        }
        Ok(builder.finish(done[self.root.index()], self.sources.clone()))
    }

    /// The same, its value carried into a context, where it is a number that lives in
    /// another one.
    pub fn stored_in(mut self, context: Context) -> Formula {
        let root = self.root;
        if self.is_predicate() || self.node(root).context == context {
            return self;
        }
        self.root = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            op: Op::Convert,
            context,
            start: self.operands.len() as u32,
            len: 1,
        });
        self.operands.push(root);
        self.origins.push(self.origin(root).clone());
        self
    }

    /// The question what happens at the root of this graph (inlined for an ambient
    /// format) where it is computed in a format, inlined for the reals.
    ///
    /// # Errors
    /// Where the graph would have more than [`MAX_NODES`] nodes.
    pub fn asking_for_cause(&self, format: Format) -> Result<Formula, Diagnostic> {
        let mut builder = Builder::merging();
        let root = self.append_to(&mut builder)?;
        let op = Op::Cause(Cause::Exact, format, None);
        let root = builder.node(op, &[root], Context::Real, None)?;
        let question = builder.finish_whole(root, self.sources.clone());
        question.inline(Context::Real)
    }

    /// A predicate about exact values as one about these values rounded once
    /// to a format: both sides of each comparison that decides it are rounded
    /// (but for a bare infinity or NaN). Conditions inside a side stay exact.
    ///
    /// # Errors
    /// Where the graph would have more than [`MAX_NODES`] nodes.
    pub fn with_sides_rounded(&self, format: Format) -> Result<Formula, Diagnostic> {
        let mut decisive = vec![false; self.nodes.len()];
        decisive[self.root.index()] = true;
        for id in self.ids().rev() {
            if !decisive[id.index()] {
                continue;
            }
            for &operand in self.operands(id) {
                decisive[operand.index()] |= self.kind(operand) == Kind::Predicate;
            }
        }
        // What was reached through the sides of a comparison is not decisive;
        // predicates reach predicates only through logic and choices.
        let mut builder = Builder::merging();
        let mut done = Vec::with_capacity(self.nodes.len());
        for id in self.ids() {
            let node = self.node(id);
            let compares = matches!(node.op, Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne);
            if !decisive[id.index()] || !compares || node.context != Context::Real {
                done.push(self.append_node(id, &done, &mut builder)?);
                continue;
            }
            let mut sides = Vec::with_capacity(2);
            for &operand in self.operands(id) {
                let side = done[operand.index()];
                sides.push(if self.kind(operand) == Kind::Predicate {
                    side
                } else {
                    builder.node(Op::Round(format), &[side], Context::Real, None)?
                });
            }
            let span = self.origin(id).spans.first().copied();
            done.push(builder.node(node.op.clone(), &sides, node.context, span)?);
        }
        Ok(builder.finish(done[self.root.index()], self.sources.clone()))
    }

    /// Adds this formula's nodes to another one in the making; gives its root.
    ///
    /// # Errors
    /// Where that would have more than [`MAX_NODES`] nodes.
    pub fn append_to(&self, builder: &mut Builder) -> Result<NodeId, Diagnostic> {
        let mut done = Vec::with_capacity(self.nodes.len());
        for id in self.ids() {
            let new = self.append_node(id, &done, builder)?;
            for name in &self.origin(id).names {
                builder.name(new, name);
            }
            done.push(new);
        }
        Ok(done[self.root.index()])
    }

    pub(super) fn append_node(
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
            Op::Call(index) => Op::Call(builder.function(&self.functions[*index as usize])),
            op => op.clone(),
        };
        builder.node(op, &operands, node.context, span)
    }

    /// Whether two formulas are one graph, equal nodes being one.
    ///
    /// # Errors
    /// Where both together have more than [`MAX_NODES`] nodes.
    pub fn is_same(&self, other: &Formula) -> Result<bool, Diagnostic> {
        let mut builder = Builder::merging();
        Ok(self.append_to(&mut builder)? == other.append_to(&mut builder)?)
    }
}
