//! Shorebird's structs and numbers.

use std::ffi::{c_char, c_int, c_void};

/// What the engine says of the app that runs.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C fills it in")]
pub struct AppParameters {
    /// Such as `1.2.3+4`.
    pub release_version: *const c_char,
    /// Where the bundled library may lie. Android's is the last, every other system's the first.
    pub original_libapp_paths: *const *const c_char,
    /// How many there are.
    pub original_libapp_paths_size: c_int,
    /// Where the updater's folder goes, which is called `patchproof`.
    pub app_storage_dir: *const c_char,
    /// Has to be there, and is not used: all that belongs together lies on one file system.
    pub code_cache_dir: *const c_char,
}

/// Reads the bundled library where it is no file, which is on iOS alone; elsewhere NULL is fine.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C fills it in")]
pub struct FileCallbacks {
    /// Gives a handle; NULL is an error.
    pub open: Option<unsafe extern "C" fn() -> *mut c_void>,
    /// Reads at most `count` bytes and says how many; 0 is the end.
    pub read: Option<
        unsafe extern "C" fn(file_handle: *mut c_void, buffer: *mut u8, count: usize) -> usize,
    >,
    /// Moves by `offset` from the start (0), the place (1) or the end (2), and says where it is
    /// now; less than 0 is an error.
    pub seek:
        Option<unsafe extern "C" fn(file_handle: *mut c_void, offset: i64, whence: i32) -> i64>,
    /// Ends the handle.
    pub close: Option<unsafe extern "C" fn(file_handle: *mut c_void)>,
}

/// What an update came to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct UpdateResult {
    /// One of `SHOREBIRD_...`.
    pub status: i32,
    /// In words; never NULL.
    pub message: *const c_char,
}

/// Something failed; nothing was installed.
pub const SHOREBIRD_UPDATE_ERROR: i32 = -1;
/// There is nothing that is not installed already.
pub const SHOREBIRD_NO_UPDATE: i32 = 0;
/// A patch was installed. It boots at the next start.
pub const SHOREBIRD_UPDATE_INSTALLED: i32 = 1;
/// Never answered; the Dart package knows it.
pub const SHOREBIRD_UPDATE_HAD_ERROR: i32 = 2;
/// What is offered failed here before and is not taken.
pub const SHOREBIRD_UPDATE_IS_BAD_PATCH: i32 = 3;
/// Another update goes on already, in this or another process.
pub const SHOREBIRD_UPDATE_IN_PROGRESS: i32 = 4;
/// Never answered; newer engines know it.
pub const SHOREBIRD_UPDATE_DEFERRED: i32 = 5;
