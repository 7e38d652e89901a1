//! Where a formula is defined: for each operation whose domain is not all of
//! its operands' values, what remains to be asked of them.

use super::kernels::{Kernels, Sign};
use super::quotient::Quotient;
use super::short;
use crate::arithmetic::real::{Real, RealInput, RealValue};
use crate::enclosure::Enclosure;
use crate::evaluate::Machine;
use crate::formula::{Formula, NodeId, Op};
use rug::Float;
use rug::float::Special;

/// Conditions are given up to this many.
const MAX_CONDITIONS: usize = 16;
/// How many operations are looked at once there are conditions; many may have
/// the same text.
const MAX_LABELS: usize = 64;

/// The working precision of the enclosures over all real numbers.
const PRECISION: u32 = 64;

/// Encloses every node over all real inputs.
pub(super) fn everywhere(formula: &Formula) -> Machine<'_, Real> {
    let infinity = |special: Special| Float::with_val(2, special);
    let all = RealInput::Between(infinity(Special::NegInfinity), infinity(Special::Infinity));
    let inputs = vec![all; formula.inputs().len()];
    let mut machine = Machine::new(formula, Real::new(PRECISION, inputs));
    machine.run();
    machine
}

/// What is known of an operand wherever it is defined: by enclosure, and by its
/// quotient's sign.
struct Operand<'a> {
    enclosure: &'a Enclosure,
    sign: Option<Sign>,
    quotient: &'a Quotient,
}

impl Operand<'_> {
    fn is_positive(&self) -> bool {
        *self.enclosure.lo() > 0 || self.sign.is_some_and(|s| s.strict && !s.negative)
    }

    fn is_not_negative(&self) -> bool {
        *self.enclosure.lo() >= 0 || self.sign.is_some_and(|s| !s.negative)
    }

    fn is_nonzero(&self) -> bool {
        let enclosure = self.enclosure;
        *enclosure.lo() > 0 || *enclosure.hi() < 0 || self.sign.is_some_and(|s| s.strict)
    }

    fn is_within(&self, lo: f64, hi: f64) -> bool {
        *self.enclosure.lo() >= lo && *self.enclosure.hi() <= hi
    }

    fn is_strictly_within(&self, lo: f64, hi: f64) -> bool {
        *self.enclosure.lo() > lo && *self.enclosure.hi() < hi
    }
}

/// Adds what is not shown to hold everywhere for the formula to be defined.
/// The quotients are those of a table that took nothing for granted.
pub(super) fn conditions(
    formula: &Formula,
    enclosures: &[RealValue],
    quotients: &[Quotient],
    kernels: &Kernels,
    found: &mut Vec<String>,
) {
    let operand = |id: NodeId| {
        let quotient = &quotients[id.index()];
        Operand {
            enclosure: enclosures[id.index()].enclosure(),
            sign: kernels.sign(quotient, false),
            quotient,
        }
    };
    let mut labels = 0;
    for id in formula.ids() {
        let op = &formula.node(id).op;
        let ids = formula.operands(id);
        let always = |first: &Operand| match op {
            Op::Div => operand(ids[1]).is_nonzero(),
            Op::Log | Op::Log2 | Op::Log10 => first.is_positive(),
            Op::Log1p => *first.enclosure.lo() > -1,
            Op::Sqrt => first.is_not_negative(),
            Op::Asin | Op::Acos => first.is_within(-1.0, 1.0),
            Op::Acosh => *first.enclosure.lo() >= 1,
            Op::Atanh => first.is_strictly_within(-1.0, 1.0),
            // Less than π/2.
            Op::Tan => first.is_strictly_within(-1.57, 1.57),
            Op::Gamma | Op::Lgamma => first.is_positive(),
            Op::Atan2 => first.is_nonzero() || operand(ids[1]).is_nonzero(),
            Op::Pow => match operand(ids[1]).quotient.as_constant() {
                Some(n) if n.is_integer() => *n >= 0 || first.is_nonzero(),
                Some(q) if *q > 0 => first.is_not_negative(),
                _ => first.is_positive(),
            },
            _ => true,
        };
        if ids.is_empty() || always(&operand(ids[0])) {
            continue;
        }
        let label = |at: usize| short(&formula.describe(ids[at]));
        let whole = short(&formula.describe(id));
        let a = label(0);
        let text = match op {
            Op::Div => format!("{} != 0", label(1)),
            Op::Log | Op::Log2 | Op::Log10 => format!("{a} > 0 (in {whole})"),
            Op::Log1p => format!("{a} > -1 (in {whole})"),
            Op::Sqrt => format!("{a} >= 0 (in {whole})"),
            Op::Asin | Op::Acos => format!("-1 <= {a} <= 1 (in {whole})"),
            Op::Acosh => format!("{a} >= 1 (in {whole})"),
            Op::Atanh => format!("-1 < {a} < 1 (in {whole})"),
            Op::Tan => format!("cos({a}) != 0 (in {whole})"),
            Op::Gamma | Op::Lgamma => format!("{a} is not 0, -1, -2, ... (in {whole})"),
            Op::Atan2 => format!("{a} != 0 or {} != 0 (in {whole})", label(1)),
            Op::Pow => match operand(ids[1]).quotient.as_constant() {
                Some(n) if n.is_integer() => format!("{a} != 0 (in {whole})"),
                Some(q) if *q > 0 => format!("{a} >= 0 (in {whole})"),
                Some(_) => format!("{a} > 0 (in {whole})"),
                None => format!("{whole} is defined"),
            },
            _ => format!("{whole} is defined"),
        };
        labels += 1;
        if !found.contains(&text) {
            found.push(text);
        }
        if found.len() >= MAX_CONDITIONS || labels >= MAX_LABELS {
            let more = "and so on".to_string();
            if !found.contains(&more) {
                found.push(more);
            }
            return;
        }
    }
}
