//! A disk that stops before its k-th operation and says so, for a parent process to kill this one
//! right there.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use patchproof_rehearsal::{Call, Tap, Tapped, Then};

/// Another storage, whose operations are counted, and which halts before one of them.
pub type Halting<S> = Tapped<S, Halt>;

/// The operations so far, and before which of them to halt.
#[derive(Clone, Debug)]
pub struct Halt {
    so_far: Arc<AtomicU64>,
    before: Option<u64>,
}

impl Halt {
    /// Halts before the operation of this number, counted from 0; none: counts only.
    #[must_use]
    pub fn new(before: Option<u64>) -> Self {
        let so_far = Arc::default();
        Self { so_far, before }
    }

    /// How many operations there were.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.so_far.load(Ordering::SeqCst)
    }
}

impl Tap for Halt {
    fn before(&self, _: &Call<'_>) -> Then {
        let number = self.so_far.fetch_add(1, Ordering::SeqCst);
        if self.before == Some(number) {
            let mut stdout = std::io::stdout();
            // Whoever reads this kills us; if nobody does, we end soon by ourselves.
            let said = writeln!(stdout, "{HALTED}").and_then(|()| stdout.flush());
            drop(said);
            std::thread::sleep(Duration::from_secs(60));
        }
        Then::Happens
    }
}

/// The line that is said before the halt.
pub const HALTED: &str = "halted";
