//! Formulas in several arithmetics at many points, one after the other: each as
//! [`compare`](super::compare()) has it, with machines that are made once.

use super::compare::Options;
use super::figure::Figure;
use super::point::{Point, Setting, Value};
use super::scan::outcome::{Ulps, error, steps};
use super::subject::Subject;
use crate::arithmetic::emulated::{Input, NoValue};
use crate::arithmetic::native::{Hardware, Libm, Native};
use crate::evaluate::{Engine, Machine, compute, engine};
use crate::format::{Format, Numeral, NumeralError};
use crate::formula::{Diagnostic, Formula, MAX_LITERAL_EXPONENT, Op, SourceId, Span};
use crate::measure::{self, Verdict};
use crate::truth::{self, Truth, Unanswered};
use rug::float::Special;
use rug::{Float, Rational};
use std::borrow::Cow;
use std::fmt;

/// Errors in ulps are known to this part, unless the budget is spent before.
const SHARP: f64 = 1e-9;

/// A value of a variable at a point.
#[derive(Clone, Debug)]
pub enum Given {
    /// A number, exactly.
    Number(Rational),
    /// An infinity, NaN, or −0: no real number, but something to compute with.
    Special(Float),
}

/// Why a text gives no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotGiven {
    /// It is empty.
    Empty,
    /// It has not the form of a number.
    Malformed(NumeralError),
    /// Its exponent is out of range.
    TooLarge,
}

impl fmt::Display for NotGiven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotGiven::Empty => f.write_str("there is no value"),
            NotGiven::Malformed(why) => write!(f, "{why}"),
            NotGiven::TooLarge => write!(
                f,
                "the exponent is beyond ±{MAX_LITERAL_EXPONENT}, the greatest that is read"
            ),
        }
    }
}

impl Given {
    /// Reads a decimal or hexadecimal number, `inf` or `nan`, with a sign before
    /// it or without.
    ///
    /// ```
    /// use ulpscope::study::Given;
    /// assert!(matches!(Given::parse("0x1.8p-3"), Ok(Given::Number(x)) if x == 0.1875));
    /// assert!(matches!(Given::parse("-inf"), Ok(Given::Special(x)) if x.is_infinite()));
    /// assert!(Given::parse("1,5").is_err());
    /// ```
    ///
    /// # Errors
    /// Where the text is none of these, or its exponent is beyond
    /// [`MAX_LITERAL_EXPONENT`].
    pub fn parse(text: &str) -> Result<Given, NotGiven> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotGiven::Empty);
        }
        let (negative, body) = match text.as_bytes()[0] {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let special = |special| {
            let value = Float::with_val(2, special);
            Ok(Given::Special(if negative { -value } else { value }))
        };
        if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
            return special(Special::Infinity);
        }
        if body.eq_ignore_ascii_case("nan") {
            return special(Special::Nan);
        }
        let numeral = Numeral::parse(text).map_err(NotGiven::Malformed)?;
        if numeral.negative && numeral.digits.is_zero() {
            return special(Special::Zero);
        }
        let value = numeral.to_rational(MAX_LITERAL_EXPONENT);
        value.map(Given::Number).ok_or(NotGiven::TooLarge)
    }
}

/// One formula in one arithmetic at one point. What does not exist is `None`,
/// and `reason` tells why.
#[derive(Clone, Debug, Default)]
pub struct PointRow {
    /// fl: inputs, literals and constants rounded, then every operation.
    pub computed: Option<Figure>,
    /// The exact value at the exact inputs rounded once.
    pub rounded_once: Option<Figure>,
    /// |computed − exact| / ulp(exact) lies between these two.
    pub ulps: Option<(f64, f64)>,
    /// How many floats lie between the computed and the rounded value, and how
    /// wide the format is where one of them is NaN.
    pub bits_of_error: Option<f64>,
    /// How good the computed value is.
    pub verdict: Option<Verdict>,
    /// Why something is missing.
    pub reason: Option<String>,
}

/// Formulas, arithmetics and the variables whose values come point by point.
pub struct Points {
    subjects: Vec<Subject>,
    formats: Vec<Format>,
    options: Options,
    /// For each formula, where its inputs are among the variables; `None` where
    /// an input is fixed.
    places: Vec<Vec<Option<usize>>>,
}

impl Points {
    /// The point to read formulas at: the fixed values, and something for each
    /// variable.
    pub fn point(fixed: &Point, variables: &[String]) -> Point {
        let mut all = fixed.clone();
        all.override_with(Point {
            settings: variables
                .iter()
                .map(|name| Setting {
                    name: name.clone(),
                    text: "0".to_string(),
                    span: Span {
                        source: SourceId(0),
                        start: 0,
                        end: 0,
                    },
                    value: Value::Rational(Rational::new()),
                })
                .collect(),
        });
        all
    }

    /// For subjects that were read at [`Points::point`] of these variables.
    ///
    /// # Errors
    /// Where an arithmetic's graph would be too large.
    pub fn new(
        subjects: Vec<Subject>,
        formats: Vec<Format>,
        variables: &[String],
        options: &Options,
    ) -> Result<Points, Diagnostic> {
        for subject in &subjects {
            for format in &formats {
                subject.graph_for(format)?;
            }
        }
        let place = |name: &String| variables.iter().position(|variable| variable == name);
        let places = subjects
            .iter()
            .map(|subject| subject.inputs().iter().map(place).collect())
            .collect();
        Ok(Points {
            options: options.fit_for(&formats),
            subjects,
            formats,
            places,
        })
    }

    /// The formulas.
    pub fn formulas(&self) -> impl Iterator<Item = &str> {
        self.subjects.iter().map(Subject::text)
    }

    /// The arithmetics.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }
}

/// The machines of one thread.
pub struct PointMachines<'p> {
    points: &'p Points,
    formulas: Vec<FormulaMachines<'p>>,
}

/// One formula's.
struct FormulaMachines<'p> {
    truth: Truth<'p>,
    /// Where the exact value's inputs are among the variables, or the value that
    /// is fixed.
    exact: Vec<Result<usize, Rational>>,
    arithmetics: Vec<ArithmeticMachines<'p>>,
}

/// One formula's in one arithmetic.
struct ArithmeticMachines<'p> {
    format: Format,
    /// The inputs as they are computed with; those that move are overwritten.
    inputs: Result<Vec<Input>, Unanswered>,
    computer: Computer<'p>,
    /// The exact value at the rounded inputs.
    at_rounded: Truth<'p>,
}

enum Computer<'p> {
    Binary32(Box<Machine<'p, Native<f32>>>),
    Binary64(Box<Machine<'p, Native<f64>>>),
    Other(Cow<'p, Formula>, Libm),
}

impl<'p> PointMachines<'p> {
    /// Makes them.
    pub fn new(points: &'p Points) -> Self {
        let limit = points.options.precision_limit;
        let formulas = points.subjects.iter().zip(&points.places);
        let formulas = formulas.map(|(subject, places)| {
            let truth = subject.truth(limit);
            let exact = truth.formula().inputs().iter().map(|name| {
                let index = subject.inputs().iter().position(|own| own == name);
                let place = index.and_then(|index| places[index]);
                place.ok_or_else(|| subject.rational(name).cloned().unwrap_or_default())
            });
            FormulaMachines {
                exact: exact.collect(),
                truth,
                arithmetics: points
                    .formats
                    .iter()
                    .map(|format| ArithmeticMachines::new(points, subject, *format))
                    .collect(),
            }
        });
        PointMachines {
            points,
            formulas: formulas.collect(),
        }
    }

    /// Evaluates all formulas in all arithmetics at a point; `values` has one for
    /// each variable. The rows come formula by formula.
    pub fn evaluate(&mut self, values: &[Given], mut each: impl FnMut(usize, usize, PointRow)) {
        for (index, machines) in self.formulas.iter_mut().enumerate() {
            let places = &self.points.places[index];
            let strange = places
                .iter()
                .flatten()
                .any(|&place| matches!(values[place], Given::Special(_)));
            if !strange {
                let inputs = machines.exact.iter().map(|source| match source {
                    Ok(place) => match &values[*place] {
                        Given::Number(value) => value.clone(),
                        Given::Special(_) => Rational::new(),
                    },
                    Err(fixed) => fixed.clone(),
                });
                machines.truth.set_inputs(inputs);
            }
            let subject = &self.points.subjects[index];
            for (number, arithmetic) in machines.arithmetics.iter_mut().enumerate() {
                let truth = (!strange).then_some(&mut machines.truth);
                each(
                    index,
                    number,
                    arithmetic.row(subject, places, values, truth),
                );
            }
        }
    }
}

impl<'p> ArithmeticMachines<'p> {
    fn new(points: &'p Points, subject: &'p Subject, format: Format) -> Self {
        let limit = points.options.precision_limit;
        let libm = points.options.libm;
        let graph = subject.graph_for(&format);
        let graph = graph.unwrap_or(Cow::Borrowed(subject.graph()));
        let has = |op: &Op| graph.nodes().iter().any(|node| node.op == *op);
        let hardware = matches!(engine(&graph, format, libm), Engine::Native(_));
        let computer = match &graph {
            Cow::Borrowed(graph) if hardware && !has(&Op::Polygamma) => {
                let zeros = || vec![Rational::new(); graph.inputs().len()];
                if format == f32::FORMAT {
                    let machine = Machine::new(*graph, Native::new(libm, zeros()));
                    Computer::Binary32(Box::new(machine))
                } else {
                    let machine = Machine::new(*graph, Native::new(libm, zeros()));
                    Computer::Binary64(Box::new(machine))
                }
            }
            _ => Computer::Other(graph, libm),
        };
        let zeros = vec![Rational::new(); subject.inputs().len()];
        ArithmeticMachines {
            format,
            inputs: subject.inputs_for(&format, limit),
            computer,
            at_rounded: subject.truth_at(zeros, limit),
        }
    }

    fn row(
        &mut self,
        subject: &Subject,
        places: &[Option<usize>],
        values: &[Given],
        truth: Option<&mut Truth<'p>>,
    ) -> PointRow {
        let mut row = PointRow::default();
        let format = self.format;
        let mut reasons: Vec<String> = Vec::new();
        if let Err(why) = &self.inputs {
            reasons.push(why.to_string());
        }
        let computed = match &mut self.inputs {
            Ok(inputs) => {
                for (input, place) in inputs.iter_mut().zip(places) {
                    if let Some(place) = place {
                        *input = match &values[*place] {
                            Given::Number(value) => Input::Exact(value.clone()),
                            Given::Special(value) => Input::Rounded(value.clone()),
                        };
                    }
                }
                match self.computer.compute(&format, inputs) {
                    Ok(computed) => Some(computed),
                    Err(NoValue::OutOfRange) => {
                        reasons.push(format!(
                            "the computation leaves the exponents that {format} can hold"
                        ));
                        None
                    }
                    Err(NoValue::TooCostly) => {
                        let why = "the computation would take too much time or memory";
                        reasons.push(why.to_string());
                        None
                    }
                }
            }
            Err(_) => None,
        };
        row.computed = computed.as_ref().map(|x| Figure::new(&format, x));
        match truth {
            Some(truth) => self.measure(subject, truth, computed.as_ref(), &mut row, &mut reasons),
            None => reasons.push("an input is no real number: no exact value".to_string()),
        }
        reasons.dedup();
        row.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        row
    }

    fn measure(
        &mut self,
        subject: &Subject,
        truth: &mut Truth<'p>,
        computed: Option<&Float>,
        row: &mut PointRow,
        reasons: &mut Vec<String>,
    ) {
        let format = self.format;
        let rounded = match truth.rounded(&format) {
            Ok(rounded) => Some(rounded),
            Err(why) => {
                reasons.push(why.to_string());
                None
            }
        };
        row.rounded_once = rounded.as_ref().map(|x| Figure::new(&format, x));
        let Some(computed) = computed else { return };
        if truth.value().special().is_some() {
            reasons.push("the exact value is no finite number to compare with".to_string());
            return;
        }
        if computed.is_finite() {
            row.ulps = ulps(truth, computed, &format);
        }
        let distance = rounded.and_then(|rounded| steps(&format, computed, &rounded));
        row.bits_of_error = distance.map(|floats| match floats {
            Some(floats) => (floats + 1.0).log2(),
            None => f64::from(format.width().unwrap_or(0)),
        });
        match self.verdict(subject, truth, computed) {
            Ok(verdict) => row.verdict = Some(verdict),
            Err(why) => reasons.push(why),
        }
    }

    /// The verdict, at the inputs as the format has them.
    fn verdict(
        &mut self,
        subject: &Subject,
        truth: &mut Truth<'p>,
        computed: &Float,
    ) -> Result<Verdict, String> {
        let format = self.format;
        let Ok(inputs) = &self.inputs else {
            return Err("an input is not known".to_string());
        };
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
                return Err(format!(
                    "an input has no finite value in {format}: no verdict"
                ));
            };
            if value.is_zero() && value.is_sign_negative() {
                return Err(format!(
                    "an input is −0 in {format}, no real number: no verdict"
                ));
            }
            changed |= !matches!(input, Input::Exact(exact) if *exact == number);
            rounded.push(number);
        }
        let verdict = if changed {
            self.at_rounded.set_inputs(rounded);
            measure::verdict(&mut self.at_rounded, computed, &format)
        } else {
            measure::verdict(truth, computed, &format)
        };
        verdict.map_err(|why| why.to_string())
    }
}

impl Computer<'_> {
    fn compute(&mut self, format: &Format, inputs: &[Input]) -> Result<Float, NoValue> {
        fn native<T: Hardware>(machine: &mut Machine<'_, Native<T>>, inputs: &[Input]) -> Float {
            let number = |input: &Input| match input {
                Input::Exact(value) => T::from_rational(value),
                Input::Rounded(value) => T::from_float(value),
            };
            machine
                .arithmetic_mut()
                .set_inputs(inputs.iter().map(number));
            machine.run().to_float()
        }
        match self {
            Computer::Binary32(machine) => Ok(native(machine, inputs)),
            Computer::Binary64(machine) => Ok(native(machine, inputs)),
            Computer::Other(graph, libm) => compute(graph, *format, *libm, inputs),
        }
    }
}

/// The error of a finite result in ulps, sharply if the budget suffices.
fn ulps(truth: &mut Truth<'_>, computed: &Float, format: &Format) -> Option<(f64, f64)> {
    let mut blunt = None;
    let decided = truth.decide(format.precision(), |value| {
        let enclosure = value.enclosure();
        match error(format, computed, enclosure.lo(), enclosure.hi()) {
            Some(ulps) if ulps.upper - ulps.lower <= SHARP * ulps.upper => {
                truth::Verdict::Decided(ulps)
            }
            known => {
                blunt = known.or(blunt);
                truth::Verdict::Undecided
            }
        }
    });
    let known: Option<Ulps> = decided.ok().or(blunt);
    known.map(|ulps| (ulps.lower, ulps.upper))
}
