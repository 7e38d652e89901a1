//! Formulas in several arithmetics over a box: for all floats in it at once.

use super::SCHEMA;
use super::compare::InputText;
use super::over_box::Asker;
use super::place::Place;
use super::verdict::{How, RangeText, Verified, Witness};
use super::verify::VerifyOptions;
use crate::format::Format;
use crate::formula::{Context, Diagnostic, ErrorUnit, Formula};
use crate::language::{Asked, ClaimVerdict, Definitions};
use serde::Serialize;

/// Blocks of floats are looked at for each range, unless it is told otherwise.
const BLOCKS: u64 = 1 << 16;

/// The least digits of the bounds of computed values.
const LEAST_DIGITS: u32 = 12;

/// The digits to which the bounds of errors should be known.
const ERROR_DIGITS: u32 = 4;

/// The result of [`compare_over`].
#[derive(Clone, Debug, Serialize)]
pub struct BoxComparison {
    /// The version of this shape.
    pub schema: u32,
    /// What was studied.
    pub study: &'static str,
    /// The budget for a point, in bits.
    pub precision_limit: u32,
    /// The values of variables, as they were given.
    pub inputs: Vec<InputText>,
    /// The intervals of the others.
    #[serde(rename = "box")]
    pub sides: Vec<InputText>,
    /// One entry for each formula, in order.
    pub formulas: Vec<ComparedOver>,
}

/// One formula in every arithmetic, over a box.
#[derive(Clone, Debug, Serialize)]
pub struct ComparedOver {
    /// The expression.
    pub formula: String,
    /// The range of its exact value over all real numbers of the box.
    pub exact: RangeOver,
    /// One row for each arithmetic, in order.
    pub rows: Vec<BoxRow>,
}

/// One formula in one arithmetic, for all floats of the format in a box.
#[derive(Clone, Debug, Serialize)]
pub struct BoxRow {
    /// The arithmetic's name.
    pub arithmetic: String,
    /// Its precision in bits.
    pub precision: u32,
    /// How many points of the box it has; ±0 count as one.
    pub points: Option<String>,
    /// The range of the computed value.
    pub computed: RangeOver,
    /// That of |computed − exact| / |exact|, both at the same floats.
    pub relative_error: RangeOver,
    /// That of |computed − exact| / ulp(exact).
    pub ulps: RangeOver,
}

/// The range of a number over a box, or why there is none.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RangeOver {
    /// The range, rounded outward.
    pub range: Option<RangeText>,
    /// A point without a value.
    pub undefined: Option<Witness>,
    /// Why there is no range, or none that is as narrow as was asked for.
    pub reason: Option<String>,
}

impl RangeOver {
    fn new(verified: Verified) -> Self {
        let undefined = verified.verdict == ClaimVerdict::Undefined;
        RangeOver {
            range: verified.range,
            undefined: verified.witness.filter(|_| undefined),
            reason: verified.reason,
        }
    }

    fn without(reason: impl Into<String>) -> Self {
        RangeOver {
            reason: Some(reason.into()),
            ..RangeOver::default()
        }
    }
}

/// Compares formulas in arithmetics over a box. `given` are those values and intervals
/// that must be used by some formula.
///
/// Of each arithmetic all floats in the box are taken, and the computed values are
/// bounded in blocks of consecutive floats, functions being rounded correctly. No
/// computed value lies outside of the bounds, and no error is greater than its upper
/// bound.
///
/// # Errors
/// Where an expression is not one, or is a truth value, an input has neither a value
/// nor an interval, or what was given is not used.
pub fn compare_over(
    definitions: &mut Definitions,
    texts: &[String],
    (place, given): (&Place, &Place),
    formats: &[Format],
    options: &VerifyOptions,
) -> Result<BoxComparison, Diagnostic> {
    let mut sources = Vec::with_capacity(texts.len());
    for text in texts {
        let source = definitions.formula("expression", text)?;
        if source.is_predicate() {
            let place = source.origin(source.root()).spans.first().copied();
            return Err(Diagnostic::new("this is a truth value, not a number")
                .at(place)
                .help("where it holds, `ulpscope eval` tells"));
        }
        sources.push(source);
    }
    let graphs: Vec<Formula> = sources
        .iter()
        .map(|source| source.inline(Context::Ambient))
        .collect::<Result<_, _>>()?;
    for graph in &graphs {
        place.check_complete(graph)?;
    }
    let sources: Vec<&Formula> = sources.iter().collect();
    let inlined: Vec<&Formula> = graphs.iter().collect();
    given.check_used((&sources, &inlined), definitions)?;
    let mut formulas = Vec::with_capacity(texts.len());
    for (text, graph) in texts.iter().zip(&graphs) {
        let mut asker = Asker {
            definitions,
            text,
            place,
            graph,
            options,
        };
        formulas.push(ComparedOver {
            formula: text.trim().to_string(),
            exact: RangeOver::new(asker.ask(Asked::Itself)?),
            rows: formats
                .iter()
                .map(|format| row(&mut asker, *format))
                .collect(),
        });
    }
    Ok(BoxComparison {
        schema: SCHEMA,
        study: "compare",
        precision_limit: options.precision_limit,
        inputs: place.inputs(&inlined),
        sides: place.side_texts(definitions),
        formulas,
    })
}

fn row(asker: &mut Asker<'_>, format: Format) -> BoxRow {
    let mut row = BoxRow {
        arithmetic: format.to_string(),
        precision: format.precision(),
        points: None,
        computed: RangeOver::without(format!("the numbers of {format} cannot be counted")),
        relative_error: RangeOver::default(),
        ulps: RangeOver::default(),
    };
    if format.is_mpfr() {
        return row;
    }
    // Enough that bounds which are tight are floats.
    let digits = (f64::from(format.precision()) * std::f64::consts::LOG10_2) as u32 + 3;
    let digits = digits.max(LEAST_DIGITS);
    let mut ask = |asked, digits| {
        let sides = asker.place.sides_of(asker.graph);
        let floats = sides.iter().map(|side| side.floats(format)).collect();
        let options = VerifyOptions {
            boxes: asker.options.boxes.or(Some(BLOCKS)),
            digits: Some(digits),
            ..*asker.options
        };
        let claim = asker
            .definitions
            .question("expression", asker.text, asked, floats)?;
        asker.decide_with(&claim, &options)
    };
    match ask(Asked::Computed(format), digits) {
        Ok(verified) => {
            row.points = match &verified.how {
                How::Floats { floats, .. } => Some(floats.clone()),
                How::Points { points, .. } => Some(points.clone()),
                _ => None,
            };
            row.computed = RangeOver::new(verified);
        }
        Err(why) => {
            row.computed = RangeOver::without(why.message);
            return row;
        }
    }
    let mut error = |unit| match ask(Asked::Error(unit, format), ERROR_DIGITS) {
        Ok(verified) => RangeOver::new(verified),
        Err(why) => RangeOver::without(why.message),
    };
    row.relative_error = error(ErrorUnit::Relative);
    row.ulps = error(ErrorUnit::Ulps);
    row
}
