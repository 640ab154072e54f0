//! The string pool of a document.

use super::Chunk;
use crate::fields::Fields;
use crate::manifest::TEXT_BYTES_MAX;

/// The string pool. Strings are decoded when they are asked for.
pub(super) struct Strings<'a> {
    offsets: &'a [u8],
    data: &'a [u8],
    is_utf8: bool,
}

impl<'a> Strings<'a> {
    pub(super) fn read(chunk: &Chunk<'a>) -> Option<Strings<'a>> {
        let mut header = Fields::new(chunk.header);
        let count = usize::try_from(header.u32()?).ok()?;
        header.u32()?; // how many styles there are
        let flags = header.u32()?;
        let start = usize::try_from(header.u32()?).ok()?;
        Some(Strings {
            offsets: chunk.body.get(..count.checked_mul(4)?)?,
            data: chunk.whole.get(start..)?,
            is_utf8: flags & UTF8 != 0,
        })
    }

    pub(super) fn get(&self, index: u32) -> Option<String> {
        let at = usize::try_from(index).ok()?.checked_mul(4)?;
        let offset = u32::from_le_bytes(*self.offsets.get(at..)?.first_chunk()?);
        let bytes = self.data.get(usize::try_from(offset).ok()?..)?;
        if self.is_utf8 {
            utf8(bytes)
        } else {
            utf16(bytes)
        }
    }
}

/// Two lengths, in UTF-16 units and in bytes, each of one or two bytes.
fn utf8(bytes: &[u8]) -> Option<String> {
    let (_, rest) = utf8_length(bytes)?;
    let (length, rest) = utf8_length(rest)?;
    if length > TEXT_BYTES_MAX {
        return None;
    }
    let text = std::str::from_utf8(rest.get(..length)?).ok()?;
    Some(text.to_owned())
}

fn utf8_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let first = usize::from(*first);
    if first & 0x80 == 0 {
        return Some((first, rest));
    }
    let (second, rest) = rest.split_first()?;
    Some(((first & 0x7f) << 8 | usize::from(*second), rest))
}

/// A length in units, of one or two units itself. Two are longer than what is read.
fn utf16(bytes: &[u8]) -> Option<String> {
    let mut fields = Fields::new(bytes);
    let length = usize::from(fields.u16()?);
    if length * 2 > TEXT_BYTES_MAX {
        return None;
    }
    let bytes = fields.take(length * 2)?.chunks_exact(2);
    let units: Vec<u16> = bytes.filter_map(|pair| Fields::new(pair).u16()).collect();
    String::from_utf16(&units).ok()
}

/// The flag of a pool whose strings are UTF-8.
pub(super) const UTF8: u32 = 1 << 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_utf8_length_is_of_two_bytes() {
        assert_eq!(utf8_length(&[0x81, 0x02, 9]), Some((0x102, &[9][..])));
    }

    #[test]
    fn a_text_longer_than_is_read_is_not() {
        assert_eq!(
            utf8(&[[0x83, 0xe9, 0x83, 0xe9].as_slice(), &[b'a'; 1002]].concat())
                .map(|text| text.len()),
            Some(1001)
        );
        assert_eq!(
            utf8(&[[0x90, 0, 0x90, 0].as_slice(), &[b'a'; 5000]].concat()),
            None
        );
    }
}
