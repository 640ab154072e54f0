//! Which byte of an ELF file stands at an address: by whole pages, as the kernel maps them.

use object::Endianness;
use object::elf::PT_LOAD;
use object::read::elf::{FileHeader, ProgramHeader};

/// The segments to load, in the order of their headers.
pub(super) struct Mapping {
    segments: Vec<Segment>,
}

struct Segment {
    address: u64,
    offset: u64,
    size: u64,
}

impl Mapping {
    pub(super) fn new<H: FileHeader<Endian = Endianness>>(
        endian: Endianness,
        headers: &[H::ProgramHeader],
    ) -> Self {
        let loads = headers
            .iter()
            .filter(|header| header.p_type(endian) == PT_LOAD);
        let segment = |header: &H::ProgramHeader| Segment {
            address: header.p_vaddr(endian).into(),
            offset: header.p_offset(endian).into(),
            size: header.p_filesz(endian).into(),
        };
        Self {
            segments: loads.map(segment).collect(),
        }
    }

    /// Where the byte at this address comes from. Segments are mapped one after the other, each
    /// from the start of its first page to the end of its last: where pages overlap the later one
    /// stays.
    pub(super) fn loaded(&self, address: u64) -> Option<u64> {
        let offset = |segment: &Segment| {
            let end = segment
                .address
                .checked_add(segment.size)?
                .checked_next_multiple_of(PAGE)?;
            let into = address.checked_sub(page_start(segment.address))?;
            let offset = page_start(segment.offset).checked_add(into)?;
            (segment.size > 0 && address < end).then_some(offset)
        };
        self.segments.iter().rev().find_map(offset)
    }

    /// Where a symbol's bytes start, if a loader puts all of them there, one behind the other.
    pub(super) fn loaded_range(&self, address: u64, size: u64) -> Option<u64> {
        let start = self.loaded(address)?;
        let last = address.checked_add(size.saturating_sub(1))?;
        let pages = (page_start(address)..=last)
            .step_by(usize::try_from(PAGE).ok()?)
            .skip(1);
        let mut looks = pages.take(PAGES_MAX).chain([last]);
        looks
            .all(|at| self.loaded(at) == start.checked_add(at - address))
            .then_some(start)
    }

    /// Where this address comes from by the header of the one segment that states it: what tools
    /// that know no pages go by.
    pub(super) fn stated(&self, address: u64, size: u64) -> Option<u64> {
        let end = address.checked_add(size)?;
        let holds = |segment: &&Segment| {
            let segment_end = segment.address.checked_add(segment.size);
            segment.address <= address && segment_end.is_some_and(|it| end <= it)
        };
        let segment = self.segments.iter().find(holds)?;
        segment.offset.checked_add(address - segment.address)
    }
}

const fn page_start(address: u64) -> u64 {
    address & !(PAGE - 1)
}

/// The smallest page of any system that runs Dart.
const PAGE: u64 = 4096;
/// 64 MiB: no snapshot's symbol is as long.
const PAGES_MAX: usize = 1 << 14;
