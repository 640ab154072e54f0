//! How much memory a reading takes, and how much it may take.

use patchproof_tests::trials::held;

use crate::HEAP;

/// Does a reading of a file and complains if it held more than it may: with the file itself, four
/// times its length and 1 MiB.
pub(crate) fn bounded<T>(what: &str, file: &[u8], read: impl FnOnce() -> T) -> Result<T, String> {
    let (done, peak) = held(&HEAP, read);
    let (held, limit) = (file.len() + peak, 4 * file.len() + (1 << 20));
    if held > limit {
        let size = file.len();
        return Err(format!(
            "{what} held {held} bytes over a file of {size}; {limit} are allowed"
        ));
    }
    Ok(done)
}
