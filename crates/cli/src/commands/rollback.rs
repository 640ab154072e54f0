//! `patchproof rollback`: devices go back from a patch, or from all of a release.

use patchproof_publisher::{Which, kill_switch, roll_back};
use patchproof_report::ExitCode;
use patchproof_trust::Word;

use crate::commands::sign_common::parse_word;
use crate::commands::status::{print_patch, print_release};
use crate::commands::stopped::{Stopped, ended};
use crate::output::Format;
use crate::publish_args::{AppArgs, ServerArgs};

/// Takes a patch back from the devices that have it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof rollback --server https://push.example.com --app com.example.app \\
      --release 1.2.3+45 --patch 2
  patchproof rollback --app com.example.app --release 1.2.3+45 --patch 2 --undo
  patchproof rollback --app com.example.app --release 1.2.3+45 --all

Devices go back at their next start after they asked: to the highest patch that is not rolled back,
or to the release. --all is the kill switch: every patch that the release has now. With --undo it
gives back those that it took, and none that was rolled back by itself.

Exit code: 0 done, 1 the server refuses it, 2 could not be done.")]
#[command(group = clap::ArgGroup::new("which").required(true).args(["patch", "all"]))]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// The release's version, as devices say it
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) release: Word,
    /// The patch's number within the release
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) patch: Option<u64>,
    /// Every patch of the release
    #[arg(long)]
    pub(crate) all: bool,
    /// It is good again: devices may have it as before
    #[arg(long)]
    pub(crate) undo: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

pub(crate) fn run(args: &RollbackArgs) -> ExitCode {
    ended(rolled_back(args))
}

fn rolled_back(args: &RollbackArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let (app, release) = (&args.app.app, &args.release);
    let Some(number) = args.patch else {
        let state = kill_switch(&client, app, release, args.undo)?;
        return Ok(print_release(&state, args.format));
    };
    let which = Which {
        app,
        release,
        number,
    };
    let patch = roll_back(&client, &which, args.undo)?;
    Ok(print_patch(release, &patch, args.format))
}
