//! `patchproof root`: who may sign what, and how that changes.

use std::path::PathBuf;

use clap::Subcommand;
use patchproof_report::ExitCode;
use patchproof_trust::Word;

use crate::commands::sign_common::parse_word;
use crate::commands::stopped::ended;
use crate::commands::{root_init, root_rotate, root_show, root_sign};
use crate::moment::{ClockError, NowArgs, days_later, parse_date};
use crate::output::Format;
use crate::signer::SignerArgs;

/// Makes, changes and shows the root: which keys may sign for an app.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof root init --app com.example.app --root-key alice.pem.pub --root-key bob.pem.pub \\
      --root-threshold 2 --patch-key patch.pem.pub --patch-threshold 1 \\
      --channel-key channel.pem.pub --channel-threshold 1 --key alice.pem -o root-1.json
  patchproof root sign root-1.json --key bob.pem
  patchproof root show root-1.json
  patchproof root rotate root-1.json -o root-2.json --add-patch-key new.pem.pub --key alice.pem

The first root goes into the app, at flutter_assets/patchproof/root.json. Each next one is signed by
the keys of the one before it and by its own, and is served to the devices.")]
pub(crate) struct RootArgs {
    #[command(subcommand)]
    command: RootCommand,
}

#[derive(Debug, Subcommand)]
enum RootCommand {
    Init(Box<RootInitArgs>),
    Rotate(Box<RootRotateArgs>),
    Sign(RootSignArgs),
    Show(RootShowArgs),
}

/// Makes the first root of an app.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof root init --app com.example.app --root-key alice.pem.pub --root-key bob.pem.pub \\
      --root-key carol.pem.pub --root-threshold 2 --patch-key patch.pem.pub --patch-threshold 1 \\
      --channel-key channel.pem.pub --channel-threshold 1 --expires-in-days 365 \\
      --key alice.pem -o root-1.json

It is signed by the keys that are named; more people sign it later with `patchproof root sign`. A
root without expiry never tells a device that the next one is held back.")]
pub(crate) struct RootInitArgs {
    /// The app's id
    #[arg(long, value_name = "ID", value_parser = parse_word)]
    pub(crate) app: Word,
    /// A public key that signs roots; may be given again
    #[arg(long, value_name = "PUB", required = true)]
    pub(crate) root_key: Vec<PathBuf>,
    /// How many of them have to sign
    #[arg(long, value_name = "N")]
    pub(crate) root_threshold: u64,
    /// A public key that signs patch statements; may be given again
    #[arg(long, value_name = "PUB", required = true)]
    pub(crate) patch_key: Vec<PathBuf>,
    /// How many of them have to sign
    #[arg(long, value_name = "N")]
    pub(crate) patch_threshold: u64,
    /// A public key that signs channel statements, and nothing else; may be given again
    #[arg(long, value_name = "PUB", required = true)]
    pub(crate) channel_key: Vec<PathBuf>,
    /// How many of them have to sign
    #[arg(long, value_name = "N")]
    pub(crate) channel_threshold: u64,
    #[command(flatten)]
    pub(crate) expiry: ExpiryArgs,
    /// Where to write the root
    #[arg(short, value_name = "ROOT")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

/// Until when something is installed under a root.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct ExpiryArgs {
    /// From this day on nothing is installed under it: YYYY-MM-DD, UTC
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    expires: Option<u64>,
    /// The same, in days from now
    #[arg(long, value_name = "N")]
    expires_in_days: Option<u64>,
}

impl ExpiryArgs {
    /// Seconds since 1970, if any was given.
    pub(crate) fn seconds(self, now: NowArgs) -> Result<Option<u64>, ClockError> {
        match self.expires_in_days {
            Some(days) if self.expires.is_none() => Ok(Some(days_later(now.seconds()?, days))),
            _ => Ok(self.expires),
        }
    }
}

/// Makes the next root: other keys, thresholds, floors, revocations or another expiry.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof root rotate root-1.json -o root-2.json --remove-root-key 3f9a01c2 \\
      --add-root-key dave.pem.pub --key alice.pem --key dave.pem
  patchproof root rotate root-2.json -o root-3.json --revoke bad.statement.json --key alice.pem
  patchproof root rotate root-3.json -o root-4.json --minimum-number patch-7.statement.json=7 \\
      --expires-in-days 365 --signer dave.pem.pub='pkcs11-sign --slot 2'

The next root takes the threshold of the root before it and its own; what is missing is told. More
people sign it with `patchproof root sign NEW --previous OLD`.

A key to remove is named by its id or its first eight digits or more. RELEASE is the file of any
patch statement for it, or PLATFORM/ABI/VERSION/BASE_SHA256.")]
pub(crate) struct RootRotateArgs {
    /// The newest root
    #[arg(value_name = "OLD_ROOT")]
    pub(crate) old: PathBuf,
    /// Where to write the next one
    #[arg(short, value_name = "NEW_ROOT")]
    pub(crate) output: PathBuf,
    /// A public key that signs roots from now on; may be given again
    #[arg(long, value_name = "PUB")]
    pub(crate) add_root_key: Vec<PathBuf>,
    /// A key that no longer signs roots; may be given again
    #[arg(long, value_name = "ID")]
    pub(crate) remove_root_key: Vec<String>,
    /// How many root keys have to sign
    #[arg(long, value_name = "N")]
    pub(crate) root_threshold: Option<u64>,
    /// A public key that signs patch statements from now on; may be given again
    #[arg(long, value_name = "PUB")]
    pub(crate) add_patch_key: Vec<PathBuf>,
    /// A key that no longer signs patch statements; may be given again
    #[arg(long, value_name = "ID")]
    pub(crate) remove_patch_key: Vec<String>,
    /// How many patch keys have to sign
    #[arg(long, value_name = "N")]
    pub(crate) patch_threshold: Option<u64>,
    /// A public key that signs channel statements from now on; may be given again
    #[arg(long, value_name = "PUB")]
    pub(crate) add_channel_key: Vec<PathBuf>,
    /// A key that no longer signs channel statements; may be given again
    #[arg(long, value_name = "ID")]
    pub(crate) remove_channel_key: Vec<String>,
    /// How many channel keys have to sign
    #[arg(long, value_name = "N")]
    pub(crate) channel_threshold: Option<u64>,
    /// No lower patch number runs of a release; may be given again
    #[arg(long, value_name = "RELEASE=NUMBER")]
    pub(crate) minimum_number: Vec<String>,
    /// No device runs this patch statement any more; may be given again
    #[arg(long, value_name = "STATEMENT")]
    pub(crate) revoke: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) expiry: ExpiryArgs,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

/// Adds signatures to a root that somebody else made.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof root sign root-1.json --key bob.pem
  patchproof root sign root-2.json --previous root-1.json --key bob.pem
  patchproof root sign root-2.json --signer hsm.pub='pkcs11-sign --slot 2' -o root-2.signed.json

Look at it with `patchproof root show` first: a signature says that you agree with every line. A key
that only the root before it names signs with --previous.")]
pub(crate) struct RootSignArgs {
    /// The root to sign
    #[arg(value_name = "ROOT")]
    pub(crate) root: PathBuf,
    /// The root before it
    #[arg(long, value_name = "ROOT")]
    pub(crate) previous: Option<PathBuf>,
    /// Where to write it; without this it is written over
    #[arg(short, value_name = "ROOT")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
}

/// Shows a root: roles, keys, floors, revocations, and who signed it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof root show root-1.json
  patchproof root show root-2.json --previous root-1.json
  patchproof root show root-2.json --format json | jq .signatures

Exit code: 0 enough keys signed it, 4 not, or it is no root, 2 it could not be read.")]
pub(crate) struct RootShowArgs {
    /// The root to show
    #[arg(value_name = "ROOT")]
    pub(crate) root: PathBuf,
    /// The root before it, whose keys have to sign it too
    #[arg(long, value_name = "ROOT")]
    pub(crate) previous: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

pub(crate) fn run(args: &RootArgs) -> ExitCode {
    ended(match &args.command {
        RootCommand::Init(args) => root_init::run(args),
        RootCommand::Rotate(args) => root_rotate::run(args),
        RootCommand::Sign(args) => root_sign::run(args),
        RootCommand::Show(args) => root_show::run(args),
    })
}
