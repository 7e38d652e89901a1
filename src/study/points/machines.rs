//! The machines of one thread, and what they say of a point.

use super::lanes::Lanes;
use super::{Given, PointRow, Points};
use crate::arithmetic::emulated::{Input, NoValue};
use crate::arithmetic::lanes::LANES;
use crate::arithmetic::native::{Hardware, Libm, Native};
use crate::arithmetic::real::RealInput;
use crate::evaluate::{Engine, Machine, compute, engine};
use crate::format::Format;
use crate::formula::{Formula, Op};
use crate::measure::{self, Verdict};
use crate::study::figure::{Figure, Status};
use crate::study::scan::outcome::{Ulps, error, steps};
use crate::study::subject::Subject;
use crate::truth::{self, Truth, Unanswered};
use rug::{Float, Rational};
use std::borrow::Cow;

/// Errors in ulps are known to this part, unless the budget is spent before.
const SHARP: f64 = 1e-7;

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
    /// The point, among those taken, at which the truth is.
    moved: Option<usize>,
}

/// One formula's in one arithmetic.
struct ArithmeticMachines<'p> {
    format: Format,
    /// The inputs as they are computed with; those that move are overwritten.
    inputs: Result<Vec<Input>, Unanswered>,
    computer: Computer<'p>,
    /// The exact value at the rounded inputs.
    at_rounded: Truth<'p>,
    /// For a narrow format.
    lanes: Option<Box<Lanes<'p>>>,
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
                moved: None,
                exact: exact.collect(),
                truth,
                arithmetics: points
                    .formats
                    .iter()
                    .map(|format| ArithmeticMachines::new(points, subject, places, *format))
                    .collect(),
            }
        });
        PointMachines {
            points,
            formulas: formulas.collect(),
        }
    }

    /// Evaluates all formulas in all arithmetics at points, each of which has a
    /// value for every variable. The rows come point by point, formula by formula.
    pub fn evaluate(
        &mut self,
        points: &[Vec<Given>],
        mut each: impl FnMut(usize, usize, usize, PointRow),
    ) {
        for (start, points) in (0..).step_by(LANES).zip(points.chunks(LANES)) {
            for (index, machines) in self.formulas.iter_mut().enumerate() {
                machines.take(&self.points.places[index], points);
            }
            for (number, values) in points.iter().enumerate() {
                for (index, machines) in self.formulas.iter_mut().enumerate() {
                    let subject = &self.points.subjects[index];
                    let places = &self.points.places[index];
                    for arithmetic in 0..machines.arithmetics.len() {
                        let row = machines.row(subject, places, values, arithmetic, number);
                        each(start + number, index, arithmetic, row);
                    }
                }
            }
        }
    }
}

impl<'p> FormulaMachines<'p> {
    /// Takes up to [`LANES`] points, and evaluates what lanes can.
    fn take(&mut self, places: &[Option<usize>], points: &[Vec<Given>]) {
        self.moved = None;
        for arithmetic in &mut self.arithmetics {
            if let Some(mut lanes) = arithmetic.lanes.take() {
                lanes.clear();
                for (i, values) in points.iter().enumerate() {
                    if let Ok(computed) = arithmetic.compute(places, values) {
                        lanes.set(i, values, &computed);
                    }
                }
                lanes.run();
                arithmetic.lanes = Some(lanes);
            }
        }
    }

    /// The row of one point, of which `number` is the place among those taken.
    fn row(
        &mut self,
        subject: &Subject,
        places: &[Option<usize>],
        values: &[Given],
        arithmetic: usize,
        number: usize,
    ) -> PointRow {
        let lanes = self.arithmetics[arithmetic].lanes.as_ref();
        let known = lanes.and_then(|lanes| lanes.row(number));
        if let Some((row, true)) = known {
            return row;
        }
        let is_real = |given: &Given| match given {
            Given::Number(..) => true,
            Given::Special(x) => x.is_zero(),
        };
        let real = places
            .iter()
            .flatten()
            .all(|&place| is_real(&values[place]));
        if real && self.moved != Some(number) {
            let inputs = self.exact.iter().map(|source| match source {
                Ok(place) => match &values[*place] {
                    Given::Number(value, _) => RealInput::Exact(value.clone()),
                    // −0, and that is 0.
                    Given::Special(_) => RealInput::Exact(Rational::new()),
                },
                Err(fixed) => RealInput::Exact(fixed.clone()),
            });
            self.truth.set_inputs(inputs);
            self.moved = Some(number);
        }
        if let Some((mut row, false)) = known {
            let computed = row.computed.as_ref().map(Figure::value);
            let format = self.arithmetics[arithmetic].format;
            row.ulps = computed.and_then(|computed| ulps(&mut self.truth, computed, &format));
            return row;
        }
        let truth = real.then_some(&mut self.truth);
        self.arithmetics[arithmetic].row(subject, places, values, truth)
    }
}

impl<'p> ArithmeticMachines<'p> {
    fn new(
        points: &'p Points,
        subject: &'p Subject,
        places: &[Option<usize>],
        format: Format,
    ) -> Self {
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
                    let machine = Machine::new(graph, Native::new(libm, zeros()));
                    Computer::Binary32(Box::new(machine))
                } else {
                    let machine = Machine::new(graph, Native::new(libm, zeros()));
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
            lanes: Lanes::new(subject, places, &format).map(Box::new),
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
        let computed = match self.compute(places, values) {
            Ok(computed) => Some(computed),
            Err(why) => {
                reasons.push(why);
                None
            }
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
            None => {
                row.truth = Status::Undefined;
                reasons.push("an input is no real number: no exact value".to_string());
            }
        }
        reasons.dedup();
        row.reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        row
    }

    /// What is computed at a point; otherwise why nothing is.
    fn compute(&mut self, places: &[Option<usize>], values: &[Given]) -> Result<Float, String> {
        let format = self.format;
        let hardware = !matches!(self.computer, Computer::Other(..));
        let inputs = match &mut self.inputs {
            Ok(inputs) => inputs,
            Err(why) => return Err(why.to_string()),
        };
        for (input, place) in inputs.iter_mut().zip(places) {
            let Some(place) = place else { continue };
            let value = &values[*place];
            *input = match (value, hardware) {
                (Given::Number(exact, _), hardware) => match value.round(&format) {
                    Some((rounded, _)) if hardware => Input::Rounded(rounded),
                    _ => Input::Exact(exact.clone()),
                },
                (Given::Special(value), _) => Input::Rounded(value.clone()),
            };
        }
        let computed = self.computer.compute(&format, inputs);
        computed.map_err(|why| match why {
            NoValue::OutOfRange => {
                format!("the computation leaves the exponents that {format} can hold")
            }
            NoValue::TooCostly => "the computation would take too much time or memory".to_string(),
            NoValue::Undecided => {
                "a real number within the computation is not known narrowly enough".to_string()
            }
        })
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
            Ok(rounded) => {
                row.truth = Status::Certified;
                Some(rounded)
            }
            Err(why) => {
                if matches!(why, Unanswered::Undefined { .. }) {
                    row.truth = Status::Undefined;
                }
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
            Some(floats) => core_math::log2(floats + 1.0),
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
    let decided = truth.decide(format.precision(), |value| {
        let enclosure = value.enclosure();
        match error(format, computed, enclosure.lo(), enclosure.hi()) {
            Some((ulps, _)) if ulps.upper - ulps.lower <= SHARP * ulps.upper => {
                truth::Verdict::Decided(ulps)
            }
            known => {
                blunt = known.map(|(ulps, _)| ulps).or(blunt);
                truth::Verdict::Undecided
            }
        }
    });
    let known: Option<Ulps> = decided.ok().or(blunt);
    known.map(|ulps| (ulps.lower, ulps.upper))
}
