//! What the hardware computes, [`LANES`] points at a time.

use super::{LANES, Level, dispatch};
use crate::arithmetic::Arithmetic;
use crate::arithmetic::native::{Hardware, Libm};
use crate::formula::{Node, Op};

/// A number for each point.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Lane<T>(pub [T; LANES]);

/// A hardware type whose operations are compiled for each level of vector
/// instructions.
pub trait InLanes: Hardware {
    /// Carries an operation out that has up to three operands and is no function
    /// of one argument.
    fn in_lanes(level: Level, libm: Libm, op: &Op, x: [&Lane<Self>; 3], result: &mut Lane<Self>);
}

macro_rules! in_lanes {
    ($t:ty) => {
        impl InLanes for $t {
            fn in_lanes(
                level: Level,
                libm: Libm,
                op: &Op,
                x: [&Lane<Self>; 3],
                result: &mut Lane<Self>,
            ) {
                #[inline(always)]
                fn each<const FMA: bool>(
                    libm: Libm,
                    op: &Op,
                    x: [&Lane<$t>; 3],
                    result: &mut Lane<$t>,
                ) {
                    operate::<$t>(libm, op, x, result);
                }
                dispatch!(level, each, (
                    libm: Libm, op: &Op, x: [&Lane<$t>; 3], result: &mut Lane<$t>
                ));
            }
        }
    };
}

in_lanes!(f32);
in_lanes!(f64);

/// Hardware arithmetic on lanes: as [`Native`](crate::arithmetic::native::Native),
/// for formulas of one hardware format without [`Op::Polygamma`].
#[derive(Debug)]
pub struct NativeLanes<T> {
    level: Level,
    libm: Libm,
    inputs: Vec<Lane<T>>,
}

impl<T: InLanes> NativeLanes<T> {
    /// An arithmetic at inputs to be set.
    pub fn new(level: Level, libm: Libm, inputs: usize) -> Self {
        let nothing = Lane([T::constant(crate::formula::Constant::Nan); LANES]);
        NativeLanes {
            level,
            libm,
            inputs: vec![nothing; inputs],
        }
    }

    /// The inputs, in the formula's order.
    pub fn inputs_mut(&mut self) -> &mut [Lane<T>] {
        &mut self.inputs
    }
}

impl<T: InLanes> Arithmetic for NativeLanes<T> {
    type Value = Lane<T>;

    fn register(&self, _: &Node) -> Lane<T> {
        Lane([T::constant(crate::formula::Constant::Nan); LANES])
    }

    fn apply(&mut self, node: &Node, operands: &[&Lane<T>], result: &mut Lane<T>) {
        match &node.op {
            Op::Input(index) => result.clone_from(&self.inputs[*index as usize]),
            Op::Literal(literal) => result.0 = [T::from_rational(literal.value()); LANES],
            Op::Constant(constant) => result.0 = [T::constant(*constant); LANES],
            op => match T::function(op, self.libm) {
                Some(f) => {
                    for (r, x) in result.0.iter_mut().zip(&operands[0].0) {
                        *r = f(*x);
                    }
                }
                None => {
                    let (level, libm) = (self.level, self.libm);
                    lanes(level, libm, op, operands, result);
                }
            },
        }
    }
}

/// An operation that is no function of one argument.
fn lanes<T: InLanes>(level: Level, libm: Libm, op: &Op, x: &[&Lane<T>], r: &mut Lane<T>) {
    let (a, b) = (x[0], *x.get(1).unwrap_or(&x[0]));
    let c = *x.get(2).unwrap_or(&x[0]);
    T::in_lanes(level, libm, op, [a, b, c], r);
}

/// One loop for each operation that vector instructions have; the others take
/// the operation apart at every point.
#[inline(always)]
fn operate<T: Hardware>(libm: Libm, op: &Op, x: [&Lane<T>; 3], r: &mut Lane<T>) {
    let [a, b, c] = x.map(|lane| &lane.0);
    let r = &mut r.0;
    macro_rules! each {
        (1, $op:expr) => {
            for i in 0..LANES {
                r[i] = T::operate($op, libm, &[&a[i]]);
            }
        };
        (2, $op:expr) => {
            for i in 0..LANES {
                r[i] = T::operate($op, libm, &[&a[i], &b[i]]);
            }
        };
        (3, $op:expr) => {
            for i in 0..LANES {
                r[i] = T::operate($op, libm, &[&a[i], &b[i], &c[i]]);
            }
        };
    }
    match op {
        Op::Convert => *r = *a,
        Op::Neg => each!(1, &Op::Neg),
        Op::Abs => each!(1, &Op::Abs),
        Op::Sqrt => each!(1, &Op::Sqrt),
        Op::Floor => each!(1, &Op::Floor),
        Op::Ceil => each!(1, &Op::Ceil),
        Op::Trunc => each!(1, &Op::Trunc),
        Op::Not => each!(1, &Op::Not),
        Op::Add => each!(2, &Op::Add),
        Op::Sub => each!(2, &Op::Sub),
        Op::Mul => each!(2, &Op::Mul),
        Op::Div => each!(2, &Op::Div),
        Op::Min => each!(2, &Op::Min),
        Op::Max => each!(2, &Op::Max),
        Op::Lt => each!(2, &Op::Lt),
        Op::Le => each!(2, &Op::Le),
        Op::Gt => each!(2, &Op::Gt),
        Op::Ge => each!(2, &Op::Ge),
        Op::Eq => each!(2, &Op::Eq),
        Op::Ne => each!(2, &Op::Ne),
        Op::And => each!(2, &Op::And),
        Op::Or => each!(2, &Op::Or),
        Op::Fma => each!(3, &Op::Fma),
        Op::Select => each!(3, &Op::Select),
        op => each!(3, op),
    }
}
