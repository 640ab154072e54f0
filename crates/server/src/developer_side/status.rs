//! How an app stands, in one answer.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use patchproof_protocol::developer::{ArtifactState, PatchState, ReleaseState, Status};
use serde::Deserialize;

use super::input::QueryOf;
use super::shapes;
use crate::auth::{OfApp, Reads};
use crate::http::Fault;
use crate::store::{EventCount, Patch, PatchArtifact, Release};

/// How an app stands
///
/// Its releases, their patches, where each sits, and how many events of each kind devices sent.
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/status", tag = "publishing",
    params(("app_id" = String, Path),
        ("release" = Option<String>, Query, description = "Only the release of this version")),
    responses((status = 200, description = "How it stands", body = Status)))]
pub(super) async fn app_status(
    app: OfApp<Reads>,
    QueryOf(which): QueryOf<Which>,
) -> Result<Json<Status>, Fault> {
    let (store, only) = (app.store(), which.release.as_deref());
    let mut counts = by_patch(store.event_counts(app.app_id(), only).await?);
    let root_version = store
        .roots(app.app_id())
        .await?
        .pop()
        .map(|(version, _)| version);
    let mut releases = Vec::new();
    for release in store.releases(app.app_id()).await? {
        if only.is_some_and(|only| only != release.version) {
            continue;
        }
        let patches = store.patches(app.app_id(), release.id).await?;
        releases.push(release_state(release, patches, &mut counts));
    }
    Ok(Json(Status {
        app_id: app.app_id().to_owned(),
        root_version,
        releases,
    }))
}

#[derive(Deserialize)]
pub(super) struct Which {
    release: Option<String>,
}

/// Counts of events by kind, by release and number.
type Counts = HashMap<(String, u64), BTreeMap<String, u64>>;

fn by_patch(counts: Vec<EventCount>) -> Counts {
    let mut by_patch = Counts::new();
    for count in counts {
        let of_patch = by_patch.entry((count.release_version, count.patch_number));
        of_patch.or_default().insert(count.kind, count.count);
    }
    by_patch
}

fn release_state(release: Release, patches: Vec<Patch>, counts: &mut Counts) -> ReleaseState {
    let patches = patches.into_iter().rev().map(|patch| {
        let events = counts.remove(&(release.version.clone(), patch.number));
        patch_state(patch, events.unwrap_or_default())
    });
    ReleaseState {
        id: release.id,
        patches: patches.collect(),
        version: release.version,
        platform_statuses: shapes::statuses(release.platform_statuses),
    }
}

fn patch_state(patch: Patch, events: BTreeMap<String, u64>) -> PatchState {
    PatchState {
        id: patch.id,
        number: patch.number,
        published: patch.published,
        rollout_basis_points: patch
            .channel
            .is_some()
            .then_some(patch.rollout_basis_points),
        channel: patch.channel,
        rolled_back_at: patch.rolled_back_at_s.map(shapes::count),
        expires_at: patch.expires_at_s.map(shapes::count),
        force_update: patch.force_update,
        notes: patch.notes,
        created_at: shapes::count(patch.created_at_s),
        artifacts: patch.artifacts.into_iter().map(artifact_state).collect(),
        events,
    }
}

fn artifact_state(artifact: PatchArtifact) -> ArtifactState {
    ArtifactState {
        platform: artifact.platform,
        arch: artifact.arch,
        hash: artifact.hash,
        size_bytes: artifact.size_bytes,
        statement_sha256: artifact.statement_sha256,
        downloads: artifact
            .downloads
            .into_iter()
            .map(shapes::download)
            .collect(),
    }
}
