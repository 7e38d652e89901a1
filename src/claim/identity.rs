//! Whether two exact formulas are equal.

use super::domain::{conditions, everywhere};
use super::kernels::Kernels;
use super::quotient::Quotient;
use super::sample::{Sampler, weight};
use super::{Obstacle, short};
use crate::arithmetic::real::RealValue;
use crate::formula::Formula;
use rug::Rational;
use serde::{Serialize, Serializer};
use std::fmt;

/// Formulas that take more work than so many additions are not looked at for a
/// proof.
const MAX_WEIGHT: u64 = 1 << 17;

/// What is known of `left == right` for all real values of their inputs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Identity {
    /// Equal wherever both sides are defined, which is everywhere.
    Proved,
    /// Equal wherever both sides are defined, which they are somewhere.
    ProvedWhereDefined {
        /// What is not shown to hold everywhere, as `x != 0` or
        /// `x > 0 (in log(x))`. Where all of it holds, both sides are defined;
        /// they may be so at other points too (an `if` needs one branch only).
        conditions: Vec<String>,
    },
    /// At a point where both sides are defined they differ.
    Refuted(Witness),
    /// Neither.
    Undecided {
        /// What stood in the way of a proof.
        reason: String,
        /// At how many points both sides are defined and were not told apart.
        points: usize,
        /// To how many decimal digits they agree there: of the value, or behind
        /// the point where it may be 0. None are counted at points where they
        /// are rational and equal.
        digits: u32,
    },
}

/// A point at which two sides differ. Both are defined there, and their
/// enclosures have no number in common.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Witness {
    /// The variables' values.
    #[serde(serialize_with = "as_texts")]
    pub point: Vec<(String, Rational)>,
    /// The left side's certified digits, so many that they differ from the
    /// right side's; an ellipsis where more follow.
    pub left: String,
    /// The right side's.
    pub right: String,
    /// left − right, to two digits.
    pub difference: String,
}

/// A variable's value, exactly.
#[derive(Serialize)]
struct Setting<'a> {
    name: &'a str,
    value: String,
}

fn as_texts<S: Serializer>(point: &[(String, Rational)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(point.iter().map(|(name, value)| Setting {
        name,
        value: value.to_string(),
    }))
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point: Vec<String> = self
            .point
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        if !point.is_empty() {
            write!(f, "at {}: ", point.join(", "))?;
        }
        let (left, right) = (short(&self.left), short(&self.right));
        write!(f, "left is {left}, right is {right}")?;
        if left == right || left.ends_with('…') || right.ends_with('…') {
            write!(f, ", the difference is {}", self.difference)?;
        }
        Ok(())
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identity::Proved => f.write_str("proved"),
            Identity::ProvedWhereDefined { conditions } => write!(
                f,
                "proved where both sides are defined: {}",
                conditions.join(", ")
            ),
            Identity::Refuted(witness) if witness.point.is_empty() => {
                write!(f, "refuted: {witness}")
            }
            Identity::Refuted(witness) => write!(f, "refuted {witness}"),
            Identity::Undecided {
                reason,
                points,
                digits,
            } => {
                write!(f, "undecided: {reason}")?;
                match (points, digits) {
                    (0, _) => f.write_str("; no point is known where both are defined"),
                    (1, 0) => f.write_str("; at 1 point nothing tells the sides apart"),
                    (_, 0) => write!(f, "; at {points} points nothing tells the sides apart"),
                    (1, _) => write!(f, "; at 1 point they agree to {digits} digits"),
                    _ => write!(f, "; at {points} points they agree to {digits} digits"),
                }
            }
        }
    }
}

/// Whether two formulas, inlined for the reals, are equal for all real values
/// of their inputs, which go by their names. Points are enclosed with at most
/// `limit` bits.
///
/// A proof is one of rational functions: each side becomes a quotient of
/// polynomials in *kernels* (variables, exponentials, logarithms of absolute
/// values, roots, absolute values, sines and cosines; anything else as a
/// function of which nothing is known), and their difference vanishes
/// identically. Kernels are taken for independent, but for relations such as
/// S² = a for S = √a; so what is proved is true, and what is not proved may be.
/// A refutation is always a point.
///
/// ```
/// use ulpscope::claim::{Identity, identity};
/// use ulpscope::formula::Context;
/// use ulpscope::language::Definitions;
/// let real = |text| Definitions::new().formula("it", text)?.inline(Context::Real);
///
/// let verdict = identity(&real("tanh(z)")?, &real("2*sigmoid(2*z) - 1")?, 1000);
/// assert_eq!(verdict, Identity::Proved);
/// let verdict = identity(&real("x/x")?, &real("1")?, 1000);
/// assert_eq!(verdict.to_string(), "proved where both sides are defined: x != 0");
/// let verdict = identity(&real("sqrt(x^2)")?, &real("x")?, 1000);
/// assert_eq!(verdict.to_string(), "refuted at x = -1: left is 1, right is -1");
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
pub fn identity(left: &Formula, right: &Formula, limit: u32) -> Identity {
    let mut sampler = Sampler::new(left, right, limit);
    if let Some(witness) = sampler.coarse() {
        return Identity::Refuted(witness);
    }
    let sides = [left, right];
    let reason = if sides.iter().any(|side| weight(side) > MAX_WEIGHT) {
        Obstacle::Size.to_string()
    } else {
        let machines = sides.map(everywhere);
        let enclosures = [machines[0].trace(), machines[1].trace()];
        match proof(sides, enclosures) {
            Ok(Some(conditions)) if conditions.is_empty() => return Identity::Proved,
            Ok(Some(conditions)) if sampler.defined_somewhere() => {
                return Identity::ProvedWhereDefined { conditions };
            }
            Ok(Some(conditions)) => {
                let conditions = conditions.join(", ");
                format!("proved where both sides are defined, if they are anywhere: {conditions}")
            }
            Ok(None) => "not equal as rational functions of what the sides are made of".to_string(),
            Err(obstacle) => obstacle.to_string(),
        }
    };
    match sampler.fine() {
        Ok(witness) => Identity::Refuted(witness),
        Err(agreement) => Identity::Undecided {
            reason: match agreement.exhausted {
                Some(bits) => format!("{reason}; more points at {bits} bits would take too long"),
                None => reason,
            },
            points: agreement.points,
            digits: agreement.digits,
        },
    }
}

type Quotients = [Vec<Quotient>; 2];

fn translated(
    kernels: &mut Kernels,
    sides: [&Formula; 2],
    enclosures: [&[RealValue]; 2],
) -> Result<Quotients, Obstacle> {
    let mut side = |at: usize| {
        kernels.translate(sides[at], |id| {
            *enclosures[at][id.index()].enclosure().lo() > 0
        })
    };
    Ok([side(0)?, side(1)?])
}

/// `None` where the quotients differ; otherwise what is not shown to hold
/// everywhere for both sides to be defined.
fn proof(
    sides: [&Formula; 2],
    enclosures: [&[RealValue]; 2],
) -> Result<Option<Vec<String>>, Obstacle> {
    let mut kernels = Kernels::new();
    // The second time with what the first told of signs: that x > 0 where
    // log(x) is defined serves nodes before it too.
    for _ in 0..2 {
        let known = kernels.facts.len();
        let quotients = translated(&mut kernels, sides, enclosures)?;
        let [left, right] = [0, 1].map(|at| &quotients[at][sides[at].root().index()]);
        kernels.strict = false;
        if kernels.minus(left, right)?.is_zero() {
            return definedness(sides, enclosures).map(Some);
        }
        if kernels.facts.len() == known {
            break;
        }
    }
    Ok(None)
}

fn definedness(
    sides: [&Formula; 2],
    enclosures: [&[RealValue]; 2],
) -> Result<Vec<String>, Obstacle> {
    // Nothing may be concluded from a node being defined to show that it is.
    let mut kernels = Kernels::plain();
    let quotients = translated(&mut kernels, sides, enclosures)?;
    let mut found = Vec::new();
    for at in 0..2 {
        let (formula, quotients) = (sides[at], &quotients[at]);
        conditions(formula, enclosures[at], quotients, &kernels, &mut found);
    }
    Ok(found)
}
