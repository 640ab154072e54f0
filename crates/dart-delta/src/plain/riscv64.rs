//! Machine code for 64-bit RISC-V, by the table of the page.

use super::code::{Place, bits, with, with_sign};
use super::stream::Stream;

/// The register of the object pool.
const POOL: i64 = 15;

pub(super) fn riscv64(bytes: &[u8], place: Place, stream: &Stream<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((first, behind)) = split(rest) {
        let p = place.from_start + i64::try_from(out.len()).unwrap_or(i64::MAX / 2);
        let mut group = vec![first];
        let moved = alone(first, stream)
            .or_else(|| called(first, behind, p, stream, &mut group))
            .or_else(|| added(first, behind, stream, &mut group));
        for instruction in moved.unwrap_or_else(|| group.clone()) {
            out.extend(instruction.0.to_le_bytes().into_iter().take(instruction.1));
        }
        for _ in group {
            rest = split(rest).map_or(&[], |(_, behind)| behind);
        }
    }
    out.extend(rest);
    out
}

/// An instruction and how many bytes it has.
type Instruction = (u32, usize);

fn split(bytes: &[u8]) -> Option<(Instruction, &[u8])> {
    let (half, behind) = bytes.split_first_chunk::<2>()?;
    if half[0] % 4 != 3 {
        return Some(((u16::from_le_bytes(*half).into(), 2), behind));
    }
    let (word, behind) = bytes.split_first_chunk::<4>()?;
    Some(((u32::from_le_bytes(*word), 4), behind))
}

/// The offset of a load from this register.
fn offset((word, length): Instruction, register: i64) -> Option<i64> {
    if length == 4 && word & 0x707b == 0x3003 && bits(word, 15, 5) == register {
        return Some(with_sign(bits(word, 20, 12), 12));
    }
    if length == 2 && word & 0xa003 == 0x2000 && bits(word, 7, 3) + 8 == register {
        return Some(bits(word, 10, 3) * 8 + bits(word, 5, 2) * 64);
    }
    None
}

/// The same load, or `jalr`, with another offset.
fn with_offset((word, length): Instruction, value: i64) -> Option<Instruction> {
    if length == 4 {
        let fits = (-2048..2048).contains(&value);
        let field = fits.then(|| value.rem_euclid(4096))?;
        return Some((with(word, 20, 12, field)?, 4));
    }
    if value % 8 != 0 {
        return None;
    }
    let word = with(word, 5, 2, value.div_euclid(64))?;
    Some((with(word, 10, 3, value.rem_euclid(64) / 8)?, 2))
}

/// The upper field of `auipc`, `lui` or `c.lui`, times 4096.
fn upper((word, length): Instruction) -> i64 {
    4096 * match length {
        4 => with_sign(bits(word, 12, 20), 20),
        _ => with_sign(bits(word, 12, 1) * 32 + bits(word, 2, 5), 6),
    }
}

/// Both fields of a value in two instructions.
fn both(high: Instruction, low: Instruction, value: i64) -> Option<(Instruction, Instruction)> {
    let part = (value + 2048).div_euclid(4096);
    let low = with_offset(low, value - part * 4096)?;
    let word = match high.1 {
        4 if (-(1 << 19)..1 << 19).contains(&part) => {
            with(high.0, 12, 20, part.rem_euclid(1 << 20))?
        }
        2 if (-32..32).contains(&part) && part != 0 => {
            let field = part.rem_euclid(64);
            with(with(high.0, 12, 1, field / 32)?, 2, 5, field % 32)?
        }
        _ => return None,
    };
    Some(((word, high.1), low))
}

/// A load from the pool by itself.
fn alone(first: Instruction, stream: &Stream<'_>) -> Option<Vec<Instruction>> {
    let moved = stream.pool.moved(offset(first, POOL)?);
    Some(vec![with_offset(first, moved).unwrap_or(first)])
}

/// `auipc` and `jalr`.
fn called(
    first: Instruction,
    behind: &[u8],
    p: i64,
    stream: &Stream<'_>,
    group: &mut Vec<Instruction>,
) -> Option<Vec<Instruction>> {
    let (second, _) = split(behind)?;
    let is_pair = first.1 == 4
        && first.0 & 0x7f == 0x17
        && second.1 == 4
        && second.0 & 0x707f == 0x67
        && bits(second.0, 15, 5) == bits(first.0, 7, 5);
    if !is_pair {
        return None;
    }
    group.push(second);
    let d = upper(first) + with_sign(bits(second.0, 20, 12), 12);
    let moved = d + stream.places.shift(p + d) - stream.places.shift(p);
    let (first, second) = both(first, second, moved).unwrap_or((first, second));
    Some(vec![first, second])
}

/// `lui` or `c.lui`, `c.add` and a load.
fn added(
    first: Instruction,
    behind: &[u8],
    stream: &Stream<'_>,
    group: &mut Vec<Instruction>,
) -> Option<Vec<Instruction>> {
    let is_upper = match first.1 {
        4 => first.0 & 0x7f == 0x37,
        _ => first.0 & 0xe003 == 0x6001,
    };
    let register = bits(first.0, 7, 5);
    let (second, behind) = split(behind).filter(|_| is_upper)?;
    let added = bits(second.0, 2, 5);
    let adds = second.1 == 2 && second.0 & 0xf003 == 0x9002 && added != 0;
    if !adds || bits(second.0, 7, 5) != register {
        return None;
    }
    let (third, _) = split(behind)?;
    let value = upper(first) + offset(third, register)?;
    group.extend([second, third]);
    let map = match added {
        POOL => &stream.pool,
        _ => &stream.selectors,
    };
    let (first, third) = both(first, third, map.moved(value)).unwrap_or((first, third));
    Some(vec![first, second, third])
}
