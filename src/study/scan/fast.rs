//! Points and blocks of narrow formats by certified lanes.

use super::hardware::Points;
use super::outcome::{Class, Ulps, bits_bin, is_nearest, judge, ulps_bin, wrong};
use super::plan::{Plan, Source};
use super::slow::{Said, Slow};
use super::tally::Tally;
use super::worker::{Run, count_point};
use crate::arithmetic::lanes::{Bounds, Enclosures, LANES, Level, dispatch, enclose};
use crate::evaluate::Machine;
use crate::format::Narrow;
use crate::formula::{Cause, NodeId, Op};
use rug::Float;
use rug::float::Round;

/// The machines of one thread.
pub struct Fast<'p> {
    plan: &'p Plan<'p>,
    level: Level,
    narrow: Narrow,
    nearest: bool,
    /// The exact value's enclosures.
    truth: Machine<'p, Enclosures>,
    /// What binary32 hardware computes.
    hardware: Option<Points<'p, f32>>,
    /// Bounds of what the format computes.
    computed: Machine<'p, Enclosures>,
    root: Root,
    /// Bounds of the operands at the root, and of what it makes of these exactly.
    operands: [Bounds; 3],
    exact: Bounds,
    measured: Box<Measured>,
}

/// The operation at the root of the computation.
struct Root {
    op: Op,
    operands: Vec<NodeId>,
    /// Whether lanes tell its causes: it is an operation of the format on the
    /// format's numbers.
    plain: bool,
}

/// What vector instructions find out of each lane.
#[repr(align(64))]
struct Measured {
    computed: [f64; LANES],
    /// The exact value rounded; NaN where that is not known.
    rounded: [f64; LANES],
    /// Bounds of the error in ulps.
    lower: [f64; LANES],
    upper: [f64; LANES],
}

impl<'p> Fast<'p> {
    /// The machines, if the format is narrow.
    pub fn new(plan: &'p Plan<'p>) -> Option<Self> {
        let narrow = Narrow::new(&plan.format)?;
        let level = Level::best();
        let computed = &*plan.computed;
        let inputs = plan.sources.len();
        let mut truth = Machine::new(plan.exact, Enclosures::new(level, None, inputs));
        let ambient = Enclosures::new(level, Some(plan.format), inputs);
        let mut fast_computed = Machine::new(computed, ambient);
        for machine in [&mut truth, &mut fast_computed] {
            let inputs = machine.arithmetic_mut().inputs_mut();
            for (input, source) in inputs.iter_mut().zip(&plan.sources) {
                if let Source::Fixed(value) = source {
                    let end = |round| {
                        let end = Float::with_val_round(53, value, round).0;
                        end.to_f64_round(round)
                    };
                    input.assign_all(end(Round::Down), end(Round::Up));
                }
            }
        }
        let root = computed.root();
        let node = computed.node(root);
        let operands = computed.operands(root).to_vec();
        let context = |id: NodeId| computed.node(id).context;
        let plain = !operands.is_empty()
            && operands.len() <= 3
            && operands.iter().all(|&id| context(id) == node.context)
            && !matches!(node.op, Op::Convert | Op::Cast(_) | Op::Fma | Op::Polygamma);
        Some(Fast {
            plan,
            level,
            narrow,
            nearest: is_nearest(&plan.format),
            truth,
            hardware: Points::new(plan),
            computed: fast_computed,
            root: Root {
                op: node.op.clone(),
                operands,
                plain,
            },
            operands: [Bounds::unknown(), Bounds::unknown(), Bounds::unknown()],
            exact: Bounds::unknown(),
            measured: Box::new(Measured {
                computed: [0.0; LANES],
                rounded: [0.0; LANES],
                lower: [0.0; LANES],
                upper: [0.0; LANES],
            }),
        })
    }

    /// What the hardware computes at a point, if it is asked.
    pub fn hardware(&mut self, run: Run) -> Option<f64> {
        let hardware = self.hardware.as_mut()?;
        Some(f64::from(hardware.run(run)[0]))
    }

    /// Counts up to [`LANES`] points; those that are not decided here go to MPFR.
    pub fn points(&mut self, run: Run, slow: &mut Slow<'p>, tally: &mut Tally) {
        let space = self.plan.space;
        let point = space.point(run.index);
        let inner = point.len() - 1;
        for (axis, &x) in point.iter().enumerate() {
            let numbers = if axis == inner {
                space.inner().numbers(run.place, run.points)
            } else {
                [x; LANES]
            };
            for (i, source) in self.plan.sources.iter().enumerate() {
                if matches!(source, Source::Axis(own) if *own == axis) {
                    self.truth.arithmetic_mut().inputs_mut()[i].assign_points(&numbers);
                    if self.hardware.is_none() {
                        self.computed.arithmetic_mut().inputs_mut()[i].assign_points(&numbers);
                    }
                }
            }
            if let Some(hardware) = &mut self.hardware {
                hardware.fill(axis, &numbers);
            }
        }
        self.compute();
        let truth = self.truth.run();
        let (narrow, measured) = (&self.narrow, &mut *self.measured);
        dispatch!(self.level, measure, (
            narrow: &Narrow, truth: &Bounds, measured: &mut Measured
        ));
        self.enclose_root();
        self.count(run, slow, tally);
    }

    /// What is computed in each lane, NaN where that is not known, and the
    /// operands at the root.
    fn compute(&mut self) {
        match &mut self.hardware {
            Some(hardware) => {
                let computed = hardware.evaluate();
                for (wide, x) in self.measured.computed.iter_mut().zip(computed) {
                    *wide = f64::from(*x);
                }
                let trace = hardware.trace();
                for (bounds, id) in self.operands.iter_mut().zip(&self.root.operands) {
                    bounds.assign_points(&trace[id.index()].0.map(f64::from));
                }
            }
            None => {
                let bounds = self.computed.run();
                for i in 0..LANES {
                    let known = bounds.lo[i] == bounds.hi[i];
                    self.measured.computed[i] = if known { bounds.lo[i] } else { f64::NAN };
                }
                for (bounds, id) in self.operands.iter_mut().zip(&self.root.operands) {
                    bounds.clone_from(self.computed.value(*id));
                }
            }
        }
    }

    /// What the root makes of its operands, exactly.
    fn enclose_root(&mut self) {
        if self.plan.causes && self.root.plain {
            let [a, b, c] = &self.operands;
            let operands = [a, b, c];
            let operands = &operands[..self.root.operands.len()];
            enclose(self.level, &self.root.op, operands, &mut self.exact);
        }
    }

    fn count(&mut self, run: Run, slow: &mut Slow<'p>, tally: &mut Tally) {
        let truth = self.truth.value(self.truth.formula().root());
        let measured = &*self.measured;
        // Points in a row that are correctly rounded and of one cause go together.
        let mut alike: Option<(Cause, u64, u64)> = None;
        let flush = |alike: &mut Option<(Cause, u64, u64)>, tally: &mut Tally| {
            if let Some((cause, first, points)) = alike.take() {
                tally.class(Class::Correct, first, points);
                tally.bits_bin(0, points);
                tally.ulps_bin(0, points);
                if self.plan.causes {
                    tally.cause(cause, points);
                }
            }
        };
        for i in 0..run.points as usize {
            let index = run.index + i as u64;
            let (computed, rounded) = (measured.computed[i], measured.rounded[i]);
            let ulps = Ulps {
                lower: measured.lower[i],
                upper: measured.upper[i],
            };
            let cause = if self.plan.causes {
                self.cause(i, computed)
            } else {
                Some(Cause::Exact)
            };
            let Some(cause) = cause.filter(|_| !rounded.is_nan() && !computed.is_nan()) else {
                let point = self.plan.space.point(index);
                let hardware = self.hardware.is_some().then_some(computed);
                count_point(&slow.point(&point, hardware), index, tally);
                continue;
            };
            if computed == rounded && self.nearest && computed.is_finite() {
                match &mut alike {
                    Some((known, first, points))
                        if *known == cause && *first + *points == index =>
                    {
                        *points += 1;
                    }
                    _ => {
                        flush(&mut alike, tally);
                        alike = Some((cause, index, 1));
                    }
                }
                if ulps.upper >= tally.top.floor() {
                    tally.top.add(index, ulps);
                }
                continue;
            }
            match self.other(computed, rounded, (truth.lo[i], truth.hi[i]), ulps) {
                Some((class, distance, bin)) => {
                    tally.class(class, index, 1);
                    tally.bits_bin(bits_bin(distance), 1);
                    if let Some(bin) = bin {
                        tally.ulps_bin(bin, 1);
                        tally.top.add(index, ulps);
                    }
                    if self.plan.causes {
                        tally.cause(cause, 1);
                    }
                }
                None => {
                    let point = self.plan.space.point(index);
                    let hardware = self.hardware.is_some().then_some(computed);
                    count_point(&slow.point(&point, hardware), index, tally);
                }
            }
        }
        flush(&mut alike, tally);
    }

    /// The class of a point, the floats between, and the bin of its error in ulps;
    /// `None` where the lanes do not tell.
    fn other(
        &self,
        computed: f64,
        rounded: f64,
        (lo, hi): (f64, f64),
        ulps: Ulps,
    ) -> Option<(Class, u64, Option<u32>)> {
        let steps = self.narrow.ordinal(computed) - self.narrow.ordinal(rounded);
        let class = match steps {
            0 => Class::Correct,
            1 | -1 => {
                let (all, none) = if steps > 0 {
                    (lo > rounded, hi <= rounded)
                } else {
                    (hi < rounded, lo >= rounded)
                };
                if all == none {
                    return None;
                }
                if all { Class::Faithful } else { far(computed) }
            }
            _ => far(computed),
        };
        let bin = if computed.is_finite() {
            let bins = [ulps.lower, ulps.upper].map(ulps_bin);
            if class == Class::Correct && self.nearest {
                Some(0)
            } else if bins[0] == bins[1] && ulps.upper.is_finite() {
                Some(bins[0])
            } else {
                return None;
            }
        } else {
            None
        };
        Some((class, steps.unsigned_abs(), bin))
    }

    /// What happened at the root in a lane; `None` where the lanes do not tell.
    fn cause(&self, i: usize, result: f64) -> Option<Cause> {
        let [x, y, z] = [0, 1, 2].map(|k| match self.root.operands.get(k) {
            Some(_) if self.operands[k].lo[i] == self.operands[k].hi[i] => self.operands[k].lo[i],
            Some(_) => f64::NAN,
            None => 0.0,
        });
        let exact = (self.exact.lo[i], self.exact.hi[i]);
        let largest = self.narrow.largest();
        let inside = exact.0.abs() < largest && exact.1.abs() < largest;
        let finite = x.is_finite() && y.is_finite() && z.is_finite() && result.is_finite();
        if !(self.root.plain && inside && finite) {
            return None;
        }
        let inexact = if result < exact.0 || result > exact.1 {
            true
        } else if exact.0 == exact.1 {
            false
        } else {
            return None;
        };
        let size = result.abs();
        let sum = matches!(self.root.op, Op::Add | Op::Sub);
        Some(if result == 0.0 && inexact {
            Cause::Underflow
        } else if result != 0.0 && size < self.narrow.least_normal() {
            Cause::Subnormal
        } else if sum && inexact && ((size == x.abs() && y != 0.0) || (size == y.abs() && x != 0.0))
        {
            Cause::Absorbed
        } else if sum && cancels(x, y, result) {
            Cause::Cancelled
        } else if inexact {
            Cause::Rounded
        } else {
            Cause::Exact
        })
    }

    /// What is said of blocks of consecutive points: something, that nothing can
    /// be said of all of the block's points (the inner `None`), or that the lanes
    /// know too little.
    pub fn blocks(
        &mut self,
        blocks: &[Run],
        slow: &mut Slow<'p>,
        floor: f64,
    ) -> Vec<Option<Option<Said>>> {
        let space = self.plan.space;
        let inner = space.axes.len() - 1;
        let first = space.point(blocks[0].index);
        for (i, source) in self.plan.sources.iter().enumerate() {
            let Source::Axis(axis) = source else { continue };
            let (mut lo, mut hi) = ([first[*axis]; LANES], [first[*axis]; LANES]);
            if *axis == inner {
                for (k, block) in blocks.iter().enumerate() {
                    lo[k] = space.inner().number(block.place);
                    hi[k] = space.inner().number(block.place + block.points - 1);
                }
            }
            for machine in [&mut self.truth, &mut self.computed] {
                machine.arithmetic_mut().inputs_mut()[i].assign_ranges(&lo, &hi);
            }
        }
        self.truth.run();
        self.computed.run();
        let said = blocks.iter().enumerate();
        said.map(|(i, block)| self.block(i, block, slow, floor))
            .collect()
    }

    fn block(
        &self,
        i: usize,
        block: &Run,
        slow: &mut Slow<'p>,
        floor: f64,
    ) -> Option<Option<Said>> {
        let truth = self.truth.value(self.truth.formula().root());
        let computed = self.computed.value(self.computed.formula().root());
        let (lo, hi) = (truth.lo[i], truth.hi[i]);
        let known = computed.lo[i] <= computed.hi[i];
        if known && computed.lo[i] != computed.hi[i] {
            return Some(None);
        }
        let vague =
            !(lo <= hi) || (lo < 0.0 && hi > 0.0 && self.narrow.round(lo) != self.narrow.round(hi));
        if !known || vague {
            return None;
        }
        let format = &self.plan.format;
        let result = Float::with_val(format.precision(), computed.lo[i]);
        let ends = [lo, hi].map(|end| Float::with_val(53, end));
        let Some(outcome) = judge(format, &result, &ends[0], &ends[1]) else {
            return Some(None);
        };
        // It would have to be looked at point by point.
        if outcome
            .ulps
            .is_some_and(|ulps| ulps.upper >= floor && ulps.upper > 2.0 * ulps.lower)
        {
            return Some(None);
        }
        let cause = if self.plan.causes {
            let point = self.plan.space.point(block.index);
            let last = self
                .plan
                .space
                .inner()
                .number(block.place + block.points - 1);
            match slow.cause(&point, last) {
                Some(cause) => Some(cause),
                None => return Some(None),
            }
        } else {
            None
        };
        Some(Some(Said { outcome, cause }))
    }
}

/// The class of what is neither right nor faithful.
fn far(computed: f64) -> Class {
    wrong(&Float::with_val(53, computed))
}

/// Whether a sum is smaller than its terms, by its exponent, or 0.
fn cancels(x: f64, y: f64, sum: f64) -> bool {
    let exponent = |x: f64| (x.to_bits() >> 52) & 0x7ff;
    let greatest = exponent(x).max(exponent(y));
    (x != 0.0 || y != 0.0) && (sum == 0.0 || exponent(sum) < greatest)
}

/// Rounds the exact values and bounds the errors.
#[inline(always)]
fn measure<const FMA: bool>(narrow: &Narrow, truth: &Bounds, measured: &mut Measured) {
    // More than two roundings of binary64, either way.
    const MORE: f64 = 1.0 + 4.0 * f64::EPSILON;
    const LESS: f64 = 1.0 - 4.0 * f64::EPSILON;
    let fast = narrow.is_binary32();
    for i in 0..LANES {
        let (lo, hi) = (truth.lo[i], truth.hi[i]);
        let (least, most) = if fast {
            (f64::from(lo as f32), f64::from(hi as f32))
        } else {
            (narrow.round(lo), narrow.round(hi))
        };
        measured.rounded[i] = if least == most { least } else { f64::NAN };
    }
    for i in 0..LANES {
        let (lo, hi) = (truth.lo[i], truth.hi[i]);
        let computed = measured.computed[i];
        let (above, below) = ((computed - hi).abs(), (computed - lo).abs());
        let far = if above > below { above } else { below };
        let near = if above < below { above } else { below };
        let near = if lo <= computed && computed <= hi {
            0.0
        } else {
            near
        };
        // The difference of two numbers, exactly, where it is one of binary64.
        let part = computed - lo;
        let other = part - computed;
        let rest = (computed - (part - other)) - (lo + other);
        let exact = lo == hi && rest == 0.0;
        let (sizes, straddles) = ((lo.abs(), hi.abs()), lo < 0.0 && hi > 0.0);
        let small = if sizes.0 < sizes.1 { sizes.0 } else { sizes.1 };
        let large = if sizes.0 < sizes.1 { sizes.1 } else { sizes.0 };
        let small = if straddles { 0.0 } else { small };
        let upper = far * narrow.inverse_ulp(small);
        let lower = near * narrow.inverse_ulp(large);
        measured.upper[i] = if exact { upper } else { upper * MORE };
        measured.lower[i] = if exact { lower } else { lower * LESS };
    }
}
