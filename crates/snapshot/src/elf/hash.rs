//! The loader's way from a name to a symbol: `DT_HASH` and `DT_GNU_HASH`.
//!
//! A loader asks nothing but these tables. A symbol they do not lead to is not there for it, and a
//! second one that they lead to is the one it takes. Formats: System V gABI, "Hash Table"; the GNU
//! one as binutils and lld write it.

use goblin::elf::sym::{STB_GLOBAL, STB_GNU_UNIQUE, STB_WEAK, Sym};
use scroll::Pread as _;

use super::symbols::Table;

/// The number of the symbol to which `DT_HASH` at this offset leads.
pub(super) fn find(bytes: &[u8], hash_offset: u64, table: &Table, name: &str) -> Option<u64> {
    let bucket_count = word(bytes, hash_offset, 0)?;
    let bucket = u64::from(system_v(name)).checked_rem(bucket_count)?;
    let mut index = word(bytes, hash_offset, 2 + bucket)?;
    for _ in 0..CHAIN_MAX {
        if index == 0 {
            return None;
        }
        if is_named(bytes, table, index, name) {
            return Some(index);
        }
        index = word(bytes, hash_offset, 2 + bucket_count + index)?;
    }
    None
}

/// The number of the symbol to which `DT_GNU_HASH` at this offset leads.
pub(super) fn find_gnu(bytes: &[u8], hash_offset: u64, table: &Table, name: &str) -> Option<u64> {
    let header = |at: u64| word(bytes, hash_offset, at);
    let (bucket_count, first_hashed) = (header(0)?, header(1)?);
    let (bloom_words, shift) = (header(2)?, header(3)?);
    let hash = gnu(name);
    let bits = if table.ctx.is_big() { 64 } else { 32 };
    let bloom_at = (u64::from(hash) / bits).checked_rem(bloom_words)? * (bits / 32);
    let shifted = hash.checked_shr(u32::try_from(shift).ok()?).unwrap_or(0);
    for bit in [u64::from(hash) % bits, u64::from(shifted) % bits] {
        if header(4 + bloom_at + bit / 32)? >> (bit % 32) & 1 == 0 {
            return None;
        }
    }
    let buckets = 4 + bloom_words * (bits / 32);
    let chains = buckets + bucket_count;
    let start = header(buckets + u64::from(hash).checked_rem(bucket_count)?)?;
    for index in (start..).take_while(|_| start != 0).take(CHAIN_MAX) {
        let value = header(chains + index.checked_sub(first_hashed)?)?;
        if value | 1 == u64::from(hash) | 1 && is_named(bytes, table, index, name) {
            return Some(index);
        }
        if value & 1 == 1 {
            break;
        }
    }
    None
}

/// Whether the loader takes the symbol with this number for the name: also one behind the table's
/// end, since the loader does not know where that is.
fn is_named(bytes: &[u8], table: &Table, index: u64, name: &str) -> bool {
    symbol(bytes, table, index).is_some_and(|symbol| {
        let bind = symbol.st_info >> 4;
        let visible = [STB_GLOBAL, STB_WEAK, STB_GNU_UNIQUE].contains(&bind);
        visible && symbol.st_shndx != 0 && has_name(bytes, table, &symbol, name)
    })
}

fn symbol(bytes: &[u8], table: &Table, index: u64) -> Option<Sym> {
    let size = u64::try_from(Sym::size(table.ctx.container)).ok()?;
    let offset = table.offset.checked_add(index.checked_mul(size)?)?;
    let symbol = bytes.pread_with::<Sym>(usize::try_from(offset).ok()?, table.ctx);
    symbol.ok()
}

fn has_name(bytes: &[u8], table: &Table, symbol: &Sym, name: &str) -> bool {
    let start = u64::try_from(symbol.st_name)
        .ok()
        .and_then(|at| table.strings_offset.checked_add(at))
        .and_then(|start| usize::try_from(start).ok());
    let rest = start.and_then(|start| bytes.get(start..));
    let rest = rest.and_then(|rest| rest.strip_prefix(name.as_bytes()));
    rest.is_some_and(|rest| rest.first() == Some(&0))
}

/// The 32-bit word number `at` of the hash table.
fn word(bytes: &[u8], hash_offset: u64, at: u64) -> Option<u64> {
    let offset = hash_offset.checked_add(at.checked_mul(4)?)?;
    let word = bytes.pread_with::<u32>(usize::try_from(offset).ok()?, scroll::LE);
    word.ok().map(u64::from)
}

fn system_v(name: &str) -> u32 {
    name.bytes().fold(0, |hash: u32, byte| {
        let hash = (hash << 4).wrapping_add(byte.into());
        (hash ^ ((hash & 0xf000_0000) >> 24)) & 0x0fff_ffff
    })
}

fn gnu(name: &str) -> u32 {
    name.bytes().fold(5381, |hash: u32, byte| {
        hash.wrapping_mul(33).wrapping_add(byte.into())
    })
}

/// Longer than any chain of a library of Dart's, or of an engine.
const CHAIN_MAX: usize = 1 << 12;

#[cfg(test)]
mod tests {
    use goblin::container::{Container, Ctx};

    use super::*;

    /// Names at 0, symbols at 64 (24 bytes each, the first empty), a GNU hash table behind them.
    fn file(names: &[&str], info: u8) -> (Vec<u8>, Table, u64) {
        let mut bytes = vec![0; 64 + 24];
        let mut at = 1;
        for name in names {
            bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
            bytes.extend(u32::try_from(at).unwrap().to_le_bytes());
            bytes.extend([info, 0, 1, 0].into_iter().chain([0; 16]));
            at += name.len() + 1;
        }
        let hash_offset = u64::try_from(bytes.len()).unwrap();
        // One bucket, of the symbols from 1 on; one word of bloom filter, which lets all through.
        let header = [1, 1, 1, 6, u32::MAX, u32::MAX, 1];
        let mut words: Vec<u32> = names.iter().map(|name| gnu(name) & !1).collect();
        *words.last_mut().unwrap() |= 1;
        bytes.extend(header.into_iter().chain(words).flat_map(u32::to_le_bytes));
        let table = Table {
            offset: 64,
            count: 0,
            strings_offset: 0,
            strings_size: 64,
            ctx: Ctx::new(Container::Big, scroll::LE),
        };
        (bytes, table, hash_offset)
    }

    #[test]
    fn the_system_v_hash_is_the_one_of_the_format() {
        assert_eq!(system_v(""), 0);
        assert_eq!(system_v("printf"), 0x0779_05a6);
        assert_eq!(system_v("_kDartSnapshotData"), 0x02b3_87a1);
    }

    #[test]
    fn the_gnu_hash_is_the_one_of_the_format() {
        assert_eq!(gnu(""), 0x1505);
        assert_eq!(gnu("printf"), 0x156b_2bb8);
    }

    #[test]
    fn a_gnu_hash_table_leads_to_every_symbol_of_a_bucket_and_to_no_other() {
        let (bytes, table, offset) = file(&["one", "two", "three"], 0x11);
        let names = ["one", "two", "three", "four", ""];
        let found = names.map(|name| find_gnu(&bytes, offset, &table, name));
        assert_eq!(found, [Some(1), Some(2), Some(3), None, None]);
    }

    #[test]
    fn a_gnu_hash_table_leads_to_no_local_symbol() {
        let (bytes, table, offset) = file(&["one"], 0x01);
        assert_eq!(find_gnu(&bytes, offset, &table, "one"), None);
    }

    #[test]
    fn a_name_that_the_bloom_filter_stops_is_not_found() {
        let (mut bytes, table, offset) = file(&["one"], 0x11);
        let filter = usize::try_from(offset).unwrap() + 16;
        bytes[filter..filter + 8].fill(0);
        assert_eq!(find_gnu(&bytes, offset, &table, "one"), None);
    }

    #[test]
    fn a_chain_that_runs_in_a_circle_ends() {
        let (mut bytes, table, _) = file(&["one"], 0x11);
        let offset = u64::try_from(bytes.len()).unwrap();
        // One bucket that leads to symbol 2, whose chain leads to itself.
        bytes.extend([1, 3, 2, 0, 0, 2].into_iter().flat_map(u32::to_le_bytes));
        assert_eq!(find(&bytes, offset, &table, "one"), None);
    }
}
