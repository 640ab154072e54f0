//! The links that are looked at, one function each.

use patchproof_patch::{InflateError, Limits, inflate};
use patchproof_report::{CompareVerdict, Finding, Link, LinkId, LinkState, Rule, Severity};
use patchproof_snapshot::{Engine, Named, Snapshot, compare, predict};
use sha2::{Digest as _, Sha256};

use crate::chain::Released;
use crate::inputs::{Input, Inputs, LabelledPatch};

/// `artefact`: the released library is there, and is a snapshot that has one reading.
pub(crate) fn artefact(release: &Released<'_>) -> Link {
    let found = hex::encode(release.snapshot.sha256);
    row(release, LinkId::Artefact, LinkState::Held).with_hashes(None, Some(found))
}

/// `compatibility`: the VM that runs the release takes the patched build, and so does the engine.
pub(crate) fn compatibility(inputs: &Inputs, release: &Released<'_>) -> Link {
    let engine = inputs.engine.as_ref().map(engine);
    let released = Named::new(RELEASED, &release.snapshot);
    let Some(patched) = &inputs.patched else {
        return without_patched(release, engine);
    };
    let snapshot = match read(patched, PATCHED) {
        Ok(snapshot) => snapshot,
        Err(finding) => {
            let link = row(release, LinkId::Compatibility, LinkState::Undecided);
            return link.with_finding(finding);
        }
    };
    let (engine, unreadable) = split(engine);
    let named = engine.as_ref().map(|engine| Named::new(ENGINE, engine));
    let comparison = compare(released, Named::new(PATCHED, &snapshot), named);
    let state = match comparison.verdict {
        CompareVerdict::Incompatible => LinkState::Broken,
        CompareVerdict::Identical | CompareVerdict::Compatible if unreadable.is_none() => {
            LinkState::Held
        }
        _ => LinkState::Undecided,
    };
    let identities = [&release.snapshot, &snapshot].map(|s| Some(hex::encode(s.identity_sha256())));
    let [expected, found] = identities;
    let mut link = row(release, LinkId::Compatibility, state).with_hashes(expected, found);
    link.findings = comparison.findings;
    link.findings.extend(unreadable);
    if snapshot.sha256 == release.snapshot.sha256 {
        let message = format!("{PATCHED} is {RELEASED}: the patch would change nothing");
        link.findings
            .push(Finding::new(Rule::NothingToShip, message));
    }
    link
}

/// Nothing to compare with; an engine that refuses the release is still worth saying.
fn without_patched(release: &Released<'_>, engine: Option<Result<Engine<'_>, Finding>>) -> Link {
    let mut link = missing(release, LinkId::Compatibility, "--patched");
    if let Some(Ok(engine)) = engine {
        let released = Named::new(RELEASED, &release.snapshot);
        let prediction = predict(released, Named::new(ENGINE, &engine));
        if prediction
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            link.state = LinkState::Broken;
            link.findings = prediction.findings;
        }
    }
    link
}

/// `base` and `inflate`: they share one inflate, and between them they tell whose fault it is.
pub(crate) fn base_and_inflate(inputs: &Inputs, release: &Released<'_>) -> [Link; 2] {
    let ids = [LinkId::Base, LinkId::Inflate];
    let patch = match patch_for(&inputs.patches, release.abi) {
        Ok(Some(patch)) => patch,
        Ok(None) => return ids.map(|id| missing(release, id, "--patch")),
        Err(finding) => return ids.map(|id| undecided(release, id, finding.clone())),
    };
    let Some(patched) = &inputs.patched else {
        return ids.map(|id| missing(release, id, "--patched"));
    };
    let [patch_bytes, patched_bytes] = match [patch, patched].map(bytes) {
        [Ok(patch), Ok(patched)] => [patch, patched],
        [Err(finding), _] | [_, Err(finding)] => {
            return ids.map(|id| undecided(release, id, finding.clone()));
        }
    };
    let limits = Limits::for_base(wide(release.bytes.len()));
    let outcome = inflate(release.bytes, patch_bytes, limits);
    let given = Given {
        release,
        patch,
        patch_bytes,
        patched,
        patched_bytes,
        limits,
    };
    match outcome {
        Ok(output) if output == patched_bytes => given.both_hold(),
        Ok(output) => given.other_base(Some(&output), None),
        Err(error @ InflateError::OtherBase { .. }) => given.other_base(None, Some(&error)),
        Err(error) => given.patch_at_fault(&error),
    }
}

/// What one inflate was given.
struct Given<'a> {
    release: &'a Released<'a>,
    patch: &'a Input,
    patch_bytes: &'a [u8],
    patched: &'a Input,
    patched_bytes: &'a [u8],
    limits: Limits,
}

impl Given<'_> {
    fn both_hold(&self) -> [Link; 2] {
        let (base, patched) = (self.base_sha256(), sha256(self.patched_bytes));
        [
            self.row(LinkId::Base, LinkState::Held)
                .with_hashes(base.clone(), base),
            self.row(LinkId::Inflate, LinkState::Held)
                .with_hashes(patched.clone(), patched),
        ]
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
        if let Some((_, words)) = &fits {
            message.push_str(&format!("; {words}"));
        }
        let finding = Finding::new(Rule::OtherBase, message);
        let found = fits.map(|(sha256, _)| sha256);
        let finding = match &found {
            Some(fits) => finding.comparing(hex::encode(self.release.snapshot.sha256), fits),
            None => finding,
        };
        let base = self
            .row(LinkId::Base, LinkState::Broken)
            .with_hashes(self.base_sha256(), found)
            .with_finding(finding);
        let message = "the patch was made against another base, so its output means nothing";
        let finding = Finding::new(Rule::NotReached, message);
        let hashes = (sha256(self.patched_bytes), output.and_then(sha256));
        let inflate = self
            .row(LinkId::Inflate, LinkState::Undecided)
            .with_hashes(hashes.0, hashes.1)
            .with_finding(finding);
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
        let base = undecided(
            self.release,
            LinkId::Base,
            Finding::new(Rule::NotReached, message),
        );
        let finding = Finding::new(rule, format!("{}: {error}", self.patch.name));
        let inflate = self
            .row(LinkId::Inflate, LinkState::Broken)
            .with_hashes(sha256(self.patched_bytes), None)
            .with_finding(finding);
        [base, inflate]
    }

    /// Looks among the other given libraries for one that this patch fits. Answers its hash and a
    /// clause for the finding.
    fn library_that_fits(&self) -> Option<(String, String)> {
        let output = inflate(self.patched_bytes, self.patch_bytes, self.limits).ok()?;
        let sha256 = sha256(self.patched_bytes)?;
        if output == self.release.bytes {
            let words = format!(
                "over {} ({PATCHED}) it gives {RELEASED}: base and new file were swapped",
                self.patched.name
            );
            return Some((sha256, words));
        }
        (output == self.patched_bytes).then(|| {
            let words = format!(
                "it fits {} ({PATCHED}) itself: it was made from the patched build to itself",
                self.patched.name
            );
            (sha256, words)
        })
    }

    fn base_sha256(&self) -> Option<String> {
        Some(hex::encode(self.release.snapshot.sha256))
    }

    fn row(&self, id: LinkId, state: LinkState) -> Link {
        row(self.release, id, state)
    }
}

/// The patch for an ABI: the one labelled with it, or the only one without a label.
fn patch_for<'a>(patches: &'a [LabelledPatch], abi: &str) -> Result<Option<&'a Input>, Finding> {
    let other = |patch: &&LabelledPatch| patch.abi.as_deref().is_some_and(|label| label != abi);
    if let Some(patch) = patches.iter().find(other) {
        let label = patch.abi.as_deref().unwrap_or_default();
        let message = format!(
            "{} is given for {label}, and the release is for {abi}",
            patch.file.name
        );
        return Err(Finding::new(Rule::OtherAbi, message).comparing(abi, label));
    }
    match patches {
        [] => Ok(None),
        [patch] => Ok(Some(&patch.file)),
        [_, second, ..] => {
            let message = format!(
                "{} is a second patch for {abi}: one is verified at a time",
                second.file.name
            );
            let remedy = "Give one --patch for each ABI of the release.";
            Err(Finding::new(Rule::OtherAbi, message).mended_by(remedy))
        }
    }
}

fn engine(input: &Input) -> Result<Engine<'_>, Finding> {
    let unreadable = |reason: String| {
        let message = format!("{ENGINE} {} cannot be read: {reason}", input.name);
        Finding::new(Rule::InputUnreadable, message)
    };
    let bytes = input
        .bytes
        .as_deref()
        .map_err(|reason| unreadable(reason.clone()))?;
    Engine::read(bytes).map_err(|error| unreadable(error.to_string()))
}

fn split(engine: Option<Result<Engine<'_>, Finding>>) -> (Option<Engine<'_>>, Option<Finding>) {
    match engine {
        None => (None, None),
        Some(Ok(engine)) => (Some(engine), None),
        Some(Err(finding)) => (None, Some(finding)),
    }
}

fn read(input: &Input, role: &str) -> Result<Snapshot, Finding> {
    Snapshot::read(bytes(input)?).map_err(|error| {
        let message = format!("{role} {} cannot be read: {error}", input.name);
        Finding::new(Rule::InputUnreadable, message)
    })
}

fn bytes(input: &Input) -> Result<&[u8], Finding> {
    input.bytes.as_deref().map_err(|reason| {
        let message = format!("{} cannot be read: {reason}", input.name);
        Finding::new(Rule::InputUnreadable, message)
    })
}

fn missing(release: &Released<'_>, id: LinkId, option: &str) -> Link {
    let message = format!("`{}` needs `{option}`, which was not given", id.id());
    let remedy = format!("Give {option}; `patchproof verify-release --help` shows how.");
    let finding = Finding::new(Rule::InputMissing, message).mended_by(remedy);
    row(release, id, LinkState::NotAsked).with_finding(finding)
}

fn undecided(release: &Released<'_>, id: LinkId, finding: Finding) -> Link {
    row(release, id, LinkState::Undecided).with_finding(finding)
}

fn row(release: &Released<'_>, id: LinkId, state: LinkState) -> Link {
    Link::new(id, Some(release.abi.to_owned()), state)
}

fn sha256(bytes: &[u8]) -> Option<String> {
    Some(hex::encode(Sha256::digest(bytes)))
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

const RELEASED: &str = "the released library";
const PATCHED: &str = "the patched build";
const ENGINE: &str = "the engine";
