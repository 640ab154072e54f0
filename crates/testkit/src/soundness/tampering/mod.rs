//! What an attacker or an accident does: every kind has to be reported, whatever the seed.

mod archives;
mod around;
mod bytes;
mod channels;
pub(super) mod compilers;
mod roots;
mod shorebird;
mod signatures;
mod swaps;
pub(super) mod words;

use super::kind::Family;

/// Every family of tamperings.
pub(crate) const FAMILIES: [&Family; 12] = [
    &bytes::LIBRARIES,
    &bytes::PATCHES,
    &bytes::DOCUMENTS,
    &archives::ARCHIVES,
    &around::AROUND,
    &swaps::SWAPS,
    &compilers::COMPILERS,
    &words::WORDS,
    &signatures::SIGNATURES,
    &channels::CHANNELS,
    &roots::ROOTS,
    &shorebird::SHOREBIRD,
];
