//! What boots, and what became of it.
#![expect(unsafe_code, reason = "entries of C")]

use std::ffi::c_char;
use std::time::Duration;

use patchproof_device::{BootId, Exit, Health, StartFacts};

use super::types::{
    PatchproofBoot, PatchproofBootId, PatchproofError, PatchproofExit, PatchproofUpdater,
};
use super::{answer, codes, held};
use crate::arguments::{array, check, text};
use crate::failure::Failure;
use crate::opening::library;
use crate::outs::Out;
use crate::strings;

/// Decides what this process boots, and says it once: a later call gives the same answer. It comes
/// before every other call but `patchproof_open`, before the engine starts. Where the disk cannot
/// be read the bundled release boots; where it cannot be written, a proven patch or the bundled
/// release.
///
/// `exits` are `exits_count` ends of earlier processes, the newest last, as far as the platform
/// tells them; none is fine. `boot->library_path` is a new text at each call.
///
/// # Safety
/// `exits`, `boot` and `error` are each NULL, misaligned, or good for what their type says, `exits`
/// for `exits_count` of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_begin_boot(
    updater: PatchproofUpdater,
    exits: *const PatchproofExit,
    exits_count: usize,
    boot: *mut PatchproofBoot,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let to = unsafe { Out::versioned("boot", boot) }?;
        // SAFETY: by the contract above.
        let exits = unsafe { array("exits", exits, exits_count) }?;
        let held = held(updater)?;
        let boot = held.device.begin_boot(&StartFacts {
            process: std::process::id(),
            exits: exits.iter().map(exit).collect(),
        });
        let (number, library_path) = match library(&held.device, &boot) {
            Some((number, path)) => (number, strings::give(&path)),
            None => (0, std::ptr::null_mut()),
        };
        to.write(PatchproofBoot {
            struct_bytes: to.struct_bytes(),
            id: PatchproofBootId {
                bytes: *boot.id.bytes(),
            },
            number,
            library_path,
            guarded: i32::from(boot.guarded),
            reserved: 0,
        });
        Ok(())
    })
}

/// The first frame was drawn. `left_ms` may be NULL; it gets how many milliseconds of foreground
/// are left until this boot is healthy, or -1 where it is settled.
///
/// # Safety
/// `id`, `left_ms` and `error` are each NULL, misaligned, or good for what their type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_report_first_frame(
    updater: PatchproofUpdater,
    id: *const PatchproofBootId,
    left_ms: *mut i64,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let (id, left) = unsafe { named(id, left_ms) }?;
        tell(left, held(updater)?.device.report_first_frame(&id)?);
        Ok(())
    })
}

/// The app was in the foreground for `total_ms` since the first frame, in all. No clock runs in the
/// library: call it when the window may be over. `left_ms` is as above.
///
/// # Safety
/// As `patchproof_report_first_frame`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_report_foreground(
    updater: PatchproofUpdater,
    id: *const PatchproofBootId,
    total_ms: u64,
    left_ms: *mut i64,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let (id, left) = unsafe { named(id, left_ms) }?;
        let total = Duration::from_millis(total_ms);
        tell(left, held(updater)?.device.report_foreground(&id, total)?);
        Ok(())
    })
}

/// The app says that it is well, whatever the window.
///
/// # Safety
/// As `patchproof_report_first_frame`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_report_healthy(
    updater: PatchproofUpdater,
    id: *const PatchproofBootId,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let (id, _) = unsafe { named(id, std::ptr::null_mut()) }?;
        held(updater)?.device.report_healthy(&id)?;
        Ok(())
    })
}

/// What this process boots has failed. It counts as a crash, unless this boot was settled before.
/// `message` goes to the server, cut to 256 characters.
///
/// # Safety
/// `id` and `error` are each NULL, misaligned, or good for what their type says; `message` is NULL,
/// or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_report_failure(
    updater: PatchproofUpdater,
    id: *const PatchproofBootId,
    message: *const c_char,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let (id, _) = unsafe { named(id, std::ptr::null_mut()) }?;
        // SAFETY: by the contract above.
        let message = unsafe { text("message", message) }?;
        held(updater)?.device.report_failure(&id, &message)?;
        Ok(())
    })
}

/// Which boot is meant, and where to say how it stands.
///
/// # Safety
/// As `patchproof_report_first_frame`.
unsafe fn named(
    id: *const PatchproofBootId,
    left_ms: *mut i64,
) -> Result<(BootId, Option<Out<i64>>), Failure> {
    check("id", id)?;
    // SAFETY: it is neither NULL nor misaligned, and good to read by the contract above.
    let id = unsafe { id.read() };
    // SAFETY: by the contract above.
    let left = unsafe { Out::optional("left_ms", left_ms) }?;
    Ok((BootId::of_bytes(id.bytes), left))
}

fn tell(left_ms: Option<Out<i64>>, health: Health) {
    let left = match health {
        Health::Waiting { left } => i64::try_from(left.as_millis()).unwrap_or(i64::MAX),
        _ => -1,
    };
    if let Some(to) = left_ms {
        to.write(left);
    }
}

fn exit(exit: &PatchproofExit) -> (u32, Exit) {
    let reason = match exit.reason {
        codes::PATCHPROOF_EXIT_CRASH => Exit::Crash,
        codes::PATCHPROOF_EXIT_NATIVE_CRASH => Exit::NativeCrash,
        codes::PATCHPROOF_EXIT_ANR => Exit::Anr,
        codes::PATCHPROOF_EXIT_USER_REQUEST => Exit::UserRequest,
        codes::PATCHPROOF_EXIT_LOW_MEMORY => Exit::LowMemory,
        _ => Exit::Unknown,
    };
    (exit.process, reason)
}
