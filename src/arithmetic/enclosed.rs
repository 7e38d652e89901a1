//! Enclosures alone: the quick way to the exact value at many points.
//!
//! As [`real`](super::real), without exact rationals, without computed values and
//! without the reasons why something is not known: every node is enclosed at the
//! working precision. What that leaves open, [`real`](super::real) may decide.

use super::real::{RealInput, enclose};
use super::{Arithmetic, cost};
use crate::enclosure::{Defined, Enclosure};
use crate::formula::{Constant, Context, Formula, Node, Op};

/// Enclosures at a working precision.
#[derive(Debug)]
pub struct Enclosed {
    precision: u32,
    inputs: Vec<Enclosure>,
}

impl Enclosed {
    /// An arithmetic at inputs to be set; `None` where a node of the formula is no
    /// operation on real numbers alone.
    pub fn new(formula: &Formula, precision: u32) -> Option<Self> {
        let is_plain = |node: &Node| {
            let real = !matches!(node.context, Context::Fixed(_));
            real && !matches!(
                node.op,
                Op::Round(_)
                    | Op::Error(..)
                    | Op::Ulp(_)
                    | Op::Cause(..)
                    | Op::Constant(Constant::Inf | Constant::Nan)
            )
        };
        formula.nodes().iter().all(is_plain).then(|| Enclosed {
            precision,
            inputs: vec![Enclosure::new(precision); formula.inputs().len()],
        })
    }

    /// Moves to another point; whether these inputs are real numbers.
    pub fn set_inputs(&mut self, inputs: &[RealInput]) -> bool {
        self.inputs.iter_mut().zip(inputs).all(|(own, input)| {
            match input {
                RealInput::Exact(value) => own.assign_rational(value),
                RealInput::Between(lo, hi) | RealInput::Nonzero(lo, hi) => {
                    if !(lo.is_finite() && hi.is_finite()) {
                        return false;
                    }
                    own.assign_bounds(lo, hi);
                }
            }
            true
        })
    }
}

impl Arithmetic for Enclosed {
    type Value = Enclosure;

    fn register(&self, _: &Node) -> Enclosure {
        Enclosure::new(self.precision)
    }

    fn apply(&mut self, node: &Node, operands: &[&Enclosure], result: &mut Enclosure) {
        match &node.op {
            Op::Input(index) => result.assign_from(&self.inputs[*index as usize]),
            Op::Literal(literal) => result.assign_rational(literal.value()),
            Op::Constant(Constant::Pi) => result.assign_pi(),
            Op::Constant(Constant::E) => result.assign_e(),
            Op::Constant(_) => result.assign_whole(Defined::Maybe),
            Op::Convert | Op::Cast(_) => result.assign_from(operands[0]),
            Op::Select => result.assign_select(operands[0], operands[1], operands[2]),
            op => {
                let bounds = [operands[0].lo(), operands[0].hi()];
                if cost::too_costly(op, self.precision, &bounds) {
                    return result.assign_whole(Defined::Maybe);
                }
                enclose(op, |i| operands[i], result);
            }
        }
    }
}
