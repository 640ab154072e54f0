//! Machine code that is near what is moved.

use proptest::collection::vec;
use proptest::prelude::*;

/// Words of which most are near one that is moved, and some bytes behind them.
pub(super) fn words(near: &'static [u32]) -> impl Strategy<Value = Vec<u8>> {
    let word = (
        prop::sample::select(near),
        any::<u32>(),
        any::<u32>(),
        any::<u32>(),
    );
    let word = word.prop_map(|(near, a, b, c)| near ^ (a & b & c & 0x03ff_ffff));
    (vec(word, 0..20), vec(any::<u8>(), 0..4)).prop_map(|(words, rest)| {
        let words = words.into_iter().flat_map(u32::to_le_bytes);
        words.chain(rest).collect()
    })
}

pub(super) fn code_bytes() -> impl Strategy<Value = Vec<u8>> {
    let opcode =
        prop::sample::select(&[0xe8_u8, 0xe9, 0x0f, 0x80, 0x49, 0x8b, 0x87, 0xff, 0x94][..]);
    let small = prop_oneof![Just(0_u8), Just(0xff), 0..70_u8];
    vec(prop_oneof![opcode, small], 0..90)
}

/// Instructions of two and of four bytes, of which most are near one that is moved.
pub(super) fn riscv64() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(&RISCV64[..]);
    let long = (word, any::<u32>(), any::<u32>(), any::<u32>());
    let long = long.prop_map(|(near, a, b, c)| (near ^ (a & b & c & !0x7f)).to_le_bytes().to_vec());
    let half = prop::sample::select(&RISCV64_SHORT[..]);
    let short = (half, any::<u16>(), any::<u16>(), any::<u16>());
    let short = short.prop_map(|(near, a, b, c)| (near ^ (a & b & c & !3)).to_le_bytes().to_vec());
    let form = prop::sample::select(&RISCV64_FORMS[..]).prop_map(|form| form.concat());
    let pieces = vec(prop_oneof![long, short, form], 0..20);
    (pieces, vec(any::<u8>(), 0..4)).prop_map(|(pieces, rest)| [pieces.concat(), rest].concat())
}

/// `auipc`, `jalr`, `lui`, `ld` from the pool and from a3, `fld` from the pool.
const RISCV64: [u32; 6] = [
    0x0000_1097,
    0xffe0_80e7,
    0x0001_36b7,
    0x0087_b503,
    0xdf86_b683,
    0x0087_b507,
];

/// `c.lui`, `c.add` of the pool and of another, `c.ld` from the pool and from a3, `c.nop`.
const RISCV64_SHORT: [u16; 6] = [0x6689, 0x96be, 0x96aa, 0x6788, 0x6694, 1];

/// What is one of the forms: a call, a tail call, a pool offset in three ways, a selector.
const RISCV64_FORMS: [&[&[u8]]; 5] = [
    &[&[0x97, 0x10, 0, 0], &[0xe7, 0x80, 0xe0, 0xff]],
    &[&[0x97, 0x06, 0, 0], &[0x67, 0x80, 0x86, 0]],
    &[
        &[0xb7, 0x36, 1, 0],
        &[0xbe, 0x96],
        &[0x83, 0xb6, 0x86, 0xdf],
    ],
    &[&[0x89, 0x66], &[0xbe, 0x96], &[0x94, 0x66]],
    &[&[0x89, 0x66], &[0xaa, 0x96], &[0x83, 0xb6, 0x86, 0xdf]],
];

pub(super) const ARM: [u32; 8] = [
    0xeb00_0000,
    0xea00_0000,
    0xe595_0000,
    0xe285_3a00,
    0xe593_0000,
    0xe28e_e000,
    0xe24e_e000,
    0xe59e_e000,
];

pub(super) const ARM64: [u32; 8] = [
    0x9400_0000,
    0x1400_0000,
    0xf940_0360,
    0x9140_0361,
    0xf940_0021,
    0x9100_001e,
    0xd280_0011,
    0x8b11_001e,
];
