//! `patchproof patch`: makes, verifies, signs and publishes a patch.

use std::path::PathBuf;

use patchproof_publisher::{Patched, Published, ToPatch, patch};
use patchproof_report::{ExitCode, Report, report_text};
use patchproof_trust::Word;
use patchproof_verify::Input;

use crate::commands::sign_channel::basis_points;
use crate::commands::sign_common::parse_word;
use crate::commands::stopped::{Stopped, ended, read};
use crate::files::read_file;
use crate::moment::{NowArgs, parse_date};
use crate::output::{Format, pretty_json, print, say, shown};
use crate::progress::watched;
use crate::publish_args::{AppArgs, ServerArgs, WordsArgs, per_cent};
use crate::signer::SignerArgs;

/// Makes a patch for a release, verifies it, and publishes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof patch --server https://push.example.com --app com.example.app --release 1.2.3+45 \\
      app-patched.aab
  patchproof patch --server http://127.0.0.1:8080 --token-file data/example.token \\
      --app com.example.app --release 1.2.3+45 --notes 'Mends the login' new-bundle/
  patchproof patch --app com.example.app --release 1.2.3+45 app-patched.apk --key patch.pem \\
      --channel stable --rollout 5 --force-update --expires 2027-01-31 --rehearse

The release is had from the server and held against its hash. Patches are made from it, in the
container that Shorebird's devices read and in our own, and from the last patches, where that is
smaller. All of it goes through the chain of `verify-release`; what does not hold is not uploaded.
Where the app has a root of trust, a statement is signed for each ABI. Everything is published at
once: a crash before leaves nothing that devices see, and takes no number.

A patch goes to the channel `staging` unless --channel says otherwise; `patchproof promote` moves it
on.

Exit code: 0 published; 1 the server refuses it; 2 could not be published; what does not hold ends
with the code of `verify-release`: 1, 3, 4, 5 or 6.")]
pub(crate) struct PatchCommandArgs {
    /// The build that the patch is to give
    #[arg(value_name = "PATCHED")]
    pub(crate) patched: PathBuf,
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// The release's version, as devices say it
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) release: Word,
    /// The channel to put it onto
    #[arg(long, value_name = "NAME", default_value = "staging", value_parser = parse_word)]
    pub(crate) channel: Word,
    /// To how many per cent of the channel's devices, in steps of 0.01
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = basis_points)]
    pub(crate) rollout: u16,
    /// A few words for people
    #[arg(long, value_name = "TEXT")]
    pub(crate) notes: Option<String>,
    /// Tell apps to install it before anything else
    #[arg(long)]
    pub(crate) force_update: bool,
    /// From the beginning of this day on it is offered no more
    #[arg(long, value_name = "DAY", value_parser = parse_date)]
    pub(crate) expires: Option<u64>,
    /// Make deltas from so many of the last patches
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) deltas: usize,
    /// Take a simulated device through each patch too; takes 10 to 20 seconds
    #[arg(long)]
    pub(crate) rehearse: bool,
    /// The engine, where it does not lie in the release: Flutter's library, or dartaotruntime
    #[arg(long, value_name = "FILE")]
    pub(crate) engine: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) statement: StatementArgs,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

/// What statements say besides, where the app has a root of trust.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Statements and signatures")]
pub(crate) struct StatementArgs {
    /// The root of trust, where the release is a bare library, which shows none
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) words: WordsArgs,
}

pub(crate) fn run(args: &PatchCommandArgs) -> ExitCode {
    ended(patched(args))
}

fn patched(args: &PatchCommandArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let signers = args.signer.open()?;
    let root = args.statement.root.as_deref().map(read).transpose()?;
    let engine = args.engine.as_deref().map(|path| {
        let bytes = read_file(path).map_err(|error| error.to_string());
        Input::new(shown(path), bytes)
    });
    let wanted = ToPatch {
        app: &args.app.app,
        release: &args.release,
        patched: &args.patched,
        channel: &args.channel,
        rollout_basis_points: args.rollout,
        notes: args.notes.as_deref(),
        force_update: args.force_update,
        expires_s: args.expires,
        deltas: args.deltas,
        rehearse: args.rehearse,
        engine,
        root: root.as_deref(),
        signers: &signers,
        words: args.statement.words.words(),
        now_s: args.now.seconds()?,
    };
    let patched = watched(|watch| patch(&client, &wanted, watch))?;
    Ok(match patched {
        Patched::Published(published) => print_published(&published, args.format),
        Patched::Refused(report) => print_refused(&report, args.format),
    })
}

fn print_published(published: &Published, format: Format) -> ExitCode {
    let text = match format {
        Format::Text => published_text(published),
        Format::Json => pretty_json(published),
    };
    print(&text, ExitCode::Verified)
}

fn print_refused(report: &Report, format: Format) -> ExitCode {
    let text = match format {
        Format::Text => report_text(report),
        Format::Json => pretty_json(report),
    };
    say("nothing was uploaded: the patch does not hold");
    print(&text, report.exit_code())
}

fn published_text(published: &Published) -> String {
    let mut out = format!(
        "patch {} of {} {} ({}) is on channel {}, for {} of its devices\n",
        published.number,
        published.app,
        published.release,
        published.platform,
        published.channel,
        per_cent(published.rollout_basis_points)
    );
    for artifact in &published.artifacts {
        let (arch, sha256) = (artifact.arch, &artifact.sha256);
        let size_bytes = artifact.size_bytes;
        out.push_str(&format!("{arch}  gives {sha256}, {size_bytes} bytes\n"));
        for download in &artifact.downloads {
            let from = download.from_number.map_or_else(
                || "the release".to_owned(),
                |number| format!("patch {number}"),
            );
            out.push_str(&format!(
                "  {:>10} bytes  {:<10}  from {from}\n",
                download.size_bytes,
                download.container.name()
            ));
        }
        if let Some(statement) = &artifact.statement_sha256 {
            out.push_str(&format!("  statement {statement}\n"));
        }
    }
    for summary in &published.verified {
        out.push_str(&format!("{summary}\n"));
    }
    out
}
