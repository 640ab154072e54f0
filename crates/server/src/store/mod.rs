//! What the server knows, in SQLite or PostgreSQL: one body of SQL over both.
//!
//! Each function is one transaction. Writes about an app wait for each other (`writing`), so that
//! numbers are given once and in order, and nothing is ever half there.

mod apps;
mod artifacts;
mod bundled;
mod channels;
mod choices;
mod connect;
mod error;
mod events;
mod filled;
mod held;
mod model;
mod notify;
mod patch_model;
mod patches;
mod publish;
mod releases;
mod roots;
mod row;
mod tokens;
mod uploads;
mod view;
mod view_documents;
mod writing;

pub use choices::Choice;
pub use connect::{DatabaseUrl, Store};
pub use error::StoreError;
pub use events::{EventCount, EventRow};
pub use model::{
    App, Channel, NewRelease, NewReleaseArtifact, Release, ReleaseArtifact, ReleaseStatus,
    ReleaseUpdate, UnknownWord,
};
pub use notify::Notifications;
pub use patch_model::{Container, Download, NewPatchArtifact, Patch, PatchArtifact, PatchUpdate};
pub use publish::{Publish, PublishArtifact, Statement};
pub use tokens::{NewToken, Scope, Token};
pub use uploads::{Upload, UploadKind};

pub(crate) use model::Flag;
pub(crate) use writing::Writing;

#[cfg(test)]
mod tests;
