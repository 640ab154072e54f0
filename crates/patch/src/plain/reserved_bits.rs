//! The bits of a zstd frame that must be zero and that the library does not look at: one in the
//! frame's header, two in the sequences of each compressed block (RFC 8878, 3.1.1.1.1.4 and
//! 3.1.1.3.2.1.2). Set, they would make a second patch of each.

/// Whether all of them are zero, in a frame that is in order otherwise.
pub(super) fn are_zero(frame: &[u8]) -> bool {
    blocks_are_clean(frame).unwrap_or(false)
}

/// `None` where the frame ends too early.
fn blocks_are_clean(frame: &[u8]) -> Option<bool> {
    let descriptor = *frame.get(4)?;
    let single_segment = descriptor & 0x20 != 0;
    let dictionary_id_bytes = [0, 1, 2, 4].get(usize::from(descriptor & 3))?;
    let content_size_bytes = match descriptor >> 6 {
        0 => usize::from(single_segment),
        size => 1 << size,
    };
    let window_bytes = usize::from(!single_segment);
    let mut rest = frame.get(5 + window_bytes + dictionary_id_bytes + content_size_bytes..)?;
    if descriptor & 0x08 != 0 {
        return Some(false);
    }
    loop {
        let header = little_endian(rest, 3)?;
        let size = header >> 3;
        let size = match header >> 1 & 3 {
            ONE_BYTE_REPEATED => 1,
            _ => size,
        };
        let block = rest.get(3..3 + size)?;
        if header >> 1 & 3 == COMPRESSED && !sequences_are_clean(block)? {
            return Some(false);
        }
        if header & 1 == 1 {
            return Some(true);
        }
        rest = rest.get(3 + size..)?;
    }
}

fn sequences_are_clean(block: &[u8]) -> Option<bool> {
    let first = usize::from(*block.first()?);
    let (kind, format) = (first & 3, first >> 2 & 3);
    // Header bytes, and where the size of what follows them lies.
    let (header_bytes, shift, bits) = match (kind, format) {
        (0 | 1, 0 | 2) => (1, 3, 5),
        (0 | 1, 1) => (2, 4, 12),
        (0 | 1, _) => (3, 4, 20),
        (_, 0 | 1) => (3, 14, 10),
        (_, 2) => (4, 18, 14),
        (_, _) => (5, 22, 18),
    };
    let size = little_endian(block, header_bytes)? >> shift & ((1 << bits) - 1);
    let size = if kind == 1 { 1 } else { size };
    let sequences = block.get(header_bytes + size..)?;
    let count_bytes = match *sequences.first()? {
        0 => return Some(true),
        1..128 => 1,
        128..255 => 2,
        255 => 3,
    };
    Some(sequences.get(count_bytes)? & 3 == 0)
}

fn little_endian(bytes: &[u8], count: usize) -> Option<usize> {
    let bytes = bytes.get(..count)?.iter().rev();
    let value = bytes.fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    usize::try_from(value).ok()
}

const ONE_BYTE_REPEATED: usize = 1;
const COMPRESSED: usize = 2;
