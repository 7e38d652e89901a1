//! FPCore, against FPBench's and Herbie's benchmarks: every core is read, or
//! refused for what formulas do not have; what is read is written and read again;
//! and exact values are those that Arb certified to 60 digits.

use super::faults::caught;
use super::page;
use super::suites::{self, Tally, decimal, thousands};
use rug::Rational;
use std::collections::{BTreeMap, HashMap};
use ulpscope::arithmetic::emulated::{Emulated, Input};
use ulpscope::enclosure::Enclosure;
use ulpscope::evaluate::Machine;
use ulpscope::format::{Format, Numeral};
use ulpscope::formula::{Context, Formula};
use ulpscope::language::{CoreHead, Definitions, write_fpcore};
use ulpscope::truth::{DEFAULT_PRECISION_LIMIT, Truth, Unanswered};

/// The files with cores.
const FILES: [&str; 29] = [
    "fpbench-apron",
    "fpbench-graphics",
    "fpbench-hamming-ch3",
    "fpbench-herbie",
    "fpbench-precimonious",
    "fpbench-rosa",
    "fpbench-rump",
    "hamming/machine-decide",
    "hamming/overflow-underflow",
    "hamming/quadratic",
    "hamming/rearrangement",
    "hamming/series",
    "hamming/trigonometry",
    "herbie-demo",
    "herbie-haskell",
    "herbie-regression",
    "herbie-tutorial",
    "mathematics/arvind",
    "mathematics/beta-distribution",
    "mathematics/dirichlet-mixture-model",
    "mathematics/excel",
    "mathematics/gui",
    "mathematics/hyperbolic-functions",
    "mathematics/latlong",
    "mathematics/logistic-regression",
    "mathematics/sarnoff",
    "mathematics/statistics",
    "mathematics/symmetry",
    "mathematics/xkcd-expr",
];

/// What is said of a point: an enclosure of the exact value, and what it is rounded
/// to, where that is decided.
struct Answer {
    enclosure: Enclosure,
    rounded: Option<f64>,
}

type Implementation = fn(&Formula, Vec<Rational>) -> Answer;

fn certified(formula: &Formula, inputs: Vec<Rational>) -> Answer {
    let exact = formula.inline(Context::Real).expect("a formula");
    let mut truth = Truth::new(&exact, inputs, DEFAULT_PRECISION_LIMIT);
    let rounded = match truth.rounded(&Format::F64) {
        Ok(rounded) => Some(rounded.to_f64()),
        Err(Unanswered::Undecided { .. }) => None,
        Err(why) => panic!("{why}"),
    };
    // Narrow enough to be held against 60 digits.
    let _ = truth.digits(62);
    Answer {
        enclosure: truth.value().enclosure().clone(),
        rounded,
    }
}

/// Arithmetic of so many bits, taken at its word.
fn taken_at_its_word(formula: &Formula, inputs: Vec<Rational>, bits: u32) -> Answer {
    let graph = formula.inline(Context::Ambient).expect("a formula");
    let format = Format::mpfr(bits).expect("a precision of MPFR's");
    let inputs: Vec<Input> = inputs.into_iter().map(Input::Exact).collect();
    let mut machine = Machine::new(&graph, Emulated::new(format, inputs));
    let value = machine.run().clone();
    let mut enclosure = Enclosure::new(bits);
    enclosure.assign_bounds(&value, &value);
    Answer {
        enclosure,
        rounded: Some(Format::F64.round(&value).to_f64()),
    }
}

/// What came of the reference.
#[derive(Default)]
struct Found {
    contained: Tally,
    rounded: Tally,
    undecided: u64,
}

fn hexadecimal(text: &str) -> Rational {
    let numeral = Numeral::parse(text).expect("a hexadecimal number");
    numeral.to_rational(10_000).expect("a number of binary64")
}

fn check(implementation: Implementation, every: usize) -> Option<Found> {
    let text = suites::read("fpcore/reference.tsv.xz")?;
    let mut found = Found::default();
    let mut known: HashMap<String, Formula> = HashMap::new();
    for (number, line) in text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .enumerate()
    {
        if number % every != 0 {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [source, name, body, bindings, value, nearest, _] = columns[..] else {
            panic!("line {number}: {} columns", columns.len());
        };
        let bindings: Vec<(&str, Rational)> = bindings
            .split_whitespace()
            .map(|binding| {
                let (name, value) = binding.split_once('=').expect("a binding");
                (name, hexadecimal(value))
            })
            .collect();
        let arguments: Vec<&str> = bindings.iter().map(|(name, _)| *name).collect();
        let core = format!("(FPCore ({}) {body})", arguments.join(" "));
        let formula = known.entry(core).or_insert_with_key(|core| {
            let mut definitions = Definitions::new();
            let cores = definitions.add_fpcore("reference", core);
            let cores = cores.unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
            // By position: some names are other ones here.
            let letters: Vec<String> = (0..arguments.len()).map(|i| format!("v{i}")).collect();
            let call = format!("{}({})", cores[0].name, letters.join(", "));
            let formula = definitions.formula("call", &call);
            formula.unwrap_or_else(|wrong| panic!("{name}: {wrong} in {core}"))
        });
        let inputs = formula.inline(Context::Real).expect("a formula");
        let inputs: Vec<Rational> = inputs
            .inputs()
            .iter()
            .map(|name| {
                bindings[name[1..].parse::<usize>().expect("a number")]
                    .1
                    .clone()
            })
            .collect();
        let answer = implementation(formula, inputs);
        let (middle, unit) = decimal(value);
        // An infinite bound has no rational.
        let lo = answer.enclosure.lo().to_rational();
        let hi = answer.enclosure.hi().to_rational();
        let meets = lo.is_none_or(|lo| lo <= Rational::from(&middle + &unit))
            && hi.is_none_or(|hi| hi >= Rational::from(&middle - &unit));
        found.contained.check(meets, || {
            format!("{source}, {name}: {value} is not in {}", answer.enclosure)
        });
        match answer.rounded {
            None => found.undecided += 1,
            Some(rounded) => {
                let wanted = Format::F64.round_rational(&hexadecimal(nearest)).to_f64();
                found.rounded.check(rounded == wanted, || {
                    format!("{source}, {name}: {rounded:e}, not {wanted:e}")
                });
            }
        }
    }
    Some(found)
}

#[test]
fn exact_values_are_arbs() {
    let Some(found) = check(certified, 1) else {
        return;
    };
    let decided = found.rounded.cases();
    let all = decided + found.undecided;
    let share = decided as f64 * 100.0 / all as f64;
    let figures = format!(
        "{}; {}, {share:.2} % decided at the default budget.",
        found.contained.figures("exact values"),
        found.rounded.figures("roundings to f64"),
    );
    found.contained.finish("fpcore reference, values");
    found.rounded.finish("fpcore reference, roundings");
    assert!(share >= 99.0, "{share} % are decided");
    page::holds("fpcore-reference", &figures);
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    #[derive(Clone, Copy, Debug)]
    enum Trusts {
        TrustsSixtyFourBits,
        TrustsThousandBits,
    }
    let implementation = |fault: Trusts| -> Implementation {
        match fault {
            Trusts::TrustsSixtyFourBits => |formula, inputs| taken_at_its_word(formula, inputs, 64),
            Trusts::TrustsThousandBits => {
                |formula, inputs| taken_at_its_word(formula, inputs, 1000)
            }
        }
    };
    let run = |fault: Trusts| check(implementation(fault), 5).expect("the suites");
    let faults = [Trusts::TrustsSixtyFourBits, Trusts::TrustsThousandBits];
    let values = caught(&faults, |fault| run(fault).contained);
    let roundings = caught(&faults[..1], |fault| run(fault).rounded);
    page::holds(
        "fpcore-reference-faults",
        &format!("Faults, by value: {values}; by rounding: {roundings}."),
    );
}

/// Every core of every file, read and written and read again.
#[test]
fn cores_are_read_and_written() {
    let mut cores = 0;
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    let mut same = Tally::default();
    for file in FILES {
        let Some(text) = suites::read(&format!("fpcore/{file}.fpcore")) else {
            return;
        };
        let mut definitions = Definitions::new();
        let read = definitions.add_fpcore(file, &text);
        let read = read.unwrap_or_else(|wrong| panic!("{file}: {wrong}"));
        for core in read {
            cores += 1;
            if let Some(why) = core.refused {
                *refused.entry(why.message).or_default() += 1;
                continue;
            }
            let formula = definitions
                .formula("call", &core.call(&core.name))
                .and_then(|formula| formula.inline(Context::Ambient))
                .unwrap_or_else(|wrong| panic!("{file}, {}: {wrong}", core.name));
            let head = CoreHead {
                arguments: core
                    .arguments
                    .iter()
                    .cloned()
                    .zip(core.argument_texts.clone())
                    .collect(),
                ..CoreHead::default()
            };
            let written = write_fpcore(&formula, &head)
                .unwrap_or_else(|wrong| panic!("{file}, {}: {wrong}", core.name));
            let mut fresh = Definitions::new();
            let again = fresh
                .add_fpcore("written", &written)
                .unwrap_or_else(|wrong| panic!("{file}, {}: {wrong} in {written}", core.name));
            let call = core.call(&again[0].name);
            let again = fresh
                .formula("call", &call)
                .and_then(|formula| formula.inline(Context::Ambient))
                .unwrap_or_else(|wrong| panic!("{file}, {}: {wrong} in {written}", core.name));
            let holds = again.is_same(&formula).expect("small graphs");
            same.check(holds, || format!("{file}, {}: {written}", core.name));
        }
    }
    let reasons: Vec<String> = refused
        .iter()
        .map(|(why, count)| format!("{why}: {count}"))
        .collect();
    let figures = format!(
        "{} cores. {}.\nRefused: {}.",
        thousands(cores),
        same.figures("read, written and read again"),
        reasons.join("; ")
    );
    same.finish("fpcore, cores");
    page::holds("fpcore-cores", &figures);
}
