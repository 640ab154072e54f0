//! The tables inside an ELF file: symbols, their hash, the build id, the dynamic section.

use super::bytes::{Span, Width, Writer, size};
use super::image::{Place, Symbol};

/// A symbol whose name, address and section are settled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) name: u64,
    pub(super) info: u8,
    pub(super) section: u64,
    pub(super) value: u64,
    pub(super) size_bytes: u64,
}

/// Where each place of a [`Symbol`] lies, and which section that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) build_id: (Span, u64),
    pub(super) rodata: (Span, u64),
    pub(super) text: (Span, u64),
}

impl Places {
    pub(super) fn entry(&self, symbol: &Symbol, name: u64, info: u8) -> Entry {
        let (span, section) = match symbol.place {
            Place::BuildId => self.build_id,
            Place::Rodata => self.rodata,
            Place::Text => self.text,
        };
        let value = span.start + symbol.offset;
        Entry {
            name,
            info,
            section,
            value,
            size_bytes: symbol.size_bytes,
        }
    }
}

/// A symbol table: the empty symbol, then the entries.
pub(super) fn symbol_table(width: Width, entries: &[Entry]) -> Vec<u8> {
    let empty = Entry {
        name: 0,
        info: 0,
        section: 0,
        value: 0,
        size_bytes: 0,
    };
    let mut writer = Writer::new(width);
    for entry in std::iter::once(&empty).chain(entries) {
        write_entry(&mut writer, width, entry);
    }
    writer.into_bytes()
}

/// The bytes of one symbol.
pub(super) fn symbol_size_bytes(width: Width) -> u64 {
    width.pick(16, 24)
}

fn write_entry(writer: &mut Writer, width: Width, entry: &Entry) {
    writer.u32(entry.name);
    if width == Width::Four {
        writer.word(entry.value);
        writer.word(entry.size_bytes);
    }
    writer.u8(entry.info);
    writer.u8(0);
    writer.u16(entry.section);
    if width == Width::Eight {
        writer.word(entry.value);
        writer.word(entry.size_bytes);
    }
}

/// The hash table the loader looks names up in: as many buckets as symbols, chained by index.
pub(super) fn hash_table(names: &[&str]) -> Vec<u8> {
    let symbols = size(names) + 1;
    let mut buckets = vec![0_u64; names.len() + 1];
    let mut chains = vec![0_u64; names.len() + 1];
    for (index, name) in (1..).zip(names) {
        let bucket = usize::try_from(u64::from(hash(name)) % symbols).unwrap_or(0);
        // The newest symbol heads its bucket's chain and points at the one before.
        if let Some(head) = buckets.get_mut(bucket)
            && let Some(chain) = usize::try_from(index)
                .ok()
                .and_then(|at| chains.get_mut(at))
        {
            *chain = std::mem::replace(head, index);
        }
    }
    let mut writer = Writer::new(Width::Four);
    for number in [symbols, symbols].into_iter().chain(buckets).chain(chains) {
        writer.u32(number);
    }
    writer.into_bytes()
}

/// The bytes of a hash table over this many symbols, the empty one not counted.
pub(super) const fn hash_table_size_bytes(names: u64) -> u64 {
    8 + 8 * (names + 1)
}

/// System V's hash of a symbol name.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0, |hash: u32, byte| {
        let hash = (hash << 4).wrapping_add(u32::from(byte));
        let high = hash & 0xf000_0000;
        (hash ^ (high >> 24)) & !high
    })
}

/// The note that holds the build id.
pub(super) fn build_id_note(build_id: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(Width::Four);
    writer.u32(4);
    writer.u32(size(build_id));
    writer.u32(NT_GNU_BUILD_ID);
    writer.c_string(b"GNU");
    writer.bytes(build_id);
    writer.align(4);
    writer.into_bytes()
}

/// What the loader needs: the hash table, the names, the symbols.
pub(super) fn dynamic_table(width: Width, hash: Span, names: Span, symbols: Span) -> Vec<u8> {
    let mut writer = Writer::new(width);
    let tags = [
        (DT_HASH, hash.start),
        (DT_STRTAB, names.start),
        (DT_STRSZ, names.size_bytes),
        (DT_SYMTAB, symbols.start),
        (DT_SYMENT, symbol_size_bytes(width)),
        (0, 0),
    ];
    for (tag, value) in tags {
        writer.word(tag);
        writer.word(value);
    }
    writer.into_bytes()
}

/// The bytes of the dynamic table.
pub(super) const fn dynamic_table_size_bytes(width: Width) -> u64 {
    6 * 2 * width.size_bytes()
}

pub(super) const GLOBAL_OBJECT: u8 = 0x11;
pub(super) const LOCAL_FUNCTION: u8 = 0x02;
const NT_GNU_BUILD_ID: u64 = 3;
const DT_HASH: u64 = 4;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;
const DT_STRSZ: u64 = 10;
const DT_SYMENT: u64 = 11;
