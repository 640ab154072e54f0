//! `patchproof verify-release`: the chain over files, and its report.

mod attesting;
mod signed;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use patchproof_archive::Release;
use patchproof_report::{ExitCode, LinkId};
use patchproof_verify::{Build, Equivalence, Input, Inputs, LabelledPatch, verify_release};

pub use crate::commands::report_output::{PrintingArgs, ReportFormat, print_report};
pub use crate::moment::ClockError;
pub use attesting::AttestArgs;
pub use signed::SignedArgs;

use crate::files::read_file;
use crate::output::{fail, shown};
use crate::progress::working;

/// Verifies a patch against the release it is for, before it ships.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof verify-release --release app-release.aab --patched app-patched.aab \\
      --patch arm64-v8a=arm64.patch --patch armeabi-v7a=arm.patch --patch x86_64=x64.patch
  patchproof verify-release --release app-release.aab --rebuilt build/app-release.aab
  patchproof verify-release --release bundle/ --patched new-bundle/ --patch update.patch \\
      --require surroundings --report sarif=out.sarif --report html=out.html
  patchproof verify-release --release released/libapp.so --patched patched/libapp.so \\
      --patch update.patch --engine libflutter.so --format json -o report.json
  patchproof verify-release --release app.apk --patched new.apk --patch update.patch \\
      --statement update.statement.json --previous first.statement.json --require statements \\
      --attest update.intoto.json --key ci.key

A build is an APK, a folder of split APKs, an .apks set, an AAB, an AAR, a Linux, Windows or macOS
app folder, Gradle's output folder, a zip of one of these, or a bare library.

Exit code: 0 needs the links artefact, compatibility, base and inflate held for every ABI of the
release, nothing broken and nothing undecided; with --rebuilt and neither --patched nor --patch, the
links artefact and rebuild alone. The first broken link decides: artefact, rebuild, inflate and
surroundings 1, statements 4, base 5, compatibility 6; 3 says that nothing is amiss but a difference
that --accept could allow. A missing input is 2 and is named. `patchproof explain` tells more of
each rule.")]
#[non_exhaustive]
pub struct VerifyReleaseArgs {
    /// The build as it was shipped: an archive, an app folder or a bare library
    #[arg(long, value_name = "BUILD")]
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
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would show a doc comment of a flattened field as help"
    )]
    pub attest: AttestArgs,
}

/// What the chain is given besides the release.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
pub struct ChainArgs {
    /// What the sources of the release rebuild to
    #[arg(long, value_name = "BUILD")]
    pub rebuilt: Option<PathBuf>,
    /// The build that the patch is to give
    #[arg(long, value_name = "BUILD")]
    pub patched: Option<PathBuf>,
    /// The patch; once for each ABI, with its name before it where there are several
    #[arg(long, value_name = "[ABI=]FILE", value_parser = parse_patch)]
    pub patch: Vec<LabelledPath>,
    /// The engine, where it does not lie in the release: Flutter's library, or dartaotruntime
    #[arg(long, value_name = "FILE")]
    pub engine: Option<PathBuf>,
    /// Verify this ABI only; may be given again
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(ABIS))]
    pub abi: Vec<String>,
    /// A link that must hold besides those that always must; may be given again
    #[arg(long, value_name = "LINK")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(links()))]
    pub require: Vec<String>,
    /// Take a simulated device through each patch too: the link `rehearsal`; takes 10 to 20 seconds
    #[arg(long)]
    pub rehearse: bool,
    /// A difference between release and rebuild that counts as none; may be given again
    #[arg(long, value_name = "NAME")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(equivalences()))]
    pub accept: Vec<String>,
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would show a doc comment of a flattened field as help"
    )]
    pub signed: SignedArgs,
}

/// A file's path, and the ABI before it.
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

    fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it; a failure is the chain's to judge.
    pub(crate) fn read(&self) -> LabelledPatch {
        LabelledPatch::new(self.abi.clone(), read(&self.path))
    }
}

/// Runs the command.
#[must_use]
pub fn run(args: &VerifyReleaseArgs) -> ExitCode {
    let inputs = match args.chain.inputs(open(&args.release)) {
        Ok(inputs) => inputs,
        Err(error) => return fail(&error.to_string()),
    };
    let mut paths = args.chain.paths();
    paths.push(&args.release);
    verify_and_print(&inputs, &args.printing, &args.attest, &paths)
}

/// Verifies, prints the report, and attests it where that is asked for. Nothing is written over one
/// of `paths`, the files that were read, nor over a key.
#[must_use]
pub fn verify_and_print(
    inputs: &Inputs,
    printing: &PrintingArgs,
    attest: &AttestArgs,
    paths: &[&Path],
) -> ExitCode {
    let attesting = match attest.open() {
        Ok(attesting) => attesting,
        Err(why) => return fail(&why),
    };
    let paths = [paths, &attest.signer.paths()].concat();
    let report = working("verifying", || verify_release(inputs));
    let code = print_report(&report, printing, &paths);
    attesting.map_or(code, |it| it.write(&report, inputs, &paths, code))
}

impl ChainArgs {
    /// Every file that was named.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let patches = self.patch.iter().map(|patch| patch.path.as_path());
        let one = [&self.rebuilt, &self.patched, &self.engine];
        one.into_iter()
            .filter_map(Option::as_deref)
            .chain(patches)
            .chain(self.signed.paths())
            .collect()
    }

    /// Opens every build and reads every file that was named.
    ///
    /// # Errors
    ///
    /// [`ClockError`], where no moment was named either.
    pub fn inputs(&self, release: Build) -> Result<Inputs, ClockError> {
        let mut inputs = Inputs::new(release);
        inputs.rebuilt = self.rebuilt.as_deref().map(open);
        inputs.patched = self.patched.as_deref().map(open);
        inputs.engine = self.engine.as_deref().map(read);
        inputs.patches = self.patch.iter().map(LabelledPath::read).collect();
        inputs.abis = self.abi.iter().cloned().collect();
        inputs.required = self.required();
        inputs.rehearse = self.rehearse;
        let accepted = self.accept.iter();
        inputs.accepted = accepted
            .filter_map(|name| Equivalence::from_name(name))
            .collect();
        inputs.signed = self.signed.inputs();
        inputs.now_s = self.signed.now.seconds()?;
        Ok(inputs)
    }

    fn required(&self) -> BTreeSet<LinkId> {
        self.require
            .iter()
            .filter_map(|id| LinkId::from_id(id))
            .collect()
    }
}

/// Opens a build for the chain; a failure is the chain's to judge.
#[must_use]
pub fn open(path: &Path) -> Build {
    Build::new(shown(path), Release::open(path))
}

/// Reads a file for the chain; a failure is the chain's to judge.
fn read(path: &Path) -> Input {
    Input::new(
        shown(path),
        read_file(path).map_err(|error| error.to_string()),
    )
}

/// `ABI=FILE` where the part before `=` is an ABI, else a path that may hold `=` itself.
pub(crate) fn parse_patch(text: &str) -> Result<LabelledPath, String> {
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

fn equivalences() -> Vec<&'static str> {
    Equivalence::ALL
        .into_iter()
        .map(Equivalence::name)
        .collect()
}

/// The ABIs by the names that Android and the stores use.
pub(crate) const ABIS: [&str; 6] = [
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
