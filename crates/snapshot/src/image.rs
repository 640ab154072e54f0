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
    /// Its size in bytes; in Mach-O, which has none, up to the next symbol or the section's end.
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
        if bytes.is_empty() {
            return Err(ReadError::UnsupportedContainer {
                what: "an empty file",
            });
        }
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
    ///
    /// No byte stands in two parts: a file may map one range a hundred times, and is searched once.
    pub(crate) fn mapped(&self, executable: bool) -> Vec<&'a [u8]> {
        let wanted = self
            .segments
            .iter()
            .filter(|segment| segment.executable == executable);
        let parts = wanted.filter_map(|segment| range(segment.offset, segment.file_size));
        let mut parts: Vec<Range<usize>> = parts.collect();
        parts.sort_unstable_by_key(|part| (part.start, part.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(parts.len());
        for part in parts {
            match merged.last_mut() {
                Some(last) if part.start < last.end => last.end = last.end.max(part.end),
                _ => merged.push(part),
            }
        }
        let within = |part: Range<usize>| self.bytes.get(part);
        merged.into_iter().filter_map(within).collect()
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
/// The prefix is looked at first, so that a hostile table of a million entries that all point at
/// one long name costs a million short looks. A name that leaves the table is refused: loaders do
/// not know where the table ends, and would go on reading.
pub(crate) fn dart_name(strings: &[u8], at: usize) -> Result<Option<&str>, ReadError> {
    let outside = || ReadError::BrokenContainer {
        table: "string table",
        reason: format!("the name at {at:#x} reaches past its end"),
    };
    let rest = strings.get(at..).filter(|rest| !rest.is_empty());
    let rest = rest.ok_or_else(outside)?;
    if !rest.starts_with(PREFIX) {
        let cut_short = PREFIX.starts_with(rest);
        return if cut_short { Err(outside()) } else { Ok(None) };
    }
    let reach = rest.get(..NAME_BYTES_MAX).unwrap_or(rest);
    match memchr::memchr(0, reach).and_then(|end| reach.get(..end)) {
        Some(name) => Ok(std::str::from_utf8(name).ok()),
        None if reach.len() == rest.len() => Err(outside()),
        None => Ok(None),
    }
}

/// Refuses more entries of a table than any file of Dart's has.
pub(crate) fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), ReadError> {
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    if found > limit {
        let (found, limit) = (wide(found), wide(limit));
        return Err(ReadError::TooMany { what, found, limit });
    }
    Ok(())
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

const PREFIX: &[u8] = b"_kDart";
/// Longer than any of Dart's symbols.
const NAME_BYTES_MAX: usize = 64;
/// What there may not be too many of.
pub(crate) const DART_SYMBOLS: &str = "symbols named _kDart...";
/// Dart writes at most six.
pub(crate) const DART_SYMBOLS_MAX: usize = 64;
