//! Formulas known for what floating-point arithmetic makes of them, against
//! digits computed with Arb: from the language's text to certified digits. Where
//! the exact value is 0, the sign is proved to be 0 or stays undecided.

use super::faults::caught;
use super::page;
use super::suites::{self, Tally, decimal};
use rug::float::Round;
use rug::{Float, Rational};
use std::cmp::Ordering;
use std::fmt::Write;
use ulpscope::arithmetic::emulated::{Emulated, Input};
use ulpscope::evaluate::Machine;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::{ClaimVerdict, Definitions};
use ulpscope::study::{Point, VerifyOptions, verify};
use ulpscope::truth::{Truth, Unanswered};

/// How many digits are asked for: the suite's are 60, rounded.
const DIGITS: usize = 70;

/// The budget: more than enough for the digits, and soon spent on a zero.
const LIMIT: u32 = 1 << 13;

/// What an implementation says of a number: its first [`DIGITS`] digits, and its
/// sign; none where that is not decided.
struct Answer {
    digits: Option<String>,
    sign: Option<Ordering>,
}

type Implementation = fn(&Formula) -> Answer;

fn certified(source: &Formula) -> Answer {
    let formula = source.inline(Context::Real).expect("a formula");
    let mut truth = Truth::new(&formula, Vec::new(), LIMIT);
    let sign = match truth.sign() {
        Ok(sign) => Some(sign),
        Err(Unanswered::Undecided { .. }) => None,
        Err(undefined) => panic!("{undefined}"),
    };
    let digits = truth.digits(DIGITS).ok();
    Answer {
        digits: digits.map(|digits| digits.to_string().replace('…', "")),
        sign,
    }
}

/// What arithmetic of so many bits gives, taken at its word.
fn taken_at_its_word(source: &Formula, bits: u32) -> Answer {
    let formula = source.inline(Context::Ambient).expect("a formula");
    let format = Format::mpfr(bits).expect("a precision of MPFR's");
    let mut machine = Machine::new(&formula, Emulated::new(format, Vec::<Input>::new()));
    let value: Float = machine.run().clone();
    let (_, digits, exponent) = value.to_sign_string_exp_round(10, Some(DIGITS), Round::Zero);
    let sign = if value < 0 { "-" } else { "" };
    Answer {
        digits: Some(format!("{sign}0.{digits}e{}", exponent.unwrap_or(0))),
        sign: value.partial_cmp(&0),
    }
}

/// Whether digits that were cut off are those that were rounded to nearest.
fn agree(cut: &str, rounded: &str) -> bool {
    let ((cut, last), (rounded, unit)) = (decimal(cut), decimal(rounded));
    Rational::from(&cut - &rounded).abs() <= unit / 2_u32 + last
}

/// The definitions and the formula of a classic, in the language. The suite
/// writes some in words, and recurrences as such.
fn text(name: &str, formula: &str) -> (String, String) {
    let written = |formula: &str| (String::new(), formula.to_string());
    match name {
        "Rump 1988" | "quadratic" => {
            let (body, values) = formula.split_once(", ").expect("values");
            (values.replace(',', "\n"), body.to_string())
        }
        "Muller recurrence u_100" => {
            let mut steps = "u0 = 2\nu1 = -4\n".to_string();
            for n in 2..=100 {
                let (one, two) = (n - 1, n - 2);
                writeln!(steps, "u{n} = 111 - 1130/u{one} + 3000/(u{one}*u{two})").expect("text");
            }
            (steps, "u100".into())
        }
        "Chaotic bank society, 25 years" => {
            let mut steps = "d0 = e - 1\n".to_string();
            for year in 1..=25 {
                writeln!(steps, "d{year} = {year}*d{} - 1", year - 1).expect("text");
            }
            (steps, "d25".into())
        }
        "expm1 cancel" => written("(exp(1e-15) - 1)/1e-15"),
        "1-cos" => written("(1 - cos(1e-8))/1e-16"),
        "sophomore cosine" => written("sin(11)"),
        "sum 0.1" => written("0.1*3 - 0.3"),
        "Graham radicals" => written("sqrt(10) + sqrt(11) - sqrt(21 + 2*sqrt(110))"),
        "harmonic" => {
            let mut steps = "h1 = 1\n".to_string();
            for k in 2..=1000 {
                writeln!(steps, "h{k} = h{} + 1/{k}", k - 1).expect("text");
            }
            (steps, "h1000".into())
        }
        "Kahan triangle" => (
            "a = 9\nb = 4.53\nc = 4.53\ns = (a + b + c)/2".into(),
            "sqrt(s*(s - a)*(s - b)*(s - c))".into(),
        ),
        _ => written(formula),
    }
}

/// Whether the claim that a formula is 0 is proved; refuted it must not be.
fn is_proved_zero(name: &str, formula: &str) -> bool {
    let mut definitions = Definitions::new();
    let claims = definitions
        .add_document(name, &format!("claim: {formula} == 0"))
        .expect("a claim");
    let options = VerifyOptions::default();
    let result = verify(&mut definitions, &claims, &Point::default(), &options);
    let verdict = result.expect("a claim about numbers").claims[0].verdict;
    assert!(
        matches!(verdict, ClaimVerdict::Proved | ClaimVerdict::Undecided),
        "{name} is 0: {verdict:?}"
    );
    verdict == ClaimVerdict::Proved
}

/// What came of the classics.
#[derive(Default)]
struct Found {
    values: Tally,
    zeros: Tally,
    /// Zeros whose sign is proved.
    proved: u64,
    /// The names and formulas of the zeros.
    formulas: Vec<(String, String)>,
}

fn check(implementation: Implementation) -> Option<Found> {
    let text_of_suite = suites::read("classics.tsv")?;
    let mut found = Found::default();
    for (_, line) in suites::lines(&text_of_suite) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (name, formula, value) = (columns[0], columns[1], columns[2]);
        let (definitions, formula) = text(name, formula);
        let mut known = Definitions::new();
        known
            .add(name, &definitions)
            .unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        let source = known.formula(name, &formula);
        let source = source.unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        let answer = implementation(&source);
        if value == "0" {
            found.formulas.push((name.to_string(), formula));
            found.proved += u64::from(answer.sign == Some(Ordering::Equal));
            found
                .zeros
                .check(answer.sign.is_none_or(Ordering::is_eq), || {
                    format!("{name} is 0, not {:?}", answer.sign)
                });
        } else {
            let digits = answer.digits;
            let holds = digits.as_ref().is_some_and(|digits| agree(digits, value));
            found
                .values
                .check(holds, || format!("{name}: {digits:?}, not {value}"));
            let sign = if value.starts_with('-') {
                Ordering::Less
            } else {
                Ordering::Greater
            };
            found
                .values
                .check(answer.sign == Some(sign), || format!("the sign of {name}"));
        }
    }
    Some(found)
}

#[test]
fn digits_and_signs() {
    let Some(found) = check(certified) else {
        return;
    };
    let proved = |(name, formula): &&(String, String)| is_proved_zero(name, formula);
    let claimed = found.formulas.iter().filter(proved);
    let figures = format!(
        "{} (60 digits each). {}; signs proved {}, undecided {}; claims proved {}.",
        found.values.figures("digits and signs of values"),
        found.zeros.figures("exact zeros"),
        found.proved,
        found.zeros.cases() - found.proved,
        claimed.count()
    );
    found.values.finish("classics");
    found.zeros.finish("classics, zeros");
    page::holds("classics", &figures);
}

#[test]
fn faults_are_caught() {
    if suites::are_absent() {
        return;
    }
    /// Bits that somebody thinks are enough.
    #[derive(Clone, Copy, Debug)]
    enum Trusts {
        TrustsSixtyDigits,
        TrustsThousandBits,
    }
    let implementation = |fault: Trusts| -> Implementation {
        match fault {
            Trusts::TrustsSixtyDigits => |formula| taken_at_its_word(formula, 200),
            Trusts::TrustsThousandBits => |formula| taken_at_its_word(formula, 1000),
        }
    };
    let faults = [Trusts::TrustsSixtyDigits, Trusts::TrustsThousandBits];
    let values = |fault| check(implementation(fault)).expect("the suites").values;
    let zeros = |fault| check(implementation(fault)).expect("the suites").zeros;
    let of_digits = caught(&faults[..1], values);
    let of_zeros = caught(&faults, zeros);
    page::holds(
        "classics-faults",
        &format!("Faults, by digits: {of_digits}; by zeros: {of_zeros}."),
    );
}
