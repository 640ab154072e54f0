//! What waits to be told to the server: bounded by count and by age, each event under an id that is
//! never given twice.

use std::collections::BTreeSet;

use crate::turn::Turn;
use crate::{GenerationId, Note, Queued, QueuedKind, ReleaseKey};

impl Turn<'_> {
    /// Queues one; what does not fit any more goes, oldest first, counted.
    pub(crate) fn queue(
        &mut self,
        kind: QueuedKind,
        release: &ReleaseKey,
        (generation, number): (&GenerationId, u64),
        now_ms: u64,
    ) {
        let queue = &mut self.state.queue;
        let id = queue.next_id;
        if let Some(next_id) = id.checked_add(1) {
            queue.next_id = next_id;
            queue.events.push_back(Queued {
                id,
                kind,
                release: *release,
                generation: *generation,
                number,
                at_ms: now_ms,
            });
            self.bound_queue();
        } else {
            self.count_dropped(1);
        }
    }

    /// The server has these.
    pub(crate) fn acknowledged(&mut self, ids: &BTreeSet<u64>) {
        let events = &mut self.state.queue.events;
        events.retain(|event| !ids.contains(&event.id));
        self.commit();
    }

    /// Drops what waits for too long. A clock that went back makes nothing old.
    pub(crate) fn drop_aged(&mut self, now_ms: u64) {
        let max_ms = self.policy.queued_age_max_ms;
        let events = &mut self.state.queue.events;
        let length = events.len();
        events.retain(|event| now_ms.saturating_sub(event.at_ms) <= max_ms);
        let dropped = length - events.len();
        self.count_dropped(dropped);
    }

    /// Drops what is too much.
    pub(crate) fn bound_queue(&mut self) {
        let max = usize::from(self.policy.queue_max);
        let events = &mut self.state.queue.events;
        let dropped = events.len().saturating_sub(max);
        events.drain(..dropped);
        self.count_dropped(dropped);
    }

    fn count_dropped(&mut self, dropped: usize) {
        if dropped > 0 {
            let count = u64::try_from(dropped).unwrap_or(u64::MAX);
            let queue = &mut self.state.queue;
            queue.dropped = queue.dropped.saturating_add(count);
            self.notes.push(Note::EventsDropped { count });
        }
    }
}
