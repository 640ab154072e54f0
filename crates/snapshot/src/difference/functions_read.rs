//! The functions of a library, by the symbol table that only tools read.

use goblin::container::{Container as Width, Ctx};
use goblin::elf::section_header::SHT_SYMTAB;
use goblin::elf::sym::{STT_FUNC, Sym};
use goblin::elf::{Elf, Symtab};
use goblin::mach::load_command::{CommandVariant, LoadCommand, SymtabCommand};
use goblin::mach::symbols::{N_SECT, N_TYPE, Nlist};
use scroll::Pread as _;

use crate::container::Container;
use crate::elf;
use crate::image::{Image, offset_of, slice};

/// A function and its machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Function<'a> {
    pub(super) name: &'a [u8],
    pub(super) address: u64,
    pub(super) code: &'a [u8],
}

impl Function<'_> {
    pub(super) fn size_bytes(&self) -> u64 {
        u64::try_from(self.code.len()).unwrap_or(u64::MAX)
    }
}

/// The functions by address; none where the library carries no names, or more than any has.
pub(super) fn read<'a>(image: &Image<'a>) -> Vec<Function<'a>> {
    let functions = match image.container {
        Container::Elf32 | Container::Elf64 => of_elf(image),
        Container::Macho64 => of_macho(image),
    };
    let mut functions = functions.unwrap_or_default();
    functions.sort_unstable_by_key(|function| (function.address, function.name));
    functions
}

fn of_elf<'a>(image: &Image<'a>) -> Option<Vec<Function<'a>>> {
    let bytes = image.bytes;
    let header = Elf::parse_header(bytes).ok()?;
    let ctx = elf::context(&header).ok()?;
    let sections = elf::section_headers(bytes, &header, ctx).ok()?;
    let table = sections.iter().find(|it| it.sh_type == SHT_SYMTAB)?;
    let strings = sections.get(usize::try_from(table.sh_link).ok()?)?;
    let strings = slice(bytes, strings.sh_offset, strings.sh_size)?;
    let entry = u64::try_from(Sym::size(ctx.container)).ok()?;
    if table.sh_entsize != entry || table.sh_size / entry > SYMBOLS_MAX {
        return None;
    }
    let (offset, count) = (table.sh_offset, table.sh_size / entry);
    slice(bytes, offset, table.sh_size)?;
    let (offset, count) = (usize::try_from(offset).ok()?, usize::try_from(count).ok()?);
    let symbols = Symtab::parse(bytes, offset, count, ctx).ok()?;
    let function = |symbol: Sym| {
        let defined = symbol.st_type() == STT_FUNC && symbol.st_shndx != 0;
        (defined && symbol.st_size > 0).then_some(())?;
        Some(Function {
            name: name(strings, symbol.st_name)?,
            address: symbol.st_value,
            code: code(image, symbol.st_value, symbol.st_size)?,
        })
    };
    Some(symbols.iter().filter_map(function).collect())
}

/// In Mach-O a symbol has no size: it reaches up to the next one, or to the end of what is mapped.
fn of_macho<'a>(image: &Image<'a>) -> Option<Vec<Function<'a>>> {
    let (table, text) = macho_tables(image.bytes)?;
    let entries = u64::from(table.nsyms).checked_mul(NLIST_BYTES)?;
    if u64::from(table.nsyms) > SYMBOLS_MAX {
        return None;
    }
    let entries = slice(image.bytes, table.symoff.into(), entries)?;
    let strings = slice(image.bytes, table.stroff.into(), table.strsize.into())?;
    let ctx = Ctx::new(Width::Big, scroll::LE);
    let symbol = |entry: &[u8]| {
        let symbol: Nlist = entry.pread_with(0, ctx).ok()?;
        let defined = !symbol.is_stab() && symbol.n_type & N_TYPE == N_SECT;
        let in_text = text.contains(&symbol.n_value);
        (defined && in_text).then_some(())?;
        Some((symbol.n_value, name(strings, symbol.n_strx)?))
    };
    let chunks = entries.chunks_exact(NLIST_USIZE);
    let mut symbols: Vec<(u64, &[u8])> = chunks.filter_map(symbol).collect();
    symbols.sort_unstable();
    symbols.retain(|(_, name)| !name.starts_with(b"_kDart"));
    let starts = symbols.iter().map(|(start, _)| *start);
    let nexts = starts.skip(1).chain([text.end]);
    let function = |((address, name), next): (&(u64, &'a [u8]), u64)| {
        let code = code(image, *address, next.checked_sub(*address)?)?;
        let (address, name) = (*address, *name);
        (!code.is_empty()).then_some(Function {
            name,
            address,
            code,
        })
    };
    Some(symbols.iter().zip(nexts).filter_map(function).collect())
}

/// The symbol table's command, and the addresses of machine code.
fn macho_tables(bytes: &[u8]) -> Option<(SymtabCommand, std::ops::Range<u64>)> {
    let word = |at: usize| bytes.pread_with::<u32>(at, scroll::LE).ok();
    let (count, size_bytes) = (word(16)?, word(20)?);
    let area = slice(bytes, 0, HEADER_BYTES.checked_add(size_bytes.into())?)?;
    let mut offset = usize::try_from(HEADER_BYTES).ok()?;
    let (mut table, mut text) = (None, None);
    for _ in 0..count.min(COMMANDS_MAX) {
        let start = offset;
        match LoadCommand::parse(area, &mut offset, scroll::LE)
            .ok()?
            .command
        {
            CommandVariant::Symtab(command) => table = Some(command),
            CommandVariant::Segment64(segment) if segment.segname.starts_with(b"__TEXT\0") => {
                // The code is the first section of it, as Dart writes it.
                let at = start.checked_add(SECTION_ADDRESS_AT)?;
                let word = |at: usize| bytes.pread_with::<u64>(at, scroll::LE).ok();
                let (address, size) = (word(at)?, word(at.checked_add(8)?)?);
                text = Some(address..address.checked_add(size)?);
            }
            _ => {}
        }
    }
    table.zip(text)
}

fn code<'a>(image: &Image<'a>, address: u64, size_bytes: u64) -> Option<&'a [u8]> {
    slice(
        image.bytes,
        offset_of(&image.segments, address, size_bytes)?,
        size_bytes,
    )
}

/// A name of at most [`NAME_BYTES_MAX`] bytes, so that a table of names that all are one long text
/// costs little.
fn name(strings: &[u8], at: usize) -> Option<&[u8]> {
    let rest = strings.get(at..)?;
    let reach = rest.get(..NAME_BYTES_MAX).unwrap_or(rest);
    let end = memchr::memchr(0, reach).unwrap_or(reach.len());
    reach.get(..end).filter(|name| !name.is_empty())
}

/// More functions than any app has.
const SYMBOLS_MAX: u64 = 1 << 20;
const NAME_BYTES_MAX: usize = 512;
const COMMANDS_MAX: u32 = 1024;
const HEADER_BYTES: u64 = 32;
const NLIST_BYTES: u64 = 16;
const NLIST_USIZE: usize = 16;
/// Behind the segment command's 72 bytes and the two names of its first section.
const SECTION_ADDRESS_AT: usize = 72 + 32;
