//! What a scan gives.

use super::outcome::Class;
use crate::formula::Cause;
use crate::measure::Bounds;
use crate::study::compare::InputText;
use crate::study::figure::Figure;
use serde::Serialize;

/// The result of [`scan`](super::scan()).
#[derive(Clone, Debug, Serialize)]
pub struct Scan {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// Where hardware arithmetic took elementary functions from.
    pub libm: String,
    /// The budget for certified values, in bits.
    pub precision_limit: u32,
    /// The expression.
    pub formula: String,
    /// The fixed inputs as they were given.
    pub inputs: Vec<InputText>,
    /// The variables that move, the first one slowest.
    pub over: Vec<ScanAxis>,
    /// How many points there are.
    pub points: u64,
    /// One row for each arithmetic, in order.
    pub rows: Vec<ScanRow>,
}

/// A variable and the numbers that it takes.
#[derive(Clone, Debug, Serialize)]
pub struct ScanAxis {
    /// The variable.
    pub name: String,
    /// The format whose numbers it takes.
    pub format: String,
    /// The first of them.
    pub from: Figure,
    /// The last of them.
    pub to: Figure,
    /// How many there are; zero counts once.
    pub numbers: u64,
}

/// A formula in one arithmetic at every point.
#[derive(Clone, Debug, Serialize)]
pub struct ScanRow {
    /// The arithmetic's name.
    pub arithmetic: String,
    /// Its precision in bits.
    pub precision: u32,
    /// What carried the computations out.
    pub engine: String,
    /// How many points are of each class; those of classes with none left out.
    pub classes: Vec<ClassCount>,
    /// The largest error in ulps of finite results; none where no result is
    /// finite.
    pub largest_ulps: Option<Bounds>,
    /// Errors of finite results in ulps.
    pub ulps_histogram: Vec<UlpsBin>,
    /// Bits of error, where there is an exact value.
    pub bits_histogram: Vec<BitsBin>,
    /// What happened at the last operation; none where another library's
    /// functions were used.
    pub causes: Vec<CauseCount>,
    /// The points with the largest errors in ulps, the largest first; of equal
    /// errors the first.
    pub worst: Vec<WorstPoint>,
}

/// How many points are of a class.
#[derive(Clone, Debug, Serialize)]
pub struct ClassCount {
    /// The class.
    pub class: Class,
    /// How many.
    pub points: u64,
    /// The first of them: a number for each variable that moves.
    pub first: Vec<Figure>,
    /// The last of them.
    pub last: Vec<Figure>,
}

/// Errors above one bound, up to another, in ulps.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UlpsBin {
    /// log2 of the lower bound, which is left out; `None` where that is 0, which
    /// is not.
    pub above_log2: Option<i32>,
    /// log2 of the upper bound.
    pub up_to_log2: i32,
    /// How many points.
    pub points: u64,
}

/// Bits of error from one bound to another.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct BitsBin {
    /// The lower bound.
    pub from: u32,
    /// The upper bound, left out.
    pub below: u32,
    /// How many points.
    pub points: u64,
}

/// How many points have a cause at the last operation.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CauseCount {
    /// The cause; none where it is not known.
    pub cause: Option<Cause>,
    /// How many.
    pub points: u64,
}

/// A point with a large error.
#[derive(Clone, Debug, Serialize)]
pub struct WorstPoint {
    /// A number for each variable that moves.
    pub at: Vec<Figure>,
    /// What is computed.
    pub computed: Figure,
    /// The exact value rounded once.
    pub rounded_once: Option<Figure>,
    /// |computed − exact| / ulp(exact).
    pub ulps: Bounds,
    /// log2(1 + the number of floats between computed and rounded once).
    pub bits_of_error: Option<Bounds>,
}
