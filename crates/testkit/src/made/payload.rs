//! Bytes that stand for compiled code and data: made from a seed, alike enough to compress.

/// `size_bytes` bytes that the seed alone decides: mostly words of one small dictionary.
pub(super) fn noise(seed: u64, size_bytes: usize) -> Vec<u8> {
    let words = dictionary();
    let mut random = Random::new(seed);
    let mut bytes = Vec::with_capacity(size_bytes.saturating_add(WORD_BYTES_MAX));
    while bytes.len() < size_bytes {
        match words.get(random.below(words.len() + words.len() / 4)) {
            Some(word) => bytes.extend_from_slice(word),
            None => bytes.push(random.byte()),
        }
    }
    bytes.truncate(size_bytes);
    bytes
}

/// What another build makes of the same bytes: some changed in place, some put in between.
///
/// At least one byte is put in, so the result always differs; empty bytes stay empty.
pub(super) fn edited(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed ^ EDIT_SEED);
    let mut result = Vec::with_capacity(bytes.len().saturating_add(64));
    let stretch = (bytes.len() / EDITS).max(1);
    for (index, old) in bytes.chunks(stretch).enumerate() {
        let (kept, rest) = old.split_at(random.below(old.len() + 1));
        result.extend_from_slice(kept);
        if index % 2 == 0 {
            result.extend(noise(random.next(), 1 + random.below(WORD_BYTES_MAX)));
            result.extend_from_slice(rest);
        } else {
            let changed = rest.len().min(4);
            let bump = random.byte() | 1;
            result.extend(
                rest.iter()
                    .take(changed)
                    .map(|byte| byte.wrapping_add(bump)),
            );
            result.extend(rest.iter().skip(changed));
        }
    }
    result
}

/// A xorshift generator: small, and the same on every machine.
struct Random {
    state: u64,
}

impl Random {
    const fn new(seed: u64) -> Self {
        // The state 0 would stay 0 for ever.
        Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        }
    }

    const fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        let high = usize::try_from(self.next() >> 33).unwrap_or(0);
        high.checked_rem(limit).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next() >> 56).unwrap_or(0)
    }
}

fn dictionary() -> Vec<Vec<u8>> {
    let mut random = Random::new(DICTIONARY_SEED);
    let word = |random: &mut Random| {
        let length = 3 + random.below(WORD_BYTES_MAX - 2);
        (0..length).map(|_| random.byte()).collect()
    };
    (0..DICTIONARY_WORDS).map(|_| word(&mut random)).collect()
}

const DICTIONARY_SEED: u64 = 0x0d1c;
const DICTIONARY_WORDS: usize = 96;
const EDIT_SEED: u64 = 0xed17;
const EDITS: usize = 9;
const WORD_BYTES_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use super::{edited, noise};

    #[test]
    fn another_seed_makes_other_bytes() {
        assert_ne!(noise(1, 4096), noise(2, 4096));
    }

    #[test]
    fn made_bytes_compress_to_less_than_three_quarters() {
        let packed = zstd::encode_all(&*noise(1, 16384), 3).unwrap();
        assert!(packed.len() < 12288, "{} bytes", packed.len());
    }

    #[test]
    fn an_edit_keeps_most_of_the_bytes() {
        let old = noise(1, 16384);
        let new = edited(&old, 5);
        let kept = old
            .chunks(64)
            .filter(|part| new.windows(64).any(|found| found == *part));
        assert!(kept.count() > 230);
    }

    #[test]
    fn an_edit_always_puts_bytes_in() {
        for seed in 0..64 {
            assert!(edited(&noise(1, 100), seed).len() > 100, "seed {seed}");
        }
    }

    #[test]
    fn one_byte_can_be_edited_and_none_stays_none() {
        assert!(edited(&[7], 1).len() > 1);
        assert!(edited(&[], 1).is_empty());
    }
}
