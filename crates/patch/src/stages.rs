//! The steps of making a patch one by one, for benches. Not part of the interface.

use std::io;

use crate::columns;
use crate::header::Codec;
use crate::make::{DEFAULT_LEVEL, effort, packed_column};
use crate::search::{Files, Match};

/// What a search found.
#[derive(Debug)]
pub struct Found(Vec<Match>);

/// Columns, not packed.
#[derive(Debug)]
pub struct Columns(columns::Columns);

/// Indexes the base and searches, as the default level does.
#[must_use]
pub fn search(base: &[u8], new: &[u8]) -> Found {
    Found(Files::of(base, new).matches(effort(DEFAULT_LEVEL)))
}

/// Tells apart what was found.
#[must_use]
pub fn columns(base: &[u8], new: &[u8], found: &Found) -> Columns {
    Columns(columns::Columns::of(base, new, &found.0))
}

/// Packs each column; answers how many bytes they take.
///
/// # Errors
/// What the codec says.
pub fn pack(columns: &Columns, codec: Codec) -> io::Result<usize> {
    let packed = columns
        .0
        .all()
        .map(|column| packed_column(column, codec, DEFAULT_LEVEL));
    packed
        .into_iter()
        .try_fold(0, |sum, column| Ok(sum + column?.len()))
}
