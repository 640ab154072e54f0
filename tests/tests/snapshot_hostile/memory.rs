//! How much memory a reading takes, and how much it may take.

use crate::HEAP;

/// Does the work and says how many bytes of heap it held at most beyond what was held before.
pub(crate) fn peak_bytes<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let done = work();
    (done, HEAP.peak_usage().saturating_sub(before))
}

/// Does a reading of a file and complains if it held more than it may: with the file itself, four
/// times its length and 1 MiB.
pub(crate) fn bounded<T>(what: &str, file: &[u8], read: impl FnOnce() -> T) -> Result<T, String> {
    let (done, peak) = peak_bytes(read);
    let (held, limit) = (file.len() + peak, 4 * file.len() + (1 << 20));
    if held > limit {
        let size = file.len();
        return Err(format!(
            "{what} held {held} bytes over a file of {size}; {limit} are allowed"
        ));
    }
    Ok(done)
}
