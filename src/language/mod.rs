//! From text to formulas.
//!
//! The stages are files: `adding` takes texts; `lexer` makes tokens; `parser`,
//! `operand`, `interval`, `statement` and `claim_parser` make trees; `resolve` and
//! `call` make [`Formula`]s of them, with `scope` (what a name means) and `kinds`
//! (number or predicate), and `claim` and `question` make [`Claim`]s. `check`
//! resolves what is defined but not used; `messages` has what the parser says where it
//! cannot go on. The functions that come with the language are written in it
//! (`prelude.ulp`); `fpcore` reads and writes formulas of FPBench.
//!
//! A definition is a name for a formula over free variables; definitions may
//! come in any order. What is no parameter, no definition and no constant is a
//! free variable, in a function's body too: it is an input wherever the
//! function is called. A user's own names hide the prelude's and the constants'
//! (pi, e, inf, nan); the prelude itself goes on meaning its own.
//!
//! `fl(e, F)` gives e's operations the context F, `cast(e, F)` is a conversion
//! inside a computation, and `rn(e, F)`, `rz`, `ru`, `rd` round a real number
//! once. `d(e, v)` is the derivative of e by a free variable, a parameter or a
//! value that was defined ([`Builder::derivative`](crate::formula::Builder::derivative)),
//! with the derivatives that were declared. `abserr(e, F)`, `relerr`, `ulps`, `bits` are the error of e computed in
//! F, `ulp(e, F)` the unit in the last place of its exact value, and
//! `cause(e, F) == absorbed` says what happened at e's last operation. In a threshold's
//! predicate the name `F` is the row's arithmetic.
//!
//! `e in [a, b]` is a <= e and e <= b, with < for a round bracket. `e ~ 2.41` says
//! that e is at most half a unit of the last digit away, between 2.405 and 2.415
//! (the unit of `57%` is 1 %). `isnan(e)` is e != e, `isinf(e)` is e == inf or
//! e == -inf.
//!
//! A claim is a predicate with values and ranges for its free variables:
//!
//! ```text
//! claim "underflows" refuted: fl(exp(-50), f64) == 0
//! claim: fl(sigmoid(z), f32) == 1 for z : f32 in [16.635533, 64]
//! claim: fl(sigmoid(t), mpfr:p) == 1 where t = 50 for p in 2..72
//! claim: ulps(sigmoid(z), f64) in ? for z : f64 in [0, 100]
//! ```
//!
//! Without a verdict it should be proved; `in ?` asks for the range of a number.
//! Inside a claim its own names, those behind `where` and `for`, hide all others,
//! in the user's definitions too: `where w = 0.8` gives a definition's free
//! variable w its value. The prelude goes on meaning its own.
//!
//! A call means its body with the arguments in the parameters' places: an
//! argument is computed in the context of each of them.

mod adding;
mod call;
mod check;
mod claim;
mod claim_parser;
mod derivative;
mod fpcore;
mod interval;
mod kinds;
mod lexer;
mod markdown;
mod messages;
mod operand;
mod parser;
mod question;
mod resolve;
mod scope;
mod statement;
mod tree;
mod values;

pub use claim::{Bounds, Claim, ClaimVerdict, Over, Quantified};
pub use fpcore::{Core, CoreHead, write_fpcore};
pub use markdown::{CodeBlock, Comment, Markdown};
pub use parser::MAX_NESTING;
pub use question::Asked;
pub(crate) use scope::nearest;
pub use values::{Binding, RangeBinding, RangeEnd, RangePart};

use crate::format::Format;
use crate::formula::{Context, Diagnostic, Formula, Function, SourceId, Sources, Span};
use parser::Parser;
use scope::Scope;
use std::collections::HashMap;
use std::sync::Arc;
use tree::{FormatName, Named, Names, Shape, Symbol, Tree};

/// The most bytes that one text may have.
pub const MAX_SOURCE_BYTES: usize = 1 << 24;

/// Other names of built-in functions.
const ALIASES: &[(&str, &str)] = &[("ln", "log")];

/// The view that differentiates.
const DERIVATIVE: &str = "d";

const PRELUDE: &str = include_str!("prelude.ulp");

/// A definition's index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct DefinitionId(u32);

impl DefinitionId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
struct Definition {
    name: Named,
    /// `None` for a value.
    parameters: Option<Vec<Symbol>>,
    body: Arc<Tree>,
    prelude: bool,
    /// Whether it came as a graph, which no other definition changes.
    resolved: bool,
    /// Whether it is being resolved.
    active: bool,
    /// A function's resolved body.
    function: Option<Compiled>,
}

/// A function with all that it calls.
#[derive(Clone, Debug)]
struct Compiled {
    function: Arc<Function>,
    /// How deep calls nest in it.
    depth: usize,
}

/// A derivative that was declared.
#[derive(Clone, Debug)]
struct Declared {
    function: Named,
    wrt: usize,
    parameters: Vec<Symbol>,
    body: Arc<Tree>,
    prelude: bool,
    /// Whether it is being resolved.
    active: bool,
    compiled: Option<Compiled>,
}

/// A derivative that was declared, and the function that it is declared for.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredDerivative<'a> {
    /// The function.
    pub function: &'a Arc<Function>,
    /// The parameter, by index.
    pub parameter: usize,
    /// What was declared: a function of the same parameters.
    pub derivative: &'a Arc<Function>,
    /// Where it was declared.
    pub place: Span,
}

/// An expression that was read; [`Definitions::resolve`] makes a graph of it.
#[derive(Clone, Debug)]
pub struct Expression {
    tree: Arc<Tree>,
}

impl Expression {
    /// Whether it says itself where values live: with `fl`, `rn`, `relerr` or
    /// another view (`cast` is a part of a computation).
    pub fn has_views(&self) -> bool {
        let view = |shape: &Shape| shape.format().is_some() && !matches!(shape, Shape::Cast(_));
        self.tree.shapes().any(view)
    }

    /// Whether it names `F`, the row's arithmetic.
    pub fn names_rows(&self) -> bool {
        self.tree
            .shapes()
            .any(|shape| shape.format() == Some(FormatName::Study))
    }

    /// Its place in the source.
    pub fn span(&self) -> Span {
        self.tree.root().span
    }
}

/// What `F` is in an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// There are no rows: `F` has no meaning.
    None,
    /// This row's arithmetic.
    Format(Format),
}

/// The prelude and what the user defined, with the texts that all of it came
/// from.
///
/// ```
/// use ulpscope::language::Definitions;
/// let mut definitions = Definitions::new();
/// definitions.add("-d", "z = w*x").unwrap();
/// let formula = definitions.formula("expression", "sigmoid(z)").unwrap();
/// assert_eq!(formula.inputs(), ["w", "x"]);
///
/// let error = definitions.formula("expression", "sigmoit(z)").unwrap_err();
/// assert_eq!(error.message, "there is no function `sigmoit`");
/// assert_eq!(error.help.unwrap(), "did you mean sigmoid?");
/// assert_eq!(definitions.sources().text(error.span.unwrap()), "sigmoit");
/// ```
#[derive(Clone, Debug)]
pub struct Definitions {
    sources: Arc<Sources>,
    names: Names,
    list: Vec<Definition>,
    /// What a name means to the user, and to the prelude.
    user: HashMap<Symbol, DefinitionId>,
    prelude: HashMap<Symbol, DefinitionId>,
    derivatives: Vec<Declared>,
    /// Definitions that are being resolved, outermost first.
    active: Vec<DefinitionId>,
    /// How many of the definitions and derivatives were checked.
    checked: (usize, usize),
    /// How many nodes all resolved functions have.
    function_nodes: usize,
    scope: Scope,
}

impl Default for Definitions {
    fn default() -> Self {
        Self::new()
    }
}

impl Definitions {
    /// The prelude alone.
    pub fn new() -> Self {
        let mut definitions = Definitions {
            sources: Arc::default(),
            names: Names::default(),
            list: Vec::new(),
            user: HashMap::new(),
            prelude: HashMap::new(),
            derivatives: Vec::new(),
            active: Vec::new(),
            checked: (0, 0),
            function_nodes: 0,
            scope: Scope::default(),
        };
        definitions
            .add_text("prelude", PRELUDE, true)
            .expect("the prelude is correct");
        definitions
    }

    /// Adds a text of definitions, one a line. Claims among them are read, and
    /// left out ([`Definitions::add_document`] gives them). What their right sides mean is
    /// looked up later, so that definitions may come in any order; see
    /// [`Definitions::check`].
    ///
    /// # Errors
    /// Where the text does not have the form of definitions, and where it
    /// defines a name again. Then nothing is added but the text, for messages.
    pub fn add(&mut self, source_name: &str, text: &str) -> Result<(), Diagnostic> {
        self.add_text(source_name, text, false).map(drop)
    }

    /// Resolves every definition that was added since the last time.
    ///
    /// # Errors
    /// Where a definition uses what is not there, mixes up numbers and
    /// predicates, or needs itself, and where a declared derivative does not
    /// fit its function.
    pub fn check(&mut self) -> Result<(), Diagnostic> {
        if self.checked != (self.list.len(), self.derivatives.len()) {
            self.check_definitions()?;
            self.checked = (self.list.len(), self.derivatives.len());
        }
        Ok(())
    }

    /// Takes all definitions for correct, those that were added since the last
    /// check too: what the program itself wrote.
    pub fn trust(&mut self) {
        self.checked = (self.list.len(), self.derivatives.len());
    }

    /// The source graph of one expression: calls are nodes, and a definition's
    /// nodes are there once for each context that it is used in.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// use ulpscope::formula::Context;
    /// use ulpscope::language::Definitions;
    /// let formula = Definitions::new().formula("expression", "fl(x + 1, f32)").unwrap();
    /// let computed = formula.inline(Context::Fixed(Format::F64)).unwrap();
    /// let contexts: Vec<Context> = computed.nodes().iter().map(|node| node.context).collect();
    /// let f32 = Context::Fixed(Format::F32);
    /// assert_eq!(contexts, [f32, f32, f32, Context::Fixed(Format::F64)]);
    /// ```
    ///
    /// # Errors
    /// Where the text is no expression, or a definition is in error
    /// ([`Definitions::check`]).
    pub fn formula(&mut self, source_name: &str, text: &str) -> Result<Formula, Diagnostic> {
        let expression = self.expression(source_name, text)?;
        self.resolve(&expression, Context::Ambient, Rows::None)
    }

    /// Reads one expression whose graph depends on a row's arithmetic.
    ///
    /// # Errors
    /// As [`Definitions::formula`].
    pub fn expression(&mut self, source_name: &str, text: &str) -> Result<Expression, Diagnostic> {
        let source = self.source(source_name, text)?;
        let tree = Parser::new(text, source, &mut self.names)?.only_expression()?;
        self.check()?;
        Ok(Expression {
            tree: Arc::new(tree),
        })
    }

    /// The source graph of an expression: outside of its views its operations
    /// live in `context`, and `F` is what `rows` says.
    ///
    /// ```
    /// use ulpscope::format::Format;
    /// use ulpscope::formula::Context;
    /// use ulpscope::language::{Definitions, Rows};
    /// let mut definitions = Definitions::new();
    /// let claim = definitions.expression("claim", "fl(1/3, F) < 1/3")?;
    /// let row = Rows::Format(Format::F32);
    /// let formula = definitions.resolve(&claim, Context::Real, row)?;
    /// assert!(formula.nodes().iter().any(|node| node.context == Context::Fixed(Format::F32)));
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// As [`Definitions::formula`], and where `F` has no meaning.
    pub fn resolve(
        &mut self,
        expression: &Expression,
        context: Context,
        rows: Rows,
    ) -> Result<Formula, Diagnostic> {
        self.graph_of(expression.tree.clone(), context, rows)
    }

    /// The derivative of an expression by the variable that `by` names, as
    /// `d(expression, by)` writes it.
    ///
    /// # Errors
    /// Where `by` is no name.
    pub fn differentiate(
        &mut self,
        expression: &Expression,
        source_name: &str,
        by: &str,
    ) -> Result<Expression, Diagnostic> {
        let source = self.source(source_name, by)?;
        let variable = Parser::new(by, source, &mut self.names)?.only_name()?;
        let mut tree = (*expression.tree).clone();
        let (root, span) = (tree.root_id(), tree.root().span);
        tree.push(Shape::Derivative(variable), &[root], span);
        Ok(Expression {
            tree: Arc::new(tree),
        })
    }

    /// Whether a name is defined, by the user or by the prelude.
    pub fn is_defined(&self, name: &str) -> bool {
        let symbol = self.names.find(name);
        symbol.is_some_and(|symbol| self.look_up(symbol, false).is_some())
    }

    /// Whether the user declared a derivative.
    pub fn declares_derivatives(&self) -> bool {
        self.derivatives.iter().any(|declared| !declared.prelude)
    }

    /// The derivatives that the user declared, after [`Definitions::check`].
    pub fn declared_derivatives(&self) -> impl Iterator<Item = DeclaredDerivative<'_>> {
        let own = self.derivatives.iter().filter(|declared| !declared.prelude);
        own.filter_map(|declared| {
            let target = self.derived(declared)?;
            Some(DeclaredDerivative {
                function: &self.list[target.index()].function.as_ref()?.function,
                parameter: declared.wrt,
                derivative: &declared.compiled.as_ref()?.function,
                place: declared.function.span,
            })
        })
    }

    /// Every text so far, that of a failed call included.
    pub fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    fn source(&mut self, name: &str, text: &str) -> Result<SourceId, Diagnostic> {
        if text.len() > MAX_SOURCE_BYTES {
            return Err(Diagnostic::new(format!(
                "{name} has {} bytes; a text may have {MAX_SOURCE_BYTES}",
                text.len()
            )));
        }
        Ok(Arc::make_mut(&mut self.sources).add(name, text))
    }
}
