//! The four operations, fma, absolute value, minimum and maximum, roots.
//!
//! Bounds of a product lie at corners of the operands' box, chosen by signs
//! (P: no negative numbers, N: no positive ones, M: both):
//!
//! ```text
//! a b   lower       upper           a b   lower               upper
//! P P   a.lo b.lo   a.hi b.hi       N M   a.lo b.hi           a.lo b.lo
//! P N   a.hi b.lo   a.lo b.hi       M P   a.lo b.hi           a.hi b.hi
//! P M   a.hi b.lo   a.hi b.hi       M N   a.hi b.lo           a.lo b.lo
//! N P   a.lo b.hi   a.hi b.lo       M M   the lesser of       the greater of
//! N N   a.hi b.hi   a.lo b.lo             a.lo b.hi, a.hi b.lo  a.lo b.lo, a.hi b.hi
//! ```
//!
//! Bounds that are infinite stand for finite numbers of any size, so 0·∞ is 0.

use super::outward::Edge;
use super::{Defined, Enclosure};
use rug::float::{Round, Special};
use rug::ops::AssignRound;
use rug::{Assign, Float};
use std::cmp::Ordering;

type Corner<'a> = (&'a Float, &'a Float);

/// The corners of the lower and the upper bound, and the alternatives of M M.
struct Corners<'a> {
    lower: Corner<'a>,
    upper: Corner<'a>,
    others: Option<(Corner<'a>, Corner<'a>)>,
}

fn corners<'a>(a: &'a Enclosure, b: &'a Enclosure) -> Corners<'a> {
    #[derive(PartialEq)]
    enum Signs {
        P,
        N,
        M,
    }
    use Signs::{M, N, P};
    let signs = |x: &Enclosure| {
        if x.lo >= 0 {
            P
        } else if x.hi <= 0 {
            N
        } else {
            M
        }
    };
    let (lower, upper) = match (signs(a), signs(b)) {
        (P, P) => ((&a.lo, &b.lo), (&a.hi, &b.hi)),
        (P, N) => ((&a.hi, &b.lo), (&a.lo, &b.hi)),
        (P, M) => ((&a.hi, &b.lo), (&a.hi, &b.hi)),
        (N, P) => ((&a.lo, &b.hi), (&a.hi, &b.lo)),
        (N, N) => ((&a.hi, &b.hi), (&a.lo, &b.lo)),
        (N, M) => ((&a.lo, &b.hi), (&a.lo, &b.lo)),
        (M, P) => ((&a.lo, &b.hi), (&a.hi, &b.hi)),
        (M, N) => ((&a.hi, &b.lo), (&a.lo, &b.lo)),
        (M, M) => {
            return Corners {
                lower: (&a.lo, &b.hi),
                upper: (&a.lo, &b.lo),
                others: Some(((&a.hi, &b.lo), (&a.hi, &b.hi))),
            };
        }
    };
    Corners {
        lower,
        upper,
        others: None,
    }
}

/// x·y + z, where 0·∞ is 0; without z, x·y.
fn product((x, y): Corner, z: Option<&Float>, out: &mut Float, round: Round) -> Ordering {
    match z {
        _ if x.is_zero() || y.is_zero() => match z {
            Some(z) => out.assign_round(z, round),
            None => out.assign_round(0, round),
        },
        Some(z) => out.assign_round(x.mul_add_ref(y, z), round),
        None => out.assign_round(x * y, round),
    }
}

/// x / y, where 0/0 is 0 and a divisor 0 counts as negative if it is asked for.
fn quotient(x: &Float, y: &Float, negative: bool, out: &mut Float, round: Round) -> Ordering {
    if x.is_zero() {
        out.assign_round(0, round)
    } else if y.is_zero() {
        out.assign(if x.is_sign_negative() == negative {
            Special::Infinity
        } else {
            Special::NegInfinity
        });
        Ordering::Equal
    } else {
        out.assign_round(x / y, round)
    }
}

impl Enclosure {
    /// a + b.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// use rug::Rational;
    /// let (mut a, mut b, mut sum) = (Enclosure::new(53), Enclosure::new(53), Enclosure::new(53));
    /// a.assign_rational(&Rational::from((1, 10)));
    /// b.assign_rational(&Rational::from((2, 10)));
    /// sum.assign_add(&a, &b);
    /// assert!(sum.contains_rational(&Rational::from((3, 10))));
    /// ```
    pub fn assign_add(&mut self, a: &Enclosure, b: &Enclosure) {
        if !self.begin(a.defined.max(b.defined)) {
            return;
        }
        self.set_ends(
            a.is_point() && b.is_point(),
            |out, round| out.assign_round(&a.lo + &b.lo, round),
            |out, round| out.assign_round(&a.hi + &b.hi, round),
        );
    }

    /// a − b.
    pub fn assign_sub(&mut self, a: &Enclosure, b: &Enclosure) {
        if !self.begin(a.defined.max(b.defined)) {
            return;
        }
        self.set_ends(
            a.is_point() && b.is_point(),
            |out, round| out.assign_round(&a.lo - &b.hi, round),
            |out, round| out.assign_round(&a.hi - &b.lo, round),
        );
    }

    /// −x.
    pub fn assign_neg(&mut self, x: &Enclosure) {
        self.decreasing(x, |out, x, round| out.assign_round(-x, round));
    }

    /// a·b.
    pub fn assign_mul(&mut self, a: &Enclosure, b: &Enclosure) {
        if self.begin(a.defined.max(b.defined)) {
            let point = a.is_point() && b.is_point();
            self.products(a, b, None, point);
        }
    }

    /// a·b + c, each bound rounded once.
    pub fn assign_fma(&mut self, a: &Enclosure, b: &Enclosure, c: &Enclosure) {
        if self.begin(a.defined.max(b.defined).max(c.defined)) {
            let point = a.is_point() && b.is_point() && c.is_point();
            self.products(a, b, Some(c), point);
        }
    }

    fn products(&mut self, a: &Enclosure, b: &Enclosure, c: Option<&Enclosure>, point: bool) {
        let Corners {
            lower,
            upper,
            others,
        } = corners(a, b);
        let (c_lo, c_hi) = (c.map(|c| &c.lo), c.map(|c| &c.hi));
        // RD of the lesser is the lesser RD, for rounding is monotone.
        self.set_ends(
            point,
            |out, round| {
                let ternary = product(lower, c_lo, out, round);
                if let Some((other, _)) = others {
                    let mut alternative = Float::new(out.prec());
                    product(other, c_lo, &mut alternative, round);
                    out.min_mut(&alternative);
                }
                ternary
            },
            |out, round| {
                let ternary = product(upper, c_hi, out, round);
                if let Some((_, other)) = others {
                    let mut alternative = Float::new(out.prec());
                    product(other, c_hi, &mut alternative, round);
                    out.max_mut(&alternative);
                }
                ternary
            },
        );
    }

    /// a/b, undefined where b = 0. A divisor that encloses 0 gives `Maybe`: all
    /// numbers, or one side where 0 is an end of the divisor.
    ///
    /// ```
    /// use ulpscope::enclosure::{Defined, Enclosure};
    /// let (mut one, zero, mut quotient) = (Enclosure::new(53), Enclosure::new(53), Enclosure::new(53));
    /// one.assign_rational(&rug::Rational::from(1));
    /// quotient.assign_div(&one, &zero);
    /// assert_eq!(quotient.defined(), Defined::Never);
    /// ```
    pub fn assign_div(&mut self, a: &Enclosure, b: &Enclosure) {
        if !self.begin(a.defined.max(b.defined)) {
            return;
        }
        if b.contains_zero() {
            if b.is_point() {
                return self.assign_never();
            }
            self.weaken();
        }
        if b.lo < 0 && b.hi > 0 {
            if a.lo.is_zero() && a.hi.is_zero() {
                return self.at_point(|out, round| out.assign_round(0, round));
            }
            return self.assign_whole(Defined::Maybe);
        }
        // Over positive b: lower a.lo/b.hi or a.lo/b.lo, whichever is smaller, by
        // the sign of a.lo. Over negative b the roles of a's ends change.
        let negative = b.hi <= 0;
        let (low, high) = if negative {
            (&a.hi, &a.lo)
        } else {
            (&a.lo, &a.hi)
        };
        let (near, far) = if negative {
            (&b.hi, &b.lo)
        } else {
            (&b.lo, &b.hi)
        };
        let toward_zero = |x: &Float, sign: bool| x.is_zero() || x.is_sign_negative() == sign;
        let low_divisor = if toward_zero(low, negative) {
            far
        } else {
            near
        };
        let high_divisor = if toward_zero(high, !negative) {
            far
        } else {
            near
        };
        self.set_ends(
            a.is_point() && b.is_point(),
            |out, round| quotient(low, low_divisor, negative, out, round),
            |out, round| quotient(high, high_divisor, negative, out, round),
        );
    }

    /// |x|.
    pub fn assign_abs(&mut self, x: &Enclosure) {
        self.even(x, 0, |out, x, round| out.assign_round(x.abs_ref(), round));
    }

    /// The lesser of a and b; undefined where either is.
    pub fn assign_min(&mut self, a: &Enclosure, b: &Enclosure) {
        if !self.begin(a.defined.max(b.defined)) {
            return;
        }
        let lo = if a.lo <= b.lo { &a.lo } else { &b.lo };
        let hi = if a.hi <= b.hi { &a.hi } else { &b.hi };
        self.set_ends(
            lo == hi,
            |out, round| out.assign_round(lo, round),
            |out, round| out.assign_round(hi, round),
        );
    }

    /// The greater of a and b; undefined where either is.
    pub fn assign_max(&mut self, a: &Enclosure, b: &Enclosure) {
        if !self.begin(a.defined.max(b.defined)) {
            return;
        }
        let lo = if a.lo >= b.lo { &a.lo } else { &b.lo };
        let hi = if a.hi >= b.hi { &a.hi } else { &b.hi };
        self.set_ends(
            lo == hi,
            |out, round| out.assign_round(lo, round),
            |out, round| out.assign_round(hi, round),
        );
    }

    /// √x, x ≥ 0.
    ///
    /// ```
    /// use ulpscope::enclosure::Enclosure;
    /// let (mut four, mut root) = (Enclosure::new(53), Enclosure::new(53));
    /// four.assign_rational(&rug::Rational::from(4));
    /// root.assign_sqrt(&four);
    /// assert!(root.is_point() && *root.lo() == 2);
    /// ```
    pub fn assign_sqrt(&mut self, x: &Enclosure) {
        let edges = (Edge::Closed(0), Edge::Nowhere);
        self.between(x, edges, false, |out, x, round| {
            out.assign_round(x.sqrt_ref(), round)
        });
    }

    /// The cube root, of negative numbers too.
    pub fn assign_cbrt(&mut self, x: &Enclosure) {
        self.increasing(x, |out, x, round| out.assign_round(x.cbrt_ref(), round));
    }

    /// √(a² + b²).
    pub fn assign_hypot(&mut self, a: &Enclosure, b: &Enclosure) {
        if !self.begin(a.defined.max(b.defined)) {
            return;
        }
        self.set_ends(
            a.is_point() && b.is_point(),
            |out, round| match (a.mignitude(), b.mignitude()) {
                (Some(a), Some(b)) => out.assign_round(a.hypot_ref(b), round),
                (Some(x), None) | (None, Some(x)) => out.assign_round(x.abs_ref(), round),
                (None, None) => out.assign_round(0, round),
            },
            |out, round| out.assign_round(a.magnitude().hypot_ref(b.magnitude()), round),
        );
    }
}
