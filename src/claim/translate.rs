//! A formula's nodes as quotients over kernels.

use super::kernels::{Kernel, Kernels};
use super::quotient::Quotient;
use super::{Obstacle, short};
use crate::formula::{Constant, Context, Formula, NodeId, Op};
use rug::Rational;

/// Which nodes are defined wherever the whole formula is: those that the root
/// needs by other ways than through a branch or a side of `and` and `or`.
pub(super) fn lasting(formula: &Formula) -> Vec<bool> {
    let mut lasting = vec![false; formula.nodes().len()];
    lasting[formula.root().index()] = true;
    for id in formula.ids().rev() {
        if !lasting[id.index()] {
            continue;
        }
        let operands = formula.operands(id);
        let needed = match formula.node(id).op {
            Op::Select => &operands[..1],
            Op::And | Op::Or => &[],
            _ => operands,
        };
        for operand in needed {
            lasting[operand.index()] = true;
        }
    }
    lasting
}

impl Kernels {
    /// Every node's quotient. `positive` says which nodes enclosures show to be
    /// positive wherever they are defined.
    pub(super) fn translate(
        &mut self,
        formula: &Formula,
        positive: impl Fn(NodeId) -> bool,
    ) -> Result<Vec<Quotient>, Obstacle> {
        let lasting = lasting(formula);
        let mut done: Vec<Quotient> = Vec::with_capacity(formula.nodes().len());
        for id in formula.ids() {
            self.strict = self.learns && lasting[id.index()];
            self.budget.spend(1)?;
            let node = formula.node(id);
            if node.context != Context::Real {
                return Err(unsupported(formula, id, "is computed in a format"));
            }
            let operands: Vec<&Quotient> = formula
                .operands(id)
                .iter()
                .map(|operand| &done[operand.index()])
                .collect();
            let base = formula.operands(id).first();
            let base_is_positive = node.op == Op::Pow && base.is_some_and(|&base| positive(base));
            let quotient = match &node.op {
                Op::Input(index) => {
                    let name = formula.inputs()[*index as usize].clone();
                    Some(Quotient::symbol(self.intern(Kernel::Input(name))?))
                }
                Op::Constant(Constant::Inf | Constant::Nan) => {
                    return Err(unsupported(formula, id, "is no real number"));
                }
                Op::Round(_) | Op::Error(..) | Op::Ulp(_) | Op::Cause(..) => {
                    return Err(unsupported(formula, id, "depends on a format"));
                }
                Op::Parameter(_) | Op::Call(_) => {
                    return Err(unsupported(
                        formula,
                        id,
                        "is a call that is not written out",
                    ));
                }
                op => self.operation(op, &operands, base_is_positive)?,
            };
            // What is undefined somewhere only matters where it is needed; but a
            // branch without a value has no quotient either.
            let quotient =
                quotient.ok_or_else(|| Obstacle::Undefined(short(&formula.describe(id))))?;
            done.push(quotient);
        }
        Ok(done)
    }

    /// One operation; `None` where it is defined nowhere.
    fn operation(
        &mut self,
        op: &Op,
        x: &[&Quotient],
        base_is_positive: bool,
    ) -> Result<Option<Quotient>, Obstacle> {
        let half = Quotient::constant(Rational::from((1, 2)));
        let one = Quotient::integer(1);
        let value = match op {
            Op::Literal(literal) => {
                Quotient::constant(super::polynomial::within_limit(literal.value().clone())?)
            }
            Op::Constant(Constant::Pi) => Quotient::symbol(self.intern(Kernel::Pi)?),
            Op::Constant(Constant::E) => self.exp(&one)?,
            Op::Convert | Op::Cast(_) => x[0].clone(),
            Op::Neg => x[0].negative(),
            Op::Add => self.plus(x[0], x[1])?,
            Op::Sub => self.minus(x[0], x[1])?,
            Op::Mul => self.times(x[0], x[1])?,
            Op::Fma => {
                let product = self.times(x[0], x[1])?;
                self.plus(&product, x[2])?
            }
            Op::Div => match self.power(x[1], -1)? {
                Some(inverse) => self.times(x[0], &inverse)?,
                None => return Ok(None),
            },
            Op::Pow => return self.pow(x[0], x[1], base_is_positive),
            Op::Abs => self.abs(x[0])?,
            // max, min = (a + b ± |a − b|)/2.
            Op::Min | Op::Max => {
                let sum = self.plus(x[0], x[1])?;
                let difference = self.minus(x[0], x[1])?;
                let mut distance = self.abs(&difference)?;
                if *op == Op::Min {
                    distance = distance.negative();
                }
                let twice = self.plus(&sum, &distance)?;
                self.times(&half, &twice)?
            }
            Op::Sqrt => {
                self.note(x[0], false);
                self.root(2, x[0])?
            }
            Op::Cbrt => self.cbrt(x[0])?,
            Op::Hypot => {
                let (a, b) = (self.times(x[0], x[0])?, self.times(x[1], x[1])?);
                let sum = self.plus(&a, &b)?;
                self.root(2, &sum)?
            }
            Op::Exp => self.exp(x[0])?,
            Op::Expm1 => {
                let power = self.exp(x[0])?;
                self.minus(&power, &one)?
            }
            Op::Exp2 | Op::Exp10 => {
                let base = Quotient::integer(if *op == Op::Exp2 { 2 } else { 10 });
                return self.positive_power(&base, x[0]);
            }
            Op::Log | Op::Log2 | Op::Log10 | Op::Log1p => {
                let inner = match op {
                    Op::Log1p => self.plus(x[0], &one)?,
                    _ => x[0].clone(),
                };
                self.note(&inner, true);
                let Some(log) = self.log(&inner)? else {
                    return Ok(None);
                };
                let base = match op {
                    Op::Log2 => 2,
                    Op::Log10 => 10,
                    _ => return Ok(Some(log)),
                };
                let Some(base) = self.log(&Quotient::integer(base))? else {
                    return Ok(None);
                };
                return self.quotient(&log, &base);
            }
            Op::Sin => self.sin(x[0])?,
            Op::Cos => self.cos(x[0])?,
            Op::Tan => {
                let (sin, cos) = (self.sin(x[0])?, self.cos(x[0])?);
                return self.quotient(&sin, &cos);
            }
            // With E = exp(x): sinh = (E − 1/E)/2, cosh = (E + 1/E)/2,
            // tanh = (E² − 1)/(E² + 1).
            Op::Sinh | Op::Cosh => {
                let (up, down) = (self.exp(x[0])?, self.exp(&x[0].negative())?);
                let twice = match op {
                    Op::Sinh => self.minus(&up, &down)?,
                    _ => self.plus(&up, &down)?,
                };
                self.times(&half, &twice)?
            }
            Op::Tanh => {
                let twice = self.times(&Quotient::integer(2), x[0])?;
                let square = self.exp(&twice)?;
                let (over, under) = (self.minus(&square, &one)?, self.plus(&square, &one)?);
                return self.quotient(&over, &under);
            }
            // asinh(x) = log(x + √(x² + 1)), acosh(x) = log(x + √(x² − 1)).
            Op::Asinh | Op::Acosh => {
                let square = self.times(x[0], x[0])?;
                let inner = match op {
                    Op::Asinh => self.plus(&square, &one)?,
                    _ => self.minus(&square, &one)?,
                };
                let root = self.root(2, &inner)?;
                let sum = self.plus(x[0], &root)?;
                return self.log(&sum);
            }
            // atanh(x) = (log(1 + x) − log(1 − x))/2.
            Op::Atanh => {
                let (up, down) = (self.plus(&one, x[0])?, self.minus(&one, x[0])?);
                let (Some(up), Some(down)) = (self.log(&up)?, self.log(&down)?) else {
                    return Ok(None);
                };
                let twice = self.minus(&up, &down)?;
                self.times(&half, &twice)?
            }
            // erf is odd, erfc = 1 − erf.
            Op::Erf => self.erf(x[0])?,
            Op::Erfc => {
                let erf = self.erf(x[0])?;
                self.minus(&one, &erf)?
            }
            // Where both branches are the same in every letter, so is the choice.
            Op::Select if x[1] == x[2] => x[1].clone(),
            // a > b is b < a.
            Op::Gt => self.opaque(&Op::Lt, &[x[1], x[0]])?,
            Op::Ge => self.opaque(&Op::Le, &[x[1], x[0]])?,
            op => self.opaque(op, x)?,
        };
        Ok(Some(value))
    }

    /// What a node that is needed tells of its operand.
    fn note(&mut self, operand: &Quotient, strict: bool) {
        if self.strict {
            self.learn(operand, strict);
        }
    }

    fn quotient(&mut self, a: &Quotient, b: &Quotient) -> Result<Option<Quotient>, Obstacle> {
        match self.power(b, -1)? {
            Some(inverse) => Ok(Some(self.times(a, &inverse)?)),
            None => Ok(None),
        }
    }

    fn opaque(&mut self, op: &Op, x: &[&Quotient]) -> Result<Quotient, Obstacle> {
        let operands = x.iter().map(|&x| x.clone()).collect();
        let symbol = self.merged(Kernel::Opaque(op.clone(), operands))?;
        Ok(Quotient::symbol(symbol))
    }

    fn erf(&mut self, x: &Quotient) -> Result<Quotient, Obstacle> {
        if x.coefficient < 0 {
            Ok(self.opaque(&Op::Erf, &[&x.negative()])?.negative())
        } else {
            self.opaque(&Op::Erf, &[x])
        }
    }

    /// a^b for a > 0: e^(b·log a).
    fn positive_power(&mut self, a: &Quotient, b: &Quotient) -> Result<Option<Quotient>, Obstacle> {
        let Some(log) = self.log(a)? else {
            return Ok(None);
        };
        let exponent = self.times(b, &log)?;
        Ok(Some(self.exp(&exponent)?))
    }

    /// a^b over the reals.
    fn pow(
        &mut self,
        a: &Quotient,
        b: &Quotient,
        a_is_positive: bool,
    ) -> Result<Option<Quotient>, Obstacle> {
        if let Some(b) = b.as_constant() {
            if b.is_integer() {
                let n = b.numer().to_i64().ok_or(Obstacle::Size)?;
                return self.power(a, n);
            }
            // No integer: a ≥ 0 is needed, and a > 0 where b < 0.
            self.note(a, *b < 0);
            return match self.rational_power(a, b)? {
                Some(power) => Ok(Some(power)),
                None if a.is_zero() => Ok(None),
                None => Ok(Some(
                    self.opaque(&Op::Pow, &[a, &Quotient::constant(b.clone())])?,
                )),
            };
        }
        let sign = self.sign(a, true);
        let positive = sign.is_some_and(|sign| sign.strict && !sign.negative);
        if a_is_positive || positive {
            return self.positive_power(a, b);
        }
        Ok(Some(self.opaque(&Op::Pow, &[a, b])?))
    }
}

fn unsupported(formula: &Formula, id: NodeId, why: &'static str) -> Obstacle {
    Obstacle::Unsupported(short(&formula.describe(id)), why)
}
