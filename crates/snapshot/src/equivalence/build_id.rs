//! Where the build id of a library lies, if it lies there plainly.
//!
//! The place is taken from what a loader reads, and then everything else that the file names is
//! shown to lie elsewhere: headers, segments, the dynamic tables, every dynamic symbol, every
//! section. A file with anything that Dart does not write has no plain build id, and so no
//! equivalence: that refuses files needlessly, and never accepts one wrongly.

use std::ops::Range;

use goblin::container::Ctx;
use goblin::elf::dynamic::{
    DT_HASH, DT_NULL, DT_STRSZ, DT_STRTAB, DT_SYMENT, DT_SYMTAB, Dyn, Dynamic,
};
use goblin::elf::header::Header;
use goblin::elf::program_header::{
    PT_DYNAMIC, PT_GNU_STACK, PT_LOAD, PT_NOTE, PT_PHDR, ProgramHeader,
};
use goblin::elf::section_header::{SHT_NOBITS, SHT_NOTE, SHT_NULL, SectionHeader};
use goblin::elf::sym::Sym;
use goblin::elf::{Elf, Symtab};
use scroll::Pread as _;

use crate::container::Container;
use crate::elf;
use crate::image::{Image, offset_of, slice};
use crate::notes;
use crate::snapshot::{BUILD_ID_SYMBOL, Snapshot};

/// The descriptor's bytes, where nothing else differs.
pub(super) fn touched(a: &[u8], b: &[u8]) -> Option<Vec<Range<u64>>> {
    // What costs little comes first: of two libraries that differ elsewhere no more is read.
    let descriptor = File::read(a)?.note()?.descriptor;
    let start = usize::try_from(descriptor.start).ok()?;
    let end = usize::try_from(descriptor.end).ok()?;
    let same_outside =
        a.len() == b.len() && a.get(..start) == b.get(..start) && a.get(end..) == b.get(end..);
    if !same_outside {
        return None;
    }
    // Either file by itself must have its one plain build id there, so that nobody has to show
    // that the bytes which differ cannot change how the rest is read.
    let plain = [a, b].map(|bytes| place(bytes).is_some_and(|place| place == descriptor));
    (plain == [true; 2]).then(|| vec![descriptor])
}

/// Where the descriptor of a snapshot's one build id is.
fn place(bytes: &[u8]) -> Option<Range<u64>> {
    let snapshot = Snapshot::read(bytes).ok()?;
    let plain = snapshot.misfits.is_empty() && snapshot.blobs().all(|blob| blob.length_fits());
    let is_elf = matches!(snapshot.container, Container::Elf32 | Container::Elf64);
    if !plain || !is_elf {
        return None;
    }
    let file = File::read(bytes)?;
    let note = file.note()?;
    let apart = file.headers_are_apart(&note.all)
        && file.segments_are_apart(&note.all)
        && file.sections_are_apart(&note.all)
        && file.tables_are_apart(&note.all)
        && file.symbols_are_apart(&note)
        && no_code_near(&file.image, &note.all);
    apart.then_some(note.descriptor)
}

/// A file and its headers.
struct File<'a> {
    image: Image<'a>,
    header: Header,
    ctx: Ctx,
    programs: Vec<ProgramHeader>,
    sections: Vec<SectionHeader>,
    dynamic: Vec<Dyn>,
}

/// Where a note lies in the file.
struct Note {
    /// Header, name and descriptor with their padding.
    all: Range<u64>,
    address: u64,
    descriptor: Range<u64>,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let header = Elf::parse_header(bytes).ok()?;
        let ctx = elf::context(&header).ok()?;
        let programs = elf::program_headers(bytes, &header, ctx).ok()?;
        let dynamic = Dynamic::parse(bytes, &programs, ctx).ok()??.dyns;
        Some(Self {
            image: Image::read(bytes).ok()?,
            sections: elf::section_headers(bytes, &header, ctx).ok()?,
            header,
            ctx,
            programs,
            dynamic,
        })
    }

    /// The one note segment, which is the build id and nothing else, mapped where it says.
    fn note(&self) -> Option<Note> {
        let mut areas = self.programs.iter().filter(|it| it.p_type == PT_NOTE);
        let area = areas.next().filter(|_| areas.next().is_none())?;
        let notes = slice(self.image.bytes, area.p_offset, area.p_filesz)?;
        let [note] = *notes::build_ids(notes) else {
            return None;
        };
        let mapped = offset_of(&self.image.segments, area.p_vaddr, area.p_filesz);
        let is_all = (note.offset, note.size_bytes) == (0, area.p_filesz);
        if !is_all || mapped != Some(area.p_offset) {
            return None;
        }
        let start = area.p_offset.checked_add(note.descriptor_offset)?;
        Some(Note {
            all: range(area.p_offset, area.p_filesz)?,
            address: area.p_vaddr,
            descriptor: range(start, note.descriptor_bytes)?,
        })
    }

    fn headers_are_apart(&self, note: &Range<u64>) -> bool {
        let header = &self.header;
        let table =
            |offset, size: u16, count: u16| range(offset, u64::from(size) * u64::from(count));
        let tables = [
            table(0, header.e_ehsize.max(64), 1),
            table(header.e_phoff, header.e_phentsize, header.e_phnum),
            table(header.e_shoff, header.e_shentsize, header.e_shnum),
        ];
        header.e_entry == 0 && tables.into_iter().all(|table| apart(table, note))
    }

    /// One segment maps the note, and only kinds of segments are there that Dart writes.
    fn segments_are_apart(&self, note: &Range<u64>) -> bool {
        let place = |it: &ProgramHeader| range(it.p_offset, it.p_filesz);
        let mut mapping = 0;
        let known = self.programs.iter().all(|it| match it.p_type {
            PT_LOAD => {
                mapping += u32::from(!apart(place(it), note));
                true
            }
            PT_NOTE => true,
            PT_PHDR | PT_DYNAMIC | PT_GNU_STACK => apart(place(it), note),
            _ => false,
        });
        known && mapping == 1
    }

    /// Of the sections only the note's own lies there.
    fn sections_are_apart(&self, note: &Range<u64>) -> bool {
        let in_file = |it: &&SectionHeader| ![SHT_NULL, SHT_NOBITS].contains(&it.sh_type);
        self.sections.iter().filter(in_file).all(|it| {
            let place = range(it.sh_offset, it.sh_size);
            let own = it.sh_type == SHT_NOTE && place.as_ref() == Some(note);
            own || apart(place, note)
        })
    }

    /// The tables behind `PT_DYNAMIC`, of which only those are there that Dart writes.
    fn tables_are_apart(&self, note: &Range<u64>) -> bool {
        let known = [DT_NULL, DT_HASH, DT_SYMTAB, DT_STRTAB, DT_STRSZ, DT_SYMENT];
        let only_known = self
            .dynamic
            .iter()
            .all(|entry| known.contains(&entry.d_tag));
        let tables = self.tables().unwrap_or_default();
        only_known && !tables.is_empty() && tables.into_iter().all(|it| apart(Some(it), note))
    }

    /// The hash table, the symbols that it counts, and their names.
    fn tables(&self) -> Option<Vec<Range<u64>>> {
        let hash_at = self.located(DT_HASH)?;
        let word = |at: u64| {
            let at = usize::try_from(at).ok()?;
            self.image
                .bytes
                .pread_with::<u32>(at, scroll::LE)
                .ok()
                .map(u64::from)
        };
        let (buckets, symbols) = (word(hash_at)?, word(hash_at.checked_add(4)?)?);
        let hash_bytes = (buckets + symbols).checked_add(2)?.checked_mul(4)?;
        let entry = u64::try_from(Sym::size(self.ctx.container)).ok()?;
        Some(vec![
            range(hash_at, hash_bytes)?,
            range(self.located(DT_SYMTAB)?, symbols.checked_mul(entry)?)?,
            range(self.located(DT_STRTAB)?, self.value(DT_STRSZ)?)?,
        ])
    }

    /// Every dynamic symbol but the build id's own, which covers the note and nothing else.
    fn symbols_are_apart(&self, note: &Note) -> bool {
        let size_bytes = note.all.end - note.all.start;
        let Some(addresses) = range(note.address, size_bytes) else {
            return false;
        };
        let own = |it: &crate::image::Symbol| {
            (it.address, it.size, it.offset) == (note.address, size_bytes, note.all.start)
        };
        let named = self.image.symbol(BUILD_ID_SYMBOL).is_some_and(own);
        let mut reaching = 0;
        let Some(symbols) = self.symbols() else {
            return false;
        };
        for symbol in symbols.iter().filter(|symbol| symbol.st_shndx != 0) {
            // A symbol without a size is still a place.
            let place = range(symbol.st_value, symbol.st_size.max(1));
            reaching += u32::from(!apart(place, &addresses));
        }
        named && reaching == 1
    }

    fn symbols(&self) -> Option<Symtab<'a>> {
        let [_, table, _] = <[Range<u64>; 3]>::try_from(self.tables()?).ok()?;
        let entry = u64::try_from(Sym::size(self.ctx.container)).ok()?;
        let count = (table.end - table.start).checked_div(entry)?;
        let (offset, count) = (
            usize::try_from(table.start).ok()?,
            usize::try_from(count).ok()?,
        );
        slice(self.image.bytes, table.start, table.end - table.start)?;
        Symtab::parse(self.image.bytes, offset, count, self.ctx).ok()
    }

    fn value(&self, tag: u64) -> Option<u64> {
        self.dynamic
            .iter()
            .find(|entry| entry.d_tag == tag)
            .map(|entry| entry.d_val)
    }

    fn located(&self, tag: u64) -> Option<u64> {
        offset_of(&self.image.segments, self.value(tag)?, 1)
    }
}

/// Whether no page that is mapped as code has any of it. Pages of 64 KiB are the largest.
fn no_code_near(image: &Image<'_>, note: &Range<u64>) -> bool {
    let code = image.segments.iter().filter(|segment| segment.executable);
    code.into_iter().all(|segment| {
        let page = segment.align.clamp(PAGE_MIN, PAGE_MAX);
        let start = segment.offset - segment.offset % page;
        let end = segment.offset.checked_add(segment.file_size);
        let end = end.and_then(|end| end.checked_next_multiple_of(page));
        end.is_some_and(|end| apart(Some(start..end), note))
    })
}

/// Whether a place is known and has nothing in common with the other one.
fn apart(place: Option<Range<u64>>, other: &Range<u64>) -> bool {
    place.is_some_and(|place| place.end <= other.start || place.start >= other.end)
}

fn range(start: u64, size_bytes: u64) -> Option<Range<u64>> {
    Some(start..start.checked_add(size_bytes)?)
}

const PAGE_MIN: u64 = 4096;
const PAGE_MAX: u64 = 64 * 1024;
