//! Patches through a transform.

use std::io;

use sha2::{Digest as _, Sha256};

use super::both;
use super::candidates::{packed, smaller, smallest_by_estimate, with_slack};
use crate::columns::{Columns, wide};
use crate::header::{Codec, DeclaredBase};
use crate::search::Files;
use crate::transform::{Known, Views};

/// The smallest patch that any of the transforms gives; `None` where none takes these files.
pub(super) fn smallest(
    base: &[u8],
    new: &[u8],
    level: i32,
    known: &[Known<'_>],
) -> io::Result<Option<Vec<u8>>> {
    let mut best = None;
    for making in known.iter().filter_map(|known| known.making) {
        let Some(views) = making.views(base, new) else {
            continue;
        };
        let patch = through(base, new, level, making.id(), &views)?;
        best = Some(match best {
            Some(best) => smaller(best, patch),
            None => patch,
        });
    }
    Ok(best)
}

fn through(
    base: &[u8],
    new: &[u8],
    level: i32,
    transform: u16,
    views: &Views,
) -> io::Result<Vec<u8>> {
    let files = Files::of(&views.base, &views.new);
    let with = |slack| {
        let found = files.matches(with_slack(slack));
        Columns::of(&views.base, &views.new, &found)
    };
    let [some, more] = SLACKS_BYTES;
    let (some, more) = both(|| with(some), || with(more));
    let columns = smallest_by_estimate(vec![some, more])?;
    let [control, gaps, changes, literals] = columns.all();
    let all = [control, gaps, changes, literals, &views.side];
    let declared = DeclaredBase::File {
        length_bytes: wide(base.len()),
        sha256: Sha256::digest(base).into(),
    };
    let outcome = (wide(new.len()), Sha256::digest(new).into());
    let with = |codec| packed(all, codec, level, declared, transform, outcome);
    let (zstd, brotli) = both(|| with(Codec::Zstd), || with(Codec::Brotli));
    Ok(smaller(zstd?, brotli?))
}

/// What is tried: where little is left to change, a turn is worth less.
const SLACKS_BYTES: [usize; 2] = [8, 12];
