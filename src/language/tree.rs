//! What the parser makes: names, expressions, statements.

use crate::format::{Format, Rounding};
use crate::formula::{ErrorUnit, Literal, Op, OpInfo, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// A name, by its index in [`Names`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Symbol(u32);

/// Every name met so far, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    list: Vec<Arc<str>>,
    index: HashMap<Arc<str>, Symbol>,
}

impl Names {
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&known) = self.index.get(name) {
            return known;
        }
        let symbol = Symbol(self.list.len() as u32);
        let name: Arc<str> = name.into();
        self.list.push(name.clone());
        self.index.insert(name, symbol);
        symbol
    }

    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.index.get(name).copied()
    }

    pub fn text(&self, symbol: Symbol) -> &Arc<str> {
        &self.list[symbol.0 as usize]
    }
}

/// An expression's index in its [`Tree`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ExprId(u32);

impl ExprId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an expression is, its operands aside.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Number(Arc<Literal>),
    Name(Symbol),
    /// A call of a built-in function.
    BuiltIn(&'static OpInfo),
    /// Another call; the span is that of the function's name.
    Call(Symbol, Span),
    /// An operator, `|…|`, `if`.
    Apply(Op),
    Implies,
    Iff,
    /// `e in [a, b]`, of e, a and b; says whether the ends are open.
    Within(bool, bool),
    /// `e ~ 2.41`, of e and the least and the greatest number near 2.41.
    Near,
    /// `isnan(e)`, `isinf(e)`.
    Test(Test),
    /// `fl(e, F)`.
    Fl(FormatName),
    /// `cast(e, F)`.
    Cast(FormatName),
    /// `rn(e, F)`, `rz`, `ru`, `rd`.
    Round(FormatName, Rounding),
    /// `relerr(e, F)` and its kin.
    Error(ErrorUnit, FormatName),
    /// `ulp(e, F)`.
    Ulp(FormatName),
    /// `d(e, v)`.
    Derivative(Named),
}

impl Shape {
    /// The format that a view names.
    pub fn format(&self) -> Option<FormatName> {
        match *self {
            Shape::Fl(name)
            | Shape::Cast(name)
            | Shape::Round(name, _)
            | Shape::Error(_, name)
            | Shape::Ulp(name) => Some(name),
            _ => None,
        }
    }
}

/// A format as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FormatName {
    /// By its name.
    Fixed(Format),
    /// `F`: the arithmetic of the row.
    Study,
    /// `mpfr:p`, with a claim's variable for the precision and its place.
    Precision(Symbol, Span),
}

/// Functions that ask what a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Test {
    Nan,
    Infinite,
}

impl Test {
    pub const ALL: [(&str, Test); 2] = [("isnan", Test::Nan), ("isinf", Test::Infinite)];

    pub fn find(name: &str) -> Option<Test> {
        let row = Test::ALL.iter().find(|(known, _)| *known == name);
        row.map(|&(_, test)| test)
    }

    pub fn name(self) -> &'static str {
        match self {
            Test::Nan => "isnan",
            Test::Infinite => "isinf",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub shape: Shape,
    pub span: Span,
    start: u32,
    len: u32,
}

/// One expression: its parts in a flat list, operands before users, the root
/// last. (The middle operand of `a < b < c` has two users.)
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    list: Vec<Expr>,
    operands: Vec<ExprId>,
}

impl Tree {
    pub fn push(&mut self, shape: Shape, operands: &[ExprId], span: Span) -> ExprId {
        let id = ExprId(self.list.len() as u32);
        self.list.push(Expr {
            shape,
            span,
            start: self.operands.len() as u32,
            len: operands.len() as u32,
        });
        self.operands.extend_from_slice(operands);
        id
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// What its expressions are.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.list.iter().map(|expr| &expr.shape)
    }

    /// The expression at an index.
    pub fn at(&self, index: usize) -> &Expr {
        &self.list[index]
    }

    pub fn get(&self, id: ExprId) -> &Expr {
        &self.list[id.index()]
    }

    pub fn operands(&self, expr: &Expr) -> &[ExprId] {
        &self.operands[expr.start as usize..(expr.start + expr.len) as usize]
    }

    pub fn root_id(&self) -> ExprId {
        ExprId(self.list.len() as u32 - 1)
    }

    pub fn root(&self) -> &Expr {
        self.list.last().expect("a tree has a root")
    }
}

/// A name where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub symbol: Symbol,
    pub span: Span,
}

/// One statement of a text of definitions, no claim.
#[derive(Clone, Debug)]
pub(super) enum Statement {
    /// `s = …`, or `f(x, y) = …`.
    Definition {
        name: Named,
        parameters: Option<Vec<Named>>,
        body: Tree,
    },
    /// `f'(x) = …`, or `d(f(x, y), y) = …`, whose `wrt` is 1.
    Derivative {
        function: Named,
        parameters: Vec<Named>,
        wrt: usize,
        body: Tree,
    },
}

/// The views that have a format for their second argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum View {
    Fl,
    Cast,
    Round(Rounding),
    Error(ErrorUnit),
    Ulp,
}

impl View {
    pub const ALL: [(&str, View); 11] = [
        ("fl", View::Fl),
        ("cast", View::Cast),
        ("rn", View::Round(Rounding::NearestEven)),
        ("rz", View::Round(Rounding::Zero)),
        ("ru", View::Round(Rounding::Up)),
        ("rd", View::Round(Rounding::Down)),
        ("abserr", View::Error(ErrorUnit::Absolute)),
        ("relerr", View::Error(ErrorUnit::Relative)),
        ("ulps", View::Error(ErrorUnit::Ulps)),
        ("bits", View::Error(ErrorUnit::Bits)),
        ("ulp", View::Ulp),
    ];

    pub fn find(name: &str) -> Option<View> {
        let row = View::ALL.iter().find(|(known, _)| *known == name);
        row.map(|&(_, view)| view)
    }
}
