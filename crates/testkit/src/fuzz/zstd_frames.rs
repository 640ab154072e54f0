//! The zstd frames of a patch, and whether one has literals in four Huffman streams.

use patchproof_patch::{Codec, Header};

/// Whether a frame has literals in four streams.
pub(super) fn four_streams(frame: &[u8]) -> bool {
    blocks(frame).is_some_and(|blocks| blocks.into_iter().any(block_has_four))
}

/// The frames of a patch, where its header says that they lie; all of it, where it has none.
pub(super) fn frames(patch: &[u8]) -> Vec<&[u8]> {
    let Some(header) = Header::of(patch) else {
        return vec![patch];
    };
    let Some(header) = header.ok().filter(|header| header.codec == Codec::Zstd) else {
        return Vec::new();
    };
    let mut at = HEADER_BYTES;
    let mut frames = Vec::new();
    for stream in header.streams {
        let end = usize::try_from(stream.packed_bytes).ok();
        let Some(end) = end.and_then(|length| at.checked_add(length)) else {
            break;
        };
        frames.extend(patch.get(at..end));
        at = end;
    }
    frames
}

/// The compressed blocks of a frame, up to where it ends or is cut short; `None` for a header that
/// is cut short.
fn blocks(frame: &[u8]) -> Option<Vec<&[u8]>> {
    let descriptor = *frame.get(4)?;
    let single_segment = descriptor & 0x20 != 0;
    let dictionary_id_bytes = [0, 1, 2, 4].get(usize::from(descriptor & 3))?;
    let content_size_bytes = match descriptor >> 6 {
        0 => usize::from(single_segment),
        size => 1 << size,
    };
    let window_bytes = usize::from(!single_segment);
    let mut rest = frame.get(5 + window_bytes + dictionary_id_bytes + content_size_bytes..)?;
    let mut blocks = Vec::new();
    while let Some(([one, two, three], behind)) = rest.split_first_chunk::<3>() {
        let header = u32::from_le_bytes([*one, *two, *three, 0]);
        let (last, kind) = (header & 1 == 1, header >> 1 & 3);
        let size = if kind == REPEATED { 1 } else { header >> 3 };
        let Some((block, behind)) = behind.split_at_checked(usize::try_from(size).ok()?) else {
            break;
        };
        if kind == COMPRESSED {
            blocks.push(block);
        }
        if last {
            break;
        }
        rest = behind;
    }
    Some(blocks)
}

/// Compressed by Huffman, with a tree or by the one before, in a format that is not the one for a
/// single stream.
fn block_has_four(block: &[u8]) -> bool {
    let first = block.first().copied().unwrap_or_default();
    first & 2 != 0 && first & 0x0c != 0
}

const REPEATED: u32 = 1;
const COMPRESSED: u32 = 2;
const HEADER_BYTES: usize = 176;

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters without order: they have nothing to find again, and Huffman packs them.
    fn letters(count: u32) -> Vec<u8> {
        let next = |n: &u32| Some(n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let numbers = std::iter::successors(Some(count), next);
        let letters = numbers.map(|n| b'a' + n.to_be_bytes()[0] % 16);
        letters.take(usize::try_from(count).unwrap()).collect()
    }

    #[test]
    fn four_streams_are_seen_where_there_are_many_literals_alone() {
        let frame = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
        assert!(four_streams(&frame(&letters(3000))));
        assert!(!four_streams(&frame(&letters(100))));
        assert!(!four_streams(&frame(&[0; 3000])));
        assert!(!four_streams(b"\x28\xb5\x2f\xfd"));
    }
}
