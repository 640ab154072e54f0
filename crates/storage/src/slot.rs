//! The bytes of one slot: a counter and a payload that are whole or refused.

use sha2::{Digest as _, Sha256};

use crate::whole::wide;

/// What gave a slot away as not whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SlotDamage {
    /// Not as long as it says, or too short to say it, or longer than any slot.
    #[error("its length of {size_bytes} bytes is not what it should have")]
    Length {
        /// What was found.
        size_bytes: u64,
    },
    /// It does not start as a slot does.
    #[error("it does not start as a slot does")]
    Magic,
    /// Written by a newer Patchproof, or rotten.
    #[error("it is of format {found}; this Patchproof reads format {FORMAT}")]
    Format {
        /// What was found.
        found: u32,
    },
    /// No commit counts that far, or from nought.
    #[error("its counter is {found}, which no commit reaches")]
    Counter {
        /// What was found.
        found: u64,
    },
    /// Its bytes are not those that were written.
    #[error("its bytes are not those that were written")]
    Hash,
}

/// The slot's bytes; the payload is at most [`PAYLOAD_BYTES_MAX`] long.
pub(crate) fn seal(counter: u64, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len() + HASH_BYTES);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&counter.to_le_bytes());
    bytes.extend_from_slice(payload);
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

/// Counter and payload.
pub(crate) fn open(mut bytes: Vec<u8>) -> Result<(u64, Vec<u8>), SlotDamage> {
    let size_bytes = wide(bytes.len());
    let wrong_length = SlotDamage::Length { size_bytes };
    let header = Header::read(&bytes).ok_or(wrong_length)?;
    header.check()?;
    let payload_bytes = usize::try_from(header.payload_bytes).map_err(|_| wrong_length)?;
    let hashed_bytes = HEADER_BYTES + payload_bytes.min(PAYLOAD_BYTES_MAX);
    if payload_bytes > PAYLOAD_BYTES_MAX || bytes.len() != hashed_bytes + HASH_BYTES {
        return Err(wrong_length);
    }
    let (hashed, hash) = bytes.split_at_checked(hashed_bytes).ok_or(wrong_length)?;
    if Sha256::digest(hashed).as_slice() != hash {
        return Err(SlotDamage::Hash);
    }
    bytes.truncate(hashed_bytes);
    bytes.drain(..HEADER_BYTES);
    Ok((header.counter, bytes))
}

struct Header {
    magic: [u8; 8],
    format: u32,
    payload_bytes: u32,
    counter: u64,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk()?;
        let (format, rest) = rest.split_first_chunk()?;
        let (payload_bytes, rest) = rest.split_first_chunk()?;
        let (counter, _) = rest.split_first_chunk()?;
        Some(Self {
            magic: *magic,
            format: u32::from_le_bytes(*format),
            payload_bytes: u32::from_le_bytes(*payload_bytes),
            counter: u64::from_le_bytes(*counter),
        })
    }

    fn check(&self) -> Result<(), SlotDamage> {
        if self.magic != MAGIC {
            return Err(SlotDamage::Magic);
        }
        if self.format != FORMAT {
            let found = self.format;
            return Err(SlotDamage::Format { found });
        }
        if !(1..=COUNTER_MAX).contains(&self.counter) {
            let found = self.counter;
            return Err(SlotDamage::Counter { found });
        }
        Ok(())
    }
}

pub(crate) const PAYLOAD_BYTES_MAX: usize = 2 << 20;
pub(crate) const BYTES_MAX: usize = HEADER_BYTES + PAYLOAD_BYTES_MAX + HASH_BYTES;

/// A byte that is no text, the name, a line end that a text-mode copy spoils.
const MAGIC: [u8; 8] = *b"\x89PPST\r\n\n";
const FORMAT: u32 = 1;
/// Beyond it a slot is refused.
pub(crate) const COUNTER_MAX: u64 = u64::MAX >> 1;
const HEADER_BYTES: usize = 24;
const HASH_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every byte by hand but the hash, which is another tool's (`sha256sum`).
    #[test]
    fn the_bytes_of_a_slot_are_those_of_the_documents_table() {
        let sealed = seal(0x0102, b"ok");
        let by_hand = "8950505354 0d0a0a 01000000 02000000 0201000000000000 6f6b";
        let hash = "4471f17000ace72b4d28dcb5579858ef9e9db83e96cea3802bb34c63c88b384a";
        let expected = format!("{by_hand}{hash}").replace(' ', "");
        assert_eq!(hex::encode(sealed), expected);
    }

    #[test]
    fn every_other_byte_in_a_slot_gives_it_away() {
        let sealed = seal(7, b"a document");
        for index in 0..sealed.len() {
            for bits in 1..=255 {
                let mut rotten = sealed.clone();
                rotten[index] ^= bits;
                assert!(open(rotten).is_err(), "byte {index} with {bits:#x}");
            }
        }
    }

    #[test]
    fn every_slot_cut_short_is_refused_and_so_is_every_one_with_more() {
        let sealed = seal(7, b"a document");
        for length in 0..sealed.len() {
            assert!(open(sealed[..length].to_vec()).is_err(), "{length} bytes");
        }
        for more in 1..100 {
            let longer = [sealed.clone(), vec![0; more]].concat();
            assert!(open(longer).is_err(), "{more} bytes more");
        }
    }

    /// With a hash that fits, so that it is not the hash that refuses.
    fn with_header(format: u32, payload_bytes: u32, counter: u64) -> Result<(), SlotDamage> {
        let numbers = [&format.to_le_bytes()[..], &payload_bytes.to_le_bytes()];
        let mut bytes = [&MAGIC[..], &numbers.concat(), &counter.to_le_bytes(), b"ok"].concat();
        let hash = Sha256::digest(&bytes);
        bytes.extend_from_slice(&hash);
        open(bytes).map(drop)
    }

    #[test]
    fn a_header_that_no_commit_writes_is_refused_though_its_hash_fits() {
        assert_eq!(with_header(1, 2, 1), Ok(()));
        assert_eq!(with_header(2, 2, 1), Err(SlotDamage::Format { found: 2 }));
        assert_eq!(with_header(1, 2, 0), Err(SlotDamage::Counter { found: 0 }));
        let found = u64::MAX;
        assert_eq!(with_header(1, 2, found), Err(SlotDamage::Counter { found }));
        for payload_bytes in [0, 1, 3, u32::MAX] {
            let refused = with_header(1, payload_bytes, 1);
            assert!(
                matches!(refused, Err(SlotDamage::Length { .. })),
                "{payload_bytes}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_payload_comes_back(payload: Vec<u8>, counter in 1..=COUNTER_MAX) {
            prop_assert_eq!(open(seal(counter, &payload)), Ok((counter, payload)));
        }

        #[test]
        fn bytes_that_nobody_sealed_are_refused(bytes: Vec<u8>, behind_magic: bool) {
            let bytes = if behind_magic { [&MAGIC[..], &bytes].concat() } else { bytes };
            prop_assert!(open(bytes).is_err());
        }
    }
}
