//! `PT_DYNAMIC`: where the loader finds symbols, their names and their hash tables.
//!
//! The loader looks where the segment's address is mapped, reads up to `DT_NULL` however long the
//! segment says it is, and of two entries of one kind some take the first and some the last. So
//! only tables are read of which all that gives one answer.

use goblin::container::Ctx;
use goblin::elf::dynamic::{
    DT_GNU_HASH, DT_HASH, DT_NEEDED, DT_NULL, DT_STRSZ, DT_STRTAB, DT_SYMTAB, Dyn, Dynamic,
};
use goblin::elf::program_header::{PT_DYNAMIC, ProgramHeader};

use super::{broken, to_usize};
use crate::container::Os;
use crate::error::ReadError;
use crate::image::{Segment, at_most, offset_of, slice};

/// What `PT_DYNAMIC` says, as far as it concerns us. Places are offsets in the file.
#[derive(Debug, Default)]
pub(super) struct DynamicFacts {
    /// Whether there is one at all.
    pub(super) present: bool,
    pub(super) symbols_offset: Option<u64>,
    pub(super) strings_offset: Option<u64>,
    pub(super) strings_size: Option<u64>,
    /// `DT_HASH`, which Dart writes.
    pub(super) hash_offset: Option<u64>,
    /// `DT_GNU_HASH`, which linkers write.
    pub(super) gnu_hash_offset: Option<u64>,
    /// The system, where a library that it needs shows it.
    pub(super) os: Option<Os>,
}

pub(super) fn read(
    bytes: &[u8],
    programs: &[ProgramHeader],
    segments: &[Segment],
    ctx: Ctx,
) -> Result<DynamicFacts, ReadError> {
    let tables = programs
        .iter()
        .filter(|program| program.p_type == PT_DYNAMIC);
    for program in tables.clone() {
        check_place(program, segments)?;
        let count = program.p_filesz / if ctx.is_big() { 16 } else { 8 };
        let count = to_usize("dynamic entries", count)?;
        at_most("dynamic entries", count, DYNAMIC_ENTRIES_MAX)?;
    }
    if tables.count() > 1 {
        return Err(two_readings("there are two PT_DYNAMIC segments".into()));
    }
    let parsed = Dynamic::parse(bytes, programs, ctx);
    let Some(dynamic) = parsed.map_err(|error| broken("dynamic entries", error))? else {
        return Ok(DynamicFacts::default());
    };
    if dynamic.dyns.last().is_none_or(|last| last.d_tag != DT_NULL) {
        return Err(broken("dynamic entries", "they do not end with DT_NULL"));
    }
    facts(bytes, &dynamic.dyns, segments)
}

fn check_place(program: &ProgramHeader, segments: &[Segment]) -> Result<(), ReadError> {
    let mapped = offset_of(segments, program.p_vaddr, program.p_filesz);
    if mapped == Some(program.p_offset) {
        return Ok(());
    }
    let what = format!(
        "PT_DYNAMIC is at {:#x} of the file, and its address {:#x} is not mapped from there",
        program.p_offset, program.p_vaddr
    );
    Err(two_readings(what))
}

fn facts(bytes: &[u8], entries: &[Dyn], segments: &[Segment]) -> Result<DynamicFacts, ReadError> {
    let located = |tag: u64| {
        let offset = |address: u64| {
            let outside = || format!("entry {tag:#x} points to {address:#x}, outside the file");
            offset_of(segments, address, 1).ok_or_else(|| broken("dynamic entries", outside()))
        };
        only(entries, tag)?.map(offset).transpose()
    };
    let (strings_offset, strings_size) = (located(DT_STRTAB)?, only(entries, DT_STRSZ)?);
    let strings = strings_offset
        .zip(strings_size)
        .and_then(|(offset, size)| slice(bytes, offset, size))
        .unwrap_or_default();
    let mut needed = entries.iter().filter(|entry| entry.d_tag == DT_NEEDED);
    Ok(DynamicFacts {
        present: true,
        symbols_offset: located(DT_SYMTAB)?,
        strings_offset,
        strings_size,
        hash_offset: located(DT_HASH)?,
        gnu_hash_offset: located(DT_GNU_HASH)?,
        os: needed.find_map(|entry| os_of_needed(strings, entry.d_val)),
    })
}

/// The value of the entries of one kind, of which there may be several only if they say the same.
fn only(entries: &[Dyn], tag: u64) -> Result<Option<u64>, ReadError> {
    let mut values = entries
        .iter()
        .filter(|entry| entry.d_tag == tag)
        .map(|entry| entry.d_val);
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        let what = format!("PT_DYNAMIC has several entries of kind {tag:#x}");
        return Err(two_readings(what));
    }
    Ok(first)
}

/// The library that tells a system apart. Others stand on several.
fn os_of_needed(strings: &[u8], name_at: u64) -> Option<Os> {
    let rest = strings.get(usize::try_from(name_at).ok()?..)?;
    let starts = |name: &[u8]| rest.starts_with(name);
    if starts(b"liblog.so\0") || starts(b"libandroid.so\0") {
        Some(Os::Android)
    } else if starts(b"libc.so.6\0") || starts(b"libc.musl-") || starts(b"ld-linux") {
        Some(Os::Linux)
    } else {
        None
    }
}

pub(super) fn two_readings(what: String) -> ReadError {
    ReadError::TwoReadings { what }
}

/// An engine has about 60.
const DYNAMIC_ENTRIES_MAX: usize = 4096;
