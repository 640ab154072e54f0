//! Libraries that every tool reads and no loader loads, or maps otherwise: each is refused.
//!
//! Each was found by changing one byte of a real snapshot that then crashed a real VM, or was
//! refused by the system's loader.

use crate::elf_editor::{Elf, PT_DYNAMIC, PT_LOAD};

/// Offsets in a program header of 64-bit ELF.
const OFFSET: usize = 8;
const MEMORY_SIZE: usize = 40;

#[test]
fn an_identification_that_loaders_refuse_is_refused() {
    for (at, value, why) in [
        (6, 0, "its ELF version is not 1"),
        (7, 0xff, "another system's ABI"),
        (12, 1, "not padded with zeros"),
        (16, 1, "neither a library nor a program"),
        (20, 0, "its ELF version is not 1"),
    ] {
        let mut elf = Elf::new();
        elf.put(at, 1, value);
        elf.assert_refused(why);
    }
}

#[test]
fn code_that_is_mapped_from_elsewhere_than_its_section_is_refused() {
    let mut elf = Elf::new();
    let text = elf.program(PT_LOAD, 1);
    elf.put(text + OFFSET, 8, 0);
    elf.assert_refused("is not what the program headers map to its address");
}

#[test]
fn segments_that_overlap_in_memory_only_are_refused() {
    let mut elf = Elf::new();
    let text = elf.program(PT_LOAD, 1);
    elf.put(text + MEMORY_SIZE, 8, 1 << 20);
    elf.assert_refused("overlaps the one before it in memory");
}

#[test]
fn a_segment_that_asks_for_all_memory_is_refused() {
    let mut elf = Elf::new();
    let last = elf.program(PT_LOAD, 2);
    elf.put(last + MEMORY_SIZE, 8, 1 << 40);
    elf.assert_refused("bytes of zeros");
}

#[test]
fn a_segment_that_is_larger_in_the_file_than_in_memory_is_refused() {
    let mut elf = Elf::new();
    let last = elf.program(PT_LOAD, 2);
    elf.put(last + MEMORY_SIZE, 8, 1);
    elf.assert_refused("larger in the file than in memory");
}

#[test]
fn a_library_without_a_dynamic_table_is_refused() {
    let mut elf = Elf::new();
    let dynamic = elf.program(PT_DYNAMIC, 0);
    elf.put(dynamic, 4, 0xff00);
    elf.assert_refused("there is no PT_DYNAMIC");
}
