//! A stretch of bytes, in a file or in memory, read by position and from any thread.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// A stretch of a file or of memory. A clone is another handle to the same bytes.
#[derive(Clone)]
pub(crate) struct Window {
    backing: Backing,
    start: u64,
    size_bytes: u64,
}

#[derive(Clone)]
enum Backing {
    File(Arc<File>),
    Memory(Arc<Vec<u8>>),
}

impl Window {
    /// The whole of a file, as long as it is now.
    pub(crate) fn of_file(file: File) -> io::Result<Window> {
        let size_bytes = file.metadata()?.len();
        let backing = Backing::File(Arc::new(file));
        Ok(Window {
            backing,
            start: 0,
            size_bytes,
        })
    }

    /// Bytes in memory.
    pub(crate) fn of_memory(bytes: Vec<u8>) -> Window {
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let backing = Backing::Memory(Arc::new(bytes));
        Window {
            backing,
            start: 0,
            size_bytes,
        }
    }

    /// How long it is, in bytes.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// A stretch of this one, if it lies inside.
    pub(crate) fn part(&self, offset: u64, size_bytes: u64) -> Option<Window> {
        if offset.checked_add(size_bytes)? > self.size_bytes {
            return None;
        }
        Some(Window {
            backing: self.backing.clone(),
            start: self.start.checked_add(offset)?,
            size_bytes,
        })
    }

    /// Fills `buffer` from `offset` on.
    pub(crate) fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let ends = u64::try_from(buffer.len())
            .ok()
            .and_then(|size_bytes| offset.checked_add(size_bytes));
        if ends.is_none_or(|end| end > self.size_bytes) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let at = self.start.checked_add(offset);
        let at = at.ok_or(io::ErrorKind::UnexpectedEof)?;
        match &self.backing {
            Backing::File(file) => read_file_at(file, at, buffer),
            Backing::Memory(bytes) => {
                let found = usize::try_from(at).ok().and_then(|at| {
                    let end = at.checked_add(buffer.len())?;
                    bytes.get(at..end)
                });
                buffer.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
                Ok(())
            }
        }
    }

    /// A stretch of it in memory. The caller bounds `size_bytes`.
    pub(crate) fn read_at(&self, offset: u64, size_bytes: usize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; size_bytes];
        self.read_exact_at(offset, &mut buffer)?;
        Ok(buffer)
    }

    /// The first bytes, at most `limit` of them.
    pub(crate) fn head(&self, limit: usize) -> io::Result<Vec<u8>> {
        let size_bytes = usize::try_from(self.size_bytes).unwrap_or(usize::MAX);
        self.read_at(0, size_bytes.min(limit))
    }

    /// A reader over it with a position of its own, for libraries that want one.
    pub(crate) fn reader(&self) -> WindowReader {
        WindowReader {
            window: self.clone(),
            position: 0,
        }
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.backing {
            Backing::File(_) => "file",
            Backing::Memory(_) => "memory",
        };
        write!(f, "Window({kind}, {}+{})", self.start, self.size_bytes)
    }
}

/// A position in a window.
#[derive(Clone, Debug)]
pub(crate) struct WindowReader {
    window: Window,
    position: u64,
}

impl Read for WindowReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.window.size_bytes.saturating_sub(self.position);
        let count = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let Some(buffer) = buffer.get_mut(..count) else {
            return Ok(0);
        };
        self.window.read_exact_at(self.position, buffer)?;
        self.position += u64::try_from(count).map_err(io::Error::other)?;
        Ok(count)
    }
}

impl Seek for WindowReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.window.size_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
fn read_file_at(file: &File, mut at: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    while !buffer.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, buffer, at)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        at += u64::try_from(count).map_err(io::Error::other)?;
        buffer = buffer.split_at_mut(count).1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_part_counts_from_its_own_start() {
        let window = Window::of_memory(b"abcdef".to_vec());
        let inner = window.part(1, 4).unwrap().part(1, 2).unwrap();
        assert_eq!(inner.read_at(0, 2).unwrap(), b"cd");
    }

    #[test]
    fn nothing_is_read_past_the_end_of_a_part() {
        let inner = Window::of_memory(b"abcdef".to_vec()).part(1, 2).unwrap();
        assert!(inner.read_at(1, 2).is_err());
        assert!(inner.part(1, 2).is_none());
    }
}
