//! Small snapshots, engines, apps and archives built here, right and wrong in every field.
//!
//! A test takes a right one, spoils the one field it is about and builds the file:
//!
//! ```
//! use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
//!
//! let mut made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
//! made.isolate.kind = 7;
//! let file: Vec<u8> = made.build();
//! # assert!(file.starts_with(b"\x7fELF"));
//! ```
//!
//! Same fields, same bytes, on every machine. The files are written byte by byte, not through a
//! library, so that a reader under test never meets its own writer. A right ELF64 x64 snapshot is
//! loaded by the system's loader, and a real Dart runtime judges its version and features.

mod app;
mod app_android;
mod app_files;
mod app_folders;
#[cfg(test)]
mod app_tests;
mod axml;
mod axml_strings;
mod blob;
mod bytes;
mod dex;
mod elf;
mod elf_headers;
mod elf_tables;
mod engine;
mod example;
mod image;
#[cfg(test)]
mod loader_tests;
mod macho;
mod macho_commands;
mod number;
mod parts;
mod payload;
mod plist;
mod proto_xml;
mod shifted;
mod snapshot;
#[cfg(test)]
mod spoiled_tests;
mod target;
#[cfg(test)]
mod tests;
mod xml;
mod zeros;
mod zip;
mod zip_entry;
mod zip_headers;
#[cfg(test)]
mod zip_tests;

pub use app::{Files, MadeApp, MadeLibraries};
pub use app_folders::write_files;
pub use axml::MadeAxml;
pub use axml_strings::Strings;
pub use blob::Blob;
pub use dex::dex;
pub use engine::MadeEngine;
pub use example::{Example, example};
pub use number::number;
pub use plist::MadeInfo;
pub use proto_xml::MadeProtoXml;
pub use shifted::Shifted;
pub use snapshot::MadeSnapshot;
pub use target::{
    Container, Embedder, Layout, Machine, NATURAL, Os, default_os, features_for, version_for,
};
pub use xml::{Attribute, Element, Value};
pub use zeros::zeros;
pub use zip::{EndLies, MadeZip, Places, Zip64EndLies};
pub use zip_entry::{Content, Descriptor, MadeEntry, Padding};
pub use zip_headers::HeaderLies;
