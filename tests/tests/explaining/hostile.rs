//! Bytes that nobody meant: no panic, and still every byte in one region.

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};

use crate::accounts::assert_whole;
use crate::pairs::{explained, with};

/// Headers and tables of each kind of file, changed byte by byte.
fn change_every_byte_of_headers(made: MadeSnapshot) {
    let right = with(made, |it| {
        it.isolate.payload.truncate(64);
        it.isolate.image.truncate(64);
        it.text.truncate(512);
        it.load_alignment_bytes = 4096;
    });
    let right = right.build();
    let mut other = right.clone();
    let headers = (0..1200).chain(right.len().saturating_sub(1600)..right.len());
    for at in headers.filter(|at| *at < right.len()) {
        for value in [0, 0x7f, 0xff] {
            other[at] = value;
            assert_whole(
                &explained(&right, &other).difference,
                right.len(),
                other.len(),
            );
            assert_whole(
                &explained(&other, &right).difference,
                other.len(),
                right.len(),
            );
        }
        other[at] = right[at];
    }
}

#[test]
fn any_byte_of_an_elf64_files_headers_may_be_anything() {
    let made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
    change_every_byte_of_headers(made);
}

#[test]
fn any_byte_of_an_elf32_files_headers_may_be_anything() {
    let made = MadeSnapshot::new(Container::Elf32, Machine::Arm, Layout::Unified);
    change_every_byte_of_headers(made);
}

#[test]
fn any_byte_of_a_mach_o_files_headers_may_be_anything() {
    let made = MadeSnapshot::new(Container::Macho64, Machine::Arm64, Layout::Unified);
    change_every_byte_of_headers(made);
}

#[test]
fn a_file_of_one_byte_repeated_is_explained() {
    for byte in 0..=255 {
        let bytes = vec![byte; 5000];
        assert_whole(&explained(&bytes, b"").difference, 5000, 0);
        assert_whole(&explained(b"", &bytes).difference, 0, 5000);
    }
}
