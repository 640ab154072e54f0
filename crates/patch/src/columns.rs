//! The columns of a patch: what bidiff puts in one stream, told apart by what it is.
//!
//! Most of a patch between two builds is bytes that do not change. In one stream they stand as
//! zeros, all of them; here only the distances between those that do change are kept. The four
//! columns have little in common, so each is compressed by itself.

use crate::search::Match;
use crate::varint;

/// The columns, each a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// Per stretch: how many bytes are added, how many are new, where the base goes on.
    pub(crate) control: Vec<u8>,
    /// Before each changed byte: how many added bytes are unchanged. Runs across stretches.
    pub(crate) gaps: Vec<u8>,
    /// The changes: new minus base, never zero.
    pub(crate) changes: Vec<u8>,
    /// The bytes that are new.
    pub(crate) literals: Vec<u8>,
}

impl Columns {
    /// Tells matches apart.
    pub(crate) fn of(base: &[u8], new: &[u8], found: &[Match]) -> Self {
        let mut columns = Self::default();
        let mut unchanged = 0_u64;
        for record in records(base, new, found) {
            varint::push(&mut columns.control, wide(record.new.len()));
            varint::push(&mut columns.control, wide(record.literal.len()));
            varint::push_signed(&mut columns.control, record.seek);
            for change in record.changes() {
                if change == 0 {
                    unchanged += 1;
                } else {
                    varint::push(&mut columns.gaps, unchanged);
                    columns.changes.push(change);
                    unchanged = 0;
                }
            }
            columns.literals.extend_from_slice(record.literal);
        }
        columns
    }

    /// In the order in which they stand in a patch.
    pub(crate) fn all(&self) -> [&[u8]; 4] {
        [&self.control, &self.gaps, &self.changes, &self.literals]
    }
}

/// One stretch, with its bytes.
pub(crate) struct Stretch<'a> {
    pub(crate) base: &'a [u8],
    /// As many bytes as of the base.
    pub(crate) new: &'a [u8],
    pub(crate) literal: &'a [u8],
    pub(crate) seek: i64,
}

impl Stretch<'_> {
    /// New minus base, byte by byte.
    pub(crate) fn changes(&self) -> impl Iterator<Item = u8> {
        let pairs = self.new.iter().zip(self.base);
        pairs.map(|(new, base)| new.wrapping_sub(*base))
    }
}

/// The stretches of matches, with what each needs of the next.
pub(crate) fn records<'a>(
    base: &'a [u8],
    new: &'a [u8],
    found: &'a [Match],
) -> impl Iterator<Item = Stretch<'a>> {
    let after = found.iter().skip(1).map(Some).chain([None]);
    found.iter().zip(after).map(|(it, next)| {
        let base_end = it.base_at.saturating_add(it.add_bytes);
        let new_end = it.new_at.saturating_add(it.add_bytes);
        let seek = next.map_or(0, |next| distance(base_end, next.base_at));
        Stretch {
            base: base.get(it.base_at..base_end).unwrap_or_default(),
            new: new.get(it.new_at..new_end).unwrap_or_default(),
            literal: new.get(new_end..it.end).unwrap_or_default(),
            seek,
        }
    })
}

/// The records as one stream, as bidiff writes them.
pub(crate) fn one_stream(base: &[u8], new: &[u8], found: &[Match]) -> Vec<u8> {
    let mut stream = MAGIC_AND_VERSION.to_vec();
    for record in records(base, new, found) {
        varint::push(&mut stream, wide(record.new.len()));
        stream.extend(record.changes());
        varint::push(&mut stream, wide(record.literal.len()));
        stream.extend_from_slice(record.literal);
        varint::push_signed(&mut stream, record.seek);
    }
    stream
}

fn distance(from: usize, to: usize) -> i64 {
    let wide = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    wide(to) - wide(from)
}

/// A count of bytes in the width that formats have.
pub(crate) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Little-endian 0xB1DF and 0x1000.
pub(crate) const MAGIC_AND_VERSION: [u8; 8] = [0xdf, 0xb1, 0, 0, 0, 0x10, 0, 0];
