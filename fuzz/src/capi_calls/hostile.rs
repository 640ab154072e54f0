//! Arguments that no well-written program hands over.

use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use super::chances::Chances;

/// A pointer for a call, and whether it is one that the call can use.
pub(super) struct Place<T> {
    pub(super) pointer: *mut T,
    pub(super) is_good: bool,
}

/// A place for a value: mostly `good`, else NULL or an address that is not aligned.
///
/// What is misaligned lies in the same value and is refused before it is read.
pub(super) fn place<T>(good: &mut T, chances: &mut Chances<'_>) -> Place<T> {
    let pointer: *mut T = good;
    let (pointer, is_good) = match chances.below(12) {
        11 => (std::ptr::null_mut(), false),
        10 if align_of::<T>() > 1 => (pointer.wrapping_byte_add(1), false),
        _ => (pointer, true),
    };
    Place { pointer, is_good }
}

/// A size that a struct says of itself: mostly the right one, never one that is longer than it is
/// and would be followed.
pub(super) fn size(good: usize, chances: &mut Chances<'_>) -> usize {
    match chances.below(16) {
        15 => 0,
        14 => usize::MAX,
        13 => good - 1,
        12 => 4097,
        _ => good,
    }
}

/// A text: mostly `good`, else one that is wrong.
pub(super) fn text(good: &CString, chances: &mut Chances<'_>) -> *const c_char {
    match chances.below(24) {
        23 => std::ptr::null(),
        index @ 13..=22 => BAD
            .get(index - 13)
            .map_or(good.as_ptr(), |bad| bad.as_ptr()),
        _ => good.as_ptr(),
    }
}

/// Longer than a text may be.
pub(super) fn long_text() -> *const c_char {
    static LONG: LazyLock<CString> = LazyLock::new(|| c_string(vec![b'x'; 70_000]));
    LONG.as_ptr()
}

pub(super) fn c_string(bytes: impl Into<Vec<u8>>) -> CString {
    CString::new(bytes).expect("no NUL is in it")
}

static BAD: LazyLock<Vec<CString>> = LazyLock::new(|| {
    let all: [&[u8]; 10] = [
        b"",
        b"\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"a\nb: c",
        b"../..",
        b"/dev/null/x",
        b"%s%n",
        b"{}",
        b"\x01",
    ];
    all.into_iter().map(c_string).collect()
});
