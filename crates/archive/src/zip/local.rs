//! The header in front of an entry's data, held against the central directory.

use std::fmt::Display;

use super::end::End;
use super::extra::Zip64;
use super::{DESCRIPTOR, Entry, Fault, HOW_WELL, Placed};
use crate::fault::ZipFault;
use crate::fields::Fields;
use crate::window::Window;

/// Reads the local header of `entry` and tells which bytes the entry takes up.
pub(super) fn read(window: &Window, end: &End, entry: Entry) -> Result<Placed, Fault> {
    match place(window, end, &entry) {
        Ok((data_start, end)) => Ok(Placed {
            entry,
            data_start,
            end,
        }),
        Err(mut fault) => {
            fault.entry = Some(entry.name);
            Err(fault)
        }
    }
}

fn place(window: &Window, end: &End, entry: &Entry) -> Result<(u64, u64), Fault> {
    let at = entry.header_start;
    let limit = end.directory_start;
    let missing = ZipFault::NoLocalHeader { at };
    let names_start = at.checked_add(HEADER_BYTES).ok_or(missing.clone())?;
    if names_start > limit {
        return Err(missing.into());
    }
    let fixed = window.read_at(at, HEADER_LEN)?;
    let header = Header::read(&fixed).ok_or(missing)?;
    let (name_len, extra_len) = (usize::from(header.name_len), usize::from(header.extra_len));
    let names_len = u64::from(header.name_len) + u64::from(header.extra_len);
    let outside = |end| ZipFault::Outside { end, limit };
    let data_start = names_start.saturating_add(names_len);
    if data_start > limit {
        return Err(outside(data_start).into());
    }
    let names = window.read_at(names_start, name_len + extra_len)?;
    let (name, extra) = names.split_at_checked(name_len).unwrap_or_default();
    header.compare(entry, name, extra)?;
    let data_end = data_start.saturating_add(entry.stored_size_bytes);
    if data_end > limit {
        return Err(outside(data_end).into());
    }
    if entry.flags & DESCRIPTOR == 0 {
        return Ok((data_start, data_end));
    }
    let size = descriptor(window, data_end, limit, entry)?;
    Ok((data_start, data_end.saturating_add(size)))
}

/// One header, as it stands there.
struct Header {
    flags: u16,
    method: u16,
    crc32: u32,
    stored_size_bytes: u32,
    size_bytes: u32,
    name_len: u16,
    extra_len: u16,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Header> {
        let mut fields = Fields::new(bytes);
        if fields.take(4)? != SIGNATURE {
            return None;
        }
        fields.take(2)?; // the version that it needs
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.take(4)?; // when it was last changed
        Some(Header {
            flags,
            method,
            crc32: fields.u32()?,
            stored_size_bytes: fields.u32()?,
            size_bytes: fields.u32()?,
            name_len: fields.u16()?,
            extra_len: fields.u16()?,
        })
    }

    fn compare(&self, entry: &Entry, name: &[u8], extra: &[u8]) -> Result<(), ZipFault> {
        if name != entry.name.as_bytes() {
            let local = name.escape_ascii().to_string();
            return Err(disagree("name", &entry.name, local));
        }
        same("method", entry.method.number(), self.method)?;
        let (central, local) = (entry.flags & !HOW_WELL, self.flags & !HOW_WELL);
        same("set of flags", central, local)?;
        let mut zip64 = Zip64::find(extra)?;
        if self.flags & DESCRIPTOR != 0 {
            return self.compare_deferred(entry, &mut zip64);
        }
        let size = zip64.resolve(self.size_bytes)?;
        let stored = zip64.resolve(self.stored_size_bytes)?;
        same("size", entry.size_bytes, size)?;
        same("packed size", entry.stored_size_bytes, stored)?;
        same("checksum", entry.crc32, self.crc32)
    }

    /// With a descriptor behind the data the header may leave the values open, by zeros.
    fn compare_deferred(&self, entry: &Entry, zip64: &mut Zip64<'_>) -> Result<(), ZipFault> {
        let size = zip64.resolve(self.size_bytes)?;
        let stored = zip64.resolve(self.stored_size_bytes)?;
        same_or_zero("size", entry.size_bytes, size)?;
        same_or_zero("packed size", entry.stored_size_bytes, stored)?;
        same_or_zero("checksum", u64::from(entry.crc32), u64::from(self.crc32))
    }
}

fn same<T: Display + PartialEq>(field: &'static str, central: T, local: T) -> Result<(), ZipFault> {
    if central == local {
        return Ok(());
    }
    Err(disagree(field, central, local))
}

fn same_or_zero(field: &'static str, central: u64, local: u64) -> Result<(), ZipFault> {
    if local == 0 {
        return Ok(());
    }
    same(field, central, local)
}

fn disagree(field: &'static str, central: impl Display, local: impl Display) -> ZipFault {
    ZipFault::HeadersDisagree {
        field,
        central: central.to_string(),
        local: local.to_string(),
    }
}

/// The size of the record behind the data, in bytes: with or without a signature, 32 or 64 bits.
fn descriptor(window: &Window, at: u64, limit: u64, entry: &Entry) -> Result<u64, Fault> {
    let room = limit.saturating_sub(at).min(DESCRIPTOR_BYTES_MAX);
    let bytes = window.read_at(at, usize::try_from(room).unwrap_or_default())?;
    let forms = [(true, false), (true, true), (false, false), (false, true)];
    for (signed, wide) in forms {
        if let Some(size) = descriptor_in(&bytes, entry, signed, wide) {
            return Ok(size);
        }
    }
    Err(ZipFault::DescriptorDisagrees.into())
}

fn descriptor_in(bytes: &[u8], entry: &Entry, signed: bool, wide: bool) -> Option<u64> {
    let mut fields = Fields::new(bytes);
    if signed && fields.take(4)? != DESCRIPTOR_SIGNATURE {
        return None;
    }
    let crc32 = fields.u32()?;
    let mut size = || match wide {
        true => fields.u64(),
        false => fields.u32().map(u64::from),
    };
    let found = (crc32, size()?, size()?);
    let expected = (entry.crc32, entry.stored_size_bytes, entry.size_bytes);
    let taken = bytes.len() - fields.rest().len();
    (found == expected).then_some(u64::try_from(taken).ok()?)
}

const SIGNATURE: &[u8] = b"PK\x03\x04";
const HEADER_BYTES: u64 = 30;
const HEADER_LEN: usize = 30;
const DESCRIPTOR_SIGNATURE: &[u8] = b"PK\x07\x08";
const DESCRIPTOR_BYTES_MAX: u64 = 24;
