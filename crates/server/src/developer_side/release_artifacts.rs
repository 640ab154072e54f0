//! The files of releases.

use axum::Json;
use patchproof_protocol::Platform;
use patchproof_protocol::developer::{
    CreatedReleaseArtifact, NUMBER_MAX, NewReleaseArtifact, ReleaseArtifact, ReleaseArtifacts,
};
use serde::Deserialize;

use super::input::{PathOf, QueryOf};
use super::releases::ReleaseId;
use super::{uploads, valid};
use crate::auth::{OfApp, Publishes, Reads};
use crate::http::Fault;
use crate::store::{self, UploadKind};
use crate::uploads::Fields;

/// List the files of a release
///
/// Each `url` holds for an hour without a token, as Shorebird's tools ask it.
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/releases/{release_id}/artifacts",
    tag = "releases",
    params(("app_id" = String, Path), ("release_id" = i64, Path),
        ("arch" = Option<String>, Query, description = "Only this one"),
        ("platform" = Option<String>, Query, description = "Only this one")),
    responses((status = 200, description = "Those that were uploaded", body = ReleaseArtifacts)))]
pub(super) async fn list_release_artifacts(
    app: OfApp<Reads>,
    PathOf(path): PathOf<ReleaseId>,
    QueryOf(which): QueryOf<Which>,
) -> Result<Json<ReleaseArtifacts>, Fault> {
    let (arch, platform) = (which.arch.as_deref(), which.platform.as_deref());
    let store = app.store();
    let found = store
        .release_artifacts(app.app_id(), path.release_id, arch, platform)
        .await?;
    let uploaded = found.into_iter().filter(|artifact| artifact.uploaded);
    let artifacts = uploaded.map(|artifact| ReleaseArtifact {
        id: artifact.id,
        release_id: artifact.release_id,
        url: app.url(&app.link(&artifact.hash)),
        arch: artifact.arch,
        platform: artifact.platform,
        hash: artifact.hash,
        size: artifact.size_bytes,
        podfile_lock_hash: artifact.podfile_lock_hash,
        can_sideload: artifact.can_sideload,
    });
    Ok(Json(ReleaseArtifacts {
        artifacts: artifacts.collect(),
    }))
}

/// Announce a file of a release
///
/// The file itself goes to `url` of the answer: once, within an hour, as a form or as the body of
/// a PUT. It is looked at before it is kept: `aarch64`, `arm`, `x86_64` and `x86` are libraries
/// with a Dart snapshot, anything else but supplements has to be a package.
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/releases/{release_id}/artifacts",
    tag = "releases",
    params(("app_id" = String, Path), ("release_id" = i64, Path)),
    request_body(content = NewReleaseArtifact, content_type = "multipart/form-data"),
    responses((status = 200, description = "The file is awaited", body = CreatedReleaseArtifact),
        (status = 409, description = "The release has that file already")))]
pub(super) async fn create_release_artifact(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<ReleaseId>,
    fields: Fields,
) -> Result<Json<CreatedReleaseArtifact>, Fault> {
    let new = read(&fields)?;
    let announced = store::NewReleaseArtifact {
        arch: new.arch,
        platform: new.platform.name().to_owned(),
        hash: new.hash,
        size_bytes: new.size,
        filename: new.filename,
        can_sideload: new.can_sideload,
        podfile_lock_hash: new.podfile_lock_hash,
    };
    let store = app.store();
    let artifact = store
        .add_release_artifact(app.app_id(), path.release_id, announced)
        .await?;
    let awaited = uploads::Awaited {
        kind: UploadKind::ReleaseArtifact,
        target_id: artifact.id,
        sha256: Some(artifact.hash.clone()),
        size_bytes: artifact.size_bytes,
    };
    Ok(Json(CreatedReleaseArtifact {
        id: artifact.id,
        release_id: artifact.release_id,
        arch: artifact.arch,
        platform: artifact.platform,
        hash: artifact.hash,
        size: artifact.size_bytes,
        url: uploads::announce(&app, awaited).await?,
        upload_method: Some(uploads::METHOD.to_owned()),
    }))
}

#[derive(Deserialize)]
pub(super) struct Which {
    arch: Option<String>,
    platform: Option<String>,
}

fn read(fields: &Fields) -> Result<NewReleaseArtifact, Fault> {
    let new = NewReleaseArtifact {
        arch: fields.text("arch")?,
        platform: fields.read::<Platform>("platform")?,
        hash: fields.text("hash")?,
        size: fields.read("size")?,
        filename: fields.text("filename")?,
        can_sideload: fields.read("can_sideload")?,
        podfile_lock_hash: fields.optional("podfile_lock_hash"),
    };
    valid::word("arch", &new.arch)?;
    valid::sha256("hash", &new.hash)?;
    valid::between("size", new.size, 1, NUMBER_MAX)?;
    valid::name("filename", &new.filename)?;
    let podfile = new.podfile_lock_hash.as_deref();
    valid::optional("podfile_lock_hash", podfile, valid::NAME_CHARS_MAX)?;
    Ok(new)
}
