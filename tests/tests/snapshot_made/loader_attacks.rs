//! Libraries that would show a loader one snapshot and a tool another, or none: each is refused.
//!
//! The second reading follows the loader's way through hash table and mapped pages, and finds in
//! each of these files something else than the tables say.

use patchproof_snapshot::Snapshot;

use crate::elf_editor::{DT_DEBUG, DT_GNU_HASH, DT_HASH, DT_STRTAB, DT_SYMENT, DT_SYMTAB, Elf};
use crate::elf_editor::{PT_DYNAMIC, PT_LOAD, PT_NOTE, SHT_DYNSYM, SHT_STRTAB, SHT_SYMTAB};

#[test]
fn the_file_that_is_spoiled_here_is_a_right_one() {
    assert!(Snapshot::read(&Elf::new().bytes).is_ok());
}

#[test]
fn a_dynamic_table_that_is_mapped_from_elsewhere_is_refused() {
    let mut elf = Elf::new();
    let header = elf.program(PT_DYNAMIC, 0);
    elf.put(header + 8, 8, 64);
    elf.assert_refused("is not mapped from there");
}

#[test]
fn a_dynamic_table_whose_end_is_hidden_from_tools_is_refused() {
    for size in [0, 16, 80] {
        let mut elf = Elf::new();
        let header = elf.program(PT_DYNAMIC, 0);
        elf.put(header + 32, 8, size);
        elf.assert_refused("do not end with DT_NULL");
    }
}

#[test]
fn a_dynamic_table_with_two_symbol_tables_is_refused() {
    let mut elf = Elf::new();
    let symbol_size = elf.dynamic(DT_SYMENT);
    elf.put(symbol_size, 8, DT_SYMTAB);
    elf.assert_refused("several entries of kind 0x6");
}

#[test]
fn a_dynamic_table_that_points_outside_the_file_is_refused() {
    for kind in [DT_HASH, DT_STRTAB, DT_SYMTAB] {
        let mut elf = Elf::new();
        let entry = elf.dynamic(kind);
        elf.put(entry + 8, 8, 1 << 40);
        elf.assert_refused("outside the file");
    }
}

#[test]
fn a_dynamic_table_without_symbols_or_names_is_refused() {
    for kind in [DT_SYMTAB, DT_STRTAB] {
        let mut elf = Elf::new();
        let entry = elf.dynamic(kind);
        elf.put(entry, 8, DT_DEBUG);
        elf.assert_refused("has no symbols or no names");
    }
}

#[test]
fn two_dynamic_tables_are_refused() {
    let mut elf = Elf::new();
    let note = elf.program(PT_NOTE, 0);
    let dynamic = elf.program(PT_DYNAMIC, 0);
    let copy = elf.bytes[dynamic..dynamic + 56].to_vec();
    elf.bytes[note..note + 56].copy_from_slice(&copy);
    elf.assert_refused("two PT_DYNAMIC");
}

#[test]
fn a_library_without_hash_table_is_refused() {
    let mut elf = Elf::new();
    let entry = elf.dynamic(DT_HASH);
    elf.put(entry, 8, 0x6fff_ffff);
    elf.assert_refused("has no hash table");
}

#[test]
fn a_hash_table_that_leads_nowhere_is_refused() {
    let mut elf = Elf::new();
    let table = elf.pointed(DT_HASH);
    for bucket in 0..6 {
        elf.put(table + 8 + 4 * bucket, 4, 0);
    }
    elf.assert_refused("by the loader's hash table it is not there");
}

#[test]
fn a_hash_table_that_leads_behind_the_symbol_table_is_refused() {
    let mut elf = Elf::new();
    let (symbols, hash) = (elf.pointed(DT_SYMTAB), elf.pointed(DT_HASH));
    // A copy of all symbols, far enough away; every bucket leads to the copy of one.
    let behind = 500;
    for number in 1..6 {
        let (from, to) = (symbols + 24 * number, symbols + 24 * (behind + number));
        let copy = elf.bytes[from..from + 24].to_vec();
        elf.bytes[to..to + 24].copy_from_slice(&copy);
    }
    for bucket in 0..6 {
        let at = hash + 8 + 4 * bucket;
        if elf.number(at, 4) != 0 {
            elf.add(at, 4, u64::try_from(behind).unwrap());
        }
    }
    elf.assert_refused("by the loader's hash table it");
}

#[test]
fn a_gnu_hash_table_that_leads_nowhere_is_refused_beside_a_right_one() {
    let mut elf = Elf::new();
    let symbol_size = elf.dynamic(DT_SYMENT);
    let names = u64::try_from(elf.pointed(DT_STRTAB)).unwrap();
    elf.put(symbol_size, 8, DT_GNU_HASH);
    elf.put(symbol_size + 8, 8, names);
    elf.assert_refused("by the loader's hash table it is not there");
}

#[test]
fn a_symbol_that_is_local_is_refused() {
    let mut elf = Elf::new();
    let symbols = elf.pointed(DT_SYMTAB);
    elf.put(symbols + 24 * 3 + 4, 1, 0x01);
    elf.assert_refused("by the loader's hash table it is not there");
}

#[test]
fn a_symbol_count_that_tables_disagree_on_is_refused() {
    for count in [0, 5, 7, 0xffff_ffff] {
        let mut elf = Elf::new();
        let table = elf.pointed(DT_HASH);
        elf.put(table + 4, 4, count);
        elf.assert_refused("number of symbols");
    }
}

#[test]
fn a_symbol_table_of_other_entry_sizes_is_refused() {
    for size in [0, 1, 23, 48] {
        let mut elf = Elf::new();
        let section = elf.section(SHT_DYNSYM);
        elf.put(section + 56, 8, size);
        elf.assert_refused(&format!("declared to have {size} bytes; they have 24"));
    }
}

#[test]
fn headers_of_other_entry_sizes_are_refused() {
    for (at, size) in [(0x36, 56), (0x3a, 64)] {
        let mut elf = Elf::new();
        elf.add(at, 2, 8);
        elf.assert_refused(&format!("they have {size}"));
    }
}

#[test]
fn section_headers_that_are_placed_and_not_counted_are_refused() {
    let mut elf = Elf::new();
    elf.put(0x3c, 2, 0);
    elf.assert_refused("they are placed, and not counted");
}

#[test]
fn a_second_dynsym_section_is_refused() {
    let mut elf = Elf::new();
    let symtab = elf.section(SHT_SYMTAB);
    elf.put(symtab + 4, 4, SHT_DYNSYM);
    elf.assert_refused("two .dynsym sections");
}

#[test]
fn a_string_table_that_ends_inside_a_name_is_refused() {
    let mut elf = Elf::new();
    let names = elf.section(SHT_STRTAB);
    elf.put(names + 32, 8, elf.number(names + 32, 8) - 1);
    elf.assert_refused("reaches past its end");
}

#[test]
fn a_segment_that_starts_elsewhere_in_a_page_than_in_the_file_is_refused() {
    let mut elf = Elf::new();
    let text = elf.program(PT_LOAD, 1);
    elf.add(text + 8, 8, 64);
    elf.assert_refused("starts elsewhere in a page");
}

#[test]
fn a_segment_that_is_mapped_over_the_end_of_another_is_refused() {
    let mut elf = Elf::new();
    let (data, text) = (elf.program(PT_LOAD, 0), elf.program(PT_LOAD, 1));
    let end = elf.number(data + 16, 8) + elf.number(data + 32, 8);
    // Right behind the data, in its last page, from another page of the file.
    elf.put(text + 16, 8, end.next_multiple_of(16));
    elf.put(
        text + 8,
        8,
        elf.number(text + 8, 8) + end.next_multiple_of(16) % 4096,
    );
    elf.put(text + 32, 8, 4096);
    elf.assert_refused("is mapped over the end of the one before it");
}

#[test]
fn segments_that_overlap_or_wrap_around_are_refused() {
    for (address, size) in [(0, 4096), (u64::MAX - 4095, 8192)] {
        let mut elf = Elf::new();
        let data = elf.program(PT_LOAD, 0);
        elf.put(data + 16, 8, address);
        elf.put(data + 32, 8, u64::MAX - size);
        elf.assert_refused("overlap or are out of order");
    }
}

#[test]
fn a_symbol_that_ends_one_byte_behind_its_segment_is_refused() {
    let mut elf = Elf::new();
    let (symbols, data) = (elf.pointed(DT_SYMTAB), elf.program(PT_LOAD, 0));
    let end = elf.number(data + 16, 8) + elf.number(data + 32, 8);
    let isolate = symbols + 24 * 4;
    elf.put(isolate + 16, 8, end - elf.number(isolate + 8, 8));
    assert!(Snapshot::read(&elf.bytes).is_ok());
    elf.add(isolate + 16, 8, 1);
    elf.assert_refused("_kDartIsolateSnapshotData");
}

#[test]
fn a_data_blob_of_no_bytes_is_refused() {
    let mut elf = Elf::new();
    let isolate = elf.pointed(DT_SYMTAB) + 24 * 4;
    elf.put(isolate + 16, 8, 0);
    elf.assert_refused("it ends after 0 bytes, inside its header");
}
