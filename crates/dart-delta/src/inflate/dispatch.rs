//! The dispatch table's entries: in the file repeats and references back, seen as four bytes each.

use patchproof_patch::InflateError;

use super::numbers::fault;
use super::shifts::Maps;
use super::watch::{Class, Token, Watch};

/// Entries as they are seen: the index of a code and one more, 0 for none; at most `bytes_max`.
pub(crate) fn expanded(packed: &[u8], bytes_max: usize) -> Result<Vec<u8>, InflateError> {
    let mut table = Vec::new();
    let mut recent = Recent::default();
    let mut last = 0_u32;
    let mut rest = packed;
    while !rest.is_empty() {
        let (number, behind) = entry(rest)?;
        rest = behind;
        let repeats = match number {
            ..0 => {
                last = recent.at(!number).ok_or_else(|| fault(NOT_A_TABLE))?;
                1
            }
            0 => {
                last = 0;
                1
            }
            1..64 => number,
            64.. => {
                let code = u32::try_from(number - 64 + 1);
                last = code.map_err(|_| fault(NOT_A_TABLE))?;
                recent.push(last);
                1
            }
        };
        for _ in 0..repeats {
            table.extend(last.to_le_bytes());
        }
        if table.len() > bytes_max {
            return Err(fault("a table is seen longer than the base"));
        }
    }
    Ok(table)
}

/// Appends a table with its codes moved.
pub(crate) fn rewrite(table: &[u8], maps: &Maps, out: &mut Vec<u8>, watch: &mut impl Watch) {
    for code in table.as_chunks::<4>().0 {
        let value = u32::from_le_bytes(*code);
        let mut seen = value;
        if value != 0 {
            watch.token(Token {
                class: Class::Code,
                value: i64::from(value),
                at: out.len(),
                length: 4,
            });
            let moved = u32::try_from(maps.codes.moved(i64::from(value)));
            seen = moved.ok().filter(|moved| *moved > 0).unwrap_or(value);
        }
        out.extend(seen.to_le_bytes());
    }
}

/// The entries as they stand in the file.
pub(crate) fn packed(table: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut recent = Recent::default();
    let mut last = None;
    let mut repeats = 0_i64;
    for code in table.as_chunks::<4>().0 {
        let code = u32::from_le_bytes(*code);
        if last == Some(code) {
            repeats += 1;
            if repeats == REPEATS_MAX {
                push_entry(&mut out, repeats);
                repeats = 0;
            }
            continue;
        }
        if repeats > 0 {
            push_entry(&mut out, repeats);
            repeats = 0;
        }
        match recent.position(code) {
            _ if code == 0 => push_entry(&mut out, 0),
            Some(back) => push_entry(&mut out, !back),
            None => {
                push_entry(&mut out, i64::from(code) - 1 + 64);
                recent.push(code);
            }
        }
        last = Some(code);
    }
    if repeats > 0 {
        push_entry(&mut out, repeats);
    }
    out
}

/// The codes that were named last, each in the place where it was put.
struct Recent {
    codes: [u32; 64],
    next: usize,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            codes: [0; 64],
            next: 0,
        }
    }
}

impl Recent {
    fn push(&mut self, code: u32) {
        if let Some(place) = self.codes.get_mut(self.next) {
            *place = code;
        }
        self.next = (self.next + 1) % self.codes.len();
    }

    fn at(&self, place: i64) -> Option<u32> {
        let code = usize::try_from(place)
            .ok()
            .and_then(|at| self.codes.get(at));
        code.copied().filter(|code| *code != 0)
    }

    fn position(&self, code: u32) -> Option<i64> {
        let found = (0_i64..).zip(self.codes).find(|(_, known)| *known == code);
        found.map(|(place, _)| place)
    }
}

/// A signed number: seven bits a byte, the lowest first; the last byte is its bits and 192.
pub(crate) fn entry(bytes: &[u8]) -> Result<(i64, &[u8]), InflateError> {
    let mut value = 0_i64;
    let mut shift = 0_u32;
    let mut rest = bytes;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if *byte >= 0x80 {
            return Ok((value + ((i64::from(*byte) - 192) << shift), rest));
        }
        value |= i64::from(*byte) << shift;
        shift += 7;
        if shift > 28 {
            break;
        }
    }
    Err(fault(NOT_A_TABLE))
}

fn push_entry(out: &mut Vec<u8>, mut value: i64) {
    while !(-64..64).contains(&value) {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0));
        value >>= 7;
    }
    out.push(u8::try_from(value + 192).unwrap_or(0));
}

const REPEATS_MAX: i64 = 63;
const NOT_A_TABLE: &str = "a region is no dispatch table";
