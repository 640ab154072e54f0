//! What goes with an update: its channel, and functions of the embedder's.
#![expect(unsafe_code, reason = "functions of C are called")]

use patchproof_device::{Cancel, Progress};

use super::codes;
use super::types::{PatchproofProgress, PatchproofUpdateOptions};
use crate::arguments::{optional_text, versioned};
use crate::callbacks::UserData;
use crate::failure::Failure;

/// The options of one update.
pub(crate) struct Options {
    pub(crate) channel: Option<String>,
    told: Option<Told>,
}

struct Told {
    options: PatchproofUpdateOptions,
    user_data: UserData,
}

impl Options {
    /// # Safety
    /// `options` is NULL, misaligned, or good for what its type says, and its functions may be
    /// called as their types say for as long as what this returns lives.
    pub(crate) unsafe fn of(options: *const PatchproofUpdateOptions) -> Result<Self, Failure> {
        if options.is_null() {
            return Ok(Self {
                channel: None,
                told: None,
            });
        }
        // SAFETY: by the contract above.
        let options = unsafe { versioned("options", options) }?;
        // SAFETY: by the contract above.
        let channel = unsafe { channel("options.channel", options.channel) }?;
        Ok(Self {
            channel,
            told: Some(Told {
                user_data: UserData(options.user_data),
                options,
            }),
        })
    }

    /// Tells how far it is, and asks whether to go on.
    pub(crate) fn progress(&self, progress: Progress, cancel: &Cancel) {
        let Some(told) = &self.told else { return };
        if let Some(on_progress) = told.options.on_progress {
            let progress = shape(progress);
            // SAFETY: the embedder handed over this function for this user data, to be called on
            // the thread of the update; what it gets is a local that outlives the call.
            unsafe { on_progress(told.user_data.0, &raw const progress) };
        }
        self.ask(cancel);
    }

    /// Raises the flag if the embedder says so.
    pub(crate) fn ask(&self, cancel: &Cancel) {
        let Some(told) = &self.told else { return };
        if let Some(is_cancelled) = told.options.is_cancelled {
            // SAFETY: the embedder handed over this function for this user data, to be called on
            // the thread of the update.
            let answer = unsafe { is_cancelled(told.user_data.0) };
            if answer != 0 {
                cancel.cancel();
            }
        }
    }
}

/// A channel, or NULL for the settings'.
///
/// # Safety
/// `pointer` is NULL, or ends with a NUL.
pub(crate) unsafe fn channel(
    name: &'static str,
    pointer: *const std::ffi::c_char,
) -> Result<Option<String>, Failure> {
    // SAFETY: by the contract above.
    let channel = unsafe { optional_text(name, pointer) }?;
    match channel {
        Some(found) if found.is_empty() || found.len() > CHANNEL_BYTES_MAX => {
            Err(Failure::argument(format!(
                "{name} has {} bytes, expected 1 to {CHANNEL_BYTES_MAX}, or NULL",
                found.len()
            )))
        }
        channel => Ok(channel),
    }
}

fn shape(progress: Progress) -> PatchproofProgress {
    let (phase, bytes, total_bytes) = match progress {
        Progress::Downloading { bytes, total_bytes } => (
            codes::PATCHPROOF_PHASE_DOWNLOADING,
            bytes,
            total_bytes.unwrap_or(0),
        ),
        Progress::Inflating { bytes } => (codes::PATCHPROOF_PHASE_INFLATING, bytes, 0),
        _ => (codes::PATCHPROOF_PHASE_INSTALLING, 0, 0),
    };
    PatchproofProgress {
        struct_bytes: size_of::<PatchproofProgress>(),
        phase,
        reserved: 0,
        bytes,
        total_bytes,
    }
}

const CHANNEL_BYTES_MAX: usize = 256;
