//! A `patchproof` patch written from its format page alone, with whatever columns: no code of the
//! room that reads it. Streams are stored, not compressed, so that this costs nothing.

use patchproof_patch::Codec;
use sha2::{Digest as _, Sha256};

/// What a patch is made of.
pub(super) struct Columns<'a> {
    pub(super) codec: Codec,
    /// The base, where the header names one.
    pub(super) base: Option<&'a [u8]>,
    /// Control, gaps, changes and literals.
    pub(super) columns: [&'a [u8]; 4],
    /// The stream of the Dart-aware transform, where the patch goes through it.
    pub(super) side: Option<&'a [u8]>,
}

impl Columns<'_> {
    /// The patch, which promises this output.
    pub(super) fn packed(&self, output_bytes: usize, output_sha256: &[u8; 32]) -> Vec<u8> {
        let codec = if self.codec == Codec::Zstd { 1 } else { 2 };
        let mut out = MAGIC.to_vec();
        let transform = self.side.is_some().into();
        out.extend([1, 0, codec, self.base.is_some().into(), transform, 0, 0, 0]);
        out.extend(wide(self.base.map_or(0, <[u8]>::len)).to_le_bytes());
        out.extend(
            self.base
                .map_or([0; 32], |base| Sha256::digest(base).into()),
        );
        out.extend(wide(output_bytes).to_le_bytes());
        out.extend(output_sha256);
        let [control, gaps, changes, literals] = self.columns;
        let side = self.side.unwrap_or_default();
        let streams = [control, gaps, changes, literals, side];
        let packed = streams.map(|stream| match self.codec {
            _ if stream.is_empty() => Vec::new(),
            Codec::Zstd => zstd_frame(stream),
            _ => brotli_stream(stream),
        });
        for (packed, stream) in packed.iter().zip(streams) {
            out.extend(wide(packed.len()).to_le_bytes());
            out.extend(wide(stream.len()).to_le_bytes());
        }
        out.extend(packed.concat());
        out
    }

    /// What the columns give over the base, or over what the transform sees of it, by the page read
    /// as kindly as it can be: what is missing is zero, what is too much is left.
    pub(super) fn followed(&self, base: &[u8], output_bytes_max: usize) -> Vec<u8> {
        let [mut control, mut gaps, mut changes, mut literals] = self.columns;
        let (mut position, mut output) = (0_i128, Vec::new());
        let mut unchanged = number(&mut gaps);
        while !control.is_empty() {
            let [add, copy, seek] = [(); 3].map(|()| number(&mut control).unwrap_or(0));
            for at in 0..add {
                if output.len() >= output_bytes_max {
                    return output;
                }
                let at = usize::try_from(position + i128::from(at)).ok();
                let old = at.and_then(|at| base.get(at)).copied().unwrap_or(0);
                let mut change = 0;
                if unchanged == Some(0) {
                    unchanged = number(&mut gaps);
                    change = changes.split_off_first().copied().unwrap_or(0);
                } else {
                    unchanged = unchanged.map(|left| left - 1);
                }
                output.push(old.wrapping_add(change));
            }
            let copy = usize::try_from(copy).unwrap_or(usize::MAX);
            let (new, left) = literals.split_at(copy.min(literals.len()));
            output.extend_from_slice(new);
            literals = left;
            let seek = i128::from(seek);
            position += i128::from(add)
                + if seek % 2 == 0 {
                    seek / 2
                } else {
                    -(seek + 1) / 2
                };
        }
        output
    }
}

/// A zstd frame of stored blocks (RFC 8878), with its content size.
pub(super) fn zstd_frame(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    out.extend(
        u32::try_from(content.len())
            .expect("an input is small")
            .to_le_bytes(),
    );
    let mut blocks = content.chunks(BLOCK_BYTES).peekable();
    if blocks.peek().is_none() {
        out.extend([1, 0, 0]);
    }
    while let Some(block) = blocks.next() {
        let last = usize::from(blocks.peek().is_none());
        out.extend(lowest_three(block.len() << 3 | last));
        out.extend_from_slice(block);
    }
    out
}

/// A brotli stream of stored blocks (RFC 7932) with the smallest window that has a short name.
fn brotli_stream(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, block) in content.chunks(BLOCK_BYTES).enumerate() {
        // Not the last; four digits of length; stored. Before the first block, one bit of window.
        let header = (block.len() - 1) << 3 | 1 << 19;
        out.extend(lowest_three(if number == 0 { header << 1 } else { header }));
        out.extend_from_slice(block);
    }
    // Last and empty.
    out.push(0x03);
    out
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..).step_by(7) {
        let byte = *rest.split_off_first()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            break;
        }
    }
    Some(value)
}

fn lowest_three(number: usize) -> impl Iterator<Item = u8> {
    wide(number).to_le_bytes().into_iter().take(3)
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).expect("64 bits count every length")
}

const MAGIC: [u8; 8] = *b"\x89PPAT\x0d\x0a\x0a";
const BLOCK_BYTES: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn stored_blocks_are_what_either_codec_reads() {
        for length in [1_usize, 2, 255, 65_535, 65_536, 65_537, 200_000] {
            let content = vec![length.to_le_bytes()[0]; length];
            assert_eq!(
                zstd::decode_all(&zstd_frame(&content)[..]).unwrap(),
                content
            );
            let mut read = Vec::new();
            let packed = brotli_stream(&content);
            brotlic::DecompressorReader::new(&packed[..])
                .read_to_end(&mut read)
                .unwrap();
            assert_eq!(read, content, "{length}");
        }
        assert_eq!(zstd::decode_all(&zstd_frame(&[])[..]).unwrap(), b"");
    }

    #[test]
    fn the_example_of_the_format_page_comes_out() {
        let columns = Columns {
            codec: Codec::Brotli,
            base: Some(b"abc"),
            columns: [&[3, 1, 0], &[1], &[0xf6], b"d"],
            side: None,
        };
        assert_eq!(columns.followed(b"abc", 100), b"aXcd");
        let patch = columns.packed(4, &Sha256::digest(b"aXcd").into());
        let limits = patchproof_patch::Limits::for_base(3);
        assert_eq!(
            patchproof_patch::inflate(b"abc", &patch, limits).unwrap(),
            b"aXcd"
        );
    }
}
