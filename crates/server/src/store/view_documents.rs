//! The signed documents of an app, as devices see them.

use std::collections::HashMap;

use patchproof_trust::{Digest, PatchStatement, Unverified};
use sqlx::AnyConnection;

use super::choices::choices;
use super::row::row;
use super::view::Names;
use super::{Choice, StoreError};
use crate::view::{ChoiceView, SignedRelease};

struct SignedRow {
    version: String,
    platform: String,
    arch: String,
    envelope: String,
}

row!(SignedRow: version, platform, arch, envelope);

/// The release of each track that has statements, out of one of them: they all say the same.
pub(super) async fn of_statements(
    sql: &mut AnyConnection,
    app_id: &str,
    names: &mut Names,
) -> Result<HashMap<Digest, SignedRelease>, StoreError> {
    let rows: Vec<SignedRow> = sqlx::query_as(
        "SELECT r.version, x.platform, x.arch, s.envelope FROM
             (SELECT p.release_id, a.platform, a.arch, MAX(a.statement_sha256) AS sha256
              FROM patch_artifacts a JOIN patches p ON p.id = a.patch_id
              JOIN releases q ON q.id = p.release_id
              WHERE q.app_id = $1 AND p.published = 1 AND a.statement_sha256 IS NOT NULL
              GROUP BY p.release_id, a.platform, a.arch) x
         JOIN statements s ON s.sha256 = x.sha256 JOIN releases r ON r.id = x.release_id",
    )
    .bind(app_id)
    .fetch_all(sql)
    .await?;
    let mut releases = HashMap::new();
    for row in rows {
        let read = Unverified::<PatchStatement>::read(row.envelope.as_bytes());
        let read = read.map_err(|error| StoreError::damaged("statement", error))?;
        let release = read.statement().release.clone();
        let signed = SignedRelease {
            version: names.of(&row.version),
            platform: names.of(&row.platform),
            arch: names.of(&row.arch),
            release,
        };
        releases.insert(signed.release.sha256(), signed);
    }
    Ok(releases)
}

pub(super) async fn choices_of(
    sql: &mut AnyConnection,
    app_id: &str,
) -> Result<HashMap<(Digest, Box<str>), ChoiceView>, StoreError> {
    let rows: Vec<Choice> = sqlx::query_as(choices!("app_id = $1"))
        .bind(app_id)
        .fetch_all(sql)
        .await?;
    let mut choices = HashMap::new();
    for row in rows {
        let key = (digest(&row.release_sha256)?, row.channel.into());
        let choice = ChoiceView {
            counter: row.counter,
            choice_sha256: digest(&row.choice_sha256)?,
            envelope: row.envelope.into(),
            issued_s: row.issued_s,
            expires_s: row.expires_s,
        };
        choices.insert(key, choice);
    }
    Ok(choices)
}

pub(super) fn digest(text: &str) -> Result<Digest, StoreError> {
    hash(text).map(Digest::of_bytes)
}

pub(super) fn hash(text: &str) -> Result<[u8; 32], StoreError> {
    let mut bytes = [0; 32];
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(StoreError::damaged("hash", error)),
    }
}
