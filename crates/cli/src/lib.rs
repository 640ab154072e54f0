//! The `patchproof` command: reads files, asks the other rooms, prints what they answer.
//!
//! No logic lives here. It is a library too, so that `cargo xtask verify-release` has the same
//! flags and the same output.

mod args;
mod commands;
mod external_signer;
mod files;
mod guard;
mod moment;
mod output;
mod progress;
mod publish_args;
mod secret;
mod signer;

pub use commands::verify_release;
pub use external_signer::PublicAndCommand;
pub use files::{ReadFileError, read_file, write_file};
pub use guard::guarded;
pub use output::Format;
pub use progress::working;
pub use secret::{PassphraseError, SecretFileError};
pub use signer::{SignerArgs, SignerError, read_public_key};

use clap::Parser as _;
use patchproof_report::ExitCode;

/// Runs `patchproof` with the process's arguments.
#[must_use]
pub fn main() -> std::process::ExitCode {
    guarded(|| match args::Cli::try_parse() {
        Ok(cli) => commands::run(cli),
        Err(error) => usage(&error),
    })
    .into()
}

/// Prints clap's answer: help and version are a success, anything else is a usage error.
pub fn usage(error: &clap::Error) -> ExitCode {
    // There is nobody left to tell when the terminal is gone.
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::Undecided
    } else {
        ExitCode::Verified
    }
}
