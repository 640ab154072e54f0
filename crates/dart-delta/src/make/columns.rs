//! Numbers among the ids of the clusters: records of one length, so that they stand in columns.
//!
//! That a token is a number shows in how it moved: with the lowest bits first a shift explains it,
//! with the highest first none does. Where that happens again and again at one distance, there is
//! a column. Each round looks for the columns of one kind of number, with a map of its own.

mod evidence;

use crate::inflate::shifts::{Maps, ShiftMap};
use crate::inflate::side::Run;
use crate::inflate::watch::Class;

use super::fit::shifts;
use super::tokens::Tokens;
use super::votes::Vote;
use evidence::{Evidence, best_runs};

/// The columns that are found, and a map for each kind of number.
pub(super) fn found(votes: &[Vote], tokens: &Tokens, maps: &Maps) -> (Vec<ShiftMap>, Vec<Run>) {
    let mut search = Search::of(votes, tokens, maps);
    let (mut columns, mut all) = (Vec::new(), Vec::new());
    for round in 0..KINDS_MAX {
        let runs = search.one_kind();
        if runs.is_empty() {
            break;
        }
        columns.push(search.map_of(&runs));
        all.extend(runs.into_iter().map(|run| Run { map: round, ..run }));
    }
    all.sort_by_key(|run: &Run| run.first);
    (columns, all)
}

/// A vote on a token of a cluster.
struct Seen {
    /// The token's number among those of the clusters.
    ordinal: usize,
    numbers: Option<(i64, i64)>,
    /// Whether the map of ids explains it.
    is_id: bool,
}

struct Search {
    votes: Vec<Seen>,
    /// Which tokens stand in a run already.
    taken: Vec<bool>,
}

impl Search {
    fn of(votes: &[Vote], tokens: &Tokens, maps: &Maps) -> Self {
        let mut ordinals = Vec::with_capacity(tokens.len());
        let mut next = 0_usize;
        for token in tokens.iter() {
            ordinals.push(next);
            next += usize::from(token.class == Class::Cluster);
        }
        let of_clusters = votes.iter().filter(|vote| vote.class == Class::Cluster);
        let mut seen: Vec<Seen> = of_clusters
            .filter_map(|vote| {
                let is_id = maps.references.moved(vote.old) == vote.new;
                Some(Seen {
                    ordinal: ordinals.get(vote.token).copied()?,
                    numbers: vote.numbers(),
                    is_id: vote.has_reference() && is_id,
                })
            })
            .collect();
        seen.sort_by_key(|seen| seen.ordinal);
        // A token is aligned with one place at most as a rule; of several the first counts.
        seen.dedup_by_key(|seen| seen.ordinal);
        Self {
            votes: seen,
            taken: vec![false; next],
        }
    }

    /// The runs of one kind of number, which are then taken.
    fn one_kind(&mut self) -> Vec<Run> {
        let free = |seen: &&Seen| !seen.is_id && !self.is_taken(seen.ordinal);
        let unexplained = self.votes.iter().filter(free);
        let pairs = unexplained.filter_map(|seen| seen.numbers);
        let mut map = shifts(moves(pairs), TURN_HALVES);
        for _ in 0..REFITS {
            let Some(run) = best_runs(&self.evidence(&map), &self.taken)
                .into_iter()
                .next()
            else {
                return Vec::new();
            };
            map = self.map_of(&[run]);
        }
        let mut runs: Vec<Run> = Vec::new();
        for _ in 0..SWEEPS {
            for run in best_runs(&self.evidence(&map), &self.taken) {
                if self.take(&run) {
                    runs.push(run);
                }
            }
        }
        runs
    }

    /// For each token whether it is more of a number or more of an id.
    fn evidence(&self, map: &ShiftMap) -> Vec<Evidence> {
        let free = self
            .votes
            .iter()
            .filter(|seen| !self.is_taken(seen.ordinal));
        let evidence = free.map(|seen| {
            let is_number = seen.numbers.is_some_and(|(old, new)| map.moved(old) == new);
            Evidence {
                ordinal: seen.ordinal,
                weight: i64::from(is_number) - i64::from(seen.is_id),
            }
        });
        evidence.filter(|it| it.weight != 0).collect()
    }

    /// Takes the tokens of a run; `false` where one of them is taken.
    fn take(&mut self, run: &Run) -> bool {
        if ordinals(run).any(|ordinal| self.is_taken(ordinal)) {
            return false;
        }
        for ordinal in ordinals(run) {
            if let Some(taken) = self.taken.get_mut(ordinal) {
                *taken = true;
            }
        }
        true
    }

    fn is_taken(&self, ordinal: usize) -> bool {
        self.taken.get(ordinal).copied().unwrap_or(true)
    }

    /// The map that fits what stands in runs.
    fn map_of(&self, runs: &[Run]) -> ShiftMap {
        let mut pairs = Vec::new();
        for run in runs {
            for ordinal in ordinals(run) {
                let at = self
                    .votes
                    .binary_search_by_key(&ordinal, |seen| seen.ordinal);
                let seen = at.ok().and_then(|at| self.votes.get(at));
                pairs.extend(seen.and_then(|seen| seen.numbers));
            }
        }
        shifts(moves(pairs.into_iter()), TURN_HALVES)
    }
}

fn moves(pairs: impl Iterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    pairs.map(|(old, new)| (old, new - old)).collect()
}

fn ordinals(run: &Run) -> impl Iterator<Item = usize> + use<> {
    let (first, period) = (run.first, run.period);
    let all = (0..run.count).map(move |at| first + at * period);
    all.filter_map(|ordinal| usize::try_from(ordinal).ok())
}

/// Which tokens stand in a run.
pub(super) fn marked(runs: &[Run], tokens: &Tokens) -> Vec<bool> {
    if runs.is_empty() {
        return Vec::new();
    }
    let mut of_cluster = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.class == Class::Cluster {
            of_cluster.push(at);
        }
    }
    let mut marked = vec![false; tokens.len()];
    for ordinal in runs.iter().flat_map(ordinals) {
        let mark = of_cluster.get(ordinal).and_then(|at| marked.get_mut(*at));
        if let Some(mark) = mark {
            *mark = true;
        }
    }
    marked
}

const KINDS_MAX: usize = 5;
const REFITS: usize = 3;
const SWEEPS: usize = 2;
const TURN_HALVES: i64 = 8;
