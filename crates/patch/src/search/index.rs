//! Every place of the base, by the hash of the eight bytes that start there.

use super::common::common_prefix;

/// Chains of places with equal hashes, the last place first.
pub(super) struct Index<'a> {
    base: &'a [u8],
    /// The last place of each hash.
    heads: Vec<u32>,
    /// The place before each place in its chain.
    before: Vec<u32>,
    hash_bits: u32,
}

impl<'a> Index<'a> {
    /// Indexes a base of less than 4 GiB; a longer one is indexed up to there.
    pub(super) fn of(base: &'a [u8]) -> Self {
        let places = base.len().saturating_sub(KEY_BYTES - 1);
        // As many hashes as places, or a small file would wait for a large table to be cleared.
        let hash_bits = (usize::BITS - places.leading_zeros()).clamp(1, HASH_BITS_MAX);
        let mut heads = vec![NONE; 1 << hash_bits];
        let mut before = vec![NONE; places];
        let places = base.windows(KEY_BYTES).zip(0_u32..NONE).zip(&mut before);
        for ((key, place), before) in places {
            let head = key.first_chunk().map(|key| hash(key, hash_bits));
            if let Some(head) = head.and_then(|hash| heads.get_mut(hash)) {
                *before = *head;
                *head = place;
            }
        }
        Self {
            base,
            heads,
            before,
            hash_bits,
        }
    }

    /// The best of a chain's first places for what stands at `at`, and how many bytes are the same.
    ///
    /// Best is what agrees in most of the next bytes, also behind a first difference; `near`
    /// decides between equals.
    pub(super) fn best(
        &self,
        new: &[u8],
        at: usize,
        near: Option<usize>,
        candidates_max: usize,
    ) -> Option<(usize, usize)> {
        let wanted = new.get(at..)?;
        let key = wanted.first_chunk::<KEY_BYTES>()?;
        let head = self.heads.get(hash(key, self.hash_bits));
        let mut next = head.copied().unwrap_or(NONE);
        let mut best: Option<(usize, (usize, usize))> = None;
        for _ in 0..candidates_max {
            if next == NONE {
                break;
            }
            let place = usize::try_from(next).ok()?;
            next = self.before.get(place).copied().unwrap_or(NONE);
            let Some(there) = self.base.get(place..) else {
                break;
            };
            let length = common_prefix(there, wanted);
            if length < KEY_BYTES {
                continue; // another key with the same hash
            }
            let score = score(there, wanted, length, near, place);
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, (place, length)));
            }
            if length > LENGTH_BYTES_ENOUGH {
                break;
            }
        }
        best.map(|(_, found)| found)
    }
}

/// How well a place fits: by its agreeing bytes, then by how near it is.
fn score(there: &[u8], wanted: &[u8], length: usize, near: Option<usize>, place: usize) -> usize {
    let agreeing = if length >= LOOKED_AT_BYTES {
        length
    } else {
        let pairs = there.iter().zip(wanted).take(LOOKED_AT_BYTES);
        pairs.filter(|(a, b)| a == b).count()
    };
    let bonus = match near.map(|near| near.abs_diff(place)) {
        Some(0) => 2,
        Some(distance) if distance < NEAR_BYTES => 1,
        _ => 0,
    };
    agreeing * 4 + bonus
}

/// Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4): the high bits are mixed
/// best.
fn hash(key: &[u8; KEY_BYTES], bits: u32) -> usize {
    let mixed = u64::from_le_bytes(*key).wrapping_mul(GOLDEN_RATIO) >> (u64::BITS - bits);
    usize::try_from(mixed).unwrap_or_default()
}

const KEY_BYTES: usize = 8;
const HASH_BITS_MAX: u32 = 22;
const NONE: u32 = u32::MAX;
/// 2^64 divided by the golden ratio.
const GOLDEN_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;
/// How far a candidate's surroundings are looked at.
const LOOKED_AT_BYTES: usize = 64;
const NEAR_BYTES: usize = 4096;
/// Nothing is found that is much better.
const LENGTH_BYTES_ENOUGH: usize = 4096;
