//! Which devices a rollout reaches: one function for devices and servers.

use sha2::{Digest as _, Sha256};

/// The bucket of a client for a patch, in `0..BUCKETS`. A patch that is rolled out to `n` of
/// [`BUCKETS`] reaches the clients whose bucket is below `n`.
///
/// `client` is the client's own random number; for Shorebird's clients the bytes of the text of
/// their `client_id`. The hash of all of it, as one big-endian number, is taken modulo [`BUCKETS`];
/// each part is hashed with its length before it (8 bytes, little-endian), the domain included. So
/// each patch draws anew who is first, and nobody but the client decides it.
#[must_use]
pub fn bucket(app_id: &str, patch_sha256: &[u8; 32], client: &[u8]) -> u16 {
    let mut hasher = Sha256::new();
    for part in [DOMAIN, app_id.as_bytes(), patch_sha256, client] {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    let modulo = u32::from(BUCKETS);
    let hash = hasher.finalize();
    let bucket = hash.iter().fold(0, |rest: u32, byte| {
        (rest * 256 + u32::from(*byte)) % modulo
    });
    u16::try_from(bucket).unwrap_or(BUCKETS)
}

/// How many buckets there are: a rollout is told in hundredths of a per cent.
pub const BUCKETS: u16 = 10_000;

const DOMAIN: &[u8] = b"patchproof-rollout-1";

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by another program: Python's hashlib and its whole numbers.
    #[test]
    fn buckets_are_the_pinned_ones_for_ever() {
        let ascending: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).expect("small"));
        let uuid = b"00000000-0000-4000-8000-000000000000";
        let found = [
            bucket("", &[0; 32], &[]),
            bucket("app", &[0; 32], &[0; 16]),
            bucket("app", &ascending, &[0; 16]),
            bucket("app", &ascending, &[0xff; 16]),
            bucket("app", &ascending, uuid),
            bucket("приложение", &[0xff; 32], &[1]),
        ];
        assert_eq!(found, PINNED);
    }

    #[test]
    fn a_byte_cannot_move_from_one_part_into_the_next() {
        let parts = [("ab", b"c".as_slice()), ("a", b"bc"), ("abc", b"")];
        let found: std::collections::BTreeSet<u16> = parts
            .iter()
            .map(|(app, client)| bucket(app, &[7; 32], client))
            .collect();
        assert_eq!(found.len(), parts.len());
    }

    /// Chi squared over 10 ranges with 9 degrees of freedom: above 40 less than once in 100,000.
    #[test]
    fn clients_are_spread_evenly() {
        let mut ranges = [0_u32; 10];
        for client in 0..10_000_u32 {
            let bucket = bucket("app", &[3; 32], &client.to_le_bytes());
            assert!(bucket < BUCKETS);
            ranges[usize::from(bucket / 1_000)] += 1;
        }
        let chi: f64 = ranges
            .iter()
            .map(|n| (f64::from(*n) - 1_000.0).powi(2) / 1_000.0)
            .sum();
        assert!(chi < 40.0, "{ranges:?}");
    }

    const PINNED: [u16; 6] = [4, 9444, 7401, 6476, 5286, 5485];
}
