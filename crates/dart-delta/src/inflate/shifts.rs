//! How far values moved: a shift for every value, the same from one breakpoint to the next.

use patchproof_patch::InflateError;

use super::numbers::{Numbers, fault};
use super::side::Piece;

/// Shifts of one kind of value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShiftMap {
    /// From which value on, ascending, and by how much; before the first nothing is shifted.
    breakpoints: Vec<(i64, i64)>,
}

impl ShiftMap {
    /// By how much a value moved.
    pub(crate) fn shift(&self, value: i64) -> i64 {
        let behind = self.breakpoints.partition_point(|(from, _)| *from <= value);
        let at = behind.checked_sub(1);
        at.and_then(|at| self.breakpoints.get(at))
            .map_or(0, |(_, shift)| *shift)
    }

    /// Where a value moved to.
    pub(crate) fn moved(&self, value: i64) -> i64 {
        value.saturating_add(self.shift(value))
    }

    pub(crate) fn read(numbers: &mut Numbers<'_>) -> Result<Self, InflateError> {
        let count = numbers.count(BREAKPOINTS_MAX)?;
        let mut breakpoints = Vec::new();
        let (mut from, mut shift) = (0_i64, 0_i64);
        for at in 0..count {
            let step = match at {
                0 => Some(numbers.signed()?),
                _ => i64::try_from(numbers.number()?)
                    .ok()
                    .filter(|step| *step > 0),
            };
            let turn = numbers.signed()?;
            let next = step.and_then(|step| from.checked_add(step));
            let moved = shift.checked_add(turn).filter(|_| turn != 0);
            (from, shift) = next
                .zip(moved)
                .filter(|(from, shift)| from.unsigned_abs().max(shift.unsigned_abs()) <= VALUE_MAX)
                .ok_or_else(|| fault("a breakpoint is outside of all values"))?;
            breakpoints.push((from, shift));
        }
        Ok(Self { breakpoints })
    }

    #[cfg(feature = "make")]
    pub(crate) const fn of(breakpoints: Vec<(i64, i64)>) -> Self {
        Self { breakpoints }
    }

    #[cfg(feature = "make")]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        use super::numbers::{push, push_signed};
        push(
            out,
            u64::try_from(self.breakpoints.len()).unwrap_or(u64::MAX),
        );
        let (mut last, mut shift) = (None::<i64>, 0);
        for (from, to) in &self.breakpoints {
            match last {
                None => push_signed(out, *from),
                Some(last) => push(out, (from - last).cast_unsigned()),
            }
            push_signed(out, to - shift);
            (last, shift) = (Some(*from), *to);
        }
    }
}

/// The shifts of every kind of value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Maps {
    /// Ids of objects in the clusters.
    pub(crate) references: ShiftMap,
    /// Indices of code in the dispatch table.
    pub(crate) codes: ShiftMap,
    /// Places in the machine code.
    pub(crate) places: ShiftMap,
    /// Offsets in the object pool.
    pub(crate) pool: ShiftMap,
    /// Offsets of selectors in the dispatch table.
    pub(crate) selectors: ShiftMap,
    /// Of the numbers that stand in columns.
    pub(crate) columns: Vec<ShiftMap>,
}

impl Maps {
    /// Reads them, and tells behind which pieces what is left.
    pub(crate) fn read(
        numbers: &mut Numbers<'_>,
        tell: &mut dyn FnMut(Piece, &Numbers<'_>),
    ) -> Result<Self, InflateError> {
        let references = ShiftMap::read(numbers)?;
        tell(Piece::References, numbers);
        let codes = ShiftMap::read(numbers)?;
        tell(Piece::Codes, numbers);
        let places = ShiftMap::read(numbers)?;
        let pool = ShiftMap::read(numbers)?;
        let selectors = ShiftMap::read(numbers)?;
        tell(Piece::Code, numbers);
        let mut columns = Vec::new();
        for _ in 0..numbers.count(COLUMN_MAPS_MAX)? {
            columns.push(ShiftMap::read(numbers)?);
        }
        Ok(Self {
            references,
            codes,
            places,
            pool,
            selectors,
            columns,
        })
    }

    #[cfg(feature = "make")]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let fixed = [
            &self.references,
            &self.codes,
            &self.places,
            &self.pool,
            &self.selectors,
        ];
        fixed.iter().for_each(|map| map.write(out));
        let columns = u64::try_from(self.columns.len()).unwrap_or(u64::MAX);
        super::numbers::push(out, columns);
        self.columns.iter().for_each(|map| map.write(out));
    }
}

/// More than there are values in the largest apps.
const BREAKPOINTS_MAX: usize = 1 << 22;
const COLUMN_MAPS_MAX: usize = 16;
/// No value of any kind is larger, so sums of two never overflow.
const VALUE_MAX: u64 = 1 << 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakpoint_at_the_lowest_of_all_numbers_is_refused() {
        // One breakpoint, at the signed number 2^64 - 1, with a shift of 1.
        let bytes = [&[1][..], &[0xff; 9], &[1, 2]].concat();
        let told = ShiftMap::read(&mut Numbers::of(&bytes)).unwrap_err();
        assert!(told.to_string().contains("outside of all values"), "{told}");
    }
}
