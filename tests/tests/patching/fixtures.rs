//! Patches written byte by byte from `docs/formats/`, and one that an old version wrote: what they
//! give is pinned for ever.

use patchproof_patch::{inflate, plain, reference};
use patchproof_tests::patches::{sha256, shorebirds};

use crate::decoders::{limits, streamed};
use crate::pairs::{Pair, fixed_pair};

/// `abc` to `aXcd`: the header of the example in `docs/formats/patch.md`, but for its codec and the
/// packed lengths of the streams.
fn header(codec: u8, packed: [u8; 4]) -> Vec<u8> {
    let length = |n: u8| [n, 0, 0, 0, 0, 0, 0, 0];
    let decoded = [3, 1, 1, 1];
    let mut header = [
        // 0: magic
        &[0x89, 0x50, 0x50, 0x41, 0x54, 0x0d, 0x0a, 0x0a][..],
        // 8: format version 1; codec; a base is declared; no transform; reserved
        &[1, 0, codec, 1, 0, 0, 0, 0],
        // 16: length and SHA-256 of the base, `abc`
        &length(3),
        &ABC_SHA256,
        // 56: length and SHA-256 of the output, `aXcd`
        &length(4),
        &AXCD_SHA256,
    ]
    .concat();
    // 96: packed and decoded length of control, gaps, changes and literals
    for (packed, decoded) in packed.into_iter().zip(decoded) {
        header.extend(length(packed));
        header.extend(length(decoded));
    }
    // 160: no stream for a transform
    header.extend([0; 16]);
    assert_eq!(header.len(), 176);
    header
}

/// Each stream is a zstd frame: magic; a descriptor of zeros; a window of 2^10; one block as it is,
/// the last, whose header is its size times 8 plus 1.
#[rustfmt::skip]
const ZSTD_STREAMS: [u8; 42] = [
    // control: add 3, copy 1, seek 0
    0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x19, 0x00, 0x00, 0x03, 0x01, 0x00,
    // gaps: one unchanged byte before the first change
    0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x09, 0x00, 0x00, 0x01,
    // changes: `X` - `b`
    0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x09, 0x00, 0x00, 0xf6,
    // literals: `d`
    0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x09, 0x00, 0x00, 0x64,
];

/// Each stream is brotli's: from the lowest bit on, 0 for a window of 2^16; 0 for not the last
/// metablock; 00 for a length of 16 bits; the length less one; 1 for bytes as they are; three bits
/// to fill the byte; the bytes; 11 for a last metablock that is empty, and six bits to fill up.
#[rustfmt::skip]
const BROTLI_STREAMS: [u8; 22] = [
    // control: add 3, copy 1, seek 0
    0x20, 0x00, 0x10, 0x03, 0x01, 0x00, 0x03,
    // gaps: one unchanged byte before the first change
    0x00, 0x00, 0x10, 0x01, 0x03,
    // changes: `X` - `b`
    0x00, 0x00, 0x10, 0xf6, 0x03,
    // literals: `d`
    0x00, 0x00, 0x10, 0x64, 0x03,
];

/// The example of `docs/formats/shorebird-patch.md`, over `ab`.
#[rustfmt::skip]
const SHOREBIRD: [u8; 23] = [
    // frame: magic; a descriptor of zeros; a window of 2^26; one block, last, as it is, 14 bytes
    0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x80, 0x71, 0x00, 0x00,
    // stream: magic, version
    0xdf, 0xb1, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00,
    // add two bytes, 1 to each; copy one, `!`; seek 0
    0x02, 0x01, 0x01, 0x01, 0x21, 0x00,
];

#[rustfmt::skip]
const ABC_SHA256: [u8; 32] = [
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
    0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
];

#[rustfmt::skip]
const AXCD_SHA256: [u8; 32] = [
    0x71, 0x3b, 0x8a, 0x11, 0xe8, 0x1d, 0xd1, 0xb2, 0xc0, 0x7f, 0xcf, 0x1d, 0x61, 0xff, 0xff, 0xcc,
    0xca, 0x03, 0x88, 0x7b, 0xda, 0x3c, 0x43, 0xb4, 0x44, 0x15, 0xe2, 0x1a, 0x95, 0x6e, 0x78, 0xef,
];

fn gives(base: &[u8], patch: &[u8], output: &[u8]) {
    assert_eq!(plain::inflate(base, patch, limits(base)).unwrap(), output);
    assert_eq!(streamed(base, patch).unwrap(), output);
    assert_eq!(inflate(base, patch, limits(base)).unwrap(), output);
}

#[test]
fn the_patch_by_hand_in_zstd_is_read() {
    let patch = [&header(1, [12, 10, 10, 10])[..], &ZSTD_STREAMS].concat();
    gives(b"abc", &patch, b"aXcd");
}

#[test]
fn the_patch_by_hand_in_brotli_is_read() {
    let patch = [&header(2, [7, 5, 5, 5])[..], &BROTLI_STREAMS].concat();
    gives(b"abc", &patch, b"aXcd");
}

#[test]
fn the_shorebird_patch_by_hand_is_read() {
    gives(b"ab", &SHOREBIRD, b"bc!");
    assert_eq!(reference(b"ab", &SHOREBIRD, limits(b"ab")).unwrap(), b"bc!");
}

#[test]
fn a_patch_that_holds_a_whole_output_by_hand_is_read_over_anything() {
    let literals: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x21, 0x00, 0x00];
    let control: &[u8] = &[
        0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x19, 0x00, 0x00, 0, 4, 0,
    ];
    let mut patch = header(1, [12, 0, 0, 13]);
    // No base is declared; the output is four new bytes, `aXcd`.
    patch[11] = 0;
    patch[16..56].fill(0);
    for (stream, decoded) in [3, 0, 0, 4].into_iter().enumerate() {
        patch[96 + 16 * stream + 8] = decoded;
    }
    let patch = [&patch[..], control, literals, b"aXcd"].concat();
    for base in [&b""[..], b"abc", b"another"] {
        gives(base, &patch, b"aXcd");
    }
}

/// Made by the first version of this repository that made patches: bidiff's stream in one zstd
/// frame of level 21. Its base and output are the pair below.
const OLD: &[u8] = include_bytes!("fixtures/old.shorebird.patch");
const OLD_PAIR_BYTES: usize = 6000;
const OLD_OUTPUT_SHA256: &str = "04c8f8133f0dcaac2fb2e9be56e7058058a1b81123dfebb94f3b15507fde7461";

#[test]
fn a_patch_of_the_first_version_is_read_for_ever() {
    let Pair { base, new } = fixed_pair(OLD_PAIR_BYTES);
    assert_eq!(hex(&sha256(&new)), OLD_OUTPUT_SHA256);
    gives(&base, OLD, &new);
}

#[test]
fn the_patch_of_the_first_version_is_what_shorebirds_tool_would_have_made() {
    let Pair { base, new } = fixed_pair(OLD_PAIR_BYTES);
    assert!(shorebirds(&base, &new) == OLD);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
