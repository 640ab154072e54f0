//! Mach-O through `object`: load commands, the symbol table without its stabs, the UUID.

use std::collections::BTreeMap;

use object::Endianness;
use object::macho::{CPU_TYPE_ARM64, CPU_TYPE_X86_64, MachHeader64, N_EXT, N_SECT, SymbolFlags};
use object::read::macho::{MachHeader, MachOFile, Nlist, Segment};
use patchproof_snapshot::{Arch, Container};

use super::second_reading::{BuildId, Place, SecondReading, View, wanted};

type File<'a> = MachOFile<'a, MachHeader64<Endianness>>;

pub(super) fn read(bytes: &[u8]) -> Option<SecondReading> {
    let file = File::parse(bytes).ok()?;
    let endian = Some(file.endian()).filter(|endian| *endian == Endianness::Little)?;
    let header = file.macho_header();
    let segments = mapped(bytes)?;
    let symbols = || file.macho_symbol_table().iter();
    let local = symbols().any(|it| it.is_stab() || (is_defined(it.n_type()) && !is_global(it)));
    let alignment = |segment: &Mapped| {
        if segment.address.is_multiple_of(0x4000) {
            0x4000
        } else {
            0x1000
        }
    };
    let uuid = header.uuid(endian, bytes, 0).ok()?;
    Some(SecondReading {
        container: Container::Macho64,
        arch: match header.cputype(endian) {
            CPU_TYPE_ARM64 => Arch::Arm64,
            CPU_TYPE_X86_64 => Arch::X64,
            _ => Arch::Unknown,
        },
        stripped: !local,
        load_alignment: segments.iter().map(alignment).min().unwrap_or(0),
        build_id: BuildId::Read(uuid.map(hex::encode)),
        views: vec![View::new("a loader", bytes, exported(&file, &segments))],
    })
}

struct Mapped {
    address: u64,
    offset: u64,
    size: u64,
}

/// The segments but `__DWARF`, which no loader maps.
fn mapped(bytes: &[u8]) -> Option<Vec<Mapped>> {
    let header = MachHeader64::<Endianness>::parse(bytes, 0).ok()?;
    let endian = header.endian().ok()?;
    let mut segments = Vec::new();
    for command in header.load_commands(endian, bytes, 0).ok()? {
        if let Some((segment, _)) = command.ok()?.segment_64().ok()? {
            let (offset, size) = segment.file_range(endian);
            if segment.name() != b"__DWARF" {
                segments.push(Mapped {
                    address: segment.vmaddr(endian),
                    offset,
                    size,
                });
            }
        }
    }
    Some(segments)
}

fn exported(file: &File<'_>, segments: &[Mapped]) -> BTreeMap<&'static str, Place> {
    let (endian, table) = (file.endian(), file.macho_symbol_table());
    let mut found = BTreeMap::new();
    for symbol in table.iter() {
        if symbol.is_stab() || !is_defined(symbol.n_type()) || !is_global(symbol) {
            continue;
        }
        let name = table.symbol_name(endian, symbol).unwrap_or_default();
        if let Some(name) = wanted().find(|wanted| wanted.as_bytes() == name) {
            let address = symbol.n_value(endian);
            let place = Place {
                address,
                offset: offset_of(segments, address),
                size: None,
            };
            found.entry(name).or_insert(place);
        }
    }
    found
}

fn offset_of(segments: &[Mapped], address: u64) -> Option<u64> {
    let holds = |segment: &&Mapped| {
        address
            .checked_sub(segment.address)
            .is_some_and(|into| into < segment.size)
    };
    let segment = segments.iter().find(holds)?;
    segment.offset.checked_add(address - segment.address)
}

fn is_defined(flags: SymbolFlags) -> bool {
    flags.typ() == N_SECT
}

fn is_global(symbol: &impl Nlist) -> bool {
    symbol.n_type().0 & N_EXT.0 != 0
}
