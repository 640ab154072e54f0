//! `cargo xtask fuzz`: every parser, decoder and claim under a fuzzer, and the harness itself held
//! to being alive.

mod building;
mod cover;
mod error;
mod export;
mod fuzzer;
mod inputs;
mod ledger;
mod listing;
mod minimise;
mod replay;
mod running;
mod smoke;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
pub(crate) use cover::reached as reached_by_inputs;
pub(crate) use error::FuzzError;

/// Fuzz the parsers, the decoders and the claims, and replay what was found
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fuzz {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(listing::List),
    Run(running::Run),
    Smoke(smoke::Smoke),
    Cover(cover::Cover),
    /// Make an input that fails smaller, for a minute
    Minimise {
        /// The target that fails
        target: String,
        /// The input
        file: PathBuf,
        /// How long it may take
        #[arg(long, default_value_t = 60, value_name = "N")]
        seconds: u64,
    },
    /// Hold the oracles to kept inputs, or to files: no fuzzer, no libFuzzer
    Replay {
        /// Without one: every target
        target: Option<String>,
        /// Without one: its made seeds, `corpora/seeds` and `corpora/regressions`
        files: Vec<PathBuf>,
    },
    /// Write the seeds and dictionaries of all targets, for those who fuzz at scale
    Export {
        /// Where to
        folder: PathBuf,
    },
}

/// 0 where all is well, 1 where something was found or the harness is dead, 2 where it could not
/// run.
pub(crate) fn run(args: &Fuzz) -> ExitCode {
    let done = match &args.command {
        Command::List(args) => listing::run(args),
        Command::Export { folder } => export::run(folder),
        Command::Run(args) => running::run(args),
        Command::Smoke(args) => smoke::run(args),
        Command::Cover(args) => cover::run(args),
        Command::Minimise {
            target,
            file,
            seconds,
        } => minimise::run(target, file, *seconds),
        Command::Replay { target, files } => replay::run(target.as_deref(), files),
    };
    let error = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    anstream::eprintln!("fuzz: {error}");
    ExitCode::from(match error {
        FuzzError::Found { .. } | FuzzError::Smoke { .. } | FuzzError::Replay { .. } => {
            PROBLEMS_FOUND
        }
        _ => COULD_NOT_DECIDE,
    })
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask fuzz list                        the targets, and what each claims
  cargo xtask fuzz smoke                       every target for some seconds, on stable Rust
  cargo xtask fuzz run inflate_any             one target for a minute, under AddressSanitizer
  cargo xtask fuzz run state_any --seconds 3600 --jobs 2
  cargo xtask fuzz run state_any --plain       without a sanitizer: several times as fast
  cargo xtask fuzz replay                      every kept input through its oracle
  cargo xtask fuzz replay state_any FILE       one input; says what is wrong with it
  cargo xtask fuzz minimise state_any FILE     a smaller input that fails the same way
  cargo xtask fuzz export FOLDER               seeds and dictionaries, for ClusterFuzzLite
  cargo xtask fuzz cover                       how much of each room the kept inputs reach

Exit codes: 0 all is well, 1 something was found or the harness is dead, 2 it could not run.";
