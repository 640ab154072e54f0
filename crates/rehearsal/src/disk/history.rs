//! What a lying disk was told, so that it can have forgotten its last syncs.

use super::event::Event;
use super::state::State;

/// The disk as it was when it got power, and everything since.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// None while nothing has happened.
    base: Option<State>,
    events: Vec<Event>,
}

impl History {
    pub(super) fn note(&mut self, state: &State, event: &Event) {
        self.base.get_or_insert_with(|| state.clone());
        self.events.push(event.clone());
    }

    /// The disk with its last syncs undone: none of them, one, two, and so on.
    pub(super) fn moments(
        &self,
        now: &State,
        undone_max: usize,
    ) -> impl Iterator<Item = State> + Send + use<> {
        let history = self.clone();
        let syncs = self.events.iter().filter(|event| event.is_sync()).count();
        let undone = (1..=syncs.min(undone_max)).filter_map(move |undone| {
            let base = history.base.clone()?;
            Some(history.replayed(base, syncs - undone))
        });
        std::iter::once(now.clone()).chain(undone)
    }

    fn replayed(&self, base: State, syncs: usize) -> State {
        let mut state = base;
        let mut so_far = 0;
        for event in &self.events {
            if event.is_sync() {
                so_far += 1;
                if so_far > syncs {
                    continue;
                }
            }
            state.apply(event);
        }
        state
    }
}
