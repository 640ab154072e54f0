//! Calls of the native face.
#![expect(unsafe_code, reason = "functions of C are called")]

use std::ffi::{CString, c_char};

use patchproof::native::boot::{
    patchproof_begin_boot, patchproof_report_failure, patchproof_report_first_frame,
    patchproof_report_foreground, patchproof_report_healthy,
};
use patchproof::native::codes;
use patchproof::native::lifetime::{patchproof_cancel, patchproof_close, patchproof_free_string};
use patchproof::native::tell::patchproof_clear_bans;
use patchproof::native::types::{
    PatchproofBoot, PatchproofBootId, PatchproofChecked, PatchproofError, PatchproofExit,
    PatchproofUpdateOptions, PatchproofUpdated, PatchproofUpdater,
};
use patchproof::native::update::{patchproof_check, patchproof_update};

use super::answers::{is_known, is_told, must_refuse, no_error};
use super::callbacks::{Whims, cancelled, on_progress};
use super::chances::Chances;
use super::hostile::{c_string, place, size, text};
use super::opening::{Texts, open};
use super::telling::{next_number, send, tell};
use super::world::{Folder, World};

/// The updaters of one input; they are closed with it.
pub(super) struct Native<'w> {
    world: &'w World,
    texts: Texts,
    channel: CString,
    handles: Vec<PatchproofUpdater>,
    /// The boot that was begun last.
    id: PatchproofBootId,
    whims: Box<Whims>,
    fine: u64,
    refused: u64,
    _folder: Folder,
}

impl<'w> Native<'w> {
    pub(super) fn new(world: &'w World, input: u64, chances: &mut Chances<'_>) -> Self {
        let folder = format!("device-{input}");
        world.server.offers(chances.below(3));
        Self {
            world,
            texts: Texts::new(world, &folder),
            channel: c_string("beta"),
            handles: Vec::new(),
            id: PatchproofBootId { bytes: [0; 16] },
            whims: Box::new(Whims::new(chances.long())),
            fine: 0,
            refused: 0,
            _folder: Folder::new(world.path(&folder)),
        }
    }

    /// Calls that did what they were asked, and calls whose argument was refused.
    pub(super) const fn done(&self) -> (u64, u64) {
        (self.fine, self.refused)
    }

    pub(super) fn call(&mut self, chances: &mut Chances<'_>) {
        let mut error = no_error(chances);
        let asked_bytes = error.struct_bytes;
        let to = place(&mut error, chances);
        let (code, has_error) = self.one(to.pointer, chances);
        is_known(code);
        let told = has_error && to.is_good && asked_bytes >= size_of::<PatchproofError>();
        if code != codes::PATCHPROOF_OK && told {
            is_told(code, &error);
        }
        self.fine += u64::from(code == codes::PATCHPROOF_OK);
        let refusals = [codes::PATCHPROOF_BAD_ARGUMENT, codes::PATCHPROOF_BAD_HANDLE];
        self.refused += u64::from(refusals.contains(&code));
    }

    /// What a call answered, and whether it has a place for an error.
    fn one(&mut self, error: *mut PatchproofError, chances: &mut Chances<'_>) -> (i32, bool) {
        if self.handles.is_empty() || chances.one_in(10) {
            let (code, opened) = open(&self.texts, &self.whims, error, chances);
            self.handles.extend((opened != 0).then_some(opened));
            return (code, true);
        }
        let handle = self.handle(chances);
        let code = match chances.below(14) {
            0 | 1 => self.begin(handle, error, chances),
            2 => self.frame(handle, error, chances),
            3 => self.healthy(handle, error, chances),
            4 => self.failure(handle, error, chances),
            5 => self.check(handle, error, chances),
            6..=8 => self.update(handle, error, chances),
            9 => send(handle, error, chances),
            10 => next_number(handle, error, chances),
            11 => tell(handle, error, chances),
            12 => {
                self.world.server.offers(chances.below(3));
                // SAFETY: the error's place is as in the calls above.
                unsafe { patchproof_clear_bans(handle, error) }
            }
            _ => {
                let call = chances.pick(&[patchproof_close, patchproof_cancel, patchproof_cancel]);
                return (call(handle), false);
            }
        };
        (code, true)
    }

    /// A handle that is open, was, or never was one.
    fn handle(&self, chances: &mut Chances<'_>) -> PatchproofUpdater {
        let given = self.handles.get(chances.below(self.handles.len()));
        let given = given.copied().unwrap_or(0);
        let handle = match chances.below(14) {
            13 => 0,
            12 => given ^ (1 << 32),
            11 => u64::MAX - u64::from(chances.byte()),
            10 => chances.long(),
            _ => given,
        };
        self.whims
            .handle
            .store(given, std::sync::atomic::Ordering::Relaxed);
        handle
    }

    fn begin(
        &mut self,
        handle: PatchproofUpdater,
        error: *mut PatchproofError,
        chances: &mut Chances<'_>,
    ) -> i32 {
        let exit = |chances: &mut Chances<'_>| PatchproofExit {
            process: u32::from(chances.byte()),
            reason: i32::from(chances.byte().cast_signed()),
        };
        let mut exits = [exit(chances), exit(chances), exit(chances)];
        let all = place(&mut exits, chances);
        let count = chances.pick(&[0, 3, 1, 2, usize::MAX]);
        // So many values are refused before one is read.
        let mut boot = PatchproofBoot {
            struct_bytes: size(size_of::<PatchproofBoot>(), chances),
            id: self.id,
            number: 0,
            library_path: std::ptr::null_mut(),
            guarded: 0,
            reserved: 0,
        };
        let to = place(&mut boot, chances);
        let from: *const PatchproofExit = all.pointer.cast_const().cast();
        // SAFETY:
        // - `exits` is NULL, misaligned, or good for three; beyond a megabyte it is refused.
        // - The other places are NULL, misaligned, or locals that outlive the call, of which no
        //   more is written than this version's size: a larger one is said by `struct_bytes` alone.
        let code = unsafe { patchproof_begin_boot(handle, from, count, to.pointer, error) };
        must_refuse(code, !to.is_good);
        if code == codes::PATCHPROOF_OK {
            self.id = boot.id;
            assert!(
                boot.library_path.is_null() == (boot.number == 0),
                "a path without a patch"
            );
            // SAFETY: the library gave it just now, or it is NULL.
            unsafe { patchproof_free_string(boot.library_path) };
        }
        code
    }

    fn frame(
        &mut self,
        handle: PatchproofUpdater,
        error: *mut PatchproofError,
        chances: &mut Chances<'_>,
    ) -> i32 {
        let (mut id, mut left) = (self.id(chances), 0_i64);
        let (from, to) = (place(&mut id, chances), place(&mut left, chances));
        let total_ms = chances.pick(&[0, 10_000, u64::MAX]);
        let is_first = chances.one_in(2);
        let (from_pointer, to_pointer) = (from.pointer, to.pointer);
        let code = if is_first {
            // SAFETY: the places are NULL, misaligned, or locals that outlive the call.
            unsafe { patchproof_report_first_frame(handle, from_pointer, to_pointer, error) }
        } else {
            // SAFETY: as above.
            unsafe {
                patchproof_report_foreground(handle, from_pointer, total_ms, to_pointer, error)
            }
        };
        must_refuse(code, !from.is_good);
        code
    }

    fn healthy(
        &mut self,
        handle: PatchproofUpdater,
        error: *mut PatchproofError,
        chances: &mut Chances<'_>,
    ) -> i32 {
        let mut id = self.id(chances);
        let from = place(&mut id, chances);
        // SAFETY: the places are NULL, misaligned, or locals that outlive the call.
        let code = unsafe { patchproof_report_healthy(handle, from.pointer, error) };
        must_refuse(code, !from.is_good);
        code
    }

    fn failure(
        &mut self,
        handle: PatchproofUpdater,
        error: *mut PatchproofError,
        chances: &mut Chances<'_>,
    ) -> i32 {
        let mut id = self.id(chances);
        let from = place(&mut id, chances);
        let message = text(&self.channel, chances);
        // SAFETY: the places are NULL, misaligned, or locals that outlive the call, and the message
        // is NULL or ends with a NUL.
        let code = unsafe { patchproof_report_failure(handle, from.pointer, message, error) };
        must_refuse(code, !from.is_good || message.is_null());
        code
    }

    /// The id of the last boot, or another one.
    fn id(&self, chances: &mut Chances<'_>) -> PatchproofBootId {
        match chances.one_in(8) {
            true => PatchproofBootId {
                bytes: [chances.byte(); 16],
            },
            false => self.id,
        }
    }

    fn options(&self, chances: &mut Chances<'_>) -> PatchproofUpdateOptions {
        let channel: *const c_char = match chances.one_in(3) {
            true => text(&self.channel, chances),
            false => std::ptr::null(),
        };
        PatchproofUpdateOptions {
            struct_bytes: size(size_of::<PatchproofUpdateOptions>(), chances),
            channel,
            on_progress: chances.one_in(2).then_some(on_progress),
            is_cancelled: chances.one_in(2).then_some(cancelled),
            user_data: self.whims.as_data(),
        }
    }

    fn check(
        &mut self,
        handle: PatchproofUpdater,
        error: *mut PatchproofError,
        chances: &mut Chances<'_>,
    ) -> i32 {
        let mut options = self.options(chances);
        let mut checked = PatchproofChecked {
            struct_bytes: size(size_of::<PatchproofChecked>(), chances),
            number: 0,
        };
        let (from, to) = (place(&mut options, chances), place(&mut checked, chances));
        // SAFETY: the places are NULL, misaligned, or locals that outlive the call, and the
        // functions are ours, for `whims` that outlive it.
        let code = unsafe { patchproof_check(handle, from.pointer, to.pointer, error) };
        must_refuse(code, !to.is_good);
        code
    }

    fn update(
        &mut self,
        handle: PatchproofUpdater,
        error: *mut PatchproofError,
        chances: &mut Chances<'_>,
    ) -> i32 {
        let mut options = self.options(chances);
        let mut updated = PatchproofUpdated {
            struct_bytes: size(size_of::<PatchproofUpdated>(), chances),
            outcome: 0,
            why: 0,
            number: 0,
        };
        let (from, to) = (place(&mut options, chances), place(&mut updated, chances));
        // SAFETY: as for a check.
        let code = unsafe { patchproof_update(handle, from.pointer, to.pointer, error) };
        let known =
            (codes::PATCHPROOF_UP_TO_DATE..=codes::PATCHPROOF_NOT_TAKEN).contains(&updated.outcome);
        assert!(
            known,
            "the outcome {} is not in the header",
            updated.outcome
        );
        code
    }
}

impl Drop for Native<'_> {
    fn drop(&mut self) {
        for handle in &self.handles {
            patchproof_close(*handle);
        }
    }
}
