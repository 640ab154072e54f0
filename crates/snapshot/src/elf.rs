//! ELF, 32 and 64 bit: what the loader maps and which snapshot symbols it finds.
//!
//! A loader walks program headers and `PT_DYNAMIC`; tools, and the VM's own loader up to Dart 3.9,
//! walk section headers. Where a file has both, both must name the same symbol table, else two
//! readers would see two snapshots in one file. Format: System V gABI, chapters 4 and 5.

mod dynamic;
mod hash;
mod loadable;
mod symbols;

use goblin::container::Ctx;
use goblin::elf::Elf;
use goblin::elf::header::{EM_386, EM_AARCH64, EM_ARM, EM_RISCV, EM_X86_64, Header};
use goblin::elf::program_header::{PT_LOAD, PT_NOTE, ProgramHeader};
use goblin::elf::section_header::{SHT_SYMTAB, SectionHeader};

use crate::container::{Arch, Container, Os};
use crate::error::ReadError;
use crate::image::{Image, Segment, at_most, in_ascending_order, slice};
use crate::notes;

pub(crate) fn read(bytes: &[u8]) -> Result<Image<'_>, ReadError> {
    let header = Elf::parse_header(bytes).map_err(|error| broken("header", error))?;
    let elf = Elf::lazy_parse(header).map_err(|error| broken("header", error))?;
    if !elf.little_endian {
        return Err(ReadError::UnsupportedContainer {
            what: "a big-endian ELF file",
        });
    }
    let ctx = context(&header)?;
    loadable::header(&header)?;
    let programs = program_headers(bytes, &header, ctx)?;
    let sections = section_headers(bytes, &header, ctx)?;
    let segments = load_segments(&programs)?;
    loadable::memory(&programs)?;
    loadable::places(&header, &programs, &sections, &segments)?;
    let dynamic = dynamic::read(bytes, &programs, &segments, ctx)?;
    let symbols = symbols::read(bytes, &sections, &dynamic, &segments, ctx)?;
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

/// How wide the file's numbers are, and in which order their bytes stand.
pub(crate) fn context(header: &Header) -> Result<Ctx, ReadError> {
    let container = header.container();
    let endianness = header.endianness();
    Ok(Ctx::new(
        container.map_err(|error| broken("header", error))?,
        endianness.map_err(|error| broken("header", error))?,
    ))
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

pub(crate) fn program_headers(
    bytes: &[u8],
    header: &Header,
    ctx: Ctx,
) -> Result<Vec<ProgramHeader>, ReadError> {
    let count = usize::from(header.e_phnum);
    at_most("program headers", count, PROGRAM_HEADERS_MAX)?;
    if count > 0 {
        let size = ProgramHeader::size(ctx);
        entries_of("program headers", header.e_phentsize.into(), size)?;
    }
    let offset = to_usize("program headers", header.e_phoff)?;
    ProgramHeader::parse(bytes, offset, count, ctx)
        .map_err(|error| broken("program headers", error))
}

pub(crate) fn section_headers(
    bytes: &[u8],
    header: &Header,
    ctx: Ctx,
) -> Result<Vec<SectionHeader>, ReadError> {
    let count = usize::from(header.e_shnum);
    if count == 0 && header.e_shoff == 0 {
        return Ok(vec![]);
    }
    if count == 0 {
        // The count would stand in the first section, as in files of over 65,279 sections.
        return Err(broken(
            "section headers",
            "they are placed, and not counted",
        ));
    }
    at_most("section headers", count, SECTION_HEADERS_MAX)?;
    let size = SectionHeader::size(ctx);
    entries_of("section headers", header.e_shentsize.into(), size)?;
    let offset = to_usize("section headers", header.e_shoff)?;
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
    mapped_by_pages(&segments)?;
    Ok(segments)
}

/// A loader maps whole pages. What a header says of a part of a page must be true of all of it, or
/// memory would show other bytes than the header does.
fn mapped_by_pages(segments: &[Segment]) -> Result<(), ReadError> {
    let mut mapped = segments.iter().filter(|segment| segment.file_size > 0);
    let shift = |segment: &Segment| segment.address.wrapping_sub(segment.offset);
    let mut previous: Option<&Segment> = None;
    let two_readings = |segment: &Segment, how: &str| {
        let what = format!("the load segment at {:#x} {how}", segment.address);
        Err(ReadError::TwoReadings { what })
    };
    mapped.try_for_each(|segment| {
        if !shift(segment).is_multiple_of(PAGE) {
            return two_readings(
                segment,
                "starts elsewhere in a page than its part of the file",
            );
        }
        let shares_a_page = |previous: &Segment| {
            let last = previous.address.saturating_add(previous.file_size - 1);
            last / PAGE == segment.address / PAGE
        };
        if previous.is_some_and(|it| shares_a_page(it) && shift(it) != shift(segment)) {
            return two_readings(segment, "is mapped over the end of the one before it");
        }
        previous = Some(segment);
        Ok(())
    })
}

fn note_ranges(programs: &[ProgramHeader]) -> impl Iterator<Item = (u64, u64)> {
    let notes = programs.iter().filter(|program| program.p_type == PT_NOTE);
    notes.map(|program| (program.p_offset, program.p_filesz))
}

/// Readers differ in whether they believe an entry size; so only the right one is read.
fn entries_of(table: &'static str, declared: u64, size: usize) -> Result<(), ReadError> {
    if usize::try_from(declared) == Ok(size) {
        return Ok(());
    }
    let reason = format!("its entries are declared to have {declared} bytes; they have {size}");
    Err(broken(table, reason))
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

/// The smallest page of any system that runs Dart.
const PAGE: u64 = 4096;
/// Dart writes seven, an engine about a dozen.
const PROGRAM_HEADERS_MAX: usize = 256;
/// Dart writes 16, an engine about 40.
const SECTION_HEADERS_MAX: usize = 4096;
