//! Operations and constants of FPCore, made of ours.

use super::context::Place;
use super::file::File;
use super::nodes::{Nodes, Value, wrong_count, wrong_kind};
use super::operations::{FunctionOf, Meaning, Real, Test, Value as ConstantValue};
use super::reader::ItemId;
use crate::formula::{Constant, Context, Diagnostic, Kind, Literal, NodeId, OPS, Op};
use rug::{Integer, Rational};
use std::sync::Arc;

impl Nodes<'_> {
    /// `if`: a choice does not round where one context holds both values.
    pub fn choose(
        &mut self,
        [condition, yes, no]: [Value; 3],
        item: ItemId,
        place: Place,
    ) -> Result<Value, Diagnostic> {
        let span = self.file.span(item);
        if condition.1 != Kind::Predicate {
            return Err(wrong_kind("the condition of `if`", condition.1).at(span));
        }
        if yes.1 != no.1 {
            let error =
                Diagnostic::new("of the branches of `if` one is a number, one a truth value");
            return Err(error.at(span));
        }
        let value = if yes.1 == Kind::Predicate {
            // (c and a) or (not c and b).
            let context = place.context();
            let not = self.node(Op::Not, &[condition.0], context, item)?;
            let first = self.node(Op::And, &[condition.0, yes.0], context, item)?;
            let second = self.node(Op::And, &[not, no.0], context, item)?;
            self.node(Op::Or, &[first, second], context, item)?
        } else {
            let context = self.common(yes.0, no.0, place);
            self.node(Op::Select, &[condition.0, yes.0, no.0], context, item)?
        };
        Ok((value, yes.1))
    }

    pub fn literal(
        &mut self,
        value: Arc<Literal>,
        place: Place,
        item: ItemId,
    ) -> Result<NodeId, Diagnostic> {
        self.node(Op::Literal(value), &[], place.context(), item)
    }

    pub fn constant(
        &mut self,
        value: ConstantValue,
        place: Place,
        item: ItemId,
    ) -> Result<Value, Diagnostic> {
        let context = place.context();
        let id = match value {
            ConstantValue::Constant(constant) => {
                self.node(Op::Constant(constant), &[], context, item)?
            }
            ConstantValue::Function(function, n, d) => {
                let value = Literal::from_value(Rational::from((n, d)));
                let value = self.node(Op::Literal(Arc::new(value)), &[], context, item)?;
                let op = match function {
                    FunctionOf::Log => Op::Log,
                    FunctionOf::Sqrt => Op::Sqrt,
                };
                self.node(op, &[value], context, item)?
            }
            ConstantValue::PiOver(n) => {
                let pi = self.node(Op::Constant(Constant::Pi), &[], context, item)?;
                let n = self.node(whole(n), &[], context, item)?;
                self.node(Op::Div, &[pi, n], context, item)?
            }
            ConstantValue::Real(real) => {
                let context = Context::Real;
                let (n, d) = match real {
                    Real::OverLog(n) => {
                        let n = self.node(whole(n), &[], context, item)?;
                        (1, self.node(Op::Log, &[n], context, item)?)
                    }
                    Real::PerPi(n) => {
                        let pi = Op::Constant(Constant::Pi);
                        (n, self.node(pi, &[], context, item)?)
                    }
                    Real::TwoPerSqrtPi => {
                        let pi = Op::Constant(Constant::Pi);
                        let pi = self.node(pi, &[], context, item)?;
                        (2, self.node(Op::Sqrt, &[pi], context, item)?)
                    }
                };
                let n = self.node(whole(n), &[], context, item)?;
                let real = self.node(Op::Div, &[n, d], context, item)?;
                self.node(Op::Convert, &[real], place.context(), item)?
            }
            ConstantValue::Truth(holds) => {
                let zero = self.node(whole(0), &[], context, item)?;
                let op = if holds { Op::Eq } else { Op::Ne };
                let id = self.node(op, &[zero, zero], context, item)?;
                return Ok((id, Kind::Predicate));
            }
        };
        Ok((id, Kind::Number))
    }

    pub fn apply(
        &mut self,
        meaning: Meaning,
        operands: &[Value],
        item: ItemId,
        place: Place,
    ) -> Result<Value, Diagnostic> {
        let wanted = match meaning {
            Meaning::Logic(_) | Meaning::Implies | Meaning::Op(Op::Not) => Kind::Predicate,
            _ => Kind::Number,
        };
        if let Some((_, kind)) = operands.iter().find(|(_, kind)| *kind != wanted) {
            let error = wrong_kind("an operand of this", *kind);
            return Err(error.at(self.file.span(item)));
        }
        let ids: Vec<NodeId> = operands.iter().map(|(id, _)| *id).collect();
        let context = place.context();
        let id = match meaning {
            Meaning::Op(op) => {
                let kind = op.kind();
                return Ok((self.node(op, &ids, context, item)?, kind));
            }
            Meaning::Fold(op) => {
                let mut all = ids[0];
                for &next in &ids[1..] {
                    all = self.node(op.clone(), &[all, next], context, item)?;
                }
                all
            }
            Meaning::Minus => {
                let op = if ids.len() == 1 { Op::Neg } else { Op::Sub };
                self.node(op, &ids, context, item)?
            }
            Meaning::Divide => match ids[..] {
                [x] => {
                    let one = self.node(whole(1), &[], context, item)?;
                    self.node(Op::Div, &[one, x], context, item)?
                }
                _ => self.node(Op::Div, &ids, context, item)?,
            },
            Meaning::PositiveDifference => {
                let below = self.node(Op::Le, &ids, context, item)?;
                let zero = Op::Literal(Arc::new(Literal::from_value(0.into())));
                let zero = self.node(zero, &[], context, item)?;
                let difference = self.node(Op::Sub, &ids, context, item)?;
                self.node(Op::Select, &[below, zero, difference], context, item)?
            }
            Meaning::CopySign => {
                let size = self.node(Op::Abs, &ids[..1], context, item)?;
                let less = self.node(Op::Neg, &[size], context, item)?;
                let negative = self.test(Test::Negative, ids[1], context, item)?;
                self.node(Op::Select, &[negative, less, size], context, item)?
            }
            Meaning::Remainder => {
                // x − y·trunc(x/y), rounded once.
                let real = Context::Real;
                let quotient = self.node(Op::Div, &ids, real, item)?;
                let whole = self.node(Op::Trunc, &[quotient], real, item)?;
                let product = self.node(Op::Mul, &[ids[1], whole], real, item)?;
                let rest = self.node(Op::Sub, &[ids[0], product], real, item)?;
                match context {
                    Context::Real => rest,
                    context => self.node(Op::Convert, &[rest], context, item)?,
                }
            }
            Meaning::Chain(op) => {
                let pairs: Vec<[NodeId; 2]> = ids.windows(2).map(|w| [w[0], w[1]]).collect();
                return self.all_of(&op, &pairs, context, item);
            }
            Meaning::Distinct => {
                let mut pairs = Vec::new();
                for (place, &a) in ids.iter().enumerate() {
                    pairs.extend(ids[place + 1..].iter().map(|&b| [a, b]));
                }
                return self.all_of(&Op::Ne, &pairs, context, item);
            }
            Meaning::Logic(op) => {
                let Some((&first, rest)) = ids.split_first() else {
                    let truth = ConstantValue::Truth(op == Op::And);
                    return self.constant(truth, place, item);
                };
                let mut all = first;
                for &next in rest {
                    all = self.node(op.clone(), &[all, next], context, item)?;
                }
                return Ok((all, Kind::Predicate));
            }
            Meaning::Implies => {
                let not = self.node(Op::Not, &ids[..1], context, item)?;
                let id = self.node(Op::Or, &[not, ids[1]], context, item)?;
                return Ok((id, Kind::Predicate));
            }
            Meaning::Test(test) => {
                let id = self.test(test, ids[0], context, item)?;
                return Ok((id, Kind::Predicate));
            }
        };
        Ok((id, Kind::Number))
    }

    /// A comparison of all pairs; of none it holds.
    fn all_of(
        &mut self,
        op: &Op,
        pairs: &[[NodeId; 2]],
        context: Context,
        item: ItemId,
    ) -> Result<Value, Diagnostic> {
        let mut all: Option<NodeId> = None;
        for pair in pairs {
            let one = self.node(op.clone(), pair, context, item)?;
            all = Some(match all {
                None => one,
                Some(before) => self.node(Op::And, &[before, one], context, item)?,
            });
        }
        match all {
            Some(all) => Ok((all, Kind::Predicate)),
            None => self.constant(ConstantValue::Truth(true), Place::default(), item),
        }
    }

    fn test(
        &mut self,
        test: Test,
        x: NodeId,
        context: Context,
        item: ItemId,
    ) -> Result<NodeId, Diagnostic> {
        match test {
            Test::Nan => self.node(Op::Ne, &[x, x], context, item),
            Test::Infinite | Test::Finite => {
                let size = self.node(Op::Abs, &[x], context, item)?;
                let infinity = Op::Constant(Constant::Inf);
                let infinity = self.node(infinity, &[], context, item)?;
                let op = if test == Test::Finite { Op::Lt } else { Op::Eq };
                self.node(op, &[size, infinity], context, item)
            }
            Test::Negative => {
                // The angle of −0 over −1 is −π.
                let one = self.node(whole(-1), &[], context, item)?;
                let angle = self.node(Op::Atan2, &[x, one], context, item)?;
                let zero = self.node(whole(0), &[], context, item)?;
                self.node(Op::Lt, &[angle, zero], context, item)
            }
        }
    }
}

fn whole(n: i32) -> Op {
    Op::Literal(Arc::new(Literal::from_value(n.into())))
}

/// Whether an operation has as many operands as it takes.
pub fn check_count(name: &str, meaning: &Meaning, count: usize) -> Result<(), Diagnostic> {
    let (least, most) = match meaning {
        Meaning::Op(op) => {
            let row = OPS.iter().find(|row| row.op == *op);
            let arity = row.map_or(count, |row| row.arity);
            (arity, arity)
        }
        Meaning::Fold(_) => (1, usize::MAX),
        Meaning::Minus | Meaning::Divide => (1, 2),
        Meaning::Chain(_) | Meaning::Distinct => (1, usize::MAX),
        Meaning::Logic(_) => (0, usize::MAX),
        Meaning::Implies | Meaning::PositiveDifference | Meaning::CopySign | Meaning::Remainder => {
            (2, 2)
        }
        Meaning::Test(_) => (1, 1),
    };
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let operands = |n: usize| format!("{n} operand{}", if n == 1 { "" } else { "s" });
    let wanted = match (least, most) {
        (least, most) if least == most => operands(least),
        (1, 2) => "1 operand or 2".to_string(),
        (least, _) => format!("{} at least", operands(least)),
    };
    Err(wrong_count(name, &wanted, count))
}

/// `(digits m e b)` is m·b^e.
pub fn digits(
    file: &File<'_>,
    operands: &[ItemId],
    item: ItemId,
) -> Result<Arc<Literal>, Diagnostic> {
    let span = file.span(item);
    let wrong = |why: &str| {
        Diagnostic::new(why)
            .at(span)
            .help("(digits m e b) is m·b^e, of whole numbers, b at least 2")
    };
    let whole = |id: &ItemId| file.text(*id).parse::<Integer>().ok();
    let numbers: Option<Vec<Integer>> = operands.iter().map(whole).collect();
    let Some([m, e, b]) = numbers.as_deref() else {
        return Err(wrong("`digits` takes three whole numbers"));
    };
    let (Some(e), Some(b)) = (e.to_i32(), b.to_u32().filter(|b| *b >= 2)) else {
        return Err(wrong("this is out of range"));
    };
    // No larger than a decimal may be.
    if u64::from(e.unsigned_abs()) * u64::from(b.ilog2() + 1) > 1 << 22 {
        return Err(wrong("this number is out of range"));
    }
    let power = Integer::from(Integer::u_pow_u(b, e.unsigned_abs()));
    let value = match e < 0 {
        true => Rational::from((m.clone(), power)),
        false => Rational::from(m * power),
    };
    Ok(Arc::new(Literal::from_value(value)))
}
