//! What two slots promise, on a disk that forgets.

use super::*;
use crate::memory::{Memory, Names};

const CUTS: [Names; 2] = [Names::Lost, Names::Kept];

fn newest(storage: &Memory) -> Option<Vec<u8>> {
    Slots::load(storage).unwrap().newest
}

/// Both slots hold documents that last.
fn with_two() -> Memory {
    let storage = Memory::new();
    Slots::commit(&storage, b"first", Copies::One).unwrap();
    Slots::commit(&storage, b"second", Copies::One).unwrap();
    storage.disk().log.clear();
    storage
}

fn log_of(copies: Copies) -> Vec<String> {
    let storage = with_two();
    Slots::commit(&storage, b"third", copies).unwrap();
    storage.disk().log.clone()
}

#[test]
fn a_folder_that_never_held_a_document_has_lost_none() {
    let loaded = Slots::load(&Memory::new()).unwrap();
    assert_eq!((&loaded.newest, loaded.counter), (&None, None));
    assert!(!loaded.is_lost());
}

#[test]
fn each_commit_is_read_back_and_counts_one_further() {
    let storage = Memory::new();
    for counter in 1..=5_u8 {
        let counted = Slots::commit(&storage, &[counter], Copies::One).unwrap();
        let loaded = Slots::load(&storage).unwrap();
        assert_eq!(
            (counted, loaded.counter),
            (counter.into(), Some(counter.into()))
        );
        assert_eq!(loaded.newest, Some(vec![counter]));
    }
}

#[test]
fn a_commit_to_one_slot_syncs_its_file_and_then_its_name() {
    assert_eq!(
        log_of(Copies::One),
        [
            "creating state-a.tmp",
            "writing state-a.tmp",
            "syncing state-a.tmp",
            "renaming state-a.tmp",
            "syncing the folder ."
        ]
    );
}

#[test]
fn a_commit_to_both_slots_syncs_the_folder_once() {
    let log = log_of(Copies::Both);
    let syncs: Vec<_> = log
        .iter()
        .filter(|line| line.starts_with("syncing"))
        .collect();
    assert_eq!(
        syncs,
        [
            "syncing state-a.tmp",
            "syncing state-b.tmp",
            "syncing the folder ."
        ]
    );
}

#[test]
fn a_commit_to_both_slots_outlives_the_rot_of_either() {
    for name in ["state-a", "state-b"] {
        let storage = with_two();
        Slots::commit(&storage, b"third", Copies::Both).unwrap();
        storage.put(name, b"rot");
        assert_eq!(newest(&storage).unwrap(), b"third", "{name}");
    }
}

#[test]
fn whatever_moment_of_a_commit_the_power_fails_at_a_whole_document_is_there() {
    for copies in [Copies::One, Copies::Both] {
        for (failing, operation) in log_of(copies).iter().enumerate() {
            for names in CUTS {
                let storage = with_two();
                storage.disk().fails = Some(failing);
                Slots::commit(&storage, b"third", copies).unwrap_err();
                storage.cut(names);
                let found = newest(&storage).unwrap();
                let whole: [&[u8]; 2] = [b"second", b"third"];
                assert!(
                    whole.contains(&found.as_slice()),
                    "{operation}, names {names:?}"
                );
            }
        }
    }
}

/// Whether the document is there after a cut, and, if it is in both slots, also after one has
/// rotted.
fn outlives(storage: &Memory, copies: Copies, names: Names) -> bool {
    storage.cut(names);
    let rotten: &[&str] = match copies {
        Copies::One => &[],
        Copies::Both => &["state-a", "state-b"],
    };
    let is_there = |storage: &Memory| newest(storage).as_deref() == Some(b"third");
    let despite_rot = |name: &&str| {
        let copy = storage.copy();
        copy.put(name, b"rot");
        is_there(&copy)
    };
    is_there(storage) && rotten.iter().all(despite_rot)
}

#[test]
fn what_a_commit_returned_for_lasts_and_without_any_one_of_its_syncs_it_does_not() {
    for copies in [Copies::One, Copies::Both] {
        let committed_without = |dropped| {
            let storage = with_two();
            storage.disk().drops = dropped;
            Slots::commit(&storage, b"third", copies).unwrap();
            storage
        };
        let lasts = |dropped| {
            let cut = |names| outlives(&committed_without(dropped), copies, names);
            CUTS.into_iter().all(cut)
        };
        assert!(lasts(None), "{copies:?}");
        for (index, operation) in log_of(copies).iter().enumerate() {
            let is_sync = operation.starts_with("syncing");
            assert_eq!(
                lasts(Some(index)),
                !is_sync,
                "{copies:?} without {operation}"
            );
        }
    }
}

#[test]
fn a_file_whose_sync_failed_is_never_synced_again() {
    for failing in 0..log_of(Copies::One).len() {
        for names in CUTS {
            let storage = with_two();
            storage.disk().fails = Some(failing);
            Slots::commit(&storage, b"third", Copies::One).unwrap_err();
            Slots::commit(&storage, b"third", Copies::One).unwrap();
            storage.cut(names);
            assert_eq!(newest(&storage).unwrap(), b"third", "{failing}, {names:?}");
        }
    }
}

#[test]
fn a_document_whose_commit_failed_is_told_by_its_counter() {
    let storage = with_two();
    let lasting = Slots::load(&storage).unwrap().counter;
    let folder_sync = log_of(Copies::One).len() - 1;
    storage.disk().fails = Some(folder_sync);
    Slots::commit(&storage, b"third", Copies::One).unwrap_err();
    let loaded = Slots::load(&storage).unwrap();
    assert_eq!(loaded.newest.unwrap(), b"third", "it is read");
    assert_ne!(loaded.counter, lasting, "but no commit returned this");
    storage.cut(Names::Lost);
    assert_eq!(newest(&storage).unwrap(), b"second", "and it does not last");
}

#[test]
fn a_slot_that_is_not_whole_is_named_and_written_next() {
    let storage = with_two();
    storage.put("state-b", b"rot");
    let loaded = Slots::load(&storage).unwrap();
    assert_eq!(loaded.newest.unwrap(), b"first");
    assert!(matches!(loaded.b, SlotFinding::Damaged { .. }));
    Slots::commit(&storage, b"third", Copies::One).unwrap();
    let loaded = Slots::load(&storage).unwrap();
    assert_eq!(
        loaded.a,
        SlotFinding::Valid { counter: 1 },
        "the good one was left alone"
    );
    assert_eq!(loaded.newest.unwrap(), b"third");
}

#[test]
fn two_slots_that_are_not_whole_are_a_lost_document() {
    let storage = with_two();
    storage.put("state-a", b"");
    storage.put("state-b", &vec![0; slot::BYTES_MAX + 1]);
    assert!(Slots::load(&storage).unwrap().is_lost());
}

#[test]
fn a_slot_that_cannot_be_read_is_an_error_and_is_not_written_over() {
    let storage = with_two();
    storage.disk().unreadable = Some(StoragePath::new("state-b").unwrap());
    Slots::load(&storage).unwrap_err();
    Slots::commit(&storage, b"third", Copies::Both).unwrap_err();
    storage.disk().unreadable = None;
    assert_eq!(newest(&storage).unwrap(), b"second");
}

#[test]
fn a_temporary_that_was_left_is_not_written_on() {
    let storage = with_two();
    storage.put("state-a.tmp", b"left by a commit that was cut short");
    Slots::commit(&storage, b"third", Copies::One).unwrap();
    assert_eq!(newest(&storage).unwrap(), b"third");
}

#[test]
fn a_document_that_just_fits_is_kept_and_one_byte_more_is_refused() {
    let storage = Memory::new();
    let largest = vec![7; Slots::PAYLOAD_BYTES_MAX];
    Slots::commit(&storage, &largest, Copies::One).unwrap();
    assert!(newest(&storage) == Some(largest.clone()));
    let too_large = [largest, vec![7]].concat();
    let refused = Slots::commit(&storage, &too_large, Copies::One).unwrap_err();
    assert!(matches!(refused, CommitError::TooLarge { .. }));
}

/// Somebody wrote a slot that counts as far as one may.
fn with_the_last_counter() -> Memory {
    let storage = Memory::new();
    storage.put("state-a", &slot::seal(slot::COUNTER_MAX, b"second"));
    storage.put("state-b", &slot::seal(7, b"first"));
    storage
}

#[test]
fn a_commit_after_the_last_counter_begins_anew_and_is_read_back() {
    for copies in [Copies::One, Copies::Both] {
        let storage = with_the_last_counter();
        assert_eq!(newest(&storage).unwrap(), b"second");
        let counted = Slots::commit(&storage, b"third", copies).unwrap();
        storage.cut(Names::Lost);
        assert_eq!(newest(&storage).unwrap(), b"third", "{copies:?}");
        assert_eq!(Slots::load(&storage).unwrap().counter, Some(counted));
    }
}

#[test]
fn no_moment_of_beginning_anew_loses_the_document() {
    let storage = with_the_last_counter();
    Slots::commit(&storage, b"third", Copies::One).unwrap();
    let operations = storage.disk().log.len();
    for failing in 0..operations {
        for names in CUTS {
            let storage = with_the_last_counter();
            storage.disk().fails = Some(failing);
            Slots::commit(&storage, b"third", Copies::One).unwrap_err();
            storage.cut(names);
            let found = newest(&storage).unwrap();
            let whole: [&[u8]; 2] = [b"second", b"third"];
            assert!(whole.contains(&found.as_slice()), "{failing}, {names:?}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_history_of_faults_and_cuts_takes_back_a_commit_that_returned(
        steps in proptest::collection::vec((proptest::bool::ANY, 0..12_usize, 0..3_usize), 1..40)
    ) {
        let storage = Memory::new();
        let mut lasting = None;
        for (step, (is_both, failing, cut)) in (0_u8..).zip(steps) {
            let copies = if is_both { Copies::Both } else { Copies::One };
            let begun = storage.disk().log.len();
            storage.disk().fails = Some(begun + failing);
            if Slots::commit(&storage, &[step], copies).is_ok() {
                lasting = Some(step);
            }
            storage.disk().fails = None;
            if let Some(names) = CUTS.get(cut) {
                storage.cut(*names);
                let found = newest(&storage).map(|document| document[0]);
                proptest::prop_assert!(found >= lasting, "{found:?}, {lasting:?}");
            }
        }
    }
}
