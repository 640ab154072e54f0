//! Runs of tokens at one distance that speak for a column.

use crate::inflate::side::Run;

/// What one token says: 1 for a number, -1 for an id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    pub(super) ordinal: usize,
    pub(super) weight: i64,
}

/// The best runs, at whatever distance, the best first; no run has a token that is taken.
pub(super) fn best_runs(evidence: &[Evidence], taken: &[bool]) -> Vec<Run> {
    let mut found = Vec::new();
    for period in 1..=PERIOD_MAX {
        let mut columns = evidence.to_vec();
        // By the column at this distance, and in each in order.
        columns.sort_by_key(|it| (it.ordinal % period, it.ordinal));
        let same = |a: &Evidence, b: &Evidence| a.ordinal % period == b.ordinal % period;
        for column in columns.chunk_by(same) {
            of_column(column, period, taken, &mut found);
        }
    }
    found.sort_by_key(|it| (-it.score, it.first, it.period));
    found.iter().map(Candidate::run).collect()
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

/// Goes along a column: a run ends where what speaks against it outweighs what it won.
fn of_column(column: &[Evidence], period: usize, taken: &[bool], found: &mut Vec<Candidate>) {
    let mut open: Option<(Candidate, Candidate)> = None;
    let mut close = |open: &mut Option<(Candidate, Candidate)>| {
        found.extend(open.take().map(|(best, _)| best).filter(Candidate::is_good));
    };
    for it in column {
        if let Some((_, now)) = &open {
            let between = (now.last..=it.ordinal).step_by(period);
            if between
                .into_iter()
                .any(|at| taken.get(at).copied().unwrap_or(true))
            {
                close(&mut open);
            }
        }
        match &mut open {
            None if it.weight > 0 => {
                let one = Candidate {
                    first: it.ordinal,
                    last: it.ordinal,
                    period,
                    score: 1,
                    positives: 1,
                    negatives: 0,
                };
                open = Some((one, one));
            }
            None => {}
            Some((best, now)) => {
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
                    close(&mut open);
                }
            }
        }
    }
    close(&mut open);
}

const PERIOD_MAX: usize = 16;
const SCORE_MIN: i64 = 24;
const DROP_MAX: i64 = 8;
