//! What a scan counts, and the points that it keeps.

use super::outcome::{Class, Outcome, Ulps};
use crate::formula::Cause;
use std::collections::BTreeMap;

/// How many points are of a kind, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    pub points: u64,
    /// The first and the last of them, in the order of the scan.
    pub ends: Option<(u64, u64)>,
}

impl Count {
    fn add(&mut self, (first, last): (u64, u64), points: u64) {
        self.points += points;
        self.ends = Some(match self.ends {
            None => (first, last),
            Some((low, high)) => (low.min(first), high.max(last)),
        });
    }

    fn merge(&mut self, other: &Count) {
        self.points += other.points;
        self.ends = match (self.ends, other.ends) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, other) => own.or(other),
        };
    }
}

/// A point with a large error.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Candidate {
    pub index: u64,
    pub ulps: Ulps,
}

/// The points that may be among those with the largest errors.
#[derive(Clone, Debug)]
pub struct Top {
    wanted: usize,
    /// So many points are known to have at least this error.
    floor: f64,
    pub candidates: Vec<Candidate>,
    /// No point that was let go because there were too many has a greater one.
    pub let_go: f64,
}

impl Top {
    pub fn new(wanted: usize, floor: f64) -> Top {
        Top {
            wanted,
            floor,
            candidates: Vec::new(),
            let_go: 0.0,
        }
    }

    /// An error below this one is not among the largest.
    pub fn floor(&self) -> f64 {
        self.floor
    }

    pub fn add(&mut self, index: u64, ulps: Ulps) {
        if ulps.upper < self.floor || self.wanted == 0 {
            return;
        }
        self.candidates.push(Candidate { index, ulps });
        if self.candidates.len() > 8 * self.wanted + 512 {
            self.prune();
        }
    }

    /// Points of a block, all with this error.
    pub fn add_block(&mut self, first: u64, points: u64, ulps: Ulps) {
        let kept = points.min(self.wanted as u64);
        for index in first..first + kept {
            self.add(index, ulps);
        }
        if points > kept {
            self.let_go = self.let_go.max(ulps.upper);
        }
    }

    /// Drops what is not among the largest, for sure; and what is too much.
    pub fn prune(&mut self) {
        let by_lower = |c: &Candidate, d: &Candidate| {
            let order = d.ulps.lower.total_cmp(&c.ulps.lower);
            order.then(c.index.cmp(&d.index))
        };
        self.candidates.sort_by(by_lower);
        if let Some(last) = self.candidates.get(self.wanted.wrapping_sub(1)) {
            self.floor = self.floor.max(last.ulps.lower);
        }
        let (floor, wanted) = (self.floor, self.wanted);
        let mut place = 0;
        self.candidates.retain(|candidate| {
            place += 1;
            // Of equal ones the first stay.
            place <= wanted || candidate.ulps.upper > floor
        });
        let most = 4 * self.wanted + 256;
        for candidate in self.candidates.drain(most.min(self.candidates.len())..) {
            self.let_go = self.let_go.max(candidate.ulps.upper);
        }
    }
}

/// All that is counted over some points.
#[derive(Clone, Debug)]
pub struct Tally {
    /// By [`Class`].
    pub classes: [Count; Class::ALL.len()],
    /// Finite errors by their bin.
    pub ulps: BTreeMap<u32, u64>,
    /// By whole bits of error.
    pub bits: BTreeMap<u32, u64>,
    /// By [`Cause`].
    pub causes: [u64; Cause::ALL.len()],
    pub top: Top,
}

impl Tally {
    pub fn new(top: Top) -> Tally {
        Tally {
            classes: Default::default(),
            ulps: BTreeMap::new(),
            bits: BTreeMap::new(),
            causes: [0; Cause::ALL.len()],
            top,
        }
    }

    pub fn class(&mut self, class: Class, first: u64, points: u64) {
        self.class_between(class, (first, first + (points - 1)), points);
    }

    /// Points of a class between two of them.
    pub fn class_between(&mut self, class: Class, ends: (u64, u64), points: u64) {
        self.classes[class as usize].add(ends, points);
    }

    pub fn cause(&mut self, cause: Cause, points: u64) {
        self.causes[cause as usize] += points;
    }

    pub fn ulps_bin(&mut self, bin: u32, points: u64) {
        add(&mut self.ulps, bin, points);
    }

    pub fn bits_bin(&mut self, bin: u32, points: u64) {
        add(&mut self.bits, bin, points);
    }

    /// Points that all have this outcome, but not their errors' size.
    pub fn outcome(&mut self, outcome: &Outcome, first: u64, points: u64) {
        self.class(outcome.class, first, points);
        if let Some(bits) = outcome.bits {
            self.bits_bin(bits, points);
        }
        if let Some(bin) = outcome.ulps_bin {
            self.ulps_bin(bin, points);
        }
    }

    /// Takes over what was counted elsewhere, later in the scan's order.
    pub fn merge(&mut self, other: &Tally) {
        for (own, other) in self.classes.iter_mut().zip(&other.classes) {
            own.merge(other);
        }
        for (&bin, &points) in &other.ulps {
            self.ulps_bin(bin, points);
        }
        for (&bin, &points) in &other.bits {
            self.bits_bin(bin, points);
        }
        for (own, other) in self.causes.iter_mut().zip(other.causes) {
            *own += other;
        }
        for candidate in &other.top.candidates {
            self.top.add(candidate.index, candidate.ulps);
        }
        self.top.let_go = self.top.let_go.max(other.top.let_go);
    }
}

fn add(bins: &mut BTreeMap<u32, u64>, bin: u32, points: u64) {
    if points > 0 {
        *bins.entry(bin).or_default() += points;
    }
}
