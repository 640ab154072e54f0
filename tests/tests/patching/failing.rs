//! An error at any byte, of the patch, of the base or of the output, ends both threads and is told
//! as what it is.

use std::io::ErrorKind;
use std::sync::atomic::Ordering;

use patchproof_patch::{Container, Inflation, StreamError, make_with};

use crate::decoders::{FORMS, limits, streamed_by};
use crate::failing_at::{Disk, FailsAt, NoLength, Watched, watched};
use crate::pairs::{Pair, fixed_pair};

/// Every byte of a small pair, a sample of a larger one.
const SIZES: [(usize, usize); 2] = [(600, 1), (150_000, 997)];

fn inflation(base: &[u8]) -> impl Iterator<Item = Inflation<'static>> {
    let whole = Inflation::within(limits(base));
    [(64, 1), (4096, 2)]
        .map(|(block, pipe)| whole.in_blocks_of(block, pipe))
        .into_iter()
}

#[test]
fn a_patch_that_cannot_be_read_at_any_byte_is_told_as_that() {
    watched(|step| {
        for (size, stride) in SIZES {
            let Pair { base, new } = fixed_pair(size);
            for options in FORMS {
                let patch = make_with(&base, &new, options).unwrap();
                for at in (0..u64::try_from(patch.len()).unwrap()).step_by(stride) {
                    step.fetch_add(1, Ordering::Relaxed);
                    let bytes = &patch;
                    for inflation in inflation(&base) {
                        let error = streamed_by(inflation, &base, &FailsAt { bytes, at });
                        let told = matches!(&error, Err(StreamError::ReadPatch(error))
                            if error.kind() == ErrorKind::TimedOut);
                        assert!(told, "{options:?}, byte {at}: {error:?}");
                    }
                }
            }
        }
    });
}

#[test]
fn a_base_that_cannot_be_read_at_a_byte_that_is_needed_is_told_as_that() {
    watched(|step| {
        for (size, stride) in SIZES {
            let Pair { base, new } = fixed_pair(size);
            for options in FORMS {
                let patch = make_with(&base, &new, options).unwrap();
                for inflation in inflation(&base) {
                    let watch = Watched::over(&base);
                    streamed_by(inflation, &watch, &patch).unwrap();
                    let needed = watch.asked_for.into_inner().unwrap();
                    assert!(needed.contains(&true));
                    for (at, needed) in needed.iter().enumerate().step_by(stride) {
                        step.fetch_add(1, Ordering::Relaxed);
                        let (bytes, at) = (&base, u64::try_from(at).unwrap());
                        let found = streamed_by(inflation, &FailsAt { bytes, at }, &patch);
                        match found {
                            Ok(output) => assert!(!needed && output == new, "byte {at}"),
                            Err(StreamError::ReadBase(error)) => {
                                assert_eq!(error.kind(), ErrorKind::TimedOut);
                                assert!(needed, "byte {at} is not needed");
                            }
                            Err(other) => panic!("{options:?}, byte {at}: {other:?}"),
                        }
                    }
                }
            }
        }
    });
}

#[test]
fn a_patchproof_patch_is_not_started_over_a_base_that_was_not_read_whole() {
    let Pair { base, new } = fixed_pair(600);
    for options in FORMS
        .into_iter()
        .filter(|it| it.container == Container::Patchproof)
    {
        let patch = make_with(&base, &new, options).unwrap();
        let mut disk = Disk::with_room(usize::MAX);
        for at in 0..600 {
            let broken = FailsAt { bytes: &base, at };
            let refused = Inflation::within(limits(&base)).run(&patch, &broken, &mut disk);
            assert!(
                matches!(refused, Err(StreamError::ReadBase(_))),
                "byte {at}"
            );
        }
        assert!(disk.taken.is_empty());
    }
}

#[test]
fn a_length_that_cannot_be_told_is_the_fault_of_that_file() {
    let Pair { base, new } = fixed_pair(600);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        let inflation = Inflation::within(limits(&base));
        let of_patch = streamed_by(inflation, &base, &NoLength);
        assert!(
            matches!(of_patch, Err(StreamError::ReadPatch(_))),
            "{of_patch:?}"
        );
        let of_base = streamed_by(inflation, &NoLength, &patch);
        assert!(
            matches!(of_base, Err(StreamError::ReadBase(_))),
            "{of_base:?}"
        );
    }
}

#[test]
fn an_output_that_is_full_after_any_byte_is_told_as_that() {
    watched(|step| {
        for (size, stride) in SIZES {
            let Pair { base, new } = fixed_pair(size);
            for options in FORMS {
                let patch = make_with(&base, &new, options).unwrap();
                for room in (0..new.len()).step_by(stride) {
                    step.fetch_add(1, Ordering::Relaxed);
                    for inflation in inflation(&base) {
                        let mut disk = Disk::with_room(room);
                        let error = inflation.run(&patch, &base, &mut disk);
                        let told = matches!(&error, Err(StreamError::Write(error))
                            if error.kind() == ErrorKind::StorageFull);
                        assert!(told, "{options:?}, room for {room}: {error:?}");
                        assert!(disk.taken == new[..room]);
                    }
                }
            }
        }
    });
}

#[test]
fn a_disk_that_says_only_at_the_last_flush_that_it_is_full_is_believed() {
    let Pair { base, new } = fixed_pair(600);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        let mut disk = Disk::with_room(new.len());
        disk.flush = Err(ErrorKind::StorageFull.into());
        let error = Inflation::within(limits(&base)).run(&patch, &base, &mut disk);
        let told = matches!(&error, Err(StreamError::Write(error))
            if error.kind() == ErrorKind::StorageFull);
        assert!(told, "{options:?}: {error:?}");
    }
}

#[test]
fn an_output_that_takes_one_byte_at_a_time_and_is_interrupted_gets_them_all() {
    let Pair { base, new } = fixed_pair(600);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        let mut disk = Disk::with_room(new.len());
        disk.step = 1;
        disk.interrupted = Some(false);
        let inflated = Inflation::within(limits(&base)).run(&patch, &base, &mut disk);
        assert_eq!(
            inflated.unwrap().output_bytes,
            u64::try_from(new.len()).unwrap()
        );
        assert!(disk.taken == new);
    }
}
