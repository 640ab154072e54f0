//! Machine code: calls, jumps, pool offsets and selectors, moved where they stand.

mod arm;
mod arm64;
mod riscv64;
mod x64;

use super::shifts::Maps;
use super::side::Kind;
use super::watch::{Class, Token, Watch};

/// A piece of a region of machine code, and where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code<'a> {
    pub(crate) maps: &'a Maps,
    /// Its start, in bytes from the start of the first region of machine code.
    pub(crate) start_bytes: i64,
    /// The end of the last region of machine code, counted as the start is.
    pub(crate) end_bytes: i64,
    /// Its place in what is seen.
    pub(crate) at: usize,
    /// Whether nothing of the region follows.
    pub(crate) ends_region: bool,
}

impl Code<'_> {
    /// Makes of a piece of a region of the base, in place, what is seen of it. Answers how many
    /// bytes are done: the others, which may be changed already, go in front of the next piece.
    pub(crate) fn rewrite(&self, kind: Kind, bytes: &mut [u8], watch: &mut impl Watch) -> usize {
        let done = match kind {
            Kind::Arm => arm::rewrite(self, bytes, watch),
            Kind::Arm64 => arm64::rewrite(self, bytes, watch),
            Kind::X64 => x64::rewrite(self, bytes, watch),
            Kind::Riscv64 => riscv64::rewrite(self, bytes, watch),
            _ => bytes.len(),
        };
        if self.ends_region { bytes.len() } else { done }
    }

    /// How far a place moved less how far the place it is seen from did.
    fn jump(&self, from: i64, to: i64) -> i64 {
        self.maps.places.shift(to) - self.maps.places.shift(from)
    }

    fn told(&self, watch: &mut impl Watch, class: Class, value: i64, offset: usize, length: u8) {
        let at = self.at.saturating_add(offset);
        watch.token(Token {
            class,
            value,
            at,
            length,
        });
    }
}

/// Turns the calls of a region of the output back into what they are in the file: in place, over
/// whole instructions. `word` is the place of the first, in words from the start of all code.
pub(crate) fn restore_calls(kind: Kind, bytes: &mut [u8], word: i64) {
    let words = (word..).zip(bytes.as_chunks_mut::<4>().0);
    for (place, instruction) in words {
        let found = u32::from_le_bytes(*instruction);
        let restored = match kind {
            Kind::Arm => arm::relative_call(found, place),
            Kind::Arm64 => arm64::relative_call(found, place),
            _ => None,
        };
        if let Some(restored) = restored {
            *instruction = restored.to_le_bytes();
        }
    }
}

/// A number of so many bits, the highest of which is its sign.
fn signed_bits(value: u32, bits: u32) -> i64 {
    let unused = u32::BITS - bits;
    i64::from((value << unused).cast_signed() >> unused)
}

/// The low bits of a number that fits in them with its sign.
fn to_signed_bits(value: i64, bits: u32) -> Option<u32> {
    let half = 1_i64 << (bits - 1);
    let fits = (-half..half).contains(&value);
    let mask = (1_i64 << bits) - 1;
    fits.then(|| u32::try_from(value & mask).ok()).flatten()
}

/// The low bits of a place, counted around.
fn around(value: i64, bits: u32) -> u32 {
    u32::try_from(value & ((1_i64 << bits) - 1)).unwrap_or(0)
}
