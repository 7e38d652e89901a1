//! Where a predicate holds among the numbers of a format.

use super::look::Question;
use super::predicate::Predicate;
use super::search::{Budget, Search};
use super::space::{Cell, Numbers};
use crate::format::Format;
use crate::truth::Answer;
use rug::Integer;

/// Consecutive numbers with one answer, as many as there are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FloatRun {
    /// The answer.
    pub answer: Answer,
    /// The first number's [`Format::ordinal`].
    pub first: Integer,
    /// The last number's.
    pub last: Integer,
}

/// Every number of a range with its answer.
#[derive(Clone, Debug)]
pub struct Floats {
    /// The runs, in order, without gaps.
    pub runs: Vec<FloatRun>,
    /// How many blocks were looked at, single numbers among them.
    pub blocks: u64,
}

/// Decides a predicate of one axis for every number of a format from one ordinal
/// to another.
pub fn floats(
    predicate: &Predicate,
    format: Format,
    (first, last): (&Integer, &Integer),
    budget: Budget,
) -> Floats {
    let space: Vec<Cell> = vec![vec![Numbers::Floats {
        format,
        first: first.clone(),
        last: last.clone(),
    }]];
    let search = Search::new(predicate, Question::Where, &space, budget);
    let searched = search.run(space);
    let open = searched.open.map(|open| open.cells).unwrap_or_default();
    let undecided = open.iter().map(|cell| run(cell, Answer::Undecided));
    let decided = searched
        .evidence
        .iter()
        .map(|(cell, answer)| run(cell, *answer));
    let mut runs: Vec<FloatRun> = decided.chain(undecided).collect();
    runs.sort_by(|a, b| a.first.cmp(&b.first));
    // The two zeros are one number.
    runs.dedup_by(|next, run| {
        let one = next.first == run.first;
        if one {
            run.answer = of_zeros(run.answer, next.answer);
        }
        one
    });
    runs.dedup_by(|next, run| {
        let one = next.answer == run.answer;
        if one {
            run.last.clone_from(&next.last);
        }
        one
    });
    Floats {
        runs,
        blocks: searched.boxes,
    }
}

fn run(cell: &Cell, answer: Answer) -> FloatRun {
    let (first, last) = match &cell[0] {
        Numbers::Floats { first, last, .. } => (first.clone(), last.clone()),
        // A zero.
        _ => (Integer::new(), Integer::new()),
    };
    FloatRun {
        answer,
        first,
        last,
    }
}

fn of_zeros(a: Answer, b: Answer) -> Answer {
    match (a, b) {
        (Answer::Undecided, _) | (_, Answer::Undecided) => Answer::Undecided,
        _ if a == b => a,
        _ => Answer::ZerosDiffer,
    }
}
