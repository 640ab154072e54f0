//! What a Dart AOT snapshot is, and what the engine beside it takes; compares two.
//!
//! Every byte is hostile: nothing here panics, loops without bound, or allocates more than a small
//! multiple of its input, whatever the file says of itself. Files are read whole by the caller;
//! this room knows bytes, not paths.
//!
//! - [`Snapshot::read`] takes a library apart: container, symbols, the data blobs' headers.
//! - [`Engine::read`] tells what a runtime or Flutter engine accepts, as far as its bytes show it.
//! - [`compare`] says whether one snapshot may replace another; [`predict`] what an engine does.
//! - [`explain`] says where two that should be the same differ, and why, as far as that shows.
//!
//! The facts behind it (layouts, header, what the VM answers) are in `docs/snapshot.md`.

mod blob;
mod compare;
mod container;
mod difference;
mod elf;
mod engine;
mod equivalence;
mod error;
mod facts;
mod image;
mod macho;
mod marks;
mod notes;
mod paths;
mod predict;
mod same_but_build_id;
mod snapshot;
mod version_literal;
mod words;

pub use blob::{BlobHeader, DataBlob};
pub use compare::{Named, compare};
pub use container::{Arch, Container, Layout, Os};
pub use difference::{Explanation, Library, explain};
pub use engine::{Embedder, Engine};
pub use equivalence::Equivalence;
pub use error::{HeaderFault, ReadError};
pub use facts::{EngineFacts, SnapshotFacts, SymbolFacts};
pub use image::Symbol;
pub use predict::{Prediction, predict};
pub use same_but_build_id::only_the_build_id_differs;
pub use snapshot::Snapshot;
