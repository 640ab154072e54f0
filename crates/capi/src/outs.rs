//! Where C wants an answer written: looked at before anything is done, written to at the end.
#![expect(unsafe_code, reason = "this is where pointers of C are written to")]

use crate::arguments::{Versioned, check};
use crate::failure::Failure;

/// A place of the caller's for one value.
pub(crate) struct Out<T> {
    /// Neither NULL nor misaligned, and good to write `bytes` to.
    pointer: *mut T,
    bytes: usize,
}

impl<T: Copy> Out<T> {
    /// Of a plain value.
    ///
    /// # Safety
    /// `pointer` is NULL, misaligned, or good to write a `T` to until what this returns is dropped.
    pub(crate) unsafe fn plain(name: &'static str, pointer: *mut T) -> Result<Self, Failure> {
        check(name, pointer.cast_const())?;
        Ok(Self {
            pointer,
            bytes: size_of::<T>(),
        })
    }

    /// Of a plain value that need not be asked for: NULL is none.
    ///
    /// # Safety
    /// As [`Out::plain`].
    pub(crate) unsafe fn optional(
        name: &'static str,
        pointer: *mut T,
    ) -> Result<Option<Self>, Failure> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: the contract is the same.
        unsafe { Self::plain(name, pointer) }.map(Some)
    }

    /// Writes the value, as much of it as the caller has a place for.
    pub(crate) fn write(&self, value: T) {
        let bytes = self.bytes.min(size_of::<T>());
        let from = std::ptr::from_ref(&value).cast::<u8>();
        // SAFETY:
        // - `pointer` is good to write `bytes` to, as whoever made this promised.
        // - `from` is a local of ours of `size_of::<T>()` bytes, and overlaps with nothing.
        unsafe { std::ptr::copy_nonoverlapping(from, self.pointer.cast::<u8>(), bytes) };
    }
}

impl<T: Versioned> Out<T> {
    /// Of a struct that says its size.
    ///
    /// # Safety
    /// `pointer` is NULL, misaligned, or good to read and write as many bytes as its first field
    /// says until what this returns is dropped.
    pub(crate) unsafe fn versioned(name: &'static str, pointer: *mut T) -> Result<Self, Failure> {
        check(name, pointer.cast_const())?;
        // SAFETY:
        // - `pointer` is neither NULL nor misaligned, as `check` saw.
        // - Its first field is a usize by `Versioned`, and can be read by the contract above.
        let bytes = unsafe { pointer.cast::<usize>().read() };
        if bytes < T::FIRST_BYTES {
            return Err(Failure::argument(format!(
                "{name}->struct_bytes is {bytes}, expected sizeof(*{name}), here {}",
                size_of::<T>()
            )));
        }
        Ok(Self { pointer, bytes })
    }

    /// How many bytes the caller has a place for.
    pub(crate) const fn struct_bytes(&self) -> usize {
        self.bytes
    }
}
