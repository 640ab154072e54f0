//! What a state is remembered by.

use std::hash::{Hash, Hasher};

use twox_hash::XxHash3_128;

/// 128 bits of XXH3 over all that the state is hashed by. The seed is fixed, so that a run is like
/// the one before; nobody chooses states that collide.
pub(super) fn fingerprint(state: &impl Hash) -> u128 {
    let mut gathered = Gathered(Vec::with_capacity(256));
    state.hash(&mut gathered);
    XxHash3_128::oneshot(&gathered.0)
}

/// The bytes that a state gives to be hashed, one behind the other.
struct Gathered(Vec<u8>);

impl Hasher for Gathered {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Half of a fingerprint; who wants all of it asks [`fingerprint`].
    fn finish(&self) -> u64 {
        let whole = XxHash3_128::oneshot(&self.0);
        u64::try_from(whole >> 64).unwrap_or_default()
    }
}
