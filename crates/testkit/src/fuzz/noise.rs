//! Bytes by chance, always the same: the bodies of seeds whose every byte decides something.

/// So many bytes, others for each seed: SplitMix64.
pub(super) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let words = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    });
    words.flatten().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_seed_is_other_bytes_and_the_same_one_the_same() {
        assert_eq!(noise(1, 20), noise(1, 20));
        assert_ne!(noise(1, 20), noise(2, 20));
    }
}
