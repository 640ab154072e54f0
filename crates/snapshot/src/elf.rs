//! ELF, 32 and 64 bit: what the loader maps and which snapshot symbols it finds.
//!
//! A loader walks program headers and `PT_DYNAMIC`; tools, and the VM's own loader up to Dart 3.9,
//! walk section headers. Where a file has both, both must name the same symbol table, else two
//! readers would see two snapshots in one file. Format: System V gABI, chapters 4 and 5.

use goblin::container::Ctx;
use goblin::elf::dynamic::{DT_HASH, DT_NEEDED, DT_STRSZ, DT_STRTAB, DT_SYMTAB, Dynamic};
use goblin::elf::header::{EM_386, EM_AARCH64, EM_ARM, EM_RISCV, EM_X86_64};
use goblin::elf::program_header::{PT_DYNAMIC, PT_LOAD, PT_NOTE, ProgramHeader};
use goblin::elf::section_header::{SHT_DYNSYM, SHT_SYMTAB, SectionHeader};
use goblin::elf::{Elf, Symtab};
use scroll::Pread as _;

use crate::container::{Arch, Container, Os};
use crate::error::ReadError;
use crate::image::{
    Image, Segment, Symbol, add_symbol, dart_name, in_ascending_order, offset_of, slice,
};
use crate::notes;

pub(crate) fn read(bytes: &[u8]) -> Result<Image<'_>, ReadError> {
    let header = Elf::parse_header(bytes).map_err(|error| broken("header", error))?;
    let elf = Elf::lazy_parse(header).map_err(|error| broken("header", error))?;
    if !elf.little_endian {
        return Err(ReadError::UnsupportedContainer {
            what: "a big-endian ELF file",
        });
    }
    let ctx = Ctx::new(
        header
            .container()
            .map_err(|error| broken("header", error))?,
        header
            .endianness()
            .map_err(|error| broken("header", error))?,
    );
    let programs = program_headers(bytes, &elf, ctx)?;
    let sections = section_headers(bytes, &elf, ctx)?;
    let segments = load_segments(&programs)?;
    let dynamic = dynamic_facts(bytes, &programs, &segments, ctx)?;
    let table = symbol_table(bytes, &sections, &dynamic)?;
    let mut symbols = Vec::new();
    if let Some(table) = table {
        collect_symbols(bytes, &table, &segments, ctx, &mut symbols)?;
    }
    let notes = note_ranges(&programs).filter_map(|(offset, size)| slice(bytes, offset, size));
    let notes = notes::read(notes);
    Ok(Image {
        bytes,
        container: if elf.is_64 {
            Container::Elf64
        } else {
            Container::Elf32
        },
        arch: arch(header.e_machine, elf.is_64),
        os: if notes.android {
            Some(Os::Android)
        } else {
            dynamic.os
        },
        segments,
        symbols,
        build_id: notes.build_id,
        stripped: !sections.iter().any(|section| section.sh_type == SHT_SYMTAB),
    })
}

fn arch(machine: u16, is_64: bool) -> Arch {
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

fn program_headers(bytes: &[u8], elf: &Elf<'_>, ctx: Ctx) -> Result<Vec<ProgramHeader>, ReadError> {
    let count = usize::from(elf.header.e_phnum);
    at_most("program headers", count, PROGRAM_HEADERS_MAX)?;
    let offset = to_usize("program headers", elf.header.e_phoff)?;
    ProgramHeader::parse(bytes, offset, count, ctx)
        .map_err(|error| broken("program headers", error))
}

fn section_headers(bytes: &[u8], elf: &Elf<'_>, ctx: Ctx) -> Result<Vec<SectionHeader>, ReadError> {
    // Both zero is a library without section headers. A zero count alone would mean that the first
    // section holds it, which only files of over 65,279 sections do.
    let count = usize::from(elf.header.e_shnum);
    if count == 0 {
        return Ok(vec![]);
    }
    at_most("section headers", count, SECTION_HEADERS_MAX)?;
    let offset = to_usize("section headers", elf.header.e_shoff)?;
    SectionHeader::parse(bytes, offset, count, ctx)
        .map_err(|error| broken("section headers", error))
}

fn load_segments(programs: &[ProgramHeader]) -> Result<Vec<Segment>, ReadError> {
    let loads = programs.iter().filter(|program| program.p_type == PT_LOAD);
    let segment = |program: &ProgramHeader| Segment {
        address: program.p_vaddr,
        offset: program.p_offset,
        file_size: program.p_filesz,
        align: program.p_align,
        executable: program.is_executable(),
    };
    let segments: Vec<Segment> = loads.map(segment).collect();
    in_ascending_order(&segments)?;
    Ok(segments)
}

fn note_ranges(programs: &[ProgramHeader]) -> impl Iterator<Item = (u64, u64)> {
    let notes = programs.iter().filter(|program| program.p_type == PT_NOTE);
    notes.map(|program| (program.p_offset, program.p_filesz))
}

/// A dynamic symbol table: where its entries and its names lie in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table {
    offset: u64,
    count: u64,
    strings_offset: u64,
    strings_size: u64,
}

/// What `PT_DYNAMIC` says, as far as it concerns us.
#[derive(Default)]
struct DynamicFacts {
    /// The loader's symbol table. Its count comes from `DT_HASH`, which Dart writes.
    table: Option<Table>,
    /// Where the loader finds symbols and names, also where no `DT_HASH` counts them.
    symbols_offset: Option<u64>,
    strings_offset: Option<u64>,
    os: Option<Os>,
}

fn dynamic_facts(
    bytes: &[u8],
    programs: &[ProgramHeader],
    segments: &[Segment],
    ctx: Ctx,
) -> Result<DynamicFacts, ReadError> {
    let tables = programs
        .iter()
        .filter(|program| program.p_type == PT_DYNAMIC);
    let entry_size = if ctx.is_big() { 16 } else { 8 };
    for program in tables.clone() {
        let count = program.p_filesz / entry_size;
        at_most(
            "dynamic entries",
            to_usize("dynamic entries", count)?,
            DYNAMIC_ENTRIES_MAX,
        )?;
    }
    if tables.count() > 1 {
        return Err(ReadError::TwoReadings {
            what: "there are two PT_DYNAMIC segments".into(),
        });
    }
    let parsed = Dynamic::parse(bytes, programs, ctx);
    let Some(dynamic) = parsed.map_err(|error| broken("dynamic entries", error))? else {
        return Ok(DynamicFacts::default());
    };
    let value = |tag: u64| {
        dynamic
            .dyns
            .iter()
            .find(|entry| entry.d_tag == tag)
            .map(|e| e.d_val)
    };
    let located = |tag: u64| value(tag).and_then(|address| offset_of(segments, address, 1));
    let strings_offset = located(DT_STRTAB);
    let strings = strings_offset
        .zip(value(DT_STRSZ))
        .and_then(|(offset, size)| slice(bytes, offset, size))
        .unwrap_or_default();
    let needed = dynamic.dyns.iter().filter(|entry| entry.d_tag == DT_NEEDED);
    let os = needed
        .filter_map(|entry| os_of_needed(strings, entry.d_val))
        .next();
    let symbols_offset = located(DT_SYMTAB);
    // DT_HASH: nbucket, nchain, ...; nchain is the number of symbols (gABI, "Hash Table").
    let count = located(DT_HASH).and_then(|offset| {
        let chain_count = usize::try_from(offset.checked_add(4)?).ok()?;
        bytes
            .pread_with::<u32>(chain_count, scroll::LE)
            .ok()
            .map(u64::from)
    });
    let table = match (symbols_offset, count, strings_offset, value(DT_STRSZ)) {
        (Some(offset), Some(count), Some(strings_offset), Some(strings_size)) => Some(Table {
            offset,
            count,
            strings_offset,
            strings_size,
        }),
        _ => None,
    };
    Ok(DynamicFacts {
        table,
        symbols_offset,
        strings_offset,
        os,
    })
}

/// The library that tells a system apart. Others stand on several.
fn os_of_needed(strings: &[u8], name_at: u64) -> Option<Os> {
    let rest = strings.get(usize::try_from(name_at).ok()?..)?;
    let starts = |name: &[u8]| rest.starts_with(name);
    if starts(b"liblog.so\0") || starts(b"libandroid.so\0") {
        Some(Os::Android)
    } else if starts(b"libc.so.6\0") || starts(b"libc.musl-") || starts(b"ld-linux") {
        Some(Os::Linux)
    } else {
        None
    }
}

/// The one symbol table, after checking that sections and `PT_DYNAMIC` agree on it.
fn symbol_table(
    bytes: &[u8],
    sections: &[SectionHeader],
    dynamic: &DynamicFacts,
) -> Result<Option<Table>, ReadError> {
    let mut dynsyms = sections
        .iter()
        .filter(|section| section.sh_type == SHT_DYNSYM);
    let Some(section) = dynsyms.next() else {
        return Ok(dynamic.table.clone());
    };
    if dynsyms.next().is_some() {
        return Err(ReadError::TwoReadings {
            what: "there are two .dynsym sections".into(),
        });
    }
    let link = usize::try_from(section.sh_link).ok();
    let strings = link.and_then(|link| sections.get(link)).ok_or_else(|| {
        broken(
            "symbol table",
            format!(
                "it links to section {}, which is not there",
                section.sh_link
            ),
        )
    })?;
    let entry_size = section.sh_entsize.max(1);
    let table = Table {
        offset: section.sh_offset,
        count: section.sh_size / entry_size,
        strings_offset: strings.sh_offset,
        strings_size: strings.sh_size,
    };
    slice(bytes, section.sh_offset, section.sh_size)
        .ok_or_else(|| broken("symbol table", "it reaches past the end of the file"))?;
    agree("symbol table", Some(table.offset), dynamic.symbols_offset)?;
    agree(
        "string table",
        Some(table.strings_offset),
        dynamic.strings_offset,
    )?;
    if let Some(loader) = &dynamic.table {
        agree("number of symbols", Some(table.count), Some(loader.count))?;
    }
    Ok(Some(table))
}

fn agree(what: &str, section: Option<u64>, dynamic: Option<u64>) -> Result<(), ReadError> {
    match (section, dynamic) {
        (Some(section), Some(dynamic)) if section != dynamic => {
            let what = format!(
                "the {what} is at {section:#x} by the section headers \
                 and at {dynamic:#x} by PT_DYNAMIC"
            );
            Err(ReadError::TwoReadings { what })
        }
        _ => Ok(()),
    }
}

fn collect_symbols(
    bytes: &[u8],
    table: &Table,
    segments: &[Segment],
    ctx: Ctx,
    symbols: &mut Vec<Symbol>,
) -> Result<(), ReadError> {
    let strings = slice(bytes, table.strings_offset, table.strings_size)
        .ok_or_else(|| broken("string table", "it reaches past the end of the file"))?;
    let offset = to_usize("symbol table", table.offset)?;
    let count = to_usize("symbol table", table.count)?;
    if count == 0 {
        return Ok(());
    }
    let parsed = Symtab::parse(bytes, offset, count, ctx);
    let parsed = parsed.map_err(|error| broken("symbol table", error))?;
    for entry in parsed.iter() {
        let name_at = u64::try_from(entry.st_name).unwrap_or(u64::MAX);
        let Some(name) = dart_name(strings, name_at) else {
            continue;
        };
        if entry.st_shndx == 0 {
            continue; // undefined: named, not here
        }
        // A symbol in .bss has an address and no bytes; it is not one of the snapshot's.
        let Some(offset) = offset_of(segments, entry.st_value, entry.st_size) else {
            outside(name, entry.st_value, entry.st_size)?;
            continue;
        };
        let (address, size) = (entry.st_value, entry.st_size);
        add_symbol(
            symbols,
            Symbol {
                name: name.to_owned(),
                address,
                offset,
                size,
            },
        )?;
    }
    Ok(())
}

fn outside(name: &str, address: u64, size: u64) -> Result<(), ReadError> {
    if name.ends_with("Bss") {
        return Ok(());
    }
    Err(ReadError::SymbolOutside {
        symbol: name.to_owned(),
        address,
        size,
    })
}

fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), ReadError> {
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    if found > limit {
        return Err(ReadError::TooMany {
            what,
            found: wide(found),
            limit: wide(limit),
        });
    }
    Ok(())
}

fn to_usize(table: &'static str, value: u64) -> Result<usize, ReadError> {
    usize::try_from(value).map_err(|error| broken(table, error))
}

fn broken(table: &'static str, reason: impl std::fmt::Display) -> ReadError {
    ReadError::BrokenContainer {
        table,
        reason: reason.to_string(),
    }
}

/// Dart writes seven, an engine about a dozen.
const PROGRAM_HEADERS_MAX: usize = 256;
/// Dart writes 16, an engine about 40.
const SECTION_HEADERS_MAX: usize = 4096;
/// An engine has about 60.
const DYNAMIC_ENTRIES_MAX: usize = 4096;
