//! Choices on the tape: what contributions of one branch become outside of it.

use super::*;
use std::cmp::Reverse as Descending;
use std::collections::BTreeMap;

/// The branches that a contribution comes from: an index into the list of
/// [`Guard`]s, 0 being none.
pub type GuardId = u32;

/// One branch of a choice, inside others.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    parent: GuardId,
    depth: u32,
    condition: NodeId,
    holds: bool,
}

impl Guard {
    /// No branch at all.
    pub fn none() -> Guard {
        Guard {
            parent: 0,
            depth: 0,
            condition: NodeId(0),
            holds: true,
        }
    }
}

impl Tape<'_> {
    /// The branch of a choice, inside the branches of `parent`.
    pub(super) fn branch(&mut self, parent: GuardId, condition: NodeId, holds: bool) -> GuardId {
        let guards = &mut self.guards;
        let new = *self
            .guard_index
            .entry((parent, condition, holds))
            .or_insert(guards.len() as GuardId);
        if new as usize == guards.len() {
            let depth = guards[parent as usize].depth + 1;
            guards.push(Guard {
                parent,
                depth,
                condition,
                holds,
            });
        }
        new
    }

    /// The sum of contributions, inside the innermost branch that is common to
    /// all of them or, if it is given, in `top`: sums inside a branch come
    /// first, then are chosen by its condition and added to what is outside.
    pub(super) fn combine(
        &mut self,
        contributions: Vec<(GuardId, Term)>,
        context: Context,
        top: Option<GuardId>,
    ) -> Result<Option<(GuardId, Term)>, Diagnostic> {
        let Some(&(first, _)) = contributions.first() else {
            return Ok(None);
        };
        let top = top.unwrap_or_else(|| {
            let guards = contributions.iter().map(|&(guard, _)| guard);
            guards.fold(first, |a, b| self.common(a, b))
        });
        let mut sums: BTreeMap<(Descending<u32>, GuardId), Term> = BTreeMap::new();
        for (guard, term) in contributions {
            self.add_to(&mut sums, guard, term, context)?;
        }
        while let Some(((_, id), term)) = sums.pop_first() {
            if id == top {
                return Ok(Some((top, term)));
            }
            let guard = self.guards[id as usize];
            let sibling = self
                .guard_index
                .get(&(guard.parent, guard.condition, !guard.holds))
                .and_then(|&other| sums.remove(&(Descending(guard.depth), other)));
            let chosen = self.chosen(guard, term, sibling, context)?;
            self.add_to(&mut sums, guard.parent, Term::Node(chosen), context)?;
        }
        Ok(None)
    }

    pub(super) fn add_to(
        &mut self,
        sums: &mut BTreeMap<(Descending<u32>, GuardId), Term>,
        guard: GuardId,
        term: Term,
        context: Context,
    ) -> Result<(), Diagnostic> {
        let key = (Descending(self.guards[guard as usize].depth), guard);
        let sum = match sums.get(&key) {
            Some(&before) => {
                let operands = [self.node_of(before, context)?, self.node_of(term, context)?];
                Term::Node(self.node(Op::Add, &operands, context)?)
            }
            None => term,
        };
        sums.insert(key, sum);
        Ok(())
    }

    /// Where one at least of some branches inside `top` is taken: `top` itself,
    /// if that is always so, or else a branch of its own. (No `or` asks for it,
    /// since a condition may be undefined where another branch is taken.)
    pub(super) fn union(
        &mut self,
        guards: &[GuardId],
        top: GuardId,
        context: Context,
    ) -> Result<GuardId, Diagnostic> {
        let mut taken: BTreeMap<(Descending<u32>, GuardId), Term> = BTreeMap::new();
        let key = |tape: &Self, id: GuardId| (Descending(tape.guards[id as usize].depth), id);
        for &id in guards {
            taken.insert(key(self, id), Term::One);
        }
        while let Some(((_, id), term)) = taken.pop_first() {
            if id == top {
                let Term::Node(node) = term else {
                    return Ok(top);
                };
                let zero = self.literal(0, context)?;
                let condition = self.node(Op::Ne, &[node, zero], context)?;
                return Ok(self.branch(top, condition, true));
            }
            let guard = self.guards[id as usize];
            let parent = key(self, guard.parent);
            let sibling = self
                .guard_index
                .get(&(guard.parent, guard.condition, !guard.holds))
                .and_then(|&other| taken.remove(&(Descending(guard.depth), other)));
            let before = taken.get(&parent).copied();
            if before == Some(Term::One) {
                continue;
            }
            let whole = match (term, sibling) {
                (Term::One, Some(Term::One)) => Term::One,
                _ => Term::Node(self.chosen(guard, term, sibling, context)?),
            };
            let whole = match (before, whole) {
                (Some(Term::Node(before)), Term::Node(whole)) => {
                    let zero = self.literal(0, context)?;
                    let one = self.literal(1, context)?;
                    let condition = self.node(Op::Ne, &[before, zero], context)?;
                    Term::Node(self.node(Op::Select, &[condition, one, whole], context)?)
                }
                (_, whole) => whole,
            };
            taken.insert(parent, whole);
        }
        Ok(top)
    }

    /// The innermost branch that both lie in.
    pub(super) fn common(&self, mut a: GuardId, mut b: GuardId) -> GuardId {
        while a != b {
            let (left, right) = (self.guards[a as usize], self.guards[b as usize]);
            if left.depth >= right.depth {
                a = left.parent;
            }
            if right.depth >= left.depth {
                b = right.parent;
            }
        }
        a
    }

    /// What one branch of a choice gives, or else the other one, or 0.
    fn chosen(
        &mut self,
        guard: Guard,
        own: Term,
        other: Option<Term>,
        context: Context,
    ) -> Result<NodeId, Diagnostic> {
        let own = self.node_of(own, context)?;
        let other = match other {
            Some(term) => self.node_of(term, context)?,
            None => self.literal(0, context)?,
        };
        let (yes, no) = if guard.holds {
            (own, other)
        } else {
            (other, own)
        };
        self.node(Op::Select, &[guard.condition, yes, no], context)
    }
}
