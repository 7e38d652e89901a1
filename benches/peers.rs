//! Correctly rounded values at many points, side by side with rival3, one core.
//!
//! `cargo bench --bench peers`; with `-- 1000`, at so many points.
//!
//! rival3 (the Herbie project's interval evaluator) is given the same formulas and
//! the same points. Both have their machines made once. What differs between the
//! two is counted, and should be nothing.

use rival::{Discretization, Expr, Ival, MachineBuilder};
use rug::Float;
use std::time::Instant;
use tabled::builder::Builder;
use tabled::settings::Style;
use ulpscope::arithmetic::real::RealInput;
use ulpscope::format::Format;
use ulpscope::formula::{Constant, Context, Formula, NodeId, Op};
use ulpscope::language::Definitions;
use ulpscope::truth::{DEFAULT_PRECISION_LIMIT, Rounder, Truth};

/// Each time is the best of so many.
const RUNS: usize = 3;

/// A generator of numbers: SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in the logarithm.
    fn log_between(&mut self, low: f64, high: f64) -> f64 {
        self.between(low.ln(), high.ln()).exp()
    }

    fn sign(&mut self) -> f64 {
        if self.next() & 1 == 0 { 1.0 } else { -1.0 }
    }
}

/// Which points a formula is evaluated at.
#[derive(Clone, Copy)]
enum Points {
    /// ±100.
    Uniform,
    /// 1e-30..1e30.
    Positive,
    /// ±1e-30..700.
    Both,
    /// 1..4.
    Near,
}

impl Points {
    fn of(self, count: usize, random: &mut Random) -> Vec<f64> {
        let one = |random: &mut Random| match self {
            Points::Uniform => random.between(-100.0, 100.0),
            Points::Positive => random.log_between(1e-30, 1e30),
            Points::Both => random.sign() * random.log_between(1e-30, 700.0),
            Points::Near => f64::from(random.between(1.0, 4.0) as f32),
        };
        (0..count).map(|_| one(random)).collect()
    }
}

/// A format for rival3.
#[derive(Clone)]
struct Target(Format);

impl Discretization for Target {
    fn target(&self) -> u32 {
        self.0.precision()
    }

    fn convert(&self, _: usize, value: &Float) -> Float {
        // One rounding from the bounds; subnormal numbers have fewer bits.
        match self.0.precision() {
            24 => Float::with_val(24, value.to_f32()),
            _ => Float::with_val(53, value.to_f64()),
        }
    }

    fn distance(&self, _: usize, low: &Float, high: &Float) -> usize {
        let place = |x: &Float| {
            let ordinal = match self.0.precision() {
                24 => i64::from(x.to_f32().abs().to_bits()),
                _ => x.to_f64().abs().to_bits() as i64,
            };
            if x.is_sign_negative() {
                -ordinal
            } else {
                ordinal
            }
        };
        place(low).abs_diff(place(high)) as usize
    }
}

/// A formula in rival3's terms, as a tree.
fn tree(formula: &Formula, id: NodeId) -> Expr {
    let operand = |index: usize| Box::new(tree(formula, formula.operands(id)[index]));
    match &formula.node(id).op {
        Op::Input(index) => Expr::Var(formula.inputs()[*index as usize].clone()),
        Op::Literal(literal) => Expr::Rational(literal.value().clone()),
        Op::Constant(Constant::Pi) => Expr::Pi,
        Op::Constant(Constant::E) => Expr::E,
        Op::Neg => Expr::Neg(operand(0)),
        Op::Add => Expr::Add(operand(0), operand(1)),
        Op::Sub => Expr::Sub(operand(0), operand(1)),
        Op::Mul => Expr::Mul(operand(0), operand(1)),
        Op::Div => Expr::Div(operand(0), operand(1)),
        Op::Pow => Expr::Pow(operand(0), operand(1)),
        Op::Abs => Expr::Fabs(operand(0)),
        Op::Sqrt => Expr::Sqrt(operand(0)),
        Op::Cbrt => Expr::Cbrt(operand(0)),
        Op::Exp => Expr::Exp(operand(0)),
        Op::Log => Expr::Log(operand(0)),
        Op::Log1p => Expr::Log1p(operand(0)),
        Op::Expm1 => Expr::Expm1(operand(0)),
        Op::Sin => Expr::Sin(operand(0)),
        Op::Cos => Expr::Cos(operand(0)),
        Op::Atan => Expr::Atan(operand(0)),
        Op::Tanh => Expr::Tanh(operand(0)),
        other => panic!("the bench has no {}", other.name()),
    }
}

/// A formula of so many operations on x.
fn random_formula(random: &mut Random, operations: usize) -> String {
    if operations == 0 {
        return match random.next() % 4 {
            0 => format!("{:.3}", random.between(0.1, 9.0)),
            _ => "x".to_string(),
        };
    }
    let unary = ["sqrt", "exp", "log1p", "sin", "cos", "atan", "tanh", "cbrt"];
    if random.next().is_multiple_of(3) {
        let name = unary[random.next() as usize % unary.len()];
        let inside = random_formula(random, operations - 1);
        return match name {
            "sqrt" | "log1p" => format!("{name}(abs({inside}))"),
            _ => format!("{name}({inside})"),
        };
    }
    let left = random.next() as usize % operations;
    let (a, b) = (
        random_formula(random, left),
        random_formula(random, operations - 1 - left),
    );
    let sign = ["+", "-", "*", "/"][random.next() as usize % 4];
    format!("({a} {sign} {b})")
}

/// The best time of several runs, in nanoseconds a point, with the last results.
fn best<T>(points: usize, mut run: impl FnMut() -> T) -> (f64, T) {
    let mut least = f64::INFINITY;
    let mut results = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        results = Some(run());
        least = least.min(start.elapsed().as_nanos() as f64 / points as f64);
    }
    (least, results.expect("it ran"))
}

fn ours(formula: &Formula, format: Format, points: &[f64]) -> (f64, Vec<Option<f64>>) {
    if format == Format::F32 {
        let mut rounder =
            Rounder::new(formula, &format, DEFAULT_PRECISION_LIMIT).expect("a narrow format");
        let (time, results) = best(points.len(), || {
            let mut results = vec![0.0; points.len()];
            let mut problems = Vec::new();
            rounder.round(&[points], &mut results, &mut problems);
            (results, problems)
        });
        let mut known: Vec<Option<f64>> = results.0.into_iter().map(Some).collect();
        for (index, _) in results.1 {
            known[index] = None;
        }
        return (time, known);
    }
    let mut truth = Truth::new(formula, vec![0.into()], DEFAULT_PRECISION_LIMIT).for_many_points();
    best(points.len(), || {
        let round = |&x: &f64| {
            let x = Float::with_val(53, x);
            truth.set_inputs([RealInput::Between(x.clone(), x)]);
            truth.rounded(&format).ok().map(|rounded| rounded.to_f64())
        };
        points.iter().map(round).collect()
    })
}

fn theirs(formula: &Formula, format: Format, points: &[f64]) -> (f64, Vec<Option<f64>>) {
    let expression = tree(formula, formula.root());
    let names = formula.inputs().to_vec();
    let mut machine = MachineBuilder::new(Target(format)).build(vec![expression], names);
    best(points.len(), || {
        let round = |&x: &f64| {
            let x = Float::with_val(53, x);
            let arguments = [Ival::from_lo_hi(x.clone(), x)];
            let result = machine.apply(&arguments, None, 12).ok()?;
            Some(Target(format).convert(0, result[0].lo()).to_f64())
        };
        points.iter().map(round).collect()
    })
}

fn main() {
    let mut count = std::env::args()
        .rev()
        .filter_map(|argument| argument.parse().ok());
    let count: usize = count.next().unwrap_or(100_000);
    let seed = 20_261;
    let mut random = Random(seed);
    let sigmoid = "1/(1 + exp(-x))";
    let gradient = "2*(1/(1 + exp(-x)) - 0)*(1/(1 + exp(-x)))*(1 - 1/(1 + exp(-x)))*62.5";
    let mut work: Vec<(String, Points, Format)> = vec![
        (sigmoid.to_string(), Points::Near, Format::F32),
        (gradient.to_string(), Points::Near, Format::F32),
        (sigmoid.to_string(), Points::Uniform, Format::F64),
        (gradient.to_string(), Points::Uniform, Format::F64),
        (
            "sqrt(x + 1) - sqrt(x)".to_string(),
            Points::Positive,
            Format::F64,
        ),
        ("(exp(x) - 1)/x".to_string(), Points::Both, Format::F64),
        (
            "(1 - cos(x))/x^2".to_string(),
            Points::Positive,
            Format::F64,
        ),
    ];
    while work.len() < 12 {
        let operations = 3 + random.next() as usize % 4;
        let text = random_formula(&mut random, operations);
        if text.contains('x') {
            work.push((text, Points::Uniform, Format::F64));
        }
    }
    println!("{count} points for each formula, seed {seed}, times in ns a point\n");
    let mut table = Builder::new();
    table.push_record([
        "formula",
        "format",
        "ulpscope",
        "rival3",
        "ratio",
        "differ",
        "open",
        "rival3's open",
    ]);
    for (text, kind, format) in work {
        let source = Definitions::new()
            .formula("bench", &text)
            .expect("a formula");
        let formula = source.inline(Context::Real).expect("a short one");
        let points = kind.of(count, &mut random);
        let (own_time, own) = ours(&formula, format, &points);
        let (time, other) = theirs(&formula, format, &points);
        let both = own.iter().zip(&other);
        // ±0 are one.
        let differ = both.filter(|(a, b)| matches!((a, b), (Some(a), Some(b)) if a != b));
        let open = |values: &[Option<f64>]| values.iter().filter(|x| x.is_none()).count();
        table.push_record([
            text,
            format.to_string(),
            format!("{own_time:.1}"),
            format!("{time:.0}"),
            format!("{:.1}", time / own_time),
            differ.count().to_string(),
            open(&own).to_string(),
            open(&other).to_string(),
        ]);
    }
    println!("{}", table.build().with(Style::markdown()));
}
