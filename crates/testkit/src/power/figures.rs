//! All of the proof at once, for the page of figures.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use patchproof_rehearsal::{BlockSize, Honesty};

use super::{
    Cuts, Effort, Faults, Rots, SCENARIOS, Scenario, Syncs, Violation, cuts, faults, rots, syncs,
};

/// One scenario, in full.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Row {
    /// Which.
    pub scenario: &'static str,
    /// Cuts on an honest disk.
    pub honest: Cuts,
    /// Cuts on a lying disk.
    pub lying: Cuts,
    /// Failing operations.
    pub faults: Faults,
    /// Syncs left out.
    pub syncs: Syncs,
    /// Rotten files.
    pub rots: Rots,
}

impl Row {
    /// Takes one scenario through everything.
    #[must_use]
    pub fn of(scenario: &Scenario, is_full: bool) -> Self {
        let effort = |honesty| match is_full {
            true => Effort::full(honesty),
            false => Effort::normal(honesty),
        };
        let honest = effort(Honesty::Honest);
        Self {
            scenario: scenario.name,
            honest: cuts(scenario, BLOCK, Honesty::Honest, honest),
            lying: cuts(scenario, BLOCK, Honesty::Lying, effort(Honesty::Lying)),
            faults: faults(scenario, BLOCK, honest),
            syncs: syncs(scenario, BLOCK),
            rots: rots(scenario, BLOCK, honest),
        }
    }

    /// Everything that must not be, and is.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        let cuts = self.honest.violations.iter().chain(&self.lying.violations);
        cuts.chain(&self.faults.violations)
            .chain(&self.rots.violations)
    }
}

/// Takes all scenarios through everything, on so many threads.
#[must_use]
pub fn rows(is_full: bool, threads: usize) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(scenario) = SCENARIOS.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let row = Row::of(scenario, is_full);
                    rows.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|row| SCENARIOS.iter().position(|it| it.name == row.scenario));
    rows
}

impl fmt::Display for Cuts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cuts, {} images", self.operations + 1, self.images)?;
        if self.swept_moments > 0 {
            write!(f, " ({} moments swept)", self.swept_moments)?;
        }
        if self.rotten_images > 0 {
            write!(f, ", {} rotten", self.rotten_images)?;
        }
        write!(
            f,
            "; {} second cuts, {} images",
            self.second_cuts, self.second_images
        )?;
        write!(
            f,
            "; {} starts, {} continuations",
            self.starts, self.continuations
        )?;
        write!(f, ", newest within {} starts", self.starts_until_newest_max)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            runs,
            told,
            of_no_account,
            images,
            ..
        } = self;
        write!(
            f,
            "{runs} failures, {told} told, {of_no_account} of no account; {images} disks"
        )
    }
}

impl fmt::Display for Syncs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} syncs", self.load_bearing(), self.all.len())
    }
}

impl fmt::Display for Rots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files, {} disks", self.files, self.disks)
    }
}

/// Of all figures: most files of the small phone then have one block, and every image is made.
pub(super) const BLOCK: BlockSize = BlockSize::Bytes4096;
