//! Strict zip: an archive is read only where every reader sees the same files in it.
//!
//! The records are read here, by position and each against the others; then the zip library opens
//! the same file and must see the same. Android's own reader takes the last end record and the
//! central directory for granted; other readers look elsewhere. All of them must agree.

mod agree;
mod central;
mod end;
mod extra;
mod gaps;
mod local;
mod name;

pub(crate) use central::TOTAL_BYTES_MAX;
pub(crate) use name::check as check_name;

use crate::error::OpenError;
use crate::fault::ZipFault;
use crate::layout::Layout;
use crate::part::{Content, Part};
use crate::window::Window;

/// One file of an archive; folders' own entries are checked and left out.
#[derive(Clone, Debug)]
pub(crate) struct ZipFile {
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) stored_size_bytes: u64,
    pub(crate) crc32: u32,
    pub(crate) content: Content,
}

impl ZipFile {
    /// It as a part of the release that `archive` is, or is in.
    pub(crate) fn part(self, archive: &str, layout: &Layout) -> Part {
        let path = self.name.strip_prefix(&*layout.above).unwrap_or(&self.name);
        let (role, abi) = layout.roles.of(path);
        Part {
            path: path.to_owned(),
            location: format!("{archive}!/{}", self.name),
            role,
            abi,
            size_bytes: self.size_bytes,
            crc32: Some(self.crc32),
            stored_size_bytes: self.stored_size_bytes,
            content: self.content,
        }
    }
}

/// Every file of the archive in `window`, called `archive` in messages.
pub(crate) fn files(window: &Window, archive: &str) -> Result<Vec<ZipFile>, OpenError> {
    listed(window).map_err(|fault| OpenError::Refused {
        archive: archive.to_owned(),
        entry: fault.entry,
        why: fault.why,
    })
}

fn listed(window: &Window) -> Result<Vec<ZipFile>, Fault> {
    let end = end::read(window)?;
    let listed = central::read(window, &end)?;
    let mut placed = Vec::with_capacity(listed.len());
    for entry in listed {
        placed.push(local::read(window, &end, entry)?);
    }
    gaps::check(window, &end, &mut placed)?;
    agree::check(window, &placed)?;
    let files = placed.into_iter().filter(|placed| !placed.entry.is_folder);
    files.map(|placed| file(window, placed)).collect()
}

fn file(window: &Window, placed: Placed) -> Result<ZipFile, Fault> {
    let entry = placed.entry;
    let Some(data) = window.part(placed.data_start, entry.stored_size_bytes) else {
        let (end, limit) = (placed.end, window.size_bytes());
        return Err(ZipFault::Outside { end, limit }.of(entry.name));
    };
    Ok(ZipFile {
        name: entry.name,
        size_bytes: entry.size_bytes,
        stored_size_bytes: entry.stored_size_bytes,
        crc32: entry.crc32,
        content: match entry.method {
            Method::Stored => Content::Stored(data),
            Method::Deflated => Content::Deflated(data),
        },
    })
}

/// What the central directory says of an entry.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    is_folder: bool,
    method: Method,
    flags: u16,
    crc32: u32,
    stored_size_bytes: u64,
    size_bytes: u64,
    header_start: u64,
}

/// An entry whose local header agrees, and the bytes that it takes up.
#[derive(Clone, Debug)]
struct Placed {
    entry: Entry,
    data_start: u64,
    end: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
}

impl Method {
    fn from_number(number: u16) -> Option<Method> {
        match number {
            0 => Some(Method::Stored),
            8 => Some(Method::Deflated),
            _ => None,
        }
    }

    fn number(self) -> u16 {
        match self {
            Method::Stored => 0,
            Method::Deflated => 8,
        }
    }
}

/// A fault, and the entry that it is about, if it is about one.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    entry: Option<String>,
    why: ZipFault,
}

impl ZipFault {
    fn of(self, entry: impl Into<String>) -> Fault {
        let entry = Some(entry.into());
        Fault { entry, why: self }
    }
}

impl From<ZipFault> for Fault {
    fn from(why: ZipFault) -> Fault {
        Fault { entry: None, why }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        let reason = error.to_string();
        ZipFault::Io { reason }.into()
    }
}

/// The flags of how well something was deflated, which no reader needs.
const HOW_WELL: u16 = 1 << 1 | 1 << 2;
/// The flag of a descriptor behind the data.
const DESCRIPTOR: u16 = 1 << 3;
/// The flag of a name in UTF-8.
const NAME_UTF8: u16 = 1 << 11;
/// In four bytes: the value is in the zip64 field instead.
const IN_ZIP64: u32 = u32::MAX;
/// In two bytes: the value is in the zip64 record instead.
const IN_ZIP64_SHORT: u16 = u16::MAX;

#[cfg(test)]
mod tests;
