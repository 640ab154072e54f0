//! The native face: `patchproof_*`. Every call that can fail answers with a number of `codes` and,
//! where the caller has a [`PatchproofError`](types::PatchproofError), with words.

pub mod boot;
pub mod codes;
pub mod lifetime;
mod options;
pub mod tell;
pub mod types;
pub mod update;

use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use patchproof_device::Cancel;

use crate::failure::Failure;
use crate::guard::guarded;
use crate::handles::Table;
use crate::opening::Device;
use crate::outs::Out;
use types::{PatchproofError, PatchproofUpdater};

/// What a handle stands for.
struct Held {
    device: Device,
    /// What goes on in it now, and can be cancelled.
    under_way: Mutex<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    next: u64,
    cancels: BTreeMap<u64, Cancel>,
}

impl Held {
    const fn new(device: Device) -> Self {
        Self {
            device,
            under_way: Mutex::new(UnderWay {
                next: 0,
                cancels: BTreeMap::new(),
            }),
        }
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what `patchproof_cancel` can end.
    fn cancellable<R>(&self, work: impl FnOnce(&Cancel) -> R) -> R {
        /// Takes it off the list however `work` ends.
        struct Listed<'a>(&'a Held, u64);
        impl Drop for Listed<'_> {
            fn drop(&mut self) {
                self.0.under_way().cancels.remove(&self.1);
            }
        }
        let cancel = Cancel::new();
        let listed = {
            let mut under_way = self.under_way();
            let id = under_way.next;
            under_way.next = id.wrapping_add(1);
            under_way.cancels.insert(id, cancel.clone());
            Listed(self, id)
        };
        let answer = work(&cancel);
        drop(listed);
        answer
    }

    fn cancel(&self) {
        let cancels: Vec<Cancel> = self.under_way().cancels.values().cloned().collect();
        // Without the lock: what is interrupted may be about to take itself off the list.
        for cancel in cancels {
            cancel.cancel();
        }
    }
}

static UPDATERS: Table<Held> = Table::new();

fn held(updater: PatchproofUpdater) -> Result<Arc<Held>, Failure> {
    UPDATERS.get(updater).ok_or_else(stale)
}

fn stale() -> Failure {
    Failure::app(
        codes::PATCHPROOF_BAD_HANDLE,
        "the updater was closed, or is no handle that patchproof_open gave",
    )
}

/// Does what an entry does, and says what came of it.
fn answer(error: Option<Out<PatchproofError>>, work: impl FnOnce() -> Result<(), Failure>) -> i32 {
    let failure = match guarded(Err(Failure::bug()), work) {
        Ok(()) => return codes::PATCHPROOF_OK,
        Err(failure) => failure,
    };
    let code = failure.code;
    if let Some(error) = error {
        error.write(PatchproofError {
            struct_bytes: error.struct_bytes(),
            code,
            at_fault: failure.at_fault,
            text: cut(&failure.text),
        });
    }
    code
}

/// As much of a text as there is room for, and a NUL behind it.
fn cut(text: &str) -> [c_char; 512] {
    let mut cut = [0; 512];
    let room = cut.len() - 1;
    let end = text.floor_char_boundary(room);
    for (to, from) in cut.iter_mut().zip(text.as_bytes().iter().take(end)) {
        *to = c_char::from_ne_bytes([*from]);
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(cut: [c_char; 512]) -> String {
        let bytes = cut.iter().take_while(|it| **it != 0);
        String::from_utf8(bytes.map(|it| it.to_ne_bytes()[0]).collect()).unwrap()
    }

    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(back(cut("näher")), "näher");
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let text = format!("{}äää", "a".repeat(510));
        assert_eq!(back(cut(&text)), "a".repeat(510));
    }
}
