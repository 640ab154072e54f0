//! Vectors by hand for every operation on machine code, on records and on the instructions table,
//! kept for ever.

use super::{inverse, view};

/// All of a file is one region of code; places, pool offsets and selectors move by these maps.
fn side(kind: u8, bytes: u8, places: &[u8], pool: &[u8], selectors: &[u8]) -> Vec<u8> {
    let regions = [1, kind, bytes, 1, kind, bytes];
    [&regions[..], &[0, 0], places, pool, selectors, REST].concat()
}

/// Words as a file, seen through these maps.
fn seen(kind: u8, words: &[u32], maps: [&[u8]; 3]) -> Vec<u32> {
    let base = words.iter().copied().flat_map(u32::to_le_bytes);
    let base: Vec<u8> = base.collect();
    let [places, pool, selectors] = maps;
    let length = u8::try_from(base.len()).unwrap();
    let seen = view(&base, &side(kind, length, places, pool, selectors)).unwrap();
    let words = seen.as_chunks::<4>().0.iter();
    words.map(|word| u32::from_le_bytes(*word)).collect()
}

#[test]
fn arm64_jumps_move_by_how_far_their_target_moved_beyond_themselves() {
    // From place 0 to 1, of which 1 moved by 2; backwards from place 2 to 0.
    let jumps = [0x1400_0001, 0xd503_201f, 0x17ff_fffe];
    let places: &[u8] = &[1, 2, 4];
    let moved = seen(ARM64, &jumps, [places, NO, NO]);
    assert_eq!(moved, [0x1400_0003, 0xd503_201f, 0x17ff_fffc]);
}

#[test]
fn arm64_pool_loads_move_in_slots_of_eight_bytes() {
    // ldr x1, [x27, #16]; from 0 on by 8.
    let moved = seen(ARM64, &[0xf940_0b61], [NO, BY_EIGHT, NO]);
    assert_eq!(moved, [0xf940_0f61]);
}

#[test]
fn arm64_pool_pairs_carry_into_their_upper_half() {
    // add x1, x27, #1, lsl #12; ldr x2, [x1, #4088].
    let pair = [0x9140_0761, 0xf947_fc22];
    let moved = seen(ARM64, &pair, [NO, BY_EIGHT, NO]);
    assert_eq!(moved, [0x9140_0b61, 0xf940_0022]);
}

#[test]
fn arm64_selectors_turn_from_subtracting_to_adding() {
    // sub x30, x0, #1; from -10 on by 2.
    let moved = seen(ARM64, &[0xd100_041e], [NO, NO, &[1, 19, 4]]);
    assert_eq!(moved, [0x9100_041e]);
}

#[test]
fn arm64_selectors_beyond_four_kilobytes_move_in_their_own_word() {
    // movz x17, #5000; add x30, x0, x17.
    let pair = [0xd280_0011 | 5000 << 5, 0x8b11_001e];
    let moved = seen(ARM64, &pair, [NO, NO, BY_ONE]);
    assert_eq!(moved, [0xd280_0011 | 5001 << 5, 0x8b11_001e]);
}

#[test]
fn arm_calls_and_jumps_move_by_places() {
    // At place 0 of place 1, which moved by 2: as a place from the start; then a jump like it.
    let places: &[u8] = &[1, 2, 4];
    let moved = seen(ARM, &[0xeb00_0001, 0xe320_f000], [places, NO, NO]);
    assert_eq!(moved, [0xeb00_0003, 0xe320_f000]);
    let moved = seen(ARM, &[0xea00_0001, 0xe320_f000], [places, NO, NO]);
    assert_eq!(moved, [0xea00_0003, 0xe320_f000]);
}

#[test]
fn arm_pool_loads_move_alone_and_in_pairs() {
    // ldr r1, [r5, #16]; add r3, r5, #1 << 12; ldr r3, [r3, #4088].
    let loads = [0xe595_1010, 0xe285_3a01, 0xe593_3ff8];
    let moved = seen(ARM, &loads, [NO, BY_EIGHT, NO]);
    assert_eq!(moved, [0xe595_1018, 0xe285_3a02, 0xe593_3000]);
}

#[test]
fn arm_selectors_move_alone_and_in_pairs() {
    // ldr lr, [lr, #-1]; add lr, lr, #1 << 12; ldr lr, [lr, #5]; from -10 on by 2.
    let loads = [0xe51e_e001, 0xe28e_ea01, 0xe59e_e005];
    let moved = seen(ARM, &loads, [NO, NO, &[1, 19, 4]]);
    assert_eq!(moved, [0xe59e_e001, 0xe28e_ea01, 0xe59e_e007]);
}

#[test]
fn x64_operands_move_by_what_their_instruction_is() {
    let mut base = vec![0xe8, 1, 0, 0, 0, 0x90];
    base.extend([0x4d, 0x8b, 0x9f, 16, 0, 0, 0]);
    base.extend([0x41, 0x0f, 0xb6, 0x87, 32, 0, 0, 0]);
    base.extend([0xff, 0x94, 0xc1, 0xff, 0xff, 0xff, 0xff]);
    base.extend([0x0f, 0x84, 0xf8, 0xff, 0xff, 0xff]);
    let length = u8::try_from(base.len()).unwrap();
    // From place 6 on by 3, pool by 8, selectors from -10 on by 2.
    let side = side(X64, length, &[1, 12, 6], BY_EIGHT, &[1, 19, 4]);
    let mut moved = vec![0xe8, 4, 0, 0, 0, 0x90];
    moved.extend([0x4d, 0x8b, 0x9f, 24, 0, 0, 0]);
    moved.extend([0x41, 0x0f, 0xb6, 0x87, 40, 0, 0, 0]);
    moved.extend([0xff, 0x94, 0xc1, 1, 0, 0, 0]);
    // To place 26 from place 28: both moved by 3.
    moved.extend([0x0f, 0x84, 0xf8, 0xff, 0xff, 0xff]);
    assert_eq!(view(&base, &side).unwrap(), moved);
    assert_eq!(inverse(&moved, &base, &side, 7).unwrap(), moved);
}

#[test]
fn riscv64_values_move_in_one_instruction_and_in_two() {
    let auipc_jalr = |high: u32, low: u32| {
        let pair = [
            0x17 | 1 << 7 | high << 12,
            0x67 | 1 << 7 | 1 << 15 | low << 20,
        ];
        pair.map(u32::to_le_bytes).concat()
    };
    let lui_load = |high: u32, add: u16, low: u32| {
        let (lui, ld) = (
            0x37 | 13 << 7 | high << 12,
            0x3003 | 13 << 7 | 13 << 15 | low << 20,
        );
        [
            &lui.to_le_bytes()[..],
            &add.to_le_bytes(),
            &ld.to_le_bytes(),
        ]
        .concat()
    };
    // The offset in eights, and in sixty-fours.
    let c_ld_from = |register: u16, low: u16, middle: u16| {
        0x6000_u16 | (register - 8) << 7 | low << 10 | middle << 5
    };
    let c_lui = |high: u16, low: u16, middle: u16| {
        let lui = 0x6001_u16 | 13 << 7 | high << 2;
        let all = [lui, PLUS_POOL, c_ld_from(13, low, middle)];
        all.map(u16::to_le_bytes).concat()
    };
    let c_ld = |low: u16, middle: u16| c_ld_from(15, low, middle).to_le_bytes().to_vec();
    let base = [
        auipc_jalr(0, 2047), // From place 0 to 2047.
        lui_load(1, PLUS_POOL, 2040),
        lui_load(0, PLUS_OTHER, 0xff6), // -10
        c_lui(2, 7, 0),
        c_lui(2, 6, 0),
        c_ld(6, 0),
        c_ld(7, 0),
    ]
    .concat();
    let length = u8::try_from(base.len()).unwrap();
    // From place 100 on by 3, pool by 8, selectors from -10 on by 2.
    let side = side(RISCV64, length, &[1, 200, 1, 6], BY_EIGHT, &[1, 19, 4]);
    let moved = [
        auipc_jalr(1, 0x802),          // 4096 - 2046
        lui_load(2, PLUS_POOL, 0x800), // 8192 - 2048
        lui_load(0, PLUS_OTHER, 0xff8),
        c_lui(2, 0, 1),
        c_lui(2, 7, 0),
        c_ld(7, 0),
        c_ld(0, 1),
    ]
    .concat();
    assert_eq!(view(&base, &side).unwrap(), moved);
    assert_eq!(inverse(&moved, &base, &side, 7).unwrap(), moved);
}

#[test]
fn riscv64_fields_that_are_too_small_stay() {
    // c.lui a3, 31; c.add a3, a5; ld a3, 2040(a3); c.ld a0, 248(a5): all by 8.
    let (lui, ld) = (
        0x6001_u16 | 13 << 7 | 31 << 2,
        0x3003_u32 | 13 << 7 | 13 << 15 | 2040 << 20,
    );
    let last = 0x6000_u16 | 7 << 7 | 7 << 10 | 3 << 5;
    let base = [
        &lui.to_le_bytes()[..],
        &PLUS_POOL.to_le_bytes(),
        &ld.to_le_bytes(),
        &last.to_le_bytes(),
    ]
    .concat();
    let length = u8::try_from(base.len()).unwrap();
    let side = side(RISCV64, length, NO, BY_EIGHT, NO);
    assert_eq!(view(&base, &side).unwrap(), base);
}

#[test]
fn arm_calls_come_back_relative_to_their_place() {
    let side = side(ARM, 8, NO, NO, NO);
    let seen = [0xeb00_0003_u32, 0xeb00_0003]
        .map(u32::to_le_bytes)
        .concat();
    let file = [0xeb00_0003_u32, 0xeb00_0002]
        .map(u32::to_le_bytes)
        .concat();
    assert_eq!(inverse(&seen, &file, &side, 3).unwrap(), file);
}

#[test]
fn records_move_field_by_field() {
    // One byte, a text, a number that stays, one that moves, a word, both addresses, and by a last
    // byte of 1 one more byte.
    let form: &[u8] = &[9, 0, 1, 1, 2, 3, 0, 4, 0, 5, 6, 7, 1, 0, 0];
    let layout = [&[3][..], form, &[0], &[1, 0, 1]].concat();
    let layout = [&layout[..], &[100, 110, 1, 1], BY_ONE].concat();
    let mut record = vec![7, b'a', 0, 0x85, 0x01, 5, 9, 0, 0, 0];
    record.extend([102, 0, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0, 1, 77]);
    let code = [0x90; 4];
    let length = u8::try_from(record.len()).unwrap();
    // The code, from place 2 on by 3, and behind it the records, of form 0.
    let regions = [2, 7, 4, 8, length];
    let side = [
        &regions[..],
        &[0],
        &regions,
        &[0, 0],
        &[1, 4, 6],
        NO,
        NO,
        &[0, 0],
    ]
    .concat();
    let side = [side, layout].concat();
    let mut moved = vec![7, b'a', 0, 0x85, 0x01, 6, 10, 0, 0, 0];
    moved.extend([115, 0, 0, 0, 111, 0, 0, 0, 0, 0, 0, 0, 1, 77]);
    let base = [&code[..], &record].concat();
    assert_eq!(view(&base, &side).unwrap(), [&code[..], &moved].concat());
}

#[test]
fn instructions_tables_are_spelled_out_and_come_back_in_their_order() {
    // Two functions, at 10 and 13; two maps of one pair; two entries of one byte of bits each, of
    // which the file has the one used second first.
    let words =
        |words: &[u32]| -> Vec<u8> { words.iter().copied().flat_map(u32::to_le_bytes).collect() };
    let table = [
        &words(&[44, 2, 0x0403_0201, 0x0807_0605, 10, 32, 13, 38])[..],
        &words(&[10]),
        &[5, 3],
        &words(&[10]),
        &[6, 0],
        &words(&[25]),
        &[8, 0, 0xbb, 8, 0, 0xaa],
    ]
    .concat();
    let spelled = [
        &table[..16],
        &[10, 0, 0, 1, 5, 8, 0, 0xaa, 3, 0, 0, 1, 6, 8, 0, 0xbb],
    ]
    .concat();
    let length = u8::try_from(table.len()).unwrap();
    let seen_length = u8::try_from(spelled.len()).unwrap();
    let regions = [1, 4, length, 1, 4, seen_length];
    // Maps as expected; entries as the base has them.
    let side = [&regions[..], &[0; 5], REST, &[2, 0, 0, 2, 0, 0]].concat();
    assert_eq!(view(&table, &side).unwrap(), spelled);
    assert_eq!(inverse(&spelled, &table, &side, 5).unwrap(), table);
    // Without a table in the base the one used second is one further than expected, and the other
    // one is then where the list starts again.
    let raw = [1, 0, length, 1, 4, seen_length];
    let side = [&raw[..], &[0; 5], REST, &[2, 0, 0, 2, 2, 0]].concat();
    assert_eq!(inverse(&spelled, &table, &side, 5).unwrap(), table);
}

const ARM: u8 = 5;
const ARM64: u8 = 6;
const X64: u8 = 7;
const RISCV64: u8 = 9;
/// `c.add a3, a5`, and `c.add a3, a0`.
const PLUS_POOL: u16 = 0x9002 | 13 << 7 | 15 << 2;
const PLUS_OTHER: u16 = 0x9002 | 13 << 7 | 10 << 2;
/// No map of columns, no run, no form, both code addresses 0, places of one byte, no map of fields.
const REST: &[u8] = &[0, 0, 0, 0, 0, 1, 0];
const NO: &[u8] = &[0];
/// From 0 on by 1, and by 8.
const BY_ONE: &[u8] = &[1, 0, 2];
const BY_EIGHT: &[u8] = &[1, 0, 16];
