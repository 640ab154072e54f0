//! Shared helpers of the tests that cross rooms.

pub mod bench;
pub mod folder_server;
pub mod halting;
pub mod headers;
pub mod lying_server;
pub mod patches;
pub mod shifted;
pub mod shorebird_key;
pub mod trials;
