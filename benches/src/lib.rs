//! Criterion benches; see `benches/`.

/// A length in 64 bits.
#[must_use]
pub fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
