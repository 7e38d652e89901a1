//! A formula at a point, ready for every arithmetic.

use super::point::{Point, Setting, Value};
use crate::arithmetic::emulated::Input;
use crate::format::Format;
use crate::formula::{Context, Diagnostic, Formula, Node, Op, Span};
use crate::language::Definitions;
use crate::measure::ExactInput;
use crate::truth::{Truth, Unanswered};
use rug::Rational;
use std::borrow::Cow;

/// A formula with what is needed to compute it in any format and to certify
/// its exact value at a point.
#[derive(Clone, Debug)]
pub struct Subject {
    text: String,
    /// With its calls.
    source: Formula,
    /// Its ambient nodes take the format under study; for the exact value they
    /// are real.
    pub(super) graph: Formula,
    /// The same with the inputs that are no rationals replaced by their
    /// formulas, for the exact value at the point; none if all are rationals.
    exact: Option<Formula>,
    /// The values of `graph`'s inputs, in their order.
    settings: Vec<Setting>,
}

impl Subject {
    /// Reads an expression to be computed, and takes its inputs' values from
    /// the point.
    ///
    /// # Errors
    /// Where the expression is not one, is a truth value, or an input has no
    /// value.
    pub fn parse(
        definitions: &mut Definitions,
        text: &str,
        point: &Point,
    ) -> Result<Self, Diagnostic> {
        let source = definitions.formula("expression", text)?;
        if source.is_predicate() {
            return Err(Diagnostic::new("this is a truth value, not a number")
                .at(source.origin(source.root()).spans.first().copied())
                .help("whether it holds, `ulpscope eval` tells"));
        }
        Self::new(text, source, Context::Ambient, point)
    }

    /// Reads an expression whose exact value is asked for; it may be a
    /// predicate, and round real numbers with `rn`.
    ///
    /// # Errors
    /// Where the expression is not one, or an input has no value.
    pub fn parse_exact(
        definitions: &mut Definitions,
        text: &str,
        point: &Point,
    ) -> Result<Self, Diagnostic> {
        let source = definitions.formula("expression", text)?;
        Self::new(text, source, Context::Real, point)
    }

    pub(super) fn new(
        text: &str,
        source: Formula,
        ambient: Context,
        point: &Point,
    ) -> Result<Self, Diagnostic> {
        // A program may leave its result in another format than that of the row.
        let graph = source.inline(ambient)?.stored_in(ambient);
        let mut settings = Vec::new();
        for name in graph.inputs() {
            let known = point.settings.iter().find(|setting| setting.name == *name);
            settings.push(known.cloned().ok_or_else(|| no_value(&graph, name))?);
        }
        let reals: Vec<(&str, &Formula)> = settings
            .iter()
            .filter_map(|setting| match &setting.value {
                Value::Real(formula) => Some((setting.name.as_str(), formula)),
                Value::Rational(_) => None,
            })
            .collect();
        let exact = match reals.as_slice() {
            [] => None,
            reals => Some(graph.substitute(reals)?),
        };
        Ok(Subject {
            text: text.trim().to_string(),
            source,
            graph,
            exact,
            settings,
        })
    }

    /// Gives an input that had a rational value another one.
    pub(super) fn move_to(&mut self, name: &str, value: &Rational, text: &str) {
        let known = self
            .settings
            .iter_mut()
            .find(|setting| setting.name == name);
        if let Some(setting) = known {
            setting.value = Value::Rational(value.clone());
            setting.text = text.to_string();
        }
    }

    /// Whether a precision makes a difference: whether something is computed in
    /// the arithmetic of the row.
    pub(super) fn has_ambient_operations(&self) -> bool {
        let ambient = |node: &Node| node.context == Context::Ambient && node.op != Op::Convert;
        self.graph.nodes().iter().any(ambient)
    }

    /// Checks that every variable of a point is a free one of some subject.
    ///
    /// # Errors
    /// As [`Subject::check_names`].
    pub fn check_point(
        subjects: &[Subject],
        point: &Point,
        definitions: &Definitions,
    ) -> Result<(), Diagnostic> {
        let known = |name: &String| subjects.iter().any(|s| s.inputs().contains(name));
        if point.settings.iter().all(|setting| known(&setting.name)) {
            return Ok(());
        }
        let sources: Vec<&Formula> = subjects.iter().map(|subject| &subject.source).collect();
        Self::check_names(&sources, point, definitions)
    }

    /// Checks that every variable of a point is a free one of some source graph.
    ///
    /// # Errors
    /// Where one does not occur, or is defined and so cannot be given a value.
    pub fn check_names(
        sources: &[&Formula],
        point: &Point,
        definitions: &Definitions,
    ) -> Result<(), Diagnostic> {
        let settings = point.settings.iter();
        let names = settings.map(|setting| (setting.name.as_str(), setting.span));
        Self::check_used(sources, names, definitions)
    }

    /// The same for names and where they stand.
    pub(super) fn check_used<'a>(
        sources: &[&Formula],
        given: impl Iterator<Item = (&'a str, Span)>,
        definitions: &Definitions,
    ) -> Result<(), Diagnostic> {
        let mut inputs: Vec<String> = Vec::new();
        for source in sources {
            inputs.extend_from_slice(source.mentioned());
            // A function's free variables come to light when it is written out.
            inputs.extend_from_slice(source.inline(Context::Ambient)?.inputs());
        }
        inputs.sort();
        inputs.dedup();
        for (name, span) in given {
            if inputs.iter().any(|known| known == name) {
                continue;
            }
            if definitions.is_defined(name) {
                return Err(Diagnostic::new(format!(
                    "`{name}` is defined, so it cannot be given a value"
                ))
                .at(span)
                .help("give values to the variables that it is made of"));
            }
            let names: Vec<String> = inputs.iter().map(|name| format!("`{name}`")).collect();
            return Err(
                Diagnostic::new(format!("`{name}` does not occur in the formula"))
                    .at(span)
                    .help(if names.is_empty() {
                        "it has no free variables".to_string()
                    } else {
                        format!("its free variables are {}", names.join(", "))
                    }),
            );
        }
        Ok(())
    }

    /// Whether the expression is a truth value.
    pub fn is_predicate(&self) -> bool {
        self.graph.is_predicate()
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the inputs.
    pub fn inputs(&self) -> &[String] {
        self.graph.inputs()
    }

    /// The exact value at the point.
    pub fn truth(&self, limit: u32) -> Truth<'_> {
        let exact = self.exact.as_ref().unwrap_or(&self.graph);
        let inputs = exact.inputs().iter().map(|name| {
            let setting = self.settings.iter().find(|setting| setting.name == *name);
            match setting.map(|setting| &setting.value) {
                Some(Value::Rational(value)) => value.clone(),
                _ => unreachable!("only rational inputs are left"),
            }
        });
        Truth::new(exact, inputs.collect(), limit)
    }

    /// The value of an input, if it is a rational.
    pub(super) fn rational(&self, name: &str) -> Option<&Rational> {
        let mut settings = self.settings.iter();
        let setting = settings.find(|setting| setting.name == name)?;
        match &setting.value {
            Value::Rational(value) => Some(value),
            Value::Real(_) => None,
        }
    }

    /// The exact value at other, rational inputs.
    pub fn truth_at(&self, inputs: Vec<Rational>, limit: u32) -> Truth<'_> {
        Truth::new(&self.graph, inputs, limit)
    }

    /// The inputs' exact values, in the graph's order.
    pub(super) fn exact_inputs(&self) -> Vec<ExactInput<'_>> {
        let settings = self.settings.iter();
        settings
            .map(|setting| match &setting.value {
                Value::Rational(value) => ExactInput::Rational(value),
                Value::Real(formula) => ExactInput::Real(formula),
            })
            .collect()
    }

    /// The graph, inlined for the ambient context.
    pub(super) fn graph(&self) -> &Formula {
        &self.graph
    }

    /// Whether no `fl` in it names a format.
    pub(super) fn is_of_one_format(&self) -> bool {
        self.graph
            .all_contexts(|context| !matches!(context, Context::Fixed(_) | Context::Program(_)))
    }

    /// How many operations a computation takes.
    pub(super) fn operations(&self) -> usize {
        self.graph.nodes().len()
    }

    /// The graph to compute in a format: one of its own where the format
    /// computes functions in a wider one. The inputs are the same in all.
    ///
    /// # Errors
    /// Where that graph would be too large.
    pub(super) fn graph_for(&self, format: &Format) -> Result<Cow<'_, Formula>, Diagnostic> {
        if format.functions().is_none() {
            return Ok(Cow::Borrowed(&self.graph));
        }
        let context = Context::Fixed(*format);
        let graph = self.source.inline(context)?.stored_in(context);
        debug_assert_eq!(graph.inputs(), self.graph.inputs());
        Ok(Cow::Owned(graph))
    }

    /// The inputs for a computation in a format.
    ///
    /// # Errors
    /// Where the rounding of an input is undecided at the budget.
    pub fn inputs_for(&self, format: &Format, limit: u32) -> Result<Vec<Input>, Unanswered> {
        let input = |(index, setting): (usize, &Setting)| match &setting.value {
            Value::Rational(value) => Ok(Input::Exact(value.clone())),
            Value::Real(formula) => {
                let format = self.entry(index, format).unwrap_or(*format);
                let rounded = Truth::new(formula, Vec::new(), limit).rounded(&format)?;
                Ok(Input::Rounded(rounded))
            }
        };
        self.settings.iter().enumerate().map(input).collect()
    }

    /// The format that an input is rounded to on entry when the ambient one is
    /// `format`: an inner `fl` has its own. `None` if it is used nowhere.
    fn entry(&self, input: usize, format: &Format) -> Option<Format> {
        let mut entry = None;
        for node in self.graph.nodes() {
            match (&node.op, node.context) {
                (Op::Input(index), Context::Ambient) if *index as usize == input => {
                    return Some(*format);
                }
                (Op::Input(index), Context::Fixed(own) | Context::Program(own))
                    if *index as usize == input =>
                {
                    entry.get_or_insert(own);
                }
                _ => {}
            }
        }
        entry
    }

    /// Whether the ambient format rounds this input.
    pub(super) fn is_ambient(&self, input: usize) -> bool {
        self.graph
            .nodes()
            .iter()
            .any(|node| node.op == Op::Input(input as u32) && node.context == Context::Ambient)
    }

    /// What the subject takes its values from: names with the texts that gave
    /// them.
    pub(super) fn settings(&self) -> &[Setting] {
        &self.settings
    }
}

/// The error for an input without a value.
pub(super) fn no_value(formula: &Formula, name: &str) -> Diagnostic {
    let index = formula.inputs().iter().position(|input| input == name);
    let first_use = formula
        .ids()
        .find(|&id| matches!(formula.node(id).op, Op::Input(i) if Some(i as usize) == index));
    let span = first_use.and_then(|id| formula.origin(id).spans.first().copied());
    if name == "F" {
        return Diagnostic::new("`F` stands here as a variable")
            .at(span)
            .help("the arithmetic of a row is named behind the comma of a view, as in fl(x, F)");
    }
    Diagnostic::new(format!("`{name}` has no value"))
        .at(span)
        .help(format!(
            "give it one with --at {name}=…, or define it with -d '{name} = …'"
        ))
}
