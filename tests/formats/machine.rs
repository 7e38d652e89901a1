//! Whole traces: a formula's inputs and literals are rounded on entry, and
//! hardware and emulation agree at every node.

use crate::{exact, format, same};
use rug::{Float, Rational};
use std::sync::Arc;
use ulpscope::arithmetic::Arithmetic;
use ulpscope::arithmetic::emulated::{Emulated, NoValue};
use ulpscope::arithmetic::native::{Hardware, Libm, Native};
use ulpscope::evaluate::Machine;
use ulpscope::format::Format;
use ulpscope::formula::{Builder, Context, Formula, Literal, NodeId, Op, Sources};

/// 1 − 1/(1 + exp(−w·x)), the product in a context of its own.
fn formula(context: Context) -> Formula {
    let mut builder = Builder::new();
    let mut add = |op: Op, operands: &[NodeId], context: Context| {
        builder
            .node(op, operands, context, None)
            .expect("few nodes")
    };
    let ambient = Context::Ambient;
    let w = add(Op::Input(0), &[], context);
    let x = add(Op::Input(1), &[], context);
    let z = add(Op::Mul, &[w, x], context);
    let minus = add(Op::Neg, &[z], ambient);
    let exp = add(Op::Exp, &[minus], ambient);
    let literal = Arc::new(Literal::parse("1").expect("a number"));
    let one = add(Op::Literal(literal), &[], ambient);
    let below = add(Op::Add, &[one, exp], ambient);
    let sigma = add(Op::Div, &[one, below], ambient);
    let root = add(Op::Sub, &[one, sigma], ambient);
    builder.input("w");
    builder.input("x");
    builder.finish(root, Arc::new(Sources::new()))
}

fn inputs() -> Vec<Rational> {
    vec![exact("0.8"), exact("6.25")]
}

fn trace<A: Arithmetic>(formula: &Formula, arithmetic: A) -> Vec<A::Value>
where
    A::Value: Clone,
{
    let mut machine = Machine::new(formula, arithmetic);
    machine.run();
    machine.trace().to_vec()
}

fn agree<T: Hardware>(formula: &Formula) {
    let emulated = trace(formula, Emulated::new(T::FORMAT, inputs()));
    let native = trace(formula, Native::<T>::new(Libm::CoreMath, inputs()));
    for (a, b) in emulated.iter().zip(&native) {
        assert!(same(a, &b.to_float()), "{}: {a} {b:?}", T::FORMAT);
    }
    assert_eq!(emulated[0], T::FORMAT.round_rational(&exact("0.8")));
    assert!(emulated.last().expect("nodes").is_sign_positive());
}

#[test]
fn hardware_and_emulation() {
    let formula = formula(Context::Ambient);
    agree::<f32>(&formula);
    agree::<f64>(&formula);
}

#[test]
fn a_node_in_another_format() {
    let formula = formula(Context::Fixed(Format::F16));
    let emulated = trace(&formula, Emulated::new(Format::F64, inputs()));
    let half = Float::with_val(11, 0.8);
    assert_eq!(emulated[0], half);
    assert_eq!(emulated[2], Float::with_val(11, half * 6.25));
    assert_eq!(emulated[4], (-emulated[2].to_f64()).exp());
}

#[test]
fn failures_are_remembered() {
    let formula = formula(Context::Ambient);
    let far = vec![exact("-1e10"), exact("1")];
    let mut machine = Machine::new(&formula, Emulated::new(format("mpfr:53"), far));
    machine.run();
    assert_eq!(
        machine.arithmetic_mut().take_failure(),
        Some(NoValue::OutOfRange)
    );
    assert_eq!(machine.arithmetic_mut().take_failure(), None);
    machine.arithmetic_mut().set_inputs(inputs());
    assert!(machine.run().is_finite());
    assert_eq!(machine.arithmetic_mut().take_failure(), None);
}
