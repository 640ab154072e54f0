//! The developer's side of the server's API: release, patch, promote, roll out and back.
//!
//! - [`Client`] asks a server; what it answers is bounded and held against what was asked for.
//! - [`release()`] brings a build to the server, and goes on where an interrupted run left it.
//! - [`patch()`] makes patches from the release and from what devices run, takes them through the
//!   chain of `verify-release`, signs, uploads, and publishes all of it in one request. What does
//!   not hold is never uploaded.
//! - [`patch_statement`] writes what is signed.

mod attempts;
mod base;
mod builds;
mod client;
mod earlier;
mod error;
mod http;
mod making;
mod operations;
mod packing;
mod patch;
mod published;
mod publishing;
mod release;
mod roots;
mod server_url;
mod signing;
mod statement;
mod token;
mod verifying;
mod version;
mod watch;

pub use client::Client;
pub use error::{ClientError, PublishError, Refused};
pub use operations::{Which, kill_switch, promote, roll_back, roll_out};
pub use patch::{Patched, ToPatch, Words, patch};
pub use published::{Published, PublishedArtifact, PublishedDownload};
pub use release::{Released, ReleasedArtifact, ToRelease, release};
pub use server_url::ServerUrl;
pub use statement::{
    Described, OnePatch, StatementError, holds_all, patch_statement, signed_snapshot,
};
pub use token::{Token, TokenError};
pub use watch::{Step, Watch};
