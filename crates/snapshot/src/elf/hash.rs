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
    use super::*;

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
}
