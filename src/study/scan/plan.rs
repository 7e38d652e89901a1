//! What all threads of a scan share.

use super::space::Space;
use crate::arithmetic::native::Libm;
use crate::evaluate::{Engine, engine};
use crate::format::Format;
use crate::formula::{Diagnostic, Formula, Op};
use crate::study::point::{Setting, Value};
use crate::study::subject::{Subject, no_value};
use rug::Rational;
use std::borrow::Cow;

/// Where an input's value comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The axis with this index.
    Axis(usize),
    /// It does not move.
    Fixed(Rational),
}

/// One formula in one arithmetic over a space.
pub struct Plan<'p> {
    pub space: &'p Space,
    pub format: Format,
    pub engine: Engine,
    /// Whether causes are told: not of another library's functions.
    pub causes: bool,
    /// Whether what is computed is what correct rounding gives, so that blocks
    /// can be enclosed.
    pub blocks: bool,
    /// The greatest working precision, in bits.
    pub limit: u32,
    /// The exact value's graph, and where its inputs come from.
    pub exact: &'p Formula,
    pub sources: Vec<Source>,
    /// The computation's.
    pub computed: Cow<'p, Formula>,
    /// What happens at the root, and its inputs, which may be in another order.
    pub question: Formula,
    pub question_sources: Vec<Source>,
}

impl<'p> Plan<'p> {
    /// # Errors
    /// Where an input has no value, or one that is no rational, and where a graph
    /// would be too large.
    pub fn new(
        subject: &'p Subject,
        space: &'p Space,
        format: Format,
        libm: Libm,
        limit: u32,
    ) -> Result<Self, Diagnostic> {
        let computed = subject.graph_for(&format)?;
        let question = computed.asking_for_cause(format)?;
        let sources = sources(subject.graph(), space, subject.settings())?;
        let question_sources = self::sources(&question, space, subject.settings())?;
        let engine = engine(&computed, format, libm);
        let is_function = |op: &Op| Op::function(op.name()).is_some();
        let functions = computed.nodes().iter().any(|node| is_function(&node.op));
        let foreign = engine == Engine::Native(Libm::Platform) && functions;
        Ok(Plan {
            space,
            format,
            engine,
            causes: !foreign,
            blocks: !foreign,
            limit,
            exact: subject.graph(),
            sources,
            computed,
            question,
            question_sources,
        })
    }
}

/// Where the inputs of a formula come from, in their order.
fn sources(
    formula: &Formula,
    space: &Space,
    settings: &[Setting],
) -> Result<Vec<Source>, Diagnostic> {
    let source = |name: &String| {
        if let Some(axis) = space.axes.iter().position(|axis| axis.name == *name) {
            return Ok(Source::Axis(axis));
        }
        let known = settings.iter().find(|setting| setting.name == *name);
        match known.map(|setting| (&setting.value, setting.span)) {
            Some((Value::Rational(value), _)) => Ok(Source::Fixed(value.clone())),
            Some((Value::Real(_), span)) => Err(Diagnostic::new(format!(
                "in a scan the value of `{name}` has to be a rational number"
            ))
            .at(span)
            .help(format!("define it instead: -d '{name} = …'"))),
            None => Err(no_value(formula, name)),
        }
    };
    formula.inputs().iter().map(source).collect()
}
