//! The streams of a `patchproof` patch, and which part of the output each of their bytes is for.

use crate::columns::wide;
use crate::error::InflateError;
use crate::header::fault;
use crate::limits::Limits;
use crate::plain;
use crate::varint::Partial;

/// The streams of a `patchproof` patch, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    columns: [Vec<u8>; 5],
}

/// Bytes of control, gaps, changes and literals, before they were packed.
pub type Shares = [u64; 4];

impl Streams {
    /// Decodes them.
    ///
    /// # Errors
    /// [`InflateError::Malformed`] or [`InflateError::OverLimit`].
    pub fn of(patch: &[u8], limits: Limits) -> Result<Self, InflateError> {
        let columns = plain::columns_of(patch, limits)?;
        Ok(Self { columns })
    }

    /// What the transform has of the patch; empty where there is none.
    #[must_use]
    pub const fn transform(&self) -> &[u8] {
        let [.., transform] = &self.columns;
        transform.as_slice()
    }

    /// Shares out the streams among parts of what the records give: parts follow one another and
    /// have these lengths in bytes. A record's control counts for the part in which it starts; what
    /// is behind the last part counts for that.
    ///
    /// # Errors
    /// [`InflateError::Malformed`] where a number of control or gaps is not in its one form.
    pub fn shared_out(&self, lengths_bytes: &[u64]) -> Result<Vec<Shares>, InflateError> {
        let [control, gaps, changes, literals, _] = &self.columns;
        let mut control = Sized::of(control);
        let mut parts = Parts::of(lengths_bytes);
        let mut changed = Changed::of(gaps, changes.len());
        let mut literals_left = wide(literals.len());
        while let Some((add, add_bytes)) = control.next()? {
            let (copy, copy_bytes) = control.next()?.ok_or_else(cut_short)?;
            let (_, seek_bytes) = control.next()?.ok_or_else(cut_short)?;
            parts.count(CONTROL, add_bytes + copy_bytes + seek_bytes);
            changed.record(add, &mut parts)?;
            let copy = copy.min(literals_left);
            literals_left -= copy;
            parts.spread(LITERALS, copy);
        }
        Ok(parts.shares)
    }
}

/// Numbers, each with how many bytes it takes.
struct Sized<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Sized<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
        }
    }

    fn next(&mut self) -> Result<Option<(u64, u64)>, InflateError> {
        let mut partial = Partial::default();
        for (taken, byte) in (1..).zip(self.bytes.by_ref()) {
            let number = partial
                .take(*byte)
                .map_err(|_| fault("a number is not in its one form"))?;
            if let Some(number) = number {
                return Ok(Some((number, taken)));
            }
        }
        Ok(None)
    }
}

/// The changed bytes, by how many added bytes stand before each.
struct Changed<'a> {
    gaps: Sized<'a>,
    left: usize,
    /// How many added bytes there were, and at which of them the next one changes; what its gap
    /// takes.
    added: u64,
    next: Option<(u64, u64)>,
}

impl<'a> Changed<'a> {
    fn of(gaps: &'a [u8], changes: usize) -> Self {
        Self {
            gaps: Sized::of(gaps),
            left: changes,
            added: 0,
            next: None,
        }
    }

    /// Goes through the added bytes of a record.
    fn record(&mut self, add: u64, parts: &mut Parts) -> Result<(), InflateError> {
        let end = self.added.saturating_add(add);
        while let Some((at, gap_bytes)) = self.next_change()? {
            if at >= end {
                break;
            }
            parts.go(at - self.added);
            parts.count(GAPS, gap_bytes);
            parts.spread(CHANGES, 1);
            self.added = at + 1;
            self.next = None;
        }
        parts.go(end - self.added);
        self.added = end;
        Ok(())
    }

    fn next_change(&mut self) -> Result<Option<(u64, u64)>, InflateError> {
        if self.next.is_none() && self.left > 0 {
            self.left -= 1;
            let (gap, gap_bytes) = self.gaps.next()?.ok_or_else(cut_short)?;
            self.next = Some((self.added.saturating_add(gap), gap_bytes));
        }
        Ok(self.next)
    }
}

/// The parts, and where among them the records are.
struct Parts {
    shares: Vec<Shares>,
    /// The lengths of this part and those behind it.
    lengths: Vec<u64>,
    at: usize,
    left: u64,
}

impl Parts {
    fn of(lengths: &[u64]) -> Self {
        let mut parts = Self {
            shares: vec![Shares::default(); lengths.len()],
            lengths: lengths.to_vec(),
            at: 0,
            left: lengths.first().copied().unwrap_or(u64::MAX),
        };
        parts.skip_empty();
        parts
    }

    fn count(&mut self, stream: usize, bytes: u64) {
        let last = self.shares.len().saturating_sub(1);
        let part = self.shares.get_mut(self.at.min(last));
        if let Some(share) = part.and_then(|part| part.get_mut(stream)) {
            *share = share.saturating_add(bytes);
        }
    }

    /// Goes on by so many bytes of the output, each of which takes one of the stream.
    fn spread(&mut self, stream: usize, bytes: u64) {
        let mut rest = bytes;
        while rest > 0 {
            let now = rest.min(self.left);
            self.count(stream, now);
            self.go(now);
            rest -= now;
        }
    }

    fn go(&mut self, bytes: u64) {
        let mut rest = bytes;
        while rest > 0 {
            let now = rest.min(self.left);
            self.left -= now;
            rest -= now;
            self.skip_empty();
        }
    }

    /// Behind the last part there is room for whatever comes.
    fn skip_empty(&mut self) {
        while self.left == 0 {
            self.at += 1;
            self.left = self.lengths.get(self.at).copied().unwrap_or(u64::MAX);
        }
    }
}

fn cut_short() -> InflateError {
    fault("its streams end inside a record")
}

const CONTROL: usize = 0;
const GAPS: usize = 1;
const CHANGES: usize = 2;
const LITERALS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of five added bytes of which the second and the fourth change, and two literals;
    /// then one of three added bytes of which the last changes.
    fn streams() -> Streams {
        let columns = [&[5, 2, 0, 3, 0, 0][..], &[1, 1, 3], &[9, 9, 9], b"ab", &[]];
        Streams {
            columns: columns.map(<[u8]>::to_vec),
        }
    }

    #[test]
    fn each_byte_counts_for_the_part_of_the_output_it_is_for() {
        let shares = streams().shared_out(&[2, 4, 4]).unwrap();
        assert_eq!(shares, [[3, 1, 1, 0], [0, 1, 1, 1], [3, 1, 1, 1]]);
    }

    #[test]
    fn what_is_behind_the_last_part_counts_for_it() {
        let shares = streams().shared_out(&[0, 1]).unwrap();
        assert_eq!(shares, [[0; 4], [6, 3, 3, 2]]);
    }

    #[test]
    fn a_record_that_is_cut_short_is_malformed() {
        let mut streams = streams();
        streams.columns[0].pop();
        assert!(streams.shared_out(&[10]).is_err());
    }
}
