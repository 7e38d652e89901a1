//! Studies: questions about formulas, answered with plain, typed data. Nothing
//! here prints; every figure that a rendering shows is in a study's result.

mod bits;
mod case;
mod compare;
mod compare_box;
mod condition;
mod derive;
mod digits;
mod eval;
mod evidence;
mod explain;
mod figure;
mod formats;
mod over_box;
mod place;
mod point;
mod points;
mod precision;
mod predicate;
mod progress;
mod range;
mod sample;
mod scan;
mod stated;
mod subject;
mod sweep;
mod threshold;
mod verdict;
mod verify;

pub use bits::{
    Bits, Encoding, Event, FormatBits, Kind, Side, Significand, bits, bits_of_encoding,
    parse_encoding,
};
pub use case::{
    Case, CasePrecisions, CaseResult, CaseThreshold, Edge, PrecisionQuestion, Threshold, Way,
    Written,
};
pub use compare::{Compared, Comparison, InputText, Options, Row, compare};
pub use compare_box::{BoxComparison, BoxRow, ComparedOver, RangeOver, compare_over};
pub use condition::Condition;
pub use derive::{DeclaredCheck, Derivation, Derived, Equals, Named, check_declared, derive};
pub use digits::ExactDecimal;
pub use eval::{Evaluation, Holds, eval};
pub use explain::{
    Before, Explained, Explanation, LeastPrecision, NodeKind, Story, Trust, explain,
};
pub use figure::{Bound, Exact, Figure, Status, shortened};
pub use formats::{Constant, FormatFacts, FormatTable, formats};
pub use over_box::{BoxEvaluation, Extent, HoldsOver, MAX_BOX_DIGITS, eval_over};
pub use place::Place;
pub use point::{Point, Value};
pub use points::{Given, NotGiven, PointMachines, PointRow, Points};
pub use precision::{PrecisionRow, PrecisionRun, PrecisionThreshold, Precisions, over_precisions};
pub use predicate::{Meaning, Predicate};
pub use progress::{Progress, Silent};
pub use range::{Interval, Range};
pub use sample::{MAX_SAMPLE, Sample, SampleRow, Sampled, Sampling, Spread, sample, sample_point};
pub use scan::{
    Axis, BitsBin, CauseCount, Class, ClassCount, MAX_SCAN_POINTS, Scan, ScanAxis, ScanRow, Space,
    UlpsBin, WorstPoint, scan, scan_space,
};
pub use subject::Subject;
pub use sweep::{Coordinate, Grid, MAX_SWEEP_ROWS, Sweep, SweepPoint, sweep};
pub use threshold::{FloatRow, FloatThreshold, Run, over_floats};
pub use verify::{
    AttainedText, CellText, ComparedSides, Counts, DEFAULT_POINTS, How, Left, RangeText, SideText,
    Verification, Verified, VerifyOptions, Witness, WitnessValue, verify,
};

/// The version of the JSON that studies serialise to; it changes when a key
/// changes its meaning or goes.
pub const SCHEMA: u32 = 1;
