//! IEEE 1788 test vectors (ITF1788): every undecorated forward case of an
//! operation that enclosures have.
//!
//! Each is computed at 53 bits, rounded outward to binary64, and must contain the
//! tightest binary64 interval that the vector gives; how often it is that one is
//! counted. The standard's power has no negative bases and no 0^0, ours has, so
//! the bases are cut to that domain first; the uncut power must contain it too.

use super::faults::caught;
use super::page;
use super::suites::{self, Tally, per_cent, thousands};
use rug::float::{Round, Special};
use rug::{Float, Integer};
use std::collections::{BTreeMap, BTreeSet};
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

/// Operations of the suite that are not run, and why.
const NOT_RUN: [(&str, &str); 6] = [
    (
        "reverse operations",
        "absRev absRevBin cosRev cosRevBin coshRev coshRevBin mulRev mulRevTen mulRevToPair \
         pownRev pownRevBin sinRev sinRevBin sqrRev sqrRevBin tanRev tanRevBin cancelMinus \
         cancelPlus",
    ),
    (
        "relations of sets",
        "disjoint equal interior isCommonInterval isEmpty isEntire isMember isSingleton less \
         overlap precedes strictLess strictPrecedes subset",
    ),
    ("numbers of intervals", "inf mag mid midRad mig rad sup wid"),
    (
        "constructors and decorations",
        "b-numsToInterval b-textToInterval d-numsToInterval d-textToInterval decorationPart \
         intervalPart isNaI newDec setDec",
    ),
    (
        "sums over lists",
        "dot_nearest sum_abs_nearest sum_nearest sum_sqr_nearest",
    ),
    ("functions that the language lacks", "roundTiesToEven sign"),
];

/// A mistake of interval arithmetic.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fault {
    /// Both bounds are rounded to nearest.
    RoundsToNearest,
    /// Of one operand, only the bounds are looked at, not what lies between.
    LooksAtEnds,
    /// One ulp more on each side: contains everything, but is not tight.
    Widens,
}

/// The operation on operands, at this precision; none where there is no such
/// operation.
fn exactly(op: &str, operands: &[Enclosure], precision: u32) -> Option<Enclosure> {
    let mut out = Enclosure::new(precision);
    match operands {
        [x] => unary(op)?(&mut out, x),
        [x, y] => binary(op)?(&mut out, x, y),
        [x, y, z] if op == "fma" => out.assign_fma(x, y, z),
        _ => return None,
    }
    Some(out)
}

/// The same at 53 bits; with a fault, if there is one.
fn compute(op: &str, operands: &[Enclosure], fault: Option<Fault>) -> Option<Enclosure> {
    match fault {
        None => exactly(op, operands, 53),
        Some(Fault::RoundsToNearest) => {
            let precise = exactly(op, operands, 200)?;
            let mut out = Enclosure::new(53);
            if precise.is_never() {
                out.assign_never();
            } else {
                let nearest = |x: &Float| Float::with_val_round(53, x, Round::Nearest).0;
                out.assign_bounds(&nearest(precise.lo()), &nearest(precise.hi()));
            }
            Some(out)
        }
        Some(Fault::LooksAtEnds) => {
            let [x] = operands else {
                return exactly(op, operands, 53);
            };
            if x.is_never() || !x.is_bounded() {
                return exactly(op, operands, 53);
            }
            let at = |end: &Float| {
                let mut point = Enclosure::new(53);
                point.assign_point(end);
                exactly(op, &[point], 53)
            };
            let mut out = Enclosure::new(53);
            out.assign_hull(&at(x.lo())?, &at(x.hi())?);
            Some(out)
        }
        Some(Fault::Widens) => {
            let mut out = exactly(op, operands, 53)?;
            if !out.is_never() {
                let (mut lo, mut hi) = (out.lo().clone(), out.hi().clone());
                lo.next_down();
                hi.next_up();
                out.assign_bounds(&lo, &hi);
            }
            Some(out)
        }
    }
}

/// The operands of the standard's power: its base is not negative, and where it
/// is 0 the exponent is positive.
fn in_the_standards_domain(operands: &[Enclosure]) -> Vec<Enclosure> {
    let (mut base, mut exponent) = (operands[0].clone(), operands[1].clone());
    let mut positive = Enclosure::new(53);
    positive.assign_bounds(&Float::new(53), &Float::with_val(53, Special::Infinity));
    base.assign_intersection(&operands[0], &positive);
    if !base.is_never() && *base.hi() == 0 {
        // 0^y is 0 for all y > 0: any of them will do.
        if exponent.is_never() || *exponent.hi() <= 0 {
            exponent.assign_never();
        } else {
            exponent.assign_from(&number(1));
        }
    }
    vec![base, exponent]
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

fn contains(ours: Option<(f64, f64)>, theirs: Option<(f64, f64)>) -> bool {
    match (ours, theirs) {
        (_, None) => true,
        (Some(ours), Some(theirs)) => ours.0 <= theirs.0 && theirs.1 <= ours.1,
        (None, Some(_)) => false,
    }
}

/// What came of the suite.
#[derive(Default)]
struct Found {
    containment: Tally,
    tightness: Tally,
    operations: BTreeSet<String>,
    /// The cases that were not run, by the reason.
    not_run: BTreeMap<&'static str, u64>,
}

fn check(fault: Option<Fault>) -> Option<Found> {
    let text = suites::read("itf1788/itf1788.tsv")?;
    let mut found = Found::default();
    for (_, line) in suites::lines(&text) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[_, _, _, op, operands, result, ..] = fields.as_slice() else {
            panic!("six columns: {line}");
        };
        let known = op == "fma" || unary(op).is_some() || binary(op).is_some();
        if !known {
            let named = |names: &&str| names.split_whitespace().any(|name| name == op);
            let why = NOT_RUN.iter().find(|(_, names)| named(names));
            let (why, _) = why.unwrap_or_else(|| panic!("what is {op}? {line}"));
            *found.not_run.entry(why).or_default() += 1;
            continue;
        }
        if operands.contains("]_") || operands.contains("[nai]") {
            *found.not_run.entry("decorated cases").or_default() += 1;
            continue;
        }
        found.operations.insert(op.to_string());
        let inputs: Vec<Enclosure> = operands.split(';').map(interval).collect();
        let theirs = binary64(&interval(result));
        let on = |inputs: &[Enclosure]| match compute(op, inputs, fault) {
            Some(ours) => binary64(&ours),
            None => panic!("{op} with {} operands: {line}", inputs.len()),
        };
        let ours = if op == "pow" {
            let uncut = on(&inputs);
            found.containment.check(contains(uncut, theirs), || {
                format!("{line}: {uncut:?}, base not cut")
            });
            on(&in_the_standards_domain(&inputs))
        } else {
            on(&inputs)
        };
        let describe = || format!("{line}: {ours:?}");
        // Where the standard has no value, neither have we.
        let empty_alike = theirs.is_some() || ours.is_none();
        let holds = contains(ours, theirs) && empty_alike;
        found.containment.check(holds, describe);
        found.tightness.check(ours == theirs, describe);
    }
    Some(found)
}

#[test]
fn contains_the_results() {
    let Some(found) = check(None) else { return };
    let (cases, wide) = (found.tightness.cases(), found.tightness.mismatches());
    let not_run: Vec<String> = found
        .not_run
        .iter()
        .map(|(why, count)| format!("{why} {}", thousands(*count)))
        .collect();
    let figures = format!(
        "{} cases of {} operations, {} containment violations, {} have the tightest bounds.\n\
         Not run: {}.",
        thousands(cases),
        found.operations.len(),
        thousands(found.containment.mismatches()),
        per_cent(cases - wide, cases),
        not_run.join("; ")
    );
    println!("{figures}");
    found.containment.finish("itf1788");
    assert!(wide * 100 <= cases, "under 99 % tightest: {figures}");
    page::holds("itf1788", &figures);
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    let of_containment = caught(&[Fault::RoundsToNearest, Fault::LooksAtEnds], |fault| {
        check(Some(fault)).expect("the suites").containment
    });
    let of_tightness = caught(&[Fault::Widens], |fault| {
        check(Some(fault)).expect("the suites").tightness
    });
    page::holds(
        "itf1788-faults",
        &format!("Faults, by containment: {of_containment}; by tightness: {of_tightness}."),
    );
}
