//! `patchproof_open` with configurations of all kinds.
#![expect(unsafe_code, reason = "functions of C are called")]

use std::ffi::{CString, c_char};

use patchproof::native::codes;
use patchproof::native::lifetime::patchproof_open;
use patchproof::native::types::{PatchproofConfig, PatchproofError, PatchproofUpdater};

use super::callbacks::{Whims, read_lies};
use super::chances::Chances;
use super::hostile::{c_string, long_text, place, size, text};
use super::world::World;

/// The texts of a right configuration.
pub(super) struct Texts {
    folder: CString,
    base: CString,
    settings: CString,
    version: CString,
    entry: CString,
}

impl Texts {
    pub(super) fn new(world: &World, folder: &str) -> Self {
        let folder = world.path(folder).into_os_string().into_encoded_bytes();
        let base = world.base().into_os_string().into_encoded_bytes();
        Self {
            folder: c_string(folder),
            base: c_string(base),
            settings: c_string(world.settings()),
            version: c_string("1.0.0+1"),
            entry: c_string("lib/x86_64/libapp.so"),
        }
    }
}

/// Opens an updater, rightly or not; gives the code and the handle.
pub(super) fn open(
    texts: &Texts,
    whims: &Whims,
    error: *mut PatchproofError,
    chances: &mut Chances<'_>,
) -> (i32, PatchproofUpdater) {
    let mut config = right(texts);
    let is_right = chances.below(3) < 2;
    if !is_right {
        spoil(&mut config, texts, whims, chances);
    }
    let mut opened: PatchproofUpdater = 7;
    let (to, from) = match is_right {
        true => (&raw mut opened, &raw mut config),
        false => (
            place(&mut opened, chances).pointer,
            place(&mut config, chances).pointer,
        ),
    };
    // SAFETY:
    // - The places are NULL, misaligned, or locals that outlive the call; so is `error`.
    // - What the configuration points to is NULL or texts that end with a NUL, and lives on. The
    //   long text has more bytes than are read.
    // - `read_lies` may be called with `whims`, which outlive every updater of this input.
    let code = unsafe { patchproof_open(from, to, error) };
    assert!(
        !is_right || code == codes::PATCHPROOF_OK,
        "a right config is answered with {code}"
    );
    assert!(
        code == codes::PATCHPROOF_OK || opened == 7 || opened == 0,
        "a handle with {code}"
    );
    (
        code,
        if code == codes::PATCHPROOF_OK {
            opened
        } else {
            0
        },
    )
}

fn right(texts: &Texts) -> PatchproofConfig {
    PatchproofConfig {
        struct_bytes: size_of::<PatchproofConfig>(),
        folder: texts.folder.as_ptr(),
        library_path: texts.base.as_ptr(),
        apk_entry: std::ptr::null(),
        read_at: None,
        read_at_data: std::ptr::null_mut(),
        read_at_bytes: 0,
        settings: texts.settings.as_ptr(),
        release_version: texts.version.as_ptr(),
        trust: codes::PATCHPROOF_TRUST_SHOREBIRD,
        reserved: 0,
        root: std::ptr::null(),
        root_bytes: 0,
        health_window_ms: 0,
        download_bytes_max: 0,
        library_bytes_max: 0,
    }
}

fn spoil(config: &mut PatchproofConfig, texts: &Texts, whims: &Whims, chances: &mut Chances<'_>) {
    config.struct_bytes = size(config.struct_bytes, chances);
    config.folder = folder(texts, chances);
    config.library_path = text(&texts.base, chances);
    config.settings = text(&texts.settings, chances);
    config.release_version = text(&texts.version, chances);
    if chances.one_in(8) {
        config.apk_entry = text(&texts.entry, chances);
    }
    if chances.one_in(4) {
        config.trust = i32::from(chances.byte().cast_signed());
    }
    config.reserved = i32::from(chances.one_in(16));
    if chances.one_in(6) {
        config.root = ROOT.as_ptr();
        config.root_bytes = chances.pick(&[ROOT.len(), 0, 1]);
    } else if chances.one_in(8) {
        config.root_bytes = chances.pick(&[1, usize::MAX]);
    }
    config.health_window_ms = chances.pick(&[0, 1, u64::MAX]);
    config.download_bytes_max = chances.pick(&[0, 1, 100, u64::MAX]);
    config.library_bytes_max = chances.pick(&[0, 1, 100, u64::MAX]);
    if chances.one_in(6) {
        config.library_path = std::ptr::null();
        config.read_at = Some(read_lies);
        config.read_at_data = whims.as_data();
        config.read_at_bytes = chances.pick(&[100_000, 0, 1, 4096, u64::MAX]);
    }
}

/// A folder of ours, or one that cannot be: nothing is written elsewhere.
fn folder(texts: &Texts, chances: &mut Chances<'_>) -> *const c_char {
    match chances.below(12) {
        11 => std::ptr::null(),
        10 => c"/dev/null/x".as_ptr(),
        9 => c"/\xff".as_ptr(),
        8 => long_text(),
        _ => texts.folder.as_ptr(),
    }
}

const ROOT: &[u8] = b"{\"payload\":\"\"}";
