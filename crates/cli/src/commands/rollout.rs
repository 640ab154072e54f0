//! `patchproof rollout`: to how many devices a patch goes.

use patchproof_publisher::roll_out;
use patchproof_report::ExitCode;

use crate::commands::sign_channel::basis_points;
use crate::commands::status::print_patch;
use crate::commands::stopped::{Stopped, ended};
use crate::output::Format;
use crate::publish_args::{AppArgs, PatchArgs, ServerArgs};

/// Says to how many per cent of its channel's devices a patch goes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof rollout 5 --server https://push.example.com --app com.example.app \\
      --release 1.2.3+45 --patch 2
  patchproof rollout 100 --app com.example.app --release 1.2.3+45 --patch 2 --format json

Whoever is among 5 per cent is among 20 per cent too. A lower number stops further installs; devices
that have the patch keep it: `patchproof rollback` takes it from them.

Exit code: 0 done, 1 the server refuses it, 2 could not be done.")]
pub(crate) struct RolloutArgs {
    /// Per cent, in steps of 0.01: 1, 5, 20, 50, 100
    #[arg(value_name = "PERCENT", value_parser = basis_points)]
    pub(crate) percent: u16,
    #[command(flatten)]
    pub(crate) app: AppArgs,
    #[command(flatten)]
    pub(crate) patch: PatchArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

pub(crate) fn run(args: &RolloutArgs) -> ExitCode {
    ended(rolled_out(args))
}

fn rolled_out(args: &RolloutArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let which = args.patch.which(&args.app);
    let patch = roll_out(&client, &which, args.percent)?;
    Ok(print_patch(&args.patch.release, &patch, args.format))
}
