//! What a loader finds in the made ELF files: by the dynamic segment and the hash table alone.

use super::bytes::Width;
use super::tests::{assert_names_bytes, exports};
use super::{Container, Layout, Machine, MadeSnapshot, NATURAL};
use object::elf::{DT_HASH, DT_STRSZ, DT_STRTAB, DT_SYMTAB, FileHeader32, FileHeader64};
use object::read::elf::{Dyn, ElfFile, FileHeader, HashTable, ProgramHeader, Sym};
use object::{Endianness, File, Object, ObjectSection, ReadRef, StringTable};
use std::collections::BTreeMap;

#[test]
fn the_loaders_hash_table_finds_every_export() {
    let bytes = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split).build();
    let file = ElfFile::<FileHeader64<Endianness>>::parse(&*bytes).unwrap();
    let section = file.section_by_name(".hash").unwrap();
    let table = HashTable::parse(Endianness::Little, section.data().unwrap()).unwrap();
    for (name, (address, _)) in exports(&File::parse(&*bytes).unwrap()) {
        let hash = object::elf::hash(name.as_bytes());
        let symbols = file.elf_dynamic_symbol_table();
        let versions = Default::default();
        let found = table.find(
            Endianness::Little,
            name.as_bytes(),
            hash,
            None,
            symbols,
            &versions,
        );
        assert_eq!(
            found.unwrap().1.st_value(Endianness::Little),
            address,
            "{name}"
        );
    }
}

#[test]
fn the_loader_finds_every_export_without_section_headers() {
    for (container, machine) in NATURAL.into_iter().filter(|it| it.0 != Container::Macho64) {
        let mut made = MadeSnapshot::new(container, machine, Layout::Split);
        let expected = loaded(&made);
        assert_eq!(expected.len(), 5);
        made.section_headers = false;
        let bytes = made.build();
        assert_eq!(File::parse(&*bytes).unwrap().sections().count(), 0);
        assert_eq!(loaded(&made), expected);
    }
}

#[test]
fn a_misplaced_dynsym_moves_the_data_for_tools_but_not_for_the_loader() {
    for (container, machine) in NATURAL.into_iter().filter(|it| it.0 != Container::Macho64) {
        let mut made = MadeSnapshot::new(container, machine, Layout::Split);
        let mut decoy = made.isolate.clone();
        decoy.version = vec![b'0'; 32];
        made.misplaced_dynsym = Some(decoy.clone());
        let bytes = made.build();
        let file = File::parse(&*bytes).unwrap();
        let (claimed, true_one) = (exports(&file), loaded(&made));
        assert_names_bytes(
            &file,
            "_kDartIsolateSnapshotData",
            &decoy.to_bytes(container.width(), &[]),
        );
        for (name, found) in claimed {
            let same = true_one[name] == found;
            assert_eq!(same, name != "_kDartIsolateSnapshotData", "{name}");
        }
    }
}

/// What the loader sees: the exports by way of the dynamic segment alone.
fn loaded(made: &MadeSnapshot) -> BTreeMap<String, (u64, u64)> {
    match made.container.width() {
        Width::Four => loaded_by::<FileHeader32<Endianness>>(&made.build()),
        Width::Eight => loaded_by::<FileHeader64<Endianness>>(&made.build()),
    }
}

fn loaded_by<Elf: FileHeader<Endian = Endianness>>(data: &[u8]) -> BTreeMap<String, (u64, u64)> {
    let endian = Endianness::Little;
    let segments = Elf::parse(data)
        .unwrap()
        .program_headers(endian, data)
        .unwrap();
    let dynamic = segments
        .iter()
        .find_map(|part| part.dynamic(endian, data).unwrap())
        .unwrap();
    let value = |tag| -> u64 {
        let entry = dynamic.iter().find(|entry| entry.d_tag(endian) == tag);
        entry.unwrap().d_val(endian).into()
    };
    let hash = &data[usize::try_from(value(DT_HASH)).unwrap()..];
    let count = HashTable::<Elf>::parse(endian, hash)
        .unwrap()
        .symbol_table_length();
    let symbols = data.read_slice_at::<Elf::Sym>(value(DT_SYMTAB), usize::try_from(count).unwrap());
    let (start, length) = (value(DT_STRTAB), value(DT_STRSZ));
    let names = StringTable::new(data, start, start + length);
    let entry = |symbol: &Elf::Sym| {
        let name = std::str::from_utf8(symbol.name(endian, names).unwrap()).unwrap();
        (
            name.to_owned(),
            (
                symbol.st_value(endian).into(),
                symbol.st_size(endian).into(),
            ),
        )
    };
    symbols.unwrap().iter().skip(1).map(entry).collect()
}
