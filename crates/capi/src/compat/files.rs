//! The bundled library behind Shorebird's four functions, which are believed nothing.
#![expect(unsafe_code, reason = "functions of C are called")]

use std::ffi::c_void;
use std::io;
use std::sync::{Mutex, PoisonError};

use patchproof_device::ReadAt;

use super::types::FileCallbacks;
use crate::callbacks::{UserData, counted};

type Read = unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> usize;
type Seek = unsafe extern "C" fn(*mut c_void, i64, i32) -> i64;
type Close = unsafe extern "C" fn(*mut c_void);

/// A library that is open.
pub(crate) struct OpenFile {
    /// The place in the file is the handle's: one at a time.
    handle: Mutex<UserData>,
    read: Read,
    seek: Seek,
    close: Close,
    length_bytes: u64,
}

impl OpenFile {
    /// Opens it and asks how long it is.
    ///
    /// # Safety
    /// The functions may be called as their types say, from any thread, one at a time, until what
    /// this returns is dropped.
    pub(crate) unsafe fn open(callbacks: FileCallbacks) -> io::Result<Self> {
        let FileCallbacks {
            open: Some(open),
            read: Some(read),
            seek: Some(seek),
            close: Some(close),
        } = callbacks
        else {
            return Err(io::Error::other("one of the file callbacks is NULL"));
        };
        // SAFETY: by the contract above.
        let handle = unsafe { open() };
        if handle.is_null() {
            return Err(io::Error::other("the file callback `open` gives NULL"));
        }
        let mut file = Self {
            handle: Mutex::new(UserData(handle)),
            read,
            seek,
            close,
            length_bytes: 0,
        };
        // SAFETY: the handle is the one that `open` gave, and nobody else uses it.
        let end = unsafe { seek(handle, 0, FROM_END) };
        file.length_bytes = place(end)?;
        Ok(file)
    }
}

impl ReadAt for OpenFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.length_bytes)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let handle = self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        let to = i64::try_from(offset).map_err(io::Error::other)?;
        // SAFETY: the handle is the one that `open` gave, and the lock keeps others from it.
        let found = place(unsafe { (self.seek)(handle.0, to, FROM_START) })?;
        if found != offset {
            return Err(io::Error::other(format!(
                "the file callback `seek` went to {found}, asked for {offset}"
            )));
        }
        let mut filled = 0_usize;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            // SAFETY:
            // - The handle is the one that `open` gave, and the lock keeps others from it.
            // - `rest` is good to write `rest.len()` bytes to.
            let count = unsafe { (self.read)(handle.0, rest.as_mut_ptr(), rest.len()) };
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            filled += counted(count, rest.len())?;
        }
        Ok(())
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        let handle = self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the handle is the one that `open` gave; it is closed here, once.
        unsafe { (self.close)(handle.0) };
    }
}

fn place(answered: i64) -> io::Result<u64> {
    u64::try_from(answered)
        .map_err(|_| io::Error::other(format!("the file callback `seek` answers {answered}")))
}

const FROM_START: i32 = 0;
const FROM_END: i32 = 2;

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
