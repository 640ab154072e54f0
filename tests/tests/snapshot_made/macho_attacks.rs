//! Mach-O libraries with two readings, or with commands that reach into one another: each is
//! refused.

use patchproof_snapshot::{ReadError, Snapshot};
use patchproof_testkit::made::{Container, Machine, MadeSnapshot};

use crate::making::{macho, with};

/// A Mach-O file whose load command of this number is changed.
fn with_command(number: u32, change: impl FnOnce(&mut [u8])) -> Result<Snapshot, ReadError> {
    let mut bytes = macho().build();
    let mut at = 32;
    while bytes[at..at + 4] != number.to_le_bytes() {
        at += usize::from(bytes[at + 4]) + 256 * usize::from(bytes[at + 5]);
    }
    change(&mut bytes[at..]);
    Snapshot::read(&bytes)
}

#[test]
fn a_second_uuid_is_refused() {
    let error = with_command(LC_ID_DYLIB, |command| command[0] = 0x1b).unwrap_err();
    assert!(
        error.to_string().contains("two LC_UUID commands"),
        "{error}"
    );
}

#[test]
fn a_second_symbol_table_command_is_refused() {
    let error = with_command(LC_ID_DYLIB, |command| command[0] = 2).unwrap_err();
    assert!(
        error.to_string().contains("two LC_SYMTAB commands"),
        "{error}"
    );
}

#[test]
fn a_segment_with_more_sections_than_its_command_holds_is_refused() {
    let error = with_command(LC_SEGMENT_64, |command| command[64] += 1).unwrap_err();
    assert!(error.to_string().contains("has a wrong size"), "{error}");
}

#[test]
fn a_segment_behind_the_end_of_the_file_is_refused_also_without_a_byte() {
    // The highest byte of where it begins in the file; then of how long it is there.
    for (at, has_bytes) in [(47, true), (47, false), (55, true)] {
        let change = |command: &mut [u8]| {
            command[at] = 0x40;
            if !has_bytes {
                command[48..56].fill(0);
            }
        };
        let error = with_command(LC_SEGMENT_64, change).unwrap_err();
        assert!(
            error.to_string().contains("one reaches past the end"),
            "{error}"
        );
    }
}

#[test]
fn a_load_command_shorter_than_its_kind_is_refused() {
    let error = with_command(LC_SYMTAB, |command| command[4] = 16).unwrap_err();
    assert!(error.to_string().contains("has a wrong size"), "{error}");
}

#[test]
fn a_mach_o_symbol_in_a_section_that_is_not_there_is_refused() {
    let made = MadeSnapshot::new(Container::Macho64, Machine::X64, macho().layout);
    let mut bytes = with(made, |made| (made.stabs, made.stripped) = (false, true)).build();
    let names = bytes.len() - b" \0_kDartSnapshotText\0_kDartSnapshotData\0".len();
    bytes[names - 16 + 5] = 9;
    let error = Snapshot::read(&bytes).unwrap_err();
    assert!(
        error.to_string().contains("is in section 9, not there"),
        "{error}"
    );
}

const LC_SYMTAB: u32 = 2;
const LC_ID_DYLIB: u32 = 0xd;
const LC_SEGMENT_64: u32 = 0x19;
