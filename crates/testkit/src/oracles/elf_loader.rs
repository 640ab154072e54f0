//! What a loader finds in an ELF library: by `PT_DYNAMIC` and a hash table, never by sections.
//!
//! After glibc's and Android's linkers: the dynamic table is where `PT_DYNAMIC`'s address is mapped
//! and ends with its `DT_NULL`, of two entries of one kind the later counts, `DT_GNU_HASH` goes
//! before
//! `DT_HASH`, and only a defined symbol that is global or weak is found. Formats: System V gABI,
//! "Hash Table"; the GNU one as binutils write it.

use object::elf::{DT_GNU_HASH, DT_HASH, DT_NULL, DT_STRTAB, DT_SYMTAB, DynamicTag, PT_DYNAMIC};
use object::elf::{STB_GLOBAL, STB_GNU_UNIQUE, STB_WEAK};
use object::read::elf::{Dyn, FileHeader, ProgramHeader, Sym};
use object::{Endianness, ReadRef as _, U32};

use super::elf_mapping::Mapping;

/// A library as a loader has it open.
pub(super) struct Loader<'a, H: FileHeader<Endian = Endianness>> {
    bytes: &'a [u8],
    endian: Endianness,
    symbols: u64,
    strings: u64,
    hash: Hash,
    header: std::marker::PhantomData<H>,
}

enum Hash {
    Gnu(u64),
    SystemV(u64),
    /// Neither: nothing is found.
    None,
}

impl<'a, H: FileHeader<Endian = Endianness>> Loader<'a, H> {
    /// Opens a library; `None` where it has no `PT_DYNAMIC`, so that no loader takes it, or where
    /// that names no symbols.
    pub(super) fn open(
        bytes: &'a [u8],
        endian: Endianness,
        headers: &[H::ProgramHeader],
        mapping: &Mapping,
    ) -> Option<Self> {
        let mut headers = headers.iter();
        let dynamic = headers.find(|header| header.p_type(endian) == PT_DYNAMIC)?;
        let entries = entries::<H>(
            bytes,
            endian,
            mapping.loaded(dynamic.p_vaddr(endian).into())?,
        );
        let value = |tag: DynamicTag| entries.iter().rfind(|entry| entry.0 == tag).map(|it| it.1);
        let located = |tag| mapping.loaded(value(tag)?);
        let hash = match (located(DT_GNU_HASH), located(DT_HASH)) {
            (Some(offset), _) => Hash::Gnu(offset),
            (None, Some(offset)) => Hash::SystemV(offset),
            (None, None) => Hash::None,
        };
        let (symbols, strings) = (located(DT_SYMTAB)?, located(DT_STRTAB)?);
        Some(Self {
            bytes,
            endian,
            symbols,
            strings,
            hash,
            header: std::marker::PhantomData,
        })
    }

    /// The symbol that `dlsym` finds.
    pub(super) fn find(&self, name: &str) -> Option<&'a H::Sym> {
        match self.hash {
            Hash::Gnu(table) => self.find_gnu(table, name),
            Hash::SystemV(table) => self.find_system_v(table, name),
            Hash::None => None,
        }
    }

    fn find_system_v(&self, table: u64, name: &str) -> Option<&'a H::Sym> {
        let buckets = u64::from(self.word(table, 0)?);
        let hash = u64::from(object::elf::hash(name.as_bytes()));
        let mut index = self.word(table, 2 + hash.checked_rem(buckets)?)?;
        for _ in 0..CHAIN_MAX {
            if index == 0 {
                return None;
            }
            if let Some(symbol) = self.named(index, name) {
                return Some(symbol);
            }
            index = self.word(table, 2 + buckets + u64::from(index))?;
        }
        None
    }

    fn find_gnu(&self, table: u64, name: &str) -> Option<&'a H::Sym> {
        let words = [0, 1, 2, 3].map(|at| self.word(table, at).map(u64::from));
        let [Some(buckets), Some(base), Some(bloom), Some(shift)] = words else {
            return None;
        };
        let hash = object::elf::gnu_hash(name.as_bytes());
        let filter_bytes = u64::try_from(size_of::<H::Word>()).ok()?;
        let bits = filter_bytes * 8;
        let filter = (u64::from(hash) / bits).checked_rem(bloom)? * filter_bytes;
        let bit = |bit: u64| {
            let at = filter + bit / 32 * 4;
            Some(self.word(table + at, 4)? >> (bit % 32) & 1 == 1)
        };
        let second = u64::from(hash.checked_shr(u32::try_from(shift).ok()?).unwrap_or(0));
        if !(bit(u64::from(hash) % bits)? && bit(second % bits)?) {
            return None;
        }
        let first_bucket = 4 + bloom * (filter_bytes / 4);
        let first =
            u64::from(self.word(table, first_bucket + u64::from(hash).checked_rem(buckets)?)?);
        (first != 0).then_some(())?;
        for index in first..first + CHAIN_MAX {
            let value = self.word(table, first_bucket + buckets + index.checked_sub(base)?)?;
            let symbol =
                (value | 1 == hash | 1).then(|| self.named(u32::try_from(index).ok()?, name));
            if let Some(symbol) = symbol.flatten() {
                return Some(symbol);
            }
            if value & 1 == 1 {
                break;
            }
        }
        None
    }

    fn named(&self, index: u32, name: &str) -> Option<&'a H::Sym> {
        let size = u64::try_from(size_of::<H::Sym>()).ok()?;
        let offset = self.symbols.checked_add(size.checked_mul(index.into())?)?;
        let symbol = self.bytes.read_at::<H::Sym>(offset).ok()?;
        let start = self
            .strings
            .checked_add(symbol.st_name(self.endian).into())?;
        let rest = self.bytes.get(usize::try_from(start).ok()?..)?;
        let named = rest
            .strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.first() == Some(&0));
        let visible = [STB_GLOBAL, STB_WEAK, STB_GNU_UNIQUE].contains(&symbol.st_bind());
        (named && visible && !symbol.is_undefined(self.endian)).then_some(symbol)
    }

    /// The 32-bit word number `at` of a table.
    fn word(&self, table: u64, at: u64) -> Option<u32> {
        let offset = table.checked_add(at.checked_mul(4)?)?;
        let word = self.bytes.read_at::<U32<Endianness>>(offset).ok()?;
        Some(word.get(self.endian))
    }
}

fn entries<H: FileHeader<Endian = Endianness>>(
    bytes: &[u8],
    endian: Endianness,
    mut offset: u64,
) -> Vec<(DynamicTag, u64)> {
    let mut entries = Vec::new();
    while let Ok(entry) = bytes.read::<H::Dyn>(&mut offset) {
        let tag = entry.d_tag(endian);
        if tag == DT_NULL || entries.len() > ENTRIES_MAX {
            break;
        }
        entries.push((tag, entry.d_val(endian).into()));
    }
    entries
}

/// Longer than any chain of a library that holds one snapshot.
const CHAIN_MAX: u64 = 1 << 16;
const ENTRIES_MAX: usize = 1 << 13;
