//! One thread's share of a scan: runs of consecutive points, in blocks first and
//! then one by one.

use super::fast::Fast;
use super::hardware::Hardware64;
use super::plan::Plan;
use super::slow::{Said, Slow};
use super::space::Run;
use super::tally::Tally;
use crate::arithmetic::lanes::LANES;

/// The lengths of blocks that are tried, one after the other.
const BLOCKS: [u64; 3] = [1 << 14, 1 << 10, 1 << 6];

/// Errors of a block as close as this need no closer look.
const TIGHT: f64 = 1e-6;

/// The machines of one thread.
pub struct Worker<'p> {
    plan: &'p Plan<'p>,
    fast: Option<Fast<'p>>,
    hardware: Option<Hardware64<'p>>,
    slow: Slow<'p>,
    /// How often MPFR was asked about a block in this share, and how often it
    /// had an answer.
    asked: u32,
    answered: u32,
}

impl<'p> Worker<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Self {
        let fast = Fast::new(plan);
        Worker {
            plan,
            hardware: match fast {
                None => Hardware64::new(plan),
                Some(_) => None,
            },
            fast,
            slow: Slow::new(plan),
            asked: 0,
            answered: 0,
        }
    }

    /// Counts points that follow each other in the scan's order.
    pub fn share(&mut self, first: u64, points: u64, tally: &mut Tally) {
        // Nothing that other shares have left: which they are depends on threads.
        (self.asked, self.answered) = (0, 0);
        self.slow = Slow::new(self.plan);
        let inner = self.plan.space.inner().count;
        let mut index = first;
        while index < first + points {
            let place = index % inner;
            let run = Run {
                index,
                place,
                points: (inner - place).min(first + points - index),
            };
            self.run(run, tally);
            index += run.points;
        }
    }

    /// Counts single points, wherever they are.
    pub fn singles(&mut self, indices: &[u64], tally: &mut Tally) {
        let inner = self.plan.space.inner().count;
        for &index in indices {
            let place = index % inner;
            let run = Run {
                index,
                place,
                points: 1,
            };
            self.points(run, tally);
        }
    }

    /// What the hardware computes at a point, if it is asked.
    pub fn computed(&mut self, index: u64) -> Option<f64> {
        let run = Run {
            index,
            place: index % self.plan.space.inner().count,
            points: 1,
        };
        match (&mut self.fast, &mut self.hardware) {
            (Some(fast), _) => fast.hardware(run),
            (None, Some(hardware)) => Some(hardware.run(run)[0]),
            (None, None) => None,
        }
    }

    fn run(&mut self, run: Run, tally: &mut Tally) {
        let mut open = vec![run];
        if self.plan.blocks {
            for size in BLOCKS {
                open = self.blocks(&open, size, tally);
            }
        }
        for run in open {
            self.points(run, tally);
        }
    }

    /// Takes runs apart in blocks; gives back those that are not decided.
    fn blocks(&mut self, runs: &[Run], size: u64, tally: &mut Tally) -> Vec<Run> {
        let mut open: Vec<Run> = Vec::new();
        let mut leave = |run: Run| match open.last_mut() {
            Some(last) if last.index + last.points == run.index => last.points += run.points,
            _ => open.push(run),
        };
        let mut blocks = Vec::new();
        for &run in runs {
            let mut rest = run;
            while rest.points > 0 {
                let inner = self.plan.space.inner();
                let points = inner.until_multiple(rest.place, size).min(rest.points);
                blocks.push(rest.take(points));
                rest = rest.skip(points);
            }
        }
        for blocks in blocks.chunks(LANES) {
            // Short ones are done as fast point by point.
            let worth = |block: &Run| block.points > size / 16;
            if !blocks.iter().any(worth) {
                blocks.iter().for_each(|block| leave(*block));
                continue;
            }
            let known = match &mut self.fast {
                Some(fast) => fast.blocks(blocks, &mut self.slow, tally.top.floor()),
                None => vec![None; blocks.len()],
            };
            for (block, known) in blocks.iter().zip(known) {
                let said = match known {
                    Some(known) => known,
                    None if worth(block) => self.ask(block),
                    None => None,
                };
                if !said.is_some_and(|said| count_block(&said, block, tally)) {
                    leave(*block);
                }
            }
        }
        open
    }

    /// What MPFR says of a block, as long as it is worth asking.
    fn ask(&mut self, block: &Run) -> Option<Said> {
        if self.asked >= 16 && self.answered * 4 < self.asked {
            return None;
        }
        self.asked += 1;
        let (point, last) = self.plan.space.ends(block);
        let said = self.slow.block(&point, last)?;
        self.answered += 1;
        Some(said)
    }

    fn points(&mut self, run: Run, tally: &mut Tally) {
        let mut rest = run;
        while rest.points > 0 {
            let lanes = rest.take(rest.points.min(LANES as u64));
            if let Some(fast) = &mut self.fast {
                fast.points(lanes, &mut self.slow, tally);
            } else {
                let computed = self.hardware.as_mut().map(|hardware| hardware.run(lanes));
                for i in 0..lanes.points {
                    let index = lanes.index + i;
                    let point = self.plan.space.point(index);
                    let computed = computed.map(|computed| computed[i as usize]);
                    let said = self.slow.point(&point, computed, None, tally.top.floor());
                    said.count_point(index, tally);
                }
            }
            rest = rest.skip(lanes.points);
        }
    }
}

/// Counts a block, unless its points may be among those with the largest errors;
/// whether it was counted.
fn count_block(said: &Said, block: &Run, tally: &mut Tally) -> bool {
    if let Some(ulps) = said.outcome.ulps
        && ulps.upper >= tally.top.floor()
    {
        if ulps.upper - ulps.lower > TIGHT * ulps.upper {
            return false;
        }
        tally.top.add_block(block.index, block.points, ulps);
    }
    said.count(block.index, block.points, tally);
    true
}
