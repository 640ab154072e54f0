//! The compat face: the functions that Shorebird's engine and its Dart package call, by their names
//! and with their structs. One updater for the process, made by `shorebird_init`.
//!
//! A patch whose path was handed out is this process's: launch, success, failure and the current
//! number speak of it, whatever is installed meanwhile. Where ours differs on purpose,
//! `docs/embedding.md` has it in a table.

pub mod boot;
mod files;
pub mod init;
mod paths;
mod process;
pub mod types;
pub mod update;
