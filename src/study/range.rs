//! Ranges of variables: exact values, counted before they are made.

use super::point::evaluate;
use super::predicate::{Predicate, not_there};
use crate::formula::{Context, Diagnostic, Span};
use crate::language::{Definitions, RangeBinding, RangeEnd, RangePart};
use crate::truth::CertifiedDecimal;
use rug::ops::Pow;
use rug::{Float, Integer, Rational};
use serde::Serialize;

/// The most bits that a value of a geometric range may have.
const MAX_VALUE_BITS: u64 = 1 << 20;

/// What to write where a range is wrong.
const SHAPE: &str = "write z=0..60:5, z=1e-6..1:x10 or z=1,2,5";

/// A variable and the exact values that it takes one after the other.
#[derive(Clone, Debug)]
pub struct Range {
    name: String,
    span: Span,
    parts: Vec<Part>,
}

/// One value, or values with a step between them.
#[derive(Clone, Debug)]
struct Part {
    from: Rational,
    step: Step,
    /// How many values; at most 2^64 − 1.
    count: u64,
}

#[derive(Clone, Debug)]
enum Step {
    Add(Rational),
    Times(Rational),
}

impl Range {
    /// Reads `z=0..60:5, x=1e-12..1:x10, y=1,1/3`: each range includes its ends
    /// where a step lands on them.
    ///
    /// # Errors
    /// Where the text is not of this form, an end is no rational number, a range
    /// is empty or has no step that leads from its beginning to its end, and
    /// where a variable has two ranges.
    pub fn parse(
        definitions: &mut Definitions,
        text: &str,
        limit: u32,
    ) -> Result<Vec<Self>, Diagnostic> {
        let range = |binding: RangeBinding| {
            let part = |part| Part::new(part, limit);
            let parts = binding.parts.into_iter().map(part);
            Ok(Range {
                name: binding.name,
                span: binding.span,
                parts: parts.collect::<Result<_, Diagnostic>>()?,
            })
        };
        let list = definitions.ranges("--over", text)?;
        list.into_iter().map(range).collect()
    }

    /// The variable.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its name stands.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// How many values it takes.
    pub fn count(&self) -> u64 {
        let counts = self.parts.iter().map(|part| part.count);
        counts.fold(0, u64::saturating_add)
    }

    /// The value with this index, which is less than [`Range::count`].
    pub fn value(&self, index: u64) -> Rational {
        let mut index = index;
        for part in &self.parts {
            if index < part.count {
                return part.value(index);
            }
            index -= part.count;
        }
        panic!("an index of the range")
    }
}

/// The rational value of a range's end.
fn rational(end: &RangeEnd, limit: u32) -> Result<Rational, Diagnostic> {
    let formula = end.value.inline(Context::Real)?;
    let value = evaluate(&formula, limit);
    let value = value.map_err(|problem| {
        Diagnostic::new(format!("this is no usable value: {problem}"))
            .at(end.span)
            .help("ends and steps are finite numbers, as in z=0..60:5")
    })?;
    value.ok_or_else(|| {
        Diagnostic::new("a range needs rational values; this is an irrational one, or too long")
            .at(end.span)
            .help("give a decimal or a fraction")
    })
}

impl Part {
    fn new(part: RangePart, limit: u32) -> Result<Self, Diagnostic> {
        let from = rational(&part.from, limit)?;
        let Some(to) = &part.to else {
            return Ok(Part {
                from,
                step: Step::Add(Rational::new()),
                count: 1,
            });
        };
        let to = rational(to, limit)?;
        let Some((times, by)) = &part.step else {
            return Err(Diagnostic::new("the range has no step")
                .at(part.span)
                .help(SHAPE));
        };
        let step = rational(by, limit)?;
        let (at, whole) = (by.span, part.span);
        if *times {
            geometric(from, &to, step, at, whole)
        } else {
            arithmetic(from, &to, step, at, whole)
        }
    }

    fn value(&self, index: u64) -> Rational {
        match &self.step {
            Step::Add(step) => Rational::from(step * Integer::from(index)) + &self.from,
            Step::Times(factor) => {
                let power = u32::try_from(index).expect("limited by the values' length");
                Rational::from(factor.pow(power)) * &self.from
            }
        }
    }
}

/// The error for a step that leads away from the range's end.
fn wrong_way(at: Span, from: &Rational, to: &Rational) -> Diagnostic {
    let direction = if from < to { "up" } else { "down" };
    let error = Diagnostic::new(format!(
        "this step leads away from the range's end: the range goes {direction}"
    ));
    error.at(at)
}

fn arithmetic(
    from: Rational,
    to: &Rational,
    step: Rational,
    at: Span,
    whole: Span,
) -> Result<Part, Diagnostic> {
    if step.is_zero() {
        return Err(Diagnostic::new("a step of 0 leads nowhere")
            .at(at)
            .help(SHAPE));
    }
    let steps = Rational::from(to - &from) / &step;
    if steps < 0 {
        // 5..0:1 was meant to go up, 0..5:-1 to go down.
        let error = if step > 0 {
            Diagnostic::new("the range is empty: it ends before it begins")
                .at(whole)
                .help("exchange the ends, or give a negative step")
        } else {
            wrong_way(at, &from, to).help("leave the minus out")
        };
        return Err(error);
    }
    let count = Integer::from(steps.floor_ref()) + 1u32;
    Ok(Part {
        from,
        step: Step::Add(step),
        count: count.to_u64().unwrap_or(u64::MAX),
    })
}

fn geometric(
    from: Rational,
    to: &Rational,
    factor: Rational,
    at: Span,
    whole: Span,
) -> Result<Part, Diagnostic> {
    if factor <= 0 || factor == 1 {
        return Err(Diagnostic::new("a factor is positive and not 1")
            .at(at)
            .help("x10 multiplies by ten, x1/2 halves"));
    }
    if from.is_zero() || to.is_zero() || (from < 0) != (*to < 0) {
        return Err(
            Diagnostic::new("no factor leads to 0, from 0, or from one sign to the other")
                .at(whole)
                .help("give a range on one side of 0, or a step that adds"),
        );
    }
    let ratio = Rational::from(to / &from);
    if (ratio > 1) != (factor > 1) && ratio != 1 {
        return Err(
            wrong_way(at, &from.clone().abs(), &to.clone().abs()).help("x2 doubles, x1/2 halves")
        );
    }
    // How many powers of the factor the ratio holds: from the logarithms, then
    // put right exactly.
    let guess = Float::with_val(64, logarithm(&ratio) / logarithm(&factor)).to_f64();
    let length = u64::from(factor.numer().significant_bits() + factor.denom().significant_bits());
    if guess > 1e15 || (guess as u64).saturating_mul(length) > MAX_VALUE_BITS {
        // Too many to be made: counting them roughly is enough to say so, or
        // else too long.
        if guess < 1e6 {
            return Err(Diagnostic::new(format!(
                "the values of this range would have more than {MAX_VALUE_BITS} bits"
            ))
            .at(whole)
            .help("give a factor that is a short number"));
        }
        return Ok(Part {
            from,
            step: Step::Times(factor),
            count: guess as u64,
        });
    }
    let grows = factor > 1;
    let within = |n: u32| {
        let power = Rational::from((&factor).pow(n));
        if grows {
            power <= ratio
        } else {
            power >= ratio
        }
    };
    let mut last = guess.max(0.0).round() as u32;
    while last > 0 && !within(last) {
        last -= 1;
    }
    while within(last + 1) {
        last += 1;
    }
    Ok(Part {
        from,
        step: Step::Times(factor),
        count: u64::from(last) + 1,
    })
}

/// ln x to about 60 bits, however near to 1 it is.
fn logarithm(x: &Rational) -> Float {
    let of = |part: &Integer| Float::with_val(64, part).ln();
    if *x > Rational::from((1, 2)) && *x < 2 {
        Float::with_val(64, Rational::from(x - 1u32)).ln_1p()
    } else {
        of(x.numer()) - of(x.denom())
    }
}

/// An exact value as text: a decimal if it is a short one, a fraction
/// otherwise.
pub(super) fn exact_text(value: &Rational) -> String {
    let digits = CertifiedDecimal::of_rational(value, 17);
    if digits.is_exact() {
        digits.to_string()
    } else {
        value.to_string()
    }
}

/// A variable that moves from one exact value to another, which is not less.
#[derive(Clone, Debug, Serialize)]
pub struct Interval {
    name: String,
    /// As it was given.
    #[serde(rename = "from")]
    from_text: String,
    #[serde(rename = "to")]
    to_text: String,
    #[serde(skip)]
    from: Rational,
    #[serde(skip)]
    to: Rational,
    #[serde(skip)]
    span: Span,
}

impl Interval {
    /// Reads `z=0..100`.
    ///
    /// # Errors
    /// Where the text is not of this form, an end is no rational number, or the
    /// range is empty.
    pub fn parse(
        definitions: &mut Definitions,
        text: &str,
        limit: u32,
    ) -> Result<Self, Diagnostic> {
        const SHAPE: &str = "write its least and its greatest value, as in z=0..100";
        let mut list = definitions.ranges("--over", text)?;
        if let Some(second) = list.get(1) {
            return Err(
                Diagnostic::new("a threshold has one variable that moves, not several")
                    .at(second.span)
                    .help("fix the others with --at"),
            );
        }
        let binding = list.remove(0);
        let part = &binding.parts[0];
        if let Some(second) = binding.parts.get(1) {
            return Err(Diagnostic::new("a threshold has one range, no list")
                .at(second.span)
                .help(SHAPE));
        }
        let Some(end) = &part.to else {
            return Err(
                Diagnostic::new("a threshold needs a range, this is one value")
                    .at(part.span)
                    .help(SHAPE),
            );
        };
        if let Some((_, step)) = &part.step {
            return Err(
                Diagnostic::new("a threshold has no step: every float is decided")
                    .at(step.span)
                    .help(SHAPE),
            );
        }
        let (from, to) = (rational(&part.from, limit)?, rational(end, limit)?);
        if from > to {
            return Err(
                Diagnostic::new("the range is empty: it ends before it begins")
                    .at(part.span)
                    .help("exchange the ends"),
            );
        }
        Ok(Interval {
            name: binding.name,
            from_text: part.from.value.label(part.from.value.root()),
            to_text: end.value.label(end.value.root()),
            from,
            to,
            span: binding.span,
        })
    }

    /// The variable.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it begins.
    pub fn from(&self) -> &Rational {
        &self.from
    }

    /// Where it ends.
    pub fn to(&self) -> &Rational {
        &self.to
    }

    /// As it was given.
    pub fn text(&self) -> String {
        format!("{} = {}..{}", self.name, self.from_text, self.to_text)
    }

    /// Checks that the variable is a free one of the predicate, without a
    /// value.
    pub(super) fn check_used(
        &self,
        definitions: &mut Definitions,
        predicate: &Predicate,
    ) -> Result<(), Diagnostic> {
        let name = &self.name;
        let settings = predicate.settings();
        if let Some(fixed) = settings.iter().find(|setting| setting.name == *name) {
            return Err(Diagnostic::new(format!("`{name}` has a value and a range"))
                .at(fixed.span)
                .help("keep one of the two"));
        }
        let variables = predicate.variables(definitions)?;
        if variables.contains(name) {
            return Ok(());
        }
        Err(not_there(name, self.span, &variables, definitions))
    }
}
