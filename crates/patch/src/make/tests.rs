//! What `make` promises, and what decoders refuse of streams made by hand.

use super::*;
use crate::{InflateError, inflate};
use crate::{Malformed, describe, plain, reference};

fn limits() -> Limits {
    Limits::for_base(1 << 20)
}

#[test]
fn the_smallest_known_patch_of_shorebirds_tool_has_the_same_size_and_a_window_no_larger() {
    let patch = make(b"hello world", b"hello world!", DEFAULT_LEVEL).unwrap();
    assert_eq!(patch.len(), 28);
    // zstd magic; no content size, no checksum, no dictionary; a window of 2^10 bytes, where
    // Shorebird's tool asks every device for 2^26.
    assert_eq!(patch[..6], [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00]);
}

#[test]
fn a_patch_of_the_size_that_shorebirds_tests_use_is_made() {
    let patch = make(b"hello world", b"hello tests", DEFAULT_LEVEL).unwrap();
    assert_eq!(patch.len(), 31);
}

#[test]
fn empty_files_are_files_too() {
    for (base, new) in [(&b""[..], &b""[..]), (b"", b"new"), (b"base", b"")] {
        let patch = make(base, new, 3).unwrap();
        assert_eq!(inflate(base, &patch, limits()).unwrap(), new);
    }
}

#[test]
fn a_level_that_zstd_does_not_have_is_refused() {
    for level in [0, 23, -1] {
        assert!(
            matches!(make(b"a", b"b", level), Err(MakeError::Level { found }) if found == level)
        );
    }
}

#[test]
fn a_description_counts_every_byte_of_the_output_once() {
    let base: Vec<u8> = (0..4000_u32).map(|n| (n * n).to_le_bytes()[1]).collect();
    let mut new = base.clone();
    new[2000] ^= 1;
    new.extend(b"behind the end");
    let described = describe(&make(&base, &new, 9).unwrap(), limits()).unwrap();
    assert_eq!(described.output_bytes, 4014);
    let parts = described.copied_bytes + described.added_bytes + described.new_bytes;
    assert_eq!(parts, described.output_bytes);
}

#[test]
fn what_nobody_may_inflate_is_not_made() {
    let new = vec![0; (64 << 20) + 5];
    assert!(matches!(
        make(b"a", &new, 1),
        Err(MakeError::TooMuchNew { .. })
    ));
}

fn frame(stream: &[u8]) -> Vec<u8> {
    zstd::encode_all(stream, 1).unwrap()
}

/// magic, then one record: add 2, copy 1, seek 0
const STREAM: [u8; 8 + 6] = [0xdf, 0xb1, 0, 0, 0, 0x10, 0, 0, 2, 1, 1, 1, b'!', 0];

#[test]
fn the_handmade_stream_inflates_in_both_decoders() {
    assert_eq!(inflate(b"ab", &frame(&STREAM), limits()).unwrap(), b"bc!");
}

fn refused_by_plain_only(stream: &[u8], base: &[u8]) -> Malformed {
    reference(base, &frame(stream), limits()).expect("bipatch takes it");
    match plain::inflate(base, &frame(stream), limits()) {
        Err(InflateError::Malformed(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stream_cut_inside_a_leading_number_is_truncated_though_bipatch_takes_it() {
    let stream = [&STREAM[..], &[0x80]].concat();
    let reason = refused_by_plain_only(&stream, b"ab");
    assert_eq!(reason, Malformed::Truncated { record_at: 14 });
}

#[test]
fn a_number_in_a_longer_form_is_refused_though_bipatch_takes_it() {
    let mut stream = STREAM.to_vec();
    stream.splice(8..9, [0x82, 0x00]);
    assert_eq!(
        refused_by_plain_only(&stream, b"ab"),
        Malformed::Varint { at: 8 }
    );
}

#[test]
fn a_second_frame_is_refused_though_bipatch_takes_it() {
    let (first, second) = STREAM.split_at(10);
    let patch = [frame(first), frame(second)].concat();
    assert_eq!(reference(b"ab", &patch, limits()).unwrap(), b"bc!");
    assert!(matches!(
        plain::inflate(b"ab", &patch, limits()),
        Err(InflateError::Malformed(Malformed::TrailingBytes(_)))
    ));
}

#[test]
fn every_cut_of_a_patch_is_malformed() {
    let patch = make(b"hello world", b"hello tests", 9).unwrap();
    for end in 0..patch.len() {
        let refused = inflate(b"hello world", &patch[..end], limits());
        assert!(
            matches!(refused, Err(InflateError::Malformed(_))),
            "{end}: {refused:?}"
        );
    }
}

#[test]
fn a_shorter_base_is_another_base_and_no_fault_of_the_patch() {
    let patch = make(b"hello world", b"hello world!", 9).unwrap();
    let expected = InflateError::OtherBase {
        needed_bytes: 11,
        base_bytes: 5,
    };
    assert_eq!(inflate(b"hello", &patch, limits()), Err(expected.clone()));
    assert_eq!(reference(b"hello", &patch, limits()), Err(expected));
}

#[test]
fn a_seek_to_before_the_start_is_malformed_for_every_base() {
    let mut stream = STREAM.to_vec();
    stream[13] = 5; // -3 from position 2
    for refused in [
        plain::inflate(b"ab", &frame(&stream), limits()),
        reference(b"ab", &frame(&stream), limits()),
    ] {
        assert!(
            matches!(refused, Err(InflateError::Malformed(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn a_bomb_of_output_ends_at_the_limit_in_both_decoders() {
    let mut stream = STREAM[..8].to_vec();
    // add 0, copy 300,000, seek 0
    stream.extend([0, 0xe0, 0xa7, 0x12]);
    stream.extend(vec![0; 300_000]);
    stream.push(0);
    let small = Limits {
        output_bytes_max: 100_000,
        ..limits()
    };
    for refused in [
        plain::inflate(b"", &frame(&stream), small),
        reference(b"", &frame(&stream), small),
    ] {
        let limit = crate::Limit::OutputBytes;
        assert_eq!(
            refused,
            Err(InflateError::OverLimit {
                limit,
                limit_value: 100_000
            })
        );
    }
}

#[test]
fn a_bomb_of_empty_records_ends_at_the_limit_in_both_decoders() {
    let stream = [&STREAM[..8], &vec![0; 3_000_000]].concat();
    let small = Limits {
        records_max: 1000,
        stream_bytes_max: 100_000,
        ..limits()
    };
    for refused in [
        plain::inflate(b"", &frame(&stream), small),
        reference(b"", &frame(&stream), small),
    ] {
        assert!(
            matches!(refused, Err(InflateError::OverLimit { .. })),
            "{refused:?}"
        );
    }
}
