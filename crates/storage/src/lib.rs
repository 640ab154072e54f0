//! The disk as two small traits, and what is built on them to outlive a power cut.
//!
//! - [`Storage`] has names: it opens, renames, removes, lists, syncs folders and locks. [`File`]
//!   has bytes: read at a position, append, sync, length. Nothing else touches a disk on a device.
//! - Paths are [`StoragePath`]: relative, short, of a small alphabet. One that leaves the folder,
//!   or that two file systems read differently, cannot be written down.
//! - [`DiskStorage`] is the real disk. All else here is the same code on any disk.
//! - [`Slots`] keep one document in two places, so that one whole version of it is always there.
//! - [`generation`]s are folders of files with a [`Manifest`], staged apart and moved whole.

mod disk;
mod error;
pub mod generation;
mod manifest;
mod path;
mod slot;
mod slots;
mod traits;
mod whole;

#[cfg(test)]
mod memory;

pub use disk::{ConfigureError, DiskFile, DiskLock, DiskStorage};
pub use error::{Fault, Operation, StorageError};
pub use manifest::{Manifest, ManifestError, ManifestFile};
pub use path::{PathError, StoragePath};
pub use slot::SlotDamage;
pub use slots::{CommitError, Copies, Loaded, SlotFinding, Slots};
pub use traits::{Access, Entry, EntryKind, File, Hold, Stamp, Storage};
pub use whole::{Whole, read_whole, write_whole};
