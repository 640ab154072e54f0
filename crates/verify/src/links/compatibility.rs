//! `compatibility`: the VM that runs the release takes the patched build, and so does the engine.

use std::borrow::Cow;

use patchproof_archive::{Part, Role};
use patchproof_report::{CompareVerdict, Finding, Link, LinkId, LinkState, Rule, Severity};
use patchproof_snapshot::{Engine, Named, Snapshot, compare, predict};

use super::artefact::worth_knowing;
use super::{OneAbi, Other};
use crate::rows::{
    ENGINE, PATCHED, RELEASED, not_given, not_reached, undecided, unread, unreadable,
};

/// An engine's bytes, and where they came from.
struct EngineFile<'a> {
    name: &'a str,
    bytes: Cow<'a, [u8]>,
    /// Whether it lies beside the released library, so that it is known to run that.
    beside: bool,
}

impl OneAbi<'_> {
    pub(super) fn compatibility(&self) -> Link {
        let id = LinkId::Compatibility;
        let Ok(released) = &self.released.snapshot else {
            return undecided(
                id,
                self.abi,
                not_reached("the released library cannot be read"),
            );
        };
        let file = self.engine_file();
        let engine = match &file {
            Ok(Some(file)) => Engine::read(&file.bytes)
                .map(Some)
                .map_err(|error| unreadable(ENGINE, file.name, error)),
            Ok(None) => Ok(None),
            Err(finding) => Err(finding.clone()),
        };
        let beside = matches!(&file, Ok(Some(file)) if file.beside);
        let patched = match &self.patched {
            Other::NotGiven => return self.without_patched(released, engine.ok().flatten()),
            Other::Fault(finding) => return undecided(id, self.abi, finding.clone()),
            Other::There(patched) => patched,
        };
        match patched.snapshot(PATCHED) {
            Ok(patched) => self.compared(released, patched, &engine, beside),
            Err(finding) => undecided(id, self.abi, finding),
        }
    }

    fn compared(
        &self,
        released: &Snapshot,
        patched: &Snapshot,
        engine: &Result<Option<Engine<'_>>, Finding>,
        beside: bool,
    ) -> Link {
        let named = engine.as_ref().ok().and_then(Option::as_ref);
        let named = named.map(|engine| Named::new(ENGINE, engine));
        let comparison = compare(
            Named::new(RELEASED, released),
            Named::new(PATCHED, patched),
            named,
        );
        let mut findings = comparison.findings;
        let said_already = worth_knowing(released);
        findings.retain(|finding| !said_already.contains(finding));
        let mut verdict = comparison.verdict;
        if beside && released.identity_sha256() == patched.identity_sha256() {
            settle_by_the_release(&mut findings);
            if findings
                .iter()
                .all(|finding| finding.severity < Severity::Undecided)
            {
                verdict = CompareVerdict::Compatible;
            }
        }
        findings.extend(engine.as_ref().err().cloned());
        if patched.sha256 == released.sha256 {
            let message = format!("{PATCHED} is {RELEASED}: the patch would change nothing");
            findings.push(Finding::new(Rule::NothingToShip, message));
        }
        let state = match verdict {
            CompareVerdict::Incompatible => LinkState::Broken,
            CompareVerdict::Identical | CompareVerdict::Compatible if engine.is_ok() => {
                LinkState::Held
            }
            _ => LinkState::Undecided,
        };
        let [expected, found] =
            [released, patched].map(|snapshot| Some(hex::encode(snapshot.identity_sha256())));
        let mut link = Link::new(LinkId::Compatibility, Some(self.abi.to_owned()), state)
            .with_hashes(expected, found);
        link.findings = findings;
        link
    }

    /// Nothing to compare with; an engine that refuses the release is still worth saying.
    fn without_patched(&self, released: &Snapshot, engine: Option<Engine<'_>>) -> Link {
        let id = LinkId::Compatibility;
        let mut link = not_given(self.scene.inputs, id, self.abi, "--patched");
        let Some(engine) = engine else { return link };
        let released = Named::new(RELEASED, released);
        let prediction = predict(released, Named::new(ENGINE, &engine));
        let refused = |finding: &Finding| finding.severity == Severity::Error;
        if prediction.findings.iter().any(refused) {
            link.state = LinkState::Broken;
            link.findings = prediction.findings;
        }
        link
    }

    /// The engine that was named, or the one beside the released library.
    fn engine_file(&self) -> Result<Option<EngineFile<'_>>, Finding> {
        if let Some(input) = &self.scene.inputs.engine {
            let bytes = input.bytes.as_deref();
            let bytes = bytes.map_err(|why| unreadable(ENGINE, &input.name, why))?;
            return Ok(Some(EngineFile {
                name: &input.name,
                bytes: Cow::Borrowed(bytes),
                beside: false,
            }));
        }
        let asked = self
            .scene
            .inputs
            .must_hold()
            .contains(&LinkId::Compatibility);
        let Some(part) = self.engine_beside().filter(|_| asked) else {
            return Ok(None);
        };
        let bytes = self.scene.release.read(part);
        Ok(Some(EngineFile {
            name: &part.location,
            bytes: Cow::Owned(bytes.map_err(|error| unread(ENGINE, &error))?),
            beside: true,
        }))
    }

    fn engine_beside(&self) -> Option<&Part> {
        let library = self.scene.released.part(self.abi)?;
        let mut engines = self.scene.release.of_role(Role::Engine);
        engines.find(|engine| engine.abi == library.abi)
    }
}

/// The release starts in the engine beside it. A patched build with its version and features asks
/// nothing more of that engine, whatever the engine's strings leave open.
fn settle_by_the_release(findings: &mut [Finding]) {
    let unsettled = [
        Rule::EngineVersionUnsettled,
        Rule::EngineFeaturesUnsettled,
        Rule::EngineLayoutUnsettled,
    ];
    for finding in findings.iter_mut() {
        if unsettled.contains(&finding.rule) && finding.severity == Severity::Undecided {
            finding.severity = Severity::Note;
            finding
                .message
                .push_str("; the released library beside it has the same version and features");
            "Nothing: the engine runs the release, and the patched build asks for the same."
                .clone_into(&mut finding.remedy);
        }
    }
}
