//! One file goes bad at rest, then the phone is started.

use std::collections::BTreeSet;

use patchproof_rehearsal::{BlockSize, Honesty, Rot};

use super::Effort;
use super::acts::whole;
use super::cuts::Explorer;
use super::observed::{Violation, safe};
use super::prepared::{prepared, settle};
use super::scenarios::Scenario;
use crate::phone::Phone;

/// What was tried, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rots {
    /// Files that went bad, before the acts and after them.
    pub files: u64,
    /// Disks with one bad file.
    pub disks: u64,
    /// What must not be.
    pub violations: Vec<Violation>,
}

/// Lets each file go bad, before a scenario's acts and after them.
#[must_use]
pub fn rots(scenario: &Scenario, block: BlockSize, effort: Effort) -> Rots {
    let origin = prepared(scenario, block, Honesty::Honest);
    let mut explorer = Explorer::new(effort, Honesty::Honest);
    let mut rots = Rots::default();
    let after = whole(origin.fork(), scenario.act).phone.fork();
    settle(&after.disk);
    for (when, phone) in [("before", origin), ("after", after)] {
        rots.at_rest(&mut explorer, &phone, &format!("{}, {when}", scenario.name));
    }
    rots
}

impl Rots {
    fn at_rest(&mut self, explorer: &mut Explorer, phone: &Phone, place: &str) {
        let sound = explorer.look_at(phone, &phone.disk.fork()).observed;
        let mut files = BTreeSet::new();
        for (path, rot, disk) in phone.disk.rotten() {
            self.disks += 1;
            let place = format!("{place}, {path}: {rot:?}");
            files.insert(path);
            if rot == Rot::Unreadable {
                self.unreadable(phone, disk, &place);
                continue;
            }
            let look = explorer.look_at(phone, &disk);
            let found = look.violations.into_iter();
            self.violations
                .extend(found.map(|it| Violation::new(&place, it)));
            if !sound.known_bad.is_subset(&look.observed.known_bad) {
                self.violations
                    .push(Violation::new(&place, "a ban is forgotten"));
            }
        }
        self.files += u64::try_from(files.len()).unwrap_or(u64::MAX);
    }

    /// As long as a file cannot be read nothing comes right; what boots must be right all the same.
    fn unreadable(&mut self, phone: &Phone, disk: patchproof_rehearsal::SimDisk, place: &str) {
        let mut phone = phone.after_a_cut(disk);
        let app = phone.start(&[]);
        let unsafe_start = safe(&phone, &app.boot, place);
        self.violations.extend(unsafe_start);
    }
}
