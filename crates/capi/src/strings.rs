//! Texts that C gets to keep, and gives back.
#![expect(unsafe_code, reason = "what was given away is taken back as a pointer")]

use std::ffi::{CString, c_char};

/// A text for the caller to keep until [`free`]. A NUL in it would end it there, so there is none.
pub(crate) fn give(text: &str) -> *mut c_char {
    let bytes: Vec<u8> = text.bytes().filter(|byte| *byte != 0).collect();
    CString::new(bytes).unwrap_or_default().into_raw()
}

/// Takes back what [`give`] gave; NULL is nothing.
///
/// # Safety
/// `text` is NULL, or was given by [`give`], unchanged in length, and was not taken back yet.
pub(crate) unsafe fn free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: it comes from `CString::into_raw` and is taken back once, by the contract above.
        drop(unsafe { CString::from_raw(text) });
    }
}
