//! How much a patch may ask for, before its first byte is looked at.

/// The bounds of one inflate. Every decoder here is given them; there is no way around. The decoder
/// that devices use counts no records: there the bound on its stream bounds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the inflated library.
    pub output_bytes_max: u64,
    /// Bytes of the decompressed stream. A record costs at least three of them, so this bounds the
    /// time as well.
    pub stream_bytes_max: u64,
    /// Records in the stream.
    pub records_max: u64,
    /// The base-2 logarithm of zstd's window in bytes.
    pub window_log_max: u32,
}

impl Limits {
    /// What a patch over a base of this many bytes may ask for: an output of four times the base
    /// and 64 MiB more, a stream that can carry it, and the window that Shorebird's devices accept
    /// (2^27 bytes; its own patches use 2^26).
    #[must_use]
    pub const fn for_base(base_bytes: u64) -> Self {
        let output_bytes_max = base_bytes.saturating_mul(4).saturating_add(64 << 20);
        Self {
            output_bytes_max,
            stream_bytes_max: output_bytes_max.saturating_add(64 << 20),
            records_max: 16 << 20,
            window_log_max: 27,
        }
    }

    /// What a patch may hold for its transform, decoded: an eighth of the base and 64 KiB. All that
    /// is learned from it in memory grows with it.
    #[must_use]
    pub const fn transform_bytes_max(base_bytes: u64) -> u64 {
        (base_bytes >> 3).saturating_add(64 << 10)
    }

    pub(crate) const fn window_bytes_max(self) -> u64 {
        1 << self.window_log_max
    }
}
