//! Vectors by hand, kept for ever: what a stream means may never change.

use super::{inverse, view};

/// A stream: regions of base and output, then everything behind them.
fn side(base: &[u8], output: &[u8], rest: &[&[u8]]) -> Vec<u8> {
    [base, output, &rest.concat()].concat()
}

/// No map of columns, no run, no form, both code addresses 0, places of one byte, no map of fields.
const NOTHING_ELSE: &[u8] = &[0, 0, 0, 0, 0, 1, 0];
/// From 0 on by 1.
const BY_ONE: &[u8] = &[1, 0, 2];
const NO_MAP: &[u8] = &[0];

#[test]
fn raw_bytes_stay() {
    let side = side(&[1, 0, 3], &[1, 0, 3], &[&[0; 5], NOTHING_ELSE]);
    assert_eq!(view(b"abc", &side).unwrap(), b"abc");
    assert_eq!(inverse(b"abd", b"abc", &side, 1).unwrap(), b"abd");
}

#[test]
fn references_of_two_bytes_move_and_what_has_one_stays() {
    let side = side(&[1, 2, 6], &[1, 2, 6], &[BY_ONE, &[0; 4], NOTHING_ELSE]);
    let base = [0x81, 0x01, 0xff, 0x00, 0x85, 0x05];
    assert_eq!(
        view(&base, &side).unwrap(),
        [0x81, 0x02, 0x80, 0x00, 0x85, 0x05]
    );
}

#[test]
fn a_token_of_many_blocks_is_one_token() {
    let side = side(&[1, 2, 103], &[1, 2, 103], &[BY_ONE, &[0; 4], NOTHING_ELSE]);
    // What is longer than four bytes stays; the token behind it moves.
    let base = [&[1; 100][..], &[0x81, 0x01, 0xff]].concat();
    let seen = [&[1; 100][..], &[0x81, 0x02, 0x80]].concat();
    assert_eq!(view(&base, &side).unwrap(), seen);
}

#[test]
fn numbers_of_a_run_move_by_the_map_of_their_column() {
    // One map of columns, by 1; one run: token 1, one of them, period 1, map 0.
    let columns: &[u8] = &[1, 1, 0, 2, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0];
    let side = side(&[1, 2, 4], &[1, 2, 4], &[&[0; 5], columns]);
    assert_eq!(
        view(&[0x01, 0xff, 0x01, 0x82], &side).unwrap(),
        [0x01, 0xff, 0x02, 0x82]
    );
}

#[test]
fn dispatch_tables_are_spelled_out_and_packed_again() {
    let regions = [2, 0, 24, 3, 5];
    let seen = [2, 0, 24, 3, 20];
    let side = side(&regions, &seen, &[NO_MAP, BY_ONE, &[0; 3], NOTHING_ELSE]);
    // Code 0, twice more, none, and the code in place 0 of the ring; then all of them moved.
    let base = [&[0; 24][..], &[0x40, 0xc0, 0xc2, 0xc0, 0xbf]].concat();
    let moved = [2_u32, 2, 2, 0, 2].map(u32::to_le_bytes).concat();
    let view = view(&base, &side).unwrap();
    assert_eq!(view, [&[0; 24][..], &moved].concat());
    let back = [&[0; 24][..], &[0x41, 0xc0, 0xc2, 0xc0, 0xbf]].concat();
    assert_eq!(inverse(&view, &base, &side, 5).unwrap(), back);
}

#[test]
fn calls_count_from_the_start_of_the_code() {
    // Places by 1 from 0 on; one region of 64-bit ARM behind four raw bytes.
    let regions = [2, 0, 4, 6, 8];
    let side = side(
        &regions,
        &regions,
        &[&[0, 0], BY_ONE, &[0, 0], NOTHING_ELSE],
    );
    let call = 0x9400_0001_u32.to_le_bytes();
    let base = [[9; 4], call, call].concat();
    // At places 0 and 1, of places 1 and 2, which are now 2 and 3.
    let seen = [
        [9; 4],
        0x9400_0002_u32.to_le_bytes(),
        0x9400_0003_u32.to_le_bytes(),
    ]
    .concat();
    assert_eq!(view(&base, &side).unwrap(), seen);
    let back = [
        [9; 4],
        0x9400_0002_u32.to_le_bytes(),
        0x9400_0002_u32.to_le_bytes(),
    ]
    .concat();
    assert_eq!(inverse(&seen, &base, &side, 3).unwrap(), back);
}
