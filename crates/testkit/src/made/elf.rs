//! Writes an ELF file as the Dart compiler lays it out.

use super::bytes::{Span, StringTable, Width, Writer, size};
use super::elf_headers::{
    ALLOCATED, EXECUTABLE, Section, Segment, WRITABLE, file_header_size_bytes, section_names,
    segment_header_size_bytes, write_file_header, write_section_headers, write_segment_header,
};
use super::elf_tables::{
    Entry, GLOBAL_OBJECT, LOCAL_FUNCTION, Places, build_id_note, dynamic_table,
    dynamic_table_size_bytes, hash_table, hash_table_size_bytes, symbol_size_bytes, symbol_table,
};
use super::image::{Image, Symbol};

/// The file: headers, what is loaded, then what only tools read, the section headers last.
pub(super) fn to_bytes(image: &Image, width: Width) -> Vec<u8> {
    let elf = Elf {
        image,
        width,
        plan: Plan::new(image, width),
    };
    let mut sections = elf.loaded_sections();
    if image.section_headers {
        elf.append_sections_for_tools(&mut sections);
    }
    elf.write(&sections)
}

struct Elf<'a> {
    image: &'a Image,
    width: Width,
    plan: Plan,
}

/// Where everything that is loaded lies; file offsets and addresses are the same numbers.
#[derive(Debug, Default)]
struct Plan {
    segment_headers: Span,
    note: Span,
    names: Span,
    symbols: Span,
    hash: Span,
    claimed_symbols: Span,
    rodata: Span,
    text: Span,
    dynamic: Span,
}

impl Plan {
    fn new(image: &Image, width: Width) -> Self {
        let names: u64 = image
            .exports
            .iter()
            .map(|symbol| size(symbol.name.as_bytes()) + 1)
            .sum();
        let exports = size(&image.exports);
        let symbols = (exports + 1) * symbol_size_bytes(width);
        let note = image
            .build_id
            .as_deref()
            .map_or(0, |id| size(&build_id_note(id)));
        let claimed = image.claimed_exports.as_ref().map_or(0, |_| symbols);
        let segments = 6 + u64::from(image.build_id.is_some());
        let page = image.placement_bytes();

        let mut plan = Self::default();
        let file_header = Span::new(0, file_header_size_bytes(width));
        let segment_headers = segments * segment_header_size_bytes(width);
        plan.segment_headers = Span::after(file_header, 1, segment_headers);
        plan.note = Span::after(plan.segment_headers, 4, note);
        plan.names = Span::after(plan.note, 8, names + 1);
        plan.symbols = Span::after(plan.names, 8, symbols);
        plan.hash = Span::after(plan.symbols, 8, hash_table_size_bytes(exports));
        plan.claimed_symbols = Span::after(plan.hash, 8, claimed);
        plan.rodata = Span::after(plan.claimed_symbols, 64, size(&image.rodata));
        plan.text = Span::after(plan.rodata, page, size(&image.text));
        plan.dynamic = Span::after(plan.text, page, dynamic_table_size_bytes(width));
        plan
    }

    /// The segments, in the order of their headers.
    fn segments(&self, image: &Image, width: Width) -> Vec<Segment> {
        let page = image.load_alignment_bytes;
        let segment = |kind, flags, span, alignment_bytes| Segment {
            kind,
            flags,
            span,
            alignment_bytes,
        };
        let read_only = Span::new(0, self.rodata.end());
        let mut segments = vec![
            segment(PT_PHDR, READ, self.segment_headers, width.size_bytes()),
            segment(PT_LOAD, READ, read_only, page),
            segment(PT_LOAD, READ | EXECUTE, self.text, page),
            segment(PT_LOAD, READ | WRITE, self.dynamic, page),
        ];
        if image.build_id.is_some() {
            segments.push(segment(PT_NOTE, READ, self.note, 4));
        }
        segments.push(segment(
            PT_DYNAMIC,
            READ | WRITE,
            self.dynamic,
            width.size_bytes(),
        ));
        segments.push(segment(PT_GNU_STACK, READ | WRITE, Span::default(), 1));
        segments
    }
}

impl Elf<'_> {
    fn write(&self, sections: &[Section]) -> Vec<u8> {
        let (width, image) = (self.width, self.image);
        let segments = self.plan.segments(image, width);
        let mut writer = Writer::new(width);
        write_file_header(&mut writer, image, width, segments.len(), sections);
        for segment in segments {
            write_segment_header(&mut writer, width, segment);
        }
        for section in sections {
            writer.pad_to(section.span.start);
            writer.bytes(&section.bytes);
        }
        if image.section_headers {
            write_section_headers(&mut writer, width, sections);
        }
        writer.into_bytes()
    }

    fn loaded_sections(&self) -> Vec<Section> {
        let (plan, image) = (&self.plan, self.image);
        let mut sections = Vec::new();
        if let Some(id) = &image.build_id {
            let note = build_id_note(id);
            sections.push(Section::new(BUILD_ID, NOTE, ALLOCATED, plan.note, 4, note));
        }
        self.append_dynamic_symbols(&mut sections);
        let rodata = image.rodata.clone();
        sections.push(Section::new(
            ".rodata",
            PROGBITS,
            ALLOCATED,
            plan.rodata,
            64,
            rodata,
        ));
        let (text, flags) = (image.text.clone(), ALLOCATED | EXECUTABLE);
        sections.push(Section::new(".text", PROGBITS, flags, plan.text, 64, text));
        let table = dynamic_table(self.width, plan.hash, plan.names, plan.symbols);
        let flags = ALLOCATED | WRITABLE;
        sections.push(
            Section::new(".dynamic", DYNAMIC, flags, plan.dynamic, 8, table).table(
                ".dynstr",
                0,
                2 * self.width.size_bytes(),
            ),
        );
        sections
    }

    /// Names, symbols and their hash; with a claimed table, the true one goes unlisted.
    fn append_dynamic_symbols(&self, sections: &mut Vec<Section>) {
        let (plan, width, image) = (&self.plan, self.width, self.image);
        let mut names = StringTable::starting_with(b"\0");
        let symbols = symbol_table(
            width,
            &self.entries(&mut names, &image.exports, GLOBAL_OBJECT),
        );
        let names = names.into_bytes();
        sections.push(Section::new(
            ".dynstr", STRTAB, ALLOCATED, plan.names, 8, names,
        ));
        let table = |span, bytes| {
            let section = Section::new(".dynsym", DYNSYM, ALLOCATED, span, 8, bytes);
            section.table(".dynstr", 1, symbol_size_bytes(width))
        };
        let mut symbols = table(plan.symbols, symbols);
        symbols.listed = image.claimed_exports.is_none();
        sections.push(symbols);
        let hashed: Vec<&str> = image.exports.iter().map(|symbol| &*symbol.name).collect();
        let hash = Section::new(".hash", HASH, ALLOCATED, plan.hash, 8, hash_table(&hashed));
        sections.push(hash.table(".dynsym", 0, 4));
        if let Some(claimed) = &image.claimed_exports {
            // The same names in the same order have the same positions in a new table.
            let mut names = StringTable::starting_with(b"\0");
            let claimed = self.entries(&mut names, claimed, GLOBAL_OBJECT);
            sections.push(table(plan.claimed_symbols, symbol_table(width, &claimed)));
        }
    }

    fn append_sections_for_tools(&self, sections: &mut Vec<Section>) {
        if !self.image.stripped {
            let mut names = StringTable::starting_with(b"\0");
            let exports = self
                .image
                .claimed_exports
                .as_ref()
                .unwrap_or(&self.image.exports);
            let mut symbols = self.entries(&mut names, &self.image.functions, LOCAL_FUNCTION);
            let first_global = size(&symbols) + 1;
            symbols.extend(self.entries(&mut names, exports, GLOBAL_OBJECT));
            sections.push(self.for_tools(sections, ".strtab", STRTAB, names.into_bytes()));
            let symbols = symbol_table(self.width, &symbols);
            let symbols = self.for_tools(sections, ".symtab", SYMTAB, symbols);
            let entry_size = symbol_size_bytes(self.width);
            sections.push(symbols.table(".strtab", first_global, entry_size));
        }
        let names = section_names(sections, ".shstrtab");
        sections.push(self.for_tools(sections, ".shstrtab", STRTAB, names));
    }

    /// A section that is not loaded, behind those there are.
    fn for_tools(
        &self,
        sections: &[Section],
        name: &'static str,
        kind: u64,
        bytes: Vec<u8>,
    ) -> Section {
        let previous = sections
            .last()
            .map_or(self.plan.dynamic, |section| section.span);
        Section::new(
            name,
            kind,
            0,
            Span::after(previous, 8, size(&bytes)),
            8,
            bytes,
        )
    }

    /// Entries for the symbols, in order, with their names put into the table.
    fn entries(&self, names: &mut StringTable, symbols: &[Symbol], info: u8) -> Vec<Entry> {
        // Without a note nothing is exported from it, and every section moves up by one; the
        // unlisted true table and the listed claimed one lie before and behind the hash.
        let note = u64::from(self.image.build_id.is_some());
        let places = Places {
            build_id: (self.plan.note, note),
            rodata: (self.plan.rodata, note + 4),
            text: (self.plan.text, note + 5),
        };
        symbols
            .iter()
            .map(|symbol| places.entry(symbol, names.add(&symbol.name), info))
            .collect()
    }
}

const BUILD_ID: &str = ".note.gnu.build-id";
const PROGBITS: u64 = 1;
const SYMTAB: u64 = 2;
const STRTAB: u64 = 3;
const HASH: u64 = 5;
const DYNAMIC: u64 = 6;
const NOTE: u64 = 7;
const DYNSYM: u64 = 11;
const PT_LOAD: u64 = 1;
const PT_DYNAMIC: u64 = 2;
const PT_NOTE: u64 = 4;
const PT_PHDR: u64 = 6;
const PT_GNU_STACK: u64 = 0x6474_e551;
const EXECUTE: u64 = 1;
const WRITE: u64 = 2;
const READ: u64 = 4;
