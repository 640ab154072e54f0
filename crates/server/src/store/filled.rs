//! Patches read with all that they have, by three queries however many they are.

use std::collections::BTreeMap;

use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::{Download, Patch, PatchArtifact, StoreError};

/// Whether the app has this patch.
pub(super) async fn touches(
    sql: &mut AnyConnection,
    app_id: &str,
    id: i64,
) -> Result<i64, StoreError> {
    let release: Option<(i64,)> = sqlx::query_as(
        "SELECT p.release_id FROM patches p JOIN releases r ON r.id = p.release_id
         WHERE p.id = $1 AND r.app_id = $2",
    )
    .bind(id)
    .bind(app_id)
    .fetch_optional(sql)
    .await?;
    release
        .map(|(release_id,)| release_id)
        .ok_or_else(|| StoreError::not_found("patch", id))
}

/// A patch's file, with its downloads.
pub(super) async fn artifact_in(
    sql: &mut AnyConnection,
    id: i64,
) -> Result<PatchArtifact, StoreError> {
    let artifact: Option<PatchArtifact> = sqlx::query_as(artifacts!("a.id = $1"))
        .bind(id)
        .fetch_optional(&mut *sql)
        .await?;
    let mut artifact = artifact.ok_or_else(|| StoreError::not_found("patch artifact", id))?;
    artifact.downloads = sqlx::query_as(
        "SELECT sha256, size_bytes, container, from_sha256 FROM downloads
         WHERE artifact_id = $1 ORDER BY sha256",
    )
    .bind(id)
    .fetch_all(sql)
    .await?;
    Ok(artifact)
}

/// A patch with all that it has.
pub(super) async fn one(
    sql: &mut AnyConnection,
    app_id: &str,
    id: i64,
) -> Result<Patch, StoreError> {
    let release_id = touches(sql, app_id, id).await?;
    let found = filled(sql, release_id, Some(id)).await?.pop();
    found.ok_or_else(|| StoreError::not_found("patch", id))
}

/// The patches of a release, or one of them, with all that they have: three queries.
pub(super) async fn filled(
    sql: &mut AnyConnection,
    release_id: i64,
    id: Option<i64>,
) -> Result<Vec<Patch>, StoreError> {
    // No id is 0.
    let id = id.unwrap_or(0);
    let downloads: Vec<Of<Download>> = sqlx::query_as(
        "SELECT d.artifact_id AS of_id, d.sha256, d.size_bytes, d.container, d.from_sha256
         FROM downloads d JOIN patch_artifacts a ON a.id = d.artifact_id
         JOIN patches p ON p.id = a.patch_id
         WHERE p.release_id = $1 AND ($2 = 0 OR p.id = $2) ORDER BY d.sha256",
    )
    .bind(release_id)
    .bind(id)
    .fetch_all(&mut *sql)
    .await?;
    let mut downloads = grouped(downloads);
    let artifacts: Vec<PatchArtifact> = sqlx::query_as(artifacts!(
        "p.release_id = $1 AND ($2 = 0 OR p.id = $2) ORDER BY a.platform, a.arch"
    ))
    .bind(release_id)
    .bind(id)
    .fetch_all(&mut *sql)
    .await?;
    let artifacts = artifacts.into_iter().map(|mut artifact| {
        artifact.downloads = downloads.remove(&artifact.id).unwrap_or_default();
        let of_id = artifact.patch_id;
        Of {
            of_id,
            row: artifact,
        }
    });
    let mut artifacts = grouped(artifacts.collect());
    let mut patches: Vec<Patch> = sqlx::query_as(
        "SELECT p.id, p.release_id, r.version AS release_version, p.number, p.notes,
             p.force_update, p.expires_at_s, p.rolled_back_at_s, p.published, p.created_at_s,
             c.name AS channel, COALESCE(cp.rollout_basis_points, 0) AS rollout_basis_points
         FROM patches p JOIN releases r ON r.id = p.release_id
         LEFT JOIN channel_patches cp ON cp.patch_id = p.id
         LEFT JOIN channels c ON c.id = cp.channel_id
         WHERE p.release_id = $1 AND ($2 = 0 OR p.id = $2) ORDER BY p.number DESC",
    )
    .bind(release_id)
    .bind(id)
    .fetch_all(sql)
    .await?;
    for patch in &mut patches {
        patch.artifacts = artifacts.remove(&patch.id).unwrap_or_default();
    }
    Ok(patches)
}

/// A row, and the id of what it belongs to.
struct Of<T> {
    of_id: i64,
    row: T,
}

impl<'r, T: FromRow<'r, AnyRow>> FromRow<'r, AnyRow> for Of<T> {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            of_id: row.try_get("of_id")?,
            row: T::from_row(row)?,
        })
    }
}

fn grouped<T>(rows: Vec<Of<T>>) -> BTreeMap<i64, Vec<T>> {
    let mut groups: BTreeMap<i64, Vec<T>> = BTreeMap::new();
    for Of { of_id, row } in rows {
        groups.entry(of_id).or_default().push(row);
    }
    groups
}

macro_rules! artifacts {
    ($which:literal) => {
        concat!(
            "SELECT a.id, r.app_id, p.release_id, a.patch_id, p.number, a.platform, a.arch, a.hash,
                a.size_bytes, a.hash_signature, a.statement_sha256, a.created_at_s
             FROM patch_artifacts a JOIN patches p ON p.id = a.patch_id
             JOIN releases r ON r.id = p.release_id WHERE ",
            $which
        )
    };
}
use artifacts;
