//! Bytes and numbers off the front of a slice.

use super::bad;
use patchproof_patch::InflateError;

/// What is left.
#[derive(Clone)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: u64) -> Result<&'a [u8], InflateError> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let (front, behind) = self.0.split_at_checked(count).ok_or(bad("cut short"))?;
        self.0 = behind;
        Ok(front)
    }

    /// A fixed number.
    pub(super) fn fixed(&mut self, bytes: u64) -> Result<u64, InflateError> {
        let digits = self.take(bytes)?.iter().rev();
        Ok(digits.fold(0, |value, digit| value << 8 | u64::from(*digit)))
    }

    /// Everything up to and with the first byte of such a kind.
    pub(super) fn through(&mut self, last: impl Fn(u8) -> bool) -> Result<&'a [u8], InflateError> {
        let end = self.0.iter().position(|byte| last(*byte));
        let end = end.ok_or(bad("cut short"))?;
        self.take(u64::try_from(end).unwrap_or(u64::MAX).saturating_add(1))
    }

    pub(super) fn number(&mut self) -> Result<u64, InflateError> {
        let bytes = self.through(|byte| byte < 128)?;
        let shortest = bytes.len() == 1 || bytes.last() != Some(&0);
        let value = bytes.iter().rev().try_fold(0_u64, |value, byte| {
            value.checked_mul(128)?.checked_add(u64::from(byte % 128))
        });
        value
            .filter(|_| shortest)
            .ok_or(bad("a number is not in its one form"))
    }

    pub(super) fn at_most(&mut self, max: u64) -> Result<u64, InflateError> {
        let value = self.number()?;
        if value > max {
            return Err(bad("a number is over its limit"));
        }
        Ok(value)
    }

    pub(super) fn signed(&mut self) -> Result<i64, InflateError> {
        let value = self.number()?;
        let half = i64::try_from(value / 2).map_err(|_| bad("a number is too large"))?;
        Ok(if value % 2 == 0 { half } else { -half - 1 })
    }
}
