//! Every number of a format: how a computation goes at each of them.
//!
//! The points are taken in shares of consecutive ones, on all cores. In a share,
//! blocks come first: where one enclosure over a block of consecutive numbers
//! says the same of all of them, they are counted together; other blocks are
//! split. Then points come in lanes: certified bounds in binary64 decide nearly
//! all. What is left goes to MPFR. What is counted is certified whichever way it
//! was found, and does not depend on how many threads there are.
//!
//! | file | chapter |
//! |---|---|
//! | `space` | the points and their order |
//! | `plan` | what all threads share |
//! | `worker` | runs of points: blocks, then lanes |
//! | `fast` | lanes of narrow formats |
//! | `causes` | what happened at the root, in lanes |
//! | `hardware` | what hardware computes, in lanes |
//! | `measured` | what is computed against certified bounds, in lanes |
//! | `slow` | points and blocks by MPFR |
//! | `outcome` | what is said of a point |
//! | `tally` | what is counted |
//! | `result` | what is given back |

mod causes;
mod fast;
mod hardware;
pub(super) mod measured;
pub(super) mod outcome;
mod plan;
mod result;
mod slow;
mod space;
mod tally;
mod worker;

pub use outcome::Class;
pub use result::{BitsBin, CauseCount, ClassCount, Scan, ScanAxis, ScanRow, UlpsBin, WorstPoint};
pub use space::{Axis, MAX_SCAN_POINTS, Space};

use self::outcome::Ulps;
use self::plan::Plan;
use self::slow::Slow;
use self::tally::{Candidate, Count, Tally, Top};
use self::worker::Worker;
use super::SCHEMA;
use super::compare::{InputText, Options};
use super::figure::Figure;
use super::point::Point;
use super::progress::Progress;
use super::subject::Subject;
use crate::claim::{Numbers, axis};
use crate::format::Format;
use crate::formula::{Cause, Diagnostic};
use crate::language::{Definitions, Over, Quantified};
use crate::measure::{self, Bounds};
use crate::truth::Truth;
use rayon::prelude::*;
use rug::Float;

/// Points whose errors tell, before the scan, how large the largest will be at
/// least.
const SAMPLE: u64 = 1 << 13;

/// So many shares are counted before their counts are added up: what waits for
/// that takes memory.
const GROUP: usize = 256;

/// The points that `--over` names; `format` is that of a variable without one.
/// Gives the space, and the point with the first values of its variables beside
/// the fixed ones.
///
/// # Errors
/// Where the text is of another form, a range is empty, has too many points, or
/// is of a format that a scan cannot go over, and where `given` fixes a variable
/// that moves.
pub fn scan_space(
    definitions: &mut Definitions,
    texts: &[String],
    format: Format,
    (point, given): (&Point, &Point),
    limit: u32,
) -> Result<(Space, Point), Diagnostic> {
    let mut axes: Vec<Axis> = Vec::new();
    for text in texts {
        for variable in definitions.sets("--over", text)? {
            let twice = axes.iter().any(|axis| axis.name == variable.name);
            let fixed = given.settings.iter().any(|own| own.name == variable.name);
            if twice || fixed {
                let what = if twice {
                    "two ranges"
                } else {
                    "a value and a range"
                };
                let message = format!("`{}` has {what}", variable.name);
                return Err(Diagnostic::new(message)
                    .at(variable.span)
                    .help("keep one of the two"));
            }
            let axis = axis_of(&variable, format, limit)?;
            axes.push(axis);
        }
    }
    let space = Space::new(axes)?;
    let mut all = point.clone();
    all.override_with(space.variables());
    Ok((space, all))
}

fn axis_of(variable: &Quantified, format: Format, limit: u32) -> Result<Axis, Diagnostic> {
    let over = match &variable.over {
        Over::Reals(bounds) => Over::Floats(format.storage().nearest(), bounds.clone()),
        other => other.clone(),
    };
    let at = |error: Diagnostic| error.at(variable.span);
    let Over::Floats(format, _) = over else {
        return Err(
            at(Diagnostic::new("a scan goes over the numbers of a format")).help(format!(
                "write {0}=f32, or '{0}=f32 in [1, 4]'",
                variable.name
            )),
        );
    };
    // Formats that binary64 does not hold are refused before they are counted.
    Axis::new(
        &variable.name,
        variable.span,
        format,
        [&Float::new(2), &Float::new(2)],
    )
    .map_err(at)?;
    let whole = Quantified {
        over,
        ..variable.clone()
    };
    let pieces = axis(&whole, limit)?;
    let finite = pieces.iter().find_map(|piece| match piece {
        Numbers::Floats { first, last, .. } => {
            let number = |ordinal| format.from_ordinal(ordinal);
            number(first).zip(number(last))
        }
        _ => None,
    });
    match finite {
        Some((first, last)) => {
            Axis::new(&variable.name, variable.span, format, [&first, &last]).map_err(at)
        }
        None => Err(at(Diagnostic::new("no finite number lies in this range"))),
    }
}

/// Scans a formula in arithmetics at every point of a space, and keeps `top`
/// points with the largest errors. The subject was read at the point that
/// [`scan_space`] gives.
///
/// ```
/// use ulpscope::format::Format;
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Options, Point, Silent, Subject, scan, scan_space};
///
/// let mut definitions = Definitions::new();
/// let none = Point::default();
/// let over = ["z=f16".to_string()];
/// let (space, point) = scan_space(&mut definitions, &over, Format::F16, (&none, &none), 256)?;
/// let sigmoid = Subject::parse(&mut definitions, "sigmoid(z)", &point)?;
/// let result = scan(&sigmoid, &space, &[Format::F16], 3, &Options::default(), &Silent)?;
/// assert_eq!(result.points, 63487);
/// let counted: u64 = result.rows[0].classes.iter().map(|count| count.points).sum();
/// assert_eq!(counted, 63487);
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// # Errors
/// Where a fixed input is no rational number, and where a graph would be too large.
pub fn scan(
    subject: &Subject,
    space: &Space,
    formats: &[Format],
    top: usize,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Scan, Diagnostic> {
    let options = &options.fit_for(formats);
    progress.begin(space.points * formats.len() as u64);
    let row = |&format: &Format| {
        let plan = Plan::new(
            subject,
            space,
            format,
            options.libm,
            options.precision_limit,
        )?;
        Ok(row(&plan, top, progress))
    };
    let rows = formats.iter().map(row).collect::<Result<_, Diagnostic>>()?;
    let moves = |name: &str| space.axes.iter().any(|axis| axis.name == name);
    let mut inputs = InputText::of(subject.settings());
    inputs.retain(|input| !moves(&input.name));
    Ok(Scan {
        schema: SCHEMA,
        study: "scan",
        libm: options.libm.to_string(),
        precision_limit: options.precision_limit,
        formula: subject.text().to_string(),
        inputs,
        over: space.axes.iter().map(ScanAxis::of).collect(),
        points: space.points,
        rows,
    })
}

impl ScanAxis {
    fn of(axis: &Axis) -> ScanAxis {
        ScanAxis {
            name: axis.name.clone(),
            format: axis.format.to_string(),
            from: figure(axis, axis.number(0)),
            to: figure(axis, axis.number(axis.count - 1)),
            numbers: axis.count,
        }
    }
}

fn figure(axis: &Axis, x: f64) -> Figure {
    Figure::new(&axis.format, &Float::with_val(axis.format.precision(), x))
}

fn figures(space: &Space, index: u64) -> Vec<Figure> {
    let point = space.point(index);
    let axes = space.axes.iter().zip(point);
    axes.map(|(axis, x)| figure(axis, x)).collect()
}

/// How many points go together. It does not depend on the number of threads.
fn share(points: u64) -> u64 {
    (points / 64).next_power_of_two().clamp(1 << 10, 1 << 20)
}

fn row(plan: &Plan<'_>, wanted: usize, progress: &dyn Progress) -> ScanRow {
    let space = plan.space;
    // The largest error is told even where no point is.
    let kept = wanted.max(1);
    let share = share(space.points);
    let shares = space.points.div_ceil(share);
    let mut whole = Tally::new(Top::new(kept, floor(plan, kept)));
    for group in (0..shares).step_by(GROUP) {
        let floor = whole.top.floor();
        let tallies: Vec<Tally> = (group..shares.min(group + GROUP as u64))
            .into_par_iter()
            .map_init(
                || Worker::new(plan),
                |worker, number| {
                    let first = number * share;
                    let points = share.min(space.points - first);
                    let mut tally = Tally::new(Top::new(kept, floor));
                    worker.share(first, points, &mut tally);
                    tally.top.prune();
                    progress.advance(points);
                    tally
                },
            )
            .collect();
        for tally in &tallies {
            whole.merge(tally);
        }
        whole.top.prune();
    }
    finish(plan, whole, wanted)
}

/// An error that as many points as are wanted have at least: of a sample, evenly
/// spread.
fn floor(plan: &Plan<'_>, wanted: usize) -> f64 {
    let points = plan.space.points;
    let size = points.min(SAMPLE);
    let indices: Vec<u64> = (0..size)
        .map(|i| (u128::from(i) * u128::from(points) / u128::from(size)) as u64)
        .collect();
    let mut tally = Tally::new(Top::new(wanted, 0.0));
    Worker::new(plan).singles(&indices, &mut tally);
    tally.top.prune();
    if tally.top.candidates.len() < wanted {
        0.0
    } else {
        tally.top.floor()
    }
}

fn finish(plan: &Plan<'_>, tally: Tally, wanted: usize) -> ScanRow {
    let space = plan.space;
    let count = |(class, count): (Class, &Count)| {
        let (first, last) = count.ends?;
        Some(ClassCount {
            class,
            points: count.points,
            first: figures(space, first),
            last: figures(space, last),
        })
    };
    let classes = Class::ALL.into_iter().zip(&tally.classes);
    let (worst, largest_ulps) = worst(plan, &tally.top, wanted);
    let ulps = tally.ulps.iter().map(|(&bin, &points)| UlpsBin {
        above_log2: (bin > 0).then_some(bin as i32 - 2),
        up_to_log2: bin as i32 - 1,
        points,
    });
    let bits = tally.bits.iter().map(|(&bin, &points)| BitsBin {
        from: bin,
        below: bin + 1,
        points,
    });
    let mut causes: Vec<CauseCount> = Vec::new();
    if plan.causes {
        let known = Cause::ALL.into_iter().zip(tally.causes);
        let known = known.filter(|(_, points)| *points > 0);
        causes.extend(known.map(|(cause, points)| CauseCount {
            cause: Some(cause),
            points,
        }));
        let told: u64 = tally.causes.iter().sum();
        if told < space.points {
            causes.push(CauseCount {
                cause: None,
                points: space.points - told,
            });
        }
    }
    ScanRow {
        arithmetic: plan.format.to_string(),
        precision: plan.format.precision(),
        engine: plan.engine.to_string(),
        classes: classes.filter_map(count).collect(),
        largest_ulps,
        ulps_histogram: ulps.collect(),
        bits_histogram: bits.collect(),
        causes,
        worst,
    }
}

/// The points with the largest errors, measured sharply, and bounds of the
/// largest error of all.
fn worst(plan: &Plan<'_>, top: &Top, wanted: usize) -> (Vec<WorstPoint>, Option<Bounds>) {
    let mut slow = Slow::new(plan);
    let mut hardware = Worker::new(plan);
    // What is known of those that are not measured here.
    let mut others = Ulps {
        lower: 0.0,
        upper: top.let_go,
    };
    let mut found: Vec<(u64, WorstPoint)> = Vec::new();
    // Beyond as many again as are wanted, errors are as good as equal.
    let measured = 4 * wanted + 64;
    for (place, candidate) in top.candidates.iter().enumerate() {
        let point = if place < measured {
            let computed = hardware.computed(candidate.index);
            measure(plan, &mut slow, candidate, computed)
        } else {
            None
        };
        if point.is_none() {
            others.lower = others.lower.max(candidate.ulps.lower);
            others.upper = others.upper.max(candidate.ulps.upper);
        }
        found.extend(point);
    }
    found.sort_by(|(i, a), (j, b)| {
        let order = b.ulps.lower.total_cmp(&a.ulps.lower);
        order.then(i.cmp(j))
    });
    let bound = |x: f64| Float::with_val(Bounds::PRECISION, x);
    let mut largest = (others.upper > 0.0).then(|| Bounds {
        lower: bound(others.lower),
        upper: bound(others.upper),
    });
    for (_, point) in &found {
        let all = largest.get_or_insert_with(|| point.ulps.clone());
        all.lower.max_mut(&point.ulps.lower);
        all.upper.max_mut(&point.ulps.upper);
    }
    found.truncate(wanted);
    let worst = found.into_iter().map(|(_, point)| point).collect();
    (worst, largest)
}

fn measure(
    plan: &Plan<'_>,
    slow: &mut Slow<'_>,
    candidate: &Candidate,
    computed: Option<f64>,
) -> Option<(u64, WorstPoint)> {
    let point = plan.space.point(candidate.index);
    let (truth, computed): (&mut Truth<'_>, Float) = slow.at(&point, computed)?;
    let rounded = truth.rounded(&plan.format).ok();
    let errors = measure::errors(truth, &computed, &plan.format).ok()?;
    let bits = rounded
        .as_ref()
        .and_then(|rounded| measure::bits_of_error(&plan.format, &computed, rounded));
    let worst = WorstPoint {
        at: figures(plan.space, candidate.index),
        computed: Figure::new(&plan.format, &computed),
        rounded_once: rounded.map(|rounded| Figure::new(&plan.format, &rounded)),
        ulps: errors.ulps?,
        bits_of_error: bits,
    };
    Some((candidate.index, worst))
}
