//! From a quantifier to the numbers that its variable takes.

use super::space::{End, Numbers};
use crate::format::{Format, Rounding};
use crate::formula::{Context, Diagnostic, Span};
use crate::language::{Bounds, Over, Quantified, RangeEnd};
use crate::truth::{Truth, Unanswered};
use rug::float::Special;
use rug::{Float, Integer, Rational};

/// The bits to which an irrational end is enclosed.
const END_BITS: u32 = 320;

/// An end of a range.
#[derive(Clone, Debug)]
enum Place {
    Exact(Rational),
    /// An irrational number between two.
    Between(Rational, Rational),
    Infinite,
    NegInfinite,
}

/// The pieces of a variable's range, in order: a format's infinities stand
/// apart, and so do the borders next to an irrational end.
///
/// # Errors
/// Where an end has no value, the range is empty or reversed, and where the ends
/// of integers are none.
pub fn axis(quantified: &Quantified, limit: u32) -> Result<Vec<Numbers>, Diagnostic> {
    match &quantified.over {
        Over::Reals(None) => Ok(vec![reals(None, None, [true; 2])]),
        Over::Reals(Some(bounds)) => real_pieces(bounds, limit),
        Over::Floats(format, bounds) => float_pieces(*format, bounds.as_ref(), limit),
        Over::Integers(first, last) => {
            let (first, last) = integers(first, last, limit)?;
            Ok(vec![Numbers::Integers { first, last }])
        }
    }
}

/// The ends of a range of integers.
///
/// # Errors
/// As [`axis`].
pub fn integers(
    first: &RangeEnd,
    last: &RangeEnd,
    limit: u32,
) -> Result<(Integer, Integer), Diagnostic> {
    let integer = |end: &RangeEnd| match place(end, limit)? {
        Place::Exact(value) if value.is_integer() => Ok(value.into_numer_denom().0),
        _ => Err(
            Diagnostic::new("a range from..to has integers, which this is not")
                .at(end.span)
                .help("for real numbers write in [from, to]"),
        ),
    };
    let (low, high) = (integer(first)?, integer(last)?);
    if low > high {
        return Err(reversed(first.span.to(last.span)));
    }
    Ok((low, high))
}

fn reals(lo: Option<Rational>, hi: Option<Rational>, open: [bool; 2]) -> Numbers {
    let end = |at: Option<Rational>, open: bool| End {
        open: open || at.is_none(),
        at,
    };
    Numbers::Reals {
        lo: end(lo, open[0]),
        hi: end(hi, open[1]),
        splits: 0,
    }
}

fn reversed(span: Span) -> Diagnostic {
    Diagnostic::new("the range is empty: it ends before it begins")
        .at(span)
        .help("exchange the ends")
}

fn empty(bounds: &Bounds) -> Diagnostic {
    Diagnostic::new("the range is empty: its ends are one number, which does not belong to it")
        .at(bounds.span)
        .help("[a, b] includes both ends, (a, b) neither")
}

fn real_pieces(bounds: &Bounds, limit: u32) -> Result<Vec<Numbers>, Diagnostic> {
    let (lo, hi) = places(bounds, limit)?;
    let mut pieces = Vec::with_capacity(3);
    let (from, from_open) = match lo {
        Place::Exact(at) => (Some(at), bounds.lo_open),
        Place::Between(below, above) => {
            pieces.push(Numbers::border(below, above.clone()));
            (Some(above), false)
        }
        _ => (None, true),
    };
    let (to, to_open, last) = match hi {
        Place::Exact(at) => (Some(at), bounds.hi_open, None),
        Place::Between(below, above) => (
            Some(below.clone()),
            false,
            Some(Numbers::border(below, above)),
        ),
        _ => (None, true, None),
    };
    // Between two ends as near as these there is nothing but the borders.
    if from
        .as_ref()
        .zip(to.as_ref())
        .is_none_or(|(from, to)| from <= to)
    {
        pieces.push(reals(from, to, [from_open, to_open]));
    }
    pieces.extend(last);
    Ok(pieces)
}

/// The ends of a range that is not empty.
fn places(bounds: &Bounds, limit: u32) -> Result<(Place, Place), Diagnostic> {
    let (lo, hi) = (place(&bounds.lo, limit)?, place(&bounds.hi, limit)?);
    let value = |place: &Place, upper: bool| match place {
        Place::Exact(at) => Some(at.clone()),
        Place::Between(below, above) => Some(if upper { above.clone() } else { below.clone() }),
        Place::Infinite | Place::NegInfinite => None,
    };
    match (&lo, &hi) {
        (Place::Infinite, Place::Infinite) | (Place::NegInfinite, Place::NegInfinite) => {
            if bounds.lo_open || bounds.hi_open {
                return Err(empty(bounds));
            }
        }
        (Place::Infinite, _) | (_, Place::NegInfinite) => return Err(reversed(bounds.span)),
        (Place::Between(below, _), Place::Between(_, above))
            if below <= above && value(&lo, true) > value(&hi, false) =>
        {
            let message = "the two ends of this range are not told apart";
            return Err(Diagnostic::new(message)
                .at(bounds.span)
                .help("where there is one number, write a value in place of a range"));
        }
        _ => {
            if let (Some(low), Some(high)) = (value(&lo, true), value(&hi, false)) {
                if low > high {
                    return Err(reversed(bounds.span));
                }
                if low == high && (bounds.lo_open || bounds.hi_open) {
                    return Err(empty(bounds));
                }
            }
        }
    }
    Ok((lo, hi))
}

fn place(end: &RangeEnd, limit: u32) -> Result<Place, Diagnostic> {
    let formula = end.value.inline(Context::Real)?;
    let mut truth = Truth::new(&formula, Vec::new(), limit.max(2 * END_BITS));
    let infinite = |special: &Float| {
        if special.is_nan() {
            Err(Diagnostic::new("a range has no end at NaN").at(end.span))
        } else if special.is_sign_negative() {
            Ok(Place::NegInfinite)
        } else {
            Ok(Place::Infinite)
        }
    };
    if let Some(special) = truth.value().special() {
        return infinite(special);
    }
    let enclosure = truth.enclosure(END_BITS).map_err(|problem: Unanswered| {
        Diagnostic::new(format!("this is no usable value: {problem}"))
            .at(end.span)
            .help("ends are numbers, as in [0, 100] or [2^-24, inf)")
    })?;
    if let Some(special) = truth.value().special() {
        return infinite(special);
    }
    if let Some(exact) = truth.value().exact() {
        return Ok(Place::Exact(exact.clone()));
    }
    let bounds = [enclosure.lo(), enclosure.hi()].map(|x| {
        let handy = crate::format::exponent(x).is_none_or(|e| e.abs() < 1 << 20);
        x.to_rational().filter(|_| handy)
    });
    match bounds {
        [Some(below), Some(above)] => Ok(Place::Between(below, above)),
        _ => Err(Diagnostic::new("this end is too great or too small").at(end.span)),
    }
}

fn float_pieces(
    format: Format,
    bounds: Option<&Bounds>,
    limit: u32,
) -> Result<Vec<Numbers>, Diagnostic> {
    let largest = format.largest_ordinal();
    let single = |special| Numbers::Single(Float::with_val(format.precision(), special));
    let Some(bounds) = bounds else {
        return Ok(vec![Numbers::Floats {
            format,
            first: Integer::from(-&largest),
            last: largest,
        }]);
    };
    let (lo, hi) = places(bounds, limit)?;
    for (place, end) in [(&lo, &bounds.lo), (&hi, &bounds.hi)] {
        if let Place::Between(below, above) = place
            && let Some(first) = first_from(format, below, false)
            && format
                .from_ordinal(&first)
                .is_some_and(|first| first <= *above)
        {
            let message = format!("this end is not told apart from a number of {format}");
            return Err(Diagnostic::new(message)
                .at(end.span)
                .help("write the number itself"));
        }
    }
    let mut pieces = Vec::with_capacity(3);
    let named = |infinity: bool, open: bool| infinity && !open && format.has_infinity();
    if named(matches!(lo, Place::NegInfinite), bounds.lo_open) {
        pieces.push(single(Special::NegInfinity));
    }
    let first = match &lo {
        Place::NegInfinite => Some(Integer::from(-&largest)),
        Place::Infinite => None,
        Place::Exact(at) => first_from(format, at, bounds.lo_open),
        Place::Between(_, above) => first_from(format, above, false),
    };
    let last = match &hi {
        Place::Infinite => Some(largest),
        Place::NegInfinite => None,
        Place::Exact(at) => last_to(format, at, bounds.hi_open),
        Place::Between(below, _) => last_to(format, below, false),
    };
    if let (Some(first), Some(last)) = (first, last)
        && first <= last
    {
        pieces.push(Numbers::Floats {
            format,
            first,
            last,
        });
    }
    if named(matches!(hi, Place::Infinite), bounds.hi_open) {
        pieces.push(single(Special::Infinity));
    }
    if pieces.is_empty() {
        let message = format!("no number of {format} lies in this range");
        return Err(Diagnostic::new(message)
            .at(bounds.span)
            .help("widen the range, or quantify over real numbers: leave the format out"));
    }
    Ok(pieces)
}

/// The ordinal of the first number from `from` on.
fn first_from(format: Format, from: &Rational, open: bool) -> Option<Integer> {
    let up = format.nearest().with_rounding(Rounding::Up);
    let first = up.round_rational(from);
    if !first.is_finite() || first < *from {
        return None;
    }
    let ordinal = format.ordinal(&first)?;
    Some(if open && first == *from {
        ordinal + 1u32
    } else {
        ordinal
    })
}

/// The ordinal of the last number up to `to`.
fn last_to(format: Format, to: &Rational, open: bool) -> Option<Integer> {
    let mirrored = first_from(format, &Rational::from(-to), open)?;
    Some(-mirrored)
}

/// The ordinals of the first and the last number in a range, if there is one.
pub fn ordinals(format: Format, from: &Rational, to: &Rational) -> Option<(Integer, Integer)> {
    let (first, last) = (
        first_from(format, from, false)?,
        last_to(format, to, false)?,
    );
    (first <= last).then_some((first, last))
}
