//! The releases that devices have before there is any patch: by the libraries that developers
//! uploaded with them. A device that believes signed words alone is told in such that there is
//! none.

use std::collections::HashMap;

use patchproof_protocol::{Arch, Platform};
use patchproof_trust::{Digest, Release, Word};
use serde::Deserialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as UnknownName, StrDeserializer};
use sqlx::AnyConnection;

use super::StoreError;
use super::row::row;
use crate::view::SignedRelease;

struct Row {
    version: String,
    platform: String,
    arch: String,
    hash: String,
}

row!(Row: version, platform, arch, hash);

/// The releases of an app that signs, by the names under which documents are filed.
pub(super) async fn bundled(
    sql: &mut AnyConnection,
    app_id: &str,
) -> Result<HashMap<Digest, SignedRelease>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT r.version, a.platform, a.arch, a.hash
         FROM release_artifacts a JOIN releases r ON r.id = a.release_id
         WHERE r.app_id = $1 AND a.uploaded = 1
             AND EXISTS (SELECT 1 FROM roots t WHERE t.app_id = r.app_id)",
    )
    .bind(app_id)
    .fetch_all(sql)
    .await?;
    let releases = rows.iter().filter_map(release);
    let named = releases.map(|signed| (signed.release.sha256(), signed));
    Ok(named.collect())
}

/// None where it is no library, or a statement could not say it: then no device of ours can ask for
/// it.
fn release(row: &Row) -> Option<SignedRelease> {
    let (platform, arch): (Platform, Arch) = (known(&row.platform)?, known(&row.arch)?);
    let mut base = [0; 32];
    hex::decode_to_slice(&row.hash, &mut base).ok()?;
    Some(SignedRelease {
        release: Release {
            abi: Word::new(arch.abi(platform)).ok()?,
            base_sha256: Digest::of_bytes(base),
            platform: Word::new(platform.name()).ok()?,
            version: Word::new(row.version.as_str()).ok()?,
        },
        version: row.version.as_str().into(),
        platform: row.platform.as_str().into(),
        arch: row.arch.as_str().into(),
    })
}

/// A name of the protocol.
fn known<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    let name: StrDeserializer<'de, UnknownName> = name.into_deserializer();
    T::deserialize(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_called_as_devices_call_it() {
        let row = |platform: &str, arch: &str| Row {
            version: "1.0+1".to_owned(),
            platform: platform.to_owned(),
            arch: arch.to_owned(),
            hash: "09".repeat(32),
        };
        let android = release(&row("android", "aarch64")).unwrap().release;
        assert_eq!(android, crate::signing::testing::release());
        assert_eq!(
            release(&row("linux", "aarch64"))
                .unwrap()
                .release
                .abi
                .as_str(),
            "aarch64"
        );
        assert_eq!(release(&row("fuchsia", "aarch64")), None);
        assert_eq!(release(&row("android", "aab")), None);
    }
}
