//! Claims: what is said about a formula, for which values of its variables.

use super::claim_parser::{ClaimTrees, OverTrees};
use super::interval::Interval;
use super::parser::Parser;
use super::resolve::Graph;
use super::scope::Locals;
use super::tree::{Named, Symbol, Tree};
use super::values::free_variable;
use super::{DefinitionId, Definitions, RangeEnd, Rows};
use crate::format::{Format, MAX_PRECISION};
use crate::formula::{Context, Diagnostic, Formula, Span};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is expected of a claim, or found about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimVerdict {
    /// It holds everywhere.
    Proved,
    /// It fails somewhere.
    Refuted,
    /// A limit was reached before either was shown.
    Undecided,
    /// It has no meaning somewhere.
    Undefined,
}

impl ClaimVerdict {
    pub(super) const ALL: [ClaimVerdict; 4] = [
        ClaimVerdict::Proved,
        ClaimVerdict::Refuted,
        ClaimVerdict::Undecided,
        ClaimVerdict::Undefined,
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            ClaimVerdict::Proved => "proved",
            ClaimVerdict::Refuted => "refuted",
            ClaimVerdict::Undecided => "undecided",
            ClaimVerdict::Undefined => "undefined",
        }
    }

    pub(super) fn find(word: &str) -> Option<ClaimVerdict> {
        let mut all = ClaimVerdict::ALL.into_iter();
        all.find(|verdict| verdict.word() == word)
    }
}

/// A predicate, or a number whose range is asked for, with its variables. It
/// belongs to the [`Definitions`] that read it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it is called.
    pub title: Option<String>,
    /// The verdict that it should have; proved, if none is stated.
    pub expected: ClaimVerdict,
    /// Whether that was stated.
    pub stated: bool,
    /// The body as it was written, without comments, white space folded.
    pub text: String,
    /// The body's place.
    pub span: Span,
    /// Whether it asks for the range of a number: `e in ?`.
    pub is_range: bool,
    /// The variables behind `for`, in order.
    pub variables: Vec<Quantified>,
    pub(super) body: Arc<Tree>,
    pub(super) locals: Locals,
    /// The variables that stand in a format `mpfr:p`, by index.
    pub(super) precisions: Vec<usize>,
}

/// A variable of a claim.
#[derive(Clone, Debug)]
pub struct Quantified {
    /// The variable.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// What it goes through.
    pub over: Over,
}

/// The numbers that a claim's variable goes through.
#[derive(Clone, Debug)]
pub enum Over {
    /// All real numbers, or those in an interval.
    Reals(Option<Bounds>),
    /// The finite numbers of a format that rounds to nearest even, or those in
    /// an interval; infinities where a closed end names them.
    Floats(Format, Option<Bounds>),
    /// The integers from one to another, both included. Nobody has checked
    /// that the ends are integers.
    Integers(RangeEnd, RangeEnd),
}

/// An interval. An end may be `inf`, or `-inf`.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The lower end.
    pub lo: RangeEnd,
    /// Whether it is left out.
    pub lo_open: bool,
    /// The upper end.
    pub hi: RangeEnd,
    /// Whether it is left out.
    pub hi_open: bool,
    /// From bracket to bracket.
    pub span: Span,
}

impl Claim {
    /// The integer variables that stand in a format `mpfr:p`, in the order of
    /// the quantifiers.
    pub fn precision_variables(&self) -> Vec<String> {
        let name = |&index: &usize| self.variables[index].name.clone();
        self.precisions.iter().map(name).collect()
    }
}

impl Definitions {
    /// Adds the definitions of a text, resolves them, and gives the claims of
    /// the text in order. A claim may use what is defined behind it.
    ///
    /// ```
    /// use ulpscope::language::{ClaimVerdict, Definitions};
    /// let text = "claim \"underflows\" refuted: fl(s, f64) == 0\ns = exp(-50)";
    /// let claims = Definitions::new().add_document("claims.ulp", text).unwrap();
    /// assert_eq!(claims[0].title.as_deref(), Some("underflows"));
    /// assert_eq!(claims[0].expected, ClaimVerdict::Refuted);
    /// assert_eq!(claims[0].text, "fl(s, f64) == 0");
    /// ```
    ///
    /// # Errors
    /// As [`Definitions::add`], [`Definitions::check`] and
    /// [`Definitions::claim`]. Where a claim is in error the definitions stay.
    pub fn add_document(
        &mut self,
        source_name: &str,
        text: &str,
    ) -> Result<Vec<Claim>, Diagnostic> {
        let claims = self.add_text(source_name, text, false)?;
        self.check()?;
        claims
            .into_iter()
            .map(|claim| self.make_claim(claim))
            .collect()
    }

    /// Reads one claim, with its head (`claim "title" refuted:`) or without.
    ///
    /// ```
    /// use ulpscope::language::{Definitions, Over};
    /// let mut definitions = Definitions::new();
    /// let claim = definitions.claim("-e", "a*x >= x for x in [0, 1] where a = 2");
    /// assert_eq!(claim.unwrap_err().message, "`where` stands before `for`");
    /// let claim = definitions.claim("-e", "a*x >= x where a = 2 for x in [0, 1]").unwrap();
    /// assert!(matches!(claim.variables[0].over, Over::Reals(Some(_))));
    /// ```
    ///
    /// # Errors
    /// Where the text has another form, the claim is no predicate (with `in ?`,
    /// no number), or the end of a range is no constant. (A variable that is
    /// neither behind `where` nor behind `for` may have a value from elsewhere.)
    pub fn claim(&mut self, source_name: &str, text: &str) -> Result<Claim, Diagnostic> {
        let source = self.source(source_name, text)?;
        let claim = Parser::new(text, source, &mut self.names)?.only_claim()?;
        self.check()?;
        self.make_claim(claim)
    }

    /// The source graph of a claim's predicate (with `in ?`, of its number) in
    /// the reals, with the given precisions for its precision variables.
    ///
    /// ```
    /// use ulpscope::language::Definitions;
    /// let mut definitions = Definitions::new();
    /// let claim = definitions.claim("-e", "fl(1/3, mpfr:p) < 1/3 for p in 2..9")?;
    /// assert_eq!(claim.precision_variables(), ["p"]);
    /// let formula = definitions.resolve_claim(&claim, &[("p".to_string(), 7)])?;
    /// assert!(formula.is_predicate());
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// Where a precision is missing or beyond what MPFR has, and where the
    /// definitions have changed such that the claim has no meaning any more.
    pub fn resolve_claim(
        &mut self,
        claim: &Claim,
        precisions: &[(String, u32)],
    ) -> Result<Formula, Diagnostic> {
        let mut formats = HashMap::with_capacity(claim.precisions.len());
        for &index in &claim.precisions {
            let Quantified { name, span, .. } = &claim.variables[index];
            let given = precisions.iter().find(|(known, _)| known == name);
            let Some(&(_, bits)) = given else {
                let message = format!("the precision `{name}` has no value");
                return Err(Diagnostic::new(message).at(*span));
            };
            let format = Format::mpfr(bits).ok_or_else(|| {
                Diagnostic::new(format!("{bits} is no precision for mpfr"))
                    .at(*span)
                    .help(format!("whole bits from 2 to {MAX_PRECISION}"))
            })?;
            formats.insert(claim.locals.variables[index], format);
        }
        self.in_claim(&claim.locals, formats, |definitions, _| {
            definitions.graph_of(claim.body.clone(), Context::Real, Rows::None)
        })
    }

    /// Variables that go through the floats of a format, or those in an interval:
    /// `z=f32, y : f16 in [0, 1]`. Without a format it is an interval.
    ///
    /// ```
    /// use ulpscope::language::{Definitions, Over};
    /// let sets = Definitions::new().sets("--over", "x=f16, y=f32 in [1, 4]").unwrap();
    /// assert!(matches!(sets[0].over, Over::Floats(_, None)));
    /// assert!(matches!(sets[1].over, Over::Floats(_, Some(_))));
    /// ```
    ///
    /// # Errors
    /// Where the text has another form, a format is none that can be counted, or
    /// an end is no constant.
    pub fn sets(&mut self, source_name: &str, text: &str) -> Result<Vec<Quantified>, Diagnostic> {
        let source = self.source(source_name, text)?;
        let sets = Parser::new(text, source, &mut self.names)?.sets()?;
        self.check()?;
        let locals = Locals {
            values: Vec::new(),
            variables: Vec::new(),
        };
        self.in_claim(&locals, HashMap::new(), |definitions, _| {
            let variable = |(name, over): (Named, OverTrees)| {
                Ok(Quantified {
                    name: definitions.names.text(name.symbol).to_string(),
                    span: name.span,
                    over: definitions.over(over, &locals)?,
                })
            };
            sets.into_iter().map(variable).collect()
        })
    }

    /// Resolves a claim once, for the errors that it may have.
    fn make_claim(&mut self, trees: ClaimTrees) -> Result<Claim, Diagnostic> {
        let ClaimTrees {
            title,
            verdict,
            span,
            body,
            is_range,
            values,
            variables,
            precisions,
        } = trees;
        let body = Arc::new(body);
        let shared = values
            .into_iter()
            .map(|(name, tree)| (name, Arc::new(tree)));
        let locals = Locals {
            values: shared.collect(),
            variables: variables.iter().map(|(name, _)| name.symbol).collect(),
        };
        let stand_ins = precisions.iter().map(|&symbol| (symbol, Format::F64));
        self.in_claim(&locals, stand_ins.collect(), |definitions, ids| {
            let formula = definitions.graph_of(body.clone(), Context::Real, Rows::None)?;
            check_kind(&formula, is_range, body.root().span)?;
            definitions.check_values(ids)
        })?;
        let variables = self.in_claim(&locals, HashMap::new(), |definitions, _| {
            let variable = |(name, over): (Named, OverTrees)| {
                Ok(Quantified {
                    name: definitions.names.text(name.symbol).to_string(),
                    span: name.span,
                    over: definitions.over(over, &locals)?,
                })
            };
            variables
                .into_iter()
                .map(variable)
                .collect::<Result<Vec<_>, Diagnostic>>()
        })?;
        let named: HashSet<Symbol> = precisions.into_iter().collect();
        let symbols = locals.variables.iter().enumerate();
        Ok(Claim {
            title,
            expected: verdict.unwrap_or(ClaimVerdict::Proved),
            stated: verdict.is_some(),
            text: folded(self.sources.text(span)),
            span,
            is_range,
            variables,
            body,
            precisions: symbols
                .filter(|(_, symbol)| named.contains(symbol))
                .map(|(index, _)| index)
                .collect(),
            locals,
        })
    }

    /// Resolves the values behind `where`, whether they are used or not.
    fn check_values(&mut self, ids: &[DefinitionId]) -> Result<(), Diagnostic> {
        let mut graph = Graph::new(self, &[], 0);
        for &id in ids {
            if !graph.values.contains_key(&(id, Context::Real)) {
                let body = graph.definitions.list[id.index()].body.clone();
                graph.definitions.enter(id);
                graph.expression_in(body, Some(id), Context::Real, false)?;
            }
        }
        graph.check_absent()
    }

    fn over(&mut self, over: OverTrees, locals: &Locals) -> Result<Over, Diagnostic> {
        Ok(match over {
            OverTrees::Reals(None) => Over::Reals(None),
            OverTrees::Reals(Some(interval)) => Over::Reals(Some(self.bounds(interval, locals)?)),
            OverTrees::Floats(format, None) => Over::Floats(format, None),
            OverTrees::Floats(format, Some(interval)) => {
                Over::Floats(format, Some(self.bounds(interval, locals)?))
            }
            OverTrees::Integers(from, to) => {
                Over::Integers(self.range_end(from, locals)?, self.range_end(to, locals)?)
            }
        })
    }

    pub(super) fn bounds(
        &mut self,
        interval: Interval<Tree>,
        locals: &Locals,
    ) -> Result<Bounds, Diagnostic> {
        Ok(Bounds {
            lo: self.range_end(interval.lo, locals)?,
            lo_open: interval.lo_open,
            hi: self.range_end(interval.hi, locals)?,
            hi_open: interval.hi_open,
            span: interval.span,
        })
    }

    fn range_end(&mut self, tree: Tree, locals: &Locals) -> Result<RangeEnd, Diagnostic> {
        let span = tree.root().span;
        let value = self.graph_of(Arc::new(tree), Context::Ambient, Rows::None)?;
        if value.is_predicate() {
            let message = "the end of a range is a number; this is a predicate";
            return Err(Diagnostic::new(message).at(span));
        }
        let Some((name, place)) = free_variable(&value, &|_| false) else {
            return Ok(RangeEnd { value, span });
        };
        let mut variables = locals.variables.iter();
        let message = if variables.any(|&symbol| &**self.names.text(symbol) == name) {
            format!("the end of a range is a constant; `{name}` is a variable of the claim")
        } else {
            format!("the end of a range is a constant; `{name}` has no value")
        };
        let inside = |place: &Span| {
            place.source == span.source && span.start <= place.start && place.end <= span.end
        };
        Err(Diagnostic::new(message)
            .at(place.filter(inside).unwrap_or(span))
            .help("write a number; values may have names behind `where`"))
    }
}

fn check_kind(formula: &Formula, is_range: bool, span: Span) -> Result<(), Diagnostic> {
    match (formula.is_predicate(), is_range) {
        (true, true) => Err(Diagnostic::new(
            "`in ?` asks for the range of a number; this is a predicate, true or false",
        )
        .at(span)),
        (false, false) => Err(Diagnostic::new(
            "a claim is a predicate, true or false; this is a number",
        )
        .at(span)
        .help("compare it with something, as in x < 1; `x in ?` asks for its range")),
        _ => Ok(()),
    }
}

/// A piece of a text without comments and with single spaces.
pub(super) fn folded(text: &str) -> String {
    let code = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or(""));
    let mut folded = String::with_capacity(text.len());
    for word in code.flat_map(str::split_whitespace) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}
