//! What a release is made of: APK, split APKs, AAB, AAR, app folders, bare libraries.
//!
//! Every byte is hostile. An archive is taken only where it has one reading: whatever two zip
//! readers could see differently is refused, by name. Memory is bounded, and does not grow with the
//! size of an archive: parts are read by position, through a small buffer.
//!
//! - [`Release::open`] takes a path apart, [`Release::from_bytes`] a file in memory.
//! - [`Part`] is one file of the app, with its [`Role`] and, where its path says so, its [`Abi`].
//! - [`AppIdentity`] is what the manifests say of the app.
//!
//! This room knows nothing of Dart: a `libapp.so` is a name to it.

mod abi;
mod apks;
mod axml;
mod builds;
mod choose;
mod error;
mod fault;
mod fault_files;
mod fields;
mod folder;
mod identity;
mod layout;
mod manifest;
mod merge;
mod open;
mod part;
mod proto_xml;
mod release;
mod role;
mod role_desktop;
mod role_mobile;
mod stream;
mod text_xml;
mod window;
mod zip;

pub use abi::Abi;
pub use error::{OpenError, PartError};
pub use fault::{DataFault, ZipFault};
pub use fault_files::{FolderFault, NameFault};
pub use identity::AppIdentity;
pub use layout::Shape;
pub use part::{PART_BYTES_MAX, Part};
pub use release::Release;
pub use role::Role;
