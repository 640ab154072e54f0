//! `patchproof promote`: puts a patch onto another channel.

use patchproof_publisher::promote;
use patchproof_report::ExitCode;
use patchproof_trust::Word;

use crate::commands::sign_channel::basis_points;
use crate::commands::sign_common::parse_word;
use crate::commands::status::print_patch;
use crate::commands::stopped::{Stopped, ended};
use crate::output::Format;
use crate::publish_args::{AppArgs, PatchArgs, ServerArgs};

/// Puts a patch onto a channel, and off the one that it sits on.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof promote --server https://push.example.com --app com.example.app \\
      --release 1.2.3+45 --patch 2 --channel stable
  patchproof promote --app com.example.app --release 1.2.3+45 --patch 2 --channel stable --rollout 5

A channel that is not there is made. Without --rollout the patch goes to all of its devices.

Exit code: 0 promoted, 1 the server refuses it, 2 could not be promoted.")]
pub(crate) struct PromoteArgs {
    #[command(flatten)]
    pub(crate) app: AppArgs,
    #[command(flatten)]
    pub(crate) patch: PatchArgs,
    /// The channel to put it onto
    #[arg(long, value_name = "NAME", value_parser = parse_word)]
    pub(crate) channel: Word,
    /// To how many per cent of the channel's devices, in steps of 0.01
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = basis_points)]
    pub(crate) rollout: u16,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

pub(crate) fn run(args: &PromoteArgs) -> ExitCode {
    ended(promoted(args))
}

fn promoted(args: &PromoteArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let which = args.patch.which(&args.app);
    let patch = promote(&client, &which, &args.channel, args.rollout)?;
    Ok(print_patch(&args.patch.release, &patch, args.format))
}
