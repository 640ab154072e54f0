//! Which scope each endpoint of the developer's side needs.

/// Scopes in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Read,
    Publisher,
    Admin,
}

use Scope::{Admin, Publisher, Read};

/// Every endpoint of the developer's side: who may, the method, and the document's path. What is
/// asked there makes no sense: what counts is whether the token is the reason.
pub(crate) const TABLE: [(Scope, &str, &str); 38] = [
    (Read, "GET", "/api/v1/users/me"),
    (Read, "POST", "/api/v1/users"),
    (Read, "GET", "/api/v1/organizations"),
    (Read, "GET", "/api/v1/organizations/{organization}/apps"),
    (Read, "GET", "/api/v1/organizations/{organization}/users"),
    (Read, "GET", "/api/v1/apps"),
    (Admin, "POST", "/api/v1/apps"),
    (Admin, "DELETE", "/api/v1/apps/{app}"),
    (Read, "GET", "/api/v1/apps/{app}/channels"),
    (Publisher, "POST", "/api/v1/apps/{app}/channels"),
    (Read, "GET", "/api/v1/apps/{app}/releases"),
    (Publisher, "POST", "/api/v1/apps/{app}/releases"),
    (Publisher, "PATCH", "/api/v1/apps/{app}/releases/{release}"),
    (
        Read,
        "GET",
        "/api/v1/apps/{app}/releases/{release}/artifacts",
    ),
    (
        Publisher,
        "POST",
        "/api/v1/apps/{app}/releases/{release}/artifacts",
    ),
    (Read, "GET", "/api/v1/apps/{app}/releases/{release}/patches"),
    (
        Publisher,
        "PATCH",
        "/api/v1/apps/{app}/releases/{release}/patches/{patch}",
    ),
    (
        Publisher,
        "POST",
        "/api/v1/apps/{app}/releases/{release}/patches/{patch}/rollback",
    ),
    (
        Publisher,
        "DELETE",
        "/api/v1/apps/{app}/releases/{release}/patches/{patch}/rollback",
    ),
    (
        Read,
        "GET",
        "/api/v1/apps/{app}/releases/{release}/next-number",
    ),
    (
        Publisher,
        "POST",
        "/api/v1/apps/{app}/releases/{release}/kill-switch",
    ),
    (
        Publisher,
        "DELETE",
        "/api/v1/apps/{app}/releases/{release}/kill-switch",
    ),
    (Publisher, "POST", "/api/v1/apps/{app}/patches"),
    (Publisher, "POST", "/api/v1/apps/{app}/patches/promote"),
    (
        Publisher,
        "POST",
        "/api/v1/apps/{app}/patches/{patch}/artifacts",
    ),
    (
        Publisher,
        "POST",
        "/api/v1/apps/{app}/patches/{patch}/rollback",
    ),
    (
        Publisher,
        "DELETE",
        "/api/v1/apps/{app}/patches/{patch}/rollback",
    ),
    (
        Publisher,
        "PUT",
        "/api/v1/apps/{app}/patches/{patch}/rollout",
    ),
    (Publisher, "PUT", "/api/v1/apps/{app}/blobs/{sha256}"),
    (Read, "GET", "/api/v1/apps/{app}/blobs/{sha256}"),
    (Publisher, "POST", "/api/v1/apps/{app}/publish"),
    (Read, "GET", "/api/v1/apps/{app}/roots"),
    (Publisher, "PUT", "/api/v1/apps/{app}/roots/{version}"),
    (Publisher, "PUT", "/api/v1/apps/{app}/channel-statements"),
    (Read, "GET", "/api/v1/apps/{app}/status"),
    (Admin, "POST", "/api/v1/tokens"),
    (Admin, "GET", "/api/v1/tokens"),
    (Admin, "DELETE", "/api/v1/tokens/{token}"),
];
