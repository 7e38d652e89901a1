//! Where a claim's variables range: cells of numbers, and how they are split.

use super::between::{between, beyond};
use crate::arithmetic::real::RealInput;
use crate::format::{Format, exponent_of_rational};
use rug::float::{Round, Special};
use rug::{Float, Integer, Rational};
use std::cmp::Ordering;

/// A cell of real numbers is not split further once it is 2^-256 of its axis.
const MOST_SPLITS: u32 = 256;

/// An end of a range of real numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct End {
    /// Where it is; `None` for infinity.
    pub at: Option<Rational>,
    /// Whether it does not belong to the range.
    pub open: bool,
}

/// The numbers that one variable takes in a cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Numbers {
    /// All real numbers from one end to the other.
    Reals {
        /// The least.
        lo: End,
        /// The greatest.
        hi: End,
        /// How often the axis was split.
        splits: u32,
    },
    /// Consecutive numbers of a format, by their ordinals; 0 stands for −0 and +0.
    Floats {
        /// The format.
        format: Format,
        /// The first.
        first: Integer,
        /// The last.
        last: Integer,
    },
    /// Consecutive integers.
    Integers {
        /// The first.
        first: Integer,
        /// The last.
        last: Integer,
    },
    /// One of the two zeros of a format, or one of its infinities.
    Single(Float),
}

/// What each variable takes, in the variables' order.
pub type Cell = Vec<Numbers>;

/// A variable's value at a point.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A number.
    Exact(Rational),
    /// A number of a format, with its zero's sign; or an infinity.
    Float(Float),
}

impl Value {
    /// As an input of the real machine.
    pub fn input(&self) -> RealInput {
        match self {
            Value::Exact(value) => RealInput::Exact(value.clone()),
            Value::Float(value) => RealInput::Between(value.clone(), value.clone()),
        }
    }
}

impl Numbers {
    /// As an input of the real machine: bounds of this precision at least,
    /// rounded outward.
    pub fn input(&self, precision: u32) -> RealInput {
        match self {
            Numbers::Reals { lo, hi, .. } => {
                if self.is_single()
                    && let Some(value) = &lo.at
                {
                    return RealInput::Exact(value.clone());
                }
                let bound = |end: &End, infinity, round| match &end.at {
                    Some(at) => Float::with_val_round(precision, at, round).0,
                    None => Float::with_val(2, infinity),
                };
                let low = bound(lo, Special::NegInfinity, Round::Down);
                let high = bound(hi, Special::Infinity, Round::Up);
                let without =
                    |end: &End| end.open && end.at.as_ref().is_some_and(Rational::is_zero);
                if without(lo) || without(hi) {
                    RealInput::Nonzero(low, high)
                } else {
                    RealInput::Between(low, high)
                }
            }
            Numbers::Floats {
                format,
                first,
                last,
            } => RealInput::Between(least(format, first), number(format, last)),
            Numbers::Integers { first, last } if first == last => {
                RealInput::Exact(Rational::from(first))
            }
            Numbers::Integers { first, last } => {
                let exact = |n: &Integer| Float::with_val(n.significant_bits().max(2), n);
                RealInput::Between(exact(first), exact(last))
            }
            Numbers::Single(value) => RealInput::Between(value.clone(), value.clone()),
        }
    }

    /// The surroundings of an irrational end of a range: what holds there holds at
    /// the end, but no point of it is known to belong to the range.
    pub fn border(below: Rational, above: Rational) -> Numbers {
        let end = |at| End {
            at: Some(at),
            open: true,
        };
        Numbers::Reals {
            lo: end(below),
            hi: end(above),
            splits: MOST_SPLITS,
        }
    }

    /// Whether they are real numbers, which cannot be counted.
    pub fn is_real(&self) -> bool {
        matches!(self, Numbers::Reals { .. })
    }

    /// Whether there is but one number.
    pub fn is_single(&self) -> bool {
        match self {
            Numbers::Reals { lo, hi, .. } => lo.at.is_some() && lo.at == hi.at,
            Numbers::Floats { first, last, .. } => first == last && !first.is_zero(),
            Numbers::Integers { first, last } => first == last,
            Numbers::Single(_) => true,
        }
    }

    /// The precision of the numbers, in bits: that of f64 where they have none.
    pub fn precision(&self) -> u32 {
        match self {
            Numbers::Floats { format, .. } => format.precision(),
            Numbers::Single(value) => value.prec(),
            _ => 53,
        }
    }

    /// How many there are, where they can be counted; ±0 are one.
    pub fn count(&self) -> Option<Integer> {
        match self {
            Numbers::Reals { .. } => self.is_single().then(|| Integer::from(1)),
            Numbers::Floats { first, last, .. } | Numbers::Integers { first, last } => {
                Some(Integer::from(last - first) + 1u32)
            }
            Numbers::Single(_) => Some(Integer::from(1)),
        }
    }

    /// The least and the greatest of them as exact numbers; `None` for an
    /// infinity.
    pub fn ends(&self) -> [Option<Rational>; 2] {
        match self {
            Numbers::Reals { lo, hi, .. } => [lo.at.clone(), hi.at.clone()],
            Numbers::Floats {
                format,
                first,
                last,
            } => [first, last].map(|n| number(format, n).to_rational()),
            Numbers::Integers { first, last } => [first, last].map(|n| Some(Rational::from(n))),
            Numbers::Single(value) => [value.to_rational(), value.to_rational()],
        }
    }

    /// Whether a real number is among them.
    pub fn contains(&self, x: &Rational) -> bool {
        let Numbers::Reals { lo, hi, splits } = self else {
            return false;
        };
        let above = lo
            .at
            .as_ref()
            .is_none_or(|at| x > at || (x == at && !lo.open));
        let below = hi
            .at
            .as_ref()
            .is_none_or(|at| x < at || (x == at && !hi.open));
        let border = *splits == MOST_SPLITS;
        above && below && !border
    }

    /// Whether the least and the greatest do not belong to them.
    pub fn open(&self) -> [bool; 2] {
        match self {
            Numbers::Reals { lo, hi, .. } => [lo.open, hi.open],
            _ => [false, false],
        }
    }

    /// The least of them, if it belongs to them; −0 is less than +0.
    pub fn least(&self) -> Option<Value> {
        match self {
            Numbers::Reals { lo, .. } => lo.at.clone().filter(|_| !lo.open).map(Value::Exact),
            Numbers::Floats { format, first, .. } => Some(Value::Float(least(format, first))),
            Numbers::Integers { first, .. } => Some(Value::Exact(Rational::from(first))),
            Numbers::Single(value) => Some(Value::Float(value.clone())),
        }
    }

    /// The greatest of them, if it belongs to them.
    pub fn greatest(&self) -> Option<Value> {
        match self {
            Numbers::Reals { hi, .. } => hi.at.clone().filter(|_| !hi.open).map(Value::Exact),
            Numbers::Floats { format, last, .. } => Some(Value::Float(number(format, last))),
            Numbers::Integers { last, .. } => Some(Value::Exact(Rational::from(last))),
            Numbers::Single(value) => Some(Value::Float(value.clone())),
        }
    }

    /// One of them in the middle.
    pub fn center(&self) -> Option<Value> {
        let middle = |first: &Integer, last: &Integer| Integer::from(first + last) >> 1u32;
        match self {
            Numbers::Reals { .. } if self.is_single() => self.least(),
            Numbers::Reals { splits, lo, hi } => {
                let border = *splits == MOST_SPLITS && lo.open && hi.open;
                let middle = (!border).then(|| self.middle()).flatten();
                middle.map(Value::Exact)
            }
            Numbers::Floats {
                format,
                first,
                last,
            } => Some(Value::Float(number(format, &middle(first, last)))),
            Numbers::Integers { first, last } => {
                Some(Value::Exact(Rational::from(middle(first, last))))
            }
            Numbers::Single(value) => Some(Value::Float(value.clone())),
        }
    }

    /// Both halves, in order, where there is more than one number.
    pub fn split(&self) -> Option<[Numbers; 2]> {
        match self {
            Numbers::Reals { lo, hi, splits } => {
                if self.is_single() || *splits >= MOST_SPLITS {
                    return None;
                }
                // 0 is parted from both sides: it is a pole, or a kink, so often.
                let zero = |end: &End| !end.open && end.at.as_ref().is_some_and(Rational::is_zero);
                let middle = if zero(lo) || zero(hi) {
                    Rational::new()
                } else {
                    self.middle()?
                };
                let border = |open| End {
                    at: Some(middle.clone()),
                    open,
                };
                let (left, right) = (middle.is_zero() && !zero(lo), zero(lo));
                let half = |lo: &End, hi: End| Numbers::Reals {
                    lo: lo.clone(),
                    hi,
                    splits: splits + 1,
                };
                Some([half(lo, border(left)), half(&border(right), hi.clone())])
            }
            Numbers::Floats {
                format,
                first,
                last,
            } => {
                if first == last {
                    let zero =
                        |special| Numbers::Single(Float::with_val(format.precision(), special));
                    return first
                        .is_zero()
                        .then(|| [zero(Special::NegZero), zero(Special::Zero)]);
                }
                let [left, right] = halves(first, last)?;
                let half = |(first, last)| Numbers::Floats {
                    format: *format,
                    first,
                    last,
                };
                Some([half(left), half(right)])
            }
            Numbers::Integers { first, last } => {
                let [left, right] = halves(first, last)?;
                let half = |(first, last)| Numbers::Integers { first, last };
                Some([half(left), half(right)])
            }
            Numbers::Single(_) => None,
        }
    }

    /// A number strictly between the ends: 0 if that is there, one of few bits
    /// otherwise. Where the ends are far apart it lies between them in size.
    fn middle(&self) -> Option<Rational> {
        let Numbers::Reals { lo, hi, .. } = self else {
            return None;
        };
        match (&lo.at, &hi.at) {
            (None, None) => Some(Rational::new()),
            (None, Some(hi_at)) => beyond(&Rational::from(-hi_at)).map(|m| -m),
            (Some(lo_at), None) => beyond(lo_at),
            (Some(a), Some(b)) if *a < 0 && *b > 0 => Some(Rational::new()),
            (Some(a), Some(b)) if *b <= 0 => {
                between(&Rational::from(-b), &Rational::from(-a), hi.open).map(|m| -m)
            }
            (Some(a), Some(b)) => between(a, b, lo.open),
        }
    }

    /// How narrow the cell is: −log2 of its width over its greatest magnitude,
    /// 0 where that is not known.
    pub fn narrowness(&self) -> u32 {
        let [Some(lo), Some(hi)] = self.ends() else {
            return 0;
        };
        let width = Rational::from(&hi - &lo);
        let size = lo.abs().max(hi.abs());
        match (exponent_of_rational(&width), exponent_of_rational(&size)) {
            (Some(width), Some(size)) => u32::try_from(size - width).unwrap_or(0),
            _ => 0,
        }
    }
}

/// The order of cells for a reader: by their least numbers.
pub fn order(a: &Cell, b: &Cell) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        // −∞ is the least, whatever stands for it.
        let order = match (x, y) {
            (Numbers::Single(x), Numbers::Single(y)) => x.total_cmp(y),
            (Numbers::Single(x), _) if x.is_infinite() => {
                x.partial_cmp(&0).unwrap_or(Ordering::Equal)
            }
            (_, Numbers::Single(y)) if y.is_infinite() => {
                0.partial_cmp(y).unwrap_or(Ordering::Equal)
            }
            _ => x.ends()[0].cmp(&y.ends()[0]),
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// The halves of consecutive integers.
fn halves(first: &Integer, last: &Integer) -> Option<[(Integer, Integer); 2]> {
    if first >= last {
        return None;
    }
    let middle = Integer::from(first + last) >> 1u32;
    let above = Integer::from(&middle + 1u32);
    Some([(first.clone(), middle), (above, last.clone())])
}

/// The number with this ordinal, one of a cell's.
fn number(format: &Format, ordinal: &Integer) -> Float {
    let number = format.from_ordinal(ordinal);
    number.expect("an ordinal of a cell, whose ends are numbers")
}

/// The same, with the lesser of the two zeros.
fn least(format: &Format, ordinal: &Integer) -> Float {
    if ordinal.is_zero() {
        return Float::with_val(format.precision(), Special::NegZero);
    }
    number(format, ordinal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reals(lo: (i32, i32), hi: (i32, i32), open: bool) -> Numbers {
        let end = |at: (i32, i32), open| End {
            at: Some(Rational::from(at)),
            open,
        };
        Numbers::Reals {
            lo: end(lo, open),
            hi: end(hi, false),
            splits: 0,
        }
    }

    #[test]
    fn halves_share_a_simple_number() {
        for (cell, middle) in [
            (reals((0, 1), (64, 1), false), (0, 1)),
            (reals((1, 10), (20, 1), false), (8, 1)),
            (reals((-1, 3), (100, 1), false), (0, 1)),
            (reals((0, 1), (1, 1), true), (1, 4)),
            (reals((0, 1), (1, 8), true), (1, 64)),
            (reals((3, 1), (4, 1), false), (7, 2)),
        ] {
            let [left, right] = cell.split().unwrap();
            let expected = Some(Rational::from(middle));
            assert_eq!(left.ends()[1], expected, "{cell:?}");
            assert_eq!(right.ends()[0], expected, "{cell:?}");
            // 0 belongs to one of them alone.
            let apart = left.open()[1] || right.open()[0];
            assert_eq!(apart, middle.0 == 0, "{cell:?}");
        }
    }

    #[test]
    fn every_float_is_in_one_of_the_halves() {
        let format = Format::F16;
        let mut cells = vec![Numbers::Floats {
            format,
            first: Integer::from(-3),
            last: Integer::from(4),
        }];
        let mut singles = Vec::new();
        while let Some(cell) = cells.pop() {
            match cell.split() {
                Some(halves) => cells.extend(halves),
                None => singles.push(cell),
            }
        }
        // −3 to 4, with two zeros.
        assert_eq!(singles.len(), 9);
        assert!(singles.iter().all(Numbers::is_single));
    }

    #[test]
    fn a_half_line_is_split_ever_further_out() {
        let mut cell = Numbers::Reals {
            lo: End {
                at: Some(Rational::from(-5)),
                open: false,
            },
            hi: End {
                at: None,
                open: true,
            },
            splits: 0,
        };
        let mut firsts = Vec::new();
        for _ in 0..6 {
            cell = cell.split().unwrap()[1].clone();
            firsts.push(cell.ends()[0].clone().unwrap().to_string());
        }
        assert_eq!(firsts, ["0", "0", "1", "2", "4", "16"]);
    }
}
