//! `rebuild`: the released library is what the sources rebuild to; else why not.

use patchproof_report::{Certainty, Finding, Link, LinkId, LinkState, Rule};
use patchproof_snapshot::{Equivalence, Library as Explained, explain};

use super::{OneAbi, Other};
use crate::libraries::Library;
use crate::rows::{REBUILT, RELEASED, judged, not_given, undecided};

impl OneAbi<'_> {
    pub(super) fn rebuild(&self) -> Link {
        let rebuilt = match &self.rebuilt {
            Other::NotGiven => {
                let inputs = self.scene.inputs;
                return not_given(inputs, LinkId::Rebuild, self.abi, "--rebuilt");
            }
            Other::Fault(finding) => {
                return undecided(LinkId::Rebuild, self.abi, finding.clone());
            }
            Other::There(rebuilt) => rebuilt,
        };
        let mut link = self.libraries(rebuilt);
        link.findings
            .extend(self.scene.shared.beside_the_rebuild(self.abi));
        let hashes = [self.released, rebuilt].map(|library| Some(library.sha256.clone()));
        let [expected, found] = hashes;
        link.with_hashes(expected, found)
    }

    fn libraries(&self, rebuilt: &Library) -> Link {
        if rebuilt.bytes == self.released.bytes {
            return Link::new(LinkId::Rebuild, Some(self.abi.to_owned()), LinkState::Held);
        }
        let explanation = explain(
            &explained(RELEASED, self.released),
            &explained(REBUILT, rebuilt),
        );
        let findings = match explanation.equivalence {
            Some(equivalence) => vec![self.equivalent(equivalence, rebuilt)],
            None => self.different(rebuilt, explanation.causes),
        };
        judged(LinkId::Rebuild, self.abi, findings).with_difference(explanation.difference)
    }

    fn equivalent(&self, equivalence: Equivalence, rebuilt: &Library) -> Finding {
        let touched = equivalence.touched(&self.released.bytes, &rebuilt.bytes);
        let ranges: Vec<String> = touched
            .unwrap_or_default()
            .iter()
            .map(|range| format!("{:#x}..{:#x}", range.start, range.end))
            .collect();
        let name = equivalence.name();
        let where_ = ranges.join(", ");
        if self.scene.inputs.accepted.contains(&equivalence) {
            let message = format!(
                "{} and {} are equivalent by `{name}`, which `--accept` allows",
                self.released.name, rebuilt.name
            );
            return Finding::new(Rule::EquivalenceAccepted, message)
                .showing(format!("differing bytes within {where_} only"));
        }
        let message = format!(
            "{} and {} differ in bytes of the build id note only",
            self.released.name, rebuilt.name
        );
        Finding::new(Rule::EquivalentOnly, message).comparing(
            "identical bytes",
            format!("differing bytes within {where_} only"),
        )
    }

    fn different(&self, rebuilt: &Library, causes: Vec<Finding>) -> Vec<Finding> {
        let message = format!("{} is not {}", rebuilt.name, self.released.name);
        let differs = Finding::new(Rule::RebuildDiffers, message)
            .comparing(&self.released.sha256, &rebuilt.sha256);
        let patched = self.patched.library();
        if patched.is_some_and(|patched| patched.bytes == rebuilt.bytes) {
            let message = format!("{} is the patched build, byte for byte", rebuilt.name);
            let cause = Finding::new(Rule::CausePatchedBuild, message).sure(Certainty::Certain);
            return vec![differs, cause];
        }
        std::iter::once(differs).chain(causes).collect()
    }
}

/// A library that was read already, for the explanation.
fn explained<'a>(name: &'a str, library: &'a Library) -> Explained<'a> {
    match &library.snapshot {
        Ok(snapshot) => Explained::known(name, &library.bytes, snapshot),
        Err(_) => Explained::read(name, &library.bytes),
    }
}
