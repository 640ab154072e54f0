//! The last line: a panic of ours ends at the entry that it happened below.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` gives; `otherwise` where it panics. What it worked on stays usable: locks that are
/// poisoned are taken all the same, and whatever lasts is on the disk.
pub(crate) fn guarded<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => value,
        Err(payload) => {
            // Whatever was thrown may panic again when it is dropped.
            std::mem::forget(payload);
            otherwise
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_at_the_entry() {
        assert_eq!(guarded(7, || panic!("a bug")), 7);
    }

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_ends_there_too() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert_eq!(guarded(7, || std::panic::panic_any(Bomb)), 7);
    }
}
