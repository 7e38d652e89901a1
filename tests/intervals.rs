//! Computed intervals against the operations themselves: every result of
//! operands in the intervals lies in the interval.

mod random;

use random::SplitMix;
use rug::float::Special;
use rug::{Float, Integer};
use std::cmp::Ordering;
use ulpscope::arithmetic::emulated::operate;
use ulpscope::arithmetic::interval::{ComputedInterval, Ends, operate_over};
use ulpscope::enclosure::MAX_ORDER;
use ulpscope::format::Format;
use ulpscope::formula::{OPS, Op};

const FORMATS: &[&str] = &[
    "f8e5m2",
    "f8e4m3",
    "f8e4m3fn",
    "f8e4m3fn/sat",
    "f6e2m3fn",
    "f4e2m1fn",
    "e3m4",
    "e3m4/rz",
    "e3m4/ru",
    "e3m4/rd",
    "e3m4/rna",
    "e3m4/ftz",
    "f8e5m2/ru+ftz",
];

/// All numbers of a format in order, −0 before +0, with its infinities.
fn numbers(format: &Format) -> Vec<Float> {
    let mut all = Vec::new();
    let top = format.ordinal(&format.largest()).unwrap() + u32::from(format.has_infinity());
    let mut ordinal = Integer::from(-&top);
    while ordinal <= top {
        if ordinal == 0 {
            all.push(Float::with_val(format.precision(), Special::NegZero));
        }
        all.push(format.from_ordinal(&ordinal).unwrap());
        ordinal += 1;
    }
    if format.flushes_to_zero() {
        all.retain(|x| x.is_zero() || *x.as_abs() >= format.least_normal());
    }
    all
}

/// An operand: a range of numbers by their indices, and whether NaN is with them.
#[derive(Clone, Copy)]
struct Choice {
    first: usize,
    last: usize,
    nan: bool,
}

fn some_range(random: &mut SplitMix, count: usize, nan_exists: bool) -> Choice {
    let mut index = || (random.next() % count as u64) as usize;
    let (a, b) = (index(), index());
    let near = random.next().is_multiple_of(3);
    let (first, last) = (a.min(b), a.max(b));
    Choice {
        first,
        last: if near { (first + 3).min(last) } else { last },
        nan: nan_exists && random.next().is_multiple_of(8),
    }
}

fn contains(interval: &ComputedInterval, x: &Float) -> bool {
    let ends = interval.ends();
    if x.is_nan() {
        return ends.nan;
    }
    ends.lo.total_cmp(x) != Ordering::Greater && ends.hi.total_cmp(x) != Ordering::Less
}

/// All operations that take numbers to a number or to a truth value.
fn operations() -> Vec<(Op, usize)> {
    let mut list: Vec<(Op, usize)> = OPS.iter().map(|row| (row.op.clone(), row.arity)).collect();
    list.retain(|(op, _)| !matches!(op, Op::And | Op::Or | Op::Not));
    list.push((Op::Convert, 1));
    list.push((Op::Cast("f4e2m1fn".parse().unwrap()), 1));
    list.push((Op::Cast("f8e4m3fn".parse().unwrap()), 1));
    list
}

#[test]
fn every_result_lies_in_the_interval() {
    let seed = 0x0b5e_55ed;
    println!("seed {seed}");
    let mut random = SplitMix(seed);
    let mut checked = 0;
    for name in FORMATS {
        let format: Format = name.parse().unwrap();
        let all = numbers(&format);
        let nan = Float::with_val(format.precision(), Special::Nan);
        for (op, arity) in operations() {
            for _ in 0..if arity == 1 { 60 } else { 120 } {
                let mut ranges: Vec<Choice> = (0..arity)
                    .map(|_| some_range(&mut random, all.len(), format.has_nan()))
                    .collect();
                if op == Op::Select {
                    // A condition is 0 or 1.
                    let zero = all.iter().rposition(Float::is_zero).unwrap();
                    let one = all.iter().position(|x| *x == 1).unwrap();
                    ranges[0] = match random.next() % 3 {
                        0 => Choice {
                            first: zero,
                            last: zero,
                            nan: false,
                        },
                        1 => Choice {
                            first: one,
                            last: one,
                            nan: false,
                        },
                        _ => Choice {
                            first: zero,
                            last: one,
                            nan: false,
                        },
                    };
                }
                if op == Op::Polygamma {
                    // An order is a small integer, mostly; none is too high.
                    let whole = |x: &Float| x.is_integer() && *x >= 0 && *x <= 6;
                    let orders: Vec<usize> = (0..all.len()).filter(|i| whole(&all[*i])).collect();
                    let order = orders[(random.next() % orders.len() as u64) as usize];
                    let last = all.iter().rposition(|x| *x <= MAX_ORDER).unwrap();
                    ranges[0] = match random.next() % 4 {
                        0 => Choice {
                            first: ranges[0].first.min(last),
                            last: ranges[0].last.min(last),
                            ..ranges[0]
                        },
                        _ => Choice {
                            first: order,
                            last: order,
                            nan: false,
                        },
                    };
                }
                let ends: Vec<Ends> = ranges
                    .iter()
                    .map(|range| Ends {
                        lo: &all[range.first],
                        hi: &all[range.last],
                        nan: range.nan,
                    })
                    .collect();
                let mut interval = ComputedInterval::new(format.working_precision());
                operate_over(&op, &format, &ends, false, &mut interval).unwrap();
                // Members: all of one operand, or a random choice of several.
                let members = |random: &mut SplitMix, range: &Choice| {
                    let count = range.last - range.first + 1;
                    let index = range.first + (random.next() % count as u64) as usize;
                    if range.nan && random.next().is_multiple_of(4) {
                        nan.clone()
                    } else {
                        all[index].clone()
                    }
                };
                let tries = if arity == 1 {
                    ranges[0].last - ranges[0].first + 2
                } else {
                    40
                };
                for turn in 0..tries {
                    let mut values: Vec<Float> = ranges
                        .iter()
                        .map(|range| members(&mut random, range))
                        .collect();
                    if arity == 1 && ranges[0].first + turn <= ranges[0].last {
                        values[0] = all[ranges[0].first + turn].clone();
                    }
                    if op == Op::Select && !values[0].is_zero() {
                        values[0] = Float::with_val(format.precision(), 1);
                    }
                    let operands: Vec<&Float> = values.iter().collect();
                    let mut result = Float::new(format.working_precision());
                    operate(&op, &format, &operands, &mut result).unwrap();
                    checked += 1;
                    assert!(
                        contains(&interval, &result),
                        "{name}: {} of {values:?} gives {result}, not in {:?} (operands {ends:?})",
                        op.name(),
                        interval.ends()
                    );
                }
            }
        }
    }
    println!("{checked} results");
    assert!(checked > 500_000);
}

#[test]
fn single_values_give_single_values() {
    let format: Format = "e3m4".parse().unwrap();
    let all = numbers(&format);
    for (op, _) in operations().iter().filter(|(_, arity)| *arity == 1) {
        for x in &all {
            let mut interval = ComputedInterval::new(format.working_precision());
            operate_over(op, &format, &[Ends::point(x)], false, &mut interval).unwrap();
            let mut result = Float::new(format.working_precision());
            operate(op, &format, &[x], &mut result).unwrap();
            // Where a function is not monotone, its value at a point is bounded,
            // not computed.
            if contains(&interval, &result) && interval.ends().is_point() {
                continue;
            }
            panic!("{} of {x}: {:?}", op.name(), interval.ends());
        }
    }
}

/// Monotone functions have the least and the greatest result for their ends.
#[test]
fn monotone_functions_are_enclosed_tightly() {
    let format: Format = "f8e5m2".parse().unwrap();
    let all = numbers(&format);
    let one = all.iter().position(|x| *x == 1).unwrap();
    let tight = [
        Op::Exp,
        Op::Tanh,
        Op::Log,
        Op::Sqrt,
        Op::Atan,
        Op::Neg,
        Op::Floor,
        Op::Erf,
        Op::Erfc,
    ];
    for op in tight {
        for last in one..all.len() {
            let ends = Ends {
                lo: &all[one],
                hi: &all[last],
                nan: false,
            };
            let mut interval = ComputedInterval::new(format.working_precision());
            operate_over(&op, &format, &[ends], false, &mut interval).unwrap();
            let results: Vec<Float> = all[one..=last]
                .iter()
                .map(|x| {
                    let mut result = Float::new(format.working_precision());
                    operate(&op, &format, &[x], &mut result).unwrap();
                    result
                })
                .collect();
            let least = results.iter().min_by(|a, b| a.total_cmp(b)).unwrap();
            let most = results.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
            let found = interval.ends();
            assert_eq!(found.lo.total_cmp(least), Ordering::Equal, "{}", op.name());
            assert_eq!(found.hi.total_cmp(most), Ordering::Equal, "{}", op.name());
            assert!(!found.nan);
        }
    }
}
