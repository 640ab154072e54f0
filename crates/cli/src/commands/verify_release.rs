//! `patchproof verify-release`: the chain over files, and its report.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use patchproof_report::{ExitCode, LinkId, Report, report_text};
use patchproof_verify::{Input, Inputs, LabelledPatch, verify_release};

use crate::files::{read_file, write_file};
use crate::output::{Format, fail, pretty_json, print, say, shown};
use crate::progress::working;

/// Verifies a patch against the release it is for, before it ships.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof verify-release --release released/libapp.so --patched patched/libapp.so \\
      --patch update.patch
  patchproof verify-release --release released/libapp.so --patched patched/libapp.so \\
      --patch arm64-v8a=update.patch --engine libflutter.so --format json -o report.json

Exit code: 0 needs the links artefact, compatibility, base and inflate held, nothing broken and
nothing undecided. The first broken link decides: artefact and inflate 1, base 5, compatibility 6.
A missing input is 2 and is named. `patchproof explain` tells more of each rule.")]
#[non_exhaustive]
pub struct VerifyReleaseArgs {
    /// The library as it was shipped
    #[arg(long, value_name = "FILE")]
    pub release: PathBuf,
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would show a doc comment of a flattened field as help"
    )]
    pub chain: ChainArgs,
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would show a doc comment of a flattened field as help"
    )]
    pub printing: PrintingArgs,
}

/// What the chain is given besides the release.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
pub struct ChainArgs {
    /// The library that the patch is to give
    #[arg(long, value_name = "FILE")]
    pub patched: Option<PathBuf>,
    /// The patch; once for each ABI, with its name before it where there are several
    #[arg(long, value_name = "[ABI=]FILE", value_parser = parse_patch)]
    pub patch: Vec<LabelledPath>,
    /// The engine beside the release: Flutter's library, or dartaotruntime
    #[arg(long, value_name = "FILE")]
    pub engine: Option<PathBuf>,
    /// Verify this ABI only; may be given again
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(ABIS))]
    pub abi: Vec<String>,
    /// A link that must hold besides those that always must; may be given again
    #[arg(long, value_name = "LINK")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(links()))]
    pub require: Vec<String>,
}

/// How a report is printed.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
pub struct PrintingArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write the report here; standard output then gets the summary only
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A patch's path, and the ABI before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledPath {
    abi: Option<String>,
    path: PathBuf,
}

impl LabelledPath {
    /// A patch for the only ABI there is.
    #[must_use]
    pub const fn unlabelled(path: PathBuf) -> Self {
        Self { abi: None, path }
    }
}

/// Runs the command.
#[must_use]
pub fn run(args: &VerifyReleaseArgs) -> ExitCode {
    let inputs = args.chain.inputs(read(&args.release));
    let report = working("verifying", || verify_release(&inputs));
    let mut inputs = args.chain.paths();
    inputs.push(&args.release);
    print_report(&report, &args.printing, &inputs)
}

/// Prints a report as asked, and answers its exit code. It is never written over one of `inputs`.
#[must_use]
pub fn print_report(report: &Report, printing: &PrintingArgs, inputs: &[&Path]) -> ExitCode {
    let text = match printing.format {
        Format::Text => report_text(report),
        Format::Json => pretty_json(report),
    };
    let Some(path) = &printing.output else {
        return print(&text, report.exit_code());
    };
    // A file is no terminal: it gets no colours.
    let plain = anstream::adapter::strip_str(&text).to_string();
    if let Err(error) = write_file(path, plain.as_bytes(), inputs) {
        say(report.summary());
        return fail(&format!("{}: {error}", shown(path)));
    }
    print(&format!("{}\n", report.summary()), report.exit_code())
}

impl ChainArgs {
    /// Every file that was named.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let patches = self.patch.iter().map(|patch| patch.path.as_path());
        let one = [&self.patched, &self.engine];
        one.into_iter()
            .filter_map(Option::as_deref)
            .chain(patches)
            .collect()
    }

    /// Reads every file that was named.
    #[must_use]
    pub fn inputs(&self, release: Input) -> Inputs {
        let mut inputs = Inputs::new(release);
        inputs.patched = self.patched.as_deref().map(read);
        inputs.engine = self.engine.as_deref().map(read);
        let labelled =
            |patch: &LabelledPath| LabelledPatch::new(patch.abi.clone(), read(&patch.path));
        inputs.patches = self.patch.iter().map(labelled).collect();
        inputs.abis = self.abi.iter().cloned().collect();
        inputs.required = self.required();
        inputs
    }

    fn required(&self) -> BTreeSet<LinkId> {
        self.require
            .iter()
            .filter_map(|id| LinkId::from_id(id))
            .collect()
    }
}

/// Reads a file for the chain; a failure is the chain's to judge.
#[must_use]
pub fn read(path: &Path) -> Input {
    Input::new(
        shown(path),
        read_file(path).map_err(|error| error.to_string()),
    )
}

/// `ABI=FILE` where the part before `=` is an ABI, else a path that may hold `=` itself.
fn parse_patch(text: &str) -> Result<LabelledPath, String> {
    let labelled = text.split_once('=').filter(|(abi, _)| ABIS.contains(abi));
    let (abi, path) = labelled.map_or((None, text), |(abi, path)| (Some(abi.to_owned()), path));
    if path.is_empty() {
        return Err("a file must be named".to_owned());
    }
    Ok(LabelledPath {
        abi,
        path: PathBuf::from(path),
    })
}

fn links() -> [&'static str; LinkId::ALL.len()] {
    LinkId::ALL.map(LinkId::id)
}

/// The ABIs by the names that Android and the stores use.
const ABIS: [&str; 6] = [
    "arm64-v8a",
    "armeabi-v7a",
    "x86_64",
    "x86",
    "riscv64",
    "riscv32",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_labelled_only_by_an_abi() {
        let labelled = parse_patch("x86_64=a=b.patch").unwrap();
        assert_eq!(
            (labelled.abi.as_deref(), labelled.path),
            (Some("x86_64"), "a=b.patch".into())
        );
        let path = parse_patch("build=1/a.patch").unwrap();
        assert_eq!((path.abi, path.path), (None, "build=1/a.patch".into()));
        assert!(parse_patch("x86=").is_err());
    }
}
