//! The patches that come into question, and the smallest of them.

use std::io;

use sha2::{Digest as _, Sha256};

use super::pack::{column, zstd};
use super::{CodecChoice, MakeOptions};
use crate::columns::{Columns, one_stream, wide};
use crate::header::{Codec, DeclaredBase, Header, STREAMS, StreamExtent};
use crate::search::{Effort, Match, matches};

/// A patch in the `shorebird` container.
pub(super) fn shorebird(base: &[u8], new: &[u8], level: i32) -> io::Result<Vec<u8>> {
    let pack = |found: &[Match]| zstd(&one_stream(base, new, found), level, SHOREBIRD_WINDOW_LOG);
    let found = matches(base, new, &[effort(level)]);
    let patch = pack(&found.concat())?;
    if !full_may_be_smaller(new, patch.len())? {
        return Ok(patch);
    }
    Ok(smaller(patch, pack(&[whole(new)])?))
}

/// A patch in the `patchproof` container: the smallest of what the options allow.
pub(super) fn patchproof(base: &[u8], new: &[u8], options: MakeOptions) -> io::Result<Vec<u8>> {
    let searched = match options.codec {
        CodecChoice::Zstd => matches(base, new, &[effort(options.level)]),
        CodecChoice::Brotli | CodecChoice::Auto => matches(base, new, &EFFORTS),
    };
    let columns = searched.iter().map(|found| Columns::of(base, new, found));
    let columns = smallest_by_estimate(columns.collect())?;
    let outcome = (wide(new.len()), Sha256::digest(new).into());
    let declared = DeclaredBase::File {
        length_bytes: wide(base.len()),
        sha256: Sha256::digest(base).into(),
    };
    let smallest = |columns: &Columns, declared| -> io::Result<Vec<u8>> {
        let codecs = options.codec.codecs().iter();
        let packed = codecs.map(|&codec| packed(columns, codec, options.level, declared, outcome));
        let packed = packed.collect::<io::Result<Vec<_>>>()?;
        Ok(packed.into_iter().reduce(smaller).unwrap_or_default())
    };
    let patch = smallest(&columns, declared)?;
    if !full_may_be_smaller(new, patch.len())? {
        return Ok(patch);
    }
    let full = Columns::of(&[], new, &[whole(new)]);
    // Where both are as small, the one that needs no base.
    Ok(smaller(smallest(&full, DeclaredBase::None)?, patch))
}

/// The whole container.
fn packed(
    columns: &Columns,
    codec: Codec,
    level: i32,
    base: DeclaredBase,
    (output_bytes, output_sha256): (u64, [u8; 32]),
) -> io::Result<Vec<u8>> {
    let mut streams = [StreamExtent::default(); STREAMS];
    let mut body = Vec::new();
    for (extent, bytes) in streams.iter_mut().zip(columns.all()) {
        let packed = column(bytes, codec, level)?;
        extent.packed_bytes = wide(packed.len());
        extent.decoded_bytes = wide(bytes.len());
        body.extend(packed);
    }
    let header = Header {
        codec,
        transform: 0,
        base,
        output_bytes,
        output_sha256,
        streams,
    };
    let mut patch = header.bytes();
    patch.extend(body);
    Ok(patch)
}

/// Which columns will pack smallest: a quick level ranks them as the slow ones do.
fn smallest_by_estimate(all: Vec<Columns>) -> io::Result<Columns> {
    let mut best: Option<(usize, Columns)> = None;
    let only = all.len() == 1;
    for columns in all {
        let mut size = 0;
        if !only {
            for bytes in columns.all() {
                size += column(bytes, Codec::Zstd, ESTIMATE_LEVEL)?.len();
            }
        }
        if best.as_ref().is_none_or(|(known, _)| size < *known) {
            best = Some((size, columns));
        }
    }
    Ok(best.map(|(_, columns)| columns).unwrap_or_default())
}

/// Whether the new file alone might pack smaller: a quick level gives a size that the slow ones
/// halve at best.
fn full_may_be_smaller(new: &[u8], patch_bytes: usize) -> io::Result<bool> {
    let quick = zstd(new, QUICK_LEVEL, SHOREBIRD_WINDOW_LOG)?;
    Ok(quick.len() / 2 < patch_bytes)
}

/// The new file as one stretch that needs no base.
fn whole(new: &[u8]) -> Match {
    Match {
        base_at: 0,
        new_at: 0,
        add_bytes: 0,
        end: new.len(),
    }
}

/// The first where both are as small, so that the choice is the same everywhere.
fn smaller(first: Vec<u8>, second: Vec<u8>) -> Vec<u8> {
    if second.len() < first.len() {
        second
    } else {
        first
    }
}

/// Low levels are for those who wait.
pub(crate) const fn effort(level: i32) -> Effort {
    Effort {
        candidates_max: if level < 10 { 16 } else { 64 },
        slack_bytes: 6,
    }
}

/// What is tried where time is no object.
const EFFORTS: [Effort; 5] = [
    with_slack(3),
    with_slack(4),
    with_slack(5),
    with_slack(6),
    with_slack(8),
];

const fn with_slack(slack_bytes: usize) -> Effort {
    Effort {
        candidates_max: 256,
        slack_bytes,
    }
}

/// 8 MiB: what a device holds while it inflates.
const SHOREBIRD_WINDOW_LOG: u32 = 23;
const ESTIMATE_LEVEL: i32 = 9;
const QUICK_LEVEL: i32 = 1;
