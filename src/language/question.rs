//! Claims made of an expression that was written without one: what is asked of it
//! over a box.

use super::claim::folded;
use super::parser::Parser;
use super::scope::Locals;
use super::tree::{FormatName, Shape, Tree};
use super::{Claim, ClaimVerdict, Definitions, Over, Quantified, Rows};
use crate::format::Format;
use crate::formula::{Context, Diagnostic, ErrorUnit, Op, Span};
use std::sync::Arc;

/// What is asked of an expression e.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The range of e's exact value; whether e holds, if it is a predicate.
    Itself,
    /// Whether the predicate e fails: `not e`.
    Negation,
    /// The range of `fl(e, F)`.
    Computed(Format),
    /// The range of `relerr(e, F)` or one of its kin.
    Error(ErrorUnit, Format),
}

impl Definitions {
    /// The claim that asks something of an expression for all values of variables.
    /// Variables that are not among these may have a value from elsewhere.
    ///
    /// ```
    /// use ulpscope::language::{Asked, Definitions};
    /// let mut definitions = Definitions::new();
    /// let (_, box_of) = definitions.place("--at", "x=[0, 1]")?;
    /// let claim = definitions.question("expression", "x - x^2", Asked::Itself, box_of)?;
    /// assert!(claim.is_range);
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// As [`Definitions::formula`]; and where a number is asked for of a predicate, or
    /// a truth value of a number.
    pub fn question(
        &mut self,
        source_name: &str,
        text: &str,
        asked: Asked,
        variables: Vec<Quantified>,
    ) -> Result<Claim, Diagnostic> {
        let source = self.source(source_name, text)?;
        let mut body = Parser::new(text, source, &mut self.names)?.only_expression()?;
        self.check()?;
        let span = body.root().span;
        if let Some(shape) = asked.shape() {
            let root = body.root_id();
            body.push(shape, &[root], span);
        }
        let body: Arc<Tree> = Arc::new(body);
        let formula = self.graph_of(body.clone(), Context::Real, Rows::None)?;
        Ok(Claim {
            title: None,
            expected: ClaimVerdict::Proved,
            stated: false,
            text: folded(self.sources.text(span)),
            span,
            is_range: !formula.is_predicate(),
            variables,
            body,
            locals: Locals::default(),
            precisions: Vec::new(),
        })
    }

    /// The claim for all values of variables that are free in it: as if they stood
    /// behind its `for`. Names that the claim gives a value or a range itself, and
    /// those that it does not use, are left out.
    ///
    /// # Errors
    /// Where the claim has no meaning any more.
    pub fn with_intervals(
        &mut self,
        claim: &Claim,
        variables: &[Quantified],
    ) -> Result<Claim, Diagnostic> {
        let own = |name: &str| claim.variables.iter().any(|own| own.name == name);
        let precisions: Vec<(String, u32)> = claim
            .precision_variables()
            .into_iter()
            .map(|name| (name, Format::F64.precision()))
            .collect();
        let source = self.resolve_claim(claim, &precisions)?;
        let exact = source.inline(Context::Real)?;
        let mut wider = claim.clone();
        for variable in variables {
            let name = &variable.name;
            let used = source.mentioned().contains(name) || exact.inputs().contains(name);
            if own(name) || !used {
                continue;
            }
            let before = match wider.variables.is_empty() {
                true => " for",
                false => ",",
            };
            let interval = variable.interval_text(self);
            wider
                .text
                .push_str(&format!("{before} {name} in {interval}"));
            wider.variables.push(variable.clone());
        }
        Ok(wider)
    }
}

impl Asked {
    /// What stands around the expression.
    fn shape(self) -> Option<Shape> {
        match self {
            Asked::Itself => None,
            Asked::Negation => Some(Shape::Apply(Op::Not)),
            Asked::Computed(format) => Some(Shape::Fl(FormatName::Fixed(format))),
            Asked::Error(unit, format) => Some(Shape::Error(unit, FormatName::Fixed(format))),
        }
    }
}

impl Quantified {
    /// The interval as it was written; nothing where there is none.
    pub fn interval_text(&self, definitions: &Definitions) -> String {
        match &self.over {
            Over::Reals(Some(bounds)) | Over::Floats(_, Some(bounds)) => {
                folded(definitions.sources().text(bounds.span))
            }
            _ => String::new(),
        }
    }

    /// Where the interval stands; the variable, where there is none.
    pub fn place(&self) -> Span {
        match &self.over {
            Over::Reals(Some(bounds)) | Over::Floats(_, Some(bounds)) => bounds.span,
            _ => self.span,
        }
    }

    /// The same interval's numbers of a format.
    pub fn floats(&self, format: Format) -> Quantified {
        let over = match &self.over {
            Over::Reals(bounds) | Over::Floats(_, bounds) => {
                Over::Floats(format.storage().nearest(), bounds.clone())
            }
            Over::Integers(..) => self.over.clone(),
        };
        Quantified {
            over,
            ..self.clone()
        }
    }

    /// The error where a single value is needed.
    pub fn no_value(&self) -> Diagnostic {
        let message = format!("`{}` needs one value here, not an interval", self.name);
        Diagnostic::new(message)
            .at(self.place())
            .help("eval, compare and verify take intervals, reports do not")
    }
}
