//! How much there is of the proof, by the names under which it is pinned.

use std::collections::BTreeMap;

use patchproof_rehearsal::{BlockSize, Honesty};

use super::{Cuts, Effort, Faults, Rots, Scenario, Syncs, Violation, cuts, faults, rots, syncs};

/// Numbers by their names.
pub type Counts = BTreeMap<String, u64>;

/// One part of the proof over one scenario.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Part {
    /// How much there is of it.
    pub counts: Counts,
    /// Everything that must not be, and is.
    pub violations: Vec<Violation>,
    /// What a person can observe in between, of cuts.
    pub stages: Vec<String>,
}

/// The parts of the proof, by the names under which they are pinned.
pub const PARTS: [&str; 5] = ["honest", "lying", "failures", "syncs", "rot"];

/// Takes a scenario through one of [`PARTS`]; none where there is no part of that name.
#[must_use]
pub fn part(name: &str, scenario: &Scenario, effort: fn(Honesty) -> Effort) -> Option<Part> {
    let honest = effort(Honesty::Honest);
    Some(match name {
        "honest" => cuts(scenario, BLOCK, Honesty::Honest, honest).into(),
        "lying" => cuts(scenario, BLOCK, Honesty::Lying, effort(Honesty::Lying)).into(),
        "failures" => faults(scenario, BLOCK, honest).into(),
        "syncs" => syncs(scenario, BLOCK).into(),
        "rot" => rots(scenario, BLOCK, honest).into(),
        _ => return None,
    })
}

impl From<Cuts> for Part {
    fn from(cuts: Cuts) -> Self {
        let counts = named([
            ("cuts", cuts.operations + 1),
            ("images", cuts.images),
            ("swept_moments", cuts.swept_moments),
            ("rotten_images", cuts.rotten_images),
            ("second_cuts", cuts.second_cuts),
            ("second_images", cuts.second_images),
            ("starts", cuts.starts),
            ("continuations", cuts.continuations),
            ("starts_until_newest_max", cuts.starts_until_newest_max),
        ]);
        Self {
            counts,
            violations: cuts.violations,
            stages: cuts.stages,
        }
    }
}

impl From<Faults> for Part {
    fn from(faults: Faults) -> Self {
        let counts = named([
            ("runs", faults.runs),
            ("told", faults.told),
            ("of_no_account", faults.of_no_account),
            ("images", faults.images),
        ]);
        Self::of(counts, faults.violations)
    }
}

impl From<Syncs> for Part {
    fn from(syncs: Syncs) -> Self {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let counts = named([
            ("made", count(syncs.all.len())),
            ("missed", count(syncs.load_bearing())),
        ]);
        // A sync that is not on the list is a promise of the list that is broken.
        let another = syncs
            .all
            .iter()
            .filter(|sync| !super::SYNC_SITES.contains(&sync.site));
        let another = another.map(|sync| {
            Violation::new(format!("sync {:?}", sync.number), "a sync of another kind")
        });
        Self::of(counts, another.collect())
    }
}

impl From<Rots> for Part {
    fn from(rots: Rots) -> Self {
        let counts = named([("files", rots.files), ("disks", rots.disks)]);
        Self::of(counts, rots.violations)
    }
}

impl Part {
    fn of(counts: Counts, violations: Vec<Violation>) -> Self {
        let stages = Vec::new();
        Self {
            counts,
            violations,
            stages,
        }
    }
}

fn named<const N: usize>(counts: [(&str, u64); N]) -> Counts {
    counts
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect()
}

/// Of all figures: most files of the small phone then have one block, and every image is made.
pub(super) const BLOCK: BlockSize = BlockSize::Bytes4096;
