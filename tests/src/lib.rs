//! Shared helpers of the tests that cross rooms.

pub mod bench;
pub mod headers;
pub mod patches;
pub mod trials;
