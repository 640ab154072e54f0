//! What a seed decides: the same on every machine and in every version.

/// A SplitMix64 generator, and a number whose digits choose among few things one after another.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    state: u64,
    turn: usize,
}

impl Chance {
    /// Of a seed; each has a sequence of its own.
    pub(crate) const fn new(seed: u64) -> Self {
        Self {
            state: seed,
            turn: 0,
        }
    }

    /// Of a kind of change, and which of its changes it is.
    pub(crate) fn of(kind: &str, turn: usize) -> Self {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let name = kind.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        let count = u64::try_from(turn).unwrap_or(u64::MAX);
        let seed = Self::new(name ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15)).next();
        Self { state: seed, turn }
    }

    /// Each number below the limit in turn: changes of a kind differ until all of them were taken.
    pub(crate) fn pick(&mut self, limit: usize) -> usize {
        let Some(digit) = self.turn.checked_rem(limit) else {
            return 0;
        };
        self.turn /= limit;
        digit
    }

    /// Each of some in turn.
    pub(crate) fn pick_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.pick(items.len()))
    }

    /// The next number.
    pub(crate) const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit; 0 where there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let high = usize::try_from(self.next() >> 33).unwrap_or(0);
        high.checked_rem(limit).unwrap_or(0)
    }

    /// The same for a number of 64 bits.
    pub(crate) fn below_wide(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// Any byte.
    pub(crate) fn byte(&mut self) -> u8 {
        u8::try_from(self.next() >> 56).unwrap_or(0)
    }

    /// Any byte but 0: what is changed by it is another.
    pub(crate) fn mask(&mut self) -> u8 {
        self.byte().max(1)
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    /// One of some; none of none.
    pub(crate) fn among<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Heads or tails.
    pub(crate) const fn coin(&mut self) -> bool {
        self.next() >> 63 == 1
    }

    /// Brings items into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }

    /// A word of lower-case letters and digits.
    pub(crate) fn name(&mut self, length: usize) -> String {
        let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let letter = |_| char::from(*self.among(letters).unwrap_or(&b'a'));
        (0..length).map(letter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn a_seed_has_one_sequence_and_another_seed_another() {
        let of = |seed| {
            let mut chance = Chance::new(seed);
            [(); 4].map(|()| chance.next())
        };
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }

    #[test]
    fn a_mask_always_changes() {
        let mut chance = Chance::new(1);
        assert!((0..4096).all(|_| chance.mask() != 0));
    }
}
