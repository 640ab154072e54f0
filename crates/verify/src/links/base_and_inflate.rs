//! `base` and `inflate`: they share one inflate, and between them they tell whose fault it is.

use patchproof_patch::{Header, InflateError};
use patchproof_report::{Finding, Link, LinkId, LinkState, Rule};

use super::{OneAbi, Other};
use crate::inputs::Input;
use crate::libraries::Library;
use crate::rows::{PATCHED, RELEASED, not_given, not_reached, sha256, undecided};

/// What one inflate was given.
pub(super) struct Given<'a> {
    pub(super) one: &'a OneAbi<'a>,
    pub(super) patch: &'a Input,
    pub(super) patch_bytes: &'a [u8],
    pub(super) patched: &'a Library,
}

impl OneAbi<'_> {
    pub(super) fn base_and_inflate(&self) -> [Link; 2] {
        let ids = [LinkId::Base, LinkId::Inflate];
        let both = |finding: &Finding| ids.map(|id| undecided(id, self.abi, finding.clone()));
        let patch = match self.patch() {
            Ok(Some(patch)) => patch,
            Ok(None) => return ids.map(|id| self.not_given(id, "--patch")),
            Err(finding) => return both(&finding),
        };
        let patched = match &self.patched {
            Other::NotGiven => return ids.map(|id| self.not_given(id, "--patched")),
            Other::Fault(finding) => return both(finding),
            Other::There(patched) => patched,
        };
        if let Err(error) = &patched.snapshot {
            let why = format!("the patched build cannot be read: {error}");
            return both(&not_reached(why));
        }
        let patch_bytes = match &patch.bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                let message = format!("{} cannot be read: {why}", patch.name);
                return both(&Finding::new(Rule::InputUnreadable, message));
            }
        };
        Given {
            one: self,
            patch,
            patch_bytes,
            patched,
        }
        .judged()
    }

    fn not_given(&self, id: LinkId, option: &str) -> Link {
        not_given(self.scene.inputs, id, self.abi, option)
    }
}

impl Given<'_> {
    fn judged(&self) -> [Link; 2] {
        let Some(inflated) = self.one.inflated() else {
            let finding = not_reached("there is no patch that can be read");
            return [LinkId::Base, LinkId::Inflate]
                .map(|id| undecided(id, self.one.abi, finding.clone()));
        };
        match inflated {
            Ok(output) if output == self.patched.bytes => self.both_hold(),
            Ok(output) if self.names_this_base() => self.other_output(output),
            Ok(output) => self.other_base(Some(output), None),
            Err(error @ (InflateError::OtherBase { .. } | InflateError::NotThisBase { .. })) => {
                self.other_base(None, Some(error))
            }
            Err(error @ InflateError::UnknownTransform { .. }) => self.too_new(error),
            Err(error) => self.patch_at_fault(error),
        }
    }

    fn both_hold(&self) -> [Link; 2] {
        let (base, patched) = (self.base_sha256(), self.patched_sha256());
        [
            self.row(LinkId::Base, LinkState::Held)
                .with_hashes(base.clone(), base),
            self.row(LinkId::Inflate, LinkState::Held)
                .with_hashes(patched.clone(), patched),
        ]
    }

    /// Whether the patch says itself that it is for the released library: it was inflated then, so
    /// it is.
    fn names_this_base(&self) -> bool {
        matches!(Header::of(self.patch_bytes), Some(Ok(_)))
    }

    /// The patch is for this base, and gives something else than the patched build.
    fn other_output(&self, output: &[u8]) -> [Link; 2] {
        let base = self.base_sha256();
        let base = self
            .row(LinkId::Base, LinkState::Held)
            .with_hashes(base.clone(), base);
        let message = format!(
            "{} is for {RELEASED}, and does not give {} ({PATCHED})",
            self.patch.name, self.patched.name
        );
        let found = sha256(output);
        let finding = Finding::new(Rule::OtherOutput, message);
        let finding = finding.comparing(&self.patched.sha256, &found);
        let inflate = self
            .row(LinkId::Inflate, LinkState::Broken)
            .with_hashes(self.patched_sha256(), Some(found))
            .with_finding(finding);
        [base, inflate]
    }

    /// Nothing can be said of a patch that cannot be followed.
    fn too_new(&self, error: &InflateError) -> [Link; 2] {
        let message = format!("{}: {error}", self.patch.name);
        let finding = Finding::new(Rule::PatchTooNew, message);
        [LinkId::Base, LinkId::Inflate].map(|id| undecided(id, self.one.abi, finding.clone()))
    }

    /// The patch is well-formed, and this is not its base.
    fn other_base(&self, output: Option<&[u8]>, why: Option<&InflateError>) -> [Link; 2] {
        let fits = self.library_that_fits();
        let mut message = format!(
            "{} is well-formed, and over {RELEASED} it does not give {} ({PATCHED})",
            self.patch.name, self.patched.name
        );
        if let Some(why) = why {
            message.push_str(&format!("; {why}"));
        }
        if let Some(fits) = &fits {
            message.push_str(&format!("; {}", fits.words));
        }
        let mut finding = Finding::new(Rule::OtherBase, message);
        let found = fits.map(|fits| fits.sha256);
        if let Some(fits) = &found {
            finding = finding.comparing(&self.one.released.sha256, fits);
        }
        let base = self
            .row(LinkId::Base, LinkState::Broken)
            .with_hashes(self.base_sha256(), found)
            .with_finding(finding);
        let message = "the patch was made against another base, so its output means nothing";
        let inflate = self
            .row(LinkId::Inflate, LinkState::Undecided)
            .with_hashes(self.patched_sha256(), output.map(sha256))
            .with_finding(not_reached(message));
        [base, inflate]
    }

    /// The patch is malformed, asks for too much, or shows a bug of ours.
    fn patch_at_fault(&self, error: &InflateError) -> [Link; 2] {
        let rule = match error {
            InflateError::DecodersDisagree { .. } => Rule::DecodersDisagree,
            InflateError::OverLimit { .. } => Rule::PatchOverLimit,
            _ => Rule::PatchMalformed,
        };
        let message = "the patch could not be read, and only a patch that can be shows its base";
        let base = undecided(LinkId::Base, self.one.abi, not_reached(message));
        let finding = Finding::new(rule, format!("{}: {error}", self.patch.name));
        let inflate = self
            .row(LinkId::Inflate, LinkState::Broken)
            .with_hashes(self.patched_sha256(), None)
            .with_finding(finding);
        [base, inflate]
    }

    fn base_sha256(&self) -> Option<String> {
        Some(self.one.released.sha256.clone())
    }

    fn patched_sha256(&self) -> Option<String> {
        Some(self.patched.sha256.clone())
    }

    fn row(&self, id: LinkId, state: LinkState) -> Link {
        Link::new(id, Some(self.one.abi.to_owned()), state)
    }
}
