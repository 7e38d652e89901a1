//! Differentiation of long chains, and the explanation of about a thousand
//! operations.

use divan::{Bencher, black_box};
use ulpscope::format::Format;
use ulpscope::formula::Formula;
use ulpscope::language::Definitions;
use ulpscope::study::{Options, Point, Subject, explain};

fn main() {
    divan::main();
}

/// A network of n layers, σ(w·a) each.
fn layers(n: usize) -> Definitions {
    let mut text = String::from("a0 = x\n");
    for layer in 1..=n {
        text.push_str(&format!("a{layer} = sigmoid(w*a{})\n", layer - 1));
    }
    let mut definitions = Definitions::new();
    definitions.add("layers", &text).expect("definitions");
    definitions
}

fn derivative(definitions: &mut Definitions, n: usize) -> Formula {
    definitions
        .formula("expression", &format!("d(a{n}, w)"))
        .expect("a derivative")
}

/// Reading the definitions and differentiating: linear in the layers.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 3)]
fn derivative_of_layers(bencher: Bencher, n: usize) {
    bencher
        .with_inputs(|| layers(n))
        .bench_values(|mut definitions| derivative(&mut definitions, n));
}

/// 333 layers are 1000 operations of the source, 1700 of the computation.
#[divan::bench(args = ["f64", "f16", "mpfr:200"], sample_count = 5)]
fn explain_layers(bencher: Bencher, format: &str) {
    let mut definitions = layers(333);
    let point = Point::parse(&mut definitions, "x=1, w=2.5", 10_000).expect("a point");
    let subject = Subject::parse(&mut definitions, "a333", &point).expect("a subject");
    let format: Format = format.parse().expect("a format");
    let options = Options::default();
    bencher.bench(|| explain(black_box(&subject), format, &options).expect("an explanation"));
}

/// A sum of 333 products.
#[divan::bench(sample_count = 5)]
fn explain_sum(bencher: Bencher) {
    let terms: Vec<String> = (1..=333).map(|i| format!("x*{i}.1")).collect();
    let mut definitions = Definitions::new();
    let point = Point::parse(&mut definitions, "x=0.1", 10_000).expect("a point");
    let subject = Subject::parse(&mut definitions, &terms.join(" + "), &point).expect("a subject");
    let options = Options::default();
    bencher.bench(|| explain(black_box(&subject), Format::F64, &options).expect("an explanation"));
}
