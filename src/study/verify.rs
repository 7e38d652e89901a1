//! Verdicts on claims.

use super::SCHEMA;
use super::compare::InputText;
use super::point::Point;
use super::stated::Stated;
use crate::formula::Diagnostic;
use crate::language::{Claim, ClaimVerdict, Definitions};
use crate::truth::DEFAULT_PRECISION_LIMIT;
use rayon::prelude::*;
use serde::Serialize;

use super::evidence::Lines;
pub use super::verdict::{
    AttainedText, CellText, ComparedSides, How, Left, RangeText, SideText, Verified, Witness,
    WitnessValue,
};

/// Claims are made ready in batches, so that few of them take memory at a time.
const BATCH: usize = 1024;

/// The most points that are tried for a claim, unless it is told otherwise.
pub const DEFAULT_POINTS: u64 = 20_000;

/// What may be spent on each claim.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions {
    /// Bits of working precision at a point.
    pub precision_limit: u32,
    /// Boxes of numbers; without a limit as many as DEFAULT_BOXES, fewer for long
    /// formulas.
    pub boxes: Option<u64>,
    /// Points that are tried.
    pub points: u64,
    /// The significant decimal digits to which a range's bounds should be known, 1000
    /// at most; 12 unless it is told otherwise.
    pub digits: Option<u32>,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        VerifyOptions {
            precision_limit: DEFAULT_PRECISION_LIMIT,
            boxes: None,
            points: DEFAULT_POINTS,
            digits: None,
        }
    }
}

/// The result of [`verify`].
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The budget for a point, in bits.
    pub precision_limit: u32,
    /// The budget in points.
    pub point_limit: u64,
    /// Values that were given for free variables.
    pub inputs: Vec<InputText>,
    /// How many claims there are of each verdict.
    pub counts: Counts,
    /// One entry for each claim, in order.
    pub claims: Vec<Verified>,
}

/// How many claims have which verdict.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct Counts {
    /// Proved.
    pub proved: usize,
    /// Refuted.
    pub refuted: usize,
    /// Undecided.
    pub undecided: usize,
    /// Undefined.
    pub undefined: usize,
    /// Those whose verdict is not the one expected.
    pub unexpected: usize,
}

impl Counts {
    fn of(claims: &[Verified]) -> Self {
        let mut counts = Counts::default();
        for claim in claims {
            *match claim.verdict {
                ClaimVerdict::Proved => &mut counts.proved,
                ClaimVerdict::Refuted => &mut counts.refuted,
                ClaimVerdict::Undecided => &mut counts.undecided,
                ClaimVerdict::Undefined => &mut counts.undefined,
            } += 1;
            counts.unexpected += usize::from(!claim.as_expected);
        }
        counts
    }
}

impl Verification {
    /// The same for some of its claims, by index.
    pub fn only(&self, indices: &[usize]) -> Self {
        let claims: Vec<Verified> = indices.iter().map(|&i| self.claims[i].clone()).collect();
        Verification {
            counts: Counts::of(&claims),
            claims,
            inputs: self.inputs.clone(),
            ..*self
        }
    }

    /// Whether every claim has the verdict that is expected of it.
    pub fn is_as_expected(&self) -> bool {
        self.counts.unexpected == 0
    }

    /// Takes the claims of another one behind its own. Values that were given are
    /// kept where both have the same.
    pub fn add(&mut self, other: Verification) {
        if self.inputs != other.inputs {
            self.inputs.clear();
        }
        self.claims.extend(other.claims);
        self.counts = Counts::of(&self.claims);
    }
}

/// Decides claims. Free variables that a claim does not quantify have the
/// point's values.
///
/// ```
/// use ulpscope::language::{ClaimVerdict, Definitions};
/// use ulpscope::study::{Point, VerifyOptions, verify};
///
/// let mut definitions = Definitions::new();
/// let text = "fl(sigmoid(z), f64) == 1 for z : f64 in [37, 700]";
/// let claims = [definitions.claim("claim", text)?];
/// let options = VerifyOptions::default();
/// let result = verify(&mut definitions, &claims, &Point::default(), &options)?;
/// assert_eq!(result.claims[0].verdict, ClaimVerdict::Proved);
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// # Errors
/// Where a claim cannot be asked: a free variable has no value, a range is empty,
/// real numbers are quantified over inside an `fl`.
pub fn verify(
    definitions: &mut Definitions,
    claims: &[Claim],
    point: &Point,
    options: &VerifyOptions,
) -> Result<Verification, Diagnostic> {
    let mut verified = Vec::with_capacity(claims.len());
    let lines = Lines::of(claims, definitions.sources());
    for batch in claims.chunks(BATCH) {
        let stated: Vec<Stated> = batch
            .iter()
            .map(|claim| Stated::new(definitions, claim, point, options))
            .collect::<Result<_, _>>()?;
        let sources = definitions.sources();
        let decide = |(claim, stated): (&Claim, Stated)| {
            let outcome = stated.decide();
            Verified::new(claim, &stated, outcome, (sources, &lines))
        };
        let ready: Vec<(&Claim, Stated)> = batch.iter().zip(stated).collect();
        verified.par_extend(ready.into_par_iter().map(decide));
    }
    Ok(Verification {
        schema: SCHEMA,
        study: "verify",
        precision_limit: options.precision_limit,
        point_limit: options.points,
        inputs: InputText::of(&point.settings),
        counts: Counts::of(&verified),
        claims: verified,
    })
}
