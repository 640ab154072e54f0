//! The disk as two small traits, and what is built on them to outlive a power cut.
//!
//! - [`Storage`] has names: it opens, renames, removes, lists, syncs folders and locks. [`File`] has
//!   bytes: read at a position, append, sync, length. Nothing else touches a disk on a device.
//! - Paths are [`StoragePath`]: relative, short, of a small alphabet. One that leaves the folder, or
//!   that two file systems read differently, cannot be written down.

mod error;
mod path;
mod traits;

pub use error::{Fault, Operation, StorageError};
pub use path::{PathError, StoragePath};
pub use traits::{Access, Entry, EntryKind, File, Hold, Stamp, Storage};
