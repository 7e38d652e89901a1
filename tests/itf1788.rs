//! IEEE 1788 test vectors (ITF1788), read from `$ULPSCOPE_SUITES/itf1788`.
//!
//! Each undecorated forward case is computed at 53 bits, rounded outward to
//! binary64, and must contain the tightest binary64 interval that the vector
//! gives. Powers there have no negative bases and no 0^0, so a result of ours
//! may have more.

use rug::float::{Round, Special};
use rug::{Float, Integer};
use std::collections::BTreeMap;
use ulpscope::enclosure::Enclosure;

type Binary = fn(&mut Enclosure, &Enclosure, &Enclosure);
type Unary = fn(&mut Enclosure, &Enclosure);

fn unary(op: &str) -> Option<Unary> {
    Some(match op {
        "pos" => Enclosure::assign_from,
        "neg" => Enclosure::assign_neg,
        "abs" => Enclosure::assign_abs,
        "sqrt" => Enclosure::assign_sqrt,
        "exp" => Enclosure::assign_exp,
        "exp2" => Enclosure::assign_exp2,
        "exp10" => Enclosure::assign_exp10,
        "log" => Enclosure::assign_log,
        "log2" => Enclosure::assign_log2,
        "log10" => Enclosure::assign_log10,
        "sin" => Enclosure::assign_sin,
        "cos" => Enclosure::assign_cos,
        "tan" => Enclosure::assign_tan,
        "asin" => Enclosure::assign_asin,
        "acos" => Enclosure::assign_acos,
        "atan" => Enclosure::assign_atan,
        "sinh" => Enclosure::assign_sinh,
        "cosh" => Enclosure::assign_cosh,
        "tanh" => Enclosure::assign_tanh,
        "asinh" => Enclosure::assign_asinh,
        "acosh" => Enclosure::assign_acosh,
        "atanh" => Enclosure::assign_atanh,
        "floor" => Enclosure::assign_floor,
        "ceil" => Enclosure::assign_ceil,
        "trunc" => Enclosure::assign_trunc,
        "roundTiesToAway" => Enclosure::assign_round_half_away,
        "sqr" => |out, x| out.assign_pow(x, &number(2)),
        "recip" => |out, x| out.assign_div(&number(1), x),
        _ => return None,
    })
}

fn binary(op: &str) -> Option<Binary> {
    Some(match op {
        "add" => Enclosure::assign_add,
        "sub" => Enclosure::assign_sub,
        "mul" => Enclosure::assign_mul,
        "div" => Enclosure::assign_div,
        "min" => Enclosure::assign_min,
        "max" => Enclosure::assign_max,
        "pow" | "pown" => Enclosure::assign_pow,
        "atan2" => Enclosure::assign_atan2,
        "intersection" => Enclosure::assign_intersection,
        "convexHull" => Enclosure::assign_hull,
        _ => return None,
    })
}

fn number(n: i32) -> Enclosure {
    let mut point = Enclosure::new(53);
    point.assign_point(&Float::with_val(53, n));
    point
}

/// A bound: decimal, hexadecimal or infinite.
fn bound(text: &str) -> Float {
    let lower = text.trim().to_ascii_lowercase();
    let (negative, body) = match lower.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, lower.strip_prefix('+').unwrap_or(&lower)),
    };
    let magnitude = if body.starts_with("inf") {
        Float::with_val(53, Special::Infinity)
    } else if let Some(hexadecimal) = body.strip_prefix("0x") {
        let (digits, exponent) = hexadecimal.split_once('p').expect("a power of two");
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let significand = Integer::from_str_radix(&format!("{whole}{fraction}"), 16).unwrap();
        let exponent: i32 = exponent.parse().unwrap();
        Float::with_val(53, significand) << (exponent - 4 * fraction.len() as i32)
    } else {
        Float::with_val(53, body.parse::<f64>().unwrap())
    };
    if negative { -magnitude } else { magnitude }
}

/// An interval, or the integer of a `pown`.
fn interval(text: &str) -> Enclosure {
    let mut result = Enclosure::new(53);
    let inner = text
        .trim()
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'));
    match inner {
        Some("empty") => result.assign_never(),
        Some("entire") => result.assign_whole(ulpscope::enclosure::Defined::Surely),
        Some(bounds) => {
            let (lo, hi) = bounds.split_once(',').unwrap_or((bounds, bounds));
            result.assign_bounds(&bound(lo), &bound(hi));
        }
        None => result.assign_point(&bound(text)),
    }
    result
}

/// The bounds as binary64, outward; `None` for the empty set.
fn binary64(x: &Enclosure) -> Option<(f64, f64)> {
    if x.is_never() {
        return None;
    }
    let lo = x.lo().to_f64_round(Round::Down);
    let hi = x.hi().to_f64_round(Round::Up);
    Some((lo, hi))
}

fn compute(op: &str, operands: &[Enclosure]) -> Option<Enclosure> {
    let mut out = Enclosure::new(53);
    match operands {
        [x] => unary(op)?(&mut out, x),
        [x, y] => binary(op)?(&mut out, x, y),
        [x, y, z] if op == "fma" => out.assign_fma(x, y, z),
        _ => return None,
    }
    Some(out)
}

#[derive(Default)]
struct Tally {
    cases: usize,
    tightest: usize,
}

#[test]
fn contains_the_results_of_itf1788() {
    let Some(suites) = std::env::var_os("ULPSCOPE_SUITES") else {
        println!("skipped: ULPSCOPE_SUITES is not set");
        return;
    };
    let path = std::path::Path::new(&suites).join("itf1788/itf1788.tsv");
    let text = std::fs::read_to_string(&path).expect("the suite is there");
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut violations = Vec::new();
    let mut wide = Vec::new();
    let mut decorated = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[_, _, _, op, operands, result, ..] = fields.as_slice() else {
            continue;
        };
        let known = op == "fma" || unary(op).is_some() || binary(op).is_some();
        if !known {
            continue;
        }
        if operands.contains("]_") || operands.contains("[nai]") {
            decorated += 1;
            continue;
        }
        let inputs: Vec<Enclosure> = operands.split(';').map(interval).collect();
        let Some(ours) = compute(op, &inputs) else {
            panic!("{op} with {} operands: {line}", inputs.len());
        };
        let (ours, theirs) = (binary64(&ours), binary64(&interval(result)));
        let contained = match (ours, theirs) {
            (_, None) => true,
            (Some(ours), Some(theirs)) => ours.0 <= theirs.0 && theirs.1 <= ours.1,
            (None, Some(_)) => false,
        };
        // Outside of the standard's domain of pow we know more values than it.
        let wider_domain = op == "pow"
            && inputs.iter().all(|x| !x.is_never())
            && (*inputs[0].lo() < 0 || *inputs[0].hi() == 0);
        if !contained || (theirs.is_none() && ours.is_some() && !wider_domain) {
            violations.push(format!("{line}: {ours:?}"));
        }
        let tally = tallies.entry(op).or_default();
        tally.cases += 1;
        if ours == theirs {
            tally.tightest += 1;
        } else {
            wide.push((op, wider_domain, format!("{line}: {ours:?}")));
        }
    }
    let cases: usize = tallies.values().map(|t| t.cases).sum();
    let beyond = wide.iter().filter(|(_, wider, _)| *wider).count();
    for (op, tally) in &tallies {
        println!(
            "{op:16} {:5} cases, {:5} tightest",
            tally.cases, tally.tightest
        );
    }
    println!("{cases} cases, {decorated} decorated ones not run");
    println!(
        "{} not the tightest, {beyond} of them powers of bases ≤ 0",
        wide.len()
    );
    for (_, wider, line) in &wide {
        if !wider {
            println!("not the tightest: {line}");
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    assert!(cases > 1500, "only {cases} cases were run");
    let within = cases - beyond;
    assert!((wide.len() - beyond) * 100 <= within, "under 99 % tightest");
}
