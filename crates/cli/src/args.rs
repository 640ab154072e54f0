//! The command line of `patchproof`.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
#[cfg(feature = "serve")]
use patchproof_server::settings::ServeArgs;

use crate::commands::verify_release::{ABIS, LabelledPath, VerifyReleaseArgs, parse_patch};
use crate::commands::{
    KeygenArgs, PatchCommandArgs, PromoteArgs, ReleaseArgs, RollbackArgs, RolloutArgs, RootArgs,
    SignArgs, StatusArgs, TokenArgs, VerifyArgs,
};
use crate::output::Format;

/// Proves a Flutter over-the-air patch before it ships.
#[derive(Debug, Parser)]
#[command(name = "patchproof", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Inspect(InspectArgs),
    Compare(CompareArgs),
    Diff(DiffArgs),
    Apply(ApplyArgs),
    VerifyRelease(Box<VerifyReleaseArgs>),
    Rehearse(RehearseArgs),
    Keygen(KeygenArgs),
    Root(RootArgs),
    Sign(SignArgs),
    Verify(Box<VerifyArgs>),
    Explain(ExplainArgs),
    #[cfg(feature = "serve")]
    Serve(Box<ServeArgs>),
    Release(ReleaseArgs),
    Patch(Box<PatchCommandArgs>),
    Promote(PromoteArgs),
    Rollout(RolloutArgs),
    Rollback(RollbackArgs),
    Status(StatusArgs),
    Token(TokenArgs),
}

/// Tells what a file is: a Dart AOT snapshot, an engine, a patch, an archive or app folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof inspect libapp.so
  patchproof inspect libapp.so libflutter.so update.patch
  patchproof inspect app-release.apk app-release.aab bundle/
  patchproof inspect --format json build/*.so | jq .snapshot_version

With --format json each file is one line with `path` and `kind`: snapshot, engine, patch, archive or
unreadable; an archive or app folder has its libraries as `members` of the same shape. The exit
code is 2 if any file is unreadable.")]
pub(crate) struct InspectArgs {
    /// The files to look at
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Says whether one snapshot may replace another, and what an engine does with it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof compare released/libapp.so patched/libapp.so
  patchproof compare released/libapp.so patched/libapp.so --engine libflutter.so
  patchproof compare a.so b.so --format json

Exit code: 0 identical or compatible, 6 incompatible, 2 undecided.")]
pub(crate) struct CompareArgs {
    /// The released library
    pub(crate) base: PathBuf,
    /// The library that is to replace it
    pub(crate) candidate: PathBuf,
    /// The engine that is to run it: dartaotruntime, or Flutter's engine library
    #[arg(long, value_name = "FILE")]
    pub(crate) engine: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Makes a patch from the released library to a new one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof diff released/libapp.so patched/libapp.so -o update.patch
  patchproof diff released/libapp.so patched/libapp.so -o update.patch \\
      --container patchproof --codec auto
  patchproof diff released/libapp.so third/libapp.so -o third.patch \\
      --container patchproof --chain first.patch --chain second.patch

The shorebird container is what Shorebird's devices read; it has zstd only. The patchproof container
names its base and its output, is smaller, and is faster to make and to inflate.

With --chain the earlier patches are applied in their order, and the smaller of two patches is
written: from the released library, or from what the chain gives.

A patch is written only after two independent decoders gave the new file again. The same inputs give
the same bytes, on any machine and number of cores. A patch that would be larger than the compressed
new file holds that file whole.")]
pub(crate) struct DiffArgs {
    /// The released library
    pub(crate) base: PathBuf,
    /// The new library
    pub(crate) new: PathBuf,
    /// Where to write the patch
    #[arg(short, value_name = "PATCH")]
    pub(crate) output: PathBuf,
    /// The container around the patch
    #[arg(long, value_enum, default_value_t)]
    pub(crate) container: ContainerChoice,
    /// The compression; the shorebird container has zstd only
    #[arg(long, value_enum, default_value_t)]
    pub(crate) codec: CodecArg,
    /// The zstd level, 1 to 22: lower is faster and larger
    #[arg(long, default_value_t = patchproof_patch::DEFAULT_LEVEL,
        value_parser = clap::value_parser!(i32).range(1..=22))]
    pub(crate) level: i32,
    /// An earlier patch of the released library, or of the one before it; may be given again
    #[arg(long, value_name = "PATCH")]
    pub(crate) chain: Vec<PathBuf>,
}

/// The containers that `diff` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContainerChoice {
    /// What Shorebird's devices read: one zstd frame around a bidiff stream
    #[default]
    Shorebird,
    /// Our own: names base and output, keeps unlike bytes apart
    Patchproof,
}

/// The codecs that `diff` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodecArg {
    /// Zstandard (RFC 8878): fast
    #[default]
    Zstd,
    /// Brotli (RFC 7932): smaller, and slower to make
    Brotli,
    /// Whatever is smallest, after several searches
    Auto,
}

/// Applies a patch to its base.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof apply released/libapp.so update.patch -o rebuilt.so

Two independent decoders read the patch, and the output is written only where they agree. Over
another base a patch may inflate to rubbish: compare the SHA-256 that is printed.
Exit code: 1 malformed patch, 5 a base that is too short for it.")]
pub(crate) struct ApplyArgs {
    /// The library that the patch was made against
    pub(crate) base: PathBuf,
    /// The patch
    pub(crate) patch: PathBuf,
    /// Where to write the patched library
    #[arg(short, value_name = "OUT")]
    pub(crate) output: PathBuf,
}

/// Takes a simulated device through patches, with the power cut at every step.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof rehearse app-release.apk update.patch
  patchproof rehearse released/libapp.so first.patch second.patch
  patchproof rehearse app-release.aab arm64-v8a=arm64.patch --abi arm64-v8a --format json

The real device library installs the release and takes the patches in their order, over a simulated
disk, clock, server and engine. Before the operations that may change the disk the power is cut,
and the device is started on the disks that such a cut may leave: nothing but the release or a whole
installed patch boots, what was acknowledged stays, and an honest server brings the newest patch.
A patch that crashes is fallen back from and never boots again. All patches are made against the
release. A library of 18 MB takes 10 to 20 seconds for each patch, a smaller one less.

Exit code: 0 all of it held, 1 it did not or a patch is malformed, 2 could not be rehearsed, 5 a
patch was made against another base, 6 the release's engine would not take a patch.")]
pub(crate) struct RehearseArgs {
    /// The build as it was shipped: an archive, an app folder or a bare library
    #[arg(value_name = "RELEASE")]
    pub(crate) release: PathBuf,
    /// The patches in order, with the name of an ABI before each where there are several
    #[arg(required = true, value_name = "[ABI=]PATCH", value_parser = parse_patch)]
    pub(crate) patches: Vec<LabelledPath>,
    /// The ABI that is rehearsed, where the release has several
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(ABIS))]
    pub(crate) abi: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Explains a rule: symptom, cause, remedy.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof explain PP111
  patchproof explain PP201 --format json")]
pub(crate) struct ExplainArgs {
    /// The id, as it stands beside a finding
    pub(crate) rule: String,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The table of exit codes, as every help page ends.
const EXIT_CODES: &str = "\
Exit codes:
   0  verified, or done
   1  a real difference
   2  could not decide: usage, unreadable input, a missing part
   3  equivalent only, where the policy demands identical
   4  a signature or statement is invalid
   5  the patch was made against another base
   6  incompatible snapshot, ABI or policy
  70  a bug of ours: please report it

Examples:
  patchproof verify-release --release released.so --patched patched.so --patch update.patch
  patchproof inspect libapp.so libflutter.so
  patchproof explain PP111";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use patchproof_report::ExitCode;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_names_every_exit_code_with_its_meaning() {
        for code in ExitCode::ALL {
            let line = format!("{:>4}  {}\n", code.number(), code.meaning());
            assert!(format!("{EXIT_CODES}\n").contains(&line), "{line}");
        }
    }

    #[test]
    fn every_command_has_examples() {
        each_has_examples(&Cli::command());
    }

    fn each_has_examples(command: &clap::Command) {
        for command in command.get_subcommands() {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.contains("Examples:"), "{}", command.get_name());
            each_has_examples(command);
        }
    }
}
