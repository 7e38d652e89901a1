//! Claims about benchmarks of others, made from certified values: what is a
//! little below or above the exact value, in every way to write that.

mod random;
#[path = "conformance/suites.rs"]
mod suites;

use random::SplitMix;
use rug::ops::Pow;
use rug::{Float, Integer, Rational};
use std::collections::HashSet;
use std::fmt::Write;
use ulpscope::format::{Format, Numeral, hexadecimal};
use ulpscope::language::{ClaimVerdict, Definitions};
use ulpscope::study::{Point, VerifyOptions, verify};

const CLAIMS_PER_POINT: usize = 6;

/// The suite's values are right to so many digits.
const DIGITS: i32 = 59;

/// How far bounds are from the value, in powers of ten of it.
const NEAREST: usize = 40;

/// An s-expression.
enum Tree<'t> {
    Atom(&'t str),
    List(Vec<Tree<'t>>),
}

fn tree(text: &str) -> Tree<'_> {
    let mut open = vec![Vec::new()];
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let Some(next) = rest.chars().next() else {
            return open
                .pop()
                .and_then(|mut list| list.pop())
                .expect("one expression");
        };
        let length = match next {
            '(' => {
                open.push(Vec::new());
                1
            }
            ')' => {
                let list = open.pop().expect("an open bracket");
                open.last_mut()
                    .expect("an open bracket")
                    .push(Tree::List(list));
                1
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || c == '(' || c == ')';
                let length = rest.find(ends).unwrap_or(rest.len());
                open.last_mut()
                    .expect("a list")
                    .push(Tree::Atom(&rest[..length]));
                length
            }
        };
        rest = &rest[length..];
    }
}

/// FPCore's names that are other ones here.
const RENAMED: [(&str, &str); 4] = [
    ("fabs", "abs"),
    ("fmin", "min"),
    ("fmax", "max"),
    ("tgamma", "gamma"),
];

const FUNCTIONS: &str = "abs min max gamma sqrt cbrt exp exp2 expm1 log log2 log10 log1p pow \
    hypot fma sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc lgamma \
    floor ceil trunc round";

/// What a formula's variables are called, and the `where` part.
#[derive(Default)]
struct Translation<'t> {
    scope: Vec<(&'t str, String)>,
    bindings: Vec<String>,
}

impl<'t> Translation<'t> {
    fn bind(&mut self, name: &'t str, value: &str) {
        let own = format!("v{}", self.bindings.len());
        self.bindings.push(format!("{own} = {value}"));
        self.scope.push((name, own));
    }

    /// The expression in the language; none where something has no translation.
    fn expression(&mut self, tree: &Tree<'t>) -> Option<String> {
        let list = match tree {
            Tree::Atom(atom) => return self.atom(atom),
            Tree::List(list) => list,
        };
        let (Tree::Atom(head), rest) = list.split_first()? else {
            return None;
        };
        if let ("let" | "let*", [Tree::List(pairs), body]) = (*head, rest) {
            return self.bindings(pairs, *head == "let*", body);
        }
        let mut operands = Vec::with_capacity(rest.len());
        for operand in rest {
            operands.push(self.expression(operand)?);
        }
        let name = RENAMED.iter().find(|(from, _)| from == head);
        let name = name.map_or(*head, |(_, to)| to);
        Some(match (name, operands.as_slice()) {
            ("-", [a]) => format!("(-{a})"),
            ("not", [a]) => format!("(not {a})"),
            ("if", [condition, a, b]) => format!("(if {condition} then {a} else {b})"),
            ("+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" | "==" | "and" | "or", [_, _, ..]) => {
                format!("({})", operands.join(&format!(" {name} ")))
            }
            _ if FUNCTIONS.split_whitespace().any(|known| known == name) => {
                format!("{name}({})", operands.join(", "))
            }
            _ => return None,
        })
    }

    fn atom(&self, atom: &str) -> Option<String> {
        let bound = self.scope.iter().rev().find(|(name, _)| *name == atom);
        if let Some((_, own)) = bound {
            return Some(own.clone());
        }
        match atom {
            "PI" => Some("pi".to_string()),
            "E" => Some("e".to_string()),
            "INFINITY" => Some("inf".to_string()),
            "NAN" => Some("nan".to_string()),
            "PI_2" => Some("(pi/2)".to_string()),
            "PI_4" => Some("(pi/4)".to_string()),
            "SQRT2" => Some("sqrt(2)".to_string()),
            // Decimals, hexadecimal floats and rationals; `(…)` for a sign.
            _ => atom
                .trim_start_matches(['+', '-'])
                .starts_with(|c: char| c.is_ascii_digit() || c == '.')
                .then(|| format!("({})", atom.trim_start_matches('+'))),
        }
    }

    fn bindings(&mut self, pairs: &[Tree<'t>], in_order: bool, body: &Tree<'t>) -> Option<String> {
        let outer = self.scope.len();
        let mut values = Vec::new();
        for pair in pairs {
            let Tree::List(pair) = pair else { return None };
            let [Tree::Atom(name), value] = pair.as_slice() else {
                return None;
            };
            let value = self.expression(value)?;
            if in_order {
                self.bind(name, &value);
            } else {
                values.push((*name, value));
            }
        }
        for (name, value) in values {
            self.bind(name, &value);
        }
        let body = self.expression(body);
        self.scope.truncate(outer);
        body
    }
}

/// A decimal's value.
fn rational(text: &str) -> Rational {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits: Integer = format!("{whole}{fraction}").parse().expect("digits");
    let exponent: i32 = exponent
        .trim_start_matches('+')
        .parse()
        .expect("an exponent");
    Rational::from(digits) * ten(exponent - fraction.len() as i32)
}

fn ten(exponent: i32) -> Rational {
    let power = Rational::from(Integer::from(10).pow(exponent.unsigned_abs()));
    if exponent < 0 { power.recip() } else { power }
}

/// An exact value that is a decimal.
fn written(value: &Rational) -> String {
    let mut places = 0;
    let mut scaled = value.clone();
    while !scaled.is_integer() {
        scaled *= 10_u32;
        places += 1;
    }
    format!("{}e-{places}", scaled.numer())
}

/// The exponent of the first digit of a positive number.
fn magnitude(value: &Rational) -> i32 {
    let estimate = Float::with_val(64, value).log10().floor();
    let e = estimate.to_i32_saturating().expect("a number");
    (e - 1..=e + 1)
        .rev()
        .find(|e| *value >= ten(*e))
        .expect("one of them")
}

/// A claim's body, and whether it holds.
type Stated = (String, bool);

/// Claims about an expression whose value is known to [`DIGITS`] digits.
struct Maker {
    random: SplitMix,
}

impl Maker {
    fn below(&mut self, limit: usize) -> usize {
        (self.random.next() % limit as u64) as usize
    }

    /// Bounds below and above the value.
    fn around(&mut self, value: &Rational) -> (String, String) {
        let size = if *value == 0 {
            Rational::from(1)
        } else {
            Rational::from(value.abs_ref())
        };
        let mut away = |up: i32| {
            let distance = Rational::from(&size * &ten(-(3 + self.below(NEAREST - 2) as i32)));
            written(&(distance * up + value))
        };
        (away(-1), away(1))
    }

    /// One claim. `rounded` is the value as f64.
    fn claim(&mut self, e: &str, value: &Rational, rounded: &Float, kind: usize) -> Stated {
        let (low, high) = self.around(value);
        match kind {
            0 => (format!("{e} < {high}"), true),
            1 => (format!("{e} > {high}"), false),
            2 => (format!("{e} in [{low}, {high}]"), true),
            3 => (format!("{low} < {e} <= {high}"), true),
            4 => (format!("{e} <= {low}"), false),
            5 => (format!("{e} in ({high}, inf)"), false),
            6 => (format!("not ({e} < {low}) and {e} != {high}"), true),
            7 | 8 if *value != 0 => self.about(e, value, kind == 7),
            9 => (format!("{e} == {low}"), false),
            10 => (format!("rn({e}, f64) == {}", hexadecimal(rounded)), true),
            11 => {
                let beside = Format::F64.next_up(rounded);
                if beside.is_finite() {
                    (format!("rn({e}, f64) >= {}", hexadecimal(&beside)), false)
                } else {
                    (format!("rn({e}, f64) < {}", hexadecimal(rounded)), false)
                }
            }
            _ => (format!("{e} >= {low} implies {e} < {high}"), true),
        }
    }

    /// `~` with some of the value's digits, or with the last one off by one.
    fn about(&mut self, e: &str, value: &Rational, right: bool) -> Stated {
        let digits = 2 + self.below(NEAREST - 2) as i32;
        let size = Rational::from(value.abs_ref());
        let last = magnitude(&size) - digits + 1;
        let mut units = (&size / ten(last)).round().numer().clone();
        if !right {
            units += 1 - 2 * (self.random.next() % 2) as i32;
        }
        let numeral = Rational::from(&units) * ten(last);
        let away = Rational::from(&size - &numeral).abs();
        let edge = Rational::from(&away - &(ten(last) / 2_u32)).abs();
        if edge <= Rational::from(&size * &ten(-DIGITS)) {
            // Too near to half a unit: the suite's digits do not decide it.
            return (format!("{e} != 0"), true);
        }
        let sign = if *value < 0 { "-" } else { "" };
        (format!("{e} ~ {sign}{units}e{last}"), right)
    }
}

/// A number written in hexadecimal, exactly.
fn hexadecimal_value(text: &str) -> Rational {
    let numeral = Numeral::parse(text.trim_start_matches('-')).expect("a number");
    let value = numeral.to_rational(5000).expect("a moderate exponent");
    if text.starts_with('-') { -value } else { value }
}

#[test]
fn no_claim_about_a_benchmark_is_decided_wrongly() {
    let Some(suite) = suites::read("fpcore/reference.tsv.xz") else {
        return;
    };
    let mut maker = Maker {
        random: SplitMix(20_260_611),
    };
    let (mut translated, mut skipped) = (HashSet::new(), HashSet::new());
    let mut points = 0_usize;
    let mut stated: Vec<Stated> = Vec::new();
    for (_, line) in suites::lines(&suite) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, _, body, bindings, value, hex, _] = columns[..] else {
            panic!("seven columns: {line}");
        };
        let mut translation = Translation::default();
        for binding in bindings.split_whitespace() {
            let (name, value) = binding.split_once('=').expect("a binding");
            translation.bind(name, value);
        }
        let Some(expression) = translation.expression(&tree(body)) else {
            skipped.insert(body);
            continue;
        };
        translated.insert(body);
        let value = rational(value);
        // The digits may stop short of a tie.
        let rounded = Format::F64.round_rational(&hexadecimal_value(hex));
        let slack = Rational::from(value.abs_ref()) * ten(-DIGITS);
        let [low, high] =
            [-slack.clone(), slack].map(|slack| Format::F64.round_rational(&(slack + &value)));
        let columns_agree = rounded == low || rounded == high;
        assert!(columns_agree, "the suite's own columns: {line}");
        let tail = match translation.bindings.join(", ") {
            all if all.is_empty() => all,
            all => format!(" where {all}"),
        };
        for turn in 0..CLAIMS_PER_POINT {
            let kind = (points * CLAIMS_PER_POINT + turn) % 13;
            let (claim, holds) = maker.claim(&expression, &value, &rounded, kind);
            stated.push((format!("{claim}{tail}"), holds));
        }
        points += 1;
    }
    println!(
        "{} formulas translated, {} not; {points} points",
        translated.len(),
        skipped.len()
    );
    assert!(translated.len() > 400 && stated.len() > 10_000);

    let (mut decided, mut undecided, mut wrong) = ([0; 2], 0, Vec::new());
    for part in stated.chunks(1000) {
        let mut document = String::new();
        for (claim, _) in part {
            writeln!(document, "claim: {claim}").expect("a string");
        }
        let mut definitions = Definitions::new();
        let claims = definitions.add_document("benchmarks", &document).unwrap();
        let point = Point::default();
        let options = VerifyOptions::default();
        let verification = verify(&mut definitions, &claims, &point, &options).unwrap();
        assert_eq!(verification.claims.len(), part.len());
        for ((claim, holds), verified) in part.iter().zip(&verification.claims) {
            match verified.verdict {
                ClaimVerdict::Proved if *holds => decided[0] += 1,
                ClaimVerdict::Refuted if !*holds => decided[1] += 1,
                ClaimVerdict::Undecided => {
                    undecided += 1;
                    println!("undecided: {claim}");
                }
                other => wrong.push(format!("{other:?}: {claim}")),
            }
        }
    }
    println!(
        "{} claims: {} proved, {} refuted, {undecided} undecided, {} wrong",
        stated.len(),
        decided[0],
        decided[1],
        wrong.len()
    );
    wrong.truncate(20);
    assert!(wrong.is_empty(), "the first:\n{}", wrong.join("\n"));
    assert!(
        undecided * 100 <= stated.len(),
        "more than 1 % are undecided"
    );
}
