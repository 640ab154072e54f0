//! ELF through `object`: as a loader finds its way, and as a tool does by the section headers.

use std::collections::BTreeMap;

use object::Endianness;
use object::elf::{EM_386, EM_AARCH64, EM_ARM, EM_RISCV, EM_X86_64, Machine, NT_GNU_BUILD_ID};
use object::elf::{PT_LOAD, PT_NOTE, SHT_DYNSYM, SHT_SYMTAB};
use object::read::StringTable;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, SectionTable, Sym};
use patchproof_snapshot::{Arch, Container};

use super::elf_loader::Loader;
use super::elf_mapping::Mapping;
use super::second_reading::{BuildId, Place, SecondReading, View, wanted};

pub(super) fn read<H: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Option<SecondReading> {
    let header = H::parse(bytes).ok()?;
    let endian = header
        .endian()
        .ok()
        .filter(|endian| *endian == Endianness::Little)?;
    let programs = header.program_headers(endian, bytes).ok()?;
    // By their kinds: neither a loader nor the reader under test asks for the names of sections.
    let sections = header.section_headers(endian, bytes).ok()?;
    let sections = SectionTable::new(sections, StringTable::default());
    let mapping = Mapping::new::<H>(endian, programs);
    let has = |kind| {
        sections
            .iter()
            .any(|section: &H::SectionHeader| section.sh_type(endian) == kind)
    };

    let loader = Loader::<H>::open(bytes, endian, programs, &mapping);
    let loader = loader.map(|loader| {
        let found = wanted().filter_map(|name| Some((name, loader.find(name)?)));
        let place =
            |symbol: &H::Sym| place(endian, symbol, |at, size| mapping.loaded_range(at, size));
        View::new(
            "a loader",
            bytes,
            found.map(|(name, symbol)| (name, place(symbol))).collect(),
        )
    });
    // A table whose names `object` does not read has no tool's view.
    let tool = has(SHT_DYNSYM).then(|| by_sections::<H>(bytes, endian, &sections, &mapping));
    let tool = tool.flatten();
    let tool = tool.map(|symbols| View::new("a tool", bytes, symbols));
    let alignments = programs
        .iter()
        .filter(|program| program.p_type(endian) == PT_LOAD);
    let machine = header.e_machine(endian);
    Some(SecondReading {
        container: if header.is_class_64() {
            Container::Elf64
        } else {
            Container::Elf32
        },
        arch: arch(machine, header.is_class_64()),
        stripped: !has(SHT_SYMTAB),
        load_alignment: alignments
            .map(|it| it.p_align(endian).into())
            .min()
            .unwrap_or(0),
        build_id: build_id::<H>(bytes, endian, programs),
        views: loader.into_iter().chain(tool).collect(),
    })
}

fn arch(machine: Machine, is_64: bool) -> Arch {
    match (machine, is_64) {
        (EM_ARM, false) => Arch::Arm,
        (EM_AARCH64, true) => Arch::Arm64,
        (EM_386, false) => Arch::X86,
        (EM_X86_64, true) => Arch::X64,
        (EM_RISCV, false) => Arch::Riscv32,
        (EM_RISCV, true) => Arch::Riscv64,
        _ => Arch::Unknown,
    }
}

fn by_sections<H: FileHeader<Endian = Endianness>>(
    bytes: &[u8],
    endian: Endianness,
    sections: &SectionTable<'_, H>,
    mapping: &Mapping,
) -> Option<BTreeMap<&'static str, Place>> {
    let table = sections.symbols(endian, bytes, SHT_DYNSYM).ok()?;
    let mut found = BTreeMap::new();
    for symbol in table.iter().filter(|symbol| !symbol.is_undefined(endian)) {
        let name = table.symbol_name(endian, symbol).unwrap_or_default();
        if let Some(name) = wanted().find(|wanted| wanted.as_bytes() == name) {
            let place = place(endian, symbol, |at, size| mapping.stated(at, size));
            found.entry(name).or_insert(place);
        }
    }
    Some(found)
}

fn place<S: Sym<Endian = Endianness>>(
    endian: Endianness,
    symbol: &S,
    offset_of: impl Fn(u64, u64) -> Option<u64>,
) -> Place {
    let (address, size) = (
        symbol.st_value(endian).into(),
        symbol.st_size(endian).into(),
    );
    Place {
        address,
        offset: offset_of(address, size),
        size: Some(size),
    }
}

/// The first build id of the notes that are loaded; one has 1 to 64 bytes.
fn build_id<H: FileHeader<Endian = Endianness>>(
    bytes: &[u8],
    endian: Endianness,
    programs: &[H::ProgramHeader],
) -> BuildId {
    let mut first = None;
    for program in programs
        .iter()
        .filter(|program| program.p_type(endian) == PT_NOTE)
    {
        if program.p_align(endian).into() > 4 {
            return BuildId::Unsettled;
        }
        // A segment that cannot be read, and what follows a note that cannot, holds none.
        let mut notes = program.notes(endian, bytes).ok().flatten();
        while let Some(Ok(Some(note))) = notes.as_mut().map(|notes| notes.next()) {
            let is_id = note.name_bytes() == b"GNU\0" && note.n_type(endian) == NT_GNU_BUILD_ID;
            if is_id && (1..=64).contains(&note.desc().len()) {
                first = first.or_else(|| Some(hex::encode(note.desc())));
            }
        }
    }
    BuildId::Read(first)
}
