//! What C hands over, looked at before it is used.
#![expect(unsafe_code, reason = "this is where pointers of C are followed")]

use std::ffi::c_char;

use crate::failure::Failure;

/// A struct whose first field is its size in bytes, as its caller knows it: what a caller of an
/// older header does not have is zero, which means "as usual" in every field.
///
/// # Safety
/// The type is `repr(C)`, its first field is `struct_bytes: usize`, it has no padding that is read,
/// and all zeros is one of its values.
pub(crate) unsafe trait Versioned: Copy {
    /// The size of its first version.
    const FIRST_BYTES: usize;
}

/// Reads a struct by the size that it says itself.
///
/// # Safety
/// `pointer` is NULL, misaligned, or good to read as many bytes as its first field says.
pub(crate) unsafe fn versioned<T: Versioned>(
    name: &'static str,
    pointer: *const T,
) -> Result<T, Failure> {
    check(name, pointer)?;
    // SAFETY:
    // - `pointer` is neither NULL nor misaligned, as `check` saw.
    // - By the contract above its first field can be read, and `Versioned` says that it is a usize.
    let found_bytes = unsafe { pointer.cast::<usize>().read() };
    let own_bytes = size_of::<T>();
    if found_bytes < T::FIRST_BYTES || found_bytes > STRUCT_BYTES_MAX {
        return Err(Failure::argument(format!(
            "{name}.struct_bytes is {found_bytes}, expected sizeof(*{name}), here {own_bytes}"
        )));
    }
    let mut read = std::mem::MaybeUninit::<T>::zeroed();
    let (from, to) = (pointer.cast::<u8>(), read.as_mut_ptr().cast::<u8>());
    // SAFETY:
    // - `from` can be read for `found_bytes`, by the contract above; `to` has `own_bytes`.
    // - They do not overlap: `to` is a local of ours.
    unsafe { std::ptr::copy_nonoverlapping(from, to, found_bytes.min(own_bytes)) };
    for offset in own_bytes..found_bytes {
        // SAFETY: `offset` is below `found_bytes`, and so can be read by the contract above.
        if unsafe { from.wrapping_add(offset).read() } != 0 {
            return Err(Failure::argument(format!(
                "{name} asks for what this version does not know: byte {offset} is not 0"
            )));
        }
    }
    // SAFETY: it was all zeros, which is a value of it by `Versioned`, before one was copied in.
    Ok(unsafe { read.assume_init() })
}

/// A text that has to be there.
///
/// # Safety
/// As [`optional_text`].
pub(crate) unsafe fn text(name: &'static str, pointer: *const c_char) -> Result<String, Failure> {
    // SAFETY: the contract is the same.
    let text = unsafe { optional_text(name, pointer) }?;
    text.ok_or_else(|| Failure::argument(format!("{name} is NULL, expected a text")))
}

/// A text, or NULL for none.
///
/// # Safety
/// `pointer` is NULL, or good to read up to a NUL or for `TEXT_BYTES_MAX` bytes, and nobody changes
/// them meanwhile.
pub(crate) unsafe fn optional_text(
    name: &'static str,
    pointer: *const c_char,
) -> Result<Option<String>, Failure> {
    if pointer.is_null() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let from = pointer.cast::<u8>();
    loop {
        // SAFETY:
        // - No NUL was met before, and fewer bytes than the contract above allows were read.
        // - A u8 has no alignment.
        let byte = unsafe { from.wrapping_add(bytes.len()).read() };
        if byte == 0 {
            break;
        }
        if bytes.len() >= TEXT_BYTES_MAX {
            return Err(Failure::argument(format!(
                "{name} has no NUL within {TEXT_BYTES_MAX} bytes"
            )));
        }
        bytes.push(byte);
    }
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| Failure::argument(format!("{name} is not UTF-8")))?;
    Ok(Some(text))
}

/// An array of plain values; NULL is one of none.
///
/// # Safety
/// `pointer` is NULL, misaligned, or good to read for `count` values, which nobody changes
/// meanwhile; all bytes are a value of `T`.
pub(crate) unsafe fn array<T: Copy>(
    name: &'static str,
    pointer: *const T,
    count: usize,
) -> Result<Vec<T>, Failure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    check(name, pointer)?;
    if count.saturating_mul(size_of::<T>()) > ARRAY_BYTES_MAX {
        return Err(Failure::argument(format!(
            "{name} has {count} values, expected at most {ARRAY_BYTES_MAX} bytes of them"
        )));
    }
    // SAFETY:
    // - `pointer` is neither NULL nor misaligned, as `check` saw.
    // - It can be read for `count` values by the contract above, of at most `ARRAY_BYTES_MAX`
    //   bytes, which is less than isize::MAX.
    // - Nobody changes them while the slice lives, which ends with this statement.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) }.to_vec())
}

/// Refuses NULL and what is not aligned.
pub(crate) fn check<T>(name: &'static str, pointer: *const T) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(Failure::argument(format!("{name} is NULL")));
    }
    if !pointer.is_aligned() {
        let expected = align_of::<T>();
        return Err(Failure::argument(format!(
            "{name} is misaligned, expected an address that {expected} divides"
        )));
    }
    Ok(())
}

/// Longer than every text that is handed over: the largest is the app's settings.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// More than any struct has: beyond it a size is no size.
const STRUCT_BYTES_MAX: usize = 4096;
const ARRAY_BYTES_MAX: usize = 1 << 20;
