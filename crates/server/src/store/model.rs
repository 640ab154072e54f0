//! What the tables hold, as types: hashes as lower-case hex, times as seconds since 1970.

use std::collections::BTreeMap;

use sqlx::any::{AnyTypeInfo, AnyValueRef};
use sqlx::error::BoxDynError;
use sqlx::{Any, Decode, Type};

use super::row::row;

/// An app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct App {
    /// What devices call it.
    pub id: String,
    /// What people call it.
    pub display_name: String,
    /// Since when it is here.
    pub created_at_s: i64,
    /// When it was last changed itself, and not what it has.
    pub updated_at_s: i64,
    /// The version of the release that was made last.
    pub latest_release_version: Option<String>,
    /// The highest number of a patch of that release that devices may have seen.
    pub latest_patch_number: Option<i64>,
}

row!(
    App:
    id, display_name, created_at_s, updated_at_s, latest_release_version, latest_patch_number
);

/// A release, as it is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct NewRelease {
    /// Its version, such as `1.2.3+4`.
    pub version: String,
    /// The revision of Flutter that built it.
    pub flutter_revision: String,
    /// That revision, for people.
    pub flutter_version: Option<String>,
    /// What people call the release.
    pub display_name: Option<String>,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct Release {
    /// Its id.
    pub id: i64,
    /// Of which app.
    pub app_id: String,
    /// Its version, such as `1.2.3+4`; one of a kind in its app.
    pub version: String,
    /// The revision of Flutter that built it.
    pub flutter_revision: String,
    /// That revision, for people.
    pub flutter_version: Option<String>,
    /// What people call the release.
    pub display_name: Option<String>,
    /// What its developers say of it.
    pub notes: Option<String>,
    /// Since when it is here.
    pub created_at_s: i64,
    /// When it was last changed.
    pub updated_at_s: i64,
    /// How far it is, by platform.
    pub platform_statuses: BTreeMap<String, ReleaseStatus>,
}

row!(
    Release:
    id, app_id, version, flutter_revision, flutter_version, display_name, notes, created_at_s,
    updated_at_s, platform_statuses: _
);

/// How far a release is on a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the words of Shorebird's protocol")]
pub enum ReleaseStatus {
    /// Being uploaded.
    Draft,
    /// Takes patches.
    Active,
}

/// What to change of a release; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct ReleaseUpdate {
    /// How far it is, on which platform.
    pub platform_status: Option<(String, ReleaseStatus)>,
    /// What its developers say of it.
    pub notes: Option<String>,
}

/// A file of a release, as it is announced before its bytes come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct NewReleaseArtifact {
    /// What it is: an instruction set (`aarch64`) or a kind of file (`aab`).
    pub arch: String,
    /// For which platform.
    pub platform: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// How many.
    pub size_bytes: u64,
    /// What its publisher calls it.
    pub filename: String,
    /// Whether it can be installed as it is.
    pub can_sideload: bool,
    /// SHA-256 of the Podfile.lock that it was built with.
    pub podfile_lock_hash: Option<String>,
}

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct ReleaseArtifact {
    /// Its id.
    pub id: i64,
    /// Of which app.
    pub app_id: String,
    /// Of which release.
    pub release_id: i64,
    /// What it is: an instruction set (`aarch64`) or a kind of file (`aab`).
    pub arch: String,
    /// For which platform.
    pub platform: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// How many.
    pub size_bytes: u64,
    /// What its publisher calls it.
    pub filename: String,
    /// Whether it can be installed as it is.
    pub can_sideload: bool,
    /// SHA-256 of the Podfile.lock that it was built with.
    pub podfile_lock_hash: Option<String>,
    /// Whether its bytes are here.
    pub uploaded: bool,
}

row!(
    ReleaseArtifact:
    id, app_id, release_id, arch, platform, hash, size_bytes: i64, filename, can_sideload: Flag,
    podfile_lock_hash, uploaded: Flag
);

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct Channel {
    /// Its id.
    pub id: i64,
    /// Of which app.
    pub app_id: String,
    /// What devices call it: `stable`.
    pub name: String,
}

row!(Channel: id, app_id, name);

impl ReleaseStatus {
    /// The word of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
        }
    }
}

/// A word that is none of those that may stand there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of the words that may stand there")]
#[expect(clippy::exhaustive_structs, reason = "the word is all there is")]
pub struct UnknownWord(pub String);

/// Reads a word as the value that has it for its name.
macro_rules! words {
    ($words:ty: $($word:ident),+) => {
        impl TryFrom<String> for $words {
            type Error = $crate::store::UnknownWord;

            fn try_from(word: String) -> Result<Self, Self::Error> {
                let mut known = [$(Self::$word),+].into_iter();
                let found = known.find(|known| known.name() == word);
                found.ok_or($crate::store::UnknownWord(word))
            }
        }
    };
}
pub(super) use words;

words!(ReleaseStatus: Draft, Active);

/// 0 or 1: the two databases agree on no type of truth values.
#[derive(Clone, Copy)]
pub(crate) struct Flag(i64);

impl Type<Any> for Flag {
    fn type_info() -> AnyTypeInfo {
        <i64 as Type<Any>>::type_info()
    }

    fn compatible(info: &AnyTypeInfo) -> bool {
        <i64 as Type<Any>>::compatible(info)
    }
}

impl<'r> Decode<'r, Any> for Flag {
    fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<Any>>::decode(value).map(Self)
    }
}

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0 != 0
    }
}
