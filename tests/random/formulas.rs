//! Formulas of the whole language, drawn, and how they are written and read.

use crate::random::SplitMix;
use ulpscope::formula::{Context, Formula, OPS, Op, Text};
use ulpscope::language::{Definitions, Rows};

/// The definitions that drawn formulas use.
pub const DEFINITIONS: &str = "
    f(x) = x + 1
    g(x, y) = (if x < y then x else y*w) + f(x)
    h(x) = fl(x*x + 1, f16) + x/t1
    k(x, y, z) = g(f(x), h(z*y)) - fma(x, y, z)
    sq(x) = x^2
    sq'(x) = 2*x
    big(x) = x > 9
    s = x*y - sin(z)
    r = s^2 + f(s)
    long = exp(x + cos(y)) - log(x^2 + 1)*(r - s/(1 + x))
    ok = s < r or x > 1
    t2 = 5
    t3 = t2 + x
";

const FORMATS: &[&str] = &[
    "f16",
    "f32",
    "f64",
    "bf16",
    "mpfr:30",
    "f16/rz+ftz",
    "e5m3",
    "f8e4m3fn/sat",
    "f32/ru",
    "f16@f32",
];

/// The seed, or another one from ULPSCOPE_SEED.
#[allow(dead_code, reason = "some tests have many seeds")]
pub fn seed(own: u64) -> u64 {
    std::env::var("ULPSCOPE_SEED").map_or(own, |seed| seed.parse().expect("a number"))
}

/// Definitions of the user's own, and the prelude's.
pub fn define(text: &str) -> Definitions {
    let mut known = Definitions::new();
    known.add("definitions", text).unwrap();
    known
}

/// Reads what was written, with the same definitions.
pub fn read(known: &Definitions, text: &Text, context: Context) -> Formula {
    let mut known = known.clone();
    let parts = text.parts.iter();
    let parts: String = parts
        .map(|(name, part)| format!("{name} = {part}\n"))
        .collect();
    let added = known.add("parts", &parts);
    added.unwrap_or_else(|error| panic!("{error} in {text:?}"));
    let expression = known.expression("written", &text.expression);
    let expression = expression.unwrap_or_else(|error| panic!("{error} in {text:?}"));
    known.resolve(&expression, context, Rows::None).unwrap()
}

/// Whether two formulas, inlined, are one graph: as many nodes, each with the
/// same operation, context and operands.
pub fn is_same(a: &Formula, b: &Formula, context: Context) -> bool {
    let [a, b] = [a, b].map(|formula| formula.inline(context).unwrap());
    a.nodes().len() == b.nodes().len() && a.is_same(&b).unwrap()
}

/// The names of all functions of so many arguments: built in, and the prelude's.
fn functions(arguments: usize) -> Vec<&'static str> {
    let prelude = include_str!("../../src/language/prelude.ulp");
    let own = prelude.lines().filter_map(|line| {
        let (name, rest) = line.split_once('(')?;
        let (parameters, _) = rest.split_once(") = ")?;
        let fits = parameters.split(',').count() == arguments;
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (fits && is_name).then_some(name)
    });
    // The order of polygamma is a whole number.
    let built_in = OPS.iter().filter(|info| {
        let is_function = Op::function(info.name).is_some_and(|known| known.op == info.op);
        is_function && info.op != Op::Polygamma && info.arity == arguments
    });
    built_in.map(|info| info.name).chain(own).collect()
}

/// An expression of the whole language, drawn.
pub struct Source {
    pub random: SplitMix,
    /// Whether `fl` and `cast` occur.
    pub views: bool,
    /// Whether it is exact outside of views, so that rn and relerr may stand
    /// there.
    pub real: bool,
    functions: [Vec<&'static str>; 3],
}

impl Source {
    pub fn new(random: SplitMix, real: bool) -> Source {
        let own: [&[&str]; 3] = [&["f", "h", "sq"], &["g"], &["k"]];
        let known = |arguments: usize| [own[arguments - 1], &functions(arguments)].concat();
        Source {
            random,
            views: true,
            real,
            functions: [known(1), known(2), known(3)],
        }
    }

    /// The same without views, in the expression and in what it calls.
    #[allow(dead_code, reason = "not every test asks")]
    pub fn without_views(random: SplitMix) -> Source {
        let mut source = Source::new(random, false);
        source.views = false;
        source.functions[0].retain(|name| *name != "h");
        source.functions[2].retain(|name| *name != "k");
        source
    }

    pub fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        self.random.pick(list)
    }

    /// A number, or where `real` a real one, of operations so deep.
    pub fn number(&mut self, depth: usize, real: bool) -> String {
        if depth == 0 {
            let leaf = [
                "x", "y", "z", "w", "pi", "e", "2", "0.5", "57%", "0x1.8p3", "1e-400", "s", "r",
                "long", "t3", "1e3", "x1",
            ];
            return self.pick(&leaf).into();
        }
        let depth = depth - 1;
        let a = self.number(depth, real);
        match self.random.next() % 20 {
            0 | 1 => format!(
                "({a}) {} ({})",
                self.pick(&["+", "-"]),
                self.number(depth, real)
            ),
            2 | 3 => format!(
                "({a}){}({})",
                self.pick(&["*", "/"]),
                self.number(depth, real)
            ),
            4 => format!("({a})^({})", self.number(depth, real)),
            5 => format!(
                "({a}){}",
                self.pick(&["²", "⁻³", "⁻¹⁰", "^-3", "^0", "**2"])
            ),
            6 => format!("-({a})"),
            7 => format!("|{a}|"),
            8 | 9 => {
                let b = self.number(depth, real);
                let c = self.predicate(depth, real);
                format!("(if {c} then {a} else {b})")
            }
            10..13 => format!("{}({a})", self.function(1)),
            13 => {
                let f = self.function(2);
                format!("{f}({a}, {})", self.number(depth, real))
            }
            14 => {
                let f = self.function(3);
                let (b, c) = (self.number(depth, real), self.number(depth, real));
                format!("{f}({a}, {b}, {c})")
            }
            15 if depth == 0 => format!("polygamma({}, {a})", self.pick(&["0", "1", "2", "7"])),
            16 if self.views => {
                let inside = self.number(depth, false);
                format!("fl({inside}, {})", self.pick(FORMATS))
            }
            17 if self.views => format!("cast({a}, {})", self.pick(&["f16", "f32/rz", "bf16"])),
            18 if real => {
                let view = self.pick(&["rn", "rz", "ru", "rd", "ulp"]);
                format!("{view}({a}, {})", self.pick(&["f16", "f32", "mpfr:9"]))
            }
            19 if real => {
                let view = self.pick(&["relerr", "abserr", "ulps", "bits"]);
                let inside = self.number(depth, false);
                let format = if view == "bits" { "f16" } else { "f32" };
                format!("{view}({inside}, {format})")
            }
            _ => a,
        }
    }

    fn function(&mut self, arguments: usize) -> &'static str {
        self.random.pick(&self.functions[arguments - 1])
    }

    /// A predicate, of operations so deep.
    pub fn predicate(&mut self, depth: usize, real: bool) -> String {
        if depth == 0 {
            return self.pick(&["x < y", "ok", "big(z)", "z == 1"]).into();
        }
        let depth = depth - 1;
        match self.random.next() % 7 {
            0 => {
                let op = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!(
                    "({}) {op} ({})",
                    self.number(depth, real),
                    self.number(depth, real)
                )
            }
            1 => format!("not ({})", self.predicate(depth, real)),
            2 if self.views => format!("fl({}, f32)", self.predicate(depth, false)),
            3 => format!(
                "{} < ({}) <= y",
                self.pick(&["x", "s"]),
                self.number(depth, real)
            ),
            4 if real => {
                let cause = self.pick(&["overflow", "absorbed", "cancelled", "rounded", "exact"]);
                let inside = self.number(depth, false);
                format!("cause(-({inside}), {}) == {cause}", self.pick(FORMATS))
            }
            _ => {
                let op = self.pick(&["and", "or", "implies", "iff"]);
                format!(
                    "({}) {op} ({})",
                    self.predicate(depth, real),
                    self.predicate(depth, real)
                )
            }
        }
    }
}
