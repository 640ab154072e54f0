//! The end record: the one place that says where the central directory is.

use memchr::memmem;

use super::{Fault, IN_ZIP64, IN_ZIP64_SHORT};
use crate::fault::ZipFault;
use crate::fields::Fields;
use crate::window::Window;

/// Where the central directory lies and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) entries: u64,
    pub(super) directory_start: u64,
    pub(super) directory_size_bytes: u64,
    /// Where other end records could stand that end with the file or inside it: each is a second
    /// reading, unless it lies in the data of an entry and ends before the file does.
    pub(super) others: Vec<Other>,
    /// Where this one stands.
    pub(super) at: u64,
}

/// Bytes that could be read as an end record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Other {
    pub(super) at: u64,
    pub(super) ends_with_the_file: bool,
}

/// Finds the last end record, as Android does, and holds the others against it.
pub(super) fn read(window: &Window) -> Result<End, Fault> {
    let size_bytes = window.size_bytes();
    let tail_start = size_bytes.saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
    let tail_bytes = usize::try_from(size_bytes - tail_start).unwrap_or(usize::MAX);
    let tail = window.read_at(tail_start, tail_bytes)?;
    let mut records: Vec<Record> = memmem::find_iter(&tail, END_SIGNATURE)
        .filter_map(|at| Record::read(tail.get(at..)?, tail_start, at))
        .collect();
    let last = records.pop().ok_or(ZipFault::NoEnd)?;
    if last.end() > size_bytes {
        return Err(ZipFault::EndCut { at: last.at }.into());
    }
    if last.end() < size_bytes {
        let count = size_bytes - last.end();
        return Err(ZipFault::TrailingBytes { count }.into());
    }
    let (directory, place) = directory(window, &last)?;
    let expected = place;
    let found = directory.start.checked_add(directory.size_bytes);
    if found != Some(expected) {
        let found = found.unwrap_or(u64::MAX);
        return Err(ZipFault::DirectoryMisplaced { expected, found }.into());
    }
    limits(&directory)?;
    let others = records
        .into_iter()
        .filter(|record| record.end() <= size_bytes);
    Ok(End {
        entries: directory.entries,
        directory_start: directory.start,
        directory_size_bytes: directory.size_bytes,
        others: others.map(|record| record.other(size_bytes)).collect(),
        at: last.at,
    })
}

fn limits(directory: &Directory) -> Result<(), ZipFault> {
    let (found, limit) = (directory.entries, ENTRIES_MAX);
    if found > limit {
        return Err(ZipFault::TooManyEntries { found, limit });
    }
    let (found, limit) = (directory.size_bytes, DIRECTORY_BYTES_MAX);
    if found > limit {
        return Err(ZipFault::DirectoryTooLarge { found, limit });
    }
    Ok(())
}

/// Where the central directory is, by the plain record or by zip64's, and where it has to end.
fn directory(window: &Window, last: &Record) -> Result<(Directory, u64), Fault> {
    let plain = last.directory()?;
    let Some(locator_at) = last.at.checked_sub(LOCATOR_BYTES) else {
        return Ok((plain, last.at));
    };
    let locator = window.read_at(locator_at, LOCATOR_LEN)?;
    let mut fields = Fields::new(&locator);
    if fields.take(4) != Some(LOCATOR_SIGNATURE) {
        return Ok((plain, last.at));
    }
    let broken = |what| ZipFault::Zip64 { what };
    let (disk, at, disks) = (|| Some((fields.u32()?, fields.u64()?, fields.u32()?)))()
        .ok_or(broken("the locator is cut short"))?;
    if disk != 0 || disks > 1 {
        return Err(ZipFault::ManyDisks.into());
    }
    let record = window
        .read_at(at, END64_LEN)
        .map_err(|_| broken("the locator leads out of the file"))?;
    let zip64 = end64(&record, locator_at - at.min(locator_at))?;
    if !last.agrees_with(&zip64) {
        return Err(broken("the plain end record tells other numbers").into());
    }
    Ok((zip64, at))
}

/// The zip64 end record, which has to fill all of `room` up to its locator.
fn end64(record: &[u8], room: u64) -> Result<Directory, ZipFault> {
    let broken = |what| ZipFault::Zip64 { what };
    let mut fields = Fields::new(record);
    if fields.take(4) != Some(END64_SIGNATURE) {
        return Err(broken("the locator leads to no zip64 end record"));
    }
    let cut = broken("the end record is cut short");
    let size_bytes = fields.u64().ok_or(cut.clone())?;
    if size_bytes.checked_add(12) != Some(room) {
        return Err(broken(
            "the end record does not end where its locator starts",
        ));
    }
    fields.take(4).ok_or(cut.clone())?;
    let read = |fields: &mut Fields<'_>| {
        let disks = (fields.u32()?, fields.u32()?);
        let entries = (fields.u64()?, fields.u64()?);
        Some((disks, entries, fields.u64()?, fields.u64()?))
    };
    let (disks, entries, size_bytes, start) = read(&mut fields).ok_or(cut)?;
    if disks != (0, 0) || entries.0 != entries.1 {
        return Err(ZipFault::ManyDisks);
    }
    Ok(Directory {
        entries: entries.0,
        size_bytes,
        start,
    })
}

struct Directory {
    entries: u64,
    size_bytes: u64,
    start: u64,
}

/// The plain end record, as it stands there.
struct Record {
    at: u64,
    disks: (u16, u16),
    entries: (u16, u16),
    directory_size_bytes: u32,
    directory_start: u32,
    comment_bytes: u16,
}

impl Record {
    fn read(bytes: &[u8], tail_start: u64, at: usize) -> Option<Record> {
        let at = tail_start.checked_add(u64::try_from(at).ok()?)?;
        let mut fields = Fields::new(bytes);
        fields.take(END_SIGNATURE.len())?;
        Some(Record {
            at,
            disks: (fields.u16()?, fields.u16()?),
            entries: (fields.u16()?, fields.u16()?),
            directory_size_bytes: fields.u32()?,
            directory_start: fields.u32()?,
            comment_bytes: fields.u16()?,
        })
    }

    fn end(&self) -> u64 {
        let size_bytes = END_BYTES + u64::from(self.comment_bytes);
        self.at.saturating_add(size_bytes)
    }

    fn other(&self, size_bytes: u64) -> Other {
        Other {
            at: self.at,
            ends_with_the_file: self.end() == size_bytes,
        }
    }

    fn directory(&self) -> Result<Directory, ZipFault> {
        if self.disks != (0, 0) || self.entries.0 != self.entries.1 {
            return Err(ZipFault::ManyDisks);
        }
        Ok(Directory {
            entries: u64::from(self.entries.0),
            size_bytes: u64::from(self.directory_size_bytes),
            start: u64::from(self.directory_start),
        })
    }

    fn agrees_with(&self, zip64: &Directory) -> bool {
        let entries = self.entries.0;
        (entries == IN_ZIP64_SHORT || u64::from(entries) == zip64.entries)
            && fits(self.directory_size_bytes, zip64.size_bytes)
            && fits(self.directory_start, zip64.start)
    }
}

fn fits(plain: u32, zip64: u64) -> bool {
    plain == IN_ZIP64 || u64::from(plain) == zip64
}

const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const END64_SIGNATURE: &[u8] = b"PK\x06\x06";
const LOCATOR_SIGNATURE: &[u8] = b"PK\x06\x07";
const END_BYTES: u64 = 22;
const COMMENT_BYTES_MAX: u64 = 65_535;
const LOCATOR_BYTES: u64 = 20;
const LOCATOR_LEN: usize = 20;
const END64_LEN: usize = 56;
/// More files than any app is known to have, and little memory still.
const ENTRIES_MAX: u64 = 200_000;
/// The directory is read whole.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;
