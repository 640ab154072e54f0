//! A file's bytes in blocks that are shared until one of them changes.

use std::sync::Arc;

/// The size of the blocks that a disk writes whole or tears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the fault model names these two")]
pub enum BlockSize {
    /// A sector of old.
    Bytes512,
    /// A page, as flash storage and file systems have it.
    #[default]
    Bytes4096,
}

impl BlockSize {
    /// In bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Bytes512 => 512,
            Self::Bytes4096 => 4096,
        }
    }
}

/// The bytes of one block; what lies beyond them in the block is zero.
pub(super) type Block = Arc<Vec<u8>>;

/// A file's content. Blocks that are not there are zero.
#[derive(Clone, Debug)]
pub(super) struct Bytes {
    block: BlockSize,
    length: usize,
    blocks: Vec<Block>,
}

impl Bytes {
    pub(super) const fn empty(block: BlockSize) -> Self {
        Self {
            block,
            length: 0,
            blocks: Vec::new(),
        }
    }

    /// So many bytes: these blocks, and zeros after them.
    pub(super) const fn of_blocks(block: BlockSize, length: usize, blocks: Vec<Block>) -> Self {
        Self {
            block,
            length,
            blocks,
        }
    }

    pub(super) const fn length(&self) -> usize {
        self.length
    }

    pub(super) const fn block_bytes(&self) -> usize {
        self.block.bytes()
    }

    pub(super) const fn block_size(&self) -> BlockSize {
        self.block
    }

    pub(super) fn block(&self, index: usize) -> Option<&Block> {
        self.blocks.get(index)
    }

    pub(super) fn blocks_before(&self, index: usize) -> impl Iterator<Item = &Block> {
        self.blocks.iter().take(index)
    }

    /// Fills the buffer from a position, as far as there are bytes; says how many.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: usize) -> usize {
        let size = self.block_bytes();
        let wanted = buffer.len().min(self.length.saturating_sub(offset));
        let mut rest = buffer.get_mut(..wanted).unwrap_or_default();
        let mut position = offset;
        while !rest.is_empty() {
            let within = position % size;
            let (now, later) = rest.split_at_mut(rest.len().min(size - within));
            let stored = self
                .block(position / size)
                .and_then(|block| block.get(within..))
                .unwrap_or_default();
            let (bytes, zeros) = now.split_at_mut(stored.len().min(now.len()));
            bytes.copy_from_slice(stored.get(..bytes.len()).unwrap_or_default());
            zeros.fill(0);
            position += now.len();
            rest = later;
        }
        wanted
    }

    pub(super) fn append(&mut self, mut bytes: &[u8]) {
        let size = self.block_bytes();
        while !bytes.is_empty() {
            let within = self.length % size;
            let (now, later) = bytes.split_at(bytes.len().min(size - within));
            let block = self.block_mut(self.length / size);
            block.resize(within, 0);
            block.extend_from_slice(now);
            self.length += now.len();
            bytes = later;
        }
    }

    /// Changes every byte from a position on to zero.
    pub(super) fn zero_from(&mut self, offset: usize) {
        let size = self.block_bytes();
        self.blocks.truncate(offset.div_ceil(size));
        if let Some(last) = self.blocks.get_mut(offset / size) {
            Arc::make_mut(last).truncate(offset % size);
        }
    }

    /// Changes one byte, where there is one.
    pub(super) fn flip(&mut self, offset: usize, mask: u8) {
        if offset >= self.length {
            return;
        }
        let within = offset % self.block_bytes();
        let block = self.block_mut(offset / self.block_bytes());
        if block.len() <= within {
            block.resize(within + 1, 0);
        }
        if let Some(byte) = block.get_mut(within) {
            *byte ^= mask;
        }
    }

    /// Zeros in place of one block.
    pub(super) fn zero_block(&mut self, index: usize) {
        if let Some(block) = self.blocks.get_mut(index) {
            *block = Block::default();
        }
    }

    fn block_mut(&mut self, index: usize) -> &mut Vec<u8> {
        if self.blocks.len() <= index {
            self.blocks.resize_with(index + 1, Block::default);
        }
        match self.blocks.get_mut(index) {
            Some(block) => Arc::make_mut(block),
            None => unreachable!("the blocks were just made that many"),
        }
    }

    /// Equal for equal bytes, and for others in practice never.
    pub(super) fn hash(&self) -> u128 {
        let blocks = self.blocks.iter().enumerate();
        blocks.fold(length_hash(self.length), |sum, (index, block)| {
            sum.wrapping_add(block_hash(index, block))
        })
    }

    #[cfg(test)]
    pub(super) fn to_vec(&self) -> Vec<u8> {
        let mut bytes = vec![0xaa; self.length];
        assert_eq!(self.read_at(&mut bytes, 0), self.length);
        bytes
    }
}

/// A content's hash is its length's and all of its blocks', added up: so one block's part can be
/// taken for another's without the rest.
pub(super) fn length_hash(length: usize) -> u128 {
    mixed(u128::try_from(length).unwrap_or_default() ^ LENGTH_SEED)
}

/// 0 for a block of zeros, however many of them are stored.
pub(super) fn block_hash(index: usize, bytes: &[u8]) -> u128 {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    if end == 0 {
        return 0;
    }
    let index = u128::try_from(index).unwrap_or_default();
    bytes_hash(index ^ BLOCK_SEED, bytes.get(..end).unwrap_or_default())
}

pub(super) fn bytes_hash(seed: u128, bytes: &[u8]) -> u128 {
    let words = bytes.chunks(16).map(|chunk| {
        let mut word = [0; 16];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        u128::from_le_bytes(word)
    });
    let length = u128::try_from(bytes.len()).unwrap_or_default();
    words.fold(mixed(seed ^ length), |hash, word| mixed(hash ^ word))
}

/// One number out of one number, each bit of it from all of the bits: a multiplication spreads
/// upwards, the shifts downwards.
pub(super) const fn mixed(value: u128) -> u128 {
    let value = (value ^ (value >> 67)).wrapping_mul(FACTOR);
    let value = (value ^ (value >> 61)).wrapping_mul(FACTOR);
    value ^ (value >> 64)
}

const FACTOR: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
const LENGTH_SEED: u128 = 0x5851_f42d_4c95_7f2d_1405_7b7e_f767_814f;
const BLOCK_SEED: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Bytes {
        let mut content = Bytes::empty(BlockSize::Bytes512);
        content.append(bytes);
        content
    }

    #[test]
    fn what_was_appended_in_pieces_is_read_back_whole() {
        let bytes: Vec<u8> = (0..1500_u32).map(|n| (n % 251).to_le_bytes()[0]).collect();
        let mut pieces = Bytes::empty(BlockSize::Bytes512);
        for piece in bytes.chunks(7) {
            pieces.append(piece);
        }
        assert_eq!(pieces.to_vec(), bytes);
        assert_eq!(pieces.hash(), of(&bytes).hash());
        let mut middle = [0; 600];
        assert_eq!(pieces.read_at(&mut middle, 500), 600);
        assert_eq!(middle[..], bytes[500..1100]);
        assert_eq!(pieces.read_at(&mut middle, 1500), 0);
    }

    #[test]
    fn zeros_that_are_stored_and_zeros_that_are_not_have_one_hash() {
        let mut blank = of(&[7; 1300]);
        blank.zero_from(600);
        let mut written = of(&[7; 600]);
        written.append(&[0; 700]);
        assert_eq!(blank.to_vec(), written.to_vec());
        assert_eq!(blank.hash(), written.hash());
        assert_ne!(blank.hash(), of(&[7; 600]).hash());
    }

    #[test]
    fn appending_after_lost_bytes_leaves_them_zero() {
        let mut content = of(&[7; 100]);
        content.zero_from(30);
        content.append(&[9; 5]);
        let mut expected = vec![7; 30];
        expected.extend([0; 70]);
        expected.extend([9; 5]);
        assert_eq!(content.to_vec(), expected);
    }

    #[test]
    fn a_flipped_byte_changes_the_hash_and_flipped_back_restores_it() {
        let mut content = of(&[0; 1024]);
        let before = content.hash();
        content.flip(700, 1);
        assert_ne!(content.hash(), before);
        content.flip(700, 1);
        assert_eq!(content.hash(), before);
    }
}
