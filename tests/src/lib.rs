//! Shared helpers of the tests that cross rooms.

pub mod bench;
pub mod c_library;
pub mod folder_server;
pub mod foreign;
pub mod halting;
pub mod headers;
pub mod lying_server;
pub mod offering;
pub mod patches;
pub mod servers;
pub mod shorebird_key;
pub mod trials;
