//! 64-bit ARM. Places count in instructions of four bytes.

use super::{Code, around, signed_bits, to_signed_bits};
use crate::inflate::watch::{Class, Watch};

/// Answers how many bytes are done.
pub(super) fn rewrite(code: &Code<'_>, bytes: &mut [u8], watch: &mut impl Watch) -> usize {
    let start = code.start_bytes.div_euclid(4);
    let mut rest = bytes.as_chunks_mut::<4>().0;
    let (mut place, mut offset) = (start, 0_usize);
    while let Some((here, behind)) = rest.split_first_mut() {
        if behind.is_empty() && !code.ends_region {
            break; // What follows it is not known yet.
        }
        let word = u32::from_le_bytes(*here);
        let next = behind.first().map_or(0, |next| u32::from_le_bytes(*next));
        let mut told = |class, value| code.told(watch, class, value, offset, 4);
        if word >> 26 == CALL {
            let value = i64::from(around(i64::from(word) + place, 26));
            told(Class::Call, value);
            let moved = code.maps.places.moved(value);
            let seen = u32::try_from(moved).ok().filter(|moved| *moved >> 26 == 0);
            let seen = seen.unwrap_or_else(|| around(value, 26));
            *here = (CALL << 26 | seen).to_le_bytes();
        } else if word >> 26 == JUMP {
            let distance = signed_bits(word, 26);
            let target = place + distance;
            told(Class::Jump, target);
            let moved = distance + code.jump(place, target);
            if let Some(moved) = to_signed_bits(moved, 26) {
                *here = (JUMP << 26 | moved).to_le_bytes();
            }
        } else if word & 0xffc0_03e0 == POOL_LOAD {
            let value = i64::from(word >> 10 & 0xfff) * 8;
            told(Class::Pool, value);
            if let Some(moved) = pool_slot(code.maps.pool.moved(value), 12) {
                *here = (word & !(0xfff << 10) | moved << 10).to_le_bytes();
            }
        } else if word & 0xffc0_03e0 == POOL_HIGH && loads_from(next, word & 0x1f) {
            let high = i64::from(word >> 10 & 0xfff) * 0x1000;
            let value = high + i64::from(next >> 10 & 0xfff) * 8;
            told(Class::Pool, value);
            let moved = code.maps.pool.moved(value);
            if let Some((high, low)) = pool_pair(moved).filter(|_| moved != value) {
                *here = (word & !(0xfff << 10) | high << 10).to_le_bytes();
                if let Some(following) = behind.first_mut() {
                    *following = (next & !(0xfff << 10) | low << 10).to_le_bytes();
                }
            }
        } else if let Some(value) = selector(word, next) {
            told(Class::Selector, value);
            let moved = code.maps.selectors.moved(value);
            if let Some(moved) = with_selector(word, moved).filter(|_| moved != value) {
                *here = moved.to_le_bytes();
            }
        }
        rest = behind;
        place += 1;
        offset += 4;
    }
    offset
}

/// A call's instruction as it is in the file, from what is seen of it.
pub(super) fn relative_call(word: u32, place: i64) -> Option<u32> {
    let call = word >> 26 == CALL;
    call.then(|| CALL << 26 | around(i64::from(word) - place, 26))
}

/// `ldr xT, [xN, #low]` behind `add xN, ...`.
const fn loads_from(word: u32, register: u32) -> bool {
    word & 0xffc0_0000 == 0xf940_0000 && word >> 5 & 0x1f == register
}

fn pool_slot(value: i64, bits: u32) -> Option<u32> {
    let slot = u32::try_from(value).ok().filter(|value| value % 8 == 0)? / 8;
    (slot >> bits == 0).then_some(slot)
}

fn pool_pair(value: i64) -> Option<(u32, u32)> {
    let value = u32::try_from(value).ok()?;
    let fits = value >> 24 == 0 && value.is_multiple_of(8);
    fits.then_some((value >> 12, (value & 0xfff) / 8))
}

/// The offset of `add`/`sub x30, xN, #n`, or of `movz`/`movn x17, #n` before `add x30, xN, x17`.
fn selector(word: u32, next: u32) -> Option<i64> {
    if word & 0xbf80_001f == 0x9100_001e {
        let shift = if word >> 22 & 1 == 1 { 12 } else { 0 };
        let value = i64::from(word >> 10 & 0xfff) << shift;
        return Some(if word >> 30 & 1 == 1 { -value } else { value });
    }
    if next & 0xffff_fc1f != 0x8b11_001e {
        return None;
    }
    let value = i64::from(word >> 5 & 0xffff);
    match word & 0xffe0_001f {
        0xd280_0011 => Some(value),
        0x9280_0011 => Some(-1 - value),
        _ => None,
    }
}

/// The same instruction with another offset; it may turn from adding to subtracting.
fn with_selector(word: u32, value: i64) -> Option<u32> {
    let size = u32::try_from(value.abs()).ok()?;
    if word & 0xbf80_001f == 0x9100_001e {
        let (shifted, bits) = match size {
            0..0x1000 => (0, size),
            0x1000..0x100_0000 if size.is_multiple_of(0x1000) => (1, size >> 12),
            _ => return None,
        };
        let subtracts = u32::from(value < 0);
        let kept = word & !(1 << 30 | 1 << 22 | 0xfff << 10);
        return Some(kept | subtracts << 30 | shifted << 22 | bits << 10);
    }
    let register = word & 0x1f;
    let (opcode, bits) = match value {
        0..0x1_0000 => (0xd280_0000, value),
        -0x1_0000..0 => (0x9280_0000, -1 - value),
        _ => return None,
    };
    let bits = u32::try_from(bits).ok()?;
    Some(opcode | bits << 5 | register)
}

/// `bl`.
const CALL: u32 = 0b10_0101;
/// `b`.
const JUMP: u32 = 0b00_0101;
/// `ldr xT, [x27, #n]`.
const POOL_LOAD: u32 = 0xf940_0360;
/// `add xN, x27, #n, lsl #12`.
const POOL_HIGH: u32 = 0x9140_0360;
