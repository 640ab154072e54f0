//! The bundled library behind functions of the embedder's, which are believed nothing.
#![expect(unsafe_code, reason = "functions of C are called")]

use std::ffi::c_void;
use std::io;

use patchproof_device::ReadAt;

/// A pointer that is handed back to the embedder's functions and never looked at.
#[derive(Clone, Copy)]
pub(crate) struct UserData(pub(crate) *mut c_void);

// SAFETY: nothing here follows the pointer. The header asks that the functions that it is handed to
// may be called from any thread, one at a time where it says so.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

/// Reads the bundled library; `PatchproofReadAt` of the header.
pub(crate) type ReadAtFunction = unsafe extern "C" fn(*mut c_void, u64, *mut u8, usize) -> i64;

/// The bundled library as one function reads it.
pub(crate) struct ReadByPosition {
    pub(crate) read_at: ReadAtFunction,
    pub(crate) user_data: UserData,
    pub(crate) length_bytes: u64,
}

impl ReadAt for ReadByPosition {
    fn length(&self) -> io::Result<u64> {
        Ok(self.length_bytes)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let mut filled = 0_usize;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let done = u64::try_from(filled).map_err(io::Error::other)?;
            let at = offset
                .checked_add(done)
                .ok_or(io::ErrorKind::UnexpectedEof)?;
            // SAFETY:
            // - The embedder handed over this function for this user data, to be called from any
            //   thread until the updater is closed and each call that uses it has returned.
            // - `rest` is good to write `rest.len()` bytes to.
            let answered =
                unsafe { (self.read_at)(self.user_data.0, at, rest.as_mut_ptr(), rest.len()) };
            filled += counted(answered, rest.len())?;
        }
        Ok(())
    }
}

/// How many bytes an answer says, unless it is nonsense.
pub(crate) fn counted(answered: i64, asked: usize) -> io::Result<usize> {
    match usize::try_from(answered) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(count) if count <= asked => Ok(count),
        Ok(count) => Err(io::Error::other(format!(
            "the app's function says that it read {count} bytes into a buffer of {asked}"
        ))),
        Err(_) => Err(io::Error::other(format!(
            "the app's function cannot read the bundled library: it answers {answered}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn half(_: *mut c_void, offset: u64, to: *mut u8, count: usize) -> i64 {
        for index in 0..count.div_ceil(2) {
            let byte = u8::try_from((offset + u64::try_from(index).unwrap()) % 251).unwrap();
            // SAFETY: the caller promises `count` bytes, and `index` is below that.
            unsafe { to.wrapping_add(index).write(byte) };
        }
        i64::try_from(count.div_ceil(2)).unwrap()
    }

    unsafe extern "C" fn too_many(_: *mut c_void, _: u64, _: *mut u8, count: usize) -> i64 {
        i64::try_from(count).unwrap() + 1
    }

    unsafe extern "C" fn nothing(_: *mut c_void, _: u64, _: *mut u8, _: usize) -> i64 {
        0
    }

    unsafe extern "C" fn fails(_: *mut c_void, _: u64, _: *mut u8, _: usize) -> i64 {
        i64::MIN
    }

    fn read(read_at: ReadAtFunction) -> io::Result<Vec<u8>> {
        let library = ReadByPosition {
            read_at,
            user_data: UserData(std::ptr::null_mut()),
            length_bytes: 100,
        };
        let mut bytes = vec![0; 10];
        library.read_exact_at(&mut bytes, 5)?;
        Ok(bytes)
    }

    #[test]
    fn short_reads_are_gone_on_with() {
        assert_eq!(read(half).unwrap(), [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    }

    #[test]
    fn a_function_that_says_it_read_more_than_there_is_room_for_is_not_believed() {
        assert!(read(too_many).unwrap_err().to_string().contains("11 bytes"));
    }

    #[test]
    fn an_end_before_the_end_is_one() {
        let error = read(nothing).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn an_error_of_the_app_is_one() {
        assert!(read(fails).unwrap_err().to_string().contains("cannot read"));
    }
}
