//! Second opinions: the facts of a library by other means, and where two opinions disagree.
//!
//! ```
//! use patchproof_snapshot::Snapshot;
//! use patchproof_testkit::{made, oracles};
//!
//! let bytes = made::example().release;
//! let second = oracles::second_reading(&bytes).unwrap();
//! let disagreements = oracles::disagreements(&Snapshot::read(&bytes).unwrap(), &second);
//! assert!(disagreements.is_empty());
//! ```

mod disagreements;
mod elf_loader;
mod elf_mapping;
mod second_elf;
mod second_macho;
mod second_reading;
mod second_zip;
mod tables;

pub use disagreements::disagreements;
pub use second_reading::{BuildId, Header, Place, SecondReading, View, second_reading};
pub use second_zip::{second_zip, second_zip_files, zip_disagreement};
pub use tables::tables;
