//! `patchproof sign`: statements over a patch and over a channel.

use std::path::PathBuf;

use clap::Subcommand;
use patchproof_report::ExitCode;
use patchproof_trust::{Nonce, Word};

use crate::commands::sign_channel::{Selection, parse_nonce, parse_selection};
use crate::commands::sign_common::parse_word;
use crate::commands::stopped::ended;
use crate::commands::verify_release::ABIS;
use crate::commands::{sign_add, sign_channel, sign_patch, sign_place};
use crate::moment::NowArgs;
use crate::publish_args::WordsArgs;
use crate::signer::SignerArgs;

/// Signs what a patch is, or which patches a channel offers.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof sign patch --root root-1.json --release-build app-release.aab --version 1.2.3+45 \\
      --platform android --abi arm64-v8a --number 1 --patch update.patch \\
      --key patch.pem -o update.statement.json
  patchproof sign add update.statement.json --root root-1.json --key second.pem
  patchproof sign channel --root root-1.json --channel stable --counter 1 \\
      --select update.statement.json:10 --expires-in-days 7 --key channel.pem -o channel.json
  patchproof sign place --root root-1.json --tree public update.statement.json update.patch \\
      channel.json

The bytes of each document are in docs/formats/statements.md.")]
pub(crate) struct SignArgs {
    #[command(subcommand)]
    command: SignCommand,
}

#[derive(Debug, Subcommand)]
enum SignCommand {
    Patch(Box<SignPatchArgs>),
    Channel(Box<SignChannelArgs>),
    Add(SignAddArgs),
    Place(SignPlaceArgs),
}

/// Signs what one patch is, offline.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof sign patch --root root-1.json --release-build app-release.apk --version 1.2.3+45 \\
      --platform android --abi arm64-v8a --number 1 --patch update.patch \\
      --key patch.pem -o update.statement.json
  patchproof sign patch --root root-1.json --release-build released/libapp.so --version 1.2.3+45 \\
      --platform android --abi arm64-v8a --number 2 --patch second.patch --minimum-number 2 \\
      --signer patch.pem.pub='openssl pkeyutl -sign -rawin -inkey hsm.pem -in /dev/stdin' \\
      -o second.statement.json

Nothing is believed of the patch: it is inflated over the released library, and what comes out is
what the statement names. Both libraries have to run on the same engine.

Exit code: 0 signed, 1 malformed patch, 2 could not be signed, 4 the root does not hold, or the
signer's answer is no signature, 5 the patch was made against another base, 6 the engine would not
take what comes out.")]
pub(crate) struct SignPatchArgs {
    /// The newest root of the app
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: PathBuf,
    /// The app's id; without it, the root's
    #[arg(long, value_name = "ID", value_parser = parse_word)]
    pub(crate) app: Option<Word>,
    /// The build as it was shipped: an archive, an app folder or a bare library
    #[arg(long, value_name = "BUILD")]
    pub(crate) release_build: PathBuf,
    /// Its version, as devices say it: 1.2.3+45
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) version: Word,
    /// Its operating system, as devices say it: android
    #[arg(long, value_name = "NAME", value_parser = parse_word)]
    pub(crate) platform: Word,
    /// The ABI that the patch is for
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(ABIS))]
    pub(crate) abi: String,
    /// The patch's number within the release, 1 or more
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) number: u64,
    /// The patch
    #[arg(long, value_name = "FILE")]
    pub(crate) patch: PathBuf,
    #[command(flatten)]
    pub(crate) words: WordsArgs,
    /// Where to write the statement
    #[arg(short, value_name = "STATEMENT")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

/// Signs which patches a channel offers, for at most 31 days.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof sign channel --root root-1.json --channel stable --counter 1 \\
      --select update.statement.json --expires-in-days 7 --key channel.pem -o channel.json
  patchproof sign channel --root root-1.json --channel stable --counter 2 \\
      --select second.statement.json:2.5 --roll-back update.statement.json \\
      --expires-in-days 1 --key channel.pem -o channel.json

The release is that of the statements. The counter grows with each choice: devices refuse a lower
one, and another choice under the same one. A percentage behind the last `:` is how many of all
devices get the patch, in steps of 0.01.

Exit code: 0 signed, 2 could not be signed, 4 the root or a selected statement does not hold, or the
signer's answer is no signature.")]
pub(crate) struct SignChannelArgs {
    /// The newest root of the app
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: PathBuf,
    /// The app's id, to be held against the root
    #[arg(long, value_name = "ID", value_parser = parse_word)]
    pub(crate) app: Option<Word>,
    /// The release's version, to be held against the statements
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) version: Option<Word>,
    /// Its operating system, to be held against the statements
    #[arg(long, value_name = "NAME", value_parser = parse_word)]
    pub(crate) platform: Option<Word>,
    /// Its ABI, to be held against the statements
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(ABIS))]
    pub(crate) abi: Option<String>,
    /// The channel: stable
    #[arg(long, value_name = "NAME", value_parser = parse_word)]
    pub(crate) channel: Word,
    /// Grows with each choice, 1 or more
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) counter: u64,
    /// A patch statement to offer, and to how many percent of devices; may be given again
    #[arg(long, value_name = "STATEMENT[:PERCENT]", value_parser = parse_selection)]
    pub(crate) select: Vec<Selection>,
    /// A patch statement to withdraw; may be given again
    #[arg(long, value_name = "STATEMENT")]
    pub(crate) roll_back: Vec<PathBuf>,
    /// For how many days it stands, 1 to 31
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=31))]
    pub(crate) expires_in_days: u64,
    /// The nonce of the device that asked, 64 lower-case hex digits: an answer to it alone
    #[arg(long, value_name = "HEX", value_parser = parse_nonce)]
    pub(crate) nonce: Option<Nonce>,
    /// Where to write the statement
    #[arg(short, value_name = "STATEMENT")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

/// Adds signatures to a patch or channel statement that somebody else signed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof sign add update.statement.json --root root-1.json
  patchproof sign add update.statement.json --root root-1.json --key second.pem
  patchproof sign add update.statement.json --root root-1.json --key second.pem -o both.json

It prints what the statement says. Without --key, --signer and -o it does no more than that: read it
first, for a signature says that you agree with every line.

Signatures of keys that the root does not name are taken off, since a device refuses a statement
with one. So a statement outlives its key: sign it anew under the next root, and its SHA-256 stays.
For roots there is `patchproof root sign`.")]
pub(crate) struct SignAddArgs {
    /// The statement
    #[arg(value_name = "STATEMENT")]
    pub(crate) statement: PathBuf,
    /// The newest root of the app
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: PathBuf,
    /// Where to write it; without this it is written over
    #[arg(short, value_name = "STATEMENT")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
}

/// Puts signed documents and patches where devices look for them, below a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof sign place --root root-1.json --tree public update.statement.json update.patch \\
      channel.json
  patchproof sign place --root root-1.json --tree public root-2.json

The folder is what lies behind the base URL of the app's settings: any web server or CDN that serves
files serves devices from it. Everything is verified under the root before anything is written. A
root is placed if it is the next one, as devices take it: signed by enough keys of the root before
it and of its own, and by no other. Place each of several with the one before it as --root.

Exit code: 0 placed, 2 could not be placed, or a file is neither a signed document that can be read
nor a patch that one of the statements names, 4 a signed document that can be read does not hold.")]
pub(crate) struct SignPlaceArgs {
    /// The newest root that devices know
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: PathBuf,
    /// The folder behind the base URL
    #[arg(long, value_name = "FOLDER")]
    pub(crate) tree: PathBuf,
    /// Statements, roots and patches
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

pub(crate) fn run(args: &SignArgs) -> ExitCode {
    ended(match &args.command {
        SignCommand::Patch(args) => sign_patch::run(args),
        SignCommand::Channel(args) => sign_channel::run(args),
        SignCommand::Add(args) => sign_add::run(args),
        SignCommand::Place(args) => sign_place::run(args),
    })
}
