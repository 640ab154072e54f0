//! `patchproof release`: brings a release to the server.

use std::path::PathBuf;

use patchproof_publisher::{Released, ToRelease, release};
use patchproof_report::ExitCode;
use patchproof_trust::Word;

use crate::commands::sign_common::parse_word;
use crate::commands::stopped::{Stopped, ended, read};
use crate::output::{Format, pretty_json, print};
use crate::progress::watched;
use crate::publish_args::{AppArgs, ServerArgs};

/// Brings a release to the server, so that patches can be made for it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof release --server https://push.example.com --app com.example.app app-release.aab
  patchproof release --server http://127.0.0.1:8080 --token-file data/example.token \\
      --app com.example.app --version 1.2.3+45 bundle/
  patchproof release --app com.example.app --root root-1.json app-release.apk --format json

The variables PATCHPROOF_SERVER, PATCHPROOF_TOKEN and PATCHPROOF_APP stand in for --server,
--token-file and --app. The version is what the manifest of the build says; --version says it where
none does. A folder is packed to one file. A root of trust that lies in the build goes to the
server too.

Run it again where it was interrupted: what is there stays, the rest follows. Another build under a
version that is there is refused: devices have the first one.

Exit code: 0 released, 1 the server refuses it or has another build, 2 could not be released.")]
pub(crate) struct ReleaseArgs {
    /// The build as it goes to the stores: an archive, an app folder or a bare library
    #[arg(value_name = "ARTIFACT")]
    pub(crate) artifact: PathBuf,
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// Its version, as devices say it: 1.2.3+45
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) version: Option<Word>,
    /// Which Flutter built it
    #[arg(long, value_name = "R", default_value = "")]
    pub(crate) flutter_revision: String,
    /// A root of trust that the server is to know, besides the one in the build; may be given again
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: Vec<PathBuf>,
    /// Make the app where it is not there; takes an admin's token
    #[arg(long)]
    pub(crate) create_app: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

pub(crate) fn run(args: &ReleaseArgs) -> ExitCode {
    ended(released(args))
}

fn released(args: &ReleaseArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let roots = args.root.iter().map(|path| read(path));
    let roots: Vec<Vec<u8>> = roots.collect::<Result<_, _>>()?;
    let wanted = ToRelease {
        app: &args.app.app,
        version: args.version.as_ref(),
        flutter_revision: &args.flutter_revision,
        artefact: &args.artifact,
        roots: &roots,
        create_app: args.create_app,
    };
    let released = watched(|watch| release(&client, &wanted, watch))?;
    let text = match args.format {
        Format::Text => text(&released),
        Format::Json => pretty_json(&released),
    };
    Ok(print(&text, ExitCode::Verified))
}

fn text(released: &Released) -> String {
    let mut out = format!(
        "release {} of {} ({}) is on the server\n",
        released.version, released.app, released.platform
    );
    for artifact in &released.artifacts {
        out.push_str(&format!(
            "  {:<12} {:>10} bytes  {}{}\n",
            artifact.arch,
            artifact.size_bytes,
            artifact.sha256,
            if artifact.was_there {
                "  was there"
            } else {
                ""
            }
        ));
    }
    match released.root_version {
        Some(version) => out.push_str(&format!("signed under root {version}\n")),
        None => out.push_str("no root of trust: its devices take what the server offers\n"),
    }
    out
}
