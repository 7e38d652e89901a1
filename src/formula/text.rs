//! Formulas as text, in the language's own syntax.
//!
//! [`Formula::write`] writes a source graph so that reading it back gives the
//! same graph (equal nodes being one): a value that the user named stands by its
//! name, with a definition before it; so does, by a name made up, one that is
//! used twice or nested deep, so that the text is not longer than the graph.
//! [`Formula::describe`] writes one node for a person.

use super::*;
use crate::format::{Format, Rounding};
use std::collections::{HashMap, HashSet};

/// A text of more characters gets a definition of its own.
const MAX_LENGTH: usize = 300;

/// Likewise one that nests deeper.
const MAX_DEPTH: usize = 40;

/// A shared value of more operations than this, likewise.
const MAX_REPEATED: usize = 4;

/// How deep a description goes.
const DESCRIPTION_DEPTH: usize = 6;

/// A formula as definitions and an expression that uses them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// The user's own definitions that occur: names and right sides.
    pub named: Vec<(String, String)>,
    /// Definitions of shared and of long parts, in order, with names that the
    /// formula does not have.
    pub parts: Vec<(String, String)>,
    /// The expression.
    pub expression: String,
}

/// How strongly a piece of text binds, as in the parser's table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Binds {
    Choice,
    Iff,
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Operand,
}

/// A written node.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    binds: Binds,
    depth: usize,
    operations: usize,
}

impl Piece {
    fn operand(text: impl Into<String>) -> Piece {
        Piece {
            text: text.into(),
            binds: Binds::Operand,
            depth: 0,
            operations: 0,
        }
    }

    /// The text, in parentheses unless it binds at least so strongly.
    fn at_least(&self, binds: Binds) -> String {
        if self.binds >= binds {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }
}

impl Formula {
    /// The formula, a source graph, as text.
    ///
    /// # Errors
    /// Where a value of the arithmetic outside goes into an `fl`: the language
    /// computes all that stands inside in its format.
    pub fn write(&self) -> Result<Text, Diagnostic> {
        let mut uses = vec![0u32; self.nodes.len()];
        for id in self.ids() {
            for &operand in self.operands(id) {
                uses[operand.index()] += 1;
            }
        }
        let taken = self.taken();
        let mut listed: HashSet<&str> = HashSet::new();
        let mut named: Vec<(String, String)> = Vec::new();
        let mut known: HashMap<&str, String> = HashMap::new();
        let mut parts = Vec::new();
        let mut pieces: Vec<Piece> = Vec::with_capacity(self.nodes.len());
        let mut next = 0;
        for id in self.ids() {
            let mut piece = self.piece(id, &pieces)?;
            if id == self.root {
                pieces.push(piece);
                continue;
            }
            let used = uses[id.index()];
            // A name of the user's means the same text wherever it is computed.
            let own = self.origin(id).names.iter().find(|name| {
                let before = known.entry(name).or_insert_with(|| piece.text.clone());
                *before == piece.text
            });
            if let Some(own) = own {
                if listed.insert(own) {
                    named.push((own.clone(), piece.text));
                }
                piece = Piece::operand(own.as_str());
            } else if (used > 1 && piece.operations > MAX_REPEATED)
                || piece.depth > MAX_DEPTH
                || piece.text.len() > MAX_LENGTH
            {
                let name = loop {
                    next += 1;
                    let name = format!("t{next}");
                    if !taken.contains(name.as_str()) {
                        break name;
                    }
                };
                parts.push((name.clone(), piece.text));
                piece = Piece::operand(name);
            }
            pieces.push(piece);
        }
        Ok(Text {
            named,
            parts,
            expression: std::mem::take(&mut pieces[self.root.index()].text),
        })
    }

    /// The names that no part may have: those of this formula and of the bodies
    /// of its functions, and those that the sources define for others.
    fn taken(&self) -> HashSet<&str> {
        let mut taken: HashSet<&str> = HashSet::new();
        let mut seen = HashSet::new();
        let mut work = vec![self];
        while let Some(formula) = work.pop() {
            taken.extend(formula.inputs.iter().map(String::as_str));
            let names = formula.origins.iter().flat_map(|origin| &origin.names);
            taken.extend(names.map(String::as_str));
            for function in &formula.functions {
                if seen.insert(Arc::as_ptr(function)) {
                    taken.insert(function.name.as_str());
                    work.push(&function.body);
                }
            }
        }
        // A definition that is not used here would still be met again when the
        // text is read. Those texts come before the last one that is used.
        let spans = self.origins.iter().flat_map(|origin| &origin.spans);
        let last = spans.map(|span| span.source.0).max();
        for id in (0..=last.unwrap_or_default()).filter(|_| last.is_some()) {
            let text = self.sources.whole(SourceId(id));
            taken.extend(text.match_indices('t').map(|(start, _)| {
                let digits = text[start + 1..].find(|c: char| !c.is_ascii_digit());
                &text[start..digits.map_or(text.len(), |digits| start + 1 + digits)]
            }));
        }
        taken
    }

    /// One node of a source graph, its operands being written.
    fn piece(&self, id: NodeId, pieces: &[Piece]) -> Result<Piece, Diagnostic> {
        let node = self.node(id);
        let operands = self.operands(id);
        let inner = operands.first().map(|&operand| self.node(operand).context);
        let crosses = |operand: &NodeId| {
            let inside = match node.op {
                Op::Call(_) | Op::Error(..) | Op::Cause(..) => Context::Ambient,
                _ => node.context,
            };
            self.node(*operand).context != inside
        };
        let pieces: Vec<&Piece> = operands.iter().map(|o| &pieces[o.index()]).collect();
        match (&node.op, inner) {
            (Op::Convert, Some(inner)) if inner == node.context => Ok(pieces[0].clone()),
            (Op::Convert, Some(Context::Fixed(format))) => Ok(view("fl", pieces[0], &format)),
            _ if self.is_program(id) => Err(Diagnostic::new(
                "this formula cannot be written: a part of it is computed in a format of its own",
            )
            .at(self.origin(id).spans.first().copied())
            .help("only FPCore says so: (! :precision binary32 …)")),
            _ if node.op == Op::Convert || operands.iter().any(crosses) => {
                Err(Diagnostic::new(
                    "this formula cannot be written: a value of the arithmetic outside goes into an `fl`",
                )
                .at(self.origin(id).spans.first().copied())
                .help("differentiate inside of the `fl`: fl(d(e, x), F)"))
            }
            _ => Ok(self.compose(id, &pieces)),
        }
    }

    /// Whether a node or one of its operands is computed in a program's own format.
    fn is_program(&self, id: NodeId) -> bool {
        let program = |id: NodeId| matches!(self.node(id).context, Context::Program(_));
        program(id) || self.operands(id).iter().any(|operand| program(*operand))
    }

    /// The exponent of a power that was written above the line with a sign, x⁻²:
    /// that is a negative number, which x^-2 would not be.
    fn superscript(&self, power: NodeId) -> Option<String> {
        const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        let &[_, exponent] = self.operands(power) else {
            return None;
        };
        let Op::Literal(literal) = &self.node(exponent).op else {
            return None;
        };
        let digits = literal.text().strip_prefix('-')?;
        let above = |c: char| c.to_digit(10).map(|digit| DIGITS[digit as usize]);
        let digits: Option<String> = digits.chars().map(above).collect();
        digits.map(|digits| format!("⁻{digits}"))
    }

    /// A node from its operands' texts.
    fn compose(&self, id: NodeId, pieces: &[&Piece]) -> Piece {
        let op = &self.node(id).op;
        let (text, binds) = match (op, pieces) {
            (Op::Input(index), _) => (self.inputs[*index as usize].clone(), Binds::Operand),
            (Op::Parameter(index), _) => (format!("parameter {index}"), Binds::Operand),
            (Op::Literal(literal), _) => (literal.text().to_string(), Binds::Operand),
            (Op::Constant(constant), _) => (constant.name().to_string(), Binds::Operand),
            (Op::Neg, [a]) => (format!("-{}", a.at_least(Binds::Power)), Binds::Sign),
            (Op::Not, [a]) => (format!("not {}", a.at_least(Binds::Comparison)), Binds::Not),
            (Op::Add | Op::Sub, [a, b]) => infix(a, &format!(" {} ", op.name()), b, Binds::Sum),
            (Op::Mul | Op::Div, [a, b]) => infix(a, op.name(), b, Binds::Product),
            (Op::Pow, [a, _]) if self.superscript(id).is_some() => {
                let exponent = self.superscript(id).unwrap_or_default();
                let base = a.at_least(Binds::Operand);
                (format!("{base}{exponent}"), Binds::Power)
            }
            (Op::Pow, [a, b]) => (
                format!(
                    "{}^{}",
                    a.at_least(Binds::Operand),
                    b.at_least(Binds::Power)
                ),
                Binds::Power,
            ),
            (Op::Eq, [a, b]) if self.kind(self.operands(id)[0]) == Kind::Predicate => {
                infix(a, " iff ", b, Binds::Iff)
            }
            (Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne, [a, b]) => {
                let sides = [a.at_least(Binds::Sum), b.at_least(Binds::Sum)];
                (
                    format!("{} {} {}", sides[0], op.name(), sides[1]),
                    Binds::Comparison,
                )
            }
            (Op::And, [a, b]) => infix(a, " and ", b, Binds::And),
            (Op::Or, [a, b]) => infix(a, " or ", b, Binds::Or),
            (Op::Select, [c, a, b]) => (
                format!("if {} then {} else {}", c.text, a.text, b.text),
                Binds::Choice,
            ),
            (Op::Convert, [a]) => (a.text.clone(), a.binds),
            (Op::Cast(format), [a]) => return view("cast", a, format),
            (Op::Ulp(format), [a]) => return view("ulp", a, format),
            (Op::Round(format), [a]) => {
                let name = match format.rounding() {
                    Rounding::Zero => "rz",
                    Rounding::Up => "ru",
                    Rounding::Down => "rd",
                    Rounding::NearestEven | Rounding::NearestAway => "rn",
                };
                return view(name, a, &format.nearest());
            }
            (Op::Cause(cause, format, _), [a, ..]) => {
                let cause = cause.name();
                let text = format!("cause({}, {format}) == {cause}", a.text);
                (text, Binds::Comparison)
            }
            (Op::Error(unit, format), [a, ..]) => return view(unit.name(), a, format),
            (op, operands) => {
                let name = match op {
                    Op::Call(index) => &self.functions[*index as usize].name,
                    op => op.name(),
                };
                let texts: Vec<&str> = operands.iter().map(|piece| piece.text.as_str()).collect();
                (format!("{name}({})", texts.join(", ")), Binds::Operand)
            }
        };
        let depth = pieces.iter().map(|piece| piece.depth).max();
        Piece {
            text,
            binds,
            depth: depth.map_or(0, |depth| depth + 1),
            operations: pieces.iter().map(|piece| piece.operations).sum::<usize>()
                + usize::from(!op.is_leaf()),
        }
    }

    /// What to call a node of an inlined graph: the user's name for it, or its
    /// text where the user wrote it, or else what it does with its operands.
    ///
    /// ```
    /// use ulpscope::formula::Context;
    /// use ulpscope::language::Definitions;
    /// let formula = Definitions::new().formula("expression", "sigmoid(w*x)")?;
    /// let inlined = formula.inline(Context::Real)?;
    /// let texts: Vec<String> = inlined.ids().map(|id| inlined.describe(id)).collect();
    /// assert_eq!(texts[..4], ["x", "w", "w*x", "-(w*x)"]);
    /// assert_eq!(texts[4..], ["exp(-(w*x))", "1", "1 + exp(-(w*x))", "sigmoid(w*x)"]);
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    pub fn describe(&self, id: NodeId) -> String {
        self.description(id, 0, true).text
    }

    /// What a node with a name does with its operands; as [`Formula::describe`]
    /// for others.
    pub fn describe_body(&self, id: NodeId) -> String {
        self.description(id, 0, false).text
    }

    fn description(&self, id: NodeId, depth: usize, by_name: bool) -> Piece {
        let origin = self.origin(id);
        let op = &self.node(id).op;
        if let Op::Input(index) = op {
            return Piece::operand(self.inputs[*index as usize].as_str());
        }
        if let Some(name) = origin.names.first().filter(|_| by_name) {
            return Piece::operand(name.as_str());
        }
        if let Some(written) = origin.written {
            return Piece {
                text: shortened(self.sources.text(written.span)),
                binds: if written.call {
                    Binds::Operand
                } else {
                    self.binds(id)
                },
                depth: 0,
                operations: 0,
            };
        }
        if depth == DESCRIPTION_DEPTH && !op.is_leaf() {
            return Piece::operand("…");
        }
        let operands = self.operands(id).iter();
        let pieces: Vec<Piece> = operands
            .map(|&operand| self.description(operand, depth + 1, true))
            .collect();
        self.compose(id, &pieces.iter().collect::<Vec<_>>())
    }

    /// How strongly a node's text binds.
    fn binds(&self, id: NodeId) -> Binds {
        match self.node(id).op {
            Op::Convert => self.binds(self.operands(id)[0]),
            _ => {
                let blank = Piece::operand("");
                let pieces = vec![&blank; self.operands(id).len()];
                self.compose(id, &pieces).binds
            }
        }
    }
}

/// A text in one line, a long one without its middle.
fn shortened(text: &str) -> String {
    const END: usize = 200;
    let line = |text: &str| text.split_whitespace().collect::<Vec<&str>>().join(" ");
    if text.len() <= 2 * END + 8 {
        return line(text);
    }
    let head = text
        .char_indices()
        .nth(END)
        .map_or(text.len(), |(at, _)| at);
    let tail = text.char_indices().nth_back(END).map_or(0, |(at, _)| at);
    if head >= tail {
        return line(text);
    }
    format!("{}…{}", line(&text[..head]), line(&text[tail..]))
}

/// An operator that associates to the left.
fn infix(a: &Piece, operator: &str, b: &Piece, binds: Binds) -> (String, Binds) {
    let left = a.at_least(binds);
    // What binds more strongly; a sign would stand between two operators.
    let right = if b.binds > binds && b.binds != Binds::Sign {
        b.text.clone()
    } else {
        format!("({})", b.text)
    };
    (format!("{left}{operator}{right}"), binds)
}

fn view(name: &str, a: &Piece, format: &Format) -> Piece {
    Piece {
        text: format!("{name}({}, {format})", a.text),
        binds: Binds::Operand,
        depth: a.depth + 1,
        operations: a.operations + 1,
    }
}
