//! Opening and closing an updater, and what needs none.
#![expect(unsafe_code, reason = "entries of C")]

use std::ffi::{CStr, c_char};
use std::path::PathBuf;
use std::time::Duration;

use patchproof_device::{Ask, BaseLibrary, DeviceLimits, Trust};

use super::types::{PatchproofConfig, PatchproofError, PatchproofUpdater};
use super::{Held, UPDATERS, answer, codes, held, stale};
use crate::arguments::{array, optional_text, text, versioned};
use crate::callbacks::{ReadByPosition, UserData};
use crate::failure::Failure;
use crate::guard::guarded;
use crate::opening::{App, open, settings};
use crate::outs::Out;
use crate::strings;

/// `PATCHPROOF_ABI_VERSION` of the library that is loaded.
#[unsafe(no_mangle)]
pub extern "C" fn patchproof_abi_version() -> u32 {
    codes::PATCHPROOF_ABI_VERSION
}

/// The version of the library, such as `0.1.0`. It is the library's own: it is not freed.
#[unsafe(no_mangle)]
pub extern "C" fn patchproof_version() -> *const c_char {
    VERSION.as_ptr()
}

/// Gives back a text that a `patchproof_` call gave. NULL is nothing.
///
/// # Safety
/// `text` is NULL, or was given by this library and not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_free_string(text: *mut c_char) {
    // SAFETY: the contract is the same.
    guarded((), || unsafe { strings::free(text) });
}

/// Opens an updater over a folder, once per process and before the engine starts. Where it fails
/// the bundled release is what boots, as if there were no updater. `*updater` is 0 then.
///
/// # Safety
/// `config`, `updater` and `error` are each NULL, misaligned, or good for what their type says, and
/// so is what `config` points to; nobody else changes it during the call. `read_at` may be called
/// as its type says for as long as the updater lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn patchproof_open(
    config: *const PatchproofConfig,
    updater: *mut PatchproofUpdater,
    error: *mut PatchproofError,
) -> i32 {
    // SAFETY: by the contract above.
    let error = unsafe { Out::versioned("error", error) }.ok();
    answer(error, || {
        // SAFETY: by the contract above.
        let handle = unsafe { Out::plain("updater", updater) }?;
        // SAFETY: by the contract above.
        let app = unsafe { app(config) };
        let opened = app.and_then(open).and_then(|device| {
            let given = UPDATERS.insert(Held::new(device));
            given.ok_or_else(|| Failure::device("there are no handles left".to_owned()))
        });
        handle.write(*opened.as_ref().unwrap_or(&0));
        opened.map(|_| ())
    })
}

/// Closes an updater. Calls that go on in other threads come to their end, and keep what they use
/// until then. Close it when the process ends, and not before: with it go the locks by which other
/// processes know that this one lives.
#[unsafe(no_mangle)]
pub extern "C" fn patchproof_close(updater: PatchproofUpdater) -> i32 {
    answer(None, || {
        let closed = UPDATERS.remove(updater).ok_or_else(stale)?;
        closed.cancel();
        Ok(())
    })
}

/// Ends what goes on in this updater now, from any thread. What begins later is not cancelled.
#[unsafe(no_mangle)]
pub extern "C" fn patchproof_cancel(updater: PatchproofUpdater) -> i32 {
    answer(None, || {
        held(updater)?.cancel();
        Ok(())
    })
}

/// What a config says of an app.
///
/// # Safety
/// As [`patchproof_open`].
unsafe fn app(config: *const PatchproofConfig) -> Result<App, Failure> {
    // SAFETY: by the contract above.
    let config = unsafe { versioned("config", config) }?;
    if config.reserved != 0 {
        return Err(Failure::argument("config.reserved is not 0".to_owned()));
    }
    // SAFETY: by the contract above.
    let folder = unsafe { text("config.folder", config.folder) }?;
    // SAFETY: by the contract above.
    let yaml = unsafe { text("config.settings", config.settings) }?;
    // SAFETY: by the contract above.
    let version = unsafe { text("config.release_version", config.release_version) }?;
    // SAFETY: by the contract above.
    let base = unsafe { base(&config) }?;
    // SAFETY: by the contract above.
    let trust = unsafe { trust(&config) }?;
    let usual = DeviceLimits::default();
    let or = |said: u64, usual: u64| if said == 0 { usual } else { said };
    Ok(App {
        folder: PathBuf::from(folder),
        version,
        base,
        settings: settings(&yaml)?,
        trust,
        limits: DeviceLimits {
            download_bytes_max: or(config.download_bytes_max, usual.download_bytes_max),
            library_bytes_max: or(config.library_bytes_max, usual.library_bytes_max),
            ..usual
        },
        health_window: Duration::from_millis(or(config.health_window_ms, HEALTH_WINDOW_MS)),
    })
}

/// # Safety
/// As [`patchproof_open`].
unsafe fn base(config: &PatchproofConfig) -> Result<BaseLibrary, Failure> {
    // SAFETY: by the contract above.
    let path = unsafe { optional_text("config.library_path", config.library_path) }?;
    // SAFETY: by the contract above.
    let entry = unsafe { optional_text("config.apk_entry", config.apk_entry) }?;
    match (config.read_at, path, entry) {
        (Some(read_at), None, None) => Ok(BaseLibrary::Callbacks(Box::new(ReadByPosition {
            read_at,
            user_data: UserData(config.read_at_data),
            length_bytes: config.read_at_bytes,
        }))),
        (None, Some(path), None) => Ok(BaseLibrary::File(PathBuf::from(path))),
        (None, Some(apk), Some(entry)) => Ok(BaseLibrary::ApkEntry {
            apk: PathBuf::from(apk),
            entry,
        }),
        _ => Err(Failure::argument(
            "config has to say where the bundled library is, once: library_path, library_path and \
             apk_entry, or read_at"
                .to_owned(),
        )),
    }
}

/// # Safety
/// As [`patchproof_open`].
unsafe fn trust(config: &PatchproofConfig) -> Result<Trust, Failure> {
    // SAFETY: by the contract above.
    let root = unsafe { array("config.root", config.root, config.root_bytes) }?;
    let ask = match config.trust {
        codes::PATCHPROOF_TRUST_STATEMENTS_OF_SERVER => Ask::Server,
        codes::PATCHPROOF_TRUST_STATEMENTS_IN_FILES => Ask::Files,
        codes::PATCHPROOF_TRUST_SHOREBIRD if root.is_empty() => return Ok(Trust::Shorebird),
        codes::PATCHPROOF_TRUST_SHOREBIRD => {
            return Err(Failure::argument(
                "config.trust says that a server's word counts, and config.root is given: an app \
                 with a root takes signed statements alone"
                    .to_owned(),
            ));
        }
        found => {
            return Err(Failure::argument(format!(
                "config.trust is {found}, expected one of PATCHPROOF_TRUST_...: somebody has to \
                 say whose word counts"
            )));
        }
    };
    Ok(Trust::Statements { root, ask })
}

const VERSION: &CStr = {
    let version = concat!(env!("CARGO_PKG_VERSION"), "\0");
    match CStr::from_bytes_with_nul(version.as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    }
};
const HEALTH_WINDOW_MS: u64 = 10_000;
