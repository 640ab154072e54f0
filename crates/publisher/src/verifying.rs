//! The chain of `verify-release` over what is about to be published.

use std::path::Path;

use patchproof_archive::Release as Build;
use patchproof_protocol::developer::Container;
use patchproof_report::{ExitCode, LinkId, Report};
use patchproof_verify::{Build as Named, Input, Inputs, LabelledPatch, verify_release};

use crate::making::{Made, PatchFile};
use crate::patch::ToPatch;
use crate::roots::Signing;
use crate::signing::Signed;

/// What the chain looks at.
pub(crate) struct Verifying<'a> {
    pub(crate) wanted: &'a ToPatch<'a>,
    pub(crate) base: &'a Path,
    pub(crate) patched: &'a Path,
    pub(crate) made: &'a [Made<'a>],
    pub(crate) signing: Option<&'a Signing>,
    /// One for each of `made`, where there is a root.
    pub(crate) statements: &'a [Signed],
}

impl Verifying<'_> {
    /// How the patches from the release came out, once for each container: its name and the
    /// summary; or the first report that does not hold. A delta is made from what such a patch
    /// gives, and gives the same library: that was seen when it was made.
    pub(crate) fn run(&self) -> Result<Vec<String>, Box<Report>> {
        let mut verified = Vec::new();
        for container in [Container::Shorebird, Container::Patchproof] {
            // Where a machine has none in this container, it has one in the other.
            let of_each = self.made.iter().map(|made| from_release(made, container));
            let of_each: Vec<&PatchFile> = of_each.flatten().collect();
            let is_new = of_each.iter().any(|file| file.container == container);
            if of_each.len() != self.made.len() || !is_new {
                continue;
            }
            let report = verify_release(&self.inputs(&of_each));
            if report.exit_code() != ExitCode::Verified {
                return Err(Box::new(report));
            }
            verified.push(format!("{}: {}", container.name(), report.summary()));
        }
        Ok(verified)
    }

    fn inputs(&self, files: &[&PatchFile]) -> Inputs {
        let open = |path: &Path| Named::new(path.display().to_string(), Build::open(path));
        let mut inputs = Inputs::new(open(self.base));
        inputs.patched = Some(open(self.patched));
        inputs.engine = self.wanted.engine.clone();
        inputs.rehearse = self.wanted.rehearse;
        inputs.now_s = self.wanted.now_s;
        let labelled = |made: &Made<'_>, what: String, bytes: Vec<u8>| {
            let file = Input::new(what, Ok(bytes));
            LabelledPatch::new(Some(made.new.abi.to_owned()), file)
        };
        inputs.patches = self
            .made
            .iter()
            .zip(files)
            .map(|(made, file)| {
                let container = file.container.name();
                let what = format!("the {container} patch for {}", made.new.abi);
                labelled(made, what, file.bytes.clone())
            })
            .collect();
        if let Some(signing) = self.signing.filter(|signing| signing.devices_ask) {
            signing.inputs(&mut inputs.signed);
            let statements = self.made.iter().zip(self.statements);
            inputs.signed.statements = statements
                .map(|(made, signed)| {
                    let what = format!("the statement for {}", made.new.abi);
                    labelled(made, what, signed.envelope.clone().into_bytes())
                })
                .collect();
            inputs.required.insert(LinkId::Statements);
        }
        inputs
    }
}

fn from_release<'a>(made: &'a Made<'_>, container: Container) -> Option<&'a PatchFile> {
    let from_release = || made.files.iter().filter(|file| file.from.is_none());
    from_release()
        .find(|file| file.container == container)
        .or_else(|| from_release().next())
}
