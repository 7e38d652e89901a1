//! The values that a number takes over a space: `e in ?`.
//!
//! The least and the greatest value lie between what enclosures say of all cells
//! and what is attained at points. Cells that cannot hold either any more are
//! dropped, the others split.

use super::decide::Method;
use super::look::sample_points;
use super::machines::{Machines, on_all_cores};
use super::predicate::Bound;
use super::search::{Budget, Stop, split};
use super::smooth::Smooth;
use super::space::{Cell, Numbers, Value};
use crate::arithmetic::real::RealValue;
use crate::truth::greatest_precision;
use rug::Float;
use rug::float::{Round, Special};

/// The bits of bounds, at least.
const BITS: u32 = 128;

/// The bits that one of a cell's points may take, at least.
const SAMPLE_BITS: u32 = 512;

/// A value that is taken at a point.
#[derive(Clone, PartialEq, Debug)]
pub struct Attained {
    /// The value is not less.
    pub lo: Float,
    /// Nor greater.
    pub hi: Float,
    /// Where it is.
    pub point: Vec<Value>,
}

/// What is known of the values of a number.
#[derive(Clone, Debug)]
pub struct Range {
    /// No value is less; NaN where nothing is known.
    pub lo: Float,
    /// No value is greater.
    pub hi: Float,
    /// The least value that was found.
    pub least: Option<Attained>,
    /// The greatest.
    pub greatest: Option<Attained>,
    /// A point where there is no value.
    pub undefined: Option<Vec<Value>>,
    /// Where it is not known whether there is a value.
    pub unknown: Option<Cell>,
    /// Whether both bounds are as near to values as is asked for.
    pub tight: bool,
    /// How many cells were looked at.
    pub boxes: u64,
    /// What stopped the search, if it did not end by itself.
    pub stop: Option<Stop>,
}

/// What the number may be in a cell; `None` where it may be undefined.
type Bounds = Option<[Float; 2]>;

/// A number whose range is sought.
struct Search<'p> {
    number: &'p Bound,
    smooth: Option<&'p Smooth>,
    /// The bits beyond which the machines take too much memory or time.
    most: u32,
    /// The bits that a single point may take.
    point: u32,
    /// The bits of bounds.
    bits: u32,
    /// A bound is good when it is this near to a value that is attained, relative to
    /// it, in bits.
    near: u32,
}

/// A cell, its bounds, what is attained in it.
struct Looked {
    bounds: Bounds,
    attained: Vec<Attained>,
    undefined: Option<Vec<Value>>,
    single: bool,
}

/// The range of a number over cells; its bounds are good when they are as near as
/// 2^-near to values that are attained, relative to these.
pub fn range(
    number: &Bound,
    smooth: Option<&Smooth>,
    space: &[Cell],
    budget: Budget,
    near: u32,
) -> Range {
    let bits = near.saturating_add(64).max(BITS);
    let search = Search {
        number,
        smooth,
        most: greatest_precision(&number.formula).max(64),
        point: budget.bits.max(bits),
        bits,
        near,
    };
    let nothing = Float::with_val(BITS, Special::Nan);
    let mut range = Range {
        lo: nothing.clone(),
        hi: nothing,
        least: None,
        greatest: None,
        undefined: None,
        unknown: None,
        tight: false,
        boxes: 0,
        stop: None,
    };
    // What is known of the cells that are done with.
    let mut done: Bounds = None;
    let mut level: Vec<Cell> = space.to_vec();
    let mut own = Machines::default();
    // Each is looked at as a whole and at three points: it takes four of the budget.
    let most_boxes = (budget.boxes / 4).max(1);
    while !level.is_empty() && range.unknown.is_none() {
        let left = most_boxes.saturating_sub(range.boxes);
        if level.len() as u64 > left && range.boxes > 0 {
            break;
        }
        range.boxes += level.len() as u64;
        let looked = search.look_at_all(&mut own, &level);
        for looked in &looked {
            for attained in &looked.attained {
                range.take(attained);
            }
            if range.undefined.is_none() {
                range.undefined.clone_from(&looked.undefined);
            }
        }
        if range.undefined.is_some() {
            return range;
        }
        let mut next = Vec::new();
        for (cell, looked) in level.into_iter().zip(looked) {
            let settled = looked.single || range.is_no_better(&looked.bounds, near);
            if !settled && let Some(halves) = split(&cell) {
                next.extend(halves);
                continue;
            }
            if !settled {
                range.stop = Some(Stop::Narrow(search.most));
            }
            match looked.bounds {
                Some(bounds) => join(&mut done, bounds),
                None => {
                    range.unknown.get_or_insert(cell);
                }
            }
        }
        level = next;
    }
    if !level.is_empty() && range.unknown.is_none() {
        range.stop = Some(Stop::Boxes(budget.boxes));
        let looked = search.look_at_all(&mut own, &level);
        for (cell, looked) in level.into_iter().zip(looked) {
            match looked.bounds {
                Some(bounds) => join(&mut done, bounds),
                None => {
                    range.unknown = Some(cell);
                    break;
                }
            }
        }
    }
    if let Some([lo, hi]) = done.filter(|_| range.unknown.is_none()) {
        range.tight = range.is_no_better(&Some([lo.clone(), hi.clone()]), near);
        (range.lo, range.hi) = (lo, hi);
    }
    range
}

impl<'p> Search<'p> {
    fn look_at_all(&self, own: &mut Machines<'p>, level: &[Cell]) -> Vec<Looked> {
        on_all_cores(level, own, Machines::default, |machines, cell| {
            self.look_at(machines, cell)
        })
    }

    /// Looks at a cell as a whole, and at a few of its points.
    fn look_at(&self, machines: &mut Machines<'p>, cell: &Cell) -> Looked {
        let narrow = cell.iter().map(Numbers::narrowness).max().unwrap_or(0);
        let wanted = narrow.saturating_mul(2).saturating_add(self.bits);
        let precision = wanted.next_power_of_two().min(self.most);
        let single = cell.iter().all(Numbers::is_single);
        let mut looked = Looked {
            bounds: None,
            attained: Vec::new(),
            undefined: None,
            single,
        };
        if !single {
            looked.bounds = self.over(machines, cell, precision);
        }
        let most = match single {
            true => self.point,
            false => SAMPLE_BITS.max(4 * self.near),
        };
        for point in sample_points(cell, !single) {
            match self.at(machines, &point, (precision, most.min(self.most))) {
                At::Value([lo, hi]) => {
                    if single {
                        looked.bounds = Some([lo.clone(), hi.clone()]);
                    }
                    looked.attained.push(Attained { lo, hi, point });
                }
                At::Undefined if looked.undefined.is_none() => looked.undefined = Some(point),
                At::Undefined | At::Unknown => {}
            }
        }
        looked
    }

    /// The values that the number may have in a cell.
    fn over(&self, machines: &mut Machines<'p>, cell: &Cell, precision: u32) -> Bounds {
        let mut bounds = bounds_of(machines.over(self.number, cell, precision));
        if let Some([lo, hi]) = &mut bounds
            && let Some(smooth) = self.smooth
            && let Some(better) = smooth.range(machines, cell, precision)
        {
            if *better.lo() > *lo {
                lo.clone_from(better.lo());
            }
            if *better.hi() < *hi {
                hi.clone_from(better.hi());
            }
        }
        bounds
    }

    /// The value at a point, with more bits until it is well known.
    fn at(&self, machines: &mut Machines<'p>, point: &[Value], (first, most): (u32, u32)) -> At {
        let mut precision = first;
        loop {
            let value = machines.run(self.number, self.number.at(point), precision);
            let nan = value.special().is_some_and(Float::is_nan);
            if nan || (value.special().is_none() && value.enclosure().is_never()) {
                return At::Undefined;
            }
            let bounds = bounds_of(value);
            let bits = value.enclosure().agreeing_bits().unwrap_or(0);
            let known = value.special().is_some() || bits >= i64::from(2 * self.near);
            if (bounds.is_some() && known) || precision >= most {
                return bounds.map_or(At::Unknown, At::Value);
            }
            precision = precision.saturating_mul(2).min(most);
        }
    }
}

/// What is known of the number at a point.
enum At {
    /// It lies between these.
    Value([Float; 2]),
    /// It does not exist.
    Undefined,
    /// Whether it exists is not known.
    Unknown,
}

/// The values that a number may have; `None` where it may have none.
fn bounds_of(value: &RealValue) -> Bounds {
    let ends = value.extended()?;
    (!ends.nan).then(|| [ends.lo.clone(), ends.hi.clone()])
}

/// The hull of what is known so far and of more.
fn join(known: &mut Bounds, [lo, hi]: [Float; 2]) {
    match known {
        None => *known = Some([lo, hi]),
        Some([low, high]) => {
            if lo < *low {
                *low = lo;
            }
            if hi > *high {
                *high = hi;
            }
        }
    }
}

impl Range {
    /// How it was found.
    pub fn method(&self, space: &[Cell]) -> Method {
        Method::over(space, self.boxes)
    }

    fn take(&mut self, attained: &Attained) {
        if self
            .least
            .as_ref()
            .is_none_or(|least| attained.hi < least.hi)
        {
            self.least = Some(attained.clone());
        }
        if self
            .greatest
            .as_ref()
            .is_none_or(|greatest| attained.lo > greatest.lo)
        {
            self.greatest = Some(attained.clone());
        }
    }

    /// Whether no value between such bounds is worth looking for: they are as near to
    /// values found as 2^-near of these.
    fn is_no_better(&self, bounds: &Bounds, near: u32) -> bool {
        let (Some([lo, hi]), Some(least), Some(greatest)) = (bounds, &self.least, &self.greatest)
        else {
            return false;
        };
        let bits = near.saturating_add(64).max(BITS);
        let slack = |x: &Float| {
            let size = Float::with_val_round(bits, x.abs_ref(), Round::Down).0;
            if size.is_finite() {
                size >> near
            } else {
                Float::new(bits)
            }
        };
        let below = Float::with_val_round(bits, &least.hi - &slack(&least.hi), Round::Up).0;
        let above = Float::with_val_round(bits, &greatest.lo + &slack(&greatest.lo), Round::Down).0;
        // Infinite ones are compared as they are.
        (*lo >= below || *lo >= least.hi) && (*hi <= above || *hi <= greatest.lo)
    }
}
