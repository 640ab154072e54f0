//! x86-64. Places count in bytes. Instructions are not decoded: what looks like one of these four
//! is taken for it, from the first byte on, and what is taken is stepped over.

use super::Code;
use crate::inflate::watch::{Class, Watch};

/// Answers how many bytes are done.
pub(super) fn rewrite(code: &Code<'_>, bytes: &mut [u8], watch: &mut impl Watch) -> usize {
    let mut offset = 0_usize;
    while let Some(rest) = bytes.get_mut(offset..) {
        if rest.is_empty() || rest.len() < LONGEST_BYTES && !code.ends_region {
            break;
        }
        let Some((form, opcode_bytes)) = form(rest) else {
            offset += 1;
            continue;
        };
        let operand = rest
            .get_mut(opcode_bytes..)
            .and_then(<[u8]>::first_chunk_mut::<4>);
        let Some(operand) = operand else { break };
        let found = i64::from(i32::from_le_bytes(*operand));
        let place = code.start_bytes + i64::try_from(offset).unwrap_or(i64::MAX >> 1);
        let length = opcode_bytes + 4;
        let moved = match form {
            Form::Jump => {
                let target = place + i64::try_from(length).unwrap_or(0) + found;
                if !(0..code.end_bytes).contains(&target) {
                    offset += 1;
                    continue;
                }
                code.told(watch, Class::Jump, target, offset, 5);
                found + code.jump(place, target)
            }
            Form::Pool => {
                code.told(watch, Class::Pool, found, offset, 7);
                code.maps.pool.moved(found)
            }
            Form::Selector => {
                code.told(watch, Class::Selector, found, offset, 7);
                code.maps.selectors.moved(found)
            }
        };
        if let Ok(moved) = i32::try_from(moved) {
            *operand = moved.to_le_bytes();
        }
        offset += length;
    }
    offset
}

enum Form {
    /// `call`, `jmp` or a conditional jump, by a distance of 32 bits.
    Jump,
    /// Something with `[r15 + n]`.
    Pool,
    /// `call [r + 8 * r + n]`.
    Selector,
}

/// Whether the operand is `[r15 + n]`, whatever is done with it.
const fn is_pool(prefix: u8, register: u8) -> bool {
    prefix & 0xf1 == 0x41 && register & 0xc7 == 0x87
}

/// What an instruction looks like, and how many bytes stand before its operand.
fn form(bytes: &[u8]) -> Option<(Form, usize)> {
    match *bytes {
        [0xe8 | 0xe9, ..] => Some((Form::Jump, 1)),
        [0x0f, condition, ..] if condition & 0xf0 == 0x80 => Some((Form::Jump, 2)),
        [prefix, 0x0f, _, register, ..] if is_pool(prefix, register) => Some((Form::Pool, 4)),
        [prefix, opcode, register, ..] if opcode != 0x0f && is_pool(prefix, register) => {
            Some((Form::Pool, 3))
        }
        [0xff, 0x94, scaled, ..] if scaled & 0xc0 == 0xc0 => Some((Form::Selector, 3)),
        _ => None,
    }
}

/// The longest of these forms with its operand.
const LONGEST_BYTES: usize = 8;
