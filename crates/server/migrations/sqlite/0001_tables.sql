-- What the server knows. Hashes are lower-case hex, times are seconds since 1970, flags are 0 or 1.
-- The other database has the same tables: change both.

CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    created_at_s BIGINT NOT NULL,
    updated_at_s BIGINT NOT NULL
);

-- How often each app changed in a way that devices see. A deleted app keeps its row: whoever holds
-- a view of it learns that it went.
CREATE TABLE changes (
    app_id TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE releases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    flutter_revision TEXT NOT NULL,
    flutter_version TEXT,
    display_name TEXT,
    notes TEXT,
    created_at_s BIGINT NOT NULL,
    updated_at_s BIGINT NOT NULL,
    UNIQUE (app_id, version)
);

CREATE TABLE release_platforms (
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active')),
    PRIMARY KEY (release_id, platform)
);

CREATE TABLE release_artifacts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    arch TEXT NOT NULL,
    platform TEXT NOT NULL,
    hash TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    filename TEXT NOT NULL,
    can_sideload BIGINT NOT NULL,
    podfile_lock_hash TEXT,
    uploaded BIGINT NOT NULL DEFAULT 0,
    UNIQUE (release_id, arch, platform)
);

CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    UNIQUE (app_id, name)
);

-- A draft (published = 0) was never shown to a device, so its number may be given again.
-- killed: taken back by the kill switch, and given back by it.
CREATE TABLE patches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number >= 1),
    notes TEXT,
    force_update BIGINT NOT NULL DEFAULT 0,
    expires_at_s BIGINT,
    rolled_back_at_s BIGINT,
    killed BIGINT NOT NULL DEFAULT 0,
    published BIGINT NOT NULL DEFAULT 0,
    created_at_s BIGINT NOT NULL,
    UNIQUE (release_id, number)
);

-- hash and size_bytes are those of what the patch inflates to; size_bytes is 0 where nobody said.
CREATE TABLE patch_artifacts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    patch_id BIGINT NOT NULL REFERENCES patches (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    arch TEXT NOT NULL,
    hash TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    hash_signature TEXT,
    statement_sha256 TEXT,
    created_at_s BIGINT NOT NULL,
    UNIQUE (patch_id, platform, arch)
);

-- from_sha256 is of what the file is applied to; null: of the release's library.
CREATE TABLE downloads (
    artifact_id BIGINT NOT NULL REFERENCES patch_artifacts (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    container TEXT NOT NULL CHECK (container IN ('shorebird', 'patchproof')),
    from_sha256 TEXT,
    PRIMARY KEY (artifact_id, sha256)
) WITHOUT ROWID;
CREATE INDEX downloads_by_sha256 ON downloads (sha256);

CREATE TABLE statements (
    sha256 TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    envelope TEXT NOT NULL
);
CREATE INDEX statements_by_app ON statements (app_id);

CREATE TABLE roots (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    version BIGINT NOT NULL CHECK (version >= 1),
    envelope TEXT NOT NULL,
    PRIMARY KEY (app_id, version)
);

-- A patch sits on one channel at a time: promoting it moves it.
CREATE TABLE channel_patches (
    patch_id INTEGER PRIMARY KEY REFERENCES patches (id) ON DELETE CASCADE,
    channel_id BIGINT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    rollout_basis_points BIGINT NOT NULL CHECK (rollout_basis_points BETWEEN 0 AND 10000),
    promoted_at_s BIGINT NOT NULL
);
CREATE INDEX channel_patches_by_channel ON channel_patches (channel_id);

-- The newest channel statement of each release and channel.
CREATE TABLE choices (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    release_sha256 TEXT NOT NULL,
    channel TEXT NOT NULL,
    counter BIGINT NOT NULL CHECK (counter >= 1),
    choice_sha256 TEXT NOT NULL,
    envelope TEXT NOT NULL,
    issued_s BIGINT NOT NULL,
    expires_s BIGINT NOT NULL,
    PRIMARY KEY (app_id, release_sha256, channel)
);

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('admin', 'publisher', 'read')),
    app_id TEXT REFERENCES apps (id) ON DELETE CASCADE,
    created_at_s BIGINT NOT NULL,
    revoked_at_s BIGINT
);

CREATE TABLE uploads (
    token_sha256 TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('release_artifact', 'patch_artifact')),
    target_id BIGINT NOT NULL,
    sha256 TEXT,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    expires_at_s BIGINT NOT NULL
);

-- What devices report. Kept when an app goes: it is what happened.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id TEXT NOT NULL,
    release_version TEXT NOT NULL,
    platform TEXT NOT NULL,
    arch TEXT NOT NULL,
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    patch_number BIGINT NOT NULL,
    timestamp_s BIGINT NOT NULL,
    message TEXT,
    received_at_s BIGINT NOT NULL
);
CREATE INDEX events_counted ON events (app_id, release_version, patch_number, kind);
