//! The structs of the native face. Each begins with its size, and only grows at its end.
#![expect(unsafe_code, reason = "what the structs look like is promised")]

use std::ffi::{c_char, c_void};

use crate::arguments::Versioned;

/// An updater. It is a number: one that was closed is told from one that is open. 0 is none.
pub type PatchproofUpdater = u64;

/// Fills `buffer` with bytes from `offset` on and answers how many there are, at most `count`; 0 is
/// the end, and less than 0 an error.
pub type PatchproofReadAt = Option<
    unsafe extern "C" fn(user_data: *mut c_void, offset: u64, buffer: *mut u8, count: usize) -> i64,
>;

/// What an embedder says once. Zero it, set `struct_bytes`, fill in what is needed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C fills it in")]
pub struct PatchproofConfig {
    /// `sizeof(PatchproofConfig)`.
    pub struct_bytes: usize,
    /// A folder of the updater's own, made where it is not there. Backups leave it out.
    pub folder: *const c_char,
    /// The bundled library's file; or the APK that it lies in, where `apk_entry` is set. NULL where
    /// `read_at` is set.
    pub library_path: *const c_char,
    /// Where the library lies in that APK, such as `lib/arm64-v8a/libapp.so`; else NULL.
    pub apk_entry: *const c_char,
    /// Reads the bundled library where it is no file; else NULL. It is called from any thread, also
    /// from two at a time, until `patchproof_close` and each call before it have returned.
    pub read_at: PatchproofReadAt,
    /// Handed to `read_at`.
    pub read_at_data: *mut c_void,
    /// How many bytes `read_at` has.
    pub read_at_bytes: u64,
    /// The text of the app's `shorebird.yaml`.
    pub settings: *const c_char,
    /// Such as `1.2.3+4`.
    pub release_version: *const c_char,
    /// Whose word counts: one of `PATCHPROOF_TRUST_...`. 0 is refused, so that nobody forgets it.
    pub trust: i32,
    /// Must be 0.
    pub reserved: i32,
    /// The bytes of `flutter_assets/patchproof/root.json` for signed statements; else NULL.
    pub root: *const u8,
    /// How many there are.
    pub root_bytes: usize,
    /// Milliseconds in the foreground after which a boot is healthy; 0 means ten seconds.
    pub health_window_ms: u64,
    /// The longest download in bytes; 0 means 128 MiB.
    pub download_bytes_max: u64,
    /// The longest library in bytes; 0 means 512 MiB.
    pub library_bytes_max: u64,
}

/// What went wrong. The caller's own, so there is nothing to free.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct PatchproofError {
    /// `sizeof(PatchproofError)`; nothing is written where it is less than this version's.
    pub struct_bytes: usize,
    /// What the call returned.
    pub code: i32,
    /// Who has to act: one of `PATCHPROOF_FAULT_...`.
    pub at_fault: i32,
    /// In words, UTF-8, ended by a NUL, cut at a character where it is too long.
    pub text: [c_char; 512],
}

/// How an earlier process of the app ended, as the platform tells it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C fills it in")]
pub struct PatchproofExit {
    /// The system's number of that process.
    pub process: u32,
    /// One of `PATCHPROOF_EXIT_...`.
    pub reason: i32,
}

/// Names the boot of a process; reports hand it back.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "C keeps it")]
pub struct PatchproofBootId {
    /// Nothing to be read in.
    pub bytes: [u8; 16],
}

/// What the engine is to load.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct PatchproofBoot {
    /// `sizeof(PatchproofBoot)`.
    pub struct_bytes: usize,
    /// To be named in reports.
    pub id: PatchproofBootId,
    /// The patch's number; 0 is the bundled release.
    pub number: u64,
    /// The library to load, for `patchproof_free_string`; NULL is the bundled one.
    pub library_path: *mut c_char,
    /// 1 where a failure of this boot would be noticed, 0 where the disk could not be written.
    pub guarded: i32,
    /// 0.
    pub reserved: i32,
}

/// A patch that could be had.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct PatchproofChecked {
    /// `sizeof(PatchproofChecked)`.
    pub struct_bytes: usize,
    /// The number of what an update would fetch now; 0 is none.
    pub number: u64,
}

/// Where an update is.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct PatchproofProgress {
    /// `sizeof(PatchproofProgress)` of the library.
    pub struct_bytes: usize,
    /// One of `PATCHPROOF_PHASE_...`; more may come.
    pub phase: i32,
    /// 0.
    pub reserved: i32,
    /// So many bytes of this phase are there.
    pub bytes: u64,
    /// So many there will be; 0 where nobody knows.
    pub total_bytes: u64,
}

/// Told how far an update is, on the thread that called it. It may call `patchproof_cancel`, and
/// nothing else that waits.
pub type PatchproofOnProgress =
    Option<unsafe extern "C" fn(user_data: *mut c_void, progress: *const PatchproofProgress)>;

/// Asked before an update begins and at each progress, on the thread that called it: 0 goes on,
/// everything else cancels.
pub type PatchproofIsCancelled = Option<unsafe extern "C" fn(user_data: *mut c_void) -> i32>;

/// How an update is made; NULL in its place means as usual.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C fills it in")]
pub struct PatchproofUpdateOptions {
    /// `sizeof(PatchproofUpdateOptions)`.
    pub struct_bytes: usize,
    /// Another channel than the settings', this once; NULL is theirs. Refused under signed
    /// statements.
    pub channel: *const c_char,
    /// Told how far it is; NULL for nobody.
    pub on_progress: PatchproofOnProgress,
    /// Asked whether to go on; NULL for nobody.
    pub is_cancelled: PatchproofIsCancelled,
    /// Handed to both.
    pub user_data: *mut c_void,
}

/// What an update came to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct PatchproofUpdated {
    /// `sizeof(PatchproofUpdated)`.
    pub struct_bytes: usize,
    /// `PATCHPROOF_UP_TO_DATE`, `PATCHPROOF_INSTALLED` or `PATCHPROOF_NOT_TAKEN`.
    pub outcome: i32,
    /// Why it is not taken: one of `PATCHPROOF_WHY_...`; else 0.
    pub why: i32,
    /// The patch's number; 0 where there is none.
    pub number: u64,
}

/// What sending events came to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "C reads it")]
pub struct PatchproofSent {
    /// `sizeof(PatchproofSent)`.
    pub struct_bytes: usize,
    /// Events that the server has now.
    pub sent: u32,
    /// Events that it refused, and that are dropped.
    pub refused: u32,
    /// Events that wait still.
    pub waiting: u64,
}

macro_rules! versioned {
    ($($name:ident),*) => {$(
        // SAFETY: it is repr(C), begins with `struct_bytes: usize`, and has numbers, pointers and
        // optional functions only, all of which may be zero.
        unsafe impl Versioned for $name {
            const FIRST_BYTES: usize = size_of::<Self>();
        }
    )*};
}

versioned!(
    PatchproofConfig,
    PatchproofError,
    PatchproofBoot,
    PatchproofChecked,
    PatchproofUpdateOptions,
    PatchproofUpdated,
    PatchproofSent
);
