//! What developers' tools and a server say to each other: Shorebird's developer API in its own
//! shapes, and what is ours beside it.
//!
//! Texts called `*_at` are RFC 3339 in Shorebird's shapes; numbers called `*_at` are seconds since
//! 1970 in ours. Fields that are not there are left out, never `null`. Fields that are not known
//! are passed over.
#![expect(
    clippy::exhaustive_structs,
    reason = "both sides fill them in, and the format of each is fixed"
)]

mod apps;
mod artifacts;
mod channels;
mod errors;
mod patches;
mod publish;
mod releases;
mod roots;
mod status;
mod tokens;

pub use apps::{
    AppMetadata, Apps, CreatedApp, NewApp, NewUser, Organization, OrganizationMembership,
    OrganizationUser, OrganizationUsers, Organizations, PublicUser, User,
};
pub use artifacts::{
    CreatedPatchArtifact, CreatedReleaseArtifact, NewPatchArtifact, NewReleaseArtifact,
    ReleaseArtifact, ReleaseArtifacts,
};
pub use channels::{Channel, NewChannel};
pub use errors::ErrorBody;
pub use patches::{
    ChangedNumbers, CreatedPatch, NewPatch, PatchArtifact, Patches, Promote, ReleasePatch, Rollout,
    UpdatePatch,
};
pub use publish::{Container, Publish, PublishArtifact, PublishDownload};
pub use releases::{
    CreatedRelease, NewRelease, NextNumber, Release, ReleaseStatus, Releases, UpdateRelease,
};
pub use roots::{RootDocument, Roots};
pub use status::{ArtifactState, PatchState, ReleaseState, Status};
pub use tokens::{CreatedToken, NewToken, Scope, Token, Tokens};

/// The largest number in a field: what JSON readers keep exactly, and statements may say.
pub const NUMBER_MAX: u64 = 9_007_199_254_740_991;
/// A rollout to every device, in basis points.
pub const ROLLOUT_ALL: u16 = 10_000;

pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_shorebirds_tools_leave_out_has_its_meaning() {
        let promote: Promote = serde_json::from_value(json!({"patch_id": 1, "channel_id": 2}))
            .expect("all that Shorebird's tools send");
        assert_eq!(promote.rollout_basis_points, ROLLOUT_ALL);
        let patch: NewPatch = serde_json::from_value(json!({"release_id": 1})).expect("a patch");
        assert!(patch.metadata.is_empty());
    }

    #[test]
    fn what_is_not_there_is_left_out_and_never_null() {
        let patch = ReleasePatch {
            id: 1,
            number: 2,
            channel: None,
            artifacts: Vec::new(),
            is_rolled_back: false,
            notes: None,
        };
        let written = serde_json::to_value(patch).expect("written");
        let expected = json!({"id": 1, "number": 2, "artifacts": [], "is_rolled_back": false});
        assert_eq!(written, expected);
    }

    #[test]
    fn an_answer_with_fields_of_a_later_version_is_read() {
        let channel = json!({"id": 1, "app_id": "a", "name": "stable", "more": {}});
        let channel: Channel = serde_json::from_value(channel).expect("read");
        assert_eq!(channel.name, "stable");
    }

    #[test]
    fn a_secret_is_not_in_what_is_shown_of_its_token() {
        let token = CreatedToken {
            id: 1,
            name: "ci".to_owned(),
            scope: Scope::Read,
            app_id: None,
            token: "ppt_secret".to_owned(),
        };
        assert!(!format!("{token:?}").contains("secret"));
    }

    #[test]
    fn a_wider_scope_is_a_greater_one() {
        assert!(Scope::Read < Scope::Publisher && Scope::Publisher < Scope::Admin);
    }
}
