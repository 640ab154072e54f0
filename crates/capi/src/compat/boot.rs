//! What boots next, and what became of it.
#![expect(unsafe_code, reason = "entries of C")]

use std::ffi::c_char;

use super::process::{self, Process};
use crate::failure::Failure;
use crate::guard::guarded;
use crate::strings;

/// The number of the patch that runs: 0 before `shorebird_report_launch_start`, and where the
/// bundled release runs.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_current_boot_patch_number() -> usize {
    guarded(0, || {
        let number = process::get().map_or(0, |process| process.current_number());
        usize::try_from(number).unwrap_or(0)
    })
}

/// The number of the patch that boots at the next start; 0 where that is the bundled release, or
/// nobody can tell. Its files are not looked at.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_next_boot_patch_number() -> usize {
    guarded(0, || {
        let next = process::get().and_then(|process| process.device.next_number().ok()?);
        usize::try_from(next.unwrap_or(0)).unwrap_or(0)
    })
}

/// Looks at the files of the patch that would boot. Where they are not whole it is dropped, and
/// what it falls back to is looked at.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_validate_next_boot_patch() {
    guarded((), || {
        if let Some(process) = process::get() {
            process.validate();
        }
    });
}

/// The library that the engine is to load, for `shorebird_free_string`; NULL is the bundled one. A
/// patch that was handed out is this process's until it ends or its failure is reported: a later
/// call gives the same.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_next_boot_patch_path() -> *mut c_char {
    guarded(std::ptr::null_mut(), || {
        let path = process::get().and_then(|process| process.path());
        path.map_or(std::ptr::null_mut(), |path| strings::give(&path))
    })
}

/// The engine launches what `shorebird_next_boot_patch_path` gave, or what is newest where that was
/// not called. From now on how this process ends counts.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_report_launch_start() {
    report("shorebird_report_launch_start", Process::launch);
}

/// What is launched failed: it does not boot again on this release.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_report_launch_failure() {
    report("shorebird_report_launch_failure", Process::failure);
}

/// What is launched is up: whatever comes later is not held against it.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_report_launch_success() {
    report("shorebird_report_launch_success", Process::success);
}

fn report(what: &str, report: impl FnOnce(&Process) -> Result<(), Failure>) {
    let work = || process::get().map_or(Ok(()), |process| report(&process));
    if let Err(failure) = guarded(Err(Failure::bug()), work) {
        process::log(what, &failure);
    }
}
