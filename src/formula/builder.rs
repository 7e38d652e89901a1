//! Making a formula, node by node.

use super::*;
use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};
use std::collections::HashMap;
use std::hash::BuildHasher;

/// Collects nodes into a [`Formula`]. Nodes are kept apart even where they are
/// equal, unless the builder was made with [`Builder::merging`].
#[derive(Debug)]
pub struct Builder {
    nodes: Vec<Node>,
    operands: Vec<NodeId>,
    origins: Vec<Origin>,
    inputs: Vec<String>,
    input_index: HashMap<String, u32>,
    functions: Vec<Arc<Function>>,
    function_index: HashMap<*const Function, u32>,
    /// The nodes by what makes them equal: operation, context and operands.
    merged: Option<HashTable<NodeId>>,
    hasher: DefaultHashBuilder,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// A builder that keeps every node.
    pub fn new() -> Self {
        Builder {
            nodes: Vec::new(),
            operands: Vec::new(),
            origins: Vec::new(),
            inputs: Vec::new(),
            input_index: HashMap::new(),
            functions: Vec::new(),
            function_index: HashMap::new(),
            merged: None,
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// A builder that lets equal nodes (same operation, operands and context)
    /// be one, keeping all their spans and names.
    pub fn merging() -> Self {
        Builder {
            merged: Some(HashTable::new()),
            ..Self::new()
        }
    }

    /// How many nodes there are so far.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Adds a node behind its operands.
    ///
    /// # Errors
    /// Where the formula would have more than [`MAX_NODES`] nodes.
    pub fn node(
        &mut self,
        op: Op,
        operands: &[NodeId],
        context: Context,
        span: Option<Span>,
    ) -> Result<NodeId, Diagnostic> {
        debug_assert!(operands.iter().all(|id| id.index() < self.nodes.len()));
        let id = NodeId(self.nodes.len() as u32);
        let full = self.nodes.len() >= MAX_NODES;
        if let Some(merged) = &mut self.merged {
            let (nodes, pool, hasher) = (&self.nodes, &self.operands, &self.hasher);
            let hash = |op: &Op, context: Context, operands: &[NodeId]| {
                hasher.hash_one((op, context, operands))
            };
            let entry = merged.entry(
                hash(&op, context, operands),
                |known| {
                    let node = &nodes[known.index()];
                    *node.operands(pool) == *operands && node.context == context && node.op == op
                },
                |known| {
                    let node = &nodes[known.index()];
                    hash(&node.op, node.context, node.operands(pool))
                },
            );
            match entry {
                Entry::Occupied(known) => {
                    let known = *known.get();
                    if let Some(span) = span {
                        self.add_span(known, span);
                    }
                    return Ok(known);
                }
                Entry::Vacant(place) if !full => {
                    place.insert(id);
                }
                Entry::Vacant(_) => {}
            }
        }
        if full {
            return Err(Diagnostic::new(format!(
                "the formula has more than {MAX_NODES} operations"
            ))
            .at(span)
            .help("split it, or evaluate its parts one by one"));
        }
        let call = matches!(op, Op::Call(_));
        self.nodes.push(Node {
            op,
            context,
            start: self.operands.len() as u32,
            len: operands.len() as u32,
        });
        self.operands.extend_from_slice(operands);
        self.origins.push(Origin {
            spans: span.into_iter().collect(),
            names: Vec::new(),
            written: span.map(|span| Written { span, call }),
        });
        Ok(id)
    }

    /// The index of a free variable, which is new when its name is.
    pub fn input(&mut self, name: &str) -> u32 {
        if let Some(&known) = self.input_index.get(name) {
            return known;
        }
        let index = self.inputs.len() as u32;
        self.inputs.push(name.to_string());
        self.input_index.insert(name.to_string(), index);
        index
    }

    /// The index of a function, which is new when it was not called yet.
    pub fn function(&mut self, function: &Arc<Function>) -> u32 {
        *self
            .function_index
            .entry(Arc::as_ptr(function))
            .or_insert_with(|| {
                self.functions.push(function.clone());
                self.functions.len() as u32 - 1
            })
    }

    /// Gives a node a name that the user chose.
    pub fn name(&mut self, id: NodeId, name: &str) {
        let names = &mut self.origins[id.index()].names;
        if !names.iter().any(|known| known == name) {
            names.push(name.to_string());
        }
    }

    /// Notes one more place in the source where this node stands.
    pub fn add_span(&mut self, id: NodeId, span: Span) {
        let spans = &mut self.origins[id.index()].spans;
        if spans.last() != Some(&span) {
            spans.push(span);
        }
    }

    /// Notes where a node stands outside of functions' bodies, if that is not
    /// known yet.
    pub(super) fn set_written(&mut self, id: NodeId, written: Option<Written>) {
        let known = &mut self.origins[id.index()].written;
        *known = known.or(written);
    }

    /// Where a node's value lives.
    pub fn context(&self, id: NodeId) -> Context {
        self.nodes[id.index()].context
    }

    /// The name of a free variable.
    pub(super) fn input_name(&self, index: u32) -> &str {
        &self.inputs[index as usize]
    }

    /// Whether a free variable, or a node, has this name.
    pub fn knows(&self, name: &str) -> bool {
        let named = |origin: &Origin| origin.names.iter().any(|known| known == name);
        self.input_index.contains_key(name) || self.origins.iter().any(named)
    }

    pub(super) fn function_at(&self, index: u32) -> &Arc<Function> {
        &self.functions[index as usize]
    }

    pub(super) fn node_at(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(super) fn operands(&self, id: NodeId) -> &[NodeId] {
        let node = self.node_at(id);
        &self.operands[node.start as usize..(node.start + node.len) as usize]
    }

    pub(super) fn origin(&self, id: NodeId) -> &Origin {
        &self.origins[id.index()]
    }

    /// Whether a node so far is a number or a predicate.
    pub fn kind(&self, id: NodeId) -> Kind {
        let mut id = id;
        while self.node_at(id).op == Op::Convert {
            id = self.operands(id)[0];
        }
        match &self.node_at(id).op {
            Op::Call(function) => {
                let body = &self.functions[*function as usize].body;
                body.kind(body.root())
            }
            op => op.kind(),
        }
    }

    /// The formula whose value is that of `root`. Nodes that the root does not
    /// need stay out.
    pub fn finish(self, root: NodeId, sources: Arc<Sources>) -> Formula {
        let mut formula = self.finish_whole(root, sources);
        formula.sweep();
        formula
    }

    /// The same with every node, so that all keep their ids.
    pub fn finish_whole(self, root: NodeId, sources: Arc<Sources>) -> Formula {
        Formula {
            nodes: self.nodes,
            operands: self.operands,
            origins: self.origins,
            mentioned: self.inputs.clone(),
            inputs: self.inputs,
            functions: self.functions,
            root,
            sources,
        }
    }
}

impl Formula {
    /// Drops the nodes that the root does not need, and the inputs that then
    /// no node names.
    fn sweep(&mut self) {
        let mut needed = vec![false; self.nodes.len()];
        needed[self.root.index()] = true;
        for id in self.ids().rev() {
            if needed[id.index()] {
                for &operand in self.operands(id) {
                    needed[operand.index()] = true;
                }
            }
        }
        let mut renamed = vec![NodeId(0); self.nodes.len()];
        // Inputs keep their order, whatever order the nodes are in.
        let mut used = vec![false; self.inputs.len()];
        for id in self.ids().filter(|id| needed[id.index()]) {
            if let Op::Input(index) = self.node(id).op {
                used[index as usize] = true;
            }
        }
        let mut inputs: Vec<String> = Vec::new();
        let mut input_renamed = vec![0; self.inputs.len()];
        for (old, name) in self.inputs.iter().enumerate().filter(|(old, _)| used[*old]) {
            input_renamed[old] = inputs.len() as u32;
            inputs.push(name.clone());
        }
        let mut nodes = Vec::new();
        let mut operands = Vec::new();
        let mut origins = Vec::new();
        for id in self.ids().filter(|id| needed[id.index()]) {
            renamed[id.index()] = NodeId(nodes.len() as u32);
            let mut node = self.node(id).clone();
            if let Op::Input(index) = &mut node.op {
                *index = input_renamed[*index as usize];
            }
            node.start = operands.len() as u32;
            operands.extend(self.operands(id).iter().map(|o| renamed[o.index()]));
            nodes.push(node);
            origins.push(std::mem::take(&mut self.origins[id.index()]));
        }
        self.root = renamed[self.root.index()];
        self.nodes = nodes;
        self.operands = operands;
        self.origins = origins;
        self.inputs = inputs;
    }
}
