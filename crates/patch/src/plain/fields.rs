//! Bytes and numbers off the front of a slice.

use crate::error::{InflateError, Malformed};

/// What is left of a slice, and what to call it.
pub(super) struct Fields<'a> {
    pub(super) rest: &'a [u8],
    pub(super) name: &'static str,
}

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, count: u64) -> Result<&'a [u8], InflateError> {
        let count = usize::try_from(count).ok();
        let split = count.and_then(|count| self.rest.split_at_checked(count));
        let (bytes, rest) = split.ok_or_else(|| self.fault("it ends before the others"))?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A fixed number, the lowest byte first.
    pub(super) fn fixed(&mut self, count: u64) -> Result<u64, InflateError> {
        let bytes = self.bytes(count)?.iter().rev();
        Ok(bytes.fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// A base-128 number in its one form.
    pub(super) fn number(&mut self) -> Result<u64, InflateError> {
        let end = self.rest.iter().position(|byte| *byte < 0x80);
        let count = end.map_or(u64::MAX, |end| u64::try_from(end).unwrap_or(u64::MAX) + 1);
        let bytes = self.bytes(count)?;
        if bytes.len() > 1 && bytes.last() == Some(&0) {
            return Err(self.fault("a number is not in its one form"));
        }
        let mut value: u128 = 0;
        for byte in bytes.iter().rev() {
            value = value << 7 | u128::from(byte & 0x7f);
            if value > u128::from(u64::MAX) {
                return Err(self.fault("a number is not in its one form"));
            }
        }
        u64::try_from(value).map_err(|_| self.fault("a number is not in its one form"))
    }

    pub(super) fn at_end(&self) -> Result<(), InflateError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.fault("it goes on behind the others"))
        }
    }

    pub(super) fn fault(&self, what: &'static str) -> InflateError {
        let column = self.name;
        InflateError::Malformed(Malformed::Column { column, what })
    }
}
