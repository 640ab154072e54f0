//! One file a command: read, ask, print.

mod apply;
mod compare;
mod diff;
mod explain;
mod inspect;
mod inspect_archive;
mod inspect_text;
mod rehearse;
mod rehearse_text;
mod report_output;
pub mod verify_release;

use patchproof_report::ExitCode;

use crate::args::{Cli, Command};

pub(crate) fn run(cli: Cli) -> ExitCode {
    match cli.command {
        Command::Inspect(args) => inspect::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Apply(args) => apply::run(&args),
        Command::VerifyRelease(args) => verify_release::run(&args),
        Command::Rehearse(args) => rehearse::run(&args),
        Command::Explain(args) => explain::run(&args),
    }
}
