//! Lanes of points against the same formulas compiled, one core.
//!
//! `cargo bench --bench lanes`

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use ulpscope::arithmetic::lanes::{LANES, Level, NativeLanes};
use ulpscope::arithmetic::native::Libm;
use ulpscope::evaluate::Machine;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula};
use ulpscope::language::Definitions;
use ulpscope::truth::Rounder;

const POINTS: usize = 1 << 16;

const SIGMOID: &str = "1/(1 + exp(-z))";
const GRADIENT: &str = "2*(1/(1 + exp(-z)) - 0)*(1/(1 + exp(-z)))*(1 - 1/(1 + exp(-z)))*62.5";
const QUARTIC: &str = "((1.5*z - 0.25)*z + 3)*(z - 2)/(z*z + 1)";

fn main() {
    divan::main();
}

fn formula(text: &str) -> Formula {
    let source = Definitions::new()
        .formula("bench", text)
        .expect("a formula");
    source.inline(Context::Ambient).expect("short")
}

/// Evenly spread over [1, 4).
fn points() -> Vec<f64> {
    let step = 3.0 / POINTS as f64;
    (0..POINTS)
        .map(|i| f64::from((1.0 + i as f64 * step) as f32))
        .collect()
}

#[divan::bench(args = [SIGMOID, GRADIENT, QUARTIC])]
fn certified_f32(bencher: Bencher, text: &str) {
    let formula = formula(text);
    let mut rounder = Rounder::new(&formula, &Format::F32, 1 << 17).expect("narrow");
    let (points, mut results) = (points(), vec![0.0; POINTS]);
    let mut problems = Vec::new();
    bencher.counter(ItemsCount::new(POINTS)).bench_local(|| {
        rounder.round(&[&points], &mut results, &mut problems);
        black_box(&mut results);
    });
}

#[divan::bench(args = [SIGMOID, GRADIENT, QUARTIC])]
fn interpreted_f32(bencher: Bencher, text: &str) {
    let formula = formula(text);
    let native = NativeLanes::<f32>::new(Level::best(), Libm::CoreMath, 1);
    let mut machine = Machine::new(&formula, native);
    let points: Vec<f32> = points().iter().map(|&x| x as f32).collect();
    let mut results = vec![0.0; POINTS];
    bencher.counter(ItemsCount::new(POINTS)).bench_local(|| {
        for (points, results) in points.chunks(LANES).zip(results.chunks_mut(LANES)) {
            machine.arithmetic_mut().inputs_mut()[0]
                .0
                .copy_from_slice(points);
            results.copy_from_slice(&machine.run().0);
        }
        black_box(&mut results);
    });
}

#[divan::bench(args = [SIGMOID, GRADIENT, QUARTIC])]
fn compiled_f32(bencher: Bencher, text: &str) {
    let points: Vec<f32> = points().iter().map(|&x| x as f32).collect();
    let mut results = vec![0.0; POINTS];
    bencher.counter(ItemsCount::new(POINTS)).bench_local(|| {
        for (&z, result) in points.iter().zip(&mut results) {
            *result = match text {
                SIGMOID => 1.0 / (1.0 + core_math::expf(-z)),
                GRADIENT => {
                    let s = 1.0 / (1.0 + core_math::expf(-z));
                    2.0 * (s - 0.0) * s * (1.0 - s) * 62.5
                }
                _ => ((1.5 * z - 0.25) * z + 3.0) * (z - 2.0) / (z * z + 1.0),
            };
        }
        black_box(&mut results);
    });
}
