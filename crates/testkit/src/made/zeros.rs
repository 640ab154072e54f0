//! More zeros than anybody wants to hold.

/// So many zeros, in pieces: what is made of them need not hold them all at once.
pub fn zeros(size_bytes: u64) -> impl Iterator<Item = &'static [u8]> {
    static PIECE: [u8; 1 << 16] = [0; 1 << 16];
    let mut left = size_bytes;
    std::iter::from_fn(move || {
        let length = usize::try_from(left).map_or(PIECE.len(), |left| left.min(PIECE.len()));
        left -= u64::try_from(length).unwrap_or(left);
        PIECE.get(..length).filter(|piece| !piece.is_empty())
    })
}
