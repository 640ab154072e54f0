//! Orders, as ranks in the order that is expected.
//!
//! Expected is that each next one is the first that is left behind the last one taken. A rank says
//! how far off that is; where the expectation holds all of them are 0.

use patchproof_patch::InflateError;

use super::numbers::{Numbers, fault};

/// A list that is taken from, one after another.
struct Left {
    /// The next one that is left, and the one before, each plus one; 0 is the end.
    next: Vec<usize>,
    before: Vec<usize>,
    taken: Vec<bool>,
    /// Where the next one is expected, plus one; 0 where none is left behind the last one taken.
    expected: usize,
}

impl Left {
    fn of(count: usize) -> Self {
        Self {
            next: (0..=count).map(|at| (at + 1) % (count + 1)).collect(),
            before: (0..=count)
                .map(|at| at.checked_sub(1).unwrap_or(count))
                .collect(),
            taken: vec![false; count],
            expected: 1,
        }
    }

    /// The expected one as the stream counts: from 0, and 0 where none is left behind.
    fn expected(&self) -> usize {
        self.expected.saturating_sub(1)
    }

    /// Takes one; `None` where it is not there.
    fn take(&mut self, at: usize) -> Option<()> {
        let taken = self.taken.get_mut(at).filter(|taken| !**taken)?;
        *taken = true;
        let (next, before) = (*self.next.get(at + 1)?, *self.before.get(at + 1)?);
        *self.next.get_mut(before)? = next;
        *self.before.get_mut(next)? = before;
        self.expected = next;
        Some(())
    }
}

/// The order that ranks give: for each place, which of the expected list stands there.
pub(crate) fn read(ranks: &[u8], count: usize) -> Result<Vec<usize>, InflateError> {
    let mut numbers = Numbers::of(ranks);
    let mut left = Left::of(count);
    let mut order = Vec::new();
    for _ in 0..count {
        let off = numbers.signed()?;
        let expected = i64::try_from(left.expected()).ok();
        let at = expected.and_then(|expected| expected.checked_add(off));
        let at = at.and_then(|at| usize::try_from(at).ok());
        let at = at.filter(|at| left.take(*at).is_some());
        order.push(at.ok_or_else(|| fault("a rank is none that is left"))?);
    }
    numbers.at_end()?;
    Ok(order)
}

/// The ranks of an order; `None` where it is none.
#[cfg(feature = "make")]
pub(crate) fn ranks(order: &[usize]) -> Option<Vec<u8>> {
    let mut left = Left::of(order.len());
    let mut out = Vec::new();
    for at in order {
        let expected = i64::try_from(left.expected()).ok()?;
        super::numbers::push_signed(&mut out, i64::try_from(*at).ok()? - expected);
        left.take(*at)?;
    }
    Some(out)
}
