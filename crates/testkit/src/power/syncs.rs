//! Each sync is left out in turn: something must then go wrong after some power cut.

use patchproof_rehearsal::{BlockSize, Bounds, Honesty, TornAt};
use patchproof_storage::Operation;

use super::Effort;
use super::cuts::Explorer;
use super::observed::Violation;
use super::prepared::prepared;
use super::scenarios::Scenario;

/// One sync of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sync {
    /// Which of the scenario's processes, and which of its syncs.
    pub number: (usize, u64),
    /// Which of the product's syncs it is.
    pub site: &'static str,
    /// What goes wrong without it; none: nothing does.
    pub without_it: Option<Violation>,
}

/// The syncs of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Syncs {
    /// All of them, in order.
    pub all: Vec<Sync>,
}

impl Syncs {
    /// Syncs without which something goes wrong.
    #[must_use]
    pub fn load_bearing(&self) -> usize {
        self.all
            .iter()
            .filter(|sync| sync.without_it.is_some())
            .count()
    }
}

/// Leaves out each sync of a scenario.
#[must_use]
pub fn syncs(scenario: &Scenario, block: BlockSize) -> Syncs {
    let origin = prepared(scenario, block, Honesty::Honest);
    let recorded = origin.fork();
    recorded.disk.record();
    let whole = super::acts::whole(recorded, scenario.act);
    let mut all = Vec::new();
    let steps = whole.phone.disk.trace();
    let mut processes: Vec<_> = steps.iter().map(|step| step.process).collect();
    processes.sort_unstable();
    processes.dedup();
    let effort = Effort {
        bounds: swept(),
        has_second_cuts: false,
        after_a_failure: swept(),
    };
    let mut explorer = Explorer::new(effort, Honesty::Honest);
    explorer.stops_at_first = true;
    explorer.is_patient = scenario.is_patient;
    for (process, id) in processes.iter().enumerate() {
        let of_process = steps.iter().filter(|step| step.process == *id);
        let synced = of_process
            .filter(|step| matches!(step.operation, Operation::Sync | Operation::SyncFolder));
        let mut before = String::new();
        for (number, step) in (0_u64..).zip(synced) {
            let dropped = (process, number);
            explorer.cuts = super::Cuts::default();
            explorer.acts(&origin, scenario.act, Some(dropped), scenario.name);
            all.push(Sync {
                number: dropped,
                site: site(step.path.as_str(), &before),
                without_it: explorer.cuts.violations.first().cloned(),
            });
            step.path.as_str().clone_into(&mut before);
        }
    }
    Syncs { all }
}

/// The product's syncs, by what each is for.
pub const SYNC_SITES: [&str; 8] = [
    "a file of a staged generation",
    "the manifest of a staged generation",
    "the folder of a staged generation",
    "the folder of generations, after one was moved there",
    "the root, after a generation was moved into its folder",
    "the slot of the state",
    "the second slot, of words that forbid",
    "the root, after a commit",
];

/// Which of the product's syncs it is, by what is synced and what the process synced before; one
/// that is not on the list is `another`.
fn site(path: &str, before: &str) -> &'static str {
    let [
        file,
        manifest,
        staged,
        generations,
        root,
        slot,
        second,
        commit,
    ] = SYNC_SITES;
    let is_slot = |path: &str| path.starts_with("state-");
    match path {
        "generations" => generations,
        "." | "" if before == "generations" => root,
        "." | "" => commit,
        path if is_slot(path) && is_slot(before) => second,
        path if is_slot(path) => slot,
        path => match path
            .strip_prefix("staging/")
            .map(|path| path.split_once('/'))
        {
            Some(None) => staged,
            Some(Some((_, "manifest"))) => manifest,
            Some(Some((_, "libapp.so"))) => file,
            _ => "another",
        },
    }
}

/// Whatever goes wrong on one of these disks does go wrong; there need not be all of them.
pub(super) const fn swept() -> Bounds {
    let mut bounds = Bounds::normal();
    bounds.blocks_max = 0;
    bounds.images_max = 1 << 14;
    bounds.torn = TornAt::Nowhere;
    bounds
}
