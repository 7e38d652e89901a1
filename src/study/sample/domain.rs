//! Where points are taken: the box that a precondition leaves, and the precondition
//! itself.

use super::random::Random;
use crate::format::Format;
use crate::formula::{Formula, NodeId, Op};
use crate::study::points::Given;
use crate::truth::{Truth, Unanswered};
use rug::{Float, Integer, Rational};
use std::collections::HashMap;

/// So often a point is looked for before it is said that there is none, on average.
const TRIES: u64 = 1000;

/// Ranges for variables, and what else they have to satisfy.
pub struct Domain<'p> {
    variables: &'p [String],
    /// Bounds, where the precondition names any.
    ranges: Vec<[Option<Rational>; 2]>,
    precondition: Option<Truth<'p>>,
    /// Where the precondition's inputs are among the variables.
    places: Vec<usize>,
}

/// How points are spread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spread {
    /// Every float of the arithmetic is as likely as any other.
    Floats,
    /// Uniform over the real numbers of each range.
    Reals,
}

impl<'p> Domain<'p> {
    /// The domain of a precondition, a predicate on the variables inlined for the
    /// reals; without one it is everything.
    pub fn new(variables: &'p [String], precondition: Option<&'p Formula>, limit: u32) -> Self {
        let mut ranges = vec![[None, None]; variables.len()];
        let mut places = Vec::new();
        if let Some(formula) = precondition {
            let place = |name: &String| variables.iter().position(|own| own == name);
            places = formula.inputs().iter().filter_map(place).collect();
            for (place, range) in bounds(formula, limit) {
                let name = &formula.inputs()[place];
                if let Some(index) = variables.iter().position(|own| own == name) {
                    narrow(&mut ranges[index], range);
                }
            }
        }
        let truth = precondition.map(|formula| {
            let zeros = vec![Rational::new(); formula.inputs().len()];
            Truth::new(formula, zeros, limit).for_many_points()
        });
        Domain {
            variables,
            ranges,
            precondition: truth,
            places,
        }
    }

    /// Random points that satisfy the precondition, as many as are wanted or can be
    /// found.
    ///
    /// # Errors
    /// Where a range has no end and points should be spread over its real numbers,
    /// and where an arithmetic's numbers cannot be counted.
    pub fn points(
        &mut self,
        wanted: u64,
        format: &Format,
        spread: Spread,
        random: &mut Random,
    ) -> Result<Vec<Vec<Given>>, String> {
        let axes: Vec<Axis> = self
            .ranges
            .iter()
            .zip(self.variables)
            .map(|(range, name)| Axis::new(range, name, format, spread))
            .collect::<Result<_, _>>()?;
        let mut points = Vec::with_capacity(wanted as usize);
        if axes.iter().any(|axis| axis.is_empty()) {
            return Ok(points);
        }
        let mut tries = wanted.saturating_mul(TRIES);
        while (points.len() as u64) < wanted && tries > 0 {
            tries -= 1;
            let values: Vec<Rational> = axes.iter().map(|axis| axis.draw(random)).collect();
            if self.contains(&values) {
                points.push(values.into_iter().map(Given::number).collect());
            }
        }
        Ok(points)
    }

    /// Whether the precondition surely holds at a point.
    fn contains(&mut self, values: &[Rational]) -> bool {
        let Some(truth) = &mut self.precondition else {
            return true;
        };
        truth.set_inputs(self.places.iter().map(|&place| values[place].clone()));
        truth.holds().unwrap_or(false)
    }
}

/// The numbers that a variable is drawn from.
enum Axis {
    /// Those of a format with these ordinals.
    Floats(Format, Integer, Integer),
    /// The real numbers between two.
    Reals(Rational, Rational),
}

impl Axis {
    fn new(
        range: &[Option<Rational>; 2],
        name: &str,
        format: &Format,
        spread: Spread,
    ) -> Result<Axis, String> {
        let format = format.storage().nearest();
        if spread == Spread::Reals {
            return match range {
                [Some(lo), Some(hi)] => Ok(Axis::Reals(lo.clone(), hi.clone())),
                _ => Err(format!(
                    "`{name}` has no bounds, and so no uniform real numbers"
                )),
            };
        }
        let end = |bound: &Option<Rational>, beyond: Float, round| match bound {
            Some(bound) => {
                let rounded = format.with_rounding(round).round_rational(bound);
                if rounded.is_finite() { rounded } else { beyond }
            }
            None => beyond,
        };
        let largest = format.largest();
        let least = Float::with_val(largest.prec(), -&largest);
        let lo = end(&range[0], least, crate::format::Rounding::Up);
        let hi = end(&range[1], largest, crate::format::Rounding::Down);
        match (format.ordinal(&lo), format.ordinal(&hi)) {
            (Some(lo), Some(hi)) => Ok(Axis::Floats(format, lo, hi)),
            _ => Err(format!("the floats of {format} cannot be counted")),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Axis::Floats(_, lo, hi) => lo > hi,
            Axis::Reals(lo, hi) => lo > hi,
        }
    }

    fn draw(&self, random: &mut Random) -> Rational {
        match self {
            Axis::Floats(format, lo, hi) => {
                let count = Integer::from(hi - lo) + 1u32;
                let ordinal = random.below(&count) + lo;
                let number = format.from_ordinal(&ordinal);
                number.and_then(|x| x.to_rational()).unwrap_or_default()
            }
            Axis::Reals(lo, hi) => {
                // The middle of one of 2^64 equal parts.
                let part = Integer::from(random.next()) * 2u32 + 1u32;
                let part = Rational::from((part, Integer::from(1) << 65));
                Rational::from(hi - lo) * part + lo
            }
        }
    }
}

fn narrow(range: &mut [Option<Rational>; 2], [lo, hi]: [Option<Rational>; 2]) {
    if let Some(lo) = lo
        && range[0].as_ref().is_none_or(|own| *own < lo)
    {
        range[0] = Some(lo);
    }
    if let Some(hi) = hi
        && range[1].as_ref().is_none_or(|own| *own > hi)
    {
        range[1] = Some(hi);
    }
}

/// What the comparisons that have to hold say of single inputs: bounds that are no
/// narrower than they say.
fn bounds(formula: &Formula, limit: u32) -> Vec<(usize, [Option<Rational>; 2])> {
    let mut closed = vec![true; formula.nodes().len()];
    for id in formula.ids() {
        let own = !matches!(formula.node(id).op, Op::Input(_));
        let all = formula.operands(id).iter().all(|o| closed[o.index()]);
        closed[id.index()] = own && all;
    }
    let mut values: HashMap<NodeId, Option<[Rational; 2]>> = HashMap::new();
    let mut value = |id: NodeId| {
        let known = values.entry(id);
        known.or_insert_with(|| around(formula, id, limit)).clone()
    };
    let mut found = Vec::new();
    let mut work = vec![formula.root()];
    while let Some(id) = work.pop() {
        let &[a, b] = formula.operands(id) else {
            continue;
        };
        let op = &formula.node(id).op;
        if *op == Op::And {
            work.extend([a, b]);
            continue;
        }
        let (below, above) = match op {
            Op::Lt | Op::Le => (true, false),
            Op::Gt | Op::Ge => (false, true),
            Op::Eq => (true, true),
            _ => continue,
        };
        for (input, other, below, above) in [(a, b, below, above), (b, a, above, below)] {
            if !closed[other.index()] {
                continue;
            }
            let Some([lo, hi]) = value(other) else {
                continue;
            };
            match (&formula.node(input).op, formula.operands(input)) {
                (Op::Input(index), _) => {
                    found.push((*index as usize, [above.then_some(lo), below.then_some(hi)]));
                }
                // |x| ≤ c.
                (Op::Abs, [x]) if below => {
                    if let Op::Input(index) = formula.node(*x).op {
                        let least = Rational::from(-&hi);
                        found.push((index as usize, [Some(least), Some(hi)]));
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// A constant's value between two numbers.
fn around(formula: &Formula, id: NodeId, limit: u32) -> Option<[Rational; 2]> {
    let constant = formula.with_root(id);
    let zeros = vec![Rational::new(); formula.inputs().len()];
    let mut truth = Truth::new(&constant, zeros, limit);
    let down = Format::F64.with_rounding(crate::format::Rounding::Down);
    let up = Format::F64.with_rounding(crate::format::Rounding::Up);
    let mut end = |format| -> Result<Option<Rational>, Unanswered> {
        Ok(truth.rounded(&format)?.to_rational())
    };
    match (end(down), end(up)) {
        (Ok(Some(lo)), Ok(Some(hi))) => Some([lo, hi]),
        _ => None,
    }
}
