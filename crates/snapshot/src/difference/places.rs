//! Whether two files are the same to a loader, and whether the same snapshot is in both.

use std::ops::Range;

use super::regions::same_outside;
use crate::container::Container;
use crate::image::{Image, Segment, slice};
use crate::snapshot::Snapshot;

/// Whether a loader maps the same bytes to the same addresses from both files.
///
/// Of an ELF header the fields on sections do not count: no loader maps by them, and stripping
/// changes them. A Mach-O file's load commands name tables that are not mapped; there the answer
/// is no whenever anything mapped differs.
pub(super) fn same_loaded(a: &Image<'_>, b: &Image<'_>) -> bool {
    let placed = |segment: &Segment| {
        let Segment {
            address,
            offset,
            file_size,
            align,
            executable,
        } = *segment;
        (address, offset, file_size, align, executable)
    };
    let same_place = |(a, b): (&Segment, &Segment)| placed(a) == placed(b);
    a.container == b.container
        && a.segments.len() == b.segments.len()
        && a.segments.iter().zip(&b.segments).all(same_place)
        && a.segments.iter().all(|segment| same_bytes(a, b, segment))
}

/// Whether every snapshot blob is the same in both.
pub(super) fn same_blobs(a: (&Image<'_>, &Snapshot), b: (&Image<'_>, &Snapshot)) -> bool {
    let same = |name: &&str| {
        let (a, b) = (blob(a.0, name), blob(b.0, name));
        a.is_some() && a == b
    };
    a.1.layout == b.1.layout && a.1.layout.symbols().iter().all(same)
}

fn blob<'a>(image: &Image<'a>, name: &str) -> Option<&'a [u8]> {
    image.bytes_of(image.symbol(name)?).ok()
}

fn same_bytes(a: &Image<'_>, b: &Image<'_>, segment: &Segment) -> bool {
    let part = |bytes| slice(bytes, segment.offset, segment.file_size);
    let (Some(x), Some(y)) = (part(a.bytes), part(b.bytes)) else {
        return false;
    };
    let within = |place: u64| {
        let place = usize::try_from(place.saturating_sub(segment.offset));
        place.unwrap_or(usize::MAX).min(x.len())
    };
    let ignored = section_fields(a.container).iter();
    let ranges: Vec<Range<usize>> = ignored
        .map(|field| within(field.start)..within(field.end))
        .collect();
    same_outside(x, y, &ranges)
}

/// Where an ELF header says where sections are: `e_shoff`; `e_shentsize` to `e_shstrndx`.
const fn section_fields(container: Container) -> &'static [Range<u64>] {
    match container {
        Container::Elf32 => &[0x20..0x24, 0x2e..0x34],
        Container::Elf64 => &[0x28..0x30, 0x3a..0x40],
        Container::Macho64 => &[],
    }
}
