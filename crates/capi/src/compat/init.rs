//! `shorebird_init`, and what needs no patch.
#![expect(unsafe_code, reason = "entries of C")]

use std::ffi::c_char;
use std::path::{Path, PathBuf};
use std::time::Duration;

use patchproof_device::{BaseLibrary, DeviceLimits, Trust};

use super::files::OpenFile;
use super::types::{AppParameters, FileCallbacks};
use super::{paths, process};
use crate::arguments::{array, check, text};
use crate::built_for::arch;
use crate::failure::Failure;
use crate::guard::guarded;
use crate::native::codes;
use crate::opening::{App, open, settings};
use crate::strings;

/// Configures the updater, once per process and before every other call. False: an argument is NULL
/// or not UTF-8, there are no paths, the settings or the bundled library cannot be used, or it was
/// called before, in which case the first one holds.
///
/// # Safety
/// `c_params` is NULL, misaligned, or good for what its type says, and so is what it points to;
/// texts end with a NUL. The callbacks may be called from any thread, one at a time, as long as the
/// process lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn shorebird_init(
    c_params: *const AppParameters,
    c_file_callbacks: FileCallbacks,
    c_yaml: *const c_char,
) -> bool {
    let work = || {
        process::start(|| {
            // SAFETY: by the contract above.
            open(unsafe { app(c_params, c_file_callbacks, c_yaml) }?)
        })
    };
    match guarded(Err(Failure::bug()), work) {
        Ok(()) => true,
        Err(failure) => {
            process::log("shorebird_init", &failure);
            false
        }
    }
}

/// Whether the app's settings ask to update at each start; true before `shorebird_init`.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_should_auto_update() -> bool {
    guarded(true, || {
        process::get().is_none_or(|process| process.device.auto_update())
    })
}

/// Frees a text that this library gave. NULL is nothing.
///
/// # Safety
/// `c_string` is NULL, or was given by this library and not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn shorebird_free_string(c_string: *const c_char) {
    // SAFETY: by the contract above.
    guarded((), || unsafe { strings::free(c_string.cast_mut()) });
}

/// Taken, and not called: this process keeps what it boots until it ends.
#[unsafe(no_mangle)]
pub extern "C" fn shorebird_set_restart_handler(_handler: Option<unsafe extern "C" fn() -> bool>) {}

/// False: an app is not restarted within its process.
#[unsafe(no_mangle)]
pub const extern "C" fn shorebird_restart_app() -> bool {
    false
}

/// # Safety
/// As [`shorebird_init`].
unsafe fn app(
    parameters: *const AppParameters,
    callbacks: FileCallbacks,
    yaml: *const c_char,
) -> Result<App, Failure> {
    check("c_params", parameters)?;
    // SAFETY: it is neither NULL nor misaligned, and good to read by the contract above.
    let parameters = unsafe { parameters.read() };
    // SAFETY: by the contract above.
    let version = unsafe { text("release_version", parameters.release_version) }?;
    // SAFETY: by the contract above.
    let storage = unsafe { text("app_storage_dir", parameters.app_storage_dir) }?;
    // SAFETY: by the contract above.
    unsafe { text("code_cache_dir", parameters.code_cache_dir) }?;
    // SAFETY: by the contract above.
    let paths = unsafe { paths_of(&parameters) }?;
    // SAFETY: by the contract above.
    let settings = settings(&unsafe { text("c_yaml", yaml) }?)?;
    // SAFETY: by the contract above.
    let base = unsafe { base(&paths, callbacks) }?;
    Ok(App {
        folder: Path::new(&storage).join(FOLDER),
        version,
        base,
        settings,
        trust: Trust::Shorebird,
        limits: DeviceLimits::default(),
        health_window: Duration::ZERO,
    })
}

/// # Safety
/// As [`shorebird_init`].
unsafe fn paths_of(parameters: &AppParameters) -> Result<Vec<PathBuf>, Failure> {
    let count = usize::try_from(parameters.original_libapp_paths_size).unwrap_or(0);
    // SAFETY: by the contract above.
    let texts = unsafe {
        array(
            "original_libapp_paths",
            parameters.original_libapp_paths,
            count,
        )
    }?;
    let texts = texts.into_iter().map(|path| {
        // SAFETY: by the contract above.
        unsafe { text("original_libapp_paths", path) }.map(PathBuf::from)
    });
    texts.collect()
}

/// # Safety
/// As [`shorebird_init`].
unsafe fn base(paths: &[PathBuf], callbacks: FileCallbacks) -> Result<BaseLibrary, Failure> {
    let (Some(first), Some(last)) = (paths.first(), paths.last()) else {
        let why = "original_libapp_paths is empty, expected the bundled library's path";
        return Err(Failure::argument(why.to_owned()));
    };
    if cfg!(target_os = "android") {
        return Ok(paths::in_android(last, arch()));
    }
    if cfg!(target_os = "ios") {
        // SAFETY: by the contract above.
        let file = unsafe { OpenFile::open(callbacks) };
        let file = file
            .map_err(|error| Failure::app(codes::PATCHPROOF_NOT_CONFIGURED, error.to_string()))?;
        return Ok(BaseLibrary::Callbacks(Box::new(file)));
    }
    Ok(BaseLibrary::File(first.clone()))
}

/// A folder of our own in the one that the engine gives, where another updater's files may lie.
const FOLDER: &str = "patchproof";
