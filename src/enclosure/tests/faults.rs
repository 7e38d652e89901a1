//! One test for each fault that interval tools are known for, and the laws that
//! no random test would hit.

use super::{Defined, Enclosure, OPERATIONS, bounds, doubles, make, never, point, rational};
use rug::float::Special;
use rug::{Float, Rational};
use std::cmp::Ordering;

const INFINITY: f64 = f64::INFINITY;

#[test]
fn a_third_and_a_tenth_are_no_points() {
    let quotient = make(|out| out.assign_div(&point(1.0), &point(3.0)));
    for (x, exact) in [
        (rational(1, 3), (1, 3)),
        (quotient, (1, 3)),
        (rational(1, 10), (1, 10)),
    ] {
        assert!(!x.is_point() && x.contains_rational(&Rational::from(exact)));
    }
}

#[test]
fn exact_values_stay_points() {
    let zero = &point(0.0);
    let (one, two) = (&point(1.0), &point(2.0));
    for (x, value) in [
        (make(|out| out.assign_exp(zero)), 1.0),
        (make(|out| out.assign_sqrt(&point(4.0))), 2.0),
        (make(|out| out.assign_cbrt(&point(-27.0))), -3.0),
        (make(|out| out.assign_log(one)), 0.0),
        (make(|out| out.assign_log2(&point(0.125))), -3.0),
        (make(|out| out.assign_log10(&point(1000.0))), 3.0),
        (make(|out| out.assign_exp2(&point(-3.0))), 0.125),
        (make(|out| out.assign_exp10(two)), 100.0),
        (make(|out| out.assign_cos(zero)), 1.0),
        (make(|out| out.assign_acos(one)), 0.0),
        (make(|out| out.assign_atan2(zero, one)), 0.0),
        (make(|out| out.assign_hypot(&point(3.0), &point(-4.0))), 5.0),
        (make(|out| out.assign_gamma(&point(6.0))), 120.0),
        (make(|out| out.assign_lgamma(two)), 0.0),
        (make(|out| out.assign_pow(zero, zero)), 1.0),
        (
            make(|out| out.assign_pow(&point(-2.0), &point(-3.0))),
            -0.125,
        ),
        (make(|out| out.assign_pow(&point(4.0), &point(1.5))), 8.0),
        (make(|out| out.assign_sub(one, one)), 0.0),
    ] {
        assert!(
            x.is_surely() && doubles(&x) == (value, value),
            "{x:?} {value}"
        );
    }
}

#[test]
fn tan_across_its_pole_is_unbounded() {
    let across = make(|out| out.assign_tan(&bounds(1.0, 2.0)));
    assert_eq!(
        (doubles(&across), across.defined()),
        ((-INFINITY, INFINITY), Defined::Maybe)
    );
    let beside = make(|out| out.assign_tan(&bounds(-1.5, 1.5)));
    assert!(beside.is_surely() && *beside.hi() < 15);
    // Whole periods from end to end must not look like one segment.
    let periods = make(|out| out.assign_tan(&bounds(0.0, 3.2)));
    assert_eq!(periods.defined(), Defined::Maybe);
}

#[test]
fn powers_across_the_sign_of_the_base() {
    let pow = |x: &Enclosure, y: &Enclosure| {
        let result = make(|out| out.assign_pow(x, y));
        (doubles(&result), result.defined())
    };
    let mixed = &bounds(-2.0, 3.0);
    let (surely, maybe) = (Defined::Surely, Defined::Maybe);
    assert_eq!(pow(mixed, &point(2.0)), ((0.0, 9.0), surely));
    assert_eq!(pow(mixed, &point(3.0)), ((-8.0, 27.0), surely));
    assert_eq!(pow(mixed, &point(-1.0)), ((-INFINITY, INFINITY), maybe));
    assert_eq!(pow(mixed, &point(-2.0)), ((1.0 / 9.0, INFINITY), maybe));
    assert_eq!(
        pow(&bounds(0.0, 2.0), &point(-1.0)),
        ((0.5, INFINITY), maybe)
    );
    assert_eq!(
        pow(&bounds(-2.0, 0.0), &point(-1.0)),
        ((-INFINITY, -0.5), maybe)
    );
    assert_eq!(pow(&bounds(-4.0, 4.0), &point(0.5)), ((0.0, 2.0), maybe));
    assert_eq!(
        pow(&bounds(-2.0, -1.0), &bounds(1.0, 2.0)),
        ((-4.0, 4.0), maybe)
    );
    assert_eq!(
        pow(&bounds(-2.0, -1.0), &bounds(1.5, 2.5)),
        ((1.0, 4.0), maybe)
    );
    assert_eq!(
        pow(&bounds(-2.0, -1.0), &bounds(1.25, 1.75)).1,
        Defined::Never
    );
    assert_eq!(pow(&point(0.0), &point(-1.0)).1, Defined::Never);
    assert_eq!(pow(&point(0.0), &bounds(-1.0, -0.5)).1, Defined::Never);
    assert_eq!(pow(&point(0.0), &bounds(-1.0, 1.0)), ((0.0, 1.0), maybe));
    assert_eq!(
        pow(&bounds(0.0, 1.0), &bounds(0.5, 2.0)),
        ((0.0, 1.0), surely)
    );
}

#[test]
fn bounds_print_outward() {
    assert_eq!(format!("{:.3}", rational(2, 3)), "[0.666, 0.667]");
    assert_eq!(format!("{:.3}", rational(-2, 3)), "[-0.667, -0.666]");
    assert_eq!(format!("{:.1}", bounds(0.99, 1.01)), "[0.9, 2]");
    assert_eq!(format!("{:.2}", bounds(-1e300, 1234.5)), "[-1.1e300, 1300]");
    assert_eq!(point(-0.0).to_string(), "[0, 0]");
    assert_eq!(
        make(|out| out.assign_whole(Defined::Maybe)).to_string(),
        "[-inf, inf]?"
    );
    assert_eq!(never().to_string(), "undefined");
    assert_eq!(format!("{:.0}", point(2.5)), "[2, 3]");
}

#[test]
fn a_domain_violation_survives_every_operation() {
    let log = make(|out| out.assign_log(&point(-1.0)));
    assert!(log.is_never());
    for operation in OPERATIONS {
        let one = point(1.0);
        for place in 0..operation.arity {
            let mut operands = vec![&one; operation.arity];
            operands[place] = &log;
            let result = make(|out| (operation.apply)(out, &operands));
            assert!(result.is_never(), "{}", operation.name);
            let mut unsure = one.clone();
            unsure.weaken();
            operands[place] = &unsure;
            let result = make(|out| (operation.apply)(out, &operands));
            assert!(!result.is_surely(), "{}", operation.name);
        }
    }
    // NaN^0, 1^NaN and hypot(∞, NaN) are numbers in IEEE 754.
    assert!(make(|out| out.assign_pow(&log, &point(0.0))).is_never());
    assert!(make(|out| out.assign_hypot(&bounds(0.0, INFINITY), &log)).is_never());
    assert!(!log.contains(&Float::with_val(53, 0)) && log.sign().is_none());
    assert!(make(|out| out.assign_lt(&log, &point(0.0))).is_never());
    assert!(make(|out| out.assign_polygamma(&log, &point(1.0))).is_never());
    let mut unsure = point(1.0);
    unsure.weaken();
    assert!(!make(|out| out.assign_polygamma(&unsure, &point(1.0))).is_surely());
}

#[test]
fn rounding_to_integers_sees_the_step() {
    let round = |lo, hi| doubles(&make(|out| out.assign_round_half_away(&bounds(lo, hi))));
    assert_eq!(round(0.499, 0.501), (0.0, 1.0));
    assert_eq!(round(-0.5, 0.5), (-1.0, 1.0));
    assert_eq!(round(2.5, 2.5), (3.0, 3.0));
    let floor = make(|out| out.assign_floor(&bounds(0.9, 1.0)));
    assert_eq!(doubles(&floor), (0.0, 1.0));
}

#[test]
fn overflow_and_underflow_leave_a_way_out() {
    let huge = make(|out| out.assign_exp(&point(1e10)));
    assert!(huge.is_surely() && huge.lo().is_finite() && huge.hi().is_infinite());
    let tiny = make(|out| out.assign_exp(&point(-1e10)));
    assert!(tiny.is_surely() && *tiny.lo() == 0 && *tiny.hi() > 0);
    let negated = make(|out| out.assign_neg(&tiny));
    assert!(*negated.lo() < 0 && *negated.hi() == 0);
    let square = make(|out| out.assign_mul(&negated, &tiny));
    assert!(*square.lo() < 0 && *square.hi() == 0 && square.sign().is_none());
}

#[test]
fn zeros_have_no_sign() {
    let minus = &point(-0.0);
    assert!(minus.lo().is_sign_positive());
    let angle = make(|out| out.assign_atan2(minus, &point(-1.0)));
    assert!(*angle.lo() > 3);
    let one = &point(1.0);
    assert_eq!(
        doubles(&make(|out| out.assign_div(one, &bounds(-0.0, 1.0)))),
        (1.0, INFINITY)
    );
    assert_eq!(
        doubles(&make(|out| out.assign_div(one, &bounds(-1.0, 0.0)))),
        (-INFINITY, -1.0)
    );
    let difference = make(|out| out.assign_sub(&bounds(1.0, 2.0), &bounds(0.5, 1.0)));
    assert!(difference.lo().is_sign_positive());
}

#[test]
fn comparisons_need_both_sides_defined() {
    let (one, two, wide) = (&point(1.0), &point(2.0), &bounds(0.0, 3.0));
    let truth = |apply: &dyn Fn(&mut Enclosure)| {
        let result = make(apply);
        (doubles(&result), result.defined())
    };
    let (yes, no, unknown) = ((1.0, 1.0), (0.0, 0.0), (0.0, 1.0));
    let (surely, maybe) = (Defined::Surely, Defined::Maybe);
    assert_eq!(truth(&|out| out.assign_lt(one, two)), (yes, surely));
    assert_eq!(truth(&|out| out.assign_lt(one, one)), (no, surely));
    assert_eq!(truth(&|out| out.assign_le(one, one)), (yes, surely));
    assert_eq!(truth(&|out| out.assign_ge(one, two)), (no, surely));
    assert_eq!(truth(&|out| out.assign_gt(wide, two)), (unknown, surely));
    assert_eq!(truth(&|out| out.assign_eq(wide, wide)), (unknown, surely));
    assert_eq!(truth(&|out| out.assign_eq(one, one)), (yes, surely));
    assert_eq!(truth(&|out| out.assign_ne(one, two)), (yes, surely));
    let mut unsure = one.clone();
    unsure.weaken();
    assert_eq!(truth(&|out| out.assign_lt(&unsure, two)), (unknown, maybe));
    assert_eq!(truth(&|out| out.assign_eq(&never(), two)).1, Defined::Never);
}

#[test]
fn logic_is_kleenes() {
    let mut unsure = bounds(0.0, 1.0);
    unsure.weaken();
    let (yes, no, unknown, never) = (point(1.0), point(0.0), bounds(0.0, 1.0), never());
    let surely_false = |x: Enclosure| x.is_surely() && doubles(&x) == (0.0, 0.0);
    let surely_true = |x: Enclosure| x.is_surely() && doubles(&x) == (1.0, 1.0);
    for other in [&yes, &no, &unknown, &never, &unsure] {
        assert!(surely_false(make(|out| out.assign_and(&no, other))));
        assert!(surely_false(make(|out| out.assign_and(other, &no))));
        assert!(surely_true(make(|out| out.assign_or(&yes, other))));
        assert!(surely_true(make(|out| out.assign_or(other, &yes))));
    }
    assert!(make(|out| out.assign_and(&yes, &never)).is_never());
    assert!(make(|out| out.assign_or(&never, &no)).is_never());
    assert!(make(|out| out.assign_not(&never)).is_never());
    // Where the unknown one is false, the conjunction is; otherwise undefined.
    let half = make(|out| out.assign_and(&unknown, &never));
    assert_eq!(
        (doubles(&half), half.defined()),
        ((0.0, 0.0), Defined::Maybe)
    );
    assert!(surely_true(make(|out| out.assign_and(&yes, &yes))));
    assert!(surely_false(make(|out| out.assign_not(&yes))));
}

#[test]
fn an_undecided_choice_gives_both_sides() {
    let (yes, unknown, never) = (point(1.0), bounds(0.0, 1.0), never());
    let (low, high) = (point(-3.0), bounds(5.0, 6.0));
    let both = make(|out| out.assign_select(&unknown, &low, &high));
    assert_eq!(
        (doubles(&both), both.defined()),
        ((-3.0, 6.0), Defined::Surely)
    );
    let one = make(|out| out.assign_select(&unknown, &never, &high));
    assert_eq!((doubles(&one), one.defined()), ((5.0, 6.0), Defined::Maybe));
    assert!(make(|out| out.assign_select(&yes, &low, &never)).is_surely());
    assert!(make(|out| out.assign_select(&never, &low, &low)).is_never());
    let mut unsure = yes.clone();
    unsure.weaken();
    let weak = make(|out| out.assign_select(&unsure, &low, &never));
    assert_eq!(
        (doubles(&weak), weak.defined()),
        ((-3.0, -3.0), Defined::Maybe)
    );
}

#[test]
fn intersections_and_signs() {
    let both = make(|out| out.assign_intersection(&bounds(1.0, 3.0), &bounds(2.0, 4.0)));
    assert_eq!(doubles(&both), (2.0, 3.0));
    assert!(make(|out| out.assign_intersection(&point(1.0), &point(2.0))).is_never());
    assert_eq!(both.sign(), Some(Ordering::Greater));
    assert_eq!(point(0.0).sign(), Some(Ordering::Equal));
    assert_eq!(bounds(-1.0, 0.0).sign(), None);
    assert_eq!(point(2.0).agreeing_bits(), Some(i64::MAX));
    assert_eq!(bounds(-1.0, 2.0).agreeing_bits(), None);
}

#[test]
fn fewer_bits_widen_outward() {
    let mut third = rational(1, 3);
    let mut copy = Enclosure::new(2);
    copy.assign_from(&third);
    third.set_precision(2);
    assert_eq!(doubles(&third), (0.25, 0.375));
    assert_eq!(doubles(&copy), (0.25, 0.375));
    // A point that does not fit becomes two neighbours.
    let mut nine = point(9.0);
    nine.set_precision(2);
    assert_eq!(doubles(&nine), (8.0, 12.0));
}

#[test]
fn sines_of_wide_and_of_far_intervals() {
    let sin = |lo, hi| doubles(&make(|out| out.assign_sin(&bounds(lo, hi))));
    let cos = |lo, hi| doubles(&make(|out| out.assign_cos(&bounds(lo, hi))));
    assert_eq!(sin(-INFINITY, INFINITY), (-1.0, 1.0));
    assert_eq!(sin(0.0, 6.2), (-1.0, 1.0));
    assert_eq!(sin(0.0, 4.0).1, 1.0);
    assert!(sin(0.0, 4.0).0 > -0.757 && sin(2.0, 4.0).1 < 0.91);
    assert_eq!(cos(-0.5, 0.25).1, 1.0);
    assert_eq!(cos(3.0, 4.0).0, -1.0);
    // Between 2^60 and the next double, 256 apart; and a hair's breadth there.
    let far = 2f64.powi(60);
    assert_eq!(cos(far, far + 256.0), (-1.0, 1.0));
    let mut x = Enclosure::new(120);
    let left = Float::with_val(120, far);
    let right = Float::with_val(120, &left + 1e-9);
    x.assign_bounds(&left, &right);
    let thin = make(|out| out.assign_cos(&x));
    assert!(thin.width() < 1e-8 && thin.contains(&left.cos()));
}

#[test]
fn the_least_point_of_gamma_is_bracketed() {
    use super::super::gamma::{LEAST_POINT, LEAST_POINT_BITS};
    let psi = |k: u128| {
        let x = Float::with_val(128, k) >> LEAST_POINT_BITS;
        Float::with_val(128, x.digamma_ref()).cmp0()
    };
    assert_eq!(psi(LEAST_POINT), Some(Ordering::Less));
    assert_eq!(psi(LEAST_POINT + 1), Some(Ordering::Greater));
}

/// Operands of every kind, at the limits of precision and exponent.
#[test]
fn nothing_panics() {
    let infinity = &Float::with_val(53, Special::Infinity);
    let nan = &Float::with_val(53, Special::Nan);
    let mut largest = infinity.clone();
    largest.next_down();
    let mut least = Float::new(53);
    least.next_up();
    let mut all = vec![
        never(),
        point(0.0),
        point(1.0),
        point(-1.0),
        point(0.5),
        bounds(-1.0, 1.0),
    ];
    all.push(make(|out| out.assign_whole(Defined::Surely)));
    all.push(make(|out| out.assign_whole(Defined::Maybe)));
    all.push(make(|out| out.assign_point(infinity)));
    all.push(make(|out| out.assign_point(nan)));
    all.push(make(|out| out.assign_bounds(nan, infinity)));
    all.push(make(|out| out.assign_bounds(infinity, infinity)));
    all.push(make(|out| out.assign_bounds(&largest, infinity)));
    all.push(make(|out| out.assign_point(&least)));
    all.push(make(|out| out.assign_bounds(&-least.clone(), &least)));
    for operation in OPERATIONS {
        for precision in [0, 1, 53] {
            let mut out = Enclosure::new(precision);
            for a in &all {
                for b in &all {
                    let operands = &[a, b, a][..operation.arity];
                    (operation.apply)(&mut out, operands);
                }
            }
        }
    }
    let mut enclosure = point(1.0);
    enclosure.set_precision(0);
    assert_eq!(enclosure.precision(), 1);
}
