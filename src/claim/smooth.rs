//! Signs of differentiable functions over cells.
//!
//! Natural interval evaluation loses most where a function's operands depend on
//! the same variable. Derivatives help: where one has a sign, the function is
//! monotone in that variable, and takes its bounds at the ends; where it has
//! none, the mean-value form f(c) + f′(X)·(X − c) encloses f (Moore, Kearfott,
//! Cloud, *Introduction to Interval Analysis*, 2009, chapters 6 and 8). With one
//! variable the same is done for the derivative itself, up to the third.

use super::machines::Machines;
use super::predicate::Bound;
use super::space::{Cell, Numbers};
use crate::arithmetic::real::RealInput;
use crate::enclosure::Enclosure;
use crate::formula::{Builder, Context, Formula, NodeId, Op};
use rug::{Assign, Float, Rational};
use std::cmp::Ordering;

/// Longer formulas are not differentiated.
const MAX_NODES: usize = 4000;

/// The derivatives that are looked at where there is one variable.
const ORDERS: usize = 3;

/// The difference of two sides and its derivatives.
#[derive(Debug)]
pub struct Smooth {
    /// With one variable the function and its derivatives, in order; with more,
    /// the function alone.
    orders: Vec<Bound>,
    /// With several variables, the derivative by each axis.
    gradient: Vec<(usize, Bound)>,
}

/// Which signs a function may have in a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signs {
    /// Whether it may be negative somewhere.
    pub negative: bool,
    /// Whether it may be 0 somewhere.
    pub zero: bool,
    /// Whether it may be positive somewhere.
    pub positive: bool,
}

impl Signs {
    /// Those of the numbers enclosed; `None` where there are none.
    fn of(range: &Enclosure) -> Option<Signs> {
        (range.lo() <= range.hi()).then(|| Signs {
            negative: *range.lo() < 0,
            zero: range.contains_zero(),
            positive: *range.hi() > 0,
        })
    }

    /// The truth of a comparison of two sides whose difference has these signs.
    pub fn truth(self, op: &Op) -> Option<bool> {
        let Signs {
            negative,
            zero,
            positive,
        } = self;
        let (holds, fails) = match op {
            Op::Lt => (!zero && !positive, !negative),
            Op::Le => (!positive, !negative && !zero),
            Op::Gt => (!zero && !negative, !positive),
            Op::Ge => (!negative, !positive && !zero),
            Op::Eq => (!negative && !positive, !zero),
            Op::Ne => (!zero, !negative && !positive),
            _ => (false, false),
        };
        match (holds, fails) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// What is asked of a function in a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    /// Its sign: where natural evaluation tells it, that is enough.
    Sign,
    /// Its values, as narrowly as they can be had.
    Range,
}

/// What is known of a function of one variable in a cell.
#[derive(Clone, Debug)]
struct Known {
    /// Its values.
    range: Enclosure,
    /// Its sign everywhere between the ends, if that is known.
    inside: Option<Ordering>,
    /// Its values at the ends.
    ends: [Option<Enclosure>; 2],
}

impl Smooth {
    /// The difference of two sides, where it is a differentiable function of one
    /// axis at least.
    pub fn new(whole: &Bound, sides: [NodeId; 2]) -> Option<Smooth> {
        let formula = &whole.formula;
        let mut builder = Builder::merging();
        let mut roots = [NodeId(0); 2];
        for (root, side) in roots.iter_mut().zip(sides) {
            *root = formula.with_root(side).append_to(&mut builder).ok()?;
        }
        let difference = builder.node(Op::Sub, &roots, Context::Real, None).ok()?;
        let difference = builder.finish(difference, formula.sources().clone());
        Smooth::of(whole.like(difference))
    }

    /// A number, where it is a differentiable function of one axis at least.
    pub fn of(function: Bound) -> Option<Smooth> {
        if !is_differentiable(&function.formula) {
            return None;
        }
        let axes = function.axes();
        match axes.as_slice() {
            [] => None,
            [(_, name)] => {
                let mut orders = vec![function];
                for order in 0..ORDERS {
                    // The derivative of |x| is a choice, which jumps.
                    if !is_differentiable(&orders[order].formula) {
                        break;
                    }
                    let Ok(next) = orders[order].formula.derivative(name) else {
                        break;
                    };
                    if next.nodes().len() > MAX_NODES {
                        break;
                    }
                    let next = orders[0].like(next);
                    orders.push(next);
                }
                (orders.len() > 1).then_some(Smooth {
                    orders,
                    gradient: Vec::new(),
                })
            }
            _ => {
                let mut gradient = Vec::with_capacity(axes.len());
                for (axis, name) in axes {
                    let by = function.formula.derivative(&name).ok()?;
                    if by.nodes().len() > MAX_NODES {
                        return None;
                    }
                    gradient.push((axis, function.like(by)));
                }
                Some(Smooth {
                    orders: vec![function],
                    gradient,
                })
            }
        }
    }

    /// The values that the function may have in a cell, in which it is defined
    /// everywhere.
    pub fn range<'p>(
        &'p self,
        machines: &mut Machines<'p>,
        cell: &Cell,
        precision: u32,
    ) -> Option<Enclosure> {
        if !self.gradient.is_empty() {
            return self.over_box(machines, cell, precision);
        }
        let axis = self.orders[0].axes().first()?.0;
        let asked = (0, Wanted::Range);
        let known = self.known(asked, machines, cell, axis, precision)?;
        Some(known.range)
    }

    /// The signs that the difference may have in a cell, in which it is defined
    /// everywhere.
    pub fn signs<'p>(
        &'p self,
        machines: &mut Machines<'p>,
        cell: &Cell,
        precision: u32,
    ) -> Option<Signs> {
        if !self.gradient.is_empty() {
            return Signs::of(&self.over_box(machines, cell, precision)?);
        }
        let axis = self.orders[0].axes().first()?.0;
        let asked = (0, Wanted::Sign);
        let known = self.known(asked, machines, cell, axis, precision)?;
        let open = cell[axis].open();
        let mut signs = Signs::of(&known.range)?;
        if let Some(inside) = known.inside
            && signs.zero
        {
            // The sign between the ends is known; what remains is the ends.
            signs = Signs {
                negative: inside.is_lt(),
                zero: inside.is_eq(),
                positive: inside.is_gt(),
            };
            for (value, open) in known.ends.iter().zip(open) {
                if open {
                    continue;
                }
                let value = value.as_ref()?;
                signs.negative |= *value.lo() < 0;
                signs.zero |= value.contains_zero();
                signs.positive |= *value.hi() > 0;
            }
        }
        Some(signs)
    }

    /// What is known of the derivative of some order.
    fn known<'p>(
        &'p self,
        (order, wanted): (usize, Wanted),
        machines: &mut Machines<'p>,
        cell: &Cell,
        axis: usize,
        precision: u32,
    ) -> Option<Known> {
        let function = &self.orders[order];
        let range = machines.over(function, cell, precision);
        let natural = bounded(range)?;
        let mut known = Known {
            inside: natural.sign(),
            range: natural,
            ends: [None, None],
        };
        if known.inside.is_some() && wanted == Wanted::Sign {
            return Some(known);
        }
        let ends = cell[axis].ends();
        let at = |x: &Rational, machines: &mut Machines<'p>| {
            let mut inputs = function.over(cell, precision);
            set(function, &mut inputs, axis, x);
            bounded(machines.run(function, inputs, precision))
        };
        if order == 0 {
            for (value, x) in known.ends.iter_mut().zip(&ends) {
                *value = x.as_ref().and_then(|x| at(x, machines));
            }
        }
        if order + 1 == self.orders.len() {
            return Some(known);
        }
        let next = (order + 1, Wanted::Sign);
        let Some(slope) = self.known(next, machines, cell, axis, precision) else {
            return Some(known);
        };
        let rising = *slope.range.lo() >= 0;
        let falling = *slope.range.hi() <= 0;
        if rising || falling {
            for (value, x) in known.ends.iter_mut().zip(&ends) {
                if value.is_none() {
                    *value = x.as_ref().and_then(|x| at(x, machines));
                }
            }
            let [first, last] = &known.ends;
            let (low, high) = if rising { (first, last) } else { (last, first) };
            let strictly = slope.inside.is_some_and(Ordering::is_ne);
            if let Some(low) = low {
                raise(&mut known.range, low.lo());
                if strictly && *low.lo() >= 0 {
                    known.inside = Some(Ordering::Greater);
                }
            }
            if let Some(high) = high {
                lower(&mut known.range, high.hi());
                if strictly && *high.hi() <= 0 {
                    known.inside = Some(Ordering::Less);
                }
            }
            return Some(known);
        }
        if let [Some(a), Some(b)] = &ends {
            let center = Rational::from(a + b) >> 1u32;
            if let Some(value) = at(&center, machines) {
                let form = mean_value(&value, &slope.range, &cell[axis], &center, precision);
                narrow(&mut known.range, &form);
                known.inside = known.inside.or(known.range.sign());
            }
        }
        Some(known)
    }

    /// The function of several variables: each one in which it is monotone at an
    /// end, the others in their middle.
    fn over_box<'p>(
        &'p self,
        machines: &mut Machines<'p>,
        cell: &Cell,
        precision: u32,
    ) -> Option<Enclosure> {
        let function = &self.orders[0];
        let mut range = bounded(machines.over(function, cell, precision))?;
        let mut slopes = Vec::with_capacity(self.gradient.len());
        for (axis, by) in &self.gradient {
            let slope = bounded(machines.over(by, cell, precision));
            slopes.push((*axis, slope.filter(Enclosure::is_bounded)?));
        }
        for highest in [false, true] {
            let mut inputs = function.over(cell, precision);
            let mut rest: Vec<(usize, &Enclosure, Rational)> = Vec::new();
            for (axis, slope) in &slopes {
                let [Some(a), Some(b)] = cell[*axis].ends() else {
                    return Some(range);
                };
                let x = if *slope.lo() >= 0 {
                    if highest { b } else { a }
                } else if *slope.hi() <= 0 {
                    if highest { a } else { b }
                } else {
                    let center = Rational::from(&a + &b) >> 1u32;
                    rest.push((*axis, slope, center.clone()));
                    center
                };
                set(function, &mut inputs, *axis, &x);
            }
            let mut form = bounded(machines.run(function, inputs, precision))?;
            for (axis, slope, center) in rest {
                form = mean_value(&form, slope, &cell[axis], &center, precision);
            }
            if highest {
                lower(&mut range, form.hi());
            } else {
                raise(&mut range, form.lo());
            }
        }
        Some(range)
    }
}

/// Puts a number in an axis's place.
fn set(function: &Bound, inputs: &mut [RealInput], axis: usize, x: &Rational) {
    use super::predicate::Slot;
    for (slot, input) in function.slots.iter().zip(inputs) {
        if matches!(slot, Slot::Axis(own) if *own == axis) {
            *input = RealInput::Exact(x.clone());
        }
    }
}

/// An enclosure of a value that exists everywhere.
fn bounded(value: &crate::arithmetic::real::RealValue) -> Option<Enclosure> {
    (value.special().is_none() && value.enclosure().is_surely()).then(|| value.enclosure().clone())
}

/// f(c) + f′(X)·(X − c).
fn mean_value(
    at_center: &Enclosure,
    slope: &Enclosure,
    numbers: &Numbers,
    center: &Rational,
    precision: u32,
) -> Enclosure {
    let new = || Enclosure::new(precision);
    let (mut x, mut c, mut distance, mut step, mut form) = (new(), new(), new(), new(), new());
    match numbers.input(precision) {
        RealInput::Between(lo, hi) | RealInput::Nonzero(lo, hi) => x.assign_bounds(&lo, &hi),
        RealInput::Exact(value) => x.assign_rational(&value),
    }
    c.assign_rational(center);
    distance.assign_sub(&x, &c);
    step.assign_mul(slope, &distance);
    form.assign_add(at_center, &step);
    form
}

/// Raises the lower bound to another one.
fn raise(range: &mut Enclosure, lo: &Float) {
    if *lo > *range.lo() {
        let hi = range.hi().clone();
        reset(range, lo, &hi);
    }
}

/// Lowers the upper bound to another one.
fn lower(range: &mut Enclosure, hi: &Float) {
    if *hi < *range.hi() {
        let lo = range.lo().clone();
        reset(range, &lo, hi);
    }
}

fn narrow(range: &mut Enclosure, other: &Enclosure) {
    if other.is_surely() {
        raise(range, other.lo());
        lower(range, other.hi());
    }
}

fn reset(range: &mut Enclosure, lo: &Float, hi: &Float) {
    let mut ends = [Float::new(lo.prec()), Float::new(hi.prec())];
    ends[0].assign(lo);
    ends[1].assign(hi);
    range.set_precision(lo.prec().max(hi.prec()));
    range.assign_bounds(&ends[0], &ends[1]);
}

/// Whether all operations are continuous wherever they are defined, and have
/// derivatives but for kinks. A choice may jump from branch to branch, atan2 does
/// where its angle is π.
fn is_differentiable(formula: &Formula) -> bool {
    formula.nodes().len() <= MAX_NODES && is_unbroken(formula)
}

/// Whether a formula is continuous wherever it is defined, as far as its operations
/// tell: over a connected set on which it is defined, it takes all values between
/// two that it takes.
pub fn is_continuous(formula: &Formula) -> bool {
    // 0^y jumps at y = 0, and so does what is defined for integers alone.
    let fixed = |id: NodeId| match formula.node(id).op {
        Op::Pow => matches!(formula.node(formula.operands(id)[1]).op, Op::Literal(_)),
        Op::Polygamma => matches!(formula.node(formula.operands(id)[0]).op, Op::Literal(_)),
        _ => true,
    };
    is_unbroken(formula) && formula.ids().all(fixed)
}

/// Whether no operation of a formula jumps or rounds.
fn is_unbroken(formula: &Formula) -> bool {
    formula.nodes().iter().all(|node| {
        node.context == Context::Real
            && !matches!(
                node.op,
                Op::Floor
                    | Op::Ceil
                    | Op::Trunc
                    | Op::RoundHalfAway
                    | Op::Select
                    | Op::Atan2
                    | Op::Convert
                    | Op::Cast(_)
                    | Op::Round(_)
                    | Op::Error(..)
                    | Op::Ulp(_)
                    | Op::Cause(..)
                    | Op::Constant(crate::formula::Constant::Inf | crate::formula::Constant::Nan)
            )
    })
}
