//! What bipatch takes and we refuse, each with bipatch's own answer beside ours: the list is
//! `docs/divergences.md`.

use std::io::Write as _;

use patchproof_patch::{InflateError, Limit, Limits, Malformed, plain, reference};
use patchproof_tests::patches::{frame, number, stream};

use crate::agreement::agreed;
use crate::decoders::{Fault, limits, streamed};

/// Over `ab`: add 1 to each of two bytes, copy `!`, seek 0.
const RECORD: [u8; 6] = [2, 1, 1, 1, b'!', 0];

/// What devices make of a patch that both decoders here find at fault.
fn devices_take(base: &[u8], patch: &[u8]) -> Vec<u8> {
    assert_eq!(agreed(base, patch), Err(Fault::Patch));
    reference(base, patch, limits(base)).expect("bipatch takes it")
}

fn reason(base: &[u8], patch: &[u8]) -> Malformed {
    match streamed(base, patch) {
        Err(InflateError::Malformed(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stream_that_ends_inside_the_first_number_of_a_record_is_refused() {
    let patch = frame(&stream(&[&RECORD[..], &[0x80]].concat()));
    assert_eq!(devices_take(b"ab", &patch), b"bc!");
    assert_eq!(
        reason(b"ab", &patch),
        Malformed::Truncated { record_at: 14 }
    );
}

#[test]
fn a_frame_that_is_cut_behind_a_record_is_refused_though_bipatch_takes_it() {
    // One stored block, the last, of 100 bytes: most of them are not there.
    let head = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x21, 0x03, 0x00];
    let patch = [&head[..], &stream(&RECORD)].concat();
    assert_eq!(devices_take(b"ab", &patch), b"bc!");
}

#[test]
fn a_stream_cut_at_the_start_of_a_record_is_a_shorter_patch_to_all() {
    let whole = frame(&stream(&[RECORD, [0, 0, 0, 0, 0, 0]].concat()));
    let cut = frame(&stream(&RECORD));
    assert_eq!(agreed(b"ab", &cut).unwrap(), agreed(b"ab", &whole).unwrap());
    let twice = frame(&stream(&[&[1, 0, 0, 0][..], &[1, 0, 0, 0]].concat()));
    let once = frame(&stream(&[1, 0, 0, 0]));
    assert_eq!(agreed(b"ab", &twice).unwrap(), b"ab");
    assert_eq!(agreed(b"ab", &once).unwrap(), b"a");
}

#[test]
fn whoever_knows_the_output_is_not_deceived_by_a_stream_cut_at_the_start_of_a_record() {
    let cut = frame(&stream(&[1, 0, 0, 0]));
    let sha256 = patchproof_tests::patches::sha256(b"ab");
    let inflation = patchproof_patch::Inflation::within(limits(b"ab")).expecting(2, sha256);
    let refused = crate::decoders::streamed_by(inflation, &&b"ab"[..], &cut);
    assert!(refused.is_err());
}

#[test]
fn a_patch_that_is_only_a_header_has_an_empty_output_for_all() {
    assert_eq!(agreed(b"ab", &frame(&stream(&[]))).unwrap(), b"");
}

#[test]
fn a_header_that_is_cut_short_is_refused_by_all() {
    let whole = stream(&[]);
    for end in 0..whole.len() {
        let patch = frame(&whole[..end]);
        assert_eq!(agreed(b"ab", &patch), Err(Fault::Patch));
        assert!(reference(b"ab", &patch, limits(b"ab")).is_err());
    }
}

#[test]
fn a_number_in_a_longer_form_is_refused_in_every_place() {
    for at in [0, 3, 5] {
        let mut records = RECORD.to_vec();
        let short = records[at];
        records.splice(at..=at, [short | 0x80, 0x80, 0x00]);
        let patch = frame(&stream(&records));
        assert_eq!(devices_take(b"ab", &patch), b"bc!", "{at}");
        assert!(matches!(reason(b"ab", &patch), Malformed::Varint { .. }));
    }
}

#[test]
fn a_tenth_byte_with_bits_beyond_the_64th_is_refused() {
    // 2^64, of which bipatch keeps the lower 64 bits: a seek of 0.
    let seek = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02];
    let patch = frame(&stream(&[&RECORD[..5], &seek].concat()));
    assert_eq!(devices_take(b"ab", &patch), b"bc!");
    assert!(matches!(reason(b"ab", &patch), Malformed::Varint { .. }));
}

#[test]
fn a_second_frame_is_refused_even_an_empty_one() {
    let whole = stream(&RECORD);
    let (first, second) = whole.split_at(10);
    for patch in [
        [frame(first), frame(second)].concat(),
        [frame(&whole), frame(&[])].concat(),
    ] {
        assert_eq!(devices_take(b"ab", &patch), b"bc!");
    }
}

#[test]
fn a_skippable_frame_before_or_behind_is_refused() {
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, b'h', b'i', b'd'];
    let patch = frame(&stream(&RECORD));
    for patch in [
        [&skipped, &patch[..]].concat(),
        [&patch[..], &skipped].concat(),
    ] {
        assert_eq!(devices_take(b"ab", &patch), b"bc!");
    }
}

#[test]
fn bytes_behind_the_frame_that_are_no_frame_are_refused_by_all() {
    let patch = [&frame(&stream(&RECORD))[..], b"more"].concat();
    assert_eq!(agreed(b"ab", &patch), Err(Fault::Patch));
    assert!(reference(b"ab", &patch, limits(b"ab")).is_err());
}

#[test]
fn empty_records_end_at_the_limit_though_bipatch_counts_none() {
    let patch = frame(&stream(&[0; 3 * 1001]));
    let mut few = limits(b"ab");
    few.records_max = 1000;
    let over = InflateError::OverLimit {
        limit: Limit::Records,
        limit_value: 1000,
    };
    assert_eq!(reference(b"ab", &patch, few), Ok(Vec::new()));
    assert_eq!(plain::inflate(b"ab", &patch, few), Err(over.clone()));
    let inflation = patchproof_patch::Inflation::within(few);
    let streamed = crate::decoders::streamed_by(inflation, &&b"ab"[..], &patch);
    let found = streamed.unwrap_err();
    assert!(matches!(found, patchproof_patch::StreamError::Inflate(error) if error == over));
}

#[test]
fn a_length_beyond_the_file_is_refused_by_all_however_large() {
    for length in [3, 1 << 31, 1 << 32, 1 << 63, u64::MAX] {
        let long_add = [number(length), vec![1, 1, 0, 0]].concat();
        let long_copy = [vec![2, 1, 1], number(length), vec![b'!', 0]].concat();
        for records in [long_add, long_copy] {
            let patch = frame(&stream(&records));
            assert!(agreed(b"ab", &patch).is_err(), "{length}");
            assert!(reference(b"ab", &patch, limits(b"ab")).is_err(), "{length}");
        }
    }
}

#[test]
fn a_seek_outside_every_base_is_refused_by_all_and_one_behind_the_end_by_none() {
    let with = |seek: u64| frame(&stream(&[&RECORD[..5], &number(seek)].concat()));
    // To -1; by -2^63.
    for seek in [5, u64::MAX] {
        assert_eq!(agreed(b"ab", &with(seek)), Err(Fault::Patch), "{seek}");
        assert!(reference(b"ab", &with(seek), limits(b"ab")).is_err());
    }
    for seek in [3, 200] {
        assert_eq!(agreed(b"ab", &with(seek)).unwrap(), b"bc!");
    }
}

#[test]
fn a_window_beyond_the_limit_is_refused_though_zstd_alone_would_take_it() {
    let mut patch = frame(&stream(&RECORD));
    assert_eq!(patch[4] & 0x20, 0, "a window descriptor is there");
    patch[5] = (17 << 3) + 1; // 2^27 and an eighth
    assert_eq!(agreed(b"ab", &patch), Err(Fault::OverLimit));
    let mut wider = Limits::for_base(2);
    wider.window_log_max = 28;
    assert_eq!(plain::inflate(b"ab", &patch, wider).unwrap(), b"bc!");
}

#[test]
fn a_seek_beyond_what_a_file_can_follow_is_refused_though_bipatch_follows_it_in_memory() {
    // By 2^63 - 1 from position 2.
    let patch = frame(&stream(&[&RECORD[..5], &number(u64::MAX - 1)].concat()));
    assert_eq!(devices_take(b"ab", &patch), b"bc!");
    assert!(matches!(reason(b"ab", &patch), Malformed::Seek { .. }));
}

#[test]
fn a_stream_cut_anywhere_else_in_a_record_is_refused_by_all() {
    let second = [&number(200)[..], &[7; 200], &number(200), &[8; 200], &[0]].concat();
    let whole = stream(&[&RECORD[..], &second].concat());
    let base = [0; 300];
    assert!(agreed(&base, &frame(&whole)).is_ok());
    // Behind the two bytes of the second record's first number, which has a row of its own.
    for end in 8 + RECORD.len() + 2..whole.len() {
        let patch = frame(&whole[..end]);
        assert_eq!(agreed(&base, &patch), Err(Fault::Patch), "{end}");
        assert!(reference(&base, &patch, limits(&base)).is_err(), "{end}");
    }
}

#[test]
fn another_magic_number_or_version_is_refused_by_all() {
    for at in 0..8 {
        let mut other = stream(&RECORD);
        other[at] ^= 1;
        let patch = frame(&other);
        assert_eq!(agreed(b"ab", &patch), Err(Fault::Patch), "{at}");
        assert!(
            reference(b"ab", &patch, limits(b"ab")).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn a_reserved_bit_of_the_frame_is_refused_by_all_and_the_unused_one_by_none() {
    let patch = frame(&stream(&RECORD));
    let with = |bits: u8| {
        let mut changed = patch.clone();
        changed[4] |= bits;
        changed
    };
    let (reserved, unused) = (with(0x08), with(0x10));
    assert_eq!(agreed(b"ab", &reserved), Err(Fault::Patch));
    assert!(reference(b"ab", &reserved, limits(b"ab")).is_err());
    assert_eq!(agreed(b"ab", &unused).unwrap(), b"bc!");
}

#[test]
fn a_checksum_or_a_content_size_may_be_there_and_must_be_right_for_all() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(&stream(&RECORD)).unwrap();
    let with_checksum = encoder.finish().unwrap();
    let with_size = zstd::bulk::compress(&stream(&RECORD), 1).unwrap();
    assert_ne!(with_size[4] & 0x20, 0, "its size is there");
    let (end, size_at) = (with_checksum.len() - 1, 5);
    for (right, at) in [(with_checksum, end), (with_size, size_at)] {
        assert_eq!(agreed(b"ab", &right).unwrap(), b"bc!");
        let mut wrong = right;
        wrong[at] ^= 1;
        assert_eq!(agreed(b"ab", &wrong), Err(Fault::Patch));
        assert!(reference(b"ab", &wrong, limits(b"ab")).is_err());
    }
}

#[test]
fn every_test_that_the_list_names_is_here() {
    let (list, tests) = (
        include_str!("../../../docs/divergences.md"),
        include_str!("divergences.rs"),
    );
    let (list, _) = list
        .split_once("## What fuzzing may find different\n")
        .expect("what is below are functions of the oracles");
    let rows = list.lines().filter(|line| line.starts_with("| "));
    let named = rows.filter_map(|row| row.rsplit('`').nth(1).filter(|it| it.contains('_')));
    let named: Vec<&str> = named.filter(|name| !name.contains('/')).collect();
    assert!(named.len() > 10, "{named:?}");
    for name in named {
        let there = name == "patching_bombs" || tests.contains(&format!("fn {name}()"));
        assert!(there, "{name}");
    }
}
