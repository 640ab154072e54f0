//! Calls of the native face that ask how a device stands, or tell the server.
#![expect(unsafe_code, reason = "functions of C are called")]

use std::ffi::c_char;

use patchproof::native::lifetime::patchproof_free_string;
use patchproof::native::tell::{
    patchproof_auto_update, patchproof_diagnostics, patchproof_next_number,
};
use patchproof::native::types::{PatchproofError, PatchproofSent, PatchproofUpdater};
use patchproof::native::update::patchproof_send_events;

use super::answers::must_refuse;
use super::chances::Chances;
use super::hostile::{place, size};

pub(super) fn send(
    handle: PatchproofUpdater,
    error: *mut PatchproofError,
    chances: &mut Chances<'_>,
) -> i32 {
    let mut sent = PatchproofSent {
        struct_bytes: size(size_of::<PatchproofSent>(), chances),
        sent: 0,
        refused: 0,
        waiting: 0,
    };
    let to = place(&mut sent, chances);
    // SAFETY: the places are NULL, misaligned, or locals that outlive the call.
    unsafe { patchproof_send_events(handle, to.pointer, error) }
}

pub(super) fn next_number(
    handle: PatchproofUpdater,
    error: *mut PatchproofError,
    chances: &mut Chances<'_>,
) -> i32 {
    let (mut number, mut automatic) = (0_u64, 0_i32);
    let (number, automatic) = (place(&mut number, chances), place(&mut automatic, chances));
    let asks_number = chances.one_in(2);
    if asks_number {
        // SAFETY: the places are NULL, misaligned, or locals that outlive the call.
        let code = unsafe { patchproof_next_number(handle, number.pointer, error) };
        must_refuse(code, !number.is_good);
        return code;
    }
    // SAFETY: as above.
    let code = unsafe { patchproof_auto_update(handle, automatic.pointer, error) };
    must_refuse(code, !automatic.is_good);
    code
}

pub(super) fn tell(
    handle: PatchproofUpdater,
    error: *mut PatchproofError,
    chances: &mut Chances<'_>,
) -> i32 {
    let mut json: *mut c_char = std::ptr::null_mut();
    let to = place(&mut json, chances);
    // SAFETY: the places are NULL, misaligned, or locals that outlive the call.
    let code = unsafe { patchproof_diagnostics(handle, to.pointer, error) };
    must_refuse(code, !to.is_good);
    // SAFETY: the library gave it just now, or it is NULL.
    unsafe { patchproof_free_string(json) };
    code
}
