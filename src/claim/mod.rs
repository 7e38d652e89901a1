//! Claims about formulas, and what is known of them.
//!
//! So far: identities of exact formulas ([`identity()`]), decided for all real
//! numbers at once.
//!
//! | file | chapter |
//! |---|---|
//! | `identity` | the question and its answers |
//! | `sample` | points at which both sides are enclosed, to refute |
//! | `translate` | a formula's nodes as quotients over kernels, to prove |
//! | `functions` | exp, log, roots, … of quotients |
//! | `quotient` | products of powers, and their sums |
//! | `kernels` | the table of kernels: relations, signs, what definedness tells |
//! | `polynomial`, `monomial` | what the sums are made of |
//! | `domain` | where the sides are defined |

mod axis;
mod decide;
mod domain;
mod functions;
mod identity;
mod kernels;
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
pub use smooth::Smooth;
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
