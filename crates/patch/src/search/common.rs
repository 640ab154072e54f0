//! How many bytes two stretches have in common, eight at a time.

/// The length of the common prefix.
pub(super) fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let (chunks_a, chunks_b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let mut same = 0;
    for (a, b) in chunks_a.iter().zip(chunks_b) {
        let differing = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differing != 0 {
            // Little-endian: the first byte that differs is the lowest that is not zero.
            let bytes = differing.trailing_zeros() / u8::BITS;
            return same + usize::try_from(bytes).unwrap_or_default();
        }
        same += 8;
    }
    let rest = a.iter().zip(b).skip(same);
    same + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_ends_at_the_first_difference_wherever_that_is() {
        let a: Vec<u8> = (0..40).collect();
        for at in 0..40 {
            let mut b = a.clone();
            b[at] ^= 0x80;
            assert_eq!(common_prefix(&a, &b), at);
        }
        assert_eq!(common_prefix(&a, &a[..13]), 13);
        assert_eq!(common_prefix(b"", &a), 0);
    }
}
