//! 64-bit RISC-V with compressed instructions. Places count in bytes.

use super::{Code, signed_bits};
use crate::inflate::watch::{Class, Watch};

/// Answers how many bytes are done.
pub(super) fn rewrite(code: &Code<'_>, bytes: &mut [u8], watch: &mut impl Watch) -> usize {
    let mut offset = 0_usize;
    while let Some(rest) = bytes.get_mut(offset..) {
        if rest.is_empty() || rest.len() < LONGEST_BYTES && !code.ends_region {
            break;
        }
        let Some(instruction) = instruction(rest) else {
            break;
        };
        offset += match form(rest, instruction) {
            Some(form) => taken(code, rest, &form, offset, watch),
            None => instruction.bytes,
        };
    }
    offset
}

/// Moves what is one of the forms, and answers how long it is.
fn taken(
    code: &Code<'_>,
    bytes: &mut [u8],
    form: &Form,
    offset: usize,
    watch: &mut impl Watch,
) -> usize {
    let place = code.start_bytes + i64::try_from(offset).unwrap_or(i64::MAX >> 1);
    let length = form.high.bytes() + form.between_bytes + form.low.bytes();
    let short = u8::try_from(length).unwrap_or(u8::MAX);
    let (value, moved) = match form.class {
        Class::Jump => {
            let target = place + form.value;
            (target, form.value + code.jump(place, target))
        }
        Class::Pool => (form.value, code.maps.pool.moved(form.value)),
        _ => (form.value, code.maps.selectors.moved(form.value)),
    };
    code.told(watch, form.class, value, offset, short);
    let (high, low) = halves(form.high, moved);
    if form.high.holds(high) && form.low.holds(low) {
        let low_at = form.high.bytes() + form.between_bytes;
        form.high.put(bytes, high);
        form.low
            .put(bytes.get_mut(low_at..).unwrap_or_default(), low);
    }
    length
}

/// One instruction: two bytes, or four.
#[derive(Clone, Copy)]
struct Instruction {
    word: u32,
    bytes: usize,
}

/// The one that begins here; `None` where it does not lie within the bytes.
fn instruction(bytes: &[u8]) -> Option<Instruction> {
    let half = u16::from_le_bytes(*bytes.first_chunk()?);
    if half & 3 != 3 {
        let word = u32::from(half);
        return Some(Instruction { word, bytes: 2 });
    }
    let word = u32::from_le_bytes(*bytes.first_chunk()?);
    Some(Instruction { word, bytes: 4 })
}

/// Where a part of a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// No instruction, and nothing of the value.
    Nothing,
    /// Bits 12 to 31 of the value, in `lui` or `auipc`.
    High,
    /// Bits 12 to 17 of the value, in `c.lui`.
    ShortHigh,
    /// 12 bits, signed, in a load or in `jalr`.
    Low,
    /// A multiple of 8 up to 248, in `c.ld` or `c.fld`.
    ShortLow,
}

impl Field {
    const fn bytes(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::ShortHigh | Self::ShortLow => 2,
            Self::High | Self::Low => 4,
        }
    }

    /// Of the high ones in units of 4096.
    fn holds(self, value: i64) -> bool {
        match self {
            Self::Nothing => value == 0,
            Self::High => (-0x8_0000..0x8_0000).contains(&value),
            Self::ShortHigh => (-32..32).contains(&value) && value != 0,
            Self::Low => (-0x800..0x800).contains(&value),
            Self::ShortLow => (0..=248).contains(&value) && value % 8 == 0,
        }
    }

    fn value(self, word: u32) -> i64 {
        let short_low = (word >> 10 & 7) << 3 | (word >> 5 & 3) << 6;
        match self {
            Self::Nothing => 0,
            Self::High => signed_bits(word >> 12, 20),
            Self::ShortHigh => signed_bits(word >> 12 & 1, 1) * 32 + i64::from(word >> 2 & 31),
            Self::Low => signed_bits(word >> 20, 12),
            Self::ShortLow => i64::from(short_low),
        }
    }

    /// Writes a value that it holds into the instruction at the start.
    fn put(self, bytes: &mut [u8], value: i64) {
        let Some(Instruction { word, .. }) = instruction(bytes) else {
            return;
        };
        let bits = u32::try_from(value & 0xf_ffff).unwrap_or(0);
        let word = match self {
            Self::Nothing => return,
            Self::High => word & 0xfff | bits << 12,
            Self::ShortHigh => word & !0x107c | (bits >> 5 & 1) << 12 | (bits & 31) << 2,
            Self::Low => word & 0xf_ffff | bits << 20,
            Self::ShortLow => word & !0x1c60 | (bits >> 3 & 7) << 10 | (bits >> 6 & 3) << 5,
        };
        let length = self.bytes();
        if let Some(bytes) = bytes.get_mut(..length) {
            bytes.copy_from_slice(word.to_le_bytes().get(..length).unwrap_or_default());
        }
    }
}

/// A value in one or two instructions, and what it is.
struct Form {
    class: Class,
    value: i64,
    high: Field,
    /// Of the addition between the two.
    between_bytes: usize,
    low: Field,
}

/// The upper part of a value in units of 4096, and what is added to it.
fn halves(high: Field, value: i64) -> (i64, i64) {
    match high {
        Field::Nothing => (0, value),
        _ => {
            let high = (value + 0x800) >> 12;
            (high, value - (high << 12))
        }
    }
}

fn form(bytes: &[u8], first: Instruction) -> Option<Form> {
    let word = first.word;
    if let Some(low) = load(first, POOL) {
        return Some(Form {
            class: Class::Pool,
            value: low.value(word),
            high: Field::Nothing,
            between_bytes: 0,
            low,
        });
    }
    let register = word >> 7 & 31;
    let (high, is_place) = match first.bytes {
        4 if word & 0x7f == 0x17 => (Field::High, true),
        4 if word & 0x7f == 0x37 => (Field::High, false),
        2 if word & 0xe003 == 0x6001 => (Field::ShortHigh, false),
        _ => return None,
    };
    let behind = bytes.get(first.bytes..)?;
    let second = instruction(behind)?;
    let (class, between_bytes, low, last) = if is_place {
        let calls = second.bytes == 4 && second.word & 0x707f == 0x67;
        let low = (calls && second.word >> 15 & 31 == register).then_some(Field::Low)?;
        (Class::Jump, 0, low, second)
    } else {
        let adds = second.bytes == 2 && second.word & 0xf003 == 0x9002;
        let added = second.word >> 2 & 31;
        if !adds || added == 0 || second.word >> 7 & 31 != register {
            return None;
        }
        let last = instruction(behind.get(second.bytes..)?)?;
        let class = if added == POOL {
            Class::Pool
        } else {
            Class::Selector
        };
        (class, second.bytes, load(last, register)?, last)
    };
    let value = (high.value(word) << 12) + low.value(last.word);
    Some(Form {
        class,
        value,
        high,
        between_bytes,
        low,
    })
}

/// A load of eight bytes from `[register + n]`: how it has `n`.
fn load(instruction: Instruction, register: u32) -> Option<Field> {
    let word = instruction.word;
    match instruction.bytes {
        4 => (word & 0x707b == 0x3003 && word >> 15 & 31 == register).then_some(Field::Low),
        _ => {
            let is_load = word & 0xa003 == 0x2000;
            (is_load && (word >> 7 & 7) + 8 == register).then_some(Field::ShortLow)
        }
    }
}

/// The register that points to the object pool: a5.
const POOL: u32 = 15;
/// The longest of these forms: `lui`, `c.add`, `ld`.
const LONGEST_BYTES: usize = 10;
