//! Functions of an embedder's that answer nonsense, and interfere.
#![expect(unsafe_code, reason = "C calls them, and they follow C's pointers")]

use std::ffi::c_void;
use std::sync::atomic::{AtomicU64, Ordering};

use patchproof::native::lifetime::{patchproof_cancel, patchproof_close};
use patchproof::native::types::PatchproofProgress;

/// What decides what they answer; it lives as long as the updaters that were handed it.
pub(super) struct Whims {
    state: AtomicU64,
    /// A handle to interfere with.
    pub(super) handle: AtomicU64,
}

impl Whims {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
            handle: AtomicU64::new(0),
        }
    }

    pub(super) fn as_data(&self) -> *mut c_void {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    fn below(&self, count: u64) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let state = self
            .state
            .fetch_add(step, Ordering::Relaxed)
            .wrapping_add(step);
        (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) % count.max(1)
    }
}

/// # Safety
/// `data` is NULL, or points to `Whims` that live.
unsafe fn whims<'a>(data: *mut c_void) -> Option<&'a Whims> {
    // SAFETY: by the contract above; nobody has a mutable reference to it.
    unsafe { data.cast::<Whims>().as_ref() }
}

/// A `read_at` that lies about how much it read.
pub(super) unsafe extern "C" fn read_lies(
    data: *mut c_void,
    _offset: u64,
    buffer: *mut u8,
    count: usize,
) -> i64 {
    // SAFETY: the updater was given `Whims` with this function, and they outlive it.
    let Some(whims) = (unsafe { whims(data) }) else {
        return -1;
    };
    if count > 0 {
        let byte = u8::try_from(whims.below(256)).unwrap_or(0);
        // SAFETY: the caller promises `count` bytes, of which there is one.
        unsafe { buffer.write(byte) };
    }
    let lies = [-1, 0, 1, i64::MIN, i64::MAX, 4096];
    let lie = usize::try_from(whims.below(6)).unwrap_or(0);
    lies.get(lie).copied().unwrap_or(-1)
}

/// An `is_cancelled` that says yes at times, in any number.
pub(super) unsafe extern "C" fn cancelled(data: *mut c_void) -> i32 {
    // SAFETY: the call was given `Whims` with this function, and they outlive it.
    let whims = unsafe { whims(data) };
    match whims.map_or(1, |whims| whims.below(40)) {
        39 => i32::MIN,
        38 => 1,
        _ => 0,
    }
}

/// An `on_progress` that cancels or closes at times.
pub(super) unsafe extern "C" fn on_progress(
    data: *mut c_void,
    progress: *const PatchproofProgress,
) {
    // SAFETY: the caller promises a progress that can be read during this call.
    let phase = unsafe { progress.as_ref() }.map(|progress| progress.phase);
    assert!(
        matches!(phase, Some(1..=3)),
        "the phase {phase:?} is not in the header"
    );
    // SAFETY: the call was given `Whims` with this function, and they outlive it.
    let Some(whims) = (unsafe { whims(data) }) else {
        return;
    };
    let handle = whims.handle.load(Ordering::Relaxed);
    // Whatever they answer: they were called from within.
    let _code = match whims.below(60) {
        59 => patchproof_cancel(handle),
        58 => patchproof_close(handle),
        _ => 0,
    };
}
