//! Files of releases, and files of patches that come one by one.

use super::filled::{artifact_in, touches};
use super::releases::belongs;
use super::{
    Download, NewPatchArtifact, NewReleaseArtifact, PatchArtifact, ReleaseArtifact, Store,
    StoreError,
};

impl Store {
    /// Announces a file of a release. Announced anew before its bytes came, it replaces what was
    /// announced: an upload broke off.
    ///
    /// # Errors
    ///
    /// Where the app has no such release, or that file is there already.
    pub async fn add_release_artifact(
        &self,
        app_id: &str,
        release_id: i64,
        new: NewReleaseArtifact,
    ) -> Result<ReleaseArtifact, StoreError> {
        let mut writing = self.write(app_id).await?;
        belongs(writing.sql(), app_id, release_id).await?;
        let made: Option<(i64,)> = sqlx::query_as(
            "INSERT INTO release_artifacts (release_id, arch, platform, hash, size_bytes, filename,
                 can_sideload, podfile_lock_hash, uploaded)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
             ON CONFLICT (release_id, arch, platform) DO UPDATE SET hash = excluded.hash,
                 size_bytes = excluded.size_bytes, filename = excluded.filename,
                 can_sideload = excluded.can_sideload,
                 podfile_lock_hash = excluded.podfile_lock_hash
             WHERE release_artifacts.uploaded = 0 RETURNING id",
        )
        .bind(release_id)
        .bind(&new.arch)
        .bind(&new.platform)
        .bind(new.hash)
        .bind(stored(new.size_bytes)?)
        .bind(new.filename)
        .bind(i64::from(new.can_sideload))
        .bind(new.podfile_lock_hash)
        .fetch_optional(writing.sql())
        .await?;
        let Some((id,)) = made else {
            let why = format!(
                "the release has its {} for {} already, and a release does not change",
                new.arch, new.platform
            );
            return Err(StoreError::conflict("release artifact", why));
        };
        writing.commit().await?;
        self.release_artifact(id).await
    }

    /// The files of a release, perhaps only those of one `arch` or `platform`.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn release_artifacts(
        &self,
        app_id: &str,
        release_id: i64,
        arch: Option<&str>,
        platform: Option<&str>,
    ) -> Result<Vec<ReleaseArtifact>, StoreError> {
        let mut reading = self.read().await?;
        belongs(&mut reading, app_id, release_id).await?;
        let all: Vec<ReleaseArtifact> =
            sqlx::query_as(artifacts!("a.release_id = $1 ORDER BY a.id"))
                .bind(release_id)
                .fetch_all(&mut *reading)
                .await?;
        let asked = |of: &ReleaseArtifact| {
            arch.is_none_or(|arch| arch == of.arch)
                && platform.is_none_or(|platform| platform == of.platform)
        };
        Ok(all.into_iter().filter(asked).collect())
    }

    /// A file of some release.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub async fn release_artifact(&self, id: i64) -> Result<ReleaseArtifact, StoreError> {
        let artifact = sqlx::query_as(artifacts!("a.id = $1"))
            .bind(id)
            .fetch_optional(&self.inner.pool)
            .await?;
        artifact.ok_or_else(|| StoreError::not_found("release artifact", id))
    }

    /// Says that the bytes of a release's file are here, which have this hash.
    ///
    /// # Errors
    ///
    /// Where it was never announced, or meanwhile with another hash.
    pub async fn finish_release_artifact(
        &self,
        id: i64,
        hash: &str,
    ) -> Result<ReleaseArtifact, StoreError> {
        let app_id = self.release_artifact(id).await?.app_id;
        let mut writing = self.write(&app_id).await?;
        let finished =
            sqlx::query("UPDATE release_artifacts SET uploaded = 1 WHERE id = $1 AND hash = $2")
                .bind(id)
                .bind(hash)
                .execute(writing.sql())
                .await?;
        if finished.rows_affected() == 0 {
            return Err(announced_anew("release artifact"));
        }
        // Devices of this release can be told in signed words that there is no patch yet.
        writing.changes_what_devices_see(&app_id).await?;
        writing.commit().await?;
        self.release_artifact(id).await
    }

    /// Announces a file of a patch. Announced anew before its bytes came, it replaces what was
    /// announced.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch, or that file is there already.
    pub async fn add_patch_artifact(
        &self,
        app_id: &str,
        patch_id: i64,
        new: NewPatchArtifact,
        now_s: i64,
    ) -> Result<PatchArtifact, StoreError> {
        let mut writing = self.write(app_id).await?;
        touches(writing.sql(), app_id, patch_id).await?;
        let made: Option<(i64,)> = sqlx::query_as(
            "INSERT INTO patch_artifacts (patch_id, platform, arch, hash, size_bytes,
                 hash_signature, created_at_s)
             VALUES ($1, $2, $3, $4, 0, $5, $6)
             ON CONFLICT (patch_id, platform, arch) DO UPDATE SET hash = excluded.hash,
                 hash_signature = excluded.hash_signature
             WHERE NOT EXISTS
                 (SELECT 1 FROM downloads d WHERE d.artifact_id = patch_artifacts.id) RETURNING id",
        )
        .bind(patch_id)
        .bind(&new.platform)
        .bind(&new.arch)
        .bind(new.hash)
        .bind(new.hash_signature)
        .bind(now_s)
        .fetch_optional(writing.sql())
        .await?;
        let Some((id,)) = made else {
            let why = format!(
                "the patch has its {} for {} already; make another patch",
                new.arch, new.platform
            );
            return Err(StoreError::conflict("patch artifact", why));
        };
        let artifact = artifact_in(writing.sql(), id).await?;
        writing.commit().await?;
        Ok(artifact)
    }

    /// A file of some patch.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub async fn patch_artifact(&self, id: i64) -> Result<PatchArtifact, StoreError> {
        artifact_in(&mut *self.read().await?, id).await
    }

    /// Says that the bytes of a patch's file are here, and that they inflate to `size_bytes` with
    /// this hash.
    ///
    /// # Errors
    ///
    /// Where it was never announced, meanwhile with another hash, or is there already.
    pub async fn finish_patch_artifact(
        &self,
        id: i64,
        hash: &str,
        size_bytes: u64,
        download: &Download,
    ) -> Result<PatchArtifact, StoreError> {
        let app_id = self.patch_artifact(id).await?.app_id;
        let mut writing = self.write(&app_id).await?;
        let announced = artifact_in(writing.sql(), id).await?;
        if announced.hash != hash {
            return Err(announced_anew("patch artifact"));
        }
        if !announced.downloads.is_empty() {
            let why = "its bytes are here already; make another patch";
            return Err(StoreError::conflict("patch artifact", why));
        }
        sqlx::query("UPDATE patch_artifacts SET size_bytes = $1 WHERE id = $2")
            .bind(stored(size_bytes)?)
            .bind(id)
            .execute(writing.sql())
            .await?;
        writing.add_download(id, download).await?;
        // An artifact that was promoted before its bytes came is seen from now on.
        writing.changes_what_devices_see(&app_id).await?;
        let artifact = artifact_in(writing.sql(), id).await?;
        writing.commit().await?;
        Ok(artifact)
    }

    /// Whether this is the SHA-256 of a file that devices may download.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn is_download(&self, sha256: &str) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM downloads WHERE sha256 = $1 LIMIT 1")
            .bind(sha256)
            .fetch_optional(&self.inner.pool)
            .await?;
        Ok(found.is_some())
    }
}

impl super::Writing {
    pub(super) async fn add_download(
        &mut self,
        artifact_id: i64,
        download: &Download,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO downloads (artifact_id, sha256, size_bytes, container, from_sha256)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(artifact_id)
        .bind(&download.sha256)
        .bind(stored(download.size_bytes)?)
        .bind(download.container.name())
        .bind(download.from_sha256.as_deref())
        .execute(self.sql())
        .await?;
        Ok(())
    }
}

fn announced_anew(what: &'static str) -> StoreError {
    let why = "it was announced anew with another hash while its bytes came; upload those";
    StoreError::conflict(what, why)
}

/// A size or number as the databases hold it.
pub(super) fn stored(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| {
        let why = format!("{number} is larger than any that there can be");
        StoreError::invalid("number", why)
    })
}

macro_rules! artifacts {
    ($which:literal) => {
        concat!(
            "SELECT a.id, r.app_id, a.release_id, a.arch, a.platform, a.hash, a.size_bytes,
                a.filename, a.can_sideload, a.podfile_lock_hash, a.uploaded
             FROM release_artifacts a JOIN releases r ON r.id = a.release_id WHERE ",
            $which
        )
    };
}
use artifacts;
