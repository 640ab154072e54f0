//! What may be left of one file whose writes were not synced.
//!
//! Files only grow, so an old block is a part of the new one, and a torn block is some of the new
//! bytes with zeros after them.

use std::sync::Arc;

use super::bytes::{Block, Bytes, block_hash, length_hash};
use super::file::{FileNode, readable_hash};

/// Every content that a power cut may leave of one file, by number.
#[derive(Debug)]
pub(super) struct Spread {
    old: Bytes,
    new: Bytes,
    modified_ns: u64,
    unreadable: bool,
    /// The first block that was not synced.
    first: usize,
    blocks: Vec<Forms>,
    /// The blocks before those, added up.
    settled_hash: u128,
    shapes: Vec<Shape>,
    /// Behind the numbers of each shape.
    ends: Vec<u64>,
}

/// What one block may hold, besides zeros.
#[derive(Debug)]
struct Forms {
    new: (Block, u128),
    /// In a block that was synced in part.
    old: Option<(Block, u128)>,
    /// By how many of its bytes are new.
    torn: Vec<(usize, Block, u128)>,
}

/// What one block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    New,
    Old,
    Zero,
    /// At that one of its points.
    Torn(usize),
}

/// A length, and which block is torn; every other block is free.
#[derive(Clone, Copy, Debug)]
struct Shape {
    length: usize,
    /// The block's place among the unsynced ones, and the point.
    torn: Option<(usize, usize)>,
}

impl Spread {
    /// How many blocks of a file were not synced.
    pub(super) fn blocks_of_file(file: &FileNode) -> usize {
        let (old, new) = (file.durable(), file.kept());
        let first = old.length() / new.block_bytes();
        new.length()
            .div_ceil(new.block_bytes())
            .saturating_sub(first)
    }

    /// Of a file with unsynced writes; each block is torn where `points` says for its place among
    /// the unsynced ones and its length. Only with its shapes can its contents be counted, and for
    /// many blocks there are far too many.
    pub(super) fn of(
        file: &FileNode,
        with_shapes: bool,
        points: impl Fn(usize, usize) -> Vec<usize>,
    ) -> Self {
        let (old, new) = (file.durable().clone(), file.kept().clone());
        let size = new.block_bytes();
        let first = old.length() / size;
        let blocks = (first..new.length().div_ceil(size))
            .map(|index| Forms::of(&old, &new, index, |bytes| points(index - first, bytes)))
            .collect();
        let settled_hash = new
            .blocks_before(first)
            .enumerate()
            .fold(0_u128, |sum, (index, block)| {
                sum.wrapping_add(block_hash(index, block))
            });
        let mut spread = Self {
            old,
            new,
            modified_ns: file.modified_ns,
            unreadable: file.unreadable,
            first,
            blocks,
            settled_hash,
            shapes: Vec::new(),
            ends: Vec::new(),
        };
        if with_shapes {
            spread.shape();
        }
        spread
    }

    pub(super) const fn unsynced_blocks(&self) -> usize {
        self.blocks.len()
    }

    /// How many contents there are; a few of them may be equal.
    pub(super) fn count(&self) -> u64 {
        self.ends.last().copied().unwrap_or_default()
    }

    /// One of them by number, as its hash and what makes it.
    pub(super) fn nth(&self, number: u64) -> Choice {
        let at = self.ends.partition_point(|end| *end <= number);
        let before = at.checked_sub(1).and_then(|at| self.ends.get(at)).copied();
        let Some(shape) = self.shapes.get(at).copied() else {
            return self.choose(self.old.length(), |_| Form::Old);
        };
        let mut rest = number - before.unwrap_or_default();
        self.choose(shape.length, |index| {
            if let Some((_, point)) = shape.torn.filter(|(block, _)| *block == index) {
                return Form::Torn(point);
            }
            let forms = self.free_forms(shape.length, index);
            let count = u64::try_from(forms.len()).unwrap_or(1);
            let form = usize::try_from(rest % count)
                .ok()
                .and_then(|at| forms.get(at));
            rest /= count;
            form.copied().unwrap_or(Form::Zero)
        })
    }

    /// The content of that length whose blocks are as said. `Old` is zero where nothing was.
    pub(super) fn choose(&self, length: usize, mut form: impl FnMut(usize) -> Form) -> Choice {
        let mut hash = self.settled_hash.wrapping_add(length_hash(length));
        let mut forms = Vec::with_capacity(self.blocks.len());
        for (index, block) in self.blocks.iter().enumerate().take(self.blocks_of(length)) {
            let form = form(index);
            hash = hash.wrapping_add(block.get(form).map_or(0, |(_, hash)| hash));
            forms.push(form);
        }
        Choice {
            length,
            forms,
            hash: readable_hash(hash, self.unreadable),
        }
    }

    pub(super) fn file(&self, choice: &Choice) -> Arc<FileNode> {
        let settled = self.new.blocks_before(self.first).cloned();
        let missing = std::iter::repeat_with(Block::default);
        let unsynced = choice.forms.iter().zip(&self.blocks).map(|(form, block)| {
            block
                .get(*form)
                .map_or_else(Block::default, |(block, _)| Arc::clone(block))
        });
        let blocks = settled
            .chain(missing)
            .take(self.first)
            .chain(unsynced)
            .collect();
        let bytes = Bytes::of_blocks(self.new.block_size(), choice.length, blocks);
        Arc::new(FileNode::settled(bytes, self.modified_ns, self.unreadable))
    }

    pub(super) const fn old_length(&self) -> usize {
        self.old.length()
    }

    pub(super) const fn new_length(&self) -> usize {
        self.new.length()
    }

    /// How long the file is, up to the end of that unsynced block, or up to where it is torn.
    pub(super) fn length_through(&self, index: usize, point: Option<usize>) -> usize {
        let size = self.new.block_bytes();
        let start = (self.first + index) * size;
        let torn = point.and_then(|point| self.blocks.get(index)?.torn.get(point));
        let within = torn.map_or(size, |(bytes, ..)| *bytes);
        (start + within).clamp(self.old.length(), self.new.length())
    }

    /// At how many points that block may be torn.
    pub(super) fn torn_points(&self, index: usize) -> usize {
        self.blocks.get(index).map_or(0, |block| block.torn.len())
    }

    /// How many unsynced blocks a file of that length has.
    fn blocks_of(&self, length: usize) -> usize {
        length
            .div_ceil(self.new.block_bytes())
            .saturating_sub(self.first)
    }

    /// What a block that is not torn may hold. At the old length new is old.
    fn free_forms(&self, length: usize, index: usize) -> &'static [Form] {
        let was_there = self
            .blocks
            .get(index)
            .is_some_and(|block| block.old.is_some());
        match (was_there, length == self.old.length()) {
            (true, true) => &[Form::Old, Form::Zero],
            (true, false) => &[Form::New, Form::Old, Form::Zero],
            (false, _) => &[Form::New, Form::Zero],
        }
    }

    fn shape(&mut self) {
        let count = self.blocks.len();
        let mut shapes = Vec::new();
        let mut whole = vec![self.old.length()];
        whole.extend((0..count).map(|index| self.length_through(index, None)));
        whole.dedup();
        for length in whole {
            shapes.push(Shape { length, torn: None });
            for index in 0..self.blocks_of(length) {
                let points = (0..self.torn_points(index))
                    .filter(|point| self.length_through(index, Some(*point)) <= length);
                shapes.extend(points.map(|point| Shape {
                    length,
                    torn: Some((index, point)),
                }));
            }
        }
        for index in 0..count {
            for point in 0..self.torn_points(index) {
                let length = self.length_through(index, Some(point));
                let torn = Some((index, point));
                if length > self.old.length() {
                    shapes.push(Shape { length, torn });
                }
            }
        }
        let mut end = 0_u64;
        self.ends = shapes
            .iter()
            .map(|shape| {
                end = end.saturating_add(self.count_of(*shape));
                end
            })
            .collect();
        self.shapes = shapes;
    }

    fn count_of(&self, shape: Shape) -> u64 {
        let free = (0..self.blocks_of(shape.length))
            .filter(|index| shape.torn.is_none_or(|(torn, _)| torn != *index));
        free.fold(1_u64, |count, index| {
            let forms = self.free_forms(shape.length, index).len();
            count.saturating_mul(u64::try_from(forms).unwrap_or(u64::MAX))
        })
    }
}

/// One content of a file.
#[derive(Debug)]
pub(super) struct Choice {
    length: usize,
    forms: Vec<Form>,
    pub(super) hash: u128,
}

impl Forms {
    fn of(old: &Bytes, new: &Bytes, index: usize, points: impl Fn(usize) -> Vec<usize>) -> Self {
        let size = new.block_bytes();
        let within = |length: usize| length.saturating_sub(index * size).min(size);
        let with_hash = |block: Block| {
            let hash = block_hash(index, &block);
            (block, hash)
        };
        let whole = new.block(index).cloned().unwrap_or_default();
        let was = within(old.length());
        let torn = points(within(new.length())).into_iter().map(|bytes| {
            let part = Arc::new(whole.iter().copied().take(bytes).collect());
            let (block, hash) = with_hash(part);
            (bytes, block, hash)
        });
        Self {
            torn: torn.collect(),
            old: (was > 0).then(|| with_hash(old.block(index).cloned().unwrap_or_default())),
            new: with_hash(whole),
        }
    }

    fn get(&self, form: Form) -> Option<(&Block, u128)> {
        match form {
            Form::New => Some((&self.new.0, self.new.1)),
            Form::Old => self.old.as_ref().map(|(block, hash)| (block, *hash)),
            Form::Zero => None,
            Form::Torn(point) => self.torn.get(point).map(|(_, block, hash)| (block, *hash)),
        }
    }
}
