//! Mach-O, 64 bit: what the loader maps and which snapshot symbols it finds.
//!
//! Format: Apple's `<mach-o/loader.h>` and `<mach-o/nlist.h>`. Each of Dart's names stands twice in
//! the symbol table, once as a debugging stab whose value may be 0: stabs are skipped.

use goblin::container::{Container as Width, Ctx};
use goblin::mach::cputype::{CPU_TYPE_ARM64, CPU_TYPE_X86_64, CpuType};
use goblin::mach::header::{Header, SIZEOF_HEADER_64};
use goblin::mach::load_command::{CommandVariant, LoadCommand, SegmentCommand64, SymtabCommand};
use goblin::mach::symbols::{N_EXT, N_SECT, N_TYPE, Nlist};
use scroll::Pread as _;

use crate::container::{Arch, Container, Os};
use crate::error::ReadError;
use crate::image::{
    DART_SYMBOLS, DART_SYMBOLS_MAX, Image, Segment, Symbol, add_symbol, at_most, dart_name,
    in_ascending_order, offset_of, slice,
};

pub(crate) fn read(bytes: &[u8]) -> Result<Image<'_>, ReadError> {
    let ctx = Ctx::new(Width::Big, scroll::LE);
    let header: Header = bytes
        .pread_with(0, ctx)
        .map_err(|error| broken("header", error))?;
    let commands = load_commands(bytes, &header)?;
    let segments = commands.segments;
    in_ascending_order(&segments)?;
    let mut symbols = Vec::new();
    let mut stripped = true;
    if let Some(table) = &commands.symbol_table {
        stripped = !collect_symbols(bytes, table, &segments, &commands.sections, &mut symbols)?;
    }
    Ok(Image {
        bytes,
        container: Container::Macho64,
        arch: arch(header.cputype()),
        os: commands.os,
        segments,
        symbols,
        build_id: commands.uuid,
        stripped,
    })
}

const fn arch(cpu: CpuType) -> Arch {
    match cpu {
        CPU_TYPE_ARM64 => Arch::Arm64,
        CPU_TYPE_X86_64 => Arch::X64,
        _ => Arch::Unknown,
    }
}

/// What the load commands say, as far as it concerns us.
#[derive(Default)]
struct Commands {
    segments: Vec<Segment>,
    /// Start and end address of each section, in the order by which symbols number them from 1.
    sections: Vec<(u64, u64)>,
    symbol_table: Option<SymtabCommand>,
    uuid: Option<String>,
    os: Option<Os>,
}

fn load_commands(bytes: &[u8], header: &Header) -> Result<Commands, ReadError> {
    at_most("load commands", header.ncmds, COMMANDS_MAX)?;
    let end = u64::from(header.sizeofcmds) + HEADER_BYTES;
    let area = slice(bytes, 0, end)
        .ok_or_else(|| broken("load commands", "they reach past the end of the file"))?;
    let mut found = Commands::default();
    let mut offset = SIZEOF_HEADER_64;
    for _ in 0..header.ncmds {
        let start = offset;
        let parsed = LoadCommand::parse(area, &mut offset, scroll::LE);
        let command = parsed
            .map_err(|error| broken("load commands", error))?
            .command;
        if offset < start.saturating_add(size_min(&command)) || offset > area.len() {
            let reason = format!("the one at {start:#x} has a wrong size");
            return Err(broken("load commands", reason));
        }
        take(&mut found, bytes, start, &command)?;
    }
    Ok(found)
}

/// The bytes that a command needs at least; what is read of it lies in them, never in the next one.
fn size_min(command: &CommandVariant) -> usize {
    match command {
        CommandVariant::Segment64(segment) => usize::try_from(segment.nsects)
            .unwrap_or(usize::MAX)
            .saturating_mul(SECTION_BYTES)
            .saturating_add(SEGMENT_COMMAND_BYTES),
        CommandVariant::Symtab(_) | CommandVariant::Uuid(_) | CommandVariant::BuildVersion(_) => 24,
        CommandVariant::VersionMinMacosx(_) | CommandVariant::VersionMinIphoneos(_) => 16,
        _ => 8,
    }
}

fn take(
    found: &mut Commands,
    bytes: &[u8],
    start: usize,
    command: &CommandVariant,
) -> Result<(), ReadError> {
    match command {
        CommandVariant::Segment64(segment) => take_segment(found, bytes, start, segment)?,
        CommandVariant::Symtab(_) if found.symbol_table.is_some() => {
            return Err(twice("LC_SYMTAB"));
        }
        CommandVariant::Symtab(table) => found.symbol_table = Some(*table),
        CommandVariant::Uuid(_) if found.uuid.is_some() => return Err(twice("LC_UUID")),
        CommandVariant::Uuid(uuid) => found.uuid = Some(hex::encode(uuid.uuid)),
        CommandVariant::BuildVersion(version) => {
            found.os = found.os.or(os_of_platform(version.platform));
        }
        CommandVariant::VersionMinMacosx(_) => found.os = found.os.or(Some(Os::Macos)),
        CommandVariant::VersionMinIphoneos(_) => found.os = found.os.or(Some(Os::Ios)),
        _ => {}
    }
    Ok(())
}

fn twice(command: &str) -> ReadError {
    let what = format!("there are two {command} commands");
    ReadError::TwoReadings { what }
}

/// `PLATFORM_*` of `<mach-o/loader.h>`: 1 macOS, 2 iOS, 6 Mac Catalyst, 7 iOS simulator.
const fn os_of_platform(platform: u32) -> Option<Os> {
    match platform {
        1 => Some(Os::Macos),
        2 | 6 | 7 => Some(Os::Ios),
        _ => None,
    }
}

fn take_segment(
    found: &mut Commands,
    bytes: &[u8],
    start: usize,
    segment: &SegmentCommand64,
) -> Result<(), ReadError> {
    // Loaders refuse it, also where it has no bytes of the file at all.
    if slice(bytes, segment.fileoff, segment.filesize).is_none() {
        return Err(broken("segments", "one reaches past the end of the file"));
    }
    // Debugging sections and the symbol table are not the snapshot, and engines never read them.
    let mapped = !segment.segname.starts_with(b"__DWARF\0");
    if mapped {
        found.segments.push(Segment {
            address: segment.vmaddr,
            offset: segment.fileoff,
            file_size: segment.filesize,
            align: alignment(segment.vmaddr),
            // Literals stand in __TEXT beside the code, in __cstring and __const.
            executable: false,
        });
    }
    let count = usize::try_from(segment.nsects).unwrap_or(usize::MAX);
    let all = found.sections.len().saturating_add(count);
    at_most("sections", all, SECTIONS_MAX)?;
    for index in 0..count {
        let at = start + SEGMENT_COMMAND_BYTES + index * SECTION_BYTES + SECTION_ADDRESS_AT;
        let word = |at: usize| bytes.pread_with::<u64>(at, scroll::LE);
        let (address, size) = word(at)
            .and_then(|address| Ok((address, word(at + 8)?)))
            .map_err(|error: scroll::Error| broken("sections", error))?;
        found.sections.push((address, address.saturating_add(size)));
    }
    Ok(())
}

/// Mach-O declares no alignment; a segment fits every page size that divides its address.
const fn alignment(address: u64) -> u64 {
    if address.is_multiple_of(16 * 1024) {
        16 * 1024
    } else {
        4 * 1024
    }
}

/// Collects Dart's symbols; answers whether there are symbols that a stripped file does not have.
fn collect_symbols(
    bytes: &[u8],
    table: &SymtabCommand,
    segments: &[Segment],
    sections: &[(u64, u64)],
    symbols: &mut Vec<Symbol>,
) -> Result<bool, ReadError> {
    let entries_size = u64::from(table.nsyms).saturating_mul(NLIST_BYTES);
    let entries = slice(bytes, u64::from(table.symoff), entries_size)
        .ok_or_else(|| broken("symbol table", "it reaches past the end of the file"))?;
    let strings = slice(bytes, u64::from(table.stroff), u64::from(table.strsize))
        .ok_or_else(|| broken("string table", "it reaches past the end of the file"))?;
    let ctx = Ctx::new(Width::Big, scroll::LE);
    let mut local = false;
    let mut found: Vec<Exported<'_>> = Vec::new();
    for entry in entries.chunks_exact(NLIST_USIZE) {
        let entry: Nlist = entry
            .pread_with(0, ctx)
            .map_err(|e| broken("symbol table", e))?;
        let defined = entry.n_type & N_TYPE == N_SECT;
        local |= entry.is_stab() || (defined && entry.n_type & N_EXT == 0);
        if entry.is_stab() || !defined || entry.n_type & N_EXT == 0 {
            continue;
        }
        if let Some(name) = dart_name(strings, entry.n_strx)? {
            found.push(exported(name, &entry, sections)?);
            at_most(DART_SYMBOLS, found.len(), DART_SYMBOLS_MAX)?;
        }
    }
    for symbol in &found {
        // In .bss there is an address, and no bytes in the file.
        if let Some(symbol) = symbol.measured(&found, segments) {
            add_symbol(symbols, symbol)?;
        }
    }
    Ok(local)
}

/// A symbol that the loader finds, before its size is known.
struct Exported<'a> {
    name: &'a str,
    address: u64,
    section_end: u64,
}

fn exported<'a>(
    name: &'a str,
    entry: &Nlist,
    sections: &[(u64, u64)],
) -> Result<Exported<'a>, ReadError> {
    let section = entry
        .n_sect
        .checked_sub(1)
        .and_then(|index| sections.get(index));
    let (start, section_end) = *section.ok_or_else(|| {
        let reason = format!("{name} is in section {}, not there", entry.n_sect);
        broken("symbol table", reason)
    })?;
    let address = entry.n_value;
    if !(start..section_end.max(start)).contains(&address) {
        return Err(ReadError::SymbolOutside {
            symbol: name.to_owned(),
            address,
            size: 0,
        });
    }
    Ok(Exported {
        name,
        address,
        section_end,
    })
}

impl Exported<'_> {
    /// The symbol up to the next one or the end of its section; `None` where the file has no bytes.
    fn measured(&self, all: &[Exported<'_>], segments: &[Segment]) -> Option<Symbol> {
        let later = all.iter().map(|other| other.address);
        let next = later.filter(|other| *other > self.address).min();
        let end = next.unwrap_or(u64::MAX).min(self.section_end);
        let size = end - self.address;
        Some(Symbol {
            name: self.name.to_owned(),
            address: self.address,
            offset: offset_of(segments, self.address, size)?,
            size,
        })
    }
}

fn broken(table: &'static str, reason: impl std::fmt::Display) -> ReadError {
    ReadError::BrokenContainer {
        table,
        reason: reason.to_string(),
    }
}

const HEADER_BYTES: u64 = 32;
const NLIST_BYTES: u64 = 16;
const NLIST_USIZE: usize = 16;
/// `sizeof(struct segment_command_64)`; its sections follow.
const SEGMENT_COMMAND_BYTES: usize = 72;
/// `sizeof(struct section_64)`; names of 16 bytes each come before its address and size.
const SECTION_BYTES: usize = 80;
const SECTION_ADDRESS_AT: usize = 32;
/// Dart writes eleven, an engine about 40.
const COMMANDS_MAX: usize = 1024;
/// A section number has eight bits.
const SECTIONS_MAX: usize = 255;
