//! An expression over a box: the range of a number, where a predicate holds. Both are
//! what claims ask with quantified variables.

use super::SCHEMA;
use super::compare::InputText;
use super::evidence::Lines;
use super::place::Place;
use super::stated::Stated;
use super::verdict::{How, Left, RangeText, Verified, Witness};
use super::verify::VerifyOptions;
use crate::formula::{Context, Diagnostic, Formula};
use crate::language::{Asked, Claim, ClaimVerdict, Definitions};
use serde::Serialize;

/// The most digits to which the range over a box is found.
pub const MAX_BOX_DIGITS: u32 = 1000;

/// The result of [`eval_over`].
#[derive(Clone, Debug, Serialize)]
pub struct BoxEvaluation {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The expression.
    pub formula: String,
    /// The budget for a point, in bits.
    pub precision_limit: u32,
    /// The values of variables, as they were given.
    pub inputs: Vec<InputText>,
    /// The intervals of the others.
    #[serde(rename = "box")]
    pub sides: Vec<InputText>,
    /// How the answer was found, or tried.
    pub how: How,
    /// The range of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<RangeText>,
    /// Where a predicate holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<HoldsOver>,
    /// A place without a value.
    pub undefined: Option<Witness>,
    /// Boxes about which nothing is known.
    pub left: Option<Left>,
    /// Why there is no answer, or none that is as good as was asked for.
    pub reason: Option<String>,
}

/// Where in a box a predicate holds.
#[derive(Clone, Debug, Serialize)]
pub struct HoldsOver {
    /// The answer, if there is one.
    pub answer: Option<Extent>,
    /// A place where it holds; none is named where it holds everywhere.
    pub true_at: Option<Witness>,
    /// A place where it fails.
    pub false_at: Option<Witness>,
}

/// In how much of a box a predicate holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// At each of its points.
    Everywhere,
    /// At some, not at others.
    Somewhere,
    /// At none.
    Nowhere,
}

impl BoxEvaluation {
    /// Whether there is an answer: two bounds, or where the predicate holds.
    pub fn is_certified(&self) -> bool {
        let bounded = |range: &RangeText| {
            range.tight || [&range.lower, &range.upper].iter().all(|b| b.is_finite())
        };
        match (&self.range, &self.holds) {
            _ if self.undefined.is_some() => false,
            (Some(range), _) => bounded(range),
            (None, Some(holds)) => holds.answer.is_some(),
            (None, None) => false,
        }
    }
}

/// Finds the range of an expression's exact value over a box, or where in it the
/// expression holds, if it is a predicate. `given` are those values and intervals that
/// must be used.
///
/// The bounds are rounded outward to the options' digits. They are tightened by
/// subdivision until each is as near to a value that is taken as these digits show, or
/// the budget is spent.
///
/// ```
/// use ulpscope::language::Definitions;
/// use ulpscope::study::{Place, VerifyOptions, eval_over};
///
/// let mut definitions = Definitions::new();
/// let place = Place::parse(&mut definitions, "x=[0, 1]", 10_000)?;
/// let options = VerifyOptions::default();
/// let result = eval_over(&mut definitions, "x - x^2", (&place, &place), &options)?;
/// let range = result.range.unwrap();
/// assert_eq!((&*range.lower.decimal, &*range.upper.decimal), ("0", "0.25"));
/// # Ok::<(), ulpscope::formula::Diagnostic>(())
/// ```
///
/// # Errors
/// Where the expression is not one, an input has neither a value nor an interval, or
/// what was given is not used.
pub fn eval_over(
    definitions: &mut Definitions,
    text: &str,
    (place, given): (&Place, &Place),
    options: &VerifyOptions,
) -> Result<BoxEvaluation, Diagnostic> {
    let source = definitions.formula("expression", text)?;
    let graph = source.inline(Context::Real)?;
    place.check_complete(&graph)?;
    given.check_used((&[&source], &[&graph]), definitions)?;
    let mut asker = Asker {
        definitions,
        text,
        place,
        graph: &graph,
        options,
    };
    let first = asker.ask(Asked::Itself)?;
    let mut result = BoxEvaluation {
        schema: SCHEMA,
        study: "eval",
        formula: text.trim().to_string(),
        precision_limit: options.precision_limit,
        inputs: place.inputs(&[&graph]),
        sides: place.side_texts(asker.definitions),
        how: first.how.clone(),
        range: None,
        holds: None,
        undefined: None,
        left: first.left.clone(),
        reason: first.reason.clone(),
    };
    if first.verdict == ClaimVerdict::Undefined {
        result.undefined = first.witness;
    } else if graph.is_predicate() {
        let second = match first.verdict {
            ClaimVerdict::Proved => None,
            _ => Some(asker.ask(Asked::Negation)?),
        };
        result.take(first, second);
    } else {
        result.range = first.range;
    }
    Ok(result)
}

impl BoxEvaluation {
    /// What verdicts on a predicate and on its negation say.
    fn take(&mut self, first: Verified, second: Option<Verified>) {
        let refuted = |of: &Verified| {
            let refuted = of.verdict == ClaimVerdict::Refuted;
            of.witness.clone().filter(|_| refuted)
        };
        let mut holds = HoldsOver {
            answer: None,
            true_at: second.as_ref().and_then(refuted),
            false_at: refuted(&first),
        };
        let second =
            second.map(|second| (second.verdict, second.how, second.reason, second.witness));
        holds.answer = match (first.verdict, second) {
            (ClaimVerdict::Proved, _) => Some(Extent::Everywhere),
            (_, Some((ClaimVerdict::Proved, how, ..))) => {
                self.how = how;
                Some(Extent::Nowhere)
            }
            (ClaimVerdict::Refuted, Some((ClaimVerdict::Refuted, ..))) => Some(Extent::Somewhere),
            (_, Some((ClaimVerdict::Undefined, how, reason, witness))) => {
                (self.how, self.reason, self.undefined) = (how, reason, witness);
                None
            }
            (ClaimVerdict::Refuted, Some((_, how, reason, _))) => {
                (self.how, self.reason) = (how, reason);
                None
            }
            _ => None,
        };
        if holds.answer.is_some() {
            (self.reason, self.left) = (None, None);
        }
        self.holds = Some(holds);
    }
}

/// An expression over a box, to be asked about.
pub(super) struct Asker<'a> {
    pub definitions: &'a mut Definitions,
    pub text: &'a str,
    pub place: &'a Place,
    /// The expression, inlined: its variables.
    pub graph: &'a Formula,
    pub options: &'a VerifyOptions,
}

impl Asker<'_> {
    /// Asks something of the exact expression.
    pub fn ask(&mut self, asked: Asked) -> Result<Verified, Diagnostic> {
        let sides = self.place.sides_of(self.graph);
        let claim = self
            .definitions
            .question("expression", self.text, asked, sides)?;
        self.decide_with(&claim, self.options)
    }

    /// Decides a claim on it.
    pub fn decide_with(
        &mut self,
        claim: &Claim,
        options: &VerifyOptions,
    ) -> Result<Verified, Diagnostic> {
        let stated = Stated::new(self.definitions, claim, &self.place.point, options)?;
        let found = stated.decide();
        let sources = self.definitions.sources();
        let lines = Lines::of(std::slice::from_ref(claim), sources);
        Ok(Verified::new(claim, &stated, found, (sources, &lines)))
    }
}
