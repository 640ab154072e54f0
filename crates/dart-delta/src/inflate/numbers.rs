//! The numbers of the transform's stream, off the front of a slice.

use patchproof_patch::{InflateError, Malformed};

/// What is left of a stream of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers<'a> {
    rest: &'a [u8],
}

impl<'a> Numbers<'a> {
    pub(crate) const fn of(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// A base-128 number in its one form.
    pub(crate) fn number(&mut self) -> Result<u64, InflateError> {
        let mut value = 0_u64;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let placed = bits.checked_shl(shift).ok_or_else(not_its_one_form)?;
            let last = byte & 0x80 == 0;
            if placed >> shift != bits || (last && byte == 0 && shift > 0) {
                return Err(not_its_one_form());
            }
            value |= placed;
            shift += 7;
            if last {
                return Ok(value);
            }
        }
    }

    /// A number whose lowest bit is its sign.
    pub(crate) fn signed(&mut self) -> Result<i64, InflateError> {
        let value = self.number()?;
        Ok((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    /// A number that this machine can count with, at most `max`.
    pub(crate) fn count(&mut self, max: usize) -> Result<usize, InflateError> {
        let count = usize::try_from(self.number()?).ok();
        let count = count.filter(|count| *count <= max);
        count.ok_or_else(|| fault("a count is over its limit"))
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8], InflateError> {
        let split = self.rest.split_at_checked(count);
        let (bytes, rest) = split.ok_or_else(|| fault("it ends early"))?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, InflateError> {
        let (byte, rest) = self
            .rest
            .split_first()
            .ok_or_else(|| fault("it ends early"))?;
        self.rest = rest;
        Ok(*byte)
    }

    pub(crate) const fn left(&self) -> &'a [u8] {
        self.rest
    }

    /// Nothing may be left.
    pub(crate) fn at_end(&self) -> Result<(), InflateError> {
        match self.rest {
            [] => Ok(()),
            _ => Err(fault("it goes on behind its end")),
        }
    }
}

/// Appends a number.
pub(crate) fn push(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0x7f);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed number: the sign becomes the lowest bit.
#[cfg(feature = "make")]
pub(crate) fn push_signed(out: &mut Vec<u8>, value: i64) {
    let unsigned = value.wrapping_shl(1).cast_unsigned() ^ (value >> 63).cast_unsigned();
    push(out, unsigned);
}

/// What is wrong with the transform's stream, or with what the records give it.
pub(crate) const fn fault(what: &'static str) -> InflateError {
    let column = "transform";
    InflateError::Malformed(Malformed::Column { column, what })
}

const fn not_its_one_form() -> InflateError {
    fault("a number is not in its one form")
}
