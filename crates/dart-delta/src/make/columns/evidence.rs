//! Runs of tokens at one distance that speak for a column.

use crate::inflate::side::Run;

/// What one token says: 1 for a number, -1 for an id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    pub(super) ordinal: usize,
    pub(super) weight: i64,
}

/// The best runs, at whatever distance, the best first; no run has a token that is taken. Evidence
/// is in the order of its tokens.
pub(super) fn best_runs(evidence: &[Evidence], taken: &[bool]) -> Vec<Run> {
    // Two threads, each for every other distance: what they find is put in order afterwards.
    let mut found = std::thread::scope(|scope| {
        let other = scope.spawn(|| at_distances(2, evidence, taken));
        let mut found = at_distances(1, evidence, taken);
        match other.join() {
            Ok(others) => found.extend(others),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        found
    });
    found.sort_unstable_by_key(|it| (-it.score, it.first, it.period));
    found.iter().map(Candidate::run).collect()
}

fn at_distances(first: usize, evidence: &[Evidence], taken: &[bool]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for period in (first..=PERIOD_MAX).step_by(2) {
        let mut columns = vec![Column::default(); period];
        for it in evidence {
            if let Some(column) = columns.get_mut(it.ordinal % period) {
                column.take(*it, period, taken, &mut found);
            }
        }
        columns
            .iter_mut()
            .for_each(|column| column.close(&mut found));
    }
    found
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    first: usize,
    last: usize,
    period: usize,
    score: i64,
    positives: usize,
    negatives: usize,
}

impl Candidate {
    const fn one(ordinal: usize, period: usize) -> Self {
        Self {
            first: ordinal,
            last: ordinal,
            period,
            score: 1,
            positives: 1,
            negatives: 0,
        }
    }

    fn run(&self) -> Run {
        let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Run {
            first: wide(self.first),
            count: wide(self.count()),
            period: wide(self.period),
            map: 0,
        }
    }

    fn count(&self) -> usize {
        (self.last - self.first) / self.period + 1
    }

    fn is_good(&self) -> bool {
        self.score >= SCORE_MIN
            && self.positives > 8 * self.negatives
            && self.positives > self.count() / 8
    }
}

/// A column, gone along: a run ends where what speaks against it outweighs what it won.
#[derive(Clone, Copy, Debug, Default)]
struct Column {
    /// The run that is open: as it was at its best, and as it is.
    open: Option<(Candidate, Candidate)>,
}

impl Column {
    fn take(&mut self, it: Evidence, period: usize, taken: &[bool], found: &mut Vec<Candidate>) {
        if let Some((_, now)) = &self.open {
            let mut between = (now.last..=it.ordinal).step_by(period);
            if between.any(|at| taken.get(at).copied().unwrap_or(true)) {
                self.close(found);
            }
        }
        let Some((best, now)) = &mut self.open else {
            if it.weight > 0 {
                let one = Candidate::one(it.ordinal, period);
                self.open = Some((one, one));
            }
            return;
        };
        now.last = it.ordinal;
        if it.weight > 0 {
            now.score += 1;
            now.positives += 1;
        } else {
            now.score -= 2;
            now.negatives += 1;
        }
        if now.score > best.score {
            *best = *now;
        } else if now.score <= 0 || best.score - now.score >= DROP_MAX {
            self.close(found);
        }
    }

    fn close(&mut self, found: &mut Vec<Candidate>) {
        let best = self.open.take().map(|(best, _)| best);
        found.extend(best.filter(Candidate::is_good));
    }
}

const PERIOD_MAX: usize = 16;
const SCORE_MIN: i64 = 24;
const DROP_MAX: i64 = 8;
