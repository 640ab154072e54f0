//! Words that forbid, from outside: the floor that offline words set, and support that lifts bans.

use std::collections::BTreeSet;

use crate::turn::Turn;
use crate::{Dropped, GenerationId, ReleaseKey};

impl Turn<'_> {
    /// The floor of a release only grows; what stands below it goes at once.
    pub(crate) fn floor_raised(&mut self, release: &ReleaseKey, minimum_number: u64) {
        let floor = self.state.words.get(release).map_or(0, |words| words.floor);
        if minimum_number > floor {
            let words = self.state.words.entry(*release).or_default();
            words.floor = minimum_number;
        }
        if self.is_current(release) {
            let installed = self.state.installed.iter();
            let below: Vec<GenerationId> = installed
                .filter(|(_, record)| record.number < minimum_number)
                .map(|(id, _)| *id)
                .collect();
            for id in below {
                self.drop_generation(&id, Dropped::BelowFloor);
            }
        }
        self.bound();
        self.commit();
    }

    /// Lifts what is remembered against contents; the floor is not support's to lift.
    pub(crate) fn bans_cleared(&mut self, release: &ReleaseKey, ids: &BTreeSet<GenerationId>) {
        let is_meant = |id: &GenerationId| ids.is_empty() || ids.contains(id);
        if let Some(words) = self.state.words.get_mut(release) {
            words.known_bad.retain(|id, _| !is_meant(id));
        }
        if self.is_current(release) {
            self.state.set_aside.retain(|id, _| !is_meant(id));
            self.state.failed_downloads.retain(|id, _| !is_meant(id));
            for (id, record) in &mut self.state.installed {
                if is_meant(id) {
                    record.crashes = 0;
                    record.unfinished = 0;
                    record.recent.clear();
                }
            }
        }
        self.bound();
        self.commit();
    }
}
