//! The content of a part, piece by piece: sizes and checksum hold, or it is an error.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::error::PartError;
use crate::fault::DataFault;
use crate::part::{Content, Part};
use crate::window::Window;

/// Hands the content of `part` to `sink`, at most [`PIECE_BYTES`] at a time.
///
/// What `sink` has taken before an error is not to be trusted.
pub(crate) fn stream(part: &Part, sink: &mut dyn FnMut(&[u8])) -> Result<(), PartError> {
    let mut checked = Checked {
        part,
        crc: Crc::new(),
        count: 0,
        sink,
    };
    match &part.content {
        Content::Stored(window) => stored(window, &mut checked)?,
        Content::Deflated(window) => deflated(window, &mut checked)?,
        Content::File(path) => return file(path, &mut checked),
    }
    checked.finish()
}

/// What came out so far, and where it goes.
struct Checked<'a> {
    part: &'a Part,
    crc: Crc,
    count: u64,
    sink: &'a mut dyn FnMut(&[u8]),
}

impl Checked<'_> {
    fn push(&mut self, piece: &[u8]) -> Result<(), PartError> {
        let declared = self.part.size_bytes;
        self.count = self.count.saturating_add(length(piece));
        if self.count > declared {
            return Err(self.damaged(DataFault::Longer { declared }));
        }
        self.crc.update(piece);
        (self.sink)(piece);
        Ok(())
    }

    fn finish(&self) -> Result<(), PartError> {
        let (declared, found) = (self.part.size_bytes, self.count);
        if found != declared {
            return Err(self.damaged(DataFault::Shorter { declared, found }));
        }
        let found = self.crc.sum();
        match self.part.crc32 {
            Some(declared) if declared != found => {
                Err(self.damaged(DataFault::Crc { declared, found }))
            }
            _ => Ok(()),
        }
    }

    fn damaged(&self, why: DataFault) -> PartError {
        let location = self.part.location.clone();
        PartError::Damaged { location, why }
    }

    fn io(&self, error: &io::Error) -> PartError {
        let location = self.part.location.clone();
        let reason = error.to_string();
        PartError::Io { location, reason }
    }
}

fn stored(window: &Window, out: &mut Checked<'_>) -> Result<(), PartError> {
    let mut reader = window.reader();
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        let count = reader.read(&mut buffer).map_err(|error| out.io(&error))?;
        match buffer.get(..count) {
            None | Some([]) => return Ok(()),
            Some(piece) => out.push(piece)?,
        }
    }
}

fn deflated(window: &Window, out: &mut Checked<'_>) -> Result<(), PartError> {
    let mut reader = window.reader();
    let mut inflater = Decompress::new(false);
    let (mut packed, mut unpacked) = (vec![0; PIECE_BYTES], vec![0; PIECE_BYTES]);
    loop {
        let count = reader.read(&mut packed).map_err(|error| out.io(&error))?;
        let mut left = packed.get(..count).unwrap_or_default();
        loop {
            let (taken, given) = (inflater.total_in(), inflater.total_out());
            let status = inflater.decompress(left, &mut unpacked, FlushDecompress::None);
            let status = status.map_err(|_| out.damaged(DataFault::Deflate))?;
            let taken = index(inflater.total_in() - taken);
            let given = index(inflater.total_out() - given);
            left = left.get(taken..).unwrap_or_default();
            out.push(unpacked.get(..given).unwrap_or_default())?;
            if status == Status::StreamEnd {
                return at_end(window, inflater.total_in(), out);
            }
            if left.is_empty() && given < unpacked.len() {
                break;
            }
            if taken == 0 && given == 0 {
                return Err(out.damaged(DataFault::Deflate));
            }
        }
        if count == 0 {
            return Err(out.damaged(DataFault::Unended));
        }
    }
}

fn at_end(window: &Window, taken: u64, out: &Checked<'_>) -> Result<(), PartError> {
    match window.size_bytes().saturating_sub(taken) {
        0 => Ok(()),
        count => Err(out.damaged(DataFault::Trailing { count })),
    }
}

fn file(path: &Path, out: &mut Checked<'_>) -> Result<(), PartError> {
    let changed = || PartError::Changed {
        location: out.part.location.clone(),
    };
    let listed = std::fs::symlink_metadata(path).map_err(|error| out.io(&error))?;
    if !listed.is_file() || listed.len() != out.part.size_bytes {
        return Err(changed());
    }
    let file = File::open(path).map_err(|error| out.io(&error))?;
    let opened = file.metadata().map_err(|error| out.io(&error))?;
    if !opened.is_file() {
        return Err(changed());
    }
    let mut reader = file.take(out.part.size_bytes.saturating_add(1));
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        let count = reader.read(&mut buffer).map_err(|error| out.io(&error))?;
        let piece = buffer.get(..count).unwrap_or_default();
        if out.count.saturating_add(length(piece)) > out.part.size_bytes {
            break;
        }
        if piece.is_empty() && out.count == out.part.size_bytes {
            return Ok(());
        }
        if piece.is_empty() {
            break;
        }
        out.push(piece)?;
    }
    let location = out.part.location.clone();
    Err(PartError::Changed { location })
}

fn length(piece: &[u8]) -> u64 {
    u64::try_from(piece.len()).unwrap_or(u64::MAX)
}

/// A difference of two counters that one call moved: at most one piece.
fn index(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// How much is in memory at once, in bytes, packed and unpacked each.
const PIECE_BYTES: usize = 64 * 1024;
