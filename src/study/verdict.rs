//! What is said of a claim, as plain data: `evidence` makes it.

use super::figure::{Bound as BoundText, Status};
use crate::formula::Cause;
use crate::language::ClaimVerdict;
use crate::truth::Answer;
use serde::Serialize;

/// A claim with its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// Its title.
    pub title: Option<String>,
    /// The claim as it was written.
    pub claim: String,
    /// The text in which it stands.
    pub source: String,
    /// Its line there.
    pub line: usize,
    /// The verdict that is expected.
    pub expected: ClaimVerdict,
    /// The verdict.
    pub verdict: ClaimVerdict,
    /// Whether these are the same.
    pub as_expected: bool,
    /// How it was reached, or tried.
    pub how: How,
    /// Where it fails or is undefined; where it is undecided, the worst point seen.
    pub witness: Option<Witness>,
    /// The comparisons that the claim is made of, at that point, or at the only
    /// one.
    pub comparisons: Vec<ComparedSides>,
    /// The range that was asked for.
    pub range: Option<RangeText>,
    /// Why it is undefined or undecided.
    pub reason: Option<String>,
    /// What was not decided.
    pub left: Option<Left>,
    /// The blocks of floats or boxes of numbers that decide it, in order; the
    /// first hundred.
    pub cells: Vec<CellText>,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

/// How a claim was decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum How {
    /// At a point, with a working precision of so many bits.
    Point {
        /// The precision.
        precision: u32,
    },
    /// At a point, with rational numbers alone.
    ExactArithmetic,
    /// As an identity, for all real numbers.
    Identity,
    /// For each number of a format, by blocks of consecutive ones.
    Floats {
        /// How many there are; ±0 count as one.
        floats: String,
        /// How many blocks were looked at.
        blocks: u64,
    },
    /// For each point of a space that can be counted.
    Points {
        /// How many there are.
        points: String,
        /// How many boxes were looked at.
        boxes: u64,
    },
    /// By subdivision.
    Boxes {
        /// How many were looked at.
        boxes: u64,
    },
    /// For each precision of a format.
    Each {
        /// The variables of formats.
        variables: String,
        /// How many choices of them were decided.
        choices: usize,
        /// How the deciding one was.
        each: Box<How>,
    },
}

/// A point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Witness {
    /// Each variable's value.
    pub point: Vec<WitnessValue>,
    /// Whether the claim holds at all points before it.
    pub first: bool,
}

/// A variable's value at a point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WitnessValue {
    /// The variable.
    pub name: String,
    /// The exact value where that is short, otherwise a decimal that reads back
    /// to it in its format, or certain digits.
    pub decimal: String,
    /// The exact value in hexadecimal, where it has one.
    pub hex: Option<String>,
    /// The exact value, as a fraction or an integer; none of an infinity, and none
    /// of thousands of digits.
    pub exact: Option<String>,
}

/// A comparison at a point.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedSides {
    /// Its text.
    pub text: String,
    /// Whether it holds there.
    pub holds: Option<bool>,
    /// Its left side.
    pub left: Option<SideText>,
    /// Its right side.
    pub right: Option<SideText>,
    /// What happened, where it asks for a cause.
    pub cause: Option<Cause>,
}

/// A side of a comparison at a point.
#[derive(Clone, Debug, Serialize)]
pub struct SideText {
    /// Its text.
    pub text: String,
    /// Whether its value is known.
    pub status: Status,
    /// Its value: certified digits, with an ellipsis where more follow.
    pub value: Option<String>,
    /// The exact value in hexadecimal, of a number of a format.
    pub hex: Option<String>,
    /// A lower bound.
    pub lower: Option<BoundText>,
    /// An upper bound.
    pub upper: Option<BoundText>,
}

/// The range of a number.
#[derive(Clone, Debug, Serialize)]
pub struct RangeText {
    /// No value is less.
    pub lower: BoundText,
    /// No value is greater.
    pub upper: BoundText,
    /// Whether the bounds are as near to values as 12 digits show, or as many as were
    /// asked for.
    pub tight: bool,
    /// The least value that was found, and where.
    pub least: Option<AttainedText>,
    /// The greatest.
    pub greatest: Option<AttainedText>,
    /// Where the number is continuous: between these it takes every value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<[BoundText; 2]>,
}

/// A value that is attained.
#[derive(Clone, Debug, Serialize)]
pub struct AttainedText {
    /// The value; certified digits.
    pub value: String,
    /// Where.
    pub point: Vec<WitnessValue>,
}

/// What was not decided.
#[derive(Clone, Debug, Serialize)]
pub struct Left {
    /// How many boxes.
    pub boxes: usize,
    /// How many points they have, where these can be counted.
    pub points: Option<String>,
    /// The first of them.
    pub cells: Vec<CellText>,
}

/// Numbers that each variable takes.
#[derive(Clone, Debug, Serialize)]
pub struct CellText {
    /// What is known of it.
    pub answer: Answer,
    /// For each variable, from where to where.
    pub ranges: Vec<RangeOf>,
}

/// A variable's range.
#[derive(Clone, Debug, Serialize)]
pub struct RangeOf {
    /// The variable.
    pub name: String,
    /// The least value, or its bound.
    pub from: String,
    /// The greatest.
    pub to: String,
}
