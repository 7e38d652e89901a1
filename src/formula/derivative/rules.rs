//! The derivative of each operation.
//!
//! With r = op(a, b, …) and ā for r's adjoint, the contributions to the adjoints
//! of the operands are these, evaluated as they are written (a product with ā
//! falls away where ā is the root's 1):
//!
//! | operation | contributions |
//! |---|---|
//! | −a | −ā |
//! | a + b, a − b | ā and ā; ā and −ā |
//! | a·b | ā·b and ā·a |
//! | a/b | t = ā/b and −(t·r) |
//! | a^n, n a number | 0, ā, ā·(2·a) for n = 0, 1, 2, otherwise ā·(n·a^(n−1)), n − 1 being a number |
//! | a^b | ā·(b·a^(b−1)) and ā·(r·log(a)), which asks for a > 0 |
//! | fma(a, b, c) | ā·b, ā·a and ā |
//! | \|a\| | if a > 0 then ā else (if a < 0 then −ā else 0) |
//! | min, max | ā to the operand chosen; where they are equal, max takes the first and min the second |
//! | floor, ceil, trunc, round | 0, and 0/0 where the operation jumps |
//! | sqrt, cbrt | ā/(2·r); ā/(3·(r·r)) |
//! | hypot(a, b) | ā·(a/r) and ā·(b/r) |
//! | exp, exp2, exp10, expm1 | ā·r; ā·(r·log(2)); ā·(r·log(10)); ā·exp(a) |
//! | log, log2, log10, log1p | ā/a; ā/(a·log(2)); ā/(a·log(10)); ā/(1 + a) |
//! | sin, cos, tan | ā·cos(a); −(ā·sin(a)); ā·(1 + r·r) |
//! | asin, acos, atan | t = ā/sqrt((1 − a)·(1 + a)) and −t; ā/(1 + a·a) |
//! | atan2(a, b) | with q = a·a + b·b: ā·(b/q) and −(ā·(a/q)) |
//! | sinh, cosh, tanh | ā·cosh(a); ā·sinh(a); ā·(1 − r·r) |
//! | asinh, acosh, atanh | ā/sqrt(a·a + 1); ā/sqrt((a − 1)·(a + 1)); ā/((1 − a)·(1 + a)) |
//! | erf, erfc | t = ā·(2/sqrt(π)·exp(−(a·a))) and −t |
//! | gamma, lgamma | ā·(r·polygamma(0, a)); ā·polygamma(0, a) |
//! | polygamma(n, a) | ā·polygamma(n + 1, a); none by n |
//! | if c then a else b | ā to the branch taken; none to c |
//! | fl, cast | ā |
//!
//! A derivative is a formula of its own: 1/x has a value where log(x) has none.
//! At a kink the derivative that is given is one of those on either side, or 0
//! for |a|; where an operation jumps there is none, and 0/0 says so: undefined
//! among the reals, NaN in a computation. `rn` and its kin, errors and ulps are
//! steps, and refused.

use super::*;
use rug::Rational;

/// A number in an exponent with more bits than this is treated like any other
/// expression.
const MAX_EXPONENT_BITS: u32 = 64;

/// What a rule needs to know.
struct Place {
    guard: GuardId,
    adjoint: Term,
    context: Context,
    out: Context,
}

impl Tape<'_> {
    /// Refuses what has no derivative.
    pub(super) fn check_differentiable(&self, id: NodeId) -> Result<(), Diagnostic> {
        let node = self.builder.node_at(id);
        let what = match node.op {
            Op::Round(_) => "rounds a real number: it is constant between its steps, and",
            Op::Error(..) | Op::Ulp(_) => "is made of roundings, and",
            _ => return Ok(()),
        };
        let span = self.builder.origin(id).spans.first().copied();
        let message = format!("`{}` {what} has no derivative", node.op.name());
        Err(Diagnostic::new(message)
            .at(span)
            .help("differentiate the expression inside of it"))
    }

    /// Passes a node's adjoint on to its operands.
    pub(super) fn rule(
        &mut self,
        id: NodeId,
        guard: GuardId,
        adjoint: Term,
        out: Context,
    ) -> Result<(), Diagnostic> {
        let node = self.builder.node_at(id);
        let (op, context) = (node.op.clone(), node.context);
        let operands = self.builder.operands(id).to_vec();
        let place = Place {
            guard,
            adjoint,
            context,
            out,
        };
        let p = &place;
        match (&op, operands.as_slice()) {
            (Op::Neg, &[a]) => {
                let t = self.negative(p, adjoint)?;
                self.give(p, a, t)
            }
            (Op::Add, &[a, b]) => {
                self.give(p, a, adjoint)?;
                self.give(p, b, adjoint)
            }
            (Op::Sub, &[a, b]) => {
                self.give(p, a, adjoint)?;
                if self.is_active(b) {
                    let t = self.negative(p, adjoint)?;
                    self.give(p, b, t)?;
                }
                Ok(())
            }
            (Op::Mul, &[a, b]) => {
                self.give_times(p, a, |_| Ok(b))?;
                self.give_times(p, b, |_| Ok(a))
            }
            (Op::Div, &[a, b]) => {
                let t = self.over(p, b)?;
                self.give(p, a, t)?;
                if self.is_active(b) {
                    let product = self.times(t, id, context)?;
                    let t = self.negative(p, product)?;
                    self.give(p, b, t)?;
                }
                Ok(())
            }
            (Op::Pow, &[a, b]) => self.power(p, id, a, b),
            (Op::Fma, &[a, b, c]) => {
                self.give_times(p, a, |_| Ok(b))?;
                self.give_times(p, b, |_| Ok(a))?;
                self.give(p, c, adjoint)
            }
            (Op::Abs, &[a]) => {
                let zero = self.literal(0, context)?;
                let above = self.node(Op::Gt, &[a, zero], context)?;
                let below = self.node(Op::Lt, &[a, zero], context)?;
                let plus = self.node_of(adjoint, context)?;
                let minus = self.node(Op::Neg, &[plus], context)?;
                let other = self.node(Op::Select, &[below, minus, zero], context)?;
                let t = self.node(Op::Select, &[above, plus, other], context)?;
                self.give(p, a, Term::Node(t))
            }
            (Op::Min | Op::Max, &[a, b]) => {
                let order = if op == Op::Min { Op::Lt } else { Op::Ge };
                let first = self.node(order, &[a, b], context)?;
                self.give_branches(p, first, a, b)
            }
            (Op::Select, &[condition, a, b]) => self.give_branches(p, condition, a, b),
            (Op::Floor | Op::Ceil | Op::Trunc | Op::RoundHalfAway, &[a]) => {
                let t = self.step(p, &op, a, id)?;
                self.give(p, a, Term::Node(t))
            }
            (Op::Sqrt, &[a]) => {
                let two = self.literal(2, context)?;
                let divisor = self.node(Op::Mul, &[two, id], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Cbrt, &[a]) => {
                let three = self.literal(3, context)?;
                let square = self.node(Op::Mul, &[id, id], context)?;
                let divisor = self.node(Op::Mul, &[three, square], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Hypot, &[a, b]) => {
                self.give_times(p, a, |tape| tape.node(Op::Div, &[a, id], context))?;
                self.give_times(p, b, |tape| tape.node(Op::Div, &[b, id], context))
            }
            (Op::Exp, &[a]) => self.give_times(p, a, |_| Ok(id)),
            (Op::Exp2 | Op::Exp10, &[a]) => {
                let base = if op == Op::Exp2 { 2 } else { 10 };
                let log = self.log_of(base, context)?;
                self.give_times(p, a, |tape| tape.node(Op::Mul, &[id, log], context))
            }
            (Op::Expm1, &[a]) => self.give_times(p, a, |tape| tape.node(Op::Exp, &[a], context)),
            (Op::Log, &[a]) => self.give_over(p, a, a),
            (Op::Log2 | Op::Log10, &[a]) => {
                let base = if op == Op::Log2 { 2 } else { 10 };
                let log = self.log_of(base, context)?;
                let divisor = self.node(Op::Mul, &[a, log], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Log1p, &[a]) => {
                let one = self.literal(1, context)?;
                let divisor = self.node(Op::Add, &[one, a], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Sin, &[a]) => self.give_times(p, a, |tape| tape.node(Op::Cos, &[a], context)),
            (Op::Cos, &[a]) => {
                let sine = self.node(Op::Sin, &[a], context)?;
                let product = self.times(adjoint, sine, context)?;
                let t = self.negative(p, product)?;
                self.give(p, a, t)
            }
            (Op::Tan, &[a]) => self.give_times(p, a, |tape| {
                let one = tape.literal(1, context)?;
                let square = tape.node(Op::Mul, &[id, id], context)?;
                tape.node(Op::Add, &[one, square], context)
            }),
            (Op::Asin | Op::Acos, &[a]) => {
                let product = self.one_minus_square(a, context)?;
                let root = self.node(Op::Sqrt, &[product], context)?;
                let mut t = self.over(p, root)?;
                if op == Op::Acos {
                    t = self.negative(p, t)?;
                }
                self.give(p, a, t)
            }
            (Op::Atan, &[a]) => {
                let one = self.literal(1, context)?;
                let square = self.node(Op::Mul, &[a, a], context)?;
                let divisor = self.node(Op::Add, &[one, square], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Atan2, &[a, b]) => {
                let squares = [
                    self.node(Op::Mul, &[a, a], context)?,
                    self.node(Op::Mul, &[b, b], context)?,
                ];
                let q = self.node(Op::Add, &squares, context)?;
                self.give_times(p, a, |tape| tape.node(Op::Div, &[b, q], context))?;
                if self.is_active(b) {
                    let quotient = self.node(Op::Div, &[a, q], context)?;
                    let product = self.times(adjoint, quotient, context)?;
                    let t = self.negative(p, product)?;
                    self.give(p, b, t)?;
                }
                Ok(())
            }
            (Op::Sinh, &[a]) => self.give_times(p, a, |tape| tape.node(Op::Cosh, &[a], context)),
            (Op::Cosh, &[a]) => self.give_times(p, a, |tape| tape.node(Op::Sinh, &[a], context)),
            (Op::Tanh, &[a]) => self.give_times(p, a, |tape| {
                let one = tape.literal(1, context)?;
                let square = tape.node(Op::Mul, &[id, id], context)?;
                tape.node(Op::Sub, &[one, square], context)
            }),
            (Op::Asinh, &[a]) => {
                let one = self.literal(1, context)?;
                let square = self.node(Op::Mul, &[a, a], context)?;
                let sum = self.node(Op::Add, &[square, one], context)?;
                let divisor = self.node(Op::Sqrt, &[sum], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Acosh, &[a]) => {
                let one = self.literal(1, context)?;
                let factors = [
                    self.node(Op::Sub, &[a, one], context)?,
                    self.node(Op::Add, &[a, one], context)?,
                ];
                let product = self.node(Op::Mul, &factors, context)?;
                let divisor = self.node(Op::Sqrt, &[product], context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Atanh, &[a]) => {
                let divisor = self.one_minus_square(a, context)?;
                self.give_over(p, a, divisor)
            }
            (Op::Erf | Op::Erfc, &[a]) => {
                let density = self.gaussian(a, context)?;
                let mut t = self.times(adjoint, density, context)?;
                if op == Op::Erfc {
                    t = self.negative(p, t)?;
                }
                self.give(p, a, t)
            }
            (Op::Gamma | Op::Lgamma, &[a]) => self.give_times(p, a, |tape| {
                let zero = tape.literal(0, context)?;
                let psi = tape.node(Op::Polygamma, &[zero, a], context)?;
                match op {
                    Op::Gamma => tape.node(Op::Mul, &[id, psi], context),
                    _ => Ok(psi),
                }
            }),
            (Op::Polygamma, &[n, a]) => self.polygamma(p, n, a),
            (Op::Convert | Op::Cast(_), &[a]) => self.give(p, a, adjoint),
            _ => unreachable!("`{}` is not differentiated", op.name()),
        }
    }

    /// Notes a contribution.
    fn give(&mut self, p: &Place, operand: NodeId, term: Term) -> Result<(), Diagnostic> {
        self.pass(operand, p.guard, term, p.context, p.out)
    }

    /// Contributes ā·x, if the operand leads to the target.
    fn give_times(
        &mut self,
        p: &Place,
        operand: NodeId,
        x: impl FnOnce(&mut Self) -> Result<NodeId, Diagnostic>,
    ) -> Result<(), Diagnostic> {
        if !self.is_active(operand) {
            return Ok(());
        }
        let x = x(self)?;
        let term = self.times(p.adjoint, x, p.context)?;
        self.give(p, operand, term)
    }

    /// Contributes ā/x.
    fn give_over(&mut self, p: &Place, operand: NodeId, x: NodeId) -> Result<(), Diagnostic> {
        let term = self.over(p, x)?;
        self.give(p, operand, term)
    }

    /// Contributes ā to a where the condition holds, to b elsewhere.
    fn give_branches(
        &mut self,
        p: &Place,
        condition: NodeId,
        a: NodeId,
        b: NodeId,
    ) -> Result<(), Diagnostic> {
        for (operand, holds) in [(a, true), (b, false)] {
            if self.is_active(operand) {
                let guard = self.branch(p.guard, condition, holds);
                self.pass(operand, guard, p.adjoint, p.context, p.out)?;
            }
        }
        Ok(())
    }

    /// −t.
    fn negative(&mut self, p: &Place, t: Term) -> Result<Term, Diagnostic> {
        let t = self.node_of(t, p.context)?;
        Ok(Term::Node(self.node(Op::Neg, &[t], p.context)?))
    }

    /// ā/x.
    fn over(&mut self, p: &Place, x: NodeId) -> Result<Term, Diagnostic> {
        let adjoint = self.node_of(p.adjoint, p.context)?;
        Ok(Term::Node(self.node(Op::Div, &[adjoint, x], p.context)?))
    }

    /// (1 − a)·(1 + a), which does not lose what 1 − a·a does near 1.
    fn one_minus_square(&mut self, a: NodeId, context: Context) -> Result<NodeId, Diagnostic> {
        let one = self.literal(1, context)?;
        let factors = [
            self.node(Op::Sub, &[one, a], context)?,
            self.node(Op::Add, &[one, a], context)?,
        ];
        self.node(Op::Mul, &factors, context)
    }

    fn log_of(&mut self, base: u32, context: Context) -> Result<NodeId, Diagnostic> {
        let base = self.literal(base, context)?;
        self.node(Op::Log, &[base], context)
    }

    /// 2/sqrt(π)·exp(−(a·a)).
    fn gaussian(&mut self, a: NodeId, context: Context) -> Result<NodeId, Diagnostic> {
        let two = self.literal(2, context)?;
        let pi = self.node(Op::Constant(Constant::Pi), &[], context)?;
        let root = self.node(Op::Sqrt, &[pi], context)?;
        let factor = self.node(Op::Div, &[two, root], context)?;
        let square = self.node(Op::Mul, &[a, a], context)?;
        let exponent = self.node(Op::Neg, &[square], context)?;
        let exp = self.node(Op::Exp, &[exponent], context)?;
        self.node(Op::Mul, &[factor, exp], context)
    }

    /// 0, and 0/0 where the operation jumps: floor, ceil and trunc at whole
    /// numbers (trunc not at 0), round halfway between them.
    fn step(&mut self, p: &Place, op: &Op, a: NodeId, r: NodeId) -> Result<NodeId, Diagnostic> {
        let context = p.context;
        let zero = self.literal(0, context)?;
        let none = self.node(Op::Div, &[zero, zero], context)?;
        let jumps = match op {
            Op::RoundHalfAway => {
                let two = self.literal(2, context)?;
                let one = self.literal(1, context)?;
                let off = self.node(Op::Sub, &[a, r], context)?;
                let off = self.node(Op::Abs, &[off], context)?;
                let twice = self.node(Op::Mul, &[two, off], context)?;
                self.node(Op::Eq, &[twice, one], context)?
            }
            Op::Trunc => {
                let whole = self.node(Op::Eq, &[r, a], context)?;
                let other = self.node(Op::Ne, &[a, zero], context)?;
                self.node(Op::And, &[whole, other], context)?
            }
            _ => self.node(Op::Eq, &[r, a], context)?,
        };
        self.node(Op::Select, &[jumps, none, zero], context)
    }

    fn power(&mut self, p: &Place, r: NodeId, a: NodeId, b: NodeId) -> Result<(), Diagnostic> {
        let context = p.context;
        if let Some(n) = self.exponent(b) {
            // The number may have been rounded, too.
            if self.wants_everything() {
                self.give_times(p, b, |tape| {
                    let log = tape.node(Op::Log, &[a], context)?;
                    tape.node(Op::Mul, &[r, log], context)
                })?;
            }
            if n == 0 {
                return Ok(());
            }
            if n == 1 {
                return self.give(p, a, p.adjoint);
            }
            return self.give_times(p, a, |tape| {
                // x⁻² has a negative number where x^-2 has the negative of one.
                let factor = if n.is_negative() {
                    tape.number(&n, context)?
                } else {
                    b
                };
                let power = if n == 2 {
                    a
                } else {
                    let less = tape.number(&Rational::from(&n - 1u32), context)?;
                    tape.node(Op::Pow, &[a, less], context)?
                };
                tape.node(Op::Mul, &[factor, power], context)
            });
        }
        self.give_times(p, a, |tape| {
            let one = tape.literal(1, context)?;
            let less = tape.node(Op::Sub, &[b, one], context)?;
            let power = tape.node(Op::Pow, &[a, less], context)?;
            tape.node(Op::Mul, &[b, power], context)
        })?;
        self.give_times(p, b, |tape| {
            let log = tape.node(Op::Log, &[a], context)?;
            tape.node(Op::Mul, &[r, log], context)
        })
    }

    /// The number that an exponent is, written with a sign or without.
    fn exponent(&self, id: NodeId) -> Option<Rational> {
        let (negative, id) = match self.builder.node_at(id).op {
            Op::Neg => (true, self.builder.operands(id)[0]),
            _ => (false, id),
        };
        let Op::Literal(literal) = &self.builder.node_at(id).op else {
            return None;
        };
        let value = literal.value();
        let short = value
            .numer()
            .significant_bits()
            .max(value.denom().significant_bits());
        (short <= MAX_EXPONENT_BITS).then(|| {
            if negative {
                -value.clone()
            } else {
                value.clone()
            }
        })
    }

    /// A number, a negative one with its sign before it.
    fn number(&mut self, value: &Rational, context: Context) -> Result<NodeId, Diagnostic> {
        let magnitude = Literal::from_value(value.clone().abs());
        let id = self.node(Op::Literal(Arc::new(magnitude)), &[], context)?;
        match value.is_negative() {
            true => self.node(Op::Neg, &[id], context),
            false => Ok(id),
        }
    }

    fn polygamma(&mut self, p: &Place, n: NodeId, a: NodeId) -> Result<(), Diagnostic> {
        // The tape that asks for every node's adjoint asks for that of a number,
        // too, which is no more than that.
        let number = self.exponent(n);
        if number.is_none() && self.is_active(n) && !self.wants_everything() {
            let span = self.builder.origin(n).spans.first().copied();
            let message = "`polygamma` has no derivative by its order";
            return Err(Diagnostic::new(message).at(span));
        }
        self.give_times(p, a, |tape| {
            let next = match &number {
                Some(n) => tape.number(&Rational::from(n + 1u32), p.context)?,
                None => {
                    let one = tape.literal(1, p.context)?;
                    tape.node(Op::Add, &[n, one], p.context)?
                }
            };
            tape.node(Op::Polygamma, &[next, a], p.context)
        })
    }
}
