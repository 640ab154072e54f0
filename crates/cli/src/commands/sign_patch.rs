//! `patchproof sign patch`: what one patch is, found out and then signed.

use std::path::Path;

use patchproof_archive::{Part, Release as Build, Role};
use patchproof_patch::InflateError;
use patchproof_publisher::{Described, OnePatch, StatementError, holds_all, patch_statement};
use patchproof_report::ExitCode;
use patchproof_snapshot::Snapshot;
use patchproof_trust::{
    Digest, PatchStatement, Root, Snapshot as SignedSnapshot, Unverified, Word,
};
use patchproof_verify::fitting_output;

use crate::commands::apply;
use crate::commands::sign::SignPatchArgs;
use crate::commands::sign_common::{MORE_SIGN, signed, standings_text};
use crate::commands::stopped::{Stopped, read, read_root, write};
use crate::output::{print, say, shown};
use crate::progress::working;

pub(crate) fn run(args: &SignPatchArgs) -> Result<ExitCode, Stopped> {
    let known = read_root(&args.root)?;
    let root: &Root = known.root();
    if let Some(app) = args.app.as_ref().filter(|app| **app != root.app) {
        return Err(Stopped::at(
            &args.root,
            format!("it is of the app {}, and --app says {app}", root.app),
        ));
    }
    let signers = args.signer.open()?;
    let base = Library::of_build(&args.release_build, args)?;
    let patch = read(&args.patch)?;
    let statement = statement(args, root, &base, &patch)?;
    let floor = root.minimum_number(&statement.release);
    if args.number < floor {
        return Err(Stopped::undecided(format!(
            "root {} lets no patch below {floor} run of this release, and this one has the number \
             {}: give it a higher one",
            root.version, args.number
        )));
    }
    let envelope = signed(&statement, &signers, &root.roles.patch.keys)?;
    let mut inputs = args.signer.paths();
    inputs.extend([args.root.as_path(), &args.release_build, &args.patch]);
    write(&args.output, &envelope, &inputs)?;
    let document = Unverified::<PatchStatement>::read(&envelope)
        .map_err(|refusal| Stopped::refused(&args.output, &refusal))?;
    let text = format!(
        "{}  patch {} of {} ({} {})\nsha256 {}\n{}",
        shown(&args.output),
        args.number,
        args.version,
        args.platform,
        statement.release.abi,
        document.sha256(),
        standings_text(&document, &[root], MORE_SIGN)
    );
    Ok(print(&text, ExitCode::Verified))
}

/// A library, read and taken apart.
struct Library {
    name: String,
    bytes: Vec<u8>,
    snapshot: Snapshot,
}

impl Library {
    /// The library of the ABI in a build: by its folder, or where no folder says it, by what it is.
    fn of_build(path: &Path, args: &SignPatchArgs) -> Result<Self, Stopped> {
        let build = Build::open(path).map_err(|error| Stopped::undecided(error.to_string()))?;
        warn_of_another_version(&build, &args.version);
        let mut found: Option<Self> = None;
        for part in build.of_role(Role::DartLibrary) {
            let named = part.abi.map(|abi| abi.name());
            if named.is_some_and(|abi| abi != args.abi) {
                continue;
            }
            let library = Self::of_part(&build, part)?;
            let abi = library.snapshot.arch.abi();
            if abi != Some(args.abi.as_str()) {
                if named.is_none() {
                    continue;
                }
                return Err(incompatible(format!(
                    "{}: it is for {}, and lies in the folder of {}",
                    library.name,
                    abi.unwrap_or("an unknown machine"),
                    args.abi
                )));
            }
            if let Some(known) = &found {
                return Err(Stopped::undecided(format!(
                    "{} has two libraries for {}: {} and {}",
                    build.name(),
                    args.abi,
                    known.name,
                    library.name
                )));
            }
            found = Some(library);
        }
        found.ok_or_else(|| {
            Stopped::undecided(format!(
                "{} ({}) has no library for {}",
                build.name(),
                build.shape().word(),
                args.abi
            ))
        })
    }

    fn of_part(build: &Build, part: &Part) -> Result<Self, Stopped> {
        let bytes = build
            .read(part)
            .map_err(|error| Stopped::undecided(error.to_string()))?;
        let name = part.location.clone();
        let snapshot = Snapshot::read(&bytes)
            .map_err(|error| Stopped::undecided(format!("{name}: {error}")))?;
        Ok(Self {
            name,
            bytes,
            snapshot,
        })
    }
}

/// The version on the command line is what devices must say of themselves: a slip makes a patch
/// that nobody takes.
fn warn_of_another_version(build: &Build, version: &Word) {
    let app = build.app();
    let Some(name) = &app.version_name else {
        return;
    };
    let with_code = app.version_code.map(|code| format!("{name}+{code}"));
    if version.as_str() != name && Some(version.as_str()) != with_code.as_deref() {
        let found = with_code.unwrap_or_else(|| name.clone());
        say(&format!(
            "warning: {} says that it is version {found}, and --version says {version}",
            build.name()
        ));
    }
}

fn statement(
    args: &SignPatchArgs,
    root: &Root,
    base: &Library,
    patch: &[u8],
) -> Result<PatchStatement, Stopped> {
    let output = inflated(base, &shown(&args.patch), patch)?;
    let bad_patch = |error: InflateError| Stopped {
        code: apply::code_of(&error),
        why: format!("{}: {error}; nothing was signed", shown(&args.patch)),
    };
    let from_sha256 = match holds_all(patch).map_err(bad_patch)? {
        true => None,
        false => Some(Digest::of(&base.bytes)),
    };
    let statement = patch_statement(&Described {
        app: &root.app,
        version: &args.version,
        platform: &args.platform,
        abi: &args.abi,
        base: &base.bytes,
        snapshot: &base.snapshot,
        output: &output,
        patches: &[OnePatch {
            bytes: patch,
            from_sha256,
        }],
        number: args.number,
        words: args.words.words(),
        created_s: args.now.seconds()?,
    });
    statement.map_err(|error| match error {
        StatementError::Patch(error) => bad_patch(error),
        error => Stopped::undecided(error.to_string()),
    })
}

/// Nothing is believed of the patch: it fits as it does where it is rehearsed.
fn inflated(base: &Library, name: &str, patch: &[u8]) -> Result<Vec<u8>, Stopped> {
    let fitting = || fitting_output(&base.bytes, &base.snapshot, name, patch);
    working("inflating", fitting).map_err(|unfit| {
        let findings = unfit.findings.iter();
        let messages: Vec<&str> = findings.map(|finding| finding.message.as_str()).collect();
        Stopped {
            code: unfit.exit_code,
            why: format!("{}; nothing was signed", messages.join("; ")),
        }
    })
}

/// What an engine must be able to run, as statements write it.
pub(crate) fn signed_snapshot(snapshot: &Snapshot) -> Result<SignedSnapshot, Stopped> {
    patchproof_publisher::signed_snapshot(snapshot).map_err(|error| {
        Stopped::undecided(format!(
            "a statement cannot say what this library is: {error}"
        ))
    })
}

fn incompatible(why: String) -> Stopped {
    Stopped {
        code: ExitCode::Incompatible,
        why: format!("{why}; nothing was signed"),
    }
}
