//! How a device stands, for the app and for whoever supports it.
#![expect(unsafe_code, reason = "entries of C")]

use std::collections::BTreeSet;
use std::ffi::c_char;

use super::types::{PatchproofError, PatchproofUpdater};
use super::{answer, held};
use crate::failure::Failure;
use crate::outs::Out;
use crate::strings;

/// Whether the app's settings ask to update at each start: 1 or 0. That is for you to do.
///
/// # Safety
/// `auto_update` and `error` are each NULL, misaligned, or good for what their type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_auto_update(
    updater: PatchproofUpdater,
    auto_update: *mut i32,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let to = unsafe { Out::plain("auto_update", auto_update) }?;
        to.write(i32::from(held(updater)?.device.auto_update()));
        Ok(())
    })
}

/// The number of what the next start tries first; 0 is the bundled release.
///
/// # Safety
/// `number` and `error` are each NULL, misaligned, or good for what their type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_next_number(
    updater: PatchproofUpdater,
    number: *mut u64,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let to = unsafe { Out::plain("number", number) }?;
        to.write(held(updater)?.device.next_number()?.unwrap_or(0));
        Ok(())
    })
}

/// How the device stands, as JSON: what boots, what does not and why, what waits to be sent. The
/// text is for `patchproof_free_string`. Fields are only added.
///
/// # Safety
/// `json` and `error` are each NULL, misaligned, or good for what their type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_diagnostics(
    updater: PatchproofUpdater,
    json: *mut *mut c_char,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let to = unsafe { Out::plain("json", json) }?;
        let diagnostics = held(updater)?.device.diagnostics();
        let text = serde_json::to_string(&diagnostics);
        let text = text.map_err(|error| Failure::device(error.to_string()))?;
        to.write(strings::give(&text));
        Ok(())
    })
}

/// Lifts what is remembered against patches of this release, so that they may be fetched again. For
/// support, not for a button of the app's.
///
/// # Safety
/// `error` is NULL, misaligned, or good for what its type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_clear_bans(
    updater: PatchproofUpdater,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        Ok(held(updater)?.device.clear_bans(&BTreeSet::new())?)
    })
}
