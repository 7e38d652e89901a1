//! The values of variables: points, boxes and ranges.

use super::parser::Parser;
use super::scope::Locals;
use super::statement::BindingTree;
use super::tree::Tree;
use super::{Definitions, Over, Quantified, Rows};
use crate::formula::{Context, Diagnostic, Formula, Op, SourceId, Span};
use std::collections::HashSet;
use std::sync::Arc;

/// A variable's value, as `--at z=50` gives it.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The variable.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Its value: a number without free variables.
    pub value: Formula,
}

/// A variable's values, as `--over z=0..60:5` gives them.
#[derive(Clone, Debug)]
pub struct RangeBinding {
    /// The variable.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Single values and ranges, in order.
    pub parts: Vec<RangePart>,
}

/// One value, or a range with its step.
#[derive(Clone, Debug)]
pub struct RangePart {
    /// The value, or where the range begins.
    pub from: RangeEnd,
    /// Where the range ends.
    pub to: Option<RangeEnd>,
    /// Whether the step multiplies, and what it is.
    pub step: Option<(bool, RangeEnd)>,
    /// All of it.
    pub span: Span,
}

/// A number of a range: one without free variables.
#[derive(Clone, Debug)]
pub struct RangeEnd {
    /// The number.
    pub value: Formula,
    /// Where it stands.
    pub span: Span,
}

impl Definitions {
    /// The values of a point's variables: `z=50, y=1/3`.
    ///
    /// ```
    /// use ulpscope::language::Definitions;
    /// let point = Definitions::new().point("--at", "z=50, y=1/3").unwrap();
    /// let names: Vec<&str> = point.iter().map(|binding| binding.name.as_str()).collect();
    /// assert_eq!(names, ["z", "y"]);
    /// ```
    ///
    /// # Errors
    /// Where the text does not have this form, a variable has two values, or a
    /// value is a predicate or has free variables.
    pub fn point(&mut self, source_name: &str, text: &str) -> Result<Vec<Binding>, Diagnostic> {
        let (bindings, intervals) = self.place(source_name, text)?;
        match intervals.first() {
            None => Ok(bindings),
            Some(interval) => Err(interval.no_value()),
        }
    }

    /// The values of variables, and the intervals of those that have no single
    /// value: `x=[1, 2], y=3, z=(0, 1]`.
    ///
    /// ```
    /// use ulpscope::language::Definitions;
    /// let (values, intervals) = Definitions::new().place("--at", "x=[1, 2], y=3")?;
    /// assert_eq!((values[0].name.as_str(), intervals[0].name.as_str()), ("y", "x"));
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// As [`Definitions::point`].
    pub fn place(
        &mut self,
        source_name: &str,
        text: &str,
    ) -> Result<(Vec<Binding>, Vec<Quantified>), Diagnostic> {
        let source = self.source(source_name, text)?;
        let bindings = Parser::new(text, source, &mut self.names)?.bindings()?;
        self.check()?;
        let (mut values, mut intervals) = (Vec::new(), Vec::new());
        for (name, value) in bindings {
            let (span, name) = (name.span, self.names.text(name.symbol).to_string());
            match value {
                BindingTree::Number(tree) => {
                    let value = self.constant(tree, source)?;
                    values.push(Binding { name, span, value });
                }
                BindingTree::Interval(interval) => {
                    let bounds = self.bounds(interval, &Locals::default())?;
                    let over = Over::Reals(Some(bounds));
                    intervals.push(Quantified { name, span, over });
                }
            }
        }
        Ok((values, intervals))
    }

    /// The ranges of variables: `z=0..60:5, x=1e-12..1:x10, y=1,2,5`. Behind a
    /// comma stands another variable with its `=`, or another part of the same
    /// one's values.
    ///
    /// ```
    /// use ulpscope::language::Definitions;
    /// let ranges = Definitions::new().ranges("--over", "z=0..60:5, 70, w=1/2").unwrap();
    /// let parts: Vec<usize> = ranges.iter().map(|range| range.parts.len()).collect();
    /// assert_eq!(parts, [2, 1]);
    /// ```
    ///
    /// # Errors
    /// As [`Definitions::point`].
    pub fn ranges(
        &mut self,
        source_name: &str,
        text: &str,
    ) -> Result<Vec<RangeBinding>, Diagnostic> {
        let source = self.source(source_name, text)?;
        let ranges = Parser::new(text, source, &mut self.names)?.ranges()?;
        self.check()?;
        let mut list = Vec::with_capacity(ranges.len());
        for (name, items) in ranges {
            let mut parts = Vec::with_capacity(items.len());
            for item in items {
                let first = item.from.root().span;
                let last = item.step.as_ref().map(|(_, tree)| tree);
                let last = last.or(item.to.as_ref()).map(|tree| tree.root().span);
                let mut end = |tree: Tree| {
                    let span = tree.root().span;
                    let value = self.constant(tree, source)?;
                    Ok(RangeEnd { value, span })
                };
                parts.push(RangePart {
                    span: first.to(last.unwrap_or(first)),
                    from: end(item.from)?,
                    to: item.to.map(&mut end).transpose()?,
                    step: match item.step {
                        Some((times, tree)) => Some((times, end(tree)?)),
                        None => None,
                    },
                });
            }
            list.push(RangeBinding {
                name: self.names.text(name.symbol).to_string(),
                span: name.span,
                parts,
            });
        }
        Ok(list)
    }

    /// A number without free variables.
    fn constant(&mut self, tree: Tree, source: SourceId) -> Result<Formula, Diagnostic> {
        let root = tree.root().span;
        let value = self.graph_of(Arc::new(tree), Context::Ambient, Rows::None)?;
        if value.is_predicate() {
            let message = "a value is a number; this is a predicate";
            return Err(Diagnostic::new(message)
                .at(root)
                .help("write a number: 0.5, 1/3, 2^-24"));
        }
        if let Some((variable, span)) = free_variable(&value, &|_| false) {
            let message = format!("a value has no free variables; `{variable}` is one");
            // It may stand in a definition that the value uses.
            let span = span.filter(|span| span.source == source).unwrap_or(root);
            return Err(Diagnostic::new(message).at(span).help(format!(
                "write a number, or define it with -d '{variable} = …'"
            )));
        }
        Ok(value)
    }
}

/// The first free variable that a formula needs and that is not `bound`, with
/// its first place.
pub(super) fn free_variable<'a>(
    formula: &'a Formula,
    bound: &dyn Fn(&str) -> bool,
) -> Option<(&'a str, Option<Span>)> {
    let mut seen = HashSet::new();
    let mut waiting = vec![formula];
    while let Some(formula) = waiting.pop() {
        let free = formula.inputs().iter().position(|name| !bound(name));
        if let Some(index) = free {
            let input = Op::Input(index as u32);
            let id = formula.ids().find(|&id| formula.node(id).op == input);
            let span = id.and_then(|id| formula.origin(id).spans.first().copied());
            return Some((&formula.inputs()[index], span));
        }
        for node in formula.nodes().iter().rev() {
            if let Op::Call(index) = node.op {
                let function = &formula.functions()[index as usize];
                if seen.insert(Arc::as_ptr(function)) {
                    waiting.push(&function.body);
                }
            }
        }
    }
    None
}
