//! The one form of a number: little-endian base 128, as short as it can be.

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
pub(crate) fn push_signed(out: &mut Vec<u8>, value: i64) {
    push(
        out,
        value.wrapping_shl(1).cast_unsigned() ^ (value >> 63).cast_unsigned(),
    );
}

/// A signed number out of its unsigned form.
pub(crate) fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// A number that comes in byte by byte.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Partial {
    value: u64,
    shift: u32,
}

/// A number in another than its one form, or beyond 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotCanonical;

impl Partial {
    /// Takes the next byte; the number, once it is whole.
    pub(crate) fn take(&mut self, byte: u8) -> Result<Option<u64>, NotCanonical> {
        let bits = u64::from(byte & 0x7f);
        let placed = bits.checked_shl(self.shift).ok_or(NotCanonical)?;
        let last = byte & 0x80 == 0;
        // A dropped bit, or a last byte that adds nothing, is a second form of some number.
        if placed >> self.shift != bits || (last && byte == 0 && self.shift > 0) {
            return Err(NotCanonical);
        }
        self.value |= placed;
        self.shift += 7;
        Ok(last.then_some(self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(bytes: &[u8]) -> Result<Option<u64>, NotCanonical> {
        let mut partial = Partial::default();
        let mut answer = Ok(None);
        for byte in bytes {
            answer = Ok(partial.take(*byte)?);
        }
        answer
    }

    #[test]
    fn every_number_has_one_form_and_comes_back() {
        for value in [
            0,
            1,
            127,
            128,
            300,
            u64::from(u32::MAX),
            u64::MAX - 1,
            u64::MAX,
        ] {
            let mut bytes = Vec::new();
            push(&mut bytes, value);
            assert_eq!(parsed(&bytes), Ok(Some(value)));
        }
        for value in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            push_signed(&mut bytes, value);
            assert_eq!(signed(parsed(&bytes).unwrap().unwrap()), value);
        }
    }

    #[test]
    fn longer_forms_and_what_is_beyond_64_bits_are_refused() {
        let too_long = [[0xff; 9].as_slice(), &[0x02]].concat();
        for bytes in [
            &[0x80, 0x00][..],
            &[0xff, 0x80, 0x00],
            &too_long,
            &[0x80; 11],
        ] {
            assert_eq!(parsed(bytes), Err(NotCanonical), "{bytes:?}");
        }
    }
}
