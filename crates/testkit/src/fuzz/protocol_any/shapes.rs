//! Every shape that travels as JSON, and one example of each.

use patchproof_protocol::developer::{
    AppMetadata, Apps, ChangedNumbers, Channel, CreatedApp, CreatedPatch, CreatedPatchArtifact,
    CreatedRelease, CreatedReleaseArtifact, CreatedToken, ErrorBody, NewApp, NewChannel, NewPatch,
    NewPatchArtifact, NewRelease, NewReleaseArtifact, NewToken, NewUser, NextNumber,
    OrganizationUsers, Organizations, PatchState, Patches, Promote, PublicUser, Publish, Release,
    ReleaseArtifacts, ReleasePatch, ReleaseState, Releases, Rollout, RootDocument, Roots, Status,
    Tokens, UpdatePatch, UpdateRelease, User,
};
use patchproof_protocol::{Arch, CheckRequest, EventBody, EventKind, Platform};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

/// In how many shapes the bytes can be read; each is written and read again as the same.
pub(super) fn round_trips(bytes: &[u8]) -> usize {
    macro_rules! read {
        ($($shape:ty),* $(,)?) => { 0 $(+ usize::from(round_trip::<$shape>(bytes)))* };
    }
    // What is no JSON at all is none of them.
    if serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
        return 0;
    }
    let talk = read!(CheckRequest, EventBody);
    let apps = read!(
        AppMetadata,
        Apps,
        CreatedApp,
        NewApp,
        NewUser,
        OrganizationUsers,
        Organizations,
        PublicUser,
        User,
        Channel,
        NewChannel,
        ErrorBody,
    );
    let artifacts = read!(
        CreatedPatchArtifact,
        CreatedReleaseArtifact,
        NewPatchArtifact,
        NewReleaseArtifact,
        ReleaseArtifacts,
    );
    let patches = read!(
        ChangedNumbers,
        CreatedPatch,
        NewPatch,
        PatchState,
        Patches,
        Promote,
        Publish,
        ReleasePatch,
        Rollout,
        UpdatePatch,
    );
    let releases = read!(
        CreatedRelease,
        NewRelease,
        NextNumber,
        Release,
        ReleaseState,
        Releases,
        RootDocument,
        Roots,
        Status,
        UpdateRelease,
    );
    talk + apps + artifacts + patches + releases + read!(CreatedToken, NewToken, Tokens)
}

fn round_trip<T: DeserializeOwned + Serialize + PartialEq>(bytes: &[u8]) -> bool {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else {
        return false;
    };
    let shape = std::any::type_name::<T>();
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    let again = serde_json::from_slice::<T>(&written);
    let again = again.unwrap_or_else(|error| unreachable!("{shape}, written: {error}"));
    assert!(
        again == read,
        "a {shape}, written and read again, is another"
    );
    let twice = serde_json::to_vec(&again).expect("what was read can be written");
    assert_eq!(written, twice, "a {shape} is written in two ways");
    true
}

/// A question of a device.
pub(super) fn question() -> CheckRequest {
    let (platform, arch) = (Platform::Android, Arch::Aarch64);
    CheckRequest::new("app", "stable", "1.0.0+1", platform, arch, "me")
}

/// Texts of the protocol: an answer first, then one of each shape that has more than a number.
pub(super) fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let text = "it failed: \u{e9}\n\"why\"";
    let event = EventBody::new(&question(), EventKind::InstallFailed, 3, 17, Some(text));
    let hash = "07".repeat(32);
    let made = [
        ("question", question().to_json()),
        ("event", event.to_json()),
    ];
    let written = EXAMPLES.iter().map(|(name, text)| {
        let text = text
            .replace("HASH", &hash)
            .replace("TIME", "2026-01-02T03:04:05Z");
        (*name, text.into_bytes())
    });
    written.chain(made).collect()
}

const EXAMPLES: &[(&str, &str)] = &[
    (
        "answer",
        concat!(
            r#"{"patch_available":true,"patch":{"number":4,"hash":"HASH","download_url":"#,
            r#""https://a.example/p","hash_signature":"c2ln","notes":"new","force_update":true,"#,
            r#""patchproof":{"from_sha256":"HASH","size_bytes":9}},"#,
            r#""rolled_back_patch_numbers":[1,2]}"#,
        ),
    ),
    (
        "nothing",
        r#"{"patch_available":false,"patch":null,"rolled_back_patch_numbers":null}"#,
    ),
    (
        "signed",
        r#"{"patch_available":false,"patchproof":{"channel_statement":"{}"}}"#,
    ),
    (
        "asked",
        concat!(
            r#"{"app_id":"a","channel":"c","release_version":"1","platform":"ios","arch":"arm","#,
            r#""current_patch_number":2,"patchproof_runs_sha256":"HASH","#,
            r#""patchproof":{"release_sha256":"HASH","nonce":"HASH","root_version":3}}"#,
        ),
    ),
    (
        "apps",
        concat!(
            r#"{"apps":[{"app_id":"a","display_name":"A","latest_release_version":"1","#,
            r#""latest_patch_number":2,"created_at":"TIME","updated_at":"TIME"}]}"#,
        ),
    ),
    (
        "new_app",
        r#"{"display_name":"A","organization_id":1,"app_id":"a"}"#,
    ),
    (
        "organizations",
        concat!(
            r#"{"organizations":[{"organization":{"id":1,"name":"o","organization_type":"team","#,
            r#""created_at":"TIME","updated_at":"TIME"},"role":"admin"}]}"#,
        ),
    ),
    (
        "users",
        r#"{"users":[{"user":{"id":1,"email":"a@a.example","display_name":"A"},"role":"viewer"}]}"#,
    ),
    (
        "user",
        r#"{"id":1,"email":"a@a.example","has_active_subscription":true,"jwt_issuer":"i"}"#,
    ),
    (
        "release_artifacts",
        concat!(
            r#"{"artifacts":[{"id":1,"release_id":2,"arch":"aarch64","platform":"android","#,
            r#""hash":"HASH","size":3,"url":"https://a.example/","podfile_lock_hash":"x","#,
            r#""can_sideload":false}]}"#,
        ),
    ),
    (
        "new_artifact",
        concat!(
            r#"{"arch":"aarch64","platform":"android","hash":"HASH","size":3,"#,
            r#""filename":"libapp.so","can_sideload":true,"hash_signature":"c2ln"}"#,
        ),
    ),
    (
        "created_artifact",
        concat!(
            r#"{"id":1,"release_id":2,"patch_id":3,"arch":"x86_64","platform":"linux","#,
            r#""hash":"HASH","#,
            r#""size":3,"url":"https://a.example/","upload_method":"PUT"}"#,
        ),
    ),
    (
        "patches",
        concat!(
            r#"{"patches":[{"id":1,"number":2,"channel":"stable","artifacts":[{"id":1,"#,
            r#""patch_id":1,"#,
            r#""arch":"arm","platform":"android","hash":"HASH","size":3,"created_at":"TIME"}],"#,
            r#""is_rolled_back":true,"notes":"n"}]}"#,
        ),
    ),
    (
        "new_patch",
        r#"{"release_id":1,"metadata":{"a":[1,2.5,null,{"b":"c"}]}}"#,
    ),
    (
        "promote",
        r#"{"patch_id":1,"channel_id":2,"rollout_basis_points":2500}"#,
    ),
    (
        "update_patch",
        r#"{"notes":"n","force_update":false,"expires_at":1700000000}"#,
    ),
    (
        "publish",
        concat!(
            r#"{"release_id":1,"channel":"stable","number":1,"rollout_basis_points":2500,"#,
            r#""notes":"n","force_update":true,"expires_at":1700000000,"artifacts":[{"platform":"#,
            r#""android","arch":"aarch64","hash":"HASH","size_bytes":9,"statement":"{}","#,
            r#""hash_signature":"c2ln","downloads":[{"sha256":"HASH","size_bytes":3,"container":"#,
            r#""shorebird","from_sha256":"HASH"}]}]}"#,
        ),
    ),
    (
        "releases",
        concat!(
            r#"{"releases":[{"id":1,"app_id":"a","version":"1","flutter_revision":"r","#,
            r#""flutter_version":"3.0","display_name":"d","platform_statuses":{"#,
            r#""android":"active","#,
            r#""ios":"draft"},"notes":"n","created_at":"TIME","updated_at":"TIME"}]}"#,
        ),
    ),
    (
        "new_release",
        r#"{"version":"1","flutter_revision":"r","flutter_version":"3.0","display_name":"d"}"#,
    ),
    (
        "update_release",
        r#"{"status":"active","platform":"ios","metadata":{"a":1e400},"notes":"n"}"#,
    ),
    ("roots", r#"{"roots":[{"version":1,"envelope":"{}"}]}"#),
    (
        "status",
        concat!(
            r#"{"app_id":"a","root_version":1,"releases":[{"id":1,"version":"1","#,
            r#""platform_statuses":{},"#,
            r#""patches":[{"id":1,"number":2,"published":true,"channel":"c","#,
            r#""rollout_basis_points":1,"#,
            r#""rolled_back_at":3,"expires_at":4,"force_update":true,"created_at":5,"artifacts":["#,
            r#"{"platform":"p","arch":"a","hash":"HASH","size_bytes":1,"statement_sha256":"HASH","#,
            r#""downloads":[]}],"events":{"__patch_install__":3}}]}]}"#,
        ),
    ),
    (
        "new_token",
        r#"{"name":"ci","scope":"publisher","app_id":"a"}"#,
    ),
    (
        "created_token",
        r#"{"id":1,"name":"ci","scope":"admin","token":"secret"}"#,
    ),
    (
        "tokens",
        r#"{"tokens":[{"id":1,"name":"ci","scope":"read","created_at":1,"revoked_at":2}]}"#,
    ),
    (
        "error",
        r#"{"code":"not_found","message":"m","details":"d"}"#,
    ),
];
