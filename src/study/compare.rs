//! One formula or several, in several arithmetics, against the certified truth.

use super::SCHEMA;
use super::condition::Condition;
use super::figure::{Exact, Figure};
use super::point::Setting;
use super::subject::Subject;
use crate::arithmetic::emulated::{Input, NoValue};
use crate::arithmetic::native::Libm;
use crate::evaluate::{Engine, compute, engine};
use crate::format::Format;
use crate::measure::{self, Bounds, Verdict};
use crate::truth::{DEFAULT_PRECISION_LIMIT, Truth, Unanswered};
use rug::Float;
use serde::Serialize;

/// What a study may be told beside its subject.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Where hardware arithmetic takes elementary functions from.
    pub libm: Libm,
    /// The greatest working precision for certified values, in bits. Where a
    /// format or the digits asked for need more, they have it.
    pub precision_limit: u32,
    /// How many decimal digits of an exact value to certify.
    pub digits: usize,
    /// Whether to judge results, and to say what rounding the inputs cost. That
    /// takes an exact value at the rounded inputs for each arithmetic, which is
    /// as much work as the computation.
    pub verdicts: bool,
    /// Whether [`compare`] gives condition numbers.
    pub conditions: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            libm: Libm::default(),
            precision_limit: DEFAULT_PRECISION_LIMIT,
            digits: 21,
            verdicts: true,
            conditions: false,
        }
    }
}

/// The result of [`compare`].
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// Where hardware arithmetic took elementary functions from.
    pub libm: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// The inputs as they were given.
    pub inputs: Vec<InputText>,
    /// One entry for each formula, in order.
    pub formulas: Vec<Compared>,
}

/// An input's name and the text of its exact value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct InputText {
    /// The variable.
    pub name: String,
    /// Its value as given.
    pub value: String,
}

impl InputText {
    /// What a point gives.
    pub(super) fn of(settings: &[Setting]) -> Vec<InputText> {
        let text = |setting: &Setting| InputText {
            name: setting.name.clone(),
            value: setting.text.clone(),
        };
        settings.iter().map(text).collect()
    }

    /// The inputs that the subjects have, in the order of the first one's.
    pub(super) fn list(subjects: &[Subject]) -> Vec<InputText> {
        let mut list: Vec<InputText> = Vec::new();
        for setting in subjects.iter().flat_map(Subject::settings) {
            if !list.iter().any(|known| known.name == setting.name) {
                list.push(InputText {
                    name: setting.name.clone(),
                    value: setting.text.clone(),
                });
            }
        }
        list
    }
}

/// One formula in every arithmetic.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// The expression.
    pub formula: String,
    /// The certified exact value at the exact inputs.
    pub exact: Exact,
    /// The condition number by each input, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<Condition>>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions_reason: Option<String>,
    /// One row for each arithmetic, in order.
    pub rows: Vec<Row>,
}

/// One formula in one arithmetic. What does not exist is `None`, and
/// `reasons` tells why.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The arithmetic's name.
    pub arithmetic: String,
    /// Its precision in bits.
    pub precision: u32,
    /// What carried the computation out.
    pub engine: String,
    /// fl: inputs, literals and constants rounded, then every operation.
    pub computed: Option<Figure>,
    /// The exact value at the exact inputs rounded once, in the arithmetic's mode.
    pub rounded_once: Option<Figure>,
    /// |computed − exact|.
    pub absolute_error: Option<Bounds>,
    /// |computed − exact| / |exact|.
    pub relative_error: Option<Bounds>,
    /// |computed − exact| / ulp(exact).
    pub ulps: Option<Bounds>,
    /// −log2(relative error), in 0..p.
    pub correct_bits: Option<Bounds>,
    /// log2(1 + the number of floats between computed and rounded once).
    pub bits_of_error: Option<Bounds>,
    /// What rounding the inputs alone cost: (f(x̂) − f(x))/|f(x)|.
    pub inputs_cost: Option<Bounds>,
    /// How good the computed value is.
    pub verdict: Option<Verdict>,
    /// Why something is missing.
    pub reasons: Vec<String>,
}

/// Compares formulas in arithmetics, each at its own inputs.
///
/// ```
/// use ulpscope::format::Format;
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Options, Point, Subject, compare};
///
/// let mut definitions = Definitions::new();
/// let point = Point::parse(&mut definitions, "z=50", 10_000)?;
/// let sigmoid = Subject::parse(&mut definitions, "sigmoid(z)", &point)?;
/// let result = compare(&[sigmoid], &[Format::F64], &Options::default());
/// let row = &result.formulas[0].rows[0];
/// assert_eq!(row.computed.as_ref().unwrap().decimal(), "1");
/// assert_eq!(row.verdict.unwrap().to_string(), "best possible");
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
pub fn compare(subjects: &[Subject], formats: &[Format], options: &Options) -> Comparison {
    let options = &options.fit_for(formats);
    let formulas = subjects.iter().map(|subject| {
        let mut batches = formats.chunks(BATCH);
        let mut whole = compared(subject, batches.next().unwrap_or_default(), true, options);
        for batch in batches {
            whole.append(compared(subject, batch, false, options));
        }
        if options.conditions {
            match subject.conditions(options.precision_limit) {
                Ok(conditions) => whole.conditions = Some(conditions),
                Err(why) => whole.conditions_reason = Some(why.to_string()),
            }
        }
        whole
    });
    Comparison {
        schema: SCHEMA,
        study: "compare",
        libm: options.libm.to_string(),
        precision_limit: options.precision_limit,
        inputs: InputText::list(subjects),
        formulas: formulas.collect(),
    }
}

/// How many arithmetics share the certified value. The number does not depend on
/// how many threads work, for the bounds' last bits depend on it.
pub(super) const BATCH: usize = 64;

/// A formula in a batch of arithmetics, with its exact value if that is wanted.
pub(super) fn compared(
    subject: &Subject,
    formats: &[Format],
    with_exact: bool,
    options: &Options,
) -> Compared {
    let mut truth = subject.truth(options.precision_limit);
    let exact = with_exact.then(|| Exact::of(&mut truth, options.digits));
    let mut ready = 0;
    let rows = formats.iter().enumerate().map(|(index, &format)| {
        if format.precision() > ready {
            // One evaluation serves all that do not need much more than this one.
            let enough = format
                .precision()
                .saturating_add(format.precision() / 4 + 64);
            let rest = formats[index..].iter().map(Format::precision);
            ready = rest.filter(|&bits| bits <= enough).max().unwrap_or(0);
            let lost = truth.lost();
            truth.expect(ready + measure::ACCURACY, lost);
        }
        row(subject, &mut truth, format, options)
    });
    let rows = rows.collect();
    Compared {
        formula: subject.text().to_string(),
        exact: exact.unwrap_or_default(),
        conditions: None,
        conditions_reason: None,
        rows,
    }
}

impl Compared {
    /// Takes the rows of another batch.
    pub(super) fn append(&mut self, other: Compared) {
        self.rows.extend(other.rows);
    }
}

impl Options {
    /// With a budget that suffices to round to the formats asked for.
    pub(super) fn fit_for(&self, formats: &[Format]) -> Options {
        let finest = formats.iter().map(Format::precision).max().unwrap_or(0);
        Options {
            precision_limit: self.precision_limit.max(finest.saturating_add(128)),
            ..*self
        }
    }
}

fn row(subject: &Subject, truth: &mut Truth<'_>, format: Format, options: &Options) -> Row {
    let graph = subject.graph_for(&format);
    let engine = match &graph {
        Ok(graph) => engine(graph, format, options.libm),
        Err(_) => Engine::Emulated,
    };
    let mut row = Row {
        arithmetic: format.to_string(),
        precision: format.precision(),
        engine: engine.to_string(),
        computed: None,
        rounded_once: None,
        absolute_error: None,
        relative_error: None,
        ulps: None,
        correct_bits: None,
        bits_of_error: None,
        inputs_cost: None,
        verdict: None,
        reasons: Vec::new(),
    };
    let rounded = row.keep(truth.rounded(&format));
    row.rounded_once = rounded.as_ref().map(|value| Figure::new(&format, value));
    let inputs = row.keep(subject.inputs_for(&format, options.precision_limit));
    let Some(inputs) = inputs else { return row };
    let graph = match graph {
        Ok(graph) => graph,
        Err(limit) => {
            row.reason(limit.to_string());
            return row;
        }
    };
    match compute(&graph, format, options.libm, &inputs) {
        Ok(computed) => {
            row.computed = Some(Figure::new(&format, &computed));
            if truth.value().special().is_some() {
                row.reason("the exact value is no finite number to compare with".into());
                return row;
            }
            row.errors(truth, format, &computed, rounded.as_ref());
            if options.verdicts {
                row.judge(subject, truth, format, &computed, &inputs, options);
            }
        }
        Err(NoValue::OutOfRange) => row.reason(format!(
            "the computation leaves the exponents that {format} can hold"
        )),
        Err(NoValue::TooCostly) => {
            row.reason("the computation would take too much time or memory".into());
        }
        Err(NoValue::Undecided) => {
            row.reason("a real number within the computation is not known narrowly enough".into());
        }
    }
    row
}

impl Row {
    fn reason(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    fn keep<T>(&mut self, answer: Result<T, Unanswered>) -> Option<T> {
        answer.map_err(|why| self.reason(why.to_string())).ok()
    }

    /// The errors against the exact value.
    fn errors(
        &mut self,
        truth: &mut Truth<'_>,
        format: Format,
        computed: &Float,
        rounded: Option<&Float>,
    ) {
        if let Some(errors) = self.keep(measure::errors(truth, computed, &format)) {
            self.absolute_error = errors.absolute;
            self.relative_error = errors.relative;
            self.ulps = errors.ulps;
            self.correct_bits = Some(errors.correct_bits);
        }
        self.bits_of_error =
            rounded.and_then(|rounded| measure::bits_of_error(&format, computed, rounded));
    }

    /// The verdict, and what rounding the inputs cost.
    fn judge(
        &mut self,
        subject: &Subject,
        truth: &mut Truth<'_>,
        format: Format,
        computed: &Float,
        inputs: &[Input],
        options: &Options,
    ) {
        let mut rounded = Vec::with_capacity(inputs.len());
        let mut changed = false;
        for (index, input) in inputs.iter().enumerate() {
            let value = match input {
                // An inner fl rounds it for itself, in the exact value too.
                Input::Exact(exact) if !subject.is_ambient(index) => {
                    rounded.push(exact.clone());
                    continue;
                }
                Input::Exact(exact) => format.round_rational(exact),
                Input::Rounded(value) => value.clone(),
            };
            let Some(number) = value.to_rational() else {
                self.reason(format!(
                    "an input has no finite value in {format}: no verdict"
                ));
                return;
            };
            if value.is_zero() && value.is_sign_negative() {
                // Of a function of real numbers there is nothing to say at −0.
                self.reason(format!(
                    "an input is −0 in {format}, no real number: no verdict"
                ));
                return;
            }
            changed |= !matches!(input, Input::Exact(exact) if *exact == number);
            rounded.push(number);
        }
        if changed {
            let mut at_rounded = subject.truth_at(rounded, options.precision_limit);
            at_rounded.expect(format.precision() + measure::ACCURACY, truth.lost());
            let change = measure::relative_change(&mut at_rounded, truth);
            self.inputs_cost = self.keep(change).flatten();
            self.verdict = self.keep(measure::verdict(&mut at_rounded, computed, &format));
        } else {
            // Nothing was rounded: f(x̂) is f(x), if there is such a value.
            let defined = truth.value().enclosure().is_surely();
            self.inputs_cost = defined.then(|| Bounds::point(0));
            self.verdict = self.keep(measure::verdict(truth, computed, &format));
        }
    }
}
