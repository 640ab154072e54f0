//! `patchproof verify`: whether a signed statement holds, and what it says.

use std::path::{Path, PathBuf};

use patchproof_report::ExitCode;
use patchproof_trust::{
    ChannelStatement, KeyId, Kind, PatchStatement, Refusal, Remembered, Root, Verified, kind_of,
};
use serde::Serialize;

use crate::commands::stopped::{Stopped, ended, read};
use crate::commands::verify_documents::{
    Base, NotThese, check_bytes, root_in_time, verified_channel, verified_next_root, verified_patch,
};
use crate::commands::verify_legacy;
use crate::commands::verify_text::answer_text;
use crate::moment::NowArgs;
use crate::output::{Format, pretty_json, print, shown};

/// Verifies a signed statement under a root, or a signature of the field.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("by").required(true).args([
    "root", "shorebird_key", "flutter_patcher_key",
]))]
#[command(after_help = "\
Examples:
  patchproof verify --root root-1.json update.statement.json
  patchproof verify --root root-1.json --patch update.patch --base released/libapp.so \\
      update.statement.json
  patchproof verify --root root-1.json channel.json --format json
  patchproof verify --root root-1.json root-2.json
  patchproof verify --shorebird-key public.pem --signature hash.sig patched/libapp.so
  patchproof verify --flutter-patcher-key key.pub --signature patch.sig update.patch

The root is believed if its own keys signed it: whether it is yours, its SHA-256 says. A patch
statement is held against the root's floors and revocations, a channel statement against the clock
too, another root is the next one or none.

A signature of Shorebird is over the library that comes out of a patch, one of flutter_patcher over
the patch. A key is the text of the app's configuration, or PEM. Which guarantees are lost with such
a signature is printed.

Exit code: 0 it holds, 4 it does not, 2 could not decide, with --base also 1 a malformed patch, 5 it
is for another base, 6 for another engine.")]
pub(crate) struct VerifyArgs {
    /// The statement; or what a signature of the field is over
    #[arg(value_name = "STATEMENT")]
    pub(crate) file: PathBuf,
    /// The newest root of the app
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// The patch: it has to be one of those that are signed
    #[arg(long, value_name = "FILE", requires = "root")]
    patch: Option<PathBuf>,
    /// The released library: the statement has to be for it, and the patch to give what is signed
    #[arg(long, value_name = "FILE", requires = "root")]
    base: Option<PathBuf>,
    /// Shorebird's `patch_public_key`
    #[arg(long, value_name = "FILE", requires = "signature")]
    pub(crate) shorebird_key: Option<PathBuf>,
    /// flutter_patcher's public key
    #[arg(long, value_name = "FILE", requires = "signature")]
    pub(crate) flutter_patcher_key: Option<PathBuf>,
    /// The signature, as base64 or as bytes
    #[arg(long, value_name = "FILE", conflicts_with = "root")]
    pub(crate) signature: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    now: NowArgs,
}

/// What became of it. The JSON: within a version fields are only added.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) verify_version: u32,
    pub(crate) holds: bool,
    pub(crate) exit_code: u8,
    pub(crate) file: String,
    pub(crate) kind: Option<&'static str>,
    /// Why it does not hold.
    pub(crate) reason: Option<String>,
    pub(crate) sha256: Option<String>,
    pub(crate) root: Option<UnderRoot>,
    pub(crate) signed_by: Vec<String>,
    /// What was looked at, and held.
    pub(crate) checked: Vec<&'static str>,
    /// What the document says; nothing where it does not hold.
    pub(crate) statement: Option<Statement>,
    /// What a signature of the field does not cover.
    pub(crate) lost_guarantees: &'static [&'static str],
}

#[derive(Serialize)]
pub(crate) struct UnderRoot {
    pub(crate) version: u64,
    pub(crate) sha256: String,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Statement {
    Root(Box<Root>),
    Patch(Box<PatchStatement>),
    Channel(Box<ChannelStatement>),
}

impl Answer {
    pub(crate) fn of(file: &Path) -> Self {
        Self {
            verify_version: 1,
            holds: true,
            exit_code: ExitCode::Verified.number(),
            file: shown(file),
            kind: None,
            reason: None,
            sha256: None,
            root: None,
            signed_by: Vec::new(),
            checked: Vec::new(),
            statement: None,
            lost_guarantees: &[],
        }
    }

    /// The same where it does not hold: nothing of what it says is shown.
    pub(crate) fn refused(&mut self, NotThese { code, reason }: NotThese) -> ExitCode {
        self.holds = false;
        self.exit_code = code.number();
        self.reason = Some(reason);
        self.statement = None;
        code
    }

    fn take<T>(&mut self, verified: &Verified<T>) {
        self.sha256 = Some(verified.sha256().to_string());
        self.signed_by = verified.signers().iter().map(KeyId::to_string).collect();
        self.checked.push("signatures");
    }
}

pub(crate) fn run(args: &VerifyArgs) -> ExitCode {
    ended(answered(args))
}

fn answered(args: &VerifyArgs) -> Result<ExitCode, Stopped> {
    let mut answer = Answer::of(&args.file);
    let held = match &args.root {
        Some(root) => under_root(args, root, &mut answer)?,
        None => verify_legacy::held(args, &mut answer)?,
    };
    let code = match held {
        Ok(()) => ExitCode::Verified,
        Err(why) => answer.refused(why),
    };
    let text = match args.format {
        Format::Text => answer_text(&answer),
        Format::Json => pretty_json(&answer),
    };
    Ok(print(&text, code))
}

/// The outer error is that nothing could be decided, the inner one that it does not hold.
fn under_root(
    args: &VerifyArgs,
    root: &Path,
    answer: &mut Answer,
) -> Result<Result<(), NotThese>, Stopped> {
    let root_bytes = read(root)?;
    let envelope = read(&args.file)?;
    let patch = args.patch.as_deref().map(read).transpose()?;
    let base = args.base.as_deref().map(Base::read).transpose()?;
    let known = match Remembered::from_embedded(&root_bytes) {
        Ok(known) => known,
        Err(refusal) => {
            return Ok(Err(NotThese {
                code: ExitCode::StatementInvalid,
                reason: format!("{}: {refusal}", shown(root)),
            }));
        }
    };
    answer.root = Some(UnderRoot {
        version: known.root().version,
        sha256: known.root().sha256().to_string(),
    });
    let kind = match kind_of(&envelope) {
        Ok(kind) => kind,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    answer.kind = Some(match kind {
        Kind::Root => "next root",
        Kind::Patch => "patch statement",
        Kind::Channel => "channel statement",
    });
    if kind != Kind::Patch && (patch.is_some() || base.is_some()) {
        return Err(Stopped::at(
            &args.file,
            format!("it is a {kind}: --patch and --base go with a patch statement"),
        ));
    }
    let now_s = args.now.seconds()?;
    Ok(match kind {
        Kind::Root => next_root(&known, &envelope, answer).map_err(NotThese::from),
        Kind::Channel => channel(&known, &envelope, now_s, answer).map_err(NotThese::from),
        Kind::Patch => {
            let beside = (patch.as_deref(), base.as_ref());
            patch_statement(&known, &envelope, now_s, beside, answer)
        }
    })
}

fn next_root(known: &Remembered, envelope: &[u8], answer: &mut Answer) -> Result<(), Refusal> {
    let root = verified_next_root(known, envelope)?;
    answer.take(&root);
    answer.statement = Some(Statement::Root(Box::new((*root).clone())));
    Ok(())
}

fn channel(
    known: &Remembered,
    envelope: &[u8],
    now_s: u64,
    answer: &mut Answer,
) -> Result<(), Refusal> {
    let channel = verified_channel(known, envelope, now_s)?;
    answer.take(&channel);
    // A nonce is an answer to one device, which alone knows whether it asked; no clock is.
    answer.checked.push(if channel.nonce.is_none() {
        "expiry"
    } else {
        "root's expiry"
    });
    answer.statement = Some(Statement::Channel(Box::new((*channel).clone())));
    Ok(())
}

fn patch_statement(
    known: &Remembered,
    envelope: &[u8],
    now_s: u64,
    (patch, base): (Option<&[u8]>, Option<&Base>),
    answer: &mut Answer,
) -> Result<(), NotThese> {
    let statement = verified_patch(known, envelope, base)?;
    root_in_time(known, now_s)?;
    answer.take(&statement);
    answer.checked.push("floor");
    answer.checked.push("revocations");
    answer.checked.push("root's expiry");
    if base.is_some() {
        answer.checked.push("base");
        answer.checked.push("snapshot");
    }
    if let Some(patch) = patch {
        check_bytes(&statement, patch, base)?;
        answer.checked.push("patch");
        if base.is_some() {
            answer.checked.push("output");
        }
    }
    answer.statement = Some(Statement::Patch(Box::new((*statement).clone())));
    Ok(())
}
