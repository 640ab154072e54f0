//! Libraries that no check of ours can tell from good ones, and that no VM can run.

/// Another compiler's library that says of itself what the released one does: no check of ours can
/// tell it, and no VM can run it. None where one of the two says nothing of itself.
#[must_use]
pub fn forced(released: &[u8], mut foreign: Vec<u8>) -> Option<Vec<u8>> {
    let (_, said) = said_of_itself(released, 0)?;
    let said = said.to_vec();
    let mut from = 0;
    while let Some((at, _)) = said_of_itself(&foreign, from) {
        foreign.get_mut(at..at + said.len())?.copy_from_slice(&said);
        from = at + said.len();
    }
    (from > 0).then_some(foreign)
}

/// The library with nonsense right behind what each blob says of itself: it is built for the right
/// engine, and cannot be read by it.
#[must_use]
pub fn spoiled(mut library: Vec<u8>) -> Option<Vec<u8>> {
    let mut from = 0;
    while let Some((at, said)) = said_of_itself(&library, from) {
        let behind = at + said.len();
        library.get_mut(behind..behind + SPOILED_BYTES)?.fill(0xa5);
        from = behind + SPOILED_BYTES;
    }
    (from > 0).then_some(library)
}

/// The version and the features, as they stand at the head of each blob: where, and the bytes.
fn said_of_itself(library: &[u8], from: usize) -> Option<(usize, &[u8])> {
    let rest = library.get(from..)?;
    let word = rest.windows(8).position(|found| found == b"product ")?;
    let at = (from + word).checked_sub(VERSION_DIGITS)?;
    let behind = library.get(from + word..)?;
    let length = behind.iter().position(|byte| *byte == 0)?;
    let said = library.get(at..from + word + length + 1)?;
    Some((at, said))
}

const VERSION_DIGITS: usize = 32;
const SPOILED_BYTES: usize = 256;
