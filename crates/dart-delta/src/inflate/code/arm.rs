//! 32-bit ARM, without Thumb. Places count in instructions of four bytes.

use super::{Code, around, signed_bits, to_signed_bits};
use crate::inflate::watch::{Class, Watch};

pub(super) fn rewrite(code: &Code<'_>, bytes: &mut [u8], watch: &mut impl Watch) {
    let start = code.start_bytes.div_euclid(4);
    let mut rest = bytes.as_chunks_mut::<4>().0;
    let (mut place, mut offset) = (start, 0);
    while let Some((here, behind)) = rest.split_first_mut() {
        let word = u32::from_le_bytes(*here);
        let next = behind.first().map_or(0, |next| u32::from_le_bytes(*next));
        let mut told = |class, value| code.told(watch, class, value, offset, 4);
        let opcode = word & 0xff00_0000;
        if is_branch(word, CALL) {
            let value = i64::from(around(i64::from(word) + place, 24));
            told(Class::Call, value);
            let moved = code.maps.places.moved(value);
            let seen = u32::try_from(moved).ok().filter(|moved| *moved >> 24 == 0);
            let seen = seen.unwrap_or_else(|| around(value, 24));
            *here = (opcode | seen).to_le_bytes();
        } else if is_branch(word, JUMP) {
            let distance = signed_bits(word, 24);
            let target = place + distance;
            told(Class::Jump, target);
            let moved = distance + code.jump(place, target);
            if let Some(moved) = to_signed_bits(moved, 24) {
                *here = (opcode | moved).to_le_bytes();
            }
        } else if word & 0x0fff_0000 == POOL_LOAD {
            let value = i64::from(word & 0xfff);
            told(Class::Pool, value);
            let moved = u32::try_from(code.maps.pool.moved(value)).ok();
            if let Some(moved) = moved.filter(|moved| moved >> 12 == 0) {
                *here = (word & !0xfff | moved).to_le_bytes();
            }
        } else if word & 0x0fff_0f00 == POOL_HIGH && loads_from(next, word >> 12 & 0xf) {
            let value = i64::from(word & 0xff) << 12 | i64::from(next & 0xfff);
            told(Class::Pool, value);
            let moved = u32::try_from(code.maps.pool.moved(value)).ok();
            if let Some(moved) = moved.filter(|moved| moved >> 20 == 0) {
                *here = (word & !0xff | moved >> 12).to_le_bytes();
                if let Some(following) = behind.first_mut() {
                    *following = (next & !0xfff | moved & 0xfff).to_le_bytes();
                }
            }
        }
        rest = behind;
        place += 1;
        offset += 4;
    }
}

/// A call's instruction as it is in the file, from what is seen of it.
pub(super) fn relative_call(word: u32, place: i64) -> Option<u32> {
    let call = is_branch(word, CALL);
    call.then(|| word & 0xff00_0000 | around(i64::from(word) - place, 24))
}

/// Under any condition; the last one is other instructions.
const fn is_branch(word: u32, which: u32) -> bool {
    word >> 24 & 0xf == which && word >> 28 != 0xf
}

/// `ldr rT, [rN, #low]` behind `add rN, ...`.
const fn loads_from(word: u32, register: u32) -> bool {
    word & 0x0ff0_0000 == 0x0590_0000 && word >> 16 & 0xf == register
}

/// `bl`.
const CALL: u32 = 0b1011;
/// `b`.
const JUMP: u32 = 0b1010;
/// `ldr rT, [r5, #n]`.
const POOL_LOAD: u32 = 0x0595_0000;
/// `add rN, r5, #n << 12`.
const POOL_HIGH: u32 = 0x0285_0a00;
