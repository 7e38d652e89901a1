//! Calls on the tape: multiplied by their declared derivatives, or written out.

use super::*;

impl Tape<'_> {
    /// The body of a call that has to be visited still: that of a function with
    /// an active argument by which no derivative is declared, or with the
    /// target among its free variables.
    pub(super) fn body(&mut self, id: NodeId) -> Result<Option<NodeId>, Diagnostic> {
        let node = self.builder.node_at(id);
        let (Op::Call(function), context) = (&node.op, node.context) else {
            return Ok(None);
        };
        let Some(parts) = self.calls.get(&id) else {
            return Ok(None);
        };
        if parts.body.is_some() || !parts.declared.is_empty() {
            return Ok(None);
        }
        let function = self.builder.function_at(*function).clone();
        let arguments = parts.arguments.clone();
        let mut declared = Vec::new();
        let mut blocked = vec![false; arguments.len()];
        let mut written_out = self.has_free(&function);
        for (index, &argument) in arguments.iter().enumerate() {
            if !self.is_active(argument) {
                continue;
            }
            match (self.declared)(&function, index)? {
                Some(derivative) => {
                    declared.push((derivative, argument));
                    blocked[index] = true;
                }
                None => written_out = true,
            }
        }
        let body = if written_out {
            let operands = self.builder.operands(id).to_vec();
            let mut inside = Vec::with_capacity(operands.len());
            for (&operand, blocked) in operands.iter().zip(blocked) {
                inside.push(if blocked {
                    let own = self.builder.context(operand);
                    let stop = self.builder.node(Op::Convert, &[operand], own, None)?;
                    self.blocked.insert(stop);
                    stop
                } else {
                    operand
                });
            }
            Some(self.write_out(&function, &inside, context)?)
        } else {
            None
        };
        if let Some(parts) = self.calls.get_mut(&id) {
            parts.declared = declared;
            parts.body = body;
        }
        Ok(body)
    }

    /// Whether the target is among a function's free variables, those of the
    /// functions that it calls included.
    pub(super) fn has_free(&mut self, function: &Arc<Function>) -> bool {
        let Target::Variable(Variable::Named(name)) = self.target else {
            return false;
        };
        let mut work = vec![(function.clone(), false)];
        while let Some((function, met)) = work.pop() {
            let key = Arc::as_ptr(&function);
            if self.free.contains_key(&key) {
                continue;
            }
            let body = &function.body;
            if met {
                let own = body.inputs.iter().any(|input| input == name)
                    || body
                        .origins
                        .iter()
                        .any(|o| o.names.iter().any(|n| n == name));
                let inner =
                    |inner: &Arc<Function>| self.free.get(&Arc::as_ptr(inner)) == Some(&true);
                let free = own || body.functions.iter().any(inner);
                self.free.insert(key, free);
            } else {
                work.push((function.clone(), true));
                work.extend(body.functions.iter().map(|inner| (inner.clone(), false)));
            }
        }
        self.free.get(&Arc::as_ptr(function)) == Some(&true)
    }

    /// A function's body with arguments in the parameters' places, calls
    /// staying calls.
    pub(super) fn write_out(
        &mut self,
        function: &Arc<Function>,
        arguments: &[NodeId],
        context: Context,
    ) -> Result<NodeId, Diagnostic> {
        let key = (Arc::as_ptr(function), arguments.to_vec());
        let root = match self.written.get(&key) {
            Some(&known) => known,
            None => {
                let body = &function.body;
                let mut done: Vec<NodeId> = Vec::with_capacity(body.nodes.len());
                for id in body.ids() {
                    let node = body.node(id);
                    let operands: Vec<NodeId> =
                        body.operands(id).iter().map(|o| done[o.index()]).collect();
                    let op = match &node.op {
                        Op::Parameter(index) => {
                            done.push(self.place(arguments[*index as usize], node.context)?);
                            continue;
                        }
                        Op::Input(index) => {
                            Op::Input(self.builder.input(&body.inputs[*index as usize]))
                        }
                        Op::Call(index) => {
                            Op::Call(self.builder.function(&body.functions[*index as usize]))
                        }
                        op => op.clone(),
                    };
                    let origin = body.origin(id);
                    let new = if origin.names.is_empty() {
                        self.node(op, &operands, node.context)?
                    } else {
                        // A definition's value is a node of its own.
                        self.builder.node(op, &operands, node.context, None)?
                    };
                    for name in &origin.names {
                        self.builder.name(new, name);
                    }
                    if let Some(&span) = origin.spans.first()
                        && self.builder.origin(new).spans.is_empty()
                    {
                        self.builder.add_span(new, span);
                    }
                    done.push(new);
                }
                let root = done[body.root.index()];
                self.written.insert(key, root);
                root
            }
        };
        self.place(root, context)
    }

    /// The same value with `context` for every ambient node that it needs; the
    /// arguments of calls take theirs from the call.
    pub(super) fn place(&mut self, target: NodeId, context: Context) -> Result<NodeId, Diagnostic> {
        if context == Context::Ambient || self.builder.context(target) != Context::Ambient {
            return Ok(target);
        }
        let mut work = vec![target];
        while let Some(&id) = work.last() {
            if self.placed.contains_key(&(id, context)) {
                work.pop();
                continue;
            }
            let node = self.builder.node_at(id);
            let op = node.op.clone();
            let keeps = matches!(op, Op::Call(_) | Op::Error(..) | Op::Cause(..));
            let waiting = work.len();
            let mut operands = self.builder.operands(id).to_vec();
            for operand in operands.iter_mut().filter(|_| !keeps) {
                if self.builder.context(*operand) != Context::Ambient {
                    continue;
                }
                match self.placed.get(&(*operand, context)) {
                    Some(&new) => *operand = new,
                    None => work.push(*operand),
                }
            }
            if work.len() > waiting {
                continue;
            }
            work.pop();
            let origin = self.builder.origin(id).clone();
            let new = self.builder.node(op, &operands, context, None)?;
            for name in &origin.names {
                self.builder.name(new, name);
            }
            for &span in &origin.spans {
                self.builder.add_span(new, span);
            }
            self.builder.set_written(new, origin.written);
            if self.blocked.contains(&id) {
                self.blocked.insert(new);
            }
            self.placed.insert((id, context), new);
        }
        Ok(self.placed[&(target, context)])
    }

    pub(super) fn call(
        &mut self,
        id: NodeId,
        guard: GuardId,
        adjoint: Term,
        out: Context,
    ) -> Result<(), Diagnostic> {
        let Some(parts) = self.calls.remove(&id) else {
            return Ok(());
        };
        let context = self.builder.context(id);
        let operands = self.builder.operands(id).to_vec();
        for (derivative, argument) in &parts.declared {
            let factor = self.write_out(derivative, &operands, context)?;
            let term = self.times(adjoint, factor, context)?;
            self.pass(*argument, guard, term, context, out)?;
        }
        if let Some(body) = parts.body {
            self.pass(body, guard, adjoint, context, out)?;
        }
        Ok(())
    }
}
