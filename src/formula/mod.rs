//! Formulas as data.
//!
//! A [`Formula`] is an immutable graph in static single assignment form:
//! operands stand before their users, every node has the place in the source
//! that it came from and, where the user named it, its name. How a formula is
//! written is what is studied, so nothing here rewrites or folds: the only
//! step between the source graph and the one that is evaluated is
//! [`Formula::inline`], which replaces calls by their bodies and lets equal
//! nodes be one.

mod builder;
mod cause;
mod copies;
mod derivative;
mod inline;
mod literal;
mod op;
mod source;
mod text;

pub use builder::Builder;
pub use cause::Cause;
pub use derivative::{Declared, Variable};
pub use inline::MAX_CALL_DEPTH;
pub use literal::{Literal, LiteralError, MAX_LITERAL_EXPONENT};
pub use op::{Arity, Constant, ErrorUnit, Kind, OPS, Op, OpInfo};
pub use source::{SourceId, Sources, Span};
pub use text::Text;

use crate::format::Format;
use std::fmt;
use std::sync::Arc;

/// The most nodes a formula may have. A formula at the limit takes about half
/// a gigabyte when it is evaluated over enclosures.
pub const MAX_NODES: usize = 1 << 20;

/// The index of a node in its formula. Operands have smaller indices than
/// their users.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The index, for slices.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a node's value lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Context {
    /// The exact value, a real number.
    Real,
    /// The arithmetic under study; the reals when the truth is asked for.
    Ambient,
    /// Where the ambient arithmetic computes its functions. Only while calls are
    /// inlined.
    Library,
    /// Rounded to this format, whatever the arithmetic under study.
    Fixed(Format),
    /// A program's own choice: rounded to this format where the program is
    /// computed, a real number where its exact value is asked for.
    Program(Format),
}

impl Context {
    /// This context, where `ambient` is in the place of the ambient one.
    pub fn or(self, ambient: Context) -> Context {
        match (self, ambient) {
            (Context::Ambient, ambient) => ambient,
            (Context::Program(_), Context::Real) => Context::Real,
            (Context::Program(format), Context::Fixed(_)) => Context::Fixed(format),
            (fixed, _) => fixed,
        }
    }

    /// Where the functions are computed whose results live here.
    fn functions(self) -> Context {
        match self {
            Context::Ambient => Context::Library,
            Context::Fixed(format) => format.functions().map_or(self, Context::Fixed),
            Context::Real | Context::Library | Context::Program(_) => self,
        }
    }
}

/// One operation of a formula.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// Where its value lives.
    pub context: Context,
    start: u32,
    len: u32,
}

impl Node {
    /// The node's own part of its formula's list of operands.
    fn operands<'a>(&self, pool: &'a [NodeId]) -> &'a [NodeId] {
        &pool[self.start as usize..(self.start + self.len) as usize]
    }
}

/// A function of the language: its body is a formula whose
/// [`Op::Parameter`] nodes stand for the arguments.
#[derive(Debug)]
pub struct Function {
    /// The name a user calls it by.
    pub name: String,
    /// The parameters' names, in order.
    pub parameters: Vec<String>,
    /// Whether it is one of the prelude's, which a format with a wider one for
    /// functions computes there ([`Format::functions`]).
    pub prelude: bool,
    /// The body.
    pub body: Formula,
}

/// Where a node came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Every place in the source whose value this node is; the first is where
    /// it was met first.
    pub spans: Vec<Span>,
    /// Names the user gave it (`s = …`).
    pub names: Vec<String>,
    /// Where it stands outside of all functions' bodies, in the user's own words.
    pub written: Option<Written>,
}

/// A node's place outside of functions' bodies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// The place.
    pub span: Span,
    /// Whether a call stands there.
    pub call: bool,
}

/// An expression as a graph; see the module's page.
#[derive(Clone, Debug)]
pub struct Formula {
    nodes: Vec<Node>,
    operands: Vec<NodeId>,
    origins: Vec<Origin>,
    inputs: Vec<String>,
    mentioned: Vec<String>,
    functions: Vec<Arc<Function>>,
    root: NodeId,
    sources: Arc<Sources>,
}

/// What is wrong with an input, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub message: String,
    /// Where, if at one place of a source.
    pub span: Option<Span>,
    /// A word to stand at the caret.
    pub label: Option<String>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Something wrong at no particular place.
    pub fn new(message: impl Into<String>) -> Self {
        Diagnostic {
            message: message.into(),
            span: None,
            label: None,
            help: None,
        }
    }

    /// The same, at a place.
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// The same, with a word at the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same, with the way to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

impl Formula {
    /// All nodes, operands before users.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The operands of a node.
    pub fn operands(&self, id: NodeId) -> &[NodeId] {
        self.node(id).operands(&self.operands)
    }

    /// Where a node came from.
    pub fn origin(&self, id: NodeId) -> &Origin {
        &self.origins[id.index()]
    }

    /// The names of the free variables, in order of first use; an
    /// [`Op::Input`] holds an index into this.
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The names of all free variables that the expression mentions, those whose
    /// values it does not need among them: x in `d(2*x, x)`.
    pub fn mentioned(&self) -> &[String] {
        &self.mentioned
    }

    /// The functions that [`Op::Call`] nodes name by index.
    pub fn functions(&self) -> &[Arc<Function>] {
        &self.functions
    }

    /// The node whose value the formula is.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The same nodes with another root.
    pub fn with_root(&self, root: NodeId) -> Formula {
        Formula {
            root,
            ..self.clone()
        }
    }

    /// The texts that spans point into.
    pub fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    /// The ids of all nodes, operands before users.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// Whether the root is a comparison or a logical connection.
    pub fn is_predicate(&self) -> bool {
        self.kind(self.root) == Kind::Predicate
    }

    /// Whether a node is a number or a predicate.
    pub fn kind(&self, id: NodeId) -> Kind {
        let mut id = id;
        while self.node(id).op == Op::Convert {
            id = self.operands(id)[0];
        }
        match &self.node(id).op {
            Op::Call(function) => {
                let body = &self.functions[*function as usize].body;
                body.kind(body.root)
            }
            op => op.kind(),
        }
    }

    /// Whether every node but the root's ancestors lives in one of the given
    /// contexts' places: true if each node's context satisfies `test`.
    pub fn all_contexts(&self, test: impl Fn(Context) -> bool) -> bool {
        self.nodes.iter().all(|node| test(node.context))
    }

    /// What to call a node: its name, or else its text in the source, with
    /// white space folded.
    pub fn label(&self, id: NodeId) -> String {
        let origin = self.origin(id);
        if let Some(name) = origin.names.first() {
            return name.clone();
        }
        match origin.spans.first() {
            Some(&span) => {
                let text: Vec<&str> = self.sources.text(span).split_whitespace().collect();
                text.join(" ")
            }
            None => self.describe(id),
        }
    }
}
