//! What devices ask, and whoever looks after the server. Their handlers are elsewhere; here it is
//! said for people and tools that read the document.
#![expect(
    dead_code,
    reason = "functions and shapes stand for what is written of them"
)]

use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// The paths of devices and operations.
#[derive(OpenApi)]
#[openapi(
    paths(
        check,
        events,
        root,
        channel_statement,
        statement,
        download,
        lives,
        ready,
        metrics
    ),
    components(schemas(Check, CheckAnswer, Events))
)]
pub(super) struct Devices;

/// What a device asks. Fields that are not known are passed over.
#[derive(Serialize, ToSchema)]
struct Check {
    /// The app's id.
    #[schema(example = "com.example.app")]
    app_id: String,
    /// The channel.
    #[schema(example = "stable")]
    channel: String,
    /// The version of the release that runs.
    #[schema(example = "1.2.3+4")]
    release_version: String,
    /// The platform.
    #[schema(example = "android")]
    platform: String,
    /// The architecture.
    #[schema(example = "aarch64")]
    arch: String,
    /// Which installation asks; without it only patches for everyone are offered.
    client_id: Option<String>,
    /// Shorebird's: the patch that runs.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    current_patch_number: Option<u64>,
    /// Shorebird's, of old: the newest patch that was downloaded.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    patch_number: Option<u64>,
    /// Ours: SHA-256 of the library that runs, for a patch that is made from it.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    patchproof_runs_sha256: Option<String>,
}

/// What a device is told.
#[derive(Serialize, ToSchema)]
struct CheckAnswer {
    /// Whether there is a patch for it.
    patch_available: bool,
    /// That patch.
    #[schema(nullable = false, value_type = Option<Object>)]
    patch: Option<()>,
    /// Patches to go back from.
    rolled_back_patch_numbers: Vec<u64>,
}

/// What a device reports.
#[derive(Serialize, ToSchema)]
struct Events {
    /// What happened.
    #[schema(value_type = Object)]
    event: (),
}

/// Ask for a patch
#[utoipa::path(post, path = "/api/v1/patches/check", tag = "devices", security(()),
    operation_id = "check_for_patch", request_body = Check,
    responses((status = 200, description = "What there is", body = CheckAnswer)))]
fn check() {}

/// Report what became of a patch
#[utoipa::path(post, path = "/api/v1/patches/events", tag = "devices", security(()),
    operation_id = "report_event", request_body = Events,
    responses((status = 201, description = "It is kept")))]
fn events() {}

/// A root of trust
#[utoipa::path(get, path = "/patchproof/v1/apps/{app_id}/roots/{version}.json", tag = "devices",
    security(()), operation_id = "root_document",
    params(("app_id" = String, Path), ("version" = i64, Path)),
    responses((status = 200, description = "Its envelope", body = Object),
        (status = 304, description = "It is the known one")))]
fn root() {}

/// The newest channel statement of a release
#[utoipa::path(get,
    path = "/patchproof/v1/apps/{app_id}/releases/{release_sha256}/channels/{channel}.json",
    tag = "devices", security(()), operation_id = "channel_document",
    params(("app_id" = String, Path), ("release_sha256" = String, Path),
        ("channel" = String, Path)),
    responses((status = 200, description = "Its envelope", body = Object),
        (status = 304, description = "It is the known one")))]
fn channel_statement() {}

/// A patch statement
#[utoipa::path(get, path = "/patchproof/v1/statements/{sha256}.json", tag = "devices",
    security(()), operation_id = "statement_document", params(("sha256" = String, Path)),
    responses((status = 200, description = "Its envelope", body = Object),
        (status = 304, description = "It is the known one")))]
fn statement() {}

/// A patch file, or a part of it
#[utoipa::path(get, path = "/patchproof/v1/downloads/{sha256}", tag = "devices", security(()),
    operation_id = "download", params(("sha256" = String, Path)),
    responses(
        (status = 200, description = "All of it", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 206, description = "The part that `Range` asks for", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 304, description = "It is the known one"),
        (status = 416, description = "`Range` asks for what is not there")))]
fn download() {}

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "operations", security(()), operation_id = "healthz",
    responses((status = 200, description = "It does", body = Object)))]
fn lives() {}

/// Whether database and files answer
#[utoipa::path(get, path = "/readyz", tag = "operations", security(()), operation_id = "readyz",
    responses((status = 200, description = "They do", body = Object)))]
fn ready() {}

/// Counts and times, for Prometheus
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()), operation_id = "metrics",
    responses((status = 200, description = "They", body = String, content_type = "text/plain")))]
fn metrics() {}
