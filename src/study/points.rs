//! Formulas in several arithmetics at many points, one after the other: each as
//! [`compare`](super::compare()) has it, with machines that are made once.

use super::compare::Options;
use super::figure::Figure;
use super::point::{Point, Setting, Value};
use super::scan::outcome::{Ulps, error, steps};
use super::subject::Subject;
use crate::arithmetic::emulated::{Input, NoValue};
use crate::arithmetic::native::{Hardware, Libm, Native};
use crate::arithmetic::real::RealInput;
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

/// The bits that takes beyond the format's.
const SHARP_BITS: u32 = 36;

/// A value of a variable at a point.
#[derive(Clone, Debug)]
pub enum Given {
    /// A number, exactly, and the nearest one of binary64.
    Number(Rational, f64),
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
    /// assert!(matches!(Given::parse("0x1.8p-3"), Ok(Given::Number(x, _)) if x == 0.1875));
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
        let value = value.ok_or(NotGiven::TooLarge)?;
        // The standard library reads decimals, correctly rounded.
        let nearest = match text.parse::<f64>() {
            Ok(nearest) if numeral.base == 10 => nearest,
            _ => f64::from_rational(&value),
        };
        Ok(Given::Number(value, nearest))
    }

    /// The number rounded to a format, and whether that changes it.
    fn round(&self, format: &Format) -> Option<(Float, bool)> {
        let Given::Number(value, nearest) = self else {
            return None;
        };
        let nearest = *nearest;
        // A power of two below, or it is no number of binary.
        let binary = value.denom().is_power_of_two();
        let same = |x: f64| binary && *value == x;
        Some(match *format {
            Format::F64 => (
                Float::with_val(53, nearest),
                !(nearest.is_finite() && same(nearest)),
            ),
            // The middle of two numbers of binary32 is rounded once.
            Format::F32
                if nearest.to_bits() & 0x1fff_ffff != 0x1000_0000 && nearest.abs() > 1e-37 =>
            {
                let rounded = nearest as f32;
                let changed = !(rounded.is_finite() && same(f64::from(rounded)));
                (Float::with_val(24, rounded), changed)
            }
            _ => {
                let rounded = format.round_rational(value);
                let changed = !rounded.is_finite() || rounded != *value;
                (rounded, changed)
            }
        })
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
            let truth = subject.truth(limit).for_many_points();
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
                .any(|&place| matches!(&values[place], Given::Special(x) if !x.is_zero()));
            if !strange {
                let inputs = machines.exact.iter().map(|source| match source {
                    Ok(place) => match &values[*place] {
                        Given::Number(value, _) => RealInput::Exact(value.clone()),
                        // −0, and that is 0.
                        Given::Special(_) => RealInput::Exact(Rational::new()),
                    },
                    Err(fixed) => RealInput::Exact(fixed.clone()),
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
            at_rounded: subject.truth_at(zeros, limit).for_many_points(),
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
        let hardware = !matches!(self.computer, Computer::Other(..));
        let computed = match &mut self.inputs {
            Ok(inputs) => {
                for (input, place) in inputs.iter_mut().zip(places) {
                    if let Some(place) = place {
                        let value = &values[*place];
                        *input = match (value, value.round(&format)) {
                            (_, Some((rounded, _))) if hardware => Input::Rounded(rounded),
                            (Given::Number(value, _), _) => Input::Exact(value.clone()),
                            (Given::Special(value), _) => Input::Rounded(value.clone()),
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
            Some(truth) => {
                let point = (places, values);
                self.measure(
                    subject,
                    point,
                    truth,
                    computed.as_ref(),
                    &mut row,
                    &mut reasons,
                );
            }
            None => reasons.push("an input is no real number: no exact value".to_string()),
        }
        reasons.dedup();
        row.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        row
    }

    fn measure(
        &mut self,
        subject: &Subject,
        (places, values): (&[Option<usize>], &[Given]),
        truth: &mut Truth<'p>,
        computed: Option<&Float>,
        row: &mut PointRow,
        reasons: &mut Vec<String>,
    ) {
        let format = self.format;
        // What asks for most comes first: the others know the value then.
        if let Some(computed) = computed.filter(|x| x.is_finite()) {
            row.ulps = ulps(truth, computed, &format);
        }
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
            row.ulps = None;
            reasons.push("the exact value is no finite number to compare with".to_string());
            return;
        }
        let distance = rounded.and_then(|rounded| steps(&format, computed, &rounded));
        row.bits_of_error = distance.map(|floats| match floats {
            Some(floats) => (floats + 1.0).log2(),
            None => f64::from(format.width().unwrap_or(0)),
        });
        match self.verdict(subject, places, values, truth, computed) {
            Ok(verdict) => row.verdict = Some(verdict),
            Err(why) => reasons.push(why),
        }
    }

    /// The verdict, at the inputs as the format has them.
    fn verdict(
        &mut self,
        subject: &Subject,
        places: &[Option<usize>],
        values: &[Given],
        truth: &mut Truth<'p>,
        computed: &Float,
    ) -> Result<Verdict, String> {
        let format = self.format;
        let Ok(inputs) = &self.inputs else {
            return Err("an input is not known".to_string());
        };
        let mut rounded: Vec<RealInput> = Vec::with_capacity(inputs.len());
        let mut all_changed = false;
        for (index, (input, place)) in inputs.iter().zip(places).enumerate() {
            let (value, changed) = match (place.map(|place| &values[place]), input) {
                // An inner fl rounds it for itself, in the exact value too.
                (Some(Given::Number(exact, _)), _) if !subject.is_ambient(index) => {
                    rounded.push(exact.clone().into());
                    continue;
                }
                (None, Input::Exact(exact)) if !subject.is_ambient(index) => {
                    rounded.push(exact.clone().into());
                    continue;
                }
                (Some(given), _) => match (given.round(&format), given) {
                    (Some(rounded), _) => rounded,
                    (None, Given::Special(value)) => (value.clone(), true),
                    (None, _) => return Err("an input is not known".to_string()),
                },
                (None, Input::Exact(exact)) => {
                    let value = format.round_rational(exact);
                    let changed = value.to_rational().is_none_or(|value| value != *exact);
                    (value, changed)
                }
                (None, Input::Rounded(value)) => (value.clone(), true),
            };
            if !value.is_finite() {
                return Err(format!(
                    "an input has no finite value in {format}: no verdict"
                ));
            }
            if value.is_zero() && value.is_sign_negative() {
                return Err(format!(
                    "an input is −0 in {format}, no real number: no verdict"
                ));
            }
            all_changed |= changed;
            rounded.push(RealInput::Between(value.clone(), value));
        }
        let verdict = if all_changed {
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
    let decided = truth.decide(format.precision() + SHARP_BITS, |value| {
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
