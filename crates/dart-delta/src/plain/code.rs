//! Machine code, word by word by the tables of the page.

use super::stream::{Region, Stream};
use super::{ARM, ARM64, CODE};

/// Where a region of code is, in bytes from the start of the code, and where the code ends.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) from_start: i64,
    pub(super) end: i64,
}

/// Start of the first region of code and end of the last one.
pub(super) fn extent(regions: &[Region]) -> (u64, u64) {
    let (mut at, mut start, mut end) = (0, None, 0);
    for (kind, length, _) in regions {
        if CODE.contains(kind) {
            start = start.or(Some(at));
            end = at + length;
        }
        at += length;
    }
    (start.unwrap_or(0), end)
}

/// A field of a word: so many bits from one on.
pub(super) fn bits(word: u32, from: u32, count: u32) -> i64 {
    i64::from(word) / (1 << from) % (1 << count)
}

/// The word with that field replaced; `None` where the value does not fit.
pub(super) fn with(word: u32, from: u32, count: u32, value: i64) -> Option<u32> {
    if !(0..1 << count).contains(&value) {
        return None;
    }
    let others = i64::from(word) - bits(word, from, count) * (1 << from);
    u32::try_from(others + value * (1 << from)).ok()
}

/// A field whose highest bit is its sign.
pub(super) fn with_sign(value: i64, count: u32) -> i64 {
    if value >= 1 << (count - 1) {
        value - (1 << count)
    } else {
        value
    }
}

/// The low bits of a value below 0 too.
fn low(value: i64, count: u32) -> i64 {
    value.rem_euclid(1 << count)
}

/// Changes words one by one: `change` gets a word, the next one and the place, and answers both
/// and whether the next one is stepped over.
fn words(
    bytes: &[u8],
    place: Place,
    change: impl Fn(u32, u32, i64) -> (u32, u32, bool),
) -> Vec<u8> {
    let (whole, rest) = bytes.as_chunks::<4>();
    let mut words: Vec<u32> = whole.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let mut at = 0;
    let first = place.from_start.div_euclid(4);
    for p in first.. {
        if p - first < i64::try_from(at).unwrap_or(0) {
            continue;
        }
        let Some(word) = words.get(at).copied() else {
            break;
        };
        let next = words.get(at + 1).copied().unwrap_or(0);
        let (word, next, both) = change(word, next, p);
        for (at, new) in [(at, word), (at + 1, next)] {
            if let Some(old) = words.get_mut(at) {
                *old = new;
            }
        }
        at += if both { 2 } else { 1 };
    }
    let mut out: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    out.extend(rest);
    out
}

fn call(word: u32, count: u32, p: i64, stream: &Stream<'_>) -> u32 {
    let v = low(bits(word, 0, count) + p, count);
    let moved = with(word, 0, count, stream.places.moved(v));
    moved.or(with(word, 0, count, v)).unwrap_or(word)
}

fn jump(word: u32, count: u32, p: i64, stream: &Stream<'_>) -> u32 {
    let d = with_sign(bits(word, 0, count), count);
    let moved = d + stream.places.shift(p + d) - stream.places.shift(p);
    let fits = with_sign(low(moved, count), count) == moved;
    match fits {
        true => with(word, 0, count, low(moved, count)).unwrap_or(word),
        false => word,
    }
}

pub(super) fn arm64(bytes: &[u8], place: Place, stream: &Stream<'_>) -> Vec<u8> {
    words(bytes, place, |w, next, p| {
        let selector = |value: i64| {
            let moved = stream.selectors.moved(value);
            (moved != value).then_some(moved)
        };
        let mut result = (w, next, false);
        if bits(w, 26, 6) == 0x25 {
            result.0 = call(w, 26, p, stream);
        } else if bits(w, 26, 6) == 0x05 {
            result.0 = jump(w, 26, p, stream);
        } else if w & 0xffc0_03e0 == 0xf940_0360 {
            let moved = stream.pool.moved(bits(w, 10, 12) * 8);
            if moved % 8 == 0 {
                result.0 = with(w, 10, 12, moved / 8).unwrap_or(w);
            }
        } else if w & 0xffc0_03e0 == 0x9140_0360
            && next & 0xffc0_0000 == 0xf940_0000
            && bits(next, 5, 5) == bits(w, 0, 5)
        {
            let value = bits(w, 10, 12) * 4096 + bits(next, 10, 12) * 8;
            let moved = stream.pool.moved(value);
            if moved != value && moved % 8 == 0 && (0..1 << 24).contains(&moved) {
                result.0 = with(w, 10, 12, moved / 4096).unwrap_or(w);
                result.1 = with(next, 10, 12, moved % 4096 / 8).unwrap_or(next);
            }
        } else if w & 0xbf80_001f == 0x9100_001e {
            let amount = bits(w, 10, 12) * if bits(w, 22, 1) == 1 { 4096 } else { 1 };
            let value = if bits(w, 30, 1) == 1 { -amount } else { amount };
            if let Some(moved) = selector(value) {
                result.0 = added(w, moved).unwrap_or(w);
            }
        } else if next & 0xffff_fc1f == 0x8b11_001e
            && (w & 0xffe0_001f == 0xd280_0011 || w & 0xffe0_001f == 0x9280_0011)
        {
            let field = bits(w, 5, 16);
            let value = if bits(w, 30, 1) == 1 {
                field
            } else {
                -1 - field
            };
            result.0 = match selector(value) {
                Some(moved) if moved >= 0 => with(0xd280_0011, 5, 16, moved).unwrap_or(w),
                Some(moved) => with(0x9280_0011, 5, 16, -1 - moved).unwrap_or(w),
                None => w,
            };
        }
        result
    })
}

/// `add` or `sub` with another amount.
fn added(word: u32, value: i64) -> Option<u32> {
    let amount = value.abs();
    let (large, field) = if amount < 4096 {
        (0, amount)
    } else if amount % 4096 == 0 {
        (1, amount / 4096)
    } else {
        return None;
    };
    let word = with(word, 30, 1, i64::from(value < 0))?;
    with(with(word, 22, 1, large)?, 10, 12, field)
}

pub(super) fn arm(bytes: &[u8], place: Place, stream: &Stream<'_>) -> Vec<u8> {
    words(bytes, place, |w, next, p| {
        let mut result = (w, next, false);
        let any = bits(w, 28, 4) != 15;
        if bits(w, 24, 4) == 0xb && any {
            result.0 = call(w, 24, p, stream);
        } else if bits(w, 24, 4) == 0xa && any {
            result.0 = jump(w, 24, p, stream);
        } else if w & 0x0fff_0000 == 0x0595_0000 {
            result.0 = with(w, 0, 12, stream.pool.moved(bits(w, 0, 12))).unwrap_or(w);
        } else if w & 0x0fff_0f00 == 0x0285_0a00
            && next & 0x0ff0_0000 == 0x0590_0000
            && bits(next, 16, 4) == bits(w, 12, 4)
        {
            let moved = stream.pool.moved(bits(w, 0, 8) * 4096 + bits(next, 0, 12));
            if (0..1 << 20).contains(&moved) {
                result.0 = with(w, 0, 8, moved / 4096).unwrap_or(w);
                result.1 = with(next, 0, 12, moved % 4096).unwrap_or(next);
            }
        } else if (w & 0x0fff_f000 == 0x028e_e000 || w & 0x0fff_f000 == 0x024e_e000)
            && is_load(next)
        {
            (result.0, result.1) = pair(w, next, stream).unwrap_or((w, next));
            result.2 = true;
        } else if is_load(w) {
            let value = load_offset(w);
            let moved = stream.selectors.moved(value);
            if moved != value {
                result.0 = with_offset(w, moved.abs(), moved < 0).unwrap_or(w);
            }
        }
        result
    })
}

fn is_load(word: u32) -> bool {
    word & 0x0f7f_f000 == 0x051e_e000
}

fn load_offset(word: u32) -> i64 {
    let amount = bits(word, 0, 12);
    if bits(word, 23, 1) == 1 {
        amount
    } else {
        -amount
    }
}

fn with_offset(word: u32, amount: i64, below: bool) -> Option<u32> {
    with(with(word, 23, 1, i64::from(!below))?, 0, 12, amount)
}

/// `add` or `sub` and `ldr` with another selector.
fn pair(word: u32, next: u32, stream: &Stream<'_>) -> Option<(u32, u32)> {
    let turns = u32::try_from(bits(word, 8, 4)).ok()?;
    let operand = u32::try_from(bits(word, 0, 8))
        .ok()?
        .rotate_right(2 * turns);
    let operand = i64::from(operand);
    let adds = bits(word, 23, 1) == 1;
    let value = if adds { operand } else { -operand } + load_offset(next);
    let moved = stream.selectors.moved(value);
    let amount = moved.abs();
    let high = u32::try_from(amount / 4096 * 4096).ok()?;
    if moved == value || high == 0 {
        return None;
    }
    let turns = (0..=15_u32).find(|turns| high.rotate_left(2 * turns) < 256)?;
    let word = with(word, 0, 8, i64::from(high.rotate_left(2 * turns)))?;
    let word = with(word, 8, 4, i64::from(turns))?;
    let word = with(word, 22, 2, if moved < 0 { 1 } else { 2 })?;
    Some((word, with_offset(next, amount % 4096, moved < 0)?))
}

pub(super) fn x64(bytes: &[u8], place: Place, stream: &Stream<'_>) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    while let Some(rest) = out.get_mut(at..).filter(|rest| !rest.is_empty()) {
        let is_pool = |prefix: u8, last: u8| prefix & 0xf1 == 0x41 && last & 0xc7 == 0x87;
        let (length, moved): (usize, fn(&Stream<'_>, i64) -> i64) = match *rest {
            [0xe8 | 0xe9, ..] => (1, |_, d| d),
            [0x0f, 0x80..=0x8f, ..] => (2, |_, d| d),
            [a, 0x0f, _, b, ..] if is_pool(a, b) => (4, |it, d| it.pool.moved(d)),
            [a, other, b, ..] if other != 0x0f && is_pool(a, b) => (3, |it, d| it.pool.moved(d)),
            [0xff, 0x94, 0xc0..=0xff, ..] => (3, |it, d| it.selectors.moved(d)),
            _ => {
                at += 1;
                continue;
            }
        };
        let operand = rest
            .get_mut(length..)
            .and_then(<[u8]>::first_chunk_mut::<4>);
        let Some(operand) = operand else {
            break;
        };
        let d = i64::from(i32::from_le_bytes(*operand));
        let mut value = moved(stream, d);
        if length < 3 {
            let wide = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 2);
            let p = place.from_start + wide(at);
            let target = p + wide(length) + 4 + d;
            if target < 0 || target >= place.end {
                at += 1;
                continue;
            }
            value = d + stream.places.shift(target) - stream.places.shift(p);
        }
        if let Ok(value) = i32::try_from(value) {
            *operand = value.to_le_bytes();
        }
        at += length + 4;
    }
    out
}

/// The calls of a region of the output, as they stand in the file.
pub(super) fn back(kind: u64, bytes: &[u8], from_start: i64) -> Vec<u8> {
    let place = Place { from_start, end: 0 };
    words(bytes, place, |w, next, p| {
        let back = |count| with(w, 0, count, low(bits(w, 0, count) - p, count)).unwrap_or(w);
        let word = match kind {
            ARM64 if bits(w, 26, 6) == 0x25 => back(26),
            ARM if bits(w, 24, 4) == 0xb && bits(w, 28, 4) != 15 => back(24),
            _ => w,
        };
        (word, next, false)
    })
}
