//! A zip archive as a reader of streams sees it: one local header after the other, and never the
//! directory.

use std::collections::BTreeMap;

use flate2::{Decompress, FlushDecompress, Status};

use super::{Contents, hash};

/// What came along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Streamed {
    /// The files; an entry without a name is room that a tool keeps, and a folder holds nothing.
    /// And whether it stopped at the directory, or at bytes that it can make nothing of.
    Files { files: Contents, at_directory: bool },
    /// It cannot go on: it does not know where a file ends.
    Cannot,
}

/// Reads from the first byte on, up to what is no local header, or no content of an entry that
/// holds nothing.
pub(super) fn streamed(file: &[u8]) -> Streamed {
    let mut rest = file;
    let mut files = BTreeMap::new();
    while let Some(header) = Header::read(rest) {
        let Some((content, taken)) = header.content(rest) else {
            if header.is_file() {
                return Streamed::Cannot;
            }
            break;
        };
        if header.is_file() {
            files.insert(header.name, hash(&content));
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    let at_directory = rest.starts_with(b"PK\x01\x02");
    Streamed::Files {
        files,
        at_directory,
    }
}

struct Header {
    name: String,
    flags: usize,
    method: usize,
    packed_bytes: usize,
    data_start: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"PK\x03\x04") {
            return None;
        }
        let (name_bytes, extra_bytes) = (number(bytes, 26, 2)?, number(bytes, 28, 2)?);
        let extra_start = 30 + name_bytes;
        let data_start = extra_start + extra_bytes;
        let name = bytes.get(30..extra_start)?;
        let packed_bytes = match number(bytes, 18, 4)? {
            IN_ZIP64 => wide_packed_bytes(bytes.get(extra_start..data_start)?, bytes)?,
            plain => plain,
        };
        Some(Self {
            name: String::from_utf8_lossy(name).into_owned(),
            flags: number(bytes, 6, 2)?,
            method: number(bytes, 8, 2)?,
            packed_bytes,
            data_start,
        })
    }

    /// And no folder, nor room that a tool keeps.
    fn is_file(&self) -> bool {
        !self.name.is_empty() && !self.name.ends_with('/')
    }

    /// What it holds, and how many bytes it takes up with its headers.
    fn content(&self, bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
        let data = bytes.get(self.data_start..)?;
        let deferred = self.flags & 8 != 0;
        let (content, packed_bytes) = match self.method {
            8 => inflated(data)?,
            _ if deferred => return None,
            _ => (data.get(..self.packed_bytes)?.to_vec(), self.packed_bytes),
        };
        let behind = data.get(packed_bytes..)?;
        let descriptor = if deferred {
            descriptor_bytes(behind)?
        } else {
            0
        };
        Some((content, self.data_start + packed_bytes + descriptor))
    }
}

/// A deflated stream says itself where it ends.
fn inflated(data: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut inflater = Decompress::new(false);
    let mut content = Vec::new();
    loop {
        content.reserve(PIECE_BYTES);
        let before = (inflater.total_in(), inflater.total_out());
        let rest = data.get(usize::try_from(inflater.total_in()).ok()?..)?;
        let status = inflater.decompress_vec(rest, &mut content, FlushDecompress::None);
        match status.ok()? {
            Status::StreamEnd => {
                return Some((content, usize::try_from(inflater.total_in()).ok()?));
            }
            _ if content.len() > CONTENT_BYTES_MAX => return None,
            _ if before == (inflater.total_in(), inflater.total_out()) => return None,
            _ => {}
        }
    }
}

/// Behind a descriptor stands another record, which begins with `PK`: of its four forms the one
/// that does.
fn descriptor_bytes(behind: &[u8]) -> Option<usize> {
    let signed = behind.starts_with(b"PK\x07\x08");
    let forms = if signed { [16, 24] } else { [12, 20] };
    let ends = |bytes: &usize| {
        let next = behind.get(*bytes..).unwrap_or_default();
        next.starts_with(b"PK") || next.len() < 4
    };
    // An APK's signing block is no record; then the shorter form it is.
    forms.into_iter().find(ends).or(forms.first().copied())
}

/// The packed size in the field of ZIP64, behind the size where that is there too.
fn wide_packed_bytes(mut extra: &[u8], header: &[u8]) -> Option<usize> {
    while let (Some(id), Some(length)) = (number(extra, 0, 2), number(extra, 2, 2)) {
        if id == 1 {
            let behind = if number(header, 22, 4)? == IN_ZIP64 {
                8
            } else {
                0
            };
            return number(extra, 4 + behind, 8);
        }
        extra = extra.get(4 + length..)?;
    }
    None
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let digits = bytes.get(at..at.checked_add(width)?)?;
    let number = digits
        .iter()
        .rev()
        .fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
    usize::try_from(number).ok()
}

const IN_ZIP64: usize = 0xffff_ffff;
const PIECE_BYTES: usize = 4096;
const CONTENT_BYTES_MAX: usize = 4 << 20;
