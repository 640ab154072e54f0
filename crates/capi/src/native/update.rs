//! Asking the server, and fetching what it offers.
#![expect(unsafe_code, reason = "entries of C")]

use patchproof_device::{Outcome, Refusal};

use super::options::Options;
use super::types::{
    PatchproofChecked, PatchproofError, PatchproofSent, PatchproofUpdateOptions, PatchproofUpdated,
    PatchproofUpdater,
};
use super::{answer, codes, held};
use crate::outs::Out;

/// Asks the server, and carries out what it withdraws: that is gone at the next start. Nothing is
/// fetched. Of `options`, which may be NULL, the channel and `is_cancelled` count.
///
/// # Safety
/// `options`, `checked` and `error` are each NULL, misaligned, or good for what their type says,
/// and the functions of `options` for the whole call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_check(
    updater: PatchproofUpdater,
    options: *const PatchproofUpdateOptions,
    checked: *mut PatchproofChecked,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let to = unsafe { Out::versioned("checked", checked) }?;
        // SAFETY: by the contract above.
        let options = unsafe { Options::of(options) }?;
        let held = held(updater)?;
        let checked = held.cancellable(|cancel| {
            options.ask(cancel);
            held.device
                .check_channel(options.channel.as_deref(), cancel)
        })?;
        to.write(PatchproofChecked {
            struct_bytes: to.struct_bytes(),
            number: checked.available.map_or(0, |available| available.number),
        });
        Ok(())
    })
}

/// Sends some waiting events, asks the server, and fetches and installs what it offers. It blocks;
/// call it on a thread of yours. Nothing changes of what runs now. `options` and `updated` may be
/// NULL.
///
/// # Safety
/// `options`, `updated` and `error` are each NULL, misaligned, or good for what their type says,
/// and the functions of `options` for the whole call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_update(
    updater: PatchproofUpdater,
    options: *const PatchproofUpdateOptions,
    updated: *mut PatchproofUpdated,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        let to = match updated.is_null() {
            true => None,
            // SAFETY: by the contract above.
            false => Some(unsafe { Out::versioned("updated", updated) }?),
        };
        // SAFETY: by the contract above.
        let options = unsafe { Options::of(options) }?;
        let held = held(updater)?;
        let updated = held.cancellable(|cancel| {
            options.ask(cancel);
            let mut progress = |progress| options.progress(progress, cancel);
            let channel = options.channel.as_deref();
            held.device.update_channel(channel, cancel, &mut progress)
        })?;
        if let Some(to) = to {
            let struct_bytes = to.struct_bytes();
            to.write(shape(&updated.outcome, struct_bytes));
        }
        Ok(())
    })
}

/// Tells the server what happened, oldest first; `patchproof_update` does that first, and does not
/// mind if it fails. `sent` may be NULL.
///
/// # Safety
/// `sent` and `error` are each NULL, misaligned, or good for what their type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_send_events(
    updater: PatchproofUpdater,
    sent: *mut PatchproofSent,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        let to = match sent.is_null() {
            true => None,
            // SAFETY: by the contract above.
            false => Some(unsafe { Out::versioned("sent", sent) }?),
        };
        let held = held(updater)?;
        let sent = held.cancellable(|cancel| held.device.send_events(cancel))?;
        if let Some(to) = to {
            to.write(PatchproofSent {
                struct_bytes: to.struct_bytes(),
                sent: u32::from(sent.sent),
                refused: u32::from(sent.refused),
                waiting: u64::try_from(sent.waiting).unwrap_or(u64::MAX),
            });
        }
        Ok(())
    })
}

fn shape(outcome: &Outcome, struct_bytes: usize) -> PatchproofUpdated {
    let (outcome, why, number) = match outcome {
        Outcome::UpToDate => (codes::PATCHPROOF_UP_TO_DATE, 0, 0),
        Outcome::Installed { number, .. } => (codes::PATCHPROOF_INSTALLED, 0, *number),
        Outcome::NotTaken { number, why, .. } => {
            (codes::PATCHPROOF_NOT_TAKEN, refusal(*why), *number)
        }
        _ => (codes::PATCHPROOF_NOT_TAKEN, codes::PATCHPROOF_WHY_OTHER, 0),
    };
    PatchproofUpdated {
        struct_bytes,
        outcome,
        why,
        number,
    }
}

const fn refusal(why: Refusal) -> i32 {
    match why {
        Refusal::KnownBad(_) => codes::PATCHPROOF_WHY_KNOWN_BAD,
        Refusal::SetAside(_) => codes::PATCHPROOF_WHY_SET_ASIDE,
        Refusal::RolledBack => codes::PATCHPROOF_WHY_ROLLED_BACK,
        Refusal::Older => codes::PATCHPROOF_WHY_OLDER,
        Refusal::BelowFloor | Refusal::NumberZero => codes::PATCHPROOF_WHY_NUMBER,
        Refusal::NotValidNow => codes::PATCHPROOF_WHY_NOT_NOW,
        Refusal::DataEpoch => codes::PATCHPROOF_WHY_DATA_EPOCH,
        _ => codes::PATCHPROOF_WHY_OTHER,
    }
}
