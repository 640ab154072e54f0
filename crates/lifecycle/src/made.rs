//! A state to spoil, events to do it with, and what comes of it.

use crate::invariants::violated;
use crate::*;

pub(crate) const RELEASE: ReleaseKey = ReleaseKey::of_bytes([1; 32]);
pub(crate) const OTHER: ReleaseKey = ReleaseKey::of_bytes([2; 32]);
pub(crate) const A: ProcessSlot = ProcessSlot(0);
pub(crate) const B: ProcessSlot = ProcessSlot(1);

pub(crate) fn generation(number: u8) -> GenerationId {
    GenerationId::of_bytes([number; 32])
}

pub(crate) fn offer(number: u8) -> Offer {
    Offer {
        number: u64::from(number),
        content: Content {
            id: generation(number),
            data_epoch: 0,
            reads_data_epoch: 0,
        },
        validity: Validity::default(),
    }
}

pub(crate) fn start(slot: ProcessSlot, ended: &[(ProcessSlot, Exit)]) -> Event {
    start_of(RELEASE, slot, ended)
}

pub(crate) fn start_of(
    release: ReleaseKey,
    slot: ProcessSlot,
    ended: &[(ProcessSlot, Exit)],
) -> Event {
    Event::Start {
        slot,
        release,
        ended: ended.iter().copied().collect(),
        now_ms: 1,
    }
}

pub(crate) fn looked(slot: ProcessSlot, number: u8, finding: Finding) -> Event {
    Event::Checked {
        slot,
        process: 7,
        id: generation(number),
        finding,
        writable: true,
        now_ms: 1,
    }
}

pub(crate) fn answered(offered: Option<Offer>, rolled_back: &[u64]) -> Event {
    Event::Answered {
        release: RELEASE,
        answer: Answer {
            offer: offered,
            rolled_back: rolled_back.iter().copied().collect(),
        },
        now_ms: 1,
    }
}

pub(crate) fn installed(number: u8) -> Event {
    Event::Installed {
        release: RELEASE,
        offer: offer(number),
        now_ms: 1,
    }
}

pub(crate) fn refused(fault: Fault) -> Event {
    refused_of(RELEASE, 3, fault)
}

pub(crate) fn refused_of(release: ReleaseKey, number: u8, fault: Fault) -> Event {
    Event::Refused {
        release,
        offer: offer(number),
        fault,
        now_ms: 1,
    }
}

pub(crate) fn after(state: State, events: &[Event]) -> State {
    let take = |state: State, event: &Event| step(&Policy::default(), &state, event).state;
    events.iter().fold(state, take)
}

/// 1 is proven, 2 waits beside it, the process that proved 1 still runs in slot A.
pub(crate) fn state() -> State {
    let healthy = Event::Healthy { slot: A, now_ms: 1 };
    let events = [
        start(A, &[]),
        installed(1),
        start(A, &[]),
        looked(A, 1, Finding::Whole),
        healthy,
        installed(2),
    ];
    after(State::default(), &events)
}

/// The same, and slot B boots 2.
pub(crate) fn two_run() -> State {
    after(state(), &[start(B, &[]), looked(B, 2, Finding::Whole)])
}

/// Takes a step, spoils what came of it, and gives the invariant that this breaks.
pub(crate) fn spoiled(
    before: &State,
    event: &Event,
    spoil: impl FnOnce(&mut Outcome),
) -> Option<u8> {
    let policy = Policy::default();
    let mut outcome = step(&policy, before, event);
    assert_eq!(violated(&policy, before, event, &outcome), None);
    spoil(&mut outcome);
    violated(&policy, before, event, &outcome).map(|violation| violation.invariant)
}

pub(crate) fn ban(outcome: &mut Outcome, id: GenerationId) {
    let words = outcome.state.words.entry(RELEASE).or_default();
    words.known_bad.insert(id, BadReason::Crashed);
    outcome.state.candidate = None;
    outcome.state.installed.remove(&id);
    outcome.effects = vec![Effect::Commit(Durability::BothSlots)];
}
