//! Asking the server, and fetching what it offers.
#![expect(unsafe_code, reason = "entries of C")]

use std::ffi::c_char;

use patchproof_device::{Cancel, Outcome, Refusal, UpdateError, Updated};

use super::process;
use super::types::{
    SHOREBIRD_NO_UPDATE, SHOREBIRD_UPDATE_ERROR, SHOREBIRD_UPDATE_IN_PROGRESS,
    SHOREBIRD_UPDATE_INSTALLED, SHOREBIRD_UPDATE_IS_BAD_PATCH, UpdateResult,
};
use crate::arguments::optional_text;
use crate::failure::Failure;
use crate::guard::guarded;
use crate::strings;

/// Whether the server offers a patch that is neither installed nor bad. What it withdraws is
/// carried out. False also where it could not be asked.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_check_for_update() -> bool {
    guarded(false, || check(None))
}

/// As `shorebird_check_for_update`, of this channel; NULL is the settings'.
///
/// # Safety
/// `c_channel` is NULL, or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn shorebird_check_for_downloadable_update(c_channel: *const c_char) -> bool {
    guarded(false, || {
        // SAFETY: by the contract above.
        match unsafe { optional_text("c_channel", c_channel) } {
            Ok(channel) => check(channel.as_deref()),
            Err(failure) => {
                process::log("shorebird_check_for_downloadable_update", &failure);
                false
            }
        }
    })
}

/// Fetches and installs what the server offers; it blocks. What came of it is on standard error.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_update() {
    guarded((), || update_and_log(None));
}

/// As `shorebird_update`, from this channel, and says what came of it; NULL is the settings'
/// channel. What it gives is never NULL, and for `shorebird_free_update_result`.
///
/// # Safety
/// `c_channel` is NULL, or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn shorebird_update_with_result(
    c_channel: *const c_char,
) -> *const UpdateResult {
    let bug = (SHOREBIRD_UPDATE_ERROR, Failure::bug().text);
    let (status, message) = guarded(bug, || {
        // SAFETY: by the contract above.
        match unsafe { optional_text("c_channel", c_channel) } {
            Ok(channel) => update(channel.as_deref()),
            Err(failure) => (SHOREBIRD_UPDATE_ERROR, failure.text),
        }
    });
    Box::into_raw(Box::new(UpdateResult {
        status,
        message: strings::give(&message),
    }))
}

/// Frees what `shorebird_update_with_result` gave, its message with it. NULL is nothing.
///
/// # Safety
/// `result` is NULL, or was given by `shorebird_update_with_result` and not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn shorebird_free_update_result(result: *mut UpdateResult) {
    guarded((), || {
        if result.is_null() {
            return;
        }
        // SAFETY: it comes from `Box::into_raw` and is taken back once, by the contract above.
        let result = unsafe { Box::from_raw(result) };
        // SAFETY: so does its message from `strings::give`.
        unsafe { strings::free(result.message.cast_mut()) };
    });
}

/// Does what `shorebird_update` does on a thread of its own.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_start_update_thread() {
    guarded((), || {
        let thread = std::thread::Builder::new().name("patchproof".to_owned());
        let started = thread.spawn(|| guarded((), || update_and_log(None)));
        if let Err(error) = started {
            let failure = Failure::device(error.to_string());
            process::log("shorebird_start_update_thread", &failure);
        }
    });
}

fn check(channel: Option<&str>) -> bool {
    let Some(process) = process::get() else {
        return false;
    };
    match process.device.check_channel(channel, &Cancel::new()) {
        Ok(checked) => checked.available.is_some(),
        Err(error) => {
            process::log("the check for an update", &Failure::from(error));
            false
        }
    }
}

fn update_and_log(channel: Option<&str>) {
    let (status, text) = update(channel);
    if status != SHOREBIRD_NO_UPDATE {
        process::say(text);
    }
}

fn update(channel: Option<&str>) -> (i32, String) {
    let Some(process) = process::get() else {
        let why = "shorebird_init was not called, or answered false";
        return (SHOREBIRD_UPDATE_ERROR, why.to_owned());
    };
    let updated = process
        .device
        .update_channel(channel, &Cancel::new(), &mut |_| {});
    match updated {
        Ok(updated) => said(&updated),
        Err(UpdateError::InProgress) => {
            let text = UpdateError::InProgress.to_string();
            (SHOREBIRD_UPDATE_IN_PROGRESS, text)
        }
        Err(error) => (
            SHOREBIRD_UPDATE_ERROR,
            format!("the update failed: {error}"),
        ),
    }
}

fn said(updated: &Updated) -> (i32, String) {
    match updated.outcome {
        Outcome::Installed { number, .. } => (
            SHOREBIRD_UPDATE_INSTALLED,
            format!("patch {number} is installed, and boots at the next start"),
        ),
        Outcome::NotTaken { number, why, .. } => {
            let status = match why {
                Refusal::KnownBad(_) | Refusal::SetAside(_) => SHOREBIRD_UPDATE_IS_BAD_PATCH,
                _ => SHOREBIRD_NO_UPDATE,
            };
            let notices = updated.notices.iter().map(ToString::to_string);
            let notices: Vec<String> = notices.collect();
            (
                status,
                format!("patch {number} is not taken: {}", notices.join("; ")),
            )
        }
        _ => (SHOREBIRD_NO_UPDATE, "there is no update".to_owned()),
    }
}
