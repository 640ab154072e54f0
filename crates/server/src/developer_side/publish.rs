//! Publishing: a patch with everything that belongs to it, tried first and written at once.

use std::collections::BTreeSet;

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{
    CreatedPatch, NUMBER_MAX, Publish, PublishArtifact, PublishDownload,
};
use patchproof_trust::Kind;

use super::input::Asked;
use super::publish_checks::{Trial, TrialOf};
use super::{now_s, promotion, roots, shapes, valid};
use crate::auth::{OfApp, Publishes};
use crate::checking::Unfit;
use crate::http::Fault;
use crate::store::{self, Download, StoreError};

/// Publish a patch
///
/// Its downloads were PUT as blobs before. Each is tried: it has to become `hash` over what it is
/// said to be made from, and what it becomes has to fit the release. Where the app has a root, each
/// artifact comes with its statement, which says the same. All of it is there afterwards, or none.
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/publish", tag = "publishing",
    params(("app_id" = String, Path)), request_body = Publish,
    responses((status = 201, description = "It is published", body = CreatedPatch),
        (status = 409, description = "`number_taken`: its number is not the next one"),
        (status = 422, description = "Something does not hold what is said of it: \
            `blob_missing`, `size_mismatch`, `no_release_library`, `unknown_base`, \
            `patch_refused`, `wrong_container`, `wrong_output`, `wrong_output_size`, \
            `no_snapshot`, `snapshot_incompatible`, `library_too_large`, `statement_missing`, \
            `no_root`, `statement_refused`, `statement_mismatch`, `not_a_word`")))]
pub(super) async fn publish(
    app: OfApp<Publishes>,
    Asked(mut publish): Asked<Publish>,
) -> Result<(StatusCode, Json<CreatedPatch>), Fault> {
    is_in_bounds(&publish)?;
    let release = app
        .store()
        .release(app.app_id(), publish.release_id)
        .await?;
    is_next(&app, &publish).await?;
    let patches = app
        .store()
        .patches(app.app_id(), publish.release_id)
        .await?;
    let root = roots::newest(&app).await?;
    let of = TrialOf {
        app_id: app.app_id(),
        release_id: publish.release_id,
        version: &release.version,
        number: publish.number,
        root: root.as_ref(),
        patches: &patches,
    };
    let mut artifacts = Vec::new();
    for artifact in std::mem::take(&mut publish.artifacts) {
        let trial = Trial::fetch(&app, of, artifact).await?;
        let tried = app
            .desk()
            .work(move || Ok::<_, Unfit>((trial.run()?, trial.artifact)));
        let (statement, artifact) = tried.await.ok_or_else(Fault::internal)??;
        artifacts.push(to_store(artifact, statement)?);
    }
    let row = row(publish, artifacts)?;
    let patch = app.store().publish(app.app_id(), &row, now_s()).await?;
    app.refresh(app.app_id()).await?;
    let created = CreatedPatch {
        id: patch.id,
        number: patch.number,
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Looked at before anything is tried, which takes long, and once more where it is written.
async fn is_next(app: &OfApp<Publishes>, publish: &Publish) -> Result<(), Fault> {
    let store = app.store();
    let next = store
        .next_number(app.app_id(), publish.release_id, now_s())
        .await?;
    if next == publish.number {
        return Ok(());
    }
    let why = format!(
        "its number is {}, and the next one of this release is {next}: make and sign it for that \
         number",
        publish.number
    );
    Err(StoreError::conflict("patch number", why).into())
}

fn row(publish: Publish, artifacts: Vec<store::PublishArtifact>) -> Result<store::Publish, Fault> {
    let expires_at = publish
        .expires_at
        .map(|at| shapes::stored("expires_at", at));
    Ok(store::Publish {
        release_id: publish.release_id,
        number: publish.number,
        channel: publish.channel,
        rollout_basis_points: publish.rollout_basis_points,
        notes: publish.notes,
        force_update: publish.force_update,
        expires_at_s: expires_at.transpose()?,
        artifacts,
    })
}

fn to_store(
    artifact: PublishArtifact,
    statement: Option<store::Statement>,
) -> Result<store::PublishArtifact, Fault> {
    let download = |download: PublishDownload| {
        Ok(Download {
            sha256: download.sha256,
            size_bytes: download.size_bytes,
            container: shapes::to_container(download.container)?,
            from_sha256: download.from_sha256,
        })
    };
    let downloads = artifact.downloads.into_iter().map(download);
    Ok(store::PublishArtifact {
        platform: artifact.platform.name().to_owned(),
        arch: artifact.arch.name().to_owned(),
        hash: artifact.hash,
        size_bytes: artifact.size_bytes,
        hash_signature: artifact.hash_signature,
        statement,
        downloads: downloads.collect::<Result<_, Fault>>()?,
    })
}

/// Everything that can be told from the request alone.
fn is_in_bounds(publish: &Publish) -> Result<(), Fault> {
    valid::between("number", publish.number, 1, NUMBER_MAX)?;
    if let Some(channel) = &publish.channel {
        valid::word("channel", channel)?;
    }
    promotion::within(publish.rollout_basis_points)?;
    valid::optional("notes", publish.notes.as_deref(), valid::NOTES_CHARS_MAX)?;
    if let Some(at) = publish.expires_at {
        valid::between("expires_at", at, 1, NUMBER_MAX)?;
    }
    some("artifacts", publish.artifacts.len(), ARTIFACTS_MAX)?;
    let of = |artifact: &PublishArtifact| (artifact.platform, artifact.arch);
    each_once(
        "platform and arch of `artifacts`",
        publish.artifacts.iter().map(of),
    )?;
    publish.artifacts.iter().try_for_each(artifact_in_bounds)
}

fn artifact_in_bounds(artifact: &PublishArtifact) -> Result<(), Fault> {
    valid::sha256("hash", &artifact.hash)?;
    valid::between("size_bytes", artifact.size_bytes, 1, NUMBER_MAX)?;
    let signature = artifact.hash_signature.as_deref();
    valid::optional("hash_signature", signature, valid::SIGNATURE_CHARS_MAX)?;
    let statement = artifact.statement.as_deref();
    valid::optional("statement", statement, Kind::Patch.limit_bytes())?;
    some("downloads", artifact.downloads.len(), DOWNLOADS_MAX)?;
    let of = |download: &PublishDownload| download.sha256.clone();
    each_once("sha256 of `downloads`", artifact.downloads.iter().map(of))?;
    for download in &artifact.downloads {
        valid::sha256("sha256", &download.sha256)?;
        valid::between("size_bytes", download.size_bytes, 1, NUMBER_MAX)?;
        if let Some(from) = &download.from_sha256 {
            valid::sha256("from_sha256", from)?;
        }
    }
    if artifact
        .downloads
        .iter()
        .all(|download| download.from_sha256.is_some())
    {
        return Err(Fault::bad_request(
            "no download of an artifact is made from the release's library, so a new installation \
             could not get the patch: add one without `from_sha256`",
        ));
    }
    Ok(())
}

fn some(field: &'static str, found: usize, limit: usize) -> Result<(), Fault> {
    if (1..=limit).contains(&found) {
        return Ok(());
    }
    Err(Fault::bad_request(format!(
        "`{field}` has {found} entries, and has to have 1 to {limit}"
    )))
}

fn each_once<T: Ord>(what: &str, entries: impl Iterator<Item = T>) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(entry) {
            return Err(Fault::bad_request(format!(
                "{what} stands there twice: merge them"
            )));
        }
    }
    Ok(())
}

const ARTIFACTS_MAX: usize = 32;
/// As many as a statement may have.
const DOWNLOADS_MAX: usize = 64;
