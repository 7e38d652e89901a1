//! The points of a scan: every combination of the numbers on its axes.

use crate::arithmetic::lanes::LANES;
use crate::format::{Format, Narrow};
use crate::formula::{Diagnostic, Span};
use crate::study::point::{Point, Setting, Value};
use rug::{Float, Rational};

/// The most points of one scan.
pub const MAX_SCAN_POINTS: u64 = 1 << 32;

/// The finite numbers of a format from one to another, −0 left out.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The variable.
    pub name: String,
    /// Where it was named.
    pub span: Span,
    /// The format whose numbers it takes.
    pub format: Format,
    numbers: Numbers,
    /// The ordinal of the first.
    first: i64,
    /// How many there are, at least 1.
    pub count: u64,
}

#[derive(Clone, Copy, Debug)]
enum Numbers {
    Narrow(Narrow),
    Binary64,
}

impl Axis {
    /// The numbers of a format between two of them, both included.
    ///
    /// # Errors
    /// Where binary64 does not hold the format's numbers.
    pub fn new(
        name: &str,
        span: Span,
        format: Format,
        ends: [&Float; 2],
    ) -> Result<Axis, Diagnostic> {
        let numbers = match Narrow::new(&format.nearest()) {
            Some(narrow) => Numbers::Narrow(narrow),
            None if format.storage().nearest() == Format::F64 => Numbers::Binary64,
            None => {
                return Err(Diagnostic::new(format!(
                    "a scan cannot go over the numbers of {format}"
                ))
                .help("it goes over f64 and the formats of up to 32 bits of precision"));
            }
        };
        let ordinal = |x: &Float| match numbers {
            Numbers::Narrow(narrow) => narrow.ordinal(x.to_f64()),
            Numbers::Binary64 => {
                let magnitude = x.to_f64().abs().to_bits() as i64;
                if x.is_sign_negative() {
                    -magnitude
                } else {
                    magnitude
                }
            }
        };
        let (first, last) = (ordinal(ends[0]), ordinal(ends[1]));
        Ok(Axis {
            name: name.to_string(),
            span,
            format,
            numbers,
            first,
            count: last.abs_diff(first).saturating_add(1),
        })
    }

    /// The number at this place, which is below `count`.
    pub fn number(&self, place: u64) -> f64 {
        let ordinal = self.first.wrapping_add_unsigned(place);
        match self.numbers {
            Numbers::Narrow(narrow) => narrow.from_ordinal(ordinal),
            Numbers::Binary64 => {
                let x = f64::from_bits(ordinal.unsigned_abs());
                if ordinal < 0 { -x } else { x }
            }
        }
    }

    /// The numbers from a place on, the last of them again behind the end.
    pub fn numbers(&self, place: u64, points: u64) -> [f64; LANES] {
        let mut numbers = [self.number(place + points - 1); LANES];
        let first = self.first.wrapping_add_unsigned(place);
        let numbers_wanted = &mut numbers[..points as usize];
        match self.numbers {
            Numbers::Narrow(narrow) => {
                for (ordinal, x) in (first..).zip(numbers_wanted) {
                    *x = narrow.from_ordinal(ordinal);
                }
            }
            Numbers::Binary64 => {
                for (place, x) in (place..).zip(numbers_wanted) {
                    *x = self.number(place);
                }
            }
        }
        numbers
    }

    /// How far the place is from the next whole multiple of `size` in the order
    /// of all numbers, so that blocks end where binades do.
    pub fn until_multiple(&self, place: u64, size: u64) -> u64 {
        let ordinal = self.first.wrapping_add_unsigned(place);
        size - ordinal.rem_euclid(size as i64) as u64
    }
}

/// Consecutive points along the inner axis.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The index of the first.
    pub index: u64,
    /// Its place on the inner axis.
    pub place: u64,
    pub points: u64,
}

impl Run {
    /// The rest behind so many of them.
    pub fn skip(self, points: u64) -> Run {
        Run {
            index: self.index + points,
            place: self.place + points,
            points: self.points - points,
        }
    }

    /// The first of them.
    pub fn take(self, points: u64) -> Run {
        Run { points, ..self }
    }
}

/// All points, in the lexicographic order of their coordinates.
#[derive(Clone, Debug)]
pub struct Space {
    /// At least one.
    pub axes: Vec<Axis>,
    /// The product of their counts.
    pub points: u64,
}

impl Space {
    /// Every combination of the axes' numbers.
    ///
    /// # Errors
    /// Where there is no axis, or there are more than [`MAX_SCAN_POINTS`] points.
    pub fn new(axes: Vec<Axis>) -> Result<Space, Diagnostic> {
        let points = axes
            .iter()
            .try_fold(1_u64, |points, axis| points.checked_mul(axis.count))
            .filter(|&points| points <= MAX_SCAN_POINTS);
        match points {
            Some(points) if !axes.is_empty() => Ok(Space { axes, points }),
            Some(_) => Err(Diagnostic::new("a scan needs a variable that moves")),
            None => {
                let counts: Vec<String> = axes.iter().map(|axis| axis.count.to_string()).collect();
                Err(Diagnostic::new(format!(
                    "a scan takes up to 2^32 points, and these are {}",
                    counts.join(" × ")
                ))
                .help("give a variable a narrower range, as in --over 'z=f64 in [1, 1.0001]'"))
            }
        }
    }

    /// The variables that move, each with its first value.
    pub fn variables(&self) -> Point {
        let setting = |axis: &Axis| Setting {
            name: axis.name.clone(),
            text: axis.number(0).to_string(),
            span: axis.span,
            value: Value::Rational(Rational::from_f64(axis.number(0)).expect("a finite number")),
        };
        Point {
            settings: self.axes.iter().map(setting).collect(),
        }
    }

    /// The axis whose places change first.
    pub fn inner(&self) -> &Axis {
        &self.axes[self.axes.len() - 1]
    }

    /// The first point of a run, and the last one's number on the inner axis.
    pub fn ends(&self, run: &Run) -> (Vec<f64>, f64) {
        let last = self.inner().number(run.place + run.points - 1);
        (self.point(run.index), last)
    }

    /// The coordinates of a point.
    pub fn point(&self, index: u64) -> Vec<f64> {
        let mut rest = index;
        let mut point = vec![0.0; self.axes.len()];
        for (x, axis) in point.iter_mut().zip(&self.axes).rev() {
            *x = axis.number(rest % axis.count);
            rest /= axis.count;
        }
        point
    }
}
