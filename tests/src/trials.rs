//! What tests need that are lists of trials: claims under their own names, a comparison that is an
//! answer, and the heap counted.

use std::fmt::Debug;

use libtest_mimic::{Arguments, Failed, Trial};
use peak_alloc::PeakAlloc;

/// Functions with their own names, as an array of pairs.
#[macro_export]
macro_rules! claims {
    ($($claim:ident)*) => { [$((stringify!($claim), $claim)),*] };
}

/// Answers whether what was found is what was expected.
///
/// # Errors
/// Both, where they are not the same.
pub fn same<T: PartialEq<U> + Debug, U: Debug>(found: T, expected: U) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    Err(format!("expected {expected:#?}, found {found:#?}").into())
}

/// Does the work, and answers the most bytes of the heap that it held beyond what was held before.
///
/// The heap is counted for the whole process: trials that ask must run [`one_by_one`].
pub fn held<T>(heap: &PeakAlloc, work: impl FnOnce() -> T) -> (T, usize) {
    let before = heap.current_usage();
    heap.reset_peak_usage();
    let done = work();
    (done, heap.peak_usage().saturating_sub(before))
}

/// Runs trials one after another.
#[must_use]
pub fn one_by_one(trials: Vec<Trial>) -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit_code()
}
