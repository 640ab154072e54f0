//! Policies, states and events as nobody who means well would make them.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use crate::*;

const SMALL: Policy = Policy {
    known_crashes_max: 1,
    unfinished_boots_max: 3,
    proven_crashes_max: 2,
    proven_boots_window: 3,
    failed_downloads_max: 2,
    queue_max: 2,
    queued_age_max_ms: 3,
    known_bad_max: 3,
    known_bad_elsewhere_max: 2,
};

pub(super) fn policies() -> impl Strategy<Value = Policy> {
    let small = (
        0..3_u8,
        0..4_u8,
        0..3_u8,
        0..10_u8,
        0..3_u8,
        0..3_u16,
        0..4_u16,
        0..3_u16,
    );
    let hostile = small.prop_map(|(a, b, c, d, e, f, g, h)| Policy {
        known_crashes_max: a,
        unfinished_boots_max: b,
        proven_crashes_max: c,
        proven_boots_window: d,
        failed_downloads_max: e,
        queue_max: f,
        queued_age_max_ms: 3,
        known_bad_max: g,
        known_bad_elsewhere_max: h,
    });
    prop_oneof![Just(Policy::default()), Just(SMALL), hostile]
}

pub(super) fn releases() -> impl Strategy<Value = ReleaseKey> {
    (0..3_u8).prop_map(|number| ReleaseKey::of_bytes([number; 32]))
}

fn ids() -> impl Strategy<Value = GenerationId> {
    (0..5_u8).prop_map(|number| GenerationId::of_bytes([number; 32]))
}

fn slots() -> impl Strategy<Value = ProcessSlot> {
    (0..3_u8).prop_map(ProcessSlot)
}

fn numbers() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..5_u64, 1 => Just(u64::MAX)]
}

fn counters() -> impl Strategy<Value = u8> {
    prop_oneof![8 => 0..3_u8, 1 => Just(u8::MAX)]
}

fn reasons() -> impl Strategy<Value = BadReason> {
    prop_oneof![
        Just(BadReason::Crashed),
        Just(BadReason::Reported),
        Just(BadReason::NotVerified)
    ]
}

prop_compose! {
    fn records()(
        number in numbers(),
        data_epoch in 0..3_u32,
        reads_data_epoch in 0..3_u32,
        proven: bool,
        crashes in counters(),
        unfinished in counters(),
        recent in vec(any::<bool>(), 0..10),
    ) -> Installed {
        let recent = recent.into();
        Installed { number, data_epoch, reads_data_epoch, proven, crashes, unfinished, recent }
    }
}

prop_compose! {
    fn tokens()(
        release in releases(),
        generation in ids(),
        number in numbers(),
        proven: bool,
        attempt: u32,
        process: u32,
        settled: bool,
    ) -> Token {
        Token { release, generation, number, proven, attempt, process, settled }
    }
}

prop_compose! {
    fn all_words()(
        known_bad in btree_map(ids(), reasons(), 0..5),
        floor in numbers(),
    ) -> Words {
        Words { known_bad, floor }
    }
}

prop_compose! {
    fn queues()(
        events in vec((numbers(), releases(), ids(), numbers(), 0..9_u64), 0..4),
        next_id in numbers(),
        dropped in numbers(),
    ) -> Queue {
        let events = events.into_iter().map(|(id, release, generation, number, at_ms)| Queued {
            id, kind: QueuedKind::Installed, release, generation, number, at_ms,
        });
        Queue { events: events.collect(), next_id, dropped }
    }
}

prop_compose! {
    fn asides()(number in numbers()) -> SetAside {
        SetAside { number, reason: SetAsideReason::UnfinishedBoots }
    }
}

prop_compose! {
    /// Anything that can be read, whether or not it holds together.
    pub(super) fn hostile_states()(
        release in option::weighted(0.9, releases()),
        installed in btree_map(ids(), records(), 0..5),
        (candidate, proven) in (option::of(ids()), option::of(ids())),
        tokens in btree_map(slots(), tokens(), 0..4),
        set_aside in btree_map(ids(), asides(), 0..2),
        failed_downloads in btree_map(ids(), counters(), 0..3),
        rolled_back in btree_set(numbers(), 0..2),
        data_epoch in 0..3_u32,
        lost in prop::bool::weighted(0.1),
        words in btree_map(releases(), all_words(), 0..3),
        queue in queues(),
    ) -> State {
        State {
            release, installed, candidate, proven, tokens, set_aside, failed_downloads,
            rolled_back, data_epoch, lost, words, queue,
        }
    }
}

prop_compose! {
    fn offers()(
        number in numbers(),
        id in ids(),
        data_epoch in 0..3_u32,
        reads_data_epoch in 0..3_u32,
        from_ms in option::weighted(0.1, 0..9_u64),
        until_ms in option::weighted(0.1, 0..9_u64),
    ) -> Offer {
        let content = Content { id, data_epoch, reads_data_epoch };
        Offer { number, content, validity: Validity { from_ms, until_ms } }
    }
}

fn exits() -> impl Strategy<Value = Exit> {
    prop_oneof![
        Just(Exit::Crash),
        Just(Exit::Unknown),
        Just(Exit::LowMemory)
    ]
}

pub(super) fn findings() -> impl Strategy<Value = Finding> {
    prop_oneof![
        4 => Just(Finding::Whole),
        1 => Just(Finding::Damaged),
        1 => Just(Finding::Missing),
        1 => Just(Finding::Forbidden),
        1 => Just(Finding::Unreadable)
    ]
}

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Patch),
        Just(Fault::PatchOrTransport),
        Just(Fault::Transport),
        Just(Fault::Device)
    ]
}

pub(super) fn events() -> impl Strategy<Value = Event> {
    let ended = || btree_map(slots(), exits(), 0..3);
    let rolled_back = || btree_set(numbers(), 0..2);
    prop_oneof![
        3 => (slots(), releases(), ended(), 0..9_u64).prop_map(|(slot, release, ended, now_ms)| {
            Event::Start { slot, release, ended, now_ms }
        }),
        4 => (slots(), ids(), findings(), any::<bool>()).prop_map(|(slot, id, finding, writable)| {
            Event::Checked { slot, process: 7, id, finding, writable, now_ms: 4 }
        }),
        1 => slots().prop_map(|slot| Event::Healthy { slot, now_ms: 5 }),
        1 => slots().prop_map(|slot| Event::FailureReported { slot, now_ms: 5 }),
        3 => (releases(), option::of(offers()), rolled_back(), 0..9_u64).prop_map(
            |(release, offer, rolled_back, now_ms)| {
                let answer = Answer { offer, rolled_back };
                Event::Answered { release, answer, now_ms }
            }
        ),
        1 => (releases(), offers(), faults()).prop_map(|(release, offer, fault)| {
            Event::Refused { release, offer, fault, now_ms: 5 }
        }),
        3 => (releases(), offers(), 0..9_u64).prop_map(|(release, offer, now_ms)| {
            Event::Installed { release, offer, now_ms }
        }),
        1 => btree_set(numbers(), 0..3).prop_map(|ids| Event::Acknowledged { ids }),
        1 => btree_set(numbers(), 0..3).prop_map(|ids| Event::EventsRefused { ids }),
        1 => (releases(), numbers()).prop_map(|(release, minimum_number)| {
            Event::FloorRaised { release, minimum_number }
        }),
        1 => (releases(), btree_set(ids(), 0..2)).prop_map(|(release, ids)| {
            Event::BansCleared { release, ids }
        }),
    ]
}
