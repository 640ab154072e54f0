//! Documents where phones look for them, as they are: whoever signed them.

use patchproof_protocol::{channel_path, download_path, root_path, statement_path};
use patchproof_trust::Digest;

use super::{SignedPatch, release};
use crate::phone::{Library, Server};

/// A signed patch, and what its statement names.
pub fn publish(server: &Server, patch: &SignedPatch, library: &Library) {
    put_statement(server, &patch.name, &patch.envelope);
    put_download(server, library);
}

/// These bytes under the name of a patch statement.
pub fn put_statement(server: &Server, name: &Digest, envelope: &[u8]) {
    server.put(&statement_path(&name.to_string()), envelope);
}

/// The patch that gives a library, under its own hash.
pub fn put_download(server: &Server, library: &Library) {
    let sha256 = Digest::of(&library.patch).to_string();
    server.put(&download_path(&sha256), &library.patch);
}

/// The patch that gives a library over another one, under its own hash.
pub fn put_delta(server: &Server, from: &Library, library: &Library) {
    let delta = library.delta_from(from);
    let sha256 = Digest::of(&delta).to_string();
    server.put(&download_path(&sha256), &delta);
}

/// These bytes as what the channel `stable` says for release 0.
pub fn put_channel(server: &Server, envelope: &[u8]) {
    let release = release(0).sha256().to_string();
    server.put(&channel_path("app", &release, "stable"), envelope);
}

/// These bytes as the root of that version.
pub fn put_root(server: &Server, version: u64, envelope: &[u8]) {
    server.put(&root_path("app", version), envelope);
}
