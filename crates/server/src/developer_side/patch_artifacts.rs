//! The files of patches, as Shorebird's tools upload them one by one.

use axum::Json;
use patchproof_protocol::Platform;
use patchproof_protocol::developer::{CreatedPatchArtifact, NUMBER_MAX, NewPatchArtifact};

use super::input::PathOf;
use super::patches::PatchId;
use super::{now_s, uploads, valid};
use crate::auth::{OfApp, Publishes};
use crate::http::Fault;
use crate::store::{self, UploadKind};
use crate::uploads::Fields;

/// Announce a patch for one platform and architecture
///
/// The file itself goes to `url` of the answer: once, within an hour, as a form or as the body of
/// a PUT. It is tried before it is kept: over the release's library it has to become `hash`, and
/// what it becomes has to fit the release.
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/patches/{patch_id}/artifacts", tag = "patches",
    params(("app_id" = String, Path), ("patch_id" = i64, Path)),
    request_body(content = NewPatchArtifact, content_type = "multipart/form-data"),
    responses((status = 200, description = "The file is awaited", body = CreatedPatchArtifact),
        (status = 409, description = "The patch has that file already")))]
pub(super) async fn create_patch_artifact(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchId>,
    fields: Fields,
) -> Result<Json<CreatedPatchArtifact>, Fault> {
    let new = read(&fields)?;
    let announced = store::NewPatchArtifact {
        platform: new.platform.name().to_owned(),
        arch: new.arch,
        hash: new.hash,
        hash_signature: new.hash_signature,
    };
    let store = app.store();
    let artifact = store
        .add_patch_artifact(app.app_id(), path.patch_id, announced, now_s())
        .await?;
    let awaited = uploads::Awaited {
        kind: UploadKind::PatchArtifact,
        target_id: artifact.id,
        // `hash` is of what comes out, and nobody says what the file itself is.
        sha256: None,
        size_bytes: new.size,
    };
    Ok(Json(CreatedPatchArtifact {
        id: artifact.id,
        patch_id: artifact.patch_id,
        arch: artifact.arch,
        platform: artifact.platform,
        hash: artifact.hash,
        size: new.size,
        url: uploads::announce(&app, awaited).await?,
        upload_method: Some(uploads::METHOD.to_owned()),
    }))
}

fn read(fields: &Fields) -> Result<NewPatchArtifact, Fault> {
    let new = NewPatchArtifact {
        arch: fields.text("arch")?,
        platform: fields.read::<Platform>("platform")?,
        hash: fields.text("hash")?,
        size: fields.read("size")?,
        hash_signature: fields.optional("hash_signature"),
        podfile_lock_hash: fields.optional("podfile_lock_hash"),
    };
    valid::word("arch", &new.arch)?;
    valid::sha256("hash", &new.hash)?;
    valid::between("size", new.size, 1, NUMBER_MAX)?;
    let signature = new.hash_signature.as_deref();
    valid::optional("hash_signature", signature, valid::SIGNATURE_CHARS_MAX)?;
    Ok(new)
}
