//! How results change with the precision and with the inputs: a comparison at
//! every point of a grid.

use super::SCHEMA;
use super::compare::{BATCH, Compared, InputText, Options, compared};
use super::point::{Point, Setting, Value};
use super::precision::Precisions;
use super::progress::Progress;
use super::range::{Range, exact_text};
use super::subject::Subject;
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::Definitions;
use crate::truth::CertifiedDecimal;
use rayon::prelude::*;
use rug::Rational;
use serde::Serialize;

/// The most rows of a sweep.
pub const MAX_SWEEP_ROWS: u64 = 100_000;

/// The most bits that the numbers of a sweep's rows may have together.
const MAX_SWEEP_BITS: u64 = 1 << 31;

/// The result of [`sweep`].
#[derive(Clone, Debug, Serialize)]
pub struct Sweep {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// Where hardware arithmetic took elementary functions from.
    pub libm: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// The fixed inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The variables that move.
    pub variables: Vec<String>,
    /// One entry for each point of the grid, the first variable moving slowest.
    pub points: Vec<SweepPoint>,
}

/// All formulas at one point of the grid.
#[derive(Clone, Debug, Serialize)]
pub struct SweepPoint {
    /// The values of the variables that move, in their order.
    pub at: Vec<Coordinate>,
    /// One entry for each formula, in order.
    pub formulas: Vec<Compared>,
}

/// One value of a variable that moves.
#[derive(Clone, Debug, Serialize)]
pub struct Coordinate {
    /// The value: a decimal where that is a short one, otherwise a fraction.
    pub exact: String,
    /// Its first digits; an ellipsis where more follow.
    pub decimal: String,
}

impl Coordinate {
    fn new(value: &Rational) -> Self {
        Coordinate {
            exact: exact_text(value),
            decimal: CertifiedDecimal::of_rational(value, 17).to_string(),
        }
    }
}

/// What a sweep goes through.
#[derive(Clone, Debug)]
pub struct Grid {
    ranges: Vec<Range>,
    formats: Vec<Format>,
}

impl Grid {
    /// All values of the ranges with each other, in these formats and then in
    /// `mpfr:p` for each of the precisions.
    ///
    /// # Errors
    /// Where that makes more than [`MAX_SWEEP_ROWS`] rows for so many formulas,
    /// or a variable has two ranges.
    pub fn new(
        ranges: Vec<Range>,
        formats: &[Format],
        precisions: Option<&Precisions>,
        formulas: usize,
    ) -> Result<Self, Diagnostic> {
        for (index, range) in ranges.iter().enumerate() {
            if ranges[..index]
                .iter()
                .any(|known| known.name() == range.name())
            {
                let message = format!("`{}` has a range already", range.name());
                return Err(Diagnostic::new(message).at(range.span()).help(format!(
                    "write all its values behind one `{}=`",
                    range.name()
                )));
            }
        }
        let arithmetics = formats.len() as u64 + precisions.map_or(0, Precisions::count);
        let points = ranges.iter().map(Range::count);
        let points = points.fold(1_u64, u64::saturating_mul);
        let rows = points
            .saturating_mul(arithmetics)
            .saturating_mul(formulas as u64);
        if rows > MAX_SWEEP_ROWS {
            let of = |count: u64, what: &str| match count {
                1 => format!("1 {what}"),
                u64::MAX => format!("2^64 {what}s or more"),
                _ => format!("{count} {what}s"),
            };
            return Err(Diagnostic::new(format!(
                "this sweep has {}: {}, {}, {}",
                of(rows, "row"),
                of(points, "point"),
                of(arithmetics, "arithmetic"),
                of(formulas as u64, "formula")
            ))
            .help(format!(
                "at most {MAX_SWEEP_ROWS} can be made; take greater steps"
            )));
        }
        let bits = formats.iter().map(|format| u64::from(format.precision()));
        let bits = bits.chain(
            precisions
                .into_iter()
                .flat_map(Precisions::iter)
                .map(u64::from),
        );
        let bits = bits.sum::<u64>().saturating_mul(points);
        let bits = bits.saturating_mul(formulas as u64);
        if bits > MAX_SWEEP_BITS {
            return Err(Diagnostic::new(format!(
                "the numbers of this sweep would have {bits} bits together"
            ))
            .help(format!(
                "at most {MAX_SWEEP_BITS} can be held; take greater steps"
            )));
        }
        let of_precision = |p| Format::mpfr(p).expect("a precision that was checked");
        let bits = precisions.into_iter().flat_map(Precisions::iter);
        let formats = formats.iter().copied().chain(bits.map(of_precision));
        Ok(Grid {
            formats: formats.collect(),
            ranges,
        })
    }

    /// The inputs that the grid gives, at its first point.
    fn first(&self) -> Point {
        let setting = |range: &Range| {
            let value = range.value(0);
            Setting {
                name: range.name().to_string(),
                text: exact_text(&value),
                span: range.span(),
                value: Value::Rational(value),
            }
        };
        Point {
            settings: self.ranges.iter().map(setting).collect(),
        }
    }

    /// The point with the grid's variables in it, for reading formulas.
    ///
    /// # Errors
    /// Where `given`, which the user gave for this sweep, fixes one of them.
    pub fn extend(&self, point: &Point, given: &Point) -> Result<Point, Diagnostic> {
        for range in &self.ranges {
            let mut fixed = given.settings.iter();
            if let Some(fixed) = fixed.find(|setting| setting.name == range.name()) {
                let message = format!("`{}` has a value and a range", range.name());
                return Err(Diagnostic::new(message)
                    .at(fixed.span)
                    .help("keep one of the two"));
            }
        }
        let mut all = point.clone();
        all.override_with(self.first());
        Ok(all)
    }

    /// Checks that every variable of the grid moves some formula, and that the
    /// precision does.
    ///
    /// # Errors
    /// Where one does not.
    pub fn check_used(
        &self,
        subjects: &[Subject],
        definitions: &Definitions,
        precisions: bool,
    ) -> Result<(), Diagnostic> {
        if precisions && !subjects.iter().any(Subject::has_ambient_operations) {
            return Err(
                Diagnostic::new("no part of the formula depends on the precision").help(
                    "every operation has a format of its own: leave fl out, or the precisions",
                ),
            );
        }
        Subject::check_point(subjects, &self.first(), definitions)
    }
}

/// Compares formulas in arithmetics at every point of a grid. The subjects were
/// read at the point that [`Grid::extend`] makes.
///
/// ```
/// use ulpscope::format::Format;
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Grid, Options, Point, Range, Silent, Subject, sweep};
///
/// let mut definitions = Definitions::new();
/// let ranges = Range::parse(&mut definitions, "z=10..40:10", 10_000)?;
/// let grid = Grid::new(ranges, &[Format::F32], None, 1)?;
/// let point = grid.extend(&Point::default(), &Point::default())?;
/// let one = Subject::parse(&mut definitions, "1 - sigmoid(z)", &point)?;
/// let result = sweep(&[one], &grid, &Options::default(), &Silent);
/// let vanishes = result.points.iter().map(|point| {
///     let row = &point.formulas[0].rows[0];
///     row.computed.as_ref().unwrap().decimal() == "0"
/// });
/// assert_eq!(vanishes.collect::<Vec<_>>(), [false, true, true, true]);
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
pub fn sweep(
    subjects: &[Subject],
    grid: &Grid,
    options: &Options,
    progress: &impl Progress,
) -> Sweep {
    let options = &options.fit_for(&grid.formats);
    let values: Vec<Vec<(Rational, Coordinate)>> = grid
        .ranges
        .iter()
        .map(|range| {
            let value = |index| {
                let value = range.value(index);
                let coordinate = Coordinate::new(&value);
                (value, coordinate)
            };
            (0..range.count()).map(value).collect()
        })
        .collect();
    let points: usize = values.iter().map(Vec::len).product();
    // The last variable moves fastest.
    let at = |point: usize| {
        let mut rest = point;
        let mut indices: Vec<usize> = values
            .iter()
            .rev()
            .map(|list| {
                let index = rest % list.len();
                rest /= list.len();
                index
            })
            .collect();
        indices.reverse();
        indices
    };
    let batches: Vec<&[Format]> = grid.formats.chunks(BATCH).collect();
    let per_point = subjects.len() * batches.len();
    progress.begin((points * per_point) as u64);
    let task = |own: &mut Vec<Subject>, task: usize| {
        let (point, rest) = (task / per_point, task % per_point);
        let (subject, batch) = (rest / batches.len(), rest % batches.len());
        for (list, (index, range)) in values.iter().zip(at(point).into_iter().zip(&grid.ranges)) {
            let (value, coordinate) = &list[index];
            own[subject].move_to(range.name(), value, &coordinate.exact);
        }
        let result = compared(&own[subject], batches[batch], batch == 0, options);
        progress.advance(1);
        result
    };
    let done: Vec<Compared> = (0..points * per_point)
        .into_par_iter()
        .map_init(|| subjects.to_vec(), task)
        .collect();
    let mut done = done.into_iter();
    let points = (0..points).map(|point| {
        let formulas = subjects.iter().filter_map(|_| {
            let mut whole = done.next()?;
            for other in done.by_ref().take(batches.len() - 1) {
                whole.append(other);
            }
            Some(whole)
        });
        SweepPoint {
            formulas: formulas.collect(),
            at: at(point)
                .into_iter()
                .zip(&values)
                .map(|(index, list)| list[index].1.clone())
                .collect(),
        }
    });
    let points = points.collect();
    let moves = |input: &InputText| grid.ranges.iter().any(|range| range.name() == input.name);
    Sweep {
        schema: SCHEMA,
        study: "sweep",
        libm: options.libm.to_string(),
        precision_limit: options.precision_limit,
        inputs: InputText::list(subjects)
            .into_iter()
            .filter(|input| !moves(input))
            .collect(),
        variables: grid
            .ranges
            .iter()
            .map(|range| range.name().to_string())
            .collect(),
        points,
    }
}
