//! The last line of defence: a panic is a bug of ours, and ends as exit code 70 with a plain word.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use patchproof_report::ExitCode;

/// Runs a command; a panic inside it becomes [`ExitCode::OurBug`] and a request to report it.
pub fn guarded(command: impl FnOnce() -> ExitCode) -> ExitCode {
    std::panic::set_hook(Box::new(report_bug));
    // Nothing of the command is used after a panic, so a half-changed state harms nobody.
    let code = catch_unwind(AssertUnwindSafe(command)).unwrap_or(ExitCode::OurBug);
    drop(std::panic::take_hook());
    code
}

fn report_bug(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("no message");
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    anstream::eprintln!(
        "patchproof {}: a bug of ours: {message} ({place})\n\
         Nothing was verified. Please report it with the command line and, if you may share them, \
         the files.",
        env!("CARGO_PKG_VERSION")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_70_and_an_answer_stays_what_it_is() {
        assert_eq!(guarded(|| panic!("for this test")), ExitCode::OurBug);
        assert_eq!(guarded(|| ExitCode::OtherBase), ExitCode::OtherBase);
    }
}
