//! A database full of patches, written by SQL: a million publications over HTTP would take a day,
//! and a check reads nothing but this.

use std::path::Path;

use patchproof_server::settings::Settings;
use sqlx::{AnyConnection, Connection as _};

use super::error::ServerBenchError;
use super::word::{ARCH, CHANNEL, PLATFORM, VERSION, app};

/// Fills the database of a server whose data folder this is.
pub(super) fn database(data: &Path, apps: u32, patches: u32) -> Result<(), ServerBenchError> {
    let runtime = super::load::runtime()?;
    runtime.block_on(async {
        let failed = |error: &dyn std::fmt::Display| ServerBenchError::Fill(error.to_string());
        // The server makes its own tables.
        let server = patchproof_server::start(Settings::local(data.to_owned())).await;
        let server = server.map_err(|error| failed(&error))?;
        server.stop().await;
        let file = data.join(DATABASE);
        let url = format!("sqlite:{}", file.display());
        let mut database = AnyConnection::connect(&url)
            .await
            .map_err(|error| failed(&error))?;
        for sql in statements(apps, patches) {
            // The numbers in it are our own.
            let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
            sql.execute(&mut database)
                .await
                .map_err(|error| failed(&error))?;
        }
        database.close().await.map_err(|error| failed(&error))
    })
}

/// Each patch is out for everybody; each hundredth is rolled back, but the last.
fn statements(apps: u32, patches: u32) -> Vec<String> {
    let prefix = app(0).trim_end_matches('0').to_owned();
    let numbers = |to: u32| {
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) ")
    };
    let (of_apps, of_patches) = (numbers(apps), numbers(patches));
    // 64 hex digits that no two patches share.
    let hash = |what: &str| format!("printf('%064x', id * 4 + {what})");
    vec![
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN".to_owned(),
        format!("{of_apps} INSERT INTO apps SELECT '{prefix}' || (i - 1), 'An app', 1, 1 FROM n"),
        "INSERT INTO changes SELECT id, 1 FROM apps".to_owned(),
        format!(
            "INSERT INTO releases (app_id, version, flutter_revision, created_at_s, updated_at_s) \
             SELECT id, '{VERSION}', 'r', 1, 1 FROM apps"
        ),
        format!("INSERT INTO release_platforms SELECT id, '{PLATFORM}', 'active' FROM releases"),
        format!(
            "INSERT INTO release_artifacts (release_id, arch, platform, hash, size_bytes, \
             filename, can_sideload, uploaded) SELECT id, '{ARCH}', '{PLATFORM}', {}, 1, \
             'libapp.so', 0, 1 FROM releases",
            hash("1")
        ),
        format!("INSERT INTO channels (app_id, name) SELECT id, '{CHANNEL}' FROM apps"),
        format!(
            "{of_patches} INSERT INTO patches (release_id, number, published, created_at_s, \
             rolled_back_at_s) SELECT id, i, 1, 1, \
             CASE WHEN i % 100 = 0 AND i <> {patches} THEN 2 END FROM releases, n"
        ),
        format!(
            "INSERT INTO patch_artifacts (patch_id, platform, arch, hash, size_bytes, \
             created_at_s) SELECT id, '{PLATFORM}', '{ARCH}', {}, 5000000, 1 FROM patches",
            hash("2")
        ),
        format!(
            "INSERT INTO downloads SELECT id, {}, 50000, 'shorebird', NULL FROM patch_artifacts",
            hash("3")
        ),
        "INSERT INTO channel_patches SELECT patches.id, channels.id, 10000, 1 FROM patches \
         JOIN releases ON releases.id = release_id JOIN channels USING (app_id)"
            .to_owned(),
        "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)".to_owned(),
    ]
}

const DATABASE: &str = "patchproof.db";
