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

    /// The server will never take these: they are dropped, counted, and keep no other back.
    pub(crate) fn events_refused(&mut self, ids: &BTreeSet<u64>) {
        let events = &mut self.state.queue.events;
        let length = events.len();
        events.retain(|event| !ids.contains(&event.id));
        let refused = length - events.len();
        if refused > 0 {
            let count = self.add_dropped(refused);
            self.notes.push(Note::EventsRefused { count });
        }
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
            let count = self.add_dropped(dropped);
            self.notes.push(Note::EventsDropped { count });
        }
    }

    fn add_dropped(&mut self, dropped: usize) -> u64 {
        let count = u64::try_from(dropped).unwrap_or(u64::MAX);
        let queue = &mut self.state.queue;
        queue.dropped = queue.dropped.saturating_add(count);
        count
    }
}

#[cfg(test)]
mod tests {
    use crate::*;

    #[test]
    fn events_that_the_server_refuses_leave_the_queue_and_are_counted() {
        let mut state = State::default();
        state.queue.next_id = 3;
        for id in 0..3 {
            state.queue.events.push_back(Queued {
                id,
                kind: QueuedKind::Installed,
                release: ReleaseKey::of_bytes([0; 32]),
                generation: GenerationId::of_bytes([0; 32]),
                number: 1,
                at_ms: 0,
            });
        }
        let event = Event::EventsRefused {
            ids: [0, 2, 9].into(),
        };
        let outcome = step(&Policy::default(), &state, &event);
        let left: Vec<_> = outcome.state.queue.events.iter().map(|it| it.id).collect();
        assert_eq!((left, outcome.state.queue.dropped), (vec![1], 2));
        assert_eq!(outcome.effects, [Effect::Commit(Durability::OneSlot)]);
        assert_eq!(outcome.notes, [Note::EventsRefused { count: 2 }]);
    }

    #[test]
    fn a_refusal_of_events_that_nobody_has_is_no_news() {
        let event = Event::EventsRefused { ids: [9].into() };
        let outcome = step(&Policy::default(), &State::default(), &event);
        assert_eq!((outcome.state.queue.dropped, outcome.notes), (0, vec![]));
    }
}
