//! What was published, for people and programs.

use patchproof_protocol::developer::Container;
use serde::Serialize;

/// A patch that is on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Published {
    /// The app's id.
    pub app: String,
    /// The release that it is for.
    pub release: String,
    /// Its platform.
    pub platform: &'static str,
    /// Its number within the release.
    pub number: u64,
    /// Its id on the server.
    pub patch_id: i64,
    /// The channel that it sits on.
    pub channel: String,
    /// To how many of 10,000 devices of the channel.
    pub rollout_basis_points: u16,
    /// One for each machine.
    pub artifacts: Vec<PublishedArtifact>,
    /// How the chain came out, once for each container: its name and the summary.
    pub verified: Vec<String>,
}

/// A patch for one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PublishedArtifact {
    /// As reports call it.
    pub abi: &'static str,
    /// As devices call it.
    pub arch: &'static str,
    /// Of what the patch gives, in hex.
    pub sha256: String,
    /// Of what the patch gives, in bytes.
    pub size_bytes: u64,
    /// What its statement is called, in hex; none where nothing is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement_sha256: Option<String>,
    /// The ways to get it.
    pub downloads: Vec<PublishedDownload>,
}

/// A patch file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PublishedDownload {
    /// Of the file, in hex.
    pub sha256: String,
    /// Of the file, in bytes.
    pub size_bytes: u64,
    /// How it is packed.
    pub container: Container,
    /// The number of the patch that it is made from; none for the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_number: Option<u64>,
}
