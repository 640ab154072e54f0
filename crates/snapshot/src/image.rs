//! A container's facts in one shape, whatever the container: what the loader would map and find.

use std::ops::Range;

use crate::container::{Arch, Container, Os};
use crate::error::ReadError;

/// Where a symbol points, and where its bytes lie in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symbol {
    /// Its name, as the VM asks for it.
    pub name: String,
    /// Its virtual address.
    pub address: u64,
    /// Its offset in the file, in bytes.
    pub offset: u64,
    /// Its size in bytes; Mach-O has none, there it reaches to the next symbol or the section's end.
    pub size: u64,
}

/// A part of the file that the loader maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) address: u64,
    pub(crate) offset: u64,
    pub(crate) file_size: u64,
    pub(crate) align: u64,
    pub(crate) executable: bool,
}

/// A container, read as far as this room needs.
#[derive(Clone, Debug)]
pub(crate) struct Image<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) container: Container,
    pub(crate) arch: Arch,
    /// The system, where the container itself shows it.
    pub(crate) os: Option<Os>,
    /// What is mapped, in ascending order and without overlap.
    pub(crate) segments: Vec<Segment>,
    /// The symbols a loader finds whose name starts with `_kDart`.
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) build_id: Option<String>,
    pub(crate) stripped: bool,
}

impl<'a> Image<'a> {
    /// Reads ELF or Mach-O, by its first bytes.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, ReadError> {
        match bytes.first_chunk::<4>() {
            Some(b"\x7fELF") => crate::elf::read(bytes),
            Some([0xcf, 0xfa, 0xed, 0xfe]) => crate::macho::read(bytes),
            Some([0x90, 0xab, 0xcd, 0xef]) => Err(ReadError::UnsupportedContainer {
                what: "a Dart kernel file, not machine code",
            }),
            Some([0xca, 0xfe, 0xba, 0xbe | 0xbf]) => Err(ReadError::Universal),
            Some([0xce, 0xfa, 0xed, 0xfe]) => Err(ReadError::UnsupportedContainer {
                what: "a 32-bit Mach-O file",
            }),
            Some([0xfe, 0xed, 0xfa, 0xce | 0xcf]) => Err(ReadError::UnsupportedContainer {
                what: "a big-endian Mach-O file",
            }),
            _ => {
                let found = hex::encode(bytes.get(..8).unwrap_or(bytes));
                Err(ReadError::NotAContainer { found })
            }
        }
    }

    /// The symbol with this name.
    pub(crate) fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.symbols.iter().find(|symbol| symbol.name == name)
    }

    /// The bytes a symbol names.
    pub(crate) fn bytes_of(&self, symbol: &Symbol) -> Result<&'a [u8], ReadError> {
        slice(self.bytes, symbol.offset, symbol.size).ok_or_else(|| ReadError::SymbolOutside {
            symbol: symbol.name.clone(),
            address: symbol.address,
            size: symbol.size,
        })
    }

    /// The parts of the file that are mapped, either those with code or those without.
    pub(crate) fn mapped(&self, executable: bool) -> Vec<&'a [u8]> {
        let part = |segment: &Segment| slice(self.bytes, segment.offset, segment.file_size);
        let wanted = self
            .segments
            .iter()
            .filter(|segment| segment.executable == executable);
        wanted.filter_map(part).collect()
    }

    /// The smallest alignment of a mapped segment, in bytes.
    pub(crate) fn load_alignment(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.align)
            .min()
            .unwrap_or(0)
    }

    /// Whether a system with 16 KiB pages can map it.
    pub(crate) fn ready_for_16k_pages(&self) -> bool {
        let congruent = |segment: &Segment| {
            segment
                .address
                .wrapping_sub(segment.offset)
                .is_multiple_of(PAGE_16K)
        };
        self.load_alignment() >= PAGE_16K && self.segments.iter().all(congruent)
    }
}

/// Turns addresses into offsets, through segments in ascending order.
pub(crate) fn offset_of(segments: &[Segment], address: u64, size: u64) -> Option<u64> {
    let end = address.checked_add(size)?;
    let holds = |segment: &&Segment| {
        let segment_end = segment.address.checked_add(segment.file_size);
        segment.address <= address && segment_end.is_some_and(|segment_end| end <= segment_end)
    };
    let segment = segments.iter().find(holds)?;
    segment.offset.checked_add(address - segment.address)
}

/// Refuses segments that a loader would map over one another.
pub(crate) fn in_ascending_order(segments: &[Segment]) -> Result<(), ReadError> {
    let end = |segment: &Segment| segment.address.saturating_add(segment.file_size);
    let overlap = segments
        .iter()
        .zip(segments.iter().skip(1))
        .find(|(a, b)| end(a) > b.address);
    overlap.map_or(Ok(()), |(a, b)| {
        let what = format!(
            "the load segments at {:#x} and {:#x} overlap or are out of order",
            a.address, b.address
        );
        Err(ReadError::TwoReadings { what })
    })
}

/// A part of the file by 64-bit offset and size.
pub(crate) fn slice(bytes: &[u8], offset: u64, size: u64) -> Option<&[u8]> {
    bytes.get(range(offset, size)?)
}

pub(crate) fn range(offset: u64, size: u64) -> Option<Range<usize>> {
    let start = usize::try_from(offset).ok()?;
    let end = usize::try_from(offset.checked_add(size)?).ok()?;
    Some(start..end)
}

/// The NUL-terminated name at an offset of a string table, if it is one of Dart's symbols.
///
/// The prefix is looked at first, so that a hostile table of a million entries that all point at one
/// long name costs a million short looks.
pub(crate) fn dart_name(strings: &[u8], at: u64) -> Option<&str> {
    let rest = strings.get(usize::try_from(at).ok()?..)?;
    if !rest.starts_with(b"_kDart") {
        return None;
    }
    let reach = rest.get(..NAME_BYTES_MAX).unwrap_or(rest);
    let name = reach.get(..memchr::memchr(0, reach)?)?;
    std::str::from_utf8(name).ok()
}

/// Adds a symbol, refusing a second one of the same name that points elsewhere.
pub(crate) fn add_symbol(symbols: &mut Vec<Symbol>, symbol: Symbol) -> Result<(), ReadError> {
    let known = symbols.iter().find(|known| known.name == symbol.name);
    match known {
        Some(known) if *known == symbol => Ok(()),
        Some(known) => {
            let what = format!(
                "{} stands twice in the symbol table, at {:#x} and at {:#x}",
                symbol.name, known.address, symbol.address
            );
            Err(ReadError::TwoReadings { what })
        }
        None => {
            symbols.push(symbol);
            Ok(())
        }
    }
}

const PAGE_16K: u64 = 16 * 1024;

/// Longer than any of Dart's symbols.
const NAME_BYTES_MAX: usize = 64;
