//! Claims that a test makes up: their text, and their truth at one number, by
//! another route than the program's. Computed values come from the emulated
//! arithmetic, one input at a time, exact ones from MPFR with 700 bits.

use super::formulas::{BITS, EXAMPLES};
use rug::float::Round;
use rug::{Float, Rational};
use std::cmp::Ordering;
use std::fmt::{self, Display};
use ulpscope::arithmetic::emulated::Input;
use ulpscope::arithmetic::native::Libm;
use ulpscope::evaluate::trace;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula, Op};
use ulpscope::language::Definitions;

/// An exact value is taken to be the nearest number of so many bits, so that
/// one of few bits is exactly that.
const EXACT_BITS: u32 = 300;

/// Two values that agree in so many bits are taken to be equal: these formulas
/// have no values that are nearer to each other.
const SAME_BITS: u32 = 200;

/// A number as it is written.
#[derive(Clone, Debug)]
pub struct Written {
    pub text: String,
    pub value: Rational,
}

/// A format as it is written.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Named {
    pub name: &'static str,
    pub format: Format,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum View {
    Computed,
    Rounded,
    RelativeError,
    AbsoluteError,
    Ulps,
    Bits,
}

/// A number in a claim. A formula is its index in [`EXAMPLES`].
#[derive(Clone, Debug)]
pub enum Number {
    X,
    Literal(Written),
    View(View, usize, Named),
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Sign {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

#[derive(Clone, Debug)]
pub enum Predicate {
    Compare(Number, Sign, Number),
    /// fl(formula sign literal, F): the literal is rounded, too.
    Inside(usize, Sign, Written, Named),
    Within(Number, bool, Written, Written, bool),
    /// The number, and half the unit of its last digit.
    About(Number, Written, Rational),
    IsNan(Number),
    IsInfinite(Number),
    Cause(usize, Named, bool, &'static str),
    Not(Box<Predicate>),
    And(Box<Predicate>, Box<Predicate>),
    Or(Box<Predicate>, Box<Predicate>),
    Implies(Box<Predicate>, Box<Predicate>),
    Iff(Box<Predicate>, Box<Predicate>),
}

/// The examples, ready to be computed.
pub struct Machines(Vec<Formula>);

impl Machines {
    pub fn new() -> Self {
        let mut definitions = Definitions::new();
        let formulas = EXAMPLES.iter().map(|example| {
            let source = definitions.formula("example", example.text).unwrap();
            source.inline(Context::Ambient).unwrap()
        });
        Machines(formulas.collect())
    }

    fn trace(&self, formula: usize, format: Format, x: &Float) -> Vec<Float> {
        let inputs = [Input::Rounded(format.round(x))];
        trace(&self.0[formula], format, Libm::CoreMath, &inputs).unwrap()
    }

    pub fn computed(&self, formula: usize, format: Format, x: &Float) -> Float {
        let root = self.0[formula].root().index();
        self.trace(formula, format, x).swap_remove(root)
    }

    /// Whether what happens at a formula's root is known here.
    pub fn has_cause(&self, formula: usize) -> bool {
        let formula = &self.0[formula];
        root_exactly(
            &formula.node(formula.root()).op,
            &[Float::new(2), Float::new(2)],
        )
        .is_some()
    }

    /// What happened at the root, in one word.
    pub fn cause(&self, formula: usize, format: Format, x: &Float) -> &'static str {
        let values = self.trace(formula, format, x);
        let formula = &self.0[formula];
        let root = formula.root();
        let operands = formula.operands(root).iter();
        let operands: Vec<Float> = operands.map(|id| values[id.index()].clone()).collect();
        word(
            &formula.node(root).op,
            &operands,
            &values[root.index()],
            format,
        )
    }
}

/// A formula's exact value, none where it is not defined.
pub fn exact(formula: usize, x: &Float) -> Option<Float> {
    let value = (EXAMPLES[formula].exact)(&Float::with_val(BITS, x));
    value
        .is_finite()
        .then(|| Float::with_val(EXACT_BITS, value))
}

/// An operation on computed values without rounding, as far as 700 bits go.
fn root_exactly(op: &Op, operands: &[Float]) -> Option<Float> {
    let at = |index: usize| Float::with_val(BITS, &operands[index]);
    Some(match op {
        Op::Add => at(0) + at(1),
        Op::Sub => at(0) - at(1),
        Op::Mul => at(0) * at(1),
        Op::Div => at(0) / at(1),
        Op::Exp => at(0).exp(),
        Op::Log => at(0).ln(),
        Op::Sqrt => at(0).sqrt(),
        Op::Tanh => at(0).tanh(),
        Op::Sin => at(0).sin(),
        _ => return None,
    })
}

/// What an operation did, from the meaning of the words.
fn word(op: &Op, operands: &[Float], result: &Float, format: Format) -> &'static str {
    let exact = root_exactly(op, operands).unwrap();
    let finite = operands.iter().all(Float::is_finite);
    let sum = matches!(op, Op::Add | Op::Sub);
    let exponent = |x: &Float| x.get_exp().map_or(i64::MIN, i64::from);
    let at_zero = match op {
        Op::Div => operands[1].is_zero(),
        Op::Log => operands[0].is_zero(),
        _ => false,
    };
    let inexact = exact != *result;
    let grown = |a: usize, b: usize| {
        inexact && result.cmp_abs(&operands[a]) == Some(Ordering::Equal) && !operands[b].is_zero()
    };
    if result.is_nan() {
        let handed_on = operands.iter().any(Float::is_nan);
        return if handed_on { "exact" } else { "invalid" };
    }
    if result.is_infinite() {
        return match (finite, at_zero) {
            (false, _) => "exact",
            (true, true) => "division_by_zero",
            (true, false) => "overflow",
        };
    }
    if !finite {
        "exact"
    } else if result.is_zero() && inexact {
        "underflow"
    } else if !result.is_zero() && exponent(result) <= i64::from(format.emin()) {
        "subnormal"
    } else if sum && (grown(0, 1) || grown(1, 0)) {
        "absorbed"
    } else if sum && exponent(result) < exponent(&operands[0]).max(exponent(&operands[1])) {
        "cancelled"
    } else if inexact {
        "rounded"
    } else {
        "exact"
    }
}

/// 2^(max(e, emin) − p + 1), for 2^e ≤ |x| < 2^(e+1).
fn ulp(format: Format, x: &Float) -> Float {
    let e = x
        .get_exp()
        .map_or(format.emin(), |e| (e - 1).max(format.emin()));
    Float::with_val(2, 1) << (e - format.precision() as i32 + 1)
}

/// An error; none where there is no such thing.
fn error(view: View, format: Format, computed: &Float, exact: Option<Float>) -> Option<Float> {
    let exact = exact?;
    if view == View::Bits {
        let Some(from) = format.ordinal(computed) else {
            return format.width().map(|width| Float::with_val(BITS, width));
        };
        let to = format.ordinal(&format.round(&exact)).unwrap();
        return Some(Float::with_val(BITS, (from - to).abs() + 1_u32).log2());
    }
    if computed.is_nan() {
        return None;
    }
    let absolute = Float::with_val(BITS, computed - &exact).abs();
    match view {
        View::RelativeError if exact.is_zero() => absolute.is_zero().then_some(absolute),
        View::RelativeError => Some(absolute / exact.abs()),
        View::Ulps => Some(absolute / ulp(format, &exact)),
        _ => Some(absolute),
    }
}

impl Number {
    /// Its value at x; none where it is undefined.
    pub fn value(&self, machines: &Machines, x: &Float) -> Option<Float> {
        match self {
            Number::X => Some(x.clone()),
            Number::Literal(written) => Some(Float::with_val(EXACT_BITS, &written.value)),
            Number::View(View::Computed, formula, named) => {
                Some(machines.computed(*formula, named.format, x))
            }
            Number::View(View::Rounded, formula, named) => {
                Some(named.format.round(&exact(*formula, x)?))
            }
            Number::View(view, formula, named) => {
                let computed = machines.computed(*formula, named.format, x);
                error(*view, named.format, &computed, exact(*formula, x))
            }
        }
    }
}

/// How two numbers compare; none for NaN.
fn order(a: &Float, b: &Float) -> Option<Ordering> {
    let [same_a, same_b] = [a, b].map(|x| Float::with_val_round(SAME_BITS, x, Round::Nearest).0);
    same_a.partial_cmp(&same_b)
}

fn holds(sign: Sign, order: Option<Ordering>) -> bool {
    let Some(order) = order else {
        return sign == Sign::NotEqual;
    };
    match sign {
        Sign::Less => order.is_lt(),
        Sign::LessEqual => order.is_le(),
        Sign::Greater => order.is_gt(),
        Sign::GreaterEqual => order.is_ge(),
        Sign::Equal => order.is_eq(),
        Sign::NotEqual => order.is_ne(),
    }
}

impl Predicate {
    /// Whether it holds at x; none where it is undefined.
    pub fn at(&self, machines: &Machines, x: &Float) -> Option<bool> {
        let value = |number: &Number| number.value(machines, x);
        match self {
            Predicate::Compare(a, sign, b) => {
                let (a, b) = (value(a)?, value(b)?);
                Some(holds(*sign, order(&a, &b)))
            }
            Predicate::Inside(formula, sign, written, named) => {
                let computed = machines.computed(*formula, named.format, x);
                let literal = named.format.round_rational(&written.value);
                Some(holds(*sign, computed.partial_cmp(&literal)))
            }
            Predicate::Within(number, open, from, to, end_open) => {
                let number = value(number)?;
                let against =
                    |end: &Written| order(&number, &Float::with_val(EXACT_BITS, &end.value));
                let above = if *open {
                    Sign::Greater
                } else {
                    Sign::GreaterEqual
                };
                let below = if *end_open {
                    Sign::Less
                } else {
                    Sign::LessEqual
                };
                Some(holds(above, against(from)) && holds(below, against(to)))
            }
            Predicate::About(number, written, half) => {
                let number = value(number)?;
                let away = Float::with_val(BITS, &number - &written.value).abs();
                let half = Float::with_val(BITS, half);
                Some(holds(Sign::LessEqual, order(&away, &half)))
            }
            Predicate::IsNan(number) => Some(value(number)?.is_nan()),
            Predicate::IsInfinite(number) => Some(value(number)?.is_infinite()),
            Predicate::Cause(formula, named, equal, word) => {
                Some((machines.cause(*formula, named.format, x) == *word) == *equal)
            }
            Predicate::Not(a) => a.at(machines, x).map(|a| !a),
            Predicate::And(a, b) => and(a.at(machines, x), b.at(machines, x)),
            Predicate::Or(a, b) => or(a.at(machines, x), b.at(machines, x)),
            Predicate::Implies(a, b) => or(a.at(machines, x).map(|a| !a), b.at(machines, x)),
            Predicate::Iff(a, b) => Some(a.at(machines, x)? == b.at(machines, x)?),
        }
    }
}

/// Kleene's.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        _ => Some(a? && b?),
    }
}

/// Kleene's.
fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|both| !both)
}

impl Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sign::Less => "<",
            Sign::LessEqual => "<=",
            Sign::Greater => ">",
            Sign::GreaterEqual => ">=",
            Sign::Equal => "==",
            Sign::NotEqual => "!=",
        })
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::X => f.write_str("x"),
            Number::Literal(written) => f.write_str(&written.text),
            Number::View(view, formula, named) => {
                let view = match view {
                    View::Computed => "fl",
                    View::Rounded => "rn",
                    View::RelativeError => "relerr",
                    View::AbsoluteError => "abserr",
                    View::Ulps => "ulps",
                    View::Bits => "bits",
                };
                write!(f, "{view}({}, {})", EXAMPLES[*formula].text, named.name)
            }
        }
    }
}

impl Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Predicate::Compare(a, sign, b) => write!(f, "{a} {sign} {b}"),
            Predicate::Inside(formula, sign, written, named) => {
                let formula = EXAMPLES[*formula].text;
                write!(f, "fl(({formula}) {sign} {}, {})", written.text, named.name)
            }
            Predicate::Within(number, open, from, to, end_open) => {
                let brackets = [["[", "]"], ["(", ")"]];
                let (left, right) = (
                    brackets[usize::from(*open)][0],
                    brackets[usize::from(*end_open)][1],
                );
                write!(f, "{number} in {left}{}, {}{right}", from.text, to.text)
            }
            Predicate::About(number, written, _) => write!(f, "{number} ~ {}", written.text),
            Predicate::IsNan(number) => write!(f, "isnan({number})"),
            Predicate::IsInfinite(number) => write!(f, "isinf({number})"),
            Predicate::Cause(formula, named, equal, word) => {
                let sign = if *equal { "==" } else { "!=" };
                write!(
                    f,
                    "cause({}, {}) {sign} {word}",
                    EXAMPLES[*formula].text, named.name
                )
            }
            Predicate::Not(a) => write!(f, "not ({a})"),
            Predicate::And(a, b) => write!(f, "({a}) and ({b})"),
            Predicate::Or(a, b) => write!(f, "({a}) or ({b})"),
            Predicate::Implies(a, b) => write!(f, "({a}) implies ({b})"),
            Predicate::Iff(a, b) => write!(f, "({a}) iff ({b})"),
        }
    }
}
