//! Claims about formulas, and what is known of them.
//!
//! A claim is a [`Predicate`] over a space of variables ([`Numbers`]: real numbers,
//! floats of a format, integers). [`decide()`] gives a verdict on it, [`range()`]
//! the values of a number over such a space, [`floats`] the runs of floats on which
//! a predicate holds. [`identity()`] decides equalities of exact formulas for all
//! real numbers at once.
//!
//! What is proved of a cell is proved of each of its points: enclosures and computed
//! intervals are evaluated over all of it. A refutation is a point at which the
//! predicate was decided by itself. Samples are tried for counterexamples, and prove
//! nothing.
//!
//! | file | chapter |
//! |---|---|
//! | `axis` | from a quantifier to the numbers of its variable |
//! | `space` | cells of numbers, and how they are split |
//! | `between` | where to split |
//! | `predicate` | a predicate's comparisons, and what logic makes of them |
//! | `machines` | evaluation over cells |
//! | `smooth` | mean-value forms and monotone functions |
//! | `look` | what is known of a predicate in one cell |
//! | `search` | branch and bound: whether it holds at every point |
//! | `decide` | the verdict, and what decides it |
//! | `range` | least and greatest values |
//! | `runs` | the floats for which a predicate holds |
//! | `identity` | equalities for all real numbers |
//! | `sample` | points at which both sides are enclosed, to refute |
//! | `translate` | a formula's nodes as quotients over kernels, to prove |
//! | `functions` | exp, log, roots, … of quotients |
//! | `quotient` | products of powers, and their sums |
//! | `kernels` | the table of kernels: relations, signs, what definedness tells |
//! | `polynomial`, `monomial` | what the sums are made of |
//! | `domain` | where the sides are defined |

mod axis;
mod between;
mod decide;
mod domain;
mod functions;
mod identity;
mod kernels;
mod look;
mod machines;
mod monomial;
mod polynomial;
mod predicate;
mod quotient;
mod range;
mod runs;
mod sample;
mod search;
mod smooth;
mod space;
mod translate;

pub use axis::{axis, integers, ordinals};
pub use decide::{AtomAt, Method, Outcome, Side, decide, format_of};
pub use identity::{Identity, Witness, identity};
pub use predicate::{Bound, Predicate, Slot};
pub use range::{Attained, Range, range};
pub use runs::{FloatRun, Floats, floats};
pub use search::{Budget, DEFAULT_BOXES, Open, Stop, affordable, count};
pub use smooth::{Smooth, is_continuous};
pub use space::{Cell, End, Numbers, Value};

use crate::truth::short;
use std::fmt;

/// What stops a proof.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Obstacle {
    /// The formulas are too large, or multiply out to something that is.
    Size,
    /// A node that has no exact real value in this sense; its text, and why.
    Unsupported(String, &'static str),
    /// A node that is defined nowhere; its text.
    Undefined(String),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Size => f.write_str("multiplied out, the sides are too large to be compared"),
            Obstacle::Unsupported(label, why) => write!(f, "`{label}` {why}"),
            Obstacle::Undefined(label) => write!(f, "`{label}` is defined nowhere"),
        }
    }
}
