//! What can be done to bytes without knowing what they mean.

use super::chance::Chance;

/// A way to change bytes; each leaves other bytes than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// One byte is another.
    Flip,
    /// One bit is another.
    Bit,
    /// Up to 16 bytes all over are others.
    Flips,
    /// A run of up to 64 bytes is others.
    Run,
    /// Bytes are put in.
    Insert,
    /// Bytes are taken out.
    Remove,
    /// The end is missing.
    Truncate,
    /// Bytes are behind the end.
    Extend,
}

impl Edit {
    /// Changes these bytes. Nothing comes of nothing but by putting in.
    pub(crate) fn apply(self, bytes: &mut Vec<u8>, chance: &mut Chance) {
        let before = bytes.clone();
        self.change(bytes, chance);
        // What was put in or taken out may look as what was there.
        if *bytes == before {
            bytes.push(chance.mask());
        }
    }

    fn change(self, bytes: &mut Vec<u8>, chance: &mut Chance) {
        let at = chance.below(bytes.len());
        match self {
            Self::Flip => change_at(bytes, at, chance.mask()),
            Self::Bit => change_at(bytes, at, 1 << chance.below(8)),
            Self::Flips => {
                for _ in 0..2 + chance.below(15) {
                    let at = chance.below(bytes.len());
                    change_at(bytes, at, chance.mask());
                }
            }
            Self::Run => {
                for at in at..at.saturating_add(2 + chance.below(63)) {
                    change_at(bytes, at, chance.mask());
                }
            }
            Self::Insert => {
                let count = 1 + chance.below(40);
                let more = chance.bytes(count);
                bytes.splice(at..at, more);
            }
            Self::Remove => {
                let end = at.saturating_add(1 + chance.below(400)).min(bytes.len());
                bytes.drain(at..end);
            }
            Self::Truncate => bytes.truncate(at),
            Self::Extend => {
                let count = 1 + chance.below(64);
                bytes.extend(chance.bytes(count));
            }
        }
    }
}

fn change_at(bytes: &mut [u8], at: usize, mask: u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_leaves_other_bytes() {
        let edits = [
            Edit::Flip,
            Edit::Bit,
            Edit::Flips,
            Edit::Run,
            Edit::Insert,
            Edit::Remove,
            Edit::Truncate,
            Edit::Extend,
        ];
        for edit in edits {
            for seed in 0..500 {
                let before = vec![0; 1 + usize::try_from(seed).unwrap() % 50];
                let mut after = before.clone();
                edit.apply(&mut after, &mut Chance::new(seed));
                assert_ne!(before, after, "{edit:?} {seed}");
            }
        }
    }
}
