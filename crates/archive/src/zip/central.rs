//! The central directory: every entry, as the archive lists it.

use std::collections::HashSet;

use super::end::End;
use super::extra::Zip64;
use super::{DESCRIPTOR, Entry, Fault, HOW_WELL, Method, NAME_UTF8, name};
use crate::fault::ZipFault;
use crate::fields::Fields;
use crate::window::Window;

/// Reads all of it. [`End`] was held to the limits, so it fits in memory.
pub(super) fn read(window: &Window, end: &End) -> Result<Vec<Entry>, Fault> {
    let size_bytes = usize::try_from(end.directory_size_bytes).unwrap_or(usize::MAX);
    let bytes = window.read_at(end.directory_start, size_bytes)?;
    let mut directory = Directory {
        fields: Fields::new(&bytes),
        end,
    };
    let mut entries = Vec::new();
    while !directory.fields.rest().is_empty() {
        entries.push(directory.entry()?);
        if found(&entries) > end.entries {
            break;
        }
    }
    let (declared, found) = (end.entries, found(&entries));
    if declared != found {
        return Err(ZipFault::EntryCount { declared, found }.into());
    }
    distinct(&entries)?;
    bounded(&entries)?;
    Ok(entries)
}

fn found(entries: &[Entry]) -> u64 {
    u64::try_from(entries.len()).unwrap_or(u64::MAX)
}

fn distinct(entries: &[Entry]) -> Result<(), Fault> {
    let mut names = HashSet::with_capacity(entries.len());
    match entries.iter().find(|entry| !names.insert(&entry.name)) {
        Some(entry) => Err(ZipFault::DuplicateName.of(&entry.name)),
        None => Ok(()),
    }
}

fn bounded(entries: &[Entry]) -> Result<(), ZipFault> {
    let sizes = entries.iter().map(|entry| entry.size_bytes);
    let found = sizes.fold(0, u64::saturating_add);
    let limit = TOTAL_BYTES_MAX;
    if found > limit {
        return Err(ZipFault::TotalTooLarge { found, limit });
    }
    Ok(())
}

struct Directory<'a> {
    fields: Fields<'a>,
    end: &'a End,
}

impl Directory<'_> {
    fn entry(&mut self) -> Result<Entry, Fault> {
        let at = self.position();
        let broken = |what| ZipFault::DirectoryBroken { at, what };
        if self.fields.take(4) != Some(SIGNATURE) {
            return Err(broken("no entry starts here").into());
        }
        let header = Header::read(&mut self.fields).ok_or(broken("an entry is cut short"))?;
        let name = name::check(header.name).map_err(|fault| {
            let shown = header.name.escape_ascii().to_string();
            ZipFault::Name(fault).of(shown)
        })?;
        header.entry(name).map_err(|why| why.of(name))
    }

    fn position(&self) -> u64 {
        let left = u64::try_from(self.fields.rest().len()).unwrap_or(u64::MAX);
        let end = self.end.directory_start + self.end.directory_size_bytes;
        end.saturating_sub(left)
    }
}

/// One header, as it stands there.
struct Header<'a> {
    flags: u16,
    method: u16,
    crc32: u32,
    stored_size_bytes: u32,
    size_bytes: u32,
    disk: u16,
    attributes: u32,
    header_start: u32,
    name: &'a [u8],
    extra: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads what follows the signature.
    fn read(fields: &mut Fields<'a>) -> Option<Header<'a>> {
        fields.take(4)?; // the versions it was made by and needs
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.take(4)?; // when it was last changed
        let (crc32, stored_size_bytes, size_bytes) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let lengths = [fields.u16()?, fields.u16()?, fields.u16()?].map(usize::from);
        let [name, extra, comment] = lengths;
        let disk = fields.u16()?;
        fields.take(2)?; // whether it is text
        let (attributes, header_start) = (fields.u32()?, fields.u32()?);
        let (name, extra) = (fields.take(name)?, fields.take(extra)?);
        fields.take(comment)?;
        Some(Header {
            flags,
            method,
            crc32,
            stored_size_bytes,
            size_bytes,
            disk,
            attributes,
            header_start,
            name,
            extra,
        })
    }

    fn entry(&self, name: &str) -> Result<Entry, ZipFault> {
        if self.flags & ENCRYPTED != 0 {
            return Err(ZipFault::Encrypted);
        }
        let found = self.flags;
        if found & !(HOW_WELL | DESCRIPTOR | NAME_UTF8) != 0 {
            return Err(ZipFault::Flags { found });
        }
        let found = self.method;
        let method = Method::from_number(found).ok_or(ZipFault::Method { found })?;
        if self.disk != 0 {
            return Err(ZipFault::ManyDisks);
        }
        self.check_mode(name)?;
        let mut zip64 = Zip64::find(self.extra)?;
        let entry = Entry {
            name: name.to_owned(),
            is_folder: name.ends_with('/'),
            method,
            flags: self.flags,
            crc32: self.crc32,
            size_bytes: zip64.resolve(self.size_bytes)?,
            stored_size_bytes: zip64.resolve(self.stored_size_bytes)?,
            header_start: zip64.resolve(self.header_start)?,
        };
        zip64.finish()?;
        check_sizes(&entry)?;
        Ok(entry)
    }

    /// Whatever system it claims to come from: some readers look at the mode alone.
    ///
    /// A folder with a file's mode is no harm: it holds nothing.
    fn check_mode(&self, name: &str) -> Result<(), ZipFault> {
        let mode = self.attributes >> 16;
        match mode & MODE_TYPE {
            MODE_FOLDER if !name.ends_with('/') => Err(ZipFault::FolderByMode { mode }),
            0 | MODE_FILE | MODE_FOLDER => Ok(()),
            MODE_LINK => Err(ZipFault::Symlink),
            _ => Err(ZipFault::SpecialFile { mode }),
        }
    }
}

fn check_sizes(entry: &Entry) -> Result<(), ZipFault> {
    let (stored, size) = (entry.stored_size_bytes, entry.size_bytes);
    if entry.method == Method::Stored && stored != size {
        return Err(ZipFault::StoredSizes { stored, size });
    }
    if entry.is_folder && (size != 0 || stored > EMPTY_DEFLATED_BYTES) {
        let found = size.max(stored);
        return Err(ZipFault::FolderWithContent { found });
    }
    Ok(())
}

const SIGNATURE: &[u8] = b"PK\x01\x02";
/// Encrypted data (0), strong encryption (6), an encrypted directory (13).
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const MODE_TYPE: u32 = 0o170_000;
const MODE_FILE: u32 = 0o100_000;
const MODE_FOLDER: u32 = 0o040_000;
const MODE_LINK: u32 = 0o120_000;
/// Nothing, deflated; `jar` writes folders so.
const EMPTY_DEFLATED_BYTES: u64 = 2;
/// What all entries together may unpack to.
pub(crate) const TOTAL_BYTES_MAX: u64 = 16 << 30;
