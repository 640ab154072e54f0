//! The headers of an ELF file: of the file itself, of its segments, of its sections.

use super::bytes::{Span, StringTable, Width, Writer, align_up, size};
use super::image::Image;

/// A part of the file, and the section header that describes it.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) kind: u64,
    /// [`ALLOCATED`] and what else the loader is to allow; 0 for what only tools read.
    pub(super) flags: u64,
    pub(super) span: Span,
    pub(super) alignment_bytes: u64,
    pub(super) bytes: Vec<u8>,
    /// The section that `sh_link` names; empty for none.
    pub(super) link: &'static str,
    pub(super) info: u64,
    pub(super) entry_size_bytes: u64,
    /// Whether it has a section header at all.
    pub(super) listed: bool,
}

impl Section {
    pub(super) fn new(
        name: &'static str,
        kind: u64,
        flags: u64,
        span: Span,
        alignment_bytes: u64,
        bytes: Vec<u8>,
    ) -> Self {
        let (link, info, entry_size_bytes, listed) = ("", 0, 0, true);
        Self {
            name,
            kind,
            flags,
            span,
            alignment_bytes,
            bytes,
            link,
            info,
            entry_size_bytes,
            listed,
        }
    }

    /// Makes it a table: of entries of one size, with names or symbols in the section `link`.
    pub(super) fn table(mut self, link: &'static str, info: u64, entry_size_bytes: u64) -> Self {
        (self.link, self.info, self.entry_size_bytes) = (link, info, entry_size_bytes);
        self
    }
}

/// A segment: what the loader maps, or where it finds something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) kind: u64,
    pub(super) flags: u64,
    pub(super) span: Span,
    pub(super) alignment_bytes: u64,
}

/// The file's own header.
pub(super) fn write_file_header(
    writer: &mut Writer,
    image: &Image,
    width: Width,
    segments: usize,
    sections: &[Section],
) {
    let machine = image.machine_override.unwrap_or(image.machine.elf_number());
    let listed = sections.iter().filter(|section| section.listed);
    let counted = if image.section_headers {
        size(&listed.collect::<Vec<_>>()) + 1
    } else {
        0
    };
    writer.bytes(b"\x7fELF");
    writer.bytes(&[width.pick(1, 2), 1, 1, 0]);
    writer.u64(0);
    writer.u16(ET_DYN);
    writer.u16(machine.into());
    writer.u32(1);
    writer.word(0);
    writer.word(file_header_size_bytes(width));
    writer.word(if image.section_headers {
        section_headers_start(width, sections)
    } else {
        0
    });
    writer.u32(image.machine.elf_flags());
    writer.u16(file_header_size_bytes(width));
    writer.u16(segment_header_size_bytes(width));
    writer.u16(u64::try_from(segments).unwrap_or(u64::MAX));
    writer.u16(width.pick(40, 64));
    writer.u16(counted);
    // The names of the sections are the last section.
    writer.u16(counted.saturating_sub(1));
}

/// One segment header.
pub(super) fn write_segment_header(writer: &mut Writer, width: Width, segment: Segment) {
    writer.u32(segment.kind);
    if width == Width::Eight {
        writer.u32(segment.flags);
    }
    for value in [segment.span.start, segment.span.start, segment.span.start] {
        writer.word(value);
    }
    writer.word(segment.span.size_bytes);
    writer.word(segment.span.size_bytes);
    if width == Width::Four {
        writer.u32(segment.flags);
    }
    writer.word(segment.alignment_bytes);
}

/// All section headers, the empty one first.
pub(super) fn write_section_headers(writer: &mut Writer, width: Width, sections: &[Section]) {
    writer.pad_to(section_headers_start(width, sections));
    let listed: Vec<&Section> = sections.iter().filter(|section| section.listed).collect();
    let number = |name: &str| {
        let found = (1..).zip(&listed).find(|(_, section)| section.name == name);
        found.map_or(0, |(number, _)| number)
    };
    let mut names = StringTable::starting_with(b"\0");
    writer.pad_to(writer.position() + width.pick(40, 64));
    for section in &listed {
        let address = if section.flags == 0 {
            0
        } else {
            section.span.start
        };
        writer.u32(names.add(section.name));
        writer.u32(section.kind);
        writer.word(section.flags);
        writer.word(address);
        writer.word(section.span.start);
        writer.word(section.span.size_bytes);
        writer.u32(number(section.link));
        writer.u32(section.info);
        writer.word(section.alignment_bytes);
        writer.word(section.entry_size_bytes);
    }
}

/// The names that [`write_section_headers`] points at, and their own section's, in one table.
pub(super) fn section_names(sections: &[Section], own: &str) -> Vec<u8> {
    let mut names = StringTable::starting_with(b"\0");
    for section in sections.iter().filter(|section| section.listed) {
        names.add(section.name);
    }
    names.add(own);
    names.into_bytes()
}

/// The bytes of the file's own header.
pub(super) fn file_header_size_bytes(width: Width) -> u64 {
    width.pick(52, 64)
}

/// The bytes of one segment header.
pub(super) fn segment_header_size_bytes(width: Width) -> u64 {
    width.pick(32, 56)
}

fn section_headers_start(width: Width, sections: &[Section]) -> u64 {
    let end = sections
        .iter()
        .map(|section| section.span.end())
        .max()
        .unwrap_or(0);
    align_up(end, width.size_bytes())
}

pub(super) const ALLOCATED: u64 = 2;
pub(super) const WRITABLE: u64 = 1;
pub(super) const EXECUTABLE: u64 = 4;
const ET_DYN: u64 = 3;
