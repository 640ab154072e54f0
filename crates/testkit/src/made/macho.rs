//! Writes a Mach-O library as the Dart compiler lays it out.

use super::bytes::{Span, StringTable, Width, Writer, size};
use super::image::{Image, Place, Symbol};
use super::macho_commands::{command, library, section, segment};

/// The file: header and load commands, text, read-only data, then symbols and their names.
pub(super) fn to_bytes(image: &Image) -> Vec<u8> {
    let page = image.placement_bytes();
    let commands = Macho {
        image,
        plan: Plan::default(),
    }
    .commands();
    let sizes = (
        size(&commands.concat()),
        size(&image.text),
        size(&image.rodata),
    );
    let mut plan = Plan::default();
    plan.text = Span::after(Span::new(0, HEADER_BYTES + sizes.0), page, sizes.1);
    plan.rodata = Span::after(plan.text, page, sizes.2);
    // The data segment has memory, a page of it, but nothing in the file.
    plan.link_edit_start = Span::after(plan.rodata, page, 0).start;
    plan.page_bytes = page;
    Macho { image, plan }.write()
}

struct Macho<'a> {
    image: &'a Image,
    plan: Plan,
}

/// Where everything lies; until the data segment, file offsets and addresses are the same.
#[derive(Debug, Default)]
struct Plan {
    text: Span,
    rodata: Span,
    link_edit_start: u64,
    page_bytes: u64,
}

/// The contents of the last segment.
struct LinkEdit {
    symbols: Vec<u8>,
    names: Vec<u8>,
    locals: u64,
    exports: u64,
}

impl Macho<'_> {
    fn write(&self) -> Vec<u8> {
        let image = self.image;
        let commands = self.commands();
        let machine = image
            .machine_override
            .unwrap_or(image.machine.macho_number());
        let mut writer = Writer::new(Width::Eight);
        writer.u32(MAGIC_64);
        writer.u32(machine.into());
        writer.u32(image.machine.macho_subtype());
        writer.u32(DYLIB);
        writer.u32(size(&commands));
        writer.u32(size(&commands.concat()));
        writer.u32(NO_UNDEFINED | DYLD_LINK | TWO_LEVEL | NO_REEXPORTS);
        writer.u32(0);
        writer.bytes(&commands.concat());
        writer.pad_to(self.plan.text.start);
        writer.bytes(&image.text);
        writer.pad_to(self.plan.rodata.start);
        writer.bytes(&image.rodata);
        writer.pad_to(self.plan.link_edit_start);
        let link_edit = self.link_edit();
        writer.bytes(&link_edit.symbols);
        writer.bytes(&link_edit.names);
        writer.into_bytes()
    }

    fn commands(&self) -> Vec<Vec<u8>> {
        let link_edit = self.link_edit();
        let mut commands = Vec::new();
        if let Some(uuid) = &self.image.build_id {
            commands.push(command(LC_UUID, |writer| writer.bytes(uuid)));
        }
        commands.push(library(LC_ID_DYLIB, "app.native"));
        commands.push(library(LC_LOAD_DYLIB, "/usr/lib/libSystem.B.dylib"));
        commands.push(command(LC_BUILD_VERSION, |writer| {
            for number in [self.image.macho_platform.into(), MINIMUM_OS, MINIMUM_OS, 0] {
                writer.u32(number);
            }
        }));
        commands.extend(self.segments(&link_edit));
        commands.push(self.symbol_command(&link_edit));
        commands.push(command(LC_DYSYMTAB, |writer| {
            let (locals, exports) = (link_edit.locals, link_edit.exports);
            for number in [0, locals, locals, exports, locals + exports] {
                writer.u32(number);
            }
            writer.pad_to(80);
        }));
        commands
    }

    fn segments(&self, link_edit: &LinkEdit) -> [Vec<u8>; 3] {
        let (text, rodata) = (self.plan.text, self.plan.rodata);
        let (end, page) = (self.plan.link_edit_start, self.plan.page_bytes);
        let loaded = Span::new(0, end);
        let data = Span::new(end, page);
        let link_edit = size(&link_edit.symbols) + size(&link_edit.names);
        let in_text = [
            section("__text", "__TEXT", text, text.start, PURE_CODE),
            section("__const", "__TEXT", rodata, rodata.start, 0),
        ];
        let in_data = [section("__bss", "__DATA", Span::new(end, 8), 0, ZERO_FILL)];
        let (names, linked) = (Span::new(end + page, link_edit), Span::new(end, link_edit));
        [
            segment("__TEXT", loaded, loaded, READ | EXECUTE, &in_text),
            segment("__DATA", data, Span::new(end, 0), READ | WRITE, &in_data),
            segment("__LINKEDIT", names, linked, READ, &[]),
        ]
    }

    fn symbol_command(&self, link_edit: &LinkEdit) -> Vec<u8> {
        let start = self.plan.link_edit_start;
        command(LC_SYMTAB, |writer| {
            writer.u32(start);
            writer.u32(link_edit.locals + link_edit.exports);
            writer.u32(start + size(&link_edit.symbols));
            writer.u32(size(&link_edit.names));
        })
    }

    /// Functions, then stabs, then exports: a reader that takes the first of a name takes a stab.
    fn link_edit(&self) -> LinkEdit {
        let image = self.image;
        let mut names = StringTable::starting_with(b" \0");
        let mut writer = Writer::new(Width::Eight);
        // The build id has a command of its own; no symbol points at it.
        let exports = || {
            image
                .exports
                .iter()
                .filter(|symbol| symbol.place != Place::BuildId)
        };
        if !image.stripped {
            for symbol in &image.functions {
                self.write_symbol(&mut writer, names.add(&symbol.name), symbol, LOCAL);
            }
        }
        if image.stabs {
            for symbol in exports() {
                self.write_stabs(&mut writer, names.add(&symbol.name), symbol);
            }
        }
        let locals = writer.position() / SYMBOL_BYTES;
        for symbol in exports() {
            self.write_symbol(&mut writer, names.add(&symbol.name), symbol, EXPORTED);
        }
        let exports = writer.position() / SYMBOL_BYTES - locals;
        LinkEdit {
            symbols: writer.into_bytes(),
            names: names.into_bytes(),
            locals,
            exports,
        }
    }

    fn write_symbol(&self, writer: &mut Writer, name: u64, symbol: &Symbol, kind: u8) {
        let (section, address) = self.address(symbol);
        write_entry(writer, name, kind, section, ALTERNATE_ENTRY, address);
    }

    /// What a debugger is told: code by its address and size, data by its name alone.
    fn write_stabs(&self, writer: &mut Writer, name: u64, symbol: &Symbol) {
        let (section, address) = self.address(symbol);
        if symbol.place == Place::Text {
            write_entry(writer, NO_NAME, N_BNSYM, section, 0, address);
            write_entry(writer, name, N_FUN, section, 0, address);
            write_entry(writer, NO_NAME, N_FUN, 0, 0, symbol.size_bytes);
            write_entry(
                writer,
                NO_NAME,
                N_ENSYM,
                section,
                0,
                address + symbol.size_bytes,
            );
        } else {
            write_entry(writer, name, N_GSYM, 0, 0, 0);
        }
    }

    /// The number of the symbol's section, and its address.
    fn address(&self, symbol: &Symbol) -> (u8, u64) {
        match symbol.place {
            Place::Text => (1, self.plan.text.start + symbol.offset),
            Place::Rodata | Place::BuildId => (2, self.plan.rodata.start + symbol.offset),
        }
    }
}

fn write_entry(writer: &mut Writer, name: u64, kind: u8, section: u8, extra: u64, value: u64) {
    writer.u32(name);
    writer.u8(kind);
    writer.u8(section);
    writer.u16(extra);
    writer.u64(value);
}

const HEADER_BYTES: u64 = 32;
const MAGIC_64: u64 = 0xfeed_facf;
const DYLIB: u64 = 6;
const NO_UNDEFINED: u64 = 1;
const DYLD_LINK: u64 = 4;
const TWO_LEVEL: u64 = 0x80;
const NO_REEXPORTS: u64 = 0x10_0000;
const LC_SYMTAB: u64 = 0x2;
const LC_DYSYMTAB: u64 = 0xb;
const LC_LOAD_DYLIB: u64 = 0xc;
const LC_ID_DYLIB: u64 = 0xd;
const LC_UUID: u64 = 0x1b;
const LC_BUILD_VERSION: u64 = 0x32;
const MINIMUM_OS: u64 = 0x000a_0f00;
const READ: u64 = 1;
const WRITE: u64 = 2;
const EXECUTE: u64 = 4;
const PURE_CODE: u64 = 0x8000_0400;
const ZERO_FILL: u64 = 1;
const SYMBOL_BYTES: u64 = 16;
const LOCAL: u8 = 0x0e;
const EXPORTED: u8 = 0x0f;
const ALTERNATE_ENTRY: u64 = 0x200;
const NO_NAME: u64 = 1;
const N_GSYM: u8 = 0x20;
const N_FUN: u8 = 0x24;
const N_BNSYM: u8 = 0x2e;
const N_ENSYM: u8 = 0x4e;
