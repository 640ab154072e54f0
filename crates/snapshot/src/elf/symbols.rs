//! The one dynamic symbol table, and Dart's symbols in it.

use goblin::container::Ctx;
use goblin::elf::Symtab;
use goblin::elf::section_header::{SHT_DYNSYM, SectionHeader};
use goblin::elf::sym::{STV_DEFAULT, STV_PROTECTED, Sym, st_visibility};
use scroll::Pread as _;

use super::dynamic::{DynamicFacts, two_readings};
use super::{broken, entries_of, hash, to_usize};
use crate::error::ReadError;
use crate::image::{
    DART_SYMBOLS, DART_SYMBOLS_MAX, Segment, Symbol, add_symbol, at_most, dart_name, offset_of,
    slice,
};

/// A dynamic symbol table: where its entries and its names lie in the file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) offset: u64,
    pub(super) count: u64,
    pub(super) strings_offset: u64,
    pub(super) strings_size: u64,
    pub(super) ctx: Ctx,
}

/// Dart's symbols.
pub(super) fn read(
    bytes: &[u8],
    sections: &[SectionHeader],
    dynamic: &DynamicFacts,
    segments: &[Segment],
    ctx: Ctx,
) -> Result<Vec<Symbol>, ReadError> {
    let mut symbols = Vec::new();
    let Some(table) = table(bytes, sections, dynamic, ctx)? else {
        return Ok(symbols);
    };
    let strings = slice(bytes, table.strings_offset, table.strings_size)
        .ok_or_else(|| broken("string table", "it reaches past the end of the file"))?;
    if table.count == 0 {
        return Ok(symbols);
    }
    let offset = to_usize("symbol table", table.offset)?;
    let count = to_usize("symbol table", table.count)?;
    let parsed = Symtab::parse(bytes, offset, count, ctx);
    let parsed = parsed.map_err(|error| broken("symbol table", error))?;
    let mut named = 0;
    for (index, entry) in (0..).zip(parsed.iter()) {
        if entry.st_shndx == 0 {
            continue; // undefined: named, not here
        }
        let Some(name) = dart_name(strings, entry.st_name)? else {
            continue;
        };
        named += 1;
        at_most(DART_SYMBOLS, named, DART_SYMBOLS_MAX)?;
        if ![STV_DEFAULT, STV_PROTECTED].contains(&st_visibility(entry.st_other)) {
            let reason = format!("{name} is hidden, so that no loader finds it");
            return Err(broken("symbol table", reason));
        }
        found_by_loaders(bytes, &table, dynamic, name, index)?;
        if let Some(symbol) = located(segments, name, &entry)? {
            add_symbol(&mut symbols, symbol)?;
        }
    }
    if named > 0 && !dynamic.present {
        let reason = "there is no PT_DYNAMIC, so that no loader finds what it names";
        return Err(broken("symbol table", reason));
    }
    if named > 0 && dynamic.symbols_offset.zip(dynamic.strings_offset).is_none() {
        let reason = "PT_DYNAMIC has no symbols or no names, so that no loader finds any";
        return Err(broken("symbol table", reason));
    }
    Ok(symbols)
}

/// `None` for a symbol in .bss, which has an address and no bytes; it is not one of the snapshot's.
fn located(segments: &[Segment], name: &str, entry: &Sym) -> Result<Option<Symbol>, ReadError> {
    let (address, size) = (entry.st_value, entry.st_size);
    let name = name.to_owned();
    match offset_of(segments, address, size) {
        Some(offset) => Ok(Some(Symbol {
            name,
            address,
            offset,
            size,
        })),
        None if name.ends_with("Bss") => Ok(None),
        None => Err(ReadError::SymbolOutside {
            symbol: name,
            address,
            size,
        }),
    }
}

/// The one symbol table, after checking that sections and `PT_DYNAMIC` agree on it.
fn table(
    bytes: &[u8],
    sections: &[SectionHeader],
    dynamic: &DynamicFacts,
    ctx: Ctx,
) -> Result<Option<Table>, ReadError> {
    let loaders = loaders_table(bytes, dynamic, ctx);
    let mut dynsyms = sections
        .iter()
        .filter(|section| section.sh_type == SHT_DYNSYM);
    let Some(section) = dynsyms.next() else {
        return Ok(loaders);
    };
    if dynsyms.next().is_some() {
        return Err(two_readings("there are two .dynsym sections".into()));
    }
    let table = sections_table(bytes, section, sections, ctx)?;
    agree("symbol table", table.offset, dynamic.symbols_offset)?;
    agree("string table", table.strings_offset, dynamic.strings_offset)?;
    let count = loaders.map(|loaders| loaders.count);
    agree("number of symbols", table.count, count)?;
    Ok(Some(table))
}

/// The loader's symbol table. Its count comes from `DT_HASH`, which Dart writes.
fn loaders_table(bytes: &[u8], dynamic: &DynamicFacts, ctx: Ctx) -> Option<Table> {
    // nbucket, nchain, ...; nchain is the number of symbols (gABI, "Hash Table").
    let count_at = usize::try_from(dynamic.hash_offset?.checked_add(4)?).ok()?;
    let count: u32 = bytes.pread_with(count_at, scroll::LE).ok()?;
    Some(Table {
        offset: dynamic.symbols_offset?,
        count: count.into(),
        strings_offset: dynamic.strings_offset?,
        strings_size: dynamic.strings_size?,
        ctx,
    })
}

fn sections_table(
    bytes: &[u8],
    section: &SectionHeader,
    sections: &[SectionHeader],
    ctx: Ctx,
) -> Result<Table, ReadError> {
    let link = usize::try_from(section.sh_link).ok();
    let strings = link.and_then(|link| sections.get(link)).ok_or_else(|| {
        let reason = format!("it links to section {}, not there", section.sh_link);
        broken("symbol table", reason)
    })?;
    entries_of("symbol table", section.sh_entsize, Sym::size(ctx.container))?;
    slice(bytes, section.sh_offset, section.sh_size)
        .ok_or_else(|| broken("symbol table", "it reaches past the end of the file"))?;
    Ok(Table {
        offset: section.sh_offset,
        count: section.sh_size / section.sh_entsize,
        strings_offset: strings.sh_offset,
        strings_size: strings.sh_size,
        ctx,
    })
}

/// Checks that a loader that is asked for the name comes to this symbol.
fn found_by_loaders(
    bytes: &[u8],
    table: &Table,
    dynamic: &DynamicFacts,
    name: &str,
    index: u64,
) -> Result<(), ReadError> {
    let system_v = dynamic
        .hash_offset
        .map(|offset| hash::find(bytes, offset, table, name));
    let gnu = dynamic
        .gnu_hash_offset
        .map(|offset| hash::find_gnu(bytes, offset, table, name));
    let mut ways = system_v.into_iter().chain(gnu).peekable();
    if dynamic.present && ways.peek().is_none() {
        let reason = "PT_DYNAMIC has no hash table, so that no loader finds a symbol";
        return Err(broken("symbol table", reason));
    }
    let what = |found: Option<u64>| match found {
        Some(found) => format!("is symbol {found}"),
        None => "is not there".to_owned(),
    };
    match ways.find(|found| *found != Some(index)) {
        None => Ok(()),
        Some(found) => Err(two_readings(format!(
            "{name} is symbol {index} of the symbol table, and by the loader's hash table it {}",
            what(found)
        ))),
    }
}

fn agree(what: &str, section: u64, dynamic: Option<u64>) -> Result<(), ReadError> {
    match dynamic {
        Some(dynamic) if section != dynamic => Err(two_readings(format!(
            "the {what} is at {section:#x} by the section headers \
             and at {dynamic:#x} by PT_DYNAMIC"
        ))),
        _ => Ok(()),
    }
}
