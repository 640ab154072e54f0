//! `rehearsal`: a simulated device takes the patch, and falls back from every crash point.

use patchproof_rehearsal::{Cancel, RehearsedPatch};
use patchproof_report::{Link, LinkId, Severity};

use super::OneAbi;
use crate::rehearse::run;
use crate::rows::{judged, not_reached, option_missing, sha256, undecided};

impl OneAbi<'_> {
    /// It could always be looked at, and takes seconds: only who asks for it gets it.
    pub(super) fn rehearsal(&self) -> Link {
        let id = LinkId::Rehearsal;
        let inputs = self.scene.inputs;
        let is_required = inputs.required.contains(&id);
        if !inputs.rehearse && !is_required {
            return Link::not_asked(id, Some(self.abi.to_owned()));
        }
        let patch = match self.patch() {
            Ok(Some(patch)) => patch,
            Ok(None) => {
                let link = Link::not_asked(id, Some(self.abi.to_owned()));
                return link.with_finding(option_missing(id, "--patch"));
            }
            Err(finding) => return undecided(id, self.abi, finding),
        };
        let bytes = patch.bytes.as_deref().ok();
        let (Some(bytes), Some(Ok(output))) = (bytes, self.inflated()) else {
            let why = "the patch does not inflate over the released library";
            return undecided(id, self.abi, not_reached(why));
        };
        let library_sha256 = sha256(output);
        let patch = RehearsedPatch::new(patch.name.clone(), bytes, output);
        let rehearsed = run(
            self.abi,
            self.released,
            vec![patch],
            &mut |_| {},
            &Cancel::new(),
        );
        match rehearsed {
            Ok(rehearsed) => {
                let is_held = rehearsed
                    .findings
                    .iter()
                    .all(|it| it.severity < Severity::Undecided);
                let link = judged(id, self.abi, rehearsed.findings);
                let found = is_held.then(|| library_sha256.clone());
                link.with_hashes(Some(library_sha256), found)
            }
            Err(finding) => undecided(id, self.abi, finding),
        }
    }
}
