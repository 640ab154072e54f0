//! The options for what is signed: statements, roots, and the keys of the legacy profile.

use std::path::{Path, PathBuf};

use patchproof_verify::SignedInputs;

use super::{LabelledPath, parse_patch, read};
use crate::moment::NowArgs;

/// What is signed, and when.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
#[command(next_help_heading = "Statements and signatures")]
pub struct SignedArgs {
    /// The signed statement of the patch, for the link `statements`; once for each ABI
    #[arg(long, value_name = "[ABI=]FILE", value_parser = parse_patch)]
    pub statement: Vec<LabelledPath>,
    /// A statement that was published before for this release; may be given again
    #[arg(long, value_name = "FILE")]
    pub previous: Vec<PathBuf>,
    /// A channel statement that is to offer the patch; once for each ABI
    #[arg(long, value_name = "[ABI=]FILE", value_parser = parse_patch)]
    pub channel: Vec<LabelledPath>,
    /// The root of trust, where the release is a bare library, which shows none
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,
    /// A root that follows the one in the release; again for each, in the order of their versions
    #[arg(long, value_name = "FILE")]
    pub next_root: Vec<PathBuf>,
    /// Shorebird's patch_public_key, where patches are signed in its way
    #[arg(long, value_name = "FILE")]
    pub public_key: Option<PathBuf>,
    /// The signature of what the patch gives, in Shorebird's way; once for each ABI
    #[arg(long, value_name = "[ABI=]FILE", value_parser = parse_patch)]
    pub signature: Vec<LabelledPath>,
    #[command(flatten)]
    pub(crate) now: NowArgs,
}

impl SignedArgs {
    /// Every file that was named.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        let labelled = [&self.statement, &self.channel, &self.signature];
        let labelled = labelled.into_iter().flatten().map(LabelledPath::path);
        let plain = self.previous.iter().chain(&self.next_root);
        let one = self.root.iter().chain(&self.public_key);
        labelled.chain(plain.chain(one).map(PathBuf::as_path))
    }

    /// Reads every file that was named.
    pub(super) fn inputs(&self) -> SignedInputs {
        let all = |paths: &[PathBuf]| paths.iter().map(|path| read(path)).collect();
        let labelled = |paths: &[LabelledPath]| paths.iter().map(LabelledPath::read).collect();
        let mut signed = SignedInputs::default();
        signed.statements = labelled(&self.statement);
        signed.previous = all(&self.previous);
        signed.channels = labelled(&self.channel);
        signed.root = self.root.as_deref().map(read);
        signed.next_roots = all(&self.next_root);
        signed.public_key = self.public_key.as_deref().map(read);
        signed.signatures = labelled(&self.signature);
        signed
    }
}
