//! A claim made ready to be decided.

use super::point::{Point, Value as Given};
use super::verify::VerifyOptions;
use crate::arithmetic::real::RealInput;
use crate::claim::{
    Bound, Budget, Cell, Numbers, Outcome, Predicate, Range, Slot, Smooth, Value, affordable, axis,
    decide, integers, is_continuous, range,
};
use crate::format::Format;
use crate::formula::{Context, Diagnostic, Formula, NodeId, Op, Span};
use crate::language::{Claim, ClaimVerdict, Definitions, Over};
use rayon::prelude::*;
use rug::{Integer, Rational};

/// The most values that the variables of formats take together.
const MAX_PRECISIONS: u64 = 100_000;

/// The most bits that these have together.
const MAX_PRECISION_BITS: u64 = 1 << 28;

/// Bounds of a range are as near to values as 12 digits show.
const RANGE_BITS: u32 = 40;

/// Formulas of different precisions are made in batches of so many.
const BATCH: usize = 256;

/// A claim, its formulas and the space of its variables.
pub(super) struct Stated {
    /// The variables that range over cells, in order.
    pub variables: Vec<String>,
    /// Those that stand in formats, in order.
    pub precisions: Vec<String>,
    /// Where the former range, in order.
    pub space: Vec<Cell>,
    question: Question,
    options: VerifyOptions,
}

/// What is asked.
enum Question {
    /// Whether a predicate holds, for each choice of the variables of formats.
    Holds(Vec<Choice>),
    /// The range of a number.
    Range(Box<(Bound, Option<Smooth>)>),
}

/// The predicate for one choice of the variables of formats.
struct Choice {
    precisions: Vec<u32>,
    predicate: Predicate,
}

/// What was found of a claim.
pub(super) enum Found {
    /// A verdict, with the values of the variables of formats where it fails.
    Verdict {
        outcome: Outcome,
        precisions: Vec<u32>,
        /// For how many choices of these it was decided.
        choices: usize,
        /// Whether it was proved for all choices before that one.
        first: bool,
    },
    /// The range of a number.
    Range(Range),
}

impl Stated {
    /// Reads a claim.
    pub fn new(
        definitions: &mut Definitions,
        claim: &Claim,
        point: &Point,
        options: &VerifyOptions,
    ) -> Result<Self, Diagnostic> {
        let precisions = claim.precision_variables();
        if claim.is_range && !precisions.is_empty() {
            let message = "a range is asked for in one format at a time";
            return Err(Diagnostic::new(message)
                .at(claim.span)
                .help("name a precision, as in mpfr:53"));
        }
        let limit = options.precision_limit;
        let mut variables = Vec::new();
        let mut pieces = Vec::new();
        let mut choices: Vec<(Integer, Integer)> = Vec::new();
        for quantified in &claim.variables {
            match &quantified.over {
                Over::Integers(first, last) if precisions.contains(&quantified.name) => {
                    choices.push(integers(first, last, limit)?);
                }
                _ => {
                    variables.push(quantified.name.clone());
                    pieces.push(axis(quantified, limit)?);
                }
            }
        }
        let mut stated = Stated {
            variables,
            precisions,
            space: product(&pieces),
            question: Question::Holds(Vec::new()),
            options: *options,
        };
        if claim.is_range {
            let number = stated.bound(definitions, claim, point, &[])?;
            let smooth = Smooth::of(number.like(number.formula.clone()));
            stated.question = Question::Range(Box::new((number, smooth)));
            return Ok(stated);
        }
        let mut list = Vec::new();
        for precisions in choices_of(&choices, claim)? {
            let names = stated.precisions.iter().cloned();
            let named: Vec<(String, u32)> = names.zip(precisions.iter().copied()).collect();
            let whole = stated.bound(definitions, claim, point, &named)?;
            list.push(Choice {
                precisions,
                predicate: Predicate::new(whole),
            });
        }
        stated.question = Question::Holds(list);
        Ok(stated)
    }

    /// The claim's formula, each of its inputs with an axis or a value.
    fn bound(
        &self,
        definitions: &mut Definitions,
        claim: &Claim,
        point: &Point,
        precisions: &[(String, u32)],
    ) -> Result<Bound, Diagnostic> {
        let source = definitions.resolve_claim(claim, precisions)?;
        let exact = source.inline(Context::Real)?;
        for quantified in &claim.variables {
            let name = &quantified.name;
            let stands = exact.mentioned().contains(name) || source.mentioned().contains(name);
            if !stands && !precisions.iter().any(|(known, _)| known == name) {
                let message = format!("`{name}` does not occur in the claim");
                return Err(Diagnostic::new(message)
                    .at(quantified.span)
                    .help("leave it out, or use it"));
            }
        }
        let is_axis = |name: &str| self.variables.iter().position(|known| known == name);
        let given = |name: &str| {
            let setting = point.settings.iter().find(|setting| setting.name == name);
            setting.map(|setting| &setting.value)
        };
        let formula = {
            let reals: Vec<(&str, &Formula)> = exact
                .inputs()
                .iter()
                .filter(|name| is_axis(name).is_none())
                .filter_map(|name| match given(name) {
                    Some(Given::Real(value)) => Some((name.as_str(), value)),
                    _ => None,
                })
                .collect();
            if reals.is_empty() {
                exact
            } else {
                exact.substitute(&reals)?
            }
        };
        self.check_reals(&formula, claim)?;
        let mut slots = Vec::with_capacity(formula.inputs().len());
        for (index, name) in formula.inputs().iter().enumerate() {
            let precision = precisions.iter().find(|(known, _)| known == name);
            slots.push(if let Some(axis) = is_axis(name) {
                Slot::Axis(axis)
            } else if let Some((_, p)) = precision {
                Slot::Given(RealInput::Exact(Rational::from(*p)))
            } else if let Some(Given::Rational(value)) = given(name) {
                Slot::Given(RealInput::Exact(value.clone()))
            } else {
                return Err(free(&formula, index, name, claim));
            });
        }
        Ok(Bound { formula, slots })
    }

    /// Refuses an `fl` of a variable that ranges over all real numbers.
    fn check_reals(&self, formula: &Formula, claim: &Claim) -> Result<(), Diagnostic> {
        let name_of = |id: NodeId| match formula.node(id).op {
            Op::Input(index) if matches!(formula.node(id).context, Context::Fixed(_)) => {
                Some(&formula.inputs()[index as usize])
            }
            _ => None,
        };
        for id in formula.ids() {
            let Some(name) = name_of(id) else { continue };
            let quantified = claim.variables.iter().find(|known| known.name == *name);
            if let Some(quantified) = quantified
                && matches!(quantified.over, Over::Reals(_))
            {
                let Context::Fixed(format) = formula.node(id).context else {
                    continue;
                };
                let message =
                    format!("`{name}` is any real number here, which an `fl` has to round first");
                let span = formula.origin(id).spans.first().copied();
                let floats = format.storage().nearest();
                let help = match quantified.span.source == claim.span.source {
                    true => format!("quantify over floats: for {name} : {floats} in …"),
                    false => format!(
                        "claims take floats: for {name} : {floats} in …; \
                         so does compare, with --in {floats}"
                    ),
                };
                return Err(Diagnostic::new(message)
                    .at(span.unwrap_or(quantified.span))
                    .help(help));
            }
        }
        Ok(())
    }

    /// How near a range's bounds should be to values of it, relative to these, in
    /// bits: such that no more than the last digit is wrong.
    fn near(&self) -> u32 {
        match self.options.digits {
            None => RANGE_BITS,
            Some(digits) => (f64::from(digits) * std::f64::consts::LOG2_10).ceil() as u32 + 2,
        }
    }

    /// The decimal digits of a range's bounds, if they were asked for.
    pub fn digits(&self) -> Option<u32> {
        self.options.digits
    }

    /// Whether a number that is defined everywhere takes all values between two of
    /// its values.
    pub fn is_connected(&self) -> bool {
        let real = self.space.iter().flatten().all(Numbers::is_real);
        real && is_continuous(self.formula())
    }

    /// The budget of one question.
    fn budget(&self, formula: &Formula) -> Budget {
        let options = &self.options;
        let precisions = self.space.iter().flatten().map(Numbers::precision);
        let precision = precisions.max().unwrap_or(53).max(self.near());
        // A box of real numbers costs more: derivatives, and more bits.
        let share = match self.space.iter().flatten().any(Numbers::is_real) {
            true => 16,
            false => 1,
        };
        Budget {
            boxes: options
                .boxes
                .unwrap_or_else(|| affordable(formula, precision) / share),
            points: options.points,
            bits: options.precision_limit,
        }
    }

    /// Decides the claim.
    pub fn decide(&self) -> Found {
        let choices = match &self.question {
            Question::Holds(choices) => choices,
            Question::Range(asked) => {
                let (number, smooth) = &**asked;
                let budget = self.budget(&number.formula);
                return Found::Range(range(
                    number,
                    smooth.as_ref(),
                    &self.space,
                    budget,
                    self.near(),
                ));
            }
        };
        let answer = |choice: &Choice| {
            let predicate = &choice.predicate;
            let budget = self.budget(&predicate.whole.formula);
            decide(predicate, &self.space, budget)
        };
        let mut worst: Option<(&Choice, Outcome)> = None;
        let (mut decided, mut first, mut all_proved) = (0, true, true);
        for batch in choices.chunks(BATCH) {
            let outcomes: Vec<Outcome> = batch.par_iter().map(answer).collect();
            for (choice, outcome) in batch.iter().zip(outcomes) {
                decided += 1;
                let proved = outcome.verdict == ClaimVerdict::Proved;
                let better = worst
                    .as_ref()
                    .is_none_or(|(_, known)| rank(outcome.verdict) > rank(known.verdict));
                if better {
                    first = all_proved;
                    worst = Some((choice, outcome));
                }
                all_proved &= proved;
            }
            if worst
                .as_ref()
                .is_some_and(|(_, outcome)| outcome.verdict == ClaimVerdict::Refuted)
            {
                break;
            }
        }
        let (choice, outcome) = worst.expect("there is one choice at least");
        Found::Verdict {
            outcome,
            precisions: choice.precisions.clone(),
            choices: decided,
            first,
        }
    }

    /// The formula, for the first choice of the variables of formats.
    pub fn formula(&self) -> &Formula {
        match &self.question {
            Question::Holds(choices) => &choices[0].predicate.whole.formula,
            Question::Range(asked) => &asked.0.formula,
        }
    }

    /// The format whose numbers a variable ranges over.
    pub fn format(&self, name: &str, claim: &Claim) -> Option<Format> {
        let quantified = claim.variables.iter().find(|known| known.name == name)?;
        match &quantified.over {
            Over::Floats(format, _) => Some(*format),
            _ => None,
        }
    }

    /// Each variable's value, in the order of the quantifiers.
    pub fn named<'a>(
        &self,
        claim: &Claim,
        point: &'a [Value],
        precisions: &[u32],
    ) -> Vec<(String, std::borrow::Cow<'a, Value>)> {
        use std::borrow::Cow;
        let value = |name: &String| {
            if let Some(at) = self.variables.iter().position(|known| known == name) {
                return point.get(at).map(Cow::Borrowed);
            }
            let at = self.precisions.iter().position(|known| known == name)?;
            let p = precisions.get(at)?;
            Some(Cow::Owned(Value::Exact(Rational::from(*p))))
        };
        let names = claim.variables.iter().map(|quantified| &quantified.name);
        names
            .filter_map(|name| Some((name.clone(), value(name)?)))
            .collect()
    }
}

/// What decides a claim for all choices of its precisions: the worst.
fn rank(verdict: ClaimVerdict) -> u8 {
    match verdict {
        ClaimVerdict::Proved => 0,
        ClaimVerdict::Undecided => 1,
        ClaimVerdict::Undefined => 2,
        ClaimVerdict::Refuted => 3,
    }
}

/// All cells: one piece of each axis.
fn product(pieces: &[Vec<Numbers>]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![Vec::new()];
    for axis in pieces {
        let with = |cell: &Cell| {
            let cell = cell.clone();
            axis.iter().map(move |numbers| {
                let mut cell = cell.clone();
                cell.push(numbers.clone());
                cell
            })
        };
        cells = cells.iter().flat_map(with).collect();
    }
    cells
}

/// All choices of the variables of formats, in order.
fn choices_of(ranges: &[(Integer, Integer)], claim: &Claim) -> Result<Vec<Vec<u32>>, Diagnostic> {
    let too_many = || {
        Diagnostic::new("the precisions of this claim are too many or too great")
            .at(claim.span)
            .help(format!(
                "at most {MAX_PRECISIONS} of {MAX_PRECISION_BITS} bits together can be tried"
            ))
    };
    let mut choices: Vec<Vec<u32>> = vec![Vec::new()];
    for (first, last) in ranges {
        let (Some(first), Some(last)) = (first.to_i64(), last.to_i64()) else {
            return Err(too_many());
        };
        let greatest = i64::from(crate::format::MAX_PRECISION);
        if first < 2 || last > greatest {
            return Err(Diagnostic::new(format!(
                "`mpfr:p` has precisions from 2 to {greatest}; these are {first} to {last}"
            ))
            .at(claim.span));
        }
        let count = (last - first) as u64 + 1;
        let all = count.saturating_mul(choices.len() as u64);
        if all > MAX_PRECISIONS || all.saturating_mul(last as u64) > MAX_PRECISION_BITS {
            return Err(too_many());
        }
        let with = |choice: &Vec<u32>| {
            let choice = choice.clone();
            (first as u32..=last as u32).map(move |p| {
                let mut choice = choice.clone();
                choice.push(p);
                choice
            })
        };
        choices = choices.iter().flat_map(with).collect();
    }
    Ok(choices)
}

/// The error for a variable without a value or a quantifier.
fn free(formula: &Formula, index: usize, name: &str, claim: &Claim) -> Diagnostic {
    let id = formula
        .ids()
        .find(|&id| formula.node(id).op == Op::Input(index as u32));
    let span = id.and_then(|id| formula.origin(id).spans.first().copied());
    // It may stand in a definition that the claim uses.
    let whole = claim.span;
    let inside = |span: &Span| {
        span.source == whole.source && whole.start <= span.start && span.end <= whole.end
    };
    Diagnostic::new(format!("`{name}` has neither a value nor a range"))
        .at(span.filter(inside).unwrap_or(whole))
        .help(format!(
            "write `where {name} = 0.5`, or `for {name} in [0, 1]`, or `for {name}` for all real numbers"
        ))
}
