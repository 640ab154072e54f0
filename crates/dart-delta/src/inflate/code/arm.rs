//! 32-bit ARM, without Thumb. Places count in instructions of four bytes.

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
        } else if is_selector_high(word) && is_selector_load(next) {
            let value = of_sign(word >> 23, rotated(word)) + of_sign(next >> 23, next & 0xfff);
            told(Class::Selector, value);
            let moved = code.maps.selectors.moved(value);
            if let Some((high, low)) = selector_pair(moved).filter(|_| moved != value) {
                *here = (word & !SELECTOR_BITS | high).to_le_bytes();
                if let Some(following) = behind.first_mut() {
                    *following = (next & !0x0080_0fff | low).to_le_bytes();
                }
            }
            // Both are done: by itself the second would count as a selector of its own.
            rest = behind
                .split_first_mut()
                .map_or(&mut [], |(_, behind)| behind);
            place += 2;
            offset += 8;
            continue;
        } else if is_selector_load(word) {
            let value = of_sign(word >> 23, word & 0xfff);
            told(Class::Selector, value);
            let moved = code.maps.selectors.moved(value);
            if let Some(low) = selector_low(moved).filter(|_| moved != value) {
                *here = (word & !0x0080_0fff | low).to_le_bytes();
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

/// `add lr, lr, #n` or `sub lr, lr, #n`.
const fn is_selector_high(word: u32) -> bool {
    word & 0x0fff_f000 == 0x028e_e000 || word & 0x0fff_f000 == 0x024e_e000
}

/// `ldr lr, [lr, #n]` or `[lr, #-n]`.
const fn is_selector_load(word: u32) -> bool {
    word & 0x0f7f_f000 == 0x051e_e000
}

/// A size with the sign of an instruction that adds where its lowest bit is set.
fn of_sign(adds: u32, size: u32) -> i64 {
    match adds & 1 {
        1 => i64::from(size),
        _ => -i64::from(size),
    }
}

/// The eight bits of an operand, turned right by twice the four bits before them.
const fn rotated(word: u32) -> u32 {
    (word & 0xff).rotate_right((word >> 8 & 0xf) * 2)
}

/// Bits of `ldr` for an offset below 4096 either way.
fn selector_low(value: i64) -> Option<u32> {
    let size = u32::try_from(value.abs())
        .ok()
        .filter(|size| size >> 12 == 0)?;
    Some(u32::from(value >= 0) << 23 | size)
}

/// Bits of `add` or `sub` and of `ldr` for a larger offset; the operand is turned as little as can
/// be.
fn selector_pair(value: i64) -> Option<(u32, u32)> {
    let size = u32::try_from(value.abs()).ok()?;
    let high = size & !0xfff;
    let turned = (0..16).find(|turns| high.rotate_left(turns * 2) >> 8 == 0)?;
    if high == 0 {
        return None;
    }
    let operation = if value >= 0 { 1 << 23 } else { 1 << 22 };
    let low = u32::from(value >= 0) << 23 | size & 0xfff;
    Some((operation | turned << 8 | high.rotate_left(turned * 2), low))
}

/// `bl`.
const CALL: u32 = 0b1011;
/// `b`.
const JUMP: u32 = 0b1010;
/// `ldr rT, [r5, #n]`.
const POOL_LOAD: u32 = 0x0595_0000;
/// `add rN, r5, #n << 12`.
const POOL_HIGH: u32 = 0x0285_0a00;
/// The bits that tell which, and the operand.
const SELECTOR_BITS: u32 = 0x00c0_0fff;
