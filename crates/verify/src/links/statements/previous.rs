//! Whether a statement's number is above all that were signed before for its release.

use patchproof_report::{Finding, Rule, Severity};
use patchproof_trust::{Device, PatchStatement, Refusal, Remembered, Verifier};

use super::super::OneAbi;
use super::Believed;
use super::claims::{claims, device};
use crate::abi::abi_as_signed;
use crate::inputs::Input;
use crate::rows::unreadable;

impl OneAbi<'_> {
    /// Looks at each previous statement; those of the release's other ABIs are looked at there.
    pub(super) fn above_the_previous(&self, ours: &Believed<'_>) -> Vec<Finding> {
        let previous = self.scene.inputs.signed.previous.iter();
        previous.flat_map(|it| self.above(it, ours)).collect()
    }

    fn above(&self, previous: &Input, ours: &Believed<'_>) -> Vec<Finding> {
        let name = &previous.name;
        let envelope = match &previous.bytes {
            Ok(bytes) => bytes,
            Err(why) => return vec![unreadable("the previous statement", name, why)],
        };
        let Some(theirs) = claims::<PatchStatement>(envelope) else {
            return vec![not_believed(name, "it cannot be read")];
        };
        let (abi, platform) = (&theirs.release.abi, theirs.release.platform.as_str());
        let mut others = self.scene.released.abis().filter(|it| *it != self.abi);
        if others.any(|it| abi_as_signed(it, platform) == abi.as_str()) {
            return Vec::new();
        }
        let about = about_the_number(name, &theirs, &ours.statement);
        let trusted = believed_under(name, envelope, theirs, ours);
        match trusted {
            Ok(under_which) => under_which.into_iter().chain(about).collect(),
            Err(refusal) => vec![not_believed(name, &refusal.to_string())],
        }
    }
}

fn not_believed(name: &str, why: &str) -> Finding {
    Finding::new(Rule::PreviousNotBelieved, format!("{name}: {why}"))
}

/// Numbers count within one release.
fn about_the_number(name: &str, theirs: &PatchStatement, ours: &PatchStatement) -> Option<Finding> {
    if theirs.app != ours.app || theirs.release != ours.release {
        let message = format!("{name} is of another release than this statement");
        let finding = Finding::new(Rule::PreviousOtherRelease, message);
        return Some(finding.comparing(release(ours), release(theirs)));
    }
    let (theirs, ours) = (theirs.number, ours.number);
    (theirs >= ours).then(|| {
        let message = format!("{name} has the number {theirs}, and this statement {ours}");
        let expected = format!("a number above {theirs}");
        Finding::new(Rule::StatementNotAbove, message).comparing(expected, ours.to_string())
    })
}

fn release(statement: &PatchStatement) -> String {
    let release = &statement.release;
    format!(
        "{} {} for {} {}, base {}",
        statement.app, release.version, release.platform, release.abi, release.base_sha256
    )
}

/// Whether a root believes a previous statement; where it is not the newest, a finding says so.
fn believed_under(
    name: &str,
    envelope: &[u8],
    theirs: PatchStatement,
    ours: &Believed<'_>,
) -> Result<Option<Finding>, Refusal> {
    let device = Device {
        app: ours.device.app.clone(),
        ..device(theirs)
    };
    let Err(refusal) = believes(ours.roots.newest(), &device, envelope) else {
        return Ok(None);
    };
    let is_believed = |root: &Remembered| believes(root, &device, envelope).is_ok();
    if ours.roots.older().any(is_believed) {
        let message = format!("{name} was signed under an older root; its number counts");
        let finding = Finding::new(Rule::PreviousOlderRoot, message);
        return Ok(Some(finding.mended_by("Nothing.")));
    }
    match refusal {
        Refusal::UnknownKey { .. } | Refusal::TooFewSignatures { .. } => {
            let message = format!(
                "{name} is not signed by enough keys of the newest root, so that nobody sees here \
                 whether it was ever published; its number counts"
            );
            let finding = Finding::new(Rule::PreviousOlderRoot, message);
            Ok(Some(finding.weighing(Severity::Warning)))
        }
        refusal => Err(refusal),
    }
}

/// Whether the signatures hold; what was withdrawn since was signed all the same.
fn believes(root: &Remembered, device: &Device, envelope: &[u8]) -> Result<(), Refusal> {
    match Verifier::new(device, root)?.standing(envelope) {
        Ok(_) | Err(Refusal::Revoked { .. } | Refusal::BelowFloor { .. }) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}
