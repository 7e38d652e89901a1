//! Points of a narrow format in lanes.

use super::{Given, PointRow};
use crate::arithmetic::lanes::{Bounds, Enclosures, LANES, Level};
use crate::evaluate::Machine;
use crate::format::{Format, Narrow};
use crate::measure::Verdict;
use crate::study::figure::{Figure, Status};
use crate::study::point::Value;
use crate::study::scan::measured::{How, Measured, UNKNOWN};
use crate::study::scan::outcome::{Class, is_nearest};
use crate::study::subject::Subject;
use rug::Float;
use rug::float::Round;

/// Errors in ulps that are known to this part are sharp.
const SHARP: f64 = 1e-7;

/// Certified bounds of the exact value in binary64, at the points and at their
/// inputs rounded, against what is computed.
pub struct Lanes<'p> {
    level: Level,
    narrow: Narrow,
    nearest: bool,
    exact: Machine<'p, Enclosures>,
    rounded: Machine<'p, Enclosures>,
    /// For each input, the variable that it is; `None` where it is fixed.
    places: Vec<Option<usize>>,
    at_exact: Box<Measured>,
    at_rounded: Box<Measured>,
    /// Whether the lane has a point whose inputs are numbers, also rounded.
    set: [bool; LANES],
}

impl<'p> Lanes<'p> {
    /// For a narrow format and a formula whose fixed inputs are rationals; every
    /// input is ambient.
    pub fn new(
        subject: &'p Subject,
        places: &[Option<usize>],
        format: &Format,
    ) -> Option<Lanes<'p>> {
        let narrow = Narrow::new(format)?;
        let graph = subject.graph();
        let inputs = places.len();
        if !(0..inputs).all(|index| subject.is_ambient(index)) {
            return None;
        }
        let level = Level::best();
        let machine = || Machine::new(graph, Enclosures::new(level, None, inputs));
        let (mut exact, mut rounded) = (machine(), machine());
        for (index, setting) in subject.settings().iter().enumerate() {
            if places[index].is_some() {
                continue;
            }
            let Value::Rational(value) = &setting.value else {
                return None;
            };
            let end = |round| {
                let end = Float::with_val_round(53, value, round).0;
                end.to_f64_round(round)
            };
            let ends = (end(Round::Down), end(Round::Up));
            exact.arithmetic_mut().inputs_mut()[index].assign_all(ends.0, ends.1);
            let once = format.round_rational(value).to_f64();
            if !once.is_finite() || (once == 0.0 && once.is_sign_negative()) {
                return None;
            }
            rounded.arithmetic_mut().inputs_mut()[index].assign_all(once, once);
        }
        Some(Lanes {
            level,
            narrow,
            nearest: is_nearest(format),
            exact,
            rounded,
            places: places.to_vec(),
            at_exact: Measured::new(),
            at_rounded: Measured::new(),
            set: [false; LANES],
        })
    }

    /// Forgets all points.
    pub fn clear(&mut self) {
        self.set = [false; LANES];
        self.at_exact.computed = [f64::NAN; LANES];
    }

    /// Takes a point and what is computed there.
    pub fn set(&mut self, i: usize, values: &[Given], computed: &Float) {
        let format = self.narrow.format();
        for (input, place) in self.places.iter().enumerate() {
            let Some(place) = place else { continue };
            let Given::Number(_, nearest) = &values[*place] else {
                return;
            };
            let Some((rounded, changed)) = values[*place].round(&format) else {
                return;
            };
            let once = rounded.to_f64();
            if !once.is_finite() || (once == 0.0 && once.is_sign_negative()) {
                return;
            }
            // A decimal lies between the neighbours of the nearest number.
            let (lo, hi) = if changed {
                (nearest.next_down(), nearest.next_up())
            } else {
                (once, once)
            };
            let own = &mut self.exact.arithmetic_mut().inputs_mut()[input];
            own.set(i, lo, hi);
            let own = &mut self.rounded.arithmetic_mut().inputs_mut()[input];
            own.set(i, once, once);
        }
        self.at_exact.computed[i] = computed.to_f64();
        self.set[i] = true;
    }

    /// Evaluates what was taken.
    pub fn run(&mut self) {
        let how = How {
            narrow: &self.narrow,
            nearest: self.nearest,
        };
        self.at_rounded.computed = self.at_exact.computed;
        for (machine, measured) in [
            (&mut self.exact, &mut self.at_exact),
            (&mut self.rounded, &mut self.at_rounded),
        ] {
            for input in machine.arithmetic_mut().inputs_mut() {
                input.find_points();
            }
            let bounds: &Bounds = machine.run();
            measured.compare(self.level, &how, bounds);
        }
    }

    /// The row of a point, if the lanes tell all of it, but perhaps for a sharp
    /// error; and whether that is sharp.
    pub fn row(&self, i: usize) -> Option<(PointRow, bool)> {
        let (exact, rounded) = (&self.at_exact, &self.at_rounded);
        let format = self.narrow.format();
        if !self.set[i] || exact.class[i] == UNKNOWN || rounded.class[i] == UNKNOWN {
            return None;
        }
        let (computed, once) = (exact.computed[i], exact.rounded[i]);
        let (lower, upper) = (exact.lower[i], exact.upper[i]);
        if !computed.is_finite() || once == 0.0 {
            return None;
        }
        let verdict = match Class::ALL[usize::from(rounded.class[i])] {
            // Only of a normal number is it clear that a rounding is all.
            Class::Correct
                if self.nearest
                    && computed.abs() > self.narrow.least_normal()
                    && computed.abs() < self.narrow.largest() =>
            {
                Verdict::BestPossible
            }
            Class::Correct => return None,
            Class::Faithful => Verdict::Faithful,
            _ => Verdict::Avoidable,
        };
        let figure = |x: f64| Figure::new(&format, &Float::with_val(format.precision(), x));
        let row = PointRow {
            computed: Some(figure(computed)),
            rounded_once: Some(figure(once)),
            ulps: Some((lower, upper)),
            bits_of_error: Some(core_math::log2(exact.steps[i].unsigned_abs() as f64 + 1.0)),
            verdict: Some(verdict),
            truth: Status::Certified,
            reason: None,
        };
        Some((row, upper - lower <= SHARP * upper))
    }
}
