//! `cargo xtask verify-release`: the product's command with the product's flags, and examples.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use patchproof_cli::guarded;
use patchproof_cli::verify_release::{AttestArgs, ChainArgs, PrintingArgs, open, verify_and_print};

use crate::examples;

/// Verifies a patch against the release it is for; without flags, a real one as an example.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask verify-release                          a real release and its next version
  cargo xtask verify-release --example incompatible   a patched build of another compiler: exit 6
  cargo xtask verify-release --example made           small files built on the spot, no network
  cargo xtask verify-release --example rebuild-differs   two builds of one source: exit 1
  cargo xtask verify-release --release a.so --patched b.so --patch ab.patch --engine e.so")]
pub(crate) struct VerifyRelease {
    /// Verify an example instead of files
    #[arg(long, value_enum)]
    #[arg(conflicts_with_all = ["release", "rebuilt", "patched", "patch", "engine", "statement"])]
    example: Option<Example>,
    /// The build as it was shipped: an archive, an app folder or a bare library
    #[arg(long, value_name = "BUILD")]
    release: Option<PathBuf>,
    #[command(flatten)]
    chain: ChainArgs,
    #[command(flatten)]
    printing: PrintingArgs,
    #[command(flatten)]
    attest: AttestArgs,
}

/// The examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Example {
    /// A real release, its next version, and a patch made on the spot
    Good,
    /// The same with a patched build of another compiler
    Incompatible,
    /// Two real builds of one source by one compiler that are not the same
    RebuildDiffers,
    /// Small files built on the spot; needs no network
    Made,
}

pub(crate) fn run(args: &VerifyRelease) -> ExitCode {
    guarded(|| match (&args.release, args.example_asked()) {
        (Some(release), _) => {
            let paths = [&args.chain.paths()[..], &[release]].concat();
            match args.chain.inputs(open(release)) {
                Ok(inputs) => verify_and_print(&inputs, &args.printing, &args.attest, &paths),
                Err(error) => {
                    anstream::eprintln!("verify-release: {error}");
                    patchproof_report::ExitCode::Undecided
                }
            }
        }
        (None, Some(example)) => examples::run(example, &args.chain, &args.printing, &args.attest),
        (None, None) => {
            anstream::eprintln!(
                "verify-release: --release was not given\n\
                 Name the build as it was shipped, or leave all files out for an example; \
                 `cargo xtask verify-release --help` shows both."
            );
            patchproof_report::ExitCode::Undecided
        }
    })
    .into()
}

impl VerifyRelease {
    /// An example by name, or the good one where no file was named at all.
    fn example_asked(&self) -> Option<Example> {
        let ChainArgs {
            rebuilt,
            patched,
            patch,
            engine,
            ..
        } = &self.chain;
        let no_file =
            rebuilt.is_none() && patched.is_none() && patch.is_empty() && engine.is_none();
        self.example.or(no_file.then_some(Example::Good))
    }
}
