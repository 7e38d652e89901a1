//! The formula enclosed, and figures from enclosures.

use super::ExactInput;
use super::plan::Plan;
use crate::arithmetic::real::{Real, RealInput};
use crate::enclosure::Enclosure;
use crate::evaluate::{Machine, precision_that_fits};
use crate::formula::{Formula, Kind, NodeId};
use crate::measure::Bounds;
use crate::truth::precision_that_ends;
use rug::Float;
use rug::float::Round;

/// The accuracy that values are enclosed to, in bits; for shares and for
/// [`DIGITS`] decimal digits.
const ACCURACY: i64 = 64;

/// Beyond a format's precision, working precisions go to this many bits.
const MOST_EXTRA_BITS: u32 = 4096;

/// A share that is known no better than to 2^−this is not known.
pub const WIDEST: u32 = 10;

/// Or to as many as all nodes may have together.
const MOST_BITS: u32 = 1 << 26;

/// A formula's nodes, enclosed until that is sharp, or as far as the budget
/// allows.
pub fn enclosed<'f>(
    formula: &'f Formula,
    graph: &Formula,
    inputs: &[ExactInput<'_>],
    bits: u32,
    limit: u32,
    is_sharp: impl Fn(&Machine<'_, Real>) -> bool,
) -> Machine<'f, Real> {
    let values = formula.inputs().iter().map(|name| {
        let index = graph.inputs().iter().position(|input| input == name);
        match index.map(|index| &inputs[index]) {
            Some(ExactInput::Rational(value)) => RealInput::Exact((*value).clone()),
            _ => unreachable!("only rational inputs are left"),
        }
    });
    let most = bits.saturating_mul(2).saturating_add(MOST_EXTRA_BITS);
    // A long formula is not enclosed at any price.
    let nodes = u32::try_from(formula.nodes().len()).unwrap_or(u32::MAX);
    let most = most
        .max(MOST_BITS / nodes.max(1))
        .min(limit.max(bits + 128))
        .min(precision_that_ends(formula).max(bits + 96))
        .min(precision_that_fits(formula, 2));
    let mut precision = (bits + 96).max(160).min(most);
    let mut machine = Machine::new(formula, Real::new(precision, values));
    machine.run();
    while precision < most && !is_sharp(&machine) {
        precision = precision.saturating_mul(2).min(most);
        machine.arithmetic_mut().set_precision(precision);
        machine.remake();
        machine.run();
    }
    machine
}

/// Whether an enclosure is sharp.
pub fn is_narrow(enclosure: &Enclosure) -> bool {
    enclosure.is_surely()
        && enclosure
            .agreeing_bits()
            .is_some_and(|bits| bits >= ACCURACY)
}

/// Whether all that blame needs is enclosed narrowly: exact values, errors made,
/// and whether computed values differ from what they stand for.
pub fn is_sharp(plan: &Plan, machine: &Machine<'_, Real>, trace: &[Float], root: NodeId) -> bool {
    let enclosure = |id: NodeId| machine.value(id).enclosure();
    let sharp = |id: NodeId| enclosure(id).is_never() || is_narrow(enclosure(id));
    let told_apart = |id: NodeId, computed: &Float| {
        let exact = enclosure(id);
        exact.is_never() || exact.is_point() || !exact.contains(computed)
    };
    let exact = plan.exact.iter().all(|&id| {
        machine.value(id).special().is_some()
            || sharp(id)
            || machine.formula().kind(id) == Kind::Predicate
    });
    let local = plan.local.iter().zip(trace).all(|(id, computed)| match id {
        Some(id) => told_apart(*id, computed),
        None => true,
    });
    // An adjoint may be 0 without being known to be; then what it makes of the
    // error has to be small.
    let greatest = |id: NodeId| magnitude(enclosure(id)).upper;
    let computed = &trace[root.index()];
    // Where there is no difference, or none that is finite, nothing is shared out.
    let difference = computed.is_finite().then(|| {
        let difference = difference(computed, enclosure(plan.exact[root.index()]));
        magnitude(&difference).lower
    });
    let difference = difference.filter(|least| !least.is_zero() && !least.is_nan());
    let adjoint = plan.adjoint.iter().zip(&plan.made).all(|pair| match pair {
        (Some(adjoint), made) => {
            let known = enclosure(*adjoint).is_surely() && enclosure(*adjoint).is_bounded();
            let small = match (&difference, made) {
                (Some(least), Some(made)) => {
                    greatest(*adjoint) * greatest(*made) <= Float::with_val(64, least) >> WIDEST
                }
                _ => true,
            };
            sharp(*adjoint) || (known && small)
        }
        (None, _) => true,
    });
    let total = told_apart(plan.exact[root.index()], &trace[root.index()]);
    exact && local && adjoint && total && plan.made.iter().flatten().all(|&id| sharp(id))
}

/// Whether a share is known well enough to be shown.
pub fn is_share(share: &Enclosure) -> bool {
    let absolute = Float::with_val(64, 1) >> WIDEST;
    let narrow = share
        .agreeing_bits()
        .is_some_and(|bits| bits >= i64::from(WIDEST));
    share.is_surely() && share.is_bounded() && (narrow || share.width() <= absolute)
}

/// computed − exact.
pub fn difference(computed: &Float, exact: &Enclosure) -> Enclosure {
    let mut point = Enclosure::new(computed.prec());
    point.assign_point(computed);
    binary(Enclosure::assign_sub, &point, exact)
}

pub fn binary(
    operation: fn(&mut Enclosure, &Enclosure, &Enclosure),
    a: &Enclosure,
    b: &Enclosure,
) -> Enclosure {
    let mut result = Enclosure::new(a.precision().max(b.precision()).max(128));
    operation(&mut result, a, b);
    result
}

/// |x|.
pub fn magnitude(x: &Enclosure) -> Bounds {
    let bounds = signed(x);
    Bounds::magnitude_of(bounds.lower, bounds.upper)
}

/// The bounds of x.
pub fn signed(x: &Enclosure) -> Bounds {
    Bounds {
        lower: Float::with_val_round(Bounds::PRECISION, x.lo(), Round::Down).0,
        upper: Float::with_val_round(Bounds::PRECISION, x.hi(), Round::Up).0,
    }
}

/// |a|/|b|, where b is not 0.
pub fn quotient(a: &Enclosure, b: &Enclosure) -> Option<Bounds> {
    let quotient = binary(Enclosure::assign_div, a, b);
    (quotient.is_surely() && quotient.is_bounded()).then(|| magnitude(&quotient))
}
