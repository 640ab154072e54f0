//! Uploads of announced artifacts: taken in, looked at, kept, and only then there.

use axum::extract::Request;
use http::StatusCode;
use patchproof_protocol::developer::Container;

use super::now_s;
use super::publish_checks::{Asking, library_of, tried};
use crate::auth::{OfApp, OfUpload, Publishes, Secret};
use crate::checking::{Unfit, release_file};
use crate::http::Fault;
use crate::store::{self, Download, StoreError, Upload, UploadKind};
use crate::uploads::{Announced, Arrived, file_of_form};

/// An upload that is to be announced.
pub(super) struct Awaited {
    /// What the bytes are for.
    pub(super) kind: UploadKind,
    /// The id of that.
    pub(super) target_id: i64,
    /// Their SHA-256, where it is known.
    pub(super) sha256: Option<String>,
    /// How many.
    pub(super) size_bytes: u64,
}

/// Where the bytes go: a URL that is its own leave, once, for an hour.
pub(super) async fn announce(app: &OfApp<Publishes>, awaited: Awaited) -> Result<String, Fault> {
    let secret =
        Secret::new("").map_err(|error| Fault::unavailable("source of randomness", &error))?;
    let upload = Upload {
        token_sha256: secret.sha256(),
        kind: awaited.kind,
        target_id: awaited.target_id,
        sha256: awaited.sha256,
        size_bytes: awaited.size_bytes,
        expires_at_s: now_s().saturating_add(HOLDS_S),
    };
    app.store().create_upload(&upload, now_s()).await?;
    Ok(app.url(&format!("/api/v1/uploads/{}", secret.tell())))
}

/// Upload an announced file, as a form with one file
///
/// The token in the path was given with the announcement, and is the only leave that is needed.
#[utoipa::path(post, path = "/api/v1/uploads/{token}", tag = "uploads", security(()),
    params(("token" = String, Path)),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 204, description = "It was looked at and kept"),
        (status = 409, description = "That file is here already"),
        (status = 422, description = "It is not what was announced, or does not fit the release")))]
pub(super) async fn upload_form(upload: OfUpload, request: Request) -> Result<StatusCode, Fault> {
    let arrived = file_of_form(request, &upload.inbox(), &announced(&upload)).await?;
    keep(&upload, arrived).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Upload an announced file, as the body
///
/// The token in the path was given with the announcement, and is the only leave that is needed.
#[utoipa::path(put, path = "/api/v1/uploads/{token}", tag = "uploads", security(()),
    params(("token" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "It was looked at and kept"),
        (status = 409, description = "That file is here already"),
        (status = 422, description = "It is not what was announced, or does not fit the release")))]
pub(super) async fn upload_file(upload: OfUpload, request: Request) -> Result<StatusCode, Fault> {
    let pieces = request.into_body().into_data_stream();
    let arrived = upload.inbox().take(pieces, &announced(&upload)).await?;
    keep(&upload, arrived).await?;
    Ok(StatusCode::OK)
}

/// A form with a file.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "it says what a form looks like, and is read as a stream"
)]
pub(super) struct UploadForm {
    /// The file; its field may have any name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

fn announced(upload: &OfUpload) -> Announced {
    Announced {
        sha256: upload.upload().sha256.clone(),
        size_bytes: Some(upload.upload().size_bytes),
    }
}

async fn keep(upload: &OfUpload, arrived: Arrived) -> Result<(), Fault> {
    let id = upload.upload().target_id;
    match upload.upload().kind {
        UploadKind::ReleaseArtifact => keep_release_artifact(upload, id, arrived).await?,
        UploadKind::PatchArtifact => keep_patch_artifact(upload, id, arrived).await?,
    }
    // Used up last: where the server dies before this line, the second upload finds it all done.
    upload.store().finish_upload(upload.secret_sha256()).await?;
    Ok(())
}

async fn keep_release_artifact(upload: &OfUpload, id: i64, file: Arrived) -> Result<(), Fault> {
    let artifact = upload.store().release_artifact(id).await?;
    if artifact.uploaded {
        return Err(StoreError::conflict("release artifact", "its bytes are here already").into());
    }
    if artifact.hash != file.sha256 {
        let expected = artifact.hash;
        let found = file.sha256;
        return Err(Unfit::Hash { expected, found }.into());
    }
    let sha256 = file.sha256.clone();
    let (arch, filename) = (artifact.arch, artifact.filename);
    let looked_at = upload.desk().work(move || {
        release_file(&file.path, &arch, &filename)?;
        Ok::<_, Unfit>(file)
    });
    let file = looked_at.await.ok_or_else(Fault::internal)??;
    upload.blobs().put_file(&file.path, &sha256).await?;
    let artifact = upload.store().finish_release_artifact(id, &sha256).await?;
    upload.refresh(&artifact.app_id).await
}

async fn keep_patch_artifact(upload: &OfUpload, id: i64, file: Arrived) -> Result<(), Fault> {
    let artifact = upload.store().patch_artifact(id).await?;
    if !artifact.downloads.is_empty() {
        let why = "its bytes are here already; make another patch";
        return Err(StoreError::conflict("patch artifact", why).into());
    }
    let asking = Asking {
        app_id: &artifact.app_id,
        release_id: artifact.release_id,
        platform: &artifact.platform,
        arch: &artifact.arch,
    };
    let base = library_of(upload, &asking).await?;
    let hash = artifact.hash.clone();
    let looked_at = upload.desk().work(move || {
        let output = tried(&base, &file.path, &hash, None, Container::Shorebird)?;
        Ok::<_, Unfit>((file, output))
    });
    let (file, size_bytes) = looked_at.await.ok_or_else(Fault::internal)??;
    upload.blobs().put_file(&file.path, &file.sha256).await?;
    let download = Download {
        sha256: file.sha256.clone(),
        size_bytes: file.size_bytes,
        container: store::Container::Shorebird,
        from_sha256: None,
    };
    let store = upload.store();
    store
        .finish_patch_artifact(id, &artifact.hash, size_bytes, &download)
        .await?;
    upload.refresh(&artifact.app_id).await
}

/// What Shorebird's tools are told of how to upload.
pub(super) const METHOD: &str = "multipart";
const HOLDS_S: i64 = 60 * 60;
