//! From rows of the store to the shapes of the wire.

use jiff::Timestamp;
use patchproof_protocol::developer as wire;

use crate::http::Fault;
use crate::store::{self, App, Channel, Download, Patch, PatchArtifact, Release};

/// A moment as Shorebird's shapes have it.
pub(super) fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string()
}

/// A count or moment that is never below 0.
pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A number as the store has it.
pub(super) fn stored(field: &'static str, number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| {
        Fault::bad_request(format!(
            "`{field}` is {number}, which is more than there can be"
        ))
    })
}

pub(super) fn apps(apps: Vec<App>) -> wire::Apps {
    let app = |app: App| wire::AppMetadata {
        app_id: app.id,
        display_name: app.display_name,
        latest_release_version: app.latest_release_version,
        latest_patch_number: app.latest_patch_number.map(count),
        created_at: moment(app.created_at_s),
        updated_at: moment(app.updated_at_s),
    };
    wire::Apps {
        apps: apps.into_iter().map(app).collect(),
    }
}

pub(super) fn channel(channel: Channel) -> wire::Channel {
    wire::Channel {
        id: channel.id,
        app_id: channel.app_id,
        name: channel.name,
    }
}

pub(super) fn release(release: Release) -> wire::Release {
    wire::Release {
        id: release.id,
        app_id: release.app_id,
        version: release.version,
        flutter_revision: release.flutter_revision,
        flutter_version: release.flutter_version,
        display_name: release.display_name,
        platform_statuses: statuses(release.platform_statuses),
        notes: release.notes,
        created_at: moment(release.created_at_s),
        updated_at: moment(release.updated_at_s),
    }
}

pub(super) fn statuses(
    found: std::collections::BTreeMap<String, store::ReleaseStatus>,
) -> std::collections::BTreeMap<String, wire::ReleaseStatus> {
    let on_wire = |status| match status {
        store::ReleaseStatus::Draft => wire::ReleaseStatus::Draft,
        store::ReleaseStatus::Active => wire::ReleaseStatus::Active,
    };
    let statuses = found.into_iter();
    statuses
        .map(|(platform, status)| (platform, on_wire(status)))
        .collect()
}

pub(super) fn patch(patch: Patch) -> wire::ReleasePatch {
    wire::ReleasePatch {
        id: patch.id,
        number: patch.number,
        channel: patch.channel,
        artifacts: patch.artifacts.into_iter().map(patch_artifact).collect(),
        is_rolled_back: patch.rolled_back_at_s.is_some(),
        notes: patch.notes,
    }
}

fn patch_artifact(artifact: PatchArtifact) -> wire::PatchArtifact {
    let from_release = artifact
        .downloads
        .iter()
        .filter(|of| of.from_sha256.is_none());
    wire::PatchArtifact {
        size: from_release.map(|of| of.size_bytes).min().unwrap_or(0),
        id: artifact.id,
        patch_id: artifact.patch_id,
        arch: artifact.arch,
        platform: artifact.platform,
        hash: artifact.hash,
        created_at: moment(artifact.created_at_s),
    }
}

pub(super) fn download(download: Download) -> wire::PublishDownload {
    wire::PublishDownload {
        sha256: download.sha256,
        size_bytes: download.size_bytes,
        container: container(download.container),
        from_sha256: download.from_sha256,
    }
}

pub(super) const fn container(container: store::Container) -> wire::Container {
    match container {
        store::Container::Shorebird => wire::Container::Shorebird,
        store::Container::Patchproof => wire::Container::Patchproof,
    }
}

/// How a patch file is packed, as the store has it.
pub(super) fn to_container(container: wire::Container) -> Result<store::Container, Fault> {
    match container {
        wire::Container::Shorebird => Ok(store::Container::Shorebird),
        wire::Container::Patchproof => Ok(store::Container::Patchproof),
        other => Err(Fault::bad_request(format!(
            "the container `{}` is not known to this server: use a newer one",
            other.name()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_by_rfc_3339() {
        assert_eq!(moment(1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(moment(i64::MAX), "1970-01-01T00:00:00Z");
    }
}
