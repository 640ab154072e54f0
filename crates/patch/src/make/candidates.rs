//! The patches that come into question, and the smallest of them.

use std::io;

use sha2::{Digest as _, Sha256};

use super::pack::{column, zstd, zstd_twice};
use super::{CodecChoice, MakeOptions};
use crate::columns::{Columns, one_stream, wide};
use crate::header::{Codec, DeclaredBase, Header, STREAMS, StreamExtent};
use crate::search::{Effort, Files, Match};

/// A patch in the `shorebird` container.
pub(super) fn shorebird(base: &[u8], new: &[u8], level: i32) -> io::Result<Vec<u8>> {
    let found = best_search(base, new, level)?;
    let stream = one_stream(base, new, &found.matches);
    let patch = match found.quick_bytes {
        0..=SMALL_BYTES_MAX => zstd_twice(&stream, level, SHOREBIRD_WINDOW_LOG)?,
        _ => zstd(&stream, level, SHOREBIRD_WINDOW_LOG)?,
    };
    if !full_may_be_smaller(new, patch.len())? {
        return Ok(patch);
    }
    let full = one_stream(base, new, &[whole(new)]);
    Ok(smaller(patch, zstd(&full, level, SHOREBIRD_WINDOW_LOG)?))
}

/// What a search found, and what that packs to at a quick level.
struct Searched {
    matches: Vec<Match>,
    quick_bytes: usize,
}

/// One search; two where the patch will be small. Such files are nearly the same, so that a
/// search and packing are quick and there is time for more; and in them it can be better to turn
/// seldom, as a turn costs what a few changed bytes do not.
fn best_search(base: &[u8], new: &[u8], level: i32) -> io::Result<Searched> {
    let files = Files::of(base, new);
    let search = |effort| -> io::Result<Searched> {
        let matches = files.matches(effort);
        let stream = one_stream(base, new, &matches);
        let quick_bytes = zstd(&stream, QUICK_LEVEL, SHOREBIRD_WINDOW_LOG)?.len();
        Ok(Searched {
            matches,
            quick_bytes,
        })
    };
    let first = search(effort(level))?;
    if first.quick_bytes > SMALL_BYTES_MAX || level < THOROUGH_LEVEL {
        return Ok(first);
    }
    let second = search(Effort {
        slack_bytes: SELDOM_SLACK_BYTES,
        ..effort(level)
    })?;
    Ok(if second.quick_bytes < first.quick_bytes {
        second
    } else {
        first
    })
}

/// A patch in the `patchproof` container: the smallest of what the options allow.
pub(super) fn patchproof(base: &[u8], new: &[u8], options: MakeOptions) -> io::Result<Vec<u8>> {
    let searched = match options.codec {
        CodecChoice::Zstd => vec![best_search(base, new, options.level)?.matches],
        CodecChoice::Brotli | CodecChoice::Auto => {
            let files = Files::of(base, new);
            EFFORTS.map(|effort| files.matches(effort)).to_vec()
        }
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
        let packed = codecs.map(|&codec| {
            let all = columns.all();
            let [control, gaps, changes, literals] = all;
            let all = [control, gaps, changes, literals, &[]];
            packed(all, codec, options.level, declared, 0, outcome)
        });
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
pub(super) fn packed(
    columns: [&[u8]; STREAMS],
    codec: Codec,
    level: i32,
    base: DeclaredBase,
    transform: u16,
    (output_bytes, output_sha256): (u64, [u8; 32]),
) -> io::Result<Vec<u8>> {
    let mut streams = [StreamExtent::default(); STREAMS];
    let mut body = Vec::new();
    for (extent, bytes) in streams.iter_mut().zip(columns) {
        let packed = column(bytes, codec, level)?;
        extent.packed_bytes = wide(packed.len());
        extent.decoded_bytes = wide(bytes.len());
        body.extend(packed);
    }
    let header = Header {
        codec,
        transform,
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
pub(super) fn smallest_by_estimate(all: Vec<Columns>) -> io::Result<Columns> {
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
pub(super) fn smaller(first: Vec<u8>, second: Vec<u8>) -> Vec<u8> {
    if second.len() < first.len() {
        second
    } else {
        first
    }
}

/// Low levels are for those who wait.
pub(crate) const fn effort(level: i32) -> Effort {
    Effort {
        candidates_max: if level < THOROUGH_LEVEL { 16 } else { 64 },
        slack_bytes: 6,
    }
}

/// What is tried where time is no object.
const EFFORTS: [Effort; 6] = [
    with_slack(3),
    with_slack(4),
    with_slack(5),
    with_slack(6),
    with_slack(8),
    with_slack(SELDOM_SLACK_BYTES),
];

pub(super) const fn with_slack(slack_bytes: usize) -> Effort {
    Effort {
        candidates_max: 256,
        slack_bytes,
    }
}

/// 8 MiB: what a device holds while it inflates.
const SHOREBIRD_WINDOW_LOG: u32 = 23;
/// Packed quickly to no more than this, a patch is small: it is made in about a second, and twice
/// the work is still that.
const SMALL_BYTES_MAX: usize = 256 << 10;
/// Another alignment must be better by so much for the second search; it is two and a half times
/// that of the first.
const SELDOM_SLACK_BYTES: usize = 16;
const THOROUGH_LEVEL: i32 = 10;
const ESTIMATE_LEVEL: i32 = 9;
const QUICK_LEVEL: i32 = 1;
