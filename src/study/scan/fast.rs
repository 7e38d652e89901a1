//! Points and blocks of narrow formats by certified lanes.

use super::causes::Place;
use super::hardware::Points;
use super::measured::{How, Measured, NO_BIN, UNKNOWN};
use super::outcome::{Class, Ulps, bits_bin, is_nearest, judge};
use super::plan::{Plan, Source};
use super::slow::{Said, Slow};
use super::space::Run;
use super::tally::Tally;
use crate::arithmetic::happened::{has_pole, rational_only_at};
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
            && !matches!(node.op, Op::Convert | Op::Cast(_) | Op::Polygamma)
            && (node.op != Op::Fma || plan.format.precision() <= 26);
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
            measured: Measured::new(),
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
        let how = How {
            narrow: &self.narrow,
            nearest: self.nearest,
        };
        self.measured.compare(self.level, &how, truth);
        if self.plan.causes {
            self.find_causes();
        }
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

    /// What the root makes of its operands, exactly, and what happened there.
    fn find_causes(&mut self) {
        if !self.root.plain {
            self.measured.cause = [UNKNOWN; LANES];
            return;
        }
        let [a, b, c] = &self.operands;
        let count = self.root.operands.len();
        let but = rational_only_at(&self.root.op).map(f64::from);
        if but.is_none() {
            let operands = &[a, b, c][..count];
            enclose(self.level, &self.root.op, operands, &mut self.exact);
        }
        let fma = self.root.op == Op::Fma;
        if fma {
            // The terms of the sum: an exact product, and the last operand.
            let [x, y, z] = &mut self.operands;
            for i in 0..LANES {
                let known = x.lo[i] == x.hi[i] && y.lo[i] == y.hi[i];
                let product = if known { x.lo[i] * y.lo[i] } else { f64::NAN };
                (x.lo[i], x.hi[i]) = (product, product);
                (y.lo[i], y.hi[i]) = (z.lo[i], z.hi[i]);
            }
        }
        let place = Place {
            narrow: &self.narrow,
            sum: fma || matches!(self.root.op, Op::Add | Op::Sub),
            product: fma,
            has_pole: has_pole(&self.root.op),
            count,
            but,
        };
        self.measured
            .find_causes(self.level, &place, &self.operands, &self.exact);
    }

    /// Counts lanes without a stray among them; whether they were counted.
    fn count_together(&self, run: Run, tally: &mut Tally) -> bool {
        let measured = &*self.measured;
        let mut sums = Sums::default();
        let all = &mut sums;
        dispatch!(self.level, summarize, (measured: &Measured, all: &mut Sums));
        if sums.strays > 0 || sums.largest >= tally.top.floor() {
            return false;
        }
        for (class, points) in Class::ALL.into_iter().zip(sums.classes) {
            if points > 0 {
                let is_one = |own: &u8| *own == class as u8;
                let first = measured.class.iter().position(is_one).unwrap_or(0);
                let last = measured.class.iter().rposition(is_one).unwrap_or(0);
                let ends = (run.index + first as u64, run.index + last as u64);
                tally.class_between(class, ends, u64::from(points));
            }
        }
        for (bin, points) in (0..).zip(sums.bins) {
            tally.ulps_bin(bin, u64::from(points));
        }
        for (bin, points) in (0..).zip(sums.bits) {
            tally.bits_bin(bin, u64::from(points));
        }
        if self.plan.causes {
            for (cause, points) in Cause::ALL.into_iter().zip(sums.causes) {
                tally.cause(cause, u64::from(points));
            }
        }
        true
    }

    fn count(&mut self, run: Run, slow: &mut Slow<'p>, tally: &mut Tally) {
        let measured = &*self.measured;
        let points = run.points as usize;
        let floor = tally.top.floor();
        if points == LANES && self.count_together(run, tally) {
            return;
        }
        for i in 0..points {
            let index = run.index + i as u64;
            let (class, cause) = (measured.class[i], measured.cause[i]);
            if class == UNKNOWN || cause == UNKNOWN {
                let point = self.plan.space.point(index);
                let hardware = self.hardware.is_some().then_some(measured.computed[i]);
                let cause = Cause::ALL.get(usize::from(cause)).copied();
                let said = slow.point(&point, hardware, cause, floor);
                said.count_point(index, tally);
                continue;
            }
            tally.class(Class::ALL[usize::from(class)], index, 1);
            tally.bits_bin(bits_bin(measured.steps[i].unsigned_abs()), 1);
            if measured.bin[i] != NO_BIN {
                tally.ulps_bin(measured.bin[i], 1);
                if measured.upper[i] >= floor {
                    let ulps = Ulps {
                        lower: measured.lower[i],
                        upper: measured.upper[i],
                    };
                    tally.top.add(index, ulps);
                }
            }
            if self.plan.causes {
                tally.cause(Cause::ALL[usize::from(cause)], 1);
            }
        }
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
                    let (point, last) = space.ends(block);
                    (lo[k], hi[k]) = (point[inner], last);
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
        let size = if -lo > hi { -lo } else { hi };
        let nothing = lo.is_nan() || hi.is_nan();
        let vague =
            nothing || (hi - lo > VAGUE * size && self.narrow.round(lo) != self.narrow.round(hi));
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
            let (point, last) = self.plan.space.ends(block);
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

/// Bounds that are farther apart than this part of their size say more where
/// they are made by MPFR.
const VAGUE: f64 = 1.0 / 32.0;

/// How many lanes are of each kind.
#[derive(Default)]
struct Sums {
    classes: [u32; Class::ALL.len()],
    causes: [u32; Cause::ALL.len()],
    /// By the first bins of errors in ulps.
    bins: [u32; 4],
    /// By the first whole bits of error.
    bits: [u32; 2],
    /// The lanes that are none of these.
    strays: u32,
    largest: f64,
}

#[inline(always)]
fn summarize<const FMA: bool>(measured: &Measured, sums: &mut Sums) {
    let mut strays = 0;
    let mut largest = 0.0;
    for i in 0..LANES {
        let far = !(-2..=2).contains(&measured.steps[i]);
        let high = measured.bin[i] as usize >= sums.bins.len();
        strays += u32::from(far | high);
        let upper = measured.upper[i];
        largest = if upper > largest { upper } else { largest };
    }
    let mut unknown = 0;
    for i in 0..LANES {
        unknown +=
            u32::from(measured.class[i] == UNKNOWN) + u32::from(measured.cause[i] == UNKNOWN);
    }
    sums.strays = strays + unknown;
    sums.largest = largest;
    if sums.strays > 0 {
        return;
    }
    let kinds = |codes: &[u8; LANES], sums: &mut [u32]| {
        for (code, sum) in (0_u8..).zip(sums) {
            let mut count = 0;
            for own in codes {
                count += u32::from(*own == code);
            }
            *sum = count;
        }
    };
    kinds(&measured.class, &mut sums.classes);
    kinds(&measured.cause, &mut sums.causes);
    for (bin, sum) in (0_u32..).zip(&mut sums.bins) {
        let mut count = 0;
        for own in &measured.bin {
            count += u32::from(*own == bin);
        }
        *sum = count;
    }
    let mut same = 0;
    for steps in &measured.steps {
        same += u32::from(*steps == 0);
    }
    sums.bits = [same, LANES as u32 - same];
}
