//! An app as devices see it, read at one moment by a handful of queries, however many patches.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use sqlx::AnyConnection;

use super::bundled::bundled;
use super::roots::roots;
use super::row::row;
use super::view_documents::{choices_of, digest, hash, of_statements};
use super::{Download, Flag, Store, StoreError};
use crate::view::{
    AppView, ReleaseView, RolledBackView, SELECTED_MAX, Track, TrackKey, ViewDownload, ViewPatch,
};

impl Store {
    /// An app as devices see it, and how often it had changed; no view where there is no such app.
    ///
    /// # Errors
    ///
    /// Where the database fails, or holds what this server never writes.
    pub async fn app_view(&self, app_id: &str) -> Result<(i64, Option<AppView>), StoreError> {
        let mut sql = self.read().await?;
        let found: Option<(i64, i64)> = sqlx::query_as(
            "SELECT c.version, (SELECT COUNT(*) FROM apps a WHERE a.id = c.app_id)
             FROM changes c WHERE c.app_id = $1",
        )
        .bind(app_id)
        .fetch_optional(&mut *sql)
        .await?;
        let (version, 1) = found.unwrap_or_default() else {
            return Ok((found.map_or(0, |(version, _)| version), None));
        };
        let roots = roots(&mut sql, app_id).await?;
        let mut names = Names::default();
        let mut releases = offered(&mut sql, app_id, &mut names).await?;
        rolled_back(&mut sql, app_id, &mut names, &mut releases).await?;
        let mut signed = bundled(&mut sql, app_id).await?;
        signed.extend(of_statements(&mut sql, app_id, &mut names).await?);
        let view = AppView {
            id: app_id.into(),
            version,
            roots,
            releases: releases
                .into_iter()
                .map(|(version, parts)| (version.as_ref().into(), parts.view()))
                .collect(),
            signed,
            choices: choices_of(&mut sql, app_id).await?,
        };
        Ok((version, Some(view)))
    }
}

/// What is known of a release before its view is laid out.
#[derive(Default)]
struct Parts {
    tracks: BTreeMap<TrackKey, Vec<ViewPatch>>,
    rolled_back: Vec<u64>,
    rolled_back_statements: Vec<RolledBackView>,
}

type Releases = HashMap<Arc<str>, Parts>;

impl Parts {
    fn view(self) -> ReleaseView {
        let tracks = self.tracks.into_iter();
        let tracks = tracks.map(|(key, patches)| (key, Track::new(patches)));
        ReleaseView::new(
            tracks.collect(),
            self.rolled_back,
            self.rolled_back_statements,
        )
    }
}

/// The few words that many rows repeat, once each.
#[derive(Default)]
pub(super) struct Names(HashSet<Arc<str>>);

impl Names {
    pub(super) fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let name: Arc<str> = text.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}

/// An artifact comes once with each of its downloads.
struct OfferedRow {
    artifact: OfferedArtifact,
    download: Download,
}

row!(OfferedRow: artifact: .., download: ..);

struct OfferedArtifact {
    artifact_id: i64,
    version: String,
    channel: String,
    platform: String,
    arch: String,
    number: u64,
    hash: String,
    hash_signature: Option<String>,
    notes: Option<String>,
    force_update: bool,
    expires_at_s: Option<i64>,
    rollout_basis_points: u16,
    statement_sha256: Option<String>,
}

row!(
    OfferedArtifact:
    artifact_id, version, channel, platform, arch, number: i64, hash, hash_signature, notes,
    force_update: Flag, expires_at_s, rollout_basis_points: i64, statement_sha256
);

struct RolledBackRow {
    version: String,
    number: u64,
    platform: Option<String>,
    arch: Option<String>,
    statement_sha256: Option<String>,
}

row!(RolledBackRow: version, number: i64, platform, arch, statement_sha256);

/// What is promoted and not taken back. A file that is still to come makes no offer.
async fn offered(
    sql: &mut AnyConnection,
    app_id: &str,
    names: &mut Names,
) -> Result<Releases, StoreError> {
    let rows: Vec<OfferedRow> = sqlx::query_as(OFFERED)
        .bind(app_id)
        .bind(i64::try_from(SELECTED_MAX).unwrap_or(i64::MAX))
        .fetch_all(sql)
        .await?;
    let mut files: HashMap<i64, Vec<ViewDownload>> = HashMap::new();
    let mut artifacts = Vec::new();
    for OfferedRow { artifact, download } in rows {
        let of_artifact = files.entry(artifact.artifact_id).or_default();
        if of_artifact.is_empty() {
            artifacts.push(artifact);
        }
        of_artifact.push(view_of(download)?);
    }
    let mut releases = Releases::new();
    for artifact in artifacts {
        let key = TrackKey {
            channel: names.of(&artifact.channel),
            platform: names.of(&artifact.platform),
            arch: names.of(&artifact.arch),
        };
        let parts = releases.entry(names.of(&artifact.version)).or_default();
        let track = parts.tracks.entry(key).or_default();
        let downloads = files.remove(&artifact.artifact_id).unwrap_or_default();
        track.push(patch(artifact, downloads)?);
    }
    Ok(releases)
}

async fn rolled_back(
    sql: &mut AnyConnection,
    app_id: &str,
    names: &mut Names,
    releases: &mut Releases,
) -> Result<(), StoreError> {
    let rows: Vec<RolledBackRow> = sqlx::query_as(
        "SELECT r.version, p.number, a.platform, a.arch, a.statement_sha256
         FROM patches p JOIN releases r ON r.id = p.release_id
         LEFT JOIN patch_artifacts a ON a.patch_id = p.id
         WHERE r.app_id = $1 AND p.published = 1 AND p.rolled_back_at_s IS NOT NULL
         ORDER BY p.number",
    )
    .bind(app_id)
    .fetch_all(sql)
    .await?;
    for row in rows {
        let parts = releases.entry(names.of(&row.version)).or_default();
        parts.rolled_back.push(row.number);
        let (Some(platform), Some(arch), Some(statement)) =
            (row.platform, row.arch, row.statement_sha256)
        else {
            continue;
        };
        parts.rolled_back_statements.push(RolledBackView {
            platform: names.of(&platform),
            arch: names.of(&arch),
            number: row.number,
            statement_sha256: digest(&statement)?,
        });
    }
    Ok(())
}

fn patch(row: OfferedArtifact, downloads: Vec<ViewDownload>) -> Result<ViewPatch, StoreError> {
    Ok(ViewPatch {
        number: row.number,
        hash: hash(&row.hash)?,
        downloads: downloads.into(),
        hash_signature: row.hash_signature.map(Into::into),
        notes: row.notes.map(Into::into),
        force_update: row.force_update,
        expires_at_s: row.expires_at_s,
        rollout_basis_points: row.rollout_basis_points,
        statement_sha256: row.statement_sha256.as_deref().map(digest).transpose()?,
    })
}

fn view_of(row: Download) -> Result<ViewDownload, StoreError> {
    Ok(ViewDownload {
        sha256: hash(&row.sha256)?,
        size_bytes: row.size_bytes,
        container: row.container,
        from_sha256: row.from_sha256.as_deref().map(hash).transpose()?,
    })
}

/// Of each track what [`Track::new`] keeps, and no more: what it leaves out is of use to nobody,
/// and may be very much.
const OFFERED: &str = "
    WITH placed AS
        (SELECT a.id, p.release_id, cp.channel_id, a.platform, a.arch, p.number,
             CASE WHEN p.expires_at_s IS NULL AND a.statement_sha256 IS NOT NULL
                 THEN 1 ELSE 0 END AS is_signed_for_ever,
             CASE WHEN p.expires_at_s IS NULL AND cp.rollout_basis_points = 10000
                 AND EXISTS (SELECT 1 FROM downloads e WHERE e.artifact_id = a.id
                             AND e.container = 'shorebird' AND e.from_sha256 IS NULL)
                 THEN 1 ELSE 0 END AS is_for_all
         FROM patches p JOIN releases r ON r.id = p.release_id
         JOIN channel_patches cp ON cp.patch_id = p.id
         JOIN patch_artifacts a ON a.patch_id = p.id
         WHERE r.app_id = $1 AND p.published = 1 AND p.rolled_back_at_s IS NULL),
    counted AS
        (SELECT id, COALESCE(SUM(is_for_all) OVER above, 0) AS for_all_above,
             COALESCE(SUM(is_signed_for_ever) OVER above, 0) AS signed_above
         FROM placed
         WINDOW above AS (PARTITION BY release_id, channel_id, platform, arch ORDER BY number DESC
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
    SELECT a.id AS artifact_id, r.version, c.name AS channel, a.platform, a.arch, p.number, a.hash,
        a.hash_signature, p.notes, p.force_update, p.expires_at_s, cp.rollout_basis_points,
        a.statement_sha256, d.sha256, d.size_bytes, d.container, d.from_sha256
    FROM counted k JOIN patch_artifacts a ON a.id = k.id
    JOIN patches p ON p.id = a.patch_id
    JOIN releases r ON r.id = p.release_id
    JOIN channel_patches cp ON cp.patch_id = p.id
    JOIN channels c ON c.id = cp.channel_id
    JOIN downloads d ON d.artifact_id = a.id
    WHERE k.for_all_above = 0 OR (a.statement_sha256 IS NOT NULL AND k.signed_above < $2)";
