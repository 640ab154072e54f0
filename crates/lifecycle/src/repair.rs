//! What does not hold together in a state is mended before anything is decided on it.
//!
//! A state of ours needs none of this, but for a policy that was sharpened since. One that another
//! program wrote, or that a rotten disk made up, must not lead anywhere that ours could not.

use crate::settle::Blame;
use crate::turn::Turn;
use crate::{BadReason, Dropped, GenerationId, Installed};

impl Turn<'_> {
    /// Mends the state.
    pub(crate) fn repair(&mut self) {
        self.repair_release();
        self.repair_records();
        self.repair_pointers();
        self.repair_queue();
        self.bound();
        self.prune();
    }

    /// Without a release there is nothing to be of it.
    fn repair_release(&mut self) {
        if self.state.release.is_none() {
            self.forget_release();
        }
    }

    /// What must not boot has no record.
    fn repair_records(&mut self) {
        let window = self.window();
        for record in self.state.installed.values_mut() {
            record.reads_data_epoch = record.reads_data_epoch.max(record.data_epoch);
            record.forget_beyond(window);
        }
        let ids: Vec<GenerationId> = self.state.installed.keys().copied().collect();
        for id in ids {
            self.repair_record(&id);
        }
    }

    fn repair_record(&mut self, id: &GenerationId) {
        let Some(record) = self.state.installed.get(id) else {
            return;
        };
        let due = self.due(record);
        let number = record.number;
        if number == 0 {
            self.drop_generation(id, Dropped::Damaged);
        } else if self.state.rolled_back.contains(&number) {
            self.drop_generation(id, Dropped::RolledBack);
        } else if let Some(why) = self.forbidden(id, number) {
            self.drop_generation(id, why);
        } else if let Some(release) = self.state.release {
            match due {
                Some(Blame::Ban) => self.ban(&release, id, number, BadReason::Crashed, None),
                Some(Blame::SetAside) => self.set_aside_unfinished(id, None),
                None => {}
            }
        }
    }

    /// What its counters come to under the policy as it is now.
    pub(crate) fn due(&self, record: &Installed) -> Option<Blame> {
        let policy = self.policy;
        if record.proven {
            let crashes = record.recent.iter().filter(|crash| **crash).count();
            let max = usize::from(policy.proven_crashes_max.max(1));
            return (crashes >= max).then_some(Blame::Ban);
        }
        if record.crashes >= policy.known_crashes_max.max(1) {
            return Some(Blame::Ban);
        }
        let unfinished = record.unfinished >= policy.unfinished_boots_max.max(1);
        unfinished.then_some(Blame::SetAside)
    }

    fn repair_pointers(&mut self) {
        let installed = &self.state.installed;
        let is_there = |id: &GenerationId| installed.contains_key(id);
        let is_proven = |id: &GenerationId| installed.get(id).is_some_and(|found| found.proven);
        self.state.candidate = self.state.candidate.filter(is_there);
        self.state.proven = self.state.proven.filter(is_proven);
    }

    /// An id that waits is never given again.
    fn repair_queue(&mut self) {
        let queue = &mut self.state.queue;
        if let Some(highest) = queue.events.iter().map(|event| event.id).max() {
            queue.next_id = queue.next_id.max(highest.saturating_add(1));
        }
        self.bound_queue();
    }

    /// How many boots of a proven generation are looked at.
    pub(crate) fn window(&self) -> usize {
        usize::from(self.policy.proven_boots_window.min(WINDOW_MAX))
    }
}

/// As [`Policy::proven_boots_window`](crate::Policy::proven_boots_window) says.
const WINDOW_MAX: u8 = 8;
