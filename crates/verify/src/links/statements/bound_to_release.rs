//! Whether a statement is about this release: each of its words against what the release shows.

use patchproof_archive::{AppIdentity, Shape};
use patchproof_report::{Finding, Rule, Severity};
use patchproof_snapshot::Snapshot;
use patchproof_trust::{PatchStatement, Text};

use super::super::OneAbi;
use super::{other, size};
use crate::abi::abi_as_signed;
use crate::rows::{not_reached, wide};

impl OneAbi<'_> {
    /// What of the statement is not so, and what the release does not show.
    pub(super) fn bound_to_the_release(&self, statement: &PatchStatement) -> Vec<Finding> {
        let release = &statement.release;
        let app = self.scene.release.app();
        let engine = match &self.released.snapshot {
            Ok(snapshot) => engine(snapshot, statement),
            Err(_) => Some(not_reached("the released library cannot be read")),
        };
        let abi = release.abi.as_str();
        let platform = release.platform.as_str();
        let ours = abi_as_signed(self.abi, self.platform().unwrap_or(platform));
        let other_abi = || other(Rule::StatementOtherAbi, "ABI", ours, abi);
        let all = [
            (abi != ours).then(other_abi),
            self.platform_of(platform),
            version(app, self.abi, release.version.as_str()),
            app_named_otherwise(app, statement.app.as_str()),
            self.base(statement),
            engine,
        ];
        all.into_iter().flatten().collect()
    }

    fn platform_of(&self, signed: &str) -> Option<Finding> {
        let Some(platform) = self.platform() else {
            return Some(not_looked_at("platform", signed));
        };
        let rule = Rule::StatementOtherPlatform;
        (platform != signed).then(|| other(rule, "platform", platform, signed))
    }

    fn platform(&self) -> Option<&'static str> {
        match self.scene.release.shape() {
            Shape::Apk
            | Shape::SplitApks
            | Shape::ApkSet
            | Shape::Aab
            | Shape::Aar
            | Shape::GradleOutput => Some("android"),
            Shape::LinuxBundle => Some("linux"),
            Shape::WindowsFolder => Some("windows"),
            Shape::MacosApp => Some("macos"),
            Shape::IosApp => Some("ios"),
            _ => Some(self.released.snapshot.as_ref().ok()?.os?.word()),
        }
    }

    fn base(&self, statement: &PatchStatement) -> Option<Finding> {
        let rule = Rule::StatementOtherBase;
        let (expected, found) = (&self.released.sha256, statement.release.base_sha256);
        if *expected != found.to_string() {
            return Some(other(rule, "base", expected, &found.to_string()));
        }
        let (expected, found) = (wide(self.released.bytes.len()), statement.base_size_bytes);
        (expected != found).then(|| other(rule, "base's size", &size(expected), &size(found)))
    }
}

fn not_looked_at(what: &str, said: &str) -> Finding {
    let message = format!("the release does not show its {what}, which the statement names");
    Finding::new(Rule::StatementNotLookedAt, message).showing(said)
}

/// The version as an app reports it: `1.2.3+45`, of which a manifest may show the first half only.
fn version(app: &AppIdentity, abi: &str, signed: &str) -> Option<Finding> {
    let Some(name) = &app.version_name else {
        return Some(not_looked_at("version", signed));
    };
    let rest = signed.strip_prefix(name.as_str());
    let Some(code) = app.version_code else {
        let fits = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('+'));
        return (!fits).then(|| other(Rule::StatementOtherVersion, "version", name, signed));
    };
    let codes = [code, code_of_split(code, abi)].map(|code| format!("+{code}"));
    if rest.is_some_and(|rest| codes.iter().any(|code| code == rest)) {
        return None;
    }
    let expected = format!("{name}+{code}");
    let finding = other(Rule::StatementOtherVersion, "version", &expected, signed);
    let remedy = "Nothing, if the app is configured to call itself so for its updates; else sign \
                  the statement with the whole version.";
    // An app may leave the second half out, and then its devices take such a statement.
    Some(if rest == Some("") {
        finding.mended_by(remedy).weighing(Severity::Warning)
    } else {
        finding
    })
}

/// The version code on a device where Flutter built an APK for each machine.
fn code_of_split(code: u64, abi: &str) -> u64 {
    let number = match abi {
        "armeabi-v7a" => 1,
        "arm64-v8a" => 2,
        "x86" => 3,
        "x86_64" => 4,
        _ => 0,
    };
    code.saturating_add(1000 * number)
}

/// An app may have an id of its own for updates, so that another one in the manifest is no fault.
fn app_named_otherwise(app: &AppIdentity, signed: &str) -> Option<Finding> {
    let in_manifest = app.app_id.as_deref();
    if in_manifest == Some(signed) {
        return None;
    }
    let Some(in_manifest) = in_manifest else {
        return Some(not_looked_at("app id", signed));
    };
    let message = "root and statement call the app otherwise than its manifest; whether both mean \
                   one app is not looked at";
    let finding = Finding::new(Rule::StatementNotLookedAt, message);
    let remedy = "Nothing, if the app is configured with that id for its updates.";
    Some(finding.comparing(in_manifest, signed).mended_by(remedy))
}

fn engine(snapshot: &Snapshot, statement: &PatchStatement) -> Option<Finding> {
    let signed = &statement.snapshot;
    let rule = Rule::StatementOtherSnapshot;
    let version = &snapshot.header().version;
    if version != signed.version.as_str() {
        let found = signed.version.as_str();
        return Some(other(rule, "snapshot version", version, found));
    }
    let signed: Vec<&str> = signed.features.iter().map(Text::as_str).collect();
    let ours: Vec<&str> = snapshot.features().collect();
    let what = "list of snapshot features";
    (ours != signed).then(|| other(rule, what, &ours.join(" "), &signed.join(" ")))
}
