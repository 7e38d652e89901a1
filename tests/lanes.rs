//! Certified lanes against MPFR at 400 bits and against exact rationals, at every
//! level of vector instructions that this machine has.

mod random;

use random::SplitMix;
use rug::{Float, Rational};
use std::cmp::Ordering;
use ulpscope::arithmetic::emulated::Input;
use ulpscope::arithmetic::lanes::{
    Bounds, Enclosures, InLanes, LANES, Level, NativeLanes, enclose,
};
use ulpscope::arithmetic::native::Libm;
use ulpscope::arithmetic::real::RealInput;
use ulpscope::evaluate::{Engine, Machine, compute, engine};
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula, OPS, Op};
use ulpscope::language::Definitions;
use ulpscope::truth::{Rounder, Truth};

const SEED: u64 = 0x1a7e5;

fn formula(text: &str, ambient: Context) -> Formula {
    let source = Definitions::new().formula("test", text).unwrap();
    source.inline(ambient).unwrap()
}

/// Numbers at which something may go wrong.
const CORNERS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    3.0,
    -2.5,
    1e-300,
    -1e300,
    f64::MIN_POSITIVE,
    5e-324,
    f64::MAX,
    f64::MIN,
    0.1,
    std::f64::consts::PI,
    std::f64::consts::FRAC_PI_2,
    1.4616321449683622,
    709.78,
    -745.1,
    1e22,
    1.0000000000000002,
    0.9999999999999999,
];

fn number(random: &mut SplitMix) -> f64 {
    let bits = random.next();
    match bits % 8 {
        0 => CORNERS[(random.next() % CORNERS.len() as u64) as usize],
        1 => (random.next() % 41) as f64 - 20.0,
        // Short numbers, whose sums and products are often exact.
        2 | 3 => f64::from(((random.next() % 4096) as f32 - 2048.0) / 64.0),
        4 => f64::from_bits(random.next()),
        _ => {
            let size = (random.next() % 4000) as f64 / 100.0 - 20.0;
            let sign = if bits & 16 == 0 { 1.0 } else { -1.0 };
            sign * (1.0 + (random.next() >> 12) as f64 / (1_u64 << 52) as f64) * size.exp2()
        }
    }
}

fn finite(random: &mut SplitMix) -> f64 {
    loop {
        let x = number(random);
        if x.is_finite() {
            return x;
        }
    }
}

/// A point, or a range of one ulp, of a few or of a wide one.
fn range(random: &mut SplitMix) -> (f64, f64) {
    let x = finite(random);
    let y = match random.next() % 5 {
        0 | 1 => x,
        2 => x.next_up(),
        3 => x + x.abs() * 1e-9,
        _ => finite(random),
    };
    let (lo, hi) = if x <= y { (x, y) } else { (y, x) };
    if hi.is_finite() { (lo, hi) } else { (x, x) }
}

/// A number in a range: an end, or one between.
fn inside((lo, hi): (f64, f64), random: &mut SplitMix) -> f64 {
    match random.next() % 4 {
        0 => lo,
        1 => hi,
        _ => {
            let part = (random.next() >> 11) as f64 / (1_u64 << 53) as f64;
            (lo + (hi / 2.0 - lo / 2.0) * 2.0 * part).clamp(lo, hi)
        }
    }
}

fn bounds(ranges: &[(f64, f64)]) -> Bounds {
    let mut bounds = Bounds::unknown();
    for (lane, &(lo, hi)) in ranges.iter().enumerate() {
        bounds.set(lane, lo, hi);
    }
    bounds.find_points();
    bounds
}

/// What is known at 400 bits.
#[derive(Debug)]
enum Precise {
    Between(Float, Float),
    Undefined,
    /// Beyond MPFR's exponents, or too costly.
    Unknown,
}

/// What a formula makes of numbers, enclosed at 400 bits.
fn precisely(text: &Formula, x: &[f64]) -> Precise {
    let inputs = x.iter().map(|&x| {
        let x = Float::with_val(53, x);
        RealInput::Between(x.clone(), x)
    });
    let mut truth = Truth::over(text, inputs.collect(), 1000);
    truth.expect(368, 0);
    let value = truth.value();
    let enclosure = value.enclosure();
    if value.special().is_some() || enclosure.is_never() {
        Precise::Undefined
    } else if enclosure.is_surely() {
        Precise::Between(enclosure.lo().clone(), enclosure.hi().clone())
    } else {
        Precise::Unknown
    }
}

/// Whether bounds in binary64 contradict those at 400 bits.
fn contradicts(lane: (f64, f64), precise: &Precise) -> bool {
    if lane.0.is_nan() || lane.1.is_nan() {
        return false;
    }
    match precise {
        // The lane says that there is a value.
        Precise::Undefined => true,
        Precise::Between(lo, hi) => *hi < lane.0 || *lo > lane.1,
        Precise::Unknown => false,
    }
}

fn text_of(op: &Op) -> (String, usize) {
    let info = OPS.iter().find(|info| info.op == *op).unwrap();
    let names = ["x", "y", "z"];
    let arguments = names[..info.arity].join(", ");
    let text = match (op, info.arity) {
        (Op::Neg, _) => "-x".to_string(),
        (Op::Not, _) => "if not x != 0 then 1 else 0".to_string(),
        (Op::And, _) => "if x != 0 and y != 0 then 1 else 0".to_string(),
        (Op::Or, _) => "if x != 0 or y != 0 then 1 else 0".to_string(),
        (Op::Select, _) => "if x != 0 then y else z".to_string(),
        _ if Op::function(info.name).is_some() => format!("{}({arguments})", info.name),
        (Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne, _) => {
            format!("if x {} y then 1 else 0", info.name)
        }
        _ => format!("x {} y", info.name),
    };
    (text, info.arity)
}

/// Every operation, on points and ranges, against 400 bits at points inside.
fn each_operation(rounds: usize) {
    let mut random = SplitMix(SEED);
    let mut told = 0_u64;
    let mut all = 0_u64;
    for info in OPS.iter().filter(|info| info.op != Op::Polygamma) {
        let (text, arity) = text_of(&info.op);
        let exact = formula(&text, Context::Real);
        let order = exact.inputs().to_vec();
        for _ in 0..rounds {
            let truth_value = matches!(info.op, Op::And | Op::Or | Op::Not);
            let operand = |index: usize, random: &mut SplitMix| -> Vec<(f64, f64)> {
                let one = |_| {
                    if truth_value || (info.op == Op::Select && index == 0) {
                        return [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0)][random.next() as usize % 3];
                    }
                    range(random)
                };
                (0..LANES).map(one).collect()
            };
            let mut operands: Vec<Vec<(f64, f64)>> = (0..arity)
                .map(|index| operand(index, &mut random))
                .collect();
            // Half of the time all lanes are points, which have loops of their own.
            if random.next().is_multiple_of(2) {
                for x in operands.iter_mut().flatten() {
                    x.1 = x.0;
                }
            }
            let lanes: Vec<Bounds> = operands.iter().map(|x| bounds(x)).collect();
            let references: Vec<&Bounds> = lanes.iter().collect();
            for level in Level::all() {
                let mut result = Bounds::unknown();
                enclose(level, &info.op, &references, &mut result);
                for lane in (0..LANES).step_by(7) {
                    let x: Vec<f64> = operands
                        .iter()
                        .map(|operand| inside(operand[lane], &mut random))
                        .collect();
                    // A predicate's range is 0 or 1, nothing between.
                    let x: Vec<f64> = match truth_value || info.op == Op::Select {
                        true => std::iter::once(x[0].round())
                            .chain(
                                x[1..]
                                    .iter()
                                    .map(|&x| if truth_value { x.round() } else { x }),
                            )
                            .collect(),
                        false => x,
                    };
                    let names = ["x", "y", "z"];
                    let point: Vec<f64> = order
                        .iter()
                        .map(|name| x[names.iter().position(|own| own == name).unwrap()])
                        .collect();
                    let found = (result.lo[lane], result.hi[lane]);
                    let precise = precisely(&exact, &point);
                    assert!(
                        !contradicts(found, &precise),
                        "seed {SEED:#x}, {level:?}: {} of {x:?} in {:?}: lanes {found:?}, 400 bits {precise:?}",
                        info.name,
                        operands.iter().map(|x| x[lane]).collect::<Vec<_>>()
                    );
                    all += 1;
                    told += u64::from(!found.0.is_nan());
                }
            }
        }
    }
    // Lanes that never say anything would be right too.
    assert!(told * 3 > all, "{told} of {all}");
}

#[test]
fn every_operation_encloses_its_results() {
    each_operation(12);
}

/// The basic operations against exact rationals, with no other arithmetic between.
#[test]
fn basic_operations_enclose_rationals() {
    let mut random = SplitMix(SEED + 1);
    for op in [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Fma, Op::Sqrt] {
        for round in 0..40 {
            let ranges: Vec<Vec<(f64, f64)>> = (0..3)
                .map(|_| {
                    let one = |_| {
                        let (lo, hi) = range(&mut random);
                        if round % 2 == 0 { (lo, lo) } else { (lo, hi) }
                    };
                    (0..LANES).map(one).collect()
                })
                .collect();
            let operands: Vec<Bounds> = ranges.iter().map(|x| bounds(x)).collect();
            let operands: Vec<&Bounds> = operands.iter().collect();
            let rational = |x: f64| Rational::from_f64(x).unwrap();
            for level in Level::all() {
                let mut result = Bounds::unknown();
                enclose(level, &op, &operands, &mut result);
                for (lane, (&lo, &hi)) in result.lo.iter().zip(&result.hi).enumerate() {
                    if lo.is_nan() || hi.is_nan() {
                        continue;
                    }
                    let x =
                        |i: usize, random: &mut SplitMix| rational(inside(ranges[i][lane], random));
                    let (a, b, c) = (x(0, &mut random), x(1, &mut random), x(2, &mut random));
                    let within = |value: &Rational| {
                        let above = lo == f64::NEG_INFINITY || *value >= rational(lo);
                        let below = hi == f64::INFINITY || *value <= rational(hi);
                        above && below
                    };
                    let holds = match op {
                        Op::Add => within(&(a.clone() + &b)),
                        Op::Sub => within(&(a.clone() - &b)),
                        Op::Mul => within(&(a.clone() * &b)),
                        Op::Div => within(&(a.clone() / &b)),
                        Op::Fma => within(&(a.clone() * &b + &c)),
                        _ => {
                            let square = |x: f64| rational(x) * rational(x);
                            square(lo.max(0.0)) <= a && (hi == f64::INFINITY || square(hi) >= a)
                        }
                    };
                    assert!(
                        holds,
                        "seed {:#x}, {level:?}: {op:?} of {a}, {b}, {c} is not in [{lo:e}, {hi:e}]",
                        SEED + 1
                    );
                }
            }
        }
    }
}

/// A formula of so many operations on x and y.
fn expression(random: &mut SplitMix, depth: u32) -> String {
    if depth == 0 {
        let leaves = ["x", "y", "x", "y", "0.1", "3", "2.5", "pi", "e"];
        return random.pick(&leaves).to_string();
    }
    let mut inner = || expression(random, depth - 1);
    let (a, b, c) = (inner(), inner(), inner());
    match random.next() % 12 {
        0 => format!("({a} + {b})"),
        1 => format!("({a} - {b})"),
        2 => format!("({a} * {b})"),
        3 => format!("({a} / {b})"),
        4 => format!("fma({a}, {b}, {c})"),
        5 => format!("({a})^2"),
        6 => format!("(if {a} < {b} then {b} else {c})"),
        7 => format!(
            "{}({a}, {b})",
            random.pick(&["min", "max", "hypot", "atan2", "pow"])
        ),
        8 => format!("fl({a}, {})", random.pick(&["f16", "bf16", "f32"])),
        _ => {
            let names = [
                "exp", "log", "sin", "cos", "tan", "sqrt", "tanh", "expm1", "log1p", "atan",
                "cbrt", "abs", "floor", "erf", "sinh", "asinh", "exp2", "log2", "gamma", "cosh",
            ];
            format!("{}({a})", random.pick(&names))
        }
    }
}

/// Random formulas at random points and ranges: how many lanes contradict 400
/// bits, of how many that say something. The first contradiction is an error,
/// unless there is no widening.
fn formulas(points: usize, seed: u64, widen: bool) -> (u64, u64) {
    let mut random = SplitMix(seed);
    let (mut wrong, mut told) = (0, 0);
    for number in 0..points.div_ceil(LANES) {
        let depth = 1 + (random.next() % 3) as u32;
        let text = expression(&mut random, depth);
        let exact = formula(&text, Context::Real);
        let inputs = exact.inputs().len();
        let levels = Level::all();
        let level = levels[number % levels.len()];
        let lanes = Enclosures::new(level, None, inputs);
        let lanes = if widen {
            lanes
        } else {
            lanes.without_widening()
        };
        let mut machine = Machine::new(&exact, lanes);
        let all_points = random.next().is_multiple_of(2);
        let ranges: Vec<Vec<(f64, f64)>> = (0..inputs)
            .map(|_| {
                let one = |_| {
                    let (lo, hi) = range(&mut random);
                    if all_points { (lo, lo) } else { (lo, hi) }
                };
                (0..LANES).map(one).collect()
            })
            .collect();
        for (input, ranges) in machine
            .arithmetic_mut()
            .inputs_mut()
            .iter_mut()
            .zip(&ranges)
        {
            input.clone_from(&bounds(ranges));
        }
        let result = machine.run().clone();
        for lane in 0..LANES {
            let found = (result.lo[lane], result.hi[lane]);
            if found.0.is_nan() || found.1.is_nan() {
                continue;
            }
            told += 1;
            let x: Vec<f64> = ranges
                .iter()
                .map(|x| inside(x[lane], &mut random))
                .collect();
            let precise = precisely(&exact, &x);
            if contradicts(found, &precise) {
                wrong += 1;
                assert!(
                    !widen,
                    "seed {seed:#x}, {level:?}: {text} at {x:?}: lanes {found:?}, 400 bits {precise:?}"
                );
            }
        }
    }
    (wrong, told)
}

#[test]
fn random_formulas_are_enclosed() {
    let (_, told) = formulas(100_000, SEED + 2, true);
    assert!(told > 20_000, "{told}");
}

#[test]
#[ignore = "10^7 points take minutes"]
fn random_formulas_are_enclosed_at_many_points() {
    let (_, told) = formulas(10_000_000, SEED + 3, true);
    assert!(told > 2_000_000, "{told}");
}

/// The check above finds the fault that it is there to find.
#[test]
fn bounds_that_are_not_widened_are_caught() {
    let (wrong, told) = formulas(20_000, SEED + 2, false);
    assert!(wrong > 100, "{wrong} of {told}");
}

/// What narrow formats compute, against the emulation.
#[test]
fn narrow_formats_are_computed_as_emulated() {
    let names = [
        "f16",
        "bf16",
        "f32",
        "tf32",
        "f8e4m3",
        "f8e5m2",
        "f8e4m3fn",
        "f4e2m1fn",
        "f16/rz",
        "f16/ru",
        "f16/rd",
        "f16/rna",
        "bf16/rne+ftz",
        "f8e4m3fn/sat",
    ];
    let mut random = SplitMix(SEED + 4);
    let (mut points, mut known) = (0, 0);
    for number in 0..600 {
        let format: Format = names[number % names.len()].parse().unwrap();
        let depth = 1 + (random.next() % 3) as u32;
        let text = expression(&mut random, depth);
        let graph = formula(&text, Context::Ambient);
        let inputs = graph.inputs().len();
        let levels = Level::all();
        let lanes = Enclosures::new(levels[number % levels.len()], Some(format), inputs);
        let mut machine = Machine::new(&graph, lanes);
        let columns: Vec<Vec<f64>> = (0..inputs)
            .map(|_| (0..LANES).map(|_| finite(&mut random)).collect())
            .collect();
        for (input, column) in machine
            .arithmetic_mut()
            .inputs_mut()
            .iter_mut()
            .zip(&columns)
        {
            input.assign_points(column.as_slice().try_into().unwrap());
        }
        let result = machine.run().clone();
        for lane in 0..LANES {
            let (lo, hi) = (result.lo[lane], result.hi[lane]);
            points += 1;
            if lo.is_nan() || hi.is_nan() {
                continue;
            }
            known += u64::from(lo == hi);
            let inputs: Vec<Input> = columns
                .iter()
                .map(|column| Input::Exact(Rational::from_f64(column[lane]).unwrap()))
                .collect();
            let computed = compute(&graph, format, Libm::CoreMath, &inputs);
            let computed = computed.expect("no costly operation").to_f64();
            assert!(
                lo <= computed && computed <= hi,
                "seed {:#x}: {text} in {format}: lanes [{lo:e}, {hi:e}], emulated {computed:e}",
                SEED + 4
            );
        }
    }
    assert!(known * 3 > points, "{known} of {points}");
}

/// Hardware numbers in lanes against one at a time.
fn hardware<T: InLanes>() {
    let mut random = SplitMix(SEED + 5);
    for number in 0..400 {
        let depth = 1 + (random.next() % 3) as u32;
        let text = expression(&mut random, depth).replace("fl(", "abs(");
        let text = ["f16", "bf16", "f32"]
            .iter()
            .fold(text, |text, name| text.replace(&format!(", {name})"), ")"));
        let graph = formula(&text, Context::Ambient);
        assert_eq!(
            engine(&graph, T::FORMAT, Libm::CoreMath),
            Engine::Native(Libm::CoreMath)
        );
        let columns: Vec<[T; LANES]> = (0..graph.inputs().len())
            .map(|_| std::array::from_fn(|_| T::from_f64(number_or_special(&mut random))))
            .collect();
        let levels = Level::all();
        let level = levels[number % levels.len()];
        let lanes = NativeLanes::<T>::new(level, Libm::CoreMath, columns.len());
        let mut machine = Machine::new(&graph, lanes);
        for (input, column) in machine
            .arithmetic_mut()
            .inputs_mut()
            .iter_mut()
            .zip(&columns)
        {
            input.0 = *column;
        }
        let result = machine.run().clone();
        for lane in 0..LANES {
            let inputs: Vec<Input> = columns
                .iter()
                .map(|column| Input::Rounded(column[lane].to_float()))
                .collect();
            let one = compute(&graph, T::FORMAT, Libm::CoreMath, &inputs).unwrap();
            let own = result.0[lane].to_float();
            assert!(
                own.total_cmp(&one) == Ordering::Equal || (own.is_nan() && one.is_nan()),
                "seed {:#x}, {level:?}: {text}: {own:e} in lanes, {one:e} alone",
                SEED + 5
            );
        }
    }
}

fn number_or_special(random: &mut SplitMix) -> f64 {
    match random.next() % 20 {
        0 => f64::INFINITY,
        1 => f64::NAN,
        2 => -0.0,
        _ => number(random),
    }
}

#[test]
fn hardware_lanes_compute_what_one_number_does() {
    hardware::<f32>();
    hardware::<f64>();
}

/// Correctly rounded values by lanes against those by MPFR alone.
#[test]
fn lanes_round_as_the_certified_value_does() {
    let mut random = SplitMix(SEED + 6);
    for name in ["f32", "f16", "bf16", "f8e4m3fn", "f32/ru"] {
        let format: Format = name.parse().unwrap();
        for _ in 0..30 {
            let depth = 1 + (random.next() % 3) as u32;
            let text = expression(&mut random, depth);
            let exact = formula(&text, Context::Real);
            let columns: Vec<Vec<f64>> = (0..exact.inputs().len())
                .map(|_| (0..150).map(|_| finite(&mut random)).collect())
                .collect();
            let mut rounder = Rounder::new(&exact, &format, 4000).unwrap();
            let mut results = vec![0.0; 150];
            let mut problems = Vec::new();
            let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            rounder.round(&slices, &mut results, &mut problems);
            for (lane, &own) in results.iter().enumerate().step_by(5) {
                let point = columns
                    .iter()
                    .map(|column| Rational::from_f64(column[lane]).unwrap());
                let mut truth = Truth::new(&exact, point.collect(), 4000);
                let failed = problems.iter().any(|(index, _)| *index == lane);
                match truth.rounded(&format) {
                    Ok(rounded) => assert!(
                        !failed && (own == rounded.to_f64() || (own.is_nan() && rounded.is_nan())),
                        "seed {:#x}: {text} in {format}: {own:e} by lanes, {rounded:e} by MPFR",
                        SEED + 6
                    ),
                    Err(_) => assert!(failed, "{text} has no value, by lanes {own:e}"),
                }
            }
        }
    }
}

/// The quick tier of the certified value against the machine that knows more.
#[test]
fn quick_answers_are_the_others() {
    let mut random = SplitMix(SEED + 7);
    for _ in 0..400 {
        let depth = 1 + (random.next() % 3) as u32;
        let text = expression(&mut random, depth);
        let exact = formula(&text, Context::Real);
        let zeros = vec![Rational::new(); exact.inputs().len()];
        let mut quick = Truth::new(&exact, zeros, 4000).for_many_points();
        for _ in 0..25 {
            let point: Vec<Rational> = (0..exact.inputs().len())
                .map(|_| Rational::from_f64(finite(&mut random)).unwrap())
                .collect();
            quick.set_inputs(point.clone());
            let mut slow = Truth::new(&exact, point.clone(), 4000);
            let own = quick
                .rounded(&Format::F64)
                .ok()
                .map(|x| x.to_f64().to_bits());
            let other = slow
                .rounded(&Format::F64)
                .ok()
                .map(|x| x.to_f64().to_bits());
            assert_eq!(own, other, "seed {:#x}: {text} at {point:?}", SEED + 7);
        }
    }
}

/// Every input of 16 bits: what lanes round, against MPFR alone.
#[test]
fn all_inputs_of_sixteen_bits_are_rounded_alike() {
    let formulas = [
        ("1/(1 + exp(-x))", Format::F16),
        ("x*x - x", Format::BF16),
        ("log(abs(x) + 1)", Format::F32),
    ];
    for over in [Format::F16, Format::BF16] {
        let top = over.ordinal(&over.largest()).unwrap().to_i32().unwrap();
        let numbers: Vec<f64> = (-top..=top)
            .map(|ordinal| over.from_ordinal(&ordinal.into()).unwrap().to_f64())
            .collect();
        for (text, format) in formulas {
            let exact = formula(text, Context::Real);
            let mut rounder = Rounder::new(&exact, &format, 4000).unwrap();
            let mut results = vec![0.0; numbers.len()];
            let mut problems = Vec::new();
            rounder.round(&[&numbers], &mut results, &mut problems);
            assert!(problems.is_empty());
            let mut truth = Truth::new(&exact, vec![Rational::new()], 4000);
            for (&x, &own) in numbers.iter().zip(&results) {
                truth.set_inputs([Rational::from_f64(x).unwrap()]);
                let rounded = truth.rounded(&format).unwrap();
                assert!(
                    own == rounded.to_f64(),
                    "{text} at {x:e} in {format}: {own:e}"
                );
            }
        }
    }
}

/// Where a sine falls or rises as steeply as it can, over ranges of a few ulps of
/// it and more: its slope bounds it, and nothing may be lost in the difference.
#[test]
fn steep_sines_are_enclosed() {
    let mut random = SplitMix(SEED + 8);
    let sine = formula("sin(x)", Context::Real);
    let cosine = formula("cos(x)", Context::Real);
    let pi = std::f64::consts::PI;
    for _ in 0..60 {
        for (op, exact, zero) in [
            (Op::Sin, &sine, pi),
            (Op::Sin, &sine, 2.0 * pi),
            (Op::Cos, &cosine, pi / 2.0),
            (Op::Cos, &cosine, 1.5 * pi),
        ] {
            let ranges: Vec<(f64, f64)> = (0..LANES)
                .map(|_| {
                    // The range ends about where the function is 0.
                    let width = (-((random.next() % 300) as f64 / 10.0)).exp2();
                    let lo = zero - width * (1.0 + (random.next() % 64) as f64 / 4096.0);
                    (lo, zero)
                })
                .collect();
            let operand = bounds(&ranges);
            for level in Level::all() {
                let mut result = Bounds::unknown();
                enclose(level, &op, &[&operand], &mut result);
                for (lane, range) in ranges.iter().enumerate() {
                    for x in [range.0, range.1] {
                        let found = (result.lo[lane], result.hi[lane]);
                        let precise = precisely(exact, &[x]);
                        assert!(
                            !contradicts(found, &precise),
                            "seed {:#x}: {op:?} of {x:e} in {:?}: lanes {found:?}, {precise:?}",
                            SEED + 8,
                            range
                        );
                    }
                }
            }
        }
    }
}
