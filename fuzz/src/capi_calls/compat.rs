//! Calls of the compat face, which is one for the process.
#![expect(unsafe_code, reason = "functions of C are called")]

use std::ffi::{CString, c_char};
use std::sync::atomic::{AtomicBool, Ordering};

use patchproof::compat::boot::{
    shorebird_current_boot_patch_number, shorebird_next_boot_patch_number,
    shorebird_next_boot_patch_path, shorebird_report_launch_failure, shorebird_report_launch_start,
    shorebird_report_launch_success, shorebird_validate_next_boot_patch,
};
use patchproof::compat::init::{
    shorebird_free_string, shorebird_init, shorebird_restart_app, shorebird_should_auto_update,
};
use patchproof::compat::types::{AppParameters, FileCallbacks};
use patchproof::compat::update::{
    shorebird_check_for_downloadable_update, shorebird_free_update_result,
    shorebird_update_with_result,
};

use super::chances::Chances;
use super::hostile::{c_string, place, text};
use super::world::World;

/// Whether `shorebird_init` succeeded in this process.
static IS_OPEN: AtomicBool = AtomicBool::new(false);

/// One call. As long as the face is not open there is one answer to each.
pub(super) fn call(world: &World, may_open: bool, chances: &mut Chances<'_>) {
    let channel = c_string("beta");
    match chances.below(12) {
        0 | 1 => init(world, may_open, chances),
        2 => {
            let path = shorebird_next_boot_patch_path();
            assert!(
                is_open() || path.is_null(),
                "a path before anything was opened"
            );
            // SAFETY: the library gave it just now, or it is NULL.
            unsafe { shorebird_free_string(path) };
        }
        3 => {
            let number = shorebird_next_boot_patch_number();
            assert!(
                is_open() || number == 0,
                "patch {number} before anything was opened"
            );
        }
        4 => {
            let number = shorebird_current_boot_patch_number();
            assert!(
                is_open() || number == 0,
                "patch {number} before anything was opened"
            );
        }
        5 => shorebird_validate_next_boot_patch(),
        6 => shorebird_report_launch_start(),
        7 => shorebird_report_launch_success(),
        8 if is_open() => shorebird_report_launch_failure(),
        9 => {
            let channel = channel_of(&channel, chances);
            // SAFETY: it is NULL or ends with a NUL.
            let offered = unsafe { shorebird_check_for_downloadable_update(channel) };
            assert!(is_open() || !offered, "an offer before anything was opened");
        }
        10 => {
            let automatic = shorebird_should_auto_update();
            assert!(automatic, "the settings say nothing else");
            assert!(!shorebird_restart_app(), "an app is not restarted");
        }
        _ => update(channel_of(&channel, chances)),
    }
}

fn is_open() -> bool {
    IS_OPEN.load(Ordering::SeqCst)
}

fn channel_of(channel: &CString, chances: &mut Chances<'_>) -> *const c_char {
    match chances.one_in(2) {
        true => text(channel, chances),
        false => std::ptr::null(),
    }
}

fn update(channel: *const c_char) {
    // SAFETY: it is NULL or ends with a NUL.
    let result = unsafe { shorebird_update_with_result(channel) };
    // SAFETY: the library gave it just now; it says that it is never NULL, and else this is none.
    let said = unsafe { result.as_ref() }.expect("a result is never NULL");
    assert!(
        (-1..=4).contains(&said.status),
        "{} is no status",
        said.status
    );
    assert!(!said.message.is_null(), "a message is never NULL");
    assert!(
        is_open() || said.status == -1,
        "an update before anything was opened"
    );
    // SAFETY: it was given just now, and is not looked at any more.
    unsafe { shorebird_free_update_result(result.cast_mut()) };
}

/// Opens the face, where it may be opened at all; else something is wrong with the arguments.
fn init(world: &World, may_open: bool, chances: &mut Chances<'_>) {
    let string = |path: std::path::PathBuf| c_string(path.into_os_string().into_encoded_bytes());
    let (folder, base) = (string(world.path("compat")), string(world.base()));
    let (version, settings) = (c_string("1.0.0+1"), c_string(world.settings()));
    let mut paths = [text(&base, chances), text(&base, chances)];
    let is_right = may_open && chances.one_in(4);
    if is_right {
        paths = [base.as_ptr(), base.as_ptr()];
    }
    let given = place(&mut paths, chances);
    let mut parameters = AppParameters {
        release_version: text(&version, chances),
        original_libapp_paths: given.pointer.cast_const().cast(),
        original_libapp_paths_size: i32::from(chances.byte() % 4) - 1,
        // Without it nothing opens, whatever else is right.
        app_storage_dir: std::ptr::null(),
        code_cache_dir: text(&folder, chances),
    };
    parameters.original_libapp_paths_size = parameters.original_libapp_paths_size.min(2);
    let mut yaml = text(&settings, chances);
    if is_right {
        parameters = AppParameters {
            release_version: version.as_ptr(),
            original_libapp_paths: paths.as_ptr(),
            original_libapp_paths_size: 2,
            app_storage_dir: folder.as_ptr(),
            code_cache_dir: folder.as_ptr(),
        };
        yaml = settings.as_ptr();
    }
    let from = match is_right {
        true => &raw mut parameters,
        false => place(&mut parameters, chances).pointer,
    };
    let none = FileCallbacks {
        open: None,
        read: None,
        seek: None,
        close: None,
    };
    // SAFETY:
    // - The parameters are NULL, misaligned, or locals that outlive the call; so is what they point
    //   to, texts that end with a NUL or NULL.
    // - There are no callbacks.
    let opened = unsafe { shorebird_init(from, none, yaml) };
    let was_open = is_open();
    assert!(
        opened == (is_right && !was_open),
        "opened: {opened}, right: {is_right}"
    );
    IS_OPEN.fetch_or(opened, Ordering::SeqCst);
}
