//! Where the bytes of a library lie that decide what is read of it: what is worth changing in one.

use std::ops::Range;

use object::elf::{FileHeader32, FileHeader64, PT_DYNAMIC, PT_NOTE, SectionType};
use object::elf::{SHT_DYNAMIC, SHT_DYNSYM, SHT_HASH, SHT_NOTE, SHT_STRTAB, SHT_SYMTAB};
use object::macho::MachHeader64;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::read::macho::MachHeader;
use object::{Endianness, FileKind};

use super::second_reading::second_reading;

/// The file's headers, its tables and its data blobs' headers, as ranges inside the file, each at
/// most 4 KiB long.
///
/// Of a file that `object` does not read, the first 4 KiB.
#[must_use]
pub fn tables(bytes: &[u8]) -> Vec<Range<usize>> {
    let found = match FileKind::parse(bytes) {
        Ok(FileKind::Elf32) => elf::<FileHeader32<Endianness>>(bytes),
        Ok(FileKind::Elf64) => elf::<FileHeader64<Endianness>>(bytes),
        Ok(FileKind::MachO64) => macho(bytes),
        _ => None,
    };
    let reading = second_reading(bytes);
    let views = reading.iter().flat_map(|reading| &reading.views);
    let blobs = views.flat_map(|view| {
        view.headers
            .keys()
            .filter_map(|name| view.symbols.get(name))
    });
    let headers = blobs.filter_map(|place| Some((place.offset?, BLOB_HEADER_BYTES)));
    let all = found
        .unwrap_or_default()
        .into_iter()
        .chain(headers)
        .chain([(0, TABLE_BYTES_MAX)]);
    let within = |(start, size): (u64, u64)| {
        let start = usize::try_from(start)
            .ok()
            .filter(|start| *start < bytes.len())?;
        let size = usize::try_from(size.min(TABLE_BYTES_MAX)).ok()?;
        (size > 0).then(|| start..bytes.len().min(start + size))
    };
    all.filter_map(within).collect()
}

fn elf<H: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Option<Vec<(u64, u64)>> {
    let header = H::parse(bytes).ok()?;
    let endian = header.endian().ok()?;
    let listed = |entries: u16, size: u16| u64::from(entries) * u64::from(size);
    let mut tables = vec![
        (
            header.e_phoff(endian).into(),
            listed(header.e_phnum(endian), header.e_phentsize(endian)),
        ),
        (
            header.e_shoff(endian).into(),
            listed(header.e_shnum(endian), header.e_shentsize(endian)),
        ),
    ];
    for program in header.program_headers(endian, bytes).ok()? {
        if [PT_DYNAMIC, PT_NOTE].contains(&program.p_type(endian)) {
            tables.push(program.file_range(endian));
        }
    }
    for section in header.sections(endian, bytes).ok()?.iter() {
        if TABLES.contains(&section.sh_type(endian)) {
            tables.extend(section.file_range(endian));
        }
    }
    Some(tables)
}

fn macho(bytes: &[u8]) -> Option<Vec<(u64, u64)>> {
    let header = MachHeader64::<Endianness>::parse(bytes, 0).ok()?;
    let endian = header.endian().ok()?;
    let mut tables = vec![(0, u64::from(header.sizeofcmds(endian)) + HEADER_BYTES)];
    for command in header.load_commands(endian, bytes, 0).ok()? {
        if let Some(symbols) = command.ok()?.symtab().ok()? {
            let entries = u64::from(symbols.nsyms.get(endian)) * SYMBOL_BYTES;
            let entries_start = u64::from(symbols.symoff.get(endian));
            // Dart's own names stand at the end, behind those of functions.
            let last = (entries_start + entries)
                .saturating_sub(TABLE_BYTES_MAX)
                .max(entries_start);
            tables.extend([(entries_start, entries), (last, TABLE_BYTES_MAX)]);
            tables.push((
                symbols.stroff.get(endian).into(),
                symbols.strsize.get(endian).into(),
            ));
        }
    }
    Some(tables)
}

const TABLES: [SectionType; 6] = [
    SHT_DYNAMIC,
    SHT_DYNSYM,
    SHT_HASH,
    SHT_NOTE,
    SHT_STRTAB,
    SHT_SYMTAB,
];
const TABLE_BYTES_MAX: u64 = 4096;
const BLOB_HEADER_BYTES: u64 = 256;
const HEADER_BYTES: u64 = 32;
const SYMBOL_BYTES: u64 = 16;
